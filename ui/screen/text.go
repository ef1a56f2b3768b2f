// Package screen is the drawing kernel of the explorer: safe text, styled
// lines of exact width, and the painter that turns them into terminal output.
//
// A Line is made of Spans, a Span of a Text and a Style, and a Text can only be
// made from a constant of the program or through Clean. So nothing that came
// from the bus reaches the terminal unsanitized: it does not compile.
//
// All of it is pure and safe for concurrent use, but for Painter, which belongs
// to one goroutine. It knows neither the model nor Bubble Tea.
package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Text is a string that is safe to draw on one line, with its width in cells.
type Text struct {
	s string
	w int
}

// constant can't be named outside this package, so that T takes only untyped
// constants there: words that stand in the program's source.
type constant string

// T makes a Text of a constant of the program.
func T(s constant) Text { return Text{string(s), width(string(s))} }

// Clean makes a Text of any string. Control characters become visible symbols,
// characters that turn or hide text become escapes such as \u202e, and bytes
// that are no UTF-8 become \x and two digits.
func Clean(s string) Text {
	if isPlain(s) {
		return Text{s, len(s)}
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n <= 1 {
			writeByteEscape(&b, s[i])
			i++
			continue
		}
		writeSafe(&b, r)
		i += n
	}
	out := b.String()
	return Text{out, width(out)}
}

// CleanLines splits at line breaks and cleans each line.
func CleanLines(s string) []Text {
	parts := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	lines := make([]Text, len(parts))
	for i, p := range parts {
		lines[i] = Clean(p)
	}
	return lines
}

// Controls counts the characters of s that Clean would not draw as they are.
func Controls(s string) int {
	n := 0
	for _, r := range s {
		if r != '\n' && r != '\t' && hostile(r) {
			n++
		}
	}
	return n
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// hostile tells the characters that act on the terminal or on the reader
// instead of being read: controls, direction changes, and what has no width.
func hostile(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r == 0x061c, r == 0x00ad, r == 0x180e, r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r)
}

func writeSafe(b *strings.Builder, r rune) {
	switch {
	case r == '\t':
		b.WriteByte(' ')
	case r < 0x20:
		b.WriteRune(0x2400 + r)
	case r == 0x7f:
		b.WriteRune(0x2421)
	case r >= 0xfe00 && r <= 0xfe0f:
		// A variation selector only makes terminals disagree about the width.
	case hostile(r):
		writeRuneEscape(b, r)
	default:
		b.WriteRune(r)
	}
}

const hexDigits = "0123456789abcdef"

func writeByteEscape(b *strings.Builder, c byte) {
	b.WriteString(`\x`)
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}

func writeRuneEscape(b *strings.Builder, r rune) {
	digits := 4
	b.WriteString(`\u`)
	if r > 0xffff {
		digits = 6
	}
	for i := digits - 1; i >= 0; i-- {
		b.WriteByte(hexDigits[r>>(4*i)&15])
	}
}

func width(s string) int {
	if isPlain(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// String returns the safe string.
func (t Text) String() string { return t.s }

// Width returns the width in cells.
func (t Text) Width() int { return t.w }

// Empty reports whether there is nothing to draw.
func (t Text) Empty() bool { return t.s == "" }

// Plus returns both texts as one.
func (t Text) Plus(u Text) Text { return Text{t.s + u.s, t.w + u.w} }

// Cut returns the text in at most n cells, with … at the end where it was cut.
func (t Text) Cut(n int) Text {
	switch {
	case t.w <= n:
		return t
	case n <= 0:
		return Text{}
	}
	s := ansi.Truncate(t.s, n, "…")
	return Text{s, width(s)}
}

// CutMiddle returns the text in at most n cells, cut in the middle so that the
// telling end stays.
func (t Text) CutMiddle(n int) Text {
	switch {
	case t.w <= n:
		return t
	case n < 4:
		return t.Cut(n)
	}
	head := (n - 1) / 2
	tail := n - 1 - head
	left := ansi.Truncate(t.s, head, "")
	s := left + "…" + t.From(t.w-tail).s
	return Text{s, width(s)}
}

// From returns the text without its first n cells; a wide character that is
// cut through becomes a blank.
func (t Text) From(n int) Text {
	if n <= 0 {
		return t
	}
	if n >= t.w {
		return Text{}
	}
	s := ansi.TruncateLeft(t.s, n, "")
	w := width(s)
	if missing := t.w - n - w; missing > 0 {
		s, w = strings.Repeat(" ", missing)+s, w+missing
	}
	return Text{s, w}
}

// Head returns the first n cells, without a mark; a wide character that is cut
// through becomes a blank.
func (t Text) Head(n int) Text {
	switch {
	case t.w <= n:
		return t
	case n <= 0:
		return Text{}
	}
	s := ansi.Truncate(t.s, n, "")
	w := width(s)
	if w < n {
		s, w = s+strings.Repeat(" ", n-w), n
	}
	return Text{s, w}
}

// Repeat returns the text n times.
func (t Text) Repeat(n int) Text {
	if n <= 0 {
		return Text{}
	}
	return Text{strings.Repeat(t.s, n), t.w * n}
}

const blanks = "                                                                                                                                "

// Blank returns n blank cells.
func Blank(n int) Text {
	if n <= 0 {
		return Text{}
	}
	if n <= len(blanks) {
		return Text{blanks[:n], n}
	}
	return Text{strings.Repeat(" ", n), n}
}

// Wrap breaks the text at blanks into lines of at most n cells.
func (t Text) Wrap(n int) []Text {
	if n <= 0 {
		return nil
	}
	if t.w <= n {
		return []Text{t}
	}
	parts := strings.Split(ansi.Wrap(t.s, n, ""), "\n")
	lines := make([]Text, len(parts))
	for i, p := range parts {
		p = strings.TrimRight(p, " ")
		lines[i] = Text{p, width(p)}
	}
	return lines
}
