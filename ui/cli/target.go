package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"ioscope/client/bus"
)

// targets is the flag --target, which may be given several times. Unset, it is best.
type targets struct {
	texts  []string
	target bus.Target
}

var _ pflag.Value = (*targets)(nil)

// Set adds a target. The modes stand alone: nothing can be added to all.
func (t *targets) Set(text string) error {
	texts := append(slices.Clone(t.texts), text)
	target, err := bus.ParseTargets(texts...)
	if err != nil {
		return err
	}
	t.texts, t.target = texts, target
	return nil
}

// Type is how pflag calls it.
func (t *targets) Type() string { return "target" }

// String is what was given.
func (t *targets) String() string { return strings.Join(t.texts, " ") }

// quoted is what was given, as a sentence has it.
func (t *targets) quoted() string {
	quoted := make([]string, len(t.texts))
	for i, s := range t.texts {
		quoted[i] = strconv.Quote(s)
	}
	return strings.Join(quoted, " or ")
}

const targetHelp = "The target is best, all, skipMine, the name of an application, /PATTERN/ (a regular expression that its name\n" +
	"has to fit; an i behind it for any case), or key=value pairs that all have to fit, values as names or patterns:\n" +
	"--target application=/^Calc/,user=ada. Keys are application, instance, machine, user, pid, region,\n" +
	"environment, windowId, api, peerId and identity.NAME. Given several times, those that fit any are meant"

// choose is the target's choice, each server once.
func (t *targets) choose(candidates []bus.Candidate) []bus.Candidate {
	var out []bus.Candidate
	seen := map[bus.PeerID]bool{}
	for _, c := range t.target.Choose(candidates) {
		if !seen[c.Server.PeerID] {
			seen[c.Server.PeerID] = true
			out = append(out, c)
		}
	}
	return out
}

// forLong is the target without the filters that mean nobody besides those whom
// the ones before mean, so that who is there now is followed once. It is for
// what goes on: those who are there after a reconnect have other peer ids.
func (t *targets) forLong(candidates []bus.Candidate) bus.Target {
	if t.target.Mode != bus.Matching {
		return t.target
	}
	long := bus.Target{Mode: bus.Matching}
	have := 0
	for _, f := range t.target.Filters {
		more := targets{target: bus.Target{Mode: bus.Matching, Filters: append(long.Filters[:len(long.Filters):len(long.Filters)], f)}}
		if n := len(more.choose(candidates)); n > have {
			long, have = more.target, n
		}
	}
	return long
}
