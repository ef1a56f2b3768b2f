package model

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

// serving is a state that offers a method, which the bus agreed to.
func serving(t *testing.T, def bus.MethodDefinition) (*State, *Offering) {
	t.Helper()
	s := New(Options{URL: "ws://bus"}, testNow)
	s.Apply([]Input{Heard{bus.ConnChanged{State: bus.Live, At: testNow}}}, testNow)
	effects := offer(s, map[FieldPath]string{"name": def.Name, "accepts": def.Accepts, "returns": def.Returns}, def.Streaming)
	p, ok := effects[0].(Provide)
	if len(effects) != 1 || !ok {
		t.Fatalf("effects %v", effects)
	}
	s.Apply([]Input{Provided{ID: p.ID}}, testNow)
	o := s.Offering(p.ID)
	if o.Standing != Offered || s.Shown() == nil || s.Shown().Content != Ongoing(o) {
		t.Fatalf("the offer stands %v, shown is %v", o.Standing, s.Shown())
	}
	return s, o
}

var testNow = time.Date(2026, time.November, 21, 14, 3, 22, 0, time.UTC)

// offer fills the form of a new offer in and submits it.
func offer(s *State, texts map[FieldPath]string, stream bool) []Effect {
	s.OfferForm(stream)
	for path, text := range texts {
		s.Serving().Form.Sheet.Form.SetText(path, text)
	}
	return s.Submit(s.Serving())
}

func peerOf(name string) bus.Instance {
	return bus.Instance{PeerID: bus.PeerID("peer-" + name), Application: name}
}

// call lets a call come in that waits for d.
func (o *Offering) call(s *State, id int, args string, d time.Duration) *Incoming {
	s.Apply([]Input{Came{ID: o.ID, Call: id, Caller: peerOf("Trader"), Args: json.RawMessage(args), At: s.Now, Deadline: s.Now.Add(d)}}, s.Now)
	return o.waiting(id)
}

var quotes = bus.MethodDefinition{Name: "Quotes.Ask", Accepts: "string symbol", Returns: "double price"}

func TestOfferIsChecked(t *testing.T) {
	t.Parallel()
	s, _ := serving(t, quotes)
	for name, c := range map[string]struct {
		texts map[FieldPath]string
		at    FieldPath
		want  string
	}{
		"no name":   {map[FieldPath]string{}, "name", "needed"},
		"signature": {map[FieldPath]string{"name": "A", "accepts": "strin name"}, "accepts", `no type "strin"`},
		"same":      {map[FieldPath]string{"name": "Quotes.Ask", "accepts": "string symbol", "returns": "double price"}, "name", "You offer Quotes.Ask already with the same signature."},
		"taken":     {map[FieldPath]string{"name": "Quotes.Ask"}, "name", "You offer Quotes.Ask already; an app offers a name once."},
	} {
		s.Serving().Form = nil
		if effects := offer(s, c.texts, false); effects != nil {
			t.Errorf("%s: offered by %v", name, effects)
		}
		if got := s.Serving().Form.Sheet.WrongAt(c.at); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q at %s, want %q (all: %v)", name, got, c.at, c.want, s.Serving().Form.Sheet.Wrong)
		}
	}
}

// TestSignatureFaultHasItsPlace: the row says at which character a signature breaks.
func TestSignatureFaultHasItsPlace(t *testing.T) {
	t.Parallel()
	s := New(Options{}, testNow)
	s.OfferForm(false)
	f := s.Serving().Form.Sheet.Form
	f.SetText("accepts", "int a, strin b")
	f.SetText("accepts", "int a, strin name")
	for _, row := range f.Rows(testNow) {
		if row.Path == "accepts" && (row.At != 8 || row.Err != `no type "strin"`) {
			t.Errorf("at %d: %q", row.At, row.Err)
		}
	}
}

