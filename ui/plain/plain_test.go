package plain

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

func TestCall(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{
			"CalcPrecise": `{"sum":5}`, "CalcClassic": `{"sum":5.0,"how":{"by":"hand"}}`, "Grumpy": &bus.Error{Reason: "not in the mood"},
		})
		r.say("invoke Addition a=2 b=x")
		r.expect("error: b is not an int: \"x\"\n", "hint: nothing was sent; Addition accepts int a, int b\n")
		r.say("invoke Addition a=2")
		r.expect("error: b is needed\n", "hint: nothing was sent")
		if len(r.bus.asked) != 0 {
			t.Fatalf("asked all the same: %v", r.bus.asked)
		}
		r.say("invoke addition a=2 b=3 target=all")
		r.expect("sent to 3 servers: CalcPrecise, CalcClassic, Grumpy\n",
			": CalcPrecise returned sum 5, 4 ms\n",
			": CalcClassic returned sum 5.0, how an object, 4 ms; show ", "as declared: sum: 5.0, wants int, and 1 more\n",
			": Grumpy failed, \"not in the mood\", 4 ms\n",
			": 2 of 3 returned\n")
		if got := r.bus.asked[0]; got.Target.Mode != bus.All || string(got.Args) != `{"a":2,"b":3}` {
			t.Errorf("asked %s of %v", got.Args, got.Target)
		}
		r.say("history")
		r.expect("1: ", "Addition a 2, b 3, to all: 2 of 3 returned, Grumpy: not in\n  the mood, 4 ms\nhistory: 1\n")
		r.say("repeat")
		r.expect("sent to 3 servers", "2 of 3 returned")
		if len(r.bus.asked) != 2 {
			t.Errorf("asked %d times", len(r.bus.asked))
		}
	})
}

// A server that says no and not why is told so.
func TestErrorWithoutAReason(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"CalcPrecise": &bus.Error{URI: bus.ClientError}})
		r.say("invoke Addition a=2 b=3 target=CalcPrecise")
		r.expect("CalcPrecise failed and gave no reason: agm.errors.client_error, 4 ms\n")
		r.say("history")
		r.expect("failed, gave no reason:\n  agm.errors.client_error")
	})
}

// A name with two signatures is asked by the one that the arguments fit.
func TestSignatureThatFits(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"PriceFeed": `{"close":1.5}`})
		r.say(`invoke Prices.Get {"sym": "AAPL"} timeout=2s`)
		r.expect("PriceFeed returned close 1.5")
		if q := r.bus.asked[0]; string(q.Args) != `{"sym":"AAPL"}` || *q.Method.Accepts != "string sym" || q.Answer != 2*time.Second {
			t.Errorf("asked %+v", q)
		}
		r.say(`invoke Clients.Create name="Jo \"J\" Doe" address.city='New York' tags=[1,"two words"]`)
		r.expect("error: tags: [0]: number, wants string\n")
		r.say(`invoke Clients.Create name="Jo Doe" address.city='New York' tags=["one","two words"] vip=true`)
		r.expect("note: vip is not in the signature; it will be sent as it is\n")
		if q := r.bus.asked[1]; string(q.Args) != `{"name":"Jo Doe","address":{"city":"New York"},"tags":["one","two words"],"vip":true}` {
			t.Errorf("asked %s", q.Args)
		}
	})
}

func TestCallThatTakesLong(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = func(ctx context.Context, _ ui.Question, sent func([]bus.Instance), _ func(bus.Return)) error {
			sent([]bus.Instance{instance("CalcPrecise")})
			<-ctx.Done()
			return ctx.Err()
		}
		r.say("invoke Addition a=1 b=2")
		r.expectNot("no answer yet")
		r.pass(2 * time.Second)
		r.expect("no answer yet; it waits up to 30.0 s, stop ", " gives up\n")
		r.say("stop")
		r.expect("given up after 2.")
		r.say("stop")
		r.expect("error: there is no call or subscription that goes on\n")
	})
}

