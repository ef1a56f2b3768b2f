package ui

import (
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// frame is the shortest time between two deliveries to the screen.
const frame = 33 * time.Millisecond

// Bounds of what one subscription may have waiting for the screen. What comes
// on top is dropped, oldest first, and counted.
const (
	pendingEvents = 50_000
	pendingBytes  = 32 << 20
)

// Inbox is where everything that is heard waits for the next frame. Whoever
// hears something puts it in and goes on at once; the screen takes all of it
// together. Discovery, answers and endings are never dropped.
type Inbox struct {
	mu      sync.Mutex
	inputs  []model.Input
	pending map[model.ThingID]backlog
	crowd   crowd
	last    time.Time
	wake    chan struct{}
	done    chan struct{}
	once    sync.Once
}

// backlog counts the stream events of one thing that wait.
type backlog struct {
	gen, events, bytes int
}

// NewInbox returns an empty inbox.
func NewInbox() *Inbox {
	return &Inbox{pending: map[model.ThingID]backlog{}, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// Put adds what was heard. It never blocks.
func (b *Inbox) Put(in model.Input) {
	b.mu.Lock()
	if line, ok := in.(model.RunLogged); ok && !b.crowd.takes(line.Ref) {
		b.mu.Unlock()
		return
	}
	b.inputs = append(b.inputs, in)
	if s, ok := in.(model.Streamed); ok {
		b.count(s)
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Hear adds a discovery event or a change of the connection.
func (b *Inbox) Hear(e bus.Event) { b.Put(model.Heard{Event: e}) }

func (b *Inbox) count(s model.Streamed) {
	data, ok := s.Event.(bus.StreamData)
	if !ok {
		return
	}
	log := b.pending[s.Thing]
	log.gen = s.Gen
	log.events++
	log.bytes += len(data.Data)
	b.pending[s.Thing] = log
	if log.events > pendingEvents || log.bytes > pendingBytes {
		b.drop(s.Thing)
	}
}

// drop throws away the older half of a subscription's events.
func (b *Inbox) drop(id model.ThingID) {
	log := b.pending[id]
	goal, dropped, at := log.events/2, 0, 0
	keep := b.inputs[:0]
	for _, in := range b.inputs {
		s, ok := in.(model.Streamed)
		if data, isData := s.Event.(bus.StreamData); ok && isData && s.Thing == id && dropped < goal {
			if dropped == 0 {
				// The first that goes leaves its place to what tells of it.
				at = len(keep)
				keep = append(keep, nil)
			}
			dropped++
			log.bytes -= len(data.Data)
			continue
		}
		keep = append(keep, in)
	}
	clear(b.inputs[len(keep):])
	log.events -= dropped
	b.pending[id] = log
	if dropped > 0 {
		keep[at] = model.Overrun{Thing: id, Gen: log.gen, Count: dropped}
	}
	b.inputs = keep
}

// take empties the inbox.
func (b *Inbox) take() []model.Input {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch := b.crowd.tell(b.inputs)
	b.inputs = nil
	clear(b.pending)
	return batch
}

// batchMsg is all that was heard since the last frame.
type batchMsg []model.Input

// wait is the command that brings the next batch. One is armed at any time, so
// at most one message is under way and the order is kept.
func (b *Inbox) wait() tea.Msg {
	batch, ok := b.Next()
	if !ok {
		return nil
	}
	return batchMsg(batch)
}

// Next waits for the next batch, at least a frame after the one before. It is
// false once the inbox is closed. One goroutine at a time may wait.
func (b *Inbox) Next() ([]model.Input, bool) {
	select {
	case <-b.wake:
	case <-b.done:
		return nil, false
	}
	if early := frame - time.Since(b.last); early > 0 {
		select {
		case <-time.After(early):
		case <-b.done:
			return nil, false
		}
	}
	b.last = time.Now()
	return b.take(), true
}

// Close ends the waiting.
func (b *Inbox) Close() { b.once.Do(func() { close(b.done) }) }
