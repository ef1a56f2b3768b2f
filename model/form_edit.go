package model

import (
	"slices"
	"strings"
)

// trail finds the node at a path, with all that it is in: the form's root first,
// the node last. The path of a RowAdd leads to its array. It is nil where there
// is nothing at the path.
func (f *Form) trail(path FieldPath) []*formNode {
	want := FieldPath(strings.TrimSuffix(string(path), "[+]"))
	if want == "" {
		return nil
	}
	return f.root.trail("", want)
}

func (n *formNode) trail(at, want FieldPath) []*formNode {
	if at == want {
		return []*formNode{n}
	}
	if !strings.HasPrefix(string(want), string(at)) {
		return nil
	}
	for _, field := range n.fields {
		if found := field.trail(at.field(field), want); found != nil {
			return append([]*formNode{n}, found...)
		}
	}
	for i, item := range n.items {
		if found := item.trail(at.item(i), want); found != nil {
			return append([]*formNode{n}, found...)
		}
	}
	return nil
}

// node returns the node at a path, nil where there is none.
func (f *Form) node(path FieldPath) *formNode {
	trail := f.trail(path)
	if trail == nil {
		return nil
	}
	return trail[len(trail)-1]
}

// change returns the node at a path for a change: what it is in comes in too, and
// stops being the value that JSON gave it.
func (f *Form) change(path FieldPath) *formNode {
	trail := f.trail(path)
	if trail == nil {
		return nil
	}
	for _, n := range trail {
		n.present = true
		n.raw, n.fault = nil, ""
	}
	return trail[len(trail)-1]
}

// Text returns a field's text; empty for what is left out.
func (f *Form) Text(path FieldPath) string {
	if n := f.node(path); n != nil && n.isField() && n.present {
		return n.text
	}
	return ""
}

// SetText gives a field another text. A text brings in what was left out; taking
// all of the text of an optional field away leaves it out again.
func (f *Form) SetText(path FieldPath, text string) {
	if f.filled {
		f.typed[path] = true
	}
	n := f.node(path)
	if n == nil || !n.isField() || f.Text(path) == text {
		return
	}
	f.change(path)
	n.text = text
	n.edits++
	n.present = !n.param.Optional || text != ""
}

// Leave tells that the keyboard left a field: what is wrong with its text is
// shown from now on.
func (f *Form) Leave(path FieldPath) {
	if n := f.node(path); n != nil && n.edits > 0 {
		n.shown = true
	}
}

// Ticked reports whether a box is there and ticked.
func (f *Form) Ticked(path FieldPath) bool {
	n := f.node(path)
	return n != nil && n.isBool() && n.present && n.raw == nil && n.text == "true"
}

// Tick ticks a box, or leaves it out.
func (f *Form) Tick(path FieldPath, on bool) {
	switch {
	case f.Ticked(path) == on:
	case on:
		f.Toggle(path)
	default:
		f.LeaveOut(path)
	}
}

// Toggle does what space does on a row that is no text: it brings in what was left
// out, changes a box, folds and unfolds, adds an item at a RowAdd. It returns false
// where space is a letter.
func (f *Form) Toggle(path FieldPath) bool {
	n := f.node(path)
	switch {
	case n == nil:
		return false
	case strings.HasSuffix(string(path), "[+]"):
		f.AddItem(path)
	case n.isBool():
		on := n.present && n.raw == nil && n.text == "true"
		f.change(path).text = map[bool]string{true: "false", false: "true"}[on]
		n.edits++
	case !n.present:
		f.change(path).folded = false
	case n.isField():
		return false
	default:
		n.folded = !n.folded
	}
	return true
}

// Fold hides or shows what hangs on a row.
func (f *Form) Fold(path FieldPath, folded bool) {
	if n := f.node(path); n != nil && (n.isGroup() || n.isList()) {
		n.folded = folded
	}
}

// LeaveOut takes a value out: what is optional is left out (its texts come back
// when it is brought in again), an item is removed. A field that can do neither
// leaves the matter to the item or the optional group that it is in. It
// returns the row that the cursor goes to, and false where nothing can be left out.
func (f *Form) LeaveOut(path FieldPath) (FieldPath, bool) {
	f.filled = false // paths of items change
	trail := f.trail(path)
	if trail == nil || strings.HasSuffix(string(path), "[+]") {
		return path, false
	}
	for i := len(trail) - 1; i > 0; i-- {
		n, in := trail[i], trail[i-1]
		switch {
		case in.isList():
			return f.removeItem(trail[:i+1]), true
		case n.param.Optional && !n.present:
			return path, false
		case n.param.Optional:
			n.present = false
			n.raw, n.fault = nil, ""
			return f.pathOf(trail[:i+1]), true
		}
	}
	return path, false
}

func (f *Form) removeItem(trail []*formNode) FieldPath {
	list := trail[len(trail)-2]
	at := slices.Index(list.items, trail[len(trail)-1])
	list.items = slices.Delete(list.items, at, at+1)
	path := f.pathOf(trail[:len(trail)-1])
	if len(list.items) == 0 {
		return path.add()
	}
	return path.item(min(at, len(list.items)-1))
}

// pathOf is the path of the last node of a trail.
func (f *Form) pathOf(trail []*formNode) FieldPath {
	path := FieldPath("")
	for i, n := range trail[1:] {
		if at := slices.Index(trail[i].items, n); at >= 0 {
			path = path.item(at)
		} else {
			path = path.field(n)
		}
	}
	return path
}

// AddItem adds an item to the array that the path is of or in: after the item
// that it is in, else at the end. It returns the new item's path, or the path
// itself where there is no array, or one too long for the form.
func (f *Form) AddItem(path FieldPath) FieldPath {
	f.filled = false // paths of items change
	trail := f.trail(path)
	for i := len(trail) - 1; i > 0; i-- {
		list := trail[i]
		if !list.isList() {
			continue
		}
		if list.tooLong() {
			return path
		}
		at := len(list.items)
		if i+1 < len(trail) {
			at = slices.Index(list.items, trail[i+1]) + 1
		}
		listPath := f.pathOf(trail[:i+1])
		f.change(listPath).folded = false
		list.edits++
		list.items = slices.Insert(list.items, at, newFormNode(list.param.Item()))
		return listPath.item(at)
	}
	return path
}

// MoveItem moves the item that the path is of or in by delta places, and returns
// the path that the same row has now.
func (f *Form) MoveItem(path FieldPath, delta int) FieldPath {
	f.filled = false // paths of items change
	trail := f.trail(path)
	for i := len(trail) - 1; i > 0; i-- {
		list := trail[i-1]
		if !list.isList() {
			continue
		}
		at := slices.Index(list.items, trail[i])
		to := min(max(at+delta, 0), len(list.items)-1)
		item := list.items[at]
		list.items = slices.Insert(slices.Delete(list.items, at, at+1), to, item)
		return f.pathOf(trail)
	}
	return path
}

// FirstField is the first row of a kind that takes a value at or below a path; the
// path itself where there is none.
func (f *Form) FirstField(path FieldPath) FieldPath {
	n := f.node(path)
	if n == nil {
		return path
	}
	found := path
	n.walk(path, func(n *formNode, at FieldPath) {
		if found == path && (n.isField() || n.isBool()) {
			found = at
		}
	})
	return found
}
