package model

import "ioscope/client/bus"

// Go gives a pane the keyboard.
func (s *State) Go(p Pane) {
	s.Welcome, s.camePage = false, Workspace
	switch {
	case p > Open:
		if s.Page == Workspace {
			s.pageCame = s.Focus
		}
		s.Focus, s.Page = Workspace, p
	case p == Workspace:
		if s.Focus != Workspace {
			s.came = s.Focus
		}
		s.Focus, s.Page = Workspace, Workspace
	default:
		s.Focus, s.Rail, s.Page = p, p, Workspace
	}
	s.refresh()
}

// paneOrder is the way of tab.
var paneOrder = []Pane{Servers, Methods, Streams, Open, Workspace}

// Turn goes to the next pane, or with -1 to the one before.
func (s *State) Turn(delta int) {
	for i, p := range paneOrder {
		if p == s.Focus {
			s.Go(paneOrder[(i+delta+len(paneOrder))%len(paneOrder)])
			return
		}
	}
}

// Back goes back one step: out of the event, out of the thing, out of a filter,
// out of the narrowing. It reports whether there was a step to go.
func (s *State) Back() bool {
	switch t := s.Shown(); {
	case s.Welcome:
		s.Welcome = false
	case s.Focus == Workspace && s.Content() != nil && s.Content().Back(s):
	case s.Focus == Workspace && s.Page != Workspace && s.Lists[s.Page].Filter != "":
		s.SetFilter(s.Page, "")
	case s.Focus == Workspace && s.Page != Workspace:
		s.leavePage()
	case s.Focus == Workspace && t != nil && t.Part == InEvent:
		t.Part, t.Event = InRows, nil
	case s.Focus == Workspace && t != nil && t.Part == InForm && t.Phase != Filling:
		t.Unfolded = false
		t.Part = t.home()
	case s.Focus == Workspace && t != nil && t.Part == InResult && t.Results.Compared != nil:
		t.Results.ToggleCompared()
	case s.Full:
		s.Full = false
	case s.Focus == Workspace && t != nil && t.Find != "":
		t.SetFind("")
	case s.Focus == Workspace && t != nil && t.Tail != nil && t.widen():
	case s.Focus == Workspace:
		s.leave(t)
	case s.Lists[s.Focus].Filter != "":
		s.SetFilter(s.Focus, "")
	case s.Narrow != "" && (s.Focus == Methods || s.Focus == Streams):
		s.widen()
	default:
		return false
	}
	return true
}

// leavePage gives the workspace back as it was before the page.
func (s *State) leavePage() {
	s.Page = Workspace
	s.Focus = s.pageCame
	s.refresh()
}

// home is the part of a thing where the keyboard is when its form is folded.
func (t *Thing) home() Part {
	if t.Stream() {
		return InRows
	}
	return InResult
}

// Behind is the pane that leaving the workspace leads to; Workspace where there is none.
func (s *State) Behind() Pane {
	if s.camePage > Open {
		return s.camePage
	}
	return s.came
}

// leave goes from the workspace to the pane that it was entered from. A form in
// which nothing was done does not stay behind.
func (s *State) leave(t *Thing) {
	if page, came := s.camePage, s.pageCame; page > Open {
		s.Go(page) // what was opened from a page is left to it, and that to where it was
		s.pageCame = came
	} else {
		s.Go(s.came)
	}
	if t != nil && t.Content == nil && t.Phase == Filling && !t.touched && t.Gen == 0 {
		s.Close(t)
	}
}

func (s *State) widen() {
	from := s.Narrow
	s.Narrow = ""
	s.refresh()
	s.Lists[Servers].point(from)
	s.Go(Servers)
}

// NarrowTo narrows methods and streams to the server, or widens them when they
// are narrowed to it already.
func (s *State) NarrowTo(id RowID) {
	if s.Narrow == id {
		id = ""
	}
	s.Narrow = id
	s.refresh()
}

// SetFilter narrows a list by words.
func (s *State) SetFilter(p Pane, filter string) {
	s.Lists[p].Filter = filter
	s.Lists[p].young = false
	s.Lists[p].narrowed = true
	s.refresh()
}

// CycleSort orders a list by its next column.
func (s *State) CycleSort(p Pane) {
	s.Lists[p].Sort = (s.Lists[p].Sort + 1) % (BySince + 1)
	s.refresh()
}

// Reverse turns the order of a list.
func (s *State) Reverse(p Pane) {
	s.Lists[p].Reverse = !s.Lists[p].Reverse
	s.refresh()
}

