package gateway

import (
	"fmt"
	"slices"
	"sync"

	"ioscope/client/internal/wire"
)

// router decides what follows from a message. It handles one at a time; whoever
// calls it holds the gateway's mutex. What it sends goes to the queues of the
// links, so it never waits.
type router struct {
	tables
	keys   keyring
	limits limits
	count  counters
	text   []byte // the whole of the message in hand
}

func newRouter(node string, keys keyring) *router {
	return &router{tables: newTables(node), keys: keys}
}

// domainList is what welcome offers. Contexts of version 2 make clients send
// deltas as commands.
var domainList = wire.Raw(`[{"uri":"agm","description":"","version":1},` +
	`{"uri":"activity","description":"","version":2},` +
	`{"uri":"global","description":"","version":1},{"uri":"bus","description":"","version":1},` +
	`{"uri":"context","description":"","version":2},{"uri":"metrics","description":"","version":1}]`)

// isGlobal reports whether a message belongs to the global domain, as those do
// that name none.
func isGlobal(f *wire.Frame) bool { return f.RawDomain == nil || f.Domain == wire.Global }

// route handles every message but hello and ping.
func (r *router) route(l *link, f *wire.Frame) {
	if isGlobal(f) {
		f.Domain = wire.Global
	}
	var handle func(*request)
	switch f.Domain {
	case wire.Global:
		handle = r.global
	case wire.AGM:
		handle = r.agm
	case wire.Context:
		handle = r.context
	case wire.Bus:
		handle = r.bus
	case wire.Metrics:
		handle = r.metrics
	case wire.Activity:
		handle = func(q *request) { r.activity(q, r.text) }
	default:
		r.noDomain(l, f)
		return
	}
	q := &request{Frame: f, link: l}
	q.peer = named(r.peers, f.PeerID)
	if q.peer != nil && q.peer.link != l {
		q.peer = nil
		q.fail(globalFailure, fmt.Sprintf("The original source of peer %s doesnt match the current source", text(f.PeerID)))
		return
	}
	handle(q)
}

func (r *router) noDomain(l *link, f *wire.Frame) {
	answer := wire.Frame{
		RawDomain: f.RawDomain, Type: wire.Error,
		RequestID: wire.OrNull(f.RequestID), PeerID: wire.OrNull(f.PeerID),
		ReasonURI: wire.Quote(globalFailure),
		Reason:    wire.Quote("Unable to find domain for message of domain " + text(f.RawDomain)),
	}
	l.send(&answer, express)
}

// request is a message with where it came from and who sent it. peer is nil if
// the message names nobody that is on the bus.
type request struct {
	*wire.Frame
	link *link
	peer *peer
}

// answer sends a reply of the domain that handled the request.
func (q *request) answer(domain string, reply *wire.Frame) {
	reply.Domain = domain
	reply.RequestID = wire.OrNull(q.RequestID)
	reply.PeerID = wire.OrNull(q.PeerID)
	q.link.send(reply, express)
}

func (q *request) success(domain string) { q.answer(domain, &wire.Frame{Type: wire.Success}) }

// fail answers with an error of the request's own domain.
func (q *request) fail(uri, reason string) { q.failIn(q.Domain, uri, reason) }

func (q *request) failIn(domain, uri, reason string) {
	q.answer(domain, &wire.Frame{Type: wire.Error, ReasonURI: wire.Quote(uri), Reason: wire.Quote(reason)})
}

// unhandled answers a type that the domain does not know.
func (q *request) unhandled() {
	if q.RequestID == nil {
		q.RequestID = wire.Raw("-1")
	}
	q.fail(q.Domain+".errors.unhandled_message", fmt.Sprintf("Unhandled message %q", q.Type))
}

// nobody answers a request without a known peer.
func (q *request) nobody() {
	uri := q.Domain + ".errors.failure"
	if wire.IsNull(q.PeerID) {
		q.fail(uri, "Peer id is missing")
		return
	}
	q.fail(uri, "Unable to find peer with id "+text(q.PeerID))
}

// named finds what an id of ours names in a table; nothing if it is no string.
func named[T any](table map[string]T, id wire.Raw) (found T) {
	if name, ok := wire.TextBytes(id); ok {
		found = table[string(name)]
	}
	return found
}

// text is how an id reads in an error's reason.
func text(raw wire.Raw) string {
	if s, ok := wire.Text(raw); ok {
		return s
	}
	if wire.IsNull(raw) {
		return ""
	}
	return string(raw)
}

// send delivers a frame to a peer.
func (p *peer) send(f *wire.Frame) {
	f.PeerID = p.raw
	p.link.send(f, express)
}

// send writes a frame into the outbox.
func (l *link) send(f *wire.Frame, p postage) {
	draft := newDraft()
	defer draft.done()
	draft.text = f.Append(draft.text)
	l.enqueue(draft.text, nil, p)
}

// draft is room to write a message in until it is in an outbox.
type draft struct{ text []byte }

var drafts = sync.Pool{New: func() any { return new(draft) }}

// maxDraft is the longest draft that is kept for the next message.
const maxDraft = 64 << 10

func newDraft() *draft { return drafts.Get().(*draft) }

func (d *draft) done() {
	if cap(d.text) > maxDraft {
		return
	}
	d.text = d.text[:0]
	drafts.Put(d)
}

// visible reports whether two peers that joined the same domain with these
// restrictions see each other. It is symmetric.
func visible(a, b *peer, ofA, ofB *expression) bool {
	if a.user != b.user && !a.service && !b.service {
		return false
	}
	return ofA.holds(a.fields, b.fields) && ofB.holds(b.fields, a.fields)
}

// metrics are accepted and dropped: clients send them whether or not anybody
// collects them.
func (r *router) metrics(q *request) {
	switch {
	case q.Type != wire.Define && q.Type != wire.Publish:
		q.unhandled()
	case q.peer == nil:
		q.nobody()
	}
}

// closed takes the peers of a link off the bus, the last first.
func (r *router) closed(l *link) {
	for _, p := range slices.Backward(slices.Clone(l.peers)) {
		r.dismiss(p)
	}
}

// dismiss ends everything a peer had, domain by domain.
func (r *router) dismiss(p *peer) {
	if p.agm != nil {
		r.endMember(p.agm, goneReason, true)
	}
	if p.activity != nil {
		r.exit(p.activity, ending{wire.Raw(`"activity.peer-removed"`), goneReason.reason})
	}
	if p.bus != nil {
		r.removeRider(p.bus)
	}
	r.endContexts(p)
	r.removePeer(p)
}
