package plain

import "strings"

// joinOthers asks the publishers that a subscription to several would ask now and that do not
// send to it.
func (x *explorer) joinOthers(words []string) error {
	k, rest, err := x.one(words, isStream, "subscription")
	if err == nil {
		err = nothing(rest)
	}
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
