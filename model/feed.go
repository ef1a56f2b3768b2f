package model

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// FeedKind is what an entry of the feed tells.
type FeedKind int

// The kinds of entries.
const (
	// FeedHere: it was there when we came.
	FeedHere FeedKind = iota
	FeedJoined
	FeedLeft
	FeedAdded
	FeedRemoved
	// FeedSecond: a name got another signature.
	FeedSecond
	FeedLost
	FeedBack
)

// FeedEntry is one thing that happened on the bus.
type FeedEntry struct {
	N    int
	At   time.Time
	Kind FeedKind
	// Name is whom it happened to, and What happened in a few words.
	Name, What string
	// Server and Method are the rows that it is about; empty for none.
	Server, Method RowID
	// Offers are the names of what was offered, added or removed.
	Offers []string
	// Note says more: why it left, which signatures there are.
	Note string
	// Since is when the server came that left; PID tells its processes apart.
	Since time.Time
	PID   int64
	// Host is the process of an Interval host; empty for a server of the bus.
	Host string

	row RowID
	// known entries tell of nothing new, whatever the mark; those that are away tell
	// what happened between two runs.
	known, away bool
	// number is the change before which the bus is as the entry tells.
	number int
}

// Row is the entry's id in the list of the feed.
func (e *FeedEntry) Row() RowID { return e.row }

// Words is all that the entry says beside its time, for filters.
func (e *FeedEntry) Words() string {
	return strings.Join([]string{e.Name, e.What, strings.Join(e.Offers, " "), e.Note}, " ")
}

// Chronicle is everything that joined, left, was added or removed, and the machine
// that shows the bus as it was.
type Chronicle struct {
	journal journal
	entries []*FeedEntry
	count   int
	// fresh and parting are the last entries of servers that came, and of those
	// whose methods went, by their peer.
	fresh, parting map[bus.PeerID]*FeedEntry
	// had is what servers offered before our connection was lost, that came back with
	// it: what they don't offer any more, or only now, is told once they are all here.
	had map[RowID]map[RowID]bus.MethodDefinition

	// Looked is up to when the feed was looked at, or was marked; Since shows
	// only what happened after.
	Looked time.Time
	Since  bool
	// Absent is true while the mark is the end of the run before.
	Absent bool
	seen   time.Time
	held   int // entries that are shown while the feed is held; -1 when it is not

	rows    []RowID
	hidden  int
	rowsFor feedRows
}

// feedRows is what the rows of the feed depend on.
type feedRows struct {
	count, entries, held int
	since                bool
	looked               time.Time
	filter               string
}

func newFeed() *Chronicle {
	return &Chronicle{fresh: map[bus.PeerID]*FeedEntry{}, parting: map[bus.PeerID]*FeedEntry{}, had: map[RowID]map[RowID]bus.MethodDefinition{}, held: -1}
}

// Entries are what happened, the latest last.
func (f *Chronicle) Entries() []*FeedEntry { return f.entries }

// hear takes in what was heard of the bus: it changes the directory of now, and
// remembers what happened.
func (s *State) hear(e bus.Event) {
	f, d := s.feed, s.bus()
	f.journal.add(Heard{e}, d)
	switch e := e.(type) {
	case bus.ServerAdded:
		s.feedJoined(e)
	case bus.ServerRemoved:
		s.feedLeft(e)
	case bus.MethodsAdded:
		s.feedAdded(e)
	case bus.MethodsRemoved:
		s.feedRemoved(e)
	case bus.ConnChanged:
		s.feedSettled(e)
	}
}

// add enters what happened. It is as the directory is now.
func (f *Chronicle) add(e *FeedEntry) *FeedEntry {
	f.count++
	e.N, e.row = f.count, RowID(fmt.Sprintf("feed%d", f.count))
	e.number = f.journal.end()
	f.entries = append(f.entries, e)
	if len(f.entries) > changesKept || !f.journal.reaches(f.entries[0].number) {
		at := slices.IndexFunc(f.entries, func(e *FeedEntry) bool { return f.journal.reaches(e.number) })
		f.entries = slices.Delete(f.entries, 0, max(at, len(f.entries)-changesKept))
	}
	return e
}

