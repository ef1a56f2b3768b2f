package model

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model/script"
)

// SavedCall is a call that is kept in a file, or a list of such calls.
type SavedCall struct {
	// Path names it: the file's path in its folder, without the ending.
	Path string
	// Method, Target, Args, Wait and Answer are what is asked. Texts may have variables
	// such as {{symbol}}; a text that is nothing else becomes the variable's value.
	Method       string
	Target       []string
	Args         json.RawMessage
	Wait, Answer time.Duration
	Note         string
	// Script is what happens around the question.
	Script script.Step
	// Calls are the paths of a list, in order; nil in a call.
	Calls []string
	// Fault says why the file can't be used, with its line; empty when it can.
	Fault string
}

// Environment gives variables their values.
type Environment struct {
	Name  string
	Vars  map[string]json.RawMessage
	Fault string
}

// Library is all that is saved.
type Library struct {
	Folder string
	Calls  []*SavedCall
	Envs   []Environment
}

// Find returns the call or list of a path, or nil.
func (l *Library) Find(path string) *SavedCall {
	for _, c := range l.Calls {
		if c.Path == path {
			return c
		}
	}
	return nil
}

// Env returns an environment by its name; without a name one without variables.
func (l *Library) Env(name string) (Environment, bool) {
	for _, e := range l.Envs {
		if e.Name == name {
			return e, true
		}
	}
	return Environment{}, name == ""
}

// variable fits a variable, with blanks inside its braces or none.
var variable = regexp.MustCompile(`\{\{\s*([\p{L}_][\p{L}\p{N}_.-]*)\s*\}\}`)

// Variables lists the variables of a call, each once, in the order in which they stand.
func (c *SavedCall) Variables() []string {
	var out []string
	text := c.Method + " " + strings.Join(c.Target, " ") + " " + string(c.Args)
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

// With puts values in the places of the variables. Those that the environment does
// not have stay as they are, and are returned.
func (c *SavedCall) With(e Environment) (SavedCall, []string) {
	var missing []string
	for _, name := range c.Variables() {
		if _, ok := e.Vars[name]; !ok {
			missing = append(missing, name)
		}
	}
	out := *c
	out.Method = e.text(c.Method)
	out.Target = nil
	for _, t := range c.Target {
		out.Target = append(out.Target, e.text(t))
	}
	out.Args = e.value(c.Args)
	return out, missing
}

// text puts values into a text: texts as they are, all else as JSON.
func (e Environment) text(s string) string {
	return variable.ReplaceAllStringFunc(s, func(found string) string {
		raw, ok := e.Vars[variable.FindStringSubmatch(found)[1]]
		if !ok {
			return found
		}
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		return text
	})
}

// value puts values into the texts of a JSON value. Keys stay, and so does each digit.
func (e Environment) value(raw json.RawMessage) json.RawMessage {
	switch bus.JSONType(raw) {
	case "object":
		members, err := bus.Members(raw)
		if err != nil {
			return raw
		}
		for i, m := range members {
			members[i].Value = e.value(m.Value)
		}
		return bus.Object(members)
	case "array":
		items, err := bus.Items(raw)
		if err != nil {
			return raw
		}
		for i, item := range items {
			items[i] = e.value(item)
		}
		return bus.List(items)
	case "string":
		var text string
		if json.Unmarshal(raw, &text) != nil {
			return raw
		}
		if m := variable.FindStringSubmatch(text); m != nil && m[0] == strings.TrimSpace(text) {
			if value, ok := e.Vars[m[1]]; ok {
				return value
			}
		}
		if changed := e.text(text); changed != text {
			return bus.QuoteJSON(changed)
		}
	}
	return raw
}

// And is the environment with further variables, which win.
func (e Environment) And(vars script.Variables) Environment {
	if len(vars) == 0 {
		return e
	}
	all := maps.Clone(e.Vars)
	if all == nil {
		all = map[string]json.RawMessage{}
	}
	maps.Copy(all, vars)
	e.Vars = all
	return e
}

// Lacking are the variables that have no value and are set by none of the calls
// before it.
func (c *SavedCall) Lacking(e Environment, set []string) []string {
	_, missing := c.With(e)
	return slices.DeleteFunc(missing, func(name string) bool { return slices.Contains(set, name) })
}

// To is the target of a call.
func (c *SavedCall) To() (bus.Target, error) { return bus.ParseTargets(c.Target...) }

// savedPath makes a path of what a person typed or of a method's name.
func savedPath(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r > 0x7f:
			b.WriteRune(r)
		case r == '.' || r == '/' || r == '\\':
			b.WriteByte('/')
		default:
			b.WriteByte('-')
		}
	}
	parts := strings.FieldsFunc(b.String(), func(r rune) bool { return r == '/' })
	return strings.Join(parts, "/")
}

// SavedPath is the path under which a call would be saved by this name.
func SavedPath(name string) string { return savedPath(name) }

// SavedOf makes a saved call of what was asked.
func SavedOf(path, method string, target bus.Target, args json.RawMessage, wait, answer time.Duration) *SavedCall {
	c := &SavedCall{Path: path, Method: method, Args: args}
	if wait != bus.DefaultTimeout {
		c.Wait = wait
	}
	if answer != bus.DefaultTimeout {
		c.Answer = answer
	}
	if target.Mode != bus.Best {
		c.Target = target.Texts()
	}
	return c
}

// Over is a call that is saved in the place of another. What no question tells, the
// note and what happens around it, stays with the method.
func (c *SavedCall) Over(old *SavedCall) *SavedCall {
	if old != nil && old.Method == c.Method {
		c.Note, c.Script = old.Note, old.Script
	}
	return c
}

// Same reports whether two saved calls ask the same.
func (c *SavedCall) Same(other *SavedCall) bool {
	return c.Method == other.Method && slices.Equal(c.Target, other.Target) && bytes.Equal(c.Args, other.Args) &&
		c.Wait == other.Wait && c.Answer == other.Answer
}
