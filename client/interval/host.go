package interval

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// HostOptions say who a host is and how it behaves.
type HostOptions struct {
	// Endpoint is the WebSocket of the runner, such as ws://127.0.0.1:3000/websocket.
	// Its HTTP paths are on the same authority.
	Endpoint string
	// APIKey is what the runner may ask for.
	APIKey string
	// InstanceID is the identity of the process. Default: a new UUID.
	InstanceID string
	// SDKName and SDKVersion are told to the runner, which decides by them what it
	// expects. Defaults: ioscope and 2.0.0.
	SDKName, SDKVersion string
	// ConnectTimeout is how long the runner may take to accept. Default: 15 s.
	ConnectTimeout time.Duration
	// SendTimeout is how long a message waits for its acknowledgement, and Attempts
	// how often a call is sent, each time waiting longer. Defaults: 5 s and 10.
	SendTimeout time.Duration
	Attempts    int
	// ResponseTimeout is how long a call waits for its answer. Default: 30 s.
	ResponseTimeout time.Duration
	// RetryEvery is the pause between two attempts to connect again. Default: 3 s.
	RetryEvery time.Duration
	// PingEvery and SilentAfter find dead connections. Defaults: 30 s and 3 min.
	PingEvery, SilentAfter time.Duration
	// CloseDelay is how long SafeClose leaves the connection open when the last
	// transaction was closed. Default: 3 s.
	CloseDelay time.Duration
	// Dial makes the connection. Default: a WebSocket.
	Dial func(ctx context.Context, url string, header http.Header) (Conn, error)
	// TLS is for the default Dial with wss addresses. Default: the system's.
	TLS *tls.Config
	// HTTP makes the requests beside the connection. Default: one of its own.
	HTTP *http.Client
	// Logger hears what is odd. Default: nobody.
	Logger *slog.Logger
}

func (o HostOptions) withDefaults() HostOptions {
	o.InstanceID = cmp.Or(o.InstanceID, newID())
	o.SDKName = cmp.Or(o.SDKName, "ioscope")
	o.SDKVersion = cmp.Or(o.SDKVersion, "2.0.0")
	o.ConnectTimeout = orDuration(o.ConnectTimeout, 15*time.Second)
	o.SendTimeout = orDuration(o.SendTimeout, 5*time.Second)
	o.Attempts = cmp.Or(o.Attempts, 10)
	o.RetryEvery = orDuration(o.RetryEvery, 3*time.Second)
	o.CloseDelay = orDuration(o.CloseDelay, 3*time.Second)
	if o.Dial == nil {
		settings := o.TLS
		o.Dial = func(ctx context.Context, url string, header http.Header) (Conn, error) {
			return wire.DialHeader(ctx, url, settings, header)
		}
	}
	if o.HTTP == nil {
		// A few requests now and then: nothing is worth keeping open for them.
		o.HTTP = &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: o.TLS, Proxy: http.ProxyFromEnvironment}}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// Action is something that people can run.
type Action struct {
	// Slug names it: letters, digits, dot, underscore, hyphen.
	Slug string
	// Group is the slug of the page that it lies below; may be empty.
	Group       string
	Name        string
	Description string
	// Backgroundable actions go on when nobody looks.
	Backgroundable bool
	// Unlisted actions are not shown, but may be started.
	Unlisted bool
	// WarnOnClose asks before an action is left. Default: true.
	WarnOnClose *bool
	// Teams may run it. Everyone lets all of the organization run it; with neither,
	// the runner decides.
	Teams    []string
	Everyone bool
	// Run does it, in a goroutine of its own. What it returns is the result, and an
	// error the failure. Its context ends when the person cancels, with a cause that
	// is ErrCanceled.
	Run func(ctx context.Context, tx *Transaction) (any, error)
}

func (a Action) definition() ActionDefinition {
	return ActionDefinition{
		GroupSlug: a.Group, Slug: a.Slug, Name: a.Name, Description: a.Description, Backgroundable: a.Backgroundable,
		Unlisted: a.Unlisted, WarnOnClose: a.WarnOnClose, Access: access(a.Teams, a.Everyone),
	}
}

