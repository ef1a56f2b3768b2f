package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/config"
)

// keptWatch is what is kept of a watch.
func keptWatch(path string) model.WatchMemory {
	return model.WatchMemory{Method: model.DefMemory{Name: "Prices", Streaming: true}, Args: json.RawMessage(`{"sym":"A"}`), Path: path}
}

func watchPaths(k ui.Kept) string {
	var paths []string
	for _, w := range k.Memory.Watches {
		paths = append(paths, w.Path)
	}
	slices.Sort(paths)
	return strings.Join(paths, " ")
}

// TestTwoKeepersOneFolder lets two explorers of one person work on one bus: who ends last
// throws nothing of the other one away.
func TestTwoKeepersOneFolder(t *testing.T) {
	t.Parallel()
	s := &settings{paths: config.Paths{State: filepath.Join(t.TempDir(), "state")}}
	first, second := &keeper{settings: s}, &keeper{settings: s}
	seen := time.Now()
	begun := ui.Kept{Memory: model.Memory{Seen: seen, Shown: -1, Watches: []model.WatchMemory{keptWatch("$.a"), keptWatch("$.b")}}}
	if err := (&keeper{settings: s}).KeepBus("prod", begun); err != nil {
		t.Fatal(err)
	}
	one, _ := first.Bus("prod")
	two, _ := second.Bus("prod")
	two.Memory.Watches = append(two.Memory.Watches[:1:1], keptWatch("$.second")) // takes b away
	if err := second.KeepBus("prod", two); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"$.one", "$.more"} {
		_ = first.seen("prod") // the list of buses looks, and that changes nothing
		one.Memory.Watches = append(slices.Clone(one.Memory.Watches), keptWatch(path))
		if err := first.KeepBus("prod", one); err != nil {
			t.Fatal(err)
		}
	}
	got, ok := (&keeper{settings: s}).Bus("prod")
	if want := "$.a $.more $.one $.second"; !ok || watchPaths(got) != want {
		t.Errorf("kept %s, want %s", watchPaths(got), want)
	}

	// What nobody can read, or has taken away, is made anew of what one has.
	if err := os.WriteFile(filepath.Join(s.paths.State, busFile("prod")), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	one.Memory.Watches = one.Memory.Watches[:1:1]
	if err := first.KeepBus("prod", one); err != nil {
		t.Fatal(err)
	}
	if got, _ = (&keeper{settings: s}).Bus("prod"); watchPaths(got) != "$.a" {
		t.Errorf("after a broken file: %s", watchPaths(got))
	}
	left, _ := filepath.Glob(filepath.Join(s.paths.State, "buses", "*"))
	if len(left) != 1 {
		t.Errorf("files are left behind: %v", left)
	}
}

// TestManyKeepersAtOnce has many explorers write at the same moment, each its own.
func TestManyKeepersAtOnce(t *testing.T) {
	t.Parallel()
	s := &settings{paths: config.Paths{State: filepath.Join(t.TempDir(), "state"), Filters: filepath.Join(t.TempDir(), "config", "filters.yaml")}}
	const explorers, rounds = 8, 4
	h := newHistories(s.paths)
	_ = h.Keep(aCall("gone"))
	var wg sync.WaitGroup
	for n := range explorers {
		wg.Go(func() {
			k, f := &keeper{settings: s}, newFilterFile(s.paths)
			what, _ := k.Bus("prod")
			mine := newHistories(s.paths)
			for i := range rounds {
				name := fmt.Sprintf("%d-%d", n, i)
				what.Memory.Seen = time.Now()
				what.Memory.Watches = append(slices.Clone(what.Memory.Watches), keptWatch("$."+name))
				if err := k.KeepBus("prod", what); err != nil {
					t.Error(err)
				}
				if err := f.Save(ui.NamedFilter{Kind: ui.ListFilter, Name: name, Text: name}); err != nil {
					t.Error(err)
				}
				// Several of one explorer, too: an answer may come late while something is deleted.
				var own sync.WaitGroup
				own.Go(func() {
					if err := mine.Keep(aCall(name)); err != nil {
						t.Error(err)
					}
				})
				own.Go(func() {
					if err := mine.Forget("gone"); err != nil {
						t.Error(err)
					}
				})
				own.Wait()
			}
		})
	}
	wg.Wait()
	got, _ := (&keeper{settings: s}).Bus("prod")
	if n := len(got.Memory.Watches); n != explorers*rounds {
		t.Errorf("%d watches are kept, want %d", n, explorers*rounds)
	}
	if all, err := newFilterFile(s.paths).Load(); err != nil || len(all) != explorers*rounds {
		t.Errorf("%d filters are kept, want %d: %v", len(all), explorers*rounds, err)
	}
	if records, err := h.Load(); err != nil || len(records) != explorers*rounds {
		t.Errorf("%d calls are kept, want %d: %v", len(records), explorers*rounds, err)
	}
}
