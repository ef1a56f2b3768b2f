package ui

import (
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// shape is what a person changed of the layout. Its zero value is the usual one.
type shape struct {
	// Rail and Side are the widths of rail and inspector, in thousandths of the
	// screen; 0 is the usual width.
	Rail int `json:"rail,omitempty"`
	Side int `json:"side,omitempty"`
	// Hidden are the panes of the rail that show only while they have the keyboard.
	Hidden []model.Pane `json:"hidden,omitempty"`
}

// The least that rail, workspace and inspector keep.
const (
	leastRail = 16
	leastWork = 30
	leastSide = 24
)

func (s shape) railWidth(w, usual int) int {
	if s.Rail == 0 {
		return usual
	}
	return min(max((w*s.Rail+500)/1000, leastRail), w-leastWork-1)
}

func (s shape) sideWidth(w, room, usual int) int {
	if s.Side > 0 {
		usual = max((w*s.Side+500)/1000, leastSide)
	}
	return min(usual, room-leastWork-1)
}

// panes are those of the rail that show.
func (s shape) panes(focus model.Pane) []railPane {
	return slices.DeleteFunc(slices.Clone(railPanes), func(p railPane) bool {
		return p.pane != focus && slices.Contains(s.Hidden, p.pane)
	})
}

// sizeStep is how much a key changes of a width, in thousandths of the screen.
const sizeStep = 100

// resizePane gives the focused pane more of the screen, or less.
func (a *App) resizePane(sign int) {
	w, s := a.lay.w, &a.shape
	share := func(cells int) int { return cells * 1000 / w }
	t := a.state.Shown()
	switch {
	case a.lay.inspector.w > 0 && a.state.Focus == model.Workspace && t != nil && t.Part == model.InEvent:
		s.Side = share(a.lay.inspector.w) + sign*sizeStep
		s.Side = min(max(s.Side, share(leastSide)), share(w-a.lay.rail.w-leastWork))
		a.state.Say("inspector: " + strconv.Itoa(percent(s.Side)) + " % of the screen")
		return
	case a.state.Focus == model.Workspace:
		sign = -sign
	}
	s.Rail = min(max(share(a.lay.rail.w)+sign*sizeStep, share(leastRail)), share(w-leastWork))
	a.state.Say("rail: " + strconv.Itoa(percent(s.Rail)) + " % of the screen")
}

func percent(thousandths int) int { return (thousandths + 5) / 10 }

// hidePane takes the focused pane out of the rail, until its digit is pressed.
func (a *App) hidePane() {
	p := a.state.Focus
	if i := slices.Index(a.shape.Hidden, p); i >= 0 {
		a.shape.Hidden = slices.Delete(slices.Clone(a.shape.Hidden), i, i+1)
		a.state.Say(p.String() + " stays")
		return
	}
	a.shape.Hidden = append(slices.Clone(a.shape.Hidden), p)
	a.state.Say(p.String() + " hides when it is left; " + strconv.Itoa(int(p)) + " shows it")
}

// resetLayout lays the screen out as it is at first.
func (a *App) resetLayout() {
	a.shape = shape{}
	a.state.Full = false
	a.state.Say("the screen is laid out as at first")
}

func noSizes(a *App) string {
	switch {
	case a.lay.rail.w == 0 || a.lay.work.w == 0:
		return "one pane has the whole screen"
	case a.lay.class == single:
		return "this screen shows one pane at a time"
	}
	return ""
}

func notInRail(a *App) string {
	if a.state.Focus == model.Workspace {
		return "only panes of the rail hide"
	}
	return ""
}

// hairline is a line between two columns.
type hairline int

const (
	noLine hairline = iota
	railLine
	sideLine
)

// drag moves the hairline that the mouse has hold of. It reports whether the event
// was about that.
func (a *App) drag(e tea.MouseEvent) bool {
	if e.Button != tea.MouseButtonLeft && e.Action != tea.MouseActionRelease {
		return false
	}
	inBody := e.Y >= a.lay.body.y && e.Y < a.lay.body.y+a.lay.body.h
	switch {
	case e.Action == tea.MouseActionRelease:
		had := a.dragged
		a.dragged = noLine
		return had != noLine
	case e.Action == tea.MouseActionPress && inBody && a.lay.rail.w > 0 && a.lay.work.w > 0 && e.X == a.lay.rail.w:
		a.dragged = railLine
	case e.Action == tea.MouseActionPress && inBody && a.lay.inspector.w > 0 && e.X == a.lay.inspector.x-1:
		a.dragged = sideLine
	case e.Action == tea.MouseActionMotion && a.dragged == railLine:
		a.shape.Rail = min(max(e.X, leastRail), a.lay.w-leastWork-1) * 1000 / a.lay.w
	case e.Action == tea.MouseActionMotion && a.dragged == sideLine:
		a.shape.Side = max(a.lay.w-1-e.X, leastSide) * 1000 / a.lay.w
	default:
		return false
	}
	return true
}