func access(teams []string, everyone bool) any {
	switch {
	case everyone:
		return "entire-organization"
	case len(teams) == 0:
		return nil
	}
	return schema.Record{{Name: "teams", Value: teams}}
}

// Page is a screen of displays, and the parent of actions.
type Page struct {
	// Slug is the full path, as in reports/live.
	Slug        string
	Name        string
	Description string
	Unlisted    bool
	// Teams and Everyone say who may see it, as those of an Action.
	Teams    []string
	Everyone bool
	// Draw makes it; nil for a mere group of actions. Its context ends when the page
	// is closed.
	Draw func(ctx context.Context, p *PageView) (*PageLayout, error)
}

func (p Page) definition() PageDefinition {
	return PageDefinition{
		Slug: p.Slug, Name: p.Name, Description: p.Description, HasHandler: p.Draw != nil, Unlisted: p.Unlisted, Access: access(p.Teams, p.Everyone),
	}
}

// Host offers actions and pages to a runner.
type Host struct {
	opts   HostOptions
	duplex *Duplex[HostSide, RunnerSide]

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu       sync.Mutex
	started  bool
	closing  bool // takes nothing new
	leaving  bool // does not connect again
	actions  []Action
	pages    []Page
	socket   *Socket
	epoch    int           // counts initialisations
	ready    chan struct{} // closed and replaced by each of them
	isReady  bool
	org      Organization
	runs     map[string]*Transaction
	views    map[string]*PageView
	changed  *time.Timer   // tells the runner of other routes
	emptied  chan struct{} // closed and replaced when a transaction or page goes
	finished chan struct{} // closed when the host has ended
}

// NewHost makes a host that offers nothing yet.
func NewHost(opts HostOptions) *Host {
	ctx, cancel := context.WithCancel(context.Background())
	h := &Host{
		opts: opts.withDefaults(), ctx: ctx, cancel: cancel,
		ready: make(chan struct{}), emptied: make(chan struct{}), finished: make(chan struct{}),
		runs: map[string]*Transaction{}, views: map[string]*PageView{},
	}
	h.duplex = NewDuplex[HostSide, RunnerSide](DuplexOptions{
		Attempts: h.opts.Attempts, ResponseTimeout: h.opts.ResponseTimeout, Logger: h.opts.Logger,
		OnOdd: func(err *MessageError) { h.opts.Logger.Warn("runner sent what the protocol doesn't allow", "err", err) },
	})
	Handle(h.duplex, StartRun, h.startRun)
	Handle(h.duplex, AnswerIO, h.answerIO)
	Handle(h.duplex, CloseRun, h.closeRun)
	Handle(h.duplex, OpenPageOnHost, h.openPage)
	Handle(h.duplex, ClosePageOnHost, h.closePage)
	return h
}

// Action adds an action, or replaces the one with the same slug. While the host is
// connected the runner is told soon after.
func (h *Host) Action(a Action) *Host {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.actions = slices.DeleteFunc(h.actions, func(b Action) bool { return b.Slug == a.Slug && b.Group == a.Group })
	h.actions = append(h.actions, a)
	h.routesChanged()
	return h
}

// Page adds a page, or replaces the one with the same slug.
func (h *Host) Page(p Page) *Host {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages = slices.DeleteFunc(h.pages, func(q Page) bool { return q.Slug == p.Slug })
	h.pages = append(h.pages, p)
	h.routesChanged()
	return h
}

// Remove takes an action or a page away, by its full slug. What runs goes on.
func (h *Host) Remove(slug string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.actions = slices.DeleteFunc(h.actions, func(a Action) bool { return a.definition().FullSlug() == slug })
	h.pages = slices.DeleteFunc(h.pages, func(p Page) bool { return p.Slug == slug })
	h.routesChanged()
}

// collectRoutes is how long changes of routes are collected.
const collectRoutes = 200 * time.Millisecond

