package plain

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// Joined is a bus that was gone to, with what runs actions there.
type Joined struct {
	ui.Joined
	// Commands runs them; nil where those of the first bus do.
	Commands Commands
}

// Buses are buses that can be gone to while others go on. Its methods may be called from
// any goroutine.
type Buses interface {
	// List lists those that have names.
	List() []ui.BusChoice
	// Join goes to one of them, or to the bus inside this program; JoinAt goes to the
	// bus at an address.
	Join(name string) (Joined, error)
	JoinAt(address string) (Joined, error)
}

// desk is one bus, with all that is known and was done there. The lines tell of the one
// where the person is; of the others they tell what asks for a person, with the name of
// the bus before it, and count the rest.
type desk struct {
	// choice is the name by which the bus was gone to, when it was at url; empty where
	// it was gone to by its address.
	choice, url string
	bus         ui.Bus
	inbox       *ui.Inbox
	commands    Commands
	state       *model.State
	asker       *ui.Asker
	// ready is true once the bus was heard of; commands wait for it.
	ready bool
	// lens is told at lensDue; nil when none was asked for.
	lens    *model.Lens
	lensDue time.Time
	// judging are the streams whose expression is being asked, rung is what was told of
	// the watches that rang.
	judging map[model.ThingID]bool
	rung    map[int]ring
	// seeking is the connection that was asked for, servedAt is when something was last
	// asked of the bus about our offers, withdrawn until when one that is taken back may
	// still be known.
	seeking             seeking
	servedAt, withdrawn time.Time
	// marked is true once a moment was marked by hand.
	marked bool
	// busy is true while something of the streams was put off.
	busy bool

	talks map[model.ThingID]*talk
	order []model.ThingID
	last  model.ThingID // the latest call that was asked
	news  news
	serve serveNews

	remembered
	writes ui.KeepOrder
}

func (x *explorer) newDesk(choice string, j Joined) *desk {
	d := &desk{
		choice: choice, url: j.Start.URL, bus: j.Bus, inbox: j.Inbox, commands: j.Commands,
		state: model.New(j.Start, x.o.Now()), asker: ui.NewAsker(j.Bus, j.Inbox),
		judging: map[model.ThingID]bool{}, rung: map[int]ring{}, talks: map[model.ThingID]*talk{},
	}
	x.desks = append(x.desks, d)
	return d
}

// heard is what a desk has heard.
type heard struct {
	desk  *desk
	batch []model.Input
}

// attend passes on what a desk hears, until ctx ends.
func (x *explorer) attend(ctx context.Context, d *desk) {
	to := x.batches
	go func() {
		for {
			batch, ok := d.inbox.Next()
			if !ok {
				return
			}
			select {
			case to <- heard{d, batch}:
			case <-ctx.Done():
				return
			}
		}
	}()
}

// within does something on a desk, whether the person is there or not.
func (x *explorer) within(d *desk, do func()) {
	was := x.desk
	x.desk = d
	do()
	x.desk = was
}

// away reports whether what is told now is of a desk that the person left.
func (x *explorer) away() bool { return x.desk != x.sits }

// named is the name by which one can go to the desk; empty where none leads there.
func (d *desk) named() string {
	switch {
	case d.state.Demo:
		return ui.DemoChoice
	case d.state.URL == d.url:
		return d.choice
	}
	return ""
}

// called is what a desk is called in the lines: each by another name.
func (x *explorer) called(d *desk) string {
	name := cmp.Or(d.named(), d.state.Name)
	for _, o := range x.desks {
		if o != d && strings.EqualFold(cmp.Or(o.named(), o.state.Name), name) {
			if u, err := url.Parse(d.state.URL); err == nil && u.Host != "" {
				return u.Host
			}
		}
	}
	return name
}

// open finds a bus that was gone to, by what it is called, its name or its address.
func (x *explorer) opened(where string) *desk {
	for _, d := range x.desks {
		if strings.EqualFold(x.called(d), where) || d.state.URL == where {
			return d
		}
	}
	for _, d := range x.desks {
		if strings.EqualFold(d.named(), where) || strings.EqualFold(d.state.Name, where) {
			return d
		}
	}
	return nil
}

// connect goes to another bus. What was left goes on.
func (x *explorer) connect(words []string) error {
	if len(words) != 1 {
		return problemf("connect ws://127.0.0.1:8385/gw3 is an example; buses lists those that have names", "one address or name is wanted")
	}
	where := words[0]
	if d := x.opened(where); d != nil {
		if d == x.sits {
			return problemf("buses lists the others", "you are on %s", x.called(d))
		}
		x.sit(d)
		return nil
	}
	names := x.busNames()
	for _, name := range names {
		if strings.EqualFold(name, where) {
			x.join(name, func() (Joined, error) { return x.o.Buses.Join(name) })
			return nil
		}
	}
	if !strings.HasPrefix(where, "ws://") && !strings.HasPrefix(where, "wss://") {
		return problemf(near(where, names, "an address looks like ws://127.0.0.1:8385/gw3"), "no address of a gateway and no name of a bus: %q", where)
	}
	if x.o.Buses == nil || !x.state.Conn.Ever { // nobody answered here: the address was wrong
		x.run([]model.Effect{model.Connect{URL: where}})
		return nil
	}
	x.join("", func() (Joined, error) { return x.o.Buses.JoinAt(where) })
	return nil
}

