package bus

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// InputError says which field was given a value that it can't take.
type InputError struct {
	// Field is the path as it was given; empty when no field is meant.
	Field string
	// Reason says what is wrong, in a person's words.
	Reason string
}

// Error returns the field and the reason.
func (e *InputError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// maxIndex is the largest index of an item that a pair may name.
const maxIndex = 9999

// FromPairs makes an object of pairs "key=value", in their order. known tells
// whether there is a signature to read them by; then a value is read by its
// entry: text for a string as it stands, a number where it says a number, all
// else as CoerceText does. A key may lead into a composite, a tuple or the items
// of an array: "address.city=Rotterdam", "contacts[0].kind=email". What the
// signature does not name is taken as JSON, or else as text.
//
// Whether all that is required is there is not asked; see Check. Errors are of
// type *InputError.
func FromPairs(sig Signature, known bool, pairs []string, now time.Time) (json.RawMessage, error) {
	root := &node{}
	for _, pair := range pairs {
		key, text, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, &InputError{Reason: fmt.Sprintf("%q is no key=value", pair)}
		}
		way, param := []step{{name: key}}, (*Param)(nil)
		if known {
			way, param = resolve(sig, key)
		}
		value, err := pairValue(param, text, now)
		if err != nil {
			return nil, &InputError{Field: key, Reason: err.Error()}
		}
		if err := root.set(way, value); err != nil {
			return nil, &InputError{Field: key, Reason: err.Error()}
		}
	}
	raw, err := root.json("")
	if err != nil {
		return nil, err
	}
	return raw, nil
}

func pairValue(p *Param, text string, now time.Time) (json.RawMessage, error) {
	switch {
	case p == nil:
		if raw := json.RawMessage(text); json.Valid(raw) {
			return compact(raw), nil
		}
		return QuoteJSON(text), nil
	case p.Kind == String && !p.Array:
		return QuoteJSON(text), nil
	}
	return CoerceText(*p, text, now)
}

// step is one step from a value into a part of it.
type step struct {
	// name is the member's; empty for a step to an index.
	name  string
	index int
	// tuple is true for an index into a tuple, which may have holes.
	tuple bool
}

// resolve finds the way to a key and the entry at its end; nil where the
// signature does not say.
func resolve(fields []Param, key string) ([]step, *Param) {
	for _, p := range fields {
		rest, ok := strings.CutPrefix(key, p.Name)
		if !ok {
			continue
		}
		if way, param, ok := p.resolve(rest); ok {
			return append([]step{{name: p.Name}}, way...), param
		}
	}
	return []step{{name: key}}, nil
}

// resolve follows the rest of a key from an entry.
func (p Param) resolve(rest string) (way []step, param *Param, ok bool) {
	if rest == "" {
		return nil, &p, true
	}
	if p.Array {
		index, rest, ok := cutIndex(rest)
		if !ok || index > maxIndex {
			return nil, nil, false
		}
		way, param, ok := p.Item().resolve(rest)
		return append([]step{{index: index}}, way...), param, ok
	}
	name, dotted := strings.CutPrefix(rest, ".")
	if !dotted || name == "" || p.Scalar() {
		return nil, nil, false
	}
	if p.Kind == Composite {
		way, param := resolve(p.Fields, name)
		return way, param, true
	}
	for i, field := range p.Fields {
		if rest, ok := strings.CutPrefix(name, field.Name); ok {
			if way, param, ok := field.resolve(rest); ok {
				return append([]step{{index: i, tuple: true}}, way...), param, true
			}
		}
	}
	return nil, nil, false
}

// node is a value in the making: a leaf, an object or a list.
type node struct {
	leaf  json.RawMessage
	keys  []string
	named map[string]*node
	items map[int]*node
	last  int
	tuple bool
}

func (n *node) set(way []step, value json.RawMessage) error {
	if len(way) == 0 {
		switch {
		case n.leaf != nil:
			return fmt.Errorf("given twice")
		case n.named != nil || n.items != nil:
			return fmt.Errorf("given as a whole and in parts")
		}
		n.leaf = value
		return nil
	}
	if n.leaf != nil {
		return fmt.Errorf("given as a whole and in parts")
	}
	return n.child(way[0]).set(way[1:], value)
}

// child returns the part that a step leads to, and makes it.
func (n *node) child(s step) *node {
	if s.name == "" {
		if n.items == nil {
			n.items = map[int]*node{}
		}
		if n.items[s.index] == nil {
			n.items[s.index] = &node{}
		}
		n.last, n.tuple = max(n.last, s.index), s.tuple
		return n.items[s.index]
	}
	if n.named == nil {
		n.named = map[string]*node{}
	}
	if n.named[s.name] == nil {
		n.named[s.name] = &node{}
		n.keys = append(n.keys, s.name)
	}
	return n.named[s.name]
}

func (n *node) json(path string) (json.RawMessage, error) {
	switch {
	case n.leaf != nil:
		return n.leaf, nil
	case n.items != nil:
		return n.list(path)
	}
	members := make([]Member, 0, len(n.keys))
	for _, key := range n.keys {
		value, err := n.named[key].json(JoinPath(path, key))
		if err != nil {
			return nil, err
		}
		members = append(members, Member{Key: key, Value: value})
	}
	return Object(members), nil
}

// list writes the items; a hole is null in a tuple, and an error in an array.
func (n *node) list(path string) (json.RawMessage, error) {
	items := make([]json.RawMessage, n.last+1)
	for i := range items {
		item, there := n.items[i]
		at := IndexPath(path, i)
		switch {
		case there:
			value, err := item.json(at)
			if err != nil {
				return nil, err
			}
			items[i] = value
		case n.tuple:
			items[i] = json.RawMessage("null")
		default:
			return nil, &InputError{Field: at, Reason: "missing, while a later item is given"}
		}
	}
	return List(items), nil
}
