package cli

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"ioscope/client/bus"
)

// eventPrinter prints the events of one subscription. It belongs to one goroutine.
type eventPrinter struct {
	out     *bufio.Writer
	remarks io.Writer
	asJSON  bool
	// count is after how many events to end; 0 for never.
	count int
	names *names

	printed int
	dropped int64
	lost    bool
}

// print prints one event. It is true when that was the last one. What goes to
// stderr comes after the lines that came before it.
func (p *eventPrinter) print(e bus.Event) (end bool, err error) {
	if data, ok := e.(bus.StreamData); ok {
		return p.data(data)
	}
	if err := p.flush(); err != nil {
		return true, err
	}
	switch e := e.(type) {
	case bus.StreamAccepted:
		p.names.know(e.Server)
		p.accepted(e)
	case bus.StreamLost:
		p.lost = true
		note(p.remarks, "connection lost; the stream is asked for again when it is back")
	case bus.StreamClosed:
		return true, p.closed(e)
	}
	return false, nil
}

func (p *eventPrinter) accepted(e bus.StreamAccepted) {
	if e.Restored {
		note(p.remarks, "live again, accepted by %s; what was sent meanwhile is gone", e.Server.Name())
		return
	}
	note(p.remarks, "accepted by %s", e.Server.Name())
}

func (p *eventPrinter) data(e bus.StreamData) (end bool, err error) {
	line := p.forPeople
	if p.asJSON {
		line = p.json
	}
	if _, err := p.out.Write(line(e)); err != nil {
		return true, err
	}
	p.printed++
	return p.printed == p.count, nil
}

func (p *eventPrinter) forPeople(e bus.StreamData) []byte {
	mark := "●"
	if e.Private {
		mark = "○"
	}
	return fmt.Appendf(nil, "%s %s %s  %s\n", e.At.Format("15:04:05.000"), mark,
		clean(p.names.of(e.Server).Name()), clean(string(oneLine(e.Data))))
}

func (p *eventPrinter) json(e bus.StreamData) []byte {
	o := &object{}
	o.set("time", e.At.Format(time.RFC3339Nano))
	serverRef(o, p.names.of(e.Server))
	o.set("private", e.Private).set("snapshot", e.Snapshot)
	return o.raw("sequence", []byte(e.Sequence)).raw("data", e.Data).line()
}

// closed tells why there is no more. That is a good end unless more was asked for.
func (p *eventPrinter) closed(e bus.StreamClosed) error {
	if e.Mine {
		return nil
	}
	why := "the stream was closed"
	if name := e.Server.Name(); name != "" {
		why = name + " closed this"
	}
	if e.Reason != "" {
		why += ": " + e.Reason
	}
	if p.count > 0 {
		return fmt.Errorf("%s, after %d of %s", why, p.printed, plural(p.count, "event"))
	}
	note(p.remarks, "%s", why)
	return nil
}

// catchUp is for when nothing waits: it flushes, and owns up to what was lost
// because stdout could not take it in time.
func (p *eventPrinter) catchUp(dropped int64) error {
	if n := dropped - p.dropped; n > 0 {
		note(p.remarks, "%d dropped here: stdout was too slow", n)
		p.dropped = dropped
	}
	return p.flush()
}

func (p *eventPrinter) flush() error { return p.out.Flush() }

// names knows servers by their peer id, those too that have left.
type names struct {
	servers func() []bus.Instance
	known   map[bus.PeerID]bus.Instance
}

func (n *names) know(s bus.Instance) { n.known[s.PeerID] = s }

func (n *names) of(peer bus.PeerID) bus.Instance {
	if s, ok := n.known[peer]; ok {
		return s
	}
	for _, s := range n.servers() {
		n.know(s)
	}
	if _, ok := n.known[peer]; !ok {
		n.know(bus.Instance{PeerID: peer})
	}
	return n.known[peer]
}
