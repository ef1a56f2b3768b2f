package model

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mend is one kind of thing that was repaired, and how often.
type Mend struct {
	// Kind is what it was, in the singular; where a value had to be written in
	// another way, Kind says both: "25000.5.1 as 25000.51".
	Kind  string
	Count int
	// one is true when Kind is no noun that can be counted.
	one bool
}

// Mends are all that was repaired, in the order in which it was met.
type Mends []Mend

// String lists them: "1 trailing comma, 2 single quotes".
func (m Mends) String() string {
	words := make([]string, len(m))
	for i, x := range m {
		switch {
		case x.one && x.Count == 1:
			words[i] = x.Kind
		case x.one:
			words[i] = Number(x.Count) + " times " + x.Kind
		case nounFirst.MatchString(x.Kind):
			noun, rest, _ := strings.Cut(x.Kind, " ")
			words[i] = Count(x.Count, noun) + " " + rest
		default:
			words[i] = Count(x.Count, x.Kind)
		}
	}
	return strings.Join(words, ", ")
}

// nounFirst fits kinds whose first word is what is counted.
var nounFirst = regexp.MustCompile(`^(?:bracket|text|comma|tab|prefix|escape) `)

// RepairJSON makes a JSON object of a text that nearly is one: written by hand,
// for JavaScript or for Python, or cut at the end. The layout stays, and so does each
// digit. What would be a guess at the meaning is not done: the error says where.
func RepairJSON(text string) (string, Mends, *JSONError) {
	if checkJSON(text) == nil {
		return text, nil, nil
	}
	r := &repair{scan: jsonScan{text: text}}
	if err := r.whole(); err != nil {
		return text, nil, err
	}
	out := r.out.String()
	if err := checkJSON(out); err != nil {
		return text, nil, err
	}
	return out, r.mends, nil
}

// repair reads a text with more patience than a jsonScan, and writes JSON.
type repair struct {
	scan  jsonScan
	out   bytes.Buffer
	mends Mends
	depth int
}

// count notes a thing that was repaired.
func (r *repair) count(kind string, n int) { r.note(kind, n, false) }

// became notes a value that had to be written in another way.
func (r *repair) became(was, is string) { r.note(short(was)+" as "+short(is), 1, true) }

func (r *repair) note(kind string, n int, one bool) {
	for i := range r.mends {
		if r.mends[i].Kind == kind {
			r.mends[i].Count += n
			return
		}
	}
	r.mends = append(r.mends, Mend{kind, n, one})
}

func short(s string) string {
	if runes := []rune(s); len(runes) > 24 {
		return string(runes[:23]) + "…"
	}
	return s
}

func (r *repair) fail(reason string) *JSONError { return r.scan.fail(r.scan.at, reason) }

func (r *repair) rest() string { return r.scan.text[r.scan.at:] }

func (r *repair) done() bool { return r.scan.at >= len(r.scan.text) }

func (r *repair) rune() rune {
	c, _ := utf8.DecodeRuneInString(r.rest())
	return c
}

// take writes what stands here as it is.
func (r *repair) take(n int) {
	r.out.WriteString(r.rest()[:n])
	r.scan.at += n
}

// blanks copies blanks and drops comments.
func (r *repair) blanks() {
	for !r.done() {
		rest := r.rest()
		c, size := utf8.DecodeRuneInString(rest)
		switch {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			r.take(1)
		case unicode.IsSpace(c) || c == '\ufeff' || c == '\u200b':
			r.count("odd blank", 1)
			r.out.WriteByte(' ')
			r.scan.at += size
		case strings.HasPrefix(rest, "//"), rest[0] == '#':
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			r.comment(end)
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				end = len(rest) - 2
			}
			r.comment(end + 2)
		default:
			return
		}
	}
}

func (r *repair) comment(n int) {
	r.count("comment", 1)
	r.scan.at += n
}

// What may stand around the object: a declaration, a call, a fence.
var (
	beforeObject = regexp.MustCompile(`^(?:` + "```" + `[a-zA-Z0-9]*\s*|(?:(?:const|let|var|export default|return)\s+)?(?:[A-Za-z_$][\w$.]*\s*=\s*)|return\s+|[A-Za-z_$][\w$.]*\s*\(\s*)+`)
	afterObject  = regexp.MustCompile("^(?:[;)\\s]|```)+$")
)

