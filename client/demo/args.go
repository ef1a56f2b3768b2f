package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// maxNumber is the length of the longest number that is looked at, and
// maxExponent the largest power of ten in it: exact arithmetic on 1e999999999
// would eat the machine.
const (
	maxNumber   = 400
	maxExponent = 400
)

// args reads the arguments of a call. It keeps the first thing that is wrong, so
// that a handler reads all it needs and asks once. Null counts as left out.
type args struct {
	path   string
	fields map[string]json.RawMessage
	// err is shared by a reader and the readers of its nested values.
	err *error
}

// readArgs starts reading the arguments of a call.
func readArgs(raw json.RawMessage) *args {
	a := &args{err: new(error)}
	if len(raw) == 0 {
		return a
	}
	if json.Unmarshal(raw, &a.fields) != nil {
		a.fail(errors.New("the arguments are no object"))
	}
	return a
}

// problem returns the first thing that was wrong, or nil.
func (a *args) problem() error { return *a.err }

func (a *args) fail(err error) {
	if *a.err == nil {
		*a.err = err
	}
}

// has reports whether the argument was given.
func (a *args) has(key string) bool {
	raw, ok := a.fields[key]
	return ok && string(raw) != "null"
}

// need returns a required argument as it came.
func (a *args) need(key string) (json.RawMessage, bool) {
	if a.has(key) {
		return a.fields[key], true
	}
	a.fail(fmt.Errorf("%s is missing", a.path+key))
	return nil, false
}

func (a *args) wrong(key, want string, raw json.RawMessage) {
	a.fail(fmt.Errorf("%s is not %s: %s", a.path+key, want, clip(string(raw))))
}

// clip shortens what somebody sent, for a reason that quotes it.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// text reads a required string.
func (a *args) text(key string) string {
	raw, ok := a.need(key)
	if !ok {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		a.wrong(key, "a string", raw)
	}
	return s
}

// textOr reads an optional string.
func (a *args) textOr(key, otherwise string) string {
	if !a.has(key) {
		return otherwise
	}
	return a.text(key)
}

// number returns the digits of a required number.
func (a *args) number(key, want string) (string, bool) {
	raw, ok := a.need(key)
	if !ok {
		return "", false
	}
	digits := string(bytes.TrimSpace(raw))
	if digits == "" || len(digits) > maxNumber || !strings.ContainsRune("-0123456789", rune(digits[0])) {
		a.wrong(key, want, raw)
		return "", false
	}
	return digits, true
}

// integer reads a required int: a whole number of 32 bits.
func (a *args) integer(key string) int64 { return a.whole(key, "an int", 32) }

// integerOr reads an optional int.
func (a *args) integerOr(key string, otherwise int64) int64 {
	if !a.has(key) {
		return otherwise
	}
	return a.integer(key)
}

// long reads a required long, every digit of it. A string with digits will do:
// callers in JavaScript have no other way to name a number above 2^53.
func (a *args) long(key string) int64 {
	if raw := a.fields[key]; len(raw) > 2 && raw[0] == '"' {
		if n, err := strconv.ParseInt(string(raw[1:len(raw)-1]), 10, 64); err == nil {
			return n
		}
	}
	return a.whole(key, "a long", 64)
}

func (a *args) whole(key, want string, bits int) int64 {
	digits, ok := a.number(key, want)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(digits, 10, bits)
	if err != nil {
		a.wrong(key, want, a.fields[key])
	}
	return n
}

// double reads a required double.
func (a *args) double(key string) float64 {
	digits, ok := a.number(key, "a double")
	if !ok {
		return 0
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(f, 0) {
		a.wrong(key, "a double", a.fields[key])
	}
	return f
}

// amount checks that a required argument is a double, and keeps its digits.
func (a *args) amount(key string) json.RawMessage {
	a.double(key)
	return a.fields[key]
}

// exact reads a required double without rounding it.
func (a *args) exact(key string) *big.Rat {
	digits, ok := a.number(key, "a double")
	if !ok {
		return new(big.Rat)
	}
	if _, power, has := strings.Cut(strings.ToLower(digits), "e"); has {
		if p, err := strconv.Atoi(power); err != nil || p > maxExponent || p < -maxExponent {
			a.wrong(key, "a number that can be worked with", a.fields[key])
			return new(big.Rat)
		}
	}
	r, ok := new(big.Rat).SetString(digits)
	if !ok {
		a.wrong(key, "a double", a.fields[key])
		return new(big.Rat)
	}
	return r
}

// truth reads a required bool.
func (a *args) truth(key string) bool {
	raw, ok := a.need(key)
	if !ok {
		return false
	}
	var b bool
	if json.Unmarshal(raw, &b) != nil {
		a.wrong(key, "a bool", raw)
	}
	return b
}

// when reads a required datetime: as official clients write it, or in ISO form.
func (a *args) when(key string) time.Time {
	s := a.text(key)
	if *a.err != nil {
		return time.Time{}
	}
	if t, ok := bus.ParseDateText(s); ok {
		return t
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	a.wrong(key, "a datetime", a.fields[key])
	return time.Time{}
}

// object reads a required composite. What is wrong inside is named with its path.
func (a *args) object(key string) *args {
	inner := &args{path: a.path + key + ".", err: a.err}
	if raw, ok := a.need(key); ok && json.Unmarshal(raw, &inner.fields) != nil {
		a.wrong(key, "an object", raw)
	}
	return inner
}

// list reads a required array, its items as they came.
func (a *args) list(key string) []json.RawMessage {
	raw, ok := a.need(key)
	if !ok {
		return nil
	}
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		a.wrong(key, "an array", raw)
	}
	return items
}

// item makes a reader for one value of an array, and says under which name.
func (a *args) item(key string, index int, raw json.RawMessage) (*args, string) {
	name := fmt.Sprintf("%s[%d]", key, index)
	return &args{path: a.path, err: a.err, fields: map[string]json.RawMessage{name: raw}}, name
}

// objects reads a required array of composites.
func (a *args) objects(key string) []*args {
	var out []*args
	for i, raw := range a.list(key) {
		one, name := a.item(key, i, raw)
		out = append(out, one.object(name))
	}
	return out
}

// longs reads a required array of longs.
func (a *args) longs(key string) []int64 {
	var out []int64
	for i, raw := range a.list(key) {
		one, name := a.item(key, i, raw)
		out = append(out, one.long(name))
	}
	return out
}

// span reads a required tuple of two doubles. A tuple may come as an array, in
// the order of its schema, or as an object, by the names in it.
func (a *args) span(key, first, second string) (low, high float64) {
	raw, ok := a.need(key)
	if !ok {
		return 0, 0
	}
	if raw[0] != '[' {
		o := a.object(key)
		return o.double(first), o.double(second)
	}
	items := a.list(key)
	if len(items) != 2 {
		a.wrong(key, "a pair of doubles", raw)
		return 0, 0
	}
	from, fromName := a.item(key, 0, items[0])
	to, toName := a.item(key, 1, items[1])
	return from.double(fromName), to.double(toName)
}
