package replay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/record/replay"
)

// day is a recording with a stream that numbers the second at which each event came,
// from 10 s to 60 s, and with applications that come, go and change.
func day() *tape {
	t := newTape().
		app(0, "p1", "Feed", ticks, sum).
		app(0, "p2", "Old").
		at(0, "join", `"peer":"me","mine":true,"identity":{"application":"ioscope","user":"ada"}`).
		at(10_000, "subscribe", `"id":5,"method":"Ticks","args":{"desk":"rates"}`).
		at(10_000, "accepted", `"id":5,"peer":"p1","subscription":"s5"`).
		at(10_100, "event", `"id":5,"peer":"p1","private":true,"snapshot":true,"data":{"n":0}`)
	for s := 11; s <= 60; s++ {
		switch s {
		case 20:
			t.app(20_000, "p3", "Late", sum)
		case 30:
			t.at(30_000, "leave", `"peer":"p2"`)
			t.at(30_000, "withdraw", `"peer":"p1","methods":[{"id":"1"}]`)
			t.at(30_000, "offer", `"peer":"p1","methods":[{"id":"7","name":"Sum","accepts":"double a"}]`)
		case 40:
			t.at(40_000, "leave", `"peer":"p3"`)
		case 51:
			t.at(50_500, "event", `"id":5,"peer":"p1","private":true,"data":{"n":-1}`)
		}
		t.at(s*1000, "event", fmt.Sprintf(`"id":5,"peer":"p1","sequence":%d,"data":{"n":%d}`, s, s))
	}
	return t.at(61_000, "closed", `"id":5,"peer":"p1","reason":"end of day"`).at(70_000, "end", `"why":"stopped"`)
}

func (s *stage) seek(at time.Duration) {
	s.t.Helper()
	if err := s.p.Seek(s.t.Context(), at); err != nil {
		s.t.Fatal(err)
	}
	synctest.Wait()
}

