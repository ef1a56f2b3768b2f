package ui

import (
	"strings"

	"ioscope/model"
	"ioscope/ui/screen"
)

// truth lists the branches as the bus or the publisher knows them.
func (p *lensPage) truth() {
	known := p.l.Truth
	if !known.Told() {
		return
	}
	if !known.Known {
		if !p.tight {
			p.head(screen.L(plain, screen.T("true branches")), screen.L(muted, screen.T("not known: neither bus nor publisher is ours")))
		}
		return
	}
	p.head(screen.L(plain, screen.T("true branches")), screen.L(muted, clean(known.Source)))
	if len(p.v.Branches) == 0 {
		p.text(muted, "none now: nobody is subscribed")
		return
	}
	names := 6
	for _, b := range p.v.Branches {
		names = max(names, clean(branchName(b)).Width())
	}
	names = min(names, max(p.w/3, 6))
	at := p.indent + 2
	line := screen.Line{}.Pad(at).Muted(screen.T("key")).To(at + names + 2).Muted(screen.T("subscribers"))
	p.lines = append(p.lines, line.Ends(screen.L(muted, screen.T("events      /s")), p.w-2))
	for _, b := range p.v.Branches {
		line := screen.Line{}.Pad(p.indent).Plus(groupLetter(p.v.Letter(b))).Pad(1)
		style := plain
		if !b.KeyKnown {
			style = muted
		}
		line = line.Add(style, clean(branchName(b)).CutMiddle(names)).To(at + names + 2)
		rate := strings.TrimSuffix(model.PerSecond(b.Rate), "/s")
		right := screen.L(num, right(model.Number(int(b.Events)), 9)).Add(num, right8(rate))
		line = line.Fg(clean(p.subscribers(b)).Cut(max(p.w-4-line.Width()-right.Width(), 4)))
		p.thing(b.Row(), line.Ends(right, p.w-2))
	}
	p.space()
	if n := len(p.v.Groups); n > 0 {
		style, words := muted, "inferred and true agree on "+model.Number(p.v.Agree)+" of "+model.Count(n, "group")
		if p.v.Agree < n && !p.early() {
			style = warn
			words = "! " + words
		}
		p.text(style, words)
	}
}

// early reports whether a group waits for its verdict.
func (p *lensPage) early() bool {
	for _, g := range p.v.Groups {
		if g.Verdict == model.TooEarly {
			return true
		}
	}
	return false
}

func right8(words string) screen.Text { return right(words, 8) }

func branchName(b model.TrueBranch) string {
	switch {
	case !b.KeyKnown:
		return "stream id " + b.ID
	case b.Key == "":
		return "(none)"
	}
	return b.Key
}

// subscribers names who is on a branch, ours by their numbers.
func (p *lensPage) subscribers(b model.TrueBranch) string {
	names := make([]string, len(b.Subscribers))
	for i, s := range b.Subscribers {
		names[i] = s.Name
		if number := p.l.NumberOf(s.Thing); s.Thing != 0 && number != "" {
			names[i] += " " + number
		}
	}
	return strings.Join(names, ", ")
}
