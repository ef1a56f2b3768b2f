package model

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// Pane is a part of the screen that can have the keyboard.
type Pane int

// The panes, by the digit that goes there.
const (
	Workspace Pane = iota
	Servers
	Methods
	Streams
	Open
	// Feed to Serve are pages: they take the workspace's place.
	Feed
	History
	Saved
	Watches
	Serve
	paneCount
)

// String returns the pane's title.
func (p Pane) String() string {
	return [...]string{"Workspace", "Servers", "Methods", "Streams", "Open", "Feed", "History", "Saved calls", "Watches", "Serve"}[p]
}

// Options are what the explorer was started with.
type Options struct {
	// Name is what the bus is called in the header.
	Name string
	// URL is the address that is shown and that others can join, Asked the one
	// that was tried first.
	URL, Asked string
	// Demo is true when the bus is our own, with the demo apps.
	Demo bool
	// DemoApps counts them.
	DemoApps int
	// Note is said once at the start: a port that was taken, for example.
	Note string
	// User is who we log in as.
	User string
	// ReadOnly forbids every [Deed].
	ReadOnly bool
	// Session tells what this run writes from what others do.
	Session string
	// KeepRows and KeepBytes bound what is kept of each stream; 0 for the usual.
	KeepRows  int
	KeepBytes int64
	// Interval is where hosts of Interval actions connect to; empty when nobody
	// listens for them.
	Interval string
}

// Connection is what is known of our own connection.
type Connection struct {
	State bus.ConnState
	// Since is when it went into this state.
	Since time.Time
	// LiveSince and LostAt are when it was live last, and lost last.
	LiveSince, LostAt time.Time
	URL               string
	Attempt           int
	RetryAt           time.Time
	Err               error
	Self              bus.Instance
	// Ever is true once it was live.
	Ever bool
}

// ConnError says why there is no connection, in two parts as the screen has them.
type ConnError struct {
	// Sentence says what is the matter: "Nobody answers at ws://…".
	Sentence string
	// Cause is the other side's or the system's own word: "connection refused".
	Cause string
	Err   error
}

// Error implements error.
func (e *ConnError) Error() string { return e.Sentence + ": " + e.Cause }

// Unwrap gives the error that it was made of.
func (e *ConnError) Unwrap() error { return e.Err }

// Notice is what just happened, for the footer. The name of an action in braces stands
// for its key.
type Notice struct {
	Text  string
	Until time.Time
}

// noticeTime is how long the footer says what just happened.
const noticeTime = 4 * time.Second

// State is all that the explorer knows.
type State struct {
	Options
	// Now is the time of the last input; all times are told from it.
	Now  time.Time
	Born time.Time
	Conn Connection
	Dir  Directory
	// Lists hold the cursors of the rail and of the pages, by pane.
	Lists [paneCount]List
	// Focus has the keyboard, Rail is the pane that the workspace follows. Page is
	// what stands in the workspace's place; Workspace when nothing does.
	Focus, Rail, Page Pane
	// Pages are what Feed to Serve show.
	Pages [paneCount]Content
	// Narrow is the server that methods and streams are narrowed to.
	Narrow RowID
	// Welcome is true until the first screen was left.
	Welcome bool
	// Full shows the focused pane alone.
	Full bool
	// Slots are the things that share the workspace, if it is split; Slot is the one
	// with the keyboard.
	Slots  []ThingID
	Slot   int
	Things []*Thing
	// History are the calls that are over, the latest last.
	History []*Record
	Traffic Traffic
	Notice  Notice

	// came is where the workspace was entered from, pageCame where a page was.
	came, pageCame Pane
	// camePage is the page from which the workspace's thing was opened; Workspace
	// where it was none.
	camePage Pane

	// wished is what was open in the run before and has not come back yet.
	wished []ThingMemory
	// wishedWatches are watches that did not come back yet; keptTold is true once it
	// was said that offers of the run before are not offered.
	wishedWatches []WatchMemory
	keptTold      bool
	// wasThere is who was there in the run before, at wasSeen, as long as it was not
	// compared with who is there now; there is who was there last.
	wasThere, there *BusMemory
	wasSeen         time.Time
	// away is what was closed a short while ago; toldReopen is true once it was said
	// that it can be brought back.
	away       []closed
	toldReopen bool

	nextThing ThingID
	rowsAt    rowsKey

	// feed is what happened on the bus, past the moment of it that is shown.
	feed    *Chronicle
	watches *WatchList
	past    *past

	// hidden are subscriptions that are in no list: watches have them.
	hidden []*Thing
	lenses []*Lens
	// beaten is the second in which what is due once a second was done.
	beaten int64
	// historyVersion changes whenever the history does.
	historyVersion int
	// unasked are the methods that may go to several servers without asking, and the
	// day for which that counts.
	unasked map[RowID]string
	// late are the calls that were given up and still may be answered.
	late map[lateCall]*Record
	// params are the parameters that were typed for each action.
	params map[RowID][]TypedParams
}