// Forget clears the tombstone under the cursor, or all of them. It returns how
// many rows went.
func (s *State) Forget(all bool) int {
	if s.past != nil {
		return 0
	}
	id := RowID("")
	if !all {
		id = s.Lists[s.Focus].Cursor()
		if id == "" {
			return 0
		}
	}
	n := s.Dir.forget(id)
	if s.Dir.Server(s.Narrow) == nil {
		s.Narrow = ""
	}
	s.refresh()
	return n
}

// MoveCursor moves the cursor of the focused list, or through the results or
// rows in the workspace.
func (s *State) MoveCursor(delta int) {
	s.Welcome = false
	if s.Focus != Workspace {
		s.Rail = s.Focus
		s.Lists[s.Focus].move(delta)
		return
	}
	if c := s.Content(); c != nil {
		c.Move(s, delta)
		return
	}
	t := s.Shown()
	switch {
	case t == nil:
	case t.Part == InResult && t.Results.Compared != nil:
		t.touched = true
		t.Results.Compared.Move(delta)
	case t.Part == InResult:
		t.touched = true
		t.Results.Move(delta)
	case t.Part == InRows && t.ByKeys():
		t.touched = true
		t.MoveKey(delta, s.Now)
	case t.Part == InRows:
		if t.NewestFirst && t.Tail.Sorted() == "" {
			delta = -delta
		}
		t.Tail.MoveCursor(delta, s.Now)
	case t.Part == InEvent && t.Diffing():
		t.Diff.Move(delta)
	case t.Part == InEvent:
		t.Event.Move(delta)
	}
}

// Point puts the cursor of a list on a row.
func (s *State) Point(p Pane, id RowID) {
	s.Go(p)
	s.Lists[p].point(id)
}

// Enter goes into what the cursor is on.
func (s *State) Enter() []Effect {
	s.Welcome = false
	if g := s.Lists[s.Focus].Group(); g != nil && s.Focus != Workspace {
		s.Lists[s.Focus].Fold(g.ID, !g.Folded, false)
		return nil
	}
	switch s.Focus {
	case Servers:
		if id := s.Lists[Servers].Cursor(); id != "" {
			s.Narrow = id
			s.refresh()
			s.Go(Methods)
		}
	case Methods, Streams:
		return s.ask(s.CardMethod())
	case Open:
		if s.Shown() != nil {
			s.Go(Workspace)
		}
	default:
		return s.enterWorkspace()
	}
	return nil
}

func (s *State) ask(m *Method) []Effect {
	switch {
	case m == nil:
	case m.Action != nil:
		return s.OpenAction(m, nil)
	default:
		s.OpenForm(m, bus.Target{})
	}
	return nil
}

func (s *State) enterWorkspace() []Effect {
	if c := s.Content(); c != nil {
		return c.Enter(s)
	}
	t := s.Shown()
	switch {
	case t == nil:
		return s.ask(s.CardMethod())
	case t.Part == InResult:
		if len(t.Results.Answers) == 0 && t.Phase == Ended {
			s.Unfold(t)
			return nil
		}
		t.touched = true
		if c := t.Results.Compared; c != nil {
			c.ShowSame = !c.ShowSame
			return nil
		}
		t.Results.Toggle()
	case t.Part == InRows:
		if t.Phase == Ended && t.Tail.Len() == 0 {
			s.Unfold(t)
		} else {
			s.ShowEvent(t)
		}
	case t.Part == InEvent:
		t.Event.Toggle(t.Event.Cursor())
	}
	return nil
}

// Unfold opens the form of a thing that was sent already.
func (s *State) Unfold(t *Thing) {
	t.Unfolded, t.Part = true, InForm
	if t.Focus == "" {
		t.Focus = t.FirstStop(s.Now)
	}
}

// eventDepth is how many levels of an event are open when it is looked at.
const eventDepth = 4

// ShowEvent opens the event under the cursor. A stream that follows is held, so
// that the event stays where it was found.
func (s *State) ShowEvent(t *Thing) {
	row, ok := t.Tail.Current()
	if !ok || row.GapKind != NoGap {
		return
	}
	t.touched = true
	t.Tail.Pause(s.Now)
	t.EventRow = row
	t.openEvent(row)
	t.Part, t.Follows = InEvent, false
}

// MoveOpen goes to the thing before or after in Open, from anywhere.
func (s *State) MoveOpen(delta int) {
	l := &s.Lists[Open]
	if len(l.rows) == 0 {
		return
	}
	if s.Rail == Open {
		l.goTo((l.index + delta + len(l.rows)) % len(l.rows))
	}
	if s.Focus != Workspace {
		s.came = s.Focus
	}
	s.Rail, s.Focus, s.Page = Open, Workspace, Workspace
}

// Touch remembers that a person did something with the thing, so that it stays.
func (t *Thing) Touch() { t.touched = true }