// whole repairs all of the text.
func (r *repair) whole() *JSONError {
	r.blanks()
	around := false
	if before := beforeObject.FindString(r.rest()); before != "" && strings.HasPrefix(r.rest()[len(before):], "{") {
		r.count("text around it", 1)
		r.scan.at += len(before)
		around = true
	}
	switch {
	case r.done():
		return r.fail("empty; {} is an object without values")
	case r.scan.peek() == '{':
		if err := r.value(); err != nil {
			return err
		}
	case !r.keyAhead():
		return r.fail("wants an object {...}")
	default:
		// The members stand there without their brackets.
		r.count("bracket missing", 2)
		r.out.WriteByte('{')
		if err := r.entries('}', true); err != nil {
			return err
		}
	}
	r.blanks()
	rest := r.rest()
	switch {
	case rest == "":
	case strings.Trim(rest, "}] \t\r\n") == "":
		r.count("bracket too many", strings.Count(rest, "}")+strings.Count(rest, "]"))
	case afterObject.MatchString(rest):
		if strings.Trim(rest, "; \t\r\n") == "" {
			r.count("semicolon", strings.Count(rest, ";"))
		} else if !around {
			r.count("text around it", 1)
		}
	default:
		return r.fail(fmt.Sprintf("%s after the end", r.scan.found()))
	}
	return nil
}

func (r *repair) value() *JSONError {
	c := r.rune()
	switch {
	case r.done():
		return r.fail("a value is missing at the end")
	case c == '{', c == '[', c == '(':
		return r.nested(c)
	case quoteEnd(c) != "":
		return r.text()
	case c == ',' || c == '}' || c == ']' || c == ':' || c == ')':
		return r.fail("a value is missing before " + r.scan.found())
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.':
		return r.number()
	}
	return r.word()
}

func (r *repair) nested(open rune) *JSONError {
	if r.depth++; r.depth > maxJSONDepth {
		return r.fail(fmt.Sprintf("nested deeper than %d", maxJSONDepth))
	}
	defer func() { r.depth-- }()
	r.scan.at++
	switch open {
	case '{':
		r.out.WriteByte('{')
		return r.entries('}', false)
	case '(':
		r.count("tuple", 1)
		r.out.WriteByte('[')
		return r.entries(')', false)
	}
	r.out.WriteByte('[')
	return r.entries(']', false)
}

// entries reads up to the closing bracket, or to where it should have been. A
// bare object ends with the text.
func (r *repair) entries(end byte, bare bool) *JSONError {
	closing := string(end)
	if end == ')' {
		closing = "]"
	}
	for first := true; ; first = false {
		r.blanks()
		comma := r.commas(first)
		ended := r.done() || strings.IndexByte("}])", r.scan.peek()) >= 0
		switch {
		case ended:
			if comma != "" {
				r.count("trailing comma", 1)
			}
			r.write(comma, closing)
			if bare {
				return nil
			}
			if !r.done() && r.scan.peek() == end {
				r.scan.at++
				return nil
			}
			r.count("bracket not closed", 1)
			return nil
		case first:
		case comma == "":
			r.count("missing comma", 1)
			r.insertComma()
		}
		if comma != "" && !first {
			r.out.WriteString(comma)
		}
		if end == '}' {
			if err := r.key(); err != nil {
				return err
			}
		}
		if err := r.value(); err != nil {
			return err
		}
	}
}

// write closes a list, with the blanks but without the comma before.
func (r *repair) write(comma, closing string) {
	r.out.WriteString(strings.TrimPrefix(comma, ",") + closing)
}

// insertComma puts a comma behind the last value, before the blanks.
func (r *repair) insertComma() {
	kept := len(bytes.TrimRight(r.out.Bytes(), " \t\r\n"))
	blanks := string(r.out.Bytes()[kept:])
	r.out.Truncate(kept)
	r.out.WriteString("," + blanks)
}

// commas reads the comma between two entries, with the blanks behind it, and
// drops those that are too many.
func (r *repair) commas(first bool) string {
	found := 0
	from := r.out.Len()
	for !r.done() && (r.scan.peek() == ',' || r.scan.peek() == ';') {
		if r.scan.peek() == ';' {
			r.count("semicolon", 1)
		}
		found++
		r.scan.at++
		r.blanks()
	}
	if found == 0 {
		return ""
	}
	blanks := string(r.out.Bytes()[from:])
	r.out.Truncate(from)
	switch {
	case first:
		r.count("comma too many", found)
		r.out.WriteString(blanks)
		return ""
	case found > 1:
		r.count("comma too many", found-1)
	}
	return "," + blanks
}
