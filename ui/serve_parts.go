package ui

import (
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// offer writes the rules of an offer, and what a stream has.
func (p *serveWriter) offer(o *model.Offering) {
	p.rules(o)
	if !o.Streaming() {
		return
	}
	p.requests(o)
	p.branches(o)
	p.timers(o)
}

func (p *serveWriter) rules(o *model.Offering) {
	if len(o.Rules) == 0 {
		return
	}
	if p.one != nil {
		p.section(screen.L(plain, screen.T("Rules")), screen.L(muted, screen.T("first that fits answers")))
	}
	for i, r := range o.Rules {
		left := screen.Line{}.Pad(p.a.indent() - 1).Muted(clean(model.Number(i + 1))).Pad(2)
		if r.When == "" {
			left = left.Muted(screen.T("always"))
		} else {
			left = left.Add(accent, screen.T("| ")).Fg(clean(r.When))
		}
		times := screen.L(muted, clean(timesWords(r.Times))).Pad(2)
		middle := min(max(left.Width()+2, 28), p.w/2)
		left = left.Fit(min(left.Width(), middle-1)).To(middle).Muted(screen.T("→ "))
		left = left.Plus(ruleDoes(o, r, max(p.w-left.Width()-times.Width()-3, 6)))
		p.add(left.Ends(times, p.w-1), model.ServeRow{Kind: model.RowRule, Of: o, Rule: i})
	}
}

func timesWords(n int) string {
	if n == 1 {
		return "1 time"
	}
	return model.Number(n) + " times"
}

// ruleDoes says what a rule answers.
func ruleDoes(o *model.Offering, r model.Rule, w int) screen.Line {
	var line screen.Line
	switch {
	case r.Error != nil && o.Streaming():
		line = screen.L(bad, screen.T("reject ")).Fg(clean(`"` + r.Error.Reason + `"`))
	case r.Error != nil:
		line = screen.L(bad, screen.T("error ")).Fg(clean(`"` + r.Error.Reason + r.Error.URI + `"`))
	case o.Streaming() && r.Branch != "":
		line = screen.L(okay, screen.T("accept on ")).Add(accent, screen.T("| ")).Fg(clean(r.Branch))
	case o.Streaming():
		line = screen.L(okay, screen.T("accept"))
	case r.JQ != "":
		line = screen.L(accent, screen.T("| ")).Fg(clean(r.JQ))
	case r.Value != nil:
		line = payload(r.Value, w)
	default:
		line = screen.L(muted, screen.T("nothing"))
	}
	if r.After > 0 {
		line = line.Muted(clean(" after " + model.Duration(r.After)))
	}
	if line.Width() > w {
		line = line.Fit(w)
	}
	return line
}

// requests are those who ask to subscribe.
func (p *serveWriter) requests(o *model.Offering) {
	list := p.a.state.Requests(p.v, o)
	if len(list) == 0 {
		return
	}
	if p.one != nil {
		help := screen.Line{}
		if p.w >= 60 {
			for _, x := range []struct {
				id    string
				words screen.Text
			}{{"serve.accept", screen.T(" accept")}, {"serve.accept-branch", screen.T(" on a branch")}, {"serve.refuse", screen.T(" reject")}} {
				help = help.Pad(min(help.Width(), 2)).Add(accent, clean(p.a.keyFor(x.id))).Muted(x.words)
			}
		}
		p.section(screen.L(plain, screen.T("Asking to subscribe")), help.Pad(min(help.Width(), 2)).Add(warn, clean(model.Number(len(list)))))
	}
	for _, in := range list {
		p.add(p.incoming(in, screen.L(warn, screen.T("asks")), p.countdown(in)), model.ServeRow{Kind: model.RowWaiting, Of: o, In: in})
	}
}

// branches are the branches of a stream, with those who are on them.
func (p *serveWriter) branches(o *model.Offering) {
	if p.one != nil && !p.low {
		p.blank()
	}
	if len(o.Branches) == 0 {
		p.say(screen.Line{}.Pad(p.a.indent() - 1).Muted(screen.T("nobody listens yet")))
		return
	}
	in := p.a.indent() - 1
	name := 10
	for _, b := range o.Branches {
		name = max(name, min(clean(keyWord(b.Key)).Width()+2, p.w/4))
	}
	wide := p.w >= 60
	columns := func(key, subs, sent, rate, next screen.Line) screen.Line {
		line := screen.Line{}.Pad(in).Plus(key.Fit(min(key.Width(), name-1))).To(in + name)
		room := p.w - in - name - 10
		if wide {
			room -= 9 + 20
		}
		line = line.Plus(subs.Fit(min(subs.Width(), room-1))).To(in + name + room)
		line = line.Ends(sent, line.Width()+8)
		if wide {
			line = line.Ends(rate, line.Width()+8).Pad(3).Plus(next)
		}
		return line
	}
	head := func(t screen.Text) screen.Line { return screen.L(muted, t) }
	p.say(columns(head(screen.T("branch")), head(screen.T("subscribers")), head(screen.T("pushed")), head(screen.T("rate")), head(screen.T("next push"))))
	for _, b := range o.Branches {
		subs := o.On(b.Key)
		p.add(columns(screen.L(bold, clean(keyWord(b.Key))), screen.L(plain, clean(model.Count(len(subs), "subscriber"))),
			screen.L(plain, clean(model.Number(b.Sent))), screen.L(num, clean(model.PerSecond(b.Traffic.Rate(p.a.state.Now)))), p.nextPush(o, b)),
			model.ServeRow{Kind: model.RowBranch, Of: o, Branch: b})
		for _, s := range subs {
			who := screen.L(plain, clean(s.Who.Name()).CutMiddle(20)).Pad(2)
			if hasMembers(s.Args) {
				who = who.Plus(payload(s.Args, 40))
			}
			note := screen.L(muted, clean("since "+s.Since.Format("15:04:05")))
			alone := screen.Line{}
			if s.Private > 0 {
				alone = screen.L(muted, clean("○ "+model.Number(s.Private)))
			}
			p.add(columns(screen.Line{}.Pad(2).Add(okay, screen.T("●")), who, screen.L(muted, clean(model.Number(s.Sent))), alone, note),
				model.ServeRow{Kind: model.RowSubscriber, Of: o, Subscriber: s})
		}
	}
}

// nextPush tells when something is pushed to a branch next.
func (p *serveWriter) nextPush(o *model.Offering, b *model.OwnBranch) screen.Line {
	for _, t := range o.Timers {
		if t.Err != "" || t.To.Subscriber != 0 || t.To.Branch != nil && *t.To.Branch != b.Key {
			continue
		}
		return screen.L(muted, clean("every "+every(t.Every)))
	}
	return screen.L(muted, screen.T("by hand"))
}

// timers push from time to time.
func (p *serveWriter) timers(o *model.Offering) {
	if len(o.Timers) == 0 {
		return
	}
	if p.one != nil {
		p.section(screen.L(plain, screen.T("Timers")), screen.L(muted, screen.T("they push while somebody listens")))
	}
	for i, t := range o.Timers {
		line := screen.Line{}.Pad(p.a.indent() - 1).Fg(clean(paceWords(t))).Pad(2).Muted(screen.T("to ")).Fg(clean(toWords(o, t.To))).Pad(3)
		right := screen.L(muted, clean(model.Number(t.Sent)+" pushed"))
		if left := t.Next.Sub(p.a.state.Now); left > 0 && t.Every >= time.Second {
			right = right.Muted(clean(", next in " + secondsLeft(left)))
		}
		if t.Err != "" {
			right = screen.L(bad, clean("✗ stopped: "+t.Err).Cut(p.w/2))
		}
		room := max(p.w-line.Width()-right.Width()-4, 4)
		if t.JQ != "" {
			what := screen.L(accent, screen.T("| ")).Fg(clean(t.JQ))
			line = line.Plus(what.Fit(min(what.Width(), room)))
		} else {
			line = line.Plus(payload(t.Value, room))
		}
		p.add(line.Ends(right.Pad(2), p.w-1), model.ServeRow{Kind: model.RowTimer, Of: o, Timer: i})
	}
}

// every writes a span that was chosen, not measured: 1 s, 500 ms, 1m30s.
func every(d time.Duration) string {
	switch {
	case d%time.Second == 0 && d < 2*time.Minute:
		return model.Number(int(d/time.Second)) + " s"
	case d%time.Millisecond == 0 && d < time.Second:
		return model.Number(int(d/time.Millisecond)) + " ms"
	}
	return d.String()
}

func paceWords(t model.Timer) string {
	words := "once"
	if t.Every > 0 {
		words = "every " + every(t.Every)
	}
	if t.Times > 0 && t.Every > 0 {
		words += ", " + timesWords(t.Times)
	}
	return words + t.Beside()
}

// toWords says whom a push goes to.
func toWords(o *model.Offering, to model.PushTo) string {
	return o.Reach(to, func(s *model.Subscriber) string { return s.Who.Name() + " alone" })
}
