package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"ioscope/client/record"
	"ioscope/ui"
	"ioscope/ui/config"
)

func newConfig(env Env, f *flags) *cobra.Command {
	var asJSON, start bool
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print where settings are, and which are in effect",
		Long: "Prints where ioscope keeps what belongs to you, and what the config file says. A file that is broken counts\n" +
			"as none; then the exit code is 1. IOSCOPE_CONFIG names another file, and the XDG variables other folders.",
		Example: "  ioscope config --init\n" +
			"  ioscope config --json | jq .buses",
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			switch {
			case start:
				return initConfig(env, f.settings.paths.File)
			case asJSON:
				return f.settings.json(env.Stdout)
			}
			return f.settings.print(env)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&start, "init", false, "write a config file in which everything is explained, where there is none")
	cmd.MarkFlagsMutuallyExclusive("json", "init")
	return cmd
}

func initConfig(env Env, file string) error {
	err := config.Init(file)
	if errors.Is(err, config.ErrExists) {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	_, err = fmt.Fprintln(env.Stdout, "wrote "+file)
	return err
}

// json prints paths and settings as one object.
func (s *settings) json(w io.Writer) error {
	out := struct {
		Paths config.Paths `json:"paths"`
		// Found tells whether there is a config file.
		Found bool   `json:"found"`
		Error string `json:"error,omitempty"`
		Line  int    `json:"line,omitempty"`
		config.Config
	}{Paths: s.paths, Found: exists(s.paths.File), Config: s.Config}
	var wrong *config.Error
	if errors.As(s.wrong, &wrong) {
		out.Error, out.Line = wrong.Text, wrong.Line
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return errors.Join(e.Encode(out), s.wrong)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// print tells paths and settings to people.
func (s *settings) print(env Env) error {
	out := env.Stdout
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	row := func(what string, words ...string) { fmt.Fprintln(w, what+"\t"+strings.Join(words, "\t")) }
	if exists(s.paths.File) {
		row("config", s.paths.File)
	} else {
		row("config", s.paths.File, "not there; ioscope config --init writes one")
	}
	row("themes", s.paths.Themes)
	row("calls", s.paths.Calls)
	row("state", s.paths.State)
	row("data", s.paths.Data)
	row("cache", s.paths.Cache)
	_ = w.Flush()
	if s.wrong != nil {
		fmt.Fprintln(out)
		return fmt.Errorf("%w. The defaults are in effect", s.wrong)
	}
	fmt.Fprintln(out)
	limit := size(record.DefaultMaxBytes)
	row("theme", s.themeWords(env))
	row("ascii", onOff(s.ASCII))
	row("mouse", onOff(s.Mouse))
	row("reduce-motion", onOff(s.ReduceMotion))
	row("read-only", onOff(s.ReadOnly))
	row("history", onOff(s.History))
	row("record-limit", cmp.Or(s.RecordLimit, limit.String()))
	row("keep-rows", cmp.Or(s.KeepRows, "100000"))
	row("keep-bytes", cmp.Or(s.KeepBytes, "64MiB"))
	if s.Bus != "" {
		row("bus", s.Bus)
	}
	for _, b := range s.Buses {
		row("bus "+b.Name, b.URL, b.User)
	}
	for _, b := range s.Keys {
		row("key "+b.Action, strings.Join(b.Keys, "  "))
	}
	for _, h := range s.Hooks {
		row("hook "+cmp.Or(h.Method, h.Stream), strings.Join(slices.DeleteFunc([]string{
			hookPart("before", h.Before), hookPart("after", h.After), hookPart("event", h.Event),
		}, func(s string) bool { return s == "" }), "  "))
	}
	return w.Flush()
}

func hookPart(what, value string) string {
	if value == "" {
		return ""
	}
	return what + ": " + value
}

// themeWords say which theme a start without --theme has, and who says so.
func (s *settings) themeWords(env Env) string {
	for _, t := range []struct{ name, by string }{
		{env.Getenv("IOSCOPE_THEME"), ", by IOSCOPE_THEME"}, {s.keptTheme(), ", chosen on the screen"}, {s.Theme, ""},
	} {
		if t.name == "" {
			continue
		}
		if _, err := findTheme(s.paths.Themes, t.name); err != nil {
			return t.name + t.by + ", can't be used: " + err.Error()
		}
		return t.name + t.by
	}
	dark, light := s.grounds()
	return "by the ground: " + dark + " on dark, " + light + " on light"
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// facts are what the screen tells of the program.
func (s *settings) facts() []ui.Fact {
	file := s.paths.File
	if s.wrong != nil {
		file += " (broken)"
	} else if !exists(file) {
		file += " (not there)"
	}
	facts := []ui.Fact{{What: "version", Value: version()}, {What: "config", Value: file}}
	if s.wrong != nil {
		facts = append(facts, ui.Fact{What: "broken", Value: s.wrong.Error()})
	}
	return append(facts,
		ui.Fact{What: "themes", Value: s.paths.Themes},
		ui.Fact{What: "calls", Value: s.paths.Calls},
		ui.Fact{What: "filters", Value: s.paths.Filters},
		ui.Fact{What: "state", Value: s.paths.State},
	)
}
