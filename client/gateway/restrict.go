package gateway

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// expression is a parsed restriction: who may see a peer, a method or a context.
// nil holds for everybody.
type expression struct{ root node }

// node is a part of an expression; own and other are decoded identities.
type node func(own, other map[string]any) any

// holds evaluates the expression for the identity of whoever set it, and that
// of whoever wants to see.
func (e *expression) holds(own, other map[string]any) bool {
	return e == nil || truth(e.root(own, other))
}

// truth of a value: everything but null and false.
func truth(v any) bool { return v != nil && v != false }

// parseRestriction reads an expression:
//
//	expr       = comparison { ("&&" | "||") comparison }
//	comparison = term { ("==" | "!=" | "?") term }
//	term       = "$" name | "#" name | number | "'" text "'" | "(" expr ")"
//
// $name is a field of the other's identity, #name of the own one. Both logical
// operators have the same precedence and group to the left.
func parseRestriction(text string) (*expression, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	p := parser{text: text}
	root := p.expr()
	if p.skip(); p.err == nil && p.at < len(text) {
		p.fail()
	}
	if p.err != nil {
		return nil, p.err
	}
	return &expression{root}, nil
}

// maxNesting bounds parentheses: the text comes from strangers.
const maxNesting = 100

type parser struct {
	text  string
	at    int
	depth int
	err   error
}

func (p *parser) fail() node {
	if p.err == nil {
		p.err = fmt.Errorf("restriction can't be read at byte %d", p.at)
	}
	return func(_, _ map[string]any) any { return nil }
}

func (p *parser) skip() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take skips space and, if one of the words follows, goes past it.
func (p *parser) take(words ...string) string {
	p.skip()
	for _, w := range words {
		if strings.HasPrefix(p.text[p.at:], w) {
			p.at += len(w)
			return w
		}
	}
	return ""
}

func (p *parser) expr() node {
	left := p.comparison()
	for p.err == nil {
		op := p.take("&&", "||")
		if op == "" {
			break
		}
		left = logical(op, left, p.comparison())
	}
	return left
}

func logical(op string, a, b node) node {
	if op == "&&" {
		return func(own, other map[string]any) any { return truth(a(own, other)) && truth(b(own, other)) }
	}
	return func(own, other map[string]any) any { return truth(a(own, other)) || truth(b(own, other)) }
}

func (p *parser) comparison() node {
	left := p.term()
	for p.err == nil {
		op := p.take("==", "!=", "?")
		if op == "" {
			break
		}
		left = compared(op, left, p.term())
	}
	return left
}

func compared(op string, a, b node) node {
	switch op {
	case "==":
		return func(own, other map[string]any) any { return reflect.DeepEqual(a(own, other), b(own, other)) }
	case "!=":
		return func(own, other map[string]any) any { return !reflect.DeepEqual(a(own, other), b(own, other)) }
	default:
		return func(own, other map[string]any) any { return matches(a(own, other), b(own, other)) }
	}
}

// matches reports whether a regular expression fits the whole of a text. What
// is no string, or no pattern, does not match.
func matches(value, pattern any) bool {
	text, ok := value.(string)
	if !ok {
		return false
	}
	source, ok := pattern.(string)
	if !ok {
		return false
	}
	re, err := regexp.Compile("^(?:" + source + ")$")
	return err == nil && re.MatchString(text)
}

func (p *parser) term() node {
	switch p.take("$", "#", "'", "(") {
	case "$":
		name := p.name()
		return func(_, other map[string]any) any { return other[name] }
	case "#":
		name := p.name()
		return func(own, _ map[string]any) any { return own[name] }
	case "'":
		return p.quoted()
	case "(":
		return p.group()
	}
	return p.number()
}

func (p *parser) group() node {
	if p.depth++; p.depth > maxNesting {
		return p.fail()
	}
	inner := p.expr()
	if p.err == nil && p.take(")") == "" {
		return p.fail()
	}
	p.depth--
	return inner
}

// name reads letters; nothing else can stand in one.
func (p *parser) name() string {
	from := p.at
	for p.at < len(p.text) {
		if c := p.text[p.at] | 0x20; c < 'a' || c > 'z' {
			break
		}
		p.at++
	}
	if p.at == from {
		p.fail()
	}
	return p.text[from:p.at]
}

func (p *parser) quoted() node {
	length := strings.IndexByte(p.text[p.at:], '\'')
	if length < 0 {
		return p.fail()
	}
	text := p.text[p.at : p.at+length]
	p.at += length + 1
	return func(_, _ map[string]any) any { return text }
}

func (p *parser) number() node {
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	value, err := strconv.ParseFloat(p.text[from:p.at], 64)
	if err != nil {
		p.at = from
		return p.fail()
	}
	return func(_, _ map[string]any) any { return value }
}
