package load

import (
	"errors"
	"fmt"
	"net"
	"sync"
)

// Calls is a load of invocations: several callers, one server, and a number of
// calls in flight for each caller.
type Calls struct {
	server   *peer
	callers  []*caller
	inFlight int
	ends     chan error // one of each connection
}

// caller makes calls, and one more for each answer.
type caller struct {
	*peer
	call []byte
	done chan struct{} // everything is answered

	mu         sync.Mutex // guards all below
	left, open int        // calls to be made, and to be answered
}

// NewCalls brings the peers onto the bus of a gateway.
func NewCalls(address string, callers, inFlight int) (*Calls, error) {
	server, err := join(address, "server")
	if err != nil {
		return nil, err
	}
	c := &Calls{server: server, inFlight: inFlight, ends: make(chan error, callers+1)}
	if err := c.gather(address, callers); err != nil {
		server.leave()
		for _, p := range c.callers {
			p.leave()
		}
		return nil, err
	}
	go func() { c.ends <- c.serve() }()
	for _, caller := range c.callers {
		go func() { c.ends <- caller.read() }()
	}
	return c, nil
}

func (c *Calls) gather(address string, callers int) error {
	if err := c.server.register("0", "Answer"); err != nil {
		return err
	}
	if _, err := c.server.await("success"); err != nil {
		return err
	}
	for i := range callers {
		p, err := join(address, fmt.Sprintf("caller%d", i))
		if err != nil {
			return err
		}
		c.callers = append(c.callers, &caller{peer: p, done: make(chan struct{}, 1), call: fmt.Appendf(nil,
			`{"domain":"agm","type":"call","request_id":"0123456789","peer_id":%q,"server_id":%q,"method_id":"0",`+
				`"arguments_kv":{"a":20,"b":22,"text":"what is it"},"context":{}}`, p.id, c.server.id)})
	}
	return nil
}

// serve answers until the connection ends.
func (c *Calls) serve() error {
	for {
		msg, err := c.server.next()
		if err != nil {
			return err
		}
		if string(field(msg, "type")) != "invoke" {
			continue
		}
		err = c.server.sendBytes([]byte(`{"domain":"agm","type":"yield","peer_id":"`), []byte(c.server.id),
			[]byte(`","invocation_id":"`), field(msg, "invocation_id"), []byte(`","result":{"sum":42,"text":"the answer"}}`))
		if err != nil {
			return err
		}
	}
}

// Run makes n calls in all and returns when every one is answered.
func (c *Calls) Run(n int) error {
	var waiting []*caller
	for i, p := range c.callers {
		share := n / len(c.callers)
		if i < n%len(c.callers) {
			share++
		}
		if share == 0 {
			continue
		}
		waiting = append(waiting, p)
		if err := p.start(share, c.inFlight); err != nil {
			return err
		}
	}
	for _, p := range waiting {
		select {
		case <-p.done:
		case err := <-c.ends:
			c.ends <- err // Close wants it too
			return fmt.Errorf("calls: %w", err)
		}
	}
	return nil
}

func (p *caller) start(n, inFlight int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = min(n, inFlight)
	p.left = n - p.open
	for range p.open {
		if err := p.sendBytes(p.call); err != nil {
			return err
		}
	}
	return nil
}

// read takes answers until the connection ends.
func (p *caller) read() error {
	for {
		msg, err := p.next()
		if err != nil {
			return err
		}
		switch string(field(msg, "type")) {
		case "result":
			err = p.answered()
		case "error":
			err = fmt.Errorf("call: %s", msg)
		}
		if err != nil {
			return err
		}
	}
}

func (p *caller) answered() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left > 0 {
		p.left--
		return p.sendBytes(p.call)
	}
	if p.open--; p.open == 0 {
		p.done <- struct{}{}
	}
	return nil
}

// Close takes the peers off the bus.
func (c *Calls) Close() error {
	for _, p := range c.callers {
		p.leave()
	}
	c.server.leave()
	return awaitEnds(c.ends, len(c.callers)+1)
}

// awaitEnds waits until all connections have ended, which they should because
// this side closed them.
func awaitEnds(ends <-chan error, n int) (failed error) {
	for range n {
		if err := <-ends; !errors.Is(err, net.ErrClosed) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
