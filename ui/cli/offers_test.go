package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/model"
	"ioscope/ui"
)

// shop is a bus in memory with a session that offers, and the model that hears
// of it; Trader is somebody else. Time is synctest's.
type shop struct {
	t      *testing.T
	gw     *gateway.Gateway
	box    *ui.Inbox
	s      *session
	state  *model.State
	trader *client.Client
	conns  []client.Conn
}

func openShop(t *testing.T, f func(*shop)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		x := &shop{t: t, gw: gateway.New(nil), box: ui.NewInbox()}
		x.s = newSession(&flags{application: "Desk", user: "dev"}, x.box, slog.New(slog.DiscardHandler))
		x.state = model.New(model.Options{URL: "ws://in.memory/gw3"}, time.Now())
		dial := func(context.Context, string) (client.Conn, error) {
			c := x.gw.Connect(false)
			x.conns = append(x.conns, c)
			return c, nil
		}
		x.s.open("ws://in.memory/gw3", dial)
		x.hear()
		trader, err := client.Dial(t.Context(), "ws://in.memory/gw3", &client.Options{Application: "Trader", User: "dev", Dial: dial})
		if err != nil {
			t.Fatal(err)
		}
		x.trader = trader
		defer func() {
			_ = x.trader.Close()
			x.s.Close()
			_ = x.gw.Close()
			x.box.Close()
		}()
		x.hear()
		f(x)
	})
}

// hear lets the model take in what was heard, and does what it asks for.
func (x *shop) hear() {
	x.t.Helper()
	for range 20 {
		synctest.Wait()
		done := make(chan []model.Input, 1)
		go func() {
			if in, ok := x.box.Next(); ok {
				done <- in
			}
		}()
		x.box.Put(model.Sent{Thing: -1}) // so that there is something
		in := <-done
		x.do(x.state.Apply(in, time.Now()))
		if len(in) == 1 {
			return
		}
	}
}

func (x *shop) do(effects []model.Effect) {
	x.t.Helper()
	for _, e := range effects {
		if wait := x.s.Serve(e.(model.ServeEffect)); wait != nil {
			if err := wait(); err != nil {
				x.t.Errorf("%T: %v", e, err)
			}
		}
	}
	synctest.Wait()
}

// offer offers something by the form.
func (x *shop) offer(name, accepts, returns string, stream bool) *model.Offering {
	x.t.Helper()
	x.state.OfferForm(stream)
	form := x.state.Serving().Form.Sheet.Form
	form.SetText("name", name)
	form.SetText("accepts", accepts)
	form.SetText("returns", returns)
	x.do(x.state.Submit(x.state.Serving()))
	x.hear()
	all := x.state.Serving().Offerings
	o := all[len(all)-1]
	if o.Standing != model.Offered {
		x.t.Fatalf("%s stands %v: %v", name, o.Standing, o.Err)
	}
	return o
}

// ask calls a method; the answer comes on the channel, an error as its words.
func (x *shop) ask(name, args string) <-chan string {
	out := make(chan string, 1)
	go func() {
		r, err := x.trader.Invoke(x.t.Context(), bus.ByName(name), json.RawMessage(args), nil)
		switch {
		case err != nil:
			out <- "not asked: " + err.Error()
		case r.First().Err != nil:
			out <- "error: " + reason(r.First().Err)
		default:
			out <- string(r.First().Value)
		}
	}()
	synctest.Wait()
	x.hear()
	return out
}

func (x *shop) want(what string, got <-chan string, want string) {
	x.t.Helper()
	synctest.Wait()
	select {
	case s := <-got:
		if s != want {
			x.t.Errorf("%s: %s, want %s", what, s, want)
		}
	default:
		x.t.Errorf("%s: no answer yet", what)
	}
	x.hear()
}

