package cli

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/gateway"
	"ioscope/model"
	"ioscope/ui"
	"ioscope/ui/config"
	lines "ioscope/ui/plain"
)

// speaker is the explorer as lines, of one app on a real gateway in memory. Time is
// synctest's.
type speaker struct {
	t    *testing.T
	in   *io.PipeWriter
	done chan error
	stop func()
	bus  *session
	// folder is where it keeps files.
	folder string
	// copied is what was copied.
	copied []string
	over   bool

	mu  sync.Mutex
	out bytes.Buffer
}

func (p *speaker) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

// twoSpeakers plays with two explorers on one bus.
func twoSpeakers(t *testing.T, play func(desk, trader *speaker)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gw := gateway.New(nil)
		desk, trader := speak(t, gw, "Desk"), speak(t, gw, "Trader")
		defer func() {
			desk.end()
			trader.end()
			_ = gw.Close()
		}()
		desk.sees("bus: memory, ws://in.memory/gw3, live")
		trader.sees("live")
		play(desk, trader)
	})
}

func speak(t *testing.T, gw *gateway.Gateway, name string) *speaker {
	t.Helper()
	return speakIn(t, gw, name, t.TempDir(), true, nil)
}

// speakIn is speak with files in a folder, by a script unless a person types, and with
// what more the explorer is made of.
func speakIn(t *testing.T, gw *gateway.Gateway, name, folder string, person bool, more func(*lines.Options)) *speaker {
	t.Helper()
	in, typed := io.Pipe()
	p := &speaker{t: t, in: typed, done: make(chan error, 1), folder: folder}
	box := ui.NewInbox()
	f := &flags{application: name, user: "dev", settings: &settings{Config: config.Defaults(), paths: config.Paths{State: p.folder}}}
	s := newSession(f, box, slog.New(slog.DiscardHandler))
	s.open("ws://in.memory/gw3", func(context.Context, string) (client.Conn, error) { return gw.Connect(false), nil })
	ctx, cancel := context.WithCancel(context.Background())
	p.bus = s
	p.stop = func() { cancel(); s.Close(); box.Close() }
	o := lines.Options{
		Bus: s, Inbox: box, Start: model.Options{Name: "memory", URL: "ws://in.memory/gw3", User: "dev"},
		Console: lines.NewPipe(in, p, person), Now: time.Now,
		Clipboard: p, Shelf: &shelf{folder: p.folder}, Disk: disk{}, Histories: newHistories(config.Paths{State: p.folder}),
	}
	if more != nil {
		more(&o)
	}
	go func() { p.done <- lines.Run(ctx, o) }()
	p.pass(time.Second)
	return p
}

// Copy implements ui.Clipboard.
func (p *speaker) Copy(text string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.copied = append(p.copied, text)
	return "a test's clipboard", nil
}

// end ends it, unless it was ended.
func (p *speaker) end() {
	if p.over {
		return
	}
	p.over = true
	_ = p.in.Close()
	synctest.Wait()
	p.stop()
	if err := <-p.done; err != nil {
		p.t.Errorf("Run: %v", err)
	}
}

func (p *speaker) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// say types lines.
func (p *speaker) say(list ...string) {
	for _, line := range list {
		_, _ = io.WriteString(p.in, line+"\n")
		p.pass(1200 * time.Millisecond)
	}
}

// unwrap makes one line of a line that goes on.
var unwrap = regexp.MustCompile(`\n +`)

// sees wants texts among what was printed since the last time, in this order.
func (p *speaker) sees(texts ...string) {
	p.t.Helper()
	p.mu.Lock()
	got := p.out.String()
	p.out.Reset()
	p.mu.Unlock()
	rest := unwrap.ReplaceAllString(got, " ")
	for _, text := range texts {
		_, after, ok := strings.Cut(rest, text)
		if !ok {
			p.t.Fatalf("%q was not said, or not in this order, in:\n%s", text, got)
		}
		rest = after
	}
}

// heard is what was printed since the last time.
func (p *speaker) heard() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.out.Reset()
	return p.out.String()
}

// finds wants a pattern, and returns its first group.
func (p *speaker) finds(pattern string) string {
	p.t.Helper()
	p.mu.Lock()
	got := p.out.String()
	p.out.Reset()
	p.mu.Unlock()
	m := regexp.MustCompile(pattern).FindStringSubmatch(unwrap.ReplaceAllString(got, " "))
	if m == nil {
		p.t.Fatalf("%q was not said in:\n%s", pattern, got)
	}
	return m[1]
}

