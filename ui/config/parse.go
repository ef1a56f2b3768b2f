package config

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Parse reads a config. What it names that is not absolute is taken from folder. The
// error is an [Error] with the line.
func Parse(data []byte, folder string) (Config, error) {
	c := Defaults()
	c.lines = map[string]int{}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return c, nil
	case err != nil:
		return c, syntax(err)
	}
	r := &reader{c: &c, folder: folder}
	r.root(doc.Content[0])
	if r.err != nil {
		return Defaults(), r.err
	}
	return c, nil
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

// syntax says an error of the YAML library as ours.
func syntax(err error) error {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(m[1])
	return &Error{Line: line, Text: strings.TrimPrefix(text, m[0])}
}

// reader takes the nodes apart until the first mistake.
type reader struct {
	c      *Config
	folder string
	err    error
}

func (r *reader) fail(n *yaml.Node, text string) {
	if r.err == nil {
		r.err = &Error{Line: n.Line, Text: text}
	}
}

// members calls f for each member of an object.
func (r *reader) members(n *yaml.Node, what string, f func(key string, at, value *yaml.Node)) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return // "keys:" with nothing behind it
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, what+" wants lines of the form name: value")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content) && r.err == nil; i += 2 {
		key := n.Content[i]
		if first := seen[key.Value]; first > 0 {
			r.fail(key, strconv.Quote(key.Value)+" stands twice, first in line "+strconv.Itoa(first))
			return
		}
		seen[key.Value] = key.Line
		f(key.Value, key, n.Content[i+1])
	}
}

// setting is one line of the config: how it is read.
type setting struct {
	name string
	read func(r *reader, n *yaml.Node)
}

func text(at func(*Config) *string) func(*reader, *yaml.Node) {
	return func(r *reader, n *yaml.Node) { *at(r.c) = r.text(n) }
}

func truth(at func(*Config) *bool) func(*reader, *yaml.Node) {
	return func(r *reader, n *yaml.Node) { *at(r.c) = r.truth(n) }
}

var settings = []setting{
	{"theme", text(func(c *Config) *string { return &c.Theme })},
	{"dark-theme", text(func(c *Config) *string { return &c.DarkTheme })},
	{"light-theme", text(func(c *Config) *string { return &c.LightTheme })},
	{"ascii", truth(func(c *Config) *bool { return &c.ASCII })},
	{"mouse", truth(func(c *Config) *bool { return &c.Mouse })},
	{"reduce-motion", truth(func(c *Config) *bool { return &c.ReduceMotion })},
	{"read-only", truth(func(c *Config) *bool { return &c.ReadOnly })},
	{"history", truth(func(c *Config) *bool { return &c.History })},
	{"bus", text(func(c *Config) *string { return &c.Bus })},
	{"record-limit", text(func(c *Config) *string { return &c.RecordLimit })},
	{"keep-rows", text(func(c *Config) *string { return &c.KeepRows })},
	{"keep-bytes", text(func(c *Config) *string { return &c.KeepBytes })},
	{"calls", func(r *reader, n *yaml.Node) { r.c.Calls = expand(r.text(n), r.folder) }},
	{"buses", (*reader).buses},
	{"keys", (*reader).keys},
	{"hooks", (*reader).hooks},
}

func (r *reader) root(n *yaml.Node) {
	r.members(n, "the config", func(key string, at, value *yaml.Node) {
		i := slices.IndexFunc(settings, func(s setting) bool { return s.name == key })
		if i < 0 {
			r.fail(at, "no setting "+strconv.Quote(key)+Near(key, settingNames()))
			return
		}
		r.c.lines[key] = at.Line
		settings[i].read(r, value)
	})
	if r.err != nil || r.c.Bus == "" || r.c.Bus == DemoBus {
		return
	}
	if _, ok := r.c.Find(r.c.Bus); !ok {
		r.err = &Error{r.c.Line("bus"), "no bus " + strconv.Quote(r.c.Bus) + " stands under buses" + Near(r.c.Bus, busNames(r.c.Buses))}
	}
}

// DemoBus is the name of the bus inside this program.
const DemoBus = "demo"

func settingNames() []string {
	names := make([]string, len(settings))
	for i, s := range settings {
		names[i] = s.name
	}
	return names
}

func busNames(buses []Bus) []string {
	names := make([]string, len(buses))
	for i, b := range buses {
		names[i] = b.Name
	}
	return names
}

func (r *reader) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
		r.fail(n, "a text is wanted")
	}
	return n.Value
}

func (r *reader) truth(n *yaml.Node) bool {
	var v bool
	if n.Kind != yaml.ScalarNode || n.Decode(&v) != nil {
		r.fail(n, "true or false is wanted")
	}
	return v
}

func (r *reader) buses(n *yaml.Node) {
	r.members(n, "buses", func(name string, at, value *yaml.Node) {
		switch name {
		case "":
			r.fail(at, "a bus wants a name")
		case DemoBus:
			r.fail(at, `"demo" is the bus inside this program; another name is wanted`)
		default:
			r.bus(name, at, value)
		}
	})
}

var busSettings = []string{"url", "user", "ca", "password-env", "password-file", "read-only"}

func (r *reader) bus(name string, at, n *yaml.Node) {
	b := Bus{Name: name}
	r.c.lines["buses."+name] = at.Line
	r.members(n, "the bus "+name, func(key string, at, value *yaml.Node) {
		r.c.lines["buses."+name+"."+key] = at.Line
		switch key {
		case "url":
			b.URL = r.text(value)
			u, err := url.Parse(b.URL)
			if err != nil || u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" {
				r.fail(value, strconv.Quote(b.URL)+" is no address of a gateway; it looks like ws://HOST:PORT/gw3")
			}
		case "user":
			b.User = r.text(value)
		case "ca":
			b.CA = expand(r.text(value), r.folder)
		case "password-env":
			b.PasswordEnv = r.text(value)
		case "password-file":
			b.PasswordFile = expand(r.text(value), r.folder)
		case "read-only":
			b.ReadOnly = r.truth(value)
		case "password":
			r.fail(at, "a password does not belong here; password-env names the variable that has it, password-file the file")
		default:
			r.fail(at, "no setting "+strconv.Quote(key)+" of a bus"+Near(key, busSettings))
		}
	})
	if r.err == nil && b.URL == "" {
		r.fail(at, "the bus "+name+" has no url")
	}
	r.c.Buses = append(r.c.Buses, b)
}

func (r *reader) keys(n *yaml.Node) {
	r.members(n, "keys", func(action string, at, value *yaml.Node) {
		b := Binding{Action: action, Line: at.Line, Keys: []string{}}
		switch value.Kind {
		case yaml.ScalarNode:
			b.Keys = append(b.Keys, r.key(value))
		case yaml.SequenceNode:
			for _, k := range value.Content {
				b.Keys = append(b.Keys, r.key(k))
			}
		default:
			r.fail(value, "a key or a list of keys is wanted")
		}
		r.c.Keys = append(r.c.Keys, b)
	})
}

func (r *reader) key(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Value == "" || n.Tag == "!!null" && n.Value != "~" {
		r.fail(n, "a key is wanted; in quotes if it is a sign, and [] for none")
	}
	return n.Value
}