func TestAnswerByHand(t *testing.T) {
	t.Parallel()
	s, o := serving(t, quotes)
	late := o.call(s, 1, `{"symbol":"VOD"}`, 20*time.Second)
	o.call(s, 2, `{"symbol":"BP"}`, 5*time.Second)
	row, ok := s.ServeAt(o)
	if !ok || row.In.ID != 2 {
		t.Fatalf("the cursor is on %v, not on what runs out first", row)
	}
	s.PointServe(o, ServeRow{Kind: RowWaiting, Of: o, In: late}.ID())
	s.Enter()
	if effects := s.Submit(o); effects != nil {
		t.Errorf("an empty answer was sent: %v", effects)
	}
	late.Sheet.Form.SetText("price", "142.380")
	effects := s.Submit(o)
	if want := (AnswerTo{ID: o.ID, Call: 1, Value: json.RawMessage(`{"price":142.380}`)}); len(effects) != 1 || !equalJSON(effects[0], want) {
		t.Fatalf("effects %v", effects)
	}
	if s.Reply(o, late, nil, nil); !strings.Contains(s.Notice.Text, "on its way") {
		t.Errorf("answered twice: %q", s.Notice.Text)
	}
	s.Apply([]Input{Over{Came: Came{ID: o.ID, Call: 1}, How: ByHand, Over: s.Now.Add(3 * time.Second), Value: effects[0].(AnswerTo).Value}}, s.Now)
	if len(o.Waiting) != 1 || len(o.Past) != 1 || o.Past[0].Took != 3*time.Second || o.Answered != 1 {
		t.Errorf("waiting %d, past %v", len(o.Waiting), o.Past)
	}
}

func equalJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func TestTooLate(t *testing.T) {
	t.Parallel()
	s, o := serving(t, quotes)
	ran, left := o.call(s, 1, `{}`, 30*time.Second), o.call(s, 2, `{}`, 40*time.Second)
	s.AnswerForm(o, ran)
	ran.Sheet.Form.SetText("price", "1")
	s.Apply([]Input{Over{Came: Came{ID: o.ID, Call: 1}, How: RanOut, Over: s.Now.Add(30 * time.Second)}}, s.Now.Add(30*time.Second))
	s.Tick(s.Now.Add(2 * time.Second))
	if effects := s.Submit(o); effects != nil || s.Notice.Text != "Trader's call ran out 2.0 s ago; your answer was not sent." {
		t.Errorf("%v, says %q", effects, s.Notice.Text)
	}
	effects := s.Apply([]Input{Heard{bus.ServerAdded{Server: peerOf("Trader"), At: s.Now}}, Heard{bus.ServerRemoved{Server: peerOf("Trader"), At: s.Now}}}, s.Now)
	if len(effects) != 1 || effects[0].(AnswerTo).Call != 2 || left.How != CallerLeft {
		t.Errorf("who left is %v, effects %v", left.How, effects)
	}
	if s.Reply(o, left, nil, nil); s.Notice.Text != "Trader left 0.0 s ago; your answer was not sent." {
		t.Errorf("says %q", s.Notice.Text)
	}
}

// TestAlwaysSo: a rule made from an answer fits the arguments, answers the call it
// was made for, and its numbers follow it around.
func TestAlwaysSo(t *testing.T) {
	t.Parallel()
	s, o := serving(t, quotes)
	in := o.call(s, 7, `{"symbol":"VOD","a b":[1]}`, time.Minute)
	s.RuleFrom(o, in, json.RawMessage(`{"price":1}`))
	effects := s.Submit(o)
	if len(effects) != 2 || effects[0].(AnswerTo).Call != 7 {
		t.Fatalf("effects %v", effects)
	}
	rules := effects[1].(Govern).Rules
	if len(rules) != 1 || rules[0].When != `.symbol == "VOD" and .["a b"] == [1]` || string(rules[0].Value) != `{"price":1}` {
		t.Fatalf("rules %+v", rules)
	}
	s.RuleForm(o, o, nil)
	o.Form.Sheet.Form.SetText("when", ".symbol ==")
	o.Form.Sheet.Form.SetText("error", "no")
	o.Form.Sheet.Form.SetText("jq", ".")
	if s.Submit(o) != nil || len(o.Form.Sheet.Wrong) != 2 {
		t.Errorf("a broken rule is kept: %v", o.Form.Sheet.Wrong)
	}
	o.Form.Sheet.Form.SetText("when", `.symbol == "BP"`)
	o.Form.Sheet.Form.SetText("jq", "")
	if effects := s.Submit(o); len(effects) != 1 || len(o.Rules) != 2 {
		t.Fatalf("effects %v", effects)
	}
	s.PointServe(o, ServeRow{Kind: RowRule, Of: o, Rule: 1}.ID())
	s.MoveRule(o, -1)
	if o.Rules[0].Error == nil {
		t.Errorf("not moved: %+v", o.Rules)
	}
	s.Apply([]Input{Over{Came: Came{ID: o.ID, Call: 9, At: s.Now}, How: ByRule, Over: s.Now, Rule: rules[0].ID}}, s.Now)
	if o.Rules[1].Times != 1 || o.Past[len(o.Past)-1].Rule != 2 || o.RuleServed != 1 {
		t.Errorf("rules %+v, past %+v", o.Rules, o.Past)
	}
}

