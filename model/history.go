package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// HistoryPage is the page of the calls that are over.
type HistoryPage struct {
	// Marked is the call that another is to be compared with.
	Marked string
	// Table is the comparison that stands in the place of the call's own words; nil
	// while there is none.
	Table *Thing

	at   historyKey
	laid bool
}

// historyKey is what the rows depend on.
type historyKey struct {
	version int
	filter  string
	sort    SortBy
	reverse bool
}

// The orders of the history.
const (
	ByTime = iota
	ByMethod
	ByTook
	historyOrders
)

// OrderWord is the word for an order of the history.
func OrderWord(s SortBy) string {
	return [...]string{"when", "what", "took"}[int(s)%historyOrders]
}

// Rows lists the calls that pass the filter, the latest first, in their groups.
func (p *HistoryPage) Rows(s *State, l *List) ([]RowID, int) {
	key := historyKey{s.historyVersion, l.Filter, l.Sort, l.Reverse}
	if p.laid && key == p.at {
		return l.rows, l.hidden
	}
	p.at, p.laid = key, true
	hidden := 0
	var shown []*Record
	for _, r := range slices.Backward(s.History) {
		if !l.Passes(r.text()) {
			hidden++
			continue
		}
		shown = append(shown, r)
	}
	slices.SortStableFunc(shown, func(a, b *Record) int {
		by := 0
		switch int(l.Sort) % historyOrders {
		case ByMethod:
			by = compareFold(a.Name, b.Name)
		case ByTook:
			by = cmp.Compare(b.Took, a.Took)
		}
		return flip(l.Reverse, cmp.Or(by, b.At.Compare(a.At)))
	})
	// Groups stand as their first calls do: the day that was last comes first.
	l.put(items(shown, func(r *Record) item { return item{RowID(r.ID), r} }), hidden, false)
	return l.rows, l.hidden
}

// text is what a filter looks at.
func (r *Record) text() string {
	var b strings.Builder
	b.WriteString(r.Name + " " + TargetWord(r.Target) + " " + r.Bus + " " + string(r.Args))
	for _, reply := range r.Replies {
		b.WriteString(" " + reply.Server + " " + string(reply.Value) + " " + reply.Err)
	}
	b.WriteString(" " + r.Err)
	return b.String()
}

// Move moves the cursor, in the comparison if there is one.
func (p *HistoryPage) Move(s *State, delta int) {
	if p.Table != nil {
		p.Table.Results.Compared.Move(delta)
		return
	}
	s.Lists[History].move(delta)
}

// Enter opens the call in the form, or opens and closes a group; in the comparison it
// unfolds what is the same.
func (p *HistoryPage) Enter(s *State) []Effect {
	if p.Table != nil {
		c := p.Table.Results.Compared
		c.ShowSame = !c.ShowSame
		return nil
	}
	l := &s.Lists[History]
	if g := l.Group(); g != nil {
		l.Fold(g.ID, !g.Folded, false)
	} else if r := p.Current(s); r != nil {
		s.OpenRecord(r)
	}
	return nil
}

// Back leaves the comparison, then takes the mark away.
func (p *HistoryPage) Back(*State) bool {
	switch {
	case p.Table != nil:
		p.Table = nil
	case p.Marked != "":
		p.Marked = ""
	default:
		return false
	}
	return true
}

// Current is the call under the cursor, or nil.
func (p *HistoryPage) Current(s *State) *Record { return s.Recorded(string(s.Lists[History].Cursor())) }

// Recorded finds a call of the history by its ID.
func (s *State) Recorded(id string) *Record {
	for _, r := range slices.Backward(s.History) {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Compare marks the call under the cursor, or compares it with the marked one.
func (p *HistoryPage) Compare(s *State) {
	r, marked := p.Current(s), s.Recorded(p.Marked)
	switch {
	case p.Table != nil:
		p.Table = nil
	case r == nil:
	case marked == nil:
		p.Marked = r.ID
	case marked == r:
		p.Marked = ""
	default:
		if r.At.Before(marked.At) {
			r, marked = marked, r
		}
		server := ""
		if len(r.Replies) > 0 {
			server = r.Replies[0].Server
		}
		p.Table = &Thing{Method: r.Method, Results: Results{Compared: CompareCalls(marked, r, server, s.Now)}}
		p.Marked = ""
	}
}

// OpenRecord opens a form with the values of a call.
func (s *State) OpenRecord(r *Record) *Thing {
	m := s.Dir.Method(r.Method)
	if m == nil {
		return nil
	}
	t := s.newThing(m, r.Target)
	s.fill(t, r)
	s.show(t)
	return t
}

func (s *State) fill(t *Thing, r *Record) {
	if r.Args != nil {
		t.Form.Fill(r.Args)
	}
	if r.Wait > 0 {
		t.Wait = TimeoutText(r.Wait)
	}
	if r.Answer > 0 {
		t.Answer = TimeoutText(r.Answer)
	}
	t.Remembered = r.At
	t.Focus = t.FirstStop(s.Now)
}

// TimeoutText writes a timeout as [ParseTimeout] reads it: 30s, 500ms, 2m.
func TimeoutText(d time.Duration) string {
	text := d.String()
	text = strings.TrimSuffix(text, "0s")
	if text == "" || text[len(text)-1] != 'm' && text[len(text)-1] != 'h' {
		return d.String()
	}
	if cut, ok := strings.CutSuffix(text, "h0m"); ok {
		return cut + "h"
	}
	return text
}

// RepeatRecord asks the same again, also after an error.
func (s *State) RepeatRecord(r *Record) []Effect {
	if s.refuse(ToInvoke) {
		return nil
	}
	t := s.OpenRecord(r)
	if t == nil {
		return nil
	}
	return s.Send(t)
}

// CantRepeat says why a call can't be asked again, or put into a form; empty when it
// can.
func (s *State) CantRepeat(r *Record) string {
	m := s.Dir.Method(r.Method)
	switch {
	case r.Args == nil && r.ArgsSize > 0:
		return "its arguments were too much to be kept: " + Bytes(r.ArgsSize)
	case m != nil && !m.Gone():
		return ""
	}
	if s.offeredOtherwise(r) {
		return r.Name + " has another signature now"
	}
	return "nobody offers " + r.Name + " now"
}

// offeredOtherwise reports whether somebody offers a method of a call's name.
func (s *State) offeredOtherwise(r *Record) bool {
	for _, other := range s.Dir.methods {
		if strings.EqualFold(other.Def.Name, r.Name) && !other.Gone() && !other.Streaming() {
			return true
		}
	}
	return false
}

// Question is what a call asked.
func (r *Record) Question() (method bus.MethodFilter, target bus.Target, args json.RawMessage) {
	accepts := r.Accepts
	return bus.MethodFilter{Name: r.Name, Accepts: &accepts}, r.Target, r.Args
}
