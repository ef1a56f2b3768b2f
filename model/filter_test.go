package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"ioscope/client/bus"
)

func TestFilterTerms(t *testing.T) {
	t.Parallel()
	const text = `{"sym":"AAPL","note":"a/b two words","bid":142.30}`
	for _, c := range []struct {
		filter string
		passes bool
	}{
		{"", true},
		{"aapl", true},
		{"AAPL bid", true},
		{"aapl !bid", false},
		{"!vod", true},
		{"!", true},
		{`/"bid":14\d\./`, true},
		{`/"bid":15\d\./`, false},
		{`!/"bid":15\d\./ aapl`, true},
		{`!/aapl/`, false},
		{`/two words/ note`, true},
		{`/two words`, true},
		{`/a\/b/`, true},
		{`/`, true},
		{`/^x/`, false},
	} {
		f, err := ReadFilter(c.filter)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Passes([]byte(text)); got != c.passes {
			t.Errorf("%q passes: %v", c.filter, got)
		}
	}
	if _, err := ReadFilter("/a(b/"); err == nil || err.Error() != "/a(b/ can't be read: missing closing ): `(?is)a(b`" {
		t.Errorf("an expression that can't be read: %v", err)
	}
}

func TestFieldsAreLearned(t *testing.T) {
	t.Parallel()
	var f Fields
	for i := range 300 {
		f.Learn(fmt.Appendf(nil, `{"seq":%d,"id":"x%d","sym":"S%d","venue":{"code":"XNAS","deep":{"a":[1]}},"odd key":1.5}`, i, i, i%12))
	}
	f.Learn([]byte(`{"note":"late","sym":"S1"`)) // cut off: what there is, is learned
	f.Learn(nil)
	var paths []string
	for _, one := range f.List() {
		paths = append(paths, one.Path)
	}
	if want := []string{"$.seq", "$.id", "$.sym", "$.venue.code", "$.venue.deep.a", `$["odd key"]`, "$.note"}; !slices.Equal(paths, want) {
		t.Errorf("fields %q", paths)
	}
	if key := f.Key(); key == nil || key.Path != "$.sym" {
		t.Errorf("key %+v", key)
	}
	if !f.Find("$.seq").Number() || f.Find("$.venue.deep.a").Scalar() || f.Find("$.nothing") != nil {
		t.Error("kinds of fields")
	}
	if got := f.Complete(".ven"); !slices.Equal(got, []string{".venue"}) {
		t.Errorf("completed to %q", got)
	}
	if got := f.Complete(".venue."); !slices.Equal(got, []string{".venue.code", ".venue.deep"}) {
		t.Errorf("completed to %q", got)
	}
	if got := f.Complete(".["); !slices.Equal(got, []string{`.["odd key"]`}) {
		t.Errorf("completed to %q", got)
	}
	var news Fields
	for i := range 50 {
		news.Learn(fmt.Appendf(nil, `{"headline":"h%d"}`, i))
	}
	if news.Key() != nil {
		t.Error("a text that is always another is taken for a key")
	}
}

func TestPathsAreLookedUp(t *testing.T) {
	t.Parallel()
	const raw = ` {"a":1,"b":{"c":[10,{"d":"x"}]},"odd key":null,"a":2,"e\u0041":3} `
	for path, want := range map[string]string{
		"$.a": "1", "$.b.c[0]": "10", "$.b.c[1].d": `"x"`, `$["odd key"]`: "null", "$.b": `{"c":[10,{"d":"x"}]}`,
		"$.x": "", "$.a.b": "", "$.b[0]": "", "$.b.c.d": "", "$.b.c[7]": "", "$.eA": "3",
	} {
		steps, ok := ReadPath(path)
		if got := string(steps.In([]byte(raw))); !ok || got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if _, ok := ReadPath("a.b"); ok {
		t.Error("a path without a root is read")
	}
	whole, _ := ReadPath("$")
	if got := string(whole.In([]byte(` 42 `))); got != "42" {
		t.Errorf("the whole is %q", got)
	}
}

// TestSieveInParts looks at a full tail a part at a time, while rows come and
// fall out, and compares with what looking at once gives.
func TestSieveInParts(t *testing.T) {
	t.Parallel()
	l, once := NewTail(TailOptions{MaxRows: 20_000}), NewTail(TailOptions{MaxRows: 20_000})
	plain(l, 20_000)
	plain(once, 20_000)
	l.Sieve(even, false)
	for l.Work() {
		plain(l, 700)
		plain(once, 700)
	}
	once.Filter(even)
	if got, want := text(l), text(once); got != want {
		t.Error("another view than by looking at once")
	}
	if l.Unseen() != 0 || l.Fields().Seen() < 20_000 {
		t.Errorf("%d unseen, %d learned from", l.Unseen(), l.Fields().Seen())
	}
}

// TestJudgedFromOutside gives verdicts late, and for rows that fell out.
func TestJudgedFromOutside(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{MaxRows: 1000})
	plain(l, 900)
	l.Mark(GapLost, "lost", noon)
	l.Sieve(nil, true)
	for round := 0; ; round++ {
		batch, keep := l.Unjudged(100, 1<<20)
		if len(batch) == 0 {
			break
		}
		if round < 5 {
			plain(l, 150) // some of the batch fall out meanwhile
		}
		verdicts := make([]Verdict, len(batch))
		for i := range batch {
			if verdicts[i].Keep = keep(&batch[i]) && batch[i].N%2 == 0; batch[i].N%4 == 0 {
				verdicts[i].Value = json.RawMessage(`"shaped"`)
			}
		}
		l.Judge(batch[0].N, verdicts)
		l.Judge(batch[0].N, verdicts) // said twice
	}
	shown, kept := l.Shown()
	rows := l.Window(0, l.Len())
	if shown != 500 || kept != 999 || len(rows) != 501 {
		t.Errorf("%d of %d shown, %d rows", shown, kept, len(rows))
	}
	for i, r := range rows {
		if r.GapKind == NoGap && r.N%2 != 0 || (r.N%4 == 0) != (string(r.Payload()) == `"shaped"`) || i > 0 && r.N <= rows[i-1].N {
			t.Fatalf("row %d is %s", r.N, r.Payload())
		}
	}
	_, before := l.Kept()
	l.Filter(nil)
	if _, after := l.Kept(); before-after != 250*8 || l.Len() != 1000 {
		t.Errorf("%d bytes given back, %d rows", before-after, l.Len())
	}
}

func TestHiddenPublishers(t *testing.T) {
	t.Parallel()
	thing := &Thing{Tail: NewTail(TailOptions{})}
	for i := range 9 {
		thing.Tail.Append(bus.StreamData{At: noon, Server: bus.PeerID(fmt.Sprint("p", i%3)), Data: json.RawMessage(`1`)})
	}
	thing.HideSource(thing.Tail.Sources()[1])
	if shown, _ := thing.Tail.Shown(); shown != 6 {
		t.Errorf("%d shown", shown)
	}
	thing.HideSource(thing.Tail.Sources()[2])
	if !thing.widen() || thing.widen() || thing.Tail.Filtered() {
		t.Error("publishers stay hidden")
	}
}