func TestStreamOfOurs(t *testing.T) {
	t.Parallel()
	s, o := serving(t, bus.MethodDefinition{Name: "Quotes.Live", Streaming: true})
	in := o.call(s, 1, `{"symbol":"AAPL"}`, time.Minute)
	effects := s.Accept(in, "AAPL")
	if len(effects) != 1 || effects[0] != any(Admit{ID: o.ID, Request: 1, Branch: "AAPL"}) {
		t.Fatalf("effects %v", effects)
	}
	at := s.Now
	s.Apply([]Input{
		Over{Came: Came{ID: o.ID, Call: 1}, How: ByHand, Branch: "AAPL", Over: at},
		Joined{ID: o.ID, Subscriber: 1, Who: peerOf("Trader"), Branch: "AAPL", At: at},
		Joined{ID: o.ID, Subscriber: 2, Who: peerOf("Ticker"), Branch: "AAPL", At: at},
		Joined{ID: o.ID, Subscriber: 3, Who: peerOf("Auditor"), At: at},
	}, at)
	if len(o.Branches) != 2 || len(o.On("AAPL")) != 2 {
		t.Fatalf("branches %v", o.Branches)
	}
	key := "AAPL"
	for _, c := range []struct {
		to    PushTo
		words string
		sent  [3]int
	}{
		{PushTo{}, "pushed to 3 subscribers", [3]int{1, 1, 1}},
		{PushTo{Branch: &key}, "pushed to 2 subscribers", [3]int{2, 2, 1}},
		{PushTo{Subscriber: 3}, "pushed to 1 subscriber", [3]int{2, 2, 2}},
	} {
		s.PushForm(o, o, c.to)
		effects := s.Submit(o)
		if len(effects) != 1 || s.Notice.Text != c.words {
			t.Fatalf("effects %v, says %q", effects, s.Notice.Text)
		}
		s.Apply([]Input{Sown{ID: o.ID, To: effects[0].(Push).To, At: at}}, at)
		if got := [3]int{o.Subscribers[0].Sent, o.Subscribers[1].Sent, o.Subscribers[2].Sent}; got != c.sent {
			t.Errorf("sent %v, want %v", got, c.sent)
		}
	}
	if b := o.branch("AAPL"); b.Sent != 2 || o.Subscribers[2].Private != 1 {
		t.Errorf("on the branch %d, private %d", b.Sent, o.Subscribers[2].Private)
	}
	if o.Hurts() != "3 subscribers lose it" {
		t.Errorf("hurts: %q", o.Hurts())
	}
	s.Apply([]Input{Parted{ID: o.ID, Subscriber: 3, At: at, How: CallerLeft}}, at)
	if o.branch("") != nil || len(o.Subscribers) != 2 {
		t.Error("the branch outlives its last subscriber")
	}
	later := at.Add(time.Minute)
	s.Apply([]Input{Parted{ID: o.ID, Subscriber: 1, At: later, How: ByHand}, Parted{ID: o.ID, Subscriber: 2, At: later, How: ConnectionLost}}, later)
	var told []string
	ids := map[RowID]bool{}
	for _, row := range s.ServeRows(o) {
		ids[row.ID()] = true
		if row.Kind == RowPast && row.In.Subscriber != 0 {
			told = append(told, row.In.Caller.Name()+"/"+row.In.Branch+"/"+row.In.Parting()+"/"+Duration(row.In.Took))
		}
	}
	if want := []string{"Trader/AAPL/closed by you, got 2 events/60.0 s", "Ticker/AAPL/connection lost, got 2 events/60.0 s", "Auditor//left, got 2 events/<1 ms"}; !slices.Equal(told, want) {
		t.Errorf("who left: %q", told)
	}
	if len(ids) != len(s.ServeRows(o)) {
		t.Error("two rows have one id")
	}
	if s.ToggleAccept(o); o.AutoAccept() == nil {
		t.Error("not everybody is accepted")
	}
	if s.ToggleAccept(o); len(o.Rules) != 0 {
		t.Error("everybody is still accepted")
	}
}

