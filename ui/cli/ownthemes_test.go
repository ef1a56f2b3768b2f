package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ioscope/ui"
	"ioscope/ui/config"
)

const wholeTheme = `{"name": "x", "dark": true, "bg": "#12161c", "surface": "#1a2029", "sel": "#223247", "fg": "#d5dbe5",
"muted": "#97a3b4", "faint": "#465264", "behind": "#66758c", "accent": "#7db9f5", "ok": "#96e3b4", "warn": "#efc46f",
"err": "#ea7f7d", "key": "#a3b6cf", "num": "#79cfc9", "lit": "#c3abf2", "s1": "#a98df5", "s2": "#e89a6a", "s3": "#5fd08f",
"s4": "#d88dcd", "s5": "#e3e45c", "s6": "#c3ecf2", "mark": "#fbe9b3", "mark-ground": "#5a4a12"}`

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOwnThemes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "good.json"), wholeTheme)
	writeFile(t, filepath.Join(dir, "dim.json"), strings.Replace(wholeTheme, "#97a3b4", "#5f6b7c", 1))
	writeFile(t, filepath.Join(dir, "half.json"), `{"name": "half", "dark": true}`)
	all := allThemes(dir)
	if len(all) != 11 {
		t.Fatalf("%d themes", len(all))
	}
	for i, want := range []struct{ name, wrong string }{
		{"dim", "dim: muted on sel is 2.4, less than 4.5"},
		{"good", ""},
		{"half", `parse theme "half": bg: missing, wants a colour like "#12161c"`},
	} {
		if c := all[8+i]; c.Name != want.name || c.Wrong != want.wrong || !c.Own {
			t.Errorf("%s: %q, want %q", c.Name, c.Wrong, want.wrong)
		}
	}
	if _, err := findTheme(dir, "good"); err != nil {
		t.Error(err)
	}
	if _, err := findTheme(dir, "dim"); err == nil || err.Error() != "theme dim: muted on sel is 2.4, less than 4.5" {
		t.Error(err)
	}
	if _, err := findTheme(dir, "goood"); err == nil || err.Error() != `no theme "goood" (good?)` {
		t.Error(err)
	}
}

// TestThemesAreWatched makes the folder, and a theme in it, after the program began.
func TestThemesAreWatched(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "themes")
	told := make(chan ui.ThemesChanged, 100)
	if err := watchThemes(t.Context(), dir, func(m ui.ThemesChanged) { told <- m }); err != nil {
		t.Fatal(err)
	}
	// The folder and its first file may come in one breath: what is told then has
	// either, so the file is written once more after that.
	until := func(n int) {
		t.Helper()
		for late := time.After(patience); ; {
			select {
			case m := <-told:
				if len(m) == n {
					return
				}
			case <-late:
				t.Fatalf("nobody tells of %d themes", n)
			}
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	until(8)
	writeFile(t, filepath.Join(dir, "mine.json"), wholeTheme)
	until(9)
	if err := os.Remove(filepath.Join(dir, "mine.json")); err != nil {
		t.Fatal(err)
	}
	until(8)
}

// TestKeptTheme: what was chosen on the screen counts until the config says another.
func TestKeptTheme(t *testing.T) {
	t.Parallel()
	s := &settings{paths: config.Paths{State: t.TempDir()}}
	if s.keptTheme() != "" {
		t.Error("a theme was kept by nobody")
	}
	s.Theme = "dusk"
	if err := (&keeper{settings: s}).KeepTheme("noon"); err != nil {
		t.Fatal(err)
	}
	if got := s.keptTheme(); got != "noon" {
		t.Errorf("%q was kept", got)
	}
	s.Theme = "slate"
	if got := s.keptTheme(); got != "" {
		t.Errorf("%q counts more than the config", got)
	}
}

// TestThemesThatCantBeUsed starts with a theme that is broken or gone: one that was
// asked for now refuses, one of the config or of another day is told of.
func TestThemesThatCantBeUsed(t *testing.T) {
	t.Parallel()
	s := &settings{paths: config.Paths{State: t.TempDir(), Themes: t.TempDir()}}
	writeFile(t, filepath.Join(s.paths.Themes, "broken.json"), "{")
	env := func(theme string) Env {
		return Env{Getenv: func(name string) string { return map[string]string{"NO_COLOR": "1", "IOSCOPE_THEME": theme}[name] }}
	}
	for _, c := range []struct{ flag, env, kept, config, want, note, words string }{
		{want: "dusk", words: "by the ground: dusk on dark, paper on light"},
		{config: "noon", want: "noon", words: "noon"},
		{kept: "slate", config: "noon", want: "slate", words: "slate, chosen on the screen"},
		{env: "linen", kept: "slate", want: "linen", words: "linen, by IOSCOPE_THEME"},
		{config: "broken", want: "dusk", note: "theme broken: parse theme: unexpected end of JSON input. Started with dusk.", words: "broken, can't be used: theme broken: parse theme: unexpected end of JSON input"},
		{kept: "gone", config: "noon", want: "noon", note: `no theme "gone". Started with noon.`, words: `gone, chosen on the screen, can't be used: no theme "gone"`},
		{flag: "broken"},
		{env: "gone", words: `gone, by IOSCOPE_THEME, can't be used: no theme "gone"`},
	} {
		s.Theme = c.config
		if err := (&keeper{settings: s}).KeepTheme(c.kept); err != nil {
			t.Fatal(err)
		}
		theme, note, err := (&look{theme: c.flag}).load(env(c.env), s)
		if (err != nil) != (c.want == "") || theme.Name != c.want && err == nil || note != c.note {
			t.Errorf("%+v: got %s, %q, %v", c, theme.Name, note, err)
		}
		if got := s.themeWords(env(c.env)); c.flag == "" && got != c.words {
			t.Errorf("%+v: config says %q", c, got)
		}
	}
}
