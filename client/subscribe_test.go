package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

const stream = `{"id":"0","name":"Ticks","flags":{"streaming":true}}`

// publishers announces peers that offer the stream.
func (l *link) publishers(ids ...string) {
	l.t.Helper()
	for _, id := range ids {
		l.peer(id, "App "+id)
		l.methods(id, stream)
	}
	synctest.Wait()
}

func (l *link) subscribed(f wire.Frame, id string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"subscribed","request_id":%s,"peer_id":"me","subscription_id":%q}`, f.RequestID, id)
}

func (l *link) event(id, data string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"event","peer_id":"me","subscription_id":%q,"oob":false,"sequence":null,"snapshot":null,"data":%s}`, id, data)
}

func (l *link) cancel(id, uri, reason string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"subscription-cancelled","peer_id":"me","subscription_id":%q,"reason_uri":%q,"reason":%q}`, id, uri, reason)
}

func subscribe(t *testing.T, c *client.Client, o *client.SubscribeOptions) <-chan outcome[*client.Subscription] {
	return later(func() (*client.Subscription, error) {
		return c.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, o)
	})
}

// following is a live subscription to publisher a.
func following(t *testing.T, c *client.Client, l *link, o *client.SubscribeOptions) *client.Subscription {
	t.Helper()
	l.publishers("a")
	done := subscribe(t, c, o)
	l.subscribed(l.want(wire.Subscribe), "s1")
	return (<-done).must(t)
}

func TestSubscribeFollows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, _, l := opened(t, client.Options{})
		l.publishers("a")
		done := subscribe(t, c, &client.SubscribeOptions{Args: map[string]any{"symbol": "VOD"}, OnEvent: h.on})
		f := l.want(wire.Subscribe)
		if string(f.ArgumentsKV) != `{"symbol":"VOD"}` || string(f.MethodID) != `"0"` || string(f.ServerID) != `"a"` {
			t.Errorf("subscribe %s", f.Bytes())
		}
		l.subscribed(f, "s1")
		l.event("s1", `{"n": 1.0}`)
		l.event("other", `{"n":2}`)
		l.send(`{"domain":"agm","type":"event","subscription_id":"s1","oob":true,"sequence":12345678901234567890,"snapshot":true}`)
		sub := (<-done).must(t)
		synctest.Wait()
		wantLines(t, h.take(), "accepted by a restored=false", `data from a private=false {"n": 1.0}`, "data from a private=true null")
		if got := sub.Servers(); len(got) != 1 || got[0].Application != "App a" {
			t.Errorf("servers %+v", got)
		}
		_ = sub.Close()
		un := l.want(wire.Unsubscribe)
		if string(un.SubscriptionID) != `"s1"` || string(un.Reason) != `"ClientInitiated"` {
			t.Errorf("unsubscribe %s", un.Bytes())
		}
		l.event("s1", `{"late":1}`)
		l.success(un)
		_ = sub.Close()
		synctest.Wait()
		wantLines(t, h.take(), "closed by a mine=true : ClientInitiated")
		if len(sub.Servers()) != 0 {
			t.Error("servers after close")
		}
	})
}

func TestSubscribeFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer func(l *link, f wire.Frame)
		took   time.Duration
		want   string
	}{
		"rejected as official publishers do": {
			answer: func(l *link, f wire.Frame) {
				l.fail(f, "com.tick42.agm.errors.subscription.failure", "Subscription rejected by user. not you")
			},
			want: "*client.RejectedError: subscribe \"Ticks\": subscription rejected by App a: not you",
		},
		"rejected without a reason": {
			answer: func(l *link, f wire.Frame) { l.fail(f, "u", "Subscription rejected by user. ") },
			want:   "*client.RejectedError: subscribe \"Ticks\": subscription rejected by App a",
		},
		"no answer": {
			answer: func(*link, wire.Frame) {},
			took:   5 * time.Second,
			want:   "*client.NoAnswerError: subscribe \"Ticks\": no answer from App a within 5s",
		},
		"publisher goes, and the gateway does not tell": {
			answer: func(l *link, _ wire.Frame) { l.gone("a") },
			want:   "*client.RejectedError: subscribe \"Ticks\": subscription rejected by App a: Peer has been removed",
		},
		"stream goes, and the gateway does not tell": {
			answer: func(l *link, _ wire.Frame) {
				l.cancel("never heard of", "agm.method-removed", "Method has been removed")
				l.send(`{"domain":"agm","type":"methods-removed","server_id":"a","methods":["0"]}`)
			},
			want: "*client.RejectedError: subscribe \"Ticks\": subscription rejected by App a: Method has been removed",
		},
		"connection ends": {
			answer: func(l *link, _ wire.Frame) { l.cut() },
			want:   "*client.LostError: subscribe \"Ticks\": connection lost: connection closed by the other side: code 1006",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var h heard
				c, _, l := opened(t, client.Options{})
				l.publishers("a")
				start := time.Now()
				done := subscribe(t, c, &client.SubscribeOptions{OnEvent: h.on, ResponseTimeout: 5 * time.Second})
				test.answer(l, l.want(wire.Subscribe))
				out := <-done
				if got := kind(out.err) + ": " + fmt.Sprint(out.err); got != test.want {
					t.Errorf("failed with %s\nwant %s", got, test.want)
				}
				if took := time.Since(start); took != test.took {
					t.Errorf("took %s", took)
				}
				wantLines(t, h.take())
			})
		})
	}
}

func kind(err error) string {
	if e := (*client.RejectedError)(nil); errors.As(err, &e) {
		return "*client.RejectedError"
	}
	if e := (*client.NoAnswerError)(nil); errors.As(err, &e) {
		return "*client.NoAnswerError"
	}
	if e := (*client.LostError)(nil); errors.As(err, &e) {
		return "*client.LostError"
	}
	return fmt.Sprintf("%T", err)
}

func TestSubscribeChecks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.peer("a", "Alpha")
		l.methods("a", `{"id":"1","name":"Ticks"}`) // a method of the stream's name
		synctest.Wait()
		for name, o := range map[string]*client.SubscribeOptions{
			"no stream": {WaitTimeout: -1},
			"skipMine":  {Target: bus.Target{Mode: bus.SkipMine}},
			"arguments": {Args: 7},
		} {
			if out := <-subscribe(t, c, o); out.err == nil {
				t.Errorf("%s was taken", name)
			}
		}
		l.silent(time.Second)
	})
}

func TestSubscribeGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.publishers("a")
		ctx, cancel := context.WithCancel(t.Context())
		done := later(func() (*client.Subscription, error) {
			return c.Subscribe(ctx, bus.MethodFilter{Name: "Ticks"}, nil)
		})
		f := l.want(wire.Subscribe)
		cancel()
		if out := <-done; !errors.Is(out.err, context.Canceled) {
			t.Errorf("err %v", out.err)
		}
		l.subscribed(f, "s1") // the publisher must not go on in vain
		if un := l.want(wire.Unsubscribe); string(un.SubscriptionID) != `"s1"` {
			t.Errorf("unsubscribe %s", un.Bytes())
		}
	})
}

func TestSubscriptionOfSeveralPublishers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, _, l := opened(t, client.Options{})
		l.publishers("a", "b", "c", "d")
		done := subscribe(t, c, &client.SubscribeOptions{
			Target: bus.Target{Mode: bus.All}, OnEvent: h.on, ResponseTimeout: time.Second,
		})
		a, b, third, d := l.want(wire.Subscribe), l.want(wire.Subscribe), l.want(wire.Subscribe), l.want(wire.Subscribe)
		l.fail(a, "u", "no")
		l.subscribed(b, "s2")
		sub := (<-done).must(t)
		l.subscribed(third, "s3")
		time.Sleep(2 * time.Second)
		l.subscribed(d, "s4") // after its time: it is told to stop
		if un := l.want(wire.Unsubscribe); string(un.SubscriptionID) != `"s4"` {
			t.Errorf("unsubscribe %s", un.Bytes())
		}
		l.cancel("s2", "", "night")
		l.event("s3", `{}`)
		synctest.Wait()
		if got := sub.Servers(); len(got) != 1 || got[0].PeerID != "c" {
			t.Errorf("servers %+v", got)
		}
		l.cancel("s3", "agm.peer-removed", "Peer has been removed")
		synctest.Wait()
		wantLines(t, h.take(), "accepted by b restored=false", "accepted by c restored=false", "left by b : night",
			"data from c private=false {}", "closed by c mine=false agm.peer-removed: Peer has been removed")
	})
}

func TestSubscriptionEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end  func(l *link, request wire.Frame)
		want string
	}{
		"dropped":          {func(l *link, _ wire.Frame) { l.cancel("s1", "", "desk closed") }, "closed by a mine=false : desk closed"},
		"publisher gone":   {func(l *link, _ wire.Frame) { l.gone("a") }, "closed by a mine=false agm.peer-removed: Peer has been removed"},
		"error afterwards": {func(l *link, f wire.Frame) { l.fail(f, "u", "changed my mind") }, "closed by a mine=false u: changed my mind"},
		"stream unregistered": {func(l *link, _ wire.Frame) {
			l.send(`{"domain":"agm","type":"methods-removed","server_id":"a","methods":["0"]}`)
		}, "closed by a mine=false agm.method-removed: Method has been removed"},
		"client closed": {func(l *link, _ wire.Frame) {}, "closed by a mine=true : ClientInitiated"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var h heard
				c, _, l := opened(t, client.Options{})
				l.publishers("a")
				done := subscribe(t, c, &client.SubscribeOptions{OnEvent: h.on})
				f := l.want(wire.Subscribe)
				l.subscribed(f, "s1")
				l.subscribed(f, "s1") // accepting twice changes nothing
				(<-done).must(t)
				test.end(l, f)
				l.gone("a") // and nothing ends it twice
				if name == "client closed" {
					_ = c.Close()
				}
				synctest.Wait()
				wantLines(t, h.take(), "accepted by a restored=false", test.want)
			})
		})
	}
}

func TestSubscriptionIsRestored(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		again func(l *link)
		want  []string
	}{
		"accepted": {func(l *link) {
			l.publishers("b")
			l.subscribed(l.want(wire.Subscribe), "s9")
			l.event("s9", `{"n":2}`)
		}, []string{"accepted by b restored=true", `data from b private=false {"n":2}`}},
		"refused": {func(l *link) {
			l.publishers("b")
			l.fail(l.want(wire.Subscribe), "u", "Subscription rejected by user. not again")
		}, []string{"closed by b mine=false u: not again"}},
		"silent publisher": {func(l *link) {
			l.publishers("b")
			l.want(wire.Subscribe)
			time.Sleep(time.Minute)
		}, []string{"closed by b mine=false : no answer from App b within 30s"}},
		"nobody": {
			func(*link) { time.Sleep(time.Minute) },
			[]string{`closed by  mine=false : no stream "Ticks" on the bus after 30s`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var h heard
				c, f, l := opened(t, client.Options{})
				following(t, c, l, &client.SubscribeOptions{Args: map[string]any{"k": 1}, OnEvent: h.on, WaitTimeout: -1})
				l.cut()
				l = f.link()
				l.accept()
				test.again(l)
				synctest.Wait()
				wantLines(t, h.take(), append([]string{"accepted by a restored=false", "lost"}, test.want...)...)
			})
		})
	}
}

func TestSubscriptionLostTwiceAndClosedWhileLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, f, l := opened(t, client.Options{})
		sub := following(t, c, l, &client.SubscribeOptions{Args: map[string]any{"k": 1}, OnEvent: h.on})
		l.cut()
		l = f.link()
		l.accept()
		l.publishers("a")
		l.want(wire.Subscribe)
		l.cut() // while it is being restored
		l = f.link()
		l.accept()
		l.publishers("a")
		again := l.want(wire.Subscribe)
		if string(again.ArgumentsKV) != `{"k":1}` {
			t.Errorf("restored with %s", again.ArgumentsKV)
		}
		l.subscribed(again, "s3")
		l.silent(time.Second) // it is asked for once
		l.cut()
		synctest.Wait()
		_ = sub.Close()
		l = f.link()
		l.accept()
		l.publishers("a")
		l.silent(time.Second)
		wantLines(t, h.take(), "accepted by a restored=false", "lost", "accepted by a restored=true", "lost",
			"closed by  mine=true : ClientInitiated")
	})
}

func TestSubscriptionCloseFromItsCallback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, _, l := opened(t, client.Options{})
		ready := make(chan *client.Subscription, 1)
		sub := following(t, c, l, &client.SubscribeOptions{OnEvent: func(e bus.Event) {
			h.on(e)
			if _, ok := e.(bus.StreamData); ok {
				_ = (<-ready).Close()
			}
		}})
		ready <- sub
		l.event("s1", `1`)
		l.event("s1", `2`)
		l.want(wire.Unsubscribe)
		synctest.Wait()
		wantLines(t, h.take(), "accepted by a restored=false", "data from a private=false 1", "closed by a mine=true : ClientInitiated")
	})
}

func TestNextQueuesAndDropsTheOldestData(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		sub := following(t, c, l, &client.SubscribeOptions{Buffer: 3})
		for i := range 10 {
			l.event("s1", fmt.Sprint(i))
		}
		l.cancel("s1", "", "enough")
		synctest.Wait()
		var got []string
		for {
			e, err := sub.Next(t.Context())
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, line(e))
		}
		wantLines(t, got, "accepted by a restored=false", "data from a private=false 9", "closed by a mine=false : enough")
		if n := sub.Dropped(); n != 9 {
			t.Errorf("dropped %d", n)
		}
		if _, err := sub.Next(t.Context()); !errors.Is(err, io.EOF) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestNextWaitsAndWakesEveryCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		sub := following(t, c, l, nil)
		next := func(ctx context.Context) <-chan outcome[bus.Event] {
			return later(func() (bus.Event, error) { return sub.Next(ctx) })
		}
		(<-next(t.Context())).must(t) // accepted
		ctx, cancel := context.WithCancel(t.Context())
		given := next(ctx)
		cancel()
		if out := <-given; !errors.Is(out.err, context.Canceled) {
			t.Errorf("given up: %v", out.err)
		}
		first, second := next(t.Context()), next(t.Context())
		synctest.Wait()
		l.event("s1", `1`)
		l.event("s1", `2`)
		(<-first).must(t)
		(<-second).must(t)
		first, second = next(t.Context()), next(t.Context())
		synctest.Wait()
		_ = sub.Close()
		a, b := <-first, <-second
		if (a.err == nil) == (b.err == nil) {
			t.Errorf("one gets the end, one EOF: %v, %v", a, b)
		}
	})
}
