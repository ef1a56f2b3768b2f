package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"ioscope/client/bus"
)

// place tells where the keyboard is.
func (w *world) place() string {
	part := ""
	if t := w.Shown(); t != nil && w.Focus == Workspace {
		part = [...]string{" form", " result", " rows", " event"}[t.Part]
	}
	return w.Focus.String() + part
}

func (w *world) at(want string) {
	w.t.Helper()
	if got := w.place(); got != want {
		w.t.Errorf("the keyboard is in %s, want %s", got, want)
	}
}

func TestTurnGoesRound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, want := range []Pane{Methods, Streams, Open, Workspace, Servers} {
		w.Turn(1)
		w.at(want.String())
	}
	for _, want := range []Pane{Workspace, Open, Streams, Methods, Servers} {
		w.Turn(-1)
		w.at(want.String())
	}
}

// TestBackSteps goes deep in and back, one step at a time, until nothing is left.
func TestBackSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	a := app("a", 1)
	w.join(a, ticks)
	w.Point(Servers, w.Dir.ByPeer(a.PeerID).ID)
	w.Enter()
	w.Go(Streams)
	w.SetFilter(Streams, "tick")
	w.Enter()
	sub := w.Shown()
	w.at("Workspace form")
	w.Send(sub)
	w.at("Workspace rows")
	for i := range 5 {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Data: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))}})
	}
	sub.SetFilter("n")
	w.Full = true
	w.Enter()
	w.at("Workspace event")
	for i, step := range []struct {
		want string
		ok   func() bool
	}{
		{"Workspace rows", func() bool { return sub.Event == nil }},
		{"Workspace rows", func() bool { return !w.Full }},
		{"Workspace rows", func() bool { return sub.Filter == "" }},
		{"Streams", func() bool { return true }},
		{"Streams", func() bool { return w.Lists[Streams].Filter == "" }},
		{"Servers", func() bool { return w.Narrow == "" }},
	} {
		if !w.Back() || !step.ok() {
			t.Errorf("step %d did not lead back", i)
		}
		w.at(step.want)
	}
	if w.Back() {
		t.Error("there was a step more")
	}
	if w.Thing(sub.ID) == nil || sub.Phase != Asking {
		t.Error("going back ended the subscription")
	}
}

// TestBackFromForms drops a form in which nothing was done, and keeps others.
func TestBackFromForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	w.Go(Methods)
	w.Enter()
	w.at("Workspace form")
	w.Back()
	w.at("Methods")
	if len(w.Things) != 0 {
		t.Error("an untouched form stays behind")
	}
	w.Enter()
	touched := w.Shown()
	touched.Touch()
	w.Back()
	w.at("Methods")
	if w.Thing(touched.ID) == nil {
		t.Error("a form that was filled in is lost")
	}
	w.Enter()
	if w.Shown() != touched {
		t.Error("enter opens another form")
	}
	touched.Form.Fill([]byte(`{"a":1,"b":2}`))
	w.Send(touched)
	w.answer(touched, reply{app("a", 1), `{"sum":3}`})
	w.at("Workspace result")
	w.Unfold(touched)
	w.at("Workspace form")
	w.Back()
	w.at("Workspace result")
	if touched.FormShown() {
		t.Error("the form stays unfolded")
	}
	w.Back()
	w.at("Methods")
}

func TestWelcomeGoesOnce(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*State){
		"esc": func(s *State) { s.Back() }, "enter": func(s *State) { s.Enter() },
		"a pane": func(s *State) { s.Go(Methods) }, "a move": func(s *State) { s.MoveCursor(1) },
	} {
		s := New(Options{Demo: true}, noon)
		if !s.Welcome {
			t.Fatal("no welcome on a demo bus")
		}
		if leave(s); s.Welcome {
			t.Errorf("%s does not leave the welcome", name)
		}
	}
	if New(Options{}, noon).Welcome {
		t.Error("a welcome on another bus")
	}
}

