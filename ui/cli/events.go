package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
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
	where *where
	names *names

	line    []byte // what is printed next; its memory is used again
	printed int
	dropped int64
	lost    bool
}

// print prints one event. It is true when that was the last one. What goes to
// stderr comes after the lines that came before it.
func (p *eventPrinter) print(ctx context.Context, e bus.Event) (end bool, err error) {
	if data, ok := e.(bus.StreamData); ok {
		return p.data(ctx, data)
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
	case bus.StreamLeft:
		note(p.remarks, "%s ended its part%s; the others go on", e.Server.Name(), colon(e.Why()))
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

func (p *eventPrinter) data(ctx context.Context, e bus.StreamData) (end bool, err error) {
	server := p.names.of(e.Server)
	fits, err := p.where.fits(ctx, e, server.Instance)
	if err != nil {
		note(p.remarks, "--where: %v; events like this are left out", err)
	}
	if !fits {
		return false, nil
	}
	if p.asJSON {
		p.line = appendEvent(p.line[:0], e, server)
	} else {
		p.line = fmt.Appendf(p.line[:0], "%s %s %s  %s\n", e.At.Format("15:04:05.000"), mark(e),
			clean(server.Name()), clean(string(oneLine(e.Data))))
	}
	if _, err := p.out.Write(p.line); err != nil {
		return true, err
	}
	p.printed++
	return p.printed == p.count, nil
}

// mark tells what was sent to this subscriber alone from what all get.
func mark(e bus.StreamData) string {
	if e.Private {
		return "○"
	}
	return "●"
}

// appendEvent appends an event as a line of JSON. There may be many thousand a
// second, so nothing is made anew that can be kept.
func appendEvent(b []byte, e bus.StreamData, server name) []byte {
	b = append(b, `{"time":"`...)
	b = e.At.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `",`...)
	b = append(b, server.members...)
	b = append(b, `,"private":`...)
	b = strconv.AppendBool(b, e.Private)
	b = append(b, `,"snapshot":`...)
	b = strconv.AppendBool(b, e.Snapshot)
	b = append(b, `,"sequence":`...)
	b = append(b, oneLine([]byte(e.Sequence))...)
	b = append(b, `,"data":`...)
	b = append(b, oneLine(e.Data)...)
	return append(b, "}\n"...)
}

// colon puts a reason behind what it is the reason of.
func colon(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
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
	why += colon(e.Why())
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

// finish is the last that is printed.
func (p *eventPrinter) finish() error {
	if n := p.where.count(); n > 1 {
		note(p.remarks, "%s left out in all because --where failed at them", plural(n, "event"))
	}
	return p.flush()
}

func (p *eventPrinter) flush() error { return p.out.Flush() }

// names knows servers by their peer id, those too that have left.
type names struct {
	servers func() []bus.Instance
	known   map[bus.PeerID]name
}

func newNames(servers func() []bus.Instance) *names {
	return &names{servers, map[bus.PeerID]name{}}
}

// name is a server as an event names it.
type name struct {
	bus.Instance
	// members are those of serverRef, as JSON without braces.
	members []byte
}

func (n *names) know(s bus.Instance) {
	ref := serverRef(&object{}, s).bytes()
	n.known[s.PeerID] = name{s, ref[1 : len(ref)-1]}
}

func (n *names) of(peer bus.PeerID) name {
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
