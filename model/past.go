package model

import (
	"maps"
	"slices"
	"time"

	"ioscope/client/bus"
)

// What was heard of the bus is kept for a while, with the whole directory every so
// often, so that any moment of it can be made again quickly.
const (
	// changesKept is how many changes are kept.
	changesKept = 10_000
	// shotLeast and shotMost are how many changes lie between two shots of the
	// directory: as many as it has rows, so that shots cost no more than changes.
	shotLeast, shotMost = 256, changesKept / 4
)

// journal keeps what was heard.
type journal struct {
	changes []Input // each is Heard or HostHeard
	// first is the number of changes[0], and of all that were before it.
	first int
	shots []shot
}

// shot is the directory as it was before a change.
type shot struct {
	number int
	dir    Directory
}

// end is the number of the change that comes next.
func (j *journal) end() int { return j.first + len(j.changes) }

// add keeps a change; dir is what it will change.
func (j *journal) add(in Input, dir *Directory) {
	if n := len(j.shots); n == 0 || j.end()-j.shots[n-1].number >= min(max(shotLeast, len(dir.servers)+len(dir.methods)), shotMost) {
		j.shots = append(j.shots, shot{j.end(), dir.clone()})
	}
	j.changes = append(j.changes, in)
	if len(j.changes) > changesKept && len(j.shots) > 1 {
		cut := j.shots[1].number
		j.changes = slices.Delete(j.changes, 0, cut-j.first)
		j.first, j.shots = cut, slices.Delete(j.shots, 0, 1)
	}
}

// reaches reports whether the directory before a change can be made.
func (j *journal) reaches(number int) bool { return len(j.shots) > 0 && number >= j.first }

// at makes the directory as it was before the change of that number.
func (j *journal) at(number int) Directory {
	dir, from := newDirectory(), j.first
	for _, s := range slices.Backward(j.shots) {
		if s.number <= number {
			dir, from = s.dir.clone(), s.number
			break
		}
	}
	for _, in := range j.changes[from-j.first : min(number, j.end())-j.first] {
		dir.change(in)
	}
	return dir
}

// before is the number of the first change after a time.
func (j *journal) before(at time.Time) int {
	i, _ := slices.BinarySearchFunc(j.changes, at, func(in Input, at time.Time) int {
		if changedAt(in).After(at) {
			return 1
		}
		return -1
	})
	return j.first + i
}

func changedAt(in Input) time.Time {
	if host, ok := in.(HostHeard); ok {
		return host.At
	}
	switch e := in.(Heard).Event.(type) {
	case bus.ServerAdded:
		return e.At
	case bus.ServerRemoved:
		return e.At
	case bus.MethodsAdded:
		return e.At
	case bus.MethodsRemoved:
		return e.At
	case bus.ConnChanged:
		return e.At
	}
	return time.Time{}
}

// change does to the directory what was heard.
func (d *Directory) change(in Input) {
	if host, ok := in.(HostHeard); ok {
		d.host(host)
		return
	}
	switch e := in.(Heard).Event.(type) {
	case bus.ServerAdded:
		d.addServer(e)
	case bus.ServerRemoved:
		d.removeServer(e)
	case bus.MethodsAdded:
		d.addMethods(e)
	case bus.MethodsRemoved:
		d.removeMethods(e)
	case bus.ConnChanged:
		switch e.State {
		case bus.Live:
			d.settle(e.At)
		case bus.Connecting:
			d.doubt()
		case bus.Lost, bus.Refused, bus.Closed:
		}
	}
}

// clone copies the directory, without traffic, answers and calls.
func (d *Directory) clone() Directory {
	c := newDirectory()
	c.next, c.version, c.another = d.next, d.version, d.another
	servers := make(map[*Server]*Server, len(d.servers))
	server := func(s *Server) *Server {
		if s == nil {
			return nil
		}
		if servers[s] == nil {
			copied := *s
			copied.Traffic = Traffic{}
			copied.offers = nil
			servers[s] = &copied
		}
		return servers[s]
	}
	methods := make(map[*Method]*Method, len(d.methods))
	method := func(m *Method) *Method {
		if methods[m] == nil {
			copied := *m
			copied.Stats, copied.Call = map[RowID]*Stats{}, nil
			copied.Offers, copied.Last = slices.Clone(m.Offers), slices.Clone(m.Last)
			for _, list := range [][]Offer{copied.Offers, copied.Last} {
				for i := range list {
					list[i].Server = server(list[i].Server)
				}
			}
			methods[m] = &copied
		}
		return methods[m]
	}
	for id, s := range d.servers {
		c.servers[id] = server(s)
	}
	for id, s := range d.peers {
		c.peers[id] = server(s)
	}
	for id, m := range d.methods {
		c.methods[id] = method(m)
	}
	for s := range maps.Clone(servers) {
		if s.offers != nil {
			servers[s].offers = make(map[bus.MethodID]*Method, len(s.offers))
			for id, m := range s.offers {
				servers[s].offers[id] = method(m)
			}
		}
	}
	return c
}

// past is a moment that is shown instead of now. What is heard meanwhile goes
// into the directory of now.
type past struct {
	at time.Time
	// number is the change before which it is.
	number int
	now    Directory
}

// bus is the directory of now, whatever is shown.
func (s *State) bus() *Directory {
	if s.past != nil {
		return &s.past.now
	}
	return &s.Dir
}

// Past is the moment that is shown; false when it is now.
func (s *State) Past() (time.Time, bool) {
	if s.past == nil {
		return time.Time{}, false
	}
	return s.past.at, true
}

// Moment is the time that the panes of the bus show.
func (s *State) Moment() time.Time {
	if s.past != nil {
		return s.past.at
	}
	return s.Now
}

// CountsNow counts what is on the bus now, whatever is shown.
func (s *State) CountsNow() (servers, methods, streams int) { return s.bus().Counts() }

// NotYet reports whether a thing was not open yet at the moment that is shown.
func (s *State) NotYet(t *Thing) bool { return s.past != nil && t.born.After(s.past.at) }

// goTo shows the bus as it was before a change.
func (s *State) goTo(number int, at time.Time) {
	now := *s.bus()
	s.Dir = s.feed.journal.at(number)
	s.past = &past{at: at, number: number, now: now}
	s.turned()
}

// GoNow shows the bus as it is.
func (s *State) GoNow() {
	if s.past == nil {
		return
	}
	s.Dir, s.past = s.past.now, nil
	s.turned()
}

// turned makes the lists anew, from another directory.
func (s *State) turned() {
	s.rowsAt = rowsKey{version: -1}
	if s.Narrow != "" && s.Dir.Server(s.Narrow) == nil {
		s.Narrow = ""
	}
	s.refresh()
}

// NotThen says why nothing is asked while the past is shown; empty when it is
// now.
func (s *State) NotThen() string {
	if s.past == nil {
		return ""
	}
	return "this is the bus at " + s.past.at.Format("15:04:05") + "; {go.feed} then {feed.now} goes back to now"
}

// notThen says in the footer that nothing is asked of the past. It reports whether
// the past is shown.
func (s *State) notThen() bool {
	why := s.NotThen()
	if why != "" {
		s.Say(why)
	}
	return why != ""
}
