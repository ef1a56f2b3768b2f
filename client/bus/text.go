package bus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// CoerceText makes the JSON value that a person means by a field's text. The
// error says what is wrong in a person's words, without the field's name.
//
//   - A string is the text itself; a text in double quotes is read as JSON reads
//     it, so "" is the empty string and "a\nb" has two lines.
//   - Numbers keep the digits that were typed; int has 32 bits, long 64.
//   - A datetime is read by ParseTime and becomes what DateText writes.
//   - An array of scalars is a list with commas, `7, 8`, or a JSON array. A string
//     in which there is a comma is put in quotes.
//   - Composites, tuples and arrays of them are JSON, which Check must pass.
//   - null is null where the entry is optional and no string.
//
// Time is read relative to now and in its zone.
func CoerceText(p Param, text string, now time.Time) (json.RawMessage, error) {
	trimmed := strings.TrimSpace(text)
	switch {
	case p.Kind == String && !p.Array:
		return stringFrom(text), nil
	case p.Optional && trimmed == "null":
		return json.RawMessage("null"), nil
	case !p.Scalar():
		return structFrom(p, trimmed)
	case p.Array:
		return listFrom(p, trimmed, now)
	}
	return scalarFrom(p.Kind, trimmed, now)
}

func scalarFrom(k Kind, s string, now time.Time) (json.RawMessage, error) {
	switch k {
	case Bool:
		if lower := strings.ToLower(s); lower == "true" || lower == "false" {
			return json.RawMessage(lower), nil
		}
		return nil, notA(k, quoted(s)+"; true or false")
	case Int, Long:
		if fault := integerFault(k, s); fault != "" {
			return nil, notA(k, fault)
		}
		return json.RawMessage(s), nil
	case Double:
		if fault := doubleFault(s); fault != "" {
			return nil, notA(k, fault)
		}
		return json.RawMessage(s), nil
	case DateTime:
		t, err := ParseTime(s, now)
		if err != nil {
			return nil, err
		}
		return QuoteJSON(DateText(t)), nil
	}
	return stringFrom(s), nil
}

// stringFrom reads a text in quotes as JSON does, any other as it is.
func stringFrom(text string) json.RawMessage {
	if isQuoted(text) {
		return json.RawMessage(text)
	}
	return QuoteJSON(text)
}

// isQuoted reports whether a text is one JSON string, quotes included.
func isQuoted(text string) bool {
	return len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' && json.Valid([]byte(text))
}

// structFrom reads a value that is only to be had as JSON.
func structFrom(p Param, s string) (json.RawMessage, error) {
	raw := json.RawMessage(s)
	if !json.Valid(raw) {
		return nil, fmt.Errorf("not JSON: %s; %s is wanted", quoted(s), shape(p))
	}
	return fitting(p, raw)
}

// shape is what the JSON of an entry has to be.
func shape(p Param) string {
	switch {
	case p.Array:
		return "a list [...]"
	case p.Kind == Tuple:
		return "a list [...]"
	}
	return "an object {...}"
}

// fitting passes a value on in compact form if it fits the entry.
func fitting(p Param, raw json.RawMessage) (json.RawMessage, error) {
	c := &checker{}
	c.value(p, "", raw)
	for _, problem := range c.problems {
		if problem.Kind != Extra {
			return nil, errors.New(problem.String())
		}
	}
	return compact(raw), nil
}

func listFrom(p Param, s string, now time.Time) (json.RawMessage, error) {
	if strings.HasPrefix(s, "[") {
		raw := json.RawMessage(s)
		if !json.Valid(raw) {
			return nil, fmt.Errorf("not a list: %s is no JSON", quoted(s))
		}
		return fitting(p, raw)
	}
	var items []json.RawMessage
	for i, part := range splitList(s) {
		item, err := itemFrom(p, part, now)
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", i+1, err)
		}
		items = append(items, item)
	}
	return List(items), nil
}

