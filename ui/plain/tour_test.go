package plain

import (
	"slices"
	"testing"
	"time"
)

// TestTour is led through a call: each step is told once the one before is done to its
// end, also where values are asked for one by one.
func TestTour(t *testing.T) {
	play(t, func(r *rig) {
		r.bus.answer = answers(map[string]any{"CalcPrecise": `{"sum":5}`})
		r.say("tour")
		r.expect("tour call: ", "tour stream: ")
		r.say("tour call")
		r.expect("tour, step 1 of 6: methods lists")
		r.say("servers")
		r.expectNot("tour")
		r.say("methods")
		r.expect("tour, step 2 of 6: show NAME")
		r.say("show nobody")
		r.expectNot("tour")
		r.say("show Addition")
		r.expect("tour, step 3 of 6: fill NAME")
		r.say("fill Addition")
		r.say("2")
		r.expectNot("tour")
		r.say("3")
		r.expect("returned sum 5", "tour, step 4 of 6: show NUMBER")
		r.say("show 1")
		r.say("repeat")
		r.say("history")
		r.expect("step 5", "step 6", "tour: that is all of it\n")
		r.say("tour stream")
		r.say("tour stop")
		r.expect("tour, step 1 of 6: streams lists the streams\n", "tour: over\n")
		r.say("tour stop")
		r.say("tour world")
		r.expect("error: no tour is under way\n", "error: no tour \"world\"\n")
	})
}

// TestToursNameCommands: what a step waits for can be typed.
func TestToursNameCommands(t *testing.T) {
	t.Parallel()
	for _, tour := range tours {
		for _, step := range tour.steps {
			for _, name := range step.by {
				if !slices.Contains(commandNames(), name) {
					t.Errorf("tour %s waits for %q, which is no command", tour.name, name)
				}
			}
		}
	}
}

// TestQuitAsks: a person who quits while an action runs is asked; a script is not.
func TestQuitAsks(t *testing.T) {
	console := &typist{}
	playWith(t, func(r *rig) {
		r.say("run refund")
		r.take()
		r.say(".quit")
		r.expect("quit: the run goes on, and stops with ioscope. Type yes to do it")
		r.say("no")
		r.expect("quit: not done, all stays\n")
		r.say("A-1")
		r.expect("yes: Order is A-1\n")
		r.say(".quit")
		r.say("yes")
		r.pass(time.Second)
		select {
		case err := <-r.done:
			r.done <- err
		default:
			t.Error("it did not quit")
		}
	}, func(o *Options) {
		console.Console = o.Console
		o.Console = console
	})
}

// typist is a console at which a person types.
type typist struct{ Console }

func (typist) Typed() bool { return true }
