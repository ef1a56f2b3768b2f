package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"syscall"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/demo"
	"ioscope/client/gateway"
	"ioscope/client/record"
	"ioscope/client/record/replay"
	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/config"
)

// session is the bus as the explorer sees it: one client at a time, and where
// there was no gateway, one of our own with the demo apps. It is ui.Bus.
type session struct {
	flags *flags
	inbox *ui.Inbox
	log   *slog.Logger
	// offers are ours.
	offers *server

	mu     sync.Mutex
	client *client.Client
	// gen tells the events of this client from those of the one before.
	gen    int
	trial  *trial
	own    *gateway.Gateway
	home   string // the address of own
	apps   *demo.Apps
	url    string
	closed bool
	// runs listens for Interval hosts, whatever the bus.
	runs *runs

	recorded recorded
	// player plays film on own; nil where the bus is no recording.
	player *replay.Player
	film   *film
}

var (
	_ ui.Bus      = (*session)(nil)
	_ ui.Brancher = (*session)(nil)
)

func newSession(f *flags, inbox *ui.Inbox, log *slog.Logger) *session {
	return &session{flags: f, inbox: inbox, log: log, offers: newServer(inbox), runs: &runs{inbox: inbox, log: log, user: f.user}, recorded: recorded{tap: record.NewTap()}}
}

// open goes to the bus at the address, and leaves the one before. dial is nil
// for a websocket.
func (s *session) open(url string, dial func(context.Context, string) (client.Conn, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	old := s.client
	s.gen++
	same := s.url == url
	s.url = url
	s.client = client.Open(url, &client.Options{
		Application: s.flags.application,
		User:        s.flags.user,
		Password:    s.flags.password,
		Dial:        dial,
		TLS:         s.flags.trust,
		Logger:      s.log,
		OnEvent:     s.hear(s.gen),
	})
	s.offers.use(s.client, same)
	if old == nil {
		return
	}
	go func() { _ = old.Close() }()
	s.recorded.tap.Reset()
	if !same {
		// A recording is of one bus.
		s.recorded.tap.Seal()
		go s.leaveRecording()
	}
}

// hear passes on what the client of one generation hears, as long as it is the
// one in use.
func (s *session) hear(gen int) func(bus.Event) {
	return func(e bus.Event) {
		s.mu.Lock()
		current, trial := gen == s.gen, s.trial
		s.mu.Unlock()
		if !current || trial != nil && trial.hold(e) {
			return
		}
		s.tell(e)
	}
}

// tell puts an event into the inbox, in the words of the screen.
func (s *session) tell(e bus.Event) {
	if c, ok := e.(bus.ConnChanged); ok && c.Err != nil {
		c.Err, _ = noBus(c.URL, c.Err)
		e = c
	}
	s.recorded.tap.Hear(e)
	s.inbox.Hear(e)
}

func (s *session) current() *client.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client
}

// Invoke implements ui.Bus.
func (s *session) Invoke(ctx context.Context, q ui.Question, sent func([]bus.Instance), returned func(bus.Return)) error {
	hooks := s.who().hooks
	args, err := hooks.before(ctx, q.Method.Name, false, q.Target, q.Args, q.Aside)
	if err != nil {
		return inWords(err, q)
	}
	q.Args = args
	call := s.recorded.tap.Call(q.Method, q.Target, q.Args)
	result, err := s.current().Invoke(ctx, q.Method, q.Args, &client.InvokeOptions{
		Target: q.Target, WaitTimeout: q.Wait, ResponseTimeout: q.Answer,
		OnSent: func(to []bus.Instance) {
			call.Sent(to)
			sent(to)
		},
		OnReturn: func(r bus.Return) {
			if !errors.Is(r.Err, context.Canceled) {
				call.Returned(r)
			}
			r.Err = inWords(r.Err, q)
			returned(r)
		},
	})
	if !errors.Is(err, context.Canceled) {
		call.Failed(err)
	}
	if result != nil && hooks != nil {
		go hooks.after(context.WithoutCancel(ctx), q.Method.Name, q.Args, result.Returns, q.Aside)
	}
	return inWords(err, q)
}

// Subscribe implements ui.Bus.
func (s *session) Subscribe(ctx context.Context, q ui.Question, on func(bus.Event)) (ui.Subscription, error) {
	hooks := s.who().hooks
	args, err := hooks.before(ctx, q.Method.Name, true, q.Target, q.Args, q.Aside)
	if err != nil {
		return nil, inWords(err, q)
	}
	q.Args = args
	feed := hooks.feed(q.Method.Name, q.Args)
	asked := s.recorded.tap.Subscribe(q.Method, q.Target, q.Args)
	sub, err := s.current().Subscribe(ctx, q.Method, &client.SubscribeOptions{
		Args: q.Args, Target: q.Target, WaitTimeout: q.Wait, ResponseTimeout: q.Answer,
		OnEvent: func(e bus.Event) {
			asked.Hear(e)
			if data, ok := e.(bus.StreamData); ok && feed != nil {
				feed(data)
			}
			on(e)
		},
	})
	if err != nil {
		asked.Failed(err)
		return nil, inWords(err, q)
	}
	return subscription{sub, q}, nil
}

// Retry implements ui.Bus.
func (s *session) Retry() { s.current().Retry() }

// LogIn implements ui.Bus.
func (s *session) LogIn(user, password string) {
	s.mu.Lock()
	again := *s.flags
	again.user, again.password = user, password
	s.flags = &again
	url := s.url
	s.mu.Unlock()
	s.open(url, nil)
}