func TestServeByHand(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Quotes.Ask", "string symbol", "double price", false)
		first, second := x.ask("Quotes.Ask", `{"symbol":"VOD"}`), x.ask("Quotes.Ask", `{"symbol":"BP"}`)
		if len(o.Waiting) != 2 || o.Waiting[0].Caller.Name() != "Trader" || o.Waiting[0].Deadline.Sub(o.Waiting[0].At) != model.Patience {
			t.Fatalf("waiting %+v", o.Waiting)
		}
		a, b := o.Waiting[0], o.Waiting[1]
		x.do(x.state.Reply(o, b, json.RawMessage(`{"price":142.380}`), nil))
		x.want("the second", second, `{"price":142.380}`)
		x.do(x.state.Reply(o, a, nil, &bus.Error{Reason: "closed today"}))
		x.want("the first", first, "error: closed today")
		if o.Answered != 1 || o.Failed != 1 || len(o.Waiting) != 0 || o.Past[0].How != model.ByHand {
			t.Errorf("answered %d, failed %d, past %+v", o.Answered, o.Failed, o.Past)
		}
	})
}

// TestServeRunsOut: nobody answers in time; a late answer is not sent.
func TestServeRunsOut(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Quotes.Ask", "", "", false)
		got := x.ask("Quotes.Ask", `{}`)
		in := o.Waiting[0]
		time.Sleep(model.Patience)
		x.hear()
		if in.How != model.RanOut {
			t.Fatalf("it is %v", in.How)
		}
		if effects := x.state.Reply(o, in, json.RawMessage(`{}`), nil); effects != nil || !strings.HasSuffix(x.state.Notice.Text, "your answer was not sent.") {
			t.Errorf("%v, says %q", effects, x.state.Notice.Text)
		}
		<-got

		_ = x.ask("Quotes.Ask", `{}`)
		in = o.Waiting[0]
		_ = x.trader.Close()
		x.hear()
		if in.How != model.CallerLeft || len(o.Waiting) != 0 {
			t.Errorf("it is %v", in.How)
		}
	})
}

func TestServeByRule(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Quotes.Ask", "", "", false)
		waits := x.ask("Quotes.Ask", `{"symbol":"TEST"}`)
		rule := func(texts map[model.FieldPath]string) {
			t.Helper()
			x.state.RuleForm(o, o, nil)
			for path, text := range texts {
				o.Form.Sheet.Form.SetText(path, text)
			}
			x.do(x.state.Submit(o))
			if o.Form != nil {
				t.Fatalf("rule: %v", o.Form.Sheet.Wrong)
			}
			x.hear()
		}
		rule(map[model.FieldPath]string{"when": `.symbol == "TEST"`, "value": `{"price":1.50}`})
		x.want("what waited when its rule came", waits, `{"price":1.50}`)
		rule(map[model.FieldPath]string{"when": `.side == "hold"`, "error": "nothing to quote"})
		rule(map[model.FieldPath]string{"when": `.n`, "jq": "{twice: (.n * 2), who: $caller.application}", "after": "2s"})
		x.want("a value", x.ask("Quotes.Ask", `{"symbol":"TEST","side":"hold"}`), `{"price":1.50}`)
		x.want("an error", x.ask("Quotes.Ask", `{"side":"hold"}`), "error: nothing to quote")
		late := x.ask("Quotes.Ask", `{"n":4}`)
		time.Sleep(2 * time.Second)
		x.want("jq", late, `{"twice":8,"who":"Trader"}`)
		x.state.PointServe(o, model.ServeRow{Kind: model.RowRule, Of: o, Rule: 1}.ID())
		x.do(x.state.MoveRule(o, -1))
		x.want("the first that fits", x.ask("Quotes.Ask", `{"symbol":"TEST","side":"hold"}`), "error: nothing to quote")
		times := []int{o.Rules[0].Times, o.Rules[1].Times, o.Rules[2].Times}
		if !slices.Equal(times, []int{2, 2, 1}) || o.RuleServed != 5 {
			t.Errorf("rules served %v, in all %d", times, o.RuleServed)
		}
		x.do(x.state.DeleteRule(o, 0))
		_ = x.ask("Quotes.Ask", `{"side":"hold"}`)
		if len(o.Waiting) != 1 {
			t.Error("a rule that was deleted answers")
		}
	})
}

