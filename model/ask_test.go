package model

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestSendChecksFirst fills forms in wrongly: nothing may leave, and the
// keyboard goes to the first field that is wrong.
func TestSendChecksFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		args         string
		wait, answer string
		wrong        []FieldPath
	}{
		{"nothing filled in", `{}`, "30s", "30s", []FieldPath{"a", "b"}},
		{"one of a wrong type", `{"a":1,"b":"x"}`, "30s", "30s", []FieldPath{"b"}},
		{"no timeout", `{"a":1,"b":2}`, "soon", "30s", []FieldPath{StopWait}},
		{"a timeout of nothing", `{"a":1,"b":2}`, "30s", "0", []FieldPath{StopAnswer}},
		{"all of it", `{}`, "", "-1s", []FieldPath{StopWait, StopAnswer, "a", "b"}},
	} {
		w := newWorld(t)
		w.join(app("a", 1), sum)
		thing := w.open(sum, c.args)
		thing.Wait, thing.Answer = c.wait, c.answer
		if effects := w.Send(thing); effects != nil {
			t.Errorf("%s: sent %+v", c.name, effects)
		}
		var wrong []FieldPath
		for _, f := range thing.Wrong {
			wrong = append(wrong, f.Path)
			if f.Reason == "" || thing.WrongAt(f.Path) != f.Reason {
				t.Errorf("%s: %s has no reason", c.name, f.Path)
			}
		}
		if !slices.Equal(wrong, c.wrong) || thing.Focus != c.wrong[0] {
			t.Errorf("%s: wrong %q, at %q, want %q", c.name, wrong, thing.Focus, c.wrong)
		}
		if thing.Phase != Filling || thing.Gen != 0 {
			t.Errorf("%s: phase %v, generation %d", c.name, thing.Phase, thing.Gen)
		}
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	big := def("Big", "int a, long b", "long sum")
	w.join(app("a", 1), big)
	thing := w.open(big, `{"a":1,"b":9007199254740993}`)
	thing.Wait, thing.Answer, thing.Target = "500ms", "2m", bus.Target{Mode: bus.All}
	effects := w.Send(thing)
	if len(effects) != 1 {
		t.Fatalf("effects %+v", effects)
	}
	e, ok := effects[0].(Invoke)
	switch {
	case !ok || e.Thing != thing.ID || e.Gen != 1 || e.Target.Mode != bus.All:
		t.Errorf("asked %+v", e)
	case e.Wait != 500*time.Millisecond || e.Answer != 2*time.Minute:
		t.Errorf("waits %v, %v", e.Wait, e.Answer)
	case string(e.Args) != `{"a":1,"b":9007199254740993}`:
		t.Errorf("asked with %s", e.Args)
	case !e.Method.Matches(big) || e.Method.Matches(def("Big", "int a", "long sum")):
		t.Errorf("asks %+v", e.Method)
	case thing.Phase != Asking || thing.Part != InResult:
		t.Errorf("phase %v, part %v", thing.Phase, thing.Part)
	}
}

func TestSendNeedsABus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	thing := w.open(sum, `{"a":1,"b":2}`)
	w.lose(app("a", 1))
	if effects := w.Send(thing); effects != nil || thing.Phase != Filling {
		t.Errorf("sent %+v without a bus", effects)
	}
	if w.Notice.Text != "not sent: the bus is not connected" {
		t.Errorf("said %q", w.Notice.Text)
	}
}

// TestSendAgainStopsTheFirst asks anew while it is being asked.
func TestSendAgainStopsTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	thing := w.ask(sum, `{"a":1,"b":2}`)
	effects := w.Send(thing)
	if len(effects) != 2 || effects[0] != Effect(Stop{thing.ID, 1}) {
		t.Fatalf("effects %+v, want the first one stopped", effects)
	}
	if e, ok := effects[1].(Invoke); !ok || e.Gen != 2 {
		t.Errorf("then %+v", effects[1])
	}
}

func TestReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me := app("me", 1)
	w.hear(bus.ServerAdded{At: w.now, Server: me, Mine: true})
	far := app("far", 1)
	far.Local = false
	w.join(far, sum)
	w.join(app("near", 1), sum)
	w.hear(bus.MethodsAdded{At: w.now, Peer: me.PeerID, Methods: []bus.MethodDefinition{sum}})
	thing := w.open(sum, `{}`)
	for _, c := range []struct {
		target bus.Target
		want   string
	}{
		{bus.Target{}, "near"},
		{bus.Target{Mode: bus.All}, "far near me"},
		{bus.Target{Mode: bus.SkipMine}, "far near"},
		{bus.TargetPeer("far-1"), "far"},
		{bus.TargetPeer("gone"), ""},
	} {
		thing.Target = c.target
		got := ""
		for i, s := range w.Reach(thing) {
			if i > 0 {
				got += " "
			}
			got += s.Instance.Name()
		}
		if got != c.want {
			t.Errorf("%v reaches %q, want %q", TargetWord(c.target), got, c.want)
		}
	}
}

