package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// script types lines at once, as a pipe does, and ends the input after them.
func (r *rig) script(list ...string) {
	go func() {
		_, _ = io.WriteString(r.in, strings.Join(list, "\n")+"\n")
		_ = r.in.Close()
	}()
	r.pass(50 * time.Millisecond)
}

// byPerson has a person type rather than a script.
func byPerson(o *Options) { o.Console = person{o.Console} }

// person is a console at which a person types. It is Console.
type person struct{ Console }

func (person) Typed() bool { return true }

// slowly answers everything with sum 3 after a time.
func slowly(d time.Duration) func(context.Context, ui.Question, func([]bus.Instance), func(bus.Return)) error {
	at := answers(map[string]any{"CalcPrecise": `{"sum":3}`})
	return func(ctx context.Context, q ui.Question, sent func([]bus.Instance), returned func(bus.Return)) error {
		select {
		case <-time.After(d):
			return at(ctx, q, sent, returned)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Commands of a script go one after the other: a run that asks nothing takes no line.
func TestScriptRunsInOrder(t *testing.T) {
	playWith(t, func(r *rig) {
		r.script("run echo a=1", "run echo a=2", "servers grumpy")
		r.pass(10 * time.Second)
		r.expect("ran echo a=1\n", "run: over\n", "ran echo a=2\n", "run: over\n", "Grumpy: offers 1 method")
	}, func(o *Options) {
		o.Commands = func(_ context.Context, words []string, _ io.Reader, out io.Writer) error {
			time.Sleep(time.Second)
			fmt.Fprintln(out, "ran "+strings.Join(words[1:], " "))
			return nil
		}
	})
}

// What a script asks of a call finds what it returned, and the next call is not asked
// before.
func TestScriptWaitsForAnswers(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = slowly(3 * time.Second)
		r.script("invoke Addition a=1 b=2", "history", "# a comment", "", "show 1", "repeat", "nonsense", "compare 2 before")
		r.pass(time.Second)
		r.expectNot("history")
		r.pass(30 * time.Second)
		r.expect("call 1: CalcPrecise returned sum 3", "history 1: ", "returned sum 3", "history: 1\n", "call 1: ", "1 of 1 returned",
			"call 2: CalcPrecise returned sum 3", "error: no command \"nonsense\"\n", "call 2: ")
	})
}

// The last line of a script may be quit, which is for what came of the lines before it,
// not in place of that.
func TestScriptQuitsAtTheEnd(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = slowly(3 * time.Second)
		r.script("invoke Addition a=1 b=2", "quit")
		r.pass(10 * time.Second)
		r.expect("call 1: CalcPrecise returned sum 3")
	})
}

// What ends a call, or only looks at it, goes through while it is under way.
func TestScriptStopsACall(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = slowly(time.Hour)
		began := time.Now()
		r.script("invoke Addition a=1 b=2", "open", "help stop", "stop 1", "history")
		r.pass(time.Second)
		r.expect("call 1: Addition a 1, b 2, asking for ", "stop [NUMBER]: ", "call 1: given up", "history")
		if d := time.Since(began); d > 2*time.Second {
			t.Errorf("it took %s", d)
		}
	})
}

// What a script asks of a subscription finds it accepted, or rejected.
func TestScriptWaitsForAcceptance(t *testing.T) {
	play(t, func(r *rig) {
		feed := instance("PriceFeed")
		r.script("subscribe MarketData.Prices symbol=A", "open", "show 1", "filter 1 x", "jq .bid", "wait 1", "show 1 events", "subscribe MarketData.Prices symbol=B", "history")
		r.pass(time.Second)
		r.expect("subscription 1: MarketData.Prices symbol A, asking for ")
		r.expectNot("only events")
		r.push(bus.StreamAccepted{At: time.Now(), Server: feed})
		r.push(bus.StreamData{At: time.Now(), Server: feed.PeerID, Data: []byte(`{"bid":"x"}`)})
		r.pass(500 * time.Millisecond)
		r.bus.mu.Lock()
		r.bus.refuse = errors.New("Desk refuses: never")
		r.bus.mu.Unlock()
		r.pass(10 * time.Second)
		r.expect("subscription 1: accepted by PriceFeed\n", "subscription 1: MarketData.Prices symbol A, running", `only events with "x" are told`, "jq .bid lets ", "1, event 1: ", "shared, x\n", "subscription 2: Desk refuses: never\n", "history: none\n")
	})
}

