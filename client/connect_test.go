package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

func TestDialLogsInAndTellsInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		var h heard
		dialled := later(func() (*client.Client, error) {
			return client.Dial(t.Context(), "ws://fake/gw3", &client.Options{
				Application: "Tester", User: "ann", Password: "pw",
				Identity: map[string]any{"region": "EMEA", "process": 7}, OnEvent: h.on, Dial: f.dial,
			})
		})
		l := f.link()
		hello := l.want(wire.Hello)
		var identity map[string]any
		_ = json.Unmarshal(hello.Identity, &identity)
		for key, want := range map[string]any{"application": "Tester", "applicationName": "Tester", "region": "EMEA", "process": 7.0} {
			if identity[key] != want {
				t.Errorf("identity %s = %v, want %v", key, identity[key], want)
			}
		}
		if got, want := string(hello.Authentication), `{"login":"ann","method":"secret","secret":"pw"}`; got != want {
			t.Errorf("authentication %s, want %s", got, want)
		}
		l.send(`{"domain":"global","type":"welcome","request_id":%s,"peer_id":"me"}`, hello.RequestID)
		l.send(`{"domain":"global","type":"context-added","context_id":"c","name":"x"}`)
		join := l.want(wire.Join)
		if string(join.PeerID) != `"me"` || string(join.Destination) != `"agm"` {
			t.Errorf("join %s", join.Bytes())
		}
		l.peer("a", "Alpha")
		l.methods("a", `{"id":1,"name":"M"}`)
		l.success(join)
		c := (<-dialled).must(t)
		defer c.Close()
		wantLines(t, h.take(),
			"connecting, try 1", "server me mine=true", "server a mine=false", "methods a [M]",
			"live as me, 0 registrations, 0 subscriptions")
		if self := c.Self(); self.Application != "Tester" || self.Region != "EMEA" {
			t.Errorf("self %+v: without a resolved identity it is the one we sent", self)
		}
	})
}

func TestDialReturnsTheFirstFailure(t *testing.T) {
	t.Parallel()
	t.Run("nobody listens", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.refuse = []error{io.ErrUnexpectedEOF}
			_, err := client.Dial(t.Context(), "ws://fake", &client.Options{Dial: f.dial})
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("err %v", err)
			}
		})
	})
	t.Run("refused", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			dialled := later(func() (*client.Client, error) {
				return client.Dial(t.Context(), "ws://fake", &client.Options{Dial: f.dial})
			})
			l := f.link()
			l.fail(l.want(wire.Hello), "global.errors.authentication.failure", "no such user")
			out := <-dialled
			var refused *client.RefusedError
			if !errors.As(out.err, &refused) || refused.Err.Reason != "no such user" {
				t.Errorf("err %v", out.err)
			}
		})
	})
	t.Run("silent gateway", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			start := time.Now()
			_, err := client.Dial(t.Context(), "ws://fake", &client.Options{Dial: f.dial})
			if took := time.Since(start); err == nil || took != 20*time.Second {
				t.Errorf("err %v after %s", err, took)
			}
		})
	})
	t.Run("given up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := client.Dial(ctx, "ws://fake", &client.Options{Dial: f.dial})
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("err %v", err)
			}
		})
	})
}

func TestAlreadySeenIsRetriedOnTheSameSocket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		c := client.Open("ws://fake", &client.Options{Dial: f.dial})
		defer c.Close()
		l := f.link()
		for range 30 { // longer than any time limit of the log-in
			asked := time.Now()
			l.fail(l.want(wire.Hello), "global.errors.already_seen", "Hello already received once")
			synctest.Wait()
			if time.Since(asked) > time.Second {
				t.Fatalf("asked again after %s", time.Since(asked))
			}
		}
		l.accept()
		if err := c.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if n := len(f.dialled()); n != 1 {
			t.Errorf("%d sockets", n)
		}
	})
}

func TestRefusalWaitsForRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		var h heard
		c := client.Open("ws://fake", &client.Options{Dial: f.dial, OnEvent: h.on})
		defer c.Close()
		c.Retry() // nothing to retry yet
		l := f.link()
		l.fail(l.want(wire.Hello), "global.errors.authentication.failure", "wrong password")
		var refused *client.RefusedError
		if err := c.Ready(t.Context()); !errors.As(err, &refused) {
			t.Fatalf("ready: %v", err)
		}
		time.Sleep(time.Hour)
		if n := len(f.dialled()); n != 1 {
			t.Fatalf("%d tries after a refusal", n)
		}
		c.Retry()
		f.link().accept()
		if err := c.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantLines(t, h.take(), "connecting, try 1", "refused after try 1: log-in refused: wrong password",
			"connecting, try 1", "server me mine=true", "live as me, 0 registrations, 0 subscriptions")
	})
}

func TestBackoffDoublesWithJitter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		for range 8 {
			f.refuse = append(f.refuse, io.EOF)
		}
		var due []time.Time
		c := client.Open("ws://fake", &client.Options{
			Dial: f.dial, RetryMin: time.Second, RetryMax: 10 * time.Second,
			OnEvent: func(e bus.Event) {
				if change, ok := e.(bus.ConnChanged); ok && change.State == bus.Lost {
					due = append(due, change.RetryAt)
				}
			},
		})
		defer c.Close()
		f.link().accept()
		_ = c.Ready(t.Context())
		at := f.dialled()
		full := time.Second
		for i := 1; i < len(at); i++ {
			pause := at[i].Sub(at[i-1])
			if pause < full/2 || pause > full {
				t.Errorf("pause %d was %s, want %s to %s", i, pause, full/2, full)
			}
			if !at[i].Equal(due[i-1]) {
				t.Errorf("try %d came at %s, announced for %s", i+1, at[i], due[i-1])
			}
			full = min(2*full, 10*time.Second)
		}
	})
}

func TestRetryCutsThePauseShort(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.refuse = []error{io.EOF}
		c := client.Open("ws://fake", &client.Options{Dial: f.dial, RetryMin: time.Hour})
		defer c.Close()
		synctest.Wait()
		start := time.Now()
		c.Retry()
		f.link().accept()
		if err := c.Ready(t.Context()); err != nil || time.Since(start) > 0 {
			t.Errorf("live after %s, %v", time.Since(start), err)
		}
	})
}

func TestGatewayThatDropsIsNotAskedInALoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		c := client.Open("ws://fake", &client.Options{Dial: f.dial, RetryMin: time.Second})
		defer c.Close()
		for range 6 {
			l := f.link()
			l.accept()
			l.cut()
		}
		synctest.Wait()
		at := f.dialled()
		if first := at[1].Sub(at[0]); first != 0 {
			t.Errorf("the first retry came after %s, want at once", first)
		}
		if sixth := at[5].Sub(at[4]); sixth < 4*time.Second {
			t.Errorf("the fifth retry came after %s", sixth)
		}
	})
}

func TestLossResetsAndRestores(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, f, l := opened(t, client.Options{OnEvent: h.on})
		l.peer("a", "Alpha")
		l.methods("a", `{"id":"x","name":"Slow"}`)
		registered := later(func() (*client.Method, error) {
			return c.Register(t.Context(), bus.MethodDefinition{Name: "Mine"}, echo)
		})
		first := l.registered(l.want(wire.Register))
		(<-registered).must(t)
		asked := later(func() (*client.Result, error) {
			return c.Invoke(t.Context(), bus.MethodFilter{Name: "Slow"}, nil, nil)
		})
		l.want(wire.Call)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		h.take()
		lostAt := time.Now()
		l.cut()

		var lost *client.LostError
		if r := (<-asked).must(t).First(); !errors.As(r.Err, &lost) || r.Server.PeerID != "a" {
			t.Errorf("invocation under way ended with %v", r.Err)
		}
		l = f.link()
		if time.Since(lostAt) != 0 {
			t.Errorf("first retry after %s", time.Since(lostAt))
		}
		if n := len(c.Servers()); n != 0 {
			t.Errorf("%d servers while there is no connection", n)
		}
		l.accept()
		if again := l.registered(l.want(wire.Register)); again == first {
			t.Errorf("method id %s again after a reconnect", again)
		}
		if err := c.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantLines(t, h.take(),
			"methods me [Mine] gone reset=true", "server me gone reset=true: reset",
			"methods a [Slow] gone reset=true", "server a gone reset=true: reset",
			"lost after try 0: connection closed by the other side: code 1006",
			"connecting, try 1", "server me mine=true", "methods me [Mine]",
			"live as me, 1 registrations, 0 subscriptions")
	})
}

