package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/record"
	"ioscope/ui"
	"ioscope/ui/config"
)

// TestSessionRecords: what the screen hears and asks is in the file.
func TestSessionRecords(t *testing.T) {
	t.Parallel()
	g := gateway.New(nil)
	t.Cleanup(func() { _ = g.Close() })
	dial := func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil }
	server, err := client.Dial(t.Context(), "ws://memory/gw3", &client.Options{Application: "Desk", User: "ada", Dial: dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	_, err = server.Register(t.Context(), bus.MethodDefinition{Name: "Echo"}, func(_ context.Context, c client.Call) (any, error) { return c.Args, nil })
	if err != nil {
		t.Fatal(err)
	}
	state := t.TempDir()
	f := &flags{user: "ada", application: "ioscope", settings: &settings{Config: config.Defaults(), paths: config.Paths{State: state}}}
	inbox := ui.NewInbox()
	defer inbox.Close()
	s := newSession(f, inbox, slog.New(slog.DiscardHandler))
	defer s.Close()
	s.open("ws://memory/gw3", dial)
	if err := s.current().Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	place := s.RecordPlace("the bus")
	if filepath.Dir(place) != filepath.Join(state, "recordings") {
		t.Errorf("place %s", place)
	}
	path, err := s.Record(place, false)
	if err != nil || path != place {
		t.Fatal(path, err)
	}
	if _, err := s.Record(place, false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the same file again: %v", err)
	}
	if _, err := s.Record(filepath.Join(state, "other.jsonl"), false); !errors.Is(err, record.ErrRunning) {
		t.Errorf("a second one: %v", err)
	}
	q := ui.Question{Method: bus.ByName("Echo"), Args: json.RawMessage(`{"a":1}`), Wait: time.Minute, Answer: time.Minute}
	if err := s.Invoke(t.Context(), q, func([]bus.Instance) {}, func(bus.Return) {}); err != nil {
		t.Fatal(err)
	}
	if _, on := s.Recording(); !on {
		t.Error("nothing is recorded")
	}
	// Another bus is another recording.
	s.open("ws://memory/other", dial)
	for range 500 {
		if _, on := s.Recording(); !on {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if _, on := s.StopRecording(); on {
		t.Error("it goes on at another bus")
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	r, err := record.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[record.What]int{}
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		seen[e.What]++
	}
	if r.Header().User != "ada" || seen[record.Join] < 2 || seen[record.Answered] != 1 || seen[record.Called] != 1 || seen[record.End] != 1 {
		t.Errorf("recorded by %s: %v", r.Header().User, seen)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
