package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestStaleInputsAreDropped gives inputs of an earlier asking to a thing.
func TestStaleInputsAreDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), sum, ticks)
	call := w.ask(sum, `{"a":1,"b":2}`)
	sub := w.ask(ticks, ``)
	w.Send(call)
	w.Send(sub)
	for _, id := range []ThingID{call.ID, sub.ID, 999} {
		w.apply(
			Sent{id, 1, []bus.Instance{app("a", 1)}},
			Returned{id, 1, bus.Return{Server: app("a", 1), Value: json.RawMessage(`{}`)}},
			Finished{id, 1, errors.New("late")},
			Streamed{id, 1, bus.StreamAccepted{At: w.now, Server: app("a", 1)}},
			Streamed{id, 1, bus.StreamData{At: w.now, Data: json.RawMessage(`1`)}},
			Streamed{id, 1, bus.StreamClosed{At: w.now}},
			Subscribed{id, 1, errors.New("late")},
			Overrun{id, 1, 5},
		)
	}
	if call.Phase != Asking || sub.Phase != Asking || call.Err != nil || sub.Err != nil {
		t.Errorf("call %v %v, stream %v %v", call.Phase, call.Err, sub.Phase, sub.Err)
	}
	if len(call.Results.Answers) != 0 || sub.Tail.Counts() != (TailCounts{}) || len(w.History) != 0 {
		t.Errorf("%d answers, counts %+v, %d in the history", len(call.Results.Answers), sub.Tail.Counts(), len(w.History))
	}
}

// TestCallOfSeveral lets three servers answer in another order, one with an error.
func TestCallOfSeveral(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b, c := app("a", 1), app("b", 1), app("c", 1)
	for _, i := range []bus.Instance{a, b, c} {
		w.join(i, sum)
	}
	thing := w.open(sum, `{"a":1,"b":2}`)
	thing.Target = bus.Target{Mode: bus.All}
	w.Send(thing)
	w.apply(Sent{thing.ID, 1, []bus.Instance{a, b, c}})
	answer := func(i bus.Instance, value string, err error, took time.Duration) {
		w.apply(Returned{thing.ID, 1, bus.Return{Server: i, Value: json.RawMessage(value), Err: err, Took: took, At: w.now}})
	}
	answer(c, "", &bus.Error{Reason: "no mood"}, 9*time.Millisecond)
	answer(a, `{"sum":3}`, nil, 4*time.Millisecond)
	answer(a, `{"sum":4}`, nil, 5*time.Millisecond) // twice: ignored
	if ok, failed, pending := thing.Results.Counts(); ok != 1 || failed != 1 || pending != 1 {
		t.Errorf("%d, %d, %d", ok, failed, pending)
	}
	answer(b, `{"sum":3}`, nil, 2*time.Millisecond)
	w.apply(Finished{thing.ID, 1, nil})
	if thing.Phase != Ended || thing.Took() != 9*time.Millisecond {
		t.Errorf("phase %v, took %v, want the slowest answer", thing.Phase, thing.Took())
	}
	r := w.History[0]
	if r.OK != 2 || r.Failed != 1 || r.Who != "c" || r.Err != "no mood" || string(r.Value) != `{"sum":3}` || r.Target.Mode != bus.All || r.Took != thing.Took() {
		t.Errorf("the history tells %+v", r)
	}
	m := w.method(sum)
	if m.Call != r {
		t.Error("the method does not know its last call")
	}
	if st := m.Stats[w.Dir.ByPeer("c-1").ID]; st.Answers != 1 || st.Errors != 1 {
		t.Errorf("c's stats are %+v", st)
	}
	if st := m.Stats[w.Dir.ByPeer("a-1").ID]; st.Answers != 1 || st.Median() != 4*time.Millisecond {
		t.Errorf("a's stats are %+v", st)
	}
}

// TestRecordNamesTheFirstThatFailed has a server whose error comes after one
// that did not answer at all.
func TestRecordNamesTheFirstThatFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := app("a", 1), app("b", 1)
	w.join(a, sum)
	w.join(b, sum)
	thing := w.ask(sum, `{"a":1,"b":2}`)
	w.apply(Sent{thing.ID, 1, []bus.Instance{a, b}})
	w.apply(Returned{thing.ID, 1, bus.Return{Server: b, Err: &bus.Error{Reason: "no"}}}, Finished{thing.ID, 1, nil})
	if r := w.History[0]; r.Failed != 2 || r.Who != "a" || r.Err != "no answer" {
		t.Errorf("the history tells %+v", r)
	}
}

func TestNothingCouldBeAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(app("a", 1), sum)
	thing := w.ask(sum, `{"a":1,"b":2}`)
	w.pass(30 * time.Second)
	w.apply(Finished{thing.ID, 1, errors.New("no server offered it")})
	if thing.Phase != Ended || thing.Err == nil || thing.Took() != 30*time.Second {
		t.Errorf("%+v", thing)
	}
	if r := w.History[0]; r.OK != 0 || r.Failed != 1 || r.Err != "no server offered it" {
		t.Errorf("the history tells %+v", r)
	}
}

