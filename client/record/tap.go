package record

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// Tap hears all of one client, and records it while it is asked to. It knows at
// any time what is on the bus, so that a recording that begins late begins with
// that. It is safe for concurrent use, and waits for nobody.
type Tap struct {
	mu      sync.Mutex
	servers []*server
	state   *bus.ConnChanged
	live    []*Subscription
	ids     int
	into    *Recorder // nil while nothing is recorded
}

// server is an application that is on the bus.
type server struct {
	bus.ServerAdded
	methods []bus.MethodDefinition
}

// NewTap returns a Tap that has heard nothing.
func NewTap() *Tap { return &Tap{} }

// ErrRunning says that a recording goes on already.
var ErrRunning = errors.New("a recording goes on already")

// Start begins to record into out, which the recording closes at its end, and also
// where it fails.
func (t *Tap) Start(out io.WriteCloser, o *Options) (*Recorder, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.into != nil && t.into.Status().Until.IsZero() {
		return nil, errors.Join(ErrRunning, out.Close())
	}
	now := time.Now()
	t.into = newRecorder(out, o, now)
	t.present(now)
	return t.into, nil
}

// present notes what is there already. t.mu is held.
func (t *Tap) present(now time.Time) {
	put := func(l *Line) {
		l.At, l.Already = now, true
		t.into.put(l)
	}
	if t.state != nil {
		put(connection(*t.state))
	}
	for _, s := range t.servers {
		put(join(s.ServerAdded))
		if len(s.methods) > 0 {
			put(&Line{What: Offer, Peer: s.Server.PeerID, Methods: methodsOf(s.methods)})
		}
	}
	for _, s := range t.live {
		put(s.asked())
		for _, a := range s.accepted {
			put(s.line(a))
		}
	}
}

// Seal lets the recording take no more lines; Stop tells how it went.
func (t *Tap) Seal() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.into != nil {
		t.into.seal()
	}
}

// Stop ends the recording, waits until it is written, and tells how it went. It is
// zero where nothing was recorded. Whoever asks meanwhile waits as well.
func (t *Tap) Stop() Status {
	into := t.Recorder()
	if into == nil {
		return Status{}
	}
	into.seal()
	<-into.Done()
	return into.Status()
}

// Recorder is the recording that goes on; nil for none.
func (t *Tap) Recorder() *Recorder {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.into != nil && !t.into.Status().Until.IsZero() {
		t.into = nil
	}
	return t.into
}

// put notes a line if anything is recorded. t.mu is held.
func (t *Tap) put(l *Line) {
	if t.into == nil {
		return
	}
	if l.At.IsZero() {
		l.At = time.Now()
	}
	t.into.put(l)
}

// Hear hears discovery and the state of the connection, as Options.OnEvent of the
// client does.
func (t *Tap) Hear(e bus.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := e.(type) {
	case bus.ConnChanged:
		t.state = &e
		t.put(connection(e))
	case bus.ServerAdded:
		if t.find(e.Server.PeerID) == nil {
			t.servers = append(t.servers, &server{ServerAdded: e})
		}
		t.put(join(e))
	case bus.ServerRemoved:
		t.servers = slices.DeleteFunc(t.servers, func(s *server) bool { return s.Server.PeerID == e.Server.PeerID })
		t.put(&Line{At: e.At, What: Leave, Peer: e.Server.PeerID, Reason: e.Reason, Reset: e.Reset})
	case bus.MethodsAdded:
		if s := t.find(e.Peer); s != nil {
			s.methods = append(slices.Clip(s.methods), e.Methods...)
		}
		t.put(&Line{At: e.At, What: Offer, Peer: e.Peer, Methods: methodsOf(e.Methods)})
	case bus.MethodsRemoved:
		if s := t.find(e.Peer); s != nil {
			s.methods = slices.DeleteFunc(slices.Clone(s.methods), func(m bus.MethodDefinition) bool {
				return slices.ContainsFunc(e.Methods, func(gone bus.MethodDefinition) bool { return gone.ID == m.ID })
			})
		}
		t.put(&Line{At: e.At, What: Withdraw, Peer: e.Peer, Methods: idsOf(e.Methods), Reset: e.Reset})
	}
}

// Reset forgets what is on the bus, for a client that is replaced by another: what
// it knew is not heard to leave.
func (t *Tap) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.servers {
		t.put(&Line{What: Leave, Peer: s.Server.PeerID, Reset: true})
	}
	t.servers, t.state = nil, nil
}

func (t *Tap) find(peer bus.PeerID) *server {
	for _, s := range t.servers {
		if s.Server.PeerID == peer {
			return s
		}
	}
	return nil
}

func join(e bus.ServerAdded) *Line {
	return &Line{At: e.At, What: Join, Peer: e.Server.PeerID, Identity: e.Server.Identity, Mine: e.Mine, Local: e.Server.Local}
}

func connection(e bus.ConnChanged) *Line {
	return &Line{At: e.At, What: Connection, State: e.State.String(), URL: e.URL, Attempt: e.Attempt, Error: errorOf(e.Err)}
}

