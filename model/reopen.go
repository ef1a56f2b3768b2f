package model

import (
	"slices"
	"time"

	"ioscope/client/bus"
)

// reopenFor is how long what was closed can be brought back, reopenMost how much of it:
// a stream keeps all its rows.
const (
	reopenFor  = 5 * time.Minute
	reopenMost = 5
)

// closed is a thing that was closed, or something else that was taken away and how it
// comes back.
type closed struct {
	thing *Thing
	back  func() []Effect
	at    time.Time
}

// putAway keeps a closed thing for a while, if there was something about it.
func (s *State) putAway(t *Thing) {
	if t.Content != nil || t.Phase == Filling && !t.touched {
		return
	}
	s.keepAway(closed{thing: t, at: s.Now})
	if !s.toldReopen {
		s.toldReopen = true
		s.Say("closed; for 5 minutes the palette's reopen brings it back")
	}
}

func (s *State) keepAway(c closed) {
	s.away = append(s.away, c)
	if n := len(s.away) - reopenMost; n > 0 {
		s.away = append(s.away[:0:0], s.away[n:]...)
	}
}

// tookAway keeps how something comes back that was taken away by one key, and says so.
func (s *State) tookAway(said string, back func() []Effect) {
	s.keepAway(closed{back: back, at: s.Now})
	s.Say(said + "; for 5 minutes the palette's reopen brings it back")
}

// ClearStream throws away what is kept of a stream, until it is brought back.
func (s *State) ClearStream(t *Thing) {
	old := t.Tail
	n, _ := old.Kept()
	t.ClearTail()
	if n > 0 {
		s.tookAway("cleared "+Count(n, "event"), func() []Effect {
			t.unclear(old)
			if slices.Contains(s.Things, t) {
				s.ShowThing(t)
			}
			return nil
		})
	}
}

// unclear puts rows that were cleared before those that came since.
func (t *Thing) unclear(old *Tail) {
	since := t.Tail
	old.Follow()
	old.adopt(since)
	for n := since.first; n < since.next; n++ {
		row := since.at(n)
		if row.GapKind != NoGap {
			old.Interrupt(row.GapKind, row.Gap, row.At)
			continue
		}
		old.Append(bus.StreamData{
			At: row.At, Server: row.Server, Private: row.Private, Snapshot: row.Snapshot, Sequence: row.Sequence, Data: row.Data,
		})
	}
	old.counts.Total += since.counts.Fallen
	old.counts.Fallen += since.counts.Fallen
	old.counts.Missing += since.counts.Missing
	old.counts.Dropped += since.counts.Dropped
	t.Tail, t.Event = old, nil
	t.sift()
}

// DropWatch takes a watch away, until it is brought back.
func (s *State) DropWatch(w *Watch) []Effect {
	effects := s.RemoveWatch(w)
	s.tookAway("removed the watch of "+w.Name(), func() []Effect { return s.AddWatch(w) })
	return effects
}

// ForgetCall deletes a call from the history, until it is brought back.
func (s *State) ForgetCall(r *Record) []Effect {
	effects := s.ForgetCalls(r.ID)
	s.tookAway("deleted the call of "+When(r.At, s.Now), func() []Effect {
		s.recalled(Recalled{Records: []*Record{r}})
		s.refresh()
		return []Effect{Keep{r}}
	})
	return effects
}

// forgetAway lets go of what was closed too long ago.
func (s *State) forgetAway() {
	n := 0
	for n < len(s.away) && s.Now.Sub(s.away[n].at) > reopenFor {
		n++
	}
	if n > 0 {
		s.away = append(s.away[:0:0], s.away[n:]...)
	}
}

// CanReopen reports whether something can be brought back.
func (s *State) CanReopen() bool { return len(s.away) > 0 }

// Reopen brings back what was closed or taken away last, with all that was kept. A
// subscription that was closed has ended meanwhile, and can be asked for again.
func (s *State) Reopen() []Effect {
	n := len(s.away)
	if n == 0 {
		return nil
	}
	last := s.away[n-1]
	s.away = s.away[:n-1]
	if last.back != nil {
		s.Say("brought back")
		return last.back()
	}
	s.Things = append(s.Things, last.thing)
	s.ShowThing(last.thing)
	return nil
}
