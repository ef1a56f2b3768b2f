package model

import "strings"

// fold is what a rule says: nothing, unfolded, or folded.
type fold uint8

const (
	unsaid fold = iota
	unfolded
	folded
)

// rule is what a person did at a path: to the thing itself, and to all below it.
type rule struct{ self, below fold }

// Toggle folds what is unfolded and the other way round.
func (t *Tree) Toggle(i int) {
	if i < 0 || i >= len(t.rows) {
		return
	}
	if t.rows[i].open {
		t.Fold(i)
	} else {
		t.Unfold(i)
	}
}

// Fold hides the members of row i. A cursor among them moves to row i.
func (t *Tree) Fold(i int) {
	if i < 0 || i >= len(t.rows) || !t.rows[i].open || !t.foldable(t.rows[i]) {
		return
	}
	n := t.rows[i]
	n.open = false
	t.say(n, func(r *rule) { r.self = folded })
	end := i + 1
	for end < len(t.rows) && within(t.rows[end], n) {
		end++
	}
	t.rows = append(t.rows[:i+1], t.rows[end:]...)
	switch {
	case t.cursor >= end:
		t.cursor -= end - i - 1
	case t.cursor > i:
		t.cursor = i
	}
}

// Unfold shows the members of row i; those among them that were unfolded before
// still are.
func (t *Tree) Unfold(i int) {
	if i < 0 || i >= len(t.rows) || t.rows[i].open || !t.foldable(t.rows[i]) {
		return
	}
	n := t.rows[i]
	n.open = true
	t.say(n, func(r *rule) { r.self = unfolded })
	t.budget = treeOpens
	tail := append([]*node(nil), t.rows[i+1:]...)
	t.rows = t.rows[:i+1]
	t.showMembers(n)
	if t.cursor > i {
		t.cursor += len(t.rows) - i - 1
	}
	t.rows = append(t.rows, tail...)
	t.tellStopped()
}

// FoldDeep folds row i and all that is in it, so that unfolding it shows one
// level.
func (t *Tree) FoldDeep(i int) { t.deep(i, folded) }

// UnfoldDeep unfolds row i and all that is in it. It reports false when there is
// so much that some of it stays folded.
func (t *Tree) UnfoldDeep(i int) bool { return t.deep(i, unfolded) }

func (t *Tree) deep(i int, to fold) bool {
	if i < 0 || i >= len(t.rows) || !t.foldable(t.rows[i]) {
		return true
	}
	n, cursor := t.rows[i], t.rows[t.cursor]
	at, was := t.path(n), t.path(cursor)
	inside := within(cursor, n)
	t.Fold(i)
	t.forget(at)
	n.below, n.children, n.parsed, n.settled = to, nil, false, false
	clear(t.summaries)
	t.short = false
	if to == unfolded {
		t.Unfold(i)
	}
	t.rules[at] = rule{self: to, below: to}
	if inside {
		t.place(was)
	}
	return !t.short
}

// OpenAll unfolds everything. It reports false when there is so much that some
// of it stays folded.
func (t *Tree) OpenAll() bool { return t.all(unfolded) }

// CloseAll folds everything, so that the first level alone shows.
func (t *Tree) CloseAll() { t.all(folded) }

func (t *Tree) all(to fold) bool {
	clear(t.rules)
	t.rules["$"] = rule{below: to}
	t.rebuild(t.path(t.rows[t.cursor]))
	return !t.short
}

// OpenTo unfolds depth levels below the first and folds all others; what was
// folded and unfolded by hand is forgotten.
func (t *Tree) OpenTo(depth int) {
	clear(t.rules)
	t.open = depth
	t.rebuild(t.path(t.rows[t.cursor]))
}

// say changes the rule of a node.
func (t *Tree) say(n *node, change func(*rule)) {
	at := t.path(n)
	r := t.rules[at]
	change(&r)
	t.rules[at] = r
}

// forget drops the rules of a path and of all below it.
func (t *Tree) forget(path string) {
	for at := range t.rules {
		if rest, ok := strings.CutPrefix(at, path); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			delete(t.rules, at)
		}
	}
}

