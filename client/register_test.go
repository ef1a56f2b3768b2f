package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// offer registers a method and gives it with its id on the wire.
func offer(t *testing.T, c *client.Client, l *link, name string, h client.Handler) (*client.Method, bus.MethodID) {
	t.Helper()
	done := later(func() (*client.Method, error) {
		return c.Register(t.Context(), bus.MethodDefinition{Name: name}, h)
	})
	id := l.registered(l.want(wire.Register))
	return (<-done).must(t), id
}

func (l *link) invoke(id bus.MethodID, invocation, args string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"invoke","peer_id":"me","invocation_id":%q,"method_id":%s,"caller_id":"a",
		"arguments":null,"arguments_kv":%s,"context":null}`, invocation, id, args)
}

func TestRegisterSendsTheDefinition(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		def := bus.MethodDefinition{
			Name: "Add", DisplayName: "Adds", Description: "a<b", Accepts: "int a", Returns: "int b",
			ObjectTypes: []string{"T"}, Version: 3, Flags: json.RawMessage(`{"x":1}`), Restrictions: "$user=='ann'",
			ID: `"own"`, Raw: json.RawMessage(`{}`),
		}
		done := later(func() (*client.Method, error) { return c.Register(t.Context(), def, echo) })
		f := l.want(wire.Register)
		id := l.registered(f)
		want := fmt.Sprintf(`[{"id":%s,"name":"Add","display_name":"Adds","description":"a<b","version":3,`+
			`"flags":{"streaming":false,"metadata":{"x":1}},"object_types":["T"],"input_signature":"int a",`+
			`"result_signature":"int b","restrictions":"$user=='ann'"}]`, id)
		if string(f.Methods) != want {
			t.Errorf("registered %s\nwant %s", f.Methods, want)
		}
		m := (<-done).must(t)
		if m.Definition().Name != "Add" || m.Definition().ID != "" {
			t.Errorf("definition %+v", m.Definition())
		}
		if got := c.Methods(bus.MethodFilter{Name: "Add"}); len(got) != 1 || !got[0].Mine || got[0].Method.Version != 3 || string(got[0].Method.Flags) != `{"x":1}` {
			t.Errorf("own methods %+v", got)
		}
	})
}

func TestRegisterChecks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		offer(t, c, l, "Taken", echo)
		for name, try := range map[string]func() error{
			"no name":    func() error { _, err := c.Register(t.Context(), bus.MethodDefinition{}, echo); return err },
			"no handler": func() error { _, err := c.Register(t.Context(), bus.MethodDefinition{Name: "X"}, nil); return err },
			"a stream": func() error {
				_, err := c.Register(t.Context(), bus.MethodDefinition{Name: "X", Streaming: true}, echo)
				return err
			},
			"bad flags": func() error {
				_, err := c.Register(t.Context(), bus.MethodDefinition{Name: "X", Flags: json.RawMessage(`{`)}, echo)
				return err
			},
			"taken by a stream": func() error {
				_, err := c.CreateStream(t.Context(), bus.MethodDefinition{Name: "Taken"}, nil)
				var taken *client.NameTakenError
				if err != nil && !errors.As(err, &taken) {
					t.Errorf("taken: %v", err)
				}
				return err
			},
		} {
			if try() == nil {
				t.Errorf("%s was taken", name)
			}
		}
		l.silent(time.Second)

		refused := later(func() (*client.Method, error) {
			return c.Register(t.Context(), bus.MethodDefinition{Name: "Refused"}, echo)
		})
		l.fail(l.want(wire.Register), "agm.errors.failure", "bad restrictions")
		var said *bus.Error
		if out := <-refused; !errors.As(out.err, &said) {
			t.Errorf("refused: %v", out.err)
		}
		offer(t, c, l, "Refused", echo) // the name is free again
	})
}

func TestRegisterBeforeLiveAndOverALoss(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		c := client.Open("ws://fake", &client.Options{Dial: f.dial})
		defer c.Close()
		done := later(func() (*client.Method, error) {
			return c.Register(t.Context(), bus.MethodDefinition{Name: "Early"}, echo)
		})
		l := f.link()
		l.accept()
		l.want(wire.Register)
		l.cut() // before it was answered
		l = f.link()
		l.accept()
		id := l.registered(l.want(wire.Register))
		(<-done).must(t)
		l.invoke(id, "r-1", `{"a":1}`)
		if got := l.want(wire.Yield); string(got.Result) != `{"a":1}` {
			t.Errorf("yield %s", got.Bytes())
		}
	})
}

func TestRegisterGivenUpIsTakenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		done := later(func() (*client.Method, error) {
			return c.Register(ctx, bus.MethodDefinition{Name: "M"}, echo)
		})
		register := l.want(wire.Register)
		cancel()
		if out := <-done; !errors.Is(out.err, context.Canceled) {
			t.Errorf("err %v", out.err)
		}
		l.want(wire.Unregister)
		id := l.registered(register) // the answer comes late
		synctest.Wait()
		l.invoke(id, "r-1", `{}`)
		if got := l.want(wire.Error); string(got.RequestID) != `"r-1"` {
			t.Errorf("answered %s", got.Bytes())
		}
	})
}

func TestUnregister(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, f, l := opened(t, client.Options{})
		m, id := offer(t, c, l, "M", echo)
		done := later(func() (int, error) { return 0, m.Unregister(t.Context()) })
		un := l.want(wire.Unregister)
		if string(un.Methods) != "["+string(id)+"]" {
			t.Errorf("unregister %s", un.Methods)
		}
		l.success(un)
		(<-done).must(t)
		if err := m.Unregister(t.Context()); err != nil {
			t.Errorf("twice: %v", err)
		}
		l.cut()
		l = f.link()
		l.accept()
		l.silent(time.Second) // nothing is restored
	})
}

func TestHandlerAnswers(t *testing.T) {
	t.Parallel()
	day := time.UnixMilli(1700000000123)
	for name, test := range map[string]struct {
		value any
		err   error
		want  string
	}{
		"object":     {value: map[string]any{"a": 1, "t": day}, want: `{"a":1,"t":"#T42_DATE#1700000000123"}`},
		"raw object": {value: json.RawMessage(`{"n": 1.00, "h":"<"}`), want: `{"n": 1.00, "h":"<"}`},
		"nil":        {value: nil, want: `{}`},
		"false":      {value: false, want: `{}`},
		"zero":       {value: 0.0, want: `{}`},
		"empty text": {value: "", want: `{}`},
		"text":       {value: "x", want: `{"_value":"x"}`},
		"array":      {value: []int{}, want: `{"_value":[]}`},
		"raw array":  {value: json.RawMessage(`[1, 2]`), want: `{"_value":[1, 2]}`},
		"date":       {value: client.Date{Time: day}, want: `"#T42_DATE#1700000000123"`},
		"time":       {value: day, want: `"#T42_DATE#1700000000123"`},
		"error":      {err: errors.New("boom"), want: `agm.errors.client_error|boom|{}`},
		"bus error":  {err: &bus.Error{URI: "u", Reason: "r", Context: json.RawMessage(`{"c":1}`)}, want: `u|r|{"c":1}`},
		"wrapped":    {err: fmt.Errorf("no: %w", &bus.Error{URI: "u", Reason: "r"}), want: `u|no: r|{}`},
		"no json":    {value: func() {}, want: `agm.errors.client_error|result: json: unsupported type: func()|{}`},
		"bad raw":    {value: json.RawMessage(`{`), want: `agm.errors.client_error|result: not valid json|{}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _, l := opened(t, client.Options{})
				_, id := offer(t, c, l, "M", func(context.Context, client.Call) (any, error) { return test.value, test.err })
				l.invoke(id, "r-1", `null`)
				got := answered(l.any())
				if got != test.want {
					t.Errorf("answered %s, want %s", got, test.want)
				}
			})
		})
	}
}

