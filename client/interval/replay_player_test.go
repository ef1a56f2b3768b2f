package interval

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/internal/wire"
	"ioscope/client/interval/schema"
)

// player is the runner of a recording, and the network around it.
type player struct {
	t     *testing.T
	c     conversation
	host  *Host
	lines []*line
	begun time.Time

	dials    chan dialled
	upAt     time.Time // nobody is reached before
	requests chan exchange
	pending  exchange // waits for its answer
	pings    chan chan struct{}
	pinging  chan struct{} // waits for its pong
	work     sync.WaitGroup

	raw      wire.Conn // the connection as it is now, nil for none
	hungUp   chan error
	instance string
	calls    chan message

	mu        sync.Mutex
	unacked   map[string]int     // lines that our host has yet to acknowledge
	responses map[string]message // by id, until they were compared

	ids     map[string]string // recorded to ours: renders, steps
	rpcs    map[string]string // recorded to ours: calls of the host
	skipped map[string]bool   // calls of the runner that were left out
	shown   map[string]render // what was drawn last, by the recorded key
	asked   bool              // the runner has said something since
	frames  int               // that were compared
}

// render is a recorded render.
type render struct {
	content        schema.Record // without ids
	recorded, ours string        // its ids
}

func newPlayer(t *testing.T, c conversation, lines []*line) *player {
	return &player{
		t: t, c: c, lines: lines, begun: time.Now(), dials: make(chan dialled), requests: make(chan exchange), pings: make(chan chan struct{}, 10),
		calls: make(chan message, 100), unacked: map[string]int{}, responses: map[string]message{}, ids: map[string]string{}, rpcs: map[string]string{},
		skipped: map[string]bool{}, shown: map[string]render{},
	}
}

func (p *player) say(l *line, text string) {
	for recorded, ours := range p.ids {
		text = strings.ReplaceAll(text, recorded, ours)
	}
	id := newID()
	p.sayFrame(l, id, writeFrame(id, frameMessage, &text))
}

func (p *player) sayFrame(l *line, id string, frame []byte) {
	p.mu.Lock()
	p.unacked[id] = l.n
	p.mu.Unlock()
	if p.raw == nil {
		p.t.Fatalf("line %d: nobody is connected", l.n)
	}
	_ = p.raw.Write(context.Background(), frame)
}

// until lets time pass until something is there, or until shortly after the
// moment of a line.
func (p *player) until(l *line, there func() bool) bool {
	moment := p.moment(l)
	if now := time.Now(); now.After(moment) {
		moment = now
	}
	limit := moment.Add(200 * time.Millisecond)
	for synctest.Wait(); !there(); synctest.Wait() {
		if time.Now().After(limit) {
			return false
		}
		time.Sleep(time.Millisecond)
	}
	return true
}

func (p *player) moment(l *line) time.Time {
	return p.begun.Add(time.Duration(l.T-p.lines[0].T) * time.Millisecond)
}

// reach lets time pass until the moment of a line.
func (p *player) reach(l *line) {
	time.Sleep(time.Until(p.moment(l)))
	synctest.Wait()
}

// expect compares the next call of our host with a recorded one.
func (p *player) expect(l *line, want message) {
	p.t.Helper()
	w, wantID, wantKey := comparable(p.t, want.Data)
	last, drawn := p.shown[wantKey]
	if wantKey != "" && drawn && last.recorded != wantID && !p.asked && schema.Equal(last.content, w) {
		p.ids[wantID] = last.ours // the SDK draws twice after a state, and once is enough
		return
	}
	if !p.until(l, func() bool { return len(p.calls) > 0 }) {
		p.t.Errorf("line %d: our host says nothing, the recorded one %s", l.n, want.MethodName)
		return
	}
	got := <-p.calls
	g, id, key := comparable(p.t, got.Data)
	compared := w
	if p.c.worded[l.n] != "" {
		if schema.Equal(g, w) {
			p.t.Errorf("line %d: our host says it in the same words", l.n)
		}
		g, compared = unworded(g), unworded(slices.Clone(w))
	}
	if got.MethodName != want.MethodName || !schema.Equal(g, compared) {
		p.t.Errorf("line %d:\n got %s %s\nwant %s %s", l.n, got.MethodName, schema.Text(g), want.MethodName, schema.Text(compared))
	}
	p.frames++
	p.rpcs[want.ID] = got.ID
	if wantID == "" {
		return
	}
	if ours, known := p.ids[wantKey]; known && ours != key {
		p.t.Errorf("line %d: another step, where the recorded host drew the same", l.n)
	}
	if drawn && (last.recorded == wantID) != (last.ours == id) {
		p.t.Errorf("line %d: the render is the same: %v, and recorded: %v", l.n, last.ours == id, last.recorded == wantID)
	}
	p.ids[wantID], p.ids[wantKey] = id, key
	p.shown[wantKey] = render{w, wantID, id}
	p.asked = false
}

// more takes the calls that our host makes besides.
func (p *player) more(l *line, s surplus) {
	p.t.Helper()
	for _, method := range s.methods {
		if !p.until(l, func() bool { return len(p.calls) > 0 }) {
			p.t.Errorf("after line %d: our host does not say %s", l.n, method)
			return
		}
		m := <-p.calls
		if m.MethodName != method {
			p.t.Errorf("after line %d: our host says %s %s, and not %s", l.n, m.MethodName, m.Data, method)
		}
		p.say(l, message{m.ID, kindResponse, method, json.RawMessage("true")}.text())
	}
}

