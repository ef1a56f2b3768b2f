package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// maxDepth is how deep values may nest. Nobody shows more, and each level costs
// the reader stack.
const maxDepth = 500

var errDepth = errors.New("nested too deeply")

// Decode reads a JSON text with its notes (superjson's meta, empty for none)
// into a value. Notes that lead nowhere, and types that are not known, are
// ignored, as the protocol asks for.
func Decode(text, meta []byte) (any, error) {
	v, err := parse(text)
	if err != nil {
		return nil, err
	}
	if len(meta) == 0 {
		return v, nil
	}
	notes, err := parse(meta)
	if err != nil {
		return nil, fmt.Errorf("notes: %w", err)
	}
	return annotate(v, notes), nil
}

// parse reads exactly one JSON value.
func parse(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("text after the end of json")
	}
	return v, nil
}

func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	token, err := d.Token()
	if err != nil {
		return nil, endless(err)
	}
	switch token {
	case json.Delim('['):
		return readList(d, depth)
	case json.Delim('{'):
		return readRecord(d, depth)
	}
	return token, nil
}

// endless names the end of a text in the middle of a value what it is.
func endless(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func readList(d *json.Decoder, depth int) (any, error) {
	list := List{}
	for d.More() {
		v, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, endlessly(err)
}

func readRecord(d *json.Decoder, depth int) (any, error) {
	record, at := Record{}, map[string]int{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, endless(err)
		}
		v, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		name := token.(string) // the decoder allows no other key
		if i, again := at[name]; again {
			record[i].Value = v // the last one counts, as in JavaScript
			continue
		}
		at[name] = len(record)
		record = append(record, Member{name, v})
	}
	_, err := d.Token()
	return record, endlessly(err)
}

func endlessly(err error) error {
	if err == nil {
		return nil
	}
	return endless(err)
}

// annotate applies the notes to a value: the member "values" is a list for the
// value itself, a record of paths for what is inside.
func annotate(v, notes any) any {
	root, ok := notes.(Record)
	if !ok {
		return v
	}
	values, _ := root.Get("values")
	return applyTree(v, values, 0)
}

func applyTree(v, tree any, depth int) any {
	if depth > maxDepth {
		return v
	}
	switch tree := tree.(type) {
	case Record:
		for _, m := range tree {
			v = applyAt(v, splitPath(m.Name), m.Value, depth+1)
		}
	case List:
		if len(tree) > 1 {
			v = applyTree(v, tree[1], depth+1)
		}
		if len(tree) > 0 {
			v = convert(v, tree[0])
		}
	}
	return v
}

// applyAt goes down a path. Superjson forgets to escape some dots, so that a
// key may be made of several steps of the path.
func applyAt(v any, path []string, tree any, depth int) any {
	if len(path) == 0 {
		return applyTree(v, tree, depth)
	}
	switch v := v.(type) {
	case List:
		i, err := strconv.Atoi(path[0])
		if err == nil && i >= 0 && i < len(v) {
			v[i] = applyAt(v[i], path[1:], tree, depth)
		}
	case Record:
		for steps := 1; steps <= len(path); steps++ {
			name := strings.Join(path[:steps], ".")
			for i := range v {
				if v[i].Name == name {
					v[i].Value = applyAt(v[i].Value, path[steps:], tree, depth)
					return v
				}
			}
		}
	}
	return v
}

// splitPath takes a path apart at its dots, except those after a backslash.
func splitPath(path string) []string {
	var out []string
	var step strings.Builder
	for i := 0; i < len(path); i++ {
		switch {
		case path[i] == '\\' && i+1 < len(path) && path[i+1] == '.':
			i++
			step.WriteByte('.')
		case path[i] == '.':
			out = append(out, step.String())
			step.Reset()
		default:
			step.WriteByte(path[i])
		}
	}
	return append(out, step.String())
}

// convert makes of a plain value what its note says. A value that doesn't fit
// its note stays as it is.
func convert(v, kind any) any {
	name, _ := kind.(string)
	text, isText := v.(string)
	list, isList := v.(List)
	switch {
	case name == "undefined" && v == nil:
		return Undefined{}
	case name == "Date" && isText:
		if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return t.UTC()
		}
	case name == "bigint" && isText:
		if i, ok := new(big.Int).SetString(text, 10); ok && len(text) < 10_000 {
			return i
		}
	case name == "number" && isText && specialNumber(text):
		return json.Number(text)
	case name == "URL" && isText:
		return URL(text)
	case name == "regexp" && isText:
		return Regexp(text)
	case name == "set" && isList:
		return Set(list)
	case name == "map" && isList:
		return toMap(list)
	}
	return v
}

