package plain

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
)

// order is what was typed after invoke or subscribe.
type order struct {
	name         string
	target       bus.Target
	targets      []string
	wait, answer string
	object       json.RawMessage
	pairs        []string
}

// reserved are the words before = that mean the asking itself. With an @ before
// them they do so even where the method has an argument of that name.
var reserved = []string{"target", "wait", "timeout"}

// asker reads an order, and asks.
func asker(stream bool) func(*explorer, []string) error {
	what, example := "method", "invoke Addition a=2 b=3 is an example"
	if stream {
		what, example = "stream", "subscribe MarketData.Prices symbol=AAPL is an example"
	}
	return func(x *explorer, words []string) error {
		if len(words) == 0 {
			return problemf(example, "which %s?", what)
		}
		if why := x.state.Forbids(model.ToInvoke); why != "" && !stream {
			return problemf("", "%s", why)
		}
		m, err := x.offered(words[0], stream)
		if err != nil {
			return err
		}
		return x.ask(m, words)
	}
}

// offered finds the methods, or the streams, of a name.
func (x *explorer) offered(name string, stream bool) ([]*model.Method, error) {
	var out []*model.Method
	other := false
	for _, m := range x.methods(name) {
		if m.Streaming() == stream {
			out = append(out, m)
		} else {
			other = true
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	what, list, verb := "method", "methods lists what there is", "subscribe follows it"
	if stream {
		what, list, verb = "stream", "streams lists what there is", "invoke asks it"
	}
	if other {
		return nil, problemf(verb, "%s is no %s", name, what)
	}
	var names []string
	for _, m := range x.state.Dir.Methods() {
		if m.Streaming() == stream {
			names = append(names, m.Def.Name)
		}
	}
	return nil, problemf(near(name, names, list), "no %s %q on the bus", what, name)
}

// ask asks the first of the methods that the arguments fit.
func (x *explorer) ask(methods []*model.Method, words []string) error {
	var first error
	for _, m := range methods {
		o, err := read(m.Def, words)
		if err == nil {
			err = x.send(m, o)
		}
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// read takes the words of an order apart.
func read(def bus.MethodDefinition, words []string) (order, error) {
	o := order{name: words[0], wait: "30s", answer: "30s"}
	sig, _ := bus.ParseSignature(def.Accepts)
	for _, w := range words[1:] {
		key, value, ok := strings.Cut(w, "=")
		switch {
		case strings.HasPrefix(w, "{"):
			o.object = json.RawMessage(w)
			continue
		case !ok || key == "":
			return o, problemf("nothing was sent; values with blanks stand in quotes", "not a key=value: %q", w)
		}
		if name, always := strings.CutPrefix(key, "@"); slices.Contains(reserved, name) {
			if _, taken := sig.Find(name); always || !taken {
				if err := o.set(name, value); err != nil {
					return o, err
				}
				continue
			}
		}
		o.pairs = append(o.pairs, w)
	}
	return o, nil
}

func (o *order) set(name, value string) error {
	switch name {
	case "target":
		target, err := bus.ParseTargets(append(o.targets, value)...)
		if err != nil {
			return problemf("target=best, target=all and target=NAME work; nothing was sent", "%v", err)
		}
		o.target, o.targets = target, append(o.targets, value)
	case "wait", "timeout":
		if _, err := model.ParseTimeout(value); err != nil {
			return problemf("nothing was sent", "%s: %v", name, err)
		}
		if name == "wait" {
			o.wait = value
		} else {
			o.answer = value
		}
	}
	return nil
}

// send fills the form of a thing, as a person on the screen does, and sends it.
func (x *explorer) send(m *model.Method, o order) error {
	sig, err := bus.ParseSignature(m.Def.Accepts)
	known := err == nil && strings.TrimSpace(m.Def.Accepts) != ""
	args, err := bus.FromPairs(sig, known, o.pairs, x.o.Now())
	if err != nil {
		return unsent(m, inputWords(err))
	}
	if o.object != nil {
		if args, err = bus.Merge(o.object, args); err != nil {
			return unsent(m, err.Error())
		}
	}
	x.now()
	form := model.NewForm(m.Def.Accepts)
	form.Fill(args)
	if _, wrong := form.Args(x.state.Now); len(wrong) > 0 {
		return unsent(m, faults(wrong))
	}
	t := x.state.OpenForm(m, o.target)
	t.Form.Fill(args)
	t.Target, t.Wait, t.Answer = o.target, o.wait, o.answer
	return x.sent(t)
}

// sent sends a thing, or says what is wrong with it and forgets it.
func (x *explorer) sent(t *model.Thing) error {
	effects := x.state.Send(t)
	if len(effects) == 0 {
		said := x.state.Notice.Text
		x.state.Close(t)
		if len(t.Wrong) == 0 {
			return problemf("bus tells the connection", "%s", inPlainWords(said))
		}
		return unsent(x.state.Dir.Method(t.Method), faults(t.Wrong))
	}
	x.listen(t)
	for _, path := range t.Form.Extras() {
		x.sayf("note: %s is not in the signature; it will be sent as it is", path.Words())
	}
	x.run(effects)
	return nil
}

// faults says all that is wrong, one a line.
func faults(wrong []model.FieldError) string {
	lines := make([]string, len(wrong))
	for i, w := range wrong {
		if w.Lacks != "" {
			w.Reason = inPlainWords(w.Reason)
		}
		lines[i] = fieldWords(w.Path.Words(), w.Reason)
	}
	return strings.Join(lines, "\n")
}

// unsent says that nothing was sent, and why.
func unsent(m *model.Method, what string) error {
	hint := "nothing was sent"
	if m != nil && m.Def.Accepts != "" {
		hint += "; " + m.Def.Name + " accepts " + m.Def.Accepts
	}
	return problemf(hint, "%s", what)
}

func inputWords(err error) string {
	var in *bus.InputError
	if errors.As(err, &in) && in.Field != "" {
		return fieldWords(in.Field, in.Reason)
	}
	return err.Error()
}

// fieldWords say what is wrong with a field: b is not an int: "x".
func fieldWords(field, reason string) string {
	switch {
	case strings.HasPrefix(field, "@"):
		return reason
	case strings.HasPrefix(reason, "not "), strings.HasPrefix(reason, "needed"):
		return field + " is " + reason
	}
	return field + ": " + reason
}

func (x *explorer) history(words []string) error {
	if done, err := x.oneRecord(words); done {
		return err
	}
	how, err := readArrangement(model.History, words)
	if err != nil {
		return err
	}
	numbers := map[model.RowID]int{}
	for i, r := range x.state.History {
		numbers[model.RowID(r.ID)] = len(x.state.History) - i
	}
	how.most = callsTold
	return x.tellListed(model.History, how, func(id model.RowID) {
		if r := x.state.Recorded(string(id)); r != nil {
			x.sayf("history %d: %s", numbers[id], recordLine(r))
		}
	})
}

// callsTold is how many calls of the history are told at once.
const callsTold = 50

// recordLine tells a call that is over.
func recordLine(r *model.Record) string {
	args := ""
	if a := sentence(r.Args); a != "an empty object" && a != "nothing" {
		args = " " + a
	}
	line := fmt.Sprintf("%s %s%s, to %s: ", clock(r.At), r.Name, args, model.TargetWord(r.Target))
	switch all := r.OK + r.Failed; {
	case r.Failed == 0 && all == 1:
		line += "returned " + sentence(r.Value)
	case all > 1:
		line += fmt.Sprintf("%d of %d returned", r.OK, all)
		if r.Err != "" {
			line += fmt.Sprintf(", %s: %s", r.Who, strings.TrimSuffix(inPlainWords(r.Err), "."))
		}
	case r.Err != "":
		line += "failed, " + strings.TrimSuffix(inPlainWords(r.Err), ".")
	default:
		line += "nobody answered"
	}
	return line + ", " + took(r.Took)
}

// repeat asks again what the history tells.
func (x *explorer) repeat(words []string) error {
	n := 1
	if len(words) > 0 {
		var err error
		if n, err = count(words[0]); err != nil {
			return err
		}
	}
	if len(x.state.History) == 0 {
		return problemf("", "nothing to repeat: nothing was called yet")
	}
	if n > len(x.state.History) {
		return problemf("history lists the calls", "the history has no %d", n)
	}
	if why := x.state.Forbids(model.ToInvoke); why != "" {
		return problemf("", "%s", why)
	}
	r := x.state.History[len(x.state.History)-n]
	m := x.state.Dir.Method(r.Method)
	if m == nil {
		return problemf("", "%s is not on the bus any more", r.Name)
	}
	x.now()
	t := x.state.OpenForm(m, r.Target)
	t.Form.Fill(r.Args)
	t.Target, t.Wait, t.Answer = r.Target, "30s", "30s"
	return x.sent(t)
}
