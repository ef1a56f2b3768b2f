package model

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestRestartKeepsTheRow lets an application come back with another peer id and
// process: for a person it is the same.
func TestRestartKeepsTheRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	w.join(app("b", 1), def("B", "", ""))
	w.Point(Servers, w.Dir.ByPeer("b-1").ID)
	id := w.Lists[Servers].Cursor()
	w.leave(app("b", 1), def("B", "", ""))
	w.pass(5 * time.Second)
	if s := w.Dir.Server(id); !s.Gone() || s.Methods != 1 {
		t.Errorf("tombstone: gone %v, %d methods, want what it offered last", s.Gone(), s.Methods)
	}
	w.join(app("b", 2), def("B", "", ""))
	s := w.Dir.ByPeer("b-2")
	if s == nil || s.ID != id || s.Gone() || s.Visits != 2 || !s.Since.Equal(w.now) || s.Methods != 1 {
		t.Fatalf("back as %+v, want row %s", s, id)
	}
	if w.Dir.ByPeer("b-1") != nil {
		t.Error("the old peer id still means something")
	}
	if w.Lists[Servers].Cursor() != id {
		t.Error("the cursor left its thing")
	}
	w.want(Servers, "a b")
	w.want(Methods, "Addition B")
}

// TestReviveTellsPeopleApart has two of a name: another user, another machine or
// one that is still here is somebody else.
func TestReviveTellsPeopleApart(t *testing.T) {
	t.Parallel()
	other := app("b", 2)
	other.User = "somebody"
	machine := app("b", 3)
	machine.Machine = "ws-18"
	for _, c := range []struct {
		name  string
		comes bus.Instance
		gone  bool
		want  string
	}{
		{"same, after it left", app("b", 2), true, "b"},
		{"same, while it is here", app("b", 2), false, "b b"},
		{"another user", other, true, "†b b"},
		{"another machine", machine, true, "†b b"},
	} {
		w := newWorld(t)
		w.join(app("b", 1))
		if c.gone {
			w.leave(app("b", 1))
		}
		w.pass(time.Second)
		w.join(c.comes)
		if got := w.names(Servers); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestReviveTakesTheSameProcess has two tombstones of a name.
func TestReviveTakesTheSameProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("b", 1))
	w.join(app("b", 2))
	first, second := w.Dir.ByPeer("b-1").ID, w.Dir.ByPeer("b-2").ID
	w.leave(app("b", 1))
	w.pass(time.Second)
	w.leave(app("b", 2))
	back := app("b", 9)
	back.PID = 102
	w.join(back)
	if got := w.Dir.ByPeer("b-9").ID; got != second {
		t.Errorf("revived %s, want the same process' %s", got, second)
	}
	w.join(app("b", 10))
	if got := w.Dir.ByPeer("b-10").ID; got != first {
		t.Errorf("revived %s, want %s", got, first)
	}
}

// TestOwnConnectionLost takes the bus back and gives it again: nobody has left
// while it can't be known, and who does not come back has.
func TestOwnConnectionLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	w.join(app("b", 1), sum, def("B", "", ""))
	since := w.Dir.ByPeer("a-1").Since
	w.Go(Methods)
	w.Point(Methods, w.method(def("B", "", "")).ID)
	w.pass(time.Second)
	w.lose(app("a", 1), app("b", 1))
	w.want(Servers, "?a ?b")
	w.want(Methods, "Addition B")
	w.pass(time.Second)
	w.join(app("a", 2), sum)
	w.connect()
	w.want(Servers, "a †b")
	w.want(Methods, "Addition †B")
	a := w.Dir.ByPeer("a-2")
	switch {
	case a == nil || !a.Since.Equal(since):
		t.Errorf("a: %+v, want it here since %v: it never left", a, since)
	case a.Methods != 1:
		t.Errorf("a offers %d methods", a.Methods)
	}
	if got := w.Lists[Methods].Cursor(); got != w.method(def("B", "", "")).ID {
		t.Errorf("the cursor went to %q", got)
	}
	if got := w.method(sum).Offers; len(got) != 1 || got[0].Server != a {
		t.Errorf("what a server offered before the connection was lost stands beside what it offers now: %d offers, want 1", len(got))
	}
}

// TestSamePeerAnnouncedTwice must not count what it offers twice.
func TestSamePeerAnnouncedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	w.join(app("a", 1), sum)
	if got := w.method(sum).Offers; len(got) != 1 {
		t.Errorf("%d offers, want 1", len(got))
	}
	w.want(Servers, "a")
	if s := w.Dir.ByPeer("a-1"); s.Methods != 1 {
		t.Errorf("a method that is announced again is counted again: %d, want 1", s.Methods)
	}
}

