package wire

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
		s.object(nil)
	case c == '[':
		s.array()
	case c == '"':
		s.text()
	case c == '-' || isDigit(c):
		s.number()
	case c == 't':
		s.word("true")
	case c == 'f':
		s.word("false")
	case c == 'n':
		s.word("null")
	default:
		s.fail()
	}
}

// object reads an object and shows each member, key still quoted, to each if
// that is not nil.
func (s *scanner) object(each func(key, value []byte)) {
	s.list('{', '}', func() {
		from := s.at
		if s.text(); s.bad {
			return
		}
		key := s.data[from:s.at]
		s.space()
		if !s.expect(':') {
			return
		}
		s.space()
		from = s.at
		if s.value(); !s.bad && each != nil {
			each(key, s.data[from:s.at:s.at])
		}
	})
}

func (s *scanner) array() { s.list('[', ']', s.value) }

// list reads what stands between two brackets, separated by commas.
func (s *scanner) list(left, right byte, member func()) {
	if s.depth++; s.depth > maxDepth || !s.expect(left) {
		s.fail()
		return
	}
	s.space()
	if s.peek() == right {
		s.at++
		s.depth--
		return
	}
	for {
		if member(); s.bad {
			return
		}
		s.space()
		if s.peek() != ',' {
			break
		}
		s.at++
		s.space()
	}
	s.expect(right)
	s.depth--
}

func (s *scanner) text() {
	if !s.expect('"') {
		return
	}
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
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
		if s.bad {
			return
		}
	}
	s.fail()
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

func (s *scanner) word(w string) {
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