// TestPlainMethodByHand offers a method and answers it by hand, with an error and by a
// rule; then the calls of all servers are compared.
func TestPlainMethodByHand(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		desk.say(`offer method Sum accepts="int a, int b" returns="int sum"`)
		desk.sees("Sum: offered, others see it")
		trader.sees("Desk: offers the method Sum")
		trader.say("invoke Sum a=2 b=3")
		desk.sees("request 1: Trader calls Sum with a 2, b 3, 30 s left. answer 1 sum=INT answers it, reject 1 REASON refuses it")
		desk.say("answer 1 sum=five")
		desk.sees(`error: sum is not an int: "five"`, "hint: nothing was sent; Sum returns int sum")
		desk.say("answer 1")
		desk.sees("error: sum is needed")
		desk.say("answer 1 sum=5")
		desk.sees("request 1: answered by hand, sum 5")
		trader.sees("Desk returned sum 5")
		desk.say("answer 1 sum=5")
		desk.sees("error: Trader was answered ")

		trader.say("repeat")
		desk.say("reject 2 not today")
		desk.sees("request 2: Trader calls Sum", "request 2: refused by hand, not today")
		trader.sees(`Desk failed, "not today"`)

		trader.say("repeat")
		desk.say("always 3 sum=5")
		desk.sees("rule 1 of Sum: when .a == 2 and .b == 3, answers sum 5, fitted 0 times", "request 3: answered by hand, sum 5")
		trader.say("repeat")
		desk.sees("Sum: Trader with a 2, b 3 answered by rule 1, sum 5")
		trader.sees("returned sum 5", "returned sum 5")
		desk.say(`rule Sum jq="{sum: (.a + .b)}"`, "rule Sum 1 down", "rule Sum 1 when='.a > 100'", "rule Sum")
		desk.sees("rule 2 of Sum: always answers what jq {sum: (.a + .b)} gives", "rule 1 of Sum: is rule 2 now", "rule 1 of Sum: when .a > 100,", "rule 2 of Sum: when .a == 2")
		desk.say("rule Sum 2 delete", "yes", "rule Sum 1 delete", "requests past")
		desk.sees("delete rule 2 of Sum: it fitted 1 time. Type yes", "rule 2 of Sum: deleted", "rule 1 of Sum: deleted", "request 4: Trader calls Sum with a 2, b 3, answered by rule 1, sum 5, at ", "requests: 4 past")

		desk.say("rule Sum value=5 jq=.a", "rule Sum when='.a =='", "rule Sum 3", "rule Sum up=1", "answer 9")
		desk.sees("error: jq: stands beside value", "error: when: ", "error: Sum has no rule 3", "error: not understood", "error: no request 9")

		// Nobody answers in time.
		trader.say("invoke Sum a=7 b=8 timeout=60s")
		desk.pass(25 * time.Second)
		desk.sees("request 5: Trader calls Sum", "request 5: Trader waits, ")
		desk.pass(10 * time.Second)
		desk.sees("request 5: ran out, nobody answered")
		trader.sees("call ", "Desk failed, \"nobody answered within 30.0 s\"")

		desk.say("close 99", "close Nope", "unregister Sum", "offers Sum")
		desk.sees("error: not a number", "Sum is taken back. register offers it again", "offer 1: Sum, your method, taken back, ", " accepts: a, int", " returns: sum, int")
		trader.sees("Desk: no longer offers the method Sum")
		desk.say("register Sum", "offer method Sum accepts=int")
		desk.sees("Sum: offered, others see it", "error: name: You offer Sum already; an app offers a name once.")
		trader.sees("Desk: offers the method Sum")
		desk.say("close 1")
		desk.sees("Sum: put away")
		trader.sees("Desk: no longer offers the method Sum")
	})
}

// TestPlainTargets asks one, all, and one by name; both offer the same method.
func TestPlainTargets(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		for _, p := range []*speaker{desk, trader} {
			p.say(`offer method Who returns="string i"`)
			p.sees("Who: offered")
		}
		trader.say("invoke Who target=all")
		n := trader.finds(`call (\d+): sent to 2 servers`)
		desk.say("answer 1 i=desk")
		trader.say("answer 1 i=trader")
		trader.sees("Desk returned i desk", "request 1: answered by hand", "call "+n+": 2 of 2 returned")
		trader.say("invoke Who target=Desk")
		desk.say("requests", "answer 2 i=again")
		desk.sees("request 2: Trader calls Who, ", "requests: 1 waits")
		trader.sees("Desk returned i again")
	})
}

