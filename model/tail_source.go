package model

import "ioscope/client/bus"

// Source is a publisher of a stream: an application, under each peer id that it had.
type Source struct {
	// Peers are its ids, the latest last.
	Peers []bus.PeerID
	// Events counts what it sent.
	Events int
}

// Latest is the peer id that it had last.
func (s *Source) Latest() bus.PeerID { return s.Peers[len(s.Peers)-1] }

// sources are the publishers of a stream in the order in which they came.
type sources struct {
	all    []*Source
	places map[bus.PeerID]int
	apps   map[RowID]int
}

// of is the source that has a peer id; a new one for a stranger.
func (s *sources) of(peer bus.PeerID) *Source {
	place, known := s.places[peer]
	if !known {
		place = len(s.all)
		s.all = append(s.all, &Source{})
		s.add(peer, place)
	}
	return s.all[place]
}

func (s *sources) add(peer bus.PeerID, place int) {
	if s.places == nil {
		s.places, s.apps = map[bus.PeerID]int{}, map[RowID]int{}
	}
	s.places[peer] = place
	s.all[place].Peers = append(s.all[place].Peers, peer)
}

// Introduce says of which application a peer id is, and returns its source. One that
// comes back with another id is the source that it was.
func (t *Tail) Introduce(peer bus.PeerID, app RowID) *Source {
	s := &t.sources
	_, known := s.places[peer]
	if place, was := s.apps[app]; was && !known {
		s.add(peer, place)
	}
	source := s.of(peer)
	s.apps[app] = s.places[peer]
	return source
}

// adopt takes over which peer ids are of one application.
func (t *Tail) adopt(others *Tail) {
	for app, place := range others.sources.apps {
		for _, peer := range others.sources.all[place].Peers {
			t.Introduce(peer, app)
		}
	}
}

// Knows reports whether something came from a peer, or it was introduced.
func (t *Tail) Knows(peer bus.PeerID) bool {
	_, known := t.sources.places[peer]
	return known
}

// Sources are the publishers in the order in which they came.
func (t *Tail) Sources() []*Source { return t.sources.all }

// Place is the place of a peer's source among [Tail.Sources], -1 for who sent nothing.
func (t *Tail) Place(peer bus.PeerID) int {
	if place, known := t.sources.places[peer]; known {
		return place
	}
	return -1
}

// meet takes in of which application a peer is. What was hidden stays so when it
// comes back.
func (t *Thing) meet(srv *Server) {
	peer := srv.Instance.PeerID
	if s := t.Tail.Introduce(peer, srv.ID); t.Hides(s) && !t.Sieve.Hidden[peer] {
		t.hide(s, true)
	}
}

// Hides reports whether the events of a source are hidden.
func (t *Thing) Hides(s *Source) bool { return t.Sieve.Hidden[s.Peers[0]] }

// HiddenSources counts the sources whose events are hidden.
func (t *Thing) HiddenSources() int {
	n := 0
	for _, s := range t.Tail.Sources() {
		if t.Hides(s) {
			n++
		}
	}
	return n
}

// HideSource hides the events of a source, or shows them again.
func (t *Thing) HideSource(s *Source) { t.hide(s, !t.Hides(s)) }
