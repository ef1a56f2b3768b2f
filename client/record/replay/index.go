package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/client/record"
)

// Bounds of what is kept of a recording in memory. What is on top is passed over,
// and Problems says so.
const (
	maxSteps    = 200_000
	maxAnswers  = 200_000
	maxAsked    = 100_000
	maxArgs     = 32 << 20
	maxProblems = 20
)

// Recording is a recording that was looked through.
type Recording struct {
	in     io.ReaderAt
	size   int64
	header record.Header
	end    time.Time
	counts Counts

	steps    []step
	actors   []*actor
	calls    map[string][]*answer
	streams  map[string][]*asked
	problems []error
	further  int
	argBytes int
	seed     maphash.Seed
	// stones are lines on the way, so that a moment is found without reading all
	// before it.
	stones []record.Entry
	// senders are the keys of applications by the peer ids that they had.
	senders map[bus.PeerID]string
}

// Counts tell what a recording has.
type Counts struct{ Lines, Applications, Answers, Subscriptions, Events int }

// place is where a line stands in the file.
type place struct {
	offset int64
	length int
	line   int
}

// step is something that an application did by itself.
type step struct {
	place
	at    time.Duration // since the beginning
	what  record.What
	actor *actor
}

// actor is an application of the recording. One that our own lost connection hid for
// a while is the same.
type actor struct {
	number   int
	identity json.RawMessage
	instance bus.Instance
	mine     bool
	// on is true once a step has let it join.
	on bool
}

// key tells applications apart, but not their runs.
func (a *actor) key() string {
	return strings.Join([]string{a.instance.Application, a.instance.User, a.instance.Machine}, "\x00")
}

// args are what was asked with.
type args struct {
	raw  json.RawMessage // nil where it is too long to be kept
	hash uint64
}

// answer is one answer to a call.
type answer struct {
	place
	args
	at   time.Duration
	from string // the key of its application
	name string // of the application
	took time.Duration
}

// asked is a subscription, and what one application made of it.
type asked struct {
	args
	id   int
	at   time.Duration
	from string // empty: nobody said anything
	// refused is why; nil where it was accepted.
	refused *record.Error
	// begin is the line at which it was accepted, last the last line that concerns it.
	begin record.Entry
	last  int64
	// end is when the last event came, or it was closed.
	end time.Duration
	// events counts what came.
	events int
}

// Open looks through a recording of that size. The error is that of record.NewReader
// or of the file; what is wrong in single lines is in Problems.
func Open(in io.ReaderAt, size int64) (*Recording, error) {
	reader, err := record.NewReader(io.NewSectionReader(in, 0, size))
	if err != nil {
		return nil, err
	}
	r := &Recording{
		in: in, size: size, header: reader.Header(), end: reader.Header().At,
		calls: map[string][]*answer{}, streams: map[string][]*asked{}, senders: map[bus.PeerID]string{}, seed: maphash.MakeSeed(),
	}
	x := &indexer{
		Recording: r, peers: map[bus.PeerID]*actor{}, limbo: map[string]*actor{},
		open: map[int]*openCall{}, subs: map[int]*openSub{},
	}
	for {
		e, err := reader.Next()
		var broken *record.LineError
		switch {
		case errors.Is(err, io.EOF):
			x.release(r.end.Add(grace))
			return r, nil
		case errors.As(err, &broken):
			r.problem(err)
			continue
		case err != nil:
			return nil, err
		}
		r.counts.Lines++
		r.landmark(e)
		if e.At.After(r.end) {
			r.end = e.At
		}
		if err := x.take(e); err != nil {
			r.problem(err)
		}
	}
}

func (r *Recording) problem(err error) {
	if len(r.problems) == maxProblems {
		r.further++
		return
	}
	r.problems = append(r.problems, err)
}

// Header is the first line.
func (r *Recording) Header() record.Header { return r.header }

// Length is how long it goes.
func (r *Recording) Length() time.Duration { return r.end.Sub(r.header.At) }

// Counts tell what it has.
func (r *Recording) Counts() Counts { return r.counts }

// Problems are the first lines that were passed over, and how many more there are.
func (r *Recording) Problems() (first []error, further int) { return r.problems, r.further }

// indexer is what is known while a recording is looked through.
type indexer struct {
	*Recording
	peers map[bus.PeerID]*actor
	// limbo are those that our own lost connection hid, by their run; back is when
	// it was there again.
	limbo map[string]*actor
	back  time.Time
	open  map[int]*openCall
	subs  map[int]*openSub
	asked int
}

// openCall is a call whose answers may still come.
type openCall struct {
	method string
	args   args
}

// openSub is a subscription that may still hear something.
type openSub struct {
	method string
	args   args
	at     time.Time
	by     map[string]*asked
	// parts are the applications that have a part in it now, by their peer ids.
	parts map[bus.PeerID]string
}

// grace is how long an application may take to be announced again when our
// connection is back.
const grace = 2 * time.Second

// since is how long after the beginning that was.
func (r *Recording) since(t time.Time) time.Duration { return max(t.Sub(r.header.At), 0) }

