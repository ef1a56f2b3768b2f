package model

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// JSONError says where a text stops being JSON, and why, in a person's words.
type JSONError struct {
	// Line and Column count from 1, the column in characters.
	Line, Column int
	Reason       string
}

// Error returns the line and the reason.
func (e *JSONError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// maxJSONDepth is how deep a text may be nested.
const maxJSONDepth = 200

// checkJSON looks for the first thing that makes a text no JSON object. It is as
// strict as encoding/json, and refuses a name that stands twice in an object, of
// which one would be lost.
func checkJSON(text string) *JSONError {
	if strings.TrimSpace(text) == "" {
		return &JSONError{Line: 1, Column: 1, Reason: "empty; {} is an object without values"}
	}
	s := &jsonScan{text: text}
	s.blanks()
	if s.peek() != '{' {
		return s.fail(s.at, "wants an object {...}")
	}
	if err := s.value(); err != nil {
		return err
	}
	s.blanks()
	if s.at < len(text) {
		return s.fail(s.at, fmt.Sprintf("%s after the end", s.found()))
	}
	// The one judge of what is JSON is encoding/json.
	var v json.RawMessage
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return s.fail(len(text), err.Error())
	}
	return nil
}

type jsonScan struct {
	text  string
	at    int
	depth int
}

func (s *jsonScan) fail(at int, reason string) *JSONError {
	before := s.text[:min(at, len(s.text))]
	return &JSONError{
		Line:   strings.Count(before, "\n") + 1,
		Column: utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1,
		Reason: reason,
	}
}

func (s *jsonScan) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *jsonScan) blanks() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

// word reads on to the next blank or sign of the grammar.
func (s *jsonScan) word() string {
	end := strings.IndexAny(s.text[s.at:], " \t\r\n,:{}[]\"'")
	if end < 0 {
		end = len(s.text) - s.at
	}
	return s.text[s.at : s.at+end]
}

// found names what stands at the place, for an error.
func (s *jsonScan) found() string {
	if s.at >= len(s.text) {
		return "the end"
	}
	word := s.word()
	if word == "" {
		word = s.text[s.at : s.at+1]
	}
	if runes := []rune(word); len(runes) > 20 {
		word = string(runes[:19]) + "…"
	}
	return fmt.Sprintf("%q", word)
}

func (s *jsonScan) value() *JSONError {
	switch c := s.peek(); {
	case s.at >= len(s.text):
		return s.fail(s.at, "a value is missing at the end")
	case c == '{':
		return s.nested(s.object)
	case c == '[':
		return s.nested(s.array)
	case c == '"':
		return s.quoted()
	case c == '\'':
		return s.fail(s.at, `a "'" where a '"' is wanted`)
	case c == '-' || c >= '0' && c <= '9' || c == '.' || c == '+':
		return s.number()
	case c == ',' || c == '}' || c == ']' || c == ':':
		return s.fail(s.at, "a value is missing before "+s.found())
	}
	word := s.word()
	if word == "true" || word == "false" || word == "null" {
		s.at += len(word)
		return nil
	}
	return s.fail(s.at, fmt.Sprintf("%s is no value; a text needs quotes", s.found()))
}

func (s *jsonScan) nested(read func(open int) *JSONError) *JSONError {
	if s.depth++; s.depth > maxJSONDepth {
		return s.fail(s.at, fmt.Sprintf("nested deeper than %d", maxJSONDepth))
	}
	open := s.at
	s.at++
	err := read(open)
	s.depth--
	return err
}

func (s *jsonScan) object(open int) *JSONError {
	names := map[string]bool{}
	return s.entries(open, '}', func() *JSONError {
		at := s.at
		if c := s.peek(); c != '"' {
			if c == '\'' {
				return s.fail(at, `a "'" where a '"' is wanted`)
			}
			return s.fail(at, fmt.Sprintf("%s is no name; a name needs quotes", s.found()))
		}
		if err := s.quoted(); err != nil {
			return err
		}
		var name string
		if json.Unmarshal([]byte(s.text[at:s.at]), &name) == nil {
			if names[name] {
				return s.fail(at, fmt.Sprintf("the name %q twice", name))
			}
			names[name] = true
		}
		s.blanks()
		if s.peek() != ':' {
			return s.fail(s.at, fmt.Sprintf(`a ":" is missing before %s`, s.found()))
		}
		s.at++
		s.blanks()
		return s.value()
	})
}

