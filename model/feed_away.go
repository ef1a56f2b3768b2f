package model

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
)

// What changed on the bus between two runs of the program: it is compared with what
// was there when it was seen last.

// BusMemory is who was on a bus, and with what.
type BusMemory struct {
	Servers []ServerMemory `json:"servers"`
}

// ServerMemory is an application that was there. Its offers are names, each with a
// mark that tells signatures apart.
type ServerMemory struct {
	Name    string   `json:"name"`
	User    string   `json:"user,omitempty"`
	Machine string   `json:"machine,omitempty"`
	Offers  []string `json:"offers,omitempty"`
}

func (m *ServerMemory) key() string { return m.Name + "\x00" + m.User + "\x00" + m.Machine }

// Bounds of what is kept of a bus: of a larger one nothing is.
const (
	awayServers = 2000
	awayOffers  = 10_000
)

// awaySettles is how long after the first connection the bus has come in, so that
// what is not there is gone.
const awaySettles = 3 * time.Second

// offerMark names an offer so that another signature is another offer.
func offerMark(def bus.MethodDefinition) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(MethodRow(def)))
	return def.Name + "#" + strconv.FormatUint(uint64(sum.Sum32()), 36)
}

func markedName(mark string) string { return mark[:strings.LastIndexByte(mark, '#')] }

// busMemory is who is there now; nil when they are too many.
func (s *State) busMemory() *BusMemory {
	byKey := map[string]*ServerMemory{}
	offers := 0
	for _, srv := range s.bus().servers {
		if srv.Gone() || srv.Mine || srv.Host != nil {
			continue
		}
		one := ServerMemory{Name: srv.Instance.Name(), User: srv.Instance.User, Machine: srv.Instance.Machine}
		to := byKey[one.key()]
		if to == nil {
			to = &one
			byKey[one.key()] = to
		}
		for _, m := range srv.offers {
			to.Offers = append(to.Offers, offerMark(m.Def))
			offers++
		}
	}
	if len(byKey) > awayServers || offers > awayOffers {
		return nil
	}
	out := &BusMemory{Servers: []ServerMemory{}}
	for _, one := range byKey {
		slices.Sort(one.Offers)
		one.Offers = slices.Compact(one.Offers)
		out.Servers = append(out.Servers, *one)
	}
	slices.SortFunc(out.Servers, func(a, b ServerMemory) int { return cmp.Compare(a.key(), b.key()) })
	return out
}

// compareAway enters into the feed what changed since the run before, once the bus
// has come in.
func (s *State) compareAway() {
	was := s.wasThere
	if was == nil || s.Conn.State != bus.Live || s.Now.Sub(s.Conn.LiveSince) < awaySettles {
		return
	}
	s.wasThere = nil
	now := s.busMemory()
	f := s.feed
	if now == nil || !f.Looked.IsZero() {
		return // somebody has set a mark meanwhile
	}
	f.Looked, f.Absent = s.wasSeen, true
	arrived := s.Conn.LiveSince.Add(childhood)
	for _, e := range f.entries { // what came with us is no change
		e.known = e.Kind == FeedHere || e.Kind == FeedBack || e.Kind == FeedSecond && e.At.Before(arrived)
	}
	before, after := map[string]*ServerMemory{}, map[string]*ServerMemory{}
	for i := range was.Servers {
		before[was.Servers[i].key()] = &was.Servers[i]
	}
	for i := range now.Servers {
		after[now.Servers[i].key()] = &now.Servers[i]
	}
	for i := range was.Servers {
		old := &was.Servers[i]
		if after[old.key()] == nil {
			f.add(&FeedEntry{At: s.Now, away: true, Kind: FeedLeft, Name: old.Name, What: "left while you were away", Offers: markedNames(old.Offers), Note: "was there when you were last"})
		}
	}
	for i := range now.Servers {
		one := &now.Servers[i]
		srv := s.serverLike(one)
		if srv == nil || srv.Since.After(arrived) {
			continue // it joined before our eyes
		}
		entry := FeedEntry{At: s.Now, away: true, Name: one.Name, Server: srv.ID}
		old := before[one.key()]
		if old == nil {
			entry.Kind, entry.What, entry.Offers = FeedJoined, "joined while you were away", markedNames(one.Offers)
			f.add(&entry)
			continue
		}
		tell := func(kind FeedKind, marks []string, word string) {
			if len(marks) > 0 {
				e := entry
				e.Kind, e.What, e.Offers = kind, Number(len(marks))+" "+word+" while you were away", markedNames(marks)
				f.add(&e)
			}
		}
		tell(FeedAdded, without(one.Offers, old.Offers), "added")
		tell(FeedRemoved, without(old.Offers, one.Offers), "removed")
	}
	s.refresh()
}

// serverLike is the application that is there, or nil.
func (s *State) serverLike(m *ServerMemory) *Server {
	for _, srv := range s.bus().servers {
		if !srv.Gone() && srv.Instance.Name() == m.Name && srv.Instance.User == m.User && srv.Instance.Machine == m.Machine {
			return srv
		}
	}
	return nil
}

// markedNames are the names of offers, each once.
func markedNames(marks []string) []string {
	var out []string
	for _, m := range marks {
		if name := markedName(m); len(out) == 0 || out[len(out)-1] != name {
			out = append(out, name)
		}
	}
	return out
}

// without lists what of a sorted list is not in another.
func without(list, other []string) []string {
	var out []string
	for _, one := range list {
		if _, there := slices.BinarySearch(other, one); !there {
			out = append(out, one)
		}
	}
	return out
}

// Changed reports whether an entry tells of something after the mark.
func (f *Chronicle) Changed(e *FeedEntry) bool { return !e.known && e.At.After(f.Looked) }