// routesChanged must be called with mu held.
func (h *Host) routesChanged() {
	if !h.isReady || h.changed != nil {
		return
	}
	h.changed = time.AfterFunc(collectRoutes, func() {
		h.mu.Lock()
		h.changed = nil
		ok := h.isReady && h.ctx.Err() == nil
		if ok {
			h.work.Add(1)
		}
		h.mu.Unlock()
		if !ok {
			return // the next initialisation tells
		}
		defer h.work.Done()
		if err := h.initialize(h.ctx); err != nil {
			h.opts.Logger.Warn("routes not told", "err", err)
		}
	})
}

// definition tells all that the host offers.
func (h *Host) definition() HostDefinition {
	h.mu.Lock()
	defer h.mu.Unlock()
	def := HostDefinition{SDKName: h.opts.SDKName, SDKVersion: h.opts.SDKVersion, Timestamp: float64(time.Now().UnixMilli())}
	for _, a := range h.actions {
		def.Actions = append(def.Actions, a.definition())
	}
	for _, p := range h.pages {
		def.Groups = append(def.Groups, p.definition())
	}
	return def
}

// ErrHostClosed is what a host that was closed gives, ErrRefused what one gives
// whose key or definitions the runner does not take.
var (
	ErrHostClosed = errors.New("the host is closed")
	ErrRefused    = errors.New("the runner refuses the host")
)

// Listen connects and tells the runner what the host offers, and returns when
// that was accepted. From then on the host connects again by itself whenever the
// connection breaks, until Close or SafeClose. If the first connection fails, so
// does Listen; it may be called again.
func (h *Host) Listen(ctx context.Context) error {
	h.mu.Lock()
	if h.started || h.ctx.Err() != nil {
		h.mu.Unlock()
		return fmt.Errorf("listen: %w", cmp.Or(h.ctx.Err(), errors.New("listening already")))
	}
	h.started = true
	h.work.Add(1)
	h.mu.Unlock()
	socket, err := h.connect(ctx)
	if err != nil {
		h.mu.Lock()
		h.started = false
		h.mu.Unlock()
		h.work.Done()
		return fmt.Errorf("listen: %w", err)
	}
	go func() {
		defer h.work.Done()
		h.stay(socket)
	}()
	return nil
}

// Done is closed when the host has ended, by Close or SafeClose.
func (h *Host) Done() <-chan struct{} { return h.finished }

// Close ends the connection at once. Actions that run have their contexts ended,
// and nobody hears of them any more. It waits for them.
func (h *Host) Close() {
	h.mu.Lock()
	first := h.ctx.Err() == nil
	if h.changed != nil {
		h.changed.Stop()
	}
	socket := h.socket
	h.leaving = true
	h.mu.Unlock()
	if socket != nil { // the end of the context would cut it without a goodbye
		socket.Close(wire.CodeNoStatus, "")
		<-socket.Finished()
	}
	h.cancel()
	h.work.Wait()
	if first {
		close(h.finished)
	}
}

// SafeClose tells the runner that the host wants to go, takes nothing new, waits
// until every transaction and page is closed, and ends then. The end of ctx ends
// the waiting, too.
func (h *Host) SafeClose(ctx context.Context) error {
	h.mu.Lock()
	ready, busy := h.isReady, len(h.runs)+len(h.views) > 0
	h.closing = true
	h.mu.Unlock()
	defer h.Close()
	if ready {
		answer, err := Call(ctx, h.duplex, BeginShutdown, ShutdownMessage{})
		if err != nil {
			return fmt.Errorf("close: %w", err)
		}
		if answer.Type != "success" {
			return fmt.Errorf("close: the runner refuses: %s", answer.Message)
		}
	}
	if err := h.drain(ctx); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	if busy {
		pause := time.NewTimer(h.opts.CloseDelay)
		defer pause.Stop()
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	}
	return nil
}

func (h *Host) drain(ctx context.Context) error {
	for {
		h.mu.Lock()
		n, wait := len(h.runs)+len(h.views), h.emptied
		h.mu.Unlock()
		if n == 0 {
			return nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return fmt.Errorf("%d still open: %w", n, ctx.Err())
		}
	}
}

// lessOpen must be called with mu held, when a transaction or page has gone.
func (h *Host) lessOpen() {
	close(h.emptied)
	h.emptied = make(chan struct{})
}
