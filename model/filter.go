package model

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// Filter is what is typed to narrow a stream: words that must be there, !words
// that must not, and /regular expressions/, which may be excluded too. Upper and
// lower case are the same.
type Filter struct{ terms []term }

type term struct {
	not  bool
	word []byte
	re   *regexp.Regexp
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
		}
		if one.re != nil || len(one.word) > 0 {
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
		if t.re != nil {
			has = t.re.Match(text)
		} else {
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
