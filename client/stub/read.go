package stub

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ioscope/client/bus"
)

// reader turns a tree into an App and gathers what is wrong on the way, so that
// one reading tells all.
type reader struct {
	file     string
	problems []Problem
	notes    []Problem
}

func (r *reader) fail(line int, path, what, help string) {
	r.problems = append(r.problems, Problem{r.file, line, path, what, help})
}

func (r *reader) note(line int, path, what, help string) {
	r.notes = append(r.notes, Problem{r.file, line, path, what, help})
}

// member is one that an object may have.
type member struct {
	name string
	read func(n *yaml.Node, path string)
}

// object reads the members of an object and returns those that are there.
func (r *reader) object(n *yaml.Node, path string, members ...member) map[string]*yaml.Node {
	n = resolve(n)
	have := map[string]*yaml.Node{}
	if n.Kind != yaml.MappingNode {
		r.fail(n.Line, path, describe(n)+", an object is wanted", "it has the members "+names(members))
		return have
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := resolve(n.Content[i]), resolve(n.Content[i+1])
		at := slices.IndexFunc(members, func(m member) bool { return m.name == key.Value })
		switch {
		case at < 0:
			r.fail(key.Line, path, fmt.Sprintf("no member %q is known here", key.Value), likely(key.Value, members))
		case have[key.Value] != nil:
			r.fail(key.Line, join(path, key.Value), fmt.Sprintf("stands twice, first in line %d", have[key.Value].Line), "take one away")
		default:
			have[key.Value] = value
			members[at].read(value, join(path, key.Value))
		}
	}
	return have
}

func names(members []member) string {
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = m.name
	}
	return strings.Join(out, ", ")
}

// likely is what may have been meant.
func likely(key string, members []member) string {
	for _, m := range members {
		if strings.EqualFold(m.name, key) || distance(strings.ToLower(m.name), strings.ToLower(key)) <= 2 {
			return "is " + m.name + " meant?"
		}
	}
	return "there are " + names(members)
}

// distance counts the letters to change, to add and to take away.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// list reads the items of a list.
func (r *reader) list(n *yaml.Node, path string, item func(n *yaml.Node, path string)) {
	if n.Kind != yaml.SequenceNode {
		r.fail(n.Line, path, describe(n)+", a list is wanted", "put a - before each item")
		return
	}
	for i, child := range n.Content {
		item(resolve(child), path+"["+strconv.Itoa(i)+"]")
	}
}

// describe says what a part of the tree is.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "an object"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "a bool"
	case "!!int", "!!float":
		return "a number"
	}
	return "a text"
}

func (r *reader) text(into *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		switch {
		case n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!str" || n.ShortTag() == "!!timestamp"):
			*into = n.Value
		case n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null":
			r.fail(n.Line, path, describe(n)+", a text is wanted", fmt.Sprintf("put it in quotes: %q", n.Value))
		default:
			r.fail(n.Line, path, describe(n)+", a text is wanted", "")
		}
	}
}

// texts reads a list of texts.
func (r *reader) texts(into *[]string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.list(n, path, func(n *yaml.Node, path string) {
			var s string
			r.text(&s)(n, path)
			*into = append(*into, s)
		})
	}
}

// json takes anything and keeps it as JSON.
func (r *reader) json(into *json.RawMessage) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		raw, err := jsonOf(n)
		var at lineError
		if errors.As(err, &at) {
			r.fail(at.line, path, at.what, "")
			return
		}
		*into = raw
	}
}

// jsonObject is json for an object alone; help says what one looks like.
func (r *reader) jsonObject(into *json.RawMessage, help string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.MappingNode {
			r.fail(n.Line, path, describe(n)+", an object is wanted", help)
			return
		}
		r.json(into)(n, path)
	}
}

// whole reads a whole number from least on.
func (r *reader) whole(into *int, least int) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		i, err := strconv.Atoi(n.Value)
		if err != nil || n.Kind != yaml.ScalarNode || i < least {
			r.fail(n.Line, path, fmt.Sprintf("a whole number from %d on is wanted", least), "")
			return
		}
		*into = i
	}
}

func (r *reader) seed(into *uint64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		var err error
		if *into, err = strconv.ParseUint(n.Value, 10, 64); err != nil || n.Kind != yaml.ScalarNode {
			r.fail(n.Line, path, "a whole number from 0 on is wanted", "")
		}
	}
}

func (r *reader) bool(into *bool) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			r.fail(n.Line, path, describe(n)+", true or false is wanted", "")
			return
		}
		*into = strings.EqualFold(n.Value, "true")
	}
}

// duration reads a time such as 500ms that is not less than least.
func (r *reader) duration(into *time.Duration, least time.Duration) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		d, err := time.ParseDuration(n.Value)
		switch {
		case err != nil || n.Kind != yaml.ScalarNode:
			r.fail(n.Line, path, strconv.Quote(n.Value)+" is no duration", "it looks like 500ms, 2s or 1m30s")
		case d < least:
			r.fail(n.Line, path, fmt.Sprintf("%s is too short", n.Value), fmt.Sprintf("the least is %s", least))
		default:
			*into = d
		}
	}
}

// jq reads a program that may use the variables.
func (r *reader) jq(into **template, variables ...string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.ScalarNode {
			r.fail(n.Line, path, describe(n)+", a jq program is wanted", "put it in quotes, as in '{sum: (.a + .b)}'")
			return
		}
		t, offset, err := newTemplate(n.Value, n.Line, variables...)
		if err != nil {
			line, where := programLine(n, offset), ""
			if offset >= 0 {
				where = fmt.Sprintf(" at %q", clip(n.Value[min(offset, len(n.Value)):]))
			}
			help := ""
			if len(variables) > 0 && strings.HasPrefix(err.Error(), "variable") {
				help = "there are " + strings.Join(variables, " and ")
			}
			r.fail(line, path, "jq: "+err.Error()+where, help)
			return
		}
		*into = t
	}
}

// programLine is the line of a program's byte, as far as the file shows it.
func programLine(n *yaml.Node, offset int) int {
	if n.Style != yaml.LiteralStyle || offset < 0 {
		return n.Line
	}
	return n.Line + 1 + strings.Count(n.Value[:min(offset, len(n.Value))], "\n")
}

func clip(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	if runes := []rune(s); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return s
}

// only complains where more than one of the members is there.
func (r *reader) only(have map[string]*yaml.Node, path string, members ...string) {
	first := ""
	for _, name := range members {
		n := have[name]
		switch {
		case n == nil:
		case first == "":
			first = name
		default:
			r.fail(n.Line, join(path, name), "stands beside "+first, "one of "+strings.Join(members, ", ")+" is enough")
		}
	}
}

// signature notes what no explorer will be able to read.
func (r *reader) signature(n *yaml.Node, path, text string) bus.Signature {
	sig, err := bus.ParseSignature(text)
	var syntax *bus.SyntaxError
	if errors.As(err, &syntax) {
		r.note(n.Line, path, fmt.Sprintf("can't be read: %v at character %d", err, syntax.Character(text)), "it is announced as it is")
		return nil
	}
	return sig
}
