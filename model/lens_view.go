package model

import (
	"math"
	"slices"
	"strconv"
	"time"

	"ioscope/client/bus"
)

// LensView is what a lens shows at one moment.
type LensView struct {
	At     time.Time
	Groups []LensGroup
	// Private are the private events that are kept, the latest last; Privates
	// counts all that came, Hidden those that the filter holds back.
	Private          []PrivateEvent
	Privates, Hidden int
	// Uncompared counts the subscriptions that are too many to compare.
	Uncompared int
	Branches   []TrueBranch
	// Agree of Groups are also true; -1 when the truth is not known.
	Agree int
}

// LensGroup are subscriptions that seem to be on one branch.
type LensGroup struct {
	Members []LensMember
	// Verdict is about the pair that has least in common; a group of one has
	// that about the subscription nearest to it.
	Verdict Kinship
	// Both of All publishes came to both; Numbered of Both had a sequence number.
	Both, All, Numbered int
	// Within is the longest time between two arrivals of one publish.
	Within time.Duration
	// Nearest is the group with which a group of one has most in common, -1 when
	// there is no other.
	Nearest int
	// Heard counts the shared events that were compared at all.
	Heard int
}

// View is what the lens shows now, or what it showed when it was paused.
func (l *Lens) View(now time.Time) *LensView {
	if l.held != nil {
		return l.held
	}
	return l.view(now)
}

func (l *Lens) view(now time.Time) *LensView {
	v := &LensView{At: now, Privates: l.privates, Agree: -1}
	of := map[int]*LensMember{}
	for _, m := range l.members {
		if m.slot < 0 {
			v.Uncompared++
			continue
		}
		of[m.slot] = m
	}
	parts := l.kin.groups(l.compared())
	for _, part := range parts {
		g := LensGroup{Nearest: -1}
		for _, i := range part {
			g.Members = append(g.Members, *of[i])
			g.Heard = max(g.Heard, l.kin.members[i].shared)
		}
		if len(part) > 1 {
			l.weakest(&g, part)
		} else {
			l.nearest(&g, part[0], parts)
		}
		v.Groups = append(v.Groups, g)
	}
	filter, err := ReadFilter(l.Filter)
	for _, e := range l.private {
		if err == nil && !filter.Passes(e.Data) {
			v.Hidden++
			continue
		}
		v.Private = append(v.Private, e)
	}
	if l.Truth.Known {
		v.Branches = l.Truth.Branches
		v.Agree = v.agree()
	}
	return v
}

// weakest takes over the counts of the pair that has least in common.
func (l *Lens) weakest(g *LensGroup, part []int) {
	g.Verdict = Sure
	least := math.Inf(1)
	for a, i := range part {
		for _, j := range part[a+1:] {
			p := *l.kin.pair(i, j)
			g.Within = max(g.Within, p.apart)
			verdict := p.verdict()
			if verdict == TooEarly {
				continue // a third one ties them
			}
			share := float64(p.both) / float64(p.both+p.one)
			if verdict < g.Verdict || share < least || share == least && p.both < g.Both {
				least = share
				g.Verdict = min(g.Verdict, verdict)
				g.Both, g.All, g.Numbered = p.both, p.both+p.one, p.numbered
			}
		}
	}
}

// nearest takes over the counts with the receiver that has most in common.
func (l *Lens) nearest(g *LensGroup, i int, parts [][]int) {
	most := math.Inf(-1)
	for n, part := range parts {
		for _, j := range part {
			if i == j {
				continue
			}
			p := *l.kin.pair(i, j)
			share := float64(p.both) / math.Max(1, float64(p.both+p.one))
			if p.verdict() == TooEarly {
				share -= 2 // what is not known yet counts less than what is apart
			}
			if share > most {
				most, g.Nearest = share, n
				g.Verdict, g.Both, g.All = p.verdict(), p.both, p.both+p.one
			}
		}
	}
}

// agree counts the groups whose subscriptions stand together, and alone, on one
// true branch.
func (v *LensView) agree() int {
	n := 0
	for _, g := range v.Groups {
		if v.true(g) {
			n++
		}
	}
	return n
}

func (v *LensView) true(g LensGroup) bool {
	for _, b := range v.Branches {
		var ours []ThingID
		for _, s := range b.Subscribers {
			if s.Thing != 0 {
				ours = append(ours, s.Thing)
			}
		}
		slices.Sort(ours)
		var mine []ThingID
		for _, m := range g.Members {
			mine = append(mine, m.Thing)
		}
		slices.Sort(mine)
		if slices.Equal(ours, mine) {
			return true
		}
	}
	return false
}

// Letter is the letter of a group: A, B, …; a true branch has that of the group
// with which it shares a subscription, -1 when it has none.
func (v *LensView) Letter(b TrueBranch) int {
	for i, g := range v.Groups {
		for _, m := range g.Members {
			if slices.ContainsFunc(b.Subscribers, func(s TrueSubscriber) bool { return s.Thing == m.Thing }) {
				return i
			}
		}
	}
	return -1
}

// GroupOf is the group of a member, -1 when it has none.
func (v *LensView) GroupOf(number int) int {
	return slices.IndexFunc(v.Groups, func(g LensGroup) bool {
		return slices.ContainsFunc(g.Members, func(m LensMember) bool { return m.Number == number })
	})
}

