package ui

import (
	"slices"

	"ioscope/model"
	"ioscope/ui/screen"
)

// past are those that are over.
func (p *serveWriter) past() {
	list := p.a.state.PastCalls(p.v)
	if len(list) == 0 {
		return
	}
	p.section(screen.L(plain, screen.T("Past")), screen.L(muted, clean(model.Number(len(list)))))
	for _, in := range list {
		of := model.ServeRow{Kind: model.RowPast, Of: in.Of, In: in}
		mark := screen.L(muted, clock(in.Over)).Pad(2).Muted(clean("#" + model.Number(in.ID)))
		switch {
		case in.Subscriber != 0 && p.w < 60:
			mark = screen.L(muted, screen.T("†"))
		case in.Subscriber != 0:
			mark = screen.L(muted, clock(in.Over)).Pad(2).Muted(screen.T("†"))
		case p.w < 60:
			mark = screen.L(muted, clean("#"+model.Number(in.ID)))
		}
		p.add(p.incoming(in, mark, p.outcome(in)), of)
		if in.Open {
			p.details(in)
		}
	}
}

// outcome tells how something ended, and how long it took.
func (p *serveWriter) outcome(in *model.Incoming) screen.Line {
	words, style := "", okay
	if in.Subscriber != 0 {
		room := p.w * 3 / 5
		if p.w < 45 {
			room = p.w / 2 // the name counts, too; enter tells the rest
		}
		return screen.L(muted, clean(in.Parting()).Cut(max(room, 12))).Plus(screen.L(muted, right(model.Duration(in.Took), 8)))
	}
	switch in.How {
	case model.ByHand:
		words = "✓ by hand"
	case model.ByRule:
		words = "✓ rule " + model.Number(in.Rule)
		if in.Rule == 0 {
			words = "✓ a rule that is gone"
		}
	case model.RanOut:
		words, style = "! ran out", warn
	case model.CallerLeft:
		words, style = "† left", muted
	case model.ConnectionLost:
		words, style = "† connection lost", muted
	case model.Undecided:
	}
	if in.Branch != "" {
		words += ", on " + in.Branch
	}
	line := screen.L(style, clean(words).Cut(max(p.w/3, 12)))
	if in.Err != "" {
		line = screen.L(bad, clean("✗ "+in.Err).Cut(max(p.w/3, 12)))
	}
	return line.Plus(screen.L(muted, right(model.Duration(in.Took), 8)))
}

// details shows all of something that is over.
func (p *serveWriter) details(in *model.Incoming) {
	show := func(word screen.Text, value screen.Line) {
		p.say(screen.Line{}.Pad(p.a.indent() + 1).Muted(word).To(p.a.indent() + 12).Plus(value))
	}
	room := max(p.w-p.a.indent()-15, 8)
	show(screen.T("asked"), argsLine(in.Args, room))
	switch {
	case in.Subscriber != 0:
		show(screen.T("was"), screen.L(plain, clean("on "+keyWord(in.Branch)+", "+in.Parting()).Cut(room)))
	case in.Err != "":
		show(screen.T("error"), screen.L(bad, clean(in.Err).Cut(room)))
	case in.Value != nil:
		show(screen.T("answered"), payload(in.Value, room))
	case in.Of.Streaming() && (in.How == model.ByHand || in.How == model.ByRule):
		show(screen.T("accepted"), screen.L(plain, clean("on "+keyWord(in.Branch)).Cut(room)))
	}
	show(screen.T("came"), screen.L(plain, clock(in.At)).Muted(screen.T("  from  ")).Fg(clean(in.Caller.Name()+"  "+in.Caller.Machine+"  "+in.Caller.User).Cut(max(room-18, 4))))
}

// status tells as whom we offer, and who sees it.
func (p *serveWriter) status() screen.Line {
	c := p.a.state.Conn
	left := screen.Line{}.Pad(1).Muted(screen.T("registered as ")).Fg(clean(c.Self.Name())).Muted(clean(", seen by every app of user " + c.Self.User))
	if list := p.v.Served(p.a.state); len(list) > 0 && !slices.ContainsFunc(list, func(o *model.Offering) bool { return o.Standing == model.Offered || o.Standing == model.Registering }) {
		left = screen.Line{}.Pad(1).Muted(screen.T("nothing of this is offered now: nobody sees it"))
	}
	if o := p.one; o != nil && !o.Streaming() && len(o.Waiting) > 0 && o.Patience == model.Patience {
		left = screen.Line{}.Pad(1).Muted(clean("no caller says how long it waits; " + every(o.Patience) + ", the usual, is taken"))
	}
	var right screen.Line
	if at, ok := p.a.state.ServeAt(p.v); ok && at.Kind == model.RowWaiting && !at.Of.Streaming() {
		list := p.a.state.Unanswered(p.v)
		for i, in := range list {
			if in == at.In {
				right = screen.L(muted, clean("call "+model.Number(i+1)+" of "+model.Number(len(list)))).Pad(1)
			}
		}
	}
	return left.Fit(max(p.w-right.Width()-1, 1)).Ends(right, p.w)
}
