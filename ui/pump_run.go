package ui

import "ioscope/model"

// pendingLines is how many lines of a run's log may wait for the screen. What comes
// on top is dropped and counted; what else is heard of a run never is.
const pendingLines = 10_000

// crowd counts the lines of the logs that wait, and those that were dropped, by run.
type crowd struct{ waiting, dropped map[string]int }

// takes reports whether there is room for one more line.
func (c *crowd) takes(ref string) bool {
	if c.waiting == nil {
		c.waiting, c.dropped = map[string]int{}, map[string]int{}
	}
	if c.waiting[ref] >= pendingLines {
		c.dropped[ref]++
		return false
	}
	c.waiting[ref]++
	return true
}

// tell adds what was dropped, and begins to count anew.
func (c *crowd) tell(batch []model.Input) []model.Input {
	for ref, n := range c.dropped {
		batch = append(batch, model.RunLogLost{Ref: ref, Count: n})
	}
	clear(c.waiting)
	clear(c.dropped)
	return batch
}
