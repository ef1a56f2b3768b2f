package client_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

func TestEventsIterate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		sub := following(t, c, l, &client.SubscribeOptions{Args: symbol("VOD")})
		if string(sub.Args()) != `{"symbol":"VOD"}` || sub.Err() != nil {
			t.Errorf("args %s, err %v", sub.Args(), sub.Err())
		}
		for n := range 3 {
			l.event("s1", fmt.Sprint(n))
		}
		var lines []string
		for e, err := range sub.Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, line(e))
			if _, data := e.(bus.StreamData); data {
				break
			}
		}
		wantLines(t, lines, "accepted by a restored=false", "data from a private=false 0")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		lines = nil
		for d, err := range sub.Data(ctx) {
			lines = append(lines, fmt.Sprint(string(d.Data), err))
		}
		wantLines(t, lines, "1<nil>", "2<nil>", "context deadline exceeded")
		l.event("s1", "3")
		l.cancel("s1", "u", "enough")
		lines = nil
		for e, err := range sub.Events(t.Context()) {
			lines = append(lines, line(e), fmt.Sprint(err))
		}
		wantLines(t, lines, "data from a private=false 3", "<nil>", "closed by a mine=false u: enough", "<nil>")
		if err := sub.Err(); !errors.Is(err, &bus.Error{URI: "u"}) {
			t.Errorf("err %v", err)
		}
		for e := range sub.Events(t.Context()) {
			t.Errorf("after the end: %v", e)
		}
	})
}

func TestDataTellsFailureFromEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, f, l := opened(t, client.Options{})
		sub := following(t, c, l, &client.SubscribeOptions{WaitTimeout: time.Second})
		l.event("s1", "1")
		synctest.Wait()
		l.cut()
		f.link().accept() // on which nobody publishes
		var lines []string
		for d, err := range sub.Data(t.Context()) {
			lines = append(lines, fmt.Sprint(string(d.Data), err))
		}
		wantLines(t, lines, "1<nil>", `no stream "Ticks" on the bus after 1s`)
		if err := sub.Err(); !errors.As(err, new(*client.NoMethodError)) {
			t.Errorf("err %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		sub := following(t, c, l, nil)
		l.event("s1", "1")
		l.cancel("s1", "u", "enough")
		synctest.Wait()
		for _, err := range sub.Data(t.Context()) {
			if err != nil {
				t.Errorf("an end is no error: %v", err)
			}
		}
		sub = following2(t, c, l)
		_ = sub.Close()
		if sub.Err() != nil {
			t.Errorf("closed by us: %v", sub.Err())
		}
	})
}

// following2 is one more subscription to publisher a.
func following2(t *testing.T, c *client.Client, l *link) *client.Subscription {
	t.Helper()
	done := subscribe(t, c, nil)
	l.subscribed(l.want(wire.Subscribe), "s2")
	return (<-done).must(t)
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy  client.Policy
		want    []string
		dropped int64
		err     error
	}{
		{client.DropOldest, []string{"data from a private=false 4", "data from a private=false 5"}, 4, nil},
		{client.DropNewest, []string{"accepted by a restored=false", "data from a private=false 1", "data from a private=false 2"}, 3, nil},
		{client.EndWhenFull, []string{"accepted by a restored=false", "data from a private=false 1", "data from a private=false 2", "closed by a mine=false : buffer is full"}, 0, client.ErrFull},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, _, l := opened(t, client.Options{})
			sub := following(t, c, l, &client.SubscribeOptions{Buffer: 3, Policy: test.policy})
			for n := 1; n <= 5; n++ {
				l.event("s1", fmt.Sprint(n))
			}
			synctest.Wait()
			if test.policy == client.EndWhenFull {
				l.want(wire.Unsubscribe)
			}
			if test.policy == client.DropOldest { // the acceptance stays, so one datum fewer has room
				test.want = append([]string{"accepted by a restored=false"}, test.want...)
				test.dropped = 3
			}
			var lines []string
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			for e, err := range sub.Events(ctx) {
				if err == nil {
					lines = append(lines, line(e))
				}
			}
			wantLines(t, lines, test.want...)
			if sub.Dropped() != test.dropped || !errors.Is(sub.Err(), test.err) {
				t.Errorf("policy %d: dropped %d, err %v, want %d, %v", test.policy, sub.Dropped(), sub.Err(), test.dropped, test.err)
			}
		})
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		sub := following(t, c, l, nil)
		go func() { // an event every 10 ms for a second
			for n := range 100 {
				time.Sleep(10 * time.Millisecond)
				l.event("s1", fmt.Sprint(n))
			}
			time.Sleep(time.Second)
			l.event("s1", "100")
			l.cancel("s1", "u", "enough")
		}()
		started := time.Now()
		var batches, data int
		for batch, err := range sub.Batches(t.Context(), 105*time.Millisecond) {
			if err != nil {
				t.Fatal(err)
			}
			batches++
			for _, e := range batch {
				if d, ok := e.(bus.StreamData); ok {
					if string(d.Data) != fmt.Sprint(data) {
						t.Errorf("datum %s, want %d", d.Data, data)
					}
					data++
				}
			}
		}
		if data != 101 || batches < 10 || batches > 14 {
			t.Errorf("%d data in %d batches", data, batches)
		}
		if took := time.Since(started); took != 2*time.Second {
			t.Errorf("took %s: what comes after silence, and the end, must not wait", took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		sub := following(t, c, l, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var last error
		for _, err := range sub.Batches(ctx, time.Hour) {
			last = err
		}
		if !errors.Is(last, context.DeadlineExceeded) {
			t.Errorf("ended with %v", last)
		}
	})
}
