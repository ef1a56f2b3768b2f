package model

// Content is what the workspace shows when it is neither a card, nor a call, nor
// a subscription: a page, or a thing of another kind.
type Content interface {
	// Move moves the cursor inside.
	Move(s *State, delta int)
	// Enter goes into what the cursor is on.
	Enter(s *State) []Effect
	// Back goes one step back inside, and reports whether there was one.
	Back(s *State) bool
}

// Ongoing is the content of a row of Open.
type Ongoing interface {
	Content
	// Title is what the row says.
	Title() string
	// End gives up what goes on, because the row is closed.
	End(s *State) []Effect
}

// Listed is a page that is one list. The state keeps its cursor and its filter
// in Lists, under the page's pane.
type Listed interface {
	Content
	// Rows lists what passes the list's filter, in order, and counts the rest.
	Rows(s *State, l *List) (rows []RowID, hidden int)
}

// Content is what the workspace shows, or nil when that is a card, a call or a
// subscription.
func (s *State) Content() Content {
	if s.Page != Workspace {
		return s.Pages[s.Page]
	}
	if t := s.Shown(); t != nil && t.Content != nil {
		return t.Content
	}
	return nil
}

// OpenThing makes a row of Open for something that is neither a call nor a
// subscription, and shows it.
func (s *State) OpenThing(c Ongoing) *Thing {
	t := s.AddThing(c)
	s.show(t)
	return t
}

// AddThing is OpenThing without going there.
func (s *State) AddThing(c Ongoing) *Thing {
	s.nextThing++
	t := &Thing{ID: s.nextThing, born: s.Now, From: s.Rail, Content: c, touched: true}
	s.Things = append(s.Things, t)
	s.refresh()
	return t
}

// ThingOf is the row of Open that has this content, or nil.
func (s *State) ThingOf(c Ongoing) *Thing {
	for _, t := range s.Things {
		if t.Content == c {
			return t
		}
	}
	return nil
}

// ListPane is the pane whose list the keyboard is in.
func (s *State) ListPane() Pane {
	if s.Focus == Workspace {
		return s.Page
	}
	return s.Focus
}

// List is the list that the keyboard is in: that of a pane of the rail or of a
// page. In the workspace itself it is one without rows.
func (s *State) List() *List { return &s.Lists[s.ListPane()] }

// CountFrom numbers the things that are opened from now on, so that the states of
// several buses give no number twice.
func (s *State) CountFrom(first ThingID) { s.nextThing = max(s.nextThing, first) }
