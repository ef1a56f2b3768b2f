package client

import (
	"encoding/json"
	"time"

	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// dispatch acts on one message. Only the reading goroutine calls it.
func (s *session) dispatch(f wire.Frame) {
	switch f.Type {
	case wire.Success, wire.Error, wire.Result, wire.Welcome, wire.AuthRequest, wire.Token,
		wire.ContextCreated, wire.SubscribedContext:
		s.settle(f)
		return
	// Contexts live in the domain global, or in one of their own (gw3 13.1).
	case wire.ContextAdded:
		s.contextAdded(f)
		return
	case wire.ContextUpdated:
		s.contextUpdated(f)
		return
	case wire.ContextDestroyed:
		s.contextDestroyed(f)
		return
	}
	if f.Domain != wire.AGM {
		return
	}
	switch f.Type {
	case wire.Event: // spelled in a way that PeekEvent leaves to Peek
		s.event(&wire.Delivery{
			SubscriptionID: f.SubscriptionID, OOB: f.OOB, Sequence: f.Sequence, Snapshot: f.Snapshot, Data: f.Data,
		})
	case wire.Subscribed:
		s.settle(f)
	case wire.Cancelled:
		s.cancelled(f)
	case wire.Invoke:
		s.invoked(f)
	case wire.AddInterest:
		s.interest(f)
	case wire.RemoveInterest:
		s.disinterest(f)
	case wire.PeerAdded:
		s.peerAdded(f)
	case wire.PeerRemoved:
		s.peerRemoved(f)
	case wire.MethodsAdded:
		s.methodsAdded(f)
	case wire.MethodsRemoved:
		s.methodsRemoved(f)
	default:
		s.c.log.Debug("message of an unknown type", "type", f.Type)
	}
}

func (s *session) peerAdded(f wire.Frame) {
	id, ok := wire.Text(f.NewPeerID)
	if !ok {
		s.c.log.Warn("peer without an id was announced")
		return
	}
	server := bus.ParseInstance(bus.PeerID(id), f.Identity, isLocal(f.Meta))
	c := s.c
	c.mu.Lock()
	fresh := c.dir.add(server, false)
	if fresh {
		c.listeners.serverAdded.tell(server)
		c.notify()
	}
	c.mu.Unlock()
	if fresh {
		c.emit(bus.ServerAdded{At: time.Now(), Server: server})
	}
}

// isLocal is true where the gateway does not say, as with official clients.
func isLocal(meta wire.Raw) bool {
	local := true
	wire.Members(meta, func(key string, value wire.Raw) {
		if key == "local" {
			local = string(value) != "false"
		}
	})
	return local
}

func (s *session) peerRemoved(f wire.Frame) {
	id, _ := wire.Text(f.RemovedID)
	peer := bus.PeerID(id)
	why := &bus.Error{URI: "agm.peer-removed", Reason: "Peer has been removed"}
	if text := words(f.Reason); text != "" {
		why.Reason = text
	}
	s.abandon(peer, nil, why)
	c := s.c
	c.mu.Lock()
	gone, known := c.dir.remove(peer)
	if known {
		c.listeners.serverWent(gone, words(f.Reason))
		c.notify()
	}
	c.mu.Unlock()
	if !known {
		c.log.Debug("unknown peer was removed", "peer", id)
		return
	}
	now := time.Now()
	if len(gone.methods) > 0 {
		c.emit(bus.MethodsRemoved{At: now, Peer: peer, Methods: gone.methods})
	}
	c.emit(bus.ServerRemoved{At: now, Server: gone.instance, Reason: words(f.Reason)})
}

func (s *session) methodsAdded(f wire.Frame) {
	id, _ := wire.Text(f.ServerID)
	peer := bus.PeerID(id)
	var methods []bus.MethodDefinition
	for _, raw := range elements(f.Methods) {
		if m, ok := parseDefinition(raw); ok {
			methods = append(methods, m)
		} else {
			s.c.log.Warn("method without an id was announced", "server", id)
		}
	}
	c := s.c
	c.mu.Lock()
	added, replaced, known := c.dir.register(peer, methods)
	if len(added) > 0 {
		server := c.dir.byPeer[peer]
		c.listeners.methodsWent(server.instance, server.mine, replaced)
		c.listeners.methodsCame(server.instance, server.mine, added)
		c.notify()
	}
	c.mu.Unlock()
	now := time.Now()
	if !known {
		c.log.Warn("methods of an unknown server were announced", "server", id)
	}
	if len(replaced) > 0 {
		c.emit(bus.MethodsRemoved{At: now, Peer: peer, Methods: replaced})
	}
	if len(added) > 0 {
		c.emit(bus.MethodsAdded{At: now, Peer: peer, Methods: added})
	}
}

func (s *session) methodsRemoved(f wire.Frame) {
	id, _ := wire.Text(f.ServerID)
	peer := bus.PeerID(id)
	var ids []bus.MethodID
	for _, raw := range elements(f.Methods) {
		ids = append(ids, methodID(raw))
	}
	c := s.c
	c.mu.Lock()
	gone := c.dir.unregister(peer, ids)
	if len(gone) > 0 {
		server := c.dir.byPeer[peer]
		c.listeners.methodsWent(server.instance, server.mine, gone)
		c.notify()
	}
	c.mu.Unlock()
	if len(gone) == 0 {
		return
	}
	s.abandon(peer, gone, &bus.Error{URI: "agm.method-removed", Reason: "Method has been removed"})
	c.emit(bus.MethodsRemoved{At: time.Now(), Peer: peer, Methods: gone})
}

// elements are those of a JSON array; anything else has none.
func elements(raw wire.Raw) []wire.Raw {
	var out []wire.Raw
	_ = json.Unmarshal(raw, &out)
	return out
}
