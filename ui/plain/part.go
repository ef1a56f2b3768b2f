package plain

import (
	"encoding/json"
	"strings"

	"ioscope/model"
)

// part says what of a value is told: what is at a path, and how many levels of it; 0 for
// all of them.
type part struct {
	path  string
	depth int
}

// readPart takes out of the words what of a value is to be told.
func readPart(words []string) (p part, rest []string, err error) {
	for _, w := range words {
		depth, deep := strings.CutPrefix(w, "depth=")
		switch {
		case deep:
			if p.depth, err = count(depth); err != nil {
				return p, nil, err
			}
		case strings.HasPrefix(w, ".") || strings.HasPrefix(w, "$"):
			p.path = w
		default:
			rest = append(rest, w)
		}
	}
	return p, rest, nil
}

// in is the part of a value; false where there is nothing at the path.
func (p part) in(raw json.RawMessage) (json.RawMessage, bool) {
	if p.path == "" || p.path == "." || p.path == "$" {
		return raw, true
	}
	steps, ok := model.ReadPath("$" + strings.TrimPrefix(p.path, "$"))
	found := steps.In(raw)
	return found, ok && found != nil
}

// tellPart tells a value as an indented list, or the part of it that was asked for.
func (x *explorer) tellPart(p part, raw json.RawMessage) error {
	found, ok := p.in(raw)
	if !ok {
		return problemf("without a path all of it is told, find looks for words", "nothing at %s", p.path)
	}
	for _, line := range indented(found, p.depth) {
		x.say(line)
	}
	return nil
}

// foldedWords tell what is in an object or a list that is not opened.
func foldedWords(row model.TreeRow) string {
	if row.Kind != model.ObjectValue {
		n, _, _ := strings.Cut(strings.TrimPrefix(row.Summary, "["), "]")
		return items(n)
	}
	names := strings.TrimSuffix(strings.TrimPrefix(row.Summary, "{ "), " }")
	names = strings.ReplaceAll(names, "… ", "and ")
	return "object with " + names
}
