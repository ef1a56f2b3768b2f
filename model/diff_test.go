package model

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ioscope/client/bus"
)

func TestDifference(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want string }{
		{"142.20", "142.41", "-0.21"},
		{"142.41", "142.20", "+0.21"},
		{"142.20", "142.2", "0.00"},
		{"655", "602", "+53"},
		{"0.1", "0.3", "-0.2"},
		{"9007199254740993", "9007199254740992", "+1"},
		{"1e3", "999.5", "+0.5"},
		{"1e-3", "0", "+0.001"},
		{"-0", "0", "0"},
		{"1e999999999", "1", ""},
		{`"1"`, "1", ""},
		{"", "1", ""},
		{"null", "1", ""},
	} {
		got, ok := Difference([]byte(c.a), []byte(c.b))
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s - %s = %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

// diffText writes a difference, a row a line.
func diffText(d *Diff) string {
	var out []string
	for _, r := range d.Rows {
		line := strings.Repeat("  ", r.Depth) + string(" ~+-"[r.Sign]) + " " + r.Key
		if !r.Open {
			line += " " + string(r.Raw)
		}
		if r.Sign == Changed {
			line += " was " + string(r.Was)
		}
		if r.Delta != "" {
			line += " " + r.Delta
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestDiff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, before, want string }{
		{
			`{"sym":"AAPL","bid":142.20,"size":655,"venue":{"code":"XNAS","halted":false},"tags":["a","c"],"big":12345678901234567890.10}`,
			`{"bid":142.41,"sym":"AAPL","size":602,"venue":{"code":"XNAS"},"tags":["a","b","d"],"big":12345678901234567890.1,"old":null}`,
			"  sym \"AAPL\"\n~ bid 142.20 was 142.41 -0.21\n~ size 655 was 602 +53\n  venue\n    code \"XNAS\"\n  + halted false\n  tags\n    0 \"a\"\n  ~ 1 \"c\" was \"b\"\n  - 2 \"d\"\n~ big 12345678901234567890.10 was 12345678901234567890.1 0.00\n- old null",
		},
		{`{"a":1}`, `{"a":1}`, "  a 1"},
		{`{"a":{"b":1}}`, `{"a":[1]}`, `~ a {"b":1} was [1]`},
		{`5`, `3`, "~  5 was 3 +2"},
		{`{`, `3`, "~  { was 3"},
		{`{}`, `{}`, ""},
		{``, `3`, "~   was 3"},
	} {
		if got := diffText(NewDiff(json.RawMessage(c.now), json.RawMessage(c.before))); got != c.want {
			t.Errorf("%s against %s:\n%s\nwant\n%s", c.now, c.before, got, c.want)
		}
	}
}

func TestBeforeOfTheSameKey(t *testing.T) {
	t.Parallel()
	thing := &Thing{Tail: NewTail(TailOptions{})}
	for i := range 40 {
		thing.Tail.Append(bus.StreamData{At: noon, Server: "p", Data: fmt.Appendf(nil, `{"sym":"S%d","n":%d}`, i%4, i)})
	}
	thing.Tail.Mark(GapLost, "lost", noon)
	thing.Tail.Work()
	thing.guess()
	row, _ := thing.Tail.Get(40)
	if before, same, ok := thing.Before(&row); !ok || !same || before.N != 36 {
		t.Errorf("before 40 is %d, same key %v", before.N, same)
	}
	if row, _ = thing.Tail.Get(2); true {
		if _, _, ok := thing.Before(&row); ok {
			t.Error("the first of a key has one before")
		}
	}
	thing.SetKey("")
	if before, same, ok := thing.Before(&row); !ok || same || before.N != 1 {
		t.Errorf("without a key before 2 is %d", before.N)
	}
}

func FuzzDiff(f *testing.F) {
	f.Add(`{"a":[1,{"b":2}]}`, `{"a":[1,{"b":3}],"c":""}`)
	f.Add(`{`, `[`)
	f.Fuzz(func(t *testing.T, a, b string) {
		d := NewDiff(json.RawMessage(a), json.RawMessage(b))
		if same := NewDiff(json.RawMessage(a), json.RawMessage(a)); same.Changes != 0 {
			t.Fatalf("%q differs from itself:\n%s", a, diffText(same))
		}
		d.Move(1 << 30)
		_ = d.Row()
	})
}

// A date of the wire differs by a span of time.
func TestDateDifference(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ now, before, want string }{
		{`"#T42_DATE#1795339356582"`, `"#T42_DATE#1795339355582"`, "+1.0 s"},
		{`"#T42_DATE#1795339355582"`, `"#T42_DATE#1795339355607"`, "-25 ms"},
		{`"#T42_DATE#1795339355582"`, `"#T42_DATE#1795335755582"`, "+60 min"},
		{`"#T42_DATE#1795339355582"`, `"#T42_DATE#soon"`, ""},
		{`"#T42_DATE#1795339355582"`, `17`, ""},
	} {
		d := NewDiff(json.RawMessage(`{"at":`+c.now+`}`), json.RawMessage(`{"at":`+c.before+`}`))
		if got := d.Rows[0].Delta; got != c.want || d.Changes != 1 {
			t.Errorf("%s after %s is %q, want %q", c.now, c.before, got, c.want)
		}
	}
}
