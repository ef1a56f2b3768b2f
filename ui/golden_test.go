package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures under testdata anew")

// pictures are the scenes that are kept as text, with their sizes.
var pictures = []struct {
	scene string
	sizes [][2]int
}{
	{"main", mainSizes},
	{"form", mainSizes},
	{"result-one", mainSizes},
	{"stream", mainSizes},
	{"event", mainSizes},
	{"main-ascii", smallSize},
	{"main-plain", normalSize},
	{"form-plain", normalSize},
	{"form-json", bothSizes},
	{"form-json-broken", normalSize},
	{"form-undeclared", normalSize},
	{"result-all", bothSizes},
	{"in-flight", bothSizes},
	{"in-flight-nobody", normalSize},
	{"given-up", normalSize},
	{"no-server", normalSize},
	{"stream-paused", bothSizes},
	{"stream-asking", normalSize},
	{"stream-rejected", bothSizes},
	{"stream-closed", normalSize},
	{"stream-silent", normalSize},
	{"empty", bothSizes},
	{"connecting", smallSize},
	{"nobody", bothSizes},
	{"refused", smallSize},
	{"lost", normalSize},
	{"welcome", bothSizes},
	{"welcome-port", smallSize},
	{"help", bothSizes},
	{"help-search", normalSize},
	{"target", mainSizes},
	{"address", smallSize},
	{"filter-none", bothSizes},
	{"filter-kept", normalSize},
	{"server", bothSizes},
	{"tombstone", bothSizes},
	{"method-gone", normalSize},
	{"drift", normalSize},
	{"narrowed", bothSizes},
	{"stream-card", bothSizes},
	{"nothing-open", normalSize},
	{"full", normalSize},
	{"hostile", normalSize},
}

var (
	mainSizes  = [][2]int{{200, 60}, {120, 40}, {80, 24}, {40, 10}}
	bothSizes  = [][2]int{{120, 40}, {80, 24}}
	normalSize = [][2]int{{120, 40}}
	smallSize  = [][2]int{{80, 24}}
)

// TestPictures compares screens with the texts under testdata. A bar at the end
// of each line keeps its trailing blanks visible, and safe from editors.
func TestPictures(t *testing.T) {
	t.Parallel()
	for _, p := range pictures {
		for _, size := range p.sizes {
			name := fmt.Sprintf("%s-%dx%d", p.scene, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				h := sceneNamed(t, p.scene).play(t, size[0], size[1])
				compare(t, filepath.Join("testdata", name+".txt"), strings.ReplaceAll(h.text(), "\n", "|\n")+"|\n")
			})
		}
	}
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./ui -update makes it", err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("line %d\n got %s\nwant %s", i+1, a, b)
		}
	}
}

// TestNoPictureIsLeftOver finds files that no scene draws any more.
func TestNoPictureIsLeftOver(t *testing.T) {
	t.Parallel()
	drawn := map[string]bool{}
	for _, p := range pictures {
		for _, size := range p.sizes {
			drawn[fmt.Sprintf("%s-%dx%d.txt", p.scene, size[0], size[1])] = true
		}
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !drawn[filepath.Base(f)] {
			t.Errorf("%s is drawn by no scene", f)
		}
	}
}
