package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// publish creates a stream and gives it with its method id.
func publish(t *testing.T, c *client.Client, l *link, o *client.StreamOptions) (*client.Stream, bus.MethodID) {
	t.Helper()
	done := later(func() (*client.Stream, error) {
		return c.CreateStream(t.Context(), bus.MethodDefinition{Name: "Ticks"}, o)
	})
	f := l.want(wire.Register)
	if !strings.Contains(string(f.Methods), `"streaming":true`) {
		t.Errorf("registered %s", f.Methods)
	}
	id := l.registered(f)
	return (<-done).must(t), id
}

func (l *link) interest(id bus.MethodID, subscription, args string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"add-interest","peer_id":"me","subscription_id":%q,"method_id":%s,"caller_id":"a",
		"arguments":null,"arguments_kv":%s,"flags":null,"context":null}`, subscription, id, args)
}

func (l *link) disinterest(subscription string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"remove-interest","peer_id":"me","subscription_id":%q,"reason_uri":"","reason":null}`, subscription)
}

// accepted gives the stream id that the client put a subscription on.
func (l *link) accepted(subscription string) string {
	l.t.Helper()
	f := l.want(wire.Accepted)
	if got, _ := wire.Text(f.SubscriptionID); got != subscription {
		l.t.Fatalf("accepted %s, want %s", f.Bytes(), subscription)
	}
	id, _ := wire.Text(f.StreamID)
	return id
}

// notes collects what happened, in order.
type notes struct {
	mu    sync.Mutex
	lines []string
}

func (n *notes) add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

func (n *notes) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := n.lines
	n.lines = nil
	return out
}

// watching are options that decide by the argument "on", and note what happens.
func watching(n *notes) *client.StreamOptions {
	return &client.StreamOptions{
		OnRequest: func(r *client.Request) {
			var args struct{ On, No string }
			_ = json.Unmarshal(r.Args, &args)
			switch {
			case args.No != "":
				r.Reject(args.No)
			case args.On != "":
				r.AcceptOnBranch(args.On)
			default:
				r.Accept()
			}
		},
		OnSubscribed:   func(s *client.Subscriber) { n.add("+%s", s.Args()) },
		OnUnsubscribed: func(s *client.Subscriber) { n.add("-%s", s.Args()) },
	}
}

func TestStreamBranchesAndPushes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notes
		c, _, l := opened(t, client.Options{})
		s, id := publish(t, c, l, watching(&n))
		if err := s.Push(map[string]any{"lost": 1}); err != nil {
			t.Error(err)
		}
		l.peer("a", "Alpha")
		l.interest(id, "s1", `null`)
		all := l.accepted("s1")
		l.interest(id, "s2", `{"on":"x"}`)
		x := l.accepted("s2")
		l.interest(id, "s3", `{"on":"x"}`)
		if again := l.accepted("s3"); again != x || x == all {
			t.Errorf("stream ids %s, %s, %s", all, x, again)
		}
		synctest.Wait()
		wantLines(t, n.take(), "+{}", `+{"on":"x"}`, `+{"on":"x"}`)

		for _, test := range []struct {
			name string
			push func() error
			want []string
		}{
			{"all", func() error { return s.Push(map[string]int{"n": 1}) }, []string{all, x}},
			{"one key", func() error { return s.Push(map[string]int{"n": 1}, "x") }, []string{x}},
			{"default key", func() error { return s.Push(map[string]int{"n": 1}, "") }, []string{all}},
			{"unknown key", func() error { return s.Push(map[string]int{"n": 1}, "zz", "x") }, []string{x}},
			{"branch", func() error { return s.Branch("x").Push(map[string]int{"n": 1}) }, []string{x}},
			{"nobody's branch", func() error { return s.Branch("zz").Push(map[string]int{"n": 1}) }, nil},
		} {
			if err := test.push(); err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			for _, want := range test.want {
				f := l.want(wire.Publish)
				if got, _ := wire.Text(f.StreamID); got != want || string(f.Data) != `{"n":1}` {
					t.Errorf("%s: %s", test.name, f.Bytes())
				}
			}
		}
		if err := s.Push([]int{1}); err == nil {
			t.Error("an array was pushed")
		}
		sub := s.Branch("x").Subscribers()[1]
		if err := sub.Push(json.RawMessage(`{"only": "you"}`)); err != nil {
			t.Error(err)
		}
		if f := l.want(wire.Post); string(f.SubscriptionID) != `"s3"` || string(f.Data) != `{"only": "you"}` {
			t.Errorf("post %s", f.Bytes())
		}
		if sub.Instance().Application != "Alpha" || sub.Branch().Key() != "x" || sub.Stream() != s {
			t.Errorf("subscriber %+v", sub)
		}
		if len(s.Subscribers()) != 3 || len(s.Branches()) != 2 {
			t.Errorf("%d subscribers, %d branches", len(s.Subscribers()), len(s.Branches()))
		}
		l.disinterest("s1")
		synctest.Wait()
		wantLines(t, n.take(), "-{}")
		if got := s.Branches(); len(got) != 1 || got[0].Key() != "x" {
			t.Errorf("branches %v", got)
		}
		l.silent(time.Second)
	})
}

