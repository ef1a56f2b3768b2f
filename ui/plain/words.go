package plain

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/screen"
)

// columns is how wide a line may be where its words allow it.
const columns = 80

// wrap breaks a clean text at blanks into lines. What follows the first is
// indented.
func wrap(text string) []string {
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	var lines []string
	line, width := indent, len(indent)
	for i, word := range chunks(text) {
		w := screen.Clean(word).Width()
		switch {
		case i == 0:
		case width+1+w > columns:
			lines = append(lines, line)
			line, width = indent+"  ", len(indent)+2
		default:
			line, width = line+" ", width+1
		}
		line, width = line+word, width+w
	}
	return append(lines, line)
}

// chunks are the words between which a line may break. Signs without a letter or
// a digit go with a word, since a line of nothing else is read out as silence.
func chunks(text string) []string {
	var out []string
	signs := ""
	for _, word := range strings.Fields(text) {
		signs += word
		if says(word) {
			out = append(out, signs)
			signs = ""
		} else {
			signs += " "
		}
	}
	switch signs = strings.TrimSpace(signs); {
	case signs != "" && len(out) > 0:
		out[len(out)-1] += " " + signs
	case signs != "":
		out = append(out, signs)
	}
	return out
}

// says reports whether a text has something that can be read out.
func says(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	})
}

// faultOfJQ says why an expression can't be read.
func faultOfJQ(text string) string {
	if text == "" {
		return ""
	}
	return ui.FaultOfJQ(text)
}

// payloadChars is how much of a payload one line tells.
const payloadChars = 240

// sentence tells a payload in words, its first level alone.
func sentence(raw json.RawMessage) string {
	var b strings.Builder
	for _, t := range model.OneLine(raw, payloadChars) {
		if t.Kind == model.TokenPunct {
			b.WriteString(punctuation(t.Text))
			continue
		}
		b.WriteString(dated(t.Text))
	}
	if b.Len() == 0 {
		return "nothing"
	}
	return b.String()
}

// dated tells a date of the wire as people do; all else stays as it is.
func dated(text string) string {
	if bare := strings.Trim(text, `"`); strings.HasPrefix(bare, "#T42_DATE#") {
		if at, ok := bus.ParseDateText(bare); ok {
			return at.Local().Format("2006-01-02 15:04:05")
		}
	}
	return text
}

// punctuation is what stands for the signs of a payload's line.
func punctuation(s string) string {
	switch s {
	case "  ":
		return ", "
	case "{}":
		return "an empty object"
	case "{…}":
		return "an object"
	case "[]":
		return "no items"
	case "[…]":
		return "many items"
	case "…":
		return " and more"
	}
	if n, ok := strings.CutPrefix(s, "["); ok {
		if n, ok := strings.CutSuffix(n, "]"); ok {
			return items(n)
		}
	}
	return s
}

func items(n string) string {
	if n == "1" {
		return "1 item"
	}
	return n + " items"
}

// indented tells a whole value as a list, a level of it two blanks further in.
// It is bounded: what is beyond is counted. With a depth only so many levels are told.
func indented(raw json.RawMessage, depth int) []string {
	const most = 1000
	t := model.NewTree(raw, max(depth-1, 0))
	whole := depth > 0 || t.OpenAll()
	var lines []string
	for _, row := range t.Rows(0, most) {
		key := row.Key
		if row.IsIndex {
			key = "item " + oneMore(key)
		}
		lead := strings.Repeat("  ", min(row.Depth, 20)+1)
		if key != "" {
			lead += key + ": "
		}
		if row.Folded {
			lines = append(lines, lead+foldedWords(row))
			continue
		}
		lines = append(lines, lead+value(row))
	}
	if n := t.Len(); n > most {
		lines = append(lines, fmt.Sprintf("  and %s more", model.Count(n-most, "value")))
	} else if !whole {
		lines = append(lines, "  and what is deeper than can be listed")
	}
	return lines
}

// oneMore is an index as people count.
func oneMore(index string) string {
	n := 0
	_, _ = fmt.Sscan(index, &n)
	return fmt.Sprint(n + 1)
}

// value tells the value of a row of a tree.
func value(row model.TreeRow) string {
	switch row.Kind {
	case model.ObjectValue:
		if row.Foldable {
			return "object"
		}
		return "an empty object"
	case model.ArrayValue:
		if n := strings.Trim(row.Summary, "[]"); n != "" {
			return items(n)
		}
		return "no items"
	case model.MoreValue:
		return strings.TrimPrefix(row.Summary, "… ")
	}
	if date := dated(row.Summary); date != row.Summary {
		return row.Summary + ", " + date
	}
	return row.Summary
}

// problem is a mistake in what was typed, and what helps.
type problem struct{ what, hint string }

func (p *problem) Error() string { return p.what }

func problemf(hint, format string, args ...any) error {
	return &problem{fmt.Sprintf(format, args...), hint}
}

// split takes a command line apart at blanks. Quotes keep blanks in a word, and
// so does JSON: a word, or what follows its =, may be a whole object or list.
func split(line string) ([]string, error) {
	var words []string
	var b strings.Builder
	in, quote := false, rune(0)
	for i := 0; i < len(line); {
		r := rune(line[i])
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == '"' && r == '\\' && i+1 < len(line):
			i++
			b.WriteByte(line[i])
		case quote != 0:
			b.WriteByte(line[i])
		case r == ' ' || r == '\t':
			if in {
				words = append(words, b.String())
				b.Reset()
			}
			in = false
		case r == '"' || r == '\'':
			in, quote = true, r
		case (r == '{' || r == '[') && (!in || strings.HasSuffix(b.String(), "=")):
			raw, err := leading(line[i:])
			if err != nil {
				return nil, err
			}
			b.WriteString(raw)
			in = true
			i += len(raw) - 1
		default:
			in = true
			b.WriteByte(line[i])
		}
		i++
	}
	if quote != 0 {
		return nil, problemf("a quote that is meant stands between quotes of the other kind", "a quote is open: %c", quote)
	}
	if in {
		words = append(words, b.String())
	}
	return words, nil
}

// leading is the JSON value that a text begins with.
func leading(text string) (string, error) {
	d := json.NewDecoder(strings.NewReader(text))
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return "", problemf("what is no JSON stands between quotes: jq='{n: .n}'", "the JSON breaks at character %d of %q: %v", syntax.Offset, text, err)
		}
		return "", problemf("", "the JSON is not whole: %q", text)
	}
	return text[:d.InputOffset()], nil
}

// took tells a span of time, without a sign.
func took(d time.Duration) string {
	return strings.Replace(model.Duration(d), "<", "less than ", 1)
}
