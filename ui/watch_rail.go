package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// railWatches draws the watches at the foot of the rail, where there is room for
// all of them.
func (a *App) railWatches(above int) []screen.Line {
	all := a.state.WatchList().All()
	w := a.lay.rail.w
	gap := 0
	if a.lay.h >= 36 {
		gap = 1
	}
	if len(all) == 0 || len(a.lay.sections) < 2 || above+gap+1+len(all) > a.lay.rail.h {
		return nil
	}
	lines := make([]screen.Line, gap, gap+1+len(all))
	y := a.lay.rail.y + above + gap
	a.click(rect{a.lay.rail.x, y, w, 1 + len(all)}, model.Workspace, func(a *App) { a.state.Go(model.Watches) })
	lines = append(lines, title(w, a.digit("go.watches"), screen.L(plain, screen.T("Watches")), screen.L(plain, clean(model.Number(len(all)))), false))
	for _, watch := range all {
		line := screen.Line{}.Pad(2)
		end, _ := a.state.WatchEnd(watch)
		if end != "" || watch.News || watch.Holds || watch.Paused {
			line = screen.Line{}.Pad(1).Plus(a.watchSign(watch))
		}
		style := num
		if !watch.Numeric {
			style = plain
		}
		state := screen.L(style, clean(watchValue(watch)).Cut(max(w/3, 6)))
		if watch.Holds && watch.Condition.Silence() > 0 {
			state = screen.L(warn, clean("silent "+model.Awaited(watch.Silent(a.state.Now))))
		}
		switch {
		case end != "":
			state = state.As(muted).Pad(1).Add(warn, clean(end).Cut(7)).To(state.Width() + 8)
		case w >= roomy:
			state = state.Pad(1).Add(num, watchSpark(a, watch, 7))
		}
		state = state.Pad(1)
		line = line.Pad(1).Fg(watchName(watch).CutMiddle(w - line.Width() - state.Width() - 2))
		lines = append(lines, line.To(w-state.Width()).Plus(state))
	}
	return lines
}

// judgeWatch asks a watch's expression, beside the screen.
func (a *App) judgeWatch(e model.JudgeWatch) tea.Cmd {
	inbox := a.inbox
	return func() tea.Msg {
		inbox.Put(JudgeWatch(e))
		return nil
	}
}

// ring sounds the terminal's bell.
func (a *App) ring() tea.Cmd {
	out := a.opts.Bell
	if out == nil {
		return nil
	}
	return func() tea.Msg {
		_, _ = out.Write([]byte{'\a'})
		return nil
	}
}
