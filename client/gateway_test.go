package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/internal/wire"
)

// house is a gateway in this process that can be replaced, and whose
// connections can be cut.
type house struct {
	mu    sync.Mutex
	g     *gateway.Gateway
	conns map[string][]client.Conn // by application
}

func newHouse(t *testing.T) *house {
	h := &house{g: gateway.New(nil), conns: make(map[string][]client.Conn)}
	t.Cleanup(func() { h.stop() })
	return h
}

func (h *house) stop() {
	h.mu.Lock()
	g := h.g
	h.g = nil
	h.mu.Unlock()
	if g != nil {
		_ = g.Close()
	}
}

func (h *house) start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.g = gateway.New(nil)
}

func (h *house) cut(application string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, conn := range h.conns[application] {
		_ = conn.Close(wire.CodeCut, "")
	}
}

// join is a client of that name.
func (h *house) join(t *testing.T, application string, o client.Options) *client.Client {
	t.Helper()
	o.Application, o.User = application, "ann"
	o.Dial = func(context.Context, string) (client.Conn, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.g == nil {
			return nil, errors.New("connection refused")
		}
		conn := h.g.Connect(false)
		h.conns[application] = append(h.conns[application], conn)
		return conn, nil
	}
	c, err := client.Dial(t.Context(), "ws://in-process/gw3", &o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// newTicker offers a stream that puts subscribers on the branch of their symbol.
func newTicker(t *testing.T, c *client.Client, o *client.StreamOptions) *client.Stream {
	t.Helper()
	if o == nil {
		o = &client.StreamOptions{}
	}
	if o.OnRequest == nil {
		o.OnRequest = func(r *client.Request) {
			var args struct{ Symbol string }
			_ = json.Unmarshal(r.Args, &args)
			if args.Symbol == "" {
				r.Reject("no symbol")
				return
			}
			r.AcceptOnBranch(args.Symbol)
		}
	}
	s, err := c.CreateStream(t.Context(), bus.MethodDefinition{Name: "Ticks", Accepts: "string symbol"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func symbol(s string) map[string]any { return map[string]any{"symbol": s} }

func TestTwoClientsOnAGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		server := h.join(t, "Server", client.Options{})
		_, err := server.Register(t.Context(), bus.MethodDefinition{Name: "Echo", Accepts: "string text"}, func(_ context.Context, call client.Call) (any, error) {
			if call.Caller.Application != "Caller" {
				return nil, fmt.Errorf("called by %q", call.Caller.Application)
			}
			return call.Args, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		caller := h.join(t, "Caller", client.Options{})
		result, err := caller.Invoke(t.Context(), bus.MethodFilter{Name: "echo"}, json.RawMessage(`{"text":"ü", "n":9007199254740993}`), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r := result.First(); r.Err != nil || string(r.Value) != `{"text":"ü", "n":9007199254740993}` || r.Server.Application != "Server" {
			t.Errorf("return %s, %v", r.Value, r.Err)
		}
		if result, err = server.Invoke(t.Context(), bus.MethodFilter{Name: "Echo"}, nil, nil); err != nil || result.First().Err == nil {
			t.Errorf("a call to oneself: %+v, %v", result, err)
		}
		var names []string
		for _, i := range caller.Servers() {
			names = append(names, i.Application)
		}
		wantLines(t, names, "Caller", "Server")
		_ = server.Close()
		synctest.Wait()
		if got := caller.Servers(); len(got) != 1 {
			t.Errorf("servers after one left: %+v", got)
		}
	})
}

func TestStreamOnAGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var n notes
		server, reader := h.join(t, "Server", client.Options{}), h.join(t, "Reader", client.Options{})
		s := newTicker(t, server, &client.StreamOptions{
			OnSubscribed: func(sub *client.Subscriber) {
				n.add("+%s", sub.Instance().Application)
				_ = sub.Push(map[string]any{"hello": sub.Branch().Key()})
			},
			OnUnsubscribed: func(sub *client.Subscriber) { n.add("-%s", sub.Instance().Application) },
		})
		_, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, nil)
		var rejected *client.RejectedError
		if !errors.As(err, &rejected) || rejected.Reason != "no symbol" {
			t.Errorf("without a symbol: %v", err)
		}
		var a, b heard
		first, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{Args: symbol("A"), OnEvent: a.on})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{Args: symbol("B"), OnEvent: b.on}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		_ = s.Push(map[string]any{"to": "all"})
		_ = s.Branch("B").Push(map[string]any{"to": "B"})
		synctest.Wait()
		id := server.Self().PeerID
		wantLines(t, a.take(), fmt.Sprintf("accepted by %s restored=false", id),
			fmt.Sprintf(`data from %s private=true {"hello":"A"}`, id), fmt.Sprintf(`data from %s private=false {"to":"all"}`, id))
		wantLines(t, b.take(), fmt.Sprintf("accepted by %s restored=false", id), fmt.Sprintf(`data from %s private=true {"hello":"B"}`, id),
			fmt.Sprintf(`data from %s private=false {"to":"all"}`, id), fmt.Sprintf(`data from %s private=false {"to":"B"}`, id))
		_ = first.Close()
		s.Branch("B").Subscribers()[0].CloseWith("end of day")
		synctest.Wait()
		wantLines(t, a.take(), fmt.Sprintf("closed by %s mine=true : ClientInitiated", id))
		wantLines(t, b.take(), fmt.Sprintf("closed by %s mine=false : end of day", id))
		if got := len(n.take()); got != 4 {
			t.Errorf("%d notes of subscribers, want 4", got)
		}
	})
}

func TestPublisherGoesOnAGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		server, reader := h.join(t, "Server", client.Options{}), h.join(t, "Reader", client.Options{})
		newTicker(t, server, nil)
		sub, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{Args: symbol("A")})
		if err != nil {
			t.Fatal(err)
		}
		h.cut("Server")
		_, _ = sub.Next(t.Context())
		e, err := sub.Next(t.Context())
		last, ok := e.(bus.StreamClosed)
		if err != nil || !ok || last.URI != "agm.peer-removed" || last.Reason != "Peer has been removed" || last.Mine {
			t.Errorf("last event %+v, %v", e, err)
		}
	})
}

func TestCutConnectionOnAGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var n notes
		server, reader := h.join(t, "Server", client.Options{}), h.join(t, "Reader", client.Options{Identity: map[string]any{"instance": "mine"}})
		s := newTicker(t, server, &client.StreamOptions{
			OnSubscribed:   func(*client.Subscriber) { n.add("+") },
			OnUnsubscribed: func(*client.Subscriber) { n.add("-") },
		})
		_, _ = reader.Register(t.Context(), bus.MethodDefinition{Name: "Mine"}, echo)
		sub, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{Args: symbol("A")})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		h.cut("Reader")
		for _, want := range []string{"accepted by %s restored=false", "lost", "accepted by %s restored=true"} {
			e, err := sub.Next(t.Context())
			if strings.Contains(want, "%s") {
				want = fmt.Sprintf(want, server.Self().PeerID)
			}
			if err != nil || line(e) != want {
				t.Errorf("event %s, %v, want %s", line(e), err, want)
			}
		}
		synctest.Wait()
		wantLines(t, n.take(), "+", "-", "+")
		_ = s.Push(map[string]any{"n": 1})
		if e, err := sub.Next(t.Context()); err != nil || !strings.Contains(line(e), `{"n":1}`) {
			t.Errorf("after the restoring: %v, %v", e, err)
		}
		if got := server.Methods(bus.MethodFilter{Name: "Mine"}); len(got) != 1 {
			t.Errorf("restored methods: %+v", got)
		}
	})
}

func TestGatewayRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var live atomic.Int64
		server := h.join(t, "Server", client.Options{})
		reader := h.join(t, "Reader", client.Options{OnEvent: func(e bus.Event) {
			if change, ok := e.(bus.ConnChanged); ok && change.State == bus.Live {
				live.Add(int64(change.Subscriptions))
			}
		}})
		s := newTicker(t, server, nil)
		_, _ = server.Register(t.Context(), bus.MethodDefinition{Name: "Echo"}, echo)
		sub, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{Args: symbol("A")})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		h.stop()
		time.Sleep(3 * time.Second)
		asked := later(func() (*client.Result, error) {
			return reader.Invoke(t.Context(), bus.MethodFilter{Name: "Echo"}, nil, nil)
		})
		h.start()
		if r := (<-asked).must(t).First(); r.Err != nil || r.Server.PeerID != server.Self().PeerID {
			t.Errorf("asked while there was no gateway: %+v", r)
		}
		for _, want := range []string{"restored=false", "lost", "restored=true"} {
			e, err := sub.Next(t.Context())
			if err != nil || !strings.Contains(line(e), want) {
				t.Fatalf("event %s, %v, want %s", line(e), err, want)
			}
		}
		if live.Load() != 1 {
			t.Errorf("%d subscriptions announced as restored", live.Load())
		}
		_ = s.Push(map[string]any{"n": 1}, "A")
		if e, err := sub.Next(t.Context()); err != nil || !strings.Contains(line(e), `{"n":1}`) {
			t.Errorf("after the restart: %v, %v", e, err)
		}
	})
}