// drop takes an entry back that turned out to be a part of another.
func (f *Chronicle) drop(e *FeedEntry) {
	for i, other := range slices.Backward(f.entries) {
		if other == e {
			f.entries = slices.Delete(f.entries, i, i+1)
			return
		}
		if e.At.Sub(other.At) > farewell {
			return
		}
	}
}

// arriving reports whether the bus is still coming in, after the first connection.
func (s *State) arriving(at time.Time) bool {
	return !s.Conn.Ever || s.Conn.LostAt.IsZero() && at.Sub(s.Conn.LiveSince) < childhood
}

func (s *State) feedJoined(e bus.ServerAdded) {
	d, f := s.bus(), s.feed
	known, before := d.ByPeer(e.Server.PeerID), d.absent(e.Server)
	back := before != nil && before.Stale && before.Instance.PID == e.Server.PID
	if back && known == nil && f.had[before.ID] == nil {
		f.had[before.ID] = before.offered()
	}
	srv := d.addServer(e)
	if known != nil || back || e.Mine {
		return
	}
	entry := &FeedEntry{At: e.At, Kind: FeedJoined, Name: e.Server.Name(), What: "joined", Server: srv.ID, PID: e.Server.PID}
	switch {
	case s.arriving(e.At):
		entry.Kind, entry.What = FeedHere, "was here"
	case before != nil && before.Stale:
		entry.Note = "another process, while the connection was lost"
	}
	f.fresh[e.Server.PeerID] = f.add(entry)
}

func (s *State) feedAdded(e bus.MethodsAdded) {
	d, f := s.bus(), s.feed
	srv := d.ByPeer(e.Peer)
	if srv == nil {
		return
	}
	var second []RowID
	for _, def := range e.Methods {
		if _, known := d.methods[MethodRow(def)]; !known {
			second = append(second, MethodRow(def))
		}
	}
	fresh := slices.DeleteFunc(slices.Clone(e.Methods), func(def bus.MethodDefinition) bool {
		old := srv.offers[def.ID]
		return old != nil && old.ID == MethodRow(def)
	})
	had := len(srv.offers)
	d.addMethods(e)
	entry := f.fresh[e.Peer]
	switch {
	case entry != nil && e.At.Sub(entry.At) < farewell:
		entry.Offers = append(entry.Offers, names(fresh)...)
		entry.number = f.journal.end()
	case !srv.Mine && len(fresh) > 0 && (had > 0 || !s.arriving(e.At)) && !s.returning(srv, e.At):
		f.add(&FeedEntry{At: e.At, Kind: FeedAdded, Name: srv.Instance.Name(), What: offersWord(fresh, "added"), Server: srv.ID, Offers: names(fresh), Method: MethodRow(fresh[0]), PID: srv.Instance.PID})
	}
	for _, id := range second {
		if m := d.methods[id]; m != nil && m.Twins > 1 {
			f.add(&FeedEntry{At: e.At, Kind: FeedSecond, Name: m.Def.Name, What: "second signature", Server: srv.ID, Method: id, Note: signatureNote(m, d)})
		}
	}
}

// returning reports whether what a server offers now, it offered before our
// connection was lost.
func (s *State) returning(srv *Server, at time.Time) bool {
	late := s.Conn.State != bus.Live || at.Sub(s.Conn.LiveSince) < childhood
	return !s.Conn.LostAt.IsZero() && late && srv.Visits > 1
}

// signatureNote tells a signature, and the one that it differs from.
func signatureNote(m *Method, d *Directory) string {
	for _, other := range d.Methods() {
		if other != m && strings.EqualFold(other.Def.Name, m.Def.Name) && other.Streaming() == m.Streaming() {
			if m.Def.Accepts == other.Def.Accepts {
				return "→ " + orNothing(m.Def.Returns) + ", beside → " + orNothing(other.Def.Returns)
			}
			return orNothing(m.Def.Accepts) + ", beside " + orNothing(other.Def.Accepts)
		}
	}
	return ""
}

func orNothing(signature string) string {
	if signature == "" {
		return "nothing"
	}
	return signature
}

