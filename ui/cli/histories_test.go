package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/config"
)

func aCall(id string) *model.Record {
	def := bus.MethodDefinition{Name: "Addition", Accepts: "int a, int b", Returns: "int sum"}
	return &model.Record{
		ID: id, At: time.Date(2026, 11, 21, 14, 3, 51, 0, time.UTC), Bus: "demo bus", Method: model.MethodRow(def),
		Name: def.Name, Accepts: def.Accepts, Returns: def.Returns,
		Target: bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: "CalcPrecise", PID: 7}}},
		Args:   json.RawMessage(`{"a":9007199254740993,"b":1.10}`), ArgsSize: 31, Wait: 30 * time.Second, Answer: 1500 * time.Millisecond,
		Replies: []model.Reply{
			{Server: "CalcPrecise", Value: json.RawMessage(`{"sum":9007199254740993}`), Size: 24, Took: 3 * time.Millisecond},
			{Server: "Grumpy", Err: "no mood", Took: time.Millisecond},
			{Server: "Slow", Err: "no answer", Silent: true, Late: true},
		},
		OK: 1, Failed: 2, Value: json.RawMessage(`{"sum":9007199254740993}`), Err: "no mood", Who: "Grumpy", Took: 3 * time.Millisecond,
	}
}

// Every fact of a call comes back, and the files are the person's alone.
func TestHistoriesKeep(t *testing.T) {
	t.Parallel()
	h := newHistories(config.Paths{State: filepath.Join(t.TempDir(), "state")})
	want := aCall("a")
	if err := h.Keep(want); err != nil {
		t.Fatal(err)
	}
	again := aCall("b")
	for range 2 {
		again.GivenUp = true
		if err := h.Keep(again); err != nil {
			t.Fatal(err)
		}
	}
	got, err := h.Load()
	if err != nil || len(got) != 2 {
		t.Fatalf("%d calls, %v", len(got), err)
	}
	if !reflect.DeepEqual(got[0], want) || !got[1].GivenUp {
		t.Errorf("got %+v\nwant %+v", got[0], want)
	}
	path := filepath.Join(h.folder, historyFile)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := h.Forget("a"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), `"id":"a"`) || !strings.Contains(string(text), `"id":"b"`) {
		t.Errorf("after forgetting: %s, %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("after forgetting: %v, %v", info.Mode(), err)
	}
}

// Two explorers write at once, the file is put aside when it has grown, and a line
// that was cut costs itself alone.
func TestHistoriesTogether(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var wg sync.WaitGroup
	for w := range 2 {
		h := newHistories(config.Paths{State: folder})
		h.most = 40_000
		wg.Go(func() {
			for i := range 40 {
				if err := h.Keep(aCall(fmt.Sprint(w, "-", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	h := newHistories(config.Paths{State: folder})
	got, err := h.Load()
	if err != nil || len(got) != 80 {
		t.Errorf("%d calls, %v", len(got), err)
	}
	if _, err := os.Stat(filepath.Join(folder, historyPast)); err != nil {
		t.Error("nothing was put aside:", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, historyFile), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(file, `{"id":"cut","method":"Addi`)
	_ = file.Close()
	got, err = h.Load()
	if len(got) != 80 || err == nil || !strings.Contains(err.Error(), "1 line can't be read") {
		t.Errorf("%d calls, %v", len(got), err)
	}
}

func TestHistoryOff(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": true, "history: on": true, "history: off": false} {
		c, err := config.Parse([]byte(text), "")
		if err != nil {
			t.Fatal(err)
		}
		if kept := keptHistories(&settings{Config: c}); (kept != nil) != want {
			t.Errorf("%q: kept is %v", text, kept)
		}
	}
}
