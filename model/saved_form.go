package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// chooseEnv ends what is said of a variable without a value in a form, which is not on
// the page of the saved calls.
const chooseEnv = "; {saved.env} in {go.saved} chooses an environment"

// lacking finds the variables of a saved call that stand in its form without a value,
// at their stops.
func (t *Thing) lacking(now time.Time) (out []FieldError) {
	if len(t.lacks) == 0 {
		return nil
	}
	stops := t.Stops(now)
	add := func(path FieldPath, text string) {
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			if slices.Contains(t.lacks, m[1]) {
				out = append(out, FieldError{Path: stopAt(stops, path), Reason: "no value for {{" + m[1] + "}}" + chooseEnv, Lacks: m[1]})
				return
			}
		}
	}
	add(StopTarget, strings.Join(t.Target.Texts(), " "))
	if t.Form.Broken() == nil {
		eachText(t.Form.Draft(now), "", add)
	}
	return out
}

// stopAt is the stop of a path, or of the nearest that it is in; the path itself where
// there is none.
func stopAt(stops []FieldPath, path FieldPath) FieldPath {
	for at := path; at != ""; at = at[:max(strings.LastIndexAny(string(at), ".["), 0)] {
		if slices.Contains(stops, at) {
			return at
		}
	}
	return path
}

// eachText visits the texts of a JSON value.
func eachText(raw json.RawMessage, at string, visit func(FieldPath, string)) {
	switch bus.JSONType(raw) {
	case "object":
		members, _ := bus.Members(raw) // what can't be read has no texts
		for _, m := range members {
			eachText(m.Value, bus.JoinPath(at, m.Key), visit)
		}
	case "array":
		items, _ := bus.Items(raw)
		for i, item := range items {
			eachText(item, bus.IndexPath(at, i), visit)
		}
	case "string":
		var text string
		if json.Unmarshal(raw, &text) == nil {
			visit(FieldPath(at), text)
		}
	}
}

// wanting is what is wrong with a form, where some of its variables have no value: at
// their fields that is told, and nothing else.
func (t *Thing) wanting(wrong []FieldError, now time.Time) []FieldError {
	lacking := t.lacking(now)
	if len(lacking) == 0 {
		return wrong
	}
	wrong = slices.DeleteFunc(wrong, func(w FieldError) bool {
		return slices.ContainsFunc(lacking, func(l FieldError) bool { return l.Path == w.Path })
	})
	wrong = append(wrong, lacking...)
	stops := t.Stops(now)
	place := func(w FieldError) int {
		if i := slices.Index(stops, w.Path); i >= 0 {
			return i
		}
		return len(stops)
	}
	slices.SortStableFunc(wrong, func(a, b FieldError) int { return cmp.Compare(place(a), place(b)) })
	return wrong
}

// FillVariables puts the values of the environment that counts into the forms of saved
// calls that still wait for them.
func (s *State) FillVariables() {
	env := s.Saves().Environment()
	for _, t := range s.Things {
		if len(t.lacking(s.Now)) == 0 {
			continue
		}
		c := SavedCall{Target: t.Target.Texts(), Args: t.Form.Draft(s.Now)}
		filled, _ := c.With(env)
		if to, err := filled.To(); err == nil && !slices.Equal(filled.Target, c.Target) {
			t.Target = to
		}
		if string(filled.Args) != string(c.Args) {
			_ = t.Form.JSON(s.Now) // so that what is typed beside stays as typed
			_ = t.Form.SetJSON(prettyJSON(filled.Args))
		}
		t.Wrong = nil
	}
}

// LacksAt is what is said at a stop of a variable without a value; empty where there is
// none.
func (s *Sheet) LacksAt(path FieldPath) string {
	for _, w := range s.Wrong {
		if w.Path == path && w.Lacks != "" {
			return w.Reason
		}
	}
	return ""
}
