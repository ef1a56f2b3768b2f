package model

import (
	"cmp"
	"slices"
	"strconv"
)

const groupPrefix = "group\x00"

// heading is the row of a group. Quoting keeps the names of groups apart, whatever
// is in them.
func heading(in RowID, name string) RowID {
	if in == "" {
		in = groupPrefix
	}
	return in + RowID(strconv.Quote(name))
}

// put gives the list its rows, in their order. Groups are ordered by their names, or
// as their first rows are.
func (l *List) put(items []item, hidden int, byName bool) {
	l.items, l.byName = items, byName
	l.lay(hidden)
}

// lay puts the rows into their groups.
func (l *List) lay(hidden int) {
	l.heads, l.things = nil, nil
	if len(l.Groups) == 0 {
		l.set(ids(l.items, func(i item) RowID { return i.id }), hidden)
		return
	}
	l.heads, l.things = map[RowID]*Group{}, map[RowID]RowID{}
	rows := make([]RowID, 0, len(l.items)+16)
	l.set(l.layInto(rows, l.items, 0, ""), hidden)
}

// bucket is a group that is being filled.
type bucket struct {
	name  string
	items []item
}

func (l *List) layInto(rows []RowID, items []item, depth int, in RowID) []RowID {
	if depth == len(l.Groups) {
		for _, it := range items {
			// A thing may be in several groups: each of its rows is one of its own.
			row := it.id + "\x00" + in
			l.things[row] = it.id
			rows = append(rows, row)
		}
		return rows
	}
	for _, b := range l.buckets(items, l.Groups[depth]) {
		g := &Group{ID: heading(in, b.name), By: l.Groups[depth], Name: b.name, Depth: depth, Members: ids(b.items, func(i item) RowID { return i.id })}
		g.Folded = l.shut().folded(g.ID)
		l.heads[g.ID] = g
		rows = append(rows, g.ID)
		if !g.Folded {
			rows = l.layInto(rows, b.items, depth+1, g.ID)
		}
	}
	return rows
}

// buckets puts items together by a key, in order: what has nothing of the kind last.
func (l *List) buckets(items []item, by GroupBy) []*bucket {
	found := map[string]*bucket{}
	var order []*bucket
	for _, it := range items {
		names := it.of.groupNames(by)
		for i, name := range names {
			if slices.Contains(names[:i], name) {
				continue
			}
			b := found[name]
			if b == nil {
				b = &bucket{name: name}
				found[name] = b
				order = append(order, b)
			}
			b.items = append(b.items, it)
		}
	}
	slices.SortStableFunc(order, func(a, b *bucket) int {
		if a.name == "" || b.name == "" {
			return cmp.Compare(b.name, a.name)
		}
		if l.byName {
			return flip(l.Reverse, compareFold(a.name, b.name))
		}
		return 0
	})
	return order
}
