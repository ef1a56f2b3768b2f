package load

import (
	"bytes"
	"fmt"
)

// window is how many events a publisher is ahead of the slowest subscriber, at
// most: twice as many, when a batch has just gone.
const window = 64

// Events is a load of one publisher and several subscribers of its stream.
type Events struct {
	publisher *peer
	subs      []*peer
	batches   []chan struct{} // per subscriber: a batch has come in whole
	ends      chan error      // one of each connection
	message   []byte
}

// NewEvents brings the peers onto the bus of a gateway and subscribes them all.
// The data of every event is about size bytes long.
func NewEvents(address string, subs, size int) (*Events, error) {
	publisher, err := join(address, "publisher")
	if err != nil {
		return nil, err
	}
	e := &Events{publisher: publisher, ends: make(chan error, subs+1)}
	e.message = fmt.Appendf(nil, `{"domain":"agm","type":"publish","peer_id":%q,"stream_id":"s","sequence":null,"snapshot":false,`+
		`"data":{"symbol":"VOD.L","text":%q}}`, publisher.id, bytes.Repeat([]byte("x"), max(size-30, 0)))
	if err := e.gather(address, subs); err != nil {
		publisher.leave()
		for _, p := range e.subs {
			p.leave()
		}
		return nil, err
	}
	go func() { e.ends <- read(publisher, nil) }()
	for _, p := range e.subs {
		whole := make(chan struct{}, 4)
		e.batches = append(e.batches, whole)
		go func() { e.ends <- read(p, whole) }()
	}
	return e, nil
}

func (e *Events) gather(address string, subs int) error {
	if err := e.publisher.register("0", "Ticks"); err != nil {
		return err
	}
	if _, err := e.publisher.await("success"); err != nil {
		return err
	}
	for i := range subs {
		p, err := join(address, fmt.Sprintf("subscriber%d", i))
		if err != nil {
			return err
		}
		e.subs = append(e.subs, p)
		if err := e.subscribe(p); err != nil {
			return fmt.Errorf("subscribe: %w", err)
		}
	}
	return nil
}

func (e *Events) subscribe(p *peer) error {
	err := p.send(`{"domain":"agm","type":"subscribe","request_id":"s","peer_id":%q,"server_id":%q,"method_id":"0","arguments_kv":{},"flags":{}}`,
		p.id, e.publisher.id)
	if err != nil {
		return err
	}
	interest, err := e.publisher.await("add-interest")
	if err != nil {
		return err
	}
	err = e.publisher.send(`{"domain":"agm","type":"accepted","peer_id":%q,"subscription_id":%q,"stream_id":"s"}`,
		e.publisher.id, field(interest, "subscription_id"))
	if err != nil {
		return err
	}
	_, err = p.await("subscribed")
	return err
}

// read counts events until the connection ends.
func read(p *peer, whole chan<- struct{}) error {
	for count := 0; ; {
		msg, err := p.next()
		if err != nil {
			return err
		}
		if string(field(msg, "type")) != "event" {
			continue
		}
		if count++; count%window == 0 {
			whole <- struct{}{}
		}
	}
}

// Run publishes n events, rounded up to whole batches, returns when every
// subscriber has got all of them, and says how many were delivered.
func (e *Events) Run(n int) (delivered int, err error) {
	batches := (n + window - 1) / window
	for i := range batches {
		for range window {
			if err := e.publisher.sendBytes(e.message); err != nil {
				return 0, err
			}
		}
		if i == 0 {
			continue
		}
		if err := e.await(); err != nil {
			return 0, err
		}
	}
	return batches * window * len(e.subs), e.await()
}

// await waits until everybody has a batch.
func (e *Events) await() error {
	for _, whole := range e.batches {
		select {
		case <-whole:
		case err := <-e.ends:
			e.ends <- err // Close wants it too
			return fmt.Errorf("subscriber: %w", err)
		}
	}
	return nil
}

// Close takes the peers off the bus.
func (e *Events) Close() error {
	e.publisher.leave()
	for _, p := range e.subs {
		p.leave()
	}
	return awaitEnds(e.ends, len(e.subs)+1)
}
