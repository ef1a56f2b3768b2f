package client

import (
	"context"
	"fmt"

	"ioscope/client/bus"
)

// State is what the connection is doing.
func (c *Client) State() bus.ConnState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// ServersMatching lists the applications that offer a method or stream that
// fits f, where the zero filter also lets those pass that offer nothing, and
// that fit one of who, where none lets all pass. They come in the order in which
// they were announced.
func (c *Client) ServersMatching(f bus.MethodFilter, who ...bus.InstanceFilter) []bus.Instance {
	var out []bus.Instance
	c.each(who, func(s *server) {
		if isAny(f) || s.offers(f) {
			out = append(out, s.instance)
		}
	})
	return out
}

// isAny reports whether the filter asks for nothing at all.
func isAny(f bus.MethodFilter) bool {
	return f.Name == "" && f.Accepts == nil && f.Returns == nil && f.Streaming == nil &&
		f.DisplayName == "" && f.Description == "" && f.Version == 0 && len(f.ObjectTypes) == 0 && f.Flags == nil
}

func (s *server) offers(f bus.MethodFilter) bool {
	for _, m := range s.methods {
		if f.Matches(m) {
			return true
		}
	}
	return false
}

// each visits the servers that fit one of who, in order.
func (c *Client) each(who []bus.InstanceFilter, visit func(*server)) {
	c.mu.Lock()
	servers := c.dir.servers()
	c.mu.Unlock()
	// Patterns are compiled, and run, without the lock.
	everybody := bus.Target{Mode: bus.Matching, Filters: who}
	fits := make(map[bus.PeerID]bool, len(servers))
	candidates := make([]bus.Candidate, len(servers))
	for i, s := range servers {
		candidates[i].Server = s
		fits[s.PeerID] = len(who) == 0
	}
	for _, chosen := range everybody.Choose(candidates) {
		fits[chosen.Server.PeerID] = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.dir.order {
		if fits[s.instance.PeerID] {
			visit(s)
		}
	}
}

// MethodsForInstance lists what the applications that fit offer, methods and
// streams, each method once: the same name, accepts and returns are the same
// method (gw3 10.2).
func (c *Client) MethodsForInstance(who bus.InstanceFilter) []bus.MethodDefinition {
	var offers []bus.Candidate
	c.each([]bus.InstanceFilter{who}, func(s *server) {
		for _, m := range s.methods {
			offers = append(offers, bus.Candidate{Server: s.instance, Method: m})
		}
	})
	return distinct(offers)
}

// distinct are the methods without those that were there before.
func distinct(offers []bus.Candidate) []bus.MethodDefinition {
	seen := make(map[bus.MethodKey]bool, len(offers))
	var out []bus.MethodDefinition
	for _, o := range offers {
		if key := o.Method.Key(); !seen[key] {
			seen[key] = true
			out = append(out, o.Method)
		}
	}
	return out
}

// MethodsOf lists what one instance offers, streams too, in the order in which
// it was announced; nothing when it is gone.
func (c *Client) MethodsOf(peer bus.PeerID) []bus.MethodDefinition {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.dir.byPeer[peer]; s != nil {
		return append([]bus.MethodDefinition(nil), s.methods...)
	}
	return nil
}

// StreamsOf lists the streams among MethodsOf.
func (c *Client) StreamsOf(peer bus.PeerID) []bus.MethodDefinition {
	var out []bus.MethodDefinition
	for _, m := range c.MethodsOf(peer) {
		if m.Streaming {
			out = append(out, m)
		}
	}
	return out
}

// ServersOf lists the applications that offer this method: one of the same
// name, accepts and returns.
func (c *Client) ServersOf(m bus.MethodDefinition) []bus.Instance {
	key := m.Key()
	var out []bus.Instance
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.dir.order {
		for _, o := range s.methods {
			if o.Key() == key {
				out = append(out, s.instance)
				break
			}
		}
	}
	return out
}

// WaitForMethod waits until some server offers a method or a stream of exactly
// this name, in upper and lower case too, as with official clients, and gives the
// first one. The error is ctx's, or ErrClosed.
func (c *Client) WaitForMethod(ctx context.Context, name string) (bus.Candidate, error) {
	for {
		c.mu.Lock()
		offers, closed, changed := c.dir.candidates(bus.ByName(name), false), c.closed, c.changed
		c.mu.Unlock()
		for _, o := range offers {
			if o.Method.Name == name {
				return o, nil
			}
		}
		if closed {
			return bus.Candidate{}, fmt.Errorf("wait for method %q: %w", name, ErrClosed)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return bus.Candidate{}, fmt.Errorf("wait for method %q: %w", name, ctx.Err())
		}
	}
}
