package ui

import (
	"reflect"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// Keeper remembers what outlives the program. Its methods may be called from any
// goroutine.
type Keeper interface {
	// KeepTheme remembers the theme that was chosen.
	KeepTheme(name string) error
	// KeepBus remembers a bus by its name or its address, Bus tells what was kept of
	// it. What others kept since Bus was asked, or KeepBus, stays where k does not
	// change it.
	KeepBus(bus string, k Kept) error
	Bus(bus string) (Kept, bool)
}

// Kept is what is kept of a bus.
type Kept struct {
	Memory model.Memory `json:"memory"`
	Layout shape        `json:"layout"`
}

// Onto puts what a run of the program changed onto what others kept meanwhile; base is
// what it had when it was kept last, or began with.
func (k Kept) Onto(base, theirs Kept) Kept {
	return Kept{k.Memory.Onto(base.Memory, theirs.Memory), k.Layout.onto(base.Layout, theirs.Layout)}
}

func (s shape) onto(base, theirs shape) shape {
	return shape{
		Rail:   model.MergeValue(base.Rail, s.Rail, theirs.Rail),
		Side:   model.MergeValue(base.Side, s.Side, theirs.Side),
		Hidden: model.MergeValue(base.Hidden, s.Hidden, theirs.Hidden),
	}
}

// KeepOrder lets what is kept of a bus beside the screen overtake nothing that was kept
// later. Its zero value is ready.
type KeepOrder struct {
	mu        sync.Mutex
	next, did int
}

// Keep returns what keeps it, unless something newer was kept by then.
func (o *KeepOrder) Keep(to Keeper, bus string, k Kept) func() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.next++
	n := o.next
	return func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		if n < o.did {
			return nil
		}
		o.did = n
		return to.KeepBus(bus, k)
	}
}

// keepTheme has the theme remembered.
func (a *App) keepTheme(name string) tea.Cmd {
	k := a.opts.Keeper
	if k == nil {
		return nil
	}
	return func() tea.Msg {
		if err := k.KeepTheme(name); err != nil {
			return sayMsg("the theme is not kept: " + err.Error())
		}
		return nil
	}
}

// key is what a desk is remembered by.
func (d *desk) key() string {
	if _, ok := d.replay(); ok {
		return "replay of " + d.state.Name // not of the bus that is at its address else
	}
	if name := d.choice(); name != "" {
		return name
	}
	return d.state.URL
}

// recall goes back to what was kept of the bus that the desk is at.
func (a *App) recall(d *desk) {
	d.keptAs = d.key()
	if a.opts.Keeper == nil {
		return
	}
	if k, ok := a.opts.Keeper.Bus(d.keptAs); ok {
		m := k.Memory
		if _, film := d.replay(); film {
			m.Bus = nil // another replay is no time away
		}
		d.state.Recall(m)
		d.shape = k.Layout
		d.kept = k
	}
}

// KeepEvery is how often it is looked whether there is something to keep.
const KeepEvery = 5 * time.Second

// keep has the desks remembered that are not as they were when they were kept last.
func (a *App) keep() tea.Cmd {
	k := a.opts.Keeper
	if k == nil || a.state.Now.Sub(a.keptAt) < KeepEvery {
		return nil
	}
	a.keptAt = a.state.Now
	var cmds []tea.Cmd
	for _, d := range a.desks {
		now, changed := d.changed()
		if !changed {
			continue
		}
		write := d.order.Keep(k, d.key(), now)
		cmds = append(cmds, func() tea.Msg {
			if err := write(); err != nil {
				return sayMsg("the screen's state is not kept: " + err.Error())
			}
			return nil
		})
	}
	return tea.Batch(cmds...)
}

// seenStep is how old the time may get that says when a bus answered last.
const seenStep = time.Minute

// Differs reports whether there is something to keep that was not kept with old: more
// than a little time that passed.
func (k Kept) Differs(old Kept) bool {
	if k.Memory.Seen.IsZero() {
		return false
	}
	late := k.Memory.Seen.Sub(old.Memory.Seen) >= seenStep
	old.Memory.Seen = k.Memory.Seen
	return late || !reflect.DeepEqual(k, old)
}

// changed is what is to be kept of a desk now, and whether it is not kept yet.
func (d *desk) changed() (Kept, bool) {
	now := Kept{d.state.Memory(), d.shape}
	if now.Memory.Seen.IsZero() {
		now.Memory.Seen = d.kept.Memory.Seen
	}
	if !now.Differs(d.kept) {
		return now, false
	}
	d.kept = now
	return now, true
}

// Keep has everything remembered at once; it is for the end.
func (a *App) Keep() error {
	k := a.opts.Keeper
	if k == nil {
		return nil
	}
	for _, d := range a.desks {
		if now, changed := d.changed(); changed {
			if err := d.order.Keep(k, d.key(), now)(); err != nil {
				return err
			}
		}
	}
	return nil
}
