package wire

import (
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
	if !utf8.Valid(msg) {
		return f, ErrNotText
	}
	s := scanner{data: msg}
	s.space()
	object := s.at < len(msg) && msg[s.at] == '{'
	if !object {
		if s.value(); s.ok() {
			return f, ErrNotObject
		}
		return f, s.err()
	}
	s.object(func(key, value []byte) { f.set(key, value) })
	if !s.ok() {
		return Frame{}, s.err()
	}
	return f, nil
}

// Members calls each with every key, decoded, and the raw value of a JSON
// object, in order. It reports whether raw is a well-formed object.
func Members(raw []byte, each func(key string, value Raw)) bool {
	s := scanner{data: raw}
	s.space()
	if s.at >= len(raw) || raw[s.at] != '{' {
		return false
	}
	s.object(func(key, value []byte) {
		text, _ := Text(key)
		each(text, value)
	})
	return s.ok()
}

func (f *Frame) set(quoted, value []byte) {
	key := quoted[1 : len(quoted)-1]
	for _, c := range key {
		if c == '\\' {
			text, _ := Text(quoted)
			key = []byte(text)
			break
		}
	}
	switch string(key) {
	case "domain":
		f.RawDomain = value
		f.Domain, _ = Text(value)
	case "type":
		f.Type, _ = Text(value)
	default:
		if at, ok := places[string(key)]; ok {
			*at(f) = value
		}
	}
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
	for _, place := range fields {
		value := *place.at(f)
		if value == nil {
			continue
		}
		dst = append(dst, ',', '"')
		dst = append(dst, place.key...)
		dst = append(dst, '"', ':')
		dst = append(dst, value...)
	}
	return append(dst, '}')
}

// Bytes is Append to a slice of its own.
func (f *Frame) Bytes() []byte { return f.Append(make([]byte, 0, 256)) }

// EventTail is the part of an event that is the same for all its subscribers.
// nil parts become null.
func EventTail(oob bool, sequence, snapshot, data Raw) []byte {
	tail := make([]byte, 0, len(sequence)+len(snapshot)+len(data)+64)
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

// AppendEvent writes one subscriber's event: the head is its own, the tail is
// shared.
func AppendEvent(dst []byte, peer, subscription string, tail []byte) []byte {
	dst = append(dst, `{"domain":"agm","type":"event","peer_id":`...)
	dst = AppendQuoted(dst, peer)
	dst = append(dst, `,"subscription_id":`...)
	dst = AppendQuoted(dst, subscription)
	return append(dst, tail...)
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
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	for _, c := range raw {
		if c == '\\' {
			var s string
			err := json.Unmarshal(raw, &s)
			return s, err == nil
		}
	}
	return string(raw[1 : len(raw)-1]), true
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
