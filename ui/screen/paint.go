package screen

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Palette gives every role and ground its colour, as "#rrggbb".
type Palette struct {
	Roles   map[Role]string
	Grounds map[Ground]string
}

// Painter turns lines into terminal output. It belongs to one goroutine.
type Painter struct {
	palette  Palette
	renderer *lipgloss.Renderer
	ascii    bool
	codes    map[Style]pair
	shades   map[Style]pair
}

// pair is what Lip Gloss writes before and after a text of one style.
type pair struct{ open, shut string }

// NewPainter returns a painter for one theme and one terminal. With ascii the
// signs of the program are drawn in ASCII of the same width.
func NewPainter(p Palette, r *lipgloss.Renderer, ascii bool) *Painter {
	return &Painter{palette: p, renderer: r, ascii: ascii, codes: map[Style]pair{}, shades: map[Style]pair{}}
}

// Plain reports whether the terminal shows no colours, so that signs have to
// carry all.
func (p *Painter) Plain() bool { return p.renderer.ColorProfile() == termenv.Ascii }

// Pictures reports whether the terminal has colours enough to draw pictures with
// half blocks.
func (p *Painter) Pictures() bool {
	colours := p.renderer.ColorProfile()
	return !p.ascii && (colours == termenv.TrueColor || colours == termenv.ANSI256)
}

// Paint returns the lines as one string, without a line break at its end.
func (p *Painter) Paint(lines []Line) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		p.line(&b, l)
	}
	return b.String()
}

func (p *Painter) line(b *strings.Builder, l Line) {
	spans := l.Spans()
	for i := 0; i < len(spans); {
		style := spans[i].Style
		bare := style
		bare.Link = Link{}
		c := p.code(bare)
		linked := style.Link.to != nil && p.Links()
		if linked {
			b.WriteString(style.Link.hyperlink().open)
		}
		b.WriteString(c.open)
		for ; i < len(spans) && spans[i].Style == style; i++ {
			if p.ascii {
				b.WriteString(ASCII(spans[i].Text.s))
			} else {
				b.WriteString(spans[i].Text.s)
			}
		}
		b.WriteString(c.shut)
		if linked {
			b.WriteString(style.Link.hyperlink().shut)
		}
	}
}

// code asks Lip Gloss once per style: measuring every span anew would cost more
// than all else of a frame.
func (p *Painter) code(s Style) pair {
	if s.drawn() {
		return p.shade(s)
	}
	if c, ok := p.codes[s]; ok {
		return c
	}
	st := p.renderer.NewStyle()
	if colour := p.palette.Roles[s.Role]; colour != "" {
		st = st.Foreground(lipgloss.Color(colour))
	}
	if colour := p.palette.Grounds[s.Ground]; colour != "" {
		st = st.Background(lipgloss.Color(colour))
	}
	if s.Bold {
		st = st.Bold(true)
	}
	if s.Underline {
		st = st.Underline(true)
	}
	if s.Reverse {
		st = st.Reverse(true)
	}
	// Underline would make Lip Gloss style each character apart.
	st = st.UnderlineSpaces(s.Underline)
	open, shut, _ := strings.Cut(st.Render("x"), "x")
	c := pair{open, shut}
	p.codes[s] = c
	return c
}

var asciiGlyphs = strings.NewReplacer(
	"▌", ">", "━", "=", "─", "-", "╌", "-", "│", "|", "●", "o", "○", ".", "†", "x",
	"✓", "v", "✗", "X", "≠", "#", "▸", "+", "▾", "-", "•", "*", "→", ">", "←", "<",
	"≈", "s", "ƒ", "m", "◆", "@", "◎", "w", "×", "x", "▼", "V", "▲", "^", "‖", "=",
	"↓", "v", "↑", "^", "↕", ":", "…", "~", "·", "-",
	"◐", "|", "◓", "/", "◑", "-", "◒", "\\",
	"▁", "_", "▂", ".", "▃", ",", "▄", "-", "▅", "=", "▆", "+", "▇", "*", "█", "#",
	"┤", "|", "╭", "+", "╮", "+", "╰", "+", "╯", "+", "›", ">", "“", "\"", "”", "\"",
)

// ASCII returns the text with the program's signs in ASCII of the same width.
func ASCII(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x2400 && r <= 0x2421 {
			return '?'
		}
		return r
	}, asciiGlyphs.Replace(s))
}
