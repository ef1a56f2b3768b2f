package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
	"ioscope/model"
)

// mixed is a subscription whose payloads come in turns.
func mixed(t *testing.T, payloads ...string) (*harness, *model.Thing) {
	t.Helper()
	h := newHarness(t, setting{})
	h.town()
	q := h.subscribe("AAPL")
	for range 3 {
		for _, data := range payloads {
			q.on(bus.StreamData{At: h.now, Server: "peer-PriceFeed", Data: []byte(data)})
		}
	}
	h.flush()
	h.press("v")
	return h, h.app.state.Shown()
}

// Payloads of many shapes have columns, too, and a row that has none of them tells its
// payload.
func TestColumnsOfMixedShapes(t *testing.T) {
	t.Parallel()
	payloads := []string{`{}`, `{"list":["x"]}`}
	for i := range 12 {
		payloads = append(payloads, fmt.Sprintf(`{"field%02d":"value %d of a long text"}`, i, i))
	}
	h, thing := mixed(t, payloads...)
	if n := len(thing.ColumnFields()); n != 12 {
		t.Fatalf("%d columns", n)
	}
	h.shows("field00", "field01", " →", "value 0 of a", "value 11 of a", "list [1]")
	for line := range strings.Lines(h.app.View()) {
		if strings.Contains(line, "value 11 of a") && !strings.Contains(line, "field11") {
			t.Errorf("a value has no name in %s", line)
		}
	}
	thing.View.Columns = []string{"$.field00"}
	h.pass(time.Second)
	h.hides("value 11 of a", "list [1]")
	h.shows("value 0 of a")
}

// Rare fields beside common ones get no columns, as before.
func TestColumnsOfRareFields(t *testing.T) {
	t.Parallel()
	_, thing := mixed(t, `{"a":1,"b":2}`, `{"a":1,"b":2}`, `{"a":1}`, `{"a":1}`, `{"a":1,"rare":2}`)
	if got := thing.ColumnFields(); len(got) != 2 || got[1].Path != "$.b" {
		t.Errorf("%d columns", len(got))
	}
}

// Where no field fits a column, the view says so.
func TestNoColumns(t *testing.T) {
	t.Parallel()
	h, thing := mixed(t, `{}`, `{"list":[1,2]}`)
	h.shows("No field of these events fits a column", "v goes on to the next view")
	thing.View.Columns = []string{}
	h.pass(time.Second)
	h.shows("No columns are chosen.", "c chooses them")
	for _, size := range mainSizes {
		h.resize(size[0], size[1])
		if law := wrong(h.app.View(), size[0], size[1]); law != "" {
			t.Errorf("%v: %s", size, law)
		}
	}
}
