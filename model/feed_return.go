package model

import (
	"slices"

	"ioscope/client/bus"
)

// What servers offer otherwise after our connection came back than before it was lost.

// offered is what a server offers, by the rows of the methods.
func (s *Server) offered() map[RowID]bus.MethodDefinition {
	out := make(map[RowID]bus.MethodDefinition, len(s.offers))
	for _, m := range s.offers {
		out[m.ID] = m.Def
	}
	return out
}

// feedReturned tells what came and went while the connection was lost, of the servers
// that are back. Their methods are announced one message after another: they get the
// time that a bus has to come in.
func (s *State) feedReturned() {
	f, d := s.feed, s.bus()
	if len(f.had) == 0 || s.Conn.State != bus.Live || s.Now.Sub(s.Conn.LiveSince) < childhood {
		return
	}
	var back []*Server
	for id := range f.had {
		if srv := d.Server(id); srv != nil && !srv.Gone() && !srv.Stale {
			back = append(back, srv)
		}
	}
	slices.SortFunc(back, func(a, b *Server) int { return compareFold(a.Instance.Name(), b.Instance.Name()) })
	for _, srv := range back {
		now, had := srv.offered(), f.had[srv.ID]
		s.feedDiffers(srv, FeedRemoved, "removed", missing(had, now))
		s.feedDiffers(srv, FeedAdded, "added", missing(now, had))
	}
	clear(f.had)
}

// missing are the definitions of one that the other does not have, by name.
func missing(of, in map[RowID]bus.MethodDefinition) []bus.MethodDefinition {
	var out []bus.MethodDefinition
	for id, def := range of {
		if _, ok := in[id]; !ok {
			out = append(out, def)
		}
	}
	slices.SortFunc(out, func(a, b bus.MethodDefinition) int { return compareFold(a.Name, b.Name) })
	return out
}

func (s *State) feedDiffers(srv *Server, kind FeedKind, what string, defs []bus.MethodDefinition) {
	if len(defs) == 0 {
		return
	}
	s.feed.add(&FeedEntry{
		At: s.Now, Kind: kind, Name: srv.Instance.Name(), What: offersWord(defs, what), Server: srv.ID, Offers: names(defs),
		Method: MethodRow(defs[0]), Note: "while the connection was lost", PID: srv.Instance.PID,
	})
}