// Rows are what the cursor can be on, from above.
func (l *Lens) Rows(v *LensView) []RowID {
	var rows []RowID
	if !l.PrivateOnly {
		for _, g := range v.Groups {
			for _, m := range g.Members {
				rows = append(rows, m.Row())
			}
		}
	}
	for _, e := range v.Private {
		rows = append(rows, e.Row())
	}
	if !l.PrivateOnly {
		for _, b := range v.Branches {
			rows = append(rows, b.Row())
		}
	}
	return rows
}

// Cursor is the row that the cursor is on; empty when there is none.
func (l *Lens) Cursor(v *LensView) RowID {
	rows := l.Rows(v)
	if len(rows) == 0 {
		return ""
	}
	if i := slices.Index(rows, l.cursor); i >= 0 {
		l.index = i
	}
	return rows[min(l.index, len(rows)-1)]
}

// Title implements [Ongoing].
func (l *Lens) Title() string {
	n := len(l.kin.groups(l.compared()))
	if n == 0 {
		return ShortName(l.Def.Name) + ", branches"
	}
	branches := " branches"
	if n == 1 {
		branches = " branch"
	}
	return ShortName(l.Def.Name) + ", " + Number(n) + branches
}

// compared are the places of those that are compared, in the order of asking.
func (l *Lens) compared() []int {
	var order []int
	for _, m := range l.members {
		if m.slot >= 0 {
			order = append(order, m.slot)
		}
	}
	return order
}

// End implements [Ongoing].
func (l *Lens) End(s *State) []Effect {
	s.lenses = slices.DeleteFunc(s.lenses, func(o *Lens) bool { return o == l })
	return nil
}

// Move implements [Content].
func (l *Lens) Move(s *State, delta int) {
	v := l.View(s.Now)
	rows := l.Rows(v)
	if len(rows) == 0 {
		return
	}
	l.Cursor(v)
	l.index = min(max(min(l.index, len(rows)-1)+delta, 0), len(rows)-1)
	l.cursor = rows[l.index]
}

// Point puts the cursor on a row.
func (l *Lens) Point(s *State, id RowID) {
	if i := slices.Index(l.Rows(l.View(s.Now)), id); i >= 0 {
		l.cursor, l.index = id, i
	}
}

// Enter implements [Content]: it opens the subscription under the cursor.
func (l *Lens) Enter(s *State) []Effect {
	v := l.View(s.Now)
	id := l.Cursor(v)
	for _, g := range v.Groups {
		for _, m := range g.Members {
			if m.Row() == id {
				s.reveal(m.Thing)
				return nil
			}
		}
	}
	for _, e := range v.Private {
		if e.Row() == id {
			l.openPrivate(s, e)
			return nil
		}
	}
	for _, b := range v.Branches {
		if b.Row() != id {
			continue
		}
		for _, sub := range b.Subscribers {
			if sub.Thing != 0 {
				s.reveal(sub.Thing)
				return nil
			}
		}
		s.Say("no subscription of yours is on this branch; {lens.add} subscribes with other arguments")
	}
	return nil
}

// openPrivate opens a private event where it stands among the rows of its stream.
func (l *Lens) openPrivate(s *State, e PrivateEvent) {
	t := s.reveal(e.Thing)
	if t == nil {
		return
	}
	n, ok := t.Tail.Prev(t.Tail.next, func(r *TailRow) bool {
		return r.GapKind == NoGap && r.Private && r.At.Equal(e.At) && string(r.Data) == string(e.Data)
	})
	if !ok {
		s.Say("the subscription does not keep this event any more")
		return
	}
	t.Tail.Pause(s.Now)
	t.Tail.SetCursor(n, s.Now)
	s.ShowEvent(t)
}

// Back implements [Content].
func (l *Lens) Back(*State) bool {
	switch {
	case l.Filter != "":
		l.Filter = ""
	case l.PrivateOnly:
		l.PrivateOnly = false
	default:
		return false
	}
	return true
}

// Pause holds what is shown, or lets it go on; counting goes on either way.
func (l *Lens) Pause(now time.Time) {
	if l.held != nil {
		l.held = nil
		return
	}
	l.held, l.heldAt = l.view(now), now
}

// Paused is since when the lens is held; zero when it is not.
func (l *Lens) Paused() time.Time {
	if l.held == nil {
		return time.Time{}
	}
	return l.heldAt
}

// Subscribe opens a form for the same stream, filled with the arguments of the
// subscription under the cursor.
func (l *Lens) Subscribe(s *State) {
	m := s.bus().Method(l.Method)
	if m == nil || m.Gone() {
		s.Say("nobody offers " + l.Def.Name + " now")
		return
	}
	v := l.View(s.Now)
	id := l.Cursor(v)
	t := s.OpenForm(m, bus.Target{})
	for _, member := range l.members {
		if t.Gen == 0 && (member.Row() == id || len(l.members) == 1) {
			t.Form.Fill(member.Args)
			t.Focus = t.FirstStop(s.Now)
		}
	}
}

// NumberOf is the number of a subscription in the lens: #2.
func (l *Lens) NumberOf(id ThingID) string {
	for _, m := range l.members {
		if m.Thing == id {
			return "#" + strconv.Itoa(m.Number)
		}
	}
	return ""
}

// reveal goes to a subscription, and gives it a row of Open where it had none.
func (s *State) reveal(id ThingID) *Thing {
	t := s.Thing(id)
	if t == nil {
		s.Say("this subscription was closed")
		return nil
	}
	if i := slices.Index(s.hidden, t); i >= 0 {
		s.hidden = slices.Delete(s.hidden, i, i+1)
		s.Things = append(s.Things, t)
	}
	s.show(t)
	t.Part = InRows
	return t
}
