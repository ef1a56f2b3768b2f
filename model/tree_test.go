package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const clients = `{
  "clients": [
    {"id": 9007199254740993, "name": "Northwind \"T\"", "address": {"street": "12", "city": "Rotterdam"},
     "creditLimit": 25000.50, "active": true, "rating": null, "contacts": [{"kind": "email", "value": "x"}, {"kind": "phone", "value": ""}]},
    {"id": 2, "name": "b", "address": {}, "tags": []}
  ],
  "total": 2, "odd key": {"a.b": 1e400}, "total": 3
}`

// draw writes a tree as lines: indent, fold sign, key, summary.
func draw(t *Tree) string {
	var b strings.Builder
	for i, r := range t.Rows(0, t.Len()) {
		sign := " "
		if r.Folded {
			sign = "+"
		} else if r.Foldable {
			sign = "-"
		}
		at := " "
		if i == t.Cursor() {
			at = ">"
		}
		b.WriteString(strings.TrimRight(fmt.Sprintf("%s%s%s %s %s", at, strings.Repeat(" ", 2*r.Depth), sign, r.Key, r.Summary), " ") + "\n")
	}
	return b.String()
}

func wantTree(t *testing.T, tree *Tree, want string) {
	t.Helper()
	if got := draw(tree); got != strings.TrimPrefix(want, "\n") {
		t.Errorf("got\n%swant%s", got, want)
	}
}

func TestTreeLevels(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(clients), 2)
	wantTree(t, tree, `
>- clients [2]
   - 0
       id 9007199254740993
       name "Northwind \"T\""
     + address { street, city }
       creditLimit 25000.50
       active true
       rating null
     + contacts [2]  { kind, value }
   - 1
       id 2
       name "b"
       address {}
       tags []
   total 2
 - odd key
     a.b 1e400
   total 3
`)
	tree.OpenTo(0)
	wantTree(t, tree, `
>+ clients [2]  { id, name, address, … 4 more }
   total 2
 + odd key { a.b }
   total 3
`)
	tree.Unfold(0)
	wantTree(t, tree, `
>- clients [2]
   + 0 { id, name, address, … 4 more }
   + 1 { id, name, address, tags }
   total 2
 + odd key { a.b }
   total 3
`)
}

func TestTreeRow(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(clients), 9)
	tests := []struct {
		path, key, raw string
		kind           ValueKind
		index          bool
		depth          int
	}{
		{"$.clients[0].id", "id", "9007199254740993", NumberValue, false, 2},
		{"$.clients[0].address.city", "city", `"Rotterdam"`, StringValue, false, 3},
		{"$.clients[0].address", "address", `{"street": "12", "city": "Rotterdam"}`, ObjectValue, false, 2},
		{"$.clients[1]", "1", `{"id": 2, "name": "b", "address": {}, "tags": []}`, ObjectValue, true, 1},
		{`$["odd key"]["a.b"]`, "a.b", "1e400", NumberValue, false, 1},
		{"$.clients[0].rating", "rating", "null", LiteralValue, false, 2},
		{"$.clients[1].tags", "tags", "[]", ArrayValue, false, 2},
		{"$.total", "total", "2", NumberValue, false, 0},
	}
	for _, tt := range tests {
		i := tree.Find(tt.path)
		if i < 0 {
			t.Errorf("%s not found", tt.path)
			continue
		}
		r := tree.Row(i)
		if r.Path != tt.path || r.Key != tt.key || string(r.Raw) != tt.raw || r.Kind != tt.kind || r.IsIndex != tt.index || r.Depth != tt.depth {
			t.Errorf("%s: %+v raw %s", tt.path, r, r.Raw)
		}
	}
	last := tree.Row(tree.Len() - 1)
	if last.Path != "$.total" || last.Summary != "3" {
		t.Errorf("the second of two equal keys: %+v", last)
	}
	for _, path := range []string{"", "$", "$.", "$.nope", "$.clients[2]", "$.clients[x]", "$.clients.0", "$.total[0]", `$["odd`, "$[0]", "$.clients[-1]", "$.clients[", "$clients", "$]", `$["a"`, "clients"} {
		if i := tree.Find(path); i != -1 {
			t.Errorf("Find(%q) = %d", path, i)
		}
	}
	if r := tree.Row(-1); r.Path != "" || tree.Row(tree.Len()).Path != "" {
		t.Error("a row out of range")
	}
}

