package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"sync"
	"time"
)

// Options say how to record. nil is fine.
type Options struct {
	// MaxBytes is how long the recording may get; it ends there. Default:
	// DefaultMaxBytes; negative: no bound.
	MaxBytes int64
	// URL, User, Application and Program are noted in the first line.
	URL, User, Application, Program string
	// OnEnd hears when the recording is over and the file is closed, by Stop or by
	// itself. It is called on the recorder's own goroutine.
	OnEnd func(Status)
}

// DefaultMaxBytes is how long a recording gets where nothing else is said.
const DefaultMaxBytes = 256 << 20

// Bounds of what may wait to be written. Beyond the first ones the events of
// streams are dropped, beyond twice as much all else.
const (
	queueLines = 50_000
	queueBytes = 32 << 20
)

// Status tells how a recording goes, or went.
type Status struct {
	// Since is when it began, Until when it was over; zero while it goes on.
	Since, Until time.Time
	// Lines, Calls and Events count what was taken, Bytes what was written.
	Lines, Calls, Events, Bytes int64
	// Dropped counts the lines that were too many at once.
	Dropped int64
	// Full is true when it ended because it got as long as it may.
	Full bool
	// Err is why it ended when it could not be written.
	Err error
}

// Recorder writes one recording. It is safe for concurrent use.
type Recorder struct {
	out   io.WriteCloser
	limit int64
	onEnd func(Status)
	done  chan struct{} // closed when the file is
	wake  chan struct{} // capacity 1

	mu       sync.Mutex
	queue    []*Line
	bytes    int // of the queue, about
	stopping bool
	untold   int64 // dropped and not yet written down
	status   Status
}

// newRecorder begins a recording with its first line.
func newRecorder(out io.WriteCloser, o *Options, now time.Time) *Recorder {
	if o == nil {
		o = &Options{}
	}
	r := &Recorder{
		out: out, limit: o.MaxBytes, onEnd: o.OnEnd,
		done: make(chan struct{}), wake: make(chan struct{}, 1),
		status: Status{Since: now},
	}
	if r.limit == 0 {
		r.limit = DefaultMaxBytes
	}
	go r.run(Header{
		Ioscope: magic, Version: Version, At: now,
		URL: o.URL, User: o.User, Application: o.Application, Program: o.Program,
	})
	return r
}

// Status tells how it goes.
func (r *Recorder) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

// Done is closed when the recording is over, by Stop or by itself.
func (r *Recorder) Done() <-chan struct{} { return r.done }

// put takes a line. It never waits for the file.
func (r *Recorder) put(l *Line) {
	size := 200 + len(l.Data) + len(l.Args) + len(l.Value) + len(l.Identity)
	for _, m := range l.Methods {
		size += 200 + 2*len(m.Raw)
	}
	room := 1
	if l.What != Event {
		room = 2
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopping {
		return
	}
	if len(r.queue) >= room*queueLines || r.bytes+size > room*queueBytes && len(r.queue) > 0 {
		r.status.Dropped++
		r.untold++
		return
	}
	r.queue = append(r.queue, l)
	r.bytes += size
	r.status.Lines++
	switch l.What {
	case Event:
		r.status.Events++
	case Called:
		r.status.Calls++
	}
	r.nudge()
}

func (r *Recorder) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// seal takes no more lines. The recording is over when the last is written.
func (r *Recorder) seal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopping = true
	r.nudge()
}

// take empties the queue. last is true when no more comes.
func (r *Recorder) take() (lines []*Line, dropped int64, last bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	lines, r.queue, r.bytes = r.queue, nil, 0
	dropped, r.untold = r.untold, 0
	return lines, dropped, r.stopping
}

// run is the one who writes.
func (r *Recorder) run(h Header) {
	w := newLineWriter(r.out, r.limit)
	err, full := w.write(h), false
	for last := false; err == nil && !last && !full; {
		<-r.wake
		var lines []*Line
		var dropped int64
		lines, dropped, last = r.take()
		if dropped > 0 {
			lines = append(lines, &Line{At: time.Now(), What: Dropped, Count: dropped})
		}
		for _, l := range lines {
			if err = w.write(l); err != nil {
				break
			}
			if full = w.full(); full {
				break
			}
		}
		if err == nil {
			err = w.out.Flush()
		}
		r.mu.Lock()
		r.status.Bytes = w.size
		r.mu.Unlock()
	}
	r.finish(w, err, full)
}

// finish writes the last line and closes the file.
func (r *Recorder) finish(w *lineWriter, err error, full bool) {
	r.mu.Lock()
	r.stopping, r.queue = true, nil
	s := r.status
	r.mu.Unlock()
	why := "stopped"
	if full {
		why = "full"
	}
	now := time.Now()
	if err == nil {
		err = w.write(&Line{At: now, What: End, Why: why, Events: s.Events, Lines: s.Lines, Dropped: s.Dropped})
	}
	if err == nil {
		err = w.out.Flush()
	}
	if closing := r.out.Close(); err == nil {
		err = closing
	}
	r.mu.Lock()
	r.status.Bytes, r.status.Err, r.status.Full, r.status.Until = w.size, err, full, now
	s = r.status
	r.mu.Unlock()
	if r.onEnd != nil {
		r.onEnd(s)
	}
	close(r.done)
}

// lineWriter writes values as lines and counts the bytes.
type lineWriter struct {
	out   *bufio.Writer
	limit int64
	size  int64
	line  bytes.Buffer
	enc   *json.Encoder
}

func newLineWriter(out io.Writer, limit int64) *lineWriter {
	const room = 64 << 10
	w := &lineWriter{out: bufio.NewWriterSize(out, room), limit: limit}
	w.enc = json.NewEncoder(&w.line)
	w.enc.SetEscapeHTML(false)
	return w
}

func (w *lineWriter) write(v any) error {
	w.line.Reset()
	if err := w.enc.Encode(v); err != nil {
		// Only bytes of the other side that are no JSON can be at fault.
		w.line.Reset()
		l, ok := v.(*Line)
		if !ok {
			return err
		}
		if err := w.enc.Encode(quoted(*l)); err != nil {
			return err
		}
	}
	n, err := w.out.Write(w.line.Bytes())
	w.size += int64(n)
	return err
}

func (w *lineWriter) full() bool { return w.limit > 0 && w.size >= w.limit }

// quoted is the line with what is no JSON as text.
func quoted(l Line) *Line {
	mend := func(raw *json.RawMessage) {
		if len(*raw) > 0 && !json.Valid(*raw) {
			*raw, _ = json.Marshal(string(*raw)) // texts can't fail
		}
	}
	for _, raw := range []*json.RawMessage{&l.Data, &l.Args, &l.Value, &l.Identity} {
		mend(raw)
	}
	methods := make([]Method, len(l.Methods))
	for i, m := range l.Methods {
		mend(&m.Flags)
		mend(&m.Raw)
		methods[i] = m
	}
	l.Methods = methods
	if l.Error != nil {
		e := *l.Error
		mend(&e.Context)
		l.Error = &e
	}
	if !json.Valid([]byte(l.Sequence)) {
		l.Sequence = ""
	}
	return &l
}
