package ui

import (
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Replayer is a [Bus] that may be a recording that is played.
type Replayer interface {
	// Replay tells how far it is; false where the bus is none. It is asked for each
	// frame.
	Replay() (Replay, bool)
	// Play does something to it. It may wait.
	Play(do ReplayDeed) error
	// Seek goes to a position. It may wait.
	Seek(to time.Duration) error
}

// Replay tells how far a replay has come.
type Replay struct {
	// At is the time in the recording, Position how far that is from its beginning,
	// and Length how long it is.
	At               time.Time
	Position, Length time.Duration
	Speed            float64
	Paused, Over     bool
}

// ReplayDeed is what can be done to a replay.
type ReplayDeed int

// The deeds.
const (
	ReplayPause ReplayDeed = iota
	ReplayFaster
	ReplaySlower
	ReplayRestart
)

// Span is the recording, with the position in it.
func (r Replay) Span() model.Span {
	return model.Span{Begin: r.At.Add(-r.Position).Local(), Length: r.Length, Position: r.Position}
}

// replay is the replay that the bus of this desk is.
func (d *desk) replay() (Replay, bool) {
	if r, ok := d.asker.bus.(Replayer); ok {
		return r.Replay()
	}
	return Replay{}, false
}

func noReplay(a *App) string {
	if _, ok := a.replay(); !ok {
		return "this bus is no recording; ioscope --replay FILE plays one"
	}
	return ""
}

func noSpeed(do ReplayDeed) func(*App) string {
	return func(a *App) string {
		r, ok := a.replay()
		const fastest, slowest = 64, 1.0 / 16
		switch {
		case !ok:
			return noReplay(a)
		case do == ReplayFaster && r.Speed >= fastest:
			return "faster than " + speedWords(r.Speed) + " it does not go"
		case do == ReplaySlower && r.Speed <= slowest:
			return "slower than " + speedWords(r.Speed) + " it does not go"
		}
		return ""
	}
}

// playReplay does something to the replay, and says what.
func playReplay(do ReplayDeed) func(*App) tea.Cmd {
	return func(a *App) tea.Cmd {
		r, ok := a.asker.bus.(Replayer)
		if !ok {
			return nil
		}
		return func() tea.Msg {
			if err := r.Play(do); err != nil {
				return sayMsg("replay: " + err.Error())
			}
			now, _ := r.Replay()
			return sayMsg(now.words(do))
		}
	}
}

func (r Replay) words(do ReplayDeed) string {
	switch {
	case do == ReplayRestart:
		return "replay from the beginning"
	case do == ReplayPause && r.Paused:
		return "replay paused at " + r.At.Local().Format("15:04:05") + "; calls are answered all the same"
	case do == ReplayPause:
		return "replay goes on"
	}
	return "replay " + speedWords(r.Speed)
}

func speedWords(speed float64) string { return "×" + strconv.FormatFloat(speed, 'g', -1, 64) }

// replayMark stands where the connection else is told of: the time that the recording
// shows, which is not the time of now, and how far it is. What the reel tells goes first.
func (a *App) replayMark(r Replay, step int) screen.Line {
	const least = 5
	l := screen.L(warn, screen.T("▲ replay"))
	if step == least && r.Paused {
		l = screen.L(warn, screen.T("▲"))
	}
	switch {
	case r.Over:
		return l.Add(warn, screen.T(" over")).Pad(1).Fg(clean(model.Elapsed(r.Length)))
	case r.Paused:
		l = l.Pad(1).Add(warn, screen.T("‖"))
		if step < 3 {
			l = l.Add(warn, screen.T(" paused"))
		}
	}
	if step < least {
		l = l.Pad(1).Fg(clean(recordedClock(r.At, a.state.Now, step < 4))).Pad(1)
	}
	l = l.Pad(1).Fg(clean(model.Elapsed(r.Position)))
	if step < 2 || step < 4 && !a.lay.reel {
		l = l.Muted(screen.T(" of ")).Fg(clean(model.Elapsed(r.Length)))
	}
	if step == least {
		return l
	}
	return l.Pad(2).Fg(clean(speedWords(r.Speed)))
}

// recordedClock is a time in a recording: the clock, and the day where it is another
// one and there is room.
func recordedClock(at, now time.Time, day bool) string {
	at, now = at.Local(), now.Local()
	const clock = "15:04:05"
	y, m, d := at.Date()
	switch ny, nm, nd := now.Date(); {
	case !day || y == ny && m == nm && d == nd:
		return at.Format(clock)
	case y == ny:
		return at.Format("2 Jan " + clock)
	}
	return at.Format("2 Jan 2006 " + clock)
}

// replayBindings are the actions on a replay. Those that are seldom wanted have no key.
func replayBindings() []binding {
	calm := []place{notTyping}
	return []binding{
		{id: "replay.pause", keys: []string{"P"}, in: calm, does: "replay: pause, go on", why: noReplay, do: playReplay(ReplayPause)},
		{id: "replay.faster", in: calm, does: "replay: twice as fast", why: noSpeed(ReplayFaster), do: playReplay(ReplayFaster)},
		{id: "replay.slower", in: calm, does: "replay: half as fast", why: noSpeed(ReplaySlower), do: playReplay(ReplaySlower)},
		{id: "replay.seek", keys: []string{"@"}, in: calm, does: "replay: go to a moment", why: noReplay, do: do((*App).openSeek)},
		{id: "replay.back", keys: []string{"("}, in: calm, does: "replay: ten seconds back", why: atStart, do: stepReplay(-stride)},
		{id: "replay.ahead", keys: []string{")"}, in: calm, does: "replay: ten seconds ahead", why: atEnd, do: stepReplay(stride)},
		{id: "replay.restart", in: calm, does: "replay: from the beginning", why: noReplay, do: playReplay(ReplayRestart)},
	}
}