func TestTreeOneRow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw, summary string
		kind         ValueKind
	}{
		{`5.10`, "5.10", NumberValue},
		{` "a" `, `"a"`, StringValue},
		{`null`, "null", LiteralValue},
		{`{}`, "{}", ObjectValue},
		{` [ ] `, "[]", ArrayValue},
		{`{"a":`, `{"a":`, TextValue},
		{``, "", TextValue},
		{`hello`, "hello", TextValue},
		{`{} {}`, "{} {}", TextValue},
		{strings.Repeat("[", 20000), strings.Repeat("[", summaryBytes) + "…", TextValue},
		{`"` + strings.Repeat("é", 3000) + `"`, `"` + strings.Repeat("é", 999) + "…", StringValue},
	}
	for _, tt := range tests {
		tree := NewTree(json.RawMessage(tt.raw), 3)
		tree.OpenAll()
		tree.Toggle(0)
		tree.CloseAll()
		r := tree.Row(0)
		if tree.Len() != 1 || r.Kind != tt.kind || r.Summary != tt.summary || r.Path != "$" || r.Key != "" || r.Foldable {
			t.Errorf("%.30q: %d rows, %.80v", tt.raw, tree.Len(), r)
		}
		if string(r.Raw) != strings.TrimSpace(tt.raw) {
			t.Errorf("%.30q: raw %.30q", tt.raw, r.Raw)
		}
	}
}

func TestTreeCursorFollows(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(clients), 9)
	at := func() string { return tree.Row(tree.Cursor()).Path }
	tree.SetCursor(tree.Find("$.clients[0].address.city"))
	tree.Fold(tree.Find("$.clients[0].contacts"))
	if at() != "$.clients[0].address.city" {
		t.Errorf("after a fold below: %s", at())
	}
	tree.Fold(tree.Find("$.clients[0].address"))
	if at() != "$.clients[0].address" {
		t.Errorf("after a fold around it: %s", at())
	}
	tree.SetCursor(tree.Find("$.clients[1].name"))
	tree.Fold(tree.Find("$.clients[0]"))
	if at() != "$.clients[1].name" {
		t.Errorf("after a fold above: %s", at())
	}
	tree.Unfold(tree.Find("$.clients[0]"))
	if at() != "$.clients[1].name" {
		t.Errorf("after an unfold above: %s", at())
	}
	if i := tree.Find("$.clients[0].address.city"); i != -1 {
		t.Errorf("what was folded inside is open: %d", i)
	}
	tree.CloseAll()
	if at() != "$.clients" {
		t.Errorf("after CloseAll: %s", at())
	}
	if i := tree.Reveal("$.clients[0].contacts[1].kind"); i < 0 || tree.Row(i).Summary != `"phone"` {
		t.Errorf("Reveal: %d\n%s", i, draw(tree))
	}
	if i := tree.Reveal("$.clients[7]"); i != -1 {
		t.Errorf("revealed what is not there at %d", i)
	}
	tree.SetCursor(99999)
	if tree.Cursor() != tree.Len()-1 {
		t.Error("cursor past the end")
	}
	tree.Move(-99999)
	if tree.Cursor() != 0 {
		t.Error("cursor before the start")
	}
	if p := tree.Parent(tree.Find("$.clients[0].contacts[1].kind")); tree.Row(p).Path != "$.clients[0].contacts[1]" {
		t.Errorf("parent is %d", p)
	}
	if tree.Parent(0) != -1 || tree.Parent(-3) != -1 {
		t.Error("parent of a first row")
	}
}

func TestTreeDeepAndReload(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(clients), 9)
	first := tree.Find("$.clients[0]")
	tree.FoldDeep(first)
	tree.Unfold(first)
	for _, path := range []string{"$.clients[0].address.city", "$.clients[0].contacts[0]"} {
		if tree.Find(path) != -1 {
			t.Errorf("%s is open after FoldDeep", path)
		}
	}
	if tree.Find(`$["odd key"]["a.b"]`) < 0 {
		t.Error("FoldDeep folded something else")
	}
	if !tree.UnfoldDeep(first) || tree.Find("$.clients[0].contacts[1].value") < 0 {
		t.Error("UnfoldDeep did not unfold")
	}

	tree.Fold(tree.Find("$.clients[0].address"))
	tree.SetCursor(tree.Find("$.clients[0].contacts[1].kind"))
	tree.Reload(json.RawMessage(`{"note": "no clients here"}`))
	if tree.Cursor() != 0 || tree.Len() != 1 {
		t.Errorf("cursor %d in\n%s", tree.Cursor(), draw(tree))
	}
	tree.Reload(json.RawMessage(clients))
	if tree.Find("$.clients[0].address.city") != -1 {
		t.Error("the fold was forgotten")
	}
	if r := tree.Row(tree.Cursor()); r.Path != "$.clients[0].contacts[1].kind" {
		t.Errorf("a value of another shape took the cursor to %s", r.Path)
	}
	tree.Reload(json.RawMessage(`{"note": "again none", "more": 1}`))
	tree.SetCursor(1)
	tree.Reload(json.RawMessage(clients))
	if r := tree.Row(tree.Cursor()); r.Path == "$.clients[0].contacts[1].kind" {
		t.Error("the cursor was moved on purpose, and went back")
	}
	tree.SetCursor(tree.Find("$.clients[1].name"))
	tree.Reload(json.RawMessage(`{"new": 1, "clients": [0, {"x": 1, "name": "c"}]}`))
	if r := tree.Row(tree.Cursor()); r.Path != "$.clients[1].name" || r.Summary != `"c"` {
		t.Errorf("after Reload the cursor is on %+v", r)
	}
	tree.Reload(json.RawMessage(`{"clients": [0, {"x": 1}]}`))
	if r := tree.Row(tree.Cursor()); r.Path != "$.clients[1]" {
		t.Errorf("after Reload without the row the cursor is on %+v", r)
	}
}

