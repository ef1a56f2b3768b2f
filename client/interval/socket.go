package interval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"ioscope/client/internal/wire"
)

// Conn carries whole messages between a host and a runner. A WebSocket is one,
// and so is an end of a pipe in memory.
type Conn = wire.Conn

// Close codes that the protocol uses.
const (
	// CodePolicy refuses a key, replaces an older connection and ends floods.
	CodePolicy = wire.CodePolicy
	// CodeRestart announces that the runner comes back soon.
	CodeRestart = 1012
)

var (
	// ErrNotConnected is the error of sending over a socket that has ended.
	ErrNotConnected = errors.New("not connected")
	// ErrFlood ends a socket whose other side sends more than is allowed.
	ErrFlood = errors.New("too many messages")
	// ErrSilent ends a socket whose other side no longer answers pings.
	ErrSilent = errors.New("no answer to pings")
)

// TimeoutError says that the other side did not acknowledge a message in time.
// It may have arrived all the same.
type TimeoutError struct {
	// After is how long was waited.
	After time.Duration
}

// Error implements error.
func (e *TimeoutError) Error() string { return fmt.Sprintf("not acknowledged within %v", e.After) }

// Timeout tells packages that ask for it.
func (e *TimeoutError) Timeout() bool { return true }

// SocketOptions say how a socket behaves. The zero value is fine.
type SocketOptions struct {
	// SendTimeout is how long Send waits for the acknowledgement. Default: 5 s.
	SendTimeout time.Duration
	// PingEvery is the pause between two control pings, and SilentAfter how long
	// the other side may leave them unanswered. Defaults: 30 s and 3 min. Only a
	// Conn that can ping does so.
	PingEvery, SilentAfter time.Duration
	// MaxPerSecond ends the socket with ErrFlood when more messages arrive within
	// one second. Default: no limit.
	MaxPerSecond int
	// QueueLimit is how many bytes may wait to be written before the socket ends
	// with ErrFlood, since its other side doesn't read. Default: 64 MiB.
	QueueLimit int
	// OnMessage hears the data of each message, in order, after it was acknowledged:
	// a JSON value, in practice a string. It must not wait for the socket.
	OnMessage func(data json.RawMessage)
	// Clock gives the time. Default: time.Now.
	Clock func() time.Time
}

func (o SocketOptions) withDefaults() SocketOptions {
	o.SendTimeout = orDuration(o.SendTimeout, 5*time.Second)
	o.PingEvery = orDuration(o.PingEvery, 30*time.Second)
	o.SilentAfter = orDuration(o.SilentAfter, 3*time.Minute)
	if o.QueueLimit == 0 {
		o.QueueLimit = 64 << 20
	}
	if o.OnMessage == nil {
		o.OnMessage = func(json.RawMessage) {}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

func orDuration(d, usual time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return usual
}

// Socket sends texts over a connection, and acknowledges what arrives, before it
// looks at it. An acknowledgement means "arrived" and nothing more. Run must be
// called once.
type Socket struct {
	conn Conn
	opts SocketOptions
	done chan struct{} // closed when the socket has ended
	gone chan struct{} // closed when Run returns
	wake chan struct{} // tells the writer, capacity 1

	mu     sync.Mutex
	err    error             // why it ended
	muted  bool              // nothing more is posted
	queue  [][]byte          // what the writer has still to write
	queued int               // bytes in queue
	acks   map[string]func() // what to do when a message was acknowledged

	second  time.Time // of the counter below; only the reader's
	counted int
}

// NewSocket makes a socket of a connection. The socket owns it from now on.
func NewSocket(conn Conn, opts SocketOptions) *Socket {
	return &Socket{
		conn: conn, opts: opts.withDefaults(),
		done: make(chan struct{}), gone: make(chan struct{}), wake: make(chan struct{}, 1), acks: map[string]func(){},
	}
}

// Run reads, writes and pings until the socket ends, and says why: io.EOF for an
// ordinary goodbye, a close error with its code, a *FrameError, ErrFlood,
// ErrSilent, or the end of ctx.
func (s *Socket) Run(ctx context.Context) error {
	defer close(s.gone)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	written := make(chan struct{})
	all.Go(func() {
		defer close(written)
		s.end(s.writeAll(ctx))
	})
	if pinger, ok := s.conn.(wire.Pinger); ok {
		all.Go(func() { s.pingAll(ctx, pinger) })
	}
	all.Go(func() {
		<-s.done
		s.goodbye(written)
		cancel()
	})
	s.end(s.readAll(ctx))
	all.Wait()
	return s.Err()
}

// goodbye closes the connection. The end of the reader's context would break it
// without a word, so that this comes first; what this side wished to say before
// its own end has a second to leave.
func (s *Socket) goodbye(written <-chan struct{}) {
	var ours *closedError
	if errors.As(s.Err(), &ours) {
		limit := time.NewTimer(time.Second)
		defer limit.Stop()
		select {
		case <-written:
		case <-limit.C:
		}
	}
	code, reason := closing(s.Err())
	_ = s.conn.Close(code, reason)
}

// closing is how to say goodbye after an error.
func closing(err error) (int, string) {
	var bad *FrameError
	var big *wire.TooBigError
	switch {
	case errors.As(err, &bad):
		return CodePolicy, bad.Error()
	case errors.As(err, &big):
		return wire.CodeTooBig, big.Error()
	case errors.Is(err, ErrFlood):
		return CodePolicy, ErrFlood.Error()
	}
	var ours *closedError
	if errors.As(err, &ours) {
		return ours.code, ours.reason
	}
	return wire.CodeCut, ""
}

// closedError is an end that this side wished for.
type closedError struct {
	code   int
	reason string
}

func (e *closedError) Error() string { return "closed by this side" }

func (e *closedError) Is(target error) bool { return target == io.EOF }

// Close ends the socket with a code and a reason. What is queued is written
// before, as far as the other side takes it at once.
func (s *Socket) Close(code int, reason string) { s.end(&closedError{code, reason}) }

// mute posts nothing more, and no longer believes an acknowledgement: the other side
// may have turned to another socket. What it still sends is heard.
func (s *Socket) mute() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.muted, s.acks = true, nil
}

// ping waits until the other side has answered a ping, where the connection can.
func (s *Socket) ping(ctx context.Context) {
	if pinger, ok := s.conn.(wire.Pinger); ok {
		_ = pinger.Ping(ctx)
	}
}

// Done is closed when the socket has ended.
func (s *Socket) Done() <-chan struct{} { return s.done }

// Finished is closed when Run has returned: the goodbye was said.
func (s *Socket) Finished() <-chan struct{} { return s.gone }

// Err says why the socket has ended; nil before.
func (s *Socket) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// end is idempotent: the first reason counts. Nobody waits for an
// acknowledgement any longer.
func (s *Socket) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	if err == nil {
		err = io.EOF
	}
	s.err, s.acks = err, nil
	close(s.done)
}