// TestFormsAreRemembered fills a new form with what was asked last.
func TestFormsAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	first := w.open(sum, `{"a":1}`)
	if again := w.OpenForm(w.method(sum), bus.Target{Mode: bus.All}); again != first || again.Target.Mode != bus.All {
		t.Error("another form was opened beside the one that is being filled in")
	}
	first.Form.Fill(json.RawMessage(`{"a":1,"b":41}`))
	asked := w.now
	w.Send(first)
	w.answer(first, reply{app("a", 1), `{"sum":42}`})
	w.pass(time.Minute)
	second := w.OpenForm(w.method(sum), bus.Target{})
	args, wrong := second.Form.Args(w.now)
	if second == first || string(args) != `{"a":1,"b":41}` || wrong != nil || !second.Remembered.Equal(asked) {
		t.Errorf("the new form has %s, remembered from %v", args, second.Remembered)
	}
}

// TestRetire lets answered calls leave Open when another comes, but not those
// that somebody did something with, nor what goes on.
func TestRetire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), sum, ticks)
	sub := w.ask(ticks, ``)
	first := w.ask(sum, `{"a":1,"b":2}`)
	w.answer(first, reply{app("a", 1), `{"sum":3}`})
	second := w.ask(sum, `{"a":2,"b":2}`)
	if w.Thing(first.ID) != nil {
		t.Error("an answered call stays though another came")
	}
	w.answer(second, reply{app("a", 1), `{"sum":4}`})
	second.Touch()
	third := w.ask(sum, `{"a":3,"b":2}`)
	fourth := w.OpenForm(w.method(sum), bus.Target{})
	for _, thing := range []*Thing{sub, second, third, fourth} {
		if w.Thing(thing.ID) != thing {
			t.Errorf("thing %d left Open", thing.ID)
		}
	}
}

func TestGiveUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	thing := w.ask(sum, `{"a":1,"b":2}`)
	w.apply(Sent{thing.ID, thing.Gen, []bus.Instance{app("a", 1)}})
	gen := thing.Gen
	w.pass(12 * time.Second)
	if effects := w.GiveUp(thing); len(effects) != 1 || effects[0] != Effect(Keep{w.History[0]}) {
		t.Errorf("effects %+v", effects)
	}
	if thing.Phase != Ended || !thing.GivenUp || thing.Took() != 12*time.Second {
		t.Errorf("given up: %+v", thing)
	}
	if len(w.History) != 1 || w.History[0].Failed != 1 || w.History[0].OK != 0 {
		t.Errorf("the history has %+v", w.History)
	}
	w.apply(Returned{thing.ID, gen, bus.Return{Server: app("a", 1), Value: json.RawMessage(`{"sum":3}`)}}, Finished{thing.ID, gen, nil})
	if ok, failed, pending := thing.Results.Counts(); ok+failed > 0 || pending != 1 {
		t.Error("a late answer was let in")
	}
	if len(w.History) != 1 {
		t.Error("the end came twice into the history")
	}
	if r := w.History[0]; r.OK != 1 || !r.Replies[0].Late || string(r.Replies[0].Value) != `{"sum":3}` {
		t.Errorf("the late answer is not in the history: %+v", r)
	}
	if effects := w.GiveUp(thing); effects != nil {
		t.Errorf("given up twice: %+v", effects)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), sum, ticks)
	w.Go(Streams)
	sub := w.ask(ticks, ``)
	w.apply(Streamed{sub.ID, sub.Gen, bus.StreamAccepted{At: w.now, Server: app("a", 1)}})
	if effects := w.Close(sub); len(effects) != 1 || effects[0] != Effect(Stop{sub.ID, sub.Gen}) {
		t.Errorf("effects %+v", effects)
	}
	if w.Thing(sub.ID) != nil || len(w.Lists[Open].Rows()) != 0 || w.Focus == Workspace {
		t.Errorf("closed, and the keyboard is in %v", w.Focus)
	}
	// What still comes of it is for nobody.
	w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now}}, Overrun{sub.ID, sub.Gen, 3}, Subscribed{sub.ID, sub.Gen, nil})
	w.Go(Methods)
	form := w.open(sum, `{}`)
	if effects := w.Close(form); len(effects) != 0 {
		t.Errorf("a form that was not sent stops %+v", effects)
	}
}

// TestRepeat asks the same again, from the thing and from its method.
func TestRepeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	thing := w.open(sum, `{"a":1,"b":2}`)
	thing.Target = bus.Target{Mode: bus.All}
	w.Send(thing)
	w.answer(thing, reply{app("a", 1), `{"sum":3}`})
	effects := w.Repeat(thing)
	if e, ok := effects[0].(Invoke); len(effects) != 1 || !ok || e.Gen != 2 || string(e.Args) != `{"a":1,"b":2}` {
		t.Errorf("repeated as %+v", effects)
	}
	w.answer(thing, reply{app("a", 1), `{"sum":3}`})
	effects = w.RepeatLast(w.method(sum))
	if e, ok := effects[0].(Invoke); !ok || e.Thing == thing.ID || e.Target.Mode != bus.All || string(e.Args) != `{"a":1,"b":2}` {
		t.Errorf("repeated as %+v", effects)
	}
	if got := w.RepeatLast(&Method{}); got != nil {
		t.Errorf("repeated %+v of what was never called", got)
	}
}

