package screen

// Role is what a colour means. Code names roles; a theme gives them colours.
type Role uint8

// The roles of text. Series 1 to 6 identify things and always go with a letter.
const (
	Fg Role = iota
	Muted
	Faint
	Accent
	OK
	Warn
	Err
	Key
	Num
	Lit
	Series1
	Series2
	Series3
	Series4
	Series5
	Series6
	Behind
	MarkText
	// Ink is the text on a marked button, in the colour of the ground.
	Ink
)

// Ground is what lies behind the text. NoGround is the terminal's own.
type Ground uint8

// The grounds: header, fields and dialogs; cursor row and focused field; a
// mark; the marked button.
const (
	NoGround Ground = iota
	Surface
	Sel
	MarkGround
	Button
)

// Style is how a span looks. The zero value is plain text.
type Style struct {
	Role      Role
	Ground    Ground
	Bold      bool
	Underline bool
	// Reverse is the text cursor and nothing else.
	Reverse bool
	// Link is where the text leads, for terminals that can open it.
	Link Link
	// Upper and Lower are the points of a picture; all other text has roles.
	Upper, Lower Colour
}

// In returns the style of a role.
func In(r Role) Style { return Style{Role: r} }

// Strong returns the style of a role in bold.
func Strong(r Role) Style { return Style{Role: r, Bold: true} }

// Span is text in one style.
type Span struct {
	Text  Text
	Style Style
}

// Line is one row of the screen, or a part of one. It is a value: what is made
// from it leaves it as it is.
type Line struct {
	parts *parts
	n, w  int
}

// parts are the spans of a line, and of all lines that it was made from: each
// knows how many of them are its own. So a line grows in place as long as it is
// the longest made of these parts, and is copied when it is not.
type parts struct{ spans []Span }

// L makes a line of one span.
func L(style Style, t Text) Line { return Line{}.Add(style, t) }

// Width returns the width in cells.
func (l Line) Width() int { return l.w }

// Spans returns the parts of the line; they must not be changed.
func (l Line) Spans() []Span {
	if l.parts == nil {
		return nil
	}
	return l.parts.spans[:l.n:l.n]
}

// usualSpans is how many spans most lines have at most.
const usualSpans = 12

// Add returns the line with a span at its end.
func (l Line) Add(style Style, t Text) Line {
	if t.s == "" {
		return l
	}
	p := l.parts
	if p == nil || len(p.spans) != l.n {
		p = &parts{append(make([]Span, 0, l.n+usualSpans), l.Spans()...)}
	}
	p.spans = append(p.spans, Span{t, style})
	return Line{p, l.n + 1, l.w + t.w}
}

// Fg adds plain text.
func (l Line) Fg(t Text) Line { return l.Add(Style{}, t) }

// Muted adds muted text.
func (l Line) Muted(t Text) Line { return l.Add(In(Muted), t) }

// Pad adds n blank cells.
func (l Line) Pad(n int) Line { return l.Add(Style{}, Blank(n)) }

// To adds blanks up to the column.
func (l Line) To(column int) Line { return l.Pad(column - l.w) }

// Plus returns both lines as one.
func (l Line) Plus(m Line) Line {
	for _, s := range m.Spans() {
		l = l.Add(s.Style, s.Text)
	}
	return l
}

// Fit returns the line in exactly n cells: padded with blanks, or cut with … at
// its end.
func (l Line) Fit(n int) Line {
	switch {
	case l.w == n:
		return l
	case n <= 0:
		return Line{}
	case l.w < n:
		return l.Pad(n - l.w)
	}
	var out Line
	for i, s := range l.Spans() {
		rest := n - out.w
		if s.Text.w < rest || s.Text.w == rest && i == l.n-1 {
			out = out.Add(s.Style, s.Text)
			continue
		}
		// Something follows or this is too long: the mark stands in this span.
		cut := s.Text
		if cut.w <= rest {
			cut = cut.Plus(Text{" ", 1})
		}
		out = out.Add(s.Style, cut.Cut(rest))
		break
	}
	return out.Pad(n - out.w)
}

// Ends returns a line of exactly n cells with l at its left and r at its right.
// Where they do not fit, l is cut first.
func (l Line) Ends(r Line, n int) Line {
	if r.w >= n {
		return r.Fit(n)
	}
	room := n - r.w
	if l.w > room-1 && r.w > 0 {
		return l.Fit(room - 1).Pad(1).Plus(r)
	}
	return l.Fit(room).Plus(r)
}

// On returns the line with a ground behind every span that has none.
func (l Line) On(g Ground) Line {
	out := make([]Span, l.n)
	for i, s := range l.Spans() {
		if s.Style.Ground == NoGround && !s.Style.drawn() {
			s.Style.Ground = g
		}
		out[i] = s
	}
	return Line{&parts{out}, l.n, l.w}
}

// As returns the line with every span in one style.
func (l Line) As(style Style) Line {
	out := make([]Span, l.n)
	for i, s := range l.Spans() {
		out[i] = Span{s.Text, style}
		if s.Style.drawn() { // stays what it is, less bright
			out[i].Style = Style{Upper: s.Style.Upper.dim(), Lower: s.Style.Lower.dim()}
		}
	}
	return Line{&parts{out}, l.n, l.w}
}

// Cells returns the part from column a to column b.
func (l Line) Cells(a, b int) Line {
	var out Line
	at := 0
	for _, s := range l.Spans() {
		from, to := at, at+s.Text.w
		at = to
		if to <= a || from >= b {
			continue
		}
		t := s.Text
		if to > b {
			t = t.Head(b - from)
		}
		if from < a {
			t = t.From(a - from)
		}
		out = out.Add(s.Style, t)
	}
	return out
}

// Over returns the line with m laid over it from the column on.
func (l Line) Over(m Line, column int) Line {
	left := l.Cells(0, column)
	return left.Pad(column - left.w).Plus(m).Plus(l.Cells(column+m.w, l.w))
}

// Plain returns the text of the line without styles.
func (l Line) Plain() string {
	var b []byte
	for _, s := range l.Spans() {
		b = append(b, s.Text.s...)
	}
	return string(b)
}

// Rows returns exactly n lines of exactly w cells.
func Rows(lines []Line, w, n int) []Line {
	out := make([]Line, n)
	for i := range out {
		if i < len(lines) {
			out[i] = lines[i].Fit(w)
		} else {
			out[i] = Line{}.Pad(w)
		}
	}
	return out
}