// New returns the state of an explorer that has heard nothing yet.
func New(o Options, now time.Time) *State {
	s := &State{Options: o, Now: now, Born: now, Dir: newDirectory(), Focus: Servers, Rail: Servers, came: Servers}
	s.Welcome = o.Demo
	s.Pages[History] = &HistoryPage{}
	s.Pages[Saved] = &SavedPage{Library: &Library{}}
	s.Pages[Serve] = &ServePage{}
	s.feed = newFeed()
	s.Pages[Feed] = s.feed
	s.watches = &WatchList{}
	s.Pages[Watches] = s.watches
	for p := range s.Lists {
		s.Lists[p].young = true
	}
	s.Conn = Connection{State: bus.Connecting, Since: now, URL: o.URL}
	return s
}

// Say puts a sentence into the footer for a while.
func (s *State) Say(text string) { s.Notice = Notice{Text: text, Until: s.Now.Add(noticeTime)} }

// childhood is how long after the first connection the bus is still coming in.
const childhood = time.Second

// Tick tells the time.
func (s *State) Tick(now time.Time) {
	s.Now = now
	s.forgetAway()
	s.feedReturned()
	if s.Conn.Ever && now.Sub(s.Conn.LiveSince) > childhood {
		for p := range s.Lists {
			s.Lists[p].young = false
		}
	}
	s.refresh()
}

