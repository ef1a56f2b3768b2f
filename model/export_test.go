package model

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"ioscope/client/bus"
)

func TestExportedRows(t *testing.T) {
	t.Parallel()
	thing := &Thing{Tail: NewTail(TailOptions{}), Def: bus.MethodDefinition{Name: "Prices", Streaming: true}}
	s := New(Options{}, noon)
	s.Things = append(s.Things, thing)
	for _, data := range []string{`{"sym":"A,\"B\"","bid":9007199254740993.10,"venue":{"code":"<X>"}}`, `{"sym":"multi\nline"}`, `not JSON`} {
		thing.Tail.Append(bus.StreamData{At: noon, Server: "p1", Private: data[0] == 'n', Sequence: "7", Data: json.RawMessage(data)})
	}
	thing.Tail.Mark(GapLost, "connection lost", noon)
	s.Work()
	var lines, table strings.Builder
	doc := s.RowsDocument(thing, true)
	if err := doc.JSONLines(&lines, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := lines.String(), `{"n":1,"time":"2026-11-21T12:00:00.000000000Z","publisher":"p1","sequence":7,"data":{"sym":"A,\"B\"","bid":9007199254740993.10,"venue":{"code":"<X>"}}}
{"n":2,"time":"2026-11-21T12:00:00.000000000Z","publisher":"p1","sequence":7,"data":{"sym":"multi\nline"}}
{"n":3,"time":"2026-11-21T12:00:00.000000000Z","publisher":"p1","private":true,"sequence":7,"text":"not JSON"}
{"n":4,"time":"2026-11-21T12:00:00.000000000Z","gap":"connection lost"}
`; got != want {
		t.Errorf("lines\n%swant\n%s", got, want)
	}
	thing.View.Columns = []string{"$.bid", "$.venue.code", "$.sym"}
	thing.View.Kind = ColumnsView
	if err := s.RowsDocument(thing, false).CSV(&table, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := table.String(), `n,time,publisher,private,snapshot,sequence,gap,bid,venue.code,sym
1,2026-11-21T12:00:00.000000000Z,p1,false,false,7,,9007199254740993.10,<X>,"A,""B"""
2,2026-11-21T12:00:00.000000000Z,p1,false,false,7,,,,"multi
line"
3,2026-11-21T12:00:00.000000000Z,p1,true,false,7,,,,
4,2026-11-21T12:00:00.000000000Z,,false,false,,connection lost,,,
`; got != want {
		t.Errorf("table\n%swant\n%s", got, want)
	}
	thing.SetFilter("multi")
	if doc := s.RowsDocument(thing, false); doc.Len() != 2 {
		t.Errorf("%d rows are shown", doc.Len())
	}
	full := errors.New("full")
	plain(thing.Tail, 1000)
	if err := s.RowsDocument(thing, true).CSV(&table, func(int) error { return full }); !errors.Is(err, full) {
		t.Errorf("a step that fails: %v", err)
	}
}

func TestExportedTables(t *testing.T) {
	t.Parallel()
	d := &TableDocument{Heads: []string{"a", "b"}, Lines: [][]json.RawMessage{{json.RawMessage(`"x"`), nil}, {nil, json.RawMessage("{\n\"c\": 1.50}")}, {json.RawMessage(`broken`), json.RawMessage(`"q"`)}}}
	var lines, table strings.Builder
	if d.JSONLines(&lines, nil) != nil || d.CSV(&table, nil) != nil {
		t.Fatal("not written")
	}
	if got := lines.String(); got != "{\"a\":\"x\"}\n{\"b\":{\"c\":1.50}}\n{\"a\":\"broken\",\"b\":\"q\"}\n" {
		t.Errorf("lines %s", got)
	}
	if got := table.String(); got != "a,b\nx,\n,\"{\n\"\"c\"\": 1.50}\"\nbroken,q\n" {
		t.Errorf("table %s", got)
	}
}

func TestFileStem(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"A.b/c d": "A.b-c-d", "../..": "export", "": "export", "é": "export", ".hidden": "hidden"} {
		if got := FileStem(name); got != want {
			t.Errorf("%q becomes %q", name, got)
		}
	}
}
