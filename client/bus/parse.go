package bus

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What ParseSignature takes. Signatures come from strangers, and people's own
// stay far below.
const (
	// MaxSignature is the longest signature that is parsed, in bytes.
	MaxSignature = 64 << 10
	// MaxSignatureDepth is how deep composites and tuples may be nested.
	MaxSignatureDepth = 32
	// MaxSignatureParams is how many entries there may be, nested ones included.
	MaxSignatureParams = 4096
)

// ParseSignature reads an accepts or a returns: entries parted by commas, each
//
//	type [] ? name (description)
//
// where type is bool, int, double, long, string, datetime, "composite: {...}"
// or "tuple: {...}" with entries of the same form in braces. This is the
// grammar of the vendor's documentation. What apps were seen to register
// beyond it is taken too: type names in any case, blanks before a modifier,
// the modifiers in the other order, composites that do not say what is in them,
// a comma after the last entry. An empty text is an empty signature; whether
// that means "nothing" or "not declared" is the caller's to say.
//
// The error is a *SyntaxError.
func ParseSignature(s string) (Signature, error) {
	if len(s) > MaxSignature {
		return nil, &SyntaxError{Offset: MaxSignature, Reason: fmt.Sprintf("longer than %d bytes", MaxSignature)}
	}
	p := &sigParser{text: s}
	sig, err := p.entries()
	if err != nil {
		return nil, err
	}
	if p.at < len(s) {
		return nil, p.unexpected(`"," or the end`)
	}
	return sig, nil
}

type sigParser struct {
	text  string
	at    int
	depth int
	count int
}

// entries reads up to a closing brace or the end, and leaves it unread.
func (p *sigParser) entries() ([]Param, error) {
	var out []Param
	for {
		p.blanks()
		if p.at == len(p.text) || p.text[p.at] == '}' {
			return out, nil
		}
		start := p.at
		entry, err := p.entry()
		if err != nil {
			return nil, err
		}
		if _, twice := Signature(out).Find(entry.Name); twice {
			return nil, &SyntaxError{Offset: start, Reason: fmt.Sprintf("the name %q twice", entry.Name)}
		}
		out = append(out, entry)
		p.blanks()
		if !p.take(',') {
			return out, nil
		}
	}
}

func (p *sigParser) entry() (Param, error) {
	if p.count++; p.count > MaxSignatureParams {
		return Param{}, p.fail(p.at, fmt.Sprintf("more than %d entries", MaxSignatureParams))
	}
	start := p.at
	word := p.word()
	kind, ok := kindOf(word)
	switch {
	case word == "":
		return Param{}, p.unexpected("a type")
	case !ok:
		return Param{}, p.fail(start, fmt.Sprintf("no type %q", word))
	}
	out := Param{Kind: kind}
	if !out.Scalar() {
		if err := p.fields(&out); err != nil {
			return Param{}, err
		}
	}
	if err := p.modifiers(&out); err != nil {
		return Param{}, err
	}
	nameAt := p.at
	if out.Name = p.word(); out.Name == "" {
		return Param{}, p.fail(nameAt, fmt.Sprintf("no name after %q", out.TypeString()))
	}
	p.blanks()
	return out, p.description(&out)
}

// fields reads ": {...}"; without it the composite or tuple is an open one.
func (p *sigParser) fields(out *Param) error {
	p.blanks()
	colon := p.take(':')
	p.blanks()
	open := p.at
	if !p.take('{') {
		if colon {
			return p.unexpected(`"{"`)
		}
		return nil
	}
	if p.depth++; p.depth > MaxSignatureDepth {
		return p.fail(open, fmt.Sprintf("nested deeper than %d", MaxSignatureDepth))
	}
	fields, err := p.entries()
	if err != nil {
		return err
	}
	p.depth--
	out.Fields = fields
	if p.at == len(p.text) {
		return p.fail(open, `"{" is not closed`)
	}
	if !p.take('}') {
		return p.unexpected(`"," or "}"`)
	}
	return nil
}

// modifiers reads "[]" and "?", at most one of each.
func (p *sigParser) modifiers(out *Param) error {
	for {
		p.blanks()
		at := p.at
		switch {
		case p.take('['):
			p.blanks()
			if !p.take(']') {
				return p.unexpected(`"]"`)
			}
			if out.Array {
				return p.fail(at, "an array of arrays is not in the grammar")
			}
			out.Array = true
		case p.take('?'):
			if out.Optional {
				return p.fail(at, `a second "?"`)
			}
			out.Optional = true
		default:
			return nil
		}
	}
}

// description reads "(...)", in which brackets may be nested.
func (p *sigParser) description(out *Param) error {
	open := p.at
	if !p.take('(') {
		return nil
	}
	for depth := 1; p.at < len(p.text); {
		c := p.text[p.at]
		p.at++
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			out.Description = strings.TrimSpace(p.text[open+1 : p.at-1])
			return nil
		}
	}
	return p.fail(open, `"(" is not closed`)
}

// word reads up to a blank or one of the grammar's signs; empty when there is none.
func (p *sigParser) word() string {
	start := p.at
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if unicode.IsSpace(r) || strings.ContainsRune(",:{}[]()?", r) {
			break
		}
		p.at += size
	}
	return p.text[start:p.at]
}

func (p *sigParser) blanks() {
	rest := strings.TrimLeftFunc(p.text[p.at:], unicode.IsSpace)
	p.at = len(p.text) - len(rest)
}

func (p *sigParser) take(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *sigParser) fail(at int, reason string) error {
	return &SyntaxError{Offset: at, Reason: reason}
}

// unexpected says what stands where something else is wanted.
func (p *sigParser) unexpected(wanted string) error {
	at := p.at
	found := p.word()
	if found == "" && at < len(p.text) {
		found = p.text[at : at+1]
	}
	if found == "" {
		return p.fail(at, "wants "+wanted+", found the end")
	}
	return p.fail(at, fmt.Sprintf("wants %s, found %q", wanted, found))
}

func kindOf(word string) (Kind, bool) {
	for k, w := range kindWords {
		if strings.EqualFold(w, word) {
			return Kind(k), true
		}
	}
	return 0, false
}