// Who calls a method that the same script answers is not held up by itself: an answer
// waits for its request, and what waits for the call is done once the request is there.
func TestScriptAnswersItself(t *testing.T) {
	came := func(r *rig, n int) {
		r.inbox.Put(model.Came{ID: 1, Call: n, Caller: instance("ioscope"), Args: []byte(`{"a":1}`), At: time.Now(), Deadline: time.Now().Add(30 * time.Second)})
		r.pass(time.Second)
	}
	play(t, func(r *rig) {
		r.bus.answer = slowly(10 * time.Second)
		r.script(`offer method Sum accepts="int a" returns="int sum"`, "methods sum", "invoke Addition a=1 b=2", "answer 1 sum=3", "answer 2 sum=4", "requests past", "invoke Addition a=1 b=3", "requests", "history")
		r.pass(time.Second)
		r.expectNot("methods")
		r.inbox.Put(model.Provided{ID: 1})
		r.pass(time.Second)
		r.expect("Sum: offered, others see it\n", "methods: ")
		r.expectNot("error")
		came(r, 1)
		r.expect("request 1: ioscope calls Sum")
		if n := len(r.bus.did); n != 2 { // the offer, and the answer
			t.Errorf("%d things were done: %q", n, r.bus.did)
		}
		came(r, 2)
		over := func(n int) model.Over {
			return model.Over{Came: model.Came{ID: 1, Call: n, Caller: instance("ioscope"), At: time.Now()}, How: model.ByHand, Value: []byte(`{"sum":3}`), Over: time.Now()}
		}
		r.expectNot("past")
		r.inbox.Put(over(1))
		r.inbox.Put(over(2))
		r.pass(10 * time.Second)
		r.expect("request 2: ioscope calls Sum", "request 1: answered by hand", "request 2: answered by hand", "call 2: CalcPrecise returned sum 3", "requests: 2 past\n")
		r.expectNot("nobody waits")
		came(r, 3)
		r.expect("request 3: ioscope calls Sum", "request 3: ioscope calls Sum", "requests: 1 waits\n", "history: 1\n")
		r.pass(time.Minute)
		r.expect("call 3: CalcPrecise returned sum 3")
	})
}

// A bus that says nothing to an offer does not hold a script up for ever.
func TestScriptGivesUpOnOffers(t *testing.T) {
	play(t, func(r *rig) {
		r.script("offer method Sum", "methods", "login ada", "secret", "bus")
		r.pass(patience - time.Second)
		r.expectNot("methods: ")
		r.pass(2 * time.Second)
		r.expect("methods: 4\n", "login: type the password of ada")
		r.expectNot("traffic")
		r.pass(patience)
		r.expect("bus: demo bus", "traffic: ")
	})
}

// Who types is never held up: a call goes on beside, and what makes commands wait can
// be ended.
func TestPersonIsNotHeldUp(t *testing.T) {
	playWith(t, func(r *rig) {
		r.bus.answer = slowly(time.Hour)
		r.say("invoke Addition a=1 b=2")
		r.say("history")
		r.expect("history: none\n")
		r.say("wait 600")
		r.say("servers")
		r.say("help stop")
		r.expectNot("servers")
		r.expectNot("gives up")
		r.say("stop")
		r.expect("wait: over\n", "servers: 4\n", "stop [NUMBER]: gives up")
		r.say("wait")
		r.say("stop 1")
		r.expect("call 1: given up")
		r.say("wait 600")
		r.say("quit")
		r.pass(time.Second)
		select {
		case err := <-r.done:
			r.done <- err
		default:
			t.Error("it goes on")
		}
	}, byPerson)
}

// The end of what is typed ends a wait, too.
func TestPersonLeavesAWait(t *testing.T) {
	playWith(t, func(r *rig) {
		r.say("wait 600")
		_ = r.in.Close()
		r.pass(time.Second)
		select {
		case err := <-r.done:
			r.done <- err
		default:
			t.Error("it goes on")
		}
	}, byPerson)
}

