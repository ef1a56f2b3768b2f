package plain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// talk is a call or a subscription, and what has been told of it.
type talk struct {
	thing *model.Thing
	// asked is the asking that was told of; another one is told anew.
	asked time.Time
	// due is when something has to be told even if nothing is heard.
	due time.Time
	// over is true once its end was told.
	over bool
	// tail are the rows of which was told.
	tail *model.Tail

	// Of a call: whether it was told whom it reached, which answers were, how
	// many of them, and that there is none yet.
	sent   bool
	told   []bool
	lines  int
	warned bool

	stream streamTalk
}

// name is what a thing is called in the lines.
func (k *talk) name() string {
	if k.thing.Stream() {
		return fmt.Sprintf("subscription %d", k.thing.ID)
	}
	return fmt.Sprintf("call %d", k.thing.ID)
}

// talksKept is how many things that are over can still be told of.
const talksKept = 200

// listen begins to tell of a thing.
func (x *explorer) listen(t *model.Thing) *talk {
	k := x.talks[t.ID]
	if k == nil {
		k = &talk{thing: t}
		x.talks[t.ID] = k
		x.order = append(x.order, t.ID)
	}
	if !t.Stream() {
		x.last = t.ID
	}
	for i := 0; i < len(x.order) && len(x.order) > talksKept; {
		if old := x.talks[x.order[i]]; !old.over {
			i++
			continue
		}
		delete(x.talks, x.order[i])
		x.order = slices.Delete(x.order, i, i+1)
	}
	return k
}

// tellTalks tells what is new of all things.
func (x *explorer) tellTalks() {
	for _, id := range x.order {
		k := x.talks[id]
		if k.asked != k.thing.Asked {
			fresh := talk{thing: k.thing, asked: k.thing.Asked, tail: k.thing.Tail}
			fresh.stream.revived = k.stream.revived && k.asked.IsZero()
			if k.tail == k.thing.Tail { // what it had was told
				fresh.stream.spoken = k.stream.spoken
			}
			*k = fresh
		}
		if k.thing.Live() && x.state.Thing(id) == nil {
			if !k.over {
				x.sayf("%s: over, its bus was left", k.name())
			}
			k.over, k.due = true, time.Time{}
			continue
		}
		if k.thing.Stream() {
			x.tellStream(k)
		} else {
			x.tellCall(k)
		}
	}
}

// What is told of a call.
const (
	// silence is how long there may be no answer before that is told.
	silence = 2 * time.Second
	// answersTold is how many answers have a line of their own.
	answersTold = 10
	// namesTold is how many servers are named.
	namesTold = 6
)

func (x *explorer) tellCall(k *talk) {
	t := k.thing
	if t.Phase == model.Filling {
		return
	}
	if !k.sent && len(t.Reaches) > 0 {
		k.sent = true
		k.told = make([]bool, len(t.Results.Answers))
		if n := len(t.Reaches); n > 1 {
			x.sayf("%s: sent to %s: %s", k.name(), model.Count(n, "server"), nameList(t.Reaches))
		} else {
			x.sayf("%s: sent to %s", k.name(), t.Reaches[0].Name())
		}
	}
	for i, a := range t.Results.Answers {
		if a.Pending || i >= len(k.told) || k.told[i] {
			continue
		}
		k.told[i] = true
		if k.lines++; k.lines <= answersTold {
			x.say(k.name() + ": " + x.answer(t, a))
		}
	}
	if t.Phase == model.Ended && !k.over {
		k.over, k.due = true, time.Time{}
		x.tellEnd(k)
	}
	if t.Phase != model.Asking || k.warned {
		return
	}
	k.due = t.Asked.Add(silence)
	if x.state.Now.Before(k.due) {
		return
	}
	k.warned, k.due = true, time.Time{}
	if !k.sent {
		x.sayf("%s: nobody offers %s to this target now; it waits up to %s, stop %d gives up", k.name(), t.Def.Name, took(t.WaitFor), t.ID)
		return
	}
	x.sayf("%s: no answer yet; it waits up to %s, stop %d gives up", k.name(), took(t.AnswerIn), t.ID)
}

