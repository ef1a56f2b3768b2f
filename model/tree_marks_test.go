package model

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const foundSchema = "composite: { long id, string name, composite: { string street, string city } address, double limit, datetime since, string? note }[] clients, int total, tuple: { int a, string b } pair"

const foundValue = `{"clients":[{"id":9007199254740993,"name":"North","address":{"street":"12 Harbour"},"limit":"25000.5","rating":4,"since":null},` +
	`{"id":2,"name":"South","address":{"street":"x","city":"y"},"limit":1,"since":"2026-11-21T09:00:00Z"}],"total":2.5,"pair":[1]}`

func markLines(t *Tree) []string {
	var out []string
	for _, r := range t.Rows(0, t.Len()) {
		out = append(out, fmt.Sprintf("%d %s=%s|%s", r.Mark, r.Path, r.Summary, r.Says))
	}
	return out
}

// TestTreeAgainstReplay marks what the server did, and not what a replayed recording
// adds at the top.
func TestTreeAgainstReplay(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(`{"sum": "5", "more": {"_replay": 1}, "_replay": "a recording"}`), 5)
	tree.Against("int sum, composite: {int? a} more")
	if n, _ := tree.Marks(); n != 2 {
		t.Errorf("%d marks in\n%s", n, strings.Join(markLines(tree), "\n"))
	}
}

func TestTreeAgainst(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(foundValue), 5)
	tree.Against(foundSchema)
	got := strings.Join(markLines(tree), "\n")
	for _, want := range []string{
		"0 $.clients=[2]|composite[]",
		"0 $.clients[0]=|composite",
		"0 $.clients[0].id=9007199254740993|long",
		"0 $.clients[0].address=|composite",
		"1 $.clients[0].address.city=missing|missing, wants string",
		`1 $.clients[0].limit="25000.5"|string, wants double`,
		"2 $.clients[0].rating=4|extra: not in returns",
		"1 $.clients[0].since=null|null, wants datetime",
		`0 $.clients[1].name="South"|string`,
		"1 $.total=2.5|2.5, wants int",
		"0 $.pair[0]=1|int",
		"1 $.pair.b=missing|missing, wants string",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no row %q in\n%s", want, got)
		}
	}
	if n, more := tree.Marks(); n != 6 || more {
		t.Errorf("%d marks, %v", n, more)
	}
}

// n goes through the marks in the order in which they stand, and unfolds them.
func TestTreeNextMark(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(foundValue), 0)
	tree.Against(foundSchema)
	var got []string
	for range 7 {
		if !tree.NextMark(1) {
			t.Fatal("no mark to go to")
		}
		got = append(got, tree.Row(tree.Cursor()).Path)
	}
	want := "$.clients[0].address.city $.clients[0].limit $.clients[0].rating $.clients[0].since $.total $.pair.b $.clients[0].address.city"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("went %s\nwant %s", s, want)
	}
	tree.NextMark(-1)
	if p := tree.Row(tree.Cursor()).Path; p != "$.pair.b" {
		t.Errorf("back is %s", p)
	}
	whole := NewTree(json.RawMessage(`{"sum":5}`), 1)
	whole.Against("int sum")
	if whole.NextMark(1) {
		t.Error("a value that fits has a mark")
	}
}

// An empty object shows what it lacks; a signature that says nothing marks nothing.
func TestTreeAgainstEdges(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(`{}`), 1)
	tree.Against("int sum")
	if got := strings.Join(markLines(tree), ";"); got != "1 $.sum=missing|missing, wants int" {
		t.Errorf("an empty object: %s", got)
	}
	for _, sig := range []string{"", "strin x"} {
		tree := NewTree(json.RawMessage(`{"a":1}`), 1)
		tree.Against(sig)
		if n, _ := tree.Marks(); n != 0 || tree.Row(0).Says != "" {
			t.Errorf("%q marks: %+v", sig, tree.Row(0))
		}
	}
	scalar := NewTree(json.RawMessage(`5`), 1)
	scalar.Against("int sum")
	if r := scalar.Row(0); r.Mark != WrongMark {
		t.Errorf("a scalar: %+v", r)
	}
}

func TestTreeSeek(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(foundValue), 0)
	var got []string
	for range 4 {
		at, count := tree.Seek(sought("name"), 1, true)
		got = append(got, fmt.Sprint(at, "/", count, tree.Row(tree.Cursor()).Path))
	}
	if s := strings.Join(got, " "); s != "1/2$.clients[0].name 2/2$.clients[1].name 1/2$.clients[0].name 2/2$.clients[1].name" {
		t.Errorf("went %s", s)
	}
	if at, _ := tree.Seek(sought("name"), 1, false); at != 0 {
		t.Errorf("went around the end to %d", at)
	}
	if at, _ := tree.Seek(sought("NORTH"), -1, false); at != 1 || !tree.Row(tree.Cursor()).Sought(sought("north")) {
		t.Errorf("back to %d: %+v", at, tree.Row(tree.Cursor()))
	}
	if at, count := tree.Seek(sought("nowhere"), 1, true); at != 0 || count != 0 {
		t.Errorf("found %d of %d", at, count)
	}
}

func TestTreeDeeper(t *testing.T) {
	t.Parallel()
	tree := NewTree(json.RawMessage(foundValue), 0)
	var got []int
	for _, d := range []int{1, 1, 1, 1, -1, -1, -1, -1} {
		got = append(got, tree.Deeper(d))
	}
	if s := fmt.Sprint(got); s != "[1 2 3 3 2 1 0 0]" {
		t.Errorf("levels %s", s)
	}
}

func sought(text string) *Filter {
	f, err := ReadFilter(text)
	if err != nil {
		panic(err)
	}
	return f
}