// answered compares our host's answer with a recorded one.
func (p *player) answered(l *line, want message) {
	p.t.Helper()
	var got message
	there := p.until(l, func() (ok bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		got, ok = p.responses[want.ID]
		delete(p.responses, want.ID)
		return ok
	})
	switch {
	case !there:
		p.t.Errorf("line %d: our host does not answer %s", l.n, want.MethodName)
	case got.MethodName != want.MethodName || cmp.Or(string(got.Data), "null") != cmp.Or(string(want.Data), "null"):
		p.t.Errorf("line %d: our host answers %s %s, the recorded one %s %s", l.n, got.MethodName, got.Data, want.MethodName, want.Data)
	}
	p.frames++
}

// leavesOut reports a call of a transaction or page that is not to be compared.
func (p *player) leavesOut(m message) bool {
	var of struct {
		TransactionID string `json:"transactionId"`
		PageKey       string `json:"pageKey"`
	}
	return m.Kind == kindCall && json.Unmarshal(m.Data, &of) == nil && slices.Contains(p.c.not, cmp.Or(of.TransactionID, of.PageKey))
}

// play goes through the recording.
func (p *player) play() {
	for i, l := range p.lines {
		if p.t.Failed() {
			return
		}
		if act := p.c.at[l.n]; act != nil {
			synctest.Wait()
			p.work.Go(func() { act(p.t, p.host) })
		}
		switch {
		case p.c.unsaid[l.n] != "":
		case l.M != nil && l.M.HTTP != "":
			p.http(l)
		case l.M != nil && l.M.WS != "":
			p.network(l, p.lines[i+1:])
		case l.byHost():
			p.hears(l)
		default:
			p.says(l)
		}
		if s, more := p.c.surplus[l.n]; more {
			p.more(l, s)
		}
	}
	p.finish()
}

// hears compares what our host says with a line of the recorded one.
func (p *player) hears(l *line) {
	p.t.Helper()
	var m message
	if err := json.Unmarshal([]byte(l.Data), &m); err != nil {
		p.t.Fatalf("line %d: %v", l.n, err)
	}
	switch {
	case m.Kind == kindResponse && p.skipped[m.ID], p.leavesOut(m):
	case m.Kind == kindResponse:
		p.answered(l, m)
	default:
		p.expect(l, m)
	}
}

// says says what the recorded runner said.
func (p *player) says(l *line) {
	p.t.Helper()
	p.reach(l)
	var m message
	wrong := json.Unmarshal([]byte(l.Data), &m)
	switch {
	case l.frame != nil:
		var f struct{ ID string }
		_ = json.Unmarshal(l.frame, &f)
		p.sayFrame(l, f.ID, l.frame)
	case wrong != nil: // meant to be strange
		p.say(l, l.Data)
	case p.leavesOut(m):
		p.skipped[m.ID] = true
	case m.Kind == kindResponse && p.rpcs[m.ID] == "":
		if calls := p.lines[:l.n]; slices.ContainsFunc(calls, func(c *line) bool {
			return c.byHost() && strings.HasPrefix(c.Data, `{"id":"`+m.ID+`","kind":"CALL"`)
		}) {
			return // our host did not call
		}
		p.say(l, l.Data)
	case m.Kind == kindResponse:
		m.ID = p.rpcs[m.ID]
		p.say(l, m.text())
	default:
		p.asked = true
		p.say(l, l.Data)
	}
}

// finish looks for what our host said besides, and for what it owes.
func (p *player) finish() {
	if synctest.Wait(); len(p.calls) > 0 {
		p.t.Errorf("our host says more: %+v", <-p.calls)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, m := range p.responses {
		p.t.Errorf("our host answers %s, the recorded one did not: %+v", id, m)
	}
	for _, n := range p.unacked {
		p.t.Errorf("line %d was not acknowledged", n)
	}
	if p.frames == 0 && p.c.refused == nil {
		p.t.Error("nothing was compared")
	}
}

func TestRecordedConversations(t *testing.T) {
	t.Parallel()
	for file, c := range recorded() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				lines, endpoint := readRecording(t, file)
				p := newPlayer(t, c, postponed(lines, c.later))
				opts := c.opts
				opts.SDKName, opts.APIKey, opts.Endpoint, opts.Dial = "@interval/sdk", "demo-key", endpoint, p.dial
				opts.HTTP = &http.Client{Transport: p}
				p.host = NewHost(opts)
				for _, a := range c.offers {
					a.Run = c.actions[a.definition().FullSlug()]
					p.host.Action(a)
				}
				for _, page := range c.pages {
					p.host.Page(page)
				}
				listening := make(chan error, 1)
				go func() { listening <- p.host.Listen(t.Context()) }()
				p.play()
				if p.raw != nil {
					_ = p.raw.Close(wire.CodeCut, "")
				}
				if err := <-listening; !errors.Is(err, c.refused) {
					t.Errorf("listening ended with %v", err)
				}
				p.host.Close()
				p.work.Wait()
			})
		})
	}
}
