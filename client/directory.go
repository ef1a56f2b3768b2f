package client

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// directory is what the bus offers, as announced: servers in order, each with
// its methods in order. It is pure state, guarded by its owner. Slices that it
// gives away are never changed afterwards.
type directory struct {
	order  []*server
	byPeer map[bus.PeerID]*server
}

// server is one application and what it registered.
type server struct {
	instance bus.Instance
	mine     bool
	methods  []bus.MethodDefinition
}

// add puts a server at the end. It reports false for one that is known already:
// a gateway may announce a pair twice (gw3 4).
func (d *directory) add(instance bus.Instance, mine bool) bool {
	if _, known := d.byPeer[instance.PeerID]; known {
		return false
	}
	if d.byPeer == nil {
		d.byPeer = make(map[bus.PeerID]*server)
	}
	s := &server{instance: instance, mine: mine}
	d.byPeer[instance.PeerID] = s
	d.order = append(d.order, s)
	return true
}

// remove takes a server away. The second result is false when there was none.
func (d *directory) remove(peer bus.PeerID) (server, bool) {
	s, known := d.byPeer[peer]
	if !known {
		return server{}, false
	}
	delete(d.byPeer, peer)
	d.order = slices.DeleteFunc(d.order, func(o *server) bool { return o == s })
	return *s, true
}

// reset takes everything away and returns it in order.
func (d *directory) reset() []server {
	out := make([]server, len(d.order))
	for i, s := range d.order {
		out[i] = *s
	}
	*d = directory{}
	return out
}

// instance is the server of that id, or one of which nothing but the id is known.
func (d *directory) instance(peer bus.PeerID) bus.Instance {
	if s, known := d.byPeer[peer]; known {
		return s.instance
	}
	return bus.Instance{PeerID: peer}
}

// register adds methods to a server. It returns those that are new, and those
// whose id was known with another definition, which the new ones replace. The
// last result is false when the server is unknown.
func (d *directory) register(peer bus.PeerID, methods []bus.MethodDefinition) (added, replaced []bus.MethodDefinition, known bool) {
	s, known := d.byPeer[peer]
	if !known {
		return nil, nil, false
	}
	have := slices.Clone(s.methods)
	for _, m := range methods {
		at := slices.IndexFunc(have, func(o bus.MethodDefinition) bool { return o.ID == m.ID })
		switch {
		case at < 0:
			have = append(have, m)
		case bytes.Equal(have[at].Raw, m.Raw):
			continue
		default:
			// Of an id that stands twice in one announcement the last one counts.
			if twice := slices.IndexFunc(added, func(o bus.MethodDefinition) bool { return o.ID == m.ID }); twice >= 0 {
				added = slices.Delete(added, twice, twice+1)
			} else {
				replaced = append(replaced, have[at])
			}
			have[at] = m
		}
		added = append(added, m)
	}
	s.methods = have
	return added, replaced, true
}

// unregister takes methods from a server and returns what was taken.
func (d *directory) unregister(peer bus.PeerID, ids []bus.MethodID) []bus.MethodDefinition {
	s, known := d.byPeer[peer]
	if !known {
		return nil
	}
	var keep, gone []bus.MethodDefinition
	for _, m := range s.methods {
		if slices.Contains(ids, m.ID) {
			gone = append(gone, m)
		} else {
			keep = append(keep, m)
		}
	}
	s.methods = keep
	return gone
}

func (d *directory) servers() []bus.Instance {
	out := make([]bus.Instance, len(d.order))
	for i, s := range d.order {
		out[i] = s.instance
	}
	return out
}

// candidates gives every method that fits, or only the first of each server.
func (d *directory) candidates(f bus.MethodFilter, firstOnly bool) []bus.Candidate {
	var out []bus.Candidate
	for _, s := range d.order {
		for _, m := range s.methods {
			if !f.Matches(m) {
				continue
			}
			out = append(out, bus.Candidate{Server: s.instance, Method: m, Mine: s.mine})
			if firstOnly {
				break
			}
		}
	}
	return out
}

// parseDefinition reads one entry of a methods-added. Parts of an unexpected
// type are taken for absent; only an entry without an id is no definition.
func parseDefinition(raw wire.Raw) (bus.MethodDefinition, bool) {
	m := bus.MethodDefinition{Raw: raw}
	ok := wire.Members(raw, func(key string, value wire.Raw) {
		switch key {
		case "id":
			m.ID = methodID(value)
		case "name":
			m.Name, _ = wire.Text(value)
		case "display_name":
			m.DisplayName, _ = wire.Text(value)
		case "description":
			m.Description, _ = wire.Text(value)
		case "input_signature":
			m.Accepts, _ = wire.Text(value)
		case "result_signature":
			m.Returns, _ = wire.Text(value)
		case "restrictions":
			m.Restrictions, _ = wire.Text(value)
		case "object_types":
			_ = json.Unmarshal(value, &m.ObjectTypes)
		case "version":
			var version float64
			_ = json.Unmarshal(value, &version)
			m.Version = int(version)
		case "flags":
			m.Streaming, m.Flags = parseFlags(value)
		}
	})
	return m, ok && m.ID != ""
}

func parseFlags(raw wire.Raw) (streaming bool, user json.RawMessage) {
	wire.Members(raw, func(key string, value wire.Raw) {
		switch key {
		case "streaming":
			streaming = string(value) == "true"
		case "metadata":
			if !wire.IsNull(value) {
				user = value
			}
		}
	})
	return streaming, user
}

// methodID makes two spellings of one JSON text the same id. Other scalars
// count as they are spelled: a gateway repeats them as they came.
func methodID(raw wire.Raw) bus.MethodID {
	if text, ok := wire.Text(raw); ok {
		return bus.MethodID(wire.Quote(text))
	}
	if wire.IsNull(raw) {
		return ""
	}
	return bus.MethodID(raw)
}

// encodeDefinition writes what register sends.
func encodeDefinition(m bus.MethodDefinition, id wire.Raw) (wire.Raw, error) {
	return marshal(wire.Definition{
		ID: id, Name: m.Name, DisplayName: m.DisplayName, Description: m.Description,
		Version: version(m.Version), ObjectTypes: m.ObjectTypes,
		InputSignature: m.Accepts, ResultSignature: m.Returns, Restrictions: m.Restrictions,
		Flags: &wire.DefinitionFlags{Streaming: m.Streaming, Metadata: m.Flags},
	})
}

func version(n int) json.Number {
	if n == 0 {
		return "" // left out
	}
	return json.Number(strconv.Itoa(n))
}
