package ui

import (
	"maps"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// step is a place where somebody was, with what was scrolled there.
type step struct {
	model.Spot
	tops map[string]int
}

// trail are the places where somebody was, as a browser keeps them.
type trail struct {
	behind, ahead []step
}

// trailKept is how many places are remembered.
const trailKept = 100

func (a *App) here() step { return step{a.state.Spot(), maps.Clone(a.tops)} }

// leaving remembers a place if what was just done led away from it.
func (a *App) leaving(from *desk, was step) {
	if a.desk != from || was.Same(a.state.Spot()) || a.wandering {
		return
	}
	a.behind = append(a.behind, was)
	if n := len(a.behind) - trailKept; n > 0 {
		a.behind = a.behind[n:]
	}
	a.ahead = nil
}

// wander goes back to places where one was, or with ahead forward again; those that
// are gone are passed over.
func (a *App) wander(from, to *[]step) {
	a.wandering = true
	was := a.here()
	for n := len(*from); n > 0; n = len(*from) {
		next := (*from)[n-1]
		*from = (*from)[:n-1]
		if !next.Same(was.Spot) && a.state.Return(next.Spot) {
			maps.Copy(a.tops, next.tops)
			*to = append(*to, was)
			return
		}
	}
	a.state.Say("where you were is gone")
}

// swap goes to the place before this one, and from there back to this one.
func (a *App) swap() {
	var aside []step
	a.wander(&a.behind, &aside)
	a.behind = append(a.behind, aside...)
}

func noBack(a *App) string {
	if len(a.behind) == 0 {
		return "you were nowhere else yet"
	}
	return ""
}

func noAhead(a *App) string {
	if len(a.ahead) == 0 {
		return "you did not go back"
	}
	return ""
}

// moves reports whether a message is somebody's doing, so that it can lead elsewhere.
func moves(msg tea.Msg) bool {
	switch msg.(type) {
	case tea.KeyMsg, tea.MouseMsg:
		return true
	}
	return false
}
