package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
)

// fill has a publisher send a subscriber more than a pipe holds, and returns how
// many events that were.
func fill(t *testing.T, g *Gateway, sub *client) int {
	t.Helper()
	pub := join(t, g, "pub")
	pub.send(`{"domain":"agm","type":"register","peer_id":%q,"methods":[{"id":"0","name":"S"}]}`, pub.id)
	sub.until("methods-added")
	sub.ask("subscribe", "s", pub)
	id := pub.until("add-interest")["subscription_id"]
	pub.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":"S"}`, pub.id, id)
	sub.until("subscribed")
	const events = 1000
	for n := range events {
		pub.send(`{"domain":"agm","type":"publish","peer_id":%q,"stream_id":"S","data":%d}`, pub.id, n)
	}
	pub.send(`{"domain":"agm","type":"nosuch","request_id":"done"}`)
	pub.answer("done")
	_ = pub.conn.Close(wire.CodeNormal, "")
	return events
}

// TestShutdownDrains has one peer that has not yet read what is its, and one
// with nothing left, which is told goodbye at once.
func TestShutdownDrains(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(nil)
		late, idle := join(t, g, "late"), join(t, g, "idle")
		events := fill(t, g, late)
		ended := make(chan error, 1)
		go func() { ended <- g.Shutdown(t.Context(), "back soon") }()
		if closed := idle.closedWith(); closed.Code != wire.CodeGoingAway || closed.Reason != "back soon" {
			t.Errorf("the idle one is told %v", closed)
		}
		select {
		case err := <-ended:
			t.Errorf("ended before all was written: %v", err)
		default:
		}
		_ = late.conn.Write(t.Context(), []byte(`{"domain":"agm","type":"nosuch","request_id":"too late"}`))
		var got int
		var closed *wire.CloseError
		for closed == nil {
			text, err := late.conn.Read(t.Context())
			switch {
			case errors.As(err, &closed):
			case err != nil:
				t.Fatal(err)
			case strings.Contains(string(text), `"event"`):
				if want := fmt.Sprintf(`"data":%d}`, got); !strings.Contains(string(text), want) {
					t.Fatalf("%s, want %s", text, want)
				}
				got++
			case strings.Contains(string(text), "too late"):
				t.Error("something new was handled")
			}
		}
		if got != events || closed.Code != wire.CodeGoingAway || closed.Reason != "back soon" {
			t.Errorf("%d of %d events, then %v", got, events, closed)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if left := leftovers(g); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestShutdownIsBounded has a peer that never reads.
func TestShutdownIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(nil)
		deaf := join(t, g, "deaf")
		fill(t, g, deaf)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		before := time.Now()
		if err := g.Shutdown(ctx, "back soon"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended with %v", err)
		}
		if took := time.Since(before); took < 3*time.Second || took > 3*time.Second+2*closeGrace {
			t.Errorf("it took %v", took)
		}
		if s := g.Stats(); s.Dropped == 0 {
			t.Errorf("nothing was dropped: %+v", s)
		}
		_ = deaf.conn.Close(wire.CodeCut, "")
	})
}

// TestShutdownOverSockets is the goodbye as a real client gets it.
func TestShutdownOverSockets(t *testing.T) {
	t.Parallel()
	g, s := served(t, nil)
	c := dial(t, s)
	c.hello("x", "ada")
	told := make(chan error, 1)
	go func() {
		_, err := c.conn.Read(context.Background())
		told <- err
		_ = c.conn.Close(wire.CodeNormal, "")
	}()
	if err := g.Shutdown(t.Context(), "maintenance"); err != nil {
		t.Error(err)
	}
	var closed *wire.CloseError
	if err := <-told; !errors.As(err, &closed) || closed.Code != wire.CodeGoingAway || closed.Reason != "maintenance" {
		t.Errorf("told %v", err)
	}
	if _, err := wire.Dial(t.Context(), s.URL()); err == nil {
		t.Error("somebody new got in")
	}
}