func TestTreeBounds(t *testing.T) {
	t.Parallel()
	wide := "[" + strings.Repeat("0,", treeMembers+4) + "0]"
	tree := NewTree(json.RawMessage(wide), 3)
	if tree.Len() != treeMembers+1 {
		t.Fatalf("%d rows", tree.Len())
	}
	if r := tree.Row(treeMembers); r.Kind != MoreValue || r.Summary != "… 5 more" || r.Raw != nil || r.Key != "" || r.IsIndex {
		t.Errorf("last row %+v", r)
	}
	tree.SetCursor(treeMembers)
	tree.OpenAll() // rebuilds with the cursor on the row that has no path of its own

	nested := "[" + strings.Repeat(`{"a":[1,2,3,4,5,6,7,8,9]},`, 15_000) + "0]"
	tree = NewTree(json.RawMessage(nested), 0)
	if tree.OpenAll() {
		t.Error("everything is open")
	}
	if n := tree.Len(); n > 15_001+treeOpens || n < treeOpens {
		t.Errorf("%d rows", n)
	}
	if r := tree.Row(tree.Len() - 1); r.Kind != MoreValue || r.Summary != "… 100,000 rows unfold at once; what is beyond them stays folded" {
		t.Errorf("the last row is %+v", r)
	}
	tree.Reload(json.RawMessage(nested))
	tree.SetCursor(tree.Len() - 1)
	tree.Move(1)
	tree.Fold(0)
	tree.Unfold(0)
	if r, before := tree.Row(tree.Len()-1), tree.Row(tree.Len()-2); r.Kind != MoreValue || before.Kind == MoreValue {
		t.Errorf("at the end are %+v and %+v", before, r)
	}
	last := tree.Find("$[14999]")
	if r := tree.Row(last); r.Folded {
		t.Errorf("members of one level are treated differently: %+v", r)
	}
	if !tree.UnfoldDeep(last) || tree.Find("$[14999].a[8]") < 0 {
		t.Error("a small part of a large value can't be opened")
	}
	if r := tree.Row(tree.Len() - 1); r.Kind != MoreValue {
		t.Errorf("what was folded before is so still, and nothing says it: %+v", r)
	}
	if tree.CloseAll(); tree.Row(tree.Len()-1).Kind == MoreValue {
		t.Error("all is folded as it was asked")
	}
}

func TestTreeWindow(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(clients), 9)
	all := tree.Rows(0, tree.Len())
	for from := -1; from <= tree.Len()+1; from++ {
		for _, n := range []int{-1, 0, 1, 5, 1000} {
			lo := min(max(from, 0), len(all))
			want := all[lo : lo+min(max(n, 0), len(all)-lo)]
			if got := tree.Rows(from, n); !slices.EqualFunc(got, want, func(a, b TreeRow) bool { return a.Path == b.Path }) {
				t.Fatalf("Rows(%d, %d) has %d rows", from, n, len(got))
			}
		}
	}
}

