package model

import (
	"encoding/json"
	"errors"
	"time"

	"ioscope/client/bus"
)

// JSON returns the JSON side: its text while that is worked on, else the value
// of the fields, laid out for reading. What is still needed stands there as null, a
// text that is wrong as a string; dates are resolved now.
func (f *Form) JSON(now time.Time) string {
	if f.mode == JSONMode {
		return f.text
	}
	f.madeAt = now
	return prettyJSON(f.written(f.root, now))
}

func (f *Form) written(n *formNode, now time.Time) json.RawMessage {
	e := &emission{now: now}
	raw, _ := e.value(n, "")
	return raw
}

// SetJSON takes the text of the JSON side. A good text changes the fields: where
// it says what the fields wrote themselves they are as they were, wrong
// texts included. A broken one is kept as text, the fields keep the last good
// value, and the error, a *JSONError, says where it breaks.
func (f *Form) SetJSON(text string) error {
	base, made := f.root, f.madeAt
	if f.mode == JSONMode {
		f.text = text
		base, made = f.base, f.baseNow
	}
	f.broken, f.note = checkJSON(text), ""
	f.judge()
	if f.broken != nil {
		return f.broken
	}
	f.before = nil
	members, err := bus.Members(json.RawMessage(text))
	if err != nil {
		return err
	}
	if base == nil {
		base = newFormNode(f.root.param)
	}
	root := base.clone()
	root.loadMembers(members, &made)
	f.root = root
	return nil
}

// Broken is what is wrong with the JSON side's text as it stands; nil when it is
// good.
func (f *Form) Broken() *JSONError { return f.broken }

// Flip goes to the other side. From a broken text there is no way to the fields,
// since they could not show it: the error is its *JSONError, and the text stays
// (see Revert). A form that is JSON only stays too, and says why.
func (f *Form) Flip(now time.Time) error {
	if f.JSONOnly {
		return errors.New(f.Reason)
	}
	if f.mode == FormMode {
		f.text = f.JSON(now)
		f.base, f.baseNow, f.broken = f.root.clone(), now, nil
		f.mode = JSONMode
		f.judge()
		return nil
	}
	if f.broken != nil {
		return f.broken
	}
	f.mode, f.text, f.base = FormMode, "", nil
	return nil
}

// Format lays the JSON side out for reading, Compact puts it on one line. Both
// leave a broken text as it is and return its error.
func (f *Form) Format() error { return f.rewrite(prettyJSON) }

// Compact puts the JSON side on one line.
func (f *Form) Compact() error {
	return f.rewrite(func(raw json.RawMessage) string { return string(compactJSON(raw)) })
}

func (f *Form) rewrite(with func(json.RawMessage) string) error {
	if f.mode != JSONMode {
		return nil
	}
	if f.broken != nil {
		return f.broken
	}
	f.text = with(json.RawMessage(f.text))
	f.judge()
	return nil
}
