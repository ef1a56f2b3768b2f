package model

// Spot is a place where somebody has been: pane, thing and cursor.
type Spot struct {
	Focus, Rail, Page Pane
	// Row and PageRow are the rows of the rail's list and of the page's.
	Row, PageRow RowID
	Narrow       RowID
	// Part is where in the thing; Held is the row of a stream that is held.
	Part  Part
	Holds bool
	Held  uint64
	Full  bool
}

// Spot is where one is.
func (s *State) Spot() Spot {
	at := Spot{Focus: s.Focus, Rail: s.Rail, Page: s.Page, Row: s.Lists[s.Rail].Cursor(), Narrow: s.Narrow, Full: s.Full}
	if s.Page != Workspace {
		at.PageRow = s.Lists[s.Page].Cursor()
	}
	if t := s.Shown(); t != nil {
		at.Part = t.Part
		if t.Tail != nil && !t.Tail.Following() {
			at.Holds, at.Held = true, t.Tail.Cursor()
		}
	}
	return at
}

// Same reports whether two spots are of the same thing: in a list the rows don't count.
func (a Spot) Same(b Spot) bool {
	if a.Focus != b.Focus || a.Page != b.Page || a.Rail != b.Rail {
		return false
	}
	return a.Focus != Workspace || a.Page != Workspace || a.Row == b.Row
}

// Return goes to a spot, as far as it is still there. It reports whether it is.
func (s *State) Return(to Spot) bool {
	if to.Narrow != "" && s.Dir.Server(to.Narrow) == nil {
		to.Narrow = ""
	}
	was := s.Spot()
	s.Welcome = false
	s.place(to)
	if to.Focus == Workspace && to.Page == Workspace && to.Row != "" && s.Lists[s.Rail].Cursor() != to.Row {
		s.place(was)
		return false
	}
	t := s.Shown()
	if t == nil || t.Content != nil {
		return true
	}
	if to.Part != InEvent || t.Event != nil {
		t.Part = to.Part
	}
	if to.Part == InForm && t.Phase != Filling {
		s.Unfold(t)
	}
	if t.Tail != nil && to.Holds {
		t.Tail.Pause(s.Now)
		t.Tail.SetCursor(to.Held, s.Now)
	}
	return true
}

func (s *State) place(to Spot) {
	s.Narrow, s.Full = to.Narrow, to.Full
	s.Focus, s.Rail, s.Page = to.Focus, to.Rail, to.Page
	if to.Page != Workspace && s.Pages[to.Page] == nil {
		s.Page = Workspace
	}
	s.refresh()
	s.Lists[to.Rail].point(to.Row)
	if s.Page != Workspace {
		s.Lists[s.Page].point(to.PageRow)
	}
	if to.Focus == Workspace && s.came == Workspace {
		s.came = to.Rail
	}
	s.refresh()
}
