package plain

import (
	"slices"

	"ioscope/model"
)

// closeOver puts all calls and subscriptions away that are over. Calls that made room
// for later ones are told of no more.
func (x *explorer) closeOver() error {
	over := func(id model.ThingID) bool { return x.talks[id].thing.Phase == model.Ended }
	n := len(x.order)
	x.now()
	open := len(x.state.Over())
	x.run(x.state.CloseOver())
	x.state.Notice = model.Notice{}
	for _, id := range x.order {
		if over(id) {
			defer delete(x.talks, id)
		}
	}
	x.order = slices.DeleteFunc(x.order, over)
	switch n -= len(x.order); {
	case n == 0:
		return problemf("", "nothing is over: all that is open goes on")
	case open == 0:
		x.sayf("close: put away %d that were over", n)
	default:
		x.sayf("close: put away %d that were over; for 5 minutes reopen brings back what was open", n)
	}
	return nil
}
