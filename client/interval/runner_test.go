package interval

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

func TestHostsComeAndGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{Grace: time.Minute})
		one := g.host(HostOptions{InstanceID: "one", RetryEvery: time.Hour}, Action{Slug: "greet", Run: greet})
		g.host(HostOptions{InstanceID: "two"}, Action{Slug: "greet", Run: greet})
		synctest.Wait()
		first, err := g.runner.Start("greet", &StartOptions{Host: "one"})
		if err != nil {
			t.Fatal(err)
		}
		second := g.start("greet")
		if r, _ := g.runner.Transaction(second); r.Host != "two" {
			t.Errorf("the newest host has to run it, not %s", r.Host)
		}
		a, b := g.asked(first, "Name"), g.asked(second, "Name")
		go one.Close() // goes without a word about what runs
		await(g, func(e HostLeft) bool { return e.Host.ID == "one" })
		await(g, func(e PhaseChanged) bool { return e.Transaction == first && e.Phase == PhaseLost })
		g.answer(a, "nobody hears it")
		g.answer(b, "World")
		succeeded(t, g.ended(second), map[string]any{"hello": "World"})
		if r := g.ended(first); r.Status != schema.StatusFailure || r.Failure.Kind != "HostGone" {
			t.Errorf("ended with %+v", r)
		}
		await[HostGone](g, nil)
		if hosts := g.runner.Hosts(); len(hosts) != 1 || hosts[0].ID != "two" {
			t.Errorf("hosts %+v", hosts)
		}
	})
}

func TestLateReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{Grace: time.Second})
		begin := time.Now()
		var away atomic.Bool
		g.down = func() time.Time {
			if away.Load() {
				return begin.Add(time.Minute)
			}
			return begin
		}
		g.host(HostOptions{RetryEvery: time.Second}, Action{Slug: "greet", Run: greet})
		id := g.start("greet")
		g.asked(id, "Name")
		away.Store(true)
		g.cutAll()
		if r := g.ended(id); r.Failure == nil || r.Failure.Kind != "HostGone" {
			t.Errorf("ended with %+v", r)
		}
		await(g, func(e PhaseChanged) bool {
			return e.Transaction == id && e.Phase == PhaseAsking && time.Since(begin) >= time.Minute
		})
		info, err := g.runner.Transaction(id)
		if err != nil || info.Phase != PhaseAsking {
			t.Fatalf("%+v, %v", info, err)
		}
		if err := g.runner.Respond(id, info.Steps[0].Render.InputGroupKey, []any{"World"}, ""); err != nil {
			t.Fatal(err)
		}
		succeeded(t, await(g, func(e Ended) bool { return e.Result.Failure == nil }).Result, map[string]any{"hello": "World"})
	})
}

func TestKeysAndReplacement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{Accept: func(key string) bool { return key == "good" }})
		if err := g.quietHost(HostOptions{APIKey: "bad"}).Listen(t.Context()); err == nil || !strings.Contains(err.Error(), "Invalid API key") {
			t.Errorf("a bad key: %v", err)
		}
		var away atomic.Bool
		g.down = func() time.Time {
			if away.Load() {
				return time.Now().Add(time.Hour)
			}
			return time.Time{}
		}
		g.host(HostOptions{APIKey: "good", InstanceID: "same", RetryEvery: time.Hour}, Action{Slug: "old", Run: greet})
		away.Store(true) // else it would come back at once, and replace the other
		raw, conn := wire.Pipe()
		g.work.Go(func() { _ = g.runner.Serve(conn, Hello{InstanceID: "same", Key: "good"}) })
		defer raw.Close(wire.CodeCut, "")
		if f := read(t, raw); string(f.Data) != `"authenticated"` {
			t.Errorf("first %+v", f)
		}
		begin := time.Now()
		_, err := raw.Read(t.Context()) // nobody acknowledges
		var closed *wire.CloseError
		if !errors.As(err, &closed) || closed.Code != CodePolicy || time.Since(begin) != 5*time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

