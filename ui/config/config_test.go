package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"ioscope/ui/config"
)

const whole = `
theme: beacon
dark-theme: ember
light-theme: linen
ascii: true
mouse: off
reduce-motion: true
read-only: yes
bus: trading
calls: team/calls
history: off
buses:
  trading:
    url: wss://bus.example/gw3
    user: ada
    ca: authorities.pem
    password-env: SECRET
    password-file: /run/secret
    read-only: true
  local: {url: "ws://127.0.0.1:8385/gw3"}
keys:
  stream.pause: [p, space]
  place.last: "-"
  app.quit: []
`

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := config.Parse([]byte(whole), "/etc/x")
	if err != nil {
		t.Fatal(err)
	}
	if n := got.Line("buses.trading.user"); n != 15 {
		t.Errorf("the user stands in line 15, not in %d", n)
	}
	trading := config.Bus{
		Name: "trading", URL: "wss://bus.example/gw3", User: "ada", CA: "/etc/x/authorities.pem",
		PasswordEnv: "SECRET", PasswordFile: "/run/secret", ReadOnly: true,
	}
	if b, ok := got.Find("trading"); !ok || b != trading {
		t.Errorf("trading is %+v", b)
	}
	if len(got.Buses) != 2 || got.Buses[1].Name != "local" {
		t.Errorf("the order of the buses is lost: %+v", got.Buses)
	}
	keys := []config.Binding{
		{Action: "stream.pause", Keys: []string{"p", "space"}, Line: 22},
		{Action: "place.last", Keys: []string{"-"}, Line: 23},
		{Action: "app.quit", Keys: []string{}, Line: 24},
	}
	if !reflect.DeepEqual(got.Keys, keys) {
		t.Errorf("keys: %+v", got.Keys)
	}
	if got.Theme != "beacon" || got.DarkTheme != "ember" || got.LightTheme != "linen" || !got.ASCII || got.Mouse ||
		!got.ReduceMotion || !got.ReadOnly || got.History || got.Bus != "trading" || got.Calls != "/etc/x/team/calls" {
		t.Errorf("%+v", got)
	}
}

// TestMistakes: each is named with its line, and what is in effect is the defaults.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"unknown":       {"a: 1", `config line 1: no setting "a"`},
		"misspelled":    {"ascii: true\ntehme: dusk", `config line 2: no setting "tehme" (theme?)`},
		"twice":         {"theme: dusk\n\ntheme: dusk", `config line 3: "theme" stands twice, first in line 1`},
		"no object":     {"- a", "config line 1: the config wants lines of the form name: value"},
		"yaml":          {"theme: dusk\nkeys: [", "config line 2: did not find expected node content"},
		"tab":           {"buses:\n\ta: 1", "config line 2: found character that cannot start any token"},
		"truth":         {"mouse: perhaps", "config line 1: true or false is wanted"},
		"text":          {"\ntheme: [dusk]", "config line 2: a text is wanted"},
		"no bus":        {"bus: tradin\nbuses:\n  trading: {url: ws://a/gw3}", `config line 1: no bus "tradin" stands under buses (trading?)`},
		"no url":        {"buses:\n  a:\n    user: ada", "config line 2: the bus a has no url"},
		"url":           {"buses:\n  a:\n    url: http://a", `config line 3: "http://a" is no address of a gateway; it looks like ws://HOST:PORT/gw3`},
		"bus setting":   {"buses:\n  a:\n    uri: ws://a", `config line 3: no setting "uri" of a bus (url?)`},
		"password":      {"buses:\n  a:\n    url: ws://a\n    password: x", "config line 4: a password does not belong here; password-env names the variable that has it, password-file the file"},
		"demo":          {"buses:\n  demo:\n    url: ws://a", `config line 2: "demo" is the bus inside this program; another name is wanted`},
		"key":           {"keys:\n  a.b: {c: d}", "config line 2: a key or a list of keys is wanted"},
		"no key":        {"keys:\n  a.b:", "config line 2: a key is wanted; in quotes if it is a sign, and [] for none"},
		"sign no quote": {"keys:\n  a.b: |", "config line 2: a key is wanted; in quotes if it is a sign, and [] for none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := config.Parse([]byte(c.text), "/")
			var wrong *config.Error
			if !errors.As(err, &wrong) || err.Error() != c.want {
				t.Fatalf("got  %v\nwant %s", err, c.want)
			}
			if got.Theme != "" || !got.Mouse || got.Buses != nil {
				t.Errorf("what is in effect is not the defaults: %+v", got)
			}
		})
	}
}

// TestExample takes every comment sign of the example away: then it has to count.
func TestExample(t *testing.T) {
	t.Parallel()
	if _, err := config.Parse(config.Example(), "/"); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(config.Example())) {
		if rest, ok := strings.CutPrefix(line, "#"); ok && !strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "  ") {
			line = rest
		}
		lines = append(lines, line)
	}
	got, err := config.Parse([]byte(strings.Join(lines, "")), "/")
	if err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(lines, ""))
	}
	if got.Theme != "dusk" || got.Bus != "trading" || len(got.Buses) != 1 || len(got.Keys) != 2 || !got.Mouse {
		t.Errorf("the example says %+v", got)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "new", "config.yaml")
	if c, err := config.Load(file); err != nil || !c.Mouse {
		t.Errorf("a missing file gives %+v, %v", c, err)
	}
	if err := config.Init(file); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(file); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(file, []byte("mouse: false\nx: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := config.Init(file); !errors.Is(err, config.ErrExists) {
		t.Errorf("a file that is there: %v", err)
	}
	if c, err := config.Load(file); err == nil || !c.Mouse {
		t.Errorf("a broken file gives %+v, %v", c, err)
	}
	if _, err := config.Load(dir); err == nil || !strings.Contains(err.Error(), "config: "+dir+" can't be read: ") {
		t.Errorf("a folder gives %v", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	env := map[string]string{"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/x"}
	find := func() config.Paths { return config.Find(func(k string) string { return env[k] }) }
	want := config.Paths{
		File: "/c/ioscope/config.yaml", Themes: "/c/ioscope/themes", Calls: "/c/ioscope/calls", Filters: "/c/ioscope/filters.yaml",
		State: "/s/ioscope", Data: "/d/ioscope", Cache: "/x/ioscope",
	}
	if got := find(); got != want {
		t.Errorf("%+v", got)
	}
	env["IOSCOPE_CONFIG"] = "/elsewhere/io.yaml"
	if got := find(); got.File != "/elsewhere/io.yaml" || got.Themes != "/elsewhere/themes" || got.State != "/s/ioscope" {
		t.Errorf("%+v", got)
	}
	env = map[string]string{"XDG_CONFIG_HOME": "relative"}
	if got := find(); !filepath.IsAbs(got.File) {
		t.Errorf("%+v", got)
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	p := config.Paths{State: filepath.Join(t.TempDir(), "state")}
	var got map[string]int
	if p.Read("a.json", &got) {
		t.Error("nothing was written, and it was read")
	}
	for n := range 3 {
		if err := p.Write("buses/a.json", map[string]int{"n": n}); err != nil {
			t.Fatal(err)
		}
	}
	if !p.Read("buses/a.json", &got) || got["n"] != 2 {
		t.Errorf("%v", got)
	}
	left, err := os.ReadDir(filepath.Join(p.State, "buses"))
	if err != nil || len(left) != 1 {
		t.Errorf("something stays behind: %v, %v", left, err)
	}
}
