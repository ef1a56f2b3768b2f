package model

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func joined(tokens []Token) string {
	var b strings.Builder
	for _, tok := range tokens {
		b.WriteString(tok.Text)
	}
	return b.String()
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	tests := []struct{ raw, want string }{
		{`{"sym":"AAPL","bid":142.30,"ask":142.3200,"seq":9007199254740993}`, `sym AAPL  bid 142.30  ask 142.3200  seq 9007199254740993`},
		{`{"sym":"AAPL","note":"quote refreshed for you"}`, `sym AAPL  note "quote refreshed for you"`},
		{`{"a":"","b":"12","c":"true","d":"-","e":"2026-11-21T09:00:00Z","f":"null"}`, `a ""  b "12"  c "true"  d -  e 2026-11-21T09:00:00Z  f "null"`},
		{`{"a":true,"b":null,"c":{"x":1},"d":[1,2,[3]],"e":{},"f":[]}`, `a true  b null  c {…}  d [3]  e {}  f []`},
		{`{"a":"tab\there","b":"q\"q","c":"[x]","d":"{…}"}`, `a "tab\there"  b "q\"q"  c "[x]"  d "{…}"`},
		{`{"odd key":1,"":2,"k\n":3}`, `"odd key" 1  "" 2  "k\n" 3`},
		{` { "a" : 1 , "b" : [ ] } `, `a 1  b []`},
		{`{}`, `{}`},
		{`[]`, `[]`},
		{`[1,"x",{"y":2}]`, `[3]  1  x  {…}`},
		{`"plain"`, `plain`},
		{`-1.50e+2`, `-1.50e+2`},
		{`null`, `null`},
		{``, ``},
		{`not json`, `not json`},
		{`{"a":1,`, `a 1…`},
		{"{\"a\":\"non\u00a0breaking\"}", "a \"non\u00a0breaking\""},
	}
	for _, tt := range tests {
		if got := joined(OneLine(json.RawMessage(tt.raw), 200)); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.raw, got, tt.want)
		}
	}
}

func TestOneLineKinds(t *testing.T) {
	t.Parallel()
	got := OneLine(json.RawMessage(`{"a":"x","b":1,"c":true,"d":[1]}`), 100)
	want := []Token{
		{TokenKey, "a"},
		{TokenPunct, " "},
		{TokenText, "x"},
		{TokenPunct, "  "},
		{TokenKey, "b"},
		{TokenPunct, " "},
		{TokenNum, "1"},
		{TokenPunct, "  "},
		{TokenKey, "c"},
		{TokenPunct, " "},
		{TokenLit, "true"},
		{TokenPunct, "  "},
		{TokenKey, "d"},
		{TokenPunct, " "},
		{TokenPunct, "[1]"},
	}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("token %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestOneLineCuts(t *testing.T) {
	t.Parallel()
	raw := json.RawMessage(`{"sym":"AAPL","bid":142.30,"note":"` + strings.Repeat("ü", 50) + `"}`)
	whole := joined(OneLine(raw, 10_000))
	for n := range utf8.RuneCountInString(whole) + 2 {
		got := joined(OneLine(raw, n))
		if n >= utf8.RuneCountInString(whole) {
			if got != whole {
				t.Errorf("%d: %q", n, got)
			}
			continue
		}
		body, ok := strings.CutSuffix(got, "…")
		if !ok || !strings.HasPrefix(whole, body) || utf8.RuneCountInString(body) != n+1 {
			t.Errorf("%d: %q", n, got)
		}
	}
	huge := json.RawMessage(`{"a":1,"big":[` + strings.Repeat("1,", 1<<20) + `1],"z":2}`)
	if got := joined(OneLine(huge, 500)); got != "a 1…" {
		t.Errorf("huge: %q", got)
	}
	text := json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)
	if got := joined(OneLine(text, 5)); got != `"xxxxx…` {
		t.Errorf("long text: %q", got)
	}
}

func BenchmarkOneLine(b *testing.B) {
	raw := json.RawMessage(`{"sym":"AAPL","bid":142.30,"ask":142.32,"size":100,"seq":1188,"venue":{"code":"XNAS","halted":false}}`)
	b.ReportAllocs()
	for b.Loop() {
		OneLine(raw, 80)
	}
}
