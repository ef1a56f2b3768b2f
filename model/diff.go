package model

import (
	"bytes"
	"encoding/json"
	"strconv"

	"ioscope/client/bus"
)

// DiffSign is what became of a value.
type DiffSign uint8

// What may become of a value.
const (
	Same DiffSign = iota
	Changed
	Added
	Removed
)

// DiffRow is one line of a difference.
type DiffRow struct {
	Sign  DiffSign
	Depth int
	Key   string
	// IsIndex is true for an element of an array.
	IsIndex bool
	Path    string
	// Raw is the value now, and of what is gone the value that it was; Was is
	// what a changed one was before. Open is true for a container whose members
	// follow.
	Raw, Was json.RawMessage
	Open     bool
	// Delta is how much a number changed, with all its digits, or a date.
	Delta string
}

// Diff is the difference of two values, as rows. It compares what stands there:
// every digit counts, the order of keys does not.
type Diff struct {
	Rows []DiffRow
	// Changes counts the rows that differ, More those that were too many.
	Changes, More int
	cursor        int
}

// diffRows is how many rows a difference may have.
const diffRows = 5000

// NewDiff compares a value with the one before.
func NewDiff(now, before json.RawMessage) *Diff {
	d := &Diff{}
	if !json.Valid(now) || !json.Valid(before) {
		d.scalar(DiffRow{Path: "$"}, bytes.TrimSpace(now), bytes.TrimSpace(before))
		return d
	}
	a, b := bytes.TrimSpace(now), bytes.TrimSpace(before)
	if container(a) && container(b) && a[0] == b[0] {
		d.members(a, b, "$", 0)
	} else {
		d.scalar(DiffRow{Path: "$"}, a, b)
	}
	return d
}

func container(raw []byte) bool { return len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') }

// members compares two objects or two arrays.
func (d *Diff) members(a, b []byte, path string, depth int) {
	object := a[0] == '{'
	before := map[string][]byte{}
	var order []string
	name := func(raw []byte, m member, i int) string {
		if object {
			return unquote(raw[m.key:m.keyEnd])
		}
		return strconv.Itoa(i)
	}
	i := 0
	eachMember(b, 0, func(m member) bool {
		key := name(b, m, i)
		if i++; before[key] == nil {
			order = append(order, key)
		}
		before[key] = b[m.start:m.end]
		return true
	})
	row := func(key string) DiffRow {
		r := DiffRow{Depth: depth, Key: key, IsIndex: !object, Path: path + keySegment(key)}
		if !object {
			r.Path = path + "[" + key + "]"
		}
		return r
	}
	i = 0
	eachMember(a, 0, func(m member) bool {
		key := name(a, m, i)
		i++
		now, was := a[m.start:m.end], before[key]
		delete(before, key)
		r := row(key)
		switch {
		case was == nil:
			r.Sign, r.Raw = Added, now
			d.add(r)
		case container(now) && container(was) && now[0] == was[0] && !bytes.Equal(now, was):
			r.Raw, r.Open = now, true
			d.add(r)
			d.members(now, was, r.Path, depth+1)
		default:
			d.scalar(r, now, was)
		}
		return true
	})
	for _, key := range order {
		if was, ok := before[key]; ok {
			r := row(key)
			r.Sign, r.Raw = Removed, was
			d.add(r)
		}
	}
}

// scalar adds the row of a value that was there before.
func (d *Diff) scalar(r DiffRow, now, was []byte) {
	r.Raw = now
	if !bytes.Equal(now, was) {
		r.Sign, r.Was = Changed, was
		var ok bool
		if r.Delta, ok = Difference(now, was); !ok {
			r.Delta = dateDifference(now, was)
		}
	}
	d.add(r)
}

// dateDifference is how much later a date is than the one before: +1.0 s. It is empty
// where they are no dates.
func dateDifference(now, was []byte) string {
	a, ok := bus.ParseDateText(ValueText(now))
	b, ok2 := bus.ParseDateText(ValueText(was))
	switch {
	case !ok || !ok2 || a.Equal(b):
		return ""
	case a.Before(b):
		return "-" + Duration(b.Sub(a))
	}
	return "+" + Duration(a.Sub(b))
}

func (d *Diff) add(r DiffRow) {
	if r.Sign != Same {
		d.Changes++
	}
	if len(d.Rows) >= diffRows {
		d.More++
		return
	}
	d.Rows = append(d.Rows, r)
}

// Cursor is the row that the cursor is on.
func (d *Diff) Cursor() int { return d.cursor }

// Move moves the cursor by rows.
func (d *Diff) Move(delta int) { d.SetCursor(d.cursor + delta) }

// SetCursor puts the cursor on a row, the nearest that there is.
func (d *Diff) SetCursor(i int) { d.cursor = max(min(i, len(d.Rows)-1), 0) }

// Row is the row under the cursor; the zero row when there is none.
func (d *Diff) Row() DiffRow {
	if d.cursor >= len(d.Rows) {
		return DiffRow{}
	}
	return d.Rows[d.cursor]
}

// How far back the event before is looked for.
const (
	beforeRows  = 50_000
	beforeBytes = 16 << 20
)

// Before finds the event before a row: of the same key where the stream has one
// and the row has it, else the one of the same publisher.
func (t *Thing) Before(row *TailRow) (before TailRow, sameKey, ok bool) {
	key, _ := ReadPath(t.View.Key)
	var value []byte
	if len(key) > 0 {
		value = key.In(row.Data)
	}
	rows, size := beforeRows, beforeBytes
	for n := row.N - 1; n >= t.Tail.first && rows > 0 && size > 0; n-- {
		r, there := t.Tail.Get(n)
		if !there {
			break
		}
		rows--
		size -= len(r.Data)
		if r.GapKind != NoGap || value == nil && r.Server != row.Server || value != nil && !bytes.Equal(key.In(r.Data), value) {
			continue
		}
		return r, value != nil, true
	}
	return TailRow{}, value != nil, false
}

// Diffing reports whether an event is shown as its difference to the one before.
func (t *Thing) Diffing() bool { return t.diffing && t.Diff != nil }

// ToggleDiff shows the opened event as its difference to the one before, or as it is.
func (t *Thing) ToggleDiff() {
	t.diffing = !t.diffing || t.toMarked
	t.toMarked = false
	t.compare()
}

// compare works the difference of the opened event out.
func (t *Thing) compare() {
	t.Diff, t.DiffTo = nil, TailRow{}
	if !t.diffing || t.Event == nil {
		return
	}
	before, same, ok := TailRow{}, false, false
	if t.toMarked {
		before, ok = t.MarkedRow()
	} else {
		before, same, ok = t.Before(&t.EventRow)
	}
	if ok {
		t.Diff, t.DiffTo, t.DiffSame = NewDiff(t.EventRow.Data, before.Data), before, same
		for i, r := range t.Diff.Rows {
			if r.Sign != Same {
				t.Diff.SetCursor(i)
				break
			}
		}
	}
}

// Wanting reports whether a difference was asked for and there is nothing to
// compare with.
func (t *Thing) Wanting() bool { return t.diffing && t.Diff == nil }
