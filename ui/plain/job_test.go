package plain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// asksTwice is a command that asks two questions, as the run of an action does.
func asksTwice(ctx context.Context, words []string, in io.Reader, out io.Writer) error {
	if words[0] == "actions" {
		_, _ = io.WriteString(out, `{"kind":"action","slug":"orders/refund","name":"Refund","group":"orders","unlisted":true,"description":"Pays back"}`+"\nnote: no JSON\n")
		return nil
	}
	answers := make(chan string)
	go func() {
		defer close(answers)
		for s := bufio.NewScanner(in); s.Scan(); {
			answers <- s.Text()
		}
	}()
	for _, q := range []string{"Order", "Sure?"} {
		fmt.Fprintf(out, "  ✗ wants an answer\n------\n%s: ", q)
		select {
		case a, ok := <-answers:
			if !ok {
				return errors.New("nobody answers")
			}
			fmt.Fprintf(out, "✓ %s is %s\n", q, a)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	fmt.Fprintln(out, "to "+strings.Join(words, " "))
	return nil
}

func TestRun(t *testing.T) {
	play(t, func(r *rig) {
		r.say("actions")
		r.expect("orders/refund: action, Refund, in the group orders, unlisted, Pays back\n", "note: no JSON\n", "actions: over\n")
		r.say("run")
		r.expect("error: which action?\n")
		r.say("run refund a=1")
		r.expect("run: what is typed now is for it; .stop gives it up", "  wrong: wants an answer\nOrder:\n")
		r.say("servers grumpy")
		r.expect("yes: Order is servers grumpy\n", "Sure?:\n")
		r.say(".servers grumpy")
		r.expect("Grumpy: offers 1 method")
		r.say(".run other")
		r.expect("error: run goes on\nhint: .stop gives it up\n")
		r.say("yes")
		r.expect("yes: Sure? is yes\n", "to run refund a=1\n", "run: over\n")
		r.say("run refund")
		r.take()
		r.say(".stop")
		r.expect("run: over, not done\n")
		r.say("servers grumpy")
		r.expect("Grumpy: offers 1 method")
	})
}

// The end of the input ends a run that asks.
func TestRunWithoutAnswers(t *testing.T) {
	play(t, func(r *rig) {
		r.say("run refund")
		_ = r.in.Close()
		r.pass(time.Second)
		r.expect("run: over, not done\n")
	})
}

func TestLintAndCompare(t *testing.T) {
	play(t, func(r *rig) {
		r.say("compare prices.get")
		r.expect("Prices.Get: PriceFeed offers it with another signature than PriceFeed\n", "  accepts: string sym with PriceFeed, string symbol with PriceFeed, other name\n")
		r.say("compare Addition")
		r.expect("Addition: has one signature\n")
		r.say("compare nothing")
		r.expect("error: nothing on the bus is called \"nothing\"\n")
		r.say("lint")
		r.expect("Prices.Get: warning, PriceFeed offers it twice, with two signatures\n", "lint: 1 told, ")
		r.say("lint error")
		r.expect("lint: 0 told, ", "; lint info tells all\n")
		r.say("lint fatal")
		r.expect("error: no severity \"fatal\"")
	})
}

// secretive notes what it is told to hide. It is Console.
type secretive struct {
	Console
	said []bool
}

func (s *secretive) Secret(on bool) { s.said = append(s.said, on) }

// A run that asks for credentials can hide what is typed; its end shows all again.
func TestRunHides(t *testing.T) {
	console := &secretive{}
	playWith(t, func(r *rig) {
		r.say("run login")
		r.expect("run: over\n")
	}, func(o *Options) {
		console.Console = o.Console
		o.Console = console
		o.Commands = func(_ context.Context, _ []string, in io.Reader, _ io.Writer) error {
			in.(interface{ Secret(on bool) }).Secret(true)
			return nil
		}
	})
	if len(console.said) != 2 || !console.said[0] || console.said[1] {
		t.Errorf("the console was told %v", console.said)
	}
}