// follow subscribes and notes what comes, a line each.
func (x *shop) follow(name, args string) (events func() []string, settled <-chan error) {
	lines := make(chan string, 1000)
	out := make(chan error, 1)
	go func() {
		_, err := x.trader.Subscribe(x.t.Context(), bus.ByName(name), &client.SubscribeOptions{Args: json.RawMessage(args), OnEvent: func(e bus.Event) {
			switch e := e.(type) {
			case bus.StreamData:
				line := map[bool]string{true: "private "}[e.Private] + map[bool]string{true: "snapshot "}[e.Snapshot]
				if e.Sequence != "" {
					line += "seq " + e.Sequence.String() + " "
				}
				lines <- line + string(e.Data)
			case bus.StreamClosed:
				lines <- strings.TrimSpace("closed " + e.Why())
			}
		}})
		out <- err
	}()
	x.hear()
	return func() []string {
		x.hear()
		var got []string
		for {
			select {
			case l := <-lines:
				got = append(got, l)
			default:
				return got
			}
		}
	}, out
}

func (x *shop) push(o *model.Offering, to model.PushTo, data string) {
	x.t.Helper()
	x.state.PushForm(o, o, to)
	o.Form.Sheet.Form.Fill(json.RawMessage(data))
	x.do(x.state.Submit(o))
	x.hear()
}

func TestServeStream(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Quotes.Live", "string symbol", "", true)
		first, one := x.follow("Quotes.Live", `{"symbol":"AAPL"}`)
		second, two := x.follow("Quotes.Live", `{"symbol":"VOD"}`)
		_, three := x.follow("Quotes.Live", `{"symbol":"??"}`)
		if len(o.Waiting) != 3 {
			t.Fatalf("waiting %v", o.Waiting)
		}
		asks := slices.Clone(o.Waiting)
		x.do(x.state.Accept(asks[0], "AAPL"))
		x.do(x.state.Accept(asks[1], ""))
		x.state.RefuseForm(o, asks[2])
		o.Form.Sheet.Form.SetText("reason", "no such symbol")
		x.do(x.state.Submit(o))
		x.hear()
		var refused *client.RejectedError
		if e1, e2, e3 := <-one, <-two, <-three; e1 != nil || e2 != nil || !errors.As(e3, &refused) || refused.Reason != "no such symbol" {
			t.Fatalf("%v, %v, %v", e1, e2, e3)
		}
		if len(o.Subscribers) != 2 || len(o.Branches) != 2 || o.Past[2].Err != "no such symbol" {
			t.Fatalf("subscribers %v, branches %v, past %+v", o.Subscribers, o.Branches, o.Past)
		}
		key := "AAPL"
		x.push(o, model.PushTo{}, `{"to":"all"}`)
		x.push(o, model.PushTo{Branch: &key}, `{"to":"AAPL"}`)
		x.push(o, model.PushTo{Subscriber: o.On("")[0].ID}, `{"to":"one"}`)
		if got, want := first(), []string{`{"to":"all"}`, `{"to":"AAPL"}`}; !slices.Equal(got, want) {
			t.Errorf("on AAPL: %q", got)
		}
		if got, want := second(), []string{`{"to":"all"}`, `private {"to":"one"}`}; !slices.Equal(got, want) {
			t.Errorf("on none: %q", got)
		}
		x.do(x.state.Dismiss(o, model.PushTo{Branch: &key}))
		if got := first(); !slices.Equal(got, []string{"closed"}) || len(o.Subscribers) != 1 {
			t.Errorf("a branch that was closed: %q, %d subscribers", got, len(o.Subscribers))
		}
		x.do(x.state.Dismiss(o, model.PushTo{Subscriber: o.Subscribers[0].ID}))
		if got := second(); !slices.Equal(got, []string{"closed"}) || len(o.Subscribers) != 0 {
			t.Errorf("a subscription that was closed: %q, %d subscribers", got, len(o.Subscribers))
		}
		if got, want := gone(o), []string{"AAPL: closed by you, got 2 events", ": closed by you, got 2 events"}; !slices.Equal(got, want) {
			t.Errorf("who is gone: %q", got)
		}
	})
}

