package model

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// RowKind is what a row of a form is.
type RowKind int

// The kinds of rows.
const (
	// RowField has one text to edit.
	RowField RowKind = iota
	// RowBool is a box.
	RowBool
	// RowGroup is the head of a composite, a tuple, or an array of those.
	RowGroup
	// RowItem is the head of one item of such an array.
	RowItem
	// RowAdd adds an item.
	RowAdd
)

// String returns the kind's word.
func (k RowKind) String() string {
	return [...]string{"field", "bool", "group", "item", "add"}[k]
}

// FormRow is one row of a form, with all that is needed to draw it.
type FormRow struct {
	// Path names the row; a cursor keeps to it.
	Path  FieldPath
	Kind  RowKind
	Depth int
	// Label is the field's name, an item's number from 1, or "add to contacts".
	Label       string
	Description string
	Required    bool
	// Type is as in the signature, "long[]"; empty in items and RowAdd.
	Type string
	// Text is a field's text, "true" or "false" of a box, and what a folded
	// group or item holds in one line.
	Text string
	// On is whether a box is chosen.
	On bool
	// Present is false for what is left out or, being required, still missing.
	Present bool
	// Placeholder is what stands for a missing text: "left out" or nothing.
	Placeholder string
	// Touched is whether the text was edited. Fault says what is wrong; Err is the
	// same once it is to be shown: from the second edit on, when the field was
	// left, or when all was validated.
	Touched    bool
	Fault, Err string
	// At is the character of the text, from 1, that is wrong; 0 where it is not known.
	At int
	// Example is a text that the field takes: "now, today 09:00". Empty where the
	// type says enough.
	Example string
	// Hint says how a date is understood: "= 21 Nov 09:00 +01:00".
	Hint string
	// Folded hides the rows below. Count is "2 items" in an array.
	Folded bool
	Count  string
	// What can be done with the row.
	CanLeaveOut, CanMoveUp, CanMoveDown bool
}

// Rows returns what is visible, from top to bottom. A form that is JSON only has
// none.
func (f *Form) Rows(now time.Time) []FormRow {
	if f.JSONOnly {
		return nil
	}
	b := &rowBuilder{f: f, now: now}
	b.fields(f.root, "", 0)
	return b.rows
}

type rowBuilder struct {
	f    *Form
	now  time.Time
	rows []FormRow
}

func (b *rowBuilder) fields(n *formNode, path FieldPath, depth int) {
	for _, field := range n.fields {
		row := b.row(field, path.field(field), depth)
		row.Label, row.Description = field.param.Name, field.param.Description
		row.Type, row.Required = field.param.TypeString(), !field.param.Optional
		row.CanLeaveOut = field.param.Optional && field.present
		b.rows = append(b.rows, row)
		b.below(field, row.Path, depth+1)
	}
}

// below adds the rows that hang on a row.
func (b *rowBuilder) below(n *formNode, path FieldPath, depth int) {
	switch {
	case n.folded || !n.present || n.tooLong():
	case n.isGroup():
		b.fields(n, path, depth)
	case n.isList():
		for i, item := range n.items {
			row := b.row(item, path.item(i), depth)
			row.Kind, row.Label = RowItem, strconv.Itoa(i+1)
			row.CanLeaveOut, row.CanMoveUp, row.CanMoveDown = true, i > 0, i+1 < len(n.items)
			b.rows = append(b.rows, row)
			b.below(item, row.Path, depth+1)
		}
		b.rows = append(b.rows, FormRow{
			Path: path.add(), Kind: RowAdd, Depth: depth, Label: "add to " + n.param.Name, Present: true,
		})
	}
}

// add is the path of the row that adds an item to the array at p.
func (p FieldPath) add() FieldPath { return p + "[+]" }

// row fills in what rows of all kinds have.
func (b *rowBuilder) row(n *formNode, path FieldPath, depth int) FormRow {
	row := FormRow{
		Path: path, Depth: depth, Kind: n.kind(), Text: n.text, Present: n.present,
		Touched: n.edits > 0, Folded: n.folded,
	}
	if raw, err := n.own(b.now); err != nil {
		row.Fault = err.Error()
	} else if err := b.f.faultOf(n, path); err != nil {
		row.Fault = err.Error()
		var syntax *bus.SyntaxError
		if errors.As(err, &syntax) {
			row.At = syntax.Character(n.text)
		}
	} else {
		row.Hint = b.hint(n, raw)
	}
	if n.shown || n.edits > 1 {
		row.Err = row.Fault
	}
	switch {
	case !n.present && n.param.Optional:
		row.Placeholder = "left out"
		row.Text = ""
	case n.isField() && n.param.Optional && n.blank():
		row.Placeholder = "left out while empty"
	}
	row.Example = b.f.exampleOf(n, path)
	if b.f.examples != nil && row.Example != "" && n.blank() && row.Text == "" {
		row.Placeholder = "like " + row.Example
	}
	row.On = n.isBool() && n.present && n.raw == nil && n.text == "true"
	if row.Kind == RowGroup && n.present {
		b.summary(n, &row)
	}
	return row
}

func (n *formNode) kind() RowKind {
	switch {
	case n.isBool():
		return RowBool
	case n.isField():
		return RowField
	}
	return RowGroup
}

// summary counts the items of a list, and says what a folded group holds.
func (b *rowBuilder) summary(n *formNode, row *FormRow) {
	switch {
	case n.raw != nil:
		row.Text, row.Count = n.ofRaw()
	case n.isList():
		row.Count = itemCount(len(n.items))
	case n.folded:
		var texts []string
		n.walk("", func(n *formNode, _ FieldPath) {
			if (n.isField() || n.isBool()) && n.present && n.text != "" {
				texts = append(texts, n.text)
			}
		})
		row.Text = strings.Join(texts, "  ")
	}
}

// ofRaw is a kept value in one line, cut, and how many items it has.
func (n *formNode) ofRaw() (text, count string) {
	if len(n.long.raw) > 0 && &n.long.raw[0] == &n.raw[0] && len(n.long.raw) == len(n.raw) {
		return n.long.summary, n.long.count
	}
	text = clip(compactJSON(n.raw), summaryBytes)
	if items, err := bus.Items(n.raw); err == nil && n.isList() {
		count = itemCount(len(items))
	}
	n.long.raw, n.long.summary, n.long.count = n.raw, text, count
	return text, count
}

func itemCount(n int) string {
	if n == 1 {
		return "1 item"
	}
	return strconv.Itoa(n) + " items"
}

// hint says how a date is understood, where its text does not say it in full.
func (b *rowBuilder) hint(n *formNode, raw []byte) string {
	switch {
	case raw == nil:
		return ""
	case n.raw != nil && string(n.raw) == "null":
		return "= null"
	case n.param.Kind != bus.DateTime || n.param.Array:
		return ""
	}
	t, err := bus.ParseTime(n.text, b.now)
	if err != nil {
		return ""
	}
	return "= " + dateWords(t.In(b.now.Location()), b.now)
}

// dateWords leaves out a year that is this one and seconds that are 0.
func dateWords(t, now time.Time) string {
	layout := "2 Jan "
	if t.Year() != now.Year() {
		layout += "2006 "
	}
	layout += "15:04"
	if t.Second() != 0 || t.Nanosecond() != 0 {
		layout += ":05"
	}
	return t.Format(layout + " -07:00")
}
