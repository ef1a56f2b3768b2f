package lint

import (
	"strings"

	"ioscope/client/bus"
)

// How says how an entry of one signature stands to that of another.
type How int

// The ways in which two entries may stand to each other.
const (
	// Same: no difference that a caller would notice.
	Same How = iota
	// OnlyFirst and OnlySecond: the other has no such entry.
	OnlyFirst
	OnlySecond
	// OtherName: the same type at the same place under another name.
	OtherName
	// OtherType: the same name with another type.
	OtherType
	// OtherNeed: needed in one, optional in the other.
	OtherNeed
	// OtherPlace: the same entry, in another order.
	OtherPlace
	// OtherWords: described otherwise.
	OtherWords
	// Unreadable: one of the signatures can't be read, so their texts stand here.
	Unreadable
	// OtherBlanks: both mean the same and are written otherwise.
	OtherBlanks
)

// String says it in words.
func (h How) String() string {
	return [...]string{
		"same", "only in the first", "only in the second", "other name", "other type",
		"needed in one, optional in the other", "other place", "described otherwise", "can't be read", "written otherwise",
	}[h]
}

// Row is one entry of two signatures, side by side.
type Row struct {
	// Side is "accepts" or "returns".
	Side string
	// Path leads to the entry, as bus.ParamFor reads it; that of the first where
	// names differ. Empty for a signature as a whole.
	Path string
	// Depth is 0 for the entries of the signature itself.
	Depth int
	// First and Second are the entry as both declare it; empty where it is not.
	First, Second string
	How           How
}

// Compare lays the signatures of two methods of one name side by side. The rows
// come in the order of the first, what only the second has behind.
func Compare(first, second bus.MethodDefinition) []Row {
	return append(side("accepts", first.Accepts, second.Accepts), side("returns", first.Returns, second.Returns)...)
}

// Differences are the rows that are not the same.
func Differences(rows []Row) []Row {
	var out []Row
	for _, r := range rows {
		if r.How != Same {
			out = append(out, r)
		}
	}
	return out
}

func side(name, first, second string) []Row {
	a, errA := bus.ParseSignature(first)
	b, errB := bus.ParseSignature(second)
	switch {
	case errA != nil || errB != nil:
		how := Unreadable
		if strings.EqualFold(first, second) {
			how = Same
		}
		return []Row{{Side: name, First: first, Second: second, How: how}}
	case first == "" && second == "":
		return nil
	case first == "" || second == "":
		// Not declared is not the same as nothing.
		how := OnlyFirst
		if first == "" {
			how = OnlySecond
		}
		return []Row{{Side: name, First: first, Second: second, How: how}}
	}
	p := &pairing{side: name}
	p.fields("", 0, a, b)
	if !strings.EqualFold(first, second) && len(Differences(p.rows)) == 0 {
		p.rows = append(p.rows, Row{Side: name, First: first, Second: second, How: OtherBlanks})
	}
	return p.rows
}

// pairing writes the rows of one side.
type pairing struct {
	side string
	rows []Row
}

// fields pairs entries by name, then those that are left by place and type.
func (p *pairing) fields(path string, depth int, a, b []bus.Param) {
	partner := make([]int, len(a))
	taken := make([]bool, len(b))
	for i := range a {
		partner[i] = -1
		for j := range b {
			if !taken[j] && strings.EqualFold(a[i].Name, b[j].Name) {
				partner[i], taken[j] = j, true
				break
			}
		}
	}
	for i := range a {
		if partner[i] < 0 && i < len(b) && !taken[i] && sameType(a[i], b[i]) {
			partner[i], taken[i] = i, true
		}
	}
	before := -1
	for i := range a {
		if partner[i] < 0 {
			p.one(path, depth, a[i], OnlyFirst)
			continue
		}
		other := b[partner[i]]
		how := relation(a[i], other)
		if how == Same && partner[i] < before {
			how = OtherPlace
		}
		before = max(before, partner[i])
		here := bus.JoinPath(path, a[i].Name)
		p.rows = append(p.rows, Row{p.side, here, depth, head(a[i]), head(other), how})
		p.fields(here, depth+1, a[i].Fields, other.Fields)
	}
	for j := range b {
		if !taken[j] {
			p.one(path, depth, b[j], OnlySecond)
		}
	}
}

// one writes an entry that only one of them has, with all that is in it.
func (p *pairing) one(path string, depth int, param bus.Param, how How) {
	here := bus.JoinPath(path, param.Name)
	row := Row{Side: p.side, Path: here, Depth: depth, How: how}
	if how == OnlyFirst {
		row.First = head(param)
	} else {
		row.Second = head(param)
	}
	p.rows = append(p.rows, row)
	for _, f := range param.Fields {
		p.one(here, depth+1, f, how)
	}
}

// head is an entry without what is in it.
func head(p bus.Param) string {
	p.Fields = nil
	return p.String()
}

func sameType(a, b bus.Param) bool { return a.Kind == b.Kind && a.Array == b.Array }

func relation(a, b bus.Param) How {
	switch {
	case !sameType(a, b):
		return OtherType
	case a.Name != b.Name:
		return OtherName
	case a.Optional != b.Optional:
		return OtherNeed
	case a.Description != b.Description:
		return OtherWords
	}
	return Same
}
