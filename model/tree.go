package model

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Bounds of a tree: what is beyond them is told, not drawn.
const (
	// treeMembers is how many members of one container get rows.
	treeMembers = 100_000
	// treeOpens is how many rows are unfolded without being asked for one by one.
	treeOpens = 100_000
	// summaryBytes is where the text of a scalar is cut in a row's Summary.
	summaryBytes = 2000
)

// Tree is a JSON value as rows that fold. It keeps every byte of the value: the
// digits of numbers, the order of keys, a key that comes twice. A level is
// parsed when it is unfolded, so that a large value costs what is seen of it.
//
// The members of the value are the rows of depth 0; a scalar and an empty
// container are one row of their own, and so is a text that is no JSON. The
// cursor stays on its thing when something above it folds. What a person folded
// is remembered by path, also over [Tree.Reload].
type Tree struct {
	raw   json.RawMessage
	root  node
	rows  []*node
	open  int // levels that are open unless a rule says otherwise
	rules map[string]rule
	// budget is what is left of treeOpens, and short is true when it was not enough.
	budget int
	short  bool
	// stopped is true where something stays folded for that reason; the last row says so.
	stopped bool
	last    node

	marks     *marks
	cursor    int
	astray    astray
	summaries map[*node]string
}

// astray is where the cursor is instead of where it belongs, by path; empty while it
// is there.
type astray struct{ from, landed string }

// node is one value. It holds offsets alone, so that a hundred thousand of them
// are cheap.
type node struct {
	parent     *node
	children   []node
	start, end uint32
	key        uint32 // offset of the key's opening quote, in an object
	index      uint32 // place in the parent; in MoreValue how many are left out
	kind       ValueKind
	open       bool
	parsed     bool // children are there
	settled    bool // and it is decided which of them are open
	below      fold // what a rule above says of all that is below
}

// TreeRow is one visible row of a tree.
type TreeRow struct {
	// Path says where the value is, such as $.clients[0].address.city or
	// $["odd key"]. Members with the same key have the same path.
	Path string
	// Depth is 0 for the members of the value.
	Depth int
	// Key is the decoded key, or the index as text; empty for the whole value.
	Key string
	// IsIndex is true when the row is an element of an array.
	IsIndex bool
	Kind    ValueKind
	// Raw is the value, byte by byte as it came; empty for MoreValue.
	Raw json.RawMessage
	// Summary is what to show as the value: of a scalar its JSON text, cut with
	// an … when it is very long; of an array "[2]", folded also what its first
	// object looks like; of a folded object "{ id, name, address, … 4 more }",
	// of an unfolded one nothing.
	Summary string
	// Foldable is true for a container that is not empty, Folded when its
	// members are hidden.
	Foldable, Folded bool
	// Mark is what is wrong with the value, Says the words for it, or the type that the
	// signature has for it; see [Tree.Against].
	Mark Mark
	Says string
}

// NewTree makes a tree of the value with openDepth levels unfolded below the
// first, which always shows. The value must not be changed afterwards.
func NewTree(raw json.RawMessage, openDepth int) *Tree {
	t := &Tree{open: openDepth, rules: map[string]rule{}}
	t.load(raw)
	t.rebuild("")
	return t
}

// Reload puts another value in the place of the one shown. What was folded and
// unfolded stays so by path, and the cursor stays at its path, or at the
// nearest that is left of it.
//
// Where that was not there it goes back as soon as it is, unless the cursor was moved
// meanwhile: one event of another shape does not lose the field that is watched.
func (t *Tree) Reload(raw json.RawMessage) {
	at := t.path(t.rows[t.cursor])
	if t.astray.landed == at && t.astray.from != "" {
		at = t.astray.from
	}
	t.load(raw)
	t.rebuild(at)
	t.astray = astray{}
	if landed := t.path(t.rows[t.cursor]); landed != at {
		t.astray = astray{at, landed}
	}
	if t.marks != nil {
		t.Against(t.marks.text)
	}
}

func (t *Tree) load(raw json.RawMessage) {
	t.raw = raw
	t.root = node{kind: TextValue, end: uint32(min(len(raw), math.MaxUint32))}
	if len(raw) > math.MaxUint32 || !json.Valid(raw) {
		return
	}
	start := skipSpace(raw, 0)
	t.root.start, t.root.end = uint32(start), uint32(skipValue(raw, start))
	t.root.kind = kindAt(raw[start])
}

// Raw returns the whole value as it came.
func (t *Tree) Raw() json.RawMessage { return t.raw }

// Len returns how many rows are visible; at least 1.
func (t *Tree) Len() int { return len(t.rows) }

// Row returns a visible row; the zero row when there is none at i.
func (t *Tree) Row(i int) TreeRow {
	if i < 0 || i >= len(t.rows) {
		return TreeRow{}
	}
	n := t.rows[i]
	row := TreeRow{
		Path:     t.path(n),
		Depth:    t.depth(n),
		Key:      t.key(n),
		IsIndex:  n.parent != nil && n.parent.kind == ArrayValue && n.kind < MoreValue,
		Kind:     n.kind,
		Summary:  t.summary(n),
		Foldable: t.foldable(n),
	}
	row.Folded = row.Foldable && !n.open
	t.judge(n, &row)
	if n.kind < MoreValue {
		row.Raw = t.raw[n.start:n.end:n.end]
	}
	return row
}

