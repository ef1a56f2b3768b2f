package model

import (
	"fmt"
	"slices"
)

// ServeKind is what a row of a page of offers is.
type ServeKind int

// The rows that the cursor can be on.
const (
	RowOffering ServeKind = iota
	RowWaiting
	RowRule
	RowBranch
	RowSubscriber
	RowTimer
	RowPast
)

// ServeRow is a row of a page of offers; of what is not of its kind it has nothing.
type ServeRow struct {
	Kind       ServeKind
	Of         *Offering
	In         *Incoming
	Rule       int // index into Of.Rules
	Branch     *OwnBranch
	Subscriber *Subscriber
	Timer      int // index into Of.Timers
}

// ID names the row as long as its thing is there.
func (r ServeRow) ID() RowID {
	n := 0
	key := ""
	switch r.Kind {
	case RowOffering:
	case RowWaiting, RowPast:
		if r.In.Subscriber != 0 {
			return RowID(fmt.Sprintf("%d gone %d", r.Of.ID, r.In.Subscriber))
		}
		// A call keeps its name when it is over, so that the cursor stays on it.
		return RowID(fmt.Sprintf("%d in %d", r.Of.ID, r.In.ID))
	case RowRule:
		n = r.Of.Rules[r.Rule].ID
	case RowBranch:
		key = r.Branch.Key
	case RowSubscriber:
		n = r.Subscriber.ID
	case RowTimer:
		n = r.Of.Timers[r.Timer].ID
	}
	return RowID(fmt.Sprintf("%d %d %d %s", r.Of.ID, r.Kind, n, key))
}

// To is whom a push from this row goes to.
func (r ServeRow) To() PushTo {
	switch r.Kind {
	case RowBranch:
		return PushTo{Branch: &r.Branch.Key}
	case RowSubscriber:
		return PushTo{Subscriber: r.Subscriber.ID}
	case RowOffering, RowWaiting, RowRule, RowTimer, RowPast:
	}
	return PushTo{}
}

// ServeView is where the keyboard is in a page of offers.
type ServeView struct {
	// Form is what is being filled in; nil for nothing.
	Form *ServeForm
	// Narrow filters what waits and what is past.
	Narrow List

	cursor RowID
	index  int
	// moved is true once the cursor was moved: until then it is on what waits.
	moved bool
}

// ServeRows lists the rows of a page of offers, as they stand.
func (s *State) ServeRows(v Provider) []ServeRow {
	var rows []ServeRow
	all := v.Served(s)
	_, one := v.(*Offering)
	for _, in := range s.Unanswered(v) {
		rows = append(rows, ServeRow{Kind: RowWaiting, Of: in.Of, In: in})
	}
	for _, o := range all {
		if !one {
			rows = append(rows, ServeRow{Kind: RowOffering, Of: o})
		}
		rows = append(rows, s.ownRows(v, o)...)
	}
	for _, in := range s.PastCalls(v) {
		rows = append(rows, ServeRow{Kind: RowPast, Of: in.Of, In: in})
	}
	return rows
}

func (s *State) ownRows(v Provider, o *Offering) []ServeRow {
	var rows []ServeRow
	for i := range o.Rules {
		rows = append(rows, ServeRow{Kind: RowRule, Of: o, Rule: i})
	}
	for _, in := range s.Requests(v, o) {
		rows = append(rows, ServeRow{Kind: RowWaiting, Of: o, In: in})
	}
	for _, b := range o.Branches {
		rows = append(rows, ServeRow{Kind: RowBranch, Of: o, Branch: b})
		for _, sub := range o.On(b.Key) {
			rows = append(rows, ServeRow{Kind: RowSubscriber, Of: o, Subscriber: sub})
		}
	}
	for i := range o.Timers {
		rows = append(rows, ServeRow{Kind: RowTimer, Of: o, Timer: i})
	}
	return rows
}

// Unanswered are the calls that wait, by deadline.
func (s *State) Unanswered(v Provider) []*Incoming {
	var out []*Incoming
	for _, o := range v.Served(s) {
		if !o.Streaming() {
			out = append(out, s.passing(v, o.Waiting)...)
		}
	}
	slices.SortStableFunc(out, func(a, b *Incoming) int { return a.Deadline.Compare(b.Deadline) })
	return out
}