func TestStreamRejects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notes
		c, _, l := opened(t, client.Options{})
		s, id := publish(t, c, l, watching(&n))
		l.interest(id, "r-1", `{"no":"not you"}`)
		if got, want := answered(l.any()), "com.tick42.agm.errors.subscription.failure|Subscription rejected by user. not you|{}"; got != want {
			t.Errorf("rejected with %s", got)
		}
		l.interest(id, "r-1", `{}`) // the id is free again
		l.accepted("r-1")
		l.interest(id, "r-1", `{}`) // and now it is not
		if got := answered(l.any()); !strings.Contains(got, "A subscription with id r-1 already exists.") {
			t.Errorf("rejected with %s", got)
		}
		l.invoke(id, "r-1", `{}`)
		if got := answered(l.any()); !strings.Contains(got, "Ticks is a stream.") {
			t.Errorf("invoked: %s", got)
		}
		if got := len(s.Subscribers()); got != 1 {
			t.Errorf("%d subscribers", got)
		}
	})
}

func TestStreamRequestSettledLaterAndOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notes
		requests := make(chan *client.Request, 4)
		c, f, l := opened(t, client.Options{})
		o := watching(&n)
		o.OnRequest = func(r *client.Request) { requests <- r }
		o.OnWithdrawn = func(r *client.Request) { n.add("?%s", r.Args) }
		_, id := publish(t, c, l, o)

		l.interest(id, "s1", `{}`)
		r := <-requests
		l.silent(time.Minute)
		r.AcceptOnBranch("late")
		r.Reject("no")
		r.Accept()
		l.accepted("s1")

		l.interest(id, "s2", `{"n":2}`)
		r = <-requests
		l.disinterest("s2") // the subscriber has gone meanwhile
		synctest.Wait()
		r.Accept()

		l.interest(id, "s3", `{"n":3}`)
		r = <-requests
		l.silent(time.Second)
		l.cut()
		l = f.link()
		l.accept()
		l.registered(l.want(wire.Register))
		r.Accept() // for a connection that is gone
		l.silent(time.Second)
		wantLines(t, n.take(), "+{}", `?{"n":2}`, `?{"n":3}`, "-{}")
	})
}

func TestStreamCallbacksHoldUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		c, _, l := opened(t, client.Options{})
		_, id := publish(t, c, l, &client.StreamOptions{OnRequest: func(r *client.Request) {
			<-release
			panic("bad")
		}})
		_, method := offer(t, c, l, "M", echo)
		l.interest(id, "r-1", `{}`)
		l.invoke(method, "r-2", `{}`)
		l.want(wire.Yield)
		close(release)
		if got := answered(l.any()); !strings.Contains(got, "panic: bad") {
			t.Errorf("answered %s", got)
		}
	})
}