func (s *State) feedRemoved(e bus.MethodsRemoved) {
	d, f := s.bus(), s.feed
	srv := d.ByPeer(e.Peer)
	d.removeMethods(e)
	if srv == nil || e.Reset || srv.Mine || len(e.Methods) == 0 {
		return
	}
	if before := f.parting[e.Peer]; before != nil && e.At.Sub(before.At) < farewell && before.What != "left" {
		before.Offers = append(before.Offers, names(e.Methods)...)
		before.What = Number(len(before.Offers)) + " removed"
		before.number = f.journal.end()
		return
	}
	f.parting[e.Peer] = f.add(&FeedEntry{At: e.At, Kind: FeedRemoved, Name: srv.Instance.Name(), What: offersWord(e.Methods, "removed"), Server: srv.ID, Offers: names(e.Methods), Method: MethodRow(e.Methods[0]), PID: srv.Instance.PID})
}

func (s *State) feedLeft(e bus.ServerRemoved) {
	d, f := s.bus(), s.feed
	srv := d.ByPeer(e.Server.PeerID)
	d.removeServer(e)
	if srv == nil || e.Reset || srv.Mine {
		return
	}
	var offers []string
	if before := f.parting[e.Server.PeerID]; before != nil && e.At.Sub(before.At) < farewell {
		offers = before.Offers
		f.drop(before)
	}
	delete(f.parting, e.Server.PeerID)
	delete(f.fresh, e.Server.PeerID)
	f.add(leftEntry(srv, e.At, offers))
}

// leftEntry tells that a server is gone.
func leftEntry(srv *Server, at time.Time, offers []string) *FeedEntry {
	why := srv.LeftWhy
	if why == "" {
		why = "goodbye"
	}
	note := why + " after " + Duration(at.Sub(srv.Since))
	e := &FeedEntry{At: at, Kind: FeedLeft, Name: srv.Instance.Name(), What: "left", Server: srv.ID, Offers: offers, Note: note, Since: srv.Since, PID: srv.Instance.PID}
	if srv.Host != nil {
		e.Host = srv.Host.ID
	}
	return e
}

// feedSettled tells of our own connection, and of those who did not come back
// with it.
func (s *State) feedSettled(e bus.ConnChanged) {
	d, f := s.bus(), s.feed
	switch {
	case e.State == bus.Live:
		var gone []*Server
		for _, srv := range d.servers {
			if srv.Stale {
				gone = append(gone, srv)
			}
		}
		slices.SortFunc(gone, func(a, b *Server) int { return compareFold(a.Instance.Name(), b.Instance.Name()) })
		d.settle(e.At)
		entry := &FeedEntry{At: e.At, Kind: FeedBack, Name: "you", What: "connected"}
		switch {
		case s.Conn.Ever && s.Conn.LostAt.IsZero():
			entry.What = "logged in again"
		case s.Conn.Ever:
			entry.What = "connection back"
			entry.Note = "after " + Duration(e.At.Sub(s.Conn.LostAt))
		}
		f.add(entry)
		for _, srv := range gone {
			f.add(leftEntry(srv, e.At, nil))
		}
	case s.Conn.State == bus.Live && e.State == bus.Connecting:
		d.doubt()
		f.add(&FeedEntry{At: e.At, Kind: FeedLost, Name: "you", What: "log in again", Note: "what is shown is as it was"})
	case s.Conn.State == bus.Live:
		note := "what is shown is as it was"
		if e.Err != nil {
			note = e.Err.Error()
		}
		f.add(&FeedEntry{At: e.At, Kind: FeedLost, Name: "you", What: "connection lost", Note: note})
	}
}

func names(defs []bus.MethodDefinition) []string {
	out := make([]string, len(defs))
	for i, def := range defs {
		out[i] = def.Name
	}
	return out
}

// offersWord says what was added or removed: "method added", "3 removed".
func offersWord(defs []bus.MethodDefinition, what string) string {
	if len(defs) != 1 {
		return Number(len(defs)) + " " + what
	}
	if defs[0].Streaming {
		return "stream " + what
	}
	return "method " + what
}
