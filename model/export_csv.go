package model

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"ioscope/client/bus"
)

// Bounds of the CSV of a stream. What has no column of its own stands in the last one.
const (
	csvColumns = 300
	csvPlaces  = 5000
	csvDepth   = 16
)

// Columns of ours that are there only when they are needed: what is no object, and
// what has no column.
const csvPayload, csvMore = "payload", "more"

// csvOwn are the columns that each CSV of a stream begins with.
var csvOwn = []string{"n", "time", "publisher", "private", "snapshot", "sequence", "gap"}

// CSV writes a line for each event, with a column for each field that was chosen, or
// for every field that occurs; gaps have their words in a column of their own.
func (d *RowsDocument) CSV(w io.Writer, step func(int) error) error {
	if d.Columns == nil {
		return d.wholeCSV(w, step)
	}
	paths := make([]string, len(d.Columns))
	for i, f := range d.Columns {
		paths[i] = f.Path
	}
	return csvLines(w, append(slices.Clone(csvOwn), csvNames(paths)...), len(d.Rows), func(i int) []string {
		r := &d.Rows[i]
		line := d.csvStart(r)
		for _, f := range d.Columns {
			line = append(line, csvCell(f.Steps.In(r.Payload())))
		}
		return line
	}, func(i int) error { return told(step, i) })
}