func TestMethodsOfStrangersAreIgnored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hear(
		bus.MethodsAdded{At: w.now, Peer: "nobody", Methods: []bus.MethodDefinition{sum}},
		bus.MethodsRemoved{At: w.now, Peer: "nobody", Methods: []bus.MethodDefinition{sum}},
		bus.ServerRemoved{At: w.now, Server: app("nobody", 1)},
	)
	w.want(Servers, "")
	w.want(Methods, "")
}

// TestDrift marks the second signature of a name: that of fewer servers, then
// that which came later.
func TestDrift(t *testing.T) {
	t.Parallel()
	old, young := def("Prices.Get", "string symbol", ""), def("Prices.Get", "string sym", "")
	w := newWorld(t)
	w.join(app("a", 1), old)
	if m := w.method(old); m.Drift || m.Twins != 1 {
		t.Errorf("alone: %+v", m)
	}
	w.pass(time.Second)
	w.join(app("b", 1), young)
	w.want(Methods, "Prices.Get Prices.Get≠")
	if !w.method(young).Drift || w.method(young).Twins != 2 || w.method(old).Twins != 2 {
		t.Error("the younger signature is not marked")
	}
	w.join(app("c", 1), young)
	if !w.method(old).Drift || w.method(young).Drift {
		t.Error("the rarer signature is not marked")
	}
	w.leave(app("b", 1), young)
	w.leave(app("c", 1), young)
	w.want(Methods, "Prices.Get †Prices.Get≠")
	w.Forget(true)
	if m := w.method(old); m.Drift || m.Twins != 1 {
		t.Errorf("after the other is forgotten: drift %v, %d twins", m.Drift, m.Twins)
	}
}

// TestDriftIsNotOfKind keeps a stream and a method of one name apart, and sees
// names without regard to case, as the bus does.
func TestDriftIsNotOfKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	flow := streamDef("Prices")
	w.join(app("a", 1), flow, def("Prices", "", "int n"), def("ADDITION", "int a, int b", "int sum"))
	w.join(app("b", 1), sum)
	w.want(Streams, "Prices")
	w.want(Methods, "ADDITION Prices")
	if m := w.method(sum); len(m.Offers) != 2 || m.Drift {
		t.Errorf("%d offers, drift %v: case does not make another method", len(m.Offers), m.Drift)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alone, shared := def("Alone", "", ""), def("Shared", "", "")
	w.join(app("a", 1), alone, shared)
	w.join(app("b", 1), shared)
	w.join(app("c", 1))
	w.Go(Servers)
	if n := w.Forget(false); n != 0 {
		t.Errorf("%d rows of a server that is here were forgotten", n)
	}
	w.leave(app("a", 1), alone, shared)
	w.want(Methods, "†Alone Shared")
	w.Point(Servers, w.Lists[Servers].Rows()[0])
	if n := w.Forget(false); n != 2 {
		t.Errorf("%d rows went, want the server and what only it offered", n)
	}
	w.want(Servers, "b c")
	w.want(Methods, "Shared")
	if w.Lists[Servers].Cursor() != w.Dir.ByPeer("b-1").ID {
		t.Error("the cursor is not on what stands in the place of the tombstone")
	}
	w.leave(app("b", 1), shared)
	w.Point(Methods, w.method(shared).ID)
	if n := w.Forget(false); n != 1 {
		t.Errorf("%d rows went, want the method", n)
	}
	w.leave(app("c", 1))
	if n := w.Forget(true); n != 2 {
		t.Errorf("%d rows went, want both servers", n)
	}
	w.want(Servers, "")
}

// TestNarrow shows what one server offers, and keeps to it when it restarts.
func TestNarrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum, streamDef("Ticks"))
	w.join(app("b", 1), sum, def("B", "", ""))
	w.Point(Servers, w.Dir.ByPeer("b-1").ID)
	w.Enter()
	if w.Focus != Methods || w.Narrow != w.Dir.ByPeer("b-1").ID {
		t.Fatalf("enter goes to %v, narrowed to %q", w.Focus, w.Narrow)
	}
	w.want(Methods, "Addition B")
	w.want(Streams, "")
	w.leave(app("b", 1), sum, def("B", "", ""))
	w.want(Methods, "†B")
	w.join(app("b", 2), sum)
	w.want(Methods, "Addition †B")
	if !w.Back() || w.Narrow != "" || w.Focus != Servers || w.Lists[Servers].Cursor() != w.Dir.ByPeer("b-2").ID {
		t.Errorf("esc leads to %v, narrowed to %q", w.Focus, w.Narrow)
	}
	w.NarrowTo(w.Dir.ByPeer("b-2").ID)
	w.leave(app("b", 2), sum)
	w.Forget(true)
	if w.Narrow != "" {
		t.Error("still narrowed to a server that was forgotten")
	}
}
