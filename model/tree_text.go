package model

import (
	"strings"
	"unicode/utf8"
)

// summaryKeys is how many keys of a folded object are named.
const summaryKeys = 3

// summary is what stands in the row of n as its value.
func (t *Tree) summary(n *node) string {
	switch {
	case n.kind == MissingValue:
		return "missing"
	case n == &t.last:
		return "… " + Number(treeOpens) + " rows unfold at once; what is beyond them stays folded"
	case n.kind == MoreValue:
		return "… " + Number(int(n.index)) + " more"
	case n.kind > ArrayValue:
		return clip(t.raw[n.start:n.end], summaryBytes)
	case n.kind == ObjectValue && n.open:
		return ""
	}
	text, ok := t.summaries[n]
	if !ok {
		text = t.describe(n)
		t.summaries[n] = text
	}
	if n.open {
		text, _, _ = strings.Cut(text, " ")
	}
	return text
}

// describe looks at a folded container. It reads all of it, so it is asked once.
func (t *Tree) describe(n *node) string {
	if n.kind == ObjectValue {
		return describeObject(t.raw, int(n.start))
	}
	count, first := 0, ""
	eachMember(t.raw, int(n.start), func(m member) bool {
		if count++; count == 1 && t.raw[m.start] == '{' {
			first = "  " + describeObject(t.raw, m.start)
		}
		return true
	})
	if count == 0 {
		return "[]"
	}
	return "[" + Number(count) + "]" + first
}

// describeObject names the first keys of the object at offset i. A fourth key
// that is the last is named too: "… 1 more" would be no shorter.
func describeObject(raw []byte, i int) string {
	var keys []string
	count := 0
	eachMember(raw, i, func(m member) bool {
		if count++; len(keys) <= summaryKeys {
			keys = append(keys, clip([]byte(unquote(raw[m.key:m.keyEnd])), summaryBytes/10))
		}
		return true
	})
	if count == 0 {
		return "{}"
	}
	if count > summaryKeys+1 {
		keys = append(keys[:summaryKeys], "… "+Number(count-summaryKeys)+" more")
	}
	return "{ " + strings.Join(keys, ", ") + " }"
}

// clip returns text of at most limit bytes, with an … where it was cut.
func clip(text []byte, limit int) string {
	if len(text) <= limit {
		return string(text)
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return string(text[:limit]) + "…"
}