func TestOddMessagesAreTolerated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, _, l := opened(t, client.Options{OnEvent: h.on})
		h.take()
		for _, odd := range []string{
			"Unexpected end of JSON input", "", "[]", "null", "5", "{}", "\xff",
			`{"domain":null,"type":"error","request_id":-1,"peer_id":null,"reason":"?"}`,
			`{"domain":"global","type":"error","request_id":null,"reason":{"a":1}}`,
			`{"domain":"agm","type":"success"}`, `{"domain":"agm","type":"brand-new"}`,
			`{"type":7}`, `{"domain":"agm","type":"peer-added"}`,
			`{"domain":"agm","type":"methods-added","server_id":"nobody","methods":[{"id":1,"name":"x"}]}`,
			`{"domain":"agm","type":"methods-added","server_id":"me","methods":null}`,
			`{"domain":"agm","type":"methods-removed","server_id":"nobody","methods":["1"]}`,
			`{"domain":"agm","type":"peer-removed","removed_id":"nobody"}`,
			`{"domain":"agm","type":"event","subscription_id":"none","data":{}}`,
			`{"domain":"agm","type":"subscription-cancelled","subscription_id":"none"}`,
			`{"domain":"agm","type":"remove-interest","subscription_id":"none"}`,
			`{"domain":"bus","type":"event","subscription_id":"none","data":{}}`,
		} {
			l.send("%s", odd)
		}
		l.send(`{"domain":"agm","type":"peer-added","new_peer_id":"b","identity":null,"meta":null}`)
		l.methods("b", `{"id":0,"name":"Bare","flags":null,"object_types":null,"version":null,
			"input_signature":null,"display_name":null}`, `{"name":"no id"}`, `7`)
		synctest.Wait()
		wantLines(t, h.take(), "server b mine=false", "methods b [Bare]")
		got := c.Methods(bus.MethodFilter{Name: "bare"})
		if len(got) != 1 || got[0].Method.ID != "0" || !got[0].Server.Local {
			t.Errorf("methods %+v", got)
		}
	})
}

func TestDirectoryFollowsAnnouncements(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, _, l := opened(t, client.Options{OnEvent: h.on})
		h.take()
		l.peer("a", "Alpha")
		l.peer("a", "Alpha again")
		l.methods("a", `{"id":1,"name":"One"}`, `{"id":"1","name":"Text one"}`)
		l.methods("a", `{"id":1,"name":"One"}`)
		l.methods("a", `{"id":1,"name":"Uno"}`)
		l.send(`{"domain":"agm","type":"methods-removed","server_id":"a","methods":["1","9"]}`)
		synctest.Wait()
		wantLines(t, h.take(), "server a mine=false", "methods a [One Text one]",
			"methods a [One] gone reset=false", "methods a [Uno]", "methods a [Text one] gone reset=false")
		l.gone("a")
		synctest.Wait()
		wantLines(t, h.take(), "methods a [Uno] gone reset=false", "server a gone reset=false: Peer has been removed")
		if got := c.Servers(); len(got) != 1 || got[0].PeerID != "me" {
			t.Errorf("servers %+v", got)
		}
	})
}

func TestPings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, _, l := opened(t, client.Options{PingEvery: 5 * time.Second})
		start := time.Now()
		msg, err := l.conn.Read(t.Context())
		if err != nil || string(msg) != `{"type":"ping"}` || time.Since(start) != 5*time.Second {
			t.Errorf("read %s, %v after %s", msg, err, time.Since(start))
		}
	})
}

