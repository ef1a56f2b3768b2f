package model

import "time"

// formBefore is a form as it was before a whole text came over it.
type formBefore struct {
	mode                 Mode
	root, base           *formNode
	baseNow, madeAt      time.Time
	text                 string
	broken               *JSONError
	filled               bool
	typed                map[FieldPath]bool
	repaired, unrepaired string
}

// SetWhole takes a text that was written elsewhere for the whole value, on either side.
// A broken one is kept on the JSON side, and Revert brings back the form as it was.
func (f *Form) SetWhole(text string, now time.Time) error {
	// A change makes new nodes of a text, and none of a flip: a copy is kept.
	was := &formBefore{
		mode: f.mode, root: f.root.clone(), baseNow: f.baseNow, madeAt: f.madeAt, text: f.text, broken: f.broken,
		filled: f.filled, typed: f.typed, repaired: f.repaired, unrepaired: f.unrepaired,
	}
	if f.base != nil {
		was.base = f.base.clone()
	}
	if f.broken != nil && f.before != nil {
		was = f.before // what was good last counts
	}
	if f.mode == FormMode {
		_ = f.Flip(now) // to JSON, which always works
		if err := f.SetJSON(text); err != nil {
			f.before = was
			return err
		}
		return f.Flip(now)
	}
	if err := f.SetJSON(text); err != nil {
		f.before = was
		return err
	}
	return nil
}

// CanRevert reports whether Revert has something to bring back.
func (f *Form) CanRevert() bool { return f.mode == JSONMode && f.broken != nil }

// WayBack says how the form comes back that a broken text took the place of, with the
// key by its action in braces; empty where no text did.
func (f *Form) WayBack() string {
	if f.before == nil || !f.CanRevert() {
		return ""
	}
	return "{json.revert} brings back the form as it was"
}

// Revert brings back the form as it was before a broken text that came as a whole. For
// one that was typed it gives the JSON side the last good value.
func (f *Form) Revert() {
	if !f.CanRevert() {
		return
	}
	was := f.before
	f.before = nil
	if was == nil {
		f.text = prettyJSON(f.written(f.root, f.baseNow))
		f.broken = nil
		f.judge()
		return
	}
	f.mode, f.root, f.base, f.baseNow, f.madeAt, f.text = was.mode, was.root, was.base, was.baseNow, was.madeAt, was.text
	f.broken, f.filled, f.typed, f.note = was.broken, was.filled, was.typed, ""
	f.repaired, f.unrepaired = was.repaired, was.unrepaired
	f.judge()
}