func (s *Socket) readAll(ctx context.Context) error {
	for {
		text, err := s.conn.Read(ctx)
		if err != nil {
			return err
		}
		f, err := readFrame(text)
		if err != nil {
			return err
		}
		if f.Type == frameAck {
			s.acknowledged(f.ID)
			continue
		}
		if !s.within() {
			return ErrFlood
		}
		if err := s.put(writeFrame(f.ID, frameAck, nil)); err != nil {
			return err
		}
		s.opts.OnMessage(f.Data)
	}
}

// within counts messages by the second.
func (s *Socket) within() bool {
	if s.opts.MaxPerSecond == 0 {
		return true
	}
	now := s.opts.Clock()
	if now.Sub(s.second) >= time.Second {
		s.second, s.counted = now, 0
	}
	s.counted++
	return s.counted <= s.opts.MaxPerSecond
}

func (s *Socket) acknowledged(id string) {
	s.mu.Lock()
	then := s.acks[id]
	delete(s.acks, id)
	s.mu.Unlock()
	if then != nil {
		then()
	}
}

// Post queues a message and returns at once. Then, if not nil, is called when it
// was acknowledged, from the goroutine that reads; it must not wait for the
// socket. It is never called when the socket ends before.
func (s *Socket) Post(data string, then func()) error {
	id := newID()
	s.mu.Lock()
	if s.err != nil || s.muted {
		s.mu.Unlock()
		return ErrNotConnected
	}
	if then != nil {
		s.acks[id] = then
	}
	s.mu.Unlock()
	return s.put(writeFrame(id, frameMessage, &data))
}

// Send posts a message and waits for its acknowledgement: a *TimeoutError when
// none comes in time, ErrNotConnected when the socket ends.
func (s *Socket) Send(ctx context.Context, data string) error {
	return s.sendWithin(ctx, data, s.opts.SendTimeout)
}

func (s *Socket) sendWithin(ctx context.Context, data string, limit time.Duration) error {
	arrived := make(chan struct{})
	if err := s.Post(data, func() { close(arrived) }); err != nil {
		return err
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-arrived:
		return nil
	case <-timer.C:
		return &TimeoutError{limit}
	case <-s.done:
		return ErrNotConnected
	case <-ctx.Done():
		return ctx.Err()
	}
}

// put queues a frame for the writer.
func (s *Socket) put(text []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return ErrNotConnected
	}
	if s.queued += len(text); s.queued > s.opts.QueueLimit {
		s.queued -= len(text)
		return ErrFlood
	}
	s.queue = append(s.queue, text)
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return nil
}

// next takes the first frame that waits.
func (s *Socket) next() ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		s.queue = nil
		return nil, false
	}
	text := s.queue[0]
	s.queue[0] = nil
	s.queue, s.queued = s.queue[1:], s.queued-len(text)
	return text, true
}

func (s *Socket) writeAll(ctx context.Context) error {
	for {
		select {
		case <-s.wake:
			if err := s.writeQueue(ctx); err != nil {
				return err
			}
		case <-s.done:
			var ours *closedError
			if !errors.As(s.Err(), &ours) {
				return nil
			}
			return s.writeQueue(ctx)
		}
	}
}

func (s *Socket) writeQueue(ctx context.Context) error {
	for text, more := s.next(); more; text, more = s.next() {
		if err := s.conn.Write(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

func (s *Socket) pingAll(ctx context.Context, pinger wire.Pinger) {
	tick := time.NewTicker(s.opts.PingEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-s.done:
			return
		}
		// A pong that comes late is as good; only lasting silence ends the socket.
		alive, cancel := context.WithTimeout(ctx, s.opts.SilentAfter)
		err := pinger.Ping(alive)
		silent := errors.Is(alive.Err(), context.DeadlineExceeded)
		cancel()
		switch {
		case silent:
			s.end(ErrSilent)
			return
		case err != nil:
			s.end(err)
			return
		}
	}
}
