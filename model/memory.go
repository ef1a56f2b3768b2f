package model

import (
	"encoding/json"
	"slices"
	"time"

	"ioscope/client/bus"
)

// Memory is what is kept of a bus from one run of the program to the next.
type Memory struct {
	// Seen is when the bus answered last.
	Seen time.Time `json:"seen,omitzero"`
	// Rail is the pane of the rail that the workspace followed.
	Rail  Pane                `json:"rail,omitempty"`
	Lists map[Pane]ListMemory `json:"lists,omitempty"`
	// Things are subscriptions that went on and forms that were begun; Shown is the
	// place among them of the one on the screen, -1 for none.
	Things []ThingMemory `json:"things,omitempty"`
	Shown  int           `json:"shown"`
	// Watches, and Offers: what we offered, which nobody sees until a person offers
	// it again.
	Watches []WatchMemory `json:"watches,omitempty"`
	Offers  []OfferMemory `json:"offers,omitempty"`
	// Bus is who was there when it was seen last; nil when nothing is known of that.
	Bus *BusMemory `json:"bus,omitempty"`
}

// ListMemory is how a list was looked at.
type ListMemory struct {
	Cursor  string `json:"cursor,omitempty"`
	Filter  string `json:"filter,omitempty"`
	Sort    SortBy `json:"sort,omitempty"`
	Reverse bool   `json:"reverse,omitempty"`
	// Groups are by what it was grouped; AllFolded and But tell which groups were
	// folded: all but some, or some.
	Groups    []GroupBy `json:"groups,omitempty"`
	AllFolded bool      `json:"all-folded,omitempty"`
	But       []RowID   `json:"but,omitempty"`
	// Row is the cursor's row where the thing has several.
	Row RowID `json:"row,omitempty"`
}

// ThingMemory is a subscription or a form.
type ThingMemory struct {
	Method RowID           `json:"method"`
	Live   bool            `json:"live,omitempty"`
	Args   json.RawMessage `json:"args,omitempty"`
	Target bus.Target      `json:"target,omitzero"`
	Wait   string          `json:"wait,omitempty"`
	Answer string          `json:"answer,omitempty"`
	// Lacks are the variables of a saved call that had no value yet.
	Lacks []string `json:"lacks,omitempty"`
	// What narrows a stream, and how it is looked at.
	Filter      string `json:"filter,omitempty"`
	JQ          string `json:"jq,omitempty"`
	Times       Times  `json:"times,omitempty"`
	NewestFirst bool   `json:"newest-first,omitempty"`
	View        View   `json:"view,omitzero"`
	// Until is when it is forgotten if its method does not come back.
	Until time.Time `json:"until,omitzero"`

	// Slot is its slot in a split workspace, from 1.
	Slot int `json:"slot,omitempty"`

	shown bool
	index int
}

// Bounds of what is kept.
const (
	thingsKept   = 20
	argsKept     = 64 << 10
	methodAwaits = 7 * 24 * time.Hour
)

// Memory is what is worth keeping of the state.
func (s *State) Memory() Memory {
	m := Memory{Rail: s.Rail, Lists: map[Pane]ListMemory{}, Shown: -1}
	switch {
	case s.Conn.State == bus.Live:
		m.Seen = s.Now
	case s.Conn.Ever:
		m.Seen = s.Conn.LostAt
	}
	for p := Servers; p <= Streams; p++ {
		l := &s.Lists[p]
		kept := ListMemory{Cursor: s.lasting(p), Filter: l.Filter, Sort: l.Sort, Reverse: l.Reverse}
		l.keepGroups(&kept, p != Servers)
		m.Lists[p] = kept
	}
	m.Lists[History] = s.Lists[History].pageMemory()
	for _, t := range s.Things {
		if kept, ok := t.memory(s.Now); ok && len(m.Things) < thingsKept {
			if t.Row() == s.Lists[Open].Cursor() && s.Rail == Open {
				m.Shown = len(m.Things)
			}
			if s.Splits() {
				kept.Slot = slices.Index(s.Slots, t.ID) + 1
			}
			m.Things = append(m.Things, kept)
		}
	}
	for _, w := range s.wished {
		if len(m.Things) < thingsKept && s.Now.Before(w.Until) {
			m.Things = append(m.Things, w)
		}
	}
	m.Watches, m.Offers = s.watchMemories(), s.offerMemories()
	switch settled := s.Conn.Ever && s.Now.Sub(s.Conn.LiveSince) >= awaySettles; {
	case s.wasThere != nil || !settled:
		m.Bus = s.wasThere // it is not compared yet
	case s.Conn.State == bus.Live:
		s.there = s.busMemory()
		m.Bus = s.there
	default:
		m.Bus = s.there
	}
	return m
}

// lasting names the row under the cursor so that it is known in the next run.
func (s *State) lasting(p Pane) string {
	l := &s.Lists[p]
	if l.young && l.wish != "" {
		return l.wish
	}
	if p != Servers {
		return string(l.Cursor())
	}
	if srv := s.Dir.Server(l.Cursor()); srv != nil {
		return srv.Instance.Name()
	}
	return ""
}

