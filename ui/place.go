package ui

import (
	"ioscope/client/bus"
	"ioscope/model"
)

// place is where the keyboard is, as far as keys are concerned.
type place int

// The contexts. The first five are groups that others include.
const (
	everywhere place = iota
	notTyping
	upAndDown
	inAndOut
	textField
	inServers
	inMethods
	inStreams
	inOpen
	inCard
	inForm
	inJSON
	inResult
	inCompare
	inRows
	inEvent
	inLens
	inHistory
	inSaved
	inServe
	inFeed
	inWatches
	inFilter
	inDialog
	inNobody
	inEmpty
	inRun
	inRunField
	inRunText
	inRunSlider
	inRunSheet
	inRunTable
	inRunTree
	contextCount
)

// contexts tells each context's title, as help and README have it, and the
// groups that it includes.
var contexts = [contextCount]struct {
	title string
	with  []place
}{
	everywhere: {"Everywhere, also while typing", nil},
	notTyping:  {"Everywhere but while typing", nil},
	upAndDown:  {"Up and down", nil},
	inAndOut:   {"In and out", nil},
	textField:  {"In a text field", nil},
	inServers:  {"Servers", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inMethods:  {"Methods", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inStreams:  {"Streams", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inOpen:     {"Open", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inCard:     {"Card", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inForm:     {"Form", []place{everywhere, textField}},
	inJSON:     {"JSON editor", []place{everywhere, textField}},
	inResult:   {"Result", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inCompare:  {"Results compared", []place{everywhere, notTyping, upAndDown}},
	inRows:     {"Stream", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inEvent:    {"Event", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inSaved:    {"Saved calls", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inHistory:  {"History", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inLens:     {"Branch lens", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inServe:    {"Serve", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inWatches:  {"Watches", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inFeed:     {"Feed", []place{everywhere, notTyping, upAndDown}},
	inFilter:   {"Filter line", []place{everywhere, textField}},
	inDialog:   {"Dialogs", nil},
	inNobody:   {"Nobody answers", []place{everywhere, notTyping}},
	inEmpty:    {"Empty bus", []place{everywhere, notTyping, upAndDown, inAndOut}},

	inRun:       {"Interval run", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inRunField:  {"Interval run: fields", []place{everywhere, textField}},
	inRunText:   {"Interval run: text of several lines", []place{everywhere, textField}},
	inRunSlider: {"Interval run: slider", []place{everywhere, textField}},
	inRunSheet:  {"Interval run: spreadsheet", []place{everywhere, textField}},
	inRunTable:  {"Interval run: table", []place{everywhere, notTyping, upAndDown, inAndOut}},
	inRunTree:   {"Interval run: value", []place{everywhere, notTyping, upAndDown, inAndOut}},
}

// context tells where the keyboard is now.
func (a *App) context() place {
	switch {
	case len(a.dialogs) > 0:
		return inDialog
	case a.nobody():
		return inNobody
	case a.filtering:
		return inFilter
	}
	if a.waiting() {
		return inEmpty
	}
	switch a.state.Focus {
	case model.Servers:
		return inServers
	case model.Methods:
		return inMethods
	case model.Streams:
		return inStreams
	case model.Open:
		return inOpen
	default:
	}
	return a.workContext()
}

// waiting reports whether the keyboard is where only the keys of a bus without apps are
// of use: those that its page names. Rows of our own have theirs.
func (a *App) waiting() bool {
	if !a.deserted() {
		return false
	}
	switch at := a.state.Focus; at {
	case model.Servers:
		return true
	case model.Methods, model.Streams, model.Open:
		return len(a.state.Lists[at].Rows()) == 0
	default:
		return !a.state.Welcome && a.face() == nil && a.state.Shown() == nil
	}
}

func (a *App) workContext() place {
	if f := a.face(); f != nil {
		return f.place(a)
	}
	t := a.state.Shown()
	if t == nil {
		return inCard
	}
	switch t.Part {
	case model.InForm:
		if t.Form.Mode() == model.JSONMode && t.Focus == model.StopJSON {
			return inJSON
		}
		return inForm
	case model.InResult:
		if t.Results.Compared != nil {
			return inCompare
		}
		return inResult
	case model.InRows:
		return inRows
	case model.InEvent:
		return inEvent
	}
	return inCard
}

// nobody reports whether there is no bus to show: it was never live.
func (a *App) nobody() bool {
	c := a.state.Conn
	return !c.Ever && (c.State != bus.Connecting || c.Attempt > 1 || a.state.Now.Sub(c.Since) > slowConnect)
}

// deserted reports whether the bus answers and nobody but us is on it.
func (a *App) deserted() bool {
	if a.state.Conn.State != bus.Live {
		return false
	}
	for _, s := range a.state.Dir.Servers() {
		if !s.Mine {
			return false
		}
	}
	return true
}
