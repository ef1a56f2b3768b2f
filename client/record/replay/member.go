package replay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/record"
)

// member is an application that is on the bus again.
type member struct {
	c      *company
	actor  *actor
	client *client.Client

	// offered are by their recorded ids, names by their present ones; both belong to
	// the goroutine that plays.
	offered map[bus.MethodID]taken
	names   map[string]bus.MethodID

	mu      sync.Mutex
	tapes   []*tape                                   // guarded by mu
	runs    int                                       // of tapes, for the keys of branches; guarded by mu
	private map[*client.Subscriber]context.CancelFunc // guarded by mu
}

// taken is what a name stands for: one of method and stream.
type taken struct {
	def    record.Method
	method *client.Method
	stream *client.Stream
}

// back takes it back.
func (t taken) back(ctx context.Context) error {
	switch {
	case t.method != nil:
		return t.method.Unregister(ctx)
	case t.stream != nil:
		return t.stream.Close(ctx)
	}
	return nil
}

// offer registers what was registered then. What is there already, after a
// connection that was lost then, stays.
func (m *member) offer(ctx context.Context, methods []record.Method) error {
	var errs []error
	for _, def := range methods {
		if old, known := m.names[def.Name]; known {
			m.offered[def.ID] = m.offered[old]
			m.names[def.Name] = def.ID
			continue
		}
		t, err := m.take(ctx, def)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		m.offered[def.ID] = t
		m.names[def.Name] = def.ID
	}
	return errors.Join(errs...)
}

func (m *member) take(ctx context.Context, of record.Method) (t taken, err error) {
	def := of.Definition()
	t.def = of
	if !def.Streaming {
		t.method, err = m.client.Register(ctx, def, m.answer)
		return t, err
	}
	t.stream, err = m.client.CreateStream(ctx, def, &client.StreamOptions{
		OnRequest:      func(q *client.Request) { m.decide(def.Name, q) },
		OnSubscribed:   m.subscribed,
		OnUnsubscribed: m.unsubscribed,
	})
	return t, err
}

// withdraw takes back what was taken back then.
func (m *member) withdraw(ctx context.Context, methods []record.Method) error {
	var errs []error
	for _, gone := range methods {
		t := m.offered[gone.ID]
		delete(m.offered, gone.ID)
		delete(m.names, t.def.Name)
		errs = append(errs, t.back(ctx))
	}
	return errors.Join(errs...)
}

// answer answers as it was answered then.
func (m *member) answer(ctx context.Context, call client.Call) (any, error) {
	p := m.c.p
	name := call.Method.Name
	f, ok := p.r.answerTo(name, m.actor, call.Args, p.position())
	if !ok {
		return nil, fmt.Errorf("this is a recording, and nobody called %s in it", name)
	}
	l, err := p.r.line(f.place)
	if err != nil {
		return nil, err
	}
	if l.Error != nil && l.Error.Silent {
		<-ctx.Done() // nor does it answer now
		return nil, ctx.Err()
	}
	if !p.tick.pass(ctx, f.took) {
		return nil, ctx.Err()
	}
	if l.Error != nil {
		said := l.Error.Bus()
		if f.note != "" {
			said.Reason += " (" + f.note + ")"
		}
		return nil, said
	}
	if f.note == "" {
		return l.Value, nil
	}
	return marked(l.Value, f.note), nil
}

// Mark is the member of a result that tells what is not as it was asked.
const Mark = bus.ReplayMark

// marked adds the note to a result.
func marked(value json.RawMessage, note string) json.RawMessage {
	members, err := bus.Members(value)
	if err != nil {
		return value
	}
	return bus.Object(append(members, bus.Member{Key: Mark, Value: bus.QuoteJSON(note)}))
}
