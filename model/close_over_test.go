package model

import (
	"strings"
	"testing"

	"ioscope/client/bus"
)

// TestCloseOver closes all of which nothing goes on, and brings it back where it was.
func TestCloseOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), ticks)
	ended, running, shown := w.ask(ticks, `{"n":1}`), w.ask(ticks, `{"n":2}`), w.ask(ticks, `{"n":3}`)
	for _, sub := range []*Thing{ended, running, shown} {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamAccepted{At: w.now}})
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Data: []byte(`1`)}})
	}
	if len(w.Over()) != 0 || w.CloseOver() != nil || w.CanReopen() {
		t.Error("something is over that runs")
	}
	w.GiveUp(ended)
	w.GiveUp(shown)
	run := &Run{Action: Action{Name: "Refund"}, Ref: "t1", Stage: RunEnded}
	w.Things = append(w.Things, &Thing{ID: 90, Content: run}, &Thing{ID: 91, Content: &Run{Ref: "t2", Stage: RunWorking}}, &Thing{ID: 92, Phase: Filling})
	before := w.opened()
	w.ShowThing(shown)
	effects := w.CloseOver()
	if len(effects) != 1 || effects[0] != (LeaveRun{Ref: "t1"}) {
		t.Errorf("effects %+v", effects)
	}
	if got, want := w.opened(), strings.Join([]string{string(running.Row()), "thing91", "thing92"}, " "); got != want {
		t.Errorf("%s is open, want %s", got, want)
	}
	if w.Focus == Workspace && w.Shown() == shown || !strings.HasPrefix(w.Notice.Text, "closed 3 that were over; ") {
		t.Errorf("%v is shown, said %q", w.Shown(), w.Notice.Text)
	}
	later := w.ask(ticks, `{"n":4}`)
	w.Reopen()
	if got, want := w.opened(), before+" "+string(later.Row()); got != want {
		t.Errorf("%s is open, want %s", got, want)
	}
	if kept, _ := shown.Tail.Kept(); kept != 1 || w.Shown() != ended {
		t.Errorf("%d events are kept, %v is shown", kept, w.Shown())
	}
	w.SetFilter(Open, "nothing like it")
	if len(w.Over()) != 0 {
		t.Error("what a filter hides would be closed")
	}
}

// opened names what is open, in order.
func (w *world) opened() string {
	var rows []string
	for _, t := range w.Things {
		rows = append(rows, string(t.Row()))
	}
	return strings.Join(rows, " ")
}
