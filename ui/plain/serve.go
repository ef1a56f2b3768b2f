package plain

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
)

// serveCommands are those of what we offer ourselves.
func serveCommands() []command {
	return []command{
		{"offer", "method NAME, stream NAME or file PATH", `offers a method or a stream yourself; accepts="int a, int b" returns="int sum" declare it, display-name, description, object-types and callers-wait=10s tell more; file offers what a file of ioscope serve has`, nil, (*explorer).offer, needOffers},
		{"offers", "[NAME]", "lists what you offer; with NAME all of it: rules, who asks, branches, subscribers, timers", []string{"serve"}, (*explorer).listOffers, needOffers},
		{"requests", "[past] [WORDS]", "lists the calls and subscribers that wait for you, with the time that is left; past lists those that are over", []string{"waiting"}, (*explorer).requests, needAll},
		{"answer", "REQUEST [key=value ...]", "answers a call; {...} gives all of it as JSON", nil, (*explorer).answerRequest, needRequest},
		{"reject", "REQUEST REASON", "answers a call with an error, or rejects a subscriber", []string{"refuse"}, (*explorer).rejectRequest, needRequest},
		{"always", "REQUEST [key=value ...]", "answers a call, and makes a rule that always answers so", nil, (*explorer).always, needRequest},
		{"accept", "REQUEST [branch=KEY]", "accepts a subscriber, on a branch where one is given", nil, (*explorer).accept, needRequest},
		{"accept-all", "STREAM", "accepts every subscriber of a stream of yours; again: asks you for each", nil, (*explorer).acceptAll, needOffers},
		{"rule", "NAME [NUMBER] [when=JQ ...]", "makes a rule, or changes one: when=JQ and value=JSON, jq=JQ or error=REASON, after=1s; for a stream branch=JQ or reject=REASON. rule NAME NUMBER up, down and delete move it and take it away", nil, (*explorer).rule, needOffers},
		{"push", "STREAM [key=value ...] [branch=KEY] [subscriber=NUMBER]", "pushes to all subscribers, to a branch or to one; {...} gives all of it as JSON", nil, (*explorer).push, needOffers | needSubscriptions},
		{"timer", "STREAM [NUMBER] [every=1s] [jq=JQ or value=JSON]", "pushes on a timer; times=10 ends it, branch=KEY and subscriber=NUMBER say to whom. timer STREAM NUMBER stop stops it", nil, (*explorer).timer, needOffers | needSubscriptions},
		{"dismiss", "STREAM branch=KEY or subscriber=NUMBER", "closes a subscription to a stream of yours, or a whole branch (asks)", nil, (*explorer).dismiss, needOffers | needSubscriptions},
		{"change", "NAME [accepts=... returns=... name=...]", "changes the definition of an offer (asks where that costs somebody something)", nil, (*explorer).change, needAll},
		{"unregister", "NAME", "takes an offer back and keeps what is known of it (asks where that hurts)", nil, (*explorer).unregister, needAll},
		{"register", "NAME or kept", "offers again what was taken back; kept: all that you offered last time", nil, (*explorer).register, needOffers},
	}
}

// offering finds one of our offers by its name, or by its number in open. Without a
// word it is the only one there is. It returns the words that are left.
func (x *explorer) offering(words []string, stream bool) (*model.Offering, []string, error) {
	var all []*model.Offering
	var names []string
	for _, o := range x.state.Serving().Offerings {
		if !stream || o.Streaming() {
			all = append(all, o)
			names = append(names, o.Def.Name)
		}
	}
	what := map[bool]string{true: "stream", false: "method or stream"}[stream]
	if len(all) == 0 {
		return nil, nil, problemf("offer method NAME and offer stream NAME do", "you offer no %s", what)
	}
	if len(words) == 0 || strings.Contains(words[0], "=") || strings.HasPrefix(words[0], "{") {
		if len(all) > 1 {
			return nil, nil, problemf("offers lists them", "which %s?", what)
		}
		return all[0], words, nil
	}
	for _, o := range all {
		if strings.EqualFold(o.Def.Name, words[0]) || fmt.Sprint(x.numberOf(o)) == words[0] {
			return o, words[1:], nil
		}
	}
	return nil, nil, problemf(near(words[0], names, "offers lists them"), "you offer no %s %q", what, words[0])
}

// numberOf is the number of an offer in open; 0 where it has none.
func (x *explorer) numberOf(o *model.Offering) model.ThingID {
	if t := x.state.ThingOf(o); t != nil {
		return t.ID
	}
	return 0
}

// deed does something that the model says yes or no to: what it says is told, and is
// an error where nothing came of it. about is what it is said of.
func (x *explorer) deed(about string, do func() []model.Effect) error {
	x.now()
	x.state.Notice = model.Notice{}
	effects := do()
	said := inPlainWords(x.state.Notice.Text)
	x.state.Notice = model.Notice{}
	if len(effects) == 0 && said != "" {
		return problemf("", "%s", said)
	}
	if said != "" && about != "" && !strings.HasPrefix(said, about) {
		said = about + ": " + said
	}
	if said != "" {
		x.say(said)
	}
	x.run(effects)
	return nil
}

