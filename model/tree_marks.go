package model

import (
	"cmp"
	"encoding/json"
	"slices"

	"ioscope/client/bus"
)

// Mark is what is wrong with a value, compared with the signature that it is to fit.
type Mark uint8

// The marks.
const (
	NoMark Mark = iota
	// WrongMark: of another type, or missing.
	WrongMark
	// ExtraMark: not in the signature.
	ExtraMark
)

// checkedBytes is how much of a value is compared with its signature: reading all of
// a larger one would hold the screen up.
const checkedBytes = 2 << 20

// marks are what is wrong with the value of a tree.
type marks struct {
	text     string
	sig      bus.Signature
	problems []Misfit
	at       map[string]int // path of the signature's grammar → problem
	missing  map[string][]int
	skipped  bool
}

// Against compares the value with a signature, such as a method's returns: rows tell
// the type that it wants and what is wrong, and what is missing gets a row of
// its own. A signature that can't be read, or says nothing, marks nothing.
func (t *Tree) Against(signature string) {
	sig, err := bus.ParseSignature(signature)
	if err != nil || len(sig) == 0 {
		return
	}
	m := &marks{text: signature, sig: sig, at: map[string]int{}, missing: map[string][]int{}}
	if m.skipped = len(t.raw) > checkedBytes; !m.skipped {
		m.problems = unfit(sig, t.raw)
	}
	for i, p := range m.problems {
		if p.Kind == bus.Missing {
			parent, _ := splitPath(sig, p.Path)
			m.missing[parent] = append(m.missing[parent], i)
			continue
		}
		m.at[p.Path] = i
	}
	cursor := ""
	if t.marks != nil || t.cursor > 0 {
		cursor = t.path(t.rows[t.cursor])
	}
	t.marks = m
	t.rebuild(cursor)
}

// splitPath parts a path of the grammar into that of the parent and the name.
func splitPath(sig bus.Signature, path string) (parent, name string) {
	// The names of a signature may have dots: the longest parent that leads to an
	// entry with such a field is meant.
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] != '.' && path[i] != '[' {
			continue
		}
		p, ok := bus.ParamFor(sig, path[:i])
		if !ok {
			continue
		}
		for _, f := range p.Fields {
			if bus.JoinPath(path[:i], f.Name) == path {
				return path[:i], f.Name
			}
		}
	}
	for _, f := range sig {
		if bus.JoinPath("", f.Name) == path {
			return "", f.Name
		}
	}
	return "", path
}

// Marks counts what is wrong with the value, and reports whether there may be more.
func (t *Tree) Marks() (n int, more bool) {
	if t.marks == nil {
		return 0, false
	}
	return len(t.marks.problems), len(t.marks.problems) >= bus.MaxProblems
}

// Unchecked reports whether the value was too large to be compared.
func (t *Tree) Unchecked() bool { return t.marks != nil && t.marks.skipped }

// param is the entry of the signature that a node is to fit.
func (t *Tree) param(n *node) (bus.Param, bool) {
	switch {
	case n.parent == nil:
		return bus.Param{Kind: bus.Composite, Fields: t.marks.sig}, true
	case n.kind == MoreValue:
		return bus.Param{}, false
	}
	p, ok := t.param(n.parent)
	switch {
	case !ok:
		return p, false
	case p.Array:
		return p.Item(), n.parent.kind == ArrayValue
	case p.Kind == bus.Tuple:
		if i := int(n.index); n.parent.kind == ArrayValue && i < len(p.Fields) {
			return p.Fields[i], true
		}
		return p, false
	}
	return bus.Signature(p.Fields).Find(t.key(n))
}

// grammarPath is the path of a node as the grammar of signatures writes it.
func (t *Tree) grammarPath(n *node) string {
	if n.parent == nil {
		return ""
	}
	above := t.grammarPath(n.parent)
	if n.parent.kind != ArrayValue {
		return bus.JoinPath(above, t.key(n))
	}
	if p, ok := t.param(n.parent); ok && !p.Array && p.Kind == bus.Tuple && int(n.index) < len(p.Fields) {
		return bus.JoinPath(above, p.Fields[n.index].Name)
	}
	return bus.IndexPath(above, int(n.index))
}

