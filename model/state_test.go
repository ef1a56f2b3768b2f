package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// world is a State with a clock that is moved by hand and a bus that the test
// plays.
type world struct {
	*State
	t   testing.TB
	now time.Time
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, now: noon, State: New(Options{Name: "test bus", URL: "ws://here"}, noon)}
	w.connect()
	w.pass(2 * time.Second)
	return w
}

func (w *world) pass(d time.Duration) {
	w.now = w.now.Add(d)
	w.Tick(w.now)
}

func (w *world) apply(in ...Input) []Effect { return w.Apply(in, w.now) }

func (w *world) hear(events ...bus.Event) {
	for _, e := range events {
		w.apply(Heard{e})
	}
}

// app is an application. The visit tells its processes apart.
func app(name string, visit int) bus.Instance {
	return bus.Instance{
		PeerID: bus.PeerID(fmt.Sprintf("%s-%d", name, visit)), Application: name,
		User: "dev", Machine: "ws-17", PID: int64(100 + visit), Local: true,
	}
}

func def(name, accepts, returns string) bus.MethodDefinition {
	return bus.MethodDefinition{ID: bus.MethodID(`"` + name + accepts + `"`), Name: name, Accepts: accepts, Returns: returns}
}

func streamDef(name string) bus.MethodDefinition {
	d := def(name, "", "int n")
	d.ID, d.Streaming = bus.MethodID(`"stream `+name+`"`), true
	return d
}

var sum = def("Addition", "int a, int b", "int sum")

func (w *world) join(i bus.Instance, defs ...bus.MethodDefinition) {
	w.hear(bus.ServerAdded{At: w.now, Server: i}, bus.MethodsAdded{At: w.now, Peer: i.PeerID, Methods: defs})
}

// leave is what the client tells when an application goes: its methods first.
func (w *world) leave(i bus.Instance, defs ...bus.MethodDefinition) {
	w.hear(bus.MethodsRemoved{At: w.now, Peer: i.PeerID, Methods: defs}, bus.ServerRemoved{At: w.now, Server: i})
}

func (w *world) connect() {
	w.hear(bus.ConnChanged{State: bus.Live, At: w.now, URL: "ws://here", Self: app("me", 1)})
}

// lose ends our connection: the client takes everything back.
func (w *world) lose(who ...bus.Instance) {
	w.hear(bus.ConnChanged{State: bus.Lost, At: w.now, URL: "ws://here", Attempt: 1, RetryAt: w.now.Add(time.Second)})
	for _, i := range who {
		w.hear(bus.MethodsRemoved{At: w.now, Peer: i.PeerID, Reset: true}, bus.ServerRemoved{At: w.now, Server: i, Reset: true})
	}
}

func (w *world) method(d bus.MethodDefinition) *Method {
	w.t.Helper()
	m := w.Dir.Method(MethodRow(d))
	if m == nil {
		w.t.Fatalf("no %s", d.Name)
	}
	return m
}

// names are the rows of a list as a person reads them: † for what is gone, ≠
// for drift.
func (w *world) names(p Pane) string {
	var out []string
	for _, id := range w.Lists[p].Rows() {
		name := ""
		switch p {
		case Servers:
			s := w.Dir.Server(id)
			if name = s.Instance.Name(); s.Gone() {
				name = "†" + name
			}
			if s.Stale {
				name = "?" + name
			}
		case Methods, Streams:
			m := w.Dir.Method(id)
			if name = m.Def.Name; m.Gone() {
				name = "†" + name
			}
			if m.Drift {
				name += "≠"
			}
		default:
			name = string(id)
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func (w *world) want(p Pane, want string) {
	w.t.Helper()
	if got := w.names(p); got != want {
		w.t.Errorf("%v: %s, want %s", p, got, want)
	}
}

// open opens a form and fills it.
func (w *world) open(d bus.MethodDefinition, args string) *Thing {
	w.t.Helper()
	t := w.OpenForm(w.method(d), bus.Target{})
	t.Form.Fill(json.RawMessage(args))
	return t
}

// ask opens a form, fills it and sends it.
func (w *world) ask(d bus.MethodDefinition, args string) *Thing {
	w.t.Helper()
	t := w.open(d, args)
	if len(w.Send(t)) == 0 {
		w.t.Fatalf("%s was not sent: %v", d.Name, t.Wrong)
	}
	return t
}

// reply is one server's answer: a value, or an error that starts with "!".
type reply struct {
	from  bus.Instance
	value string
}

// answer lets servers answer, and ends the call.
func (w *world) answer(t *Thing, replies ...reply) {
	var order []bus.Instance
	for _, r := range replies {
		order = append(order, r.from)
	}
	w.apply(Sent{t.ID, t.Gen, order})
	for _, r := range replies {
		ret := bus.Return{Server: r.from, At: w.now, Took: 3 * time.Millisecond}
		if reason, bad := strings.CutPrefix(r.value, "!"); bad {
			ret.Err = &bus.Error{Reason: reason}
		} else {
			ret.Value = json.RawMessage(r.value)
		}
		w.apply(Returned{t.ID, t.Gen, ret})
	}
	w.apply(Finished{t.ID, t.Gen, nil})
}

func TestListsFollowTheBus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("zeta", 1), sum, streamDef("Ticks"))
	w.join(app("Alpha", 1), sum, def("Beta", "", ""))
	w.want(Servers, "Alpha zeta")
	w.want(Methods, "Addition Beta")
	w.want(Streams, "Ticks")
	if got := w.method(sum); len(got.Offers) != 2 || got.Offers[0].Server.Instance.Name() != "zeta" {
		t.Errorf("offers %+v, want zeta's first", got.Offers)
	}
	w.leave(app("Alpha", 1), sum, def("Beta", "", ""))
	w.want(Servers, "†Alpha zeta")
	w.want(Methods, "Addition †Beta")
	servers, methods, streams := w.Dir.Counts()
	if servers != 1 || methods != 1 || streams != 1 {
		t.Errorf("%d servers, %d methods, %d streams", servers, methods, streams)
	}
}

func TestSorting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), def("A", "", ""))
	w.pass(time.Second)
	w.join(app("b", 1), def("B", "", ""))
	w.pass(time.Second)
	w.join(app("c", 1), def("C", "", ""))
	w.Dir.ByPeer("b-1").Traffic.Add(50, w.now.Add(-time.Second))
	w.answer(w.ask(def("C", "", ""), `{}`), reply{app("c", 1), `{}`})
	w.Go(Servers)
	for _, c := range []struct {
		sort            SortBy
		servers, method string
	}{{ByName, "a b c", "A B C"}, {ByTraffic, "b a c", "C A B"}, {BySince, "c b a", "C B A"}, {ByName, "a b c", "A B C"}} {
		if w.Lists[Servers].Sort != c.sort {
			t.Fatalf("sorted by %v, want %v", w.Lists[Servers].Sort, c.sort)
		}
		w.want(Servers, c.servers)
		w.want(Methods, c.method)
		w.CycleSort(Servers)
		w.CycleSort(Methods)
	}
	w.Lists[Servers].Sort = ByName
	w.Reverse(Servers)
	w.want(Servers, "c b a")
}

