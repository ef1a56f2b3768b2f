package ui

import (
	"strings"
	"testing"

	"ioscope/client/bus"
)

// In an opened event values are found, wrapped, and held against what the stream returns.
func TestOpenedEvent(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.town()
	def := bus.MethodDefinition{Name: "Desk.Notes", Streaming: true, Returns: "string title, int size, string body"}
	h.join("Desk", 4141, def)
	thing := h.app.state.OpenForm(h.method("Desk.Notes"), bus.Target{})
	h.exec(h.app.run(h.app.state.Send(thing)))
	q := h.question()
	q.on(bus.StreamAccepted{At: h.now, Server: person("Desk", 4141)})
	body := strings.Repeat("all work and no play ", 10) + "the end"
	q.on(bus.StreamData{At: h.now, Server: "peer-Desk", Data: []byte(`{"title":7,"body":"` + body + `","desk":"north"}`)})
	h.finish(q, nil)
	h.press("enter")
	h.shows("3 marks against returns", "size", "desk")
	h.hides("the end")
	h.press("n")
	h.shows("$.desk")
	h.press("k", "w")
	h.shows("the end")
	h.press("w", "/")
	h.write("north")
	h.shows("/ north")
	h.press("enter")
	h.shows("$.desk")
	h.press("g", "n")
	h.shows("$.desk")
	h.press("/")
	for range "north" {
		h.press("backspace")
	}
	h.write("nowhere")
	h.press("enter")
	h.shows(`no value here has "nowhere"`)
}
