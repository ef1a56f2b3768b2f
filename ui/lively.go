package ui

import (
	"time"

	"ioscope/model"
	"ioscope/ui/screen"
)

// What of the rail tells that something is going on.

func (a *App) trafficSpark(t *model.Traffic, alive bool) screen.Line {
	const cells = 5
	counts := t.Last(cells, a.state.Now)
	for _, c := range counts {
		if c > 0 && alive {
			all := sparkCells(counts, 8)
			line := screen.Line{}
			for _, cell := range all[:cells-1] {
				line = line.Add(num, cell)
			}
			return line.Add(a.lively(counts[cells-1] > 0), all[cells-1])
		}
	}
	return screen.Line{}.Pad(cells)
}

// lively is the style of a measure in the rail: brighter where its thing was just
// active. That it was, its number or its height says too.
func (a *App) lively(active bool) screen.Style {
	if active && !a.opts.Still {
		return bold
	}
	return num
}

// justNow is how long after it happened something counts as what just happened.
const justNow = time.Second

func (a *App) just(at time.Time) bool {
	return !at.IsZero() && a.state.Now.Sub(at) <= justNow
}