// take looks at one line.
func (x *indexer) take(e record.Entry) error {
	if !x.back.IsZero() && e.At.Sub(x.back) > grace {
		x.release(e.At)
	}
	at := place{e.Offset, e.Len(), e.Line}
	switch e.What {
	case record.Event:
		x.counts.Events++
		if s := x.subs[e.ID]; s != nil {
			for _, a := range s.by {
				a.last, a.end = e.Offset, x.since(e.At)
				a.events++
			}
		}
		return nil
	case record.Join, record.Leave, record.Offer, record.Withdraw, record.Connection,
		record.Called, record.Answered, record.Subscribed, record.Accepted, record.Rejected, record.Parted, record.Lost, record.Closed:
	default:
		return nil
	}
	l, err := e.Decode()
	if err != nil {
		return err
	}
	switch e.What {
	case record.Join:
		return x.join(l, at)
	case record.Leave, record.Offer, record.Withdraw:
		return x.change(l, at)
	case record.Connection:
		if l.State == bus.Live.String() && len(x.limbo) > 0 {
			x.back = l.At
		}
	case record.Called:
		x.open[l.ID] = &openCall{l.Method, x.keep(l.Args)}
	case record.Answered:
		return x.answer(l, at)
	case record.Subscribed:
		x.counts.Subscriptions++
		x.subs[l.ID] = &openSub{l.Method, x.keep(l.Args), l.At, map[string]*asked{}, map[bus.PeerID]string{}}
	default:
		return x.subscription(l, e)
	}
	return nil
}

// run tells the runs of an application apart, too.
func run(i bus.Instance) string {
	return strings.Join([]string{i.Application, i.User, i.Machine, fmt.Sprint(i.PID)}, "\x00")
}

func (x *indexer) join(l *record.Line, at place) error {
	if x.peers[l.Peer] != nil {
		return nil // announced twice
	}
	i := bus.ParseInstance(l.Peer, l.Identity, l.Local)
	x.senders[l.Peer] = (&actor{instance: i}).key()
	if a := x.limbo[run(i)]; a != nil {
		delete(x.limbo, run(i))
		x.peers[l.Peer] = a
		return nil
	}
	a := &actor{number: len(x.actors), identity: l.Identity, instance: i, mine: l.Mine}
	x.peers[l.Peer] = a
	if a.mine {
		return nil // it comes only if it offers something
	}
	return x.enter(a, at, l.At)
}

func (x *indexer) enter(a *actor, at place, when time.Time) error {
	if err := x.step(at, when, record.Join, a); err != nil {
		return err
	}
	a.on = true
	x.actors = append(x.actors, a)
	x.counts.Applications++
	return nil
}

func (x *indexer) step(at place, when time.Time, what record.What, a *actor) error {
	if len(x.steps) == maxSteps {
		return &record.LineError{Line: at.line, Err: fmt.Errorf("more than %d changes of the bus; this one is passed over", maxSteps)}
	}
	x.steps = append(x.steps, step{at, x.since(when), what, a})
	return nil
}

func (x *indexer) change(l *record.Line, at place) error {
	a := x.peers[l.Peer]
	switch {
	case a == nil:
		return &record.LineError{Line: at.line, Err: fmt.Errorf("%s of %q, of whom no line says that it joined", l.What, l.Peer)}
	case l.What == record.Leave && l.Reset:
		delete(x.peers, l.Peer)
		x.limbo[run(a.instance)] = a
		x.back = time.Time{}
		return nil
	case l.Reset:
		return nil
	case l.What == record.Leave:
		delete(x.peers, l.Peer)
	case l.What == record.Offer && !a.on:
		if err := x.enter(a, at, l.At); err != nil {
			return err
		}
	}
	if !a.on {
		return nil
	}
	return x.step(at, l.At, l.What, a)
}

// release lets those go who did not come back with the connection.
func (x *indexer) release(now time.Time) {
	if x.back.IsZero() {
		return
	}
	for key, a := range x.limbo {
		if a.on {
			_ = x.step(place{}, now, record.Leave, a)
		}
		delete(x.limbo, key)
	}
	x.back = time.Time{}
}

func (x *indexer) answer(l *record.Line, at place) error {
	c := x.open[l.ID]
	switch {
	case c == nil:
		return &record.LineError{Line: at.line, Err: fmt.Errorf("an answer to the call %d, which no line has", l.ID)}
	case l.Error != nil && l.Error.Own && !l.Error.Silent:
		return nil // our own trouble, and nobody's answer
	case x.counts.Answers == maxAnswers:
		return &record.LineError{Line: at.line, Err: fmt.Errorf("more than %d answers; this one is passed over", maxAnswers)}
	}
	a := &answer{place: at, args: c.args, at: x.since(l.At), took: l.Took()}
	if who := x.peers[l.Peer]; who != nil {
		a.from, a.name = who.key(), who.instance.Name()
	}
	key := strings.ToLower(c.method)
	x.calls[key] = append(x.calls[key], a)
	x.counts.Answers++
	return nil
}

// line reads a line again.
func (r *Recording) line(at place) (*record.Line, error) {
	text := make([]byte, at.length)
	if _, err := r.in.ReadAt(text, at.offset); err != nil {
		return nil, fmt.Errorf("read the recording: %w", err)
	}
	var l record.Line
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, &record.LineError{Line: at.line, Err: err}
	}
	return &l, nil
}
