package model

// Deed is something that changes the bus, or what others see of it. Watching,
// subscribing included, is none.
type Deed string

// The deeds that read-only forbids.
const (
	ToInvoke Deed = "invoking"
	ToOffer  Deed = "offering"
	ToAnswer Deed = "answering"
	ToPush   Deed = "pushing"
	ToRun    Deed = "running an action"
	ToStart  Deed = "starting apps"
)

// Forbids says why a deed can't be done because the explorer is read-only; empty
// when it can.
func (s *State) Forbids(d Deed) string {
	if !s.ReadOnly {
		return ""
	}
	return d.Forbidden()
}

// Forbidden is the one reason that is given for a deed that read-only forbids.
func (d Deed) Forbidden() string {
	return "read-only: " + string(d) + " is off. Start without --read-only to allow it."
}

// refuse says in the footer that a deed is forbidden. It reports whether it is.
func (s *State) refuse(d Deed) bool {
	why := s.Forbids(d)
	if why != "" {
		s.Say(why)
	}
	return why != ""
}
