package answers

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ioscope/client/bus"
	"ioscope/client/interval/schema"
)

// ChoiceLabel is the member of a document that names buttons.
const ChoiceLabel = "_choice"

// Sheet is a document of answers, and what of it was used.
type Sheet struct {
	labels []string // in the order of the document
	given  map[string]*answers
}

// answers are those to one label.
type answers struct {
	raw  any
	next int
}

// Parse reads a document. An empty text is one without answers.
func Parse(text []byte) (*Sheet, error) {
	s := &Sheet{given: map[string]*answers{}}
	if strings.TrimSpace(string(text)) == "" {
		return s, nil
	}
	var broken *json.SyntaxError
	if err := json.Unmarshal(text, new(any)); errors.As(err, &broken) {
		return nil, fmt.Errorf("%s: %w", place(text, broken.Offset-1), err)
	}
	if !strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
		return nil, errors.New(`one object is wanted, such as {"Amount": 5}`)
	}
	members, err := bus.Members(text)
	if err != nil {
		return nil, fmt.Errorf("%w: several answers to a label are a list", err)
	}
	for _, m := range members {
		value, err := schema.Decode(m.Value, nil)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", m.Key, err)
		}
		s.labels = append(s.labels, m.Key)
		s.given[m.Key] = &answers{raw: value}
	}
	return s, nil
}

// place tells line and character of a byte, both from 1.
func place(text []byte, offset int64) string {
	before := string(text[:max(0, min(offset, int64(len(text))))])
	line := strings.Count(before, "\n") + 1
	return fmt.Sprintf("line %d, character %d", line, len([]rune(before[strings.LastIndex(before, "\n")+1:]))+1)
}

// has reports whether the document speaks of a label at all.
func (s *Sheet) has(label string) bool { return s.given[label] != nil }

// take gives the next answer to a label. Where a list is one answer, only a list
// of lists is several.
func (s *Sheet) take(label string, lists bool) (any, bool) {
	a := s.given[label]
	if a == nil {
		return nil, false
	}
	several := []any{a.raw}
	if list, is := a.raw.(schema.List); is && (!lists || slices.ContainsFunc(list, isList)) {
		several = list
	}
	if a.next >= len(several) {
		return nil, false
	}
	a.next++
	return several[a.next-1], true
}

func isList(v any) bool {
	_, is := v.(schema.List)
	return is
}

// Unused lists the labels that nobody asked for, in the order of the document.
func (s *Sheet) Unused() []string {
	return slices.DeleteFunc(slices.Clone(s.labels), func(label string) bool { return s.given[label].next > 0 })
}