func (x *explorer) tellEnd(k *talk) {
	t := k.thing
	ok, failed, pending := t.Results.Counts()
	all := ok + failed + pending
	switch {
	case t.GivenUp:
		x.sayf("%s: given up after %s", k.name(), took(t.Took()))
	case t.Err != nil:
		x.say(k.name() + ": " + inPlainWords(t.Err.Error()))
	case all == 0:
		x.say(k.name() + ": nobody was asked")
	case all > answersTold:
		x.sayf("%s: %d of %d returned; show %d tells each", k.name(), ok, all, t.ID)
	case all > 1:
		x.sayf("%s: %d of %d returned", k.name(), ok, all)
	}
}

// inPlainWords takes what a sentence says of keys for what it says of commands.
func inPlainWords(s string) string {
	return keyClause.ReplaceAllStringFunc(strings.NewReplacer(
		"ask again, or let it take longer", "repeat asks again, timeout=60s waits longer",
		"esc ", "stop ",
		"; {saved.env} in {go.saved} chooses an environment", "; saved env NAME chooses an environment",
		"; {saved.env} chooses an environment", "; saved env NAME chooses an environment",
		"; {saved.run} runs it", "; saved run runs it",
		"; {go.watches} shows the watches", "; watches lists them",
		"; {go.feed} then {feed.now} goes back to now", "; now goes back",
		"the palette's reopen", "reopen",
		"; {serve.unregister} offers it", "; register offers it",
		"{serve.unregister} offers it again", "register offers it again",
		"; {data.export} exports", "; export writes a file",
		"…", " and more",
	).Replace(s), func(clause string) string {
		if action := keyClause.FindStringSubmatch(clause)[1]; slices.Contains(ui.Actions(), action) {
			return ""
		}
		return clause
	})
}

// keyClause is a part of a sentence that is about the key of an action, and of nothing
// else.
var keyClause = regexp.MustCompile(`[;.,:] [^;.,:]*\{([a-z]+\.[a-z-]+)\}[^;.,:]*`)

// nameList names the first few servers.
func nameList(servers []bus.Instance) string {
	var list []string
	for _, s := range servers[:min(len(servers), namesTold)] {
		list = append(list, s.Name())
	}
	if more := len(servers) - namesTold; more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, ", ")
}

// answer tells what one server answered.
func (x *explorer) answer(t *model.Thing, a *model.Answer) string {
	name, after := a.Server.Name(), ", "+took(a.Took)
	if a.Err != nil {
		if words := model.Unreasoned(a.Err); words != "" {
			return fmt.Sprintf("%s failed and %s%s", name, words, after)
		}
		if said, ok := model.Said(a.Err); ok {
			return fmt.Sprintf("%s failed, %q%s", name, said, after)
		}
		return fmt.Sprintf("%s failed: %s", name, inPlainWords(a.Err.Error()))
	}
	words := name + " returned " + sentence(a.Value) + after
	if deep(a) {
		words += fmt.Sprintf("; show %d tells all", t.ID)
	}
	return words + misfits(t, a)
}

// deep reports whether a sentence can't tell all of an answer.
func deep(a *model.Answer) bool {
	for _, tok := range model.OneLine(a.Value, payloadChars) {
		switch {
		case tok.Kind != model.TokenPunct:
		case tok.Text == "…", tok.Text == "{…}", strings.HasPrefix(tok.Text, "[") && tok.Text != "[]":
			return true
		}
	}
	return false
}

// allMisfits tells all that is not what the signature promises, one a line.
func (x *explorer) allMisfits(t *model.Thing, a *model.Answer) {
	problems := model.Unfit(t.Def.Returns, a.Value)
	if len(problems) < 2 {
		return // the line above has it
	}
	for _, p := range problems[:min(len(problems), 20)] {
		x.sayf("  not as declared: %s", p.String())
	}
}

// misfits says where a value is not what the signature promises.
func misfits(t *model.Thing, a *model.Answer) string {
	if words := model.UnfitWords(model.Unfit(t.Def.Returns, a.Value)); words != "" {
		return "; " + words
	}
	return ""
}
