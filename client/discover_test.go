package client_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

func quiet(context.Context, client.Call) (any, error) { return nil, nil }

func register(t *testing.T, c *client.Client, def bus.MethodDefinition) *client.Method {
	t.Helper()
	m, err := c.Register(t.Context(), def, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func applications(servers []bus.Instance) []string {
	var out []string
	for _, s := range servers {
		out = append(out, s.Application)
	}
	return out
}

func named(methods []bus.MethodDefinition) []string {
	var out []string
	for _, m := range methods {
		out = append(out, m.Name+"("+m.Accepts+")")
	}
	return out
}

func TestWhoOffersWhat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		me := h.join(t, "Desk", client.Options{})
		alpha := h.join(t, "CalcAlpha", client.Options{})
		beta := h.join(t, "CalcBeta", client.Options{Identity: map[string]any{"region": "EMEA"}})
		register(t, alpha, bus.MethodDefinition{Name: "Add", Accepts: "int a", ObjectTypes: []string{"Number"}})
		register(t, beta, bus.MethodDefinition{Name: "Add", Accepts: "INT a"})
		register(t, beta, bus.MethodDefinition{Name: "add", Accepts: "double a"})
		newTicker(t, beta, nil)
		synctest.Wait()

		streaming := true
		for _, test := range []struct {
			name string
			f    bus.MethodFilter
			who  []bus.InstanceFilter
			want []string
		}{
			{"all, those without methods too", bus.MethodFilter{}, nil, []string{"Desk", "CalcAlpha", "CalcBeta"}},
			{"by method", bus.ByName("ADD"), nil, []string{"CalcAlpha", "CalcBeta"}},
			{"by object type", bus.MethodFilter{ObjectTypes: []string{"Number"}}, nil, []string{"CalcAlpha"}},
			{"streams", bus.MethodFilter{Streaming: &streaming}, nil, []string{"CalcBeta"}},
			{"by pattern", bus.MethodFilter{}, []bus.InstanceFilter{{Application: "/^calc/i"}}, []string{"CalcAlpha", "CalcBeta"}},
			{"either of two", bus.MethodFilter{}, []bus.InstanceFilter{{Region: "emea"}, {Application: "Desk"}}, []string{"Desk", "CalcBeta"}},
			{"both", bus.ByName("Add"), []bus.InstanceFilter{{Application: "/a$/"}, {Application: "Desk"}}, []string{"CalcAlpha", "CalcBeta"}},
			{"nobody", bus.ByName("Subtract"), nil, nil},
		} {
			if got := applications(me.ServersMatching(test.f, test.who...)); !slices.Equal(got, test.want) {
				t.Errorf("servers, %s: %q, want %q", test.name, got, test.want)
			}
		}
		wantLines(t, named(me.MethodsForInstance(bus.InstanceFilter{Application: "/Calc/"})), "Add(int a)", "add(double a)", "Ticks(string symbol)")
		wantLines(t, named(me.MethodsOf(beta.Self().PeerID)), "Add(INT a)", "add(double a)", "Ticks(string symbol)")
		wantLines(t, named(me.StreamsOf(beta.Self().PeerID)), "Ticks(string symbol)")
		wantLines(t, named(me.MethodsOf("gone")))
		wantLines(t, applications(me.ServersOf(bus.MethodDefinition{Name: "ADD", Accepts: "int A"})), "CalcAlpha", "CalcBeta")
		wantLines(t, applications(me.ServersOf(bus.MethodDefinition{Name: "Add", Accepts: "double a"})), "CalcBeta")
		if me.State() != bus.Live {
			t.Errorf("state %s", me.State())
		}
	})
}

func TestWaitForMethod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		me, other := h.join(t, "Desk", client.Options{}), h.join(t, "Other", client.Options{})
		wait := func() <-chan outcome[bus.Candidate] {
			return later(func() (bus.Candidate, error) { return me.WaitForMethod(t.Context(), "Late") })
		}
		waiting := wait()
		register(t, other, bus.Named("late"))
		synctest.Wait()
		select {
		case got := <-waiting:
			t.Fatalf("another spelling ended the wait: %+v", got)
		default:
		}
		register(t, other, bus.Named("Late"))
		if got := (<-waiting).must(t); got.Server.Application != "Other" || got.Method.Name != "Late" || got.Mine {
			t.Errorf("found %+v", got)
		}
		if got := (<-wait()).must(t); got.Method.Name != "Late" {
			t.Errorf("what is there already: %+v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := me.WaitForMethod(ctx, "Never"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("in vain: %v", err)
		}
		_ = me.Close()
		if _, err := me.WaitForMethod(t.Context(), "Never"); !errors.Is(err, client.ErrClosed) {
			t.Errorf("on a closed client: %v", err)
		}
	})
}

