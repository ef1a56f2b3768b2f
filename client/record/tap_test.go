package record_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/record"
)

// file is a recording in memory.
type file struct {
	bytes.Buffer
	closed bool
}

func (f *file) Close() error { f.closed = true; return nil }

// rig is a bus in memory with a server on it, and a client that a tap hears.
type rig struct {
	t      *testing.T
	gw     *gateway.Gateway
	server *client.Client
	stream *client.Stream
	tap    *record.Tap
	me     *client.Client
}

func onRig(t *testing.T, f func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, gw: gateway.New(nil), tap: record.NewTap()}
		r.server = r.dial("Desk", nil)
		_, err := r.server.Register(t.Context(), bus.MethodDefinition{
			Name: "Echo", Accepts: "string text", Returns: "string text", Description: "says it <again>",
		}, func(_ context.Context, c client.Call) (any, error) {
			time.Sleep(25 * time.Millisecond)
			if strings.Contains(string(c.Args), "no") {
				return nil, errors.New("not that")
			}
			return c.Args, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r.stream, err = r.server.CreateStream(t.Context(), bus.MethodDefinition{Name: "Ticks", Accepts: "string desk"}, &client.StreamOptions{
			OnRequest: func(q *client.Request) {
				if strings.Contains(string(q.Args), "guest") {
					q.Reject("guests see nothing")
					return
				}
				q.AcceptOnBranch("all")
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		r.me = r.dial("Watcher", r.tap.Hear)
		synctest.Wait()
		f(r)
		for _, c := range []io.Closer{r.me, r.server, r.gw} {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func (r *rig) dial(name string, hear func(bus.Event)) *client.Client {
	r.t.Helper()
	c, err := client.Dial(r.t.Context(), "ws://in.memory/gw3", &client.Options{
		Application: name, User: "ada", OnEvent: hear,
		Dial: func(context.Context, string) (client.Conn, error) { return r.gw.Connect(false), nil },
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *rig) call(args string) {
	c := r.tap.Call(bus.ByName("Echo"), bus.Target{}, json.RawMessage(args))
	_, err := r.me.Invoke(r.t.Context(), bus.ByName("Echo"), json.RawMessage(args), &client.InvokeOptions{
		WaitTimeout: -1, OnSent: c.Sent, OnReturn: c.Returned,
	})
	c.Failed(err)
}

func (r *rig) subscribe(args string) *client.Subscription {
	s := r.tap.Subscribe(bus.ByName("Ticks"), bus.Target{Mode: bus.All}, json.RawMessage(args))
	sub, err := r.me.Subscribe(r.t.Context(), bus.ByName("Ticks"), &client.SubscribeOptions{
		Args: json.RawMessage(args), Target: bus.Target{Mode: bus.All}, OnEvent: s.Hear,
	})
	s.Failed(err)
	return sub
}

func (r *rig) start(o *record.Options) (*file, *record.Recorder) {
	r.t.Helper()
	f := &file{}
	rec, err := r.tap.Start(f, o)
	if err != nil {
		r.t.Fatal(err)
	}
	return f, rec
}

// read reads a recording that must be whole.
func read(t *testing.T, in io.Reader) (record.Header, []*record.Line) {
	t.Helper()
	r, err := record.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	var out []*record.Line
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Header(), out
		}
		if err != nil {
			t.Fatal(err)
		}
		l, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		if l.ID != e.ID || l.What != e.What || !l.At.Equal(e.At) {
			t.Errorf("line %d: looked at, it is %s %d; decoded, %s %d", e.Line, e.What, e.ID, l.What, l.ID)
		}
		out = append(out, l)
	}
}

func of(what record.What, lines []*record.Line) []*record.Line {
	var out []*record.Line
	for _, l := range lines {
		if l.What == what {
			out = append(out, l)
		}
	}
	return out
}

func kinds(lines []*record.Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, string(l.What))
	}
	return strings.Join(out, " ")
}

func TestTapRecords(t *testing.T) {
	t.Parallel()
	onRig(t, func(r *rig) {
		f, _ := r.start(&record.Options{URL: "ws://in.memory/gw3", User: "ada", Application: "Watcher", Program: "test"})
		began := time.Now()
		r.call(`{"text":"a","n":12345678901234567890}`)
		r.call(`{"text":"no"}`)
		sub := r.subscribe(`{"desk":"rates"}`)
		r.subscribe(`{"desk":"guest"}`)
		if err := r.stream.Push(json.RawMessage(`{"n":1}`)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		time.Sleep(time.Second)
		if err := r.stream.Subscribers()[0].Push(json.RawMessage(`{"n":2}`)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		other := r.dial("Other", nil)
		synctest.Wait()
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		r.stream.Subscribers()[0].CloseWith("end of day")
		synctest.Wait()
		_ = sub.Close()
		status := r.tap.Stop()

		if !f.closed || status.Err != nil || status.Events != 2 || status.Calls != 2 || status.Bytes != int64(f.Len()) {
			t.Errorf("ended with %+v, file of %d bytes, closed %t", status, f.Len(), f.closed)
		}
		h, lines := read(t, &f.Buffer)
		if h.User != "ada" || h.Program != "test" || !h.At.Equal(began) {
			t.Errorf("header %+v", h)
		}
		want := "connection join join offer call asked answer call asked answer subscribe accepted subscribe rejected event event join leave closed end"
		// The server came first, and offered one by one, but all of it before.
		have := kinds(lines)
		for strings.Contains(have, "offer offer") {
			have = strings.ReplaceAll(have, "offer offer", "offer")
		}
		if have != want {
			t.Errorf("has\n%s\nwant\n%s", have, want)
		}
		for _, l := range lines[:4] {
			if !l.Already {
				t.Errorf("%s was there before, and the line says %+v", l.What, l)
			}
		}
		offers := of(record.Offer, lines)
		m := offers[0].Methods[0]
		if m.Name != "Echo" || m.Accepts != "string text" || m.Description != "says it <again>" || len(m.Raw) == 0 {
			t.Errorf("definition %+v", m)
		}
		answers := of(record.Answered, lines)
		if string(answers[0].Value) != `{"text":"a","n":12345678901234567890}` || answers[0].Took() != 25*time.Millisecond {
			t.Errorf("first answer %+v", answers[0])
		}
		if e := answers[1].Error; e == nil || e.Reason != "not that" || e.URI != bus.ClientError || e.Own {
			t.Errorf("second answer %+v", answers[1])
		}
		if l := of(record.Subscribed, lines)[0]; string(l.Args) != `{"desk":"rates"}` || len(l.Target) != 1 || l.Target[0] != "all" {
			t.Errorf("subscription %+v", l)
		}
		no := of(record.Rejected, lines)[0]
		if no.Error.Reason != "guests see nothing" || no.Peer != r.server.Self().PeerID {
			t.Errorf("rejected %+v", no)
		}
		events := of(record.Event, lines)
		if events[0].Private || !events[1].Private || string(events[0].Data) != `{"n":1}` || events[1].At.Sub(events[0].At) < time.Second {
			t.Errorf("events %+v and %+v", events[0], events[1])
		}
		if l := of(record.Closed, lines)[0]; l.Reason != "end of day" || l.Mine {
			t.Errorf("closed %+v", l)
		}
		if l := lines[len(lines)-1]; l.Why != "stopped" || l.Events != 2 {
			t.Errorf("last line %+v", l)
		}
	})
}

// TestTapBeginsLate: what goes on already is noted first, and what was asked before
// is still told of.
func TestTapBeginsLate(t *testing.T) {
	t.Parallel()
	onRig(t, func(r *rig) {
		sub := r.subscribe(`{"desk":"rates"}`)
		over := make(chan struct{})
		go func() { defer close(over); r.call(`{"text":"slow"}`) }()
		synctest.Wait()
		f, _ := r.start(nil)
		<-over
		if err := r.stream.Push(json.RawMessage(`{"n":1}`)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, err := r.tap.Start(&file{}, nil); !errors.Is(err, record.ErrRunning) {
			t.Errorf("a second recording: %v", err)
		}
		r.tap.Stop()
		if err := r.stream.Push(json.RawMessage(`{"n":2}`)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		_ = sub.Close()
		_, lines := read(t, &f.Buffer)
		if len(of(record.Event, lines)) != 1 || len(of(record.Answered, lines)) != 1 {
			t.Errorf("lines %s", kinds(lines))
		}
		for _, what := range []record.What{record.Subscribed, record.Accepted, record.Called} {
			l := of(what, lines)
			if len(l) != 1 || !l[0].Already {
				t.Errorf("%s: %+v", what, l)
			}
		}
		again, _ := r.start(nil)
		r.tap.Stop()
		if _, lines := read(t, &again.Buffer); len(of(record.Accepted, lines)) != 0 {
			t.Errorf("the second recording has a subscription that is over: %s", kinds(lines))
		}
	})
}

// TestSeal: what is sealed takes nothing more, and is being recorded until all of it
// is in the file.
// TestTapRecordsAPart: a publisher that ends its part in a subscription is noted, and a
// recording that begins then has the others alone.
func TestTapRecordsAPart(t *testing.T) {
	t.Parallel()
	tap := record.NewTap()
	var first, second file
	if _, err := tap.Start(&first, nil); err != nil {
		t.Fatal(err)
	}
	sub := tap.Subscribe(bus.ByName("Ticks"), bus.Target{Mode: bus.All}, nil)
	for _, peer := range []bus.PeerID{"p1", "p2"} {
		sub.Hear(bus.StreamAccepted{At: time.Now(), Server: bus.Instance{PeerID: peer}})
	}
	sub.Hear(bus.StreamLeft{At: time.Now(), Server: bus.Instance{PeerID: "p1"}, Reason: "enough", URI: "x"})
	tap.Stop()
	_, lines := read(t, &first.Buffer)
	if l := of(record.Parted, lines); len(l) != 1 || l[0].Peer != "p1" || l[0].Reason != "enough" || l[0].URI != "x" || l[0].ID != 1 {
		t.Errorf("noted %+v among %s", l, kinds(lines))
	}
	if _, err := tap.Start(&second, nil); err != nil {
		t.Fatal(err)
	}
	tap.Stop()
	_, lines = read(t, &second.Buffer)
	if l := of(record.Accepted, lines); len(l) != 1 || l[0].Peer != "p2" {
		t.Errorf("the second recording begins with %+v", l)
	}
}

func TestSeal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tap, slow := record.NewTap(), &stuck{gate: make(chan struct{})}
		if _, err := tap.Start(slow, nil); err != nil {
			t.Fatal(err)
		}
		tap.Hear(bus.ServerAdded{At: time.Now(), Server: bus.Instance{PeerID: "in time"}})
		tap.Seal()
		tap.Hear(bus.ServerAdded{At: time.Now(), Server: bus.Instance{PeerID: "too late"}})
		ends := make(chan record.Status, 2)
		for range 2 {
			go func() { ends <- tap.Stop() }()
		}
		synctest.Wait()
		if tap.Recorder() == nil || len(ends) > 0 {
			t.Error("it is over before it is written")
		}
		close(slow.gate)
		for range 2 {
			if s := <-ends; s.Lines != 1 || s.Until.IsZero() {
				t.Errorf("ended with %+v", s)
			}
		}
		if tap.Recorder() != nil {
			t.Error("it goes on")
		}
	})
}

// TestTapIsBounded: a file that takes nothing costs nobody time, and what was too
// much is counted and told.
func TestTapIsBounded(t *testing.T) {
	t.Parallel()
	onRig(t, func(r *rig) {
		slow := &stuck{gate: make(chan struct{})}
		if _, err := r.tap.Start(slow, &record.Options{MaxBytes: -1}); err != nil {
			t.Fatal(err)
		}
		s := r.tap.Subscribe(bus.ByName("Ticks"), bus.Target{}, nil)
		const all = 120_000
		for range all {
			s.Hear(bus.StreamData{At: time.Now(), Data: json.RawMessage(`{"n":1}`)})
		}
		r.tap.Hear(bus.ServerAdded{At: time.Now(), Server: bus.Instance{PeerID: "late"}})
		close(slow.gate)
		status := r.tap.Stop()
		_, lines := read(t, &slow.Buffer)
		events, told := len(of(record.Event, lines)), int64(0)
		for _, l := range of(record.Dropped, lines) {
			told += l.Count
		}
		if told == 0 || int64(events)+told != all || told != status.Dropped {
			t.Errorf("%d events written and %d told to be dropped of %d; status %+v", events, told, all, status)
		}
		joins := of(record.Join, lines)
		if joins[len(joins)-1].Peer != "late" {
			t.Error("who joined was dropped with the events")
		}
	})
}

// stuck takes nothing until its gate opens.
type stuck struct {
	file
	gate chan struct{}
}

func (s *stuck) Write(p []byte) (int, error) {
	<-s.gate
	return s.file.Write(p)
}

func TestTapEndsWhereItIsFull(t *testing.T) {
	t.Parallel()
	onRig(t, func(r *rig) {
		var ended []record.Status
		f, rec := r.start(&record.Options{MaxBytes: 8 << 10, OnEnd: func(s record.Status) { ended = append(ended, s) }})
		s := r.tap.Subscribe(bus.ByName("Ticks"), bus.Target{}, nil)
		for range 1000 {
			s.Hear(bus.StreamData{At: time.Now(), Data: json.RawMessage(`{"n":1}`)})
		}
		<-rec.Done()
		if r.tap.Recorder() != nil {
			t.Error("it still records")
		}
		if len(ended) != 1 || !ended[0].Full || f.Len() > 9<<10 {
			t.Errorf("ended %+v with %d bytes", ended, f.Len())
		}
		_, lines := read(t, &f.Buffer)
		if last := lines[len(lines)-1]; last.What != record.End || last.Why != "full" {
			t.Errorf("last line %+v", last)
		}
		r.tap.Stop()
	})
}

// broken fails after some bytes.
type broken struct{ file }

func (b *broken) Write(p []byte) (int, error) {
	if b.Len() > 0 {
		return 0, errors.New("disk is full")
	}
	return b.file.Write(p)
}

func TestTapTellsOfABrokenFile(t *testing.T) {
	t.Parallel()
	onRig(t, func(r *rig) {
		rec, err := r.tap.Start(&broken{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		r.call(`{"text":"a"}`)
		<-rec.Done()
		if err := rec.Status().Err; err == nil || err.Error() != "disk is full" {
			t.Errorf("error %v", err)
		}
	})
}

// TestTapOverAReconnect: a loss and the return are in the recording.
func TestTapOverAReconnect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tap := record.NewTap()
		f := &file{}
		if _, err := tap.Start(f, nil); err != nil {
			t.Fatal(err)
		}
		gw := gateway.New(nil)
		c := client.Open("ws://in.memory/gw3", &client.Options{
			User: "ada", OnEvent: tap.Hear,
			Dial: func(context.Context, string) (client.Conn, error) { return gw.Connect(false), nil },
		})
		synctest.Wait()
		old := gw
		gw = gateway.New(nil)
		_ = old.Close()
		time.Sleep(time.Minute)
		_ = c.Close()
		_ = gw.Close()
		tap.Stop()
		_, lines := read(t, &f.Buffer)
		var states []string
		for _, l := range of(record.Connection, lines) {
			states = append(states, l.State)
		}
		if got := strings.Join(states, " "); !strings.Contains(got, "live lost") || strings.Count(got, "live") != 2 {
			t.Errorf("the connection was %s", got)
		}
	})
}

func TestInvalidPayloadsBecomeTexts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tap := record.NewTap()
		f := &file{}
		if _, err := tap.Start(f, nil); err != nil {
			t.Fatal(err)
		}
		s := tap.Subscribe(bus.ByName("Ticks"), bus.Target{}, nil)
		s.Hear(bus.StreamData{At: time.Now(), Sequence: "-", Data: json.RawMessage(`{"n":`)})
		tap.Stop()
		_, lines := read(t, &f.Buffer)
		if e := of(record.Event, lines); len(e) != 1 || string(e[0].Data) != `"{\"n\":"` {
			t.Errorf("events %+v", e)
		}
	})
}
