package model

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"ioscope/client/bus"
)

// maxFormNodes is how many rows the items of one array may make, heads included.
// A longer array is kept as JSON; nobody fills it in by hand.
const maxFormNodes = 5000

// formNode is one value of a form: a field with its text, a composite or a tuple
// with its fields, or an array of those with its items.
type formNode struct {
	param bus.Param
	// present is false for what is left out. A required field has it too: false
	// there means that it is missing.
	present bool
	// text is what a field shows, edits how often it was changed by hand.
	text  string
	edits int
	// raw is the value where the text, the fields or the items can't make it;
	// nil where they can. fault is what is wrong with raw.
	raw   json.RawMessage
	fault string
	// shown lets the row say what is wrong.
	shown  bool
	folded bool

	fields []*formNode
	items  []*formNode
	// extras are members that the signature does not name, more the items of a
	// list that go beyond its tuple.
	extras []bus.Member
	more   []json.RawMessage
	// long remembers what a long text or value came to, so that a frame need not
	// read it again.
	long struct {
		text, summary, count string
		raw, value           json.RawMessage
		err                  error
	}
}

// longText is from where on what a text comes to is remembered. No date is as long.
const longText = 1 << 10

func newFormNode(p bus.Param) *formNode {
	n := &formNode{param: p, present: !p.Optional}
	switch {
	case n.isBool():
		n.text = "false"
	case n.isGroup():
		for _, field := range p.Fields {
			n.fields = append(n.fields, newFormNode(field))
		}
	}
	return n
}

func (n *formNode) isBool() bool { return n.param.Kind == bus.Bool && !n.param.Array }

// isList reports whether the value is an array whose items have fields of their own.
func (n *formNode) isList() bool { return n.param.Array && !n.param.Scalar() && !n.param.Open() }

// tooLong reports whether a list is kept as JSON for its length alone.
func (n *formNode) tooLong() bool { return n.isList() && n.raw != nil && n.fault == "" }

// isGroup reports whether the value is one composite or tuple with fields.
func (n *formNode) isGroup() bool {
	return !n.param.Array && !n.param.Scalar() && (!n.param.Open() || n.param.Name == "")
}

// isField reports whether the value is one text.
func (n *formNode) isField() bool { return !n.isBool() && !n.isList() && !n.isGroup() }

// blank reports whether a field has no text that could be a value.
func (n *formNode) blank() bool {
	if n.param.Kind == bus.String && !n.param.Array {
		return n.text == ""
	}
	return strings.TrimSpace(n.text) == ""
}

func (n *formNode) clone() *formNode {
	c := *n
	c.fields, c.items = nil, nil
	for _, field := range n.fields {
		c.fields = append(c.fields, field.clone())
	}
	for _, item := range n.items {
		c.items = append(c.items, item.clone())
	}
	return &c
}

// walk visits the node and all below it.
func (n *formNode) walk(path FieldPath, visit func(*formNode, FieldPath)) {
	visit(n, path)
	for _, field := range n.fields {
		field.walk(path.field(field), visit)
	}
	for i, item := range n.items {
		item.walk(path.item(i), visit)
	}
}

func (p FieldPath) field(n *formNode) FieldPath {
	return FieldPath(bus.JoinPath(string(p), n.param.Name))
}

func (p FieldPath) item(i int) FieldPath { return FieldPath(bus.IndexPath(string(p), i)) }

// show lets all rows say what is wrong.
func (n *formNode) show() { n.walk("", func(n *formNode, _ FieldPath) { n.shown = true }) }

// empty reports whether the node is as it was made.
func (n *formNode) empty() bool {
	if n.raw != nil || len(n.items)+len(n.extras)+len(n.more) > 0 || n.present == n.param.Optional {
		return false
	}
	if n.isBool() {
		return n.text == "false"
	}
	for _, field := range n.fields {
		if !field.empty() {
			return false
		}
	}
	return n.text == ""
}

// needed is what a required field says that has no text.
func (n *formNode) needed() error {
	switch {
	case n.isBool():
	case n.param.Array, n.param.Kind == bus.Tuple:
		return errors.New("needed; for an empty list type []")
	case n.param.Kind == bus.String:
		return errors.New(`needed; for an empty text type ""`)
	case n.param.Kind == bus.Composite:
		return errors.New("needed; for an empty object type {}")
	}
	return errors.New("needed")
}

// own is the value of a field, without looking at fields and items below; nil
// where there is none. The error says what is wrong with it or that it is needed.
func (n *formNode) own(now time.Time) (json.RawMessage, error) {
	switch {
	case n.raw != nil && n.fault != "":
		return n.raw, errors.New(n.fault)
	case n.raw != nil:
		return n.raw, nil
	case n.isField() && n.present && len(n.text) > longText:
		if n.long.text != n.text {
			n.long.text = n.text
			n.long.value, n.long.err = bus.CoerceText(n.param, n.text, now)
		}
		return n.long.value, n.long.err
	case n.isField() && n.present && !n.blank(), n.isBool() && n.present:
		return bus.CoerceText(n.param, n.text, now)
	case n.param.Optional, n.present && !n.isField():
		return nil, nil
	}
	return nil, n.needed()
}

// emission makes the JSON of a form.
type emission struct {
	now time.Time
	// strict collects what is wrong. Otherwise what is wrong is written as the
	// text that was typed, and what is needed as null, which stands for nothing.
	strict bool
	wrong  []FieldError
}

// value returns the node's value, and false where it is left out.
func (e *emission) value(n *formNode, path FieldPath) (json.RawMessage, bool) {
	raw, err := n.own(e.now)
	switch {
	case err != nil && e.strict:
		e.wrong = append(e.wrong, FieldError{Path: path, Reason: err.Error()})
		return nil, false
	case n.raw != nil:
		return n.raw, true
	case err != nil && n.isField() && !n.blank():
		return bus.QuoteJSON(n.text), true
	case err != nil:
		return json.RawMessage("null"), true
	case n.isField() || n.isBool() || !n.present:
		return raw, raw != nil
	case n.isList():
		return e.list(n, path), true
	case n.param.Kind == bus.Tuple:
		return e.tuple(n, path), true
	}
	return e.object(n, path), true
}

func (e *emission) object(n *formNode, path FieldPath) json.RawMessage {
	var members []bus.Member
	for _, field := range n.fields {
		if value, there := e.value(field, path.field(field)); there {
			members = append(members, bus.Member{Key: field.param.Name, Value: value})
		}
	}
	return bus.Object(append(members, n.extras...))
}

// tuple writes null for what is left out, and nothing at the end of the list.
func (e *emission) tuple(n *formNode, path FieldPath) json.RawMessage {
	var items []json.RawMessage
	filled := 0
	for _, field := range n.fields {
		value, there := e.value(field, path.field(field))
		if !there {
			value = json.RawMessage("null")
		}
		items = append(items, value)
		if there {
			filled = len(items)
		}
	}
	if len(n.more) > 0 {
		return bus.List(append(items, n.more...))
	}
	return bus.List(items[:filled])
}

func (e *emission) list(n *formNode, path FieldPath) json.RawMessage {
	var items []json.RawMessage
	for i, item := range n.items {
		value, _ := e.value(item, path.item(i))
		items = append(items, value)
	}
	return bus.List(items)
}
