package load

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"sync"
)

// Crowd is a load of many peers that come one after the other, register
// methods, and learn of one another.
type Crowd struct {
	peers   []*peer
	methods int
	known   sync.WaitGroup // members that do not know everybody's methods yet
	readers sync.WaitGroup
	mu      sync.Mutex
	failed  error // guarded by mu: the first that went wrong
	leaving bool  // guarded by mu
}

// Gather brings a crowd onto the bus and returns when everybody knows
// everybody's methods. discovered is how many methods were told of, one's own
// among them. Nobody else may be on the bus.
func Gather(address string, peers, methods int) (c *Crowd, discovered int, err error) {
	c = &Crowd{methods: methods}
	c.known.Add(peers)
	for i := range peers {
		if err := c.add(address, i, peers*methods); err != nil {
			c.fail(err)
			c.known.Add(len(c.peers) - peers) // those who never came
			break
		}
	}
	c.known.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed != nil {
		err := c.failed
		c.hangUp()
		return nil, 0, err
	}
	return c, peers * peers * methods, nil
}

// add brings one peer, which has all its methods when it returns.
func (c *Crowd) add(address string, number, total int) error {
	p, err := join(address, fmt.Sprintf("app%d", number))
	if err != nil {
		return err
	}
	c.peers = append(c.peers, p)
	registered := make(chan struct{})
	c.readers.Go(func() { c.read(p, total-number*c.methods, registered) })
	for m := range c.methods {
		if err := p.register(fmt.Sprint(m), fmt.Sprintf("App%d.Method%d", number, m)); err != nil {
			return err
		}
	}
	<-registered
	return nil
}

// read counts the methods a member is told of until it knows them all, and then
// goes on reading, as applications do. registered is closed when all its own
// registrations are confirmed.
func (c *Crowd) read(p *peer, unknown int, registered chan<- struct{}) {
	unconfirmed, waiting := c.methods, true
	for {
		msg, err := p.next()
		if err != nil {
			c.fail(err)
			if waiting {
				c.known.Done()
			}
			if unconfirmed > 0 {
				close(registered)
			}
			return
		}
		switch string(field(msg, "type")) {
		case "success":
			if unconfirmed--; unconfirmed == 0 {
				close(registered)
			}
		case "methods-added":
			unknown -= bytes.Count(msg, []byte(`"display_name":`))
			if unknown <= 0 && waiting {
				waiting = false
				c.known.Done()
			}
		}
	}
}

func (c *Crowd) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil && !(c.leaving && errors.Is(err, net.ErrClosed)) {
		c.failed = err
	}
}

// Leave hangs up for all at once.
func (c *Crowd) Leave() error {
	c.mu.Lock()
	c.leaving = true
	c.mu.Unlock()
	c.hangUp()
	c.readers.Wait()
	return c.failed
}

func (c *Crowd) hangUp() {
	for _, p := range c.peers {
		p.leave()
	}
}

// Alone returns when a newcomer finds nobody else on the bus: what a load left
// behind has been cleared away.
func Alone(address string) error {
	for range 1000 {
		p, err := join(address, "probe")
		if err != nil {
			return err
		}
		p.leave()
		if !p.met {
			return nil
		}
	}
	return errors.New("the bus does not empty")
}
