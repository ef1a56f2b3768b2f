package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ShapeError says that a value has not the shape that the protocol lays down.
type ShapeError struct {
	// Path leads to the place, as in toRender[2].props.min; empty for the whole.
	Path string
	// Want and Got name the shapes.
	Want, Got string
}

// Error implements error.
func (e *ShapeError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("want %s, got %s", e.Want, e.Got)
	}
	return fmt.Sprintf("%s: want %s, got %s", e.Path, e.Want, e.Got)
}

// Into fills out, a pointer, from a value. Fields of structs are found by their
// json tags; one without omitempty has to be there, one with it may also be null
// (and tagged interval:"always" is written even when it is empty). Fields that are not known
// are ignored. The error is a *ShapeError.
func Into(v, out any) error {
	return toGo(v, reflect.ValueOf(out).Elem(), "")
}

// Unmarshal reads a JSON text into out, a pointer, with the strictness of Into.
func Unmarshal(text []byte, out any) error {
	v, err := parse(text)
	if err != nil {
		return err
	}
	return Into(v, out)
}

// Marshal writes a Go value, as ValueOf takes it, without notes.
func Marshal(v any) ([]byte, error) {
	value, err := ValueOf(v)
	if err != nil {
		return nil, err
	}
	text, _, err := Encode(value)
	return text, err
}

// shaped is a type with a form of its own on the wire.
type shaped interface {
	fromValue(v any, path string) error
	// toValue reports false for a field that is to be left out.
	toValue() (any, bool, error)
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	rawType    = reflect.TypeFor[json.RawMessage]()
	numberType = reflect.TypeFor[json.Number]()
	shapedType = reflect.TypeFor[shaped]()
)

func toGo(v any, out reflect.Value, path string) error {
	if reflect.PointerTo(out.Type()).Implements(shapedType) {
		return out.Addr().Interface().(shaped).fromValue(v, path)
	}
	if v != nil && reflect.TypeOf(v) == out.Type() && out.Kind() != reflect.String {
		out.Set(reflect.ValueOf(v))
		return nil
	}
	switch out.Type() {
	case rawType:
		text, _, err := Encode(v)
		out.SetBytes(text)
		return err
	case numberType:
		return scalarToGo(v, out, path)
	case timeType:
		return timeToGo(v, out, path)
	}
	switch out.Kind() {
	case reflect.Interface:
		if v != nil {
			out.Set(reflect.ValueOf(v))
		}
		return nil
	case reflect.Pointer:
		if Missing(v) {
			return nil
		}
		out.Set(reflect.New(out.Type().Elem()))
		return toGo(v, out.Elem(), path)
	case reflect.Slice:
		return listToGo(v, out, path)
	case reflect.Struct:
		return recordToGo(v, out, path)
	case reflect.Map:
		return mapToGo(v, out, path)
	}
	return scalarToGo(v, out, path)
}

// timeToGo takes dates without a note as well: logs and old hosts send them so.
func timeToGo(v any, out reflect.Value, path string) error {
	text, ok := v.(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	if !ok || err != nil {
		return &ShapeError{path, "date", shapeOf(v)}
	}
	out.Set(reflect.ValueOf(t.UTC()))
	return nil
}

func scalarToGo(v any, out reflect.Value, path string) error {
	if u, ok := v.(URL); ok {
		v = string(u)
	}
	n, isNumber := v.(json.Number)
	switch out.Kind() {
	case reflect.String:
		if s, ok := v.(string); ok && out.Type() != numberType {
			out.SetString(s)
			return nil
		}
		if isNumber && out.Type() == numberType {
			out.SetString(string(n))
			return nil
		}
	case reflect.Bool:
		if b, ok := v.(bool); ok {
			out.SetBool(b)
			return nil
		}
	case reflect.Float64:
		if f, err := n.Float64(); isNumber && err == nil {
			out.SetFloat(f)
			return nil
		}
	case reflect.Int, reflect.Int64:
		if r, ok := rational(n); isNumber && ok && r.IsInt() && r.Num().IsInt64() && !out.OverflowInt(r.Num().Int64()) {
			out.SetInt(r.Num().Int64())
			return nil
		}
	}
	return &ShapeError{path, kindName(out), shapeOf(v)}
}

func kindName(out reflect.Value) string {
	switch out.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Float64:
		return "number"
	case reflect.Int, reflect.Int64:
		return "whole number"
	case reflect.String:
		if out.Type() == numberType {
			return "number"
		}
		return "text"
	}
	return out.Kind().String()
}

