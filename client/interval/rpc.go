package interval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// HostSide marks what hosts call. A Duplex of the host accepts the methods of
// HostSide for calling and those of RunnerSide for answering, and the compiler sees
// to it.
type HostSide struct{}

// RunnerSide marks what runners call.
type RunnerSide struct{}

// Side is one of the two parties.
type Side interface{ HostSide | RunnerSide }

// Method is a message that the side S may call, with what goes to the other side
// and what comes back.
type Method[S Side, In, Out any] struct {
	// Name on the wire.
	Name string
	// Refusal answers a call whose data has the wrong shape; nil for no answer, as
	// the SDK does it.
	Refusal *Out
}

// Nothing is what a method carries that takes or gives no data.
type Nothing struct{}

// ErrTimeout is the error of a call that was acknowledged and never answered.
var ErrTimeout = errors.New("no answer in time")

// MessageError says that the other side sent a message that the protocol doesn't
// allow.
type MessageError struct {
	// Method may be empty when not even that could be read.
	Method string
	Err    error
}

// Error implements error.
func (e *MessageError) Error() string {
	if e.Method == "" {
		return "not a message of the protocol: " + e.Err.Error()
	}
	return fmt.Sprintf("%s: %v", e.Method, e.Err)
}

// Unwrap gives the cause.
func (e *MessageError) Unwrap() error { return e.Err }

// DuplexOptions say how a Duplex behaves. The zero value is fine.
type DuplexOptions struct {
	// Attempts is how often a call is sent when it isn't acknowledged; the time to
	// wait grows with each. Default: 1.
	Attempts int
	// ResponseTimeout is how long a call waits for its answer. Default: 30 s.
	ResponseTimeout time.Duration
	// Unknown answers calls of unknown methods; nil for no answer.
	Unknown json.RawMessage
	// OnOdd hears what the other side did wrong. Default: nobody.
	OnOdd func(*MessageError)
	// OnCall hears each call before it is handled.
	OnCall func(id, method string)
	// OnArrived hears the id of each call whose answer was acknowledged.
	OnArrived func(id string)
	// Logger hears what is sent and received, at debug level. Default: nobody.
	Logger *slog.Logger
}

// Duplex makes calls in both directions. It outlives its socket: ids go on
// counting, and answers that nobody acknowledged can be sent again.
type Duplex[Me, You Side] struct{ *rpc }

// NewDuplex makes one without a socket; see Attach.
func NewDuplex[Me, You Side](opts DuplexOptions) *Duplex[Me, You] {
	if opts.Attempts < 1 {
		opts.Attempts = 1
	}
	opts.ResponseTimeout = orDuration(opts.ResponseTimeout, 30*time.Second)
	if opts.OnOdd == nil {
		opts.OnOdd = func(*MessageError) {}
	}
	if opts.OnCall == nil {
		opts.OnCall = func(string, string) {}
	}
	if opts.OnArrived == nil {
		opts.OnArrived = func(string) {}
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	return &Duplex[Me, You]{&rpc{
		opts: opts, handlers: map[string]handler{},
		calls: map[string]func(json.RawMessage, error){}, unheard: map[string]message{},
	}}
}

// Handle declares how calls of the other side are answered. It must be done
// before the first message. The handler runs on the goroutine that reads: it must
// not wait for the other side.
func Handle[Me, You Side, In, Out any](d *Duplex[Me, You], m Method[You, In, Out], answer func(In) Out) {
	d.handlers[m.Name] = func(data json.RawMessage) (json.RawMessage, bool, error) {
		var in In
		if err := decode(data, &in); err != nil {
			if m.Refusal == nil {
				return nil, false, err
			}
			out, _ := encode(*m.Refusal)
			return out, true, err
		}
		out, err := encode(answer(in))
		return out, err == nil, err
	}
}

// Call calls the other side and waits for the answer. The error is
// ErrNotConnected when the socket ends before, a *TimeoutError when the call was
// not acknowledged, ErrTimeout when it was not answered, a *MessageError when the
// answer has the wrong shape.
func Call[Me, You Side, In, Out any](ctx context.Context, d *Duplex[Me, You], m Method[Me, In, Out], in In) (Out, error) {
	var out Out
	data, err := encode(in)
	if err != nil {
		return out, fmt.Errorf("call %s: %w", m.Name, err)
	}
	answer, err := d.call(ctx, m.Name, data)
	if err != nil {
		return out, fmt.Errorf("call %s: %w", m.Name, err)
	}
	if err := decode(answer, &out); err != nil {
		return out, fmt.Errorf("call %w", &MessageError{m.Name + " answer", err})
	}
	return out, nil
}

// Post calls the other side and returns at once. Arrived, if not nil, hears that
// the call was acknowledged, answered what came back; neither is called when the
// socket ends before. Both run on the goroutine that reads.
func Post[Me, You Side, In, Out any](d *Duplex[Me, You], m Method[Me, In, Out], in In, arrived func(), answered func(Out, error)) error {
	data, err := encode(in)
	if err != nil {
		return fmt.Errorf("call %s: %w", m.Name, err)
	}
	var heard func(json.RawMessage, error)
	if answered != nil {
		heard = func(raw json.RawMessage, err error) {
			if err != nil {
				return // the socket ended
			}
			var out Out
			err = decode(raw, &out)
			answered(out, err)
		}
	}
	return d.post(m.Name, data, arrived, heard)
}
