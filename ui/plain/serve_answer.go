package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
)

// request finds what waits by its number; the word may have a # before it. It returns
// the words that are left.
func (x *explorer) request(words []string, example string) (*model.Incoming, []string, error) {
	if len(words) == 0 {
		return nil, nil, problemf(example+" is an example", "which request?")
	}
	n, err := strconv.Atoi(strings.TrimPrefix(words[0], "#"))
	if err != nil {
		return nil, nil, problemf("requests lists the numbers", "not a number: %q", words[0])
	}
	if in := x.requestOf(n); in != nil {
		return in, words[1:], nil
	}
	return nil, nil, problemf("requests lists those that wait", "no request %d", n)
}

// requestOf finds a request by its number; nil where there is none.
func (d *desk) requestOf(n int) *model.Incoming {
	for _, o := range d.state.Serving().Offerings {
		for _, in := range slices.Concat(o.Waiting, o.Past) {
			if in.ID == n && in.Subscriber == 0 {
				return in
			}
		}
	}
	return nil
}

// open finds a request that waits, and is of a stream or not as is wanted.
func (x *explorer) openRequest(words []string, stream bool, example string) (*model.Incoming, []string, error) {
	in, rest, err := x.request(words, example)
	if err != nil {
		return nil, nil, err
	}
	if in.Of.Streaming() != stream {
		if stream {
			return nil, nil, problemf(fmt.Sprintf("answer %d answers it", in.ID), "request %d is a call, nobody who asks to subscribe", in.ID)
		}
		return nil, nil, problemf(fmt.Sprintf("accept %d accepts it", in.ID), "request %d asks to subscribe, it is no call", in.ID)
	}
	if why := x.state.Forbids(model.ToAnswer); why != "" {
		return nil, nil, problemf("", "%s", why)
	}
	return in, rest, nil
}

// requests lists what waits, by deadline, or what is over.
func (x *explorer) requests(words []string) error {
	x.now()
	page := x.state.Serving()
	past := len(words) > 0 && words[0] == "past"
	if past {
		words = words[1:]
	}
	filter := x.state.ServeFilter(page)
	filter.Filter = strings.Join(words, " ")
	defer func() { filter.Filter = "" }()
	list := x.state.Unanswered(page)
	for _, o := range page.Offerings {
		list = append(list, x.state.Requests(page, o)...)
	}
	if past {
		list = x.state.PastCalls(page)
	}
	for i, in := range list {
		if i == 50 {
			break
		}
		x.say(x.requestLine(in))
	}
	word := "wait"
	if past {
		word = "past"
	}
	switch {
	case len(list) == 0 && past:
		x.say("requests: nothing is past")
	case len(list) == 0:
		x.say("requests: nobody waits")
	case len(list) == 1 && !past:
		x.say("requests: 1 waits")
	default:
		x.sayf("requests: %s %s", model.Number(len(list)), word)
	}
	return nil
}

// requestLine tells a request in one line.
func (x *explorer) requestLine(in *model.Incoming) string {
	if in.Subscriber != 0 {
		line := fmt.Sprintf("subscriber %d: %s of %s%s", in.Subscriber, in.Caller.Name(), in.Of.Def.Name, withArgs(in.Args))
		if in.Branch != "" {
			line += ", on branch " + in.Branch
		}
		return line + ", " + in.Parting() + ", at " + clock(in.Over)
	}
	line := fmt.Sprintf("request %d: %s ", in.ID, in.Caller.Name())
	if in.Of.Streaming() {
		line += "asks to subscribe to "
	} else {
		line += "calls "
	}
	line += in.Of.Def.Name + withArgs(in.Args)
	if in.How != model.Undecided {
		return line + ", " + outcome(in) + ", at " + clock(in.Over)
	}
	return line + ", " + model.Awaited(max(in.Deadline.Sub(x.state.Now), 0)) + " left"
}

// outcome says what became of a request.
func outcome(in *model.Incoming) string {
	by := "by hand"
	if in.How == model.ByRule {
		by = "by rule " + model.Number(max(in.Rule, 1))
	}
	switch {
	case in.How == model.RanOut:
		return "ran out, nobody answered"
	case in.How == model.CallerLeft:
		return "over, " + in.Caller.Name() + " left"
	case in.How == model.ConnectionLost:
		return "over, the connection was lost"
	case in.Of.Streaming() && in.Err != "":
		return "rejected " + by + ", " + in.Err
	case in.Of.Streaming() && in.Branch != "":
		return "accepted " + by + " on branch " + in.Branch
	case in.Of.Streaming():
		return "accepted " + by
	case in.Err != "":
		return "refused " + by + ", " + in.Err
	}
	return "answered " + by + ", " + sentence(in.Value)
}