func (t *Thing) memory(now time.Time) (m ThingMemory, ok bool) {
	if t.Content != nil || t.Phase != Filling && !(t.Stream() && t.Live()) || t.Phase == Filling && !t.touched {
		return m, false
	}
	args := t.Args
	if t.Phase == Filling {
		args = t.Form.Draft(now)
	}
	if len(args) > argsKept {
		return m, false
	}
	m = ThingMemory{
		Method: t.Method, Live: t.Live(), Args: args, Target: t.Target, Wait: t.Wait, Answer: t.Answer, Lacks: t.lacks,
		Filter: t.Filter, JQ: t.Sieve.JQ.Text, Times: t.Times, NewestFirst: t.NewestFirst, View: t.View.lasting(),
		Until: now.Add(methodAwaits).Truncate(24 * time.Hour),
	}
	// A peer id means nobody after a restart.
	if slices.ContainsFunc(t.Target.Filters, func(f bus.InstanceFilter) bool { return f.PeerID != "" }) {
		m.Target = bus.Target{}
	}
	return m, true
}

// lasting is what of a view can be kept: what a person chose, not what was found out.
func (v *View) lasting() View {
	out := View{Columns: v.Columns, Sort: v.Sort, Reverse: v.Reverse, RowSort: v.RowSort, RowReverse: v.RowReverse, Range: v.Range, Wrap: v.Wrap}
	if v.ByHand {
		out.Kind, out.ByHand = v.Kind, true
	}
	if v.keyChosen {
		out.Key = v.Key
	}
	if v.numberChosen {
		out.Number = v.Number
	}
	return out
}

// recall takes a view from a memory.
func (v *View) recall(m View) {
	*v = m
	v.keyChosen, v.numberChosen = m.Key != "", m.Number != ""
}

// Recall goes back to what was kept. Rows and things come back as they turn up on the
// bus.
func (s *State) Recall(m Memory) {
	s.Welcome = s.Welcome && m.Seen.IsZero()
	for p, l := range m.Lists {
		if p == History && l.Sort >= ByName && l.Sort <= BySince {
			to := &s.Lists[p]
			to.Sort, to.Reverse = l.Sort, l.Reverse
			to.recallGroups(p, l)
		}
		if p < Servers || p > Streams || l.Sort < ByName || l.Sort > BySince {
			continue
		}
		to := &s.Lists[p]
		to.Filter, to.Sort, to.Reverse, to.wish = l.Filter, l.Sort, l.Reverse, l.Cursor
		if p != Servers {
			to.want = RowID(l.Cursor)
		}
		to.recallGroups(p, l)
	}
	for i, t := range m.Things {
		t.shown, t.index = i == m.Shown, i+1
		s.wished = append(s.wished, t)
	}
	s.wishedWatches = m.Watches
	s.recallOffers(m.Offers)
	s.wasThere, s.wasSeen = m.Bus, m.Seen
	if m.Rail >= Servers && m.Rail <= Streams {
		s.Focus, s.Rail, s.came = m.Rail, m.Rail, m.Rail
	}
	s.refresh()
}

// revive opens what was open in the run before, as far as its method is there.
func (s *State) revive() (effects []Effect) {
	if len(s.wished) == 0 || s.Conn.State != bus.Live {
		return s.reviveWatches()
	}
	rest := s.wished[:0:0]
	for _, w := range s.wished {
		m := s.bus().Method(w.Method)
		if m == nil || m.Gone() {
			rest = append(rest, w)
			continue
		}
		t := s.newThing(m, w.Target)
		s.inOrder(t, w.index)
		s.inSlot(t, w.Slot)
		t.touched = true
		t.Form.Fill(w.Args)
		t.Wait, t.Answer, t.lacks = w.Wait, w.Answer, w.Lacks
		t.Focus = t.FirstStop(s.Now)
		if w.Live && m.Streaming() {
			effects = append(effects, s.Send(t)...)
		}
		if t.Stream() {
			t.SetFilter(w.Filter)
			t.SetJQ(w.JQ, "")
			t.Times, t.NewestFirst = w.Times, w.NewestFirst
			t.View.recall(w.View)
		}
		s.refresh()
		if w.shown && s.untouched() {
			s.Rail, s.Focus = Open, Open
			s.Lists[Open].point(t.Row())
		}
	}
	s.wished = rest
	return append(effects, s.reviveWatches()...) // they share what was opened just now
}

// inOrder puts a thing that came back where it was among the others that did.
func (s *State) inOrder(t *Thing, index int) {
	t.revived = index
	rest := s.Things[:len(s.Things)-1]
	if i := slices.IndexFunc(rest, func(o *Thing) bool { return o.revived > index }); i >= 0 {
		s.Things = slices.Insert(slices.Clone(rest), i, t)
	}
}

// inSlot gives a thing that came back its slot again.
func (s *State) inSlot(t *Thing, slot int) {
	if slot < 1 || len(s.Slots) > 3 {
		return
	}
	t.slot = slot
	at := 0
	for at < len(s.Slots) && s.Thing(s.Slots[at]) != nil && s.Thing(s.Slots[at]).slot < slot {
		at++
	}
	s.Slots = slices.Insert(slices.Clone(s.Slots), at, t.ID)
}

// untouched reports whether nobody has moved a cursor of the rail yet.
func (s *State) untouched() bool {
	return s.Lists[Servers].young && s.Lists[Methods].young && s.Lists[Streams].young
}