// busNames are the names of the buses that can be gone to.
func (x *explorer) busNames() []string {
	if x.o.Buses == nil {
		return nil
	}
	var names []string
	for _, b := range x.o.Buses.List() {
		names = append(names, b.Name)
	}
	return append(names, ui.DemoChoice)
}

// join goes to a bus where the person was not yet.
func (x *explorer) join(name string, join func() (Joined, error)) {
	x.beside(func() func() {
		j, err := join()
		return func() {
			if err != nil {
				x.complain(err)
				return
			}
			d := x.newDesk(name, j)
			x.attend(x.ctx, d)
			x.sit(d)
			x.within(d, func() {
				if j.Start.Note != "" {
					x.say("bus: " + j.Start.Note)
				}
				x.remember()
				x.recall()
			})
		}
	})
}

// sit goes to a desk. What streams told here is told to its end, then they are counted.
func (x *explorer) sit(d *desk) {
	x.within(x.sits, func() {
		for _, id := range x.order {
			if k := x.talks[id]; isStream(k.thing) {
				x.spendBreath(k)
				k.stream.left = k.thing.Tail.Counts().Total
			}
		}
	})
	x.sits = d
	x.within(d, func() {
		x.now()
		line := "bus: now " + x.called(d) + ", " + x.state.URL
		if d.ready {
			line += ", " + x.connWords()
		}
		x.say(line)
		for _, id := range x.order {
			x.meanwhile(x.talks[id])
		}
		x.learnNames()
	})
}

// meanwhile counts what came of a stream while the person was on another bus.
func (x *explorer) meanwhile(k *talk) {
	t := k.thing
	if !isStream(t) || !t.Tail.Following() {
		return
	}
	k.stream.spoken = t.Tail.Cursor()
	if n := t.Tail.Counts().Total - k.stream.left; n > 0 {
		x.sayf("%s: %s came meanwhile; show %d events tells the last", k.name(), model.Count(n, "event"), t.ID)
	}
}

// on does a command on another bus, without going there.
func (x *explorer) on(_ []string) error {
	name, line := onBus(x.typed)
	if name == "" || line == "" {
		return problemf("on prod open is an example; buses lists them", "which command, on which bus?")
	}
	d := x.opened(name)
	if d == nil {
		var names []string
		for _, d := range x.desks {
			names = append(names, x.called(d))
		}
		return problemf(near(name, names, "connect goes to a bus, buses lists them"), "you were not on %q yet", name)
	}
	x.within(d, func() {
		x.now()
		x.command(line)
	})
	return nil
}

// onBus takes a command apart that is for another bus.
func onBus(typed string) (name, command string) {
	_, rest, _ := strings.Cut(strings.TrimSpace(typed), " ")
	return firstWord(rest)
}

// connWords tell how it is with the connection.
func (x *explorer) connWords() string {
	c := x.state.Conn
	words := c.State.String()
	if !c.Since.IsZero() {
		words += " for " + model.Elapsed(x.state.Now.Sub(c.Since))
	}
	return words
}

// buses lists the buses where one is, and those that have names.
func (x *explorer) buses(words []string) error {
	told := map[string]bool{}
	for _, d := range x.desks {
		name := x.called(d)
		told[strings.ToLower(cmp.Or(d.named(), name))] = true
		x.within(d, func() {
			x.now()
			line := name + ": " + x.state.URL
			if x.state.User != "" {
				line += ", user " + x.state.User
			}
			line += ", " + x.connWords()
			if d == x.sits {
				line += ", you are here"
			}
			x.print(line + x.goesOn())
		})
	}
	named := x.o.Buses != nil
	if named {
		for _, b := range x.o.Buses.List() {
			if told[strings.ToLower(b.Name)] {
				continue
			}
			line := b.Name + ": " + b.URL
			if b.User != "" {
				line += ", user " + b.User
			}
			if !b.Seen.IsZero() {
				line += ", answered " + model.When(b.Seen, x.state.Now)
			}
			x.say(line)
		}
		if !told[ui.DemoChoice] {
			x.say("demo: the bus inside this program, not started")
		}
		x.say("buses: connect NAME goes to one, and what you leave goes on; on NAME COMMAND does a command there")
		return nothing(words)
	}
	x.say("buses: connect ADDRESS goes to any")
	return nothing(words)
}

// goesOn counts what goes on at a desk.
func (x *explorer) goesOn() string {
	subs, calls, offers, waiting := 0, 0, 0, 0
	for _, id := range x.order {
		switch t := x.talks[id].thing; {
		case t.Live() && t.Stream():
			subs++
		case t.Live():
			calls++
		}
	}
	for _, o := range x.state.Serving().Offerings {
		if o.Standing == model.Offered {
			offers++
		}
		waiting += len(o.Waiting)
	}
	line := ""
	for _, n := range []struct {
		n    int
		word string
	}{{subs, "subscription"}, {calls, "call"}, {len(x.state.WatchList().All()), "watch"}, {offers, "offer"}, {waiting, "request"}} {
		switch {
		case n.n == 1 || n.n > 0 && n.word != "watch":
			line += ", " + model.Count(n.n, n.word)
		case n.n > 0:
			line += ", " + model.Number(n.n) + " watches"
		}
	}
	if x.state.Conn.State != bus.Live && line != "" {
		line += ", as it was"
	}
	return line
}