func TestConnectionStates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	since := w.Conn.LiveSince
	w.pass(10 * time.Second)
	w.lose()
	if c := w.Conn; c.State != bus.Lost || !c.LostAt.Equal(w.now) || !c.LiveSince.Equal(since) || !c.Ever {
		t.Errorf("lost: %+v", c)
	}
	lost := w.now
	w.pass(3 * time.Second)
	w.hear(bus.ConnChanged{State: bus.Connecting, At: w.now, Attempt: 2})
	w.pass(time.Second)
	w.hear(bus.ConnChanged{State: bus.Lost, At: w.now, Attempt: 2})
	if !w.Conn.LostAt.Equal(lost) {
		t.Errorf("lost at %v, want when it was live last, %v", w.Conn.LostAt, lost)
	}
	w.pass(100 * time.Millisecond)
	w.hear(bus.ConnChanged{State: bus.Live, At: w.now, Self: app("me", 2), Registrations: 3, Subscriptions: 1})
	if want := "live again after 4.1 s: 3 registrations, 1 subscription restored"; w.Notice.Text != want {
		t.Errorf("said %q, want %q", w.Notice.Text, want)
	}
}

func TestNoticesPass(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Say("hello")
	if w.now.Before(w.Notice.Until.Add(-noticeTime)) || !w.now.Before(w.Notice.Until) {
		t.Errorf("said until %v at %v", w.Notice.Until, w.now)
	}
}

// TestMovedBeginsAnew goes to another bus: the history stays, all else goes, and
// no id comes back.
func TestMovedBeginsAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	first := w.ask(sum, `{"a":1,"b":2}`)
	w.answer(first, reply{app("a", 1), `{"sum":3}`})
	w.apply(Moved{Options{Name: "other", URL: "ws://there"}})
	if len(w.Things) != 0 || w.names(Servers) != "" || w.names(Methods) != "" || w.Conn.URL != "ws://there" || w.Conn.Ever {
		t.Errorf("left over: %d things, %q, %q, %+v", len(w.Things), w.names(Servers), w.names(Methods), w.Conn)
	}
	if len(w.History) != 1 {
		t.Errorf("%d calls in the history", len(w.History))
	}
	w.apply(Returned{first.ID, first.Gen, bus.Return{}}, Finished{first.ID, first.Gen, nil})
	w.connect()
	w.join(app("a", 1), sum)
	if second := w.OpenForm(w.method(sum), bus.Target{}); second.ID == first.ID {
		t.Error("an id came back")
	}
}

func TestRowsAreMadeAnewOnlyWhenNeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	before := w.Lists[Methods].Rows()
	w.pass(time.Minute)
	if after := w.Lists[Methods].Rows(); &after[0] != &before[0] {
		t.Error("rows were made anew though nothing changed")
	}
	w.join(app("b", 1), def("B", "", ""))
	if slices.Equal(before, w.Lists[Methods].Rows()) {
		t.Error("rows stayed though the bus changed")
	}
}
