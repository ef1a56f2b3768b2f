package ui

import (
	"encoding/json"
	"strconv"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// payload draws a JSON value in one line, as far as w cells go.
func payload(raw json.RawMessage, w int) screen.Line {
	var line screen.Line
	// A date that is cut can't be read, so one more is asked for than there is room.
	tokens, short := oneLine(raw, w+1+len(wireDate))
	for _, t := range tokens {
		line = line.Add(tokenStyle(t.Kind), clean(t.Text))
	}
	switch {
	case short:
		// One mark of the cut is enough, and it stands at the end.
		return line.Muted(screen.T("…")).Fit(min(w, line.Width()+1))
	case line.Width() > w:
		return line.Fit(w)
	}
	return line
}

// wireDate is how long a date of the wire is.
const wireDate = `"#T42_DATE#1795314636797"`

// oneLine are the tokens of a value in one line, its dates as people write them;
// short tells that there is more.
func oneLine(raw json.RawMessage, most int) (tokens []model.Token, short bool) {
	tokens = model.OneLine(raw, most)
	whole := len(tokens)
	if n := len(tokens); n > 0 && tokens[n-1].Text == "…" {
		// The last one may be cut, and a date that is cut is another date.
		short, tokens, whole = true, tokens[:n-1], max(n-2, 0)
	}
	for i := range tokens[:whole] {
		if tokens[i].Kind == model.TokenText {
			tokens[i].Text = dated(tokens[i].Text)
		}
	}
	return tokens, short
}

// dated writes a date of the wire as people do, in as many cells; all else stays
// as it is. The event and the result, opened, have it as it came.
func dated(text string) string {
	if at, ok := bus.ParseDateText(strings.Trim(text, `"`)); ok {
		return at.Local().Format("2006-01-02 15:04:05.000")
	}
	return text
}

func tokenStyle(k model.TokenKind) screen.Style {
	switch k {
	case model.TokenKey:
		return key
	case model.TokenNum:
		return num
	case model.TokenLit:
		return lit
	case model.TokenText:
		return plain
	case model.TokenPunct:
	}
	return muted
}

// hasMembers reports whether arguments hold anything.
func hasMembers(raw json.RawMessage) bool { return argWords(raw) != "" }

// argWords writes the values of arguments without their names.
func argWords(raw json.RawMessage) string {
	var words []string
	tokens, _ := oneLine(raw, 60)
	for _, t := range tokens {
		if t.Kind == model.TokenText || t.Kind == model.TokenNum || t.Kind == model.TokenLit {
			words = append(words, t.Text)
		}
	}
	return strings.Join(words, " ")
}

// treeLine draws one row of a JSON tree, without gutter, in w cells.
func treeLine(r model.TreeRow, nameWidth, w int) screen.Line { return treeLineOf(r, nameWidth, w, w) }

// treeLineOf draws a row in w cells of a tree that has whole cells: all of its rows have
// the same indent, however much stands at their right.
func treeLineOf(r model.TreeRow, nameWidth, w, whole int) screen.Line {
	indent := treeIndent(r.Depth, whole)
	line := indentLine(r.Depth, whole)
	switch {
	case r.Folded:
		line = line.Muted(screen.T("▸ "))
	case r.Foldable:
		line = line.Muted(screen.T("▾ "))
	default:
		line = line.Pad(2)
	}
	if name := memberName(r); name != "" {
		style := key
		if r.IsIndex {
			style = muted
		}
		line = line.Add(style, clean(name).CutMiddle(max(w/2, 8)))
		line = line.To(max(indent+2+nameWidth, line.Width()) + 2)
	}
	line = line.Add(valueStyle(r.Kind, r.Foldable), clean(r.Summary))
	if when, ok := dateIn(r); ok {
		line = line.Pad(2).Muted(clean("= " + when))
	}
	return line.Fit(w)
}

// treeIndent is how far in a row of a tree begins. It leaves half of the width to the
// rows themselves, however deep they are.
func treeIndent(depth, w int) int { return 2 * min(depth, max(w/4-2, 4)) }

// indentLine is the indent of a row. Where a row is deeper than there is room for, its
// level stands there as a number.
func indentLine(depth, w int) screen.Line {
	n := treeIndent(depth, w)
	if n == 2*depth {
		return screen.Line{}.Pad(n)
	}
	level := clean("…" + strconv.Itoa(depth+1))
	return screen.Line{}.Pad(max(n-level.Width()-1, 0)).Muted(level).Fit(n)
}

// memberName is the key of a row as it is seen: one that is empty, or has blanks at an end,
// in quotes.
func memberName(r model.TreeRow) string {
	if r.Key == "" && !strings.HasSuffix(r.Path, `[""]`) || strings.TrimSpace(r.Key) == r.Key && r.Key != "" {
		return r.Key
	}
	return strconv.Quote(r.Key)
}

// dateIn reads the text by which official clients send a date.
func dateIn(r model.TreeRow) (string, bool) {
	var text string
	if r.Kind != model.StringValue || json.Unmarshal(r.Raw, &text) != nil {
		return "", false
	}
	t, ok := bus.ParseDateText(text)
	if !ok {
		return "", false
	}
	return t.Local().Format("2 Jan 2006 15:04:05.000 -07:00"), true
}

func valueStyle(k model.ValueKind, foldable bool) screen.Style {
	switch {
	case foldable:
		return muted
	case k == model.NumberValue:
		return num
	case k == model.LiteralValue:
		return lit
	case k >= model.MoreValue:
		return muted
	}
	return plain
}

// nameWidth is the width that the names of rows need, up to a limit.
func nameWidth(rows []model.TreeRow) int {
	n := 0
	for _, r := range rows {
		if !r.Foldable {
			n = max(n, clean(memberName(r)).Width())
		}
	}
	return min(n, 20)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
