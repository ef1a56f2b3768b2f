package model

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// bareName is a name without quotes, as JavaScript allows it, with dashes.
	bareName   = regexp.MustCompile(`^[\p{L}_$][\p{L}\p{N}_$-]*`)
	bareNumber = regexp.MustCompile(`^[0-9]+`)
	namePart   = regexp.MustCompile(`^(?:"[^"\n]*"|'[^'\n]*'|[“”„][^”\n]*”|[\p{L}_$][\p{L}\p{N}_$-]*)\s*(?::|=)`)
	hexEscape  = regexp.MustCompile(`^\\x[0-9a-fA-F]{2}`)
	uniEscape  = regexp.MustCompile(`^\\u[0-9a-fA-F]{4}`)
)

// keyAhead reports whether a name and what parts it from its value stand here.
func (r *repair) keyAhead() bool {
	return namePart.MatchString(r.rest())
}

// key reads a name, and what stands between it and its value.
func (r *repair) key() *JSONError {
	c := r.rune()
	switch {
	case quoteEnd(c) != "":
		if err := r.text(); err != nil {
			return err
		}
	default:
		name := bareName.FindString(r.rest())
		if name == "" {
			name = bareNumber.FindString(r.rest())
		}
		if name == "" {
			return r.fail(fmt.Sprintf("%s is no name", r.scan.found()))
		}
		r.count("unquoted key", 1)
		r.out.WriteString(strconv.Quote(name))
		r.scan.at += len(name)
	}
	r.blanks()
	switch rest := r.rest(); {
	case strings.HasPrefix(rest, ":"):
		r.take(1)
	case strings.HasPrefix(rest, "=>"):
		r.colon(2)
	case strings.HasPrefix(rest, "="):
		r.colon(1)
	default:
		return r.fail(fmt.Sprintf(`a ":" is missing before %s`, r.scan.found()))
	}
	r.blanks()
	return nil
}

func (r *repair) colon(n int) {
	r.became(r.rest()[:n], ":")
	r.out.WriteByte(':')
	r.scan.at += n
}

// literals are the words of other languages, and what they are in JSON.
var literals = map[string]string{
	"true": "true", "false": "false", "null": "null",
	"True": "true", "False": "false", "None": "null", "TRUE": "true", "FALSE": "false", "NULL": "null", "nil": "null",
}

// word reads a literal, or a text without quotes.
func (r *repair) word() *JSONError {
	name := bareName.FindString(r.rest())
	after := r.rest()[len(name):]
	switch is, ok := literals[name]; {
	case name == "":
		return r.fail(fmt.Sprintf("%s is no value", r.scan.found()))
	case ok && endsHere(after):
		if is != name {
			r.became(name, is)
		}
		r.out.WriteString(is)
		r.scan.at += len(name)
		return nil
	case name == "undefined" && endsHere(after):
		r.became(name, "null")
		r.out.WriteString("null")
		r.scan.at += len(name)
		return nil
	case name == "NaN" || name == "Infinity":
		return r.fail(name + " is no number that JSON has")
	case (name == "u" || name == "r" || name == "b") && after != "" && (after[0] == '\'' || after[0] == '"'):
		r.count("prefix of a text", 1)
		r.scan.at++
		return r.text()
	}
	line := r.rest()
	if end := strings.IndexAny(line, ",;{}[]\"\n\r"); end >= 0 {
		line = line[:end]
	}
	line = strings.TrimRight(line, " \t")
	if strings.Contains(line, "(") {
		return r.fail(fmt.Sprintf("%s is code; its value is wanted", short(line)))
	}
	if strings.ContainsAny(line, "'`") || strings.Contains(line, "//") && !strings.Contains(line, "://") {
		return r.fail(fmt.Sprintf("%s is no value; a text needs quotes", r.scan.found()))
	}
	r.count("unquoted text", 1)
	r.out.Write(quoteText(line))
	r.scan.at += len(line)
	return nil
}

// endsHere reports whether a word is over.
func endsHere(after string) bool {
	c, _ := utf8.DecodeRuneInString(after)
	return after == "" || unicode.IsSpace(c) || strings.ContainsRune(",;}])/#:", c)
}

var (
	numberWord = regexp.MustCompile(`^[-+.0-9A-Za-z_]+`)
	hexWord    = regexp.MustCompile(`^([-+]?)0([xXoObB])([0-9a-fA-F_]+)$`)
)

// number reads a number that may be written in another way.
func (r *repair) number() *JSONError {
	word := numberWord.FindString(r.rest())
	if jsonNumber(word) {
		r.take(len(word))
		return nil
	}
	var is string
	if m := hexWord.FindStringSubmatch(word); m != nil {
		base := map[string]int{"x": 16, "o": 8, "b": 2}[strings.ToLower(m[2])]
		n, ok := new(big.Int).SetString(strings.ReplaceAll(m[3], "_", ""), base)
		if !ok {
			return r.fail(fmt.Sprintf("%q is no number", word))
		}
		is = strings.TrimPrefix(m[1], "+") + n.String()
	} else {
		is = decimal(word)
	}
	if !jsonNumber(is) {
		// What is wrong with it, in the words of the strict reading.
		if err := r.scan.number(); err != nil {
			return err
		}
		return r.fail(fmt.Sprintf("%q is no number", word))
	}
	r.became(word, is)
	r.out.WriteString(is)
	r.scan.at += len(word)
	return nil
}

func jsonNumber(word string) bool {
	s := &jsonScan{text: word}
	return word != "" && s.number() == nil && s.at == len(word)
}

