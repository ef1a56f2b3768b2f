package model

import (
	"errors"
	"slices"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// Hint tells what a field takes, or what a text in it means.
func (f *RunField) Hint(now time.Time) string {
	v, err := f.Value(now)
	if err != nil || schema.Missing(v) {
		return ""
	}
	var t time.Time
	layout := "Mon 2 Jan 2006"
	switch v := v.(type) {
	case schema.Date:
		t = v.In(now.Location())
		if t.Year() == now.Year() {
			layout = "Mon 2 Jan"
		}
	case schema.Clock:
		if v.String() == strings.TrimSpace(f.Text) {
			return ""
		}
		return v.String()
	case schema.DateTime:
		t = v.In(now.Location())
		layout = "Mon 2 Jan 15:04"
		if t.Year() != now.Year() {
			layout = "Mon 2 Jan 2006 15:04"
		}
	default:
		return ""
	}
	return t.Format(layout)
}

// check looks at the answers of a step, and puts what is wrong at its place.
// Files that are not there yet are taken for good.
func (s *Step) check(now time.Time) (values []any, ok bool) {
	ok = true
	s.Error = ""
	for _, f := range s.Fields {
		v, err := f.judge(now)
		f.Problem = ""
		if err != nil {
			ok = false
			f.Problem = problemWords(f, err)
		}
		values = append(values, v)
	}
	return values, ok
}

// judge is what the field answers, and what is wrong with that.
func (f *RunField) judge(now time.Time) (any, error) {
	v, err := f.Value(now)
	_, file := f.Comp.Props.(*schema.UploadFile)
	switch {
	case err != nil:
	case file && len(f.pending()) > 0:
		err = f.checkPaths()
	default:
		err = schema.Check(f.Comp, v)
	}
	return v, err
}

// Left tells what is wrong with a field that the keyboard leaves, if a person did
// something in it.
func (f *RunField) Left(now time.Time) {
	if !f.touched || f.Problem != "" || f.Comp.Method().Display() {
		return
	}
	if _, err := f.judge(now); err != nil {
		f.Problem = problemWords(f, err)
	}
}

// problemWords says what is wrong in the words of the screen.
func problemWords(f *RunField, err error) string {
	if errors.Is(err, schema.ErrRequired) {
		switch p := f.Comp.Props.(type) {
		case *schema.SelectSingle:
			return "choose one"
		case *schema.Search:
			switch {
			case len(p.Results) > 0:
				return "choose one of the results"
			case strings.TrimSpace(f.Text) == "":
				return "type what to look for, then choose a result"
			}
			return "nothing is found: type something else, then choose a result"
		case *schema.UploadFile:
			return "a file is needed: type its path, or look for it"
		}
		return "needed"
	}
	return err.Error()
}

// pending are the paths whose files were not brought yet.
func (f *RunField) pending() []string {
	paths := f.paths()
	if len(f.Files) == len(paths) {
		return nil
	}
	return paths
}

// paths are the files that were chosen: those of the list, and the one in the line.
func (f *RunField) paths() []string {
	out := slices.Clone(f.Paths)
	if text := strings.TrimSpace(f.Text); text != "" {
		out = append(out, text)
	}
	if !f.Comp.Multiple && len(out) > 1 {
		out = out[len(out)-1:]
	}
	return out
}

func (f *RunField) checkPaths() error {
	p, _ := f.Comp.Props.(*schema.UploadFile)
	for _, path := range f.paths() {
		if err := schema.CheckFileName(p, path); err != nil {
			return err
		}
	}
	return nil
}