// Thing returns the thing with this id, or nil.
func (s *State) Thing(id ThingID) *Thing {
	for _, t := range s.Things {
		if t.ID == id {
			return t
		}
	}
	for _, t := range s.hidden {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// Shown is the thing that the workspace shows, or nil when it shows a card or a
// page.
func (s *State) Shown() *Thing {
	if s.Rail != Open || s.Page != Workspace {
		return nil
	}
	row := s.Lists[Open].Cursor()
	for _, t := range s.Things {
		if t.Row() == row {
			return t
		}
	}
	return nil
}

// CardServer is the server whose card the workspace shows, or nil.
func (s *State) CardServer() *Server {
	if s.Rail != Servers || s.Page != Workspace {
		return nil
	}
	return s.Dir.Server(s.Lists[Servers].Cursor())
}

// CardMethod is the method or stream whose card the workspace shows, or nil.
func (s *State) CardMethod() *Method {
	if s.Rail != Methods && s.Rail != Streams || s.Page != Workspace {
		return nil
	}
	return s.Dir.Method(s.Lists[s.Rail].Cursor())
}

// rowsKey is what the rows of the lists depend on.
type rowsKey struct {
	version, things int
	narrow          RowID
	filters         [paneCount]string
	sorts           [paneCount]SortBy
	reversed        [paneCount]bool
	second          int64
	asking          string
}

// refresh makes the rows of the lists anew where something changed.
func (s *State) refresh() {
	key := rowsKey{version: s.Dir.version, things: s.thingsKey(), narrow: s.Narrow, asking: s.asking()}
	for p := range s.Lists {
		l := &s.Lists[p]
		key.filters[p], key.sorts[p], key.reversed[p] = l.Filter, l.Sort, l.Reverse
		if l.Sort == ByTraffic {
			key.second = s.Now.Unix()
		}
	}
	if page, ok := s.Pages[s.Page].(Listed); ok {
		l := &s.Lists[s.Page]
		l.set(page.Rows(s, l))
	}
	if key == s.rowsAt {
		return
	}
	s.rowsAt = key
	s.serverRows()
	s.methodRows(Methods)
	s.methodRows(Streams)
	s.thingRows()
}

// thingsKey changes when things are opened or closed; their ids never return.
func (s *State) thingsKey() int {
	n := int(s.nextThing) << 16
	for i, t := range s.Things {
		n += int(t.ID) * (i + 1)
	}
	return n
}

func (s *State) serverRows() {
	l := &s.Lists[Servers]
	all := make([]*Server, 0, len(s.Dir.servers))
	hidden := 0
	for _, srv := range s.Dir.servers {
		if l.Filter != "" && !l.Passes(srv.words()) {
			hidden++
			continue
		}
		all = append(all, srv)
	}
	slices.SortFunc(all, func(a, b *Server) int {
		by := 0
		switch l.Sort {
		case ByTraffic:
			by = cmp.Compare(b.Traffic.Rate(s.Now), a.Traffic.Rate(s.Now))
		case BySince:
			by = b.Since.Compare(a.Since)
		}
		return flip(l.Reverse, cmp.Or(by, compareFold(a.Instance.Name(), b.Instance.Name()), a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID)))
	})
	for _, srv := range all {
		if l.wish != "" && srv.Instance.Name() == l.wish {
			l.want = srv.ID
			break
		}
	}
	l.put(items(all, func(x *Server) item { return item{x.ID, x} }), hidden, l.Sort == ByName)
}

func (s *State) methodRows(p Pane) {
	l := &s.Lists[p]
	var all []*Method
	hidden := 0
	var subscribed map[RowID]bool
	if p == Streams && l.Filter != "" {
		subscribed = s.flowing()
	}
	for _, m := range s.Dir.methods {
		if m.Streaming() != (p == Streams) || s.Narrow != "" && !m.OfferedBy(s.Narrow) {
			continue
		}
		if l.Filter != "" && !l.Passes(m.words(subscribed[m.ID])) {
			hidden++
			continue
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *Method) int {
		by := 0
		switch l.Sort {
		case ByTraffic:
			by = cmp.Compare(b.answers(), a.answers())
		case BySince:
			by = earliest(b).Compare(earliest(a))
		}
		drift := 0
		if a.Drift != b.Drift {
			drift = 1
			if b.Drift {
				drift = -1
			}
		}
		return flip(l.Reverse, cmp.Or(by, compareFold(a.Def.Name, b.Def.Name), drift, cmp.Compare(a.ID, b.ID)))
	})
	l.put(items(all, func(x *Method) item { return item{x.ID, x} }), hidden, l.Sort == ByName)
}

func (m *Method) answers() int {
	n := 0
	for _, st := range m.Stats {
		n += st.Answers
	}
	return n
}

func (s *State) thingRows() {
	l := &s.Lists[Open]
	var rows []RowID
	hidden := 0
	for _, t := range asksFirst(s.Things) {
		if l.Filter != "" && !l.Passes(t.words()) {
			hidden++
			continue
		}
		rows = append(rows, t.Row())
	}
	l.set(rows, hidden)
}

func items[T any](list []T, row func(T) item) []item {
	out := make([]item, len(list))
	for i, x := range list {
		out[i] = row(x)
	}
	return out
}

func ids[T any](list []T, id func(T) RowID) []RowID {
	out := make([]RowID, len(list))
	for i, x := range list {
		out[i] = id(x)
	}
	return out
}

func flip(reverse bool, c int) int {
	if reverse {
		return -c
	}
	return c
}

// compareFold compares without regard to case, as lists of thousands of names do all the
// time: what is ASCII is not copied for that.
func compareFold(a, b string) int {
	lower := func(c byte) byte {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	}
	for i := range min(len(a), len(b)) {
		if a[i] >= 0x80 || b[i] >= 0x80 {
			return cmp.Or(cmp.Compare(strings.ToLower(a[i:]), strings.ToLower(b[i:])), cmp.Compare(a, b))
		}
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