// FuzzTree checks the laws of a tree: no input makes it panic, every row's raw
// text stands in the value, paths of rows find their rows, the leaves in order
// are all that encoding/json sees, and folding is undone by unfolding.
func FuzzTree(f *testing.F) {
	for _, s := range []string{clients, `{"a":{"a":{"a":[]}}}`, `[1,[2,[3,[4]]]]`, `{"":0,"":{"x":1}}`, `{"\u0000\ud800":[{}]}`, `{"a":{"x":1},"a":{"y":[2]}}`, "[\"\\\\\",\"\\\"\"]", `{"a":[1 , 2 ], "b" : { } }`, `-`, `"`, `[[`} {
		f.Add([]byte(s), uint8(2), uint8(1))
	}
	f.Fuzz(func(t *testing.T, raw []byte, depth, at uint8) {
		tree := NewTree(raw, int(depth%5))
		paths := map[string]bool{}
		for _, r := range tree.Rows(0, tree.Len()) {
			paths[r.Path] = true
		}
		for i, r := range tree.Rows(0, tree.Len()) {
			if r.Kind != TextValue && !bytes.Contains(raw, r.Raw) {
				t.Fatalf("row %d raw %q", i, r.Raw)
			}
			// Two rows may share a path only where a key comes twice.
			if j := tree.Find(r.Path); len(paths) == tree.Len() && utf8.Valid(raw) && j != i && r.Path != "$" {
				t.Fatalf("row %d %q found at %d", i, r.Path, j)
			}
		}
		i := int(at) % tree.Len()
		tree.SetCursor(i)
		before := draw(tree)
		if tree.Row(i).Foldable {
			tree.Toggle(i)
			tree.Toggle(i)
			if after := draw(tree); after != before {
				t.Fatalf("toggled twice\n%s\n%s", before, after)
			}
		}
		if tree.OpenAll() && json.Valid(raw) {
			if got, want := leaves(tree), tokens(raw); !slices.Equal(got, want) {
				t.Fatalf("leaves %q, want %q", got, want)
			}
		}
		tree.CloseAll()
		OneLine(raw, int(depth))
	})
}

// leaves are the scalars and empty containers of an open tree, keys aside.
func leaves(tree *Tree) (out []string) {
	for _, r := range tree.Rows(0, tree.Len()) {
		if !r.Foldable {
			out = append(out, string(bytes.Join(bytes.Fields(r.Raw), nil)))
		}
	}
	return out
}

// tokens reads the same with the standard library's decoder.
func tokens(raw []byte) (out []string) {
	var walk func(json.RawMessage)
	walk = func(v json.RawMessage) {
		v = bytes.TrimSpace(v)
		dec := json.NewDecoder(bytes.NewReader(v))
		if open, _ := dec.Token(); (open == json.Delim('{') || open == json.Delim('[')) && dec.More() {
			for dec.More() {
				if open == json.Delim('{') {
					_, _ = dec.Token()
				}
				var child json.RawMessage
				if dec.Decode(&child) != nil {
					return
				}
				walk(child)
			}
			return
		}
		out = append(out, string(bytes.Join(bytes.Fields(v), nil)))
	}
	walk(raw)
	return out
}

func bigPayload() json.RawMessage {
	var b bytes.Buffer
	b.WriteString(`{"orders":[`)
	for i := 0; b.Len() < 10<<20; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"sym":"S%d","side":"buy","price":%d.50,"venue":{"code":"XNAS","open":true},"fills":[1,2,3]}`, i, i%50, i)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// TestTreeBigPayload checks that what is not looked at is not made: of 10 MB
// the first level, and the one order that was unfolded.
func TestTreeBigPayload(t *testing.T) {
	t.Parallel()
	tree := NewTree(bigPayload(), 1)
	orders := tree.Len() - 1
	if made := nodes(&tree.root); orders < 10_000 || made != orders+2 {
		t.Fatalf("%d nodes for %d orders", made, orders)
	}
	tree.SetCursor(tree.Len() / 2)
	tree.Toggle(tree.Cursor())
	rows := tree.Rows(tree.Cursor(), 60)
	if len(rows) != 60 || rows[1].Key != "id" || rows[6].Summary != "[3]" {
		t.Errorf("%d rows, second %+v", len(rows), rows[1])
	}
	if made := nodes(&tree.root); made != orders+2+6 {
		t.Errorf("%d nodes after one was unfolded", made)
	}
	if n := len(tree.summaries); n > 60 {
		t.Errorf("%d values were described for 60 rows", n)
	}
}

// nodes counts what a tree has made.
func nodes(n *node) int {
	count := 1
	for i := range n.children {
		count += nodes(&n.children[i])
	}
	return count
}

func BenchmarkTreeOpen10MB(b *testing.B) {
	raw := bigPayload()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		NewTree(raw, 1)
	}
}

func BenchmarkTreeWindow10MB(b *testing.B) {
	tree := NewTree(bigPayload(), 2)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		tree.Rows((i*997)%tree.Len(), 60)
	}
}
