package interval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"ioscope/client/interval/schema"
)

func encode(v any) (json.RawMessage, error) {
	if _, none := v.(Nothing); none {
		return nil, nil
	}
	return schema.Marshal(v)
}

// decode takes the absence of data for null.
func decode(data json.RawMessage, out any) error {
	if _, none := out.(*Nothing); none {
		return nil
	}
	if len(data) == 0 {
		data = json.RawMessage("null")
	}
	return schema.Unmarshal(data, out)
}

// Kinds of a message.
const (
	kindCall     = "CALL"
	kindResponse = "RESPONSE"
)

// message is a call or its answer.
type message struct {
	ID         string          `json:"id"`
	Kind       string          `json:"kind"`
	MethodName string          `json:"methodName"`
	Data       json.RawMessage `json:"data,omitempty"`
}

func (m message) text() string {
	text, _ := json.Marshal(m) // strings and checked JSON
	return string(text)
}

type handler func(json.RawMessage) (answer json.RawMessage, given bool, err error)

// rpc is what both sides have in common.
type rpc struct {
	opts     DuplexOptions
	handlers map[string]handler

	receiving sync.Mutex // a former socket may still deliver when a new one does
	chunks    assembly

	mu       sync.Mutex
	socket   *Socket
	lastID   int
	lastSeen int // highest counting id of the other side's calls
	calls    map[string]func(json.RawMessage, error)
	unheard  map[string]message // answers that were not acknowledged, by id
	order    []string           // of unheard
}

// Attach sends over a socket from now on. Calls that still wait for an answer
// over the former one end with ErrNotConnected.
func (r *rpc) Attach(s *Socket) {
	r.mu.Lock()
	r.socket = s
	waiting := r.calls
	r.calls = map[string]func(json.RawMessage, error){}
	r.mu.Unlock()
	for _, heard := range waiting {
		heard(nil, ErrNotConnected)
	}
}

func (r *rpc) current() *Socket {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.socket
}

// expect registers a call under a new id.
func (r *rpc) expect(heard func(json.RawMessage, error)) (*Socket, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lastID++
	id := strconv.Itoa(r.lastID)
	if heard != nil && r.socket != nil {
		r.calls[id] = heard
	}
	return r.socket, id
}

func (r *rpc) forget(ids ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range ids {
		delete(r.calls, id)
	}
}

func (r *rpc) post(name string, data json.RawMessage, arrived func(), heard func(json.RawMessage, error)) error {
	socket, id := r.expect(heard)
	if socket == nil {
		return fmt.Errorf("call %s: %w", name, ErrNotConnected)
	}
	if err := socket.Post(message{id, kindCall, name, data}.text(), arrived); err != nil {
		r.forget(id)
		return fmt.Errorf("call %s: %w", name, err)
	}
	return nil
}

type reply struct {
	data json.RawMessage
	err  error
}

