package ui

import (
	"testing"
	"time"

	"ioscope/client/bus"
)

// TestTheTitleTellsTheWay goes into a call and into an event where one pane is seen at a
// time: the title says where each lies, and where there are more panes it need not.
func TestTheTitleTellsTheWay(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 60, 20)
	h.press("2", "g", "enter")
	h.shows(" 0 Methods › Addition ━")
	h.call("Addition", bus.Target{}, `{"a":2,"b":3}`, reply{"CalcPrecise", `{"sum":5}`, time.Millisecond})
	h.press("4", "enter")
	h.shows(" 0 Open › ")
	h = sceneNamed(t, "result-one").play(t, 60, 20)
	h.shows(" 0 Methods › Clients.Find › Result ━")
	h.resize(120, 40)
	h.shows("0 Result ━")
	h.hides("Clients.Find › Result")
	h = sceneNamed(t, "event").play(t, 60, 20)
	h.shows(" Open › MarketData.Prices › seq ")
}
