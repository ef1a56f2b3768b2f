package cli

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/config"
)

// someHooks are hooks that run in a folder of their own.
func someHooks(t *testing.T, list ...config.Hook) (*hooks, string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for sh")
	}
	folder := t.TempDir()
	h, err := newHooks(list, folder)
	if err != nil {
		t.Fatal(err)
	}
	return h, folder
}

// TestSessionHooks: what the explorer asks goes through the hooks, and it says so.
func TestSessionHooks(t *testing.T) {
	t.Parallel()
	h, folder := someHooks(t,
		config.Hook{Method: "Echo", Before: `cat > asked; echo '{"a":2}'`, After: "cat > answered.tmp; mv answered.tmp answered"},
		config.Hook{Method: "/^No/", Before: "cat >/dev/null; echo 'not today' >&2; exit 1"})
	g := gateway.New(nil)
	t.Cleanup(func() { _ = g.Close() })
	dial := func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil }
	server, err := client.Dial(t.Context(), "ws://memory/gw3", &client.Options{Application: "Desk", User: "ada", Dial: dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	for _, name := range []string{"Echo", "Nothing"} {
		_, err = server.Register(t.Context(), bus.MethodDefinition{Name: name}, func(_ context.Context, c client.Call) (any, error) { return c.Args, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	f := &flags{user: "ada", application: "ioscope", hooks: h, settings: &settings{Config: config.Defaults(), paths: config.Paths{State: folder}}}
	inbox := ui.NewInbox()
	defer inbox.Close()
	s := newSession(f, inbox, slog.New(slog.DiscardHandler))
	defer s.Close()
	s.open("ws://memory/gw3", dial)
	var said []string
	q := ui.Question{
		Method: bus.ByName("Echo"), Args: json.RawMessage(`{"a":1}`), Wait: time.Minute, Answer: time.Minute,
		Aside: func(a model.Aside) { said = append(said, a.Text) },
	}
	var value string
	if err := s.Invoke(t.Context(), q, func([]bus.Instance) {}, func(r bus.Return) { value = string(r.Value) }); err != nil {
		t.Fatal(err)
	}
	if value != `{"a":2}` || len(said) != 1 || !strings.Contains(said[0], `changed the arguments: {"a":2}`) {
		t.Errorf("answer %s, said %q", value, said)
	}
	for range 1000 {
		if _, err := os.Stat(filepath.Join(folder, "answered")); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "answered")); err != nil || !strings.Contains(string(text), `"args":{"a":2}`) {
		t.Errorf("after: %s, %v", text, err)
	}
	q.Method = bus.ByName("Nothing")
	err = s.Invoke(t.Context(), q, func([]bus.Instance) { t.Error("it was sent") }, func(bus.Return) {})
	var no *refusedError
	if !errors.As(err, &no) || no.reason != "not today" {
		t.Errorf("refused: %v", err)
	}
}

// TestEventHookIsBounded: a command that reads nothing holds nobody up, and what is
// too much is told.
func TestEventHookIsBounded(t *testing.T) {
	t.Parallel()
	h, _ := someHooks(t, config.Hook{Stream: "Ticks", Event: "exec sleep 1"})
	t.Cleanup(h.Close)
	var mu sync.Mutex
	var said []string
	h.say = func(text string) { mu.Lock(); said = append(said, text); mu.Unlock() }
	feed := h.feed("Ticks", json.RawMessage("{}"))
	if h.feed("Other", nil) != nil {
		t.Error("another stream has a hook")
	}
	began := time.Now()
	data := json.RawMessage(`{"text":"` + strings.Repeat("x", 1000) + `"}`)
	for range 3 * hookEvents {
		feed(bus.StreamData{At: began, Data: data})
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it held up who feeds it for %s", took)
	}
	e := h.list[0].events
	e.mu.Lock()
	waiting, dropped := len(e.queue), e.dropped
	e.mu.Unlock()
	if waiting > hookEvents || dropped == 0 {
		t.Errorf("%d wait, %d dropped", waiting, dropped)
	}
}