func (s *jsonScan) array(open int) *JSONError { return s.entries(open, ']', s.value) }

// entries reads what is between brackets, parted by commas.
func (s *jsonScan) entries(open int, end byte, entry func() *JSONError) *JSONError {
	s.blanks()
	if s.peek() == end {
		s.at++
		return nil
	}
	for {
		if s.at >= len(s.text) {
			return s.unclosed(open)
		}
		if err := entry(); err != nil {
			return err
		}
		after := s.at
		s.blanks()
		switch {
		case s.at >= len(s.text):
			return s.unclosed(open)
		case s.peek() == end:
			s.at++
			return nil
		case s.peek() != ',':
			return s.fail(after, fmt.Sprintf(`a "," is missing before %s`, s.found()))
		}
		comma := s.at
		s.at++
		s.blanks()
		if s.peek() == end {
			return s.fail(comma, fmt.Sprintf(`a "," too many before "%c"`, end))
		}
	}
}

func (s *jsonScan) unclosed(open int) *JSONError {
	line := strings.Count(s.text[:open], "\n") + 1
	return s.fail(len(s.text), fmt.Sprintf(`the "%c" of line %d is not closed`, s.text[open], line))
}

func (s *jsonScan) quoted() *JSONError {
	open := s.at
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return nil
		case c == '\n' || c == '\r':
			return s.fail(open, `a text is not closed; a line break in it is \n`)
		case c < ' ':
			return s.fail(s.at, fmt.Sprintf(`a control character in a text; it is written \u%04x`, c))
		case c == '\\':
			if err := s.escape(); err != nil {
				return err
			}
		}
	}
	return s.fail(open, "a text is not closed")
}

// escape reads a backslash and what belongs to it, up to its last character.
func (s *jsonScan) escape() *JSONError {
	rest := s.text[s.at+1:]
	switch {
	case rest == "":
		return nil // the text is not closed, which is told then
	case strings.IndexByte(`"\/bfnrt`, rest[0]) >= 0:
		s.at++
		return nil
	case rest[0] != 'u':
		r, _ := utf8.DecodeRuneInString(rest)
		return s.fail(s.at, fmt.Sprintf(`\%c means nothing; a backslash is written \\`, r))
	}
	for i := 1; i <= 4; i++ {
		if i >= len(rest) || strings.IndexByte("0123456789abcdefABCDEF", rest[i]) < 0 {
			return s.fail(s.at, `\u wants four digits of 0 to 9, a to f`)
		}
	}
	s.at += 5
	return nil
}

func (s *jsonScan) number() *JSONError {
	start, word := s.at, s.word()
	if json.Valid([]byte(word)) {
		s.at += len(word)
		return nil
	}
	dot, exp := -1, -1
	for i, r := range word {
		at := start + i
		switch {
		case r >= '0' && r <= '9':
		case r == '.' && dot >= 0:
			return s.fail(at, `a second "." in a number`)
		case r == '.' && exp < 0:
			dot = i
		case (r == 'e' || r == 'E') && exp >= 0:
			return s.fail(at, fmt.Sprintf(`a second "%c" in a number`, r))
		case (r == 'e' || r == 'E') && i > 0:
			exp = i
		case r == '-' && i == 0, (r == '-' || r == '+') && exp >= 0 && i == exp+1:
		default:
			return s.fail(at, fmt.Sprintf("a %q in a number", string(r)))
		}
	}
	digits := strings.TrimPrefix(word, "-")
	switch {
	case len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9':
		return s.fail(start, "a number with a 0 in front; a text needs quotes")
	case digits == "" || digits[0] == '.' || strings.Contains(word, ".e") || strings.Contains(word, ".E"):
		return s.fail(start, "a digit is missing in a number")
	}
	return s.fail(start+len(word), "a digit is missing in a number")
}