// call sends until it is acknowledged, each time under a new id; an answer to any
// of them counts.
func (r *rpc) call(ctx context.Context, name string, data json.RawMessage) (json.RawMessage, error) {
	replies := make(chan reply, r.opts.Attempts)
	heard := func(data json.RawMessage, err error) { replies <- reply{data, err} }
	var ids []string
	defer func() { r.forget(ids...) }()
	var socket *Socket
	for attempt := 1; ; attempt++ {
		var id string
		socket, id = r.expect(heard)
		if socket == nil {
			return nil, ErrNotConnected
		}
		ids = append(ids, id)
		err := socket.sendWithin(ctx, message{id, kindCall, name, data}.text(), time.Duration(attempt)*socket.opts.SendTimeout)
		var late *TimeoutError
		if errors.As(err, &late) && attempt < r.opts.Attempts {
			continue
		}
		if err != nil {
			return nil, err
		}
		break
	}
	timer := time.NewTimer(r.opts.ResponseTimeout)
	defer timer.Stop()
	select {
	case got := <-replies:
		return got.data, got.err
	case <-socket.Done():
		select { // the answer may have been the last word
		case got := <-replies:
			return got.data, got.err
		default:
			return nil, ErrNotConnected
		}
	case <-timer.C:
		return nil, ErrTimeout
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Receive takes the data of a frame: a call is handled and answered, an answer
// handed to who waits. It belongs into SocketOptions.OnMessage.
func (r *rpc) Receive(data json.RawMessage) {
	r.receiving.Lock()
	defer r.receiving.Unlock()
	m, err := r.chunks.read(data)
	switch {
	case err != nil:
		r.opts.OnOdd(&MessageError{Err: err})
	case m == nil: // a chunk, and more to come; or nothing that concerns RPC
	case m.Kind == kindCall:
		r.handle(*m)
	default:
		r.answered(*m)
	}
}

// answered ignores late and repeated answers: who waited has gone.
func (r *rpc) answered(m message) {
	r.mu.Lock()
	heard := r.calls[m.ID]
	delete(r.calls, m.ID)
	r.mu.Unlock()
	if heard == nil {
		r.opts.Logger.Debug("an answer that nobody waits for", "id", m.ID, "method", m.MethodName)
		return
	}
	heard(m.Data, nil)
}

func (r *rpc) handle(m message) {
	r.opts.OnCall(m.ID, m.MethodName)
	r.saw(m.ID)
	h := r.handlers[m.MethodName]
	if h == nil {
		r.opts.OnOdd(&MessageError{clip(m.MethodName, 60), errors.New("no such method")})
		if r.opts.Unknown != nil {
			r.respond(message{m.ID, kindResponse, m.MethodName, r.opts.Unknown})
		}
		return
	}
	answer, given, err := h(m.Data)
	if err != nil {
		r.opts.OnOdd(&MessageError{m.MethodName, err})
	}
	if given {
		r.respond(message{m.ID, kindResponse, m.MethodName, answer})
	}
}

// maxUnheard bounds the answers that are kept for a host that is away.
const maxUnheard = 10_000

// respond answers, and remembers the answer until it was acknowledged.
func (r *rpc) respond(m message) {
	r.mu.Lock()
	socket := r.socket
	if _, again := r.unheard[m.ID]; !again {
		r.order = append(r.order, m.ID)
	}
	r.unheard[m.ID] = m
	if len(r.order) > maxUnheard {
		delete(r.unheard, r.order[0])
		r.order = r.order[1:]
	}
	r.mu.Unlock()
	if socket != nil {
		_ = socket.Post(m.text(), func() { r.heard(m.ID) })
	}
}

func (r *rpc) heard(id string) {
	r.drop(id)
	r.opts.OnArrived(id)
}

// drop forgets an answer that need not be sent again.
func (r *rpc) drop(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.unheard, id)
	for len(r.order) > 0 {
		if _, still := r.unheard[r.order[0]]; still {
			return
		}
		r.order = r.order[1:]
	}
}

// Repeat sends the answers again that were never acknowledged, over the current
// socket: calls of the SDK outlive their socket.
func (r *rpc) Repeat() {
	r.mu.Lock()
	var again []message
	for _, id := range r.order {
		if m, still := r.unheard[id]; still {
			again = append(again, m)
		}
	}
	socket := r.socket
	r.mu.Unlock()
	for _, m := range again {
		if socket != nil {
			_ = socket.Post(m.text(), func() { r.heard(m.ID) })
		}
	}
}

func (r *rpc) saw(id string) {
	n, err := strconv.Atoi(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil && n > r.lastSeen {
		r.lastSeen = n
	}
}

// maxGap is how many lost calls are made up for.
const maxGap = 1000

// release answers true to the calls between the last that was seen before and
// the one with this id: they were lost with a socket, and somebody may wait for
// them. It gives their number.
func (r *rpc) release(before int, id string) int {
	n, err := strconv.Atoi(id)
	if err != nil || before == 0 || n-before > maxGap {
		return 0
	}
	for lost := before + 1; lost < n; lost++ {
		r.respond(message{strconv.Itoa(lost), kindResponse, "SEND_LOG", json.RawMessage("true")})
	}
	return max(0, n-before-1)
}

func (r *rpc) seen() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lastSeen
}
