package model

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// RowID names a thing in a list for as long as the list knows it. It stays the
// same when an application restarts and gets another peer id.
type RowID string

// Server is an application on the bus, or what is left of it.
type Server struct {
	ID       RowID
	Instance bus.Instance
	Mine     bool
	Since    time.Time
	// Left is when it left; zero while it is here.
	Left    time.Time
	LeftWhy string
	// Stale is true while our own connection is lost: what is shown is as it was.
	Stale bool
	// Visits counts how often it joined.
	Visits int
	// Methods and Streams count what it offers, or offered last.
	Methods, Streams int
	// Traffic counts what came from it.
	Traffic Traffic
	// Host is set for an Interval host, which is no peer of the bus.
	Host *Host

	offers map[bus.MethodID]*Method
	// had is what it offered before its methods began to go, at hadAt: a server
	// that leaves takes its methods first.
	had   [2]int
	hadAt time.Time
}

// farewell is how long before its own end a server's methods may have gone, for
// its tombstone to tell of them.
const farewell = time.Second

// Gone reports whether the server is a tombstone.
func (s *Server) Gone() bool { return !s.Left.IsZero() }

// Offer is one server's registration of a method.
type Offer struct {
	Server *Server
	Def    bus.MethodDefinition
	Since  time.Time
	// Until is when it was withdrawn; zero while it stands.
	Until time.Time
}

// Method is a method or a stream of the bus: one name with one pair of
// signatures, offered by one server or by several.
type Method struct {
	ID  RowID
	Def bus.MethodDefinition
	// Offers are those that stand, in the order of their announcement.
	Offers []Offer
	// Last are those that stood last; they tell a tombstone's servers.
	Last []Offer
	// GoneAt is when the last offer went; zero while there is one.
	GoneAt time.Time
	// Drift is true for the second and further signatures of a name.
	Drift bool
	// Twins counts the methods of this name.
	Twins int
	// Stats hold the answers by server name.
	Stats map[RowID]*Stats
	// Call is the last call to it; nil when it was not called.
	Call *Record
	// Action is set for an action or a page of an Interval host.
	Action *Action
}

// Gone reports whether nobody offers the method any more.
func (m *Method) Gone() bool { return len(m.Offers) == 0 }

// Streaming reports whether it is a stream.
func (m *Method) Streaming() bool { return m.Def.Streaming }

// OfferedBy reports whether the server offers the method, or offered it last.
func (m *Method) OfferedBy(id RowID) bool {
	list := m.Offers
	if m.Gone() {
		list = m.Last
	}
	return slices.ContainsFunc(list, func(o Offer) bool { return o.Server.ID == id })
}

// Directory is what is known of the bus. Tombstones stay in it until forgotten.
type Directory struct {
	servers map[RowID]*Server
	peers   map[bus.PeerID]*Server
	methods map[RowID]*Method
	// names are what peers are called, those that left too: what they sent stays.
	names map[bus.PeerID]string
	next  int
	// version grows with each change.
	version int
	// another is true while somebody else logs in.
	another bool
}

func newDirectory() Directory {
	return Directory{
		servers: map[RowID]*Server{},
		peers:   map[bus.PeerID]*Server{},
		methods: map[RowID]*Method{},
		names:   map[bus.PeerID]string{},
	}
}

// namesKept bounds how many peers keep their names.
const namesKept = 10_000

// NameOf is what a peer is called, or was when it was here; empty for a stranger.
func (d *Directory) NameOf(peer bus.PeerID) string { return d.names[peer] }

func (d *Directory) name(i bus.Instance) {
	if len(d.names) >= namesKept {
		maps.DeleteFunc(d.names, func(peer bus.PeerID, _ string) bool { return d.peers[peer] == nil })
	}
	d.names[i.PeerID] = i.Name()
}

// Server returns the server with this row id, or nil.
func (d *Directory) Server(id RowID) *Server { return d.servers[id] }

// ByPeer returns the server that has this peer id now, or nil.
func (d *Directory) ByPeer(peer bus.PeerID) *Server { return d.peers[peer] }

// Version grows with each change.
func (d *Directory) Version() int { return d.version }