// TestStrangeHosts sends what no host should. The host next to it goes on.
func TestStrangeHosts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t, RunnerOptions{MaxPerSecond: 50})
		g.host(HostOptions{}, Action{Slug: "greet", Run: greet})
		good := g.start("greet")
		raw, conn := wire.Pipe()
		g.work.Go(func() { _ = g.runner.Serve(conn, Hello{InstanceID: "strange"}) })
		defer raw.Close(wire.CodeCut, "")
		welcome := read(t, raw)
		write(t, raw, string(writeFrame(welcome.ID, frameAck, nil)))
		call := func(id, method, data string) message {
			say(t, raw, `{"id":"`+id+`","kind":"CALL","methodName":"`+method+`","data":`+data+`}`)
			return hear(t, raw, true)
		}
		init := call("1", "INITIALIZE_HOST", `{"actions":[{"slug":"a b"},{"slug":"do"},{"slug":"x","groupSlug":"a//b"}],"groups":[{"slug":"/","name":"n"},{"slug":"ok/p","name":"n","hasHandler":true}]}`)
		if !strings.Contains(string(init.Data), `"invalidSlugs":["a b","a//b/x"]`) || !strings.Contains(string(init.Data), `"type":"success"`) {
			t.Errorf("initialised with %s", init.Data)
		}
		id := g.start("do")
		if m := hear(t, raw, true); m.MethodName != "START_TRANSACTION" || !strings.Contains(string(m.Data), `"params":{}`) || !strings.Contains(string(m.Data), `"lastName":null`) {
			t.Errorf("started with %+v", m)
		}
		render := func(text string) string {
			inner, _ := schema.Marshal(schema.Record{{Name: "transactionId", Value: id}, {Name: "ioCall", Value: text}})
			return string(inner)
		}
		bad := call("2", "SEND_IO_CALL", render(`{"id":"r","inputGroupKey":"k","kind":"RENDER","toRender":[{"methodName":"INPUT_TEXT","label":"L","props":{"lines":"x"}}]}`))
		if !strings.Contains(string(bad.Data), "ERROR") || !strings.Contains(string(bad.Data), "lines: want whole number") {
			t.Errorf("answered %s", bad.Data)
		}
		if m := call("3", "SEND_IO_CALL", render(`{"id":"r","inputGroupKey":"k","kind":"RENDER","toRender":[{"methodName":"INPUT_FUTURE","label":"L","props":{}}]}`)); string(m.Data) != "true" {
			t.Errorf("an unknown component: %s", m.Data)
		}
		if err := g.runner.Respond(id, "k", []any{"x"}, ""); err == nil || !strings.Contains(err.Error(), "INPUT_FUTURE") {
			t.Errorf("an answer to it: %v", err)
		}
		if m := call("4", "SEND_IO_CALL", `{"transactionId":"nobody's","ioCall":"{}"}`); !strings.Contains(string(m.Data), "ERROR") {
			t.Errorf("somebody else's transaction: %s", m.Data)
		}
		if m := call("5", "SEND_LOG", `{"transactionId":"`+good+`","data":"mine"}`); string(m.Data) != "false" {
			t.Errorf("a line in another host's log: %s", m.Data)
		}
		if m := call("6", "MARK_TRANSACTION_COMPLETE", `{"transactionId":"`+good+`"}`); string(m.Data) != "false" {
			t.Errorf("the end of another host's transaction: %s", m.Data)
		}
		go func() {
			for {
				if _, err := raw.Read(context.Background()); err != nil {
					return
				}
			}
		}()
		for range 100 {
			text := string(writeFrame("f", frameMessage, ptr("ping")))
			if raw.Write(t.Context(), []byte(text)) != nil {
				break
			}
		}
		if left := await(g, func(e HostLeft) bool { return e.Host.ID == "strange" }); !errors.Is(left.Err, ErrFlood) {
			t.Errorf("left with %v", left.Err)
		}
		g.answer(g.asked(good, "Name"), "World")
		succeeded(t, g.ended(good), map[string]any{"hello": "World"})
	})
}

// TestOverHTTP is all that goes beside the connection.
func TestOverHTTP(t *testing.T) {
	t.Parallel()
	g := newRig(t, RunnerOptions{Accept: func(key string) bool { return key == "good" }})
	server := httptest.NewServer(g.runner)
	t.Cleanup(server.Close)
	h := NewHost(HostOptions{Endpoint: "ws" + strings.TrimPrefix(server.URL, "http") + "/websocket", APIKey: "good"})
	t.Cleanup(h.Close)
	h.Action(Action{Slug: "file", Run: func(ctx context.Context, tx *Transaction) (any, error) {
		files, err := Multiple(tx.IO.Input.File("Files", FileOptions{Extensions: []string{"txt"}})).Await(ctx)
		if err != nil {
			return nil, err
		}
		text, err := files[0].Read(ctx, 0)
		if err == nil {
			err = tx.Notify(ctx, Notification{Title: "T", Message: string(text), Delivery: []Delivery{{To: "ops@example.test"}}, IdempotencyKey: "k"})
		}
		if err == nil {
			err = tx.Notify(ctx, Notification{Message: "twice", IdempotencyKey: "k"})
		}
		return string(text), err
	}})
	if err := h.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := g.start("file")
	q := g.asked(id, "Files")
	files, err := g.runner.Upload(t.Context(), id, q.Render.InputGroupKey, 0, FileOf("a b.txt", "text/plain", []byte("content")))
	if err != nil {
		t.Fatal(err)
	}
	g.answer(q, files)
	succeeded(t, g.ended(id), "content")
	if n := await[Notified](g, nil); n.Message != "content" || n.Deliveries[0].To != "ops@example.test" {
		t.Errorf("notified %+v", n)
	}
	place, err := h.Enqueue(t.Context(), "file", "ops@example.test", schema.Record{{Name: "when", Value: time.Unix(0, 0).UTC()}})
	if err != nil {
		t.Fatal(err)
	}
	if q := g.runner.Queue(); len(q) != 1 || q[0].ID != place {
		t.Errorf("queue %+v", q)
	}
	item, err := h.Dequeue(t.Context(), place)
	if when, _ := item.Params.Get("when"); err != nil || !schema.Equal(when, time.Unix(0, 0).UTC()) || item.Assignee != "ops@example.test" {
		t.Errorf("took %+v, %v", item, err)
	}
	if _, err := h.Dequeue(t.Context(), place); err == nil {
		t.Error("taken twice")
	}
	if _, err := h.Enqueue(t.Context(), "nothing", "", nil); err == nil {
		t.Error("an action that nobody offers was queued")
	}
	for path, want := range map[string]string{
		"/api/notify":        `"error"`, // no key
		"/api/hosts/declare": `"error"`,
	} {
		response, err := http.Post(server.URL+path, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s: %s", path, body)
		}
	}
	if err := g.runner.Leave(id); err != nil {
		t.Error(err)
	}
}