// rebuild makes the rows anew from what is to be open, and puts the cursor at a
// path, or at the nearest that is visible.
func (t *Tree) rebuild(cursor string) {
	t.budget, t.short, t.stopped = treeOpens, false, false
	t.rows = t.rows[:0]
	t.summaries = map[*node]string{}
	t.root.children, t.root.parsed, t.root.settled = nil, false, false
	t.root.below = t.rules["$"].below
	if t.foldable(&t.root) {
		t.root.open = true
		t.showMembers(&t.root)
	} else {
		t.root.open = false
		t.rows = append(t.rows, &t.root)
	}
	t.tellStopped()
	t.place(cursor)
}

// tellStopped puts a row at the end that says that something is folded still, where so
// much was to be unfolded.
func (t *Tree) tellStopped() {
	if !t.stopped || t.rows[len(t.rows)-1] == &t.last {
		return
	}
	t.last = node{parent: &t.root, kind: MoreValue}
	t.rows = append(t.rows, &t.last)
}

// place puts the cursor at a path, or at the nearest that is visible.
func (t *Tree) place(path string) {
	at, _ := t.walk(path, false)
	for t.cursor = t.indexOf(at); t.cursor < 0 && at.parent != nil; t.cursor = t.indexOf(at) {
		at = at.parent
	}
	t.SetCursor(t.cursor)
}

// showMembers adds the rows of all that is visible below n.
func (t *Tree) showMembers(n *node) {
	t.parse(n)
	for i := range n.children {
		c := &n.children[i]
		t.rows = append(t.rows, c)
		if c.open {
			t.showMembers(c)
		}
	}
}

// parse makes the members of a container and decides which of them are open, once.
func (t *Tree) parse(n *node) {
	t.split(n)
	if !n.settled && n.kind <= ArrayValue {
		n.settled = true
		t.settle(n)
	}
}

// split makes the members of a container, once.
func (t *Tree) split(n *node) {
	if n.parsed || n.kind > ArrayValue {
		return
	}
	n.parsed = true
	var left uint32
	eachMember(t.raw, int(n.start), func(m member) bool {
		if len(n.children) == treeMembers {
			left++
			return true
		}
		n.children = append(n.children, node{
			parent: n, index: uint32(len(n.children)), below: n.below,
			start: uint32(m.start), end: uint32(m.end), key: uint32(m.key),
			kind: kindAt(t.raw[m.start]),
		})
		return true
	})
	if left > 0 {
		n.children = append(n.children, node{parent: n, kind: MoreValue, index: left})
	}
	t.addMissing(n)
}

// settle decides which members of n are open: what was done to one of them
// itself counts first, then what was done to all below something, then the depth.
func (t *Tree) settle(n *node) {
	at, depth := "", t.depth(n)
	if n.parent != nil {
		depth++
	}
	if len(t.rules) > 0 {
		at = t.path(n)
	}
	for i := range n.children {
		c := &n.children[i]
		if !t.foldable(c) {
			continue
		}
		var r rule
		if len(t.rules) > 0 {
			r = t.rules[at+t.segment(c)]
		}
		if r.below != unsaid {
			c.below = r.below
		}
		switch {
		case r.self != unsaid:
			c.open = r.self == unfolded
		case c.below == unfolded, c.below == unsaid && depth < t.open:
			c.open = t.spend(c)
		}
	}
}

// spend takes the members of c out of the budget for what opens by itself.
func (t *Tree) spend(c *node) bool {
	t.split(c)
	if t.budget < len(c.children) {
		t.short, t.stopped = true, true
		return false
	}
	t.budget -= len(c.children)
	return true
}

// foldable reports whether n is a container that is not empty.
func (t *Tree) foldable(n *node) bool {
	if n.kind > ArrayValue {
		return false
	}
	first := t.raw[skipSpace(t.raw, int(n.start)+1)]
	return first != '}' && first != ']' || t.lacks(n)
}

// within reports whether n is somewhere inside top.
func within(n, top *node) bool {
	for n = n.parent; n != nil; n = n.parent {
		if n == top {
			return true
		}
	}
	return false
}
