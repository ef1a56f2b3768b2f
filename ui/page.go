package ui

import (
	"ioscope/ui/screen"
)

// page is a column of lines that is being written, with an indent.
type page struct {
	w, indent int
	lines     []screen.Line
}

func (a *App) newPage(w int) *page {
	return &page{w: w, indent: a.indent()}
}

// indent is how far text stands from the edge of a pane.
func (a *App) indent() int {
	if a.lay.class == narrow || a.lay.class == single {
		return 2
	}
	return 3
}

func (p *page) blank() { p.lines = append(p.lines, screen.Line{}) }

func (p *page) add(l screen.Line) {
	p.lines = append(p.lines, screen.Line{}.Pad(p.indent).Plus(l))
}

// ends adds a line with something at the right.
func (p *page) ends(l, r screen.Line) {
	p.add(l.Ends(r, p.w-p.indent-2))
}

// text adds words, wrapped.
func (p *page) text(style screen.Style, s string) {
	for _, line := range screen.CleanLines(s) {
		for _, part := range line.Wrap(p.w - p.indent - 2) {
			p.add(screen.L(style, part))
		}
	}
}

// few adds words, wrapped, in at most n lines, with … where they go on.
func (p *page) few(style screen.Style, s string, n int) {
	before := len(p.lines)
	p.text(style, s)
	if len(p.lines)-before <= n {
		return
	}
	p.lines = p.lines[:before+n-1]
	rest := ""
	for _, line := range screen.CleanLines(s) {
		for i, part := range line.Wrap(p.w - p.indent - 2) {
			if i >= n-1 {
				rest += part.String() + " "
			}
		}
		if len(rest) > 2*p.w {
			break
		}
	}
	p.add(screen.L(style, clean(rest+"…").Cut(p.w-p.indent-2)))
}

// heading adds a blank row and a muted word.
func (p *page) heading(word screen.Text) {
	p.blank()
	p.add(screen.L(muted, word))
}
