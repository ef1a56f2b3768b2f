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
	callers  []*peer
	inFlight int
	served   chan error // the server's end
}

// NewCalls brings the peers onto the bus of a gateway.
func NewCalls(address string, callers, inFlight int) (*Calls, error) {
	server, err := join(address, "server")
	if err != nil {
		return nil, err
	}
	c := &Calls{server: server, inFlight: inFlight, served: make(chan error, 1)}
	if err := c.gather(address, callers); err != nil {
		server.leave()
		for _, p := range c.callers {
			p.leave()
		}
		return nil, err
	}
	go func() { c.served <- c.serve() }()
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
		c.callers = append(c.callers, p)
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
	var all sync.WaitGroup
	ends := make([]error, len(c.callers))
	for i, p := range c.callers {
		share := n / len(c.callers)
		if i < n%len(c.callers) {
			share++
		}
		all.Go(func() { ends[i] = c.call(p, share) })
	}
	all.Wait()
	return errors.Join(ends...)
}

func (c *Calls) call(p *peer, n int) error {
	msg := fmt.Appendf(nil, `{"domain":"agm","type":"call","request_id":"0123456789","peer_id":%q,"server_id":%q,"method_id":"0",`+
		`"arguments_kv":{"a":20,"b":22,"text":"what is it"},"context":{}}`, p.id, c.server.id)
	sent := 0
	for ; sent < min(n, c.inFlight); sent++ {
		if err := p.sendBytes(msg); err != nil {
			return err
		}
	}
	for range n {
		if err := p.result(); err != nil {
			return err
		}
		if sent == n {
			continue
		}
		sent++
		if err := p.sendBytes(msg); err != nil {
			return err
		}
	}
	return nil
}

// result waits for one. It sets no deadline: that would cost more than the rest.
func (p *peer) result() error {
	for {
		msg, err := p.next()
		if err != nil {
			return err
		}
		switch string(field(msg, "type")) {
		case "result":
			return nil
		case "error":
			return fmt.Errorf("call: %s", msg)
		}
	}
}

// Close takes the peers off the bus.
func (c *Calls) Close() error {
	for _, p := range c.callers {
		p.leave()
	}
	c.server.leave()
	if err := <-c.served; !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}
