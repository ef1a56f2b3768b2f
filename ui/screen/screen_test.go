package screen

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

func TestCleanShowsWhatWouldAct(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"\x1b[31mred", "␛[31mred"},
		{"\x1b]52;c;AAAA\x07", "␛]52;c;AAAA␇"},
		{"a\tb\r\nc", "a b␍␊c"},
		{"\u009b2J", `\u009b2J`},
		{"user\u202eexe.txt", `user\u202eexe.txt`},
		{"zero\u200bwidth", `zero\u200bwidth`},
		{"bad\xffutf8", `bad\xffutf8`},
		{"\x7f", "␡"},
		{"日本 café", "日本 café"},
		{"⚠\ufe0f", "⚠"},
		{"tag\U000e0041", `tag\u0e0041`},
	} {
		if got := Clean(c.in).String(); got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b[6n", "\u202e", "日本", "\xff\xfe", "e\u0301"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		text := Clean(s)
		if !utf8.ValidString(text.String()) {
			t.Fatalf("not UTF-8: %q", text.String())
		}
		for _, r := range text.String() {
			if hostile(r) {
				t.Fatalf("%U got through", r)
			}
		}
		if stripped := ansi.Strip(text.String()); stripped != text.String() {
			t.Fatalf("an escape sequence got through: %q", text.String())
		}
		n = min(max(n, -1), 200)
		for _, cut := range []Text{text.Cut(n), text.CutMiddle(n), text.Head(n)} {
			if cut.Width() > max(n, 0) {
				t.Fatalf("%q is %d wide, at most %d asked", cut.String(), cut.Width(), n)
			}
		}
		l := L(In(Key), text).Plus(L(In(Num), text)).Fit(max(n, 0))
		if w := ansi.StringWidth(l.Plain()); w != max(n, 0) && !combines(s) {
			t.Fatalf("line is %d wide, %d asked: %q", w, n, l.Plain())
		}
	})
}

// combines tells texts whose characters join across a cut, where the sum of the
// parts is not the whole.
func combines(s string) bool {
	for _, r := range s {
		if r > 0x2ff {
			return true
		}
	}
	return false
}

func TestLineFit(t *testing.T) {
	t.Parallel()
	l := L(In(Key), T("sym")).Pad(1).Fg(T("AAPL"))
	for _, c := range []struct {
		n    int
		want string
	}{{10, "sym AAPL  "}, {8, "sym AAPL"}, {7, "sym AA…"}, {4, "sym…"}, {3, "sy…"}, {1, "…"}, {0, ""}} {
		if got := l.Fit(c.n); got.Plain() != c.want || got.Width() != c.n {
			t.Errorf("Fit(%d) = %q (%d), want %q", c.n, got.Plain(), got.Width(), c.want)
		}
	}
}

func TestLineEndsAndOver(t *testing.T) {
	t.Parallel()
	l := L(Style{}, T("left side"))
	r := L(In(Muted), T("12 ms"))
	for _, c := range []struct {
		n    int
		want string
	}{{18, "left side    12 ms"}, {12, "left … 12 ms"}, {5, "12 ms"}, {3, "12…"}} {
		if got := l.Ends(r, c.n).Plain(); got != c.want {
			t.Errorf("Ends(%d) = %q, want %q", c.n, got, c.want)
		}
	}
	wide := L(Style{}, Clean("日本語テスト"))
	got := wide.Over(L(Style{}, T("[x]")), 3)
	if got.Plain() != "日 [x]テスト" || got.Width() != 12 {
		t.Errorf("Over = %q (%d)", got.Plain(), got.Width())
	}
}

func TestALineIsAValue(t *testing.T) {
	t.Parallel()
	base := L(Style{}, T("a")).Fg(T("b")).Fg(T("c"))
	one, two := base.Fg(T("1")), base.Fg(T("2"))
	if one.Plain() != "abc1" || two.Plain() != "abc2" {
		t.Errorf("%q and %q share their parts", one.Plain(), two.Plain())
	}
}

func TestPainter(t *testing.T) {
	t.Parallel()
	r := lipgloss.NewRenderer(&strings.Builder{}, termenv.WithProfile(termenv.TrueColor))
	r.SetColorProfile(termenv.TrueColor)
	p := NewPainter(Palette{Roles: map[Role]string{Err: "#ff0000"}}, r, false)
	out := p.Paint([]Line{L(In(Err), T("✗")).Fg(T(" fine"))})
	if !strings.Contains(out, "38;2;255;0;0m✗") || ansi.Strip(out) != "✗ fine" {
		t.Errorf("painted %q", out)
	}
	plain := NewPainter(Palette{}, r, true).Paint([]Line{L(Style{}, T("▌● ━ ƒ3 ≈1 †"))})
	if ansi.Strip(plain) != ">o = m3 s1 x" {
		t.Errorf("ascii %q", plain)
	}
}
