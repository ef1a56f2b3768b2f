package ui

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

func TestReadJQSaysWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                    "",
		".size > 500":         "",
		".size >":             "jq: goes on after character 7",
		".size ) 3":           `jq: unexpected ")" at character 7`,
		"nosuch(.a)":          "jq: function not defined: nosuch/1",
		"select(.venue.code)": "",
	} {
		if _, wrong := readJQ(text); wrong != want {
			t.Errorf("%q: %q, want %q", text, wrong, want)
		}
	}
}

func TestAskingAnExpression(t *testing.T) {
	t.Parallel()
	const raw = `{"sym":"AAPL","bid":142.30,"id":9007199254740993,"tags":["a","b"],"note":null}`
	for _, c := range []struct{ jq, want string }{
		{".bid > 100", "as it came"},
		{".bid > 200", "hidden"},
		{"select(.sym == \"AAPL\")", "as it came"},
		{"select(.sym == \"VOD\")", "hidden"},
		{".", "as it came"},
		{".bid", "142.30"},
		{".id", "9007199254740993"},
		{"{sym, id}", `{"id":9007199254740993,"sym":"AAPL"}`},
		{".tags[]", `["a","b"]`},
		{".tags", `["a","b"]`},
		{".note", "hidden"},
		{".pric", "hidden"},
		{".sym.x", "hidden"},
		{"empty", "hidden"},
		{"\"x\\u001b\"", `"x\u001b"`},
	} {
		code, wrong := readJQ(c.jq)
		if wrong != "" {
			t.Fatal(wrong)
		}
		var out model.Judged
		v := ask(code, json.RawMessage(raw), &out)
		got := "hidden"
		switch {
		case v.Value != nil:
			got = string(v.Value)
		case v.Keep:
			got = "as it came"
		}
		if got != c.want {
			t.Errorf("%s gives %s, want %s", c.jq, got, c.want)
		}
	}
}

// TestAnExpressionThatNeverEnds is stopped, and the screen goes on meanwhile: it
// runs beside it.
func TestAnExpressionThatNeverEnds(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	h.press("|")
	h.write("def f: f; f")
	h.press("enter")
	h.shows("took longer than 250 ms on one event; stopped")
	h.press("esc")
	h.hides("stopped")
	if shown, kept := h.app.state.Shown().Tail.Shown(); shown != kept || kept == 0 {
		t.Errorf("%d of %d shown after that", shown, kept)
	}
}

// TestAnUnfinishedExpressionStays: enter keeps no other expression than the one that
// was typed, and does not throw that away.
func TestAnUnfinishedExpressionStays(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	h.press("|")
	h.write(".bid >")
	h.press("enter")
	h.shows("| .bid >", "enter  it can't be read yet: jq: ")
	if !h.app.filtering {
		t.Fatal("the line is gone")
	}
	h.write(" 5")
	h.press("enter")
	h.shows("| .bid > 5", "esc clears")
	if h.app.filtering {
		t.Error("the line stays")
	}
}

// TestFilterAndExpression type both, while events come in and while they are
// held, and look at what is counted.
func TestFilterAndExpression(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	aapl := h.main()
	h.press("4", "g", "enter", "space")
	h.press("|")
	h.write(".size > 5")
	h.shows("| .size > 5", "494 of 494 shown, 0 hidden")
	h.write("00")
	h.shows("of 494 shown", "venue")
	h.press("enter", "&")
	h.write(`/"seq":4\d\d\b/ !"size":9`)
	h.press("enter")
	thing := h.app.state.Shown()
	want := 0
	for _, row := range thing.Tail.Window(0, thing.Tail.Len()) {
		var v struct{ Size, Seq int }
		if json.Unmarshal(row.Data, &v) != nil || v.Size <= 500 || v.Seq < 400 || v.Seq > 499 || v.Size/100 == 9 {
			t.Errorf("%s got through", row.Data)
		}
		want++
	}
	if want == 0 {
		t.Fatal("nothing got through")
	}
	h.shows(`| .size > 500  & /"seq":4\d\d\b/ !"size":9`, model.Number(want)+" of 494 shown, "+model.Number(494-want)+" hidden")
	h.flow(1, aapl)
	h.shows("of 532 shown", "38 new")
	h.press("esc", "esc")
	h.hides("shown", "hidden")
	h.press("|")
	h.write("{seq, bid}")
	h.press("enter", "G")
	h.shows("bid 142.27  seq 531 ")
	h.hides("XNAS")
	h.press("esc", "|")
	h.write(".pric")
	h.press("enter")
	h.shows("jq: .pric gives null on all 532 kept. Fields: ask, bid, seq, size, sym,")
	h.press("|", "ctrl+u")
	h.write(".sym >")
	h.shows("jq: goes on after character 6")
	h.press("esc")
	h.press("&")
	h.write("/[/")
	h.shows("/[/ can't be read: missing closing ]")
}

// TestExpressionJudgesWhatComes lets events come that an expression has to judge.
func TestExpressionJudgesWhatComes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	aapl := h.main()
	h.press("4", "g", "enter", "|")
	h.write(".seq % 100 == 0")
	h.press("enter")
	h.flow(8, aapl)
	h.shows("7 of 798 shown", "seq 700 ")
	aapl.q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: json.RawMessage(`"a text"`)})
	h.flush()
	h.shows("1 failed")
	if !h.app.state.Shown().Tail.Following() {
		t.Error("an expression holds the rows")
	}
}

// TestCompletion completes names of fields in both lines.
func TestCompletion(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	h.press("|")
	h.write(".ve")
	h.press("tab")
	h.write(".c")
	h.press("tab")
	if got := h.app.line.Value(); got != ".venue.code" {
		t.Errorf("completed to %q", got)
	}
	h.press("ctrl+u")
	h.write("select(.s")
	h.press("tab")
	h.shows(".sym  .size  .seq")
	h.write("y")
	h.press("tab")
	h.write(" == \"AAPL\")")
	h.press("enter")
	h.shows(`| select(.sym == "AAPL")`, "494 of 494 shown")
	h.press("|", "ctrl+u", "up")
	if got := h.app.line.Value(); got != `select(.sym == "AAPL")` {
		t.Errorf("the term before is %q", got)
	}
	h.press("down")
	if got := h.app.line.Value(); got != "" {
		t.Errorf("after the last term stands %q", got)
	}
}

// TestAFullRingStaysQuick types a filter over a hundred thousand rows: no message
// may take long, and at the end all were looked at.
func TestAFullRingStaysQuick(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "stream").play(t, 120, 40)
	h.hasty = true
	tail := h.app.state.Shown().Tail
	for i := range 100_000 {
		tail.Append(tick("AAPL", i, h.now.Add(time.Duration(i)*time.Microsecond)))
	}
	thing := h.app.state.Shown()
	thing.SetFilter("halted !xnys")
	if tail.Unseen() < 80_000 {
		t.Error("typing a filter looked at everything at once")
	}
	rounds := 0
	for tail.Work() {
		rounds++
	}
	if shown, kept := tail.Shown(); shown != kept || kept < 99_900 || rounds < 5 {
		t.Errorf("%d of %d shown after %d rounds", shown, kept, rounds)
	}
}

func BenchmarkExpression(b *testing.B) {
	for _, text := range []string{".size > 500", "{sym, bid}"} {
		b.Run(strings.ReplaceAll(text, " ", ""), func(b *testing.B) {
			code, _ := readJQ(text)
			raw := payloads()["AAPL"][7]
			var out model.Judged
			b.ReportAllocs()
			for b.Loop() {
				ask(code, raw, &out)
			}
		})
	}
}
