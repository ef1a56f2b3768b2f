package model

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// TokenKind is the role of a piece of a payload.
type TokenKind uint8

// The kinds of tokens.
const (
	// TokenPunct is what stands between: blanks, brackets, the … of a cut.
	TokenPunct TokenKind = iota
	TokenKey
	TokenText
	TokenNum
	TokenLit
)

// Token is a piece of a payload in one line.
type Token struct {
	Kind TokenKind
	Text string
}

// lineBytes is how much of a payload a line looks at.
const lineBytes = 16 << 10

// OneLine writes a payload in one line, as rows of a stream have it:
//
//	sym AAPL  bid 142.30  note "two words"  venue {…}  sizes [3]  halted false
//
// Key and value are parted by one blank, members by two. Numbers have all their
// digits. A text has its quotes only where it could be taken for something
// else; one that needs escapes stays as it came. Text that is no JSON is
// written as far as it goes.
//
// It stops once there are more than maxChars characters, or where it has looked
// at 16 KiB, and then the last token is "…": the caller cuts to its cells.
// Nothing is read beyond that, so that a line of a huge payload is cheap.
func OneLine(raw json.RawMessage, maxChars int) []Token {
	l := line{left: maxChars, raw: raw[:min(len(raw), lineBytes)], short: len(raw) > lineBytes}
	l.text = string(l.raw)
	l.tokens = make([]Token, 0, 24)
	l.write()
	return l.tokens
}

type line struct {
	raw    []byte
	text   string // the same bytes, so that tokens need no copies
	short  bool   // raw is not the whole payload
	tokens []Token
	left   int
}

func (l *line) write() {
	i := skipSpace(l.raw, 0)
	if i == cut {
		return
	}
	switch kind := kindAt(l.raw[i]); {
	case kind > ArrayValue:
		l.scalar(i, min(skipValue(l.raw, i), len(l.raw)), kind)
		if l.short || l.left < 0 {
			l.tokens = append(l.tokens, Token{TokenPunct, "…"})
		}
	case !l.members(i, kind):
		l.tokens = append(l.tokens, Token{TokenPunct, "…"})
	}
}

// members writes what is in the container at offset i. It reports false when
// something is left out.
func (l *line) members(i int, kind ValueKind) bool {
	first := true
	if kind == ArrayValue {
		l.nested(i, kind)
		first = false
	}
	whole := eachMember(l.raw, i, func(m member) bool {
		if l.left < 0 {
			return false
		}
		if !first {
			l.add(TokenPunct, "  ")
		}
		first = false
		if m.keyEnd > 0 {
			l.key(m)
		}
		l.value(m)
		return true
	})
	if whole && first {
		l.add(TokenPunct, "{}")
	}
	return whole && l.left >= 0
}

func (l *line) key(m member) {
	key := l.text[m.key+1 : m.keyEnd-1]
	if strings.IndexByte(key, '\\') >= 0 || !bare(key) {
		key = l.text[m.key:m.keyEnd]
	}
	l.add(TokenKey, key)
	l.add(TokenPunct, " ")
}

func (l *line) value(m member) {
	kind := kindAt(l.raw[m.start])
	if kind <= ArrayValue {
		l.nested(m.start, kind)
		return
	}
	l.scalar(m.start, m.end, kind)
}

func (l *line) scalar(start, end int, kind ValueKind) {
	text := l.text[start:end]
	switch kind {
	case NumberValue:
		l.add(TokenNum, text)
	case LiteralValue:
		if text == "true" || text == "false" || text == "null" {
			l.add(TokenLit, text)
			return
		}
		l.add(TokenText, strings.TrimSpace(l.text[start:]))
	case StringValue:
		if len(text) > 2 && text[len(text)-1] == '"' && strings.IndexByte(text, '\\') < 0 && bare(text[1:len(text)-1]) {
			text = text[1 : len(text)-1]
		}
		l.add(TokenText, text)
	default:
		l.add(TokenText, strings.TrimSpace(l.text[start:]))
	}
}

// nested writes a container inside the payload: {…}, or how many an array has.
func (l *line) nested(start int, kind ValueKind) {
	count := 0
	whole := eachMember(l.raw, start, func(member) bool {
		count++
		return kind == ArrayValue
	})
	switch {
	case kind == ObjectValue && count == 0 && whole:
		l.add(TokenPunct, "{}")
	case kind == ObjectValue:
		l.add(TokenPunct, "{…}")
	case !whole:
		l.add(TokenPunct, "[…]")
	case count == 0:
		l.add(TokenPunct, "[]")
	default:
		l.add(TokenPunct, "["+strconv.Itoa(count)+"]")
	}
}

// add appends a token, cut where the line is already too long.
func (l *line) add(kind TokenKind, text string) {
	if l.left < 0 || text == "" {
		return
	}
	for i := range text {
		if l.left--; l.left < 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			text = text[:i+size]
			break
		}
	}
	l.tokens = append(l.tokens, Token{kind, text})
}

// bare reports whether a text needs no quotes: it has no blanks and no quotes,
// and looks like no number, no literal and no bracket.
func bare(s string) bool {
	if s == "" || s == "true" || s == "false" || s == "null" || strings.ContainsAny(s[:1], "{[") {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == '"' || r == '…' || r == 0x7f || r == 0x85 || r == 0xa0 || r >= 0x2000 && r <= 0x200f || r == 0x2028 || r == 0x2029 || r == 0x3000 || r == utf8.RuneError {
			return false
		}
	}
	if s[0] == '-' || '0' <= s[0] && s[0] <= '9' {
		return !json.Valid([]byte(s))
	}
	return true
}
