package wire

import (
	"encoding/binary"
	"math/bits"
)

// maxDepth is how deep JSON may nest, the same as in encoding/json: what passes
// here must be readable there.
const maxDepth = 10_000

// scanner walks once over JSON text and checks its syntax. bad is set at the
// first byte that does not fit, and at stays there. The text is known to be
// UTF-8 already.
type scanner struct {
	data  []byte
	at    int
	depth int
	bad   bool
}

// ok reports whether the scan went well and nothing but space follows.
func (s *scanner) ok() bool {
	if !s.bad {
		s.space()
	}
	return !s.bad && s.at == len(s.data)
}

func (s *scanner) err() error { return &SyntaxError{Offset: s.at} }

func (s *scanner) fail() { s.bad = true }

// peek is the next byte, 0 at the end; a real 0 is no part of any JSON.
func (s *scanner) peek() byte {
	if s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) expect(c byte) bool {
	if s.bad || s.peek() != c {
		s.fail()
		return false
	}
	s.at++
	return true
}

func (s *scanner) value() {
	switch c := s.peek(); {
	case c == '{':
		s.object()
	case c == '[':
		s.array()
	case c == '"':
		s.text()
	case c == '-' || isDigit(c):
		s.number()
	case c == 't':
		s.literal("true")
	case c == 'f':
		s.literal("false")
	case c == 'n':
		s.literal("null")
	default:
		s.fail()
	}
}

func (s *scanner) object() {
	for more := s.open('{', '}'); more; more = s.next('}') {
		s.pair()
	}
}

func (s *scanner) array() {
	for more := s.open('[', ']'); more; more = s.next(']') {
		s.value()
	}
}

// open goes past a bracket and reports whether anything stands behind it; of an
// empty list it goes past the other bracket too.
func (s *scanner) open(left, right byte) bool {
	if s.depth++; s.depth > maxDepth || !s.expect(left) {
		s.fail()
		return false
	}
	s.space()
	if s.peek() == right {
		s.at++
		s.depth--
		return false
	}
	return true
}

// next goes past a comma, or past the bracket that ends a list, and reports
// whether one more follows.
func (s *scanner) next(right byte) bool {
	if s.bad {
		return false
	}
	s.space()
	if s.peek() == ',' {
		s.at++
		s.space()
		return true
	}
	s.expect(right)
	s.depth--
	return false
}

// pair reads a member of an object, its key still quoted.
func (s *scanner) pair() (key, value []byte) {
	from := s.at
	if s.text(); s.bad {
		return nil, nil
	}
	key = s.data[from:s.at]
	s.space()
	if !s.expect(':') {
		return nil, nil
	}
	s.space()
	from = s.at
	s.value()
	return key, s.data[from:s.at:s.at]
}

func (s *scanner) text() {
	if !s.expect('"') {
		return
	}
	for !s.bad && s.at < len(s.data) {
		s.plain()
		switch c := s.peek(); {
		case c == '"':
			s.at++
			return
		case c == '\\':
			s.escape()
		case c < ' ':
			s.fail()
		default:
			s.at++
		}
	}
	s.fail()
}

// A word is eight bytes, looked at together. ones has a 1 in each of them.
const (
	word = 8
	ones = 0x0101010101010101
	tops = 0x80 * ones
)

// plain goes on to the next quote, backslash or control character, as long as
// there are whole words. Most of most messages is text.
func (s *scanner) plain() {
	for len(s.data)-s.at >= word {
		w := binary.LittleEndian.Uint64(s.data[s.at:])
		quote, slash := w^ones*'"', w^ones*'\\'
		// The top bit of a byte comes up where it is less than what is taken away,
		// and was not up before: below a space, or nothing but the character. What
		// is borrowed can bring up bits above such a byte, never below the first.
		special := ((w-ones*' ')&^w | (quote-ones)&^quote | (slash-ones)&^slash) & tops
		if special != 0 {
			s.at += bits.TrailingZeros64(special) / word
			return
		}
		s.at += word
	}
}

func (s *scanner) escape() {
	s.at++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at++
	case 'u':
		s.at++
		for range 4 {
			if !isHex(s.peek()) {
				s.fail()
				return
			}
			s.at++
		}
	default:
		s.fail()
	}
}

func (s *scanner) number() {
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else {
		s.digits()
	}
	if !s.bad && s.peek() == '.' {
		s.at++
		s.digits()
	}
	if c := s.peek(); !s.bad && (c == 'e' || c == 'E') {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		s.digits()
	}
}

// digits reads at least one.
func (s *scanner) digits() {
	if !isDigit(s.peek()) {
		s.fail()
		return
	}
	for isDigit(s.peek()) {
		s.at++
	}
}

func (s *scanner) literal(w string) {
	for i := range len(w) {
		if !s.expect(w[i]) {
			return
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
