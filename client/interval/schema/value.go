package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Undefined is what JavaScript calls undefined: an optional answer that was
// left out, a value that is still on its way. It travels as null with a note.
type Undefined struct{}

// URL is an address that travelled as a JavaScript URL object.
type URL string

// Regexp is a JavaScript regular expression in its own notation, as in /a+/gi.
type Regexp string

// List is a JSON array.
type List []any

// Set is a JavaScript Set.
type Set []any

// Map is a JavaScript Map; its keys may be any value.
type Map []Entry

// Entry is a key of a Map with what it stands for.
type Entry struct{ Key, Value any }

// Record is a JSON object. It keeps the order of its keys, which is the order
// of spreadsheet columns and metadata.
type Record []Member

// Member is a field of a Record.
type Member struct {
	Name  string
	Value any
}

// Get returns the field of that name, and whether there is one.
func (r Record) Get(name string) (any, bool) {
	for _, m := range r {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

// Defined returns the record without the fields that are undefined.
func (r Record) Defined() Record {
	return slices.DeleteFunc(slices.Clone(r), func(m Member) bool { return m.Value == Undefined{} })
}

// Missing tells null and undefined from values.
func Missing(v any) bool {
	if v == nil {
		return true
	}
	_, is := v.(Undefined)
	return is
}

// Equal compares two values: numbers by what they are, not by how they are
// written; records without regard to order, except that undefined fields count
// as absent.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a, b)
	case List:
		b, ok := b.(List)
		return ok && slices.EqualFunc(a, b, Equal)
	case Set:
		b, ok := b.(Set)
		return ok && slices.EqualFunc(a, b, Equal)
	case Map:
		b, ok := b.(Map)
		return ok && slices.EqualFunc(a, b, func(x, y Entry) bool { return Equal(x.Key, y.Key) && Equal(x.Value, y.Value) })
	case Record:
		b, ok := b.(Record)
		return ok && a.within(b) && b.within(a)
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Equal(b)
	case *big.Int:
		b, ok := b.(*big.Int)
		return ok && a.Cmp(b) == 0
	}
	return a == b
}

// within reports whether each field of r stands in other, too.
func (r Record) within(other Record) bool {
	for _, m := range r {
		v, has := other.Get(m.Name)
		if _, undefined := m.Value.(Undefined); undefined && !has {
			continue
		}
		if !has || !Equal(m.Value, v) {
			return false
		}
	}
	return true
}

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, okX := rational(a)
	y, okY := rational(b)
	return okX && okY && x.Cmp(y) == 0
}

// rational is exact. An exponent that no honest number needs is refused, since
// it would cost memory without end.
func rational(n json.Number) (*big.Rat, bool) {
	text := string(n)
	if _, exponent, has := strings.Cut(strings.ToLower(text), "e"); has {
		if e, err := strconv.Atoi(exponent); err != nil || e > 400 || e < -400 {
			return nil, false
		}
	}
	if text == "-0" {
		text = "0"
	}
	return new(big.Rat).SetString(text)
}

// number writes a float as JavaScript would, which has no other numbers.
func number(f float64) json.Number {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 && math.Signbit(f):
		return "-0"
	case f == math.Trunc(f) && math.Abs(f) < 1e21:
		return json.Number(strconv.FormatFloat(f, 'f', -1, 64))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// Text writes a value for people, briefly and on one line: strings as they are,
// dates in RFC 3339, null and undefined as nothing, the rest as JSON.
func Text(v any) string {
	switch v := v.(type) {
	case nil, Undefined:
		return ""
	case string:
		return v
	case URL:
		return string(v)
	case Regexp:
		return string(v)
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return string(v)
	case *big.Int:
		return v.String()
	case time.Time:
		return v.UTC().Format(isoDate)
	}
	text, _, err := Encode(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// isoDate is how JavaScript writes a Date.
const isoDate = "2006-01-02T15:04:05.000Z"

// ValueOf makes a value of ordinary Go ones: numbers, strings, booleans, times,
// slices, maps with string keys (sorted), structs by their json tags, and values
// that are ones already. What can't travel, such as a function, is an error.
func ValueOf(v any) (any, error) {
	switch v := v.(type) {
	case nil, Undefined, bool, string, json.Number, time.Time, URL, Regexp:
		return v, nil
	case *big.Int:
		if v == nil {
			return nil, nil
		}
		return v, nil
	}
	return fromGo(reflect.ValueOf(v), "", 0)
}
