package ui

import (
	"time"

	"ioscope/model"
)

func init() { //nolint:gochecknoinits // see scene_lens_test.go
	scenes = append(scenes, watchScenes...)
	pictures = append(pictures, []struct {
		scene string
		sizes [][2]int
	}{
		{"watches", mainSizes},
		{"watch-form", bothSizes},
		{"watch-new", normalSize},
		{"watches-none", bothSizes},
		{"watch-rail", [][2]int{{200, 60}}},
	}...)
}

var watchScenes = []scene{
	{name: "watches", make: watchScene},
	{name: "watch-form", make: func(h *harness) { watchScene(h); h.press("c") }},
	{name: "watch-new", make: func(h *harness) { watchScene(h); h.press("N"); h.write("MarketData.Prices") }},
	{name: "watches-none", make: func(h *harness) { h.main(); h.press("8") }},
	{name: "watch-rail", make: func(h *harness) { watchScene(h); h.press("2") }},
}

// watchScene watches prices, one of which has gone silent, and a call.
func watchScene(h *harness) {
	aapl := h.main()
	st := h.app.state
	open := func(i int) *model.Thing { return st.Things[i] }
	pin := func(w *model.Watch, condition string) {
		w.Condition, _ = model.ReadTrigger(condition)
		h.exec(h.app.run(st.AddWatch(w)))
	}
	pin(open(0).Subject("$.bid"), "> 144.5")
	pin(open(0).Subject("$.venue.code"), `!= "XNAS"`)
	pin(open(1).Subject("$.bid"), "silent 5 s")
	m := h.method("Clients.Find")
	w := &model.Watch{Method: m.ID, Def: m.Def, Args: []byte(`{"query":"north"}`), Path: "$.total", Every: 10 * time.Second}
	pin(w, "changes")
	h.flow(3, aapl)
	h.pass(0)
	q := h.question()
	h.answer(q, reply{"ClientDesk", foundClients, 12 * time.Millisecond})
	h.finish(q, nil)
	h.flow(8, aapl)
	h.press("8", "g")
}