// question is what a call or a subscription asks.
type question struct {
	id     int
	filter bus.MethodFilter
	target bus.Target
	args   json.RawMessage
	in     *Recorder // where it is noted
}

func (t *Tap) question(f bus.MethodFilter, target bus.Target, args json.RawMessage) question {
	t.ids++
	return question{t.ids, f, target, args, nil}
}

func (q *question) line(what What) *Line {
	l := &Line{What: what, ID: q.id, Method: q.filter.Name, Accepts: q.filter.Accepts, Returns: q.filter.Returns, Args: q.args}
	if q.target.Mode != bus.Best {
		l.Target = q.target.Texts()
	}
	return l
}

// Call is one invocation of the client's own.
type Call struct {
	t *Tap
	q question
}

// Call notes an invocation that begins.
func (t *Tap) Call(f bus.MethodFilter, target bus.Target, args json.RawMessage) *Call {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := &Call{t: t, q: t.question(f, target, args)}
	c.note(false)
	return c
}

// note writes the question down, unless this recording has it. t.mu is held.
func (c *Call) note(already bool) {
	if c.t.into == nil || c.q.in == c.t.into {
		return
	}
	c.q.in = c.t.into
	l := c.q.line(Called)
	l.Already = already
	c.t.put(l)
}

// Sent notes whom the call goes to.
func (c *Call) Sent(servers []bus.Instance) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.note(true)
	l := &Line{What: Asked, ID: c.q.id}
	for _, s := range servers {
		l.Peers = append(l.Peers, s.PeerID)
	}
	c.t.put(l)
}

// Returned notes an answer.
func (c *Call) Returned(r bus.Return) {
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.note(true)
	c.t.put(&Line{
		At: r.At, What: Answered, ID: c.q.id, Peer: r.Server.PeerID, MethodID: r.Method.ID,
		TookMS: float64(r.Took.Microseconds()) / 1000, Value: r.Value, Error: errorOf(r.Err),
	})
}

// Failed notes that nobody could be asked; nil is nothing to note.
func (c *Call) Failed(err error) {
	if err == nil {
		return
	}
	c.t.mu.Lock()
	defer c.t.mu.Unlock()
	c.note(true)
	c.t.put(&Line{What: Failed, ID: c.q.id, Error: errorOf(err)})
}

// Subscription is one subscription of the client's own.
type Subscription struct {
	t *Tap
	q question
	// accepted are the publishers that accepted and have not ended it.
	accepted []bus.StreamAccepted
}

// Subscribe notes a subscription that is asked for.
func (t *Tap) Subscribe(f bus.MethodFilter, target bus.Target, args json.RawMessage) *Subscription {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &Subscription{t: t, q: t.question(f, target, args)}
	t.live = append(t.live, s)
	t.put(s.asked())
	return s
}

func (s *Subscription) asked() *Line { return s.q.line(Subscribed) }

func (s *Subscription) line(a bus.StreamAccepted) *Line {
	return &Line{At: a.At, What: Accepted, ID: s.q.id, Peer: a.Server.PeerID, Subscription: a.Subscription, Restored: a.Restored}
}

// Hear notes what the subscription hears, as its OnEvent does.
func (s *Subscription) Hear(e bus.Event) {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	switch e := e.(type) {
	case bus.StreamData:
		if s.t.into == nil {
			return
		}
		s.t.put(&Line{
			At: e.At, What: Event, ID: s.q.id, Peer: e.Server,
			Private: e.Private, Snapshot: e.Snapshot, Sequence: e.Sequence, Data: e.Data,
		})
	case bus.StreamAccepted:
		s.accepted = append(s.accepted, e)
		s.t.put(s.line(e))
	case bus.StreamLeft:
		s.accepted = slices.DeleteFunc(slices.Clone(s.accepted), func(a bus.StreamAccepted) bool { return a.Server.PeerID == e.Server.PeerID })
		s.t.put(&Line{At: e.At, What: Parted, ID: s.q.id, Peer: e.Server.PeerID, Reason: e.Reason, URI: e.URI})
	case bus.StreamLost:
		s.accepted = nil
		s.t.put(&Line{At: e.At, What: Lost, ID: s.q.id})
	case bus.StreamClosed:
		s.t.put(&Line{
			At: e.At, What: Closed, ID: s.q.id, Peer: e.Server.PeerID,
			Reason: e.Reason, URI: e.URI, Mine: e.Mine, Failed: e.Failed,
		})
		s.over()
	}
}

// Failed notes that nobody accepted; nil is nothing to note.
func (s *Subscription) Failed(err error) {
	if err == nil {
		return
	}
	var by bus.PeerID
	if rejected := (*client.RejectedError)(nil); errors.As(err, &rejected) {
		by = rejected.Server.PeerID
	}
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	s.t.put(&Line{What: Rejected, ID: s.q.id, Peer: by, Error: errorOf(err)})
	s.over()
}

func (s *Subscription) over() {
	s.t.live = slices.DeleteFunc(s.t.live, func(o *Subscription) bool { return o == s })
}