func specialNumber(text string) bool {
	return text == "NaN" || text == "Infinity" || text == "-Infinity" || text == "-0"
}

func toMap(list List) any {
	out := make(Map, 0, len(list))
	for _, item := range list {
		pair, ok := item.(List)
		if !ok || len(pair) != 2 {
			return list
		}
		out = append(out, Entry{pair[0], pair[1]})
	}
	return out
}

// note is what is to be said about a value and what is inside it.
type note struct {
	kind   string // JSON text; empty when the value is plain
	inside []placed
}

type placed struct {
	path string
	note note
}

// Encode writes a value as JSON, and its notes; no notes are needed for what is
// plain JSON. The error names what can't be written.
func Encode(v any) (text, meta []byte, err error) {
	var w writer
	n, err := w.write(v, 0)
	if err != nil {
		return nil, nil, err
	}
	return w.Bytes(), n.meta(), nil
}

// meta is the root of the notes, or nil.
func (n note) meta() []byte {
	if n.kind == "" && len(n.inside) == 0 {
		return nil
	}
	return []byte(`{"values":` + n.tree() + `}`)
}

func (n note) tree() string {
	var inside []string
	for _, p := range n.inside {
		key, _ := json.Marshal(p.path)
		inside = append(inside, string(key)+":"+p.note.tree())
	}
	children := "{" + strings.Join(inside, ",") + "}"
	switch {
	case n.kind == "":
		return children
	case len(inside) == 0:
		return "[" + n.kind + "]"
	}
	return "[" + n.kind + "," + children + "]"
}

// under adds what a value at one step inside has to say. A plain container says
// nothing itself, so that its notes join the path.
func (n *note) under(step string, child note) {
	step = strings.ReplaceAll(step, ".", `\.`)
	if child.kind != "" {
		n.inside = append(n.inside, placed{step, child})
		return
	}
	for _, p := range child.inside {
		n.inside = append(n.inside, placed{step + "." + p.path, p.note})
	}
}

type writer struct{ bytes.Buffer }

func (w *writer) write(v any, depth int) (note, error) {
	if depth > maxDepth {
		return note{}, errDepth
	}
	switch v := v.(type) {
	case List:
		return w.list(v, depth)
	case Set:
		n, err := w.list(List(v), depth)
		n.kind = `"set"`
		return n, err
	case Map:
		pairs := make(List, len(v))
		for i, e := range v {
			pairs[i] = List{e.Key, e.Value}
		}
		n, err := w.list(pairs, depth)
		n.kind = `"map"`
		return n, err
	case Record:
		return w.record(v, depth)
	}
	return w.scalar(v)
}

func (w *writer) scalar(v any) (note, error) {
	var plain any
	kind := ""
	switch v := v.(type) {
	case nil, bool, string:
		plain = v
	case Undefined:
		kind = `"undefined"`
	case time.Time:
		plain, kind = v.UTC().Format(isoDate), `"Date"`
	case *big.Int:
		plain, kind = v.String(), `"bigint"`
	case URL:
		plain, kind = string(v), `"URL"`
	case Regexp:
		plain, kind = string(v), `"regexp"`
	case json.Number:
		plain = v
		if specialNumber(string(v)) {
			plain, kind = string(v), `"number"`
		}
	default:
		return note{}, fmt.Errorf("a %T can't travel", v)
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return note{}, err
	}
	w.Write(text)
	return note{kind: kind}, nil
}

func (w *writer) list(v List, depth int) (note, error) {
	var n note
	w.WriteByte('[')
	for i, item := range v {
		if i > 0 {
			w.WriteByte(',')
		}
		child, err := w.write(item, depth+1)
		if err != nil {
			return n, err
		}
		n.under(strconv.Itoa(i), child)
	}
	w.WriteByte(']')
	return n, nil
}

func (w *writer) record(v Record, depth int) (note, error) {
	var n note
	w.WriteByte('{')
	for i, m := range v {
		if i > 0 {
			w.WriteByte(',')
		}
		name, err := json.Marshal(m.Name)
		if err != nil {
			return n, err
		}
		w.Write(name)
		w.WriteByte(':')
		child, err := w.write(m.Value, depth+1)
		if err != nil {
			return n, err
		}
		n.under(m.Name, child)
	}
	w.WriteByte('}')
	return n, nil
}
