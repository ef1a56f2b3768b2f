package ui

import (
	"time"

	"ioscope/client/interval/schema"
)

// repeatedRun asks whether a run that ended well is run once more.
func repeatedRun(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Which order?", &schema.SelectSingle{Options: []schema.Option{{Label: "88007", Value: "88007", Description: "Northwind, 3 items"}}}))
	h.press("space", "ctrl+s")
	h.answered(ref, "k1")
	h.render(ref, "k2", nil,
		component("Items to refund", &schema.SelectMultiple{Options: []schema.Option{{Label: "bolt", Value: 1}, {Label: "nut", Value: 2}}}),
		component("Amount", &schema.InputNumber{Currency: "GBP", DefaultValue: ptr(84.5)}),
		component("Account", &schema.InputText{}),
		optional(component("Pay out on", &schema.InputDate{})),
		component("Tell the client", &schema.InputBoolean{DefaultValue: ptr(true)}),
	)
	h.press("space", "down", "space", "tab", "tab")
	h.write("NL91 ABNA 0417 1643 00")
	h.press("ctrl+s")
	h.answered(ref, "k2")
	h.render(ref, "k3", nil, component("Bank", &schema.Credentials{}))
	h.write("desk")
	h.press("tab")
	h.write("a secret")
	h.press("ctrl+s")
	h.answered(ref, "k3")
	h.pass(4 * time.Second)
	h.over(ref, schema.StatusSuccess)
	h.press("r")
}

func init() { //nolint:gochecknoinits // each file brings its scenes
	scenes = append(scenes, scene{name: "run-again", make: repeatedRun})
	pictures = append(pictures, struct {
		scene string
		sizes [][2]int
	}{"run-again", mainSizes})
}
