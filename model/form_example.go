package model

import "ioscope/client/bus"

// examples are texts that fields of a kind take, where the kind's name does not
// tell how it is written.
var examples = map[bus.Kind]string{
	bus.DateTime:  "now, today 09:00, in 2 h, 2026-11-21 09:00",
	bus.Composite: `{"name": 1}`,
	bus.Tuple:     `[1, "two"]`,
}

// listExamples are the same for lists.
var listExamples = map[bus.Kind]string{
	bus.Bool:      "true, false",
	bus.Int:       "1, 2, 3",
	bus.Long:      "1, 2, 3",
	bus.Double:    "0.5, 2, 1e6",
	bus.String:    `one, "two, with a comma"`,
	bus.DateTime:  "today 09:00, in 2 h",
	bus.Composite: `[{"name": 1}]`,
	bus.Tuple:     `[[1, "two"]]`,
}

// exampleOf is a text that a field takes; empty where there is nothing to say.
func (f *Form) exampleOf(n *formNode, path FieldPath) string {
	switch own, ok := f.examples[path]; {
	case ok:
		return own
	case !n.isField():
		return ""
	case n.param.Array:
		return listExamples[n.param.Kind]
	}
	return examples[n.param.Kind]
}
