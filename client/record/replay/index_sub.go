package replay

import (
	"fmt"
	"strings"

	"ioscope/client/bus"
	"ioscope/client/record"
)

// subscription looks at a line that tells of one.
func (x *indexer) subscription(l *record.Line, e record.Entry) error {
	s := x.subs[l.ID]
	if s == nil {
		return &record.LineError{Line: e.Line, Err: fmt.Errorf("%s of the subscription %d, which no line has", l.What, l.ID)}
	}
	from := ""
	if who := x.peers[l.Peer]; who != nil {
		from = who.key()
	}
	switch l.What {
	case record.Accepted:
		s.parts[l.Peer] = from
	case record.Parted:
		x.part(s, l.Peer, e)
		return nil
	case record.Lost:
		clear(s.parts)
		return nil
	case record.Closed:
		for _, a := range s.by {
			a.last, a.end = e.Offset, x.since(e.At)
		}
		delete(x.subs, l.ID)
		return nil
	case record.Rejected:
		if l.Error == nil || l.Error.Own && !l.Error.Silent {
			return nil
		}
	}
	if s.by[from] != nil {
		return nil // it was restored
	}
	if x.asked == maxAsked {
		return &record.LineError{Line: e.Line, Err: fmt.Errorf("more than %d subscriptions; this one is passed over", maxAsked)}
	}
	x.asked++
	a := &asked{args: s.args, id: l.ID, at: x.since(s.at), from: from, refused: l.Error, begin: e.Bare(), last: e.Offset, end: x.since(e.At)}
	if l.What == record.Accepted {
		a.refused = nil
	}
	s.by[from] = a
	key := strings.ToLower(s.method)
	x.streams[key] = append(x.streams[key], a)
	return nil
}

// part ends an application's part in a subscription, unless another one of its name
// has one.
func (x *indexer) part(s *openSub, peer bus.PeerID, e record.Entry) {
	from := s.parts[peer]
	delete(s.parts, peer)
	for _, other := range s.parts {
		if other == from {
			return
		}
	}
	if a := s.by[from]; a != nil {
		a.last, a.end = e.Offset, x.since(e.At)
		delete(s.by, from)
	}
}
