package model

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// FieldPath names a row of a form: "name", "address.city", "contacts[1].value".
// It stays the same while the form does not change its shape; items count from 0.
type FieldPath string

// Words is the path as people say it, items counted from 1: "contacts 2 value".
func (p FieldPath) Words() string {
	var words []string
	for _, part := range strings.FieldsFunc(string(p), func(r rune) bool { return strings.ContainsRune(`.[]"`, r) }) {
		if n, err := strconv.Atoi(part); err == nil && strings.Contains(string(p), "["+part+"]") {
			part = strconv.Itoa(n + 1)
		}
		words = append(words, part)
	}
	return strings.Join(words, " ")
}

// FieldError says what is wrong at a field.
type FieldError struct {
	// Path is the field's; StopJSON for the JSON text as a whole.
	Path FieldPath
	// Reason is in a person's words, without the field's name. Keys stand in it by
	// their action, in braces, where Lacks is set.
	Reason string
	// Lacks is the variable of a saved call that has no value there; empty where
	// something else is wrong.
	Lacks string
}

// Mode is the side of a form that is worked on.
type Mode int

// The sides of a form.
const (
	// FormMode has typed fields.
	FormMode Mode = iota
	// JSONMode has one text.
	JSONMode
)

// Form is the value that is going to be sent with a call or a subscription, in
// the making: typed fields made from a signature, and the same value as JSON.
// Both sides are one value: what is changed on one side is so on the other.
//
// No digit and no byte is lost on the way. What a person typed stays as typed,
// wrong or not; a value from JSON or from an earlier call that does not fit its
// field is kept and shown with what is wrong; members that the signature does not
// name are kept and sent.
type Form struct {
	// JSONOnly is true when there are no fields; Reason says why, for people.
	JSONOnly bool
	Reason   string

	// check says what else is wrong with the text of a field; nil where the
	// signature says all.
	check func(path FieldPath, text string) error
	// examples are texts that fields take, where their kind has no example of use.
	examples map[FieldPath]string

	sig  bus.Signature
	root *formNode
	mode Mode

	// text is the JSON side. base is the field side as it was when the text was
	// made from it, at baseNow: where the text still says the same, the
	// fields are as they were.
	text    string
	base    *formNode
	baseNow time.Time
	broken  *JSONError
	// before is the form as it was before the broken text came; nil where it was typed.
	before *formBefore
	// large, hint and note tell of the text: whether it is too long to be typed
	// in, which key mends it, and what was mended. repaired is the text after that,
	// unrepaired the one before.
	large                bool
	hint, note           string
	repaired, unrepaired string
	// marked are the marks of a text, which are looked for once.
	marked struct {
		known bool
		text  string
		marks []JSONMark
	}
	// filled is true while the values are those of an earlier call; typed tells the
	// fields in which a person has typed since.
	filled bool
	typed  map[FieldPath]bool
	// madeAt is the time at which JSON last resolved dates such as "in 2 h".
	madeAt time.Time
}

// NewForm makes an empty form from a signature. Where there is none, or it can't
// be read, the form has the JSON side alone.
func NewForm(accepts string) *Form {
	f := &Form{}
	sig, err := bus.ParseSignature(accepts)
	switch {
	case strings.TrimSpace(accepts) == "":
		f.Reason = "accepts: not declared. JSON only."
	case err != nil:
		f.Reason = SignatureFault("accepts", accepts, err) + ". JSON only."
	}
	if f.Reason != "" {
		f.JSONOnly, f.mode, f.text = true, JSONMode, "{}"
	}
	f.sig = sig
	f.root = newFormNode(bus.Param{Kind: bus.Composite, Fields: sig})
	return f
}

// Mode is the side that is worked on.
func (f *Form) Mode() Mode { return f.mode }

// Signature is what the form was made from; nil in a form that is JSON only.
func (f *Form) Signature() bus.Signature { return f.sig }

