package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// What a hook did stands above the answers, as long as the call is not asked again.
func TestAsides(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	thing := h.app.state.Shown()
	say := func(gen int, kind model.AsideKind, text string) {
		h.box.Put(model.AsideSaid{Thing: thing.ID, Gen: gen, Aside: model.Aside{Kind: kind, Text: text}})
		h.flush()
	}
	say(thing.Gen, model.AsideNote, "the hook check.sh changed the arguments: {\"a\":2,\"b\":4}\x1b[31m")
	say(thing.Gen, model.AsideBad, "the hook log.sh failed: no room")
	say(thing.Gen-1, model.AsideBad, "of an earlier call")
	h.shows("! the hook check.sh changed the arguments: {\"a\":2,\"b\":4}␛[31m", "✗ the hook log.sh failed: no room")
	h.hides("of an earlier call")
	h.press("r")
	h.hides("the hook check.sh")
}