// halfOpen is a connection whose other side has vanished without a word.
type halfOpen struct {
	client.Conn
	deafToPings, stuck bool
}

func (h *halfOpen) Ping(ctx context.Context) error {
	if h.deafToPings {
		<-ctx.Done()
	}
	return ctx.Err()
}

func (h *halfOpen) Write(ctx context.Context, msg []byte) error {
	if f, _ := wire.Peek(msg); h.stuck && f.Type == wire.Ping {
		<-ctx.Done()
		return ctx.Err()
	}
	return h.Conn.Write(ctx, msg)
}

func TestDeadConnectionsAreFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		conn  halfOpen
		after time.Duration
		why   string
	}{
		"pings unanswered": {halfOpen{deafToPings: true}, 20 * time.Second, "lost after try 0: ping: context deadline exceeded"},
		"writes stuck":     {halfOpen{stuck: true}, 40 * time.Second, "lost after try 0: nothing could be sent for 30s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				var h heard
				c := client.Open("ws://fake", &client.Options{
					PingEvery: 10 * time.Second, OnEvent: h.on,
					Dial: func(ctx context.Context, url string) (client.Conn, error) {
						conn, err := f.dial(ctx, url)
						return &halfOpen{Conn: conn, deafToPings: test.conn.deafToPings, stuck: test.conn.stuck}, err
					},
				})
				defer c.Close()
				f.link().accept()
				_ = c.Ready(t.Context())
				start := time.Now()
				h.take()
				f.link()
				if took := time.Since(start); took != test.after {
					t.Errorf("found after %s, want %s", took, test.after)
				}
				wantLines(t, h.take(), "server me gone reset=true: reset", test.why, "connecting, try 1")
			})
		})
	}
}

func TestCloseLeavesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var h heard
		c, _, l := opened(t, client.Options{OnEvent: h.on})
		waiting := later(func() (*client.Result, error) {
			return c.Invoke(t.Context(), bus.MethodFilter{Name: "Never"}, nil, nil)
		})
		synctest.Wait()
		h.take()
		closed := later(func() (int, error) { return 0, c.Close() })
		if out := <-waiting; !errors.Is(out.err, client.ErrClosed) {
			t.Errorf("invocation that waited: %v", out.err)
		}
		leave := l.want(wire.Leave)
		l.success(leave)
		if _, err := l.conn.Read(t.Context()); !errors.Is(err, io.EOF) {
			t.Errorf("after leave: %v", err)
		}
		<-closed
		wantLines(t, h.take(), "server me gone reset=true: reset", "closed, try 0")
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := c.Ready(t.Context()); !errors.Is(err, client.ErrClosed) {
			t.Errorf("ready after close: %v", err)
		}
		if _, err := c.Register(t.Context(), bus.MethodDefinition{Name: "X"}, echo); !errors.Is(err, client.ErrClosed) {
			t.Errorf("register after close: %v", err)
		}
	})
}

// The WebSocket's goodbye takes a moment, in which the connection is gone already.
func TestCloseMakesNoOtherConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		slow := func(ctx context.Context, url string) (client.Conn, error) {
			conn, err := f.dial(ctx, url)
			return slowToClose{conn}, err
		}
		c := client.Open("ws://fake", &client.Options{Dial: slow})
		l := f.link()
		l.accept()
		synctest.Wait()
		closed := later(func() (int, error) { return 0, c.Close() })
		l.success(l.want(wire.Leave))
		<-closed
		if at := f.dialled(); len(at) != 1 {
			t.Errorf("dialled %d times, want once", len(at))
		}
	})
}

type slowToClose struct{ client.Conn }

func (c slowToClose) Close(code int, reason string) error {
	err := c.Conn.Close(code, reason)
	if code != wire.CodeCut {
		time.Sleep(time.Second)
	}
	return err
}

func TestCloseDoesNotWaitForASilentGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, _ := opened(t, client.Options{})
		start := time.Now()
		_ = c.Close()
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("close took %s", took)
		}
	})
}

func echo(_ context.Context, call client.Call) (any, error) { return call.Args, nil }
