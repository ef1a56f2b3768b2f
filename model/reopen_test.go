package model

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

func TestReopen(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := New(Options{}, now)
	add := func(touched bool) *Thing {
		s.nextThing++
		th := &Thing{ID: s.nextThing, touched: touched}
		s.Things = append(s.Things, th)
		s.refresh()
		return th
	}
	first, second, empty := add(true), add(true), add(false)
	s.Close(empty)
	if s.CanReopen() || s.Notice.Text != "" {
		t.Error("a form in which nothing was done is kept")
	}
	s.Close(first)
	if s.Notice.Text == "" {
		t.Error("nobody says that it can be brought back")
	}
	s.Tick(now.Add(4 * time.Minute))
	s.Notice.Text = ""
	s.Close(second)
	if s.Notice.Text != "" {
		t.Error("it is said twice")
	}
	s.Tick(now.Add(5*time.Minute + time.Second))
	s.Reopen()
	if s.Shown() != second || s.CanReopen() {
		t.Errorf("%v is shown", s.Shown())
	}
	s.Tick(now.Add(time.Hour))
	s.Reopen()
	if len(s.Things) != 1 {
		t.Error("there is more than was closed")
	}
	for range 9 {
		s.Close(add(true))
	}
	if len(s.away) != reopenMost {
		t.Errorf("%d are kept", len(s.away))
	}
}

// TestClearingIsUndone brings back what was cleared, before what came since.
func TestClearingIsUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), ticks)
	sub := w.ask(ticks, ``)
	said := func(data string) {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Data: json.RawMessage(data)}})
	}
	sub.SetFilter("!no")
	w.ClearStream(sub)
	if w.CanReopen() {
		t.Error("nothing was cleared, and can be brought back")
	}
	said(`"one"`)
	said(`"no"`)
	sub.Tail.Pause(w.now)
	w.ClearStream(sub)
	if shown, kept := sub.Tail.Shown(); shown != 0 || kept != 0 {
		t.Errorf("%d of %d are left", shown, kept)
	}
	if !strings.HasPrefix(w.Notice.Text, "cleared 2 events; ") {
		t.Errorf("said %q", w.Notice.Text)
	}
	said(`"two"`)
	sub.Tail.Interrupt(GapLost, "a hole", w.now)
	said(`"three"`)
	w.Reopen()
	var rows []string
	for n := uint64(1); n < 10; n++ {
		if row, ok := sub.Tail.Get(n); ok {
			rows = append(rows, row.Gap+string(row.Data))
		}
	}
	if got, want := strings.Join(rows, " "), `"one" "no" "two" a hole "three"`; got != want {
		t.Errorf("rows %s, want %s", got, want)
	}
	if shown, kept := sub.Tail.Shown(); shown != 3 || kept != 4 || !sub.Tail.Following() || sub.Tail.Counts().Total != 4 {
		t.Errorf("%d of %d are shown, following: %v, counts %+v", shown, kept, sub.Tail.Following(), sub.Tail.Counts())
	}
}

// TestRemovedWatchComesBack removes a watch and brings it back with what it knew.
func TestRemovedWatchComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), ticks)
	sub := w.ask(ticks, ``)
	watch := &Watch{Method: sub.Method, Def: ticks, Target: sub.Target}
	w.AddWatch(watch)
	w.DropWatch(watch)
	if len(w.WatchList().All()) != 0 || !strings.HasPrefix(w.Notice.Text, "removed the watch of "+watch.Name()) {
		t.Errorf("%d are left; said %q", len(w.WatchList().All()), w.Notice.Text)
	}
	w.Reopen()
	if all := w.WatchList().All(); len(all) != 1 || all[0] != watch {
		t.Errorf("there are %v", all)
	}
}