// submit sends the form of offers that is open. What is wrong with it is said, and
// nothing is done.
func (x *explorer) submit(about, hint string) error {
	page := x.state.Serving()
	form := page.Form
	if form == nil {
		return problemf("", "%s", inPlainWords(x.state.Notice.Text)) // it was not opened, and the model says why
	}
	defer func() { page.Form = nil }()
	err := x.deed(about, func() []model.Effect { return x.state.Submit(page) })
	if wrong := form.Sheet.Wrong; len(wrong) > 0 {
		return problemf(hint, "%s", faults(wrong))
	}
	return err
}

// fields puts texts into the fields of a form, by their labels; a blank in a label is
// typed as a dash.
func (x *explorer) fields(form *model.Form, pairs []string) error {
	var names []string
	for _, p := range pairs {
		key, value, ok := strings.Cut(p, "=")
		found := false
		for _, row := range form.Rows(x.state.Now) {
			name := strings.ReplaceAll(row.Label, " ", "-")
			names = append(names, name)
			switch {
			case !ok || name != key:
				continue
			case row.Kind == model.RowBool && (value == "yes" || value == "no"):
				form.Tick(row.Path, value == "yes")
			case row.Kind == model.RowBool:
				return problemf(key+"=yes or "+key+"=no", "%s is yes or no, not %q", key, value)
			case row.Kind == model.RowField:
				form.SetText(row.Path, value)
			default:
				continue
			}
			found = true
		}
		slices.Sort(names)
		if !found {
			return problemf("it takes "+strings.Join(slices.Compact(names), ", ")+"; values with blanks stand in quotes", "not understood: %q", p)
		}
	}
	return nil
}

// valueOf reads the words of a value that a signature declares.
func (x *explorer) valueOf(signature string, words []string) (json.RawMessage, error) {
	sig, err := bus.ParseSignature(signature)
	known := err == nil && strings.TrimSpace(signature) != ""
	var object json.RawMessage
	var pairs []string
	for _, w := range words {
		switch key, _, ok := strings.Cut(w, "="); {
		case strings.HasPrefix(w, "{"):
			object = json.RawMessage(w)
		case !ok || key == "":
			return nil, problemf("values with blanks stand in quotes", "not a key=value: %q", w)
		default:
			pairs = append(pairs, w)
		}
	}
	value, err := bus.FromPairs(sig, known, pairs, x.o.Now())
	if err != nil {
		return nil, problemf("", "%s", inputWords(err))
	}
	if object != nil {
		return bus.Merge(object, value)
	}
	return value, nil
}

func (x *explorer) offer(words []string) error {
	if why := x.state.Forbids(model.ToOffer); why != "" {
		return problemf("", "%s", why)
	}
	const examples = `offer method Sum accepts="int a, int b" returns="int sum" and offer stream Orders accepts="string desk" are examples`
	if len(words) < 2 {
		return problemf(examples, "offer what?")
	}
	name, rest := words[1], words[2:]
	switch words[0] {
	case "file":
		return x.deed("", func() []model.Effect { return []model.Effect{model.LoadOffers{Path: strings.Join(words[1:], " ")}} })
	case "method", "stream":
	default:
		return problemf(examples, "method, stream or file is wanted, not %q", words[0])
	}
	x.now()
	page := x.state.Serving()
	page.Form = nil
	x.state.OfferForm(words[0] == "stream")
	if err := x.fields(page.Form.Sheet.Form, append(rest, "name="+name)); err != nil {
		page.Form = nil
		return err
	}
	return x.submit(name, "nothing was offered")
}

// listOffers lists our offers, or tells all of one.
func (x *explorer) listOffers(words []string) error {
	if len(words) > 0 {
		o, err := alone(x.offering(words, false))
		if err != nil {
			return err
		}
		x.showOffer(o)
		return nil
	}
	all := x.state.Serving().Offerings
	if len(all) == 0 {
		x.say("offers: you offer nothing; offer method NAME and offer stream NAME do")
		return nil
	}
	for _, o := range all {
		x.say(x.offerLine(o))
	}
	x.sayf("offers: %d; offers NAME tells all of one", len(all))
	return nil
}

// offerLine tells an offer in one line.
func (x *explorer) offerLine(o *model.Offering) string {
	line := fmt.Sprintf("offer %d: %s, your %s, %s", x.numberOf(o), o.Def.Name, o.Kind(), standing(o))
	if o.Kept {
		return line + "; register " + typed(o.Def.Name) + " offers it again"
	}
	if n := len(o.Waiting); n > 0 {
		line += ", " + model.Number(n) + " wait"
		if n == 1 {
			line += "s"
		}
	}
	if !o.Streaming() {
		line += ", " + model.Number(o.Answered) + " answered"
		if o.Failed > 0 {
			line += ", " + model.Number(o.Failed) + " refused"
		}
		if o.RuleServed > 0 {
			line += ", " + model.Number(o.RuleServed) + " by rule"
		}
		return line
	}
	line += ", " + model.Count(len(o.Subscribers), "subscriber") + ", " + model.Number(o.Pushed) + " pushed"
	if o.AutoAccept() != nil {
		line += ", accepts everybody"
	}
	return line
}

