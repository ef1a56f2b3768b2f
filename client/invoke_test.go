package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

func invoke(c *client.Client, t *testing.T, name string, args any, o *client.InvokeOptions) <-chan outcome[*client.Result] {
	return later(func() (*client.Result, error) {
		return c.Invoke(t.Context(), bus.MethodFilter{Name: name}, args, o)
	})
}

func (l *link) result(call wire.Frame, value string) {
	l.t.Helper()
	l.send(`{"domain":"agm","type":"result","peer_id":"me","request_id":%s,"result":%s}`, call.RequestID, value)
}

func TestInvokeKeepsBytesAndIDs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.peer("a", "Alpha")
		l.methods("a", `{"id":7,"name":"Get"}`)
		args := json.RawMessage(`{"n": 12345678901234567890.10, "s":"<&>"}`)
		done := invoke(c, t, "get", args, nil)
		call := l.want(wire.Call)
		if got, want := string(call.MethodID), "7"; got != want {
			t.Errorf("method id %s, want %s", got, want)
		}
		if string(call.ArgumentsKV) != string(args) || call.Arguments != nil {
			t.Errorf("arguments %s", call.Bytes())
		}
		time.Sleep(3 * time.Second)
		l.result(call, `{"big":  9007199254740993}`)
		r := (<-done).must(t).First()
		if string(r.Value) != `{"big":  9007199254740993}` || r.Err != nil || r.Took != 3*time.Second || r.Server.Application != "Alpha" {
			t.Errorf("return %+v", r)
		}
	})
}

func TestInvokeAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.peer("a", "Alpha")
		l.methods("a", `{"id":"0","name":"Get"}`)
		for _, test := range []struct{ name, answer, value, err string }{
			{"null", `"type":"result","result":null`, `null`, ""},
			{"absent", `"type":"result"`, `null`, ""},
			{"scalar", `"type":"result","result":5`, `5`, ""},
			{"error", `"type":"error","reason_uri":"u","reason":"no","context":{"a":1}`, "", "u|no|{\"a\":1}"},
			{"error of nulls", `"type":"error","reason_uri":null,"reason":null,"context":null`, "", "||"},
			{"reason of another type", `"type":"error","reason":{"code":5}`, "", "|{\"code\":5}|"},
		} {
			done := invoke(c, t, "Get", nil, nil)
			call := l.want(wire.Call)
			if string(call.ArgumentsKV) != `{}` {
				t.Errorf("no arguments went as %s", call.ArgumentsKV)
			}
			l.send(`{"domain":"agm",%s,"request_id":%s}`, test.answer, call.RequestID)
			r := (<-done).must(t).First()
			said := ""
			if e := (*bus.Error)(nil); errors.As(r.Err, &e) {
				said = fmt.Sprintf("%s|%s|%s", e.URI, e.Reason, e.Context)
			}
			if string(r.Value) != test.value || said != test.err {
				t.Errorf("%s: %s, %q", test.name, r.Value, said)
			}
		}
	})
}

func TestInvokeWaitsForAMethod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		start := time.Now()
		done := invoke(c, t, "Late", nil, &client.InvokeOptions{WaitTimeout: time.Minute})
		time.Sleep(time.Second + time.Millisecond)
		l.peer("a", "Alpha")
		l.methods("a", `{"id":"0","name":"Late"}`)
		l.result(l.want(wire.Call), "{}")
		(<-done).must(t)
		if took := time.Since(start); took != time.Second+time.Millisecond {
			t.Errorf("took %s: it must wake at the announcement", took)
		}
	})
}

func TestInvokeWithoutAMethod(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		target  bus.Target
		wait    time.Duration
		took    time.Duration
		offered bool
	}{
		{name: "default", took: bus.DefaultTimeout},
		{name: "two seconds", wait: 2 * time.Second, took: 2 * time.Second},
		{name: "no waiting", wait: -1},
		{name: "other target", wait: -1, target: bus.TargetPeer("zz"), offered: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _, l := opened(t, client.Options{})
				name := "Nope"
				if test.offered {
					name = "Get"
				}
				l.peer("a", "Alpha")
				l.methods("a", `{"id":"0","name":"Get"}`)
				synctest.Wait()
				start := time.Now()
				_, err := c.Invoke(t.Context(), bus.MethodFilter{Name: name}, nil, &client.InvokeOptions{Target: test.target, WaitTimeout: test.wait})
				var none *client.NoMethodError
				if !errors.As(err, &none) || none.Offered != test.offered || time.Since(start) != test.took {
					t.Errorf("%v after %s", err, time.Since(start))
				}
				l.silent(time.Second)
			})
		})
	}
}

