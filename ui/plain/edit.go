package plain

import (
	"bytes"
	"encoding/json"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
)

// Editor opens a text in the person's own editor, which has the terminal until it is
// left, and returns the text as it was left then. The ending, such as ".json", lets the
// editor colour it.
type Editor interface {
	Edit(text, ending string) (string, error)
}

// draft is what was written in the editor and could not be sent.
type draft struct {
	desk  *desk
	sheet sheet
	text  string
}

// edit opens all values as JSON in the person's own editor, and sends what was written.
func (x *explorer) edit(words []string) error {
	switch {
	case x.o.Editor == nil:
		return noEditor("invoke METHOD {...} takes JSON, fill METHOD asks for each value")
	case len(words) == 0 && x.draft == nil:
		return problemf("edit Addition is an example; edit 3 answers request 3", "edit what?")
	case len(words) == 0:
		d := *x.draft
		x.within(d.desk, func() { x.editSheet(d.sheet, d.text, "") })
		return nil
	}
	s, err := x.sheetOf(words, "edit")
	if err != nil {
		return err
	}
	form := model.NewForm(s.accepts)
	if s.was != nil {
		form.Fill(s.was)
	}
	text := form.JSON(x.o.Now()) + "\n"
	x.editSheet(s, text, text)
	return nil
}

// noEditor is said where no editor can have the terminal.
func noEditor(instead string) error {
	return problemf(instead, "an editor needs a terminal, and a person at it")
}

// editSheet opens a text in the editor. One that comes back as it was given is sent only
// when that is wanted: so an editor is left that was opened by mistake.
func (x *explorer) editSheet(s sheet, text, given string) {
	x.lend(text, ".json", func(text string) error {
		x.draft = nil
		if strings.TrimSpace(text) == "" {
			x.sayf("edit: %s, nothing is written there, nothing was sent", s.what)
			return nil
		}
		hurts := ""
		if text == given {
			hurts = "all is as it was suggested"
		}
		return x.sureIf(hurts, "send "+s.what, func() error {
			if err := s.sendJSON(text); err != nil {
				x.draft = &draft{x.desk, s, text}
				x.complain(err)
				x.say("hint: edit, alone, opens it again")
			}
			return nil
		})
	})
}

// sendJSON sends a text.
func (s *sheet) sendJSON(text string) error {
	if err := model.NewForm("").SetJSON(text); err != nil {
		return problemf("nothing was sent", "not JSON yet: %v", err)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(text)); err != nil || !strings.HasPrefix(line.String(), "{") {
		return problemf("nothing was sent", "all values stand between one { and }")
	}
	return s.send([]string{line.String()})
}

// editValue opens the value that fill asks for in the editor.
func (x *explorer) editValue(f *filling) error {
	b := f.blanks[0]
	if b.parts() {
		return problemf("yes or an empty line is wanted, then its parts are asked for", "%s has no text of its own", b.path)
	}
	if x.o.Editor == nil {
		return noEditor("")
	}
	text, ending := f.lastText(b)
	x.lend(text, ending, func(text string) error {
		if x.form != f {
			return nil
		}
		text = strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
		if b.param.Kind != bus.String {
			text = strings.TrimSpace(text)
		}
		if text == "" {
			x.say("edit: nothing is written there")
			x.say(x.question(f, b))
			return nil
		}
		return x.takeValue(text)
	})
	return nil
}

// lastText is what a value was the last time, as it stands in a file: a text with its
// line breaks, JSON as people write it.
func (f *filling) lastText(b blank) (text, ending string) {
	raw := f.lastRaw(b)
	if b.param.Scalar() || b.param.Array {
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		return text, ".txt"
	}
	var lines bytes.Buffer
	_ = json.Indent(&lines, raw, "", "  ")
	return lines.String(), ".json"
}

// lend gives the terminal to the person's own editor until it is left, and takes what was
// written then. What is to be said waits meanwhile.
func (x *explorer) lend(text, ending string, take func(string) error) {
	editor := x.o.Editor
	x.flush()
	x.lent = true
	x.beside(func() func() {
		text, err := editor.Edit(text, ending)
		return func() {
			x.lent = false
			x.now()
			if err == nil {
				err = take(text)
			}
			if err != nil {
				x.complain(err)
			}
		}
	})
}