// TestRepeatFromTheMethodKeepsTheServer repeats a call to one server.
func TestRepeatFromTheMethodKeepsTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	w.join(app("a", 2), sum)
	thing := w.open(sum, `{"a":1,"b":2}`)
	thing.Target = bus.TargetPeer("a-2")
	thing.Target.Filters[0].Application = "a"
	w.Send(thing)
	w.answer(thing, reply{app("a", 2), `{"sum":3}`})
	if effects := w.RepeatLast(w.method(sum)); len(effects) == 1 {
		if e := effects[0].(Invoke); len(e.Target.Filters) != 1 || e.Target.Filters[0].PeerID != "a-2" {
			t.Errorf("repeated to %+v, not to the one server that was asked", e.Target)
		}
	} else {
		t.Errorf("repeated as %+v", effects)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	thing := w.open(sum, `{"a":1,"b":2}`)
	for range historyKept + 7 {
		w.Send(thing)
		w.answer(thing, reply{app("a", 1), `{"sum":3}`})
	}
	if len(w.History) != historyKept {
		t.Errorf("%d calls are kept", len(w.History))
	}
	if got := w.Calls(w.method(sum).ID, 3); len(got) != 3 || got[0] != w.History[historyKept-1] {
		t.Error("the latest call does not come first")
	}
	if st := w.method(sum).Stats[w.Dir.ByPeer("a-1").ID]; st.Answers != historyKept+7 || st.Errors != 0 || st.Median() != 3*time.Millisecond {
		t.Errorf("stats %+v", st)
	}
}

func TestMoveThing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x, y := streamDef("X"), streamDef("Y")
	w.join(app("a", 1), x, y)
	first, second := w.ask(x, ``), w.ask(y, ``)
	w.MoveThing(-1)
	if w.Things[0] != second || w.Things[1] != first || w.Shown() != second {
		t.Error("the thing under the cursor did not move up")
	}
	if rows := w.Lists[Open].Rows(); rows[0] != second.Row() {
		t.Errorf("the list has %q", rows)
	}
	w.MoveThing(-1)
	if w.Things[0] != second {
		t.Error("it moved beyond the end")
	}
	w.MoveOpen(1)
	if w.Shown() != first {
		t.Error("the next open thing is not shown")
	}
	w.MoveOpen(1)
	if w.Shown() != second {
		t.Error("stepping through Open does not go round")
	}
}

func TestAPublisherThatIsJustGoingRefusesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := def("Ticks", "", "")
	d.Streaming = true
	w.join(app("a", 1), d)
	sub := w.ask(d, `{}`)
	w.apply(Streamed{sub.ID, sub.Gen, bus.StreamAccepted{At: w.now, Server: app("a", 1)}}, Subscribed{sub.ID, sub.Gen, nil})
	w.apply(Streamed{sub.ID, sub.Gen, bus.StreamClosed{At: w.now, URI: methodRemoved}})
	left := sub.Interrupted
	w.pass(time.Second)
	effects := w.apply(Subscribed{sub.ID, sub.Gen, &bus.Error{URI: methodRemoved, Reason: "Method has been removed"}})
	if sub.Phase != Waiting || sub.Interrupted != left {
		t.Errorf("phase %v, away since %v, want %v", sub.Phase, sub.Interrupted, left)
	}
	if len(effects) != 2 || effects[1].(Subscribe).Gen != sub.Gen {
		t.Errorf("it is not asked for again: %v", effects)
	}
	w.apply(Subscribed{sub.ID, sub.Gen, &bus.Error{Reason: "no such desk"}})
	if sub.Phase != Ended {
		t.Errorf("a refusal by the publisher that came back is taken for its going: phase %v", sub.Phase)
	}
}

// TestOpenedInSpiteOfTheFilter: what is opened is shown, whatever Open is narrowed to.
func TestOpenedInSpiteOfTheFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), ticks, sum)
	sub := w.ask(ticks, ``)
	w.SetFilter(Open, "ticks")
	form := w.open(sum, ``)
	if w.Shown() != form || w.Lists[Open].Filter != "" || !strings.HasPrefix(w.Notice.Text, "the filter of Open is gone") {
		t.Errorf("%v is shown, Open is narrowed to %q, said %q", w.Shown().Row(), w.Lists[Open].Filter, w.Notice.Text)
	}
	w.SetFilter(Open, "addi")
	w.ShowThing(sub)
	if w.Shown() != sub || w.Lists[Open].Filter != "" {
		t.Errorf("%v is shown, Open is narrowed to %q", w.Shown().Row(), w.Lists[Open].Filter)
	}
	w.SetFilter(Open, "ticks")
	w.ShowThing(sub)
	if w.Lists[Open].Filter != "ticks" {
		t.Error("a filter that it passes is gone")
	}
}
