package model

import (
	"bytes"
	"encoding/json"

	"ioscope/client/bus"
)

// CompareRow is one place in the values of several servers.
type CompareRow struct {
	// Path says where, such as address.city or sizes[0].
	Path string
	// Cells are what each server has there, in order; nil where it has nothing.
	Cells []json.RawMessage
	// Differs is true when not all have the same, Odd in the cells that disagree with
	// what most have; where as many have another, with the first of them.
	Differs bool
	Odd     []bool
}

// Bounds of a comparison: what is deeper or beyond is compared as one cell.
const (
	compareDepth = 6
	compareRows  = 2000
)

// Compare lays values beside each other, one row for each place where any of them
// has a value that can't be taken apart, in the order in which they are met.
// A nil value is a server that did not return, an empty one a server that returned
// nothing.
func Compare(values []json.RawMessage) []CompareRow {
	c := &comparison{n: len(values), rows: map[string]int{}}
	for i, v := range values {
		if len(v) > 0 {
			c.walk("", v, i, 0)
		}
	}
	for i := range c.out {
		c.out[i].Odd, c.out[i].Differs = odd(c.out[i].Cells, values)
	}
	return c.out
}

type comparison struct {
	n    int
	out  []CompareRow
	rows map[string]int
}

func (c *comparison) walk(path string, v json.RawMessage, server, depth int) {
	if depth < compareDepth && len(c.out) < compareRows {
		if c.members(path, v, server, depth) || c.items(path, v, server, depth) {
			return
		}
	}
	i, ok := c.rows[path]
	if !ok {
		i = len(c.out)
		c.rows[path] = i
		c.out = append(c.out, CompareRow{Path: path, Cells: make([]json.RawMessage, c.n)})
	}
	c.out[i].Cells[server] = v
}

func (c *comparison) members(path string, v json.RawMessage, server, depth int) bool {
	members, err := bus.Members(v)
	if err != nil || len(members) == 0 {
		return false
	}
	for _, m := range members {
		c.walk(bus.JoinPath(path, m.Key), m.Value, server, depth+1)
	}
	return true
}

func (c *comparison) items(path string, v json.RawMessage, server, depth int) bool {
	items, err := bus.Items(v)
	if err != nil || len(items) == 0 {
		return false
	}
	for i, item := range items {
		c.walk(bus.IndexPath(path, i), item, server, depth+1)
	}
	return true
}

// odd compares the cells of the servers that returned a value, to the byte but for
// blanks: a number with other digits is another answer. Nothing there is an answer,
// too.
func odd(cells, values []json.RawMessage) (marks []bool, any bool) {
	texts := make([]string, len(cells))
	counts := map[string]int{}
	for i, cell := range cells {
		if values[i] != nil {
			texts[i] = string(compacted(cell))
			counts[texts[i]]++
		}
	}
	if len(counts) < 2 {
		return nil, false
	}
	usual, most := "", 0
	for i, text := range texts {
		if values[i] != nil && counts[text] > most {
			usual, most = text, counts[text]
		}
	}
	marks = make([]bool, len(cells))
	for i, text := range texts {
		marks[i] = values[i] != nil && text != usual
	}
	return marks, true
}

func compacted(raw json.RawMessage) []byte {
	if raw == nil {
		return nil
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}
