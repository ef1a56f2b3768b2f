package plain

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// What is told of what comes and goes on the bus.
const (
	// gathering is how long changes are gathered before they are told, so that an
	// application that joins is told in one line.
	gathering = 250 * time.Millisecond
	// newsPause is the least time between two tellings, newsLines how many lines
	// each may have.
	newsPause = time.Second
	newsLines = 6
)

// known is what was last told of an application.
type known struct {
	gone   bool
	visits int
	offers map[model.RowID]bool
}

// news knows what has been told of the bus.
type news struct {
	servers map[model.RowID]known
	version int
	// own tells of what is ours that the completion knows.
	own string
	// due is when the changes that wait are told; zero when none do.
	due, told time.Time
	// tries counts the losses since the bus was last live.
	tries int
}

// moved begins anew on another bus.
func (x *explorer) moved() {
	x.serve, x.sure = serveNews{}, nil
	x.seeking = seeking{until: x.o.Now().Add(patience)}
	x.remember()
	x.news.servers, x.news.due, x.news.tries = nil, time.Time{}, 0
	x.sayf("bus: now %s, %s", x.state.Name, x.state.URL)
}

// connection tells of our own connection.
func (x *explorer) connection(e bus.ConnChanged, before model.Connection) {
	switch e.State {
	case bus.Live, bus.Lost, bus.Refused:
		x.found()
	case bus.Connecting, bus.Closed:
	}
	switch e.State {
	case bus.Live:
		x.ready, x.news.tries = true, 0
		if before.Ever {
			x.say("bus: " + inPlainWords(x.state.Notice.Text))
			return
		}
		x.news.servers = x.census()
		x.sayf("bus: %s, %s, live", x.state.Name, x.state.URL)
		servers, methods, streams := x.state.Dir.Counts()
		x.sayf("servers: %d, methods: %d, streams: %d", servers, methods, streams)
	case bus.Lost:
		x.ready = true
		x.news.tries++
		if n := x.news.tries; n&(n-1) != 0 {
			return // told at the first, second, fourth ... try
		}
		next := ""
		if !e.RetryAt.IsZero() {
			next = ", next try in " + model.Countdown(e.RetryAt.Sub(e.At))
		}
		if before.State == bus.Live {
			x.say("bus: connection lost" + next)
			return
		}
		x.say("bus: " + why(e.Err) + next)
		if x.news.tries == 1 {
			x.say("hint: connect ADDRESS goes to another bus, demo starts one to try")
		}
	case bus.Refused:
		x.ready = true
		x.say("bus: " + why(e.Err))
		x.say("hint: login USER tries again as somebody else")
	case bus.Connecting, bus.Closed:
	}
}

// why says why there is no connection.
func why(err error) string {
	var c *model.ConnError
	switch {
	case errors.As(err, &c):
		return c.Sentence + ": " + c.Cause
	case err != nil:
		return err.Error()
	}
	return "not connected"
}

// census is what there is to know of every application.
func (x *explorer) census() map[model.RowID]known {
	out := map[model.RowID]known{}
	for _, s := range x.state.Dir.Servers() {
		out[s.ID] = known{gone: s.Gone(), visits: s.Visits, offers: map[model.RowID]bool{}}
	}
	for _, m := range x.state.Dir.Methods() {
		for _, o := range m.Offers {
			if k, ok := out[o.Server.ID]; ok {
				k.offers[m.ID] = true
			}
		}
	}
	return out
}

// tellNews tells who came and went, and what is offered since.
func (x *explorer) tellNews() {
	n := &x.news
	if x.away() {
		return // who comes and goes there is told on return
	}
	if own := x.ownNames(); own != n.own {
		n.own = own
		x.learnNames()
	}
	if _, past := x.state.Past(); past {
		return // who comes and goes is told when now is shown again
	}
	if v := x.state.Dir.Version(); v != n.version {
		n.version = v
		x.learnNames()
		if n.servers != nil && n.due.IsZero() {
			n.due = later(x.state.Now.Add(gathering), n.told.Add(newsPause))
		}
	}
	if n.due.IsZero() || x.state.Now.Before(n.due) {
		return
	}
	n.due = time.Time{}
	if x.state.Conn.State != bus.Live {
		return // what is kept is as it was; who left is known when we are back
	}
	n.told = x.state.Now
	now := x.census()
	var lines []string
	for _, s := range x.state.Dir.Servers() {
		if s.Mine {
			continue // what you offer is told where it is offered
		}
		lines = append(lines, x.changes(s, n.servers[s.ID], now[s.ID])...)
	}
	n.servers = now
	for i, line := range lines {
		if i < newsLines {
			x.say(line)
		}
	}
	if more := len(lines) - newsLines; more > 0 {
		x.sayf("bus: and %s; feed tells them", model.Count(more, "more change"))
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// changes tells what is new of one application.
func (x *explorer) changes(s *model.Server, was, is known) []string {
	name := s.Instance.Name()
	there := was.visits > 0 && !was.gone
	switch {
	case is.gone && !there && was.visits == is.visits:
		return nil
	case is.gone && !there:
		return []string{name + ": joined, and left again"}
	case is.gone:
		return []string{name + ": " + leaving(s)}
	case there && was.visits < is.visits:
		return []string{name + ": left, and is back, offers " + offering(s)}
	case was.visits > 0 && was.gone:
		return []string{name + ": back, offers " + offering(s)}
	case !there:
		return []string{name + ": joined, offers " + offering(s)}
	}
	var lines []string
	lines = append(lines, x.offers(name, "offers", is.offers, was.offers)...)
	return append(lines, x.offers(name, "no longer offers", was.offers, is.offers)...)
}

// leaving says how an application went.
func leaving(s *model.Server) string {
	if s.LeftWhy == "" {
		return "left, said goodbye"
	}
	if strings.HasPrefix(s.LeftWhy, "left") {
		return s.LeftWhy
	}
	return "left, " + s.LeftWhy
}

// offering counts what an application offers.
func offering(s *model.Server) string {
	if s.Methods == 0 && s.Streams == 0 {
		return "nothing"
	}
	var parts []string
	if s.Methods > 0 {
		parts = append(parts, model.Count(s.Methods, "method"))
	}
	if s.Streams > 0 {
		parts = append(parts, model.Count(s.Streams, "stream"))
	}
	return strings.Join(parts, " and ")
}

// offers names what the first set has and the second has not.
func (x *explorer) offers(name, verb string, a, b map[model.RowID]bool) []string {
	const most = 3
	var list []string
	for id := range a {
		if m := x.state.Dir.Method(id); m != nil && !b[id] {
			list = append(list, kind(m)+" "+m.Def.Name)
		}
	}
	slices.Sort(list)
	if len(list) > most {
		return []string{fmt.Sprintf("%s: %s %d more methods and streams", name, verb, len(list))}
	}
	for i, s := range list {
		list[i] = name + ": " + verb + " the " + s
	}
	return list
}

func kind(m *model.Method) string {
	if m.Streaming() {
		return "stream"
	}
	return "method"
}