// Servers returns all servers, those that left too, ordered by name.
func (d *Directory) Servers() []*Server {
	return slices.SortedFunc(maps.Values(d.servers), func(a, b *Server) int {
		return cmp.Or(compareFold(a.Instance.Name(), b.Instance.Name()), a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
	})
}

// Methods returns all methods and streams, ordered by name.
func (d *Directory) Methods() []*Method {
	return slices.SortedFunc(maps.Values(d.methods), func(a, b *Method) int {
		return cmp.Or(compareFold(a.Def.Name, b.Def.Name), cmp.Compare(a.ID, b.ID))
	})
}

// Method returns the method or stream with this row id, or nil.
func (d *Directory) Method(id RowID) *Method { return d.methods[id] }

// MethodRow is the row id of a definition.
func MethodRow(def bus.MethodDefinition) RowID {
	kind := "method\x00"
	if def.Streaming {
		kind = "stream\x00"
	}
	return RowID(kind + string(def.Key()))
}

// addServer makes a row, or revives the tombstone that the same application left.
func (d *Directory) addServer(e bus.ServerAdded) *Server {
	d.version++
	d.name(e.Server)
	if s := d.peers[e.Server.PeerID]; s != nil {
		s.Instance, s.Mine, s.Stale, s.Left = e.Server, e.Mine, false, time.Time{}
		return s
	}
	s := d.absent(e.Server)
	if s == nil {
		d.next++
		s = &Server{ID: RowID("server" + strconv.Itoa(d.next))}
		d.servers[s.ID] = s
	} else {
		// What it offered before our connection was lost, it offers anew.
		for id, m := range s.offers {
			d.withdraw(s, id, m, e.At)
		}
		delete(d.peers, s.Instance.PeerID)
	}
	if !s.Stale || s.Since.IsZero() {
		s.Since = e.At
	}
	s.Instance, s.Mine = e.Server, e.Mine
	s.Left, s.LeftWhy, s.Stale = time.Time{}, "", false
	s.offers = map[bus.MethodID]*Method{}
	s.Methods, s.Streams = 0, 0
	s.Visits++
	d.peers[e.Server.PeerID] = s
	return s
}

// absent finds the row of an application that is away and is the same as far as
// a person would say: same name, user and machine; the one with the same
// process first, then the one that left first.
func (d *Directory) absent(i bus.Instance) *Server {
	var best *Server
	for _, s := range d.servers {
		if !s.Stale && !s.Gone() {
			continue
		}
		if s.Host != nil != hostsPeer(i.PeerID) {
			continue
		}
		if s.Instance.Name() != i.Name() || s.Instance.User != i.User || s.Instance.Machine != i.Machine {
			continue
		}
		if best == nil || better(s, best, i) {
			best = s
		}
	}
	return best
}

func better(s, than *Server, i bus.Instance) bool {
	if a, b := s.Instance.PID == i.PID, than.Instance.PID == i.PID; a != b {
		return a
	}
	if c := s.Left.Compare(than.Left); c != 0 {
		return c < 0
	}
	return s.ID < than.ID
}

func (d *Directory) removeServer(e bus.ServerRemoved) {
	s := d.peers[e.Server.PeerID]
	if s == nil {
		return
	}
	d.version++
	if e.Reset {
		s.Stale = true
		return
	}
	d.bury(s, e.At, e.Reason)
}

func (d *Directory) bury(s *Server, at time.Time, why string) {
	for id, m := range s.offers {
		d.withdraw(s, id, m, at)
	}
	delete(d.peers, s.Instance.PeerID)
	if at.Sub(s.hadAt) < farewell {
		s.Methods, s.Streams = s.had[0], s.had[1]
	}
	s.Left, s.LeftWhy, s.Stale = at, why, false
}

// doubt takes no peer for sure any more: somebody else logs in, who may see others.
func (d *Directory) doubt() {
	for _, s := range d.peers {
		if s.Host == nil && !s.Stale {
			d.version++
			s.Stale = true
		}
	}
	d.another = true
}

// settle ends the doubt after a reconnect: who did not come back has left, or is not
// for the eyes of who logged in.
func (d *Directory) settle(at time.Time) {
	why := "left while the connection was lost"
	if d.another {
		why = "not seen by who is logged in now"
	}
	d.another = false
	for _, s := range d.servers {
		if s.Stale {
			d.version++
			d.bury(s, at, why)
		}
	}
}

func (d *Directory) addMethods(e bus.MethodsAdded) {
	s := d.peers[e.Peer]
	if s == nil {
		return
	}
	d.version++
	for _, def := range e.Methods {
		if old := s.offers[def.ID]; old != nil {
			d.withdraw(s, def.ID, old, e.At)
			s.count(old.Def, -1)
		}
		id := MethodRow(def)
		m := d.methods[id]
		if m == nil {
			m = &Method{ID: id, Stats: map[RowID]*Stats{}}
			d.methods[id] = m
		}
		if len(m.Offers) == 0 {
			m.Def = def
		}
		m.Offers = append(m.Offers, Offer{Server: s, Def: def, Since: e.At})
		m.Last, m.GoneAt = nil, time.Time{}
		s.offers[def.ID] = m
		s.count(def, 1)
	}
	d.markDrift()
}

func (s *Server) count(def bus.MethodDefinition, n int) {
	if def.Streaming {
		s.Streams += n
	} else {
		s.Methods += n
	}
}

func (d *Directory) removeMethods(e bus.MethodsRemoved) {
	s := d.peers[e.Peer]
	if s == nil || e.Reset {
		return
	}
	d.version++
	if e.At.Sub(s.hadAt) >= farewell {
		s.had, s.hadAt = [2]int{s.Methods, s.Streams}, e.At
	}
	for _, def := range e.Methods {
		if m := s.offers[def.ID]; m != nil {
			d.withdraw(s, def.ID, m, e.At)
			s.count(m.Def, -1)
		}
	}
	d.markDrift()
}

// withdraw takes one offer away; the counts of the server stay for its tombstone.
func (d *Directory) withdraw(s *Server, id bus.MethodID, m *Method, at time.Time) {
	delete(s.offers, id)
	for i, o := range m.Offers {
		if o.Server == s && o.Def.ID == id {
			m.Offers = slices.Delete(m.Offers, i, i+1)
			o.Until = at
			m.Last = append(m.Last, o)
			break
		}
	}
	if len(m.Offers) == 0 {
		m.GoneAt = at
		m.Last = slices.DeleteFunc(m.Last, func(o Offer) bool { return at.Sub(o.Until) > farewell })
	}
}

// markDrift finds the names that stand with several signatures. The signature
// that most servers offer is the plain one.
func (d *Directory) markDrift() {
	names := map[string][]*Method{}
	for _, m := range d.methods {
		m.Drift, m.Twins = false, 1
		if m.Action != nil {
			continue // it has no signature
		}
		key := strings.ToLower(m.Def.Name) + strconv.FormatBool(m.Streaming())
		names[key] = append(names[key], m)
	}
	for _, list := range names {
		if len(list) < 2 {
			continue
		}
		slices.SortFunc(list, func(a, b *Method) int {
			return cmp.Or(-cmp.Compare(len(a.Offers), len(b.Offers)), earliest(a).Compare(earliest(b)), cmp.Compare(a.ID, b.ID))
		})
		for i, m := range list {
			m.Twins = len(list)
			m.Drift = i > 0
		}
	}
}

func earliest(m *Method) time.Time {
	if len(m.Offers) > 0 {
		return m.Offers[0].Since
	}
	return m.GoneAt
}

// forget clears tombstones: of one row, or all where id is empty. A server
// takes the methods that only it had offered with it.
func (d *Directory) forget(id RowID) int {
	n := 0
	for key, s := range d.servers {
		if s.Gone() && (id == "" || id == key) {
			delete(d.servers, key)
			n++
		}
	}
	for key, m := range d.methods {
		if !m.Gone() {
			continue
		}
		orphan := id == "" || key == id || (strings.HasPrefix(string(id), "server") && d.onlyOf(m, id))
		if orphan {
			delete(d.methods, key)
			n++
		}
	}
	if n > 0 {
		d.version++
		d.markDrift()
	}
	return n
}

func (d *Directory) onlyOf(m *Method, server RowID) bool {
	return !slices.ContainsFunc(m.Last, func(o Offer) bool { return o.Server.ID != server })
}

// Counts returns how many servers, methods and streams are here now.
func (d *Directory) Counts() (servers, methods, streams int) {
	for _, s := range d.servers {
		if !s.Gone() {
			servers++
		}
	}
	for _, m := range d.methods {
		switch {
		case m.Gone():
		case m.Streaming():
			streams++
		default:
			methods++
		}
	}
	return servers, methods, streams
}

// Known counts the methods, or the streams, that have a row: tombstones too.
func (d *Directory) Known(streams bool) int {
	n := 0
	for _, m := range d.methods {
		if m.Streaming() == streams {
			n++
		}
	}
	return n
}