func TestInvokeTargets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		target bus.Target
		want   []string
	}{
		{"best", bus.Target{}, []string{"me"}},
		{"all", bus.Target{Mode: bus.All}, []string{"me", "a", "b"}},
		{"skipMine", bus.Target{Mode: bus.SkipMine}, []string{"a", "b"}},
		{"one", bus.TargetPeer("b"), []string{"b"}},
		{"twice", bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: "beta"}, {PeerID: "a"}, {PeerID: "b"}}}, []string{"b", "a", "b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _, l := opened(t, client.Options{})
				l.methods("me", `{"id":"5","name":"Get"}`, `{"id":"6","name":"GET"}`)
				l.peer("a", "Alpha")
				l.peer("b", "Beta")
				l.methods("a", `{"id":"0","name":"Get"}`)
				l.methods("b", `{"id":"0","name":"Get"}`)
				synctest.Wait()
				var sent []string
				done := invoke(c, t, "Get", nil, &client.InvokeOptions{Target: test.target, OnSent: func(to []bus.Instance) {
					for _, i := range to {
						sent = append(sent, string(i.PeerID))
					}
				}})
				for range test.want {
					call := l.want(wire.Call)
					server, _ := wire.Text(call.ServerID)
					l.result(call, fmt.Sprintf(`{"from":%q,"id":%s}`, server, call.MethodID))
				}
				var got []string
				for _, r := range (<-done).must(t).Returns {
					got = append(got, string(r.Server.PeerID))
				}
				if !slices.Equal(got, test.want) || !slices.Equal(sent, test.want) {
					t.Errorf("asked %v, told %v, want %v", got, sent, test.want)
				}
			})
		})
	}
}

func TestInvokeManyAnswersInAnyOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		for _, id := range []string{"a", "b", "c"} {
			l.peer(id, id)
			l.methods(id, `{"id":"0","name":"Get"}`)
		}
		synctest.Wait()
		var order []string
		done := invoke(c, t, "Get", nil, &client.InvokeOptions{
			Target: bus.Target{Mode: bus.All}, ResponseTimeout: 10 * time.Second,
			OnReturn: func(r bus.Return) { order = append(order, string(r.Server.PeerID)) },
		})
		start := time.Now()
		calls := []wire.Frame{l.want(wire.Call), l.want(wire.Call), l.want(wire.Call)}
		l.result(calls[2], `3`)
		synctest.Wait()
		l.fail(calls[0], "agm.errors.client_error", "boom")
		result := (<-done).must(t)
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("took %s", took)
		}
		var silent *client.NoAnswerError
		r := result.Returns
		if r[0].Err == nil || r[0].Err.Error() != "boom" || !errors.As(r[1].Err, &silent) || string(r[2].Value) != "3" {
			t.Errorf("returns %+v", r)
		}
		if !slices.Equal(order, []string{"c", "a", "b"}) {
			t.Errorf("told in the order %v", order)
		}
		l.result(calls[1], `2`) // too late
		done = invoke(c, t, "Get", nil, &client.InvokeOptions{Target: bus.TargetPeer("b")})
		l.result(l.want(wire.Call), `"fresh"`)
		if r := (<-done).must(t).First(); string(r.Value) != `"fresh"` {
			t.Errorf("a late answer was taken: %s", r.Value)
		}
	})
}

func TestInvokeGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.peer("a", "Alpha")
		l.methods("a", `{"id":"0","name":"Get"}`)
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		done := later(func() (*client.Result, error) {
			return c.Invoke(ctx, bus.MethodFilter{Name: "Get"}, nil, nil)
		})
		call := l.want(wire.Call)
		cancel()
		out := <-done
		if !errors.Is(out.err, context.Canceled) || out.value == nil || !errors.Is(out.value.First().Err, context.Canceled) || time.Since(start) > 0 {
			t.Errorf("given up: %+v after %s", out, time.Since(start))
		}
		l.result(call, `{}`)
		l.silent(time.Second)
	})
}

func TestInvokeOfAServerThatGoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.peer("a", "Alpha")
		l.methods("a", `{"id":"0","name":"Get"}`)
		done := invoke(c, t, "Get", nil, nil)
		l.want(wire.Call)
		l.send(`{"domain":"agm","type":"methods-removed","server_id":"a","methods":["0"]}`)
		synctest.Wait()
		select {
		case out := <-done:
			t.Fatalf("ended with %+v, but a call outlives its method", out)
		default:
		}
		l.gone("a") // without the error that a gateway sends first
		var said *bus.Error
		if r := (<-done).must(t).First(); !errors.As(r.Err, &said) || said.URI != "agm.peer-removed" {
			t.Errorf("err %v", r.Err)
		}
	})
}

func TestInvokeRefusesUnfitArguments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.peer("a", "Alpha")
		l.methods("a", `{"id":"0","name":"Get"}`)
		for _, args := range []any{5, "x", []int{1}, json.RawMessage(`{"a":`), json.RawMessage("{\"a\":\"\xff\"}"), func() {}} {
			if _, err := c.Invoke(t.Context(), bus.MethodFilter{Name: "Get"}, args, nil); err == nil {
				t.Errorf("arguments %v were taken", args)
			}
		}
		l.silent(time.Second)
	})
}

func TestResultsOfSeveralServers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		me := h.join(t, "Desk", client.Options{})
		for name, answer := range map[string]client.Handler{
			"CalcA": func(context.Context, client.Call) (any, error) { return map[string]int{"sum": 3}, nil },
			"CalcB": func(context.Context, client.Call) (any, error) { return nil, errors.New("division by zero") },
			"Other": func(context.Context, client.Call) (any, error) { return nil, &bus.Error{URI: "x.y", Reason: "no"} },
		} {
			if _, err := h.join(t, name, client.Options{}).Register(t.Context(), bus.Named("Calc"), answer); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		ask := func(who ...bus.InstanceFilter) *client.Result {
			t.Helper()
			r, err := me.Invoke(t.Context(), bus.ByName("calc"), symbol("VOD"), &client.InvokeOptions{
				Target: bus.Target{Mode: bus.Matching, Filters: who},
			})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := ask(bus.InstanceFilter{Application: "CalcB"}, bus.InstanceFilter{Application: "/^calc[ac]$/i"})
		first := r.First()
		if first.Server.Application != "CalcB" || first.Method.Name != "Calc" || string(first.Args) != `{"symbol":"VOD"}` ||
			first.Status() != 1 || first.Message() != "division by zero" {
			t.Errorf("first %+v", first)
		}
		if good := r.Values(); len(good) != 1 || good[0].Server.Application != "CalcA" || string(good[0].Value) != `{"sum":3}` || good[0].Method.Name != "Calc" {
			t.Errorf("values %+v", good)
		}
		if bad := r.Errors(); len(bad) != 1 || bad[0].Server.Application != "CalcB" {
			t.Errorf("errors %+v", bad)
		}
		if r.Err() != nil {
			t.Errorf("one succeeded, but: %v", r.Err())
		}
		r = ask(bus.InstanceFilter{Application: "/^calcb|other$/i"})
		if err := r.Err(); !errors.Is(err, &bus.Error{URI: bus.ClientError}) || !errors.Is(err, &bus.Error{URI: "x.y"}) || len(r.Values()) != 0 {
			t.Errorf("all failed: %v", err)
		}
		for _, bad := range []bus.Target{{Mode: 9}, {Mode: bus.Matching, Filters: []bus.InstanceFilter{{User: "/(/"}}}} {
			if _, err := me.Invoke(t.Context(), bus.ByName("calc"), nil, &client.InvokeOptions{Target: bad}); err == nil {
				t.Errorf("target %+v is taken", bad)
			}
			if _, err := me.Subscribe(t.Context(), bus.ByName("calc"), &client.SubscribeOptions{Target: bad}); err == nil || errors.As(err, new(*client.NoMethodError)) {
				t.Errorf("target %+v is taken by subscribe: %v", bad, err)
			}
		}
	})
}
