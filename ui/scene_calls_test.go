package ui

import (
	"ioscope/client/bus"
)

func init() { //nolint:gochecknoinits // the scenes of calls stand in a file of their own
	scenes = append(scenes, callScenes...)
	pictures = append(pictures, callPictures...)
}

var callScenes = []scene{
	{name: "form-json-repaired", make: func(h *harness) {
		h.main()
		h.app.state.OpenForm(h.method("Clients.Create"), bus.Target{})
		h.press("ctrl+g")
		h.paste(scribbled)
		h.press("down", "down", "down", "down")
	}},
}

// scribbled is an object as people write one into a message.
const scribbled = `{
  name: 'Northwind Traders',  // the one in Rotterdam
  "address": { "street": "12 Harbour Street", "city": "Rotterdam", "country": "NL", },
  "contacts": [],
  "creditLimit": 25000.5.1,
  "active": True,
  "vip": true,
  "accountIds": [9007199254740993, 7]
`

var callPictures = []struct {
	scene string
	sizes [][2]int
}{
	{"form-json-repaired", bothSizes},
}
