package plain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ioscope/model"
)

// serveNews knows what was told of our offers.
type serveNews struct {
	// who are the subscribers that were told of, by number.
	who map[int]string
	// breaths are, by offer, what it may still say in this second.
	breaths map[model.OfferingID]*offerBreath
	// urged are the requests of which it was told that little time is left.
	urged map[int]bool
}

// offerBreath is the second in which an offer may say so many lines; what comes
// besides is counted at its end.
type offerBreath struct {
	began       time.Time
	lines, more int
}

// urgent is how much time is left of a request when that is told.
const urgent = 10 * time.Second

// hearServe tells of what concerns our offers.
func (x *explorer) hearServe(in model.Input) {
	s := &x.serve
	if s.who == nil {
		s.who, s.breaths, s.urged = map[int]string{}, map[model.OfferingID]*offerBreath{}, map[int]bool{}
	}
	switch in := in.(type) {
	case model.Provided:
		if o := x.state.Offering(in.ID); o != nil {
			x.sayf("%s: %s", o.Def.Name, map[bool]string{true: "offered, others see it", false: standing(o)}[o.Standing == model.Offered])
		}
	case model.OffersRead:
		x.say("offers: " + inPlainWords(x.state.Notice.Text))
	case model.Came:
		if o := x.state.Offering(in.ID); o != nil {
			for _, w := range o.Waiting {
				if w.ID == in.Call {
					x.breath(o, x.requestLine(w)+". "+x.there(howToAnswer(w)))
				}
			}
		}
	case model.Over:
		delete(s.urged, in.Call)
		o := x.state.Offering(in.ID)
		if o == nil {
			return
		}
		for i := len(o.Past) - 1; i >= 0; i-- {
			if p := o.Past[i]; p.ID == in.Call && p.Subscriber == 0 {
				x.toldOver(o, p)
				return
			}
		}
	case model.Joined:
		if o := x.state.Offering(in.ID); o != nil {
			s.who[in.Subscriber] = in.Who.Name()
			words := o.Def.Name + ": " + in.Who.Name() + " subscribes" + withArgs(in.Args)
			if in.Branch != "" {
				words += ", on branch " + in.Branch
			}
			x.breath(o, words+", subscriber "+fmt.Sprint(in.Subscriber))
		}
	case model.Parted:
		o, name := x.state.Offering(in.ID), s.who[in.Subscriber]
		delete(s.who, in.Subscriber)
		if o != nil && name != "" {
			x.breath(o, o.Def.Name+": "+name+", subscriber "+fmt.Sprint(in.Subscriber)+", is gone"+goneWords(o, in.Subscriber))
		}
	case model.Sown:
		if o := x.state.Offering(in.ID); o != nil && in.Err != nil {
			x.breath(o, o.Def.Name+": a timer stopped: "+in.Err.Error())
		}
	}
}

// goneWords tell of a subscriber that is gone on which branch it was, who ended it, and
// what it got.
func goneWords(o *model.Offering, id int) string {
	for _, p := range slices.Backward(o.Past) {
		switch {
		case p.Subscriber != id:
		case p.Branch != "":
			return ": branch " + p.Branch + ", " + p.Parting()
		default:
			return ": " + p.Parting()
		}
	}
	return ""
}

// there says which commands do something where it happens: on another bus, with its
// name before them.
func (x *explorer) there(commands string) string {
	if !x.away() {
		return commands
	}
	on := "on " + x.called(x.desk) + " "
	return on + strings.ReplaceAll(commands, ", reject ", ", "+on+"reject ")
}

// toldOver tells what became of a request. Who was told of it by number hears of it by
// number; what a rule decided at once had none.
func (x *explorer) toldOver(o *model.Offering, in *model.Incoming) {
	if in.How == model.ByRule {
		x.breath(o, o.Def.Name+": "+in.Caller.Name()+withArgs(in.Args)+" "+outcome(in))
		return
	}
	x.sayf("request %d: %s", in.ID, outcome(in))
}

// breath says a line of an offer, or counts it where the offer has said enough in this
// second.
func (x *explorer) breath(o *model.Offering, line string) {
	b := x.serve.breaths[o.ID]
	if b == nil {
		b = &offerBreath{}
		x.serve.breaths[o.ID] = b
	}
	if x.state.Now.Sub(b.began) >= breath {
		x.endBreath(o.Def.Name, b)
		*b = offerBreath{began: x.state.Now}
	}
	if b.lines >= breathLines {
		b.more++
		return
	}
	b.lines++
	x.say(line)
}

func (x *explorer) endBreath(name string, b *offerBreath) {
	if b.more > 0 {
		x.sayf("%s: and %s more came and went; requests tells what waits", name, model.Number(b.more))
		b.more = 0
	}
}

// tellServe tells what is due of our offers, and returns when something is next.
func (x *explorer) tellServe() {
	for _, o := range x.state.Serving().Offerings {
		if b := x.serve.breaths[o.ID]; b != nil && b.more > 0 && x.state.Now.Sub(b.began) >= breath {
			x.endBreath(o.Def.Name, b)
			*b = offerBreath{}
		}
		for _, in := range o.Waiting {
			if left := in.Deadline.Sub(x.state.Now); left <= urgent && left > 0 && !x.serve.urged[in.ID] && in.Deadline.Sub(in.At) > urgent {
				x.serve.urged[in.ID] = true
				x.breath(o, "request "+fmt.Sprint(in.ID)+": "+in.Caller.Name()+" waits, "+model.Awaited(left)+" left")
			}
		}
	}
}

// serveDue is when tellServe has something to say next; zero for never.
func (d *desk) serveDue() (at time.Time) {
	sooner := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	for _, o := range d.state.Serving().Offerings {
		if b := d.serve.breaths[o.ID]; b != nil && b.more > 0 {
			sooner(b.began.Add(breath))
		}
		for _, in := range o.Waiting {
			if !d.serve.urged[in.ID] && in.Deadline.Sub(in.At) > urgent && in.Deadline.After(d.state.Now) {
				sooner(in.Deadline.Add(-urgent))
			}
		}
	}
	return at
}
