package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Date is a point in time as this bus writes it: the text "#T42_DATE#" and the
// milliseconds since 1970. Official clients turn such a text, wherever it
// stands in a message, into a date and back (gw3 2), so a member of arguments,
// results or data that is a date for them has to be a Date here:
//
//	type Order struct {
//		Placed client.Date `json:"placed"`
//	}
//
// Maps and slices of any may hold a plain time.Time as well; the client sends
// it as a Date. Elsewhere a time.Time is sent as encoding/json writes it, which
// is an ordinary text to everybody else.
type Date struct{ time.Time }

const datePrefix = "#T42_DATE#"

// MarshalJSON writes the bus's form. Fractions of a millisecond are cut off.
func (d Date) MarshalJSON() ([]byte, error) {
	return strconv.AppendQuote(nil, datePrefix+strconv.FormatInt(d.UnixMilli(), 10)), nil
}

// UnmarshalJSON reads the bus's form, and that of time.Time, since not every
// application knows the former. null leaves the Date as it is.
func (d *Date) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return fmt.Errorf("date: %w", err)
	}
	number, ours := strings.CutPrefix(text, datePrefix)
	if !ours {
		return d.Time.UnmarshalJSON(raw)
	}
	ms, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return fmt.Errorf("date %q: %w", text, err)
	}
	d.Time = time.UnixMilli(ms)
	return nil
}

// dates replaces every time.Time in maps and slices of any by a Date. What it
// changes it copies.
func dates(v any) any {
	switch v := v.(type) {
	case time.Time:
		return Date{v}
	case map[string]any:
		if v == nil {
			return v
		}
		out := make(map[string]any, len(v))
		for key, member := range v {
			out[key] = dates(member)
		}
		return out
	case []any:
		if v == nil {
			return v
		}
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = dates(element)
		}
		return out
	}
	return v
}

// marshal is json.Marshal, but for dates, for <, > and &, which are left as
// they are, and for a json.RawMessage, whose bytes are not touched.
func marshal(v any) (json.RawMessage, error) {
	if raw, ok := v.(json.RawMessage); ok && raw != nil {
		// The gateway passes the bytes on to others, and bad ones would cost
		// them their connection.
		if !utf8.Valid(raw) || !json.Valid(raw) {
			return nil, errors.New("not valid json")
		}
		return bytes.TrimSpace(raw), nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(dates(v)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

var errNotObject = errors.New("not a json object")

// object marshals what must be an object; nil is an empty one.
func object(v any) (json.RawMessage, error) {
	if v == nil {
		return json.RawMessage("{}"), nil
	}
	raw, err := marshal(v)
	switch {
	case err != nil:
		return nil, err
	case string(raw) == "null":
		return json.RawMessage("{}"), nil
	case raw[0] != '{':
		return nil, errNotObject
	}
	return raw, nil
}

// returned marshals a handler's value by the rules of official servers (gw3
// 10.6): an object or a date as it is, what JavaScript holds for false as {},
// anything else wrapped.
func returned(v any) (json.RawMessage, error) {
	raw, err := marshal(v)
	if err != nil {
		return nil, err
	}
	switch text := string(raw); {
	case raw[0] == '{', strings.HasPrefix(text, `"`+datePrefix):
		return raw, nil
	case text == "null", text == "false", text == `""`, isZero(raw):
		return json.RawMessage("{}"), nil
	}
	return json.RawMessage(`{"_value":` + string(raw) + `}`), nil
}

func isZero(raw json.RawMessage) bool {
	n, err := strconv.ParseFloat(string(raw), 64)
	return err == nil && n == 0
}