// sums are the signatures of Sum, by application.
func (s *stage) sums() string {
	synctest.Wait()
	var out []string
	for _, m := range s.me.Methods(bus.ByName("Sum")) {
		out = append(out, m.Server.Application+": "+m.Method.Accepts)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// take are the numbers of the events that were heard since the last time.
func (h *heard) take() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, e := range h.events {
		switch e := e.(type) {
		case bus.StreamData:
			var data struct{ N int }
			_ = json.Unmarshal(e.Data, &data)
			out = append(out, fmt.Sprint(data.N))
		case bus.StreamClosed:
			out = append(out, "closed")
		}
	}
	h.events, h.at = nil, nil
	return strings.Join(out, " ")
}

// TestSeekSetsTheBus: after each jump the bus is what it was then, and who was there
// at both moments never left.
func TestSeekSetsTheBus(t *testing.T) {
	t.Parallel()
	on(t, day().text.String(), replay.Options{Paused: true}, func(s *stage) {
		left := 0
		s.me.OnServerRemoved(func(i bus.Instance, _ string) {
			if i.Application == "Feed" {
				left++
			}
		})
		const early, late = "Feed: int a, int b", "Feed: double a"
		for _, at := range []struct {
			seconds     int
			there, sums string
		}{
			{25, "Feed Late Old", early + "; Late: int a, int b"},
			{35, "Feed Late", late + "; Late: int a, int b"},
			{45, "Feed", late},
			{5, "Feed Old", early},
			{20, "Feed Late Old", early + "; Late: int a, int b"},
			{0, "Feed Old", early},
			{70, "Feed", late},
			{31, "Feed Late", late + "; Late: int a, int b"},
		} {
			to := time.Duration(at.seconds) * time.Second
			s.seek(to)
			if got := s.there(); got != at.there {
				t.Errorf("at %s there are %s; want %s", to, got, at.there)
			}
			if got := s.sums(); got != at.sums {
				t.Errorf("at %s Sum is of %s; want %s", to, got, at.sums)
			}
			if st := s.p.State(); st.Position != to || !st.Paused || st.Over != (at.seconds == 70) || !st.At.Equal(start.Add(to)) {
				t.Errorf("at %s the state is %+v", to, st)
			}
		}
		if left > 0 {
			t.Errorf("who was always there left %d times", left)
		}
		// It plays on from there.
		s.p.Resume()
		time.Sleep(8 * time.Second)
		if got := s.there(); got != "Feed Late" {
			t.Errorf("at 39 s there are %s", got)
		}
		time.Sleep(2 * time.Second)
		if got := s.there(); got != "Feed" {
			t.Errorf("at 41 s there are %s", got)
		}
	})
}

// TestSeekWindsStreams: a stream that is heard goes on at the moment, forward and back,
// and tells nothing of what lies between.
func TestSeekWindsStreams(t *testing.T) {
	t.Parallel()
	var jumps []string
	o := replay.Options{OnSeek: func(from, to time.Duration) { jumps = append(jumps, fmt.Sprint(from, " to ", to)) }}
	on(t, day().text.String(), o, func(s *stage) {
		h, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		expect := func(when, want string) {
			t.Helper()
			synctest.Wait()
			if got := h.take(); got != want {
				t.Errorf("%s it hears %q, want %q", when, got, want)
			}
		}
		time.Sleep(2500 * time.Millisecond)
		expect("from its own beginning", "0 11 12")
		s.seek(48500 * time.Millisecond)
		expect("at once", "")
		time.Sleep(3 * time.Second)
		expect("at 48.5 s", "49 50 -1 51")
		s.seek(15 * time.Second)
		time.Sleep(1500 * time.Millisecond)
		expect("back at 15 s", "15 16")
		s.p.Pause()
		s.seek(20500 * time.Millisecond)
		time.Sleep(time.Minute)
		expect("paused", "")
		s.p.Resume()
		time.Sleep(time.Second)
		expect("going on", "21")
		s.seek(8 * time.Second)
		time.Sleep(2 * time.Second)
		expect("before it was asked for", "")
		time.Sleep(1200 * time.Millisecond)
		expect("when it was", "0 11")
		s.seek(59500 * time.Millisecond)
		s.p.SetSpeed(4)
		time.Sleep(time.Second)
		expect("to its end", "60 closed")
		if st := s.p.State(); st.Position != 63500*time.Millisecond {
			t.Errorf("it is at %s", st.Position)
		}
		if err := s.p.Restart(s.t.Context()); err != nil {
			t.Fatal(err)
		}
		const want = "2.5s to 48.5s; 51.5s to 15s; 16.5s to 20.5s; 21.5s to 8s; 11.2s to 59.5s; 1m3.5s to 0s"
		if got := strings.Join(jumps, "; "); got != want {
			t.Errorf("jumps %s; want %s", got, want)
		}
	})
}

// TestSubscribersAfterSeek: who comes then hears what came then, first what it was
// greeted with; what is over begins anew.
func TestSubscribersAfterSeek(t *testing.T) {
	t.Parallel()
	on(t, day().text.String(), replay.Options{From: 49500 * time.Millisecond}, func(s *stage) {
		if st := s.p.State(); st.Position != 49500*time.Millisecond {
			t.Errorf("it begins at %s", st.Position)
		}
		first, sub, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := first.take(); got != "0 50 -1 51" {
			t.Errorf("the first hears %q", got)
		}
		second, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if a, b := first.take(), second.take(); a != "52" || b != "0 52" {
			t.Errorf("the first hears %q, the second %q", a, b)
		}
		_ = sub.Close()
		s.seek(5 * time.Second)
		time.Sleep(7500 * time.Millisecond)
		synctest.Wait()
		if got := second.take(); got != "0 11 12" {
			t.Errorf("the second hears %q after the jump", got)
		}
		s.seek(65 * time.Second)
		if got := second.take(); got != "closed" {
			t.Errorf("behind the end it hears %q", got)
		}
		again, _, err := s.subscribe(`{"desk":"rates"}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		if got := again.take(); got != "0 11" {
			t.Errorf("who comes behind the end hears %q", got)
		}
	})
}

// TestSeekAnswers: calls are answered as of the moment.
func TestSeekAnswers(t *testing.T) {
	t.Parallel()
	on(t, session().text.String(), replay.Options{Paused: true}, func(s *stage) {
		for _, at := range []struct {
			ms   int
			want string
		}{{3500, `{"sum":4}`}, {1000, `{"sum":3}`}, {4000, `{"sum":4}`}, {0, `{"sum":3}`}} {
			s.seek(time.Duration(at.ms) * time.Millisecond)
			if got, _, err := s.ask("Calc", `{"a":1,"b":2}`); got != at.want {
				t.Errorf("at %d ms: %s, %v; want %s", at.ms, got, err, at.want)
			}
		}
		s.seek(-time.Minute)
		if st := s.p.State(); st.Position != 0 {
			t.Errorf("before the beginning it is at %s", st.Position)
		}
		s.seek(time.Hour)
		if st := s.p.State(); st.Position != 4*time.Second || !st.Over {
			t.Errorf("behind the end: %+v", st)
		}
		if err := s.p.Close(); err != nil {
			t.Error(err)
		}
		if err := s.p.Seek(s.t.Context(), 0); !errors.Is(err, client.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}

// TestSeekInALongRecording: what lies far before the moment is not read for it.
func TestSeekInALongRecording(t *testing.T) {
	t.Parallel()
	text := newTape().app(0, "p1", "Feed", ticks).
		at(0, "subscribe", `"id":5,"method":"Ticks","args":{}`).
		at(0, "accepted", `"id":5,"peer":"p1","subscription":"s5"`)
	filler := strings.Repeat("x", 1000)
	const events = 5000
	for n := range events {
		text.at(n*1000, "event", fmt.Sprintf(`"id":5,"peer":"p1","data":{"n":%d,"filler":%q}`, n, filler))
	}
	read := &counted{Reader: strings.NewReader(text.text.String())}
	r, err := replay.Open(read, int64(text.text.Len()))
	if err != nil {
		t.Fatal(err)
	}
	onRecording(t, r, replay.Options{}, func(s *stage) {
		h, _, err := s.subscribe(`{}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		before := read.bytes.Load()
		h.take()
		s.seek(4000500 * time.Millisecond)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := h.take(); got != "4001 4002" {
			t.Errorf("it hears %q", got)
		}
		if n := read.bytes.Load() - before; n > 2<<20 {
			t.Errorf("%d bytes were read for it, of %d", n, text.text.Len())
		}
	})
}
