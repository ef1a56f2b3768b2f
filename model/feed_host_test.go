package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

func hostOf(process string, slugs ...string) Host {
	h := Host{ID: process, Name: "back-office", SDK: "@interval/sdk 2.0.0", Remote: "127.0.0.1:5000"}
	for _, slug := range slugs {
		h.Actions = append(h.Actions, Action{Slug: slug, Name: slug, Page: strings.HasPrefix(slug, "page")})
	}
	return h
}

func (w *world) host(h Host, left string) {
	w.t.Helper()
	w.apply(HostHeard{Host: h, Left: left, At: w.now})
}

func TestFeedTellsOfHosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.pass(10 * time.Second)
	w.host(hostOf("h1", "refund", "page/report"), "")
	w.pass(2 * time.Second)
	closing := hostOf("h1", "refund", "restart")
	w.host(closing, "")
	w.pass(2 * time.Second)
	closing.Closing = true
	w.host(closing, "") // nothing that anybody could see changed
	w.pass(2 * time.Second)
	w.host(closing, "it was shut down")
	w.host(closing, "it was shut down") // it is gone already
	w.pass(2 * time.Second)
	w.host(hostOf("h2", "refund"), "")
	want := []string{
		"you connected", "back-office joined refund page/report", "back-office page removed page/report", "back-office action added restart",
		"back-office left refund restart it was shut down after 6.0 s", "back-office joined refund",
	}
	if got := w.told(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	left := w.feed.entries[4]
	if got := fmt.Sprint(w.Facts(left)); !strings.Contains(got, "came back") || !strings.Contains(got, "as another process") || !strings.Contains(got, "{you ran nothing") {
		t.Errorf("the facts are %s", got)
	}
}

// TestPastKnowsHosts goes back to before a host joined and after: the lists and
// the counts have it exactly where it was.
func TestPastKnowsHosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	servers, methods, _ := w.Dir.Counts()
	before := w.now
	w.pass(70 * time.Second)
	w.host(hostOf("h1", "refund", "page/report"), "")
	w.pass(70 * time.Second)
	w.host(hostOf("h1"), "its connection was lost")
	w.pass(70 * time.Second)

	w.Go(Feed)
	f := w.Chronicle()
	f.Minute(w.State, -1)
	if a, b, _ := w.Dir.Counts(); a != servers || b != methods {
		t.Errorf("after it left: %d servers, %d methods, want %d, %d", a, b, servers, methods)
	}
	f.Step(w.State, -1)
	if a, b, _ := w.Dir.Counts(); a != servers+1 || b != methods+2 {
		t.Errorf("while it was here: %d servers, %d methods, want %d, %d", a, b, servers+1, methods+2)
	}
	m := w.Dir.Method("action\x00refund")
	if m == nil || m.Gone() {
		t.Fatal("its action is not there")
	}
	// Nothing is run in the past.
	if effects := w.OpenAction(m, nil); effects != nil || w.Shown() != nil || !strings.Contains(w.Notice.Text, "goes back to now") {
		t.Errorf("opened by %+v: %q", effects, w.Notice.Text)
	}
	// What comes meanwhile belongs to now.
	w.host(hostOf("h2", "restart"), "")
	if w.Dir.Method("action\x00restart") != nil {
		t.Error("the past has an action of now")
	}
	for at, past := w.Past(); past && at.After(before.Add(time.Second)); at, past = w.Past() {
		f.Minute(w.State, -1)
		if next, _ := w.Past(); !next.Before(at) {
			break
		}
	}
	if a, b, _ := w.Dir.Counts(); a != servers || b != methods {
		t.Errorf("before it came: %d servers, %d methods, want %d, %d", a, b, servers, methods)
	}
	if a, b, _ := w.CountsNow(); a != servers+1 || b != methods+1 {
		t.Errorf("now: %d servers, %d methods, want %d, %d", a, b, servers+1, methods+1)
	}
	w.GoNow()
	if m := w.Dir.Method("action\x00restart"); m == nil || m.Gone() {
		t.Error("what came while the past was shown is lost")
	}
}

// TestHostsStayHosts lets a host join that has the name and the machine of a
// server that has left.
func TestHostsStayHosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hear(bus.ServerAdded{At: w.now, Server: bus.Instance{PeerID: "p", Application: "back-office", Machine: "127.0.0.1"}})
	w.hear(bus.ServerRemoved{At: w.now, Server: bus.Instance{PeerID: "p"}})
	w.host(hostOf("h1", "refund"), "")
	w.host(hostOf("h1"), "it was shut down")
	w.hear(bus.ServerAdded{At: w.now, Server: bus.Instance{PeerID: "p2", Application: "back-office", Machine: "127.0.0.1"}})
	server, host := w.Dir.ByPeer("p2"), 0
	if server == nil || server.Host != nil || server.Visits != 2 {
		t.Errorf("the server is %+v", server)
	}
	for _, s := range w.Dir.Servers() {
		if s.Host != nil {
			host++
		}
	}
	if host != 1 {
		t.Errorf("%d hosts, want 1", host)
	}
}

// TestHostsMoveAlong goes to another bus: the host is told of there, too, as one
// that was there before.
func TestHostsMoveAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.host(hostOf("h1", "refund"), "")
	came := w.now
	w.pass(time.Minute)
	w.apply(Moved{Options{Name: "other"}})
	if got := w.told(); len(got) != 1 || got[0] != "back-office was here refund" {
		t.Errorf("told %q", got)
	}
	if s := w.Dir.ByPeer("interval:h1"); s == nil || !s.Since.Equal(came) {
		t.Errorf("the host is %+v", s)
	}
	if number := w.feed.entries[0].number; !w.feed.journal.reaches(number) {
		t.Error("the feed tells of what can't be shown")
	}
}
