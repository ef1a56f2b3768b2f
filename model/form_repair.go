package model

import "strings"

// largeText is how long a text may be to be typed in. A longer one is shown by
// its beginning, and edited in the person's own editor: each key would cost all of it.
const (
	largeText  = 64 << 10
	largeLines = 5000
)

// Large reports whether a text is too long to be typed in.
func Large(text string) bool {
	return len(text) > largeText || len(text) > largeLines && strings.Count(text, "\n") > largeLines
}

// Large reports whether the JSON side is too long to be typed in.
func (f *Form) Large() bool { return f.large }

// Note says what was done to the JSON side that the person did not type. Keys stand in
// it by their action, in braces.
func (f *Form) Note() string { return f.note }

// Hint says which key helps with a broken text, by its action in braces; empty where
// none does.
func (f *Form) Hint() string { return f.hint }

// Repaired reports whether the text is one that was repaired, so that the one
// before can be brought back.
func (f *Form) Repaired() bool { return f.repaired != "" && f.text == f.repaired }

// judge looks at a new text of the JSON side.
func (f *Form) judge() {
	f.large, f.hint = Large(f.text), ""
	if f.broken == nil || f.large {
		return
	}
	switch _, mends, err := RepairJSON(f.text); {
	case err != nil:
	case strings.HasPrefix(f.broken.Reason, "a second "):
		f.hint = "{json.repair} cuts it"
	case len(mends) > 0:
		f.hint = "{json.repair} repairs it"
	}
}

// Repair repairs the JSON side, and says what it did. Of a text that was repaired
// and not changed since it brings back the one before. The error, a *JSONError, says where
// a broken text can't be repaired.
func (f *Form) Repair() (string, error) {
	if f.mode != JSONMode {
		return "", nil
	}
	if f.Repaired() {
		text := f.unrepaired
		f.repaired, f.unrepaired = "", ""
		_ = f.SetJSON(text) // it may be broken, which shows beside it
		return "as it was before", nil
	}
	return f.repair("repaired: ")
}

func (f *Form) repair(saying string) (string, error) {
	was := f.text
	text, mends, err := RepairJSON(was)
	switch {
	case err != nil:
		return "", err
	case len(mends) == 0:
		return "nothing to repair", nil
	}
	_ = f.SetJSON(text) // RepairJSON has judged it
	f.repaired, f.unrepaired = text, was
	f.note = saying + mends.String()
	return f.note, nil
}

// Pasted takes the JSON side's text after a paste: text is all of it, pasted what
// came, before what stood there. What nearly is JSON is repaired, and a
// whole object that was pasted over one that nobody wanted to break takes its place.
func (f *Form) Pasted(before, pasted, text string) {
	good := checkJSON(before) == nil
	blank := strings.Trim(before, "{} \t\r\n") == "" || good && !f.JSONOnly && f.root.empty()
	err := f.SetJSON(text)
	if err == nil || !blank && !good {
		return
	}
	if blank && !strings.Contains(pasted, "{") {
		_, _ = f.repair("repaired while pasting: ") // what can't be shows beside it
		return
	}
	if whole, mends, err := RepairJSON(pasted); err == nil {
		_ = f.SetJSON(whole) // RepairJSON has judged it
		var said []string
		if len(mends) > 0 {
			said = append(said, "repaired while pasting: "+mends.String())
		}
		f.repaired, f.unrepaired = "", ""
		if len(mends) > 0 || !blank {
			f.repaired, f.unrepaired = whole, pasted
		}
		if !blank {
			said = append(said, "took the place of what stood here; {json.repair} brings that back")
			f.unrepaired = before
		}
		f.note = strings.Join(said, "; ")
		return
	}
	if blank && strings.HasPrefix(strings.TrimLeft(pasted, " \t\r\n"), "{") {
		_ = f.SetJSON(pasted) // what is wrong with it shows beside it
	}
}
