package wire

import "unicode/utf8"

// Delivery is an event as its subscriber gets it: the parts that matter to it,
// as slices of the message.
type Delivery struct {
	SubscriptionID, OOB, Sequence, Snapshot, Data Raw
}

// PeekEvent is Peek for those messages of which most come, the events of agm. It
// reports false for any other message, and for one that is not sound, which are
// for Peek to tell apart. It allocates nothing, and gives up at the first key
// that says that the message is no event.
func PeekEvent(msg []byte, d *Delivery) bool {
	*d = Delivery{}
	s := scanner{data: msg}
	s.space()
	if !s.expect('{') {
		return false
	}
	s.depth++ // of the object that is open
	var domain, kind bool
	for s.space(); ; s.space() {
		key, value := s.member()
		if s.bad {
			return false
		}
		switch string(key) {
		case `"domain"`:
			if domain = string(value) == `"agm"`; !domain {
				return false
			}
		case `"type"`:
			if kind = string(value) == `"event"`; !kind {
				return false
			}
		case `"subscription_id"`:
			d.SubscriptionID = value
		case `"oob"`:
			d.OOB = value
		case `"sequence"`:
			d.Sequence = value
		case `"snapshot"`:
			d.Snapshot = value
		case `"data"`:
			d.Data = value
		}
		if s.space(); s.peek() != ',' {
			break
		}
		s.at++
	}
	return s.expect('}') && s.ok() && domain && kind && utf8.Valid(msg)
}

// member reads a key, still quoted, and its value. A key with an escape in it is
// bad here: Peek knows how to read it.
func (s *scanner) member() (key, value []byte) {
	from := s.at
	if s.text(); s.bad {
		return nil, nil
	}
	key = s.data[from:s.at]
	for _, c := range key {
		if c == '\\' {
			s.fail()
			return nil, nil
		}
	}
	s.space()
	if !s.expect(':') {
		return nil, nil
	}
	s.space()
	from = s.at
	s.value()
	return key, s.data[from:s.at:s.at]
}
