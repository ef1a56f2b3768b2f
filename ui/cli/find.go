package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"ioscope/client/bus"
)

// patienceOfPeople is how long a wait may be before it is spoken of.
const patienceOfPeople = 150 * time.Millisecond

// wanted is the method or the stream that a command needs, and of whom.
type wanted struct {
	name      string
	streaming bool
	target    targets
	wait      time.Duration
	args      arguments
}

// what is the word for it.
func (w wanted) what() string {
	if w.streaming {
		return "stream"
	}
	return "method"
}

// check refuses what no bus could answer.
func (w wanted) check() error {
	if w.wait < 0 {
		return usagef("--wait-timeout %s: less than nothing", w.wait)
	}
	return nil
}

// filter fits what is wanted, and where accepts is given that signature alone.
func (w wanted) filter(accepts *string) bus.MethodFilter {
	return bus.MethodFilter{Name: w.name, Accepts: accepts, Streaming: &w.streaming}
}

// noOffer says that nothing that is wanted appeared in time.
type noOffer struct {
	wanted
	// other is true when the name is there, as the other of method and stream.
	other bool
}

func (e *noOffer) Error() string {
	who := "no server"
	if e.target.target.Mode == bus.Matching {
		who = "no server " + e.target.quoted()
	}
	within := "now"
	if e.wait > 0 {
		within = "within " + duration(e.wait)
	}
	return fmt.Sprintf("%s offered the %s %q %s", who, e.what(), e.name, within)
}

func (e *noOffer) hint() string {
	switch {
	case e.other && e.streaming:
		return fmt.Sprintf("%q is a method: ioscope invoke asks it", e.name)
	case e.other:
		return fmt.Sprintf("%q is a stream: ioscope subscribe follows it", e.name)
	}
	return "ioscope " + e.what() + "s lists what there is"
}

// plan is a question that is ready to be asked: whom, which method, with what.
type plan struct {
	filter  bus.MethodFilter
	offered []bus.Candidate // all who offer it by this signature
	servers []bus.Instance  // those whom the target means
	args    json.RawMessage
	notes   []string
}

// target means exactly the plan's servers.
func (p plan) target() bus.Target {
	t := bus.Target{Mode: bus.Matching}
	for _, s := range p.servers {
		t.Filters = append(t.Filters, bus.InstanceFilter{PeerID: s.PeerID})
	}
	return t
}

// find waits until what is wanted is on the bus, and makes the plan. Arguments
// that do not fit the signature are wrong usage, and nothing has been sent then.
func find(ctx context.Context, c *connected, w wanted, now time.Time, remarks io.Writer) (plan, error) {
	late, word := time.NewTimer(w.wait), time.NewTimer(patienceOfPeople)
	defer late.Stop()
	defer word.Stop()
	for {
		p, ok, err := w.plan(c.Methods(w.filter(nil)), now)
		if ok || err != nil {
			return p, err
		}
		select {
		case <-c.changed:
		case <-word.C:
			note(remarks, "nobody offers the %s %q now; waiting %s for it", w.what(), w.name, duration(w.wait))
		case <-late.C:
			return plan{}, w.missing(c)
		case <-ctx.Done():
			return plan{}, fmt.Errorf("wait for the %s %q: given up%w", w.what(), w.name, quiet{ctx.Err()})
		}
	}
}

func (w wanted) missing(c *connected) error {
	other := !w.streaming
	e := &noOffer{w, len(c.Methods(bus.MethodFilter{Name: w.name, Streaming: &other})) > 0}
	return withHint(e, e.hint())
}

// plan chooses among those who offer it now. It is false where nobody does.
//
// The same name with another signature is another method. So the arguments are
// read by each signature that is offered, and the first one they fit is meant.
func (w wanted) plan(offered []bus.Candidate, now time.Time) (plan, bool, error) {
	var misfit error
	for _, group := range bySignature(offered) {
		chosen := w.target.choose(group)
		if len(chosen) == 0 {
			continue
		}
		accepts := chosen[0].Method.Accepts
		args, notes, err := w.args.fit(accepts, now)
		if err != nil {
			misfit = either(misfit, w.misfit(accepts, err))
			continue
		}
		return plan{w.filter(&accepts), group, instances(chosen), args, notes}, true, nil
	}
	return plan{}, false, misfit
}

func (w wanted) misfit(accepts string, err error) error {
	hint := fmt.Sprintf("nothing was sent; %s accepts: %s", w.name, accepts)
	return withHint(&usageError{err}, hint)
}

// either keeps the first error.
func either(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// bySignature groups candidates by what they accept, in the order in which they
// were announced, each server once a group.
func bySignature(offered []bus.Candidate) [][]bus.Candidate {
	var groups [][]bus.Candidate
	at := map[string]int{}
	seen := map[string]bool{}
	for _, c := range offered {
		key := strings.ToLower(c.Method.Accepts)
		if once := key + "\x00" + string(c.Server.PeerID); seen[once] {
			continue
		} else {
			seen[once] = true
		}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

func instances(candidates []bus.Candidate) []bus.Instance {
	out := make([]bus.Instance, len(candidates))
	for i, c := range candidates {
		out[i] = c.Server
	}
	return out
}
