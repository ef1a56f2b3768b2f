package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"ioscope/themes"
	"ioscope/ui"
	"ioscope/ui/config"
)

// allThemes are the themes to choose from: those that ship, then the person's own,
// by name.
func allThemes(folder string) []ui.ThemeChoice {
	var out []ui.ThemeChoice
	for _, name := range themes.Names() {
		t, err := themes.Load(name)
		if err == nil {
			out = append(out, ui.ThemeChoice{Theme: t})
		}
	}
	own, _ := filepath.Glob(filepath.Join(folder, "*.json"))
	slices.Sort(own)
	for _, file := range own {
		out = append(out, ownTheme(file))
	}
	return out
}

// ownTheme reads a theme of the person. It is called by its file.
func ownTheme(file string) ui.ThemeChoice {
	name := strings.TrimSuffix(filepath.Base(file), ".json")
	data, err := os.ReadFile(file)
	var t themes.Theme
	if err == nil {
		t, err = themes.Read(data)
	}
	if err == nil {
		err = t.Check()
	}
	c := ui.ThemeChoice{Theme: t, Own: true}
	c.Name = name
	if err == nil {
		return c
	}
	c.Wrong, _, _ = strings.Cut(err.Error(), "\n")
	if least, pair := t.Least(); least > 0 && least < themes.MinText {
		c.Wrong = fmt.Sprintf("%s: %s is %.1f, less than %.1f", name, pair, float64(int(least*10))/10, themes.MinText)
	}
	return c
}

// findTheme is the theme of that name, the person's own before one that ships.
func findTheme(folder, name string) (themes.Theme, error) {
	all := allThemes(folder)
	names := make([]string, len(all))
	for i, c := range slices.Backward(all) {
		names[i] = c.Name
		if c.Name != name {
			continue
		}
		if c.Wrong != "" {
			return c.Theme, usagef("theme %s: %s", name, strings.TrimPrefix(c.Wrong, name+": "))
		}
		return c.Theme, nil
	}
	return themes.Theme{}, withHint(usagef("no theme %q%s", name, config.Near(name, names)), "there are "+strings.Join(names, ", "))
}

// themesSettle is how long the folder has to be quiet before it is read: an editor
// writes a file in several steps.
const themesSettle = 100 * time.Millisecond

// watchThemes tells of the person's themes whenever one was written, until ctx ends.
// The folder may come later.
func watchThemes(ctx context.Context, folder string, tell func(ui.ThemesChanged)) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	// What is not there can't be watched; then its folder tells when it comes.
	_ = w.Add(filepath.Dir(folder))
	_ = w.Add(folder)
	go func() {
		defer func() { _ = w.Close() }()
		quiet := time.NewTimer(0)
		<-quiet.C
		for {
			select {
			case <-ctx.Done():
				return
			case e, ok := <-w.Events:
				switch {
				case !ok:
					return
				case e.Name == folder && e.Has(fsnotify.Create):
					_ = w.Add(folder)
				case filepath.Dir(e.Name) != folder:
					continue
				}
				quiet.Reset(themesSettle)
			case <-w.Errors:
			case <-quiet.C:
				tell(allThemes(folder))
			}
		}
	}()
	return nil
}
