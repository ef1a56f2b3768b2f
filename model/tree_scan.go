package model

import (
	"bytes"
	"encoding/json"
	"math"
)

// ValueKind is what a JSON value is.
type ValueKind uint8

// The kinds of values.
const (
	ObjectValue ValueKind = iota
	ArrayValue
	StringValue
	NumberValue
	// LiteralValue is true, false or null.
	LiteralValue
	// TextValue is what is no JSON at all.
	TextValue
	// MoreValue stands for the members that a container has beyond those that
	// are shown.
	MoreValue
	// MissingValue stands for what a signature asks for and is not there.
	MissingValue
)

// String returns the kind's word.
func (k ValueKind) String() string {
	return [...]string{"object", "array", "string", "number", "literal", "text", "more", "missing"}[k]
}

// kindAt tells the kind of the value that starts with c.
func kindAt(c byte) ValueKind {
	switch {
	case c == '{':
		return ObjectValue
	case c == '[':
		return ArrayValue
	case c == '"':
		return StringValue
	case c == '-' || '0' <= c && c <= '9':
		return NumberValue
	case c == 't' || c == 'f' || c == 'n':
		return LiteralValue
	}
	return TextValue
}

// The scanners below find where values end and trust that the text is JSON.
// Text that is not, or that was cut, makes them return cut, never more than the
// text's length.

// cut is the offset of what can't be found.
const cut = math.MaxInt

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	if i >= len(b) {
		return cut
	}
	return i
}

// skipString takes the offset of the opening quote and returns the one after
// the closing quote.
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		quote := bytes.IndexByte(b[i:], '"')
		if quote < 0 {
			return cut
		}
		back := bytes.IndexByte(b[i:i+quote], '\\')
		if back < 0 {
			return i + quote + 1
		}
		i += back + 1 // the loop steps over what is escaped
	}
	return cut
}

// skipValue takes the offset of a value and returns the one after it.
func skipValue(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipContainer(b, i)
	}
	for start := i; i < len(b); i++ {
		switch b[i] {
		case ',', ']', '}', ' ', '\n', '\t', '\r', ':', '"', '{', '[':
			if i == start {
				return cut
			}
			return i
		}
	}
	return i
}

func skipContainer(b []byte, i int) int {
	for depth := 0; i < len(b); {
		switch b[i] {
		case '"':
			if i = skipString(b, i); i == cut {
				return cut
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return cut
}

// member is where one member of a container stands. key is the offset of the
// key's opening quote, and keyEnd the one after its closing quote; both are 0
// in an array.
type member struct{ key, keyEnd, start, end int }

// eachMember calls fn for the members of the container at offset i until fn
// says no. It reports whether it came to the container's end.
func eachMember(b []byte, i int, fn func(member) bool) bool {
	object := b[i] == '{'
	for i++; ; i++ {
		if i = skipSpace(b, i); i == cut {
			return false
		}
		if b[i] == '}' || b[i] == ']' {
			return true
		}
		m, ok := memberAt(b, i, object)
		if !ok || !fn(m) {
			return false
		}
		if i = skipSpace(b, m.end); i == cut {
			return false
		}
		if b[i] != ',' {
			return b[i] == '}' || b[i] == ']'
		}
	}
}

func memberAt(b []byte, i int, object bool) (m member, ok bool) {
	if object {
		if b[i] != '"' {
			return m, false
		}
		m.key = i
		if m.keyEnd = skipString(b, i); m.keyEnd == cut {
			return m, false
		}
		if i = skipSpace(b, m.keyEnd); i == cut || b[i] != ':' {
			return m, false
		}
		if i = skipSpace(b, i+1); i == cut {
			return m, false
		}
	}
	m.start, m.end = i, skipValue(b, i)
	return m, m.end != cut
}

// unquote decodes a JSON string with its quotes. Bytes that are no UTF-8 stay as
// they are when nothing in the string is escaped.
func unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return string(inner)
	}
	return s
}