// Fill puts in the values of an earlier call, over all that was there. What is
// no JSON object empties the form.
func (f *Form) Fill(raw json.RawMessage) {
	f.filled, f.typed = true, map[FieldPath]bool{}
	f.root = newFormNode(bus.Param{Kind: bus.Composite, Fields: f.sig})
	f.base, f.broken, f.before = nil, nil, nil
	members, err := bus.Members(raw)
	if err == nil {
		f.root.loadMembers(members, nil)
	} else {
		raw = json.RawMessage("{}")
	}
	if f.mode == JSONMode {
		f.text = prettyJSON(raw)
		f.base, f.baseNow = f.root.clone(), time.Time{}
		f.judge()
	}
}

// Suggested reports whether the value of a field was put there, not typed: what is
// typed then takes its place.
func (f *Form) Suggested(path FieldPath) bool {
	return f.filled && f.mode == FormMode && !f.typed[path]
}

// Empty reports whether nothing was put into the form.
func (f *Form) Empty() bool {
	if f.JSONOnly {
		text := strings.Join(strings.Fields(f.text), "")
		return text == "" || text == "{}"
	}
	return f.broken == nil && f.root.empty()
}

// Validate returns all that is wrong, in the order of the rows, and lets the rows
// show it from now on.
func (f *Form) Validate(now time.Time) []FieldError {
	_, wrong := f.Args(now)
	return wrong
}

// Args returns the value that is to be sent, compact, or all that is wrong with
// it; the rows show it from then on. The members of the field side come in the
// signature's order, then those that it does not name. The JSON side is sent as
// it was written.
func (f *Form) Args(now time.Time) (json.RawMessage, []FieldError) {
	if f.mode == JSONMode {
		return f.jsonArgs()
	}
	e := &emission{now: now, strict: true}
	raw, _ := e.value(f.root, "")
	e.wrong = append(e.wrong, f.checked()...)
	if len(e.wrong) > 0 {
		f.root.show()
		return nil, e.wrong
	}
	return raw, nil
}

// Draft is what the form holds as far as it goes, wrong and missing texts included:
// what [Form.Fill] takes to go on where it was. It marks nothing as wrong.
func (f *Form) Draft(now time.Time) json.RawMessage {
	if f.mode == JSONMode && json.Valid([]byte(f.text)) {
		return compactJSON(json.RawMessage(f.text))
	}
	return compactJSON(f.written(f.root, now))
}

// jsonArgs is Args of the JSON side.
func (f *Form) jsonArgs() (json.RawMessage, []FieldError) {
	if err := checkJSON(f.text); err != nil {
		return nil, []FieldError{{Path: StopJSON, Reason: err.Error()}}
	}
	var wrong []FieldError
	if !f.JSONOnly {
		for _, p := range bus.Check(f.sig, json.RawMessage(f.text)) {
			if p.Kind != bus.Extra {
				wrong = append(wrong, FieldError{Path: FieldPath(p.Path), Reason: p.Reason()})
			}
		}
		wrong = append(wrong, f.checked()...)
	}
	if len(wrong) > 0 {
		f.root.show()
		return nil, wrong
	}
	return compactJSON(json.RawMessage(f.text)), nil
}

// Extras are the paths of members that the signature does not name; they are
// sent as they are. A form without a signature has none.
func (f *Form) Extras() []FieldPath {
	if f.JSONOnly {
		return nil
	}
	var out []FieldPath
	f.root.walk("", func(n *formNode, path FieldPath) {
		for _, m := range n.extras {
			out = append(out, FieldPath(bus.JoinPath(string(path), m.Key)))
		}
		for i := range n.more {
			out = append(out, FieldPath(bus.IndexPath(string(path), len(n.fields)+i)))
		}
	})
	return out
}

// checked is what the form's own check finds wrong.
func (f *Form) checked() (wrong []FieldError) {
	if f.check == nil {
		return nil
	}
	f.root.walk("", func(n *formNode, path FieldPath) {
		if err := f.faultOf(n, path); err != nil {
			wrong = append(wrong, FieldError{Path: path, Reason: err.Error()})
		}
	})
	return wrong
}

func (f *Form) faultOf(n *formNode, path FieldPath) error {
	if f.check == nil || !n.isField() || !n.present || n.blank() {
		return nil
	}
	return f.check(path, n.text)
}