// gone tells who was subscribed.
func gone(o *model.Offering) []string {
	var out []string
	for _, in := range o.Past {
		if in.Subscriber != 0 {
			out = append(out, in.Branch+": "+in.Parting())
		}
	}
	return out
}

// TestServeTellsWhoLeft: a subscriber leaves, its time is over, or the connection is
// lost.
func TestServeTellsWhoLeft(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Ticks", "", "", true)
		x.do(x.state.ToggleAccept(o))
		_, ok := x.follow("Ticks", `{}`)
		<-ok
		x.push(o, model.PushTo{}, `{"n":1}`)
		_ = x.trader.Close()
		x.hear()
		if got := gone(o); !slices.Equal(got, []string{": left, got 1 event"}) {
			t.Errorf("who left: %q", got)
		}
	})
}

// TestServeTimers: timers run while somebody listens, on its branch or alone, and
// everybody who waits is accepted when that is allowed.
func TestServeTimers(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Ticks", "", "", true)
		events, ok := x.follow("Ticks", `{"a":1}`)
		x.do(x.state.ToggleAccept(o))
		x.hear()
		if err := <-ok; err != nil {
			t.Fatal(err)
		}
		timer := func(texts map[model.FieldPath]string, to model.PushTo) {
			t.Helper()
			x.state.TimerForm(o, o, nil, to)
			for path, text := range texts {
				o.Form.Sheet.Form.SetText(path, text)
				o.Form.Sheet.Form.Tick(path, text == "yes")
			}
			x.do(x.state.Submit(o))
			if o.Form != nil {
				t.Fatalf("timer: %v", o.Form.Sheet.Wrong)
			}
		}
		timer(map[model.FieldPath]string{"every": "1s", "jq": "{n: .n, a: .args.a}", "times": "3"}, model.PushTo{})
		time.Sleep(5500 * time.Millisecond)
		if got, want := events(), []string{`{"a":1,"n":0}`, `{"a":1,"n":1}`, `{"a":1,"n":2}`}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		if o.Timers[0].Sent != 3 || o.Pushed != 3 || o.Branches[0].Sent != 3 {
			t.Errorf("timer %+v, pushed %d", o.Timers[0], o.Pushed)
		}
		x.do(x.state.StopTimer(o, 0))
		timer(map[model.FieldPath]string{"every": "2s", "jq": "", "value": `{"x":1}`}, model.PushTo{Subscriber: o.Subscribers[0].ID})
		time.Sleep(5 * time.Second)
		if got, want := events(), []string{`private {"x":1}`, `private {"x":1}`}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		// What jq leaves out is a hole where they are numbered.
		x.do(x.state.StopTimer(o, 0))
		timer(map[model.FieldPath]string{"every": "1s", "jq": "if .n == 1 then empty else {n} end", "value": "", "numbered": "yes", "snapshot": "yes"}, model.PushTo{})
		time.Sleep(3500 * time.Millisecond)
		if got, want := events(), []string{`snapshot seq 0 {"n":0}`, `snapshot seq 2 {"n":2}`}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		x.state.TimerForm(o, o, &o.Timers[0], model.PushTo{})
		o.Form.Sheet.Form.Tick("snapshot", false)
		x.do(x.state.Submit(o))
		if at := o.Timers[0]; !at.Numbered || at.Snapshot || at.Beside() != ", numbered" {
			t.Errorf("changed, the timer is %+v", at)
		}
		timer(map[model.FieldPath]string{"every": "1s", "jq": ".n.no", "value": ""}, model.PushTo{})
		time.Sleep(1100 * time.Millisecond)
		x.hear()
		if len(o.Timers) != 2 || o.Timers[1].Err == "" {
			t.Errorf("timers %+v", o.Timers)
		}
	})
}

