package plain

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
)

// record finds a call of the history by its number: 1 is the latest.
func (x *explorer) record(word string) (*model.Record, error) {
	n, err := count(word)
	if err != nil {
		return nil, err
	}
	if n > len(x.state.History) {
		return nil, problemf("history lists the calls", "the history has no %d", n)
	}
	return x.state.History[len(x.state.History)-n], nil
}

// oneRecord shows, deletes, compares or saves calls of the history. It is false where
// the words mean something else.
func (x *explorer) oneRecord(words []string) (bool, error) {
	if len(words) < 2 {
		return false, nil
	}
	verb := words[0]
	switch verb {
	case "show", "delete", "compare", "save":
	default:
		return false, nil
	}
	r, err := x.record(words[1])
	if err != nil {
		return true, err
	}
	x.now()
	switch verb {
	case "delete":
		return true, x.deed("", func() []model.Effect {
			effects := x.state.ForgetCall(r)
			x.state.Say("history: " + x.state.Notice.Text)
			return effects
		})
	case "compare":
		if len(words) != 3 {
			return true, problemf("history compare 1 2 is an example", "two numbers are wanted")
		}
		other, err := x.record(words[2])
		if err != nil {
			return true, err
		}
		if r.At.Before(other.At) {
			r, other = other, r
		}
		server := ""
		if len(r.Replies) > 0 {
			server = r.Replies[0].Server
		}
		x.tellCompared("history", model.CompareCalls(other, r, server, x.state.Now))
		return true, nil
	case "save":
		name := cmp.Or(strings.Join(words[2:], " "), r.Name)
		return true, x.saveCall(name, func() *model.SavedCall {
			return model.SavedOf(model.SavedPath(name), r.Name, x.state.Lasting(r.Method, r.Target), r.Args, r.Wait, r.Answer)
		})
	}
	x.say(recordLine(r))
	x.value(r.Args)
	for _, reply := range r.Replies {
		if reply.Err != "" {
			x.sayf("%s: failed, %s, %s", reply.Server, reply.Err, took(reply.Took))
			continue
		}
		x.sayf("%s: returned, %s", reply.Server, took(reply.Took))
		x.value(reply.Value)
	}
	if why := x.state.CantRepeat(r); why != "" {
		x.say("  " + why)
	}
	return true, nil
}

// again asks the same again, or with other arguments, in the same place of open.
func (x *explorer) again(words []string) error {
	k, rest, err := x.one(words, anything, "call or subscription")
	if err != nil {
		return err
	}
	t := k.thing
	x.now()
	if x.state.Thing(t.ID) == nil { // an answered call makes place for the next
		m := x.state.Dir.Method(t.Method)
		if m == nil {
			return problemf("", "%s is not on the bus any more", t.Def.Name)
		}
		old := t
		t = x.state.OpenForm(m, old.Target)
		t.Form.Fill(cmpArgs(old.Args))
		t.Target, t.Wait, t.Answer, t.Args = old.Target, old.Wait, old.Answer, old.Args
	}
	if len(rest) > 0 {
		value, err := x.valueOf(t.Def.Accepts, rest)
		if err != nil {
			return problemf("nothing was sent", "%v", err)
		}
		args, err := bus.Merge(cmpArgs(t.Args), value)
		if err != nil {
			return problemf("nothing was sent", "%v", err)
		}
		t.Form.Fill(args)
	}
	err = x.deed(k.name(), func() []model.Effect { return x.state.Repeat(t) })
	if len(t.Wrong) > 0 {
		return unsent(x.state.Dir.Method(t.Method), faults(t.Wrong))
	}
	return err
}

func cmpArgs(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("{}")
	}
	return raw
}

// reopen brings back what was put away last.
func (x *explorer) reopen(words []string) error {
	if !x.state.CanReopen() {
		return problemf("", "nothing was put away in the last 5 minutes")
	}
	x.run(x.state.Reopen())
	var back []*model.Thing
	for _, t := range x.state.Things {
		if x.talks[t.ID] == nil && t.Content == nil {
			back = append(back, t)
		}
	}
	if len(back) == 0 { // it was no thing: rows, a watch, a call of the history
		for _, k := range x.talks { // what comes back was told
			if t := k.thing; t.Tail != nil {
				k.stream.spoken = t.Tail.Cursor()
			}
		}
		x.say("brought back what was cleared, removed or deleted last")
		x.state.Notice = model.Notice{}
		return nothing(words)
	}
	x.state.Notice = model.Notice{}
	for _, t := range back {
		x.relisten(t)
	}
	return nothing(words)
}

// relisten tells that a thing is back. All that it has was told.
func (x *explorer) relisten(t *model.Thing) {
	k := x.listen(t)
	k.asked, k.tail, k.over, k.sent = t.Asked, t.Tail, !t.Live(), true
	k.told = make([]bool, len(t.Results.Answers))
	for i := range k.told {
		k.told[i] = true
	}
	if t.Tail != nil {
		k.stream.spoken, k.stream.accepted = t.Tail.Cursor(), true
	}
	x.say(x.thingLine(k))
}

// forget clears what is gone from the lists.
func (x *explorer) forget(words []string) error {
	if len(words) == 0 {
		return problemf("forget NAME and forget all are examples", "what?")
	}
	if _, past := x.state.Past(); past {
		return problemf("", "%s", inPlainWords(x.state.NotThen()))
	}
	name, n := strings.Join(words, " "), 0
	focus := x.state.Focus
	for _, p := range []model.Pane{model.Servers, model.Methods, model.Streams} {
		x.state.Focus = p
		if name == "all" {
			n += x.state.Forget(true)
			continue
		}
		for _, id := range x.goneRows(p, name) {
			x.state.Point(p, id)
			n += x.state.Forget(false)
		}
	}
	x.state.Focus = focus
	switch {
	case n == 0 && name == "all":
		return problemf("", "nothing has left that the lists still have")
	case n == 0:
		return problemf("", "nothing of that name has left")
	}
	x.sayf("forget: cleared %s", model.Count(n, "row"))
	return nil
}

// goneRows are the rows of a pane with a name that have left.
func (x *explorer) goneRows(p model.Pane, name string) (ids []model.RowID) {
	if p == model.Servers {
		for _, s := range x.state.Dir.Servers() {
			if s.Gone() && strings.EqualFold(s.Instance.Name(), name) {
				ids = append(ids, s.ID)
			}
		}
		return ids
	}
	for _, m := range x.state.Dir.Methods() {
		if m.Gone() && m.Streaming() == (p == model.Streams) && strings.EqualFold(m.Def.Name, name) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// about tells of the program.
func (x *explorer) about(words []string) error {
	x.say("ioscope: " + cmp.Or(x.o.Version, "no version"))
	for _, f := range x.o.Facts {
		x.say(fmt.Sprintf("%s: %s", f.What, f.Value))
	}
	return nothing(words)
}
