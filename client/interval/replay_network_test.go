package interval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// dialled is a host that connects.
type dialled struct {
	header http.Header
	conn   chan Conn
}

// exchange is a request beside the socket.
type exchange struct {
	request *http.Request
	body    []byte
	answer  chan *http.Response
}

// dial is how our host reaches the player: it waits for the line at which the
// recorded one connected, unless that is far away.
func (p *player) dial(ctx context.Context, _ string, header http.Header) (Conn, error) {
	p.mu.Lock()
	down := time.Now().Before(p.upAt)
	p.mu.Unlock()
	if down {
		return nil, errors.New("nobody listens")
	}
	d := dialled{header, make(chan Conn)}
	select {
	case p.dials <- d:
		return <-d.conn, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// RoundTrip is the HTTP server of the recording.
func (p *player) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != strings.TrimSuffix(strings.TrimPrefix(p.host.opts.Endpoint, "ws://"), "/websocket") {
		return nil, errors.New("connection refused")
	}
	e := exchange{request: r, answer: make(chan *http.Response, 1)}
	if r.Body != nil {
		var body bytes.Buffer
		_, err := body.ReadFrom(r.Body)
		if e.body = body.Bytes(); err != nil {
			return nil, err
		}
	}
	select {
	case p.requests <- e:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	select {
	case answer := <-e.answer:
		return answer, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// listen acknowledges what it is not deaf to, and keeps the calls and answers.
func (p *player) listen(raw wire.Conn, hungUp chan error) {
	for {
		text, err := raw.Read(context.Background())
		if err != nil {
			hungUp <- err
			return
		}
		f, err := readFrame(text)
		if err != nil {
			p.t.Errorf("the host says %q: %v", text, err)
			return
		}
		if f.Type == frameAck {
			p.mu.Lock()
			if _, said := p.unacked[f.ID]; !said {
				p.t.Errorf("the host acknowledges %s, which nobody said", f.ID)
			}
			delete(p.unacked, f.ID)
			p.mu.Unlock()
			continue
		}
		var inner string
		var m message
		if json.Unmarshal(f.Data, &inner) != nil || json.Unmarshal([]byte(inner), &m) != nil {
			p.t.Errorf("the host says %s", f.Data)
			return
		}
		if m.Kind == kindCall {
			p.calls <- m
		}
		if m.Kind == kindCall && slices.Contains(p.c.deaf, m.ID) {
			continue
		}
		_ = raw.Write(context.Background(), writeFrame(f.ID, frameAck, nil))
		if m.Kind == kindResponse {
			p.mu.Lock()
			if _, twice := p.responses[m.ID]; twice {
				p.t.Errorf("the host answers %s twice", m.ID)
			}
			p.responses[m.ID] = m
			p.mu.Unlock()
		}
	}
}

// network does what happened to the socket itself.
func (p *player) network(l *line, rest []*line) {
	p.t.Helper()
	switch l.M.WS {
	case "upgrade":
		p.connected(l)
	case "close":
		p.closed(l, rest)
	case "ping":
		if !p.until(l, func() bool { return len(p.pings) > 0 }) {
			p.t.Errorf("line %d: no ping", l.n)
			return
		}
		p.pinging = <-p.pings
		p.frames++
	case "pong":
		close(p.pinging)
	}
}

func (p *player) connected(l *line) {
	p.t.Helper()
	p.reach(l)
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	select {
	case d := <-p.dials:
		id := d.header.Get("X-Instance-Id")
		if id == "" || p.instance != "" && id != p.instance {
			p.t.Errorf("line %d: the host is %q, and was %q", l.n, id, p.instance)
		}
		if p.instance = id; d.header.Get("X-Api-Key") != l.M.Headers["x-api-key"] {
			p.t.Errorf("line %d: the key is %q", l.n, d.header.Get("X-Api-Key"))
		}
		theirs, ours := wire.Pipe()
		p.raw, p.hungUp = ours, make(chan error, 1)
		go p.listen(ours, p.hungUp)
		d.conn <- &pinged{theirs, p.pings}
	case <-limit.C:
		p.t.Fatalf("line %d: the host does not connect", l.n)
	}
}

// closed ends the connection, from the side that did it.
func (p *player) closed(l *line, rest []*line) {
	p.t.Helper()
	switch {
	case p.raw == nil: // the echo of a goodbye
	case l.byHost() && l.M.Code == wire.CodeNoStatus:
		var got error
		if !p.until(l, func() bool { return len(p.hungUp) > 0 }) {
			p.t.Errorf("line %d: our host stays", l.n)
			return
		}
		got = <-p.hungUp
		var goodbye *wire.CloseError
		if !errors.As(got, &goodbye) || goodbye.Code != wire.CodeNoStatus {
			p.t.Errorf("line %d: our host ends with %v", l.n, got)
		}
		p.raw = nil
		p.frames++
	default:
		p.reach(l)
		p.mu.Lock()
		p.upAt = time.Time{}
		for _, next := range rest {
			if next.is("upgrade") && next.T > l.T+500 {
				p.upAt = p.moment(next)
			}
		}
		if len(rest) == 0 {
			p.upAt = p.begun.Add(time.Hour)
		}
		p.unacked = map[string]int{}
		p.mu.Unlock()
		code := l.M.Code
		if code == wire.CodeAbnormal {
			code = wire.CodeCut
		}
		_ = p.raw.Close(code, l.M.Reason)
		p.raw = nil
		<-p.hungUp
		synctest.Wait()
	}
}

// http compares a request beside the socket, and answers it.
func (p *player) http(l *line) {
	p.t.Helper()
	if l.M.HTTP == "response" {
		p.reach(l)
		p.pending.answer <- answerOf(l.M.Status, l.M.Body)
		return
	}
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	select {
	case e := <-p.requests:
		p.pending = e
		p.frames++
		if e.request.Method != l.M.Method || e.request.URL.Path != l.M.URL {
			p.t.Errorf("line %d: %s %s", l.n, e.request.Method, e.request.URL)
		}
		for _, name := range []string{"content-type", "authorization"} {
			if got := e.request.Header.Get(name); got != l.M.Headers[name] {
				p.t.Errorf("line %d: %s is %q", l.n, name, got)
			}
		}
		if l.M.Method == http.MethodGet {
			e.answer <- answerOf(http.StatusOK, []byte(p.c.files[l.M.URL]))
			return
		}
		got, want := bodyOf(p.t, e.body), bodyOf(p.t, l.M.Body)
		if !schema.Equal(got, want) {
			p.t.Errorf("line %d:\n got %s\nwant %s", l.n, schema.Text(got), schema.Text(want))
		}
	case <-limit.C:
		p.t.Errorf("line %d: no request", l.n)
	}
}