// who is how we log in now.
func (s *session) who() *flags {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.flags
}

// Connect implements ui.Bus.
func (s *session) Connect(url string) {
	s.inbox.Put(model.Moved{Options: model.Options{Name: busName(url), URL: url}})
	s.open(url, nil)
}

// StartDemo implements ui.Bus.
func (s *session) StartDemo() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	s.mu.Lock()
	c, url, running := s.client, s.url, s.apps != nil
	s.mu.Unlock()
	switch {
	case running:
		return errors.New("the demo apps run already")
	case c != nil && c.Self().PeerID != "":
		who := s.who()
		apps, err := demo.Start(ctx, url, &demo.Options{User: who.user, Password: who.password, Logger: s.log})
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.apps = apps
		s.mu.Unlock()
		return nil
	}
	start, err := s.embed(ctx)
	if err != nil {
		return err
	}
	s.inbox.Put(model.Moved{Options: start})
	return nil
}

// portsTried is how many ports are looked at for a free one.
const portsTried = 50

// embed starts a gateway of our own with the demo apps, and goes there as its
// owner, who sees the apps of every user.
func (s *session) embed(ctx context.Context) (model.Options, error) {
	g, url, note, err := s.ownGateway()
	if err != nil {
		return model.Options{}, err
	}
	apps, err := startDemo(ctx, g, s.who(), url, s.log)
	if err != nil {
		_ = g.Close()
		return model.Options{}, err
	}
	s.mu.Lock()
	s.own, s.apps, s.home = g, apps, url
	s.mu.Unlock()
	s.open(url, func(context.Context, string) (client.Conn, error) { return g.Connect(true), nil })
	if note != "" {
		note += url
	}
	s.runs.withHost()
	asked := defaultURL
	if s.who().bus == config.DemoBus {
		asked = "" // by its name, so nobody looked for another one
	}
	return model.Options{
		Name: "demo bus", URL: url, Asked: asked, Demo: true, DemoApps: len(demo.Names()), Note: note, User: s.who().user,
		ReadOnly: s.who().readOnly, Interval: s.runs.address(),
		Session: sessionID(),
	}, nil
}

// ownGateway starts a gateway of our own at the first free port. The note is
// freePort's.
func (s *session) ownGateway() (g *gateway.Gateway, url, note string, err error) {
	listener, note, err := freePort(defaultListen)
	if err != nil {
		return nil, "", "", err
	}
	g = gateway.New(&gateway.Options{Logger: s.log})
	go func() {
		if err := g.Serve(listener); err != nil {
			s.log.Error("embedded gateway ended", "err", err)
		}
	}()
	return g, "ws://" + listener.Addr().String() + "/gw3", note, nil
}

// freePort listens at the address, or at the next port that is free; then it
// also says so, up to the place where the address goes.
func freePort(address string) (net.Listener, string, error) {
	host, _, _ := net.SplitHostPort(address)
	first, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, "", err
	}
	for port := first.Port; port < first.Port+portsTried; port++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(port)))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		if port == first.Port {
			return l, "", nil
		}
		return l, fmt.Sprintf("%d was taken; this bus listens at ", first.Port), nil
	}
	return nil, "", fmt.Errorf("no free port from %d to %d", first.Port, first.Port+portsTried-1)
}

// Close leaves the bus, and ends our own.
func (s *session) Close() {
	s.mu.Lock()
	s.closed = true
	s.gen++
	c, apps, own, player, film := s.client, s.apps, s.own, s.player, s.film
	s.mu.Unlock()
	s.recorded.tap.Stop()
	s.offers.close()
	if c != nil {
		_ = c.Close()
	}
	if apps != nil {
		_ = apps.Close()
	}
	if player != nil {
		_ = player.Close()
		_ = film.file.Close()
	}
	if own != nil {
		_ = own.Close()
	}
	s.runs.Close()
}

// saidError says an error in the words of the screen and keeps the error itself.
type saidError struct {
	words string
	err   error
}

func (e *saidError) Error() string { return e.words }
func (e *saidError) Unwrap() error { return e.err }

// inWords says what became of a question as the screen says it.
func inWords(err error, q ui.Question) error {
	var (
		none     *client.NoMethodError
		silent   *client.NoAnswerError
		rejected *client.RejectedError
		lost     *client.LostError
		said     *bus.Error
	)
	name := q.Method.Name
	kind := "method"
	if s := q.Method.Streaming; s != nil && *s {
		kind = "stream"
	}
	words := ""
	switch {
	case err == nil:
		return nil
	case errors.As(err, &none) && none.Offered:
		words = fmt.Sprintf("No server that the target means offered %s within %s.", name, model.Duration(q.Wait))
	case errors.As(err, &none):
		words = fmt.Sprintf("No server offered %s within %s. The bus has no such %s now.", name, model.Duration(q.Wait), kind)
	case errors.As(err, &silent):
		words = fmt.Sprintf("%s did not answer within %s. It may still be working: ask again, or let it take longer.", silent.Server.Name(), model.Duration(q.Answer))
	case errors.As(err, &rejected) && rejected.Reason != "":
		words = fmt.Sprintf("%s refuses: %s", rejected.Server.Name(), rejected.Reason)
	case errors.As(err, &rejected):
		words = rejected.Server.Name() + " refuses and gives no reason"
	case errors.As(err, &lost):
		words = "The connection was lost while it was asked. Whether it was done can't be known."
	case errors.As(err, &said):
		return err
	default:
		words = err.Error()
	}
	return &saidError{words, err}
}
