package ui

import (
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// timeline draws when what came to whom in the last seconds.
func (p *lensPage) timeline() {
	n := 0
	for _, g := range p.v.Groups {
		n += len(g.Members)
	}
	if n == 0 {
		return
	}
	legend := screen.L(muted, screen.T("● shared   ○ private   ╎ 1 s"))
	if p.a.lay.class == single {
		legend = screen.L(muted, screen.T("● shared  ○ private"))
	}
	p.head(screen.L(plain, screen.T("last 4 seconds")), legend)
	from := p.indent + 6
	cells := p.w - from - 2
	if cells < 8 {
		return
	}
	step := model.BeatSpan / time.Duration(cells)
	// Whole columns, so that what is drawn moves and does not flicker.
	end := p.v.At.Truncate(step)
	p.space()
	for i, g := range p.v.Groups {
		for _, m := range g.Members {
			line := screen.Line{}.Pad(p.indent).Plus(label(i, m.Number))
			blanks := 0
			for c := range cells {
				shared, private := m.Beats.Between(end.Add(time.Duration(c-cells)*step), end.Add(time.Duration(c+1-cells)*step))
				sign := screen.T("●")
				switch {
				case private > 0:
					sign = screen.T("○")
				case shared == 0:
					blanks++
					continue
				}
				line = line.Pad(blanks).Add(groupStyle(i), sign)
				blanks = 0
			}
			p.lines = append(p.lines, line.Pad(blanks))
		}
	}
	p.axis(from, cells, step, end)
}

// axis marks the whole seconds below the timeline.
func (p *lensPage) axis(from, cells int, step time.Duration, end time.Time) {
	line := screen.Line{}.Pad(from)
	first := true
	for c := range cells {
		a, b := end.Add(time.Duration(c-cells)*step), end.Add(time.Duration(c+1-cells)*step)
		second := b.Truncate(time.Second)
		if second.Before(a) || !second.Before(b) || line.Width() > from+c {
			continue
		}
		words := "╎ " + second.Format(":05")
		if first {
			words = "╎ " + second.Format("15:04:05")
		}
		if from+c+clean(words).Width() > from+cells {
			break
		}
		line = line.To(from + c).Muted(clean(words)).Pad(1)
		first = false
	}
	p.lines = append(p.lines, line)
}

// private lists what came to one subscription alone.
func (p *lensPage) private(h int) {
	p.head(screen.L(plain, screen.T("private, only to you")), screen.L(plain, clean(model.Number(p.v.Privates))))
	list := p.v.Private
	most := max(4, h/8)
	if p.l.PrivateOnly {
		most = len(list)
	}
	here := len(list) - 1
	for i, e := range list {
		if e.Row() == p.cursor {
			here = i
		}
	}
	from := max(min(here-most/2, len(list)-most), 0)
	if p.v.Privates == 0 {
		p.text(muted, "nothing came to one of them alone")
	}
	for _, e := range list[from:min(from+most, len(list))] {
		line := screen.Line{}.Pad(p.indent).Muted(clean(e.At.Format("15:04:05.000"))).Pad(2)
		group := p.v.GroupOf(e.Member)
		line = line.Plus(groupLetter(group)).Pad(1).Fg(clean("#" + itoa(int64(e.Member)))).Pad(3)
		tail := screen.Line{}
		if e.Snapshot {
			tail = tail.Pad(2).Add(lit, screen.T("snapshot"))
		}
		p.thing(e.Row(), line.Plus(payload(e.Data, max(p.w-2-line.Width()-tail.Width(), 4))).Plus(tail))
	}
}
