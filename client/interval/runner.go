package interval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"ioscope/client/interval/schema"
)

// RunnerOptions say who a runner is and how it behaves. The zero value, and nil,
// are fine.
type RunnerOptions struct {
	// Accept decides on the key of a host. Default: every key is good.
	Accept func(key string) bool
	// OnEvent hears all that happens, one event at a time and in order, on a
	// goroutine of its own. It may call the runner. Default: nobody.
	OnEvent func(Event)
	// BaseURL is where hosts reach the runner over HTTP, for uploads and links.
	// Default: what each host itself connected to.
	BaseURL string
	// Environment and Organization are told to hosts. Defaults: development, and
	// an organization called ioscope.
	Environment  string
	Organization Organization
	// User runs actions, where Start names nobody else. Default: an admin called
	// operator@localhost.
	User *User
	// Paged waits for the person after each display. Default: displays pass, and
	// output is appended.
	Paged bool
	// Credentials lets actions ask for credentials, which the real server refuses.
	Credentials bool
	// Grace is how long the transactions of a host wait for it to come back before
	// they are given up. Default: 1 min.
	Grace time.Duration
	// Quiet is how long no further render may follow one for a state to be settled.
	// Default: 80 ms.
	Quiet time.Duration
	// ReadLimit is the longest message of a host in bytes. Default: 100 MiB.
	ReadLimit int64
	// MaxPerSecond is how many messages a host may send in a second. Default: 2048.
	MaxPerSecond int
	// Logger hears what is odd. Default: nobody.
	Logger *slog.Logger
}

func (o *RunnerOptions) withDefaults() RunnerOptions {
	var out RunnerOptions
	if o != nil {
		out = *o
	}
	if out.Accept == nil {
		out.Accept = func(string) bool { return true }
	}
	if out.OnEvent == nil {
		out.OnEvent = func(Event) {}
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.DiscardHandler)
	}
	if out.User == nil {
		out.User = &User{Email: "operator@localhost", Role: "admin"}
	}
	if out.ReadLimit == 0 {
		out.ReadLimit = 100 << 20
	}
	out.Environment = cmp.Or(out.Environment, "development")
	out.Organization = cmp.Or(out.Organization, Organization{"ioscope", "ioscope"})
	out.Grace = orDuration(out.Grace, time.Minute)
	out.Quiet = orDuration(out.Quiet, 80*time.Millisecond)
	out.MaxPerSecond = cmp.Or(out.MaxPerSecond, 2048)
	return out
}

// The errors that methods of a Runner give, wrapped in what was tried.
var (
	ErrClosed        = errors.New("the runner is closed")
	ErrNoHost        = errors.New("no host that is connected offers it")
	ErrNoTransaction = errors.New("no such transaction")
	ErrNoPage        = errors.New("no such page")
	ErrNotAsking     = errors.New("the action does not wait for this answer")
	ErrEnded         = errors.New("the transaction has ended")
)

// Runner is the server and dashboard that hosts connect to. It is an
// http.Handler with the WebSocket at /websocket.
type Runner struct {
	opts RunnerOptions
	mux  *http.ServeMux

	ctx    context.Context // ends with Close, when the sockets are gone
	cancel context.CancelFunc
	work   sync.WaitGroup // sockets and what they began
	teller sync.WaitGroup // the goroutine of the events

	events chan struct{} // tells it, capacity 1

	mu       sync.Mutex
	closed   bool
	waiting  []Event
	hosts    map[string]*instance
	order    []string // of hosts, the newest last
	sockets  map[*Socket]bool
	runs     map[string]*run
	pages    map[string]*page
	queue    []QueuedAction
	files    map[string]LocalFile
	notified map[string]bool // idempotency keys
}

// NewRunner makes a runner. Serve it over HTTP, or give it connections with
// Serve.
func NewRunner(opts *RunnerOptions) *Runner {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Runner{
		opts: opts.withDefaults(), ctx: ctx, cancel: cancel, events: make(chan struct{}, 1),
		hosts: map[string]*instance{}, sockets: map[*Socket]bool{}, runs: map[string]*run{}, pages: map[string]*page{},
		files: map[string]LocalFile{}, notified: map[string]bool{},
	}
	r.mux = r.routes()
	r.teller.Go(r.tell)
	return r
}

// Close ends every connection, with the code of a restart, and waits until all
// is over. What was still to be told to OnEvent is told.
func (r *Runner) Close() {
	r.mu.Lock()
	r.closed = true
	for _, h := range r.hosts {
		h.stopTimer()
	}
	for socket := range r.sockets {
		socket.Close(CodeRestart, "the runner ends")
	}
	for _, run := range r.runs {
		run.stopTimers()
	}
	for _, p := range r.pages {
		p.stopTimers()
	}
	r.mu.Unlock()
	r.work.Wait()
	r.cancel()
	r.teller.Wait()
}

// emit queues an event. It must be called with mu held, which is what keeps
// events in order.
func (r *Runner) emit(e Event) {
	r.waiting = append(r.waiting, e)
	select {
	case r.events <- struct{}{}:
	default:
	}
}

// tell hands events on until the runner closes.
func (r *Runner) tell() {
	for {
		select {
		case <-r.events:
			r.flush()
		case <-r.ctx.Done():
			r.flush()
			return
		}
	}
}

func (r *Runner) flush() {
	for {
		r.mu.Lock()
		batch := r.waiting
		r.waiting = nil
		r.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, e := range batch {
			r.opts.OnEvent(e)
		}
	}
}

// Hosts lists the hosts that are connected or may come back, in the order in
// which they came.
func (r *Runner) Hosts() []HostInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]HostInfo, 0, len(r.order))
	for _, id := range r.order {
		if h := r.hosts[id]; h.joined {
			out = append(out, h.info())
		}
	}
	return out
}

// Transactions lists the transactions that were not left yet, the oldest first.
func (r *Runner) Transactions() []RunInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]RunInfo, 0, len(r.runs))
	for _, run := range r.runs {
		out = append(out, run.info())
	}
	slices.SortFunc(out, func(a, b RunInfo) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Transaction tells about one.
func (r *Runner) Transaction(id string) (RunInfo, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run := r.runs[id]
	if run == nil {
		return RunInfo{}, fmt.Errorf("transaction %s: %w", id, ErrNoTransaction)
	}
	return run.info(), nil
}

// Queue lists the actions that somebody asked for, the oldest first.
func (r *Runner) Queue() []QueuedAction {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.queue)
}

// flat checks the parameters of an action or a page: scalars only, since a host
// answers nothing at all to nested ones. It gives them with their notes.
func flat(params schema.Record) (record, meta any, err error) {
	for _, m := range params {
		switch m.Value.(type) {
		case schema.List, schema.Record, schema.Set, schema.Map:
			return nil, nil, fmt.Errorf("parameter %s: only text, numbers, booleans, dates and null can be given", m.Name)
		}
	}
	if params == nil {
		params = schema.Record{}
	}
	return encodeNoted(params)
}
