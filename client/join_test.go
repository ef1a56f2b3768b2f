package client_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

func join(t *testing.T, sub *client.Subscription) <-chan outcome[[]bus.Instance] {
	return later(func() ([]bus.Instance, error) { return sub.Join(t.Context()) })
}

// Who came back and who came later is asked into the subscription by Join alone; who
// refuses, or keeps silent, is named in the error, and ends nothing.
func TestJoin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, _, l := opened(t, client.Options{})
		l.publishers("a", "b")
		done := subscribe(t, c, &client.SubscribeOptions{
			Args: symbol("VOD"), Target: bus.Target{Mode: bus.All}, OnEvent: h.on, ResponseTimeout: time.Second,
		})
		l.subscribed(l.want(wire.Subscribe), "s1")
		l.subscribed(l.want(wire.Subscribe), "s2")
		sub := (<-done).must(t)
		if got := (<-join(t, sub)).must(t); len(got) != 0 {
			t.Errorf("joined %+v, but nobody was left", got)
		}
		l.cancel("s2", "agm.peer-removed", "Peer has been removed")
		l.gone("b")
		l.publishers("b2", "c", "d")
		l.silent(time.Minute)
		h.take()

		joining := join(t, sub)
		back, refusing, silent := l.want(wire.Subscribe), l.want(wire.Subscribe), l.want(wire.Subscribe)
		if string(back.ServerID) != `"b2"` || string(back.ArgumentsKV) != `{"symbol":"VOD"}` {
			t.Errorf("asks %s", back.Bytes())
		}
		synctest.Wait()
		if _, err := sub.Join(t.Context()); err == nil {
			t.Error("joins a second time while the others are asked")
		}
		l.subscribed(back, "s3")
		l.fail(refusing, "u", "Subscription rejected by user. not you")
		o := <-joining
		if len(o.value) != 1 || o.value[0].PeerID != "b2" {
			t.Errorf("joined %+v", o.value)
		}
		var rejected *client.RejectedError
		var late *client.NoAnswerError
		if !errors.As(o.err, &rejected) || rejected.Server.PeerID != "c" || rejected.Reason != "not you" ||
			!errors.As(o.err, &late) || late.Server.PeerID != "d" {
			t.Errorf("says %v", o.err)
		}
		l.subscribed(silent, "s4") // after its time
		if un := l.want(wire.Unsubscribe); string(un.SubscriptionID) != `"s4"` {
			t.Errorf("unsubscribe %s", un.Bytes())
		}
		l.event("s3", `{}`)
		l.event("s1", `{}`)
		synctest.Wait()
		wantLines(t, h.take(), "accepted by b2 restored=false joined", "data from b2 private=false {}", "data from a private=false {}")
		l.cancel("s1", "", "night")
		l.cancel("s3", "", "night")
		synctest.Wait()
		wantLines(t, h.take(), "left by a : night", "closed by b2 mine=false : night")
		if _, err := sub.Join(t.Context()); !errors.Is(err, client.ErrClosed) {
			t.Errorf("joins what is over: %v", err)
		}
	})
}

// The last publisher may leave while another is asked: the subscription waits for that
// one's word, as it does at first.
func TestJoinWhileTheLastLeaves(t *testing.T) {
	t.Parallel()
	for name, accepts := range map[string]bool{"and it accepts": true, "and it refuses": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var h heard
				c, _, l := opened(t, client.Options{})
				sub := following(t, c, l, &client.SubscribeOptions{Target: bus.Target{Mode: bus.All}, OnEvent: h.on})
				l.publishers("b")
				joining := join(t, sub)
				f := l.want(wire.Subscribe)
				l.cancel("s1", "", "night")
				if accepts {
					l.subscribed(f, "s2")
					(<-joining).must(t)
					wantLines(t, h.take(), "accepted by a restored=false", "left by a : night", "accepted by b restored=false joined")
					return
				}
				l.fail(f, "u", "no")
				if o := <-joining; o.err == nil {
					t.Error("no error")
				}
				synctest.Wait()
				wantLines(t, h.take(), "accepted by a restored=false", "left by a : night", "closed by b mine=false u: no")
			})
		})
	}
}

// A join ends with its context, with the connection and with its subscription; a
// subscription to the best takes in nobody.
func TestJoinEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end  func(l *link, sub *client.Subscription, cancel func())
		want string
	}{
		"by its context":        {func(_ *link, _ *client.Subscription, cancel func()) { cancel() }, "join \"Ticks\": context canceled"},
		"with the connection":   {func(l *link, _ *client.Subscription, _ func()) { l.cut() }, "join \"Ticks\": connection lost: while others were asked to join"},
		"with its subscription": {func(_ *link, sub *client.Subscription, _ func()) { _ = sub.Close() }, "join \"Ticks\": client is closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _, l := opened(t, client.Options{})
				sub := following(t, c, l, &client.SubscribeOptions{Target: bus.Target{Mode: bus.All}, OnEvent: func(bus.Event) {}})
				l.publishers("b")
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				joining := later(func() ([]bus.Instance, error) { return sub.Join(ctx) })
				l.want(wire.Subscribe)
				test.end(l, sub, cancel)
				if o := <-joining; o.err == nil || o.err.Error() != test.want {
					t.Errorf("says %v, want %s", o.err, test.want)
				}
			})
		})
	}
	t.Run("before it begins, where the best is meant", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c, _, l := opened(t, client.Options{})
			sub := following(t, c, l, nil)
			l.publishers("b")
			if got := (<-join(t, sub)).must(t); len(got) != 0 {
				t.Errorf("joined %+v", got)
			}
			l.silent(time.Minute)
		})
	})
}

// TestJoinOnAGateway: a publisher that was gone sends to the subscription that ran on,
// and after a lost connection all are asked once.
func TestJoinOnAGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var heard heard
		first, second := h.join(t, "First", client.Options{}), h.join(t, "Second", client.Options{})
		ticks := newTicker(t, first, nil)
		newTicker(t, second, nil)
		reader := h.join(t, "Reader", client.Options{})
		sub, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{
			Args: symbol("A"), Target: bus.Target{Mode: bus.All}, OnEvent: heard.on,
		})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		_ = second.Close()
		synctest.Wait()
		second = h.join(t, "Second", client.Options{})
		again := newTicker(t, second, nil)
		synctest.Wait()
		heard.take()
		if joined, err := sub.Join(t.Context()); err != nil || len(joined) != 1 || joined[0].Application != "Second" {
			t.Fatalf("joined %+v, %v", joined, err)
		}
		_, _ = again.Push(map[string]any{"n": 1}), ticks.Push(map[string]any{"n": 2})
		synctest.Wait()
		if got := heard.take(); len(got) != 3 {
			t.Errorf("heard %q", got)
		}
		h.cut("Reader")
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := sub.Servers(); len(got) != 2 {
			t.Errorf("restored at %+v", got)
		}
		if n := len(again.Subscribers()); n != 1 {
			t.Errorf("%d subscriptions at the publisher", n)
		}
	})
}
