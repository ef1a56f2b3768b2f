package plain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/screen"
)

// Options are what the plain explorer is made of.
type Options struct {
	// Bus is asked, Inbox is heard.
	Bus   ui.Bus
	Inbox *ui.Inbox
	// Start is what the explorer was started with.
	Start model.Options
	// Version is the program's.
	Version string
	// Console is read and written.
	Console Console
	// Shelf is the folder of saved calls, Histories keeps the calls, Disk takes what is
	// exported, Clipboard what is copied; nil where there is none.
	Shelf     ui.Shelf
	Histories ui.Histories
	Disk      ui.Disk
	Clipboard ui.Clipboard
	// Filters keeps filters by their names; nil where none are kept.
	Filters ui.Filters
	// Buses are those that can be gone to while this one goes on, BusName is the name
	// of this one; nil and empty where there are none.
	Buses   Buses
	BusName string
	// Keeper remembers what outlives the program; nil where nothing does.
	Keeper ui.Keeper
	// Facts are what the program tells of itself.
	Facts []ui.Fact
	// Commands runs actions and run; nil where they are not to be had.
	Commands Commands
	// Editor opens texts in the person's own; nil where it can't have the terminal.
	Editor Editor
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// patience is how long commands wait for the bus to answer for the first time.
const patience = 10 * time.Second

// Run reads commands and tells what happens, until the person quits, the input
// ends or ctx does. An error is one of writing.
func Run(ctx context.Context, o Options) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	x := newExplorer(o)
	defer func() {
		for _, d := range x.desks {
			d.asker.Close()
			d.inbox.Close()
		}
	}()
	defer func() {
		if x.job != nil {
			x.job.cancel()
		}
	}()
	defer o.Console.Close()
	o.Console.Completes(x.complete)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	x.ctx = ctx
	x.attend(ctx, x.sits)
	defer close(x.gone)
	x.welcome()
	x.remember()
	x.recall()
	for !x.over && x.err == nil {
		x.desk = x.sits
		x.flush()
		timer := time.NewTimer(x.due().Sub(o.Now()))
		select {
		case <-ctx.Done():
			x.over = true
		case h := <-x.batches:
			x.within(h.desk, func() { x.hear(h.batch) })
		case line, ok := <-x.lines():
			x.now()
			if ok {
				x.take(line)
			} else {
				x.ended = true
				x.over = o.Console.Typed()
			}
		case then := <-x.back:
			x.now()
			then()
		case f := <-x.failed:
			x.now()
			x.within(f.desk, func() { x.complain(f.err) })
		case j := <-x.jobWants:
			if j == x.job {
				j.wants = true
				x.feedJob()
			}
		case line := <-x.jobSaid:
			x.now()
			x.say(line)
		case err := <-x.jobOver:
			x.now()
			x.endJob(err)
		case <-timer.C:
			x.now()
		}
		timer.Stop()
		x.tell()
		x.release()
	}
	x.desk = x.sits
	for _, id := range x.order {
		x.breathe(x.talks[id])
	}
	x.keepAll()
	x.flush()
	return x.err
}

// explorer is what Run works with. It belongs to one goroutine.
type explorer struct {
	o Options
	// desk is what is worked at: that where the person sits, but for the moment in which
	// something of another one is done. desks are all, batches what they hear.
	*desk
	sits    *desk
	desks   []*desk
	batches chan heard
	ctx     context.Context
	out     strings.Builder
	err     error
	over    bool
	// ended is true once there is nothing more to be read.
	ended bool
	// wait is until when commands wait because they were told to, and idle is
	// true when they go on once nothing is asked any more.
	wait time.Time
	idle bool
	// login is who logs in, where, once the password has been typed.
	login   string
	loginAt *desk
	// back brings what is to be done once something that went on beside is done, and
	// gone ends that. errands are those that the next command waits for.
	back    chan func()
	gone    chan struct{}
	errands int
	// form is what is filled in line by line; nil for nothing.
	form *filling
	// draft is what was written and could not be sent, lent is true while an editor has
	// the terminal.
	draft *draft
	lent  bool
	// tour is what somebody is led through; nil for nothing.
	tour *touring
	// held are lines that wait: one of a script, for what was asked before, or what a
	// person typed meanwhile.
	held []string
	// typed is the line that is being done.
	typed string
	// fresh is true while the model does something by itself, and nobody asked for it.
	fresh bool
	// failed are the errors of what went on beside.
	failed chan failure

	// job is the command that goes on and asks; nil for none. What it says and
	// that it is over come through the channels.
	job      *job
	jobSaid  chan string
	jobOver  chan error
	jobWants chan *job

	names names
	// filterNames are the names of filters, as far as they were read.
	filterNames []string
	// sure is asked before something is done; nil for nothing.
	sure *question
}

func newExplorer(o Options) *explorer {
	x := &explorer{
		o: o, back: make(chan func()), gone: make(chan struct{}), batches: make(chan heard),
		failed: make(chan failure, 1), jobSaid: make(chan string), jobOver: make(chan error, 1), jobWants: make(chan *job),
	}
	x.sits = x.newDesk(o.BusName, Joined{Joined: ui.Joined{Bus: o.Bus, Inbox: o.Inbox, Start: o.Start}, Commands: o.Commands})
	x.desk = x.sits
	return x
}