// TestConnectionsThatKeepBreaking is the law that every question gets an end,
// and that everything is there again when the line holds.
func TestConnectionsThatKeepBreaking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		server := h.join(t, "Server", client.Options{})
		_, _ = server.Register(t.Context(), bus.MethodDefinition{Name: "Echo"}, func(_ context.Context, call client.Call) (any, error) {
			time.Sleep(7 * time.Millisecond)
			return call.Args, nil
		})
		s := newTicker(t, server, nil)
		var readers []*client.Client
		var ends [3]atomic.Int64 // of subscriptions
		var answers, losses, others atomic.Int64
		stop := make(chan struct{})
		var group sync.WaitGroup
		busy := func(pause time.Duration, work func()) {
			group.Go(func() {
				for {
					select {
					case <-stop:
						return
					case <-time.After(pause):
						work()
					}
				}
			})
		}
		for i := range 3 {
			reader := h.join(t, fmt.Sprintf("Reader %d", i), client.Options{})
			readers = append(readers, reader)
			busy(3*time.Millisecond, func() {
				r, err := reader.Invoke(t.Context(), bus.MethodFilter{Name: "Echo"}, symbol("A"), nil)
				var lost *client.LostError
				switch {
				case err != nil:
					others.Add(1)
				case r.First().Err == nil:
					answers.Add(1)
				case errors.As(r.First().Err, &lost):
					losses.Add(1)
				}
			})
			busy(5*time.Millisecond, func() {
				sub, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{
					Args: symbol("A"),
					OnEvent: func(e bus.Event) {
						if _, last := e.(bus.StreamClosed); last {
							ends[i].Add(1)
						}
					},
				})
				if err == nil {
					time.Sleep(20 * time.Millisecond)
					_ = sub.Close()
					ends[i].Add(-1)
				}
			})
		}
		busy(time.Millisecond, func() { _ = s.Push(symbol("A")) })
		for i := range 60 {
			time.Sleep(time.Duration(11+i%17) * time.Millisecond)
			h.cut([]string{"Server", "Reader 0", "Reader 1", "Reader 2"}[i%4])
		}
		close(stop)
		group.Wait()
		synctest.Wait()
		if answers.Load() == 0 || losses.Load() == 0 || others.Load() > 0 {
			t.Errorf("%d answers, %d losses, %d others", answers.Load(), losses.Load(), others.Load())
		}
		for i := range ends {
			if n := ends[i].Load(); n != 0 {
				t.Errorf("reader %d: closings and last events differ by %d", i, n)
			}
		}
		if n := len(s.Subscribers()); n != 0 {
			t.Errorf("%d subscribers are left", n)
		}
		for _, reader := range readers {
			if got := reader.Methods(bus.MethodFilter{}); len(got) != 2 {
				t.Errorf("%s sees %d methods, want 2", reader.Self().Application, len(got))
			}
		}
	})
}

func TestManyCallersAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	server := h.join(t, "Server", client.Options{})
	if _, err := server.Register(t.Context(), bus.MethodDefinition{Name: "Echo"}, echo); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 4 {
		caller := h.join(t, fmt.Sprintf("Caller %d", i), client.Options{})
		for j := range 4 {
			group.Go(func() {
				for k := range 10 {
					want := fmt.Sprintf(`{"n":[%d,%d,%d]}`, i, j, k)
					r, err := caller.Invoke(t.Context(), bus.MethodFilter{Name: "Echo"}, json.RawMessage(want), nil)
					if err != nil || string(r.First().Value) != want {
						t.Errorf("answer %v, %v, want %s", r, err, want)
						return
					}
				}
			})
		}
	}
	group.Wait()
}

func TestOverAWebSocket(t *testing.T) {
	t.Parallel()
	g := gateway.New(nil)
	t.Cleanup(func() { _ = g.Close() })
	served, err := g.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	join := func(application string) *client.Client {
		c, err := client.Dial(t.Context(), served.URL()+"/gw3", &client.Options{Application: application, User: "ann"})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	server, reader := join("Server"), join("Reader")
	s := newTicker(t, server, nil)
	sub, err := reader.Subscribe(t.Context(), bus.MethodFilter{Name: "Ticks"}, &client.SubscribeOptions{Args: symbol("A")})
	if err != nil {
		t.Fatal(err)
	}
	const total = 300
	pad := strings.Repeat("x", 2000) // several TCP segments each
	for i := range total {
		if err := s.Push(map[string]any{"n": i, "pad": pad}); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = sub.Next(t.Context())
	for i := range total {
		e, err := sub.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ N int }
		data, _ := e.(bus.StreamData)
		if err := json.Unmarshal(data.Data, &got); err != nil || got.N != i {
			t.Fatalf("event %d is %s, %v", i, line(e), err)
		}
	}
	_ = server.Close()
	if e, err := sub.Next(t.Context()); err != nil || !strings.Contains(line(e), "Peer has been removed") {
		t.Errorf("after the publisher left: %v, %v", e, err)
	}
	start := time.Now()
	_ = reader.Close()
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("close took %s", took)
	}
	if _, err := sub.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
}

func TestDialWhatIsNoBus(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no bus here", http.StatusTeapot)
	}))
	t.Cleanup(site.Close)
	_, err := client.Dial(t.Context(), "ws"+strings.TrimPrefix(site.URL, "http"), nil)
	if err == nil || !strings.Contains(err.Error(), "418") {
		t.Errorf("a web site: %v", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	if _, err = client.Dial(t.Context(), "ws://"+address, nil); err == nil {
		t.Error("nobody: no error")
	}
	if _, err = client.Dial(t.Context(), "nonsense", nil); err == nil {
		t.Error("no address: no error")
	}
}
