package plain

import (
	"slices"
	"strings"

	"ioscope/client/bus"
)

// tellOthers tells once of each publisher that came back, or came later, and that a
// subscription to several does not take in by itself.
func (x *explorer) tellOthers(k *talk) {
	var others []bus.PeerID
	for _, srv := range x.state.LeftOut(k.thing) {
		words := "came and was not asked"
		switch {
		case k.thing.CameBack(srv):
			words = "is back and was not asked again"
		case !k.thing.Came(srv):
			continue
		}
		others = append(others, srv.Instance.PeerID)
		if !slices.Contains(k.stream.others, srv.Instance.PeerID) {
			x.sayf("%s: %s %s; join %d asks", k.name(), srv.Instance.Name(), words, k.thing.ID)
		}
	}
	k.stream.others = others
}

// joinOthers asks the publishers that a subscription to several would ask now and that do not
// send to it.
func (x *explorer) joinOthers(words []string) error {
	k, err := alone(x.one(words, isStream, "subscription"))
	if err != nil {
		return err
	}
	x.now()
	out := x.state.LeftOut(k.thing)
	if len(out) == 0 {
		return problemf("", "%s: nobody is left out: all that it would ask send to it, or it does not run", k.name())
	}
	var names []string
	for _, srv := range out {
		names = append(names, srv.Instance.Name())
	}
	x.sayf("%s: asked %s", k.name(), strings.Join(names, ", "))
	x.run(x.state.Join(k.thing))
	return nil
}
