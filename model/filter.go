package model

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/sahilm/fuzzy"
)

// Filter is what is typed to narrow a list or a stream: words that must be there,
// !words that must not, ~words whose letters must stand in a word in their order, and
// /regular expressions/. Each may be excluded by !. Upper and lower case are the same.
type Filter struct{ terms []term }

type term struct {
	not  bool
	word []byte
	// fuzzy are letters that stand in one word in their order.
	fuzzy string
	re    *regexp.Regexp
}

// ReadFilter reads a filter; the error says what is wrong with an expression.
func ReadFilter(text string) (*Filter, error) {
	f := &Filter{}
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		rest, not := strings.CutPrefix(text, "!")
		one := term{not: not}
		if expr, ok := strings.CutPrefix(rest, "/"); ok && expr != "" {
			expr, rest = cutExpression(expr)
			re, err := regexp.Compile("(?is)" + expr)
			if err != nil {
				return nil, fmt.Errorf("/%s/ can't be read: %s", expr, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
			}
			one.re = re
		} else {
			word, after := rest, ""
			if i := strings.IndexAny(rest, " \t"); i >= 0 {
				word, after = rest[:i], rest[i:]
			}
			one.word, rest = []byte(strings.ToLower(word)), after
			if letters, loose := strings.CutPrefix(word, "~"); loose {
				one.word, one.fuzzy = nil, letters
			}
		}
		if one.re != nil || len(one.word) > 0 || one.fuzzy != "" {
			f.terms = append(f.terms, one)
		}
		text = rest
	}
	return f, nil
}

// cutExpression parts an expression at the / that ends it. While that is not
// typed yet, all is the expression.
func cutExpression(text string) (expr, rest string) {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '/' && (i+1 == len(text) || text[i+1] == ' '):
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// Empty reports whether the filter lets everything through.
func (f *Filter) Empty() bool { return f == nil || len(f.terms) == 0 }

// Passes reports whether a text gets through.
func (f *Filter) Passes(text []byte) bool {
	var lower []byte
	for _, t := range f.terms {
		var has bool
		switch {
		case t.re != nil:
			has = t.re.Match(text)
		case t.fuzzy != "":
			_, has = t.loose(string(text))
		default:
			if lower == nil {
				lower = bytes.ToLower(text)
			}
			has = bytes.Contains(lower, t.word)
		}
		if has == t.not {
			return false
		}
	}
	return true
}

// apart parts a text into the words that are looked at for letters: names with their
// dots, and not the whole of a payload, in which nearly any letters are found.
func apart(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(`"',:;{}[]()`, r)
}

// loose finds the word of a text that has the letters best.
func (t *term) loose(text string) (word string, ok bool) {
	found := fuzzy.Find(t.fuzzy, strings.FieldsFunc(text, apart))
	if len(found) == 0 {
		return "", false
	}
	return found[0].Str, true
}

// Hits returns where in a text the words and expressions stand that must be
// there, as pairs of byte offsets: the first hit of each.
func (f *Filter) Hits(text string) (at [][2]int) {
	for _, t := range f.terms {
		switch {
		case t.not:
		case t.re != nil:
			if m := t.re.FindStringIndex(text); m != nil && m[1] > m[0] {
				at = append(at, [2]int{m[0], m[1]})
			}
		case t.fuzzy != "":
			if word, ok := t.loose(text); ok {
				i := strings.Index(text, word)
				at = append(at, [2]int{i, i + len(word)})
			}
		default:
			if i := strings.Index(strings.ToLower(text), string(t.word)); i >= 0 && i+len(t.word) <= len(text) {
				at = append(at, [2]int{i, i + len(t.word)})
			}
		}
	}
	return at
}

// passes is what the filter says of a row: its payload, and the words private
// and snapshot where it is one.
func (f *Filter) passes(row *TailRow) bool {
	text := []byte(row.Data)
	if row.Private || row.Snapshot {
		text = append([]byte(nil), text...)
		if row.Private {
			text = append(text, " private"...)
		}
		if row.Snapshot {
			text = append(text, " snapshot"...)
		}
	}
	return f.Passes(text)
}