// shapeOf names a value's shape for a message.
func shapeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case Undefined:
		return "nothing"
	case bool:
		return "boolean"
	case json.Number:
		return "number " + clip(string(v))
	case string:
		return "text " + strconv.Quote(clip(v))
	case time.Time:
		return "date"
	case List, Set:
		return "list"
	case Record, Map:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

func clip(s string) string {
	const room = 40
	if runes := []rune(s); len(runes) > room {
		return string(runes[:room]) + "…"
	}
	return s
}

func listToGo(v any, out reflect.Value, path string) error {
	var items []any
	switch v := v.(type) {
	case List:
		items = v
	case Set:
		items = v
	default:
		return &ShapeError{path, "list", shapeOf(v)}
	}
	made := reflect.MakeSlice(out.Type(), len(items), len(items))
	for i, item := range items {
		if err := toGo(item, made.Index(i), path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	out.Set(made)
	return nil
}

func mapToGo(v any, out reflect.Value, path string) error {
	record, ok := v.(Record)
	if !ok || out.Type().Key().Kind() != reflect.String {
		return &ShapeError{path, "object", shapeOf(v)}
	}
	made := reflect.MakeMapWithSize(out.Type(), len(record))
	for _, m := range record {
		item := reflect.New(out.Type().Elem()).Elem()
		if err := toGo(m.Value, item, join(path, m.Name)); err != nil {
			return err
		}
		made.SetMapIndex(reflect.ValueOf(m.Name).Convert(out.Type().Key()), item)
	}
	out.Set(made)
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func recordToGo(v any, out reflect.Value, path string) error {
	record, ok := v.(Record)
	if !ok {
		return &ShapeError{path, "object", shapeOf(v)}
	}
	for _, f := range fieldsOf(out.Type()) {
		item, given := record.Get(f.name)
		own := reflect.PointerTo(f.kind).Implements(shapedType)
		if _, undefined := item.(Undefined); undefined && !own && f.kind.Kind() != reflect.Interface {
			given = false
		}
		if err := fieldToGo(f, item, given, out.FieldByIndex(f.index), join(path, f.name)); err != nil {
			return err
		}
	}
	return nil
}

func fieldToGo(f field, item any, given bool, out reflect.Value, path string) error {
	own := reflect.PointerTo(f.kind).Implements(shapedType)
	switch {
	case !given && f.optional:
		return nil
	case !given:
		return &ShapeError{path, "a value", "nothing"}
	case item == nil && f.optional && !own:
		return nil
	}
	return toGo(item, out, path)
}

// field is a field of a struct as the wire knows it.
type field struct {
	name     string
	index    []int
	kind     reflect.Type
	optional bool // may be left out by who writes
	always   bool // but is not by this side
}

// fieldsOf lists the fields that have a json tag, those of embedded structs
// among them.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for _, f := range reflect.VisibleFields(t) {
		tag, ok := f.Tag.Lookup("json")
		if !ok || tag == "-" || !f.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		out = append(out, field{
			name, f.Index, f.Type,
			strings.Contains(options, "omitempty"), f.Tag.Get("interval") == "always",
		})
	}
	return out
}

// fromGo is ValueOf for what reflection has to look at.
func fromGo(v reflect.Value, path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	if !v.IsValid() {
		return nil, nil
	}
	if v.CanInterface() {
		if value, done, err := fromKnown(v, path, depth); done {
			return value, err
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil, nil
		}
		return fromGo(v.Elem(), path, depth+1)
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return v.Bool(), nil
	case reflect.Float32, reflect.Float64:
		return number(v.Float()), nil
	case reflect.Slice, reflect.Array:
		return listFromGo(v, path, depth)
	case reflect.Map:
		return mapFromGo(v, path, depth)
	case reflect.Struct:
		return recordFromGo(v, path, depth)
	}
	switch {
	case v.CanInt():
		return json.Number(strconv.FormatInt(v.Int(), 10)), nil
	case v.CanUint():
		return json.Number(strconv.FormatUint(v.Uint(), 10)), nil
	}
	return nil, &ShapeError{path, "what can travel", v.Type().String()}
}

// fromKnown takes what is a value already, or has a form of its own.
func fromKnown(v reflect.Value, path string, depth int) (any, bool, error) {
	switch known := v.Interface().(type) {
	case time.Time, Undefined, URL, Regexp, json.Number:
		return known, true, nil
	case *big.Int:
		if known == nil {
			return nil, true, nil
		}
		return known, true, nil
	case json.RawMessage:
		value, err := parse(known)
		return value, true, err
	case Record:
		out := make(Record, len(known))
		for i, m := range known {
			value, err := fromGo(reflect.ValueOf(m.Value), join(path, m.Name), depth+1)
			if err != nil {
				return nil, true, err
			}
			out[i] = Member{m.Name, value}
		}
		return out, true, nil
	case Set:
		list, err := listFromGo(v, path, depth)
		if err != nil {
			return nil, true, err
		}
		return Set(list.(List)), true, nil
	case Map:
		return known, true, nil
	}
	if v.CanAddr() && reflect.PointerTo(v.Type()).Implements(shapedType) {
		value, _, err := v.Addr().Interface().(shaped).toValue()
		return value, true, err
	}
	return nil, false, nil
}

func listFromGo(v reflect.Value, path string, depth int) (any, error) {
	out := make(List, v.Len())
	for i := range out {
		item, err := fromGo(v.Index(i), path+"["+strconv.Itoa(i)+"]", depth+1)
		if err != nil {
			return nil, err
		}
		out[i] = item
	}
	return out, nil
}

func mapFromGo(v reflect.Value, path string, depth int) (any, error) {
	if v.Type().Key().Kind() != reflect.String {
		return nil, &ShapeError{path, "an object with texts for keys", v.Type().String()}
	}
	out := Record{}
	for it := v.MapRange(); it.Next(); {
		item, err := fromGo(it.Value(), join(path, it.Key().String()), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, Member{it.Key().String(), item})
	}
	slices.SortFunc(out, func(a, b Member) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

func recordFromGo(v reflect.Value, path string, depth int) (any, error) {
	if !v.CanAddr() { // forms of their own are methods of pointers
		copied := reflect.New(v.Type()).Elem()
		copied.Set(v)
		v = copied
	}
	fields := fieldsOf(v.Type())
	if len(fields) == 0 && v.NumField() > 0 {
		return plainFromGo(v, path, depth)
	}
	out := Record{}
	for _, f := range fields {
		item, given, err := fieldFromGo(f, v.FieldByIndex(f.index), join(path, f.name), depth)
		if err != nil {
			return nil, err
		}
		if given {
			out = append(out, Member{f.name, item})
		}
	}
	return out, nil
}

func fieldFromGo(f field, v reflect.Value, path string, depth int) (any, bool, error) {
	if reflect.PointerTo(f.kind).Implements(shapedType) {
		return v.Addr().Interface().(shaped).toValue()
	}
	empty := v.IsZero() || (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
	if f.optional && !f.always && empty {
		return nil, false, nil
	}
	item, err := fromGo(v, path, depth+1)
	return item, true, err
}

// plainFromGo takes a struct that has no json tags by the names of its fields.
func plainFromGo(v reflect.Value, path string, depth int) (any, error) {
	out := Record{}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		item, err := fromGo(v.FieldByIndex(f.Index), join(path, f.Name), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, Member{f.Name, item})
	}
	return out, nil
}

// Late is a field that may be absent, null, or there. Null often means that the
// value is still being computed.
type Late[T any] struct {
	// Given is false when the field is absent. Null then means nothing.
	Given, Null bool
	Value       T
}

// Now is a Late that is there.
func Now[T any](v T) Late[T] { return Late[T]{Given: true, Value: v} }

// Pending is a Late that is null.
func Pending[T any]() Late[T] { return Late[T]{Given: true, Null: true} }

func (l *Late[T]) fromValue(v any, path string) error {
	if _, undefined := v.(Undefined); undefined {
		return nil
	}
	l.Given, l.Null = true, v == nil
	if l.Null {
		return nil
	}
	return toGo(v, reflect.ValueOf(&l.Value).Elem(), path)
}

func (l *Late[T]) toValue() (any, bool, error) {
	if !l.Given || l.Null {
		return nil, l.Given, nil
	}
	v, err := fromGo(reflect.ValueOf(&l.Value).Elem(), "", 0)
	return v, true, err
}
