package model

import "time"

// reopenFor is how long what was closed can be brought back, reopenMost how much of it:
// a stream keeps all its rows.
const (
	reopenFor  = 5 * time.Minute
	reopenMost = 5
)

// closed is a thing that was closed.
type closed struct {
	thing *Thing
	at    time.Time
}

// putAway keeps a closed thing for a while, if there was something about it.
func (s *State) putAway(t *Thing) {
	if t.Content != nil || t.Phase == Filling && !t.touched {
		return
	}
	s.away = append(s.away, closed{t, s.Now})
	if n := len(s.away) - reopenMost; n > 0 {
		s.away = append(s.away[:0:0], s.away[n:]...)
	}
	if !s.toldReopen {
		s.toldReopen = true
		s.Say("closed; for 5 minutes the palette's reopen brings it back")
	}
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

// Reopen brings back what was closed last, with all that was kept. A subscription has
// ended meanwhile, and can be asked for again.
func (s *State) Reopen() {
	n := len(s.away)
	if n == 0 {
		return
	}
	t := s.away[n-1].thing
	s.away = s.away[:n-1]
	s.Things = append(s.Things, t)
	s.ShowThing(t)
}
