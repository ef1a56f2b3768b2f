package plain

import (
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// A script goes in order: a line waits for what the ones before asked, as far as its
// command needs that. Who types sees what goes on, and is not held up.

// need is what must be over before a line of a script is done.
type need uint8

const (
	// needCalls: calls are answered or given up.
	needCalls need = 1 << iota
	// needSubscriptions: subscriptions are accepted, rejected or given up.
	needSubscriptions
	// needOffers: offers are known to the bus, and answers have gone out.
	needOffers
	// needConnection: the connection that was asked for is there, or can't be had.
	needConnection
	// needViews: what was asked of kept events was told.
	needViews
	// needRequest: the request whose number stands behind the command has come. What
	// has no number behind it needs all.
	needRequest
	// needOver: all, where the command is about all that is over, else nothing.
	needOver
	// needInner: what the command needs that stands behind the name of a bus.
	needInner

	// needNothing is for what ends, answers or moves on what goes on.
	needNothing need = 0
	// needAll is for what tells or asks.
	needAll = needCalls | needSubscriptions | needOffers | needConnection | needViews
)

// seeking is a connection that was asked for.
type seeking struct {
	// until bounds the waiting; zero for nothing. moves is true until the bus is another
	// one: what is heard before is of the old one.
	until time.Time
	moves bool
}

// underway is what was asked on a desk and is not over.
func (d *desk) underway(now time.Time) need {
	n := needNothing
	for _, t := range d.state.Things {
		switch {
		case t.Phase != model.Asking:
		case t.Stream():
			n |= needSubscriptions
		default:
			n |= needCalls
		}
	}
	// A bus that says nothing to an offer is no reason to wait for ever.
	if d.state.Conn.State == bus.Live && now.Before(d.servedAt.Add(patience)) {
		for _, o := range d.state.Serving().Offerings {
			if o.Standing == model.Registering || len(answered(o)) > 0 {
				n |= needOffers
			}
		}
	}
	if now.Before(d.withdrawn) {
		n |= needOffers
	}
	if now.Before(d.seeking.until) {
		n |= needConnection
	}
	if d.lens != nil {
		n |= needViews
	}
	for _, id := range d.order {
		if d.talks[id].stream.jq {
			n |= needViews
		}
	}
	return n
}

// gaveUp is when something of the desk is next no longer waited for; zero for never.
func (d *desk) gaveUp(now time.Time) time.Time {
	var first time.Time
	for _, at := range []time.Time{d.withdrawn, d.seeking.until, d.servedAt.Add(patience)} {
		if at.After(now) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// answered are the requests whose answer is on its way.
func answered(o *model.Offering) []*model.Incoming {
	var out []*model.Incoming
	for _, in := range o.Waiting {
		if !in.Awaits() {
			out = append(out, in)
		}
	}
	return out
}

// awaited reports whether somebody waits for an answer of ours. What goes on may wait
// for it, too, so nothing is held up for that.
func (x *explorer) awaited() bool {
	for _, d := range x.desks {
		for _, o := range d.state.Serving().Offerings {
			if len(answered(o)) < len(o.Waiting) {
				return true
			}
		}
	}
	return false
}

// waits reports whether no command is to be done now.
func (x *explorer) waits() bool {
	return !x.ready || x.toWait() || x.errands > 0
}

// toWait reports whether commands wait because they were told to.
func (x *explorer) toWait() bool { return !x.wait.IsZero() || x.idle }

// lines is where the next command comes from; nil while none is wanted. A person is
// always heard: to stop, and to quit.
func (x *explorer) lines() <-chan string {
	if x.ended || !x.o.Console.Typed() && (len(x.held) > 0 || x.waits()) {
		return nil
	}
	return x.o.Console.Lines()
}

// take does what was read, or holds it.
func (x *explorer) take(line string) {
	if x.waits() && !x.passes(line) || x.holds(line) {
		x.held = append(x.held, line)
		return
	}
	x.do(line)
}

// passes reports whether a person's line is done although commands wait.
func (x *explorer) passes(line string) bool {
	c, _, err := readCommand(line)
	switch {
	case x.login != "" || err != nil:
		return x.login != ""
	case c.name == "quit": // a script's is done in its turn
		return true
	case x.toWait():
		return c.name == "stop"
	}
	return c.needs == needNothing && c.name != "wait"
}

// release does the lines that were held once nothing holds them any more.
func (x *explorer) release() {
	for len(x.held) > 0 && !x.over && !x.waits() && !x.holds(x.held[0]) {
		line := x.held[0]
		x.held = x.held[1:]
		x.do(line)
		x.tell()
	}
}

// holds reports whether a line of a script has to wait for what the ones before asked.
func (x *explorer) holds(line string) bool {
	if x.o.Console.Typed() || x.login != "" || x.sure != nil && isReply(line) {
		return false
	}
	switch rest, dotted := dottedCommand(line); {
	case x.form != nil && !dotted:
		return false
	case x.form != nil && dotted:
		if _, _, ok := ofForm(rest); ok {
			return false
		}
		line = rest
	case x.job != nil && !strings.HasPrefix(line, "."):
		return !x.job.wants // a run that works and asks nothing takes no line
	case x.job != nil:
		line = strings.TrimPrefix(line, ".")
	}
	return x.lacks(x.sits, line)
}

// lacks reports whether something that a command needs is not over on a desk.
func (x *explorer) lacks(d *desk, line string) bool {
	c, words, err := readCommand(line)
	needs := c.needs
	if err != nil {
		needs = needAll // what is wrong is said in its turn
	}
	now := x.o.Now()
	switch {
	case needs&needInner != 0:
		name, inner := onBus(line)
		if there := x.opened(name); there != nil {
			return x.lacks(there, inner)
		}
		return false
	case needs&needRequest != 0 && len(words) > 0:
		if n, err := strconv.Atoi(strings.TrimPrefix(words[0], "#")); err == nil {
			return d.requestOf(n) == nil && d.underway(now)&needAll != 0
		}
		needs = needAll
	case needs&needOver != 0 && len(words) > 0 && words[0] == "over":
		needs = needAll
	}
	lacks := d.underway(now) & needs
	if x.awaited() {
		lacks &^= needCalls | needSubscriptions
	}
	return lacks != 0
}

// seeks notes that a connection was asked for.
func (x *explorer) seeks(e model.Effect) {
	live := x.state.Conn.State == bus.Live
	s := seeking{until: x.o.Now().Add(patience)}
	switch e.(type) {
	case model.Connect:
		s.moves = true
	case model.StartDemo:
		s.moves = !live
	case model.Retry:
		if live {
			return
		}
	}
	x.seeking = s
}

// found notes how the connection is that was asked for.
func (x *explorer) found() {
	if !x.seeking.moves {
		x.seeking = seeking{}
	}
}

// withdraw takes an offer back. A script goes on once the bus has agreed, and had a moment
// to say so to all.
func (x *explorer) withdraw(back func() error) {
	if back == nil {
		return
	}
	d := x.desk
	x.servedAt = x.o.Now()
	d.withdrawn = x.servedAt.Add(patience)
	x.aside(func() func() {
		err := back()
		return func() {
			d.withdrawn = x.o.Now().Add(gathering)
			if err != nil {
				x.complain(err)
			}
		}
	})
}

// startDemo starts the demo apps. Where they come to the bus that is there, they have a
// moment to be heard of.
func (x *explorer) startDemo(start func() error) {
	x.aside(func() func() {
		err := start()
		return func() {
			switch {
			case err != nil:
				x.seeking = seeking{}
				x.complain(err)
			case !x.seeking.moves && !x.seeking.until.IsZero():
				x.seeking.until = x.o.Now().Add(gathering)
			}
		}
	})
}
