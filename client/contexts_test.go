package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/internal/wire"
)

func (j *journal) changed(ch client.ContextChange) {
	j.add("%s %s by %q destroyed=%v", ch.Name, ch.Data, ch.Updater.Application, ch.Destroyed)
}

func contextOf(t *testing.T, c *client.Client, name string) string {
	t.Helper()
	synctest.Wait()
	data, err := c.Contexts().Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestContextsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		a, b := h.join(t, "A", client.Options{}), h.join(t, "B", client.Options{})
		do := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		want := func(text string) {
			t.Helper()
			for _, c := range []*client.Client{a, b} {
				if got := contextOf(t, c, "desk"); got != text {
					t.Errorf("%s has %s, want %s", c.Self().Application, got, text)
				}
			}
		}
		var early, late journal
		b.Contexts().Subscribe("desk", early.changed)
		want(`{}`)
		wantLines(t, early.take())

		do(a.Contexts().Update(t.Context(), "desk", json.RawMessage(`{"symbol":"VOD","n":12345678901234567890,"gone":null}`)))
		want(`{"symbol":"VOD","n":12345678901234567890}`)
		do(a.Contexts().Update(t.Context(), "desk", json.RawMessage(`{"symbol":null,"a.b":{"c":1.0}}`)))
		want(`{"n":12345678901234567890,"a.b":{"c":1.0}}`)
		stop := a.Contexts().Subscribe("desk", late.changed)
		do(b.Contexts().Set(t.Context(), "desk", map[string]int{"x": 1}))
		want(`{"x":1}`)
		stop()
		do(b.Contexts().Destroy(t.Context(), "desk"))
		want(`{}`)
		if err := a.Contexts().Destroy(t.Context(), "desk"); !errors.Is(err, client.ErrNoContext) {
			t.Errorf("destroyed twice: %v", err)
		}
		do(a.Contexts().Set(t.Context(), "desk", nil))
		do(a.Contexts().Update(t.Context(), "other", map[string]int{"y": 1}))
		wantLines(t, b.Contexts().Names(), "desk", "other")
		wantLines(t, early.take(),
			`desk {"symbol":"VOD","n":12345678901234567890} by "" destroyed=false`,
			`desk {"n":12345678901234567890,"a.b":{"c":1.0}} by "A" destroyed=false`,
			`desk {"x":1} by "B" destroyed=false`,
			`desk {} by "" destroyed=true`,
			`desk {} by "" destroyed=false`)
		wantLines(t, late.take(),
			`desk {"n":12345678901234567890,"a.b":{"c":1.0}} by "" destroyed=false`,
			`desk {"x":1} by "B" destroyed=false`)
		for _, bad := range []any{7, []int{1}, make(chan int)} {
			if a.Contexts().Set(t.Context(), "desk", bad) == nil {
				t.Errorf("%T is taken", bad)
			}
		}
	})
}

func TestContextsOverReconnects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		a, b := h.join(t, "A", client.Options{}), h.join(t, "B", client.Options{})
		var j journal
		a.Contexts().Subscribe("desk", j.changed)
		set := func(c *client.Client, n int) {
			t.Helper()
			if err := c.Contexts().Set(t.Context(), "desk", map[string]int{"n": n}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		set(b, 1)
		h.cut("A")
		synctest.Wait()
		set(b, 2)
		set(a, 3)
		wantLines(t, j.take(),
			`desk {"n":1} by "" destroyed=false`, `desk {"n":1} by "" destroyed=false`,
			`desk {"n":2} by "B" destroyed=false`, `desk {"n":3} by "A" destroyed=false`)
		h.stop()
		synctest.Wait()
		h.start()
		for _, c := range []*client.Client{a, b} {
			if err := c.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := contextOf(t, a, "desk"); got != `{}` {
			t.Errorf("a new gateway has %s", got)
		}
		set(b, 4)
		wantLines(t, j.take(), `desk {"n":4} by "" destroyed=false`)
		_ = a.Close()
		if _, err := a.Contexts().Get(t.Context(), "desk"); !errors.Is(err, client.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}

// TestContextsTakeDeltas holds what official clients and gateways may send
// against section 13.4 of the protocol.
func TestContextsTakeDeltas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.send(`{"domain":"global","type":"context-added","context_id":"c-1","name":"desk","creator_id":null}`)
		synctest.Wait()
		var j journal
		c.Contexts().Subscribe("desk", j.changed)
		asked := l.want(wire.SubscribeContext)
		l.send(`{"domain":"global","type":"subscribed-context","request_id":%s,"context_id":"c-1","data":{"a":{"b":1,"c":{"d":2}},"e":[1]}}`, asked.RequestID)
		j.take()
		for _, test := range []struct{ delta, want string }{
			{`{"added":{"f":1}}`, `{"a":{"b":1,"c":{"d":2}},"e":[1],"f":1}`},
			{`{"updated":{"a":{"b":3,"x":0},"e":{"y":1}}}`, `{"a":{"b":3,"c":{"d":2},"x":0},"e":{"y":1},"f":1}`},
			{`{"updated":{"e":[2]},"removed":["f","nothing"],"unknown":7}`, `{"a":{"b":3,"c":{"d":2},"x":0},"e":[2]}`},
			{`{"added":{},"removed":[],"commands":[{"type":"set","path":"a.c.d","value":{"z":1}},{"type":"remove","path":"a.x"}]}`, `{"a":{"b":3,"c":{"d":{"z":1}}},"e":[2]}`},
			{`{"commands":[{"type":"set","path":"e.n.m","value":null},{"type":"remove","path":"q.r"},{"type":"jump"},3]}`, `{"a":{"b":3,"c":{"d":{"z":1}}},"e":{"n":{"m":null}}}`},
			{`{"commands":[{"type":"remove","path":"a"},{"type":"remove","path":"e.n"}]}`, `{"e":{}}`},
			{`{"commands":[{"type":"set","path":"","value":{"all":1}}]}`, `{"all":1}`},
			{`{"commands":[{"type":"remove","path":""}]}`, `{}`},
			{`{"reset":{"é\"":1}}`, `{"é\"":1}`},
			{`{}`, `{"é\"":1}`},
			{`null`, `{"é\"":1}`},
		} {
			l.send(`{"domain":"global","type":"context-updated","context_id":"c-1","updater_id":"a","delta":%s}`, test.delta)
			wantLines(t, j.take(), fmt.Sprintf(`desk %s by "" destroyed=false`, test.want))
		}
		l.send(`{"domain":"context","type":"context-updated","context_id":"nobody's","delta":{}}`)
		l.send(`{"domain":"context","type":"context-destroyed","context_id":"nobody's"}`)
		l.send(`{"domain":"context","type":"context-added","name":7,"context_id":"c-2"}`)
		wantLines(t, j.take())
	})
}

func TestContextsFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _, l := opened(t, client.Options{})
		l.send(`{"domain":"global","type":"context-added","context_id":"c-1","name":"desk"}`)
		synctest.Wait()
		for name, do := range map[string]func() error{
			"get":     func() error { _, err := c.Contexts().Get(t.Context(), "desk"); return err },
			"set":     func() error { return c.Contexts().Set(t.Context(), "desk", nil) },
			"update":  func() error { return c.Contexts().Update(t.Context(), "desk", nil) },
			"create":  func() error { return c.Contexts().Update(t.Context(), "new", nil) },
			"destroy": func() error { return c.Contexts().Destroy(t.Context(), "desk") },
		} {
			done := later(func() (struct{}, error) { return struct{}{}, do() })
			l.fail(l.any(), "global.errors.not_authorized", "Not authorized")
			if out := <-done; !errors.Is(out.err, &bus.Error{URI: "global.errors.not_authorized"}) {
				t.Errorf("%s: %v", name, out.err)
			}
		}
		// Somebody else makes it first: what was to be its data is set after.
		done := later(func() (struct{}, error) {
			return struct{}{}, c.Contexts().Set(t.Context(), "new", map[string]int{"n": 1})
		})
		f := l.want(wire.CreateContext)
		l.send(`{"domain":"global","type":"context-added","context_id":"c-2","name":"new"}`)
		l.send(`{"domain":"global","type":"subscribed-context","request_id":%s,"context_id":"c-2","data":{"o":1}}`, f.RequestID)
		f = l.want(wire.UpdateContext)
		if string(f.ContextID) != `"c-2"` || string(f.Delta) != `{"reset":{"n":1}}` {
			t.Errorf("update %s", f.Bytes())
		}
		l.success(f)
		if out := <-done; out.err != nil {
			t.Error(out.err)
		}
		if got := contextOf(t, c, "new"); got != `{"n":1}` {
			t.Errorf("it is %s", got)
		}
	})
}

// Applications share an object under a name.
func ExampleClient_Contexts() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	desk, chart := joinExample(g, "Desk"), joinExample(g, "Chart")
	defer desk.Close()
	defer chart.Close()

	heard := make(chan client.ContextChange)
	stop := chart.Contexts().Subscribe("instrument", func(change client.ContextChange) { heard <- change })
	defer stop()
	_ = desk.Contexts().Set(ctx, "instrument", map[string]string{"symbol": "VOD", "market": "L"})
	fmt.Println(string((<-heard).Data))
	_ = desk.Contexts().Update(ctx, "instrument", map[string]any{"symbol": "BARC", "market": nil})
	change := <-heard
	fmt.Println(string(change.Data), "by", change.Updater.Name())
	_ = desk.Contexts().Destroy(ctx, "instrument")
	fmt.Println((<-heard).Destroyed, desk.Contexts().Names())
	// Output:
	// {"market":"L","symbol":"VOD"}
	// {"symbol":"BARC"} by Desk
	// true []
}
