package plain

import (
	"cmp"
	"reflect"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// remembered is what is kept of a desk from one run to the next, under the key keptAs.
type remembered struct {
	kept   ui.Kept
	keptAs string
	keptAt time.Time
	// toCome is how many watches are to come back, offersTold is true once it was told
	// which offers are not offered.
	toCome     int
	offersTold bool
	// things is true where subscriptions of the last time come back, too.
	things bool
}

// playing reports whether the bus is a replay.
func (d *desk) playing() bool {
	r, ok := d.bus.(ui.Replayer)
	if !ok {
		return false
	}
	_, playing := r.Replay()
	return playing
}

// lastingKey is what the bus of a desk is remembered by: as the screen does.
func (d *desk) lastingKey() string {
	if d.playing() {
		return "replay of " + d.state.Name
	}
	return cmp.Or(d.named(), d.state.URL)
}

// remember goes back to what was kept of the bus. Watches come back as they were, offers
// are only shown. Subscriptions come back held, and only to a person: a script begins
// with nothing open, so that it says the same each time.
func (x *explorer) remember() {
	x.remembered = remembered{keptAs: x.lastingKey(), keptAt: x.state.Now, things: x.o.Console.Typed()}
	if x.o.Keeper == nil {
		return
	}
	k, ok := x.o.Keeper.Bus(x.keptAs)
	if !ok {
		return
	}
	x.kept, x.toCome = k, len(k.Memory.Watches)
	m := k.Memory
	if x.playing() {
		m.Bus = nil // another replay is no time away
	}
	m.Lists, m.Rail, m.Shown = nil, model.Workspace, -1 // lines have lists without cursors
	if !x.things {
		m.Things = nil
	}
	x.state.Recall(m)
}

// memory is what is to be kept of the desk now: what the screen alone knows of stays.
func (d *desk) memory() ui.Kept {
	now, m := d.kept, d.state.Memory()
	now.Memory.Watches, now.Memory.Offers, now.Memory.Bus = m.Watches, m.Offers, m.Bus
	if !m.Seen.IsZero() {
		now.Memory.Seen = m.Seen
	}
	if d.things && !reflect.DeepEqual(m.Things, now.Memory.Things) {
		now.Memory.Things, now.Memory.Shown = m.Things, -1
	}
	return now
}

// unkept is what is to be kept of a desk, and whether it is not kept yet.
func (d *desk) unkept() (ui.Kept, bool) {
	now := d.memory()
	if !now.Differs(d.kept) {
		return now, false
	}
	d.kept = now
	return now, true
}

// keep has the desk remembered where something changed.
func (x *explorer) keep() {
	k := x.o.Keeper
	if k == nil || x.state.Now.Sub(x.keptAt) < ui.KeepEvery {
		return
	}
	x.keptAt = x.state.Now
	now, changed := x.unkept()
	if !changed {
		return
	}
	write := x.writes.Keep(k, x.keptAs, now)
	x.aside(func() func() {
		err := write()
		return func() {
			if err != nil {
				x.complain(problemf("", "not kept for the next time: %v", err))
			}
		}
	})
}

// keepAll has all remembered at the end.
func (x *explorer) keepAll() {
	for _, d := range x.desks {
		if x.o.Keeper == nil {
			return
		}
		if now, changed := d.unkept(); changed {
			if err := d.writes.Keep(x.o.Keeper, d.keptAs, now)(); err != nil {
				x.complain(problemf("", "not kept for the next time: %v", err))
			}
		}
	}
}

// tellBack tells what came back of the last time.
func (x *explorer) tellBack() {
	if x.state.Conn.State != bus.Live {
		return
	}
	if !x.offersTold {
		x.offersTold = true
		var names []string
		for _, o := range x.state.Serving().Offerings {
			if o.Kept {
				names = append(names, o.Def.Name)
			}
		}
		if len(names) > 0 {
			x.sayf("offers: %s of last time, not offered: %s. register NAME offers one again, register kept all", model.Count(len(names), "offer"), strings.Join(names[:min(len(names), namesTold)], ", "))
		}
	}
	if x.toCome > 0 && len(x.state.WatchList().All()) >= x.toCome {
		words := "watches: 1 of last time is back; watches lists it"
		if x.toCome > 1 {
			words = "watches: " + model.Number(x.toCome) + " of last time are back; watches lists them"
		}
		x.toCome = 0
		x.say(words)
	}
}