func itemFrom(p Param, part string, now time.Time) (json.RawMessage, error) {
	if part == "" {
		if p.Kind == String {
			return nil, errors.New(`empty; for an empty text type ""`)
		}
		return nil, errors.New("empty")
	}
	return scalarFrom(p.Kind, part, now)
}

// splitList splits at commas that are not in quotes, and trims the parts. A
// comma at the end is one that is being typed: nothing follows it yet.
func splitList(s string) []string {
	var parts []string
	start, inQuotes := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' && (inQuotes || strings.TrimSpace(s[start:i]) == ""):
			inQuotes = !inQuotes
		case c == '\\' && inQuotes:
			i++
		case c == ',' && !inQuotes:
			parts = append(parts, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(s[start:]); last != "" {
		parts = append(parts, last)
	}
	return parts
}

// TextOf is the text by which a field shows a value. It reports whether
// CoerceText makes the very same value of it; where it does not (a value of
// another type, an ISO date, which becomes a date of the wire) the value has to
// be kept beside the text, or it is lost. Dates are shown in UTC.
func TextOf(p Param, raw json.RawMessage) (text string, same bool) {
	text = textOf(p, raw)
	back, err := CoerceText(p, text, time.Time{})
	return text, err == nil && sameJSON(back, raw)
}

func textOf(p Param, raw json.RawMessage) string {
	has := JSONType(raw)
	switch {
	case p.Array && p.Scalar() && has == "array":
		return listText(p, raw)
	case p.Array || !p.Scalar() || has == "object" || has == "array":
		return string(compact(raw))
	case has == "string":
		return scalarText(p.Kind, raw)
	}
	return strings.TrimSpace(string(raw))
}

// scalarText shows a JSON string in a field of this kind.
func scalarText(k Kind, raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	token := string(bytes.TrimSpace(raw))
	if k == DateTime {
		if t, ok := ParseDateText(s); ok && t.Year() >= 0 && t.Year() <= 9999 {
			return t.Format("2006-01-02T15:04:05.999Z07:00")
		}
	}
	if s == "" || strings.TrimSpace(s) != s || isQuoted(s) || strings.ContainsFunc(s, unshowable) {
		return token
	}
	return s
}

// unshowable are runes that a line of text can't show, and the one that stands
// for what is no Unicode at all.
func unshowable(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }

// listText shows a list with commas, or as JSON where an item is no scalar.
func listText(p Param, raw json.RawMessage) string {
	items, err := Items(raw)
	if err != nil || len(items) == 0 {
		return string(compact(raw))
	}
	parts := make([]string, len(items))
	for i, item := range items {
		if fits, _ := fitsScalar(p.Kind, item); !fits {
			return string(compact(raw))
		}
		parts[i] = textOf(p.Item(), item)
		if p.Kind == String && (strings.ContainsAny(parts[i], ",") || strings.HasPrefix(parts[i], `"`) || strings.HasPrefix(parts[i], "[")) {
			parts[i] = string(bytes.TrimSpace(item))
		}
	}
	return strings.Join(parts, ", ")
}

// sameJSON reports whether two scalars or lists of scalars are the same value:
// strings by their text, all else by its bytes.
func sameJSON(a, b json.RawMessage) bool {
	if bytes.Equal(compact(a), compact(b)) {
		return true
	}
	if JSONType(a) == "string" && JSONType(b) == "string" {
		var s, t string
		_, _ = json.Unmarshal(a, &s), json.Unmarshal(b, &t)
		return s == t && !strings.ContainsRune(s, unicode.ReplacementChar)
	}
	as, errA := Items(a)
	bs, errB := Items(b)
	if errA != nil || errB != nil || len(as) != len(bs) {
		return false
	}
	for i := range as {
		if !sameJSON(as[i], bs[i]) {
			return false
		}
	}
	return true
}

// compact is the value without blanks between its tokens; what is no JSON stays.
func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}