// TestTimerTakesWhatIsTyped fills the value that was pushed last into the form of a
// timer; an expression that is typed takes its place.
func TestTimerTakesWhatIsTyped(t *testing.T) {
	t.Parallel()
	s, o := serving(t, bus.MethodDefinition{Name: "Quotes.Live", Streaming: true})
	s.PushForm(o, o, PushTo{})
	_ = s.Submit(o)
	o.pushed = json.RawMessage(`{"n":1}`)
	for _, c := range []struct{ jq, value, want string }{
		{"", `{"n":1}`, `{"n":1}`},
		{"{n: .n}", `{"n":1}`, "{n: .n}"},
		{"{n: .n}", `{"n":2}`, ""}, // both were typed
	} {
		s.TimerForm(o, o, nil, PushTo{})
		form := o.View().Form.Sheet
		if got := form.Form.Text(fieldValue); got != `{"n":1}` {
			t.Fatalf("suggested %s", got)
		}
		form.Form.SetText(fieldJQ, c.jq)
		form.Form.SetText(fieldValue, c.value)
		got := ""
		if effects := s.Submit(o); len(effects) == 1 {
			timer := effects[0].(Pace).Timer
			got = timer.JQ + string(timer.Value)
		}
		if got != c.want {
			t.Errorf("jq %q and value %q push %q, want %q", c.jq, c.value, got, c.want)
		}
		o.View().Form = nil
	}
}

func TestWaitsStandFirstInOpen(t *testing.T) {
	t.Parallel()
	s, first := serving(t, quotes)
	effects := offer(s, map[FieldPath]string{"name": "Second"}, false)
	second := s.Offering(effects[0].(Provide).ID)
	second.call(s, 1, `{}`, time.Minute)
	if rows := s.Lists[Open].Rows(); rows[0] != s.ThingOf(second).Row() || rows[1] != s.ThingOf(first).Row() {
		t.Errorf("rows %v", rows)
	}
}

func TestUnregisterAndAgain(t *testing.T) {
	t.Parallel()
	s, o := serving(t, quotes)
	if e := s.Unregister(o); len(e) != 1 || e[0] != any(Withdraw{o.ID}) || o.Standing != Withdrawn {
		t.Errorf("effects %v", e)
	}
	if e := s.Unregister(o); len(e) != 1 || e[0].(Provide).Def.Name != "Quotes.Ask" {
		t.Errorf("effects %v", e)
	}
	s.Apply([]Input{Provided{ID: o.ID, Err: errors.New("no")}}, s.Now)
	if o.Standing != Refused {
		t.Errorf("stands %v", o.Standing)
	}
	if e := s.Close(s.ThingOf(o)); len(e) != 1 || len(s.Serving().Offerings) != 0 {
		t.Errorf("effects %v", e)
	}
}

func TestReadOnlyServesNothing(t *testing.T) {
	t.Parallel()
	s, o := serving(t, quotes)
	in := o.call(s, 1, `{}`, time.Minute)
	s.ReadOnly = true
	s.Serving().Form = nil
	s.OfferForm(false)
	s.RuleForm(o, o, nil)
	s.AnswerForm(o, in)
	s.PushForm(o, o, PushTo{})
	if s.Serving().Form != nil || o.Form != nil || s.Reply(o, in, nil, nil) != nil || s.Accept(in, "") != nil || s.Unregister(o) != nil || s.ToggleAccept(o) != nil {
		t.Error("something was done")
	}
	if !strings.HasPrefix(s.Notice.Text, "read-only: ") {
		t.Errorf("says %q", s.Notice.Text)
	}
}

func TestOffersOfAFile(t *testing.T) {
	t.Parallel()
	s, _ := serving(t, quotes)
	effects := s.Apply([]Input{OffersRead{Path: "a.yaml", Offers: []Provision{
		{Def: quotes},
		{Def: bus.MethodDefinition{Name: "Other"}, Rules: []Rule{{When: ".a"}, {}}},
	}}}, s.Now)
	if len(effects) != 1 || effects[0].(Provide).Def.Name != "Other" || s.Page != Serve {
		t.Fatalf("effects %v", effects)
	}
	rules := effects[0].(Provide).Rules
	if rules[0].ID == 0 || rules[0].ID == rules[1].ID {
		t.Errorf("rules %+v", rules)
	}
	if !strings.Contains(s.Notice.Text, "You offer Quotes.Ask already") {
		t.Errorf("says %q", s.Notice.Text)
	}
}
