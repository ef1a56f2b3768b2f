package model

import (
	"slices"
	"time"
)

// Stops of a form that are no fields.
const (
	StopTarget FieldPath = "@to"
	StopWait   FieldPath = "@wait"
	StopAnswer FieldPath = "@answer"
	StopJSON   FieldPath = "@json"
	StopSend   FieldPath = "@send"
)

// Sheet is a form that a person is filling in: the value in the making, where the
// keyboard is in it, and what is wrong with it. A call has one, and so has all
// else that asks for a value.
type Sheet struct {
	Form *Form
	// Focus is the stop that the keyboard is at.
	Focus FieldPath
	// Wrong lists what has to be mended before the value is used.
	Wrong []FieldError
	// Head and Foot are the stops before and behind the fields: targets, timeouts,
	// buttons. Texts are those of them in which is typed.
	Head, Foot []FieldPath
	Texts      map[FieldPath]*string
}

// Stops are the places in the form that the keyboard can be at, in order.
func (s *Sheet) Stops(now time.Time) []FieldPath {
	stops := slices.Clone(s.Head)
	if s.Form.Mode() == JSONMode {
		stops = append(stops, StopJSON)
	} else {
		for _, row := range s.Form.Rows(now) {
			stops = append(stops, row.Path)
		}
	}
	return append(stops, s.Foot...)
}

// FirstStop is where the keyboard goes in a new form: the first field, or the
// first button where there is nothing to fill.
func (s *Sheet) FirstStop(now time.Time) FieldPath {
	if s.Form.Mode() == JSONMode {
		return StopJSON
	}
	for _, row := range s.Form.Rows(now) {
		if row.Kind != RowGroup && row.Kind != RowItem {
			return row.Path
		}
	}
	if len(s.Foot) > 0 {
		return s.Foot[0]
	}
	return StopSend
}

// Typing reports whether a text cursor is at the stop that has the keyboard.
func (s *Sheet) Typing(now time.Time) bool {
	if _, ok := s.Texts[s.Focus]; ok || s.Focus == StopJSON {
		return true
	}
	row, ok := s.FieldRow(now)
	return ok && row.Kind == RowField
}

// FieldRow returns the row of the form that the keyboard is at.
func (s *Sheet) FieldRow(now time.Time) (FormRow, bool) {
	for _, row := range s.Form.Rows(now) {
		if row.Path == s.Focus {
			return row, true
		}
	}
	return FormRow{}, false
}

// Text is what stands in the field that the keyboard is at.
func (s *Sheet) Text(now time.Time) string {
	if text, ok := s.Texts[s.Focus]; ok {
		return *text
	}
	if row, ok := s.FieldRow(now); ok && row.Kind == RowField {
		return row.Text
	}
	return ""
}

// SetText changes the text of the field that the keyboard is at.
func (s *Sheet) SetText(text string) {
	s.ForgetWrong(s.Focus)
	if own, ok := s.Texts[s.Focus]; ok {
		*own = text
		return
	}
	s.Form.SetText(s.Focus, text)
}

// WrongAt returns what is wrong at a stop of the form; empty when nothing is.
func (s *Sheet) WrongAt(path FieldPath) string {
	for _, w := range s.Wrong {
		if w.Path == path {
			return w.Reason
		}
	}
	return ""
}

// ForgetWrong takes back what was said to be wrong at a stop, because it is
// being mended.
func (s *Sheet) ForgetWrong(path FieldPath) {
	s.Wrong = slices.DeleteFunc(s.Wrong, func(w FieldError) bool { return w.Path == path || w.Path == StopJSON })
}