// answered is the result of a yield, or the parts of an error.
func answered(f wire.Frame) string {
	if f.Type == wire.Yield && string(f.InvocationID) == `"r-1"` {
		return string(f.Result)
	}
	uri, _ := wire.Text(f.ReasonURI)
	reason, _ := wire.Text(f.Reason)
	if f.Type != wire.Error || string(f.RequestID) != `"r-1"` {
		return string(f.Bytes())
	}
	return uri + "|" + reason + "|" + string(f.Context)
}

func TestHandlerSeesTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		calls := make(chan client.Call, 2)
		_, id := offer(t, c, l, "M", func(_ context.Context, call client.Call) (any, error) {
			calls <- call
			return nil, nil
		})
		l.invoke(id, "r-1", `null`)
		if call := <-calls; call.Caller.PeerID != "a" || call.Caller.Application != "" || string(call.Args) != `{}` || call.Method.ID != id {
			t.Errorf("unknown caller: %+v", call)
		}
		l.want(wire.Yield)
		l.peer("a", "Alpha")
		l.invoke(id, "r-2", `{"x": 1}`)
		if call := <-calls; call.Caller.Application != "Alpha" || string(call.Args) != `{"x": 1}` {
			t.Errorf("known caller: %+v", call)
		}
		l.want(wire.Yield)
	})
}

func TestHandlerPanicAndUnknownMethod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		_, id := offer(t, c, l, "M", func(context.Context, client.Call) (any, error) { panic("ouch") })
		l.invoke(id, "r-1", `{}`)
		if got, want := answered(l.any()), `agm.errors.client_error|panic: ouch|{}`; got != want {
			t.Errorf("panic: %s", got)
		}
		l.invoke(`99`, "r-1", `{}`)
		if got, want := answered(l.any()), `agm.errors.invocation.failure|No method with id 99 on this server.|{}`; got != want {
			t.Errorf("unknown: %s", got)
		}
		l.send(`{"domain":"agm","type":"add-interest","subscription_id":"r-1","method_id":%s,"caller_id":"a"}`, id)
		if got, want := answered(l.any()), `com.tick42.agm.errors.subscription.failure|M is no stream.|{}`; got != want {
			t.Errorf("no stream: %s", got)
		}
	})
}

func TestHandlersDoNotHoldUpTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, f, l := opened(t, client.Options{})
		ended := make(chan error, 1)
		_, id := offer(t, c, l, "Slow", func(ctx context.Context, call client.Call) (any, error) {
			if string(call.Args) == `{"quick":1}` {
				return nil, nil
			}
			<-ctx.Done()
			ended <- ctx.Err()
			return "too late", nil
		})
		l.invoke(id, "r-1", `{}`)
		l.invoke(id, "r-2", `{"quick":1}`)
		if got := l.want(wire.Yield); string(got.InvocationID) != `"r-2"` {
			t.Errorf("answered %s", got.Bytes())
		}
		l.cut()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("context ended with %v", err)
		}
		l = f.link()
		l.accept()
		l.registered(l.want(wire.Register))
		l.silent(time.Second) // the late answer is dropped
	})
}

func TestCloseWaitsForHandlersButNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		release := make(chan struct{})
		_, id := offer(t, c, l, "Deaf", func(context.Context, client.Call) (any, error) {
			<-release
			return nil, nil
		})
		l.invoke(id, "r-1", `{}`)
		synctest.Wait()
		closed := later(func() (int, error) { return 0, c.Close() })
		start := time.Now()
		l.success(l.want(wire.Leave))
		(<-closed).must(t)
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("close took %s", took)
		}
		close(release)
	})
}
