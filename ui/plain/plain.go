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
	// Buses are those that have names; nil where none can be gone to by name.
	Buses Buses
	// Facts are what the program tells of itself.
	Facts []ui.Fact
	// Commands runs actions and run; nil where they are not to be had.
	Commands Commands
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Buses are buses that have names. Its methods may be called from any goroutine.
type Buses interface {
	// List lists them.
	List() []ui.BusChoice
	// GoTo leaves the bus for one of them.
	GoTo(name string) error
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
	defer x.asker.Close()
	defer func() {
		if x.job != nil {
			x.job.cancel()
		}
	}()
	defer o.Console.Close()
	o.Console.Completes(x.complete)
	batches := make(chan []model.Input)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for {
			batch, ok := o.Inbox.Next()
			if !ok {
				return
			}
			select {
			case batches <- batch:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer o.Inbox.Close()
	defer close(x.gone)
	x.welcome()
	x.recall()
	for !x.over && x.err == nil {
		x.flush()
		timer := time.NewTimer(x.due().Sub(o.Now()))
		select {
		case <-ctx.Done():
			x.over = true
		case batch := <-batches:
			x.hear(batch)
		case line, ok := <-x.lines():
			x.now()
			if ok {
				x.do(line)
			} else {
				x.ended = true
				x.over = o.Console.Typed()
			}
		case then := <-x.back:
			x.now()
			then()
		case err := <-x.failed:
			x.now()
			x.complain(err)
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
	}
	for _, id := range x.order {
		x.breathe(x.talks[id])
	}
	x.flush()
	return x.err
}

// explorer is what Run works with. It belongs to one goroutine.
type explorer struct {
	o     Options
	state *model.State
	asker *ui.Asker
	out   strings.Builder
	err   error
	over  bool
	// ended is true once there is nothing more to be read.
	ended bool
	// ready is true once the bus was heard of; commands wait for it.
	ready bool
	// wait is until when commands wait because they were told to, and idle is
	// true when they go on once nothing is asked any more.
	wait time.Time
	idle bool
	// lens is told at lensDue; nil when none was asked for.
	lens    *model.Lens
	lensDue time.Time
	// login is who logs in once the password has been typed.
	login string
	// back brings what is to be done once something that went on beside is done, and
	// gone ends that. errands are those that the next command waits for.
	back    chan func()
	gone    chan struct{}
	errands int
	// judging are the streams whose expression is being asked, rung is what was told of
	// the watches that rang.
	judging map[model.ThingID]bool
	rung    map[int]ring
	// typed is the line that is being done, marked is true once a moment was marked by
	// hand.
	typed  string
	marked bool
	// busy is true while something of the streams was put off.
	busy bool
	// failed are the errors of what went on beside.
	failed chan error

	// job is the command that goes on and asks; nil for none. What it says and
	// that it is over come through the channels.
	job     *job
	jobSaid chan string
	jobOver chan error
	// jobEnded is true once it was told that nothing is typed any more.
	jobEnded bool

	talks map[model.ThingID]*talk
	order []model.ThingID
	last  model.ThingID // the latest call that was asked
	news  news
	serve serveNews
	names names
	// filterNames are the names of filters, as far as they were read.
	filterNames []string
	// sure is asked before something is done; nil for nothing.
	sure *question
}

func newExplorer(o Options) *explorer {
	return &explorer{
		o: o, state: model.New(o.Start, o.Now()), asker: ui.NewAsker(o.Bus, o.Inbox),
		back: make(chan func()), gone: make(chan struct{}), judging: map[model.ThingID]bool{}, rung: map[int]ring{},
		failed: make(chan error, 1), jobSaid: make(chan string), jobOver: make(chan error, 1), talks: map[model.ThingID]*talk{},
	}
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

// say adds a line, or several where it is long. All that is said goes through
// here, so nothing from the bus is printed unsanitized.
func (x *explorer) say(text string) {
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
	if x.out.Len() == 0 || x.err != nil {
		return
	}
	x.err = x.o.Console.Print(x.out.String())
	x.out.Reset()
}

// lines is where the next command comes from; nil while none is wanted.
func (x *explorer) lines() <-chan string {
	if !x.ready || x.ended || !x.wait.IsZero() || x.idle || x.errands > 0 {
		return nil
	}
	return x.o.Console.Lines()
}

// hear takes in what the bus told.
func (x *explorer) hear(batch []model.Input) {
	from := 0
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
	for _, in := range batch {
		x.hearServe(in)
	}
	x.tellNotice()
}

// tell says what has changed since it was last called.
func (x *explorer) tell() {
	x.run(x.state.Beat())
	x.busy = x.work()
	x.tellTalks()
	x.tellWatches()
	x.tellNews()
	x.tellBranches()
	x.tellServe()
	now := x.state.Now
	if !x.ready && now.Sub(x.state.Born) >= patience {
		x.ready = true
	}
	asking := x.asking() > 0 || x.errands > 0 || x.lens != nil || x.job != nil && x.job.name != "run"
	if x.idle && !asking {
		x.idle = false
	}
	if !x.wait.IsZero() && !now.Before(x.wait) {
		x.wait = time.Time{}
	}
	if x.ended && x.job != nil && !x.jobEnded {
		x.jobEnded = true
		_ = x.job.in.Close() // who asks has nobody to answer any more
	}
	if x.ended && !asking && x.wait.IsZero() && x.job == nil {
		x.over = true
	}
}

// asking counts the questions that wait for an answer.
func (x *explorer) asking() int {
	n := 0
	for _, t := range x.state.Things {
		if t.Phase == model.Asking {
			n++
		}
	}
	return n
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
	if x.busy {
		sooner(now)
	}
	if len(x.state.WatchList().All()) > 0 {
		sooner(x.state.Now.Truncate(time.Second).Add(time.Second))
	}
	if !x.ready {
		sooner(x.state.Born.Add(patience))
	}
	sooner(x.wait)
	sooner(x.news.due)
	sooner(x.lensDue)
	sooner(x.serveDue())
	for _, k := range x.talks {
		sooner(k.due)
	}
	if at.Before(now) {
		return now
	}
	return at
}

func clock(t time.Time) string { return t.Format("15:04:05") }
