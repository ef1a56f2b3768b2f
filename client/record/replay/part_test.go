package replay_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/record/replay"
)

// followAll subscribes to Ticks of all.
func (s *stage) followAll() *heard {
	s.t.Helper()
	h := &heard{since: time.Now()}
	_, err := s.me.Subscribe(s.t.Context(), bus.ByName("Ticks"), &client.SubscribeOptions{
		Args: json.RawMessage(`{}`), Target: bus.Target{Mode: bus.All}, WaitTimeout: -1, ResponseTimeout: time.Minute,
		OnEvent: func(e bus.Event) {
			if left, ok := e.(bus.StreamLeft); ok {
				e = bus.StreamClosed{Reason: left.Server.Application + " " + left.Reason}
			}
			h.hear(e)
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// TestReplayOfAPart: one of several publishers ends its part, and the other goes on;
// two of one name have one part between them.
func TestReplayOfAPart(t *testing.T) {
	t.Parallel()
	text := newTape().
		app(0, "p1", "Feed", ticks).
		app(0, "p2", "Other", ticks).
		app(0, "p3", "Feed", ticks).
		at(0, "subscribe", `"id":5,"method":"Ticks","args":{}`).
		at(0, "accepted", `"id":5,"peer":"p1"`).
		at(0, "accepted", `"id":5,"peer":"p2"`).
		at(0, "accepted", `"id":5,"peer":"p3"`).
		at(1000, "event", `"id":5,"peer":"p2","data":{"n":1}`).
		at(1500, "parted", `"id":5,"peer":"p3","reason":"only one of two"`).
		at(2000, "parted", `"id":5,"peer":"p2","reason":"enough"`).
		at(3000, "event", `"id":5,"peer":"p1","data":{"n":2}`).
		at(4000, "parted", `"id":5,"peer":"p1","reason":"end of day"`).
		at(5000, "end", `"why":"stopped"`).text.String()
	on(t, text, replay.Options{}, func(s *stage) {
		h := s.followAll()
		time.Sleep(6 * time.Second)
		synctest.Wait()
		got := h.String()
		for _, want := range []string{`{"n":1} 1s`, `closed "Other enough" 2s`, `{"n":2} 3s`, `end of day" 4s`} {
			if strings.Count(got, want) == 0 {
				t.Errorf("%q was not heard in %s", want, got)
			}
		}
		if strings.Contains(got, "only one of two") {
			t.Errorf("heard %s", got)
		}
	})
}

// TestReplayOfALeave: a subscription that ended because its publisher left ends for
// that reason again, so that who waits for it waits.
func TestReplayOfALeave(t *testing.T) {
	t.Parallel()
	text := newTape().
		app(0, "p1", "Feed", ticks).
		at(0, "subscribe", `"id":5,"method":"Ticks","args":{}`).
		at(0, "accepted", `"id":5,"peer":"p1"`).
		at(1000, "event", `"id":5,"peer":"p1","data":{"n":1}`).
		at(2000, "closed", `"id":5,"peer":"p1","uri":"agm.peer-removed","reason":"Peer has been removed"`).
		at(2000, "leave", `"peer":"p1"`).
		at(3000, "end", `"why":"stopped"`).text.String()
	on(t, text, replay.Options{}, func(s *stage) {
		ends := make(chan bus.StreamClosed, 1)
		_, err := s.me.Subscribe(context.Background(), bus.ByName("Ticks"), &client.SubscribeOptions{OnEvent: func(e bus.Event) {
			if c, ok := e.(bus.StreamClosed); ok {
				ends <- c
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		if c := <-ends; c.URI != bus.PeerRemoved {
			t.Errorf("it ended with %+v", c)
		}
	})
}
