package model

import (
	"slices"

	"ioscope/client/bus"
)

// LeftOut are those that a subscription to several would ask now and that do not send
// to it: they refused, ended their part, came back or came later. Nobody is taken into
// a subscription that runs, but by [State.Join].
func (s *State) LeftOut(t *Thing) []*Server {
	if t.Target.Mode == bus.Best || t.Phase != Running || !t.Interrupted.IsZero() {
		return nil
	}
	out := s.Reach(t)
	return slices.DeleteFunc(out, func(srv *Server) bool {
		return slices.ContainsFunc(t.Publishers, func(p bus.Instance) bool { return p.PeerID == srv.Instance.PeerID })
	})
}

// CameBack reports whether a server that is left out of a subscription sent to it as
// another peer.
func (t *Thing) CameBack(srv *Server) bool {
	place, was := t.Tail.sources.apps[srv.ID]
	return was && t.Tail.sources.all[place].Latest() != srv.Instance.PeerID
}

// Came reports whether a server joined the bus after a subscription began.
func (t *Thing) Came(srv *Server) bool { return srv.Since.After(t.Accepted) }

// Join asks those that are left out to send, too. What was kept stays, and who sends
// already goes on meanwhile.
func (s *State) Join(t *Thing) []Effect {
	if s.notThen() || len(s.LeftOut(t)) == 0 {
		return nil
	}
	return []Effect{Join{t.ID, t.Gen}}
}

// joined notes where one more publisher sends. Its numbers begin there: what it sent
// before was not asked for.
func (s *State) joined(t *Thing, e bus.StreamAccepted) {
	words := e.Server.Name() + " joined; what it sent before is not here"
	if srv := s.bus().ByPeer(e.Server.PeerID); srv != nil && t.Tail.sources.has(srv) {
		words = e.Server.Name() + " sends here again; what it sent meanwhile is not here"
	}
	t.Tail.Interrupt(GapRestored, words, e.At)
}

// has reports whether an application is among the sources, under whatever peer id.
func (s *sources) has(srv *Server) bool {
	_, now := s.places[srv.Instance.PeerID]
	_, ever := s.apps[srv.ID]
	return now || ever
}
