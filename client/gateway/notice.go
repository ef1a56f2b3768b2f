package gateway

import (
	"ioscope/client/internal/wire"
)

// notice is a message of which many get the same: only the receiver's own peer
// id differs, and stands between the two parts.
type notice struct{ head, tail []byte }

func newNotice(f *wire.Frame) *notice {
	whole := f.Bytes()
	tail := f.AppendFields(nil)
	return &notice{head: append(whole[:len(whole)-len(tail)], `,"peer_id":`...), tail: tail}
}

// tell delivers a notice, which may wait for company.
func (p *peer) tell(n *notice) {
	draft := newDraft()
	defer draft.done()
	draft.text = append(append(draft.text, n.head...), p.raw...)
	p.link.enqueue(draft.text, n.tail, economy)
}

// introduce tells one peer of another.
func introduce(domain string, to, about *peer) { to.tell(about.introduction(domain)) }

// introduction is what others are told of a peer.
func (p *peer) introduction(domain string) *notice {
	n := p.introductions[domain]
	if n == nil {
		n = newNotice(&wire.Frame{
			Domain: domain, Type: wire.PeerAdded,
			NewPeerID: p.raw, Identity: p.identity, Meta: wire.Raw(`{"local":true}`),
		})
		if p.introductions == nil {
			p.introductions = map[string]*notice{}
		}
		p.introductions[domain] = n
	}
	return n
}

// announcement is what others are told of methods; there is at least one.
func announcement(provider *member, defs []*method) *notice {
	return newNotice(&wire.Frame{
		Domain: wire.AGM, Type: wire.MethodsAdded, SourceType: wire.Raw(`"local"`),
		ServerID: provider.raw, Methods: list(defs, func(def *method) wire.Raw { return def.raw }),
	})
}

// withdrawal is announcement's opposite.
func withdrawal(provider *member, defs []*method) *notice {
	return newNotice(&wire.Frame{
		Domain: wire.AGM, Type: wire.MethodsRemoved,
		ServerID: provider.raw, Methods: list(defs, func(def *method) wire.Raw { return def.id }),
	})
}

func list(defs []*method, part func(*method) wire.Raw) wire.Raw {
	size := 2
	for _, def := range defs {
		size += len(part(def)) + 1
	}
	array := append(make(wire.Raw, 0, size), '[')
	for i, def := range defs {
		if i > 0 {
			array = append(array, ',')
		}
		array = append(array, part(def)...)
	}
	return append(array, ']')
}

// sharing tells members of methods. As long as everybody may see all of them,
// which is the rule, all get the same notice.
type sharing struct {
	defs  []*method
	make  func(defs []*method) *notice
	whole *notice
}

// tell tells a member of those methods that may hold for it.
func (s *sharing) tell(to *member, may func(*method) bool) {
	var visible []*method
	for i, def := range s.defs {
		switch {
		case !may(def):
			if visible == nil {
				visible = append(make([]*method, 0, len(s.defs)), s.defs[:i]...)
			}
		case visible != nil:
			visible = append(visible, def)
		}
	}
	switch {
	case visible == nil && len(s.defs) > 0:
		if s.whole == nil {
			s.whole = s.make(s.defs)
		}
		to.tell(s.whole)
	case len(visible) > 0:
		to.tell(s.make(visible))
	}
}
