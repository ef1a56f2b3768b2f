package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// stride is how far the keys go that step through a recording.
const stride = 10 * time.Second

func atStart(a *App) string {
	if r, ok := a.replay(); ok && r.Position == 0 {
		return "the replay is at its beginning"
	}
	return noReplay(a)
}

func atEnd(a *App) string {
	if r, ok := a.replay(); ok && r.Over {
		return "the replay is at its end"
	}
	return noReplay(a)
}

// stepReplay goes so far from the position, or from where it goes just now.
func stepReplay(d time.Duration) func(*App) tea.Cmd {
	return func(a *App) tea.Cmd {
		r, ok := a.replay()
		if !ok {
			return nil
		}
		from := r.Position
		if a.seeking.on {
			from = a.seeking.to
		}
		return a.seek(min(max(from+d, 0), r.Length))
	}
}

// seeking is a replay on its way. Who asks for another moment meanwhile gets there
// after it, and to the last one alone: a key that is held goes as far as it should.
type seeking struct {
	on, again bool
	to        time.Duration
}

// seek goes to a position in the recording, and says so.
func (a *App) seek(to time.Duration) tea.Cmd {
	r, ok := a.asker.bus.(Replayer)
	if !ok {
		return nil
	}
	d := a.desk
	d.seeking.to = to
	if d.seeking.on {
		d.seeking.again = true
		return nil
	}
	d.seeking.on = true
	return d.seekNow(r)
}

func (d *desk) seekNow(r Replayer) tea.Cmd {
	to := d.seeking.to
	return func() tea.Msg {
		err := r.Seek(to)
		return doMsg(func(*App) tea.Cmd {
			if d.seeking.again {
				d.seeking.again = false
				return d.seekNow(r)
			}
			d.seeking.on = false
			if err != nil {
				d.state.Say("replay: " + err.Error())
			} else if now, ok := r.Replay(); ok {
				d.state.Say(now.Reached(to))
			}
			return nil
		})
	}
}

// Reached says where the replay went.
func (r Replay) Reached(to time.Duration) string {
	words := "replay at " + model.Elapsed(to) + " of " + model.Elapsed(r.Length) + ", recorded at " + r.Span().Begin.Add(to).Format("15:04:05")
	if r.Paused && !r.Over {
		words += ", paused"
	}
	return words
}

// seekDialog asks for a moment of the recording.
type seekDialog struct{}

func (a *App) openSeek() {
	r, _ := a.replay()
	a.suggest(model.Elapsed(r.Position))
	a.openDialog(&seekDialog{})
}

func (d *seekDialog) width() int { return 76 }

// at is the moment that is typed.
func (d *seekDialog) at(a *App) (time.Duration, error) {
	r, _ := a.replay()
	return r.Span().Moment(a.line.Value())
}

func (d *seekDialog) draw(a *App, w, _ int) (string, []screen.Line, string) {
	r, _ := a.replay()
	lines := []screen.Line{{}, a.inputText(w).Fit(w).On(screen.Sel)}
	at, err := d.at(a)
	if err != nil {
		// It is drawn where the replay is.
		lines = append(lines, screen.L(bad, clean("✗ "+err.Error())).Fit(w))
		at = r.Position
	} else {
		lines = append(lines, screen.L(muted, screen.T("recorded at ")).Fg(clean(r.Span().Begin.Add(at).Format("15:04:05"))))
	}
	lines = append(lines, screen.Line{}, reel(r.Length, at, w), screen.Line{},
		screen.L(muted, screen.T("2m30s, 02:30, 50%, +30s and -1m from here, end, or the time of day")).Fit(w))
	return "Go to a moment of the recording", lines, "enter goes there   ↑↓ ten seconds   esc stays"
}

func (d *seekDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	at, err := d.at(a)
	switch key := msg.String(); {
	case key == "enter" && err == nil:
		a.closeDialog()
		return a.seek(at)
	case key == "enter":
	case key == "up", key == "down":
		r, _ := a.replay()
		if err != nil {
			at = r.Position
		}
		if key == "up" {
			at -= stride
		} else {
			at += stride
		}
		a.suggest(model.Elapsed(min(max(at, 0), r.Length)))
	default:
		a.typeLine(msg)
	}
	return nil
}

// reel draws a position in a recording, and both their lengths, in w cells.
func reel(length, at time.Duration, w int) screen.Line {
	l, from, cells := reelStart(length, at, w)
	done := reelCell(length, at, cells)
	return l.To(from).Add(num, screen.T("━").Repeat(done)).Add(warn, screen.T("▲")).
		Add(faint, screen.T("─").Repeat(cells-1-done)).Pad(1).Muted(clean(model.Elapsed(length))).Fit(w)
}

// reelStart is what stands before the bar, where it begins, and how long it is.
func reelStart(length, at time.Duration, w int) (l screen.Line, from, cells int) {
	l = screen.Line{}.Fg(clean(model.Elapsed(at)))
	end := clean(model.Elapsed(length)).Width()
	from = max(l.Width(), end) + 1
	return l, from, max(w-from-end-1, 1)
}

// reelCell is the cell of a position.
func reelCell(length, at time.Duration, cells int) int {
	if length <= 0 {
		return 0
	}
	return min(int(float64(cells)*float64(at)/float64(length)), cells-1)
}

// reelRow stands above the footer while a recording is played.
func (a *App) reelRow(w int) screen.Line {
	r, _ := a.replay()
	return screen.Line{}.Pad(1).Plus(reel(r.Length, r.Position, w-2)).Fit(w)
}

// clickReel goes to the moment that was clicked; false where that is none.
func (a *App) clickReel(e tea.MouseEvent) (tea.Cmd, bool) {
	if !a.lay.reel || e.Y != a.lay.reelAt() || e.Action != tea.MouseActionPress {
		return nil, false
	}
	r, ok := a.replay()
	if !ok || e.Button != tea.MouseButtonLeft {
		return nil, ok
	}
	_, from, cells := reelStart(r.Length, r.Position, a.lay.w-2)
	cell := e.X - 1 - from
	if cell < 0 || cell >= cells {
		return nil, true
	}
	return a.seek(time.Duration(float64(r.Length) * float64(cell) / float64(max(cells-1, 1)))), true
}
