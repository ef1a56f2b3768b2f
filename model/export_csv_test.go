package model

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// csvOf are the columns of the payloads in the CSV of all that is kept, and the lines.
func csvOf(t *testing.T, payloads ...string) [][]string {
	t.Helper()
	d := &RowsDocument{}
	for i, data := range payloads {
		d.Rows = append(d.Rows, TailRow{N: uint64(i + 1), At: noon, Data: json.RawMessage(data)})
	}
	var out strings.Builder
	if err := d.CSV(&out, nil); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i := range lines {
		lines[i] = lines[i][len(csvOwn):]
	}
	return lines
}

// Every field that occurs has a column, whatever the others are like.
func TestCSVHasAllFields(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		payloads []string
		want     string
	}{
		{
			"nested and lists",
			[]string{`{"sym":"A","venue":{"code":"X"},"symbols":["A", "B"]}`, `{"note":"late","venue":{"halted":true,"none":{}}}`},
			`[[sym venue.code venue.halted venue.none symbols note] [A X   ["A", "B"] ] [  true {}  late]]`,
		},
		{
			"what is no object",
			[]string{`{"a":1}`, `17`, `not JSON`, `["x"]`, ` {} `, `{"payload":2}`},
			`[[a data.payload payload] [1  ] [  17] [  not JSON] [  ["x"]] [  {}] [ 2 ]]`,
		},
		{
			"names of ours",
			[]string{`{"snapshot":1,"n":2,"time":{"x":3},"more":4}`},
			`[[data.snapshot data.n time.x data.more] [1 2 3 4]]`,
		},
		{
			"names of ours, twice",
			[]string{`{"gap":1,"data":{"gap":2}}`},
			`[[data.data.gap data.gap] [1 2]]`,
		},
		{
			"a key twice",
			[]string{`{"a":1,"a":2,"A":3}`, `{"a":4}`},
			`[[a A more] [1 3 {"a":2}] [4  ]]`,
		},
		{
			"a dot in a key",
			[]string{`{"a.b":1,"a":{"b":2}}`},
			`[[["a.b"] a.b] [1 2]]`,
		},
		{
			"dates",
			[]string{
				`{"at":"#T42_DATE#1795339355582","soon":"#T42_DATE#soon","list":["#T42_DATE#0",{"#T42_DATE#0" : "#T42_DATE#1000","q":"\"#T42_DATE#5\""}]}`,
			},
			`[[at soon list] [2026-11-22T09:22:35.582Z #T42_DATE#soon ["1970-01-01T00:00:00.000Z",{"#T42_DATE#0" : "1970-01-01T00:00:01.000Z","q":"\"#T42_DATE#5\""}]]]`,
		},
	} {
		if got := fmt.Sprint(csvOf(t, test.payloads...)); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// What has no column, since there are too many or it is too deep, stands in the last
// one or as JSON in a cell.
func TestCSVIsBounded(t *testing.T) {
	t.Parallel()
	wide := func(from, n int) string {
		var fields []string
		for i := range n {
			fields = append(fields, fmt.Sprintf(`"f%d":%d`, from+i, i))
		}
		return "{" + strings.Join(fields, ",") + "}"
	}
	lines := csvOf(t, wide(0, 250), wide(200, 7000), wide(6990, 5))
	if n := len(lines[0]); n != csvColumns+1 || lines[0][n-1] != "more" {
		t.Fatalf("%d columns, the last %s", n, lines[0][n-1])
	}
	for i, n := range []int{250, 7000, 5} {
		line := lines[i+1]
		var more map[string]json.RawMessage
		if cell := line[csvColumns]; cell != "" {
			if err := json.Unmarshal([]byte(cell), &more); err != nil {
				t.Fatal(err)
			}
		}
		if got := len(more) + len(slices.DeleteFunc(slices.Clone(line[:csvColumns]), func(s string) bool { return s == "" })); got != n {
			t.Errorf("line %d has %d values of %d", i, got, n)
		}
	}
	for _, name := range []string{"f200", "f249"} {
		if !slices.Contains(lines[0], name) {
			t.Errorf("%s is among the commonest, and has no column", name)
		}
	}
	deep := csvOf(t, strings.Repeat(`{"in":`, 60)+`"the bottom"`+strings.Repeat("}", 60))
	if len(deep[0]) != 1 || strings.Count(deep[0][0], "in") != csvDepth || strings.Count(deep[1][0], `{"in":`) != 60-csvDepth {
		t.Errorf("deep payloads are written as %v", deep)
	}
}

// What is shown has the columns that were chosen where those are on the screen, else all.
func TestCSVOfWhatIsShown(t *testing.T) {
	t.Parallel()
	thing := &Thing{Tail: NewTail(TailOptions{}), Def: bus.MethodDefinition{Name: "Prices", Streaming: true}}
	s := New(Options{}, noon)
	s.Things = append(s.Things, thing)
	thing.Tail.Append(bus.StreamData{At: noon, Data: json.RawMessage(`{"sym":"A","n":7,"list":[1]}`)})
	s.Work()
	heads := func(all bool) string {
		var out strings.Builder
		if err := s.RowsDocument(thing, all).CSV(&out, nil); err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(out.String(), "\n")
		return strings.TrimPrefix(head, "n,time,publisher,private,snapshot,sequence,gap,")
	}
	thing.View.Columns = []string{"$.n"}
	if got := heads(false); got != "sym,data.n,list" {
		t.Errorf("as rows %s", got)
	}
	thing.View.Kind = ColumnsView
	if got := heads(false); got != "data.n" {
		t.Errorf("as columns %s", got)
	}
	if got := heads(true); got != "sym,data.n,list" {
		t.Errorf("all %s", got)
	}
}

// Both times through the rows count as one way.
func TestCSVTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	d := &RowsDocument{Rows: make([]TailRow, 2000)}
	var told []int
	if err := d.CSV(&strings.Builder{}, func(done int) error { told = append(told, done); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(told) || len(told) < 4 || told[0] >= 1000 || told[len(told)-1] != 2000 {
		t.Errorf("told %v", told)
	}
}
