package themes

import (
	"encoding/json"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
)

// TestShipped checks each theme with sums of its own, not with the loader's.
func TestShipped(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			th, err := Load(name)
			if err != nil {
				t.Fatal(err)
			}
			if th.Name != name || th.About == "" {
				t.Errorf("name %q, about %q", th.Name, th.About)
			}
			if dark := Contrast(th.BG, "#ffffff") > Contrast(th.BG, "#000000"); dark != th.Dark {
				t.Errorf("dark is %v, and bg is %s", th.Dark, th.BG)
			}
			text := append([]string{th.FG, th.Muted, th.Accent, th.OK, th.Warn, th.Err, th.Key, th.Num, th.Lit}, th.Series[:]...)
			for _, c := range text {
				for _, ground := range []string{th.BG, th.Surface, th.Sel} {
					if got := Contrast(c, ground); got < 4.5 {
						t.Errorf("%s on %s: %.2f", c, ground, got)
					}
				}
			}
			if got := Contrast(th.Behind, th.BG); got < 3 {
				t.Errorf("behind: %.2f", got)
			}
			if got := Contrast(th.Mark, th.MarkGround); got < 4.5 {
				t.Errorf("mark: %.2f", got)
			}
			if got := Contrast(th.BG, th.Accent); got < 4.5 {
				t.Errorf("marked button: %.2f", got)
			}
			if unique := slices.Compact(slices.Sorted(slices.Values(th.Series[:]))); len(unique) != 6 {
				t.Errorf("two series look the same: %v", th.Series)
			}
		})
	}
}

func TestEveryFileIsOffered(t *testing.T) {
	t.Parallel()
	found, err := fs.Glob(files, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, f := range found {
		have = append(have, strings.TrimSuffix(f, ".json"))
	}
	if want := slices.Sorted(slices.Values(Names())); !slices.Equal(have, want) {
		t.Errorf("files %v, names %v", have, want)
	}
	for name, dark := range map[string]bool{DefaultDark: true, DefaultLight: false} {
		if th, err := Load(name); err != nil || th.Dark != dark {
			t.Errorf("default %s: dark %v, %v", name, th.Dark, err)
		}
	}
}

func TestContrast(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#FFFFFF", "#000000", 21},
		{"#777777", "#777777", 1},
		{"#767676", "#ffffff", 4.54},
		{"#d5dbe5", "#12161c", 13.0},
		{"#ea7f7d", "#223247", 4.8},
		{"red", "#ffffff", 0},
		{"#ffffff", "#fffff", 0},
	}
	for _, tt := range tests {
		if got := Contrast(tt.a, tt.b); math.Abs(got-tt.want) > 0.05 {
			t.Errorf("Contrast(%s, %s) = %.3f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestLoadUnknown(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"dawn", "", "../themes/dusk", "dusk.json"} {
		if _, err := Load(name); err == nil || !strings.Contains(err.Error(), "there are dusk, ember") {
			t.Errorf("Load(%q): %v", name, err)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(map[string]any)
		want []string // of the error; none means that it parses
	}{
		{"as it is", func(map[string]any) {}, nil},
		{"without about", func(m map[string]any) { delete(m, "about") }, nil},
		{"upper case", func(m map[string]any) { m["fg"] = "#D5DBE5" }, nil},
		{"missing roles", func(m map[string]any) { delete(m, "s3"); delete(m, "dark") }, []string{"s3: missing", "dark: missing"}},
		{"unknown key", func(m map[string]any) { m["foreground"] = "#ffffff" }, []string{"foreground: no such role"}},
		{"near key", func(m map[string]any) { m["Muted"] = "#ffffff" }, []string{"Muted: no such role (muted?)"}},
		{"short colour", func(m map[string]any) { m["err"] = "#fff" }, []string{`err: "#fff" is no colour`}},
		{"signed colour", func(m map[string]any) { m["err"] = "#+f0000" }, []string{`err: "#+f0000" is no colour`}},
		{"named colour", func(m map[string]any) { m["err"] = "red" }, []string{`err: "red" is no colour`}},
		{"number", func(m map[string]any) { m["err"] = 9 }, []string{"err: 9, wants a colour"}},
		{"null", func(m map[string]any) { m["name"] = nil }, []string{"name: null, wants a text"}},
		{"dim text", func(m map[string]any) { m["muted"] = "#5a6270" }, []string{"muted on bg: contrast 2.", "muted on sel: contrast 2.", "wants 4.5"}},
		{"dim behind", func(m map[string]any) { m["behind"] = "#303030" }, []string{"behind on bg: contrast 1.", "wants 3"}},
		{"dim mark", func(m map[string]any) { m["mark-ground"] = "#fbe9b3" }, []string{"mark on mark-ground: contrast 1.00, wants 4.5"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data, err := files.ReadFile("dusk.json")
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			if err := json.Unmarshal(data, &m); err != nil {
				t.Fatal(err)
			}
			tt.edit(m)
			if data, err = json.Marshal(m); err != nil {
				t.Fatal(err)
			}
			th, err := Parse(data)
			if len(tt.want) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				if th.FG != "#d5dbe5" {
					t.Errorf("fg %s", th.FG)
				}
				return
			}
			if err == nil {
				t.Fatal("parsed")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if th != (Theme{}) {
				t.Errorf("a theme came with the error: %+v", th)
			}
		})
	}
}

func TestParseNotAnObject(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "null", "[]", `"dusk"`, "{", `{"name":"x"} {}`} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q parsed", text)
		}
	}
}