// answerRequest answers a call.
func (x *explorer) answerRequest(words []string) error {
	in, rest, err := x.openRequest(words, false, "answer 1 sum=5")
	if err != nil {
		return err
	}
	if err := x.fillAnswer(in, rest); err != nil {
		return err
	}
	return x.submit("", unanswered(in))
}

// unanswered hints at what an answer is made of.
func unanswered(in *model.Incoming) string {
	if in.Of.Def.Returns == "" {
		return "nothing was sent"
	}
	return "nothing was sent; " + in.Of.Def.Name + " returns " + in.Of.Def.Returns
}

// fillAnswer opens the form of an answer and fills it.
func (x *explorer) fillAnswer(in *model.Incoming, words []string) error {
	value, err := x.valueOf(in.Of.Def.Returns, words)
	if err != nil {
		return problemf(unanswered(in), "%v", err)
	}
	x.now()
	page := x.state.Serving()
	page.Form = nil
	in.Answer().Form.Fill(value)
	x.state.AnswerForm(page, in)
	return nil
}

// rejectRequest answers with an error, or rejects a subscriber.
func (x *explorer) rejectRequest(words []string) error {
	in, rest, err := x.request(words, "reject 1 not today")
	if err != nil {
		return err
	}
	x.now()
	page := x.state.Serving()
	page.Form, x.state.Notice = nil, model.Notice{}
	x.state.RefuseForm(page, in)
	if page.Form != nil {
		if err := x.fields(page.Form.Sheet.Form, []string{"reason=" + strings.Join(rest, " ")}); err != nil {
			return err
		}
	}
	return x.submit("", fmt.Sprintf("reject %d not today is an example; nothing was sent", in.ID))
}

// always makes a rule of an answer, and answers with it.
func (x *explorer) always(words []string) error {
	in, rest, err := x.openRequest(words, false, "always 1 sum=5")
	if err != nil {
		return err
	}
	value := in.Value
	if in.How == model.Undecided || len(rest) > 0 {
		if err := x.fillAnswer(in, rest); err != nil {
			return err
		}
		var wrong []model.FieldError
		if value, wrong = in.Answer().Form.Args(x.state.Now); len(wrong) > 0 {
			x.state.Serving().Form = nil
			return problemf(unanswered(in)+"; no rule was made", "%s", faults(wrong))
		}
	}
	x.now()
	x.state.RuleFrom(x.state.Serving(), in, value)
	return x.submitRule(in.Of, len(in.Of.Rules)+1)
}

// submitRule keeps the rule whose form is open, and tells it.
func (x *explorer) submitRule(o *model.Offering, n int) error {
	if err := x.submit(o.Def.Name, "no rule was kept"); err != nil {
		return err
	}
	if n <= len(o.Rules) {
		x.sayf("rule %d of %s: %s", n, o.Def.Name, ruleWords(o, o.Rules[n-1]))
	}
	return nil
}

// rule makes a rule, changes, moves or deletes one.
func (x *explorer) rule(words []string) error {
	o, rest, err := x.offering(words, false)
	if err != nil {
		return err
	}
	x.now()
	page := x.state.Serving()
	page.Form, x.state.Notice = nil, model.Notice{}
	if len(rest) == 0 {
		for i, r := range o.Rules {
			x.sayf("rule %d of %s: %s", i+1, o.Def.Name, ruleWords(o, r))
		}
		if len(o.Rules) == 0 {
			x.sayf("%s: no rule, all that comes asks you", o.Def.Name)
		}
		return nil
	}
	n, err := strconv.Atoi(rest[0])
	if err != nil {
		if f := x.state.RuleForm(page, o, nil); f != nil {
			if err := x.fields(f.Sheet.Form, rest); err != nil {
				page.Form = nil
				return err
			}
		}
		return x.submitRule(o, len(o.Rules)+1)
	}
	if n < 1 || n > len(o.Rules) {
		return problemf("rule "+o.Def.Name+" lists them", "%s has no rule %d", o.Def.Name, n)
	}
	return x.changeRule(o, n, rest[1:])
}

