package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// picture writes all that a directory says.
func picture(d *Directory) string {
	var out []string
	for id, s := range d.servers {
		out = append(out, fmt.Sprint(id, s.Instance.PeerID, s.Since, s.Left, s.LeftWhy, s.Stale, s.Visits, s.Methods, s.Streams, len(s.offers), d.peers[s.Instance.PeerID] == s))
	}
	for id, m := range d.methods {
		line := fmt.Sprint(id, m.Drift, m.Twins, m.GoneAt)
		for _, list := range [][]Offer{m.Offers, m.Last} {
			for _, o := range list {
				line += fmt.Sprint(" ", o.Server.ID, o.Since, o.Until)
				if known := d.servers[o.Server.ID]; known != nil && known != o.Server {
					line += " of another directory"
				}
			}
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// TestPastIsAsItWas lets anything happen, and compares what the past shows with
// what was at that moment.
func TestPastIsAsItWas(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 3))
		w := newWorld(t)
		here := map[int]bus.Instance{}
		offers := map[int][]bus.MethodDefinition{}
		was := map[int]string{}
		for range 400 {
			w.pass(time.Duration(r.IntN(1500)) * time.Millisecond)
			was[w.feed.journal.end()] = picture(w.bus())
			n := r.IntN(12)
			who, in := here[n]
			switch {
			case r.IntN(8) == 0:
				w.host(hostOf(fmt.Sprint("h", n%2), []string{"refund", "restart", "page/a"}[:r.IntN(4)]...), []string{"", "it was shut down"}[r.IntN(2)])
			case !in:
				here[n] = app(fmt.Sprint("app", n), r.IntN(1<<20))
				w.hear(bus.ServerAdded{At: w.now, Server: here[n]})
			case r.IntN(6) == 0:
				if len(offers[n]) > 0 {
					w.hear(bus.MethodsRemoved{At: w.now, Peer: who.PeerID, Methods: offers[n]})
					was[w.feed.journal.end()] = picture(w.bus())
				}
				w.hear(bus.ServerRemoved{At: w.now, Server: who})
				delete(here, n)
				delete(offers, n)
			case len(offers[n]) > 0 && r.IntN(3) == 0:
				w.hear(bus.MethodsRemoved{At: w.now, Peer: who.PeerID, Methods: offers[n][:1]})
				offers[n] = offers[n][1:]
			default:
				one := def(fmt.Sprint("m", r.IntN(8)), []string{"", "int a", "string b"}[r.IntN(3)], "")
				if !slices.ContainsFunc(offers[n], func(d bus.MethodDefinition) bool { return d.ID == one.ID }) {
					offers[n] = append(offers[n], one)
					w.hear(bus.MethodsAdded{At: w.now, Peer: who.PeerID, Methods: []bus.MethodDefinition{one}})
				}
			}
		}
		now := picture(&w.Dir)
		w.Go(Feed)
		for number, want := range was {
			if !w.feed.journal.reaches(number) || number%5 != 0 {
				continue
			}
			w.goTo(number, w.now)
			if got := picture(&w.Dir); got != want {
				t.Fatalf("seed %d, change %d\n got %s\nwant %s", seed, number, got, want)
			}
		}
		w.hear(bus.ServerAdded{At: w.now, Server: app("late", 1)})
		w.GoNow()
		if w.Dir.ByPeer("late-1") == nil {
			t.Fatal("what was heard while the past was shown is lost")
		}
		for _, line := range strings.Split(now, "\n") {
			if !strings.Contains(picture(&w.Dir), line) {
				t.Fatalf("now is not as it was, without %s", line)
			}
		}
	}
}

// TestJournalIsBounded lets more happen than is kept.
func TestJournalIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range 3 * changesKept {
		w.now = w.now.Add(time.Second)
		if n%2 == 0 {
			w.hear(bus.ServerAdded{At: w.now, Server: app("flapper", n)})
		} else {
			w.hear(bus.ServerRemoved{At: w.now, Server: app("flapper", n-1)})
		}
	}
	j := &w.feed.journal
	if len(j.changes) > changesKept || len(w.feed.entries) > changesKept || len(j.shots) > changesKept/shotLeast+2 {
		t.Errorf("%d changes, %d entries, %d shots are kept", len(j.changes), len(w.feed.entries), len(j.shots))
	}
	w.Go(Feed)
	w.MoveCursor(-far)
	w.Enter()
	if at, past := w.Past(); !past || !at.Equal(w.feed.entries[0].At) {
		t.Errorf("shows %v, want the first that is kept, %v", at, w.feed.entries[0].At)
	}
}

func (w *world) told() []string {
	var out []string
	for _, e := range w.feed.entries {
		out = append(out, strings.TrimSpace(fmt.Sprint(e.Name, " ", e.What, " ", strings.Join(e.Offers, " "), " ", e.Note)))
	}
	return out
}

func TestFeedTellsWhatHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := def("Addition", "string a", "")
	a, b := app("a", 1), app("b", 1)
	w.hear(bus.ServerAdded{At: w.now, Server: a}, bus.MethodsAdded{At: w.now, Peer: a.PeerID, Methods: []bus.MethodDefinition{sum}})
	w.pass(10 * time.Second)
	w.hear(bus.ServerAdded{At: w.now, Server: b})
	w.pass(2 * time.Second)
	w.hear(bus.MethodsAdded{At: w.now, Peer: b.PeerID, Methods: []bus.MethodDefinition{other}})
	w.pass(2 * time.Second)
	w.hear(bus.MethodsAdded{At: w.now, Peer: b.PeerID, Methods: []bus.MethodDefinition{streamDef("Ticks")}})
	w.pass(2 * time.Second)
	w.hear(bus.MethodsRemoved{At: w.now, Peer: b.PeerID, Methods: []bus.MethodDefinition{streamDef("Ticks")}})
	w.pass(2 * time.Second)
	w.hear(bus.MethodsRemoved{At: w.now, Peer: a.PeerID, Methods: []bus.MethodDefinition{sum}}, bus.ServerRemoved{At: w.now, Server: a})
	want := []string{
		"you connected", "a joined Addition", "b joined", "b method added Addition",
		"Addition second signature  string a, beside int a, int b",
		"b stream added Ticks", "b stream removed Ticks", "a left Addition goodbye after 18.0 s",
	}
	if got := w.told(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}

	// A reconnect tells of itself, of who did not come back and of what is new,
	// and not of all that is as it was.
	before := len(w.told())
	w.hear(bus.ConnChanged{State: bus.Lost, At: w.now})
	w.hear(bus.ServerRemoved{At: w.now, Server: b, Reset: true})
	w.pass(4 * time.Second)
	w.hear(bus.ServerAdded{At: w.now, Server: b}, bus.MethodsAdded{At: w.now, Peer: b.PeerID, Methods: []bus.MethodDefinition{other}})
	w.hear(bus.ConnChanged{State: bus.Live, At: w.now})
	if got := w.told()[before:]; !slices.Equal(got, []string{"you connection lost  what is shown is as it was", "you connection back  after 4.0 s"}) {
		t.Errorf("after a reconnect: %q", got)
	}
	before = len(w.told())
	w.pass(5 * time.Second)
	w.hear(bus.ConnChanged{State: bus.Lost, At: w.now}, bus.ServerRemoved{At: w.now, Server: b, Reset: true})
	w.pass(time.Second)
	w.hear(bus.ConnChanged{State: bus.Live, At: w.now})
	if got := w.told()[before:]; len(got) != 3 || !strings.HasPrefix(got[2], "b left") || !strings.Contains(got[2], "while the connection was lost") {
		t.Errorf("who did not come back: %q", got)
	}
}

// TestFeedTellsWhatChangedWhileWeWereAway loses the connection; when it is back, a server
// offers one method less and another one more.
func TestFeedTellsWhatChangedWhileWeWereAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk, shop := app("Desk", 1), app("Shop", 1)
	w.join(desk, sum, def("Old", "", ""), streamDef("Ticks"))
	w.join(shop, sum)
	w.pass(time.Minute)
	w.lose(desk, shop)
	w.pass(time.Minute)
	desk.PeerID, shop.PeerID = "desk-again", "shop-again"
	w.hear(bus.ServerAdded{At: w.now, Server: desk}, bus.ServerAdded{At: w.now, Server: shop})
	w.connect()
	before := len(w.feed.Entries())
	w.hear(bus.MethodsAdded{At: w.now, Peer: desk.PeerID, Methods: []bus.MethodDefinition{sum, def("New", "", "")}})
	w.hear(bus.MethodsAdded{At: w.now, Peer: shop.PeerID, Methods: []bus.MethodDefinition{sum}})
	w.pass(time.Second / 2)
	if n := len(w.feed.Entries()); n != before {
		t.Errorf("%d entries while methods may still come", n-before)
	}
	w.pass(time.Second)
	w.pass(time.Second)
	var got []string
	for _, e := range w.feed.Entries()[before:] {
		got = append(got, e.Words())
	}
	want := []string{"Desk 2 removed Old Ticks while the connection was lost", "Desk method added New while the connection was lost"}
	if !slices.Equal(got, want) {
		t.Errorf("the feed tells\n%q\nwant\n%q", got, want)
	}
}

// TestPastBeginsWithTheWholeBus: what was there when we came was there as a whole,
// whichever of it is looked at.
func TestPastBeginsWithTheWholeBus(t *testing.T) {
	t.Parallel()
	w := &world{t: t, now: noon, State: New(Options{Name: "test bus", URL: "ws://here"}, noon)}
	w.connect()
	w.join(app("a", 1), sum)
	w.now = w.now.Add(20 * time.Millisecond)
	w.join(app("b", 1), streamDef("Ticks"))
	w.pass(5 * time.Second)
	w.join(app("late", 1), def("Late", "", ""))
	w.pass(time.Second)
	w.Go(Feed)
	whole := func(when string) {
		t.Helper()
		if s, m := len(w.Dir.Servers()), len(w.Dir.Methods()); s != 2 || m != 2 {
			t.Errorf("%s: %d servers and %d methods", when, s, m)
		}
	}
	f := w.feed
	for _, e := range f.entries {
		if e.Kind == FeedHere {
			f.GoToEntry(w.State, e)
			whole(e.Name)
		}
	}
	f.GoTo(w.State, noon.Add(-time.Hour))
	whole("long ago")
	f.GoTo(w.State, noon.Add(10*time.Second))
	if n := len(w.Dir.Servers()); n != 3 {
		t.Errorf("in the end %d servers", n)
	}
}
