package model

import (
	"encoding/json"
	"strings"
	"time"

	"ioscope/client/bus"
)

// What a field's text is in a file: there a text may have lines, a list has an item
// a line, and JSON stands as people write it.

// FileText is the text of a field as it stands in a file of its own, which is edited
// elsewhere, and the ending of the file's name. [Form.SetFileText] takes it back.
func (f *Form) FileText(path FieldPath, now time.Time) (text, ending string) {
	n := f.node(path)
	if n == nil || !n.isField() {
		return "", ".txt"
	}
	text = f.Text(path)
	raw, err := n.own(now)
	switch {
	case !n.param.Scalar():
		if err == nil && raw != nil {
			text = prettyJSON(raw)
		}
		ending = ".json"
	case n.param.Array:
		if items, err := bus.Items(raw); err == nil && raw != nil && !strings.HasPrefix(strings.TrimSpace(text), "[") {
			text = itemLines(n.param.Item(), items)
		}
		ending = ".txt"
	case n.param.Kind == bus.String:
		var plain string
		if err == nil && json.Unmarshal(raw, &plain) == nil {
			text = plain
		}
		ending = ".txt"
	default:
		ending = ".txt"
	}
	return text + "\n", ending
}

// itemLines writes items, one a line.
func itemLines(p bus.Param, items []json.RawMessage) string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i], _ = bus.TextOf(p, item)
	}
	return strings.Join(lines, "\n")
}

// SetFileText gives a field the text of a file. The line end that editors put at the
// end of a file is not part of it.
func (f *Form) SetFileText(path FieldPath, text string, now time.Time) {
	n := f.node(path)
	if n == nil || !n.isField() {
		return
	}
	text = strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	switch {
	case strings.TrimSpace(text) == "" && n.param.Kind != bus.String, text == "":
		text = ""
	case !n.param.Scalar(), n.param.Array && strings.HasPrefix(strings.TrimSpace(text), "["):
		if json.Valid([]byte(text)) {
			text = string(compactJSON(json.RawMessage(text)))
		}
	case n.param.Array:
		text = listOf(n.param, text)
	case n.param.Kind == bus.String:
		text, _ = bus.TextOf(n.param, bus.QuoteJSON(text))
	default:
		text = strings.TrimSpace(text)
	}
	f.SetText(path, text)
}

// listOf writes lines as the text of a list. A text that a list would be split at is
// put in quotes; a line that has quotes already stands as it is.
func listOf(p bus.Param, text string) string {
	var items []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		quoted := strings.HasPrefix(line, `"`)
		if p.Kind == bus.String && (quoted || strings.Contains(line, ",")) && !(quoted && json.Valid([]byte(line))) {
			line = string(bus.QuoteJSON(line))
		}
		items = append(items, line)
	}
	return strings.Join(items, ", ")
}