// TestSubscribeAgainKeepsWhatCame ends a subscription and asks for it again: what
// came stays, with a row for the time between. Other arguments begin anew.
func TestSubscribeAgainKeepsWhatCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	a := app("a", 1)
	w.join(a, ticks)
	sub := w.ask(ticks, `{"rate":1}`)
	data := func(n int) {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Server: a.PeerID, Sequence: json.Number(fmt.Sprint(n)), Data: json.RawMessage(`{}`)}})
	}
	accept := func() {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamAccepted{At: w.now, Server: a}}, Subscribed{sub.ID, sub.Gen, nil})
	}
	accept()
	data(1)
	data(2)
	w.GiveUp(sub)
	w.pass(3 * time.Second)
	w.Repeat(sub)
	if sub.Tail.Len() != 2 {
		t.Fatalf("%d rows while it is asked again", sub.Tail.Len())
	}
	w.pass(time.Second)
	accept()
	if since, _ := sub.Tail.Silence(w.now); since != 0 {
		t.Errorf("silent for %v, of which nothing was subscribed", since)
	}
	data(90)
	data(91)
	if usual := sub.Tail.Usual(); usual != 0 {
		t.Errorf("events come every %v, by the time without a subscription", usual)
	}
	gap := sub.Tail.at(3)
	if sub.Tail.Len() != 5 || gap.Gap != "subscribed again after 4.0 s; what was sent between is not here" {
		t.Errorf("%d rows, the third says %q", sub.Tail.Len(), gap.Gap)
	}
	if c := sub.Tail.Counts(); c.Missing != 0 {
		t.Errorf("%d missing that nobody asked for", c.Missing)
	}
	w.GiveUp(sub)
	sub.Form.Fill([]byte(`{"rate":2}`))
	w.Repeat(sub)
	if sub.Tail.Len() != 0 {
		t.Error("rows of other arguments are kept")
	}
}

// TestStreamLife follows a subscription from its asking to its end.
func TestStreamLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	a := app("a", 1)
	w.join(a, ticks)
	sub := w.ask(ticks, ``)
	on := func(e bus.Event) { w.apply(Streamed{sub.ID, sub.Gen, e}) }
	on(bus.StreamAccepted{At: w.now, Server: a})
	w.apply(Subscribed{sub.ID, sub.Gen, nil})
	if sub.Phase != Running || sub.Publisher.PeerID != a.PeerID || !sub.Accepted.Equal(w.now) {
		t.Fatalf("accepted: %+v", sub)
	}
	accepted := w.now
	for i := range 5 {
		on(bus.StreamData{At: w.now, Server: a.PeerID, Sequence: json.Number(fmt.Sprint(i)), Data: json.RawMessage(`{}`)})
	}
	w.apply(Overrun{sub.ID, sub.Gen, 7})
	if c := sub.Tail.Counts(); c.Total != 5 || c.Dropped != 7 || c.Gaps != 1 {
		t.Errorf("counts %+v", c)
	}
	if w.Traffic.Total() != 5 || w.Dir.ByPeer(a.PeerID).Traffic.Total() != 5 {
		t.Errorf("traffic %d, of the publisher %d", w.Traffic.Total(), w.Dir.ByPeer(a.PeerID).Traffic.Total())
	}
	w.pass(time.Second)
	on(bus.StreamLost{At: w.now})
	if sub.Interrupted.IsZero() || sub.Phase != Running {
		t.Errorf("lost: %+v", sub)
	}
	w.pass(4100 * time.Millisecond)
	on(bus.StreamAccepted{At: w.now, Server: app("a", 2), Restored: true})
	if !sub.Interrupted.IsZero() || !sub.Accepted.Equal(accepted) || sub.Publisher.PeerID != "a-2" {
		t.Errorf("restored: %+v", sub)
	}
	row, _ := sub.Tail.Get(sub.Tail.Cursor())
	if row.GapKind != GapLost || row.Gap != "connection lost for 4.1 s; what was sent then is gone" {
		t.Errorf("the gap says %q", row.Gap)
	}
	on(bus.StreamClosed{At: w.now, Server: app("a", 2), Reason: "end of day"})
	if sub.Phase != Ended || sub.Closing == nil || sub.Closing.Reason != "end of day" || !sub.Over.Equal(w.now) {
		t.Errorf("closed: %+v", sub)
	}
}

// TestClosedForNoReason: what publishers write where nobody gave a reason is none.
func TestClosedForNoReason(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"Server dropping all subscriptions on stream_id: 4": "",
		"Server dropping a single subscription":             "",
		"Server dropping by":                                "Server dropping by",
		"":                                                  "",
	} {
		if got := (bus.StreamClosed{Reason: said}).Why(); got != want {
			t.Errorf("closed: %q says %q", said, got)
		}
		if got := (bus.StreamLeft{Reason: said}).Why(); got != want {
			t.Errorf("left: %q says %q", said, got)
		}
	}
}

func TestStreamRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	w.join(app("a", 1), ticks)
	sub := w.ask(ticks, ``)
	w.apply(Subscribed{sub.ID, sub.Gen, errors.New("refused")})
	if sub.Phase != Ended || sub.Err == nil || sub.Live() {
		t.Errorf("%+v", sub)
	}
	if effects := w.Repeat(sub); len(effects) != 1 || sub.Err != nil || sub.Phase != Asking {
		t.Errorf("asked again: %+v, %+v", effects, sub)
	}
}

func TestSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
		ok   bool
	}{
		{errors.New("ours"), "", false},
		{&bus.Error{Reason: "theirs"}, "theirs", true},
		{fmt.Errorf("invoke: %w", &bus.Error{URI: "agm.x"}), "agm.x", true},
		{nil, "", false},
	} {
		if got, ok := Said(c.err); got != c.want || ok != c.ok {
			t.Errorf("%v says %q, %v", c.err, got, ok)
		}
	}
}
