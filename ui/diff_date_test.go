package ui

import (
	"fmt"
	"testing"
	"time"

	"ioscope/client/bus"
)

// The difference of an event has dates as people write them, and how far they are
// apart.
func TestDiffHasDates(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	for i := range 2 {
		data := fmt.Sprintf(`{"sym":"AAPL","at":%q,"seen":[%q]}`, bus.DateText(h.now.Add(time.Duration(i)*time.Second)), bus.DateText(h.now.Add(time.Duration(i)*time.Minute)))
		q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: []byte(data)})
	}
	h.flush()
	h.press("G", "enter", "d")
	at := func(d time.Duration) string { return h.now.Add(d).Local().Format("2006-01-02 15:04:05.000") }
	h.shows(at(time.Second)+"  was "+at(0), "+1.0 s", at(time.Minute))
	h.hides("#T42_DATE#")
}
