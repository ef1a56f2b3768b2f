package interval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// badKey is what the real server says; people look for it.
const badKey = "Invalid API key, please check the apiKey property."

// Serve speaks with a host over a connection until it ends, and says why.
//
// The SDK dials anew every few seconds until it is welcomed, so that several
// connections of one host can arrive together. It means the one that was welcomed
// last. The end of another, heard of after that one was accepted, it takes for the
// beginning of a return that never ends, and does not come back after the next loss.
// So the connections of a host are let in one after the other, and the former one
// ends between the welcome and the acceptance of the next.
func (r *Runner) Serve(conn Conn, hello Hello) error {
	if !r.opts.Accept(hello.Key) {
		_ = conn.Close(CodePolicy, badKey)
		return errors.New("serve host: its key was refused")
	}
	if hello.InstanceID == "" {
		hello.InstanceID = newID()
	}
	h, err := r.enter(hello.InstanceID)
	if err != nil {
		_ = conn.Close(CodeRestart, err.Error())
		return fmt.Errorf("serve host: %w", err)
	}
	defer r.work.Done()
	h.door <- struct{}{}
	release := sync.OnceFunc(func() { <-h.door })
	defer release()
	a := r.arrivalOf(h, conn, hello, release)
	if !r.hold(a) {
		r.exit(a, ErrClosed)
		_ = conn.Close(CodeRestart, ErrClosed.Error())
		return fmt.Errorf("serve host: %w", ErrClosed)
	}
	patience := a.socket.opts.SendTimeout
	confirm := time.AfterFunc(patience, func() { a.socket.Close(CodePolicy, "Failed confirming authentication.") })
	defer confirm.Stop()
	idle := time.AfterFunc(2*patience, release) // it says nothing: let the next one in
	defer idle.Stop()
	_ = a.socket.Post(authenticated, func() { confirm.Stop() })
	err = a.socket.Run(r.ctx)
	a.work.Wait()
	r.exit(a, err)
	return err
}

// enter finds the host of a connection, and counts it.
func (r *Runner) enter(id string) (*instance, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	h := r.hosts[id]
	if h == nil {
		h = &instance{id: id, door: make(chan struct{}, 1)}
		h.duplex = r.newDuplex(h)
		r.hosts[h.id] = h
		r.order = append(r.order, h.id)
	}
	h.callers++
	r.work.Add(1)
	return h, nil
}

// arrival is a connection of a host. It takes over with its first message: only then
// the host is known to mean it.
type arrival struct {
	r       *Runner
	h       *instance
	socket  *Socket
	hello   Hello
	release func()  // lets the next one in
	muted   *Socket // what the host had when it was welcomed
	work    sync.WaitGroup

	mu    sync.Mutex
	begun bool
	taken bool
	waits []json.RawMessage // messages that came while the former one says goodbye
}

func (r *Runner) arrivalOf(h *instance, conn Conn, hello Hello, release func()) *arrival {
	a := &arrival{r: r, h: h, hello: hello, release: release}
	a.socket = NewSocket(conn, SocketOptions{MaxPerSecond: r.opts.MaxPerSecond, OnMessage: a.hear})
	return a
}

// hear hands a message on, in order. Where another connection has to end first, that
// happens beside the reader, which hears this side's pongs.
func (a *arrival) hear(data json.RawMessage) {
	a.mu.Lock()
	first := !a.begun
	a.begun = true
	if first {
		former := a.r.former(a.h)
		if a.taken = former == nil; !a.taken {
			a.work.Go(func() {
				a.replace(former)
				a.catchUp()
			})
		}
	}
	if !a.taken {
		a.waits = append(a.waits, data)
		a.mu.Unlock()
		return
	}
	a.mu.Unlock()
	if first {
		a.r.takeOver(a)
	}
	a.deliver(data)
}

func (a *arrival) deliver(data json.RawMessage) {
	if a.h.duplex.current() == a.socket {
		a.h.duplex.Receive(data)
	}
}

