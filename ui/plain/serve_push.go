package plain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// pushTo takes what says to whom is pushed out of the words. With an @ before them
// they do so even where the data has a field of that name.
func (x *explorer) pushTo(o *model.Offering, words []string) (to model.PushTo, rest []string, err error) {
	sig, _ := bus.ParseSignature(o.Def.Returns)
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		name, always := strings.CutPrefix(key, "@")
		_, taken := sig.Find(name)
		if taken && !always || name != "branch" && name != "subscriber" {
			rest = append(rest, w)
			continue
		}
		if name == "branch" {
			to.Branch = &value
			continue
		}
		if to.Subscriber, err = x.subscriber(o, value); err != nil {
			return to, nil, err
		}
	}
	if to.Branch != nil && len(o.On(*to.Branch)) == 0 {
		return to, nil, problemf("offers "+o.Def.Name+" lists the branches", "nobody is on branch %s", keyWords(*to.Branch))
	}
	return to, rest, nil
}

// subscriber finds a subscriber of a stream by its number, or by the only one of its
// name.
func (x *explorer) subscriber(o *model.Offering, word string) (int, error) {
	found := 0
	for _, s := range o.Subscribers {
		if strconv.Itoa(s.ID) == word {
			return s.ID, nil
		}
		if strings.EqualFold(s.Who.Name(), word) {
			if found != 0 {
				return 0, problemf("offers "+o.Def.Name+" lists their numbers", "more than one subscriber is called %s", word)
			}
			found = s.ID
		}
	}
	if found == 0 {
		return 0, problemf("offers "+o.Def.Name+" lists them", "%s has no subscriber %s", o.Def.Name, word)
	}
	return found, nil
}

// push pushes by hand.
func (x *explorer) push(words []string) error {
	o, rest, err := x.offering(words, true)
	if err != nil {
		return err
	}
	to, rest, err := x.pushTo(o, rest)
	if err != nil {
		return err
	}
	value, err := x.valueOf(o.Def.Returns, rest)
	if err != nil {
		return problemf(unpushed(o), "%v", err)
	}
	x.now()
	page := x.state.Serving()
	page.Form, x.state.Notice = nil, model.Notice{}
	x.state.PushForm(page, o, to)
	if page.Form != nil {
		page.Form.Sheet.Form.Fill(value)
	}
	return x.submit(o.Def.Name, unpushed(o))
}

func unpushed(o *model.Offering) string {
	if o.Def.Returns == "" {
		return "nothing was pushed"
	}
	return "nothing was pushed; " + o.Def.Name + " returns " + o.Def.Returns
}

// timer pushes on a timer, changes one or stops it.
func (x *explorer) timer(words []string) error {
	o, rest, err := x.offering(words, true)
	if err != nil {
		return err
	}
	x.now()
	if len(rest) == 0 {
		for i, t := range o.Timers {
			x.sayf("timer %d of %s: %s", i+1, o.Def.Name, x.timerWords(o, t))
		}
		if len(o.Timers) == 0 {
			x.say(o.Def.Name + ": no timer; timer " + o.Def.Name + ` every=1s jq="{n: .n}" starts one`)
		}
		return nil
	}
	var old *model.Timer
	n := len(o.Timers) + 1
	if i, err := strconv.Atoi(rest[0]); err == nil {
		if i < 1 || i > len(o.Timers) {
			return problemf("timer "+o.Def.Name+" lists them", "%s has no timer %d", o.Def.Name, i)
		}
		n, old, rest = i, &o.Timers[i-1], rest[1:]
		if len(rest) == 1 && rest[0] == "stop" {
			if err := x.deed(o.Def.Name, func() []model.Effect { return x.state.StopTimer(o, i-1) }); err != nil {
				return err
			}
			x.sayf("timer %d of %s: stopped", i, o.Def.Name)
			return nil
		}
	}
	to, rest, err := x.pushTo(o, rest)
	if err != nil {
		return err
	}
	page := x.state.Serving()
	page.Form, x.state.Notice = nil, model.Notice{}
	x.state.TimerForm(page, o, old, to)
	if page.Form != nil {
		form := page.Form.Sheet.Form
		if said(rest, "value=") {
			form.SetText("jq", "") // one of both is enough, and this one was only suggested
		}
		if said(rest, "jq=") {
			form.SetText("value", "")
		}
		if err := x.fields(form, rest); err != nil {
			page.Form = nil
			return err
		}
	}
	if err := x.submit(o.Def.Name, "no timer was started"); err != nil {
		return err
	}
	if n <= len(o.Timers) {
		x.sayf("timer %d of %s: %s", n, o.Def.Name, x.timerWords(o, o.Timers[n-1]))
	}
	return nil
}

// said reports whether one of the words begins so.
func said(words []string, begin string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, begin) {
			return true
		}
	}
	return false
}

// timerWords tell a timer.
func (x *explorer) timerWords(o *model.Offering, t model.Timer) string {
	line := "once"
	if t.Every > 0 {
		line = "every " + took(t.Every)
	}
	if t.Times > 0 && t.Every > 0 {
		line += ", " + timesWords(t.Times)
	}
	line += ", to " + toWords(o, t.To) + t.Beside()
	if t.JQ != "" {
		line += ", what jq " + t.JQ + " gives"
	} else {
		line += ", " + sentence(t.Value)
	}
	line += ", " + model.Number(t.Sent) + " pushed"
	if left := t.Next.Sub(x.state.Now); left > 0 && t.Every >= time.Second {
		line += ", next in " + model.Countdown(left)
	}
	if t.Err != "" {
		line += ", stopped: " + t.Err
	}
	return line
}

// toWords say whom a push goes to.
func toWords(o *model.Offering, to model.PushTo) string {
	return o.Reach(to, func(s *model.Subscriber) string { return fmt.Sprintf("subscriber %d alone, %s", s.ID, s.Who.Name()) })
}

// dismiss closes the subscription of one, or those of a branch.
func (x *explorer) dismiss(words []string) error {
	o, rest, err := x.offering(words, true)
	if err != nil {
		return err
	}
	to, err := alone(x.pushTo(o, rest))
	if err != nil {
		return err
	}
	if why := x.state.Forbids(model.ToOffer); why != "" {
		return problemf("", "%s", why)
	}
	if to.Branch == nil && to.Subscriber == 0 {
		return problemf(fmt.Sprintf("dismiss %s branch=gold and dismiss %s subscriber=2 are examples; close %d closes the stream", o.Def.Name, o.Def.Name, x.numberOf(o)), "whom?")
	}
	reached := o.Reached(to)
	if len(reached) == 0 {
		return problemf("", "nobody is there")
	}
	hurts, what := reached[0].Who.Name()+" hears no more of "+o.Def.Name, "close the subscription of "+reached[0].Who.Name()
	if to.Branch != nil {
		hurts, what = model.Count(len(reached), "subscription")+" to "+o.Def.Name+" end"+map[bool]string{true: "s"}[len(reached) == 1], "close the branch "+keyWords(*to.Branch)
	}
	return x.sureIf(hurts, what, func() error {
		return x.deed(o.Def.Name, func() []model.Effect { return x.state.Dismiss(o, to) })
	})
}
