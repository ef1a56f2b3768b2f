package model

import (
	"encoding/json"
	"strings"

	"ioscope/client/bus"
)

// JSONMark is a place of the JSON side that does not fit the signature.
type JSONMark struct {
	// Line is where it stands, from 1.
	Line int
	Path FieldPath
	// Reason says what is wrong with it; empty for a member that the signature does
	// not name, which is sent as it is.
	Reason string
}

// Marks are the places of the JSON side that do not fit the signature, also while it
// is typed. What is missing, or null, is no place, and a text that is no JSON, or too long to be
// typed in, has none.
func (f *Form) Marks() []JSONMark {
	if f.JSONOnly || f.mode != JSONMode || f.broken != nil || f.large {
		return nil
	}
	if f.marked.text == f.text && f.marked.known {
		return f.marked.marks
	}
	f.marked.text, f.marked.known, f.marked.marks = f.text, true, nil
	var lines map[string]int
	for _, p := range bus.Check(f.sig, json.RawMessage(f.text)) {
		if p.Kind == bus.Missing || p.Has == "null" {
			continue // a form that is not filled yet has nulls
		}
		if lines == nil {
			lines = linesOfPaths(f.text)
		}
		mark := JSONMark{Line: lineOf(lines, p.Path), Path: FieldPath(p.Path)}
		if p.Kind != bus.Extra {
			mark.Reason = p.Reason()
		}
		f.marked.marks = append(f.marked.marks, mark)
	}
	return f.marked.marks
}

// lineOf is the line of a path, or of what it is in: the fields of a tuple have names
// in the signature, and none in the text.
func lineOf(lines map[string]int, path string) int {
	for path != "" {
		if line, ok := lines[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 1
}

// linesOfPaths tells of each path in a JSON text in which line it is, from 1.
func linesOfPaths(text string) map[string]int {
	w := &lineWalk{text: text, in: json.NewDecoder(strings.NewReader(text)), line: 1, lines: map[string]int{}}
	w.in.UseNumber()
	w.value("")
	return w.lines
}

type lineWalk struct {
	text     string
	in       *json.Decoder
	at, line int
	lines    map[string]int
}

// token reads on, and returns false at the end.
func (w *lineWalk) token() (json.Token, bool) {
	t, err := w.in.Token()
	at := int(w.in.InputOffset())
	w.line += strings.Count(w.text[w.at:at], "\n")
	w.at = at
	return t, err == nil
}

func (w *lineWalk) value(path string) {
	t, ok := w.token()
	if _, known := w.lines[path]; !known {
		w.lines[path] = w.line
	}
	open, nested := t.(json.Delim)
	if !ok || !nested {
		return
	}
	for i := 0; w.in.More(); i++ {
		inner := bus.IndexPath(path, i)
		if open == '{' {
			key, _ := w.token()
			name, _ := key.(string)
			inner = bus.JoinPath(path, name)
			w.lines[inner] = w.line
		}
		w.value(inner)
	}
	w.token()
}