// catchUp hands on what has waited.
func (a *arrival) catchUp() {
	for {
		a.mu.Lock()
		batch := a.waits
		a.waits, a.taken = nil, len(batch) == 0
		a.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, data := range batch {
			a.deliver(data)
		}
	}
}

// former gives the connection that another is about to replace.
func (r *Runner) former(h *instance) *Socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h.replaced = h.socket; h.replaced != nil {
		h.replaced.mute()
	}
	return h.replaced
}

// turns is how many pings it takes until a host that runs on an event loop has heard
// of the end of another connection. The loop of Node reads that end in the turn that
// answers the first ping at the latest, and tells of it at the end of the next turn; no
// turn answers two. One is to spare.
const turns = 3

// replace takes over from another connection once that has ended, and nothing of it
// is on its way in either direction: a pong comes behind all that was sent before.
// There may be nobody at the other end any more, so the former one has only so long to
// answer, and its goodbye has a limit, too.
func (a *arrival) replace(former *Socket) {
	ctx, cancel := context.WithTimeout(a.r.ctx, a.socket.opts.SendTimeout)
	former.ping(ctx)
	cancel()
	former.Close(CodePolicy, "a new connection of the same host replaces this one")
	select {
	case <-former.Finished():
		for range turns {
			a.socket.ping(a.r.ctx)
		}
	case <-a.socket.Done():
	}
	a.r.takeOver(a)
}

// hold has Close end the socket, unless that is over. Nothing more is said over the
// one that the host had: it listens to that no longer once it has heard the welcome.
func (r *Runner) hold(a *arrival) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.sockets[a.socket] = true
	if a.muted = a.h.socket; a.muted != nil {
		a.muted.mute()
	}
	return true
}

// takeOver makes a connection the one of its host.
func (r *Runner) takeOver(a *arrival) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := a.h
	h.stopTimer()
	r.order = append(slices.DeleteFunc(r.order, func(id string) bool { return id == h.id }), h.id)
	h.hello, h.socket, h.replaced, h.ready, h.closing = a.hello, a.socket, nil, false, false
	h.open, h.waiting, h.initID, h.release = false, nil, "", a.release
	h.since, h.seen = time.Now(), h.duplex.seen()
	h.duplex.Attach(a.socket)
}

// exit notes the end of a connection. Where it was welcomed and did not take over,
// the one before it goes, too: the host may no longer listen to that.
func (r *Runner) exit(a *arrival, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := a.h
	delete(r.sockets, a.socket)
	h.callers--
	switch {
	case h.socket == a.socket && h.replaced != a.socket:
		r.left(h, err)
	case h.socket != nil && h.socket == a.muted:
		h.socket.Close(CodeRestart, "the connection that was to replace this one has ended")
	}
	switch {
	case h.callers > 0 || h.socket != nil || r.hosts[h.id] != h:
	case !h.joined:
		delete(r.hosts, h.id)
		r.order = slices.DeleteFunc(r.order, func(id string) bool { return id == h.id })
		if !errors.Is(err, context.Canceled) && !errors.Is(err, ErrClosed) {
			r.emit(Odd{h.id, fmt.Errorf("left before it told what it offers: %w", err)})
		}
	case !r.closed && h.goneFrom == nil:
		h.goneFrom = time.AfterFunc(r.opts.Grace, func() { r.gone(h) })
	}
}

// left notes that a host is away.
func (r *Runner) left(h *instance, err error) {
	h.socket, h.ready = nil, false
	h.duplex.Attach(nil)
	if !h.joined {
		return
	}
	r.emit(HostLeft{h.info(), err})
	for _, run := range r.runs {
		if run.host == h {
			run.setPhase(PhaseLost)
		}
	}
	if !r.closed {
		h.goneFrom = time.AfterFunc(r.opts.Grace, func() { r.gone(h) })
	}
}