// TestServeOverALoss: offers come back with the connection, what waited does not.
func TestServeOverALoss(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		method, stream := x.offer("Quotes.Ask", "", "", false), x.offer("Quotes.Live", "", "", true)
		_ = x.ask("Quotes.Ask", `{}`)
		_, _ = x.follow("Quotes.Live", `{}`)
		call, wish := method.Waiting[0], stream.Waiting[0]
		ticks := x.offer("Ticks", "", "", true)
		x.do(x.state.ToggleAccept(ticks))
		_, ok := x.follow("Ticks", `{}`)
		<-ok
		x.hear()
		_ = x.conns[0].Close(1000, "")
		time.Sleep(5 * time.Second)
		x.hear()
		if call.How != model.ConnectionLost || wish.How != model.ConnectionLost {
			t.Errorf("the call is %v, the wish %v", call.How, wish.How)
		}
		if got := gone(ticks); !slices.Equal(got, []string{": connection lost, got no event"}) {
			t.Errorf("who is gone: %q", got)
		}
		got := x.ask("Quotes.Ask", `{"again":true}`)
		if len(method.Waiting) != 1 {
			t.Fatal("no call comes in after the loss")
		}
		x.do(x.state.Reply(method, method.Waiting[0], json.RawMessage(`{"ok":true}`), nil))
		x.want("after the loss", got, `{"ok":true}`)
	})
}

func TestServeUnregister(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Quotes.Ask", "", "", false)
		got := x.ask("Quotes.Ask", `{}`)
		x.do(x.state.Unregister(o))
		x.want("what waits when it is taken back", got, "error: Quotes.Ask was taken back")
		if n := len(x.trader.Methods(bus.ByName("Quotes.Ask"))); n != 0 {
			t.Errorf("%d servers offer it still", n)
		}
		x.do(x.state.Unregister(o))
		x.hear()
		if n := len(x.trader.Methods(bus.ByName("Quotes.Ask"))); n != 1 || o.Standing != model.Offered {
			t.Errorf("%d servers offer it, it stands %v", n, o.Standing)
		}
	})
}

// TestServeAnother changes what is offered: the old signature is taken back, the new
// one is offered under the same rules, and who subscribed is told so.
func TestServeAnother(t *testing.T) {
	t.Parallel()
	openShop(t, func(x *shop) {
		o := x.offer("Quotes.Ask", "string symbol", "double price", false)
		o.Rules = []model.Rule{{ID: 1, Value: json.RawMessage(`{"price":1.5}`)}}
		x.do([]model.Effect{model.Govern{ID: o.ID, Rules: o.Rules}})
		change := func(o *model.Offering, field model.FieldPath, text string) []model.Effect {
			x.state.ChangeForm(x.state.Serving(), o)
			x.state.Serving().Form.Sheet.Form.SetText(field, text)
			return x.state.Submit(x.state.Serving())
		}
		if effects := change(o, "returns", "double price"); len(effects) != 0 {
			t.Errorf("nothing was other, and it does %v", effects)
		}
		x.do(change(o, "accepts", "string symbol, string? side"))
		x.hear()
		offered := x.trader.Methods(bus.ByName("Quotes.Ask"))
		if len(offered) != 1 || offered[0].Method.Accepts != "string symbol, string? side" || o.Standing != model.Offered {
			t.Fatalf("offered %+v, it stands %v: %v", offered, o.Standing, o.Err)
		}
		x.want("a call by the same rule", x.ask("Quotes.Ask", `{"symbol":"A"}`), `{"price":1.5}`)

		live := x.offer("Quotes.Live", "", "", true)
		x.do(x.state.ToggleAccept(live))
		heard, accepted := x.follow("Quotes.Live", `{}`)
		x.hear()
		if err := <-accepted; err != nil {
			t.Fatal(err)
		}
		x.state.ChangeForm(x.state.Serving(), live)
		form := x.state.Serving().Form
		form.Sheet.Form.SetText("returns", "double price")
		if words := x.state.ChangeHurts(form); !strings.HasPrefix(words, "Trader loses its subscription. To the bus it is another stream then.") {
			t.Errorf("it says %q", words)
		}
		x.do(x.state.Submit(x.state.Serving()))
		x.hear()
		if got := heard(); !slices.Equal(got, []string{"closed"}) || len(live.Subscribers) != 0 || live.Standing != model.Offered {
			t.Errorf("heard %q, %d subscribers, it stands %v: %v", got, len(live.Subscribers), live.Standing, live.Err)
		}
	})
}