// csvLines writes the names of the columns and n lines below them; told hears of each
// that is written, and may end it.
func csvLines(w io.Writer, heads []string, n int, line func(i int) []string, told func(i int) error) error {
	out := csv.NewWriter(w)
	if err := out.Write(heads); err != nil {
		return err
	}
	for i := range n {
		if err := out.Write(line(i)); err != nil {
			return err
		}
		if err := told(i); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// csvStart is what each line begins with.
func (d *RowsDocument) csvStart(r *TailRow) []string {
	return []string{
		strconv.FormatUint(r.N, 10), r.At.Format(exportTime), d.Server[r.Server],
		strconv.FormatBool(r.Private), strconv.FormatBool(r.Snapshot), string(r.Sequence), r.Gap,
	}
}

// wholeCSV writes all that the payloads have: it goes through them once to see which
// fields there are, and once to write them.
func (d *RowsDocument) wholeCSV(w io.Writer, step func(int) error) error {
	var tree csvTree
	tree.root.path = "$"
	half := func(done int) error {
		if step == nil || done%stepRows != 0 {
			return nil
		}
		return step(done / 2)
	}
	for i := range d.Rows {
		tree.learn(d.Rows[i].Payload())
		if err := half(i + 1); err != nil {
			return err
		}
	}
	return csvLines(w, append(slices.Clone(csvOwn), tree.choose()...), len(d.Rows), func(i int) []string {
		r := &d.Rows[i]
		return append(d.csvStart(r), tree.cells(r.Payload())...)
	}, func(i int) error { return half(len(d.Rows) + i + 1) })
}

// csvTree is all the places in the payloads that have values, and which of them got
// columns.
type csvTree struct {
	root   csvPlace
	places int
	// row numbers the payload that is looked at, for telling a key that is there twice.
	row     int
	columns int
	// more says that something has no column of its own.
	more bool
}

// csvPlace is one place in the payloads, with those below it in the order in which
// they came.
type csvPlace struct {
	path    string
	members map[string]*csvPlace
	order   []*csvPlace
	// seen counts the payloads with a value here, column is its column from 1 on.
	seen, column, row int
}

// learn looks for the fields of a payload.
func (t *csvTree) learn(raw []byte) {
	t.each(raw, func(p *csvPlace, _ string, _ []byte) {
		if p == nil || p.row == t.row {
			t.more = true
			return
		}
		p.seen, p.row = p.seen+1, t.row
	})
}

// each calls fn for all values of a payload: what is no object, or holds nothing, or
// is too deep. The place is nil where there are too many to tell them apart.
func (t *csvTree) each(raw []byte, fn func(p *csvPlace, path string, value []byte)) {
	t.row++
	if raw = bytes.TrimSpace(raw); len(raw) == 0 {
		return
	}
	if raw[0] != '{' || !json.Valid(raw) {
		fn(&t.root, t.root.path, raw)
		return
	}
	t.walk(&t.root, raw, 0, fn)
}

func (t *csvTree) walk(p *csvPlace, raw []byte, depth int, fn func(*csvPlace, string, []byte)) {
	empty := true
	if raw[0] == '{' && depth < csvDepth {
		eachMember(raw, 0, func(m member) bool {
			empty = false
			quoted, value := raw[m.key:m.keyEnd], raw[m.start:m.end]
			if below := t.below(p, quoted); below != nil {
				t.walk(below, value, depth+1, fn)
			} else {
				fn(nil, p.path+keySegment(unquote(quoted)), value)
			}
			return true
		})
	}
	if empty {
		fn(p, p.path, raw)
	}
}

// below is the place of a key; nil where there are too many.
func (t *csvTree) below(p *csvPlace, quoted []byte) *csvPlace {
	if one := p.members[string(quoted[1:len(quoted)-1])]; one != nil && bytes.IndexByte(quoted, '\\') < 0 {
		return one
	}
	key := unquote(quoted)
	one := p.members[key]
	if one == nil && t.places < csvPlaces {
		t.places++
		one = &csvPlace{path: p.path + keySegment(key)}
		if p.members == nil {
			p.members = map[string]*csvPlace{}
		}
		p.members[key] = one
		p.order = append(p.order, one)
	}
	return one
}

// choose gives the places columns, the commonest where there are too many, and returns
// their heads.
func (t *csvTree) choose() []string {
	var list []*csvPlace
	var gather func(p *csvPlace)
	gather = func(p *csvPlace) {
		if p.seen > 0 && p != &t.root {
			list = append(list, p)
		}
		for _, one := range p.order {
			gather(one)
		}
	}
	gather(&t.root)
	if len(list) > csvColumns {
		t.more = true
		rare := slices.Clone(list)
		slices.SortStableFunc(rare, func(a, b *csvPlace) int { return cmp.Compare(b.seen, a.seen) })
		for _, p := range rare[csvColumns:] {
			p.seen = 0
		}
		list = slices.DeleteFunc(list, func(p *csvPlace) bool { return p.seen == 0 })
	}
	paths := make([]string, len(list))
	for i, p := range list {
		paths[i], p.column = p.path, i+1
	}
	t.columns = len(list)
	heads := csvNames(paths)
	if t.root.seen > 0 {
		t.columns++
		t.root.column = t.columns
		heads = append(heads, csvPayload)
	}
	if t.more {
		heads = append(heads, csvMore)
	}
	return heads
}

// cells are the values of a payload in their columns.
func (t *csvTree) cells(raw []byte) []string {
	line := make([]string, t.columns, t.columns+1)
	var more bytes.Buffer
	t.each(raw, func(p *csvPlace, path string, value []byte) {
		if p != nil && p.column > 0 && p.row != t.row {
			line[p.column-1], p.row = csvCell(value), t.row
			return
		}
		if more.Len() > 0 {
			more.WriteByte(',')
		}
		more.Write(jsonString(PathName(path)))
		more.WriteByte(':')
		more.Write(csvDates(value))
	})
	if !t.more {
		return line
	}
	if more.Len() == 0 {
		return append(line, "")
	}
	return append(line, "{"+more.String()+"}")
}

// csvNames are the heads of columns: the keys of their paths. A field that is called
// like a column of ours has data. before it, once more as long as there is such a
// field, too.
func csvNames(paths []string) []string {
	own, taken := map[string]bool{csvPayload: true, csvMore: true}, map[string]bool{}
	for _, name := range csvOwn {
		own[name] = true
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		if names[i] = PathName(path); path == "$" {
			names[i] = csvPayload
		} else if !own[names[i]] {
			taken[names[i]] = true
		}
	}
	for i, path := range paths {
		if !own[names[i]] || path == "$" {
			continue
		}
		names[i] = "data." + names[i]
		for taken[names[i]] {
			names[i] = "data." + names[i]
		}
		taken[names[i]] = true
	}
	return names
}

// csvTime is how CSV has the dates of the wire: ISO 8601 in UTC, to the millisecond that
// they have.
const csvTime = "2006-01-02T15:04:05.000Z"

func csvDate(text string) (string, bool) {
	at, ok := bus.ParseDateText(text)
	if !ok || at.Year() < 0 || at.Year() > 9999 {
		return text, false
	}
	return at.Format(csvTime), true
}

// csvCell is a value in a cell: a text without its quotes, what is nested as JSON.
func csvCell(raw []byte) string {
	if container(raw) {
		return string(csvDates(raw))
	}
	text, _ := csvDate(ValueText(raw))
	return text
}

// csvDates writes the dates within a value as ISO 8601, and leaves all else as it came.
func csvDates(raw []byte) []byte {
	sign := []byte(`"#T42_DATE#`)
	var out []byte
	for rest := raw; ; {
		i := bytes.Index(rest, sign)
		end := -1
		if i >= 0 {
			end = bytes.IndexByte(rest[i+1:], '"')
		}
		if end < 0 {
			if out == nil {
				return raw
			}
			return append(out, rest...)
		}
		end += i + 1
		// A quote within a text has a backslash before it, and a key stays a key.
		date, ok := csvDate(string(rest[i+1 : end]))
		after := bytes.TrimLeft(rest[end+1:], " \t\r\n")
		if !ok || i > 0 && rest[i-1] == '\\' || len(after) > 0 && after[0] == ':' {
			out, rest = append(out, rest[:end]...), rest[end:]
			continue
		}
		out = append(append(append(out, rest[:i]...), '"'), date...)
		out, rest = append(out, '"'), rest[end+1:]
	}
}
