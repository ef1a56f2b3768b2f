package model

import (
	"slices"
	"strings"
)

// Bounds of what is learned about payloads.
const (
	fieldsMost    = 200
	fieldDepth    = 4
	distinctsMost = 400
	distinctBytes = 80
)

// Field is what is known of one field of the payloads.
type Field struct {
	Path  string
	Steps Steps
	// Seen counts the payloads that have it, Numbers, Texts and Nested those in
	// which it is a number, a text, an array or an object, or true or false.
	Seen, Numbers, Texts, Nested, Truths int
	// distinct are its texts, as long as they are few.
	distinct map[string]struct{}
	many     bool
}

// Number reports whether the field is a number, mostly.
func (f *Field) Number() bool { return f.Numbers*2 > f.Seen }

// Text reports whether the field is a text, mostly.
func (f *Field) Text() bool { return f.Texts*2 > f.Seen }

// Truth reports whether the field is true or false, mostly.
func (f *Field) Truth() bool { return f.Truths*2 > f.Seen }

// Scalar reports whether the field fits a cell, mostly.
func (f *Field) Scalar() bool { return f.Nested*2 <= f.Seen }

// Distinct counts its different texts; false when there are too many to count.
func (f *Field) Distinct() (int, bool) { return len(f.distinct), !f.many }

// Fields is what the payloads of a stream have in common. It is learned event by
// event, at a cost that depends on the event alone.
type Fields struct {
	seen int
	root fieldNode
	list []*Field
}

// fieldNode is a place in the payloads: a field where it has a value of its own,
// with others below where it is an object.
type fieldNode struct {
	key      string
	path     string
	field    *Field
	children []*fieldNode
}

// Learn looks at one more payload.
func (f *Fields) Learn(raw []byte) {
	i := skipSpace(raw, 0)
	if i == cut {
		return
	}
	f.seen++
	if f.root.path == "" {
		f.root.path = "$"
	}
	f.learn(&f.root, raw, i, cut, 0)
}

func (f *Fields) learn(n *fieldNode, raw []byte, start, end, depth int) {
	kind := kindAt(raw[start])
	if kind == ObjectValue && depth < fieldDepth {
		at := 0
		eachMember(raw, start, func(m member) bool {
			c := f.child(n, raw[m.key:m.keyEnd], at)
			at++
			if c != nil {
				f.learn(c, raw, m.start, m.end, depth+1)
			}
			return true
		})
		return
	}
	if n.field == nil {
		if len(f.list) >= fieldsMost {
			return
		}
		steps, _ := ReadPath(n.path)
		n.field = &Field{Path: n.path, Steps: steps}
		f.list = append(f.list, n.field)
	}
	if end == cut {
		if end = skipValue(raw, start); end == cut {
			return
		}
	}
	n.field.count(kind, raw[start:end])
}

// child finds where the members of a key are noted. They mostly come in the same
// order, so that the first look finds it.
func (f *Fields) child(n *fieldNode, quoted []byte, at int) *fieldNode {
	if at < len(n.children) && sameKey(quoted, n.children[at].key) {
		return n.children[at]
	}
	for _, c := range n.children {
		if sameKey(quoted, c.key) {
			return c
		}
	}
	if len(n.children) >= fieldsMost {
		return nil
	}
	key := unquote(quoted)
	c := &fieldNode{key: key, path: n.path + keySegment(key)}
	n.children = append(n.children, c)
	return c
}

func (d *Field) count(kind ValueKind, raw []byte) {
	d.Seen++
	switch kind {
	case NumberValue:
		d.Numbers++
	case ObjectValue, ArrayValue:
		d.Nested++
	case StringValue:
		d.Texts++
		if d.many {
			return
		}
		if _, ok := d.distinct[string(raw)]; ok {
			return
		}
		if len(d.distinct) >= distinctsMost || len(raw) > distinctBytes {
			d.many, d.distinct = true, nil
			return
		}
		if d.distinct == nil {
			d.distinct = map[string]struct{}{}
		}
		d.distinct[string(raw)] = struct{}{}
	case LiteralValue:
		if raw[0] != 'n' {
			d.Truths++
		}
	case TextValue, MoreValue:
	}
}

// Seen counts the payloads that were looked at.
func (f *Fields) Seen() int { return f.seen }

// List returns the fields in the order in which they were seen first.
func (f *Fields) List() []*Field { return f.list }

// Find returns the field at a path, or nil.
func (f *Fields) Find(path string) *Field {
	for _, one := range f.list {
		if one.Path == path {
			return one
		}
	}
	return nil
}

// Names returns the names of the fields at the top, sorted.
func (f *Fields) Names() []string {
	var names []string
	for _, c := range f.root.children {
		names = append(names, c.key)
	}
	slices.Sort(names)
	return names
}

// Complete returns the jq paths that go on what was typed, in their order: of the
// fields below the last full step.
func (f *Fields) Complete(typed string) []string {
	var out []string
	f.complete(&f.root, typed, &out)
	return out
}

func (f *Fields) complete(n *fieldNode, typed string, out *[]string) {
	for _, c := range n.children {
		path := JQPath(c.path)
		switch {
		case strings.HasPrefix(path, typed):
			*out = append(*out, path)
		case strings.HasPrefix(typed, path+".") || strings.HasPrefix(typed, path+"["):
			f.complete(c, typed, out)
		}
	}
}

// keyNames are what a field that tells things apart is often called, the surest
// first.
var keyNames = []string{"key", "symbol", "sym", "ticker", "pair", "instrument", "isin", "ric", "id", "name", "code", "topic", "account", "desk", "user", "source", "kind", "type"}

// guessFrom is how many payloads must have been seen before a key is guessed.
const guessFrom = 4

// Key guesses which field tells what an event is about: a text that nearly every
// payload has, with few different values. It returns nil when none fits.
func (f *Fields) Key() *Field {
	if f.seen < guessFrom {
		return nil
	}
	var best *Field
	high := 0
	for i, one := range f.list {
		n, counted := one.Distinct()
		if !counted || one.Texts*10 < f.seen*9 || n*2 > f.seen {
			continue
		}
		score := 100 - min(i, 50) - 20*(len(one.Steps)-1)
		if n > 1 {
			score += 100
		}
		name := strings.ToLower(one.Steps[max(len(one.Steps)-1, 0):].last())
		if at := slices.Index(keyNames, name); at >= 0 {
			score += 80 - at
		}
		if best == nil || score > high {
			best, high = one, score
		}
	}
	return best
}

// last is the key of the last step.
func (s Steps) last() string {
	if len(s) == 0 {
		return ""
	}
	return s[len(s)-1].key
}