// What a command needs for another bus is what the command behind it needs, there.
func TestNeedsOnAnotherBus(t *testing.T) {
	other := &otherBus{bus: &fakeBus{}}
	playWith(t, func(r *rig) {
		other.inbox = ui.NewInbox()
		r.bus.answer = slowly(time.Hour)
		r.script("invoke Addition a=1 b=2", "on 'demo bus' open", "on 'demo bus' stop 1", "connect other", "on 'demo bus' invoke Addition a=1 b=2", "open", "on 'demo bus' history", "quit")
		r.pass(time.Second)
		r.expect("call 1: Addition a 1, b 2, asking", "call 1: given up", "bus: now other")
		other.inbox.Hear(bus.ConnChanged{State: bus.Live, At: time.Now()})
		r.pass(time.Minute)
		r.expect("open: nothing", "on demo bus, call 2: ")
		r.expectNot("history")
	}, func(o *Options) { o.Buses = other })
}

// Each command that a line may begin with says what it needs, and what answers or ends
// needs no answer.
func TestNeeds(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"stop", "unsubscribe", "close", "open", "wait", "retry", "answer", "always", "accept", "reject", "offer", "register", "rule", "accept-all", "push"} {
		if c, err := commandFor(name); err != nil || c.needs&needCalls != 0 {
			t.Errorf("%s waits for calls: %v", name, err)
		}
	}
	for _, name := range []string{"invoke", "subscribe", "history", "show", "repeat", "again", "compare", "save", "copy", "export", "use", "find", "lint", "methods", "saved", "quit"} {
		if c, err := commandFor(name); err != nil || c.needs != needAll {
			t.Errorf("%s does not wait for all: %v", name, err)
		}
	}
}

// What a script asks after an offer was taken back finds it gone.
func TestScriptTakesBack(t *testing.T) {
	play(t, func(r *rig) {
		r.script("offer method Sum", "unregister Sum", "methods", "changed", "forget all")
		r.inbox.Put(model.Provided{ID: 1})
		r.pass(gathering / 2)
		r.expectNot("methods: ")
		r.expect("Sum is taken back")
		r.pass(time.Second)
		r.expect("methods: 4\n", "error: nothing has left that the lists still have\n")
	})
}

// What did not change is told in words, and so is a log-in, which loses nothing.
func TestLoginLosesNothing(t *testing.T) {
	play(t, func(r *rig) {
		r.say("mark")
		r.say("changed")
		r.expect("changed: nothing since ")
		r.say("login ada")
		r.say("secret")
		r.hear(bus.ConnChanged{State: bus.Connecting, At: time.Now()})
		r.hear(bus.ConnChanged{State: bus.Live, At: time.Now()})
		r.expect("bus: live again\n")
	})
}

// Who logs in as somebody else sees whom that one sees, and nobody else.
func TestLoginSeesOthers(t *testing.T) {
	play(t, func(r *rig) {
		mine := instance("Mine")
		r.hear(bus.ConnChanged{State: bus.Connecting, At: time.Now()})
		r.hear(bus.ServerAdded{At: time.Now(), Server: mine}, bus.ConnChanged{State: bus.Live, At: time.Now()})
		r.pass(time.Second)
		r.take()
		r.say("servers mine")
		r.say("methods")
		r.expect("Mine: ", "Addition: gone, nobody offers it")
		r.say("servers")
		r.expect("CalcPrecise: left")
		r.say("feed")
		r.expect("you logged in again\n")
	})
}

// A word of no end is refused at once.
func TestEndlessWord(t *testing.T) {
	play(t, func(r *rig) {
		began := time.Now()
		r.script(strings.Repeat("x", 200_000))
		r.expect("error: no command")
		if took := time.Since(began); took > time.Minute {
			t.Errorf("took %s", took)
		}
	})
}

// A failure's sentence ends inside of a line of the history.
func TestHistoryOfAFailure(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = func(context.Context, ui.Question, func([]bus.Instance), func(bus.Return)) error {
			return errors.New("It did not answer. Ask again.")
		}
		r.say("invoke Addition a=1 b=2")
		r.say("history")
		r.expect("failed, It did not answer. Ask\n  again, ")
	})
}