// changeRule moves, deletes or changes a rule.
func (x *explorer) changeRule(o *model.Offering, n int, words []string) error {
	page := x.state.Serving()
	r := o.Rules[n-1]
	verb := ""
	if len(words) == 1 {
		verb = words[0]
	}
	switch verb {
	case "up", "down":
		delta := map[string]int{"up": -1, "down": 1}[verb]
		if n+delta < 1 || n+delta > len(o.Rules) {
			return problemf("", "rule %d can't go %s", n, verb)
		}
		x.state.PointServe(page, model.ServeRow{Kind: model.RowRule, Of: o, Rule: n - 1}.ID())
		err := x.deed(o.Def.Name, func() []model.Effect { return x.state.MoveRule(page, delta) })
		if err == nil {
			x.sayf("rule %d of %s: is rule %d now; the first that fits answers", n, o.Def.Name, n+delta)
		}
		return err
	case "delete":
		if why := x.state.Forbids(model.ToAnswer); why != "" {
			return problemf("", "%s", why)
		}
		hurts := ""
		if r.Times > 0 {
			hurts = "it fitted " + timesWords(r.Times)
		}
		return x.sureIf(hurts, fmt.Sprintf("delete rule %d of %s", n, o.Def.Name), func() error {
			i := o.RuleNumber(r.ID)
			if i == 0 {
				return nil
			}
			err := x.deed(o.Def.Name, func() []model.Effect { return x.state.DeleteRule(o, i-1) })
			x.sayf("rule %d of %s: deleted", i, o.Def.Name)
			return err
		})
	}
	if f := x.state.RuleForm(page, o, &o.Rules[n-1]); f != nil {
		if err := x.fields(f.Sheet.Form, words); err != nil {
			page.Form = nil
			return err
		}
	}
	return x.submitRule(o, n)
}

func timesWords(n int) string {
	if n == 1 {
		return "1 time"
	}
	return model.Number(n) + " times"
}

// ruleWords tell a rule.
func ruleWords(o *model.Offering, r model.Rule) string {
	line := "always "
	if r.When != "" {
		line = "when " + r.When + ", "
	}
	switch {
	case r.Error != nil && o.Streaming():
		line += "rejects, " + r.Error.Reason
	case r.Error != nil:
		line += "refuses, " + r.Error.Reason + r.Error.URI
	case o.Streaming() && r.Branch != "":
		line += "accepts on the branch that jq " + r.Branch + " gives"
	case o.Streaming():
		line += "accepts"
	case r.JQ != "":
		line += "answers what jq " + r.JQ + " gives"
	case r.Value != nil:
		line += "answers " + sentence(r.Value)
	default:
		line += "answers nothing"
	}
	if r.After > 0 {
		line += ", after " + took(r.After)
	}
	return line + ", fitted " + timesWords(r.Times)
}

// accept accepts a subscriber.
func (x *explorer) accept(words []string) error {
	in, rest, err := x.openRequest(words, true, "accept 1 branch=gold")
	if err != nil {
		return err
	}
	branch := ""
	for _, w := range rest {
		key, value, ok := strings.Cut(w, "=")
		if !ok || key != "branch" {
			return problemf("accept 1 branch=gold is an example", "not understood: %q", w)
		}
		branch = value
	}
	return x.deed("", func() []model.Effect { return x.state.Accept(in, branch) })
}

// acceptAll accepts everybody, or asks again.
func (x *explorer) acceptAll(words []string) error {
	o, err := alone(x.offering(words, true))
	if err != nil {
		return err
	}
	return x.deed(o.Def.Name, func() []model.Effect { return x.state.ToggleAccept(o) })
}

// howToAnswer says what to type for a request.
func howToAnswer(in *model.Incoming) string {
	if in.Of.Streaming() {
		return fmt.Sprintf("accept %d accepts it, with branch=KEY on a branch, reject %d REASON rejects it", in.ID, in.ID)
	}
	line := fmt.Sprintf("answer %d", in.ID)
	sig, err := bus.ParseSignature(in.Of.Def.Returns)
	switch {
	case err != nil || strings.TrimSpace(in.Of.Def.Returns) == "":
		line += " {...}"
	default:
		for _, p := range sig {
			if !p.Optional {
				line += " " + p.Name + "=" + strings.ToUpper(p.TypeString())
			}
		}
	}
	return line + fmt.Sprintf(" answers it, reject %d REASON refuses it", in.ID)
}
