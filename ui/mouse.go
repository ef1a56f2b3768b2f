package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// wheelRows is how far one turn of the wheel goes.
const wheelRows = 3

// mouse takes a click or a turn of the wheel.
func (a *App) mouse(e tea.MouseEvent) tea.Cmd {
	if a.topDialog() != nil {
		return a.dialogMouse(e)
	}
	if a.drag(e) {
		return nil
	}
	if cmd, ok := a.clickReel(e); ok {
		return cmd
	}
	switch {
	case e.Button == tea.MouseButtonWheelUp:
		a.wheel(e, -wheelRows)
	case e.Button == tea.MouseButtonWheelDown:
		a.wheel(e, wheelRows)
	case e.Button == tea.MouseButtonLeft && e.Action == tea.MouseActionPress:
		a.queued = nil
		for i := len(a.hits) - 1; i >= 0; i-- {
			if h := a.hits[i]; h.at.holds(e.X, e.Y) {
				h.do(a)
				break
			}
		}
		return a.queued
	}
	return nil
}

// dialogMouse lets the wheel scroll a dialog, and clicks choose in it.
func (a *App) dialogMouse(e tea.MouseEvent) tea.Cmd {
	switch e.Button {
	case tea.MouseButtonWheelUp:
		return a.topDialog().press(a, tea.KeyMsg{Type: tea.KeyUp})
	case tea.MouseButtonWheelDown:
		return a.topDialog().press(a, tea.KeyMsg{Type: tea.KeyDown})
	case tea.MouseButtonLeft:
		if e.Action == tea.MouseActionPress {
			return a.clickDialog(a.topDialog(), e)
		}
		return nil
	default:
		return nil
	}
}

func (a *App) wheel(e tea.MouseEvent, delta int) {
	for i := len(a.hits) - 1; i >= 0; i-- {
		h := a.hits[i]
		if !h.at.holds(e.X, e.Y) || e.Y == a.lay.h-1 && a.lay.footer {
			continue
		}
		if h.first != nil {
			h.first(a)
		}
		if h.pane == model.Workspace {
			a.focusWork()
		} else if a.state.Focus != h.pane {
			a.state.Go(h.pane)
		}
		if h.pane == model.Workspace && a.sheet() != nil {
			return
		}
		a.state.MoveCursor(delta)
		return
	}
}

// clickKey does what the footer offers.
func (a *App) clickKey(b binding) { a.queued = a.perform(b, first(b.keys)) }

// clickRow puts the cursor of a list on a row; a click on the row that has it
// already goes in.
func (a *App) clickRow(p model.Pane, id model.RowID) {
	if a.state.Focus == p && a.state.Lists[p].Row() == id {
		a.queued = a.run(a.state.Enter())
		return
	}
	a.state.Point(p, id)
}

// clickStop goes to a stop of a form; a click on a button or a box works it.
func (a *App) clickStop(s *model.Sheet, stop model.FieldPath) {
	a.focusWork()
	if t := a.state.Shown(); t != nil && s == &t.Sheet {
		t.Part = model.InForm
	}
	s.Focus = stop
	row, _ := s.FieldRow(a.state.Now)
	switch {
	case slices.Contains(s.Foot, stop):
		a.queued = a.pressStop(stop)
	case stop == model.StopTarget:
		a.openTargets()
	case row.Kind == model.RowAdd && row.Path == stop:
		a.addItem()
	case row.Kind != model.RowField && row.Path == stop:
		a.touch()
		s.Form.Toggle(stop)
	}
}

func (a *App) clickResult(t *model.Thing, i int) {
	a.state.Go(model.Workspace)
	t.Part = model.InResult
	t.Touch()
	if t.Results.Index() == i {
		t.Results.Toggle()
		return
	}
	t.Results.GoTo(i)
}

func (a *App) clickEvent(t *model.Thing, n uint64) {
	a.state.Go(model.Workspace)
	t.Touch()
	again := t.Tail.Cursor() == n && !t.Tail.Following()
	t.Part = model.InRows
	t.Tail.Pause(a.state.Now)
	t.Tail.SetCursor(n, a.state.Now)
	if again || t.Event != nil {
		a.state.ShowEvent(t)
	}
}

func (a *App) clickTree(t *model.Thing, i int) {
	a.state.Go(model.Workspace)
	t.Part = model.InEvent
	if t.Event.Cursor() == i {
		t.Event.Toggle(i)
		return
	}
	t.Event.SetCursor(i)
}

// pageRows is how many rows a page has, for the keys that turn half of one.
func (a *App) pageRows() int {
	for _, s := range a.lay.sections {
		if s.pane == a.state.Focus {
			return s.at.h - 1
		}
	}
	return min(a.lay.body.h, a.slotAt.h) - 6
}
