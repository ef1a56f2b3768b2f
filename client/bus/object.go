package bus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Member is one entry of a JSON object, as it came.
type Member struct {
	Key   string
	Value json.RawMessage
	// written is the key as it came, where Key could not hold all of it.
	written json.RawMessage
}

// Name is the key as a JSON string: as it came, where it came as JSON and holds
// what is no Unicode, so that not even that is lost.
func (m Member) Name() json.RawMessage {
	if m.written != nil {
		return bytes.Clone(m.written)
	}
	return QuoteJSON(m.Key)
}

// Members returns the entries of a JSON object in their order. Values keep all
// their bytes. A key that stands twice is an error, since one of its values
// would be lost.
func Members(raw json.RawMessage) ([]Member, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := opens(dec, '{'); err != nil {
		return nil, err
	}
	var out []Member
	seen := map[string]bool{}
	for dec.More() {
		before := dec.InputOffset()
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := Member{Key: token.(string)}
		if strings.ContainsRune(m.Key, unicode.ReplacementChar) {
			m.written = bytes.TrimLeft(raw[before:dec.InputOffset()], ", \t\r\n")
		}
		if err := dec.Decode(&m.Value); err != nil {
			return nil, err
		}
		if seen[m.Key] {
			return nil, fmt.Errorf("the key %q twice", m.Key)
		}
		seen[m.Key] = true
		out = append(out, m)
	}
	return out, closes(dec)
}

// Items returns the entries of a JSON array; each keeps all its bytes.
func Items(raw json.RawMessage) ([]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := opens(dec, '['); err != nil {
		return nil, err
	}
	var out []json.RawMessage
	for dec.More() {
		var item json.RawMessage
		if err := dec.Decode(&item); err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, closes(dec)
}

// Object writes the entries as one compact JSON object, in their order. Values
// must be JSON; they are written byte for byte.
func Object(members []Member) json.RawMessage {
	out := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, m.Name()...), ':')
		out = append(out, m.Value...)
	}
	return append(out, '}')
}

// List writes the items as one compact JSON array.
func List(items []json.RawMessage) json.RawMessage {
	out := append([]byte{'['}, bytes.Join(rawBytes(items), []byte{','})...)
	return append(out, ']')
}

// Merge lays the keys of one object over those of another, deep: where both have
// an object, these are merged in turn. Keys keep the order of base, new ones follow.
func Merge(base, over json.RawMessage) (json.RawMessage, error) {
	out, err := Members(base)
	if err != nil {
		return nil, err
	}
	more, err := Members(over)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(out))
	for i, m := range out {
		at[m.Key] = i
	}
	for _, m := range more {
		i, both := at[m.Key]
		if !both {
			out = append(out, m)
			continue
		}
		if JSONType(out[i].Value) == "object" && JSONType(m.Value) == "object" {
			if m.Value, err = Merge(out[i].Value, m.Value); err != nil {
				return nil, err
			}
		}
		out[i].Value = m.Value
	}
	return Object(out), nil
}

// QuoteJSON writes a text as a JSON string, with <, > and & as they are.
func QuoteJSON(s string) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can't fail
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// JSONType is what a value is, by its first byte: object, array, string,
// number, bool, null, or "" where there is none. It does not look further.
func JSONType(raw json.RawMessage) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

var errNotThis = errors.New("another type of JSON")

func opens(dec *json.Decoder, want json.Delim) error {
	token, err := dec.Token()
	if err != nil {
		return err
	}
	if token != want {
		return errNotThis
	}
	return nil
}

// closes reads the closing bracket, after which nothing may stand.
func closes(dec *json.Decoder) error {
	if _, err := dec.Token(); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more after the end")
	}
	return nil
}

func rawBytes(items []json.RawMessage) [][]byte {
	out := make([][]byte, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}