// Requests are the wishes to subscribe to a stream that wait, by deadline.
func (s *State) Requests(v Provider, o *Offering) []*Incoming {
	if !o.Streaming() {
		return nil
	}
	return s.passing(v, o.Waiting)
}

// PastCalls are those that are over, the latest first.
func (s *State) PastCalls(v Provider) []*Incoming {
	var out []*Incoming
	for _, o := range v.Served(s) {
		out = append(out, s.passing(v, o.Past)...)
	}
	slices.SortStableFunc(out, func(a, b *Incoming) int { return b.Over.Compare(a.Over) })
	return out
}

// passing are those that pass the filter.
func (s *State) passing(v Provider, list []*Incoming) []*Incoming {
	l := s.ServeFilter(v)
	if l.Filter == "" {
		return slices.Clone(list)
	}
	var out []*Incoming
	for _, in := range list {
		if l.Passes(in.Of.Def.Name + " " + in.Caller.Name() + " " + string(in.Args) + " " + string(in.Value) + " " + in.Err + " " + in.Branch) {
			out = append(out, in)
		}
	}
	return out
}

// ServeFilter is what filters a page of offers. That of all is the page's own.
func (s *State) ServeFilter(v Provider) *List {
	if _, page := v.(*ServePage); page {
		return &s.Lists[Serve]
	}
	return &v.View().Narrow
}

// ServeAt is the row that the cursor is on; false where there is none. The cursor
// stays on its thing; where that is gone it goes to what stands in its place.
func (s *State) ServeAt(v Provider) (ServeRow, bool) {
	rows := s.ServeRows(v)
	at := v.View()
	if len(rows) == 0 {
		return ServeRow{}, false
	}
	i := slices.IndexFunc(rows, func(r ServeRow) bool { return r.ID() == at.cursor })
	if i < 0 {
		i = min(at.index, len(rows)-1)
	}
	if !at.moved && rows[i].Kind != RowWaiting {
		i = max(slices.IndexFunc(rows, func(r ServeRow) bool { return r.Kind == RowWaiting }), 0)
	}
	at.index, at.cursor = i, rows[i].ID()
	return rows[i], true
}

// MoveServe moves the cursor of a page of offers.
func (s *State) MoveServe(v Provider, delta int) {
	rows := s.ServeRows(v)
	if _, ok := s.ServeAt(v); !ok {
		return
	}
	at := v.View()
	at.index = min(max(at.index+delta, 0), len(rows)-1)
	at.cursor, at.moved = rows[at.index].ID(), true
}

// PointServe puts the cursor of a page of offers on a row.
func (s *State) PointServe(v Provider, id RowID) {
	at := v.View()
	at.cursor, at.moved = id, true
	_, _ = s.ServeAt(v)
}

// Move implements Content.
func (p *ServePage) Move(s *State, delta int) { s.MoveServe(p, delta) }

// Move implements Content.
func (o *Offering) Move(s *State, delta int) { s.MoveServe(o, delta) }

// Enter implements Content.
func (p *ServePage) Enter(s *State) []Effect { return s.enterServe(p) }

// Enter implements Content.
func (o *Offering) Enter(s *State) []Effect { return s.enterServe(o) }

// Back implements Content: it closes the form, then the filter.
func (p *ServePage) Back(*State) bool { return p.back() }

// Back implements Content.
func (o *Offering) Back(*State) bool {
	if o.back() {
		return true
	}
	if o.Narrow.Filter != "" {
		o.Narrow.Filter = ""
		return true
	}
	return false
}

func (v *ServeView) back() bool {
	if v.Form == nil {
		return false
	}
	v.Form = nil
	return true
}

// enterServe does what suits the row under the cursor.
func (s *State) enterServe(v Provider) []Effect {
	row, ok := s.ServeAt(v)
	if !ok {
		return nil
	}
	switch row.Kind {
	case RowOffering:
		if t := s.ThingOf(row.Of); t != nil {
			s.show(t)
		}
	case RowWaiting:
		if row.Of.Streaming() {
			return s.Accept(row.In, "")
		}
		s.AnswerForm(v, row.In)
	case RowRule:
		s.RuleForm(v, row.Of, &row.Of.Rules[row.Rule])
	case RowBranch, RowSubscriber:
		s.PushForm(v, row.Of, row.To())
	case RowTimer:
		s.TimerForm(v, row.Of, &row.Of.Timers[row.Timer], PushTo{})
	case RowPast:
		row.In.Open = !row.In.Open
	}
	return nil
}
