package model

import (
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// Host is a program that offers Interval actions and pages. It stands among the
// servers.
type Host struct {
	// ID is one process of the program, Name what it is called here.
	ID, Name string
	// SDK names the library and its version, Remote where it connected from.
	SDK, Remote string
	// Key is the part of its API key that is no secret; may be empty.
	Key string
	// Environment is what the host was told that this is.
	Environment string
	Since       time.Time
	Actions     []Action
	// Closing means that it takes nothing new and is about to go.
	Closing bool
}

// Action is what a host lets people run, or a page of it. It stands among the
// methods.
type Action struct {
	// Slug is what starts it. Name is what people read, Group the names of the
	// groups that it is in, the outermost first.
	Slug, Name, Description string
	Group                   []string
	// Page is true for what is opened, not run.
	Page bool
	// Unlisted is true for what a dashboard would not list, Background for what
	// may go on while nobody looks.
	Unlisted, Background bool
}

// Title is the name with the groups before it, by which lists are sorted.
func (a *Action) Title() string {
	return strings.Join(append(slices.Clone(a.Group), a.Name), " › ")
}

func (a *Action) row() RowID {
	if a.Page {
		return RowID("page\x00" + a.Slug)
	}
	return RowID("action\x00" + a.Slug)
}

func (a *Action) def() bus.MethodDefinition {
	return bus.MethodDefinition{ID: bus.MethodID(a.row()), Name: a.Title(), DisplayName: a.Name, Description: a.Description}
}

// HostHeard tells what a host offers now, or that it went.
type HostHeard struct {
	Host Host
	// Left is why it went; empty while it is here.
	Left string
	At   time.Time
}

// HostOdd tells that a host sent what the protocol doesn't allow.
type HostOdd struct {
	Host string
	Err  error
}

func (HostHeard) input() {}
func (HostOdd) input()   {}

// hostPeer is the name of a host among the peers of the bus.
func hostPeer(id string) bus.PeerID { return bus.PeerID(hostPrefix + id) }

const hostPrefix = "interval:"

// hostsPeer reports whether a name is that of a host.
func hostsPeer(peer bus.PeerID) bool { return strings.HasPrefix(string(peer), hostPrefix) }

func (d *Directory) host(e HostHeard) {
	peer := hostPeer(e.Host.ID)
	if e.Left != "" {
		if s := d.peers[peer]; s != nil {
			d.version++
			d.bury(s, e.At, e.Left)
			d.markDrift()
		}
		return
	}
	machine, _, _ := strings.Cut(e.Host.Remote, ":")
	fresh := d.peers[peer] == nil
	s := d.addServer(bus.ServerAdded{At: e.At, Server: bus.Instance{
		PeerID: peer, Application: e.Host.Name, Machine: machine, API: e.Host.SDK, Local: true,
	}})
	h := e.Host
	s.Host = &h
	if fresh && !h.Since.IsZero() {
		s.Since = h.Since
	}
	wanted := map[bus.MethodID]bool{}
	for i := range h.Actions {
		wanted[bus.MethodID(h.Actions[i].row())] = true
	}
	for id, m := range s.offers {
		if !wanted[id] {
			d.withdraw(s, id, m, e.At)
		}
	}
	for i := range h.Actions {
		d.offerAction(s, &h.Actions[i], e.At)
	}
	s.Methods = len(s.offers)
	d.markDrift()
}

func (d *Directory) offerAction(s *Server, a *Action, at time.Time) {
	m := d.methods[a.row()]
	if m == nil {
		m = &Method{ID: a.row(), Stats: map[RowID]*Stats{}}
		d.methods[m.ID] = m
	}
	m.Def, m.Action = a.def(), a
	if s.offers[m.Def.ID] == nil {
		m.Offers = append(m.Offers, Offer{Server: s, Def: m.Def, Since: at})
		s.offers[m.Def.ID] = m
	}
	m.Last, m.GoneAt = nil, time.Time{}
}

// hostsOf are the hosts that are here, for a state that begins anew.
func (d *Directory) hostsOf() []HostHeard {
	var out []HostHeard
	for _, s := range d.servers {
		if s.Host != nil && !s.Gone() {
			h := *s.Host
			h.Since = s.Since
			out = append(out, HostHeard{Host: h, At: s.Since})
		}
	}
	slices.SortFunc(out, func(a, b HostHeard) int { return a.At.Compare(b.At) })
	return out
}

// hostName is what a host is called that is known by its id alone.
func (s *State) hostName(id string) string {
	d := s.bus()
	if srv := d.ByPeer(hostPeer(id)); srv != nil {
		return srv.Instance.Name()
	}
	for _, srv := range d.servers {
		if srv.Host != nil && srv.Host.ID == id {
			return srv.Instance.Name()
		}
	}
	return "the host"
}
