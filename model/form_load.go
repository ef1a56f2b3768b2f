package model

import (
	"bytes"
	"encoding/json"
	"time"

	"ioscope/client/bus"
)

// loader puts values into a form. Where a value is what the node would have
// written at the time of made, the node is left as it is: so a text such as "in 2 h",
// or one that is wrong, outlives the way through JSON.
type loader struct{ made emission }

// loadMembers puts the members of an object into a node's fields. made is the
// time at which the node was written as JSON before, nil if it was not.
func (n *formNode) loadMembers(members []bus.Member, made *time.Time) {
	l := &loader{}
	if made != nil {
		l.made.now = *made
		l.object(n, members, true)
		return
	}
	l.object(n, members, false)
}

func (l *loader) object(n *formNode, members []bus.Member, keep bool) {
	values := make(map[string]json.RawMessage, len(members))
	for _, m := range members {
		values[m.Key] = m.Value
	}
	for _, field := range n.fields {
		if value, there := values[field.param.Name]; there {
			l.value(field, value, keep)
			delete(values, field.param.Name)
		} else {
			l.nothing(field, keep)
		}
	}
	n.extras = nil
	for _, m := range members {
		if _, extra := values[m.Key]; extra {
			n.extras = append(n.extras, m)
		}
	}
}

// nothing takes a value out of a node.
func (l *loader) nothing(n *formNode, keep bool) {
	if _, there := l.made.value(n, ""); !there && keep {
		return
	}
	n.raw, n.fault = nil, ""
	switch {
	case n.isGroup() && !n.param.Optional:
		for _, field := range n.fields {
			l.nothing(field, keep)
		}
		n.extras, n.more = nil, nil
	case n.isField() && !n.param.Optional:
		n.text, n.edits = "", 0
	default:
		n.present = false
		if n.isList() {
			n.items = nil
		}
	}
}

func (l *loader) value(n *formNode, raw json.RawMessage, keep bool) {
	if written, there := l.made.value(n, ""); keep && there && bytes.Equal(compactJSON(written), compactJSON(raw)) {
		return
	}
	n.raw, n.fault, n.present = nil, "", true
	switch {
	case n.isField() || n.isBool():
		l.field(n, raw)
	case n.isList():
		l.list(n, raw, keep)
	case n.param.Kind == bus.Tuple:
		l.tuple(n, raw, keep)
	default:
		members, err := bus.Members(raw)
		if err != nil {
			n.keepRaw(raw)
			return
		}
		l.object(n, members, keep)
	}
}

func (l *loader) field(n *formNode, raw json.RawMessage) {
	if bus.JSONType(raw) == "null" && !n.param.Optional {
		// null is how JSON shows what is still needed.
		l.nothing(n, false)
		return
	}
	text, same := bus.TextOf(n.param, raw)
	n.text, n.edits = text, 0
	if !same {
		n.keepRaw(raw)
	}
}

func (l *loader) list(n *formNode, raw json.RawMessage, keep bool) {
	values, err := bus.Items(raw)
	if err != nil || len(values) > 0 && len(values)*formSize(n.param) > maxFormNodes {
		n.keepRaw(raw)
		return
	}
	for len(n.items) < len(values) {
		n.items = append(n.items, newFormNode(n.param.Item()))
	}
	n.items = n.items[:len(values)]
	for i, value := range values {
		l.value(n.items[i], value, keep)
	}
}

func (l *loader) tuple(n *formNode, raw json.RawMessage, keep bool) {
	values, err := bus.Items(raw)
	if err != nil {
		n.keepRaw(raw)
		return
	}
	n.more = nil
	for i, field := range n.fields {
		if i < len(values) {
			l.value(field, values[i], keep)
		} else {
			l.nothing(field, keep)
		}
	}
	if len(values) > len(n.fields) {
		n.more = values[len(n.fields):]
	}
}

// formSize counts the nodes that one item of an array makes.
func formSize(p bus.Param) int {
	size := 1
	for _, field := range p.Fields {
		if field.Array {
			size++
		} else {
			size += formSize(field)
		}
	}
	return size
}

// keepRaw keeps a value that the form can't make itself, and what is wrong with it.
func (n *formNode) keepRaw(raw json.RawMessage) {
	n.raw, n.fault, n.shown = raw, "", true
	for _, p := range n.param.Check(raw) {
		if p.Kind != bus.Extra {
			n.fault = p.String()
			return
		}
	}
}