func TestStream(t *testing.T) {
	play(t, func(r *rig) {
		r.say("subscribe MarketData.Prices")
		r.expect("error: symbol is needed; for an empty text type \"\"\n")
		r.say("subscribe MarketData.Prices symbol=AAPL")
		feed := instance("PriceFeed")
		push := func(n int, private bool) {
			r.push(bus.StreamData{At: time.Now(), Server: feed.PeerID, Private: private, Data: fmt.Appendf(nil, `{"sym":"AAPL","v":%d}`, n)})
		}
		r.push(bus.StreamAccepted{At: time.Now(), Server: feed})
		push(0, true)
		r.pass(50 * time.Millisecond)
		r.expect(": accepted by PriceFeed\n", " private to you, sym AAPL, v 0\n")
		for n := range 40 {
			push(n+1, false)
		}
		r.pass(50 * time.Millisecond)
		r.expect(" shared, sym AAPL, v 1\n")
		r.expectNot("v 2")
		r.pass(time.Second)
		r.expect(": and 39 more\n")

		r.say("hold")
		r.expect(": held; what comes is kept\n")
		for n := range 7 {
			push(n+100, false)
		}
		r.pass(5 * time.Second)
		r.expectNot("v 100")
		r.pass(30 * time.Second)
		r.expect(": 7 new while held\n")
		r.say("open")
		r.expect("MarketData.Prices symbol AAPL, running, 0/s, 48 events, 1\n  private, held since", "7 new\n")
		r.say("resume")
		r.expect(": goes on; 7 events came while it was held\n")
		r.expectNot("v 100")
		r.say("event")
		r.expect("event 48 of subscription ", "shared, from PriceFeed, 22 B\n  sym: \"AAPL\"\n  v: 106\n")
		r.say("filter 4")
		r.take()
		r.push(bus.StreamClosed{At: time.Now(), Server: feed, Reason: "end of day"})
		r.pass(50 * time.Millisecond)
		r.expect(": PriceFeed closed this at ", ": end of day. 48 events kept\n")
	})
}

func TestStreamRefusedAndSilent(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.refuse = errors.New(`OrderBlotter refuses: desk "guest" may not see orders`)
		r.say("subscribe MarketData.Prices symbol=X")
		r.expect(`: OrderBlotter refuses: desk "guest" may not see orders` + "\n")
		r.bus.refuse = nil
		r.say("subscribe MarketData.Prices symbol=X")
		r.push(bus.StreamAccepted{At: time.Now(), Server: instance("PriceFeed")})
		r.pass(13 * time.Second)
		r.expect(": accepted, nothing came for 12 s\n")
		r.pass(time.Minute)
		if got := r.take(); got != "" {
			t.Errorf("said again: %s", got)
		}
		r.say("unsubscribe")
		r.expect(": unsubscribed\n")
		if r.bus.ended != 1 {
			t.Error("the subscription goes on")
		}
	})
}

func TestNews(t *testing.T) {
	play(t, func(r *rig) {
		late := instance("Commuter")
		r.hear(bus.ServerAdded{At: time.Now(), Server: late})
		r.hear(bus.MethodsAdded{At: time.Now(), Peer: late.PeerID, Methods: []bus.MethodDefinition{{ID: "1", Name: "Trip.Plan"}}})
		r.pass(time.Second)
		r.expect("Commuter: joined, offers 1 method\n")
		r.hear(bus.MethodsAdded{At: time.Now(), Peer: late.PeerID, Methods: []bus.MethodDefinition{{ID: "2", Name: "Trip.Ticks", Streaming: true}}})
		r.pass(time.Second)
		r.expect("Commuter: offers the stream Trip.Ticks\n")
		r.hear(bus.ServerRemoved{At: time.Now(), Server: late})
		r.pass(time.Second)
		r.expect("Commuter: left, said goodbye\n")
		var crowd []bus.Event
		for i := range 20 {
			crowd = append(crowd, bus.ServerAdded{At: time.Now(), Server: instance(fmt.Sprintf("App%02d", i))})
		}
		r.hear(crowd...)
		r.pass(time.Second)
		r.expect("App00: joined, offers nothing\n", "App05: joined, offers nothing\n", "bus: and 14 more changes; feed tells them\n")
		r.say("feed 3")
		r.expect("App17 joined\n", "App19 joined\n")
		r.say("feed 100")
		r.expect(" you connected\n", " Commuter stream added: Trip.Ticks\n", " Commuter left, goodbye after ")

		r.hear(bus.ConnChanged{State: bus.Lost, At: time.Now(), RetryAt: time.Now().Add(2 * time.Second), Err: errors.New("gone")})
		r.expect("bus: connection lost, next try in 2 s\n")
		r.hear(bus.ServerRemoved{At: time.Now(), Server: instance("Grumpy"), Reset: true})
		r.pass(4 * time.Second)
		r.hear(bus.ConnChanged{State: bus.Live, At: time.Now(), Subscriptions: 1})
		r.expect("bus: live again after 4.", "1 subscription restored\n")
		r.pass(time.Second)
		r.expect("Grumpy: left while the connection was lost\n")
	})
}