// failure is what went wrong beside, and on which desk.
type failure struct {
	desk *desk
	err  error
}

func (x *explorer) welcome() {
	x.say(strings.TrimSpace("ioscope "+x.o.Version) + ", plain output. Type help, or a command, then enter.")
	if x.o.Start.Note != "" {
		x.say("bus: " + x.o.Start.Note)
	}
	if why := x.state.Forbids(model.ToInvoke); why != "" {
		x.say(why)
	}
}

// now tells the model the time.
func (x *explorer) now() { x.state.Tick(x.o.Now()) }

// say adds a line, or several where it is long. What is said of a bus where the person
// is not has its name before it.
func (x *explorer) say(text string) {
	if x.away() {
		text = "on " + x.called(x.desk) + ", " + strings.TrimLeft(text, " ")
	}
	x.print(text)
}

// print adds a line. All that is said goes through here, so nothing from the bus is
// printed unsanitized.
func (x *explorer) print(text string) {
	for _, line := range wrap(screen.Clean(text).String()) {
		x.out.WriteString(line + "\n")
	}
}

func (x *explorer) sayf(format string, args ...any) { x.say(fmt.Sprintf(format, args...)) }

// complain says what is wrong, and what helps.
func (x *explorer) complain(err error) {
	for i, line := range strings.Split(err.Error(), "\n") {
		if i > 0 {
			line = "  " + line
		}
		x.say("error: " + line)
	}
	if p := (*problem)(nil); errors.As(err, &p) && p.hint != "" {
		x.say("hint: " + p.hint)
	}
}

// flush prints what was said.
func (x *explorer) flush() {
	if x.out.Len() == 0 || x.err != nil || x.lent {
		return
	}
	x.err = x.o.Console.Print(x.out.String())
	x.out.Reset()
}

// hear takes in what the bus told.
func (x *explorer) hear(batch []model.Input) {
	from := 0
	x.fresh = true
	for i, in := range batch {
		switch in := in.(type) {
		case model.Heard:
			e, ok := in.Event.(bus.ConnChanged)
			if !ok {
				continue
			}
			before := x.state.Conn
			x.run(x.state.Apply(batch[from:i+1], x.o.Now()))
			x.connection(e, before)
		case model.Moved:
			x.run(x.state.Apply(batch[from:i+1], x.o.Now()))
			x.moved()
		default:
			continue
		}
		from = i + 1
	}
	x.run(x.state.Apply(batch[from:], x.o.Now()))
	x.fresh = false
	for _, in := range batch {
		x.hearServe(in)
	}
	x.tellNotice()
}

// tell says what has changed since it was last called.
func (x *explorer) tell() {
	asking := x.errands > 0 || x.job != nil && x.job.name != "run"
	for _, d := range x.desks {
		x.within(d, x.tellDesk)
		asking = asking || d.underway(x.o.Now()) != needNothing
	}
	x.desk = x.sits
	x.tellTour()
	now := x.state.Now
	if x.idle && !asking {
		x.idle = false
	}
	if !x.wait.IsZero() && !now.Before(x.wait) {
		x.wait = time.Time{}
	}
	if x.ended && x.job != nil && !x.job.ended {
		x.job.ended = true
		close(x.job.lines) // who asks has nobody to answer any more
	}
	if x.ended && x.form != nil {
		x.form = nil
		x.say("fill: given up, nothing was sent")
	}
	if x.ended && !asking && x.wait.IsZero() && x.job == nil {
		x.over = true
	}
}

// tellDesk says what has changed on a desk.
func (x *explorer) tellDesk() {
	if x.away() {
		x.now()
	}
	x.fresh = true
	x.run(x.state.Beat())
	x.fresh = false
	x.busy = x.work()
	x.tellBack()
	x.tellTalks()
	x.tellWatches()
	x.tellNews()
	x.tellBranches()
	x.tellServe()
	x.keep()
	if !x.ready && x.state.Now.Sub(x.state.Born) >= patience {
		x.ready = true
	}
}

// due is when something has to be said even if nothing is heard.
func (x *explorer) due() time.Time {
	now := x.o.Now()
	at := now.Add(time.Minute)
	sooner := func(t time.Time) {
		if !t.IsZero() && t.Before(at) {
			at = t
		}
	}
	sooner(x.wait)
	for _, d := range x.desks {
		if d.busy {
			sooner(now)
		}
		if len(d.state.WatchList().All()) > 0 {
			sooner(d.state.Now.Truncate(time.Second).Add(time.Second))
		}
		if !d.ready {
			sooner(d.state.Born.Add(patience))
		}
		if d == x.sits {
			sooner(d.news.due)
		}
		sooner(d.lensDue)
		sooner(d.gaveUp(now))
		sooner(d.serveDue())
		for _, k := range d.talks {
			sooner(k.due)
		}
	}
	if at.Before(now) {
		return now
	}
	return at
}

func clock(t time.Time) string { return t.Format("15:04:05") }
