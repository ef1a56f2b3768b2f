package gateway

import (
	"bytes"

	"ioscope/client/internal/wire"
)

// aim finds the callee and the method of a call or subscribe and checks, in the
// protocol's order, that the caller may. It answers the request itself and
// returns nil where not.
func (r *router) aim(q *request, caller *member) (*member, *method) {
	callee := r.callee(q)
	if callee == nil || !q.joined() {
		return nil, nil
	}
	if caller != callee && !sees(caller, callee) {
		q.fail(invokeFailure, "Unable to invoke methods across different users")
		return nil, nil
	}
	def := keyed(callee.byID, q.MethodID)
	if def == nil || !callee.knows(caller, def) {
		q.fail(invokeFailure, "Unable to find method with id "+text(q.MethodID)+
			" on server id "+callee.id+" registered with this peer")
		return nil, nil
	}
	if filled(q.Arguments) && filled(q.ArgumentsKV) {
		q.fail(invokeFailure, "Cant use positional and by-name arguments at the same time")
		return nil, nil
	}
	return callee, def
}

func (r *router) callee(q *request) *member {
	if wire.IsNull(q.ServerID) {
		q.fail(agmFailure, "Peer id is missing")
		return nil
	}
	if p := named(r.peers, q.ServerID); p != nil && p.agm != nil {
		return p.agm
	}
	q.fail(agmFailure, "Unable to find peer with id "+text(q.ServerID)+missingInDomain)
	return nil
}

// filled reports whether arguments hold anything.
func filled(raw wire.Raw) bool {
	if wire.IsNull(raw) {
		return false
	}
	return len(bytes.Trim(raw, "[]{}\" \t\r\n")) > 0
}

func (r *router) call(q *request, caller *member) {
	callee, def := r.aim(q, caller)
	if callee == nil || !r.roomForCall(q) {
		return
	}
	r.count.calls++
	c := r.addCall(q.peer, callee, wire.OrNull(q.RequestID))
	callee.send(&wire.Frame{
		Domain: wire.AGM, Type: wire.Invoke,
		InvocationID: wire.Quote(c.id), MethodID: def.id, CallerID: q.peer.raw,
		Arguments: wire.OrNull(q.Arguments), ArgumentsKV: wire.OrNull(q.ArgumentsKV), Context: wire.OrNull(q.Context),
	})
}

// take removes the call that an answer names, if it is the sender's to answer.
func (r *router) take(m *member, id wire.Raw) *invocation {
	c := named(m.answering, id)
	if c != nil {
		r.removeCall(c)
	}
	return c
}

// yield passes a result on. One that nobody waits for, or no more, is nothing.
func (r *router) yield(q *request, m *member) {
	c := r.take(m, q.InvocationID)
	if c == nil || c.caller == nil {
		return
	}
	c.caller.send(&wire.Frame{
		Domain: wire.AGM, Type: wire.Result, RequestID: c.request, Result: wire.OrNull(q.Result),
	})
}

// calleeError is the answer to an invocation or to an interest: the request id
// names one or the other.
func (r *router) calleeError(q *request, m *member) {
	if c := r.take(m, q.RequestID); c != nil {
		if c.caller != nil {
			c.caller.send(passError(q, c.request))
		}
		return
	}
	r.rejectInterest(q, m)
}

// passError is a peer's error as the one who asked gets it.
func passError(q *request, request wire.Raw) *wire.Frame {
	f := &wire.Frame{
		Domain: wire.AGM, Type: wire.Error, RequestID: request,
		ReasonURI: wire.OrNull(q.ReasonURI), Reason: wire.OrNull(q.Reason),
	}
	if !wire.IsNull(q.Context) && string(q.Context) != "false" {
		f.Context = q.Context
	}
	return f
}