// TestServeAFile: what a file of serve says holds here, too.
func TestServeAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shop.yaml")
	text := `
application: Shop
methods:
  - name: Add
    answers:
      - {when: '.a == 0', error: nothing to add}
      - {when: .a, jq: '{sum: (.a + .b)}'}
streams:
  - name: Ticks
    accept:
      - {when: '.symbol == "??"', reject: no such symbol}
      - {branch: .symbol}
    data:
      - {every: 1s, jq: '{branch, n}'}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	openShop(t, func(x *shop) {
		x.do([]model.Effect{model.LoadOffers{Path: path}})
		x.hear()
		x.hear()
		if n := len(x.state.Serving().Offerings); n != 2 {
			t.Fatalf("%d offers, says %q", n, x.state.Notice.Text)
		}
		x.want("a rule", x.ask("Add", `{"a":2,"b":3}`), `{"sum":5}`)
		x.want("an error", x.ask("Add", `{"a":0}`), "error: nothing to add")
		waits := x.ask("Add", `{}`)
		add := x.state.Serving().Offerings[0]
		if len(add.Waiting) != 1 {
			t.Fatal("what no rule fits does not wait")
		}
		x.do(x.state.Reply(add, add.Waiting[0], json.RawMessage(`{}`), nil))
		x.want("by hand", waits, `{}`)
		_, refused := x.follow("Ticks", `{"symbol":"??"}`)
		if err := <-refused; err == nil {
			t.Error("accepted")
		}
		events, _ := x.follow("Ticks", `{"symbol":"VOD"}`)
		time.Sleep(2500 * time.Millisecond)
		if got, want := events(), []string{`{"branch":"VOD","n":0}`, `{"branch":"VOD","n":1}`}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		if in := readOffers(path + ".no"); in.Err == nil {
			t.Error("a file that is not there is read")
		}
	})
}

func TestCompletePaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a.yaml", "ab.json", "b.txt", ".hidden.yaml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "apps"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := newSession(&flags{}, ui.NewInbox(), nil)
	for typed, want := range map[string]string{"": "[a.yaml ab.json apps/]", "a": "[a.yaml ab.json apps/]", "ab": "[ab.json]", ".h": "[.hidden.yaml]", "no/": "[]"} {
		got := s.Complete(filepath.Join(dir) + "/" + typed)
		for i := range got {
			got[i] = strings.TrimPrefix(got[i], dir+"/")
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%q: %v, want %s", typed, got, want)
		}
	}
}

// TestReadOnlySessionServesNothing: the last door is shut, too.
func TestReadOnlySessionServesNothing(t *testing.T) {
	t.Parallel()
	s := newSession(&flags{readOnly: true}, ui.NewInbox(), nil)
	if err := s.Serve(model.Provide{ID: 1})(); err == nil || len(s.offers.list) != 0 {
		t.Errorf("served: %v", err)
	}
}