func TestLists(t *testing.T) {
	play(t, func(r *rig) {
		r.say("servers calc")
		r.expect("CalcClassic: offers 1 method, user ada, machine desk\n", "CalcPrecise:", "servers: 2, 2 more hidden by \"calc\"\n")
		r.say("methods server=grumpy")
		r.expect("Addition: offered by CalcPrecise, CalcClassic, Grumpy, accepts int a, int b,\n  returns int sum\n", "methods: 1\n")
		r.say("methods xyz")
		r.expect("methods: nothing matches \"xyz\", 4 hidden\n")
		r.say("show prices.get")
		r.expect("Prices.Get: method, offered by 1 server, one of 2 signatures of this name\n", "  accepts: sym, string\n", "  accepts: symbol, string\n")
		r.say("show Clients.Create")
		r.expect("  called: New client\n", "  accepts: name, string\n  accepts: address, composite\n    in address: city, string\n  accepts: tags, list of string, optional\n")
		r.say("show Gruumpy")
		r.expect("error: nothing on the bus is called \"Gruumpy\"\n", "hint:")
		r.say("show pricefeed")
		r.expect("PriceFeed: offers 3 methods and 1 stream", "  stream: MarketData.Prices\n")
	})
}

func TestBadInput(t *testing.T) {
	for line, want := range map[string]string{
		"foo":                              "error: no command \"foo\"\nhint: help lists the commands\n",
		"subscrib":                         "error: which stream?\nhint: subscribe MarketData.Prices symbol=AAPL is an example\n",
		"s":                                "error: \"s\" may be servers or streams or show or stop or subscribe or saved or\n  save\n",
		"serverss":                         "error: no command \"serverss\"\nhint: did you mean servers?\n",
		"invoke Additionn a=1":             "error: no method \"Additionn\" on the bus\nhint: did you mean Addition?\n",
		"invoke MarketData.Prices":         "error: MarketData.Prices is no method\nhint: subscribe follows it\n",
		"subscribe Addition":               "error: Addition is no stream\nhint: invoke asks it\n",
		"invoke Addition two":              "error: not a key=value: \"two\"\n",
		"invoke Addition {\"a\":}":         "error: the JSON breaks at character 6",
		"invoke Addition {\"a\":1":         "error: the JSON is not whole",
		"invoke Addition a=\"1":            "error: a quote is open: \"\n",
		"invoke Addition target=/(/":       "error: target:",
		"invoke Addition a=1 b=2 wait=abc": "error: wait: not a duration",
		"hold":                             "error: there is no subscription\n",
		"hold 7":                           "error: no subscription 7\nhint: open lists the numbers\n",
		"event x y z":                      "error: two numbers are wanted\n",
		"close":                            "error: which one?\n",
		"repeat":                           "error: nothing to repeat: nothing was called yet\n",
		"connect here":                     "error: no address of a gateway and no name of a bus: \"here\"\n",
		"quit now":                         "error: nothing is wanted after it: \"now\"\n",
		"demo":                             "error: no room for it\n",
		"wait soon":                        "error: not a duration: \"soon\"",
		"feed -1":                          "error: not a number: \"-1\"\n",
	} {
		t.Run(line, func(t *testing.T) {
			play(t, func(r *rig) {
				r.say(line)
				r.expect(want)
				r.say("servers grumpy")
				r.expect("Grumpy: offers 1 method") // it goes on
			})
		})
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, model.Options{Name: "b", ReadOnly: true})
		defer r.end()
		r.hear(someBus()...)
		r.hear(bus.ConnChanged{State: bus.Live, At: time.Now()})
		r.expect("read-only: invoking is off.")
		r.say("invoke Addition a=1 b=2")
		r.expect("error: read-only: invoking is off. Start without --read-only to allow it.\n")
		r.say("subscribe MarketData.Prices symbol=A")
		if len(r.bus.asked) != 1 {
			t.Errorf("asked %d times", len(r.bus.asked))
		}
	})
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, model.Options{Name: "b"})
		defer r.end()
		r.hear(bus.ConnChanged{State: bus.Refused, At: time.Now(), Err: &model.ConnError{Sentence: "The gateway refuses the log-in", Cause: "wrong password"}})
		r.expect("bus: The gateway refuses the log-in: wrong password\n", "hint: login USER")
		r.say("login ada")
		r.expect("login: type the password of ada, then enter\n")
		r.say("quit")
		r.hear(bus.ConnChanged{State: bus.Refused, At: time.Now(), Err: errors.New("no")})
		r.say("connect ws://elsewhere/gw3")
		r.say("retry")
		if got, want := fmt.Sprint(r.bus.did), "[login ada quit connect ws://elsewhere/gw3 retry]"; got != want {
			t.Errorf("did %s, want %s", got, want)
		}
		r.inbox.Put(model.Moved{Options: model.Options{Name: "elsewhere", URL: "ws://elsewhere/gw3"}})
		r.pass(50 * time.Millisecond)
		r.expect("bus: now elsewhere, ws://elsewhere/gw3\n")
	})
}