// standing says how an offer stands with the bus.
func standing(o *model.Offering) string {
	switch o.Standing {
	case model.Registering:
		return "being registered"
	case model.Withdrawn:
		if o.Kept {
			return "kept from last time, not offered"
		}
		return "taken back"
	case model.Refused:
		return "not offered, " + o.Err.Error()
	case model.Offered:
	}
	return "offered"
}

// showOffer tells all of an offer.
func (x *explorer) showOffer(o *model.Offering) {
	x.now()
	x.say(x.offerLine(o))
	x.signature("accepts", o.Def.Accepts)
	x.signature("returns", o.Def.Returns)
	if o.File != "" {
		x.sayf("  file: %s", o.File)
	}
	if o.CloseAfter > 0 {
		x.sayf("  ends each subscription after %s: %s", took(o.CloseAfter), o.CloseReason)
	}
	for i, r := range o.Rules {
		x.sayf("  rule %d: %s", i+1, ruleWords(o, r))
	}
	for _, in := range o.Waiting {
		x.say("  " + x.requestLine(in))
	}
	for _, b := range o.Branches {
		x.sayf("  branch %s: %s, %s pushed, %s", keyWords(b.Key), model.Count(len(o.On(b.Key)), "subscriber"), model.Number(b.Sent), model.PerSecond(b.Traffic.Rate(x.state.Now)))
		for _, s := range o.On(b.Key) {
			line := fmt.Sprintf("  subscriber %d: %s%s, %s, since %s, %s pushed", s.ID, s.Who.Name(), withArgs(s.Args), onBranch(b.Key), clock(s.Since), model.Number(s.Sent))
			if s.Private > 0 {
				line += ", " + model.Number(s.Private) + " to it alone"
			}
			x.say(line)
		}
	}
	for i, t := range o.Timers {
		x.sayf("  timer %d: %s", i+1, x.timerWords(o, t))
	}
}

// keyWords names a branch.
func keyWords(key string) string {
	if key == "" {
		return "without a key"
	}
	return key
}

func onBranch(key string) string {
	if key == "" {
		return "on no branch of its own"
	}
	return "on branch " + key
}

// withArgs tells arguments behind a name; nothing where there are none.
func withArgs(raw json.RawMessage) string {
	if a := sentence(raw); a != "an empty object" && a != "nothing" {
		return " with " + a
	}
	return ""
}

// unregister takes an offer back, and asks first where that hurts somebody.
func (x *explorer) unregister(words []string) error {
	o, err := alone(x.offering(words, false))
	if err != nil {
		return err
	}
	if why := x.state.Forbids(model.ToOffer); why != "" {
		return problemf("", "%s", why)
	}
	if o.Standing == model.Withdrawn || o.Standing == model.Refused {
		return problemf("register "+o.Def.Name+" offers it again", "%s is not offered", o.Def.Name)
	}
	do := func() error { return x.deed(o.Def.Name, func() []model.Effect { return x.state.Unregister(o) }) }
	return x.sureIf(o.Hurts(), "unregister "+o.Def.Name, do)
}

func (x *explorer) register(words []string) error {
	if len(words) == 1 && words[0] == "kept" {
		return x.registerKept()
	}
	o, err := alone(x.offering(words, false))
	if err != nil {
		return err
	}
	if o.Standing == model.Offered || o.Standing == model.Registering {
		return problemf("", "%s is offered", o.Def.Name)
	}
	return x.deed(o.Def.Name, func() []model.Effect { return x.state.Unregister(o) })
}

// closeOffer takes an offer off the bus and out of open.
func (x *explorer) closeOffer(o *model.Offering) error {
	if why := x.state.Forbids(model.ToOffer); why != "" {
		return problemf("", "%s", why)
	}
	return x.sureIf(o.Hurts(), "close "+o.Def.Name, func() error {
		t := x.state.ThingOf(o)
		if t == nil {
			return nil
		}
		err := x.deed(o.Def.Name, func() []model.Effect { return x.state.Close(t) })
		x.say(o.Def.Name + ": put away, it is offered no more")
		return err
	})
}

// numbered finds one of our offers by the number that it has in open.
func (x *explorer) numbered(word string) *model.Offering {
	n, err := strconv.Atoi(word)
	if err != nil {
		return nil
	}
	for _, o := range x.state.Serving().Offerings {
		if x.numberOf(o) == model.ThingID(n) {
			return o
		}
	}
	return nil
}