// decimal writes a decimal number as JSON wants it, without changing its value;
// of several points the first counts, as the screen says before.
func decimal(word string) string {
	is := strings.TrimPrefix(word, "+")
	is = strings.TrimSuffix(is, "n") // of a BigInt
	if !strings.HasPrefix(is, "_") && !strings.HasSuffix(is, "_") {
		is = strings.ReplaceAll(is, "_", "")
	}
	if head, tail, ok := strings.Cut(is, "."); ok {
		is = head + "." + strings.ReplaceAll(tail, ".", "")
	}
	sign := ""
	if rest, ok := strings.CutPrefix(is, "-"); ok {
		sign, is = "-", rest
	}
	if strings.HasPrefix(is, ".") && len(is) > 1 {
		is = "0" + is
	}
	if i := strings.IndexByte(is, '.'); i > 0 && (i+1 == len(is) || is[i+1] == 'e' || is[i+1] == 'E') {
		is = is[:i] + is[i+1:]
	}
	return sign + is
}

// quoteEnd is the sign that ends a text that begins with c; empty where c begins
// none.
func quoteEnd(c rune) string {
	switch c {
	case '"', '\'', '`':
		return string(c)
	case '“', '”', '„':
		return "”“"
	case '‘', '’':
		return "’‘"
	case '«':
		return "»"
	}
	return ""
}

// text reads a text in quotes of any kind.
func (r *repair) text() *JSONError {
	open, size := utf8.DecodeRuneInString(r.rest())
	ends := quoteEnd(open)
	start := r.scan.at
	var b strings.Builder
	r.scan.at += size
	closed := 1
	for {
		if r.done() {
			if open != '"' || !strings.Contains(r.scan.text[start:], "\n") {
				r.count("text not closed", 1)
				break
			}
			r.scan.at = start
			return r.fail("a text is not closed")
		}
		c, n := utf8.DecodeRuneInString(r.rest())
		if strings.ContainsRune(ends, c) {
			r.scan.at += n
			closed = 2
			break
		}
		if c == '\n' && r.lineEnds() {
			r.count("text not closed", 1)
			r.unclosedLine(&b)
			break
		}
		if err := r.letter(&b, c, n, open); err != nil {
			return err
		}
	}
	switch {
	case open == '\'' || open == '`':
		r.count("single quote", closed)
	case open != '"':
		r.count("smart quote", closed)
	}
	r.out.WriteString(`"` + b.String() + `"`)
	return nil
}

// letter copies one character of a text, escaped where it has to be.
func (r *repair) letter(b *strings.Builder, c rune, n int, open rune) *JSONError {
	rest := r.rest()
	switch {
	case c == '\\':
		return r.escape(b, open)
	case c == '"':
		b.WriteString(`\"`)
	case c == '\n':
		r.count("broken line", 1)
		b.WriteString(`\n`)
	case c == '\r':
	case c == '\t':
		r.count("tab in a text", 1)
		b.WriteString(`\t`)
	case c < ' ':
		r.count("control character", 1)
		fmt.Fprintf(b, `\u%04x`, c)
	default:
		b.WriteString(rest[:n])
	}
	r.scan.at += n
	return nil
}

func (r *repair) escape(b *strings.Builder, open rune) *JSONError {
	rest := r.rest()
	if len(rest) < 2 {
		return r.fail("a text is not closed")
	}
	next, n := utf8.DecodeRuneInString(rest[1:])
	switch {
	case next == 'u' && uniEscape.MatchString(rest):
		b.WriteString(rest[:6])
		r.scan.at += 6
		return nil
	case strings.ContainsRune(`"\/bfnrt`, next):
		b.WriteString(rest[:2])
	case next == open || next == '\'' || next == '`':
		b.WriteString(string(next))
	case next == 'x' && hexEscape.MatchString(rest):
		r.count("escape of another language", 1)
		b.WriteString(`\u00` + rest[2:4])
		r.scan.at += 4
		return nil
	case next == '\n':
		r.count("broken line", 1) // JavaScript goes on in the next line
	default:
		r.count("lone backslash", 1)
		b.WriteString(`\\`)
		r.scan.at++
		return nil
	}
	r.scan.at += 1 + n
	return nil
}

// lineEnds reports whether what follows a line break inside a text can only be
// the next member, or the end: then the text was not closed.
var lineEnds = regexp.MustCompile(`^\s*(?:[}\]]|(?:"[^"\n]*"|'[^'\n]*'|[\p{L}_$][\p{L}\p{N}_$-]*)\s*:)`)

func (r *repair) lineEnds() bool {
	rest := r.rest()
	return lineEnds.MatchString(rest[:min(len(rest), 200)])
}

// unclosedLine gives a comma at the end of an unclosed text back.
func (r *repair) unclosedLine(b *strings.Builder) {
	text := strings.TrimRight(b.String(), " \t\r")
	if cut, ok := strings.CutSuffix(text, ","); ok {
		text = cut
		for r.scan.text[r.scan.at] != ',' {
			r.scan.at--
		}
	}
	b.Reset()
	b.WriteString(text)
}

func quoteText(s string) []byte {
	var b strings.Builder
	r := &repair{scan: jsonScan{text: s}}
	b.WriteByte('"')
	for !r.done() {
		c, n := utf8.DecodeRuneInString(r.rest())
		if c == '\\' {
			b.WriteString(`\\`)
			r.scan.at++
			continue
		}
		_ = r.letter(&b, c, n, '"')
	}
	b.WriteByte('"')
	return []byte(b.String())
}
