package ui

// groupScenes are lists in groups.
var groupScenes = []scene{
	{name: "grouped", make: func(h *harness) {
		h.main()
		h.groupBy("2", "prefix")
		h.press("g", "j", "j", "h", "h", "j", "j", "j")
	}},
	{name: "grouped-group", make: func(h *harness) {
		h.main()
		h.groupBy("2", "server")
		h.press("O", "j")
	}},
	{name: "grouped-ascii", set: setting{ascii: true, plain: true}, make: func(h *harness) {
		h.main()
		h.groupBy("1", "user")
		h.groupBy("2", "server")
		h.press("O", "j", "l")
	}},
	{name: "group-dialog", make: func(h *harness) {
		h.main()
		h.press("2", "v", "down", "space", "down", "space")
	}},
	{name: "history-grouped", make: func(h *harness) {
		h.past()
		h.groupBy("6", "method")
		h.press("g", "h", "j", "j")
	}},
	{name: "history-group", make: func(h *harness) {
		h.past()
		h.groupBy("6", "outcome")
		h.press("O", "g")
	}},
	{name: "filters-named", make: func(h *harness) {
		h.main()
		h.app.opts.Filters = &fakeFilters{all: []NamedFilter{
			{ListFilter, "prices", "price"}, {StreamFilter, "no retail", "!venue:RETL"}, {StreamFilter, "apple", "~apl"}, {JQFilter, "dear", ".bid > 144"},
		}}
		h.press("4", "g", "enter", "&")
		h.write("~apl")
		h.press("enter", "|")
		h.write(".size > 500")
		h.press("enter", "F", "down")
	}},
}

func init() { //nolint:gochecknoinits // the scenes are kept where they belong
	scenes = append(scenes, groupScenes...)
	pictures = append(pictures, []struct {
		scene string
		sizes [][2]int
	}{{"grouped", mainSizes}, {"grouped-group", bothSizes}, {"grouped-ascii", bothSizes}, {"history-grouped", mainSizes}, {"history-group", normalSize}, {"group-dialog", [][2]int{{120, 40}, {40, 10}}}, {"filters-named", [][2]int{{120, 40}, {40, 10}}}}...)
}

// groupBy groups a pane by a key of the dialog.
func (h *harness) groupBy(pane, by string) {
	h.press(pane, "v", "g")
	d := h.app.topDialog().(*groupDialog)
	for d.row = 0; d.row <= len(d.keys()); d.row++ {
		if d.row > 0 && string(d.keys()[d.row-1]) == by {
			h.press("enter")
			return
		}
	}
	h.t.Fatalf("nothing is grouped by %s", by)
}