// journal collects lines of several listeners.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

func (j *journal) take() []string {
	synctest.Wait()
	j.mu.Lock()
	defer j.mu.Unlock()
	out := j.lines
	j.lines = nil
	return out
}

func TestMethodListenersHearOfFirstAndLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		me, a, b := h.join(t, "Desk", client.Options{}), h.join(t, "A", client.Options{}), h.join(t, "B", client.Options{})
		register(t, a, bus.Named("Old"))
		register(t, b, bus.Named("OLD"))
		synctest.Wait()
		var methods, offers journal
		me.OnMethodAdded(func(m bus.MethodDefinition) { methods.add("+%s", m.Name) })
		me.OnMethodRemoved(func(m bus.MethodDefinition) { methods.add("-%s", m.Name) })
		me.OnServerMethodAdded(func(o bus.Candidate) { offers.add("+%s %s mine=%v", o.Server.Name(), o.Method.Name, o.Mine) })
		me.OnServerMethodRemoved(func(o bus.Candidate) { offers.add("-%s %s mine=%v", o.Server.Name(), o.Method.Name, o.Mine) })
		wantLines(t, methods.take(), "+Old")
		wantLines(t, offers.take(), "+A Old mine=false", "+B OLD mine=false")

		onA := register(t, a, bus.MethodDefinition{Name: "New", Accepts: "int n"})
		register(t, b, bus.MethodDefinition{Name: "new", Accepts: "INT n"})
		mine := register(t, me, bus.MethodDefinition{Name: "New", Accepts: "long n"})
		wantLines(t, methods.take(), "+New", "+New")
		wantLines(t, offers.take(), "+A New mine=false", "+B new mine=false", "+Desk New mine=true")

		_ = onA.Unregister(t.Context())
		wantLines(t, methods.take())
		wantLines(t, offers.take(), "-A New mine=false")
		_ = mine.Unregister(t.Context())
		_ = b.Close()
		wantLines(t, methods.take(), "-New", "-new")
		wantLines(t, offers.take(), "-Desk New mine=true", "-B OLD mine=false", "-B new mine=false")
	})
}

func TestServerListenersOverALoss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		me, other := h.join(t, "Desk", client.Options{}), h.join(t, "Other", client.Options{})
		register(t, other, bus.Named("M"))
		synctest.Wait()
		var j, states journal
		me.OnServerAdded(func(s bus.Instance) { j.add("+%s", s.Name()) })
		wantLines(t, j.take(), "+Desk", "+Other")
		me.OnServerRemoved(func(s bus.Instance, reason string) { j.add("-%s %s", s.Name(), reason) })
		me.OnConnection(func(c bus.ConnChanged) { states.add("%s", c.State) })
		wantLines(t, states.take(), "live")
		h.cut("Desk")
		lines := j.take()
		slices.Sort(lines) // two listeners, two orders
		wantLines(t, lines, "+Desk", "+Other", "-Desk reset", "-Other reset")
		wantLines(t, states.take(), "lost", "connecting", "live")
		_ = other.Close()
		wantLines(t, j.take(), "-Other ")
		_ = me.Close()
		wantLines(t, states.take(), "closed")
		wantLines(t, j.take(), "-Desk reset")
		me.OnConnection(func(bus.ConnChanged) { t.Error("a closed client tells") })()
	})
}

func TestListenersDoNotHinder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		me, other := h.join(t, "Desk", client.Options{}), h.join(t, "Other", client.Options{})
		held := make(chan struct{})
		var slow, quick journal
		me.OnServerMethodAdded(func(o bus.Candidate) { <-held; slow.add("%s", o.Method.Name) })
		var stop func()
		stop = me.OnServerMethodAdded(func(o bus.Candidate) {
			quick.add("%s", o.Method.Name)
			if o.Method.Name == "M5" {
				stop()
				panic("oh")
			}
		})
		asked := make(chan error, 1)
		me.OnMethodAdded(func(m bus.MethodDefinition) {
			if m.Name == "M0" { // a listener may wait for the bus
				_, err := me.Invoke(t.Context(), bus.ByName("M0"), nil, nil)
				asked <- err
			}
		})
		var want []string
		for n := range 10 {
			want = append(want, fmt.Sprintf("M%d", n))
			register(t, other, bus.Named(want[n]))
		}
		if err := <-asked; err != nil {
			t.Error(err)
		}
		wantLines(t, quick.take(), want[:6]...)
		wantLines(t, slow.take())
		close(held)
		wantLines(t, slow.take(), want...)
	})
}
