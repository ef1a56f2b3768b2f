package ui

import (
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// groupLetter is the letter of a group, in its colour; blank below 0.
func groupLetter(n int) screen.Line {
	if n < 0 {
		return screen.Line{}.Pad(1)
	}
	return letter(n)
}

func groupStyle(n int) screen.Style { return screen.In(series[max(n, 0)%len(series)]) }

// group draws the subscriptions of one branch.
func (p *lensPage) group(i int, g model.LensGroup) {
	name := groupLetter(i).Pad(2)
	if len(g.Members) > 1 {
		name = name.Fg(screen.T("one branch"))
	} else {
		name = name.Fg(screen.T("alone"))
	}
	p.head(name, p.verdict(g))
	for _, m := range g.Members {
		p.member(i, m)
	}
	if words := p.evidence(g); words != "" && !(p.tight && len(g.Members) == 1) {
		p.text(muted, words)
	}
}

// verdict says how sure it is that a group is one branch, or alone.
func (p *lensPage) verdict(g model.LensGroup) screen.Line {
	share := clean(model.Number(g.Both) + " of " + model.Number(g.All))
	word := screen.L(warn, clean(g.Verdict.String()))
	if g.Verdict == model.Sure {
		word = screen.L(okay, screen.T("sure"))
	}
	if len(g.Members) > 1 {
		line := word.Pad(2).Muted(share)
		if p.a.lay.class != single {
			line = line.Muted(screen.T(" shared events equal"))
		}
		return line
	}
	switch {
	case g.Nearest < 0:
		return screen.L(muted, screen.T("nothing to compare with"))
	case g.Verdict == model.TooEarly:
		return word.Pad(2).Muted(clean(model.Number(g.All) + " of 10 events that tell"))
	case g.Verdict != model.Apart:
		return word.Pad(2).Muted(share)
	case g.Both == 0:
		return screen.L(muted, screen.T("nothing in common with ")).Plus(groupLetter(g.Nearest)).Muted(clean(" in " + model.Number(g.All) + " events"))
	}
	return screen.L(muted, share.Plus(screen.T(" in common with "))).Plus(groupLetter(g.Nearest))
}

// evidence names what the verdict rests on.
func (p *lensPage) evidence(g model.LensGroup) string {
	if len(g.Members) < 2 {
		if g.Nearest < 0 && g.Heard > 0 {
			return p.a.keyed("one subscription alone shows nothing; {lens.add} subscribes with other arguments")
		}
		return ""
	}
	words := "evidence: "
	switch g.Numbered {
	case g.Both:
		words += "same sequence and same payload"
	case 0:
		words += "same payload, without a sequence"
	default:
		words += "same payload, " + model.Number(g.Numbered) + " with the same sequence"
	}
	if g.Within < time.Millisecond {
		words += ", less than 1 ms apart"
	} else {
		words += ", at most " + model.Duration(g.Within) + " apart"
	}
	if lone := g.All - g.Both; lone > 0 {
		words += "; " + model.Number(lone) + " came to one alone"
	}
	return words
}

// label is how a subscription is called: A #1.
func label(group, number int) screen.Line {
	return groupLetter(group).Pad(1).Add(groupStyle(group), clean("#"+itoa(int64(number)))).Fit(6)
}

func (p *lensPage) member(group int, m model.LensMember) {
	t := p.a.state.Thing(m.Thing)
	if t == nil {
		return
	}
	rate := p.a.thingState(t)
	private := clean(model.Number(m.Private) + " private")
	right := rate.Pad(3).Add(plain, private)
	since := screen.L(muted, screen.T("since ")).Muted(clock(m.Since))
	if s := p.a.state.Dir.ByPeer(m.Server); s != nil && t.Target.Mode != 0 {
		since = since.Muted(screen.T("  from ")).Muted(clean(s.Instance.Name()).Cut(16))
	}
	left := screen.Line{}.Pad(p.indent).Plus(label(group, m.Number))
	w := p.w - 2
	if p.a.lay.class == single {
		right = rate
	}
	if p.tight {
		since = screen.Line{}
	}
	args := argsLine(m.Args, max(w-left.Width()-right.Width()-since.Width()-4, 8))
	left = left.Plus(args)
	if since.Width() > 0 && left.Width()+since.Width()+right.Width()+4 <= w {
		left = left.Pad(3).Plus(since)
	}
	p.thing(m.Row(), left.Ends(right, w))
}