// TestPlainStream plays the scenarios of streams: subscribers are accepted, accepted on
// a branch and rejected; all, a branch and one are pushed to, by hand and on a timer;
// both ends see who comes and goes.
func TestPlainStream(t *testing.T) {
	twoSpeakers(t, func(desk, trader *speaker) {
		desk.say(`offer stream Orders accepts="string desk" returns="string note"`)
		desk.sees("Orders: offered, others see it")
		trader.sees("Desk: offers the stream Orders")
		trader.say("subscribe Orders desk=gold", "subscribe Orders desk=public", "subscribe Orders desk=none")
		desk.sees("request 1: Trader asks to subscribe to Orders with desk gold, 30 s left. accept 1 accepts it, with branch=KEY on a branch, reject 1 REASON rejects it", "request 2", "request 3")
		desk.say("answer 1", "accept 1 branch=gold", "accept 2", "reject 3 no such desk")
		desk.sees("error: request 1 asks to subscribe, it is no call", "hint: accept 1 accepts it",
			"request 1: accepted by hand on branch gold", "Orders: Trader subscribes with desk gold, on branch gold, subscriber 1", "request 2: accepted by hand", "subscriber 2", "request 3: rejected by hand, no such desk")
		gold := trader.finds(`subscription (\d+): accepted by Desk`)
		desk.say("push Orders note=everybody")
		desk.sees("Orders: pushed to 2 subscribers")
		trader.sees(gold+": ", "shared, note everybody", "shared, note everybody")
		desk.say("push Orders branch=gold note=branch", "push Orders subscriber=1 note=alone", "push Orders note=1 branch=silver", "push Orders nothing=1")
		desk.sees("Orders: pushed to 1 subscriber", "Orders: pushed to 1 subscriber", "error: nobody is on branch silver", "error: note is needed")
		trader.sees(gold+": ", "shared, note branch", gold+": ", "private to you, note alone")
		desk.say("timer Orders every=500ms jq='{note: \"tick\"}' times=3")
		desk.sees("timer 1 of Orders: every 500 ms, 3 times, to all, what jq")
		desk.pass(time.Second)
		trader.sees("note tick")
		desk.say("timer Orders every=1s value='{\"note\":\"slow\"}' branch=gold", "timer Orders 2 every=2s", "timer Orders 2 stop", "timer Orders every=never", "offers Orders")
		desk.sees("timer 2 of Orders: every 1.0 s, to branch gold, note slow", "timer 2 of Orders: every 2.0 s, to branch gold", "timer 2 of Orders: stopped", "error: every is not a duration",
			"offer 1: Orders, your stream, offered, 2 subscribers", "branch without a key: 1 subscriber", "subscriber 2: Trader with desk public", "branch gold: 1 subscriber", "subscriber 1: Trader with desk gold, on branch gold, since ", "1 to it alone")

		desk.say("timer Orders every=1s value='{\"note\":\"n\"}' times=2 branch=gold numbered=yes snapshot=maybe", "timer Orders every=1s value='{\"note\":\"n\"}' times=2 branch=gold numbered=yes snapshot=yes")
		desk.sees(`error: snapshot is yes or no, not "maybe"`, "hint: snapshot=yes or snapshot=no", "every 1.0 s, 2 times, to branch gold, numbered, snapshot, note n")
		desk.pass(2 * time.Second)
		trader.sees(gold+": ", "snapshot, note n", "snapshot, note n")

		trader.say("unsubscribe " + gold)
		desk.sees("Orders: Trader, subscriber 1, is gone: branch gold, left, got ")
		desk.say("dismiss Orders subscriber=2", "no", "dismiss Orders subscriber=2", "yes")
		desk.sees("close the subscription of Trader: Trader hears no more of Orders. Type yes", "not done, all stays", "Type yes", "subscriber 2, is gone: closed by you, got ")
		desk.say("requests past")
		desk.sees("subscriber 1: Trader of Orders with desk gold, on branch gold, left, got ")
		if said := trader.heard(); !strings.Contains(said, "Desk closed this at ") || strings.Contains(said, "dropping") {
			t.Errorf("a subscription that was closed for no reason: %s", said)
		}
		desk.say("accept-all Orders")
		desk.sees("Orders accepts everybody")
		trader.say("subscribe Orders desk=any")
		desk.sees("Orders: Trader with desk any accepted by rule 1")
		desk.say("accept-all Orders", "rule Orders when='.desk == \"no\"' reject=never", "rule Orders branch=.desk")
		desk.sees("Orders asks you for each subscriber", "rule 1 of Orders: when .desk == \"no\", rejects, never", "rule 2 of Orders: always accepts on the branch that jq .desk gives")
		trader.say("subscribe Orders desk=no", "subscribe Orders desk=silver")
		trader.sees("Desk refuses: never", "accepted by Desk")
		desk.sees("Orders: Trader with desk no rejected by rule 1, never", "on branch silver")
		desk.say("dismiss Orders branch=silver", "yes", "unregister Orders", "open", "close orders", "yes", "open")
		desk.sees("close the branch silver: 1 subscription to Orders ends. Type yes", "unregister Orders: 1 subscriber loses it. Type yes", "unregister Orders: not done", "offer 1: Orders", "close Orders: 1 subscriber loses it", "Orders: put away", "open: nothing")
		trader.sees("Desk: no longer offers the stream Orders")
	})
}
