package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ioscope/themes"
	"ioscope/ui"
	"ioscope/ui/config"
)

// settings are what the config file says, checked as a whole.
type settings struct {
	config.Config
	paths config.Paths
	keys  *ui.Keymap
	// wrong is what is wrong with the file. All else is the defaults then.
	wrong error
}

// readSettings reads the config file. One that is broken counts as none.
func readSettings(env Env) *settings {
	s := &settings{paths: config.Find(env.Getenv)}
	s.Config, s.wrong = config.Load(s.paths.File)
	if s.wrong == nil {
		s.wrong = s.check()
	}
	if s.wrong != nil {
		s.Config, s.keys = config.Defaults(), nil
	}
	if s.Calls != "" {
		s.paths.Calls = s.Calls
	}
	return s
}

// check looks at what the file alone can't know: themes and actions.
func (s *settings) check() error {
	names := s.themeNames()
	for _, t := range []struct{ setting, name string }{
		{"theme", s.Theme}, {"dark-theme", s.DarkTheme}, {"light-theme", s.LightTheme},
	} {
		if t.name != "" && !slices.Contains(names, t.name) {
			return &config.Error{Line: s.Line(t.setting), Text: "no theme " + strconv.Quote(t.name) + config.Near(t.name, names)}
		}
	}
	if s.RecordLimit != "" {
		var limit size
		if err := limit.Set(s.RecordLimit); err != nil {
			return &config.Error{Line: s.Line("record-limit"), Text: "record-limit: " + err.Error()}
		}
	}
	if _, _, err := s.keeps(); err != nil {
		return err
	}
	if _, err := newHooks(s.Hooks, ""); err != nil {
		return err
	}
	changes := make([]ui.Rebinding, len(s.Keys))
	for i, b := range s.Keys {
		changes[i] = ui.Rebinding{Action: b.Action, Keys: b.Keys}
	}
	var err error
	s.keys, err = ui.Rebind(changes)
	var wrong *ui.RebindError
	if errors.As(err, &wrong) {
		b := s.Keys[wrong.Index]
		text := wrong.Text
		if !slices.Contains(ui.Actions(), b.Action) {
			text += config.Near(b.Action, ui.Actions())
		}
		return &config.Error{Line: b.Line, Text: text}
	}
	return err
}

// themeNames are the themes that ship and those of the person.
func (s *settings) themeNames() []string {
	names := themes.Names()
	own, _ := filepath.Glob(filepath.Join(s.paths.Themes, "*.json"))
	for _, file := range own {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	return names
}

// words say what is wrong, and what was made of it.
func (s *settings) words() string {
	if s.wrong == nil {
		return ""
	}
	return s.wrong.Error() + ". Started with the defaults."
}

// profile is the bus that was asked for by its name; nil when none was.
func (f *flags) profile(env Env, urlGiven, busGiven bool) (*config.Bus, error) {
	name, from := f.bus, "--bus"
	switch {
	case busGiven:
	case urlGiven || env.Getenv("IOSCOPE_URL") != "":
		return nil, nil
	case env.Getenv("IOSCOPE_BUS") != "":
		name, from = env.Getenv("IOSCOPE_BUS"), "IOSCOPE_BUS"
	default:
		name, from = f.settings.Bus, "config"
	}
	if name == "" {
		return nil, nil
	}
	f.bus = name
	if name == config.DemoBus {
		return nil, nil
	}
	if b, ok := f.settings.Find(name); ok {
		return &b, nil
	}
	err := usagef("%s %q: no such bus in the config%s", from, name, config.Near(name, f.settings.busNames()))
	if f.settings.wrong != nil {
		return nil, withHint(err, f.settings.wrong.Error())
	}
	return nil, withHint(err, "ioscope config names the file and the buses in it")
}

// secret is the password of a bus; empty when it has none.
func secret(b config.Bus, getenv func(string) string) (string, error) {
	if b.PasswordEnv != "" {
		return getenv(b.PasswordEnv), nil
	}
	if b.PasswordFile == "" {
		return "", nil
	}
	data, err := os.ReadFile(b.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("the password of %s: %w", b.Name, err)
	}
	return strings.TrimRight(string(data), "\r\n"), nil
}

// toBus are the flags by which another bus of the config is joined.
func (f *flags) toBus(b config.Bus) (*flags, error) {
	to := *f
	to.bus, to.url, to.asked, to.user, to.trust = b.Name, b.URL, true, b.User, nil
	to.readOnly = f.readOnly || b.ReadOnly
	var err error
	if to.password, err = secret(b, f.getenv); err != nil {
		return nil, err
	}
	if b.CA != "" {
		to.trust, err = authorities(b.CA)
	}
	return &to, err
}

// name is what the bus is called in the header.
func (f *flags) name() string {
	if f.bus != "" && f.bus != config.DemoBus {
		return f.bus
	}
	return busName(f.url)
}

// busNames are the names of the config, and that of the bus inside this program.
func (s *settings) busNames() []string {
	var names []string
	for _, b := range s.Buses {
		names = append(names, b.Name)
	}
	return append(names, config.DemoBus)
}

// completeNames offers names to the shell.
func completeNames(names func() []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return completions(names(), typed), cobra.ShellCompDirectiveNoFileComp
	}
}