// Rows returns at most n visible rows from row from on.
func (t *Tree) Rows(from, n int) []TreeRow {
	from = min(max(from, 0), len(t.rows))
	n = min(max(n, 0), len(t.rows)-from)
	rows := make([]TreeRow, n)
	for i := range rows {
		rows[i] = t.Row(from + i)
	}
	return rows
}

// Cursor returns the row that the cursor is on.
func (t *Tree) Cursor() int { return t.cursor }

// SetCursor puts the cursor on a row, the nearest that there is.
func (t *Tree) SetCursor(i int) { t.cursor = min(max(i, 0), len(t.rows)-1) }

// Move moves the cursor by rows, and keeps it inside.
func (t *Tree) Move(delta int) { t.SetCursor(t.cursor + delta) }

// Parent returns the row of the container that row i is a member of, or -1.
func (t *Tree) Parent(i int) int {
	if i < 0 || i >= len(t.rows) {
		return -1
	}
	return t.indexOf(t.rows[i].parent)
}

// Find returns the row of a path, or -1 where there is none or it is folded away.
func (t *Tree) Find(path string) int {
	n, whole := t.walk(path, false)
	if !whole {
		return -1
	}
	return t.indexOf(n)
}

// Reveal unfolds what hides a path and returns its row, or -1 where the value
// has no such path. The cursor does not move.
func (t *Tree) Reveal(path string) int {
	if i := t.Find(path); i >= 0 {
		return i
	}
	n, whole := t.walk(path, true)
	if !whole {
		return -1
	}
	for hidden := n; t.indexOf(n) < 0; hidden = n {
		for t.indexOf(hidden) < 0 {
			hidden = hidden.parent
		}
		t.Unfold(t.indexOf(hidden))
	}
	return t.indexOf(n)
}

func (t *Tree) indexOf(n *node) int {
	for i, row := range t.rows {
		if row == n {
			return i
		}
	}
	return -1
}

// walk follows a path as far as it goes, through folded levels too, which are
// parsed only if it may. It reports whether it came to the path's end.
func (t *Tree) walk(path string, parse bool) (at *node, whole bool) {
	at = &t.root
	rest, ok := strings.CutPrefix(path, "$")
	if !ok {
		return at, false
	}
	for rest != "" {
		var key string
		var index bool
		if key, index, rest, ok = cutSegment(rest); !ok {
			return at, false
		}
		if parse {
			t.parse(at)
		}
		next := t.child(at, key, index)
		if next == nil {
			return at, false
		}
		at = next
	}
	return at, true
}

func (t *Tree) child(n *node, key string, index bool) *node {
	if !index && n.kind == ArrayValue {
		return t.missingChild(n, key)
	}
	if index != (n.kind == ArrayValue) {
		return nil
	}
	if index {
		if i, err := strconv.Atoi(key); err == nil && i < len(n.children) && n.children[i].kind < MoreValue {
			return &n.children[i]
		}
		return nil
	}
	for i := range n.children {
		if c := &n.children[i]; c.kind != MoreValue && t.key(c) == key {
			return c
		}
	}
	return nil
}

// key returns what the row is called inside its parent.
func (t *Tree) key(n *node) string {
	switch {
	case n.kind == MissingValue:
		return t.missingName(n)
	case n.parent == nil || n.kind == MoreValue:
		return ""
	case n.parent.kind == ArrayValue:
		return strconv.Itoa(int(n.index))
	}
	return unquote(t.raw[n.key:skipString(t.raw, int(n.key))])
}

func (t *Tree) depth(n *node) int {
	depth := 0
	for p := n.parent; p != nil && p.parent != nil; p = p.parent {
		depth++
	}
	return depth
}

// path joins the segments from the root to n.
func (t *Tree) path(n *node) string {
	var segments []string
	for ; n.parent != nil; n = n.parent {
		segments = append(segments, t.segment(n))
	}
	var b strings.Builder
	b.WriteByte('$')
	for i := len(segments) - 1; i >= 0; i-- {
		b.WriteString(segments[i])
	}
	return b.String()
}

func (t *Tree) segment(n *node) string {
	switch {
	case n.kind == MoreValue:
		return "[…]"
	case n.kind == MissingValue:
		return keySegment(t.key(n))
	case n.parent.kind == ArrayValue:
		return "[" + strconv.Itoa(int(n.index)) + "]"
	}
	return keySegment(t.key(n))
}

// keySegment writes a key as a step of a path.
func keySegment(key string) string {
	if isIdentifier(key) {
		return "." + key
	}
	// Unlike Marshal this leaves < > & readable; it can't fail for a string.
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(key)
	return "[" + strings.TrimSuffix(b.String(), "\n") + "]"
}

func isIdentifier(key string) bool {
	for i, r := range key {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return key != ""
}

// cutSegment takes the first step off a path.
func cutSegment(path string) (key string, index bool, rest string, ok bool) {
	if path[0] == '.' {
		end := 1
		for end < len(path) && path[end] != '.' && path[end] != '[' {
			end++
		}
		return path[1:end], false, path[end:], end > 1
	}
	if quoted, found := strings.CutPrefix(path, `[`); found && strings.HasPrefix(quoted, `"`) {
		end := skipString([]byte(quoted), 0)
		if end == cut || !strings.HasPrefix(quoted[end:], "]") {
			return "", false, "", false
		}
		return unquote([]byte(quoted[:end])), false, quoted[end+1:], true
	}
	digits, rest, found := strings.Cut(strings.TrimPrefix(path, "["), "]")
	if !found || path[0] != '[' || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "", false, "", false
	}
	return digits, true, rest, true
}