// TestEnterOpens goes from each list to what enter there means.
func TestEnterOpens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), sum, ticks)
	w.Go(Methods)
	w.Enter()
	if thing := w.Shown(); thing == nil || thing.Stream() || thing.From != Methods || thing.Focus != "a" {
		t.Fatalf("enter on a method opens %+v", w.Shown())
	}
	w.Go(Methods)
	w.Go(Workspace)
	w.at("Workspace")
	w.Enter()
	w.at("Workspace form")
	w.Go(Streams)
	w.Enter()
	if thing := w.Shown(); thing == nil || !thing.Stream() || thing.Focus != StopJSON {
		t.Fatalf("enter on a stream opens %+v", w.Shown())
	}
	w.Go(Open)
	w.Enter()
	w.at("Workspace form")
	empty := newWorld(t)
	for _, p := range []Pane{Servers, Methods, Streams, Open, Workspace} {
		empty.Go(p)
		if effects := empty.Enter(); effects != nil || len(empty.Things) > 0 {
			t.Errorf("enter in an empty %v does %+v", p, effects)
		}
	}
}

// TestEnterOnWhatFailed opens the form again, where nothing could be asked.
func TestEnterOnWhatFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), sum, ticks)
	call := w.ask(sum, `{"a":1,"b":2}`)
	w.apply(Finished{call.ID, call.Gen, errors.New("no server")})
	w.Enter()
	w.at("Workspace form")
	sub := w.ask(ticks, ``)
	w.apply(Subscribed{sub.ID, sub.Gen, errors.New("refused")})
	w.Enter()
	w.at("Workspace form")
	if !sub.FormShown() {
		t.Error("the form is not shown")
	}
}

func TestMoveInside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	a := app("a", 1)
	w.join(a, sum, ticks)
	call := w.ask(sum, `{"a":1,"b":2}`)
	w.answer(call, reply{a, `{"sum":3,"more":{"x":1,"y":2}}`})
	w.MoveCursor(2)
	if ans := call.Results.Current(); ans.Tree.Row(ans.Tree.Cursor()).Path != "$.more.x" {
		t.Errorf("the cursor is on %s", ans.Tree.Row(ans.Tree.Cursor()).Path)
	}
	sub := w.ask(ticks, ``)
	for i := range 9 {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Data: json.RawMessage(fmt.Sprintf(`{"n":%d}`, i))}})
	}
	w.MoveCursor(-3)
	if row, _ := sub.Tail.Current(); string(row.Data) != `{"n":5}` || sub.Tail.Following() {
		t.Errorf("the cursor is on %s, following %v", row.Data, sub.Tail.Following())
	}
	w.Enter()
	w.at("Workspace event")
	w.MoveCursor(1)
	w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Data: json.RawMessage(`{}`)}})
	if string(sub.EventRow.Data) != `{"n":5}` {
		t.Errorf("the event became %s", sub.EventRow.Data)
	}
	sub.ClearTail()
	if sub.Tail.Len() != 0 || sub.Event != nil {
		t.Error("something is left after it was cleared")
	}
}

// TestClearingKeepsTheFilter clears a stream, and looks at what comes then.
func TestClearingKeepsTheFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), ticks)
	sub := w.ask(ticks, ``)
	sub.SetFilter("keep !drop")
	sub.ClearTail()
	for _, data := range []string{`"keep"`, `"keep and drop"`, `"other"`, `"KEEP"`} {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Data: json.RawMessage(data)}})
	}
	w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Data: json.RawMessage(`"keep"`), Private: true}})
	if shown, kept := sub.Tail.Shown(); shown != 3 || kept != 5 {
		t.Errorf("%d of %d are shown", shown, kept)
	}
	sub.SetFilter("private")
	if shown, _ := sub.Tail.Shown(); shown != 1 {
		t.Errorf("%d private events are shown", shown)
	}
	sub.SetFilter(" ")
	if sub.Tail.Filtered() {
		t.Error("a blank filter filters")
	}
}

// TestFilterOnOpen hides the thing that is shown.
func TestFilterOnOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x, y := streamDef("Xylophone"), streamDef("Yodel")
	w.join(app("a", 1), x, y)
	w.ask(x, ``)
	w.ask(y, ``)
	w.Go(Open)
	w.SetFilter(Open, "xylo")
	if rows := w.Lists[Open].Rows(); len(rows) != 1 || w.Shown().Def.Name != "Xylophone" {
		t.Errorf("%q are shown", rows)
	}
	w.pass(time.Second)
	w.SetFilter(Open, "")
	if rows := w.Lists[Open].Rows(); len(rows) != 2 || w.Shown().Def.Name != "Xylophone" {
		t.Errorf("%q are shown, %s in the workspace", rows, w.Shown().Def.Name)
	}
}