// judge fills in what a row says of its type.
func (t *Tree) judge(n *node, row *TreeRow) {
	switch {
	case t.marks == nil || n.kind == MoreValue:
		return
	case n.kind == MissingValue:
		p := t.marks.problems[n.index]
		row.Mark, row.Says = WrongMark, p.Reason()
		return
	}
	if i, ok := t.marks.at[t.grammarPath(n)]; ok {
		p := t.marks.problems[i]
		row.Mark, row.Says = WrongMark, p.Reason()
		if p.Kind == bus.Extra {
			row.Mark = ExtraMark
		}
		return
	}
	if p, ok := t.param(n); ok && n.parent != nil {
		row.Says = p.TypeString()
	}
}

// addMissing adds the rows of what a container lacks.
func (t *Tree) addMissing(n *node) {
	if t.marks == nil || len(t.marks.missing) == 0 {
		return
	}
	for _, i := range t.marks.missing[t.grammarPath(n)] {
		n.children = append(n.children, node{parent: n, kind: MissingValue, index: uint32(i), start: n.end, end: n.end})
	}
}

// lacks reports whether a container has rows for what it lacks.
func (t *Tree) lacks(n *node) bool {
	return t.marks != nil && len(t.marks.missing) > 0 && len(t.marks.missing[t.grammarPath(n)]) > 0
}

// missingChild finds what a list lacks by its name; the fields of a tuple have one.
func (t *Tree) missingChild(n *node, key string) *node {
	for i := range n.children {
		if c := &n.children[i]; c.kind == MissingValue && t.key(c) == key {
			return c
		}
	}
	return nil
}

func (t *Tree) missingName(n *node) string {
	_, name := splitPath(t.marks.sig, t.marks.problems[n.index].Path)
	return name
}

// NextMark goes to the next row that is marked, or with -1 to the one before, around
// the end, and unfolds what hides it. It reports whether there is one.
func (t *Tree) NextMark(delta int) bool { return t.goNext(t.markPlaces(), delta) }

// markPlaces lists the marked rows, in the order in which they stand.
func (t *Tree) markPlaces() []place {
	if n, _ := t.Marks(); n == 0 {
		return nil
	}
	var places []place
	t.eachMarked(&t.root, func(n *node) {
		places = append(places, place{offset: n.start, order: len(places), path: t.path(n)})
	})
	slices.SortStableFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), a.order-b.order)
	})
	return places
}

// atEdge reports whether there is no mark behind the cursor, or with -1 before it.
func (t *Tree) atEdge(delta int) bool {
	places := t.markPlaces()
	here := t.rows[t.cursor]
	at := slices.IndexFunc(places, func(p place) bool { return p.path == t.path(here) })
	switch {
	case at >= 0 && delta > 0:
		return at == len(places)-1
	case at >= 0:
		return at == 0
	case delta > 0:
		return firstBehind(places, here.start) < 0
	}
	return lastBefore(places, here.start) < 0
}

// place is somewhere in a value that can be gone to.
type place struct {
	offset uint32
	order  int
	path   string
}

// goNext goes from the cursor to the next of some places, which are in order.
func (t *Tree) goNext(places []place, delta int) bool {
	if len(places) == 0 {
		return false
	}
	here := t.rows[t.cursor]
	at := slices.IndexFunc(places, func(p place) bool { return p.path == t.path(here) })
	switch {
	case at >= 0:
		at = (at + delta + len(places)) % len(places)
	case delta > 0:
		at = slices.IndexFunc(places, func(p place) bool { return p.offset > here.start })
		at = max(at, 0)
	default:
		for at = len(places) - 1; at > 0 && places[at].offset >= here.start; at-- {
		}
		if places[at].offset >= here.start {
			at = len(places) - 1
		}
	}
	row := t.Reveal(places[at].path)
	if row < 0 {
		return false
	}
	t.SetCursor(row)
	return true
}

// eachMarked visits the marked nodes, and splits only what leads to one.
func (t *Tree) eachMarked(n *node, visit func(*node)) {
	path := t.grammarPath(n)
	leads := false
	for _, p := range t.marks.problems {
		if path == "" || len(p.Path) > len(path) && p.Path[:len(path)] == path {
			leads = true
			break
		}
	}
	if n.kind == MissingValue {
		visit(n)
		return
	}
	if _, ok := t.marks.at[path]; ok {
		visit(n)
	}
	if !leads || n.kind > ArrayValue {
		return
	}
	t.parse(n)
	for i := range n.children {
		if n.children[i].kind != MoreValue {
			t.eachMarked(&n.children[i], visit)
		}
	}
}

// Objects counts the objects of a value.
func Objects(raw json.RawMessage) int {
	n := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			end := skipString(raw, i)
			if end == cut {
				return n
			}
			i = end - 1
		case '{':
			n++
		}
	}
	return n
}
