package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrNotText is the error of Peek for a message that is not UTF-8. It must not
// travel on: a WebSocket that is given such text closes.
var ErrNotText = errors.New("message is not utf-8 text")

// ErrNotObject is the error of Peek for JSON that is no object.
var ErrNotObject = errors.New("message is not a json object")

// SyntaxError says where a message stops being JSON.
type SyntaxError struct {
	// Offset counts bytes from the start of the message.
	Offset int
}

// Error implements error.
func (e *SyntaxError) Error() string { return fmt.Sprintf("not json at byte %d", e.Offset) }

// Peek reads the top-level keys of a message in one pass. The fields of the
// Frame are slices of msg: bodies stay the bytes that they are. The whole of
// msg is checked, so that whoever gets a part of it passed on can parse it. Of
// a key that stands twice the last one counts, as in encoding/json; keys that
// Frame does not know are skipped.
func Peek(msg []byte) (Frame, error) {
	var f Frame
	err := f.Peek(msg)
	return f, err
}

// Peek fills a frame as the function of this name does. When it fails the frame
// is empty.
func (f *Frame) Peek(msg []byte) error {
	*f = Frame{}
	if !utf8.Valid(msg) {
		return ErrNotText
	}
	s := scanner{data: msg}
	s.space()
	if s.peek() != '{' {
		if s.value(); s.ok() {
			return ErrNotObject
		}
		return s.err()
	}
	for more := s.open('{', '}'); more; more = s.next('}') {
		if key, value := s.pair(); !s.bad {
			f.set(key, value)
		}
	}
	if !s.ok() {
		*f = Frame{}
		return s.err()
	}
	return nil
}

// Members calls each with every key, decoded, and the raw value of a JSON
// object, in order. It reports whether raw is a well-formed object.
func Members(raw []byte, each func(key string, value Raw)) bool {
	s := scanner{data: raw}
	s.space()
	if s.at >= len(raw) || raw[s.at] != '{' {
		return false
	}
	for more := s.open('{', '}'); more; more = s.next('}') {
		if key, value := s.pair(); !s.bad {
			text, _ := Text(key)
			each(text, value)
		}
	}
	return s.ok()
}

func (f *Frame) set(quoted, value []byte) {
	key := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(key, '\\') >= 0 {
		text, _ := Text(quoted)
		key = []byte(text)
	}
	switch string(key) {
	case "domain":
		f.RawDomain = value
		f.Domain = known(value)
	case "type":
		f.Type = known(value)
	default:
		if at := f.place(key); at != nil {
			*at = value
		}
	}
}

// known is the string that a value holds, or "". Those that are part of the
// protocol need no memory of their own.
func known(value []byte) string {
	if len(value) > 2 {
		if name, ok := names[string(value[1:len(value)-1])]; ok && value[0] == '"' {
			return name
		}
	}
	text, _ := Text(value)
	return text
}

// Append writes the frame as one JSON object: domain, type, and every field
// that is not nil, its bytes untouched.
func (f *Frame) Append(dst []byte) []byte {
	dst = append(dst, `{"domain":`...)
	if f.RawDomain != nil {
		dst = append(dst, f.RawDomain...)
	} else {
		dst = AppendQuoted(dst, f.Domain)
	}
	dst = append(dst, `,"type":`...)
	dst = AppendQuoted(dst, f.Type)
	return f.AppendFields(dst)
}

// AppendFields writes what follows on domain and type, with the bracket at the
// end.
func (f *Frame) AppendFields(dst []byte) []byte {
	dst = f.appendIDs(dst)
	dst = f.appendBodies(dst)
	return append(dst, '}')
}

func appendField(dst []byte, key string, value Raw) []byte {
	if value == nil {
		return dst
	}
	return append(append(dst, key...), value...)
}

// Bytes is Append to a slice of its own.
func (f *Frame) Bytes() []byte { return f.Append(make([]byte, 0, 256)) }

// AppendEventTail writes the part of an event that is the same for all its
// subscribers, and follows on their own. nil parts become null.
func AppendEventTail(tail []byte, oob bool, sequence, snapshot, data Raw) []byte {
	tail = append(tail, `,"oob":`...)
	if oob {
		tail = append(tail, "true"...)
	} else {
		tail = append(tail, "false"...)
	}
	tail = append(append(tail, `,"sequence":`...), OrNull(sequence)...)
	tail = append(append(tail, `,"snapshot":`...), OrNull(snapshot)...)
	tail = append(append(tail, `,"data":`...), OrNull(data)...)
	return append(tail, '}')
}

// AppendEventHead writes the part of an event that is one subscriber's own.
func AppendEventHead(dst []byte, peer, subscription string) []byte {
	dst = append(dst, `{"domain":"agm","type":"event","peer_id":`...)
	dst = AppendQuoted(dst, peer)
	dst = append(dst, `,"subscription_id":`...)
	return AppendQuoted(dst, subscription)
}

// Null is the JSON null.
var Null = Raw("null")

// OrNull is raw, or a null in its absence.
func OrNull(raw Raw) Raw {
	if raw == nil {
		return Null
	}
	return raw
}

// IsNull reports whether raw is absent or null.
func IsNull(raw Raw) bool { return raw == nil || string(raw) == "null" }

// Text is the string that raw holds, and whether it holds one.
func Text(raw Raw) (string, bool) {
	text, ok := TextBytes(raw)
	return string(text), ok
}

// TextBytes is Text for looking things up: where it can be, it is a part of raw.
func TextBytes(raw Raw) ([]byte, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return nil, false
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1 : len(raw)-1], true
	}
	var s string
	err := json.Unmarshal(raw, &s)
	return []byte(s), err == nil
}

// Quote is s as a JSON string.
func Quote(s string) Raw { return AppendQuoted(nil, s) }

// AppendQuoted writes s as a JSON string. Bytes that are no UTF-8 become the
// replacement character.
func AppendQuoted(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string can't fail
			return append(dst, quoted...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}