func TestStreamEndings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end   func(ctx context.Context, s *client.Stream) error
		drops []string
		ended []string
	}{
		"subscriber": {func(_ context.Context, s *client.Stream) error {
			s.Subscribers()[0].Close()
			return nil
		}, []string{"s1 Server dropping a single subscription"}, []string{"-{}"}},
		"subscriber with a reason": {func(_ context.Context, s *client.Stream) error {
			sub := s.Subscribers()[0]
			sub.CloseWith("night")
			sub.Close()
			return sub.Push(map[string]any{})
		}, []string{"s1 night"}, []string{"-{}"}},
		"branch": {func(_ context.Context, s *client.Stream) error {
			s.Branch("x").Close()
			s.Branch("none").Close()
			return nil
		}, []string{"s2 Server dropping all subscriptions on stream_id: ID"}, []string{`-{"on":"x"}`}},
		"stream": {
			func(ctx context.Context, s *client.Stream) error { return s.Close(ctx) },
			[]string{"s1 Server dropping all subscriptions on stream_id: ID", "s2 Server dropping all subscriptions on stream_id: ID"},
			[]string{"-{}", `-{"on":"x"}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var n notes
				c, _, l := opened(t, client.Options{})
				s, id := publish(t, c, l, watching(&n))
				l.interest(id, "s1", `{}`)
				ids := []string{l.accepted("s1")}
				l.interest(id, "s2", `{"on":"x"}`)
				ids = append(ids, l.accepted("s2"))
				synctest.Wait()
				n.take()
				done := later(func() (int, error) { return 0, test.end(t.Context(), s) })
				var drops []string
				for range test.drops {
					f := l.want(wire.Drop)
					sub, _ := wire.Text(f.SubscriptionID)
					reason, _ := wire.Text(f.Reason)
					for _, stream := range ids {
						reason = strings.Replace(reason, "stream_id: "+stream, "stream_id: ID", 1)
					}
					drops = append(drops, sub+" "+reason)
				}
				if name == "stream" {
					l.success(l.want(wire.Unregister))
				}
				(<-done).must(t)
				synctest.Wait()
				ended := n.take()
				slices.Sort(drops)
				slices.Sort(ended)
				slices.Sort(test.ended)
				wantLines(t, drops, test.drops...)
				wantLines(t, ended, test.ended...)
				if name == "stream" {
					if err := s.Push(map[string]any{}); err == nil {
						t.Error("pushed to a closed stream")
					}
					if err := s.Close(t.Context()); err != nil {
						t.Errorf("closed twice: %v", err)
					}
				}
				l.silent(time.Second)
			})
		})
	}
}

func TestStreamOverALoss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n notes
		c, f, l := opened(t, client.Options{})
		s, id := publish(t, c, l, watching(&n))
		l.interest(id, "s1", `{}`)
		before := l.accepted("s1")
		old := s.Subscribers()[0]
		l.cut()
		l = f.link()
		l.accept()
		again := l.registered(l.want(wire.Register))
		synctest.Wait()
		wantLines(t, n.take(), "+{}", "-{}")
		old.Close()
		if err := old.Push(map[string]any{}); err != nil {
			t.Error(err)
		}
		_ = s.Push(map[string]any{})
		l.silent(time.Second)
		l.interest(again, "s1", `{}`)
		if after := l.accepted("s1"); after == before {
			t.Errorf("stream id %s again", after)
		}
		_ = s.Push(map[string]any{})
		l.want(wire.Publish)
	})
}

func TestPushWaitsForAGatewayThatDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		s, id := publish(t, c, l, nil)
		l.interest(id, "s1", `{}`)
		l.accepted("s1")
		const total = 450
		data := json.RawMessage(`{"pad":"` + strings.Repeat("x", 32<<10) + `"}`)
		pushed := 0
		done := later(func() (int, error) {
			for range total {
				if err := s.Push(data); err != nil {
					return 0, err
				}
				pushed++
			}
			return 0, nil
		})
		synctest.Wait() // the pusher waits now, and so does the writer
		if pushed < 50 || pushed == total {
			t.Errorf("%d pushed before it waited", pushed)
		}
		for range total {
			if _, err := l.conn.Read(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		(<-done).must(t)
	})
}

// TestStreamPushesNumbersAndSnapshotMarks: what is told is sent to the digit, and what
// is not told is no field.
func TestStreamPushesNumbersAndSnapshotMarks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		s, id := publish(t, c, l, nil)
		l.peer("a", "Alpha")
		l.interest(id, "s1", `{}`)
		l.accepted("s1")
		synctest.Wait()
		sub := s.Subscribers()[0]
		data := map[string]int{"n": 1}
		for _, test := range []struct {
			o                  *client.PushOptions
			sequence, snapshot string
		}{
			{nil, "", ""},
			{&client.PushOptions{}, "", ""},
			{&client.PushOptions{Sequence: "0"}, "0", ""},
			{&client.PushOptions{Sequence: "12345678901234567890", Snapshot: true}, "12345678901234567890", "true"},
			{&client.PushOptions{Sequence: "-1.5e3"}, "-1.5e3", ""},
			{&client.PushOptions{Snapshot: true}, "", "true"},
		} {
			for what, push := range map[string]func() error{
				wire.Publish: func() error { return s.PushWith(data, test.o) },
				"branch":     func() error { return s.Branch("").PushWith(data, test.o) },
				wire.Post:    func() error { return sub.PushWith(data, test.o) },
			} {
				if err := push(); err != nil {
					t.Errorf("%s %+v: %v", what, test.o, err)
				}
				if what == "branch" {
					what = wire.Publish
				}
				if f := l.want(what); string(f.Sequence) != test.sequence || string(f.Snapshot) != test.snapshot || string(f.Data) != `{"n":1}` {
					t.Errorf("%+v is sent as %s", test.o, f.Bytes())
				}
			}
		}
		for _, no := range []json.Number{"one", `"1"`, "1,2", "01", "+1", "-", " 1", "[1]", "null", "0x1"} {
			o := &client.PushOptions{Sequence: no}
			if s.PushWith(data, o) == nil || sub.PushWith(data, o) == nil {
				t.Errorf("sequence %q was pushed", no)
			}
		}
		l.silent(time.Second)
	})
}