// Commands that were there before the bus answered wait for it, and the end of
// the input waits for the answers.
func TestScript(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, model.Options{Name: "b"})
		release := make(chan struct{})
		r.bus.answer = func(_ context.Context, _ ui.Question, sent func([]bus.Instance), returned func(bus.Return)) error {
			<-release
			return answers(map[string]any{"CalcPrecise": `{"sum":3}`})(nil, ui.Question{}, sent, returned)
		}
		go func() {
			_, _ = r.in.Write([]byte("# a remark\n\nservers\r\ninvoke Addition a=1 b=2\n"))
			_ = r.in.Close()
		}()
		r.pass(time.Second)
		r.expectNot("servers:")
		r.hear(someBus()...)
		r.hear(bus.ConnChanged{State: bus.Live, At: time.Now()})
		r.pass(time.Second)
		r.expect("servers: 4\n")
		select {
		case <-r.done:
			t.Fatal("ended before the answer")
		default:
		}
		close(release)
		r.pass(time.Second)
		r.expect("CalcPrecise returned sum 3")
		if err := <-r.done; err != nil {
			t.Error(err)
		}
		r.stop()
	})
}

// Two subscriptions that get the same events are told to be on one branch.
func TestBranches(t *testing.T) {
	play(t, func(r *rig) {
		r.say("branches MarketData.Prices")
		r.pass(truthTime)
		r.expect("MarketData.Prices: you have no subscription to it\n", "MarketData.Prices: the true branches are not known")
		feed := instance("PriceFeed")
		var all []func(bus.Event)
		for _, symbol := range []string{"AAPL", "VOD", "AAPL"} {
			r.say("subscribe MarketData.Prices symbol=" + symbol)
			r.push(bus.StreamAccepted{At: time.Now(), Server: feed})
			r.pass(50 * time.Millisecond)
			all = r.bus.events
		}
		for n := range 60 {
			for i, on := range all {
				data := fmt.Appendf(nil, `{"n":%d,"other":%d}`, n, i%2)
				on(bus.StreamData{At: time.Now(), Server: feed.PeerID, Data: data})
			}
			r.pass(100 * time.Millisecond)
		}
		all[1](bus.StreamData{At: time.Now(), Server: feed.PeerID, Private: true, Data: []byte(`{}`)})
		r.pass(5 * time.Second)
		r.take()
		r.say("branches marketdata.prices")
		r.pass(truthTime)
		r.expect(" and subscription ", "shared events equal\n", "apart, nothing in common with group A in", "1 private event came to one subscription alone\n")
		r.say("branches Addition")
		r.expect("error: Addition is no stream\n")
	})
}
