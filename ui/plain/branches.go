package plain

import (
	"fmt"
	"strings"
	"time"

	"ioscope/model"
)

// truthTime is how long who may know the true branches has to say so before the
// branches are told.
const truthTime = 300 * time.Millisecond

// branches opens the branch lens of a stream, and tells it a moment later.
func (x *explorer) branches(words []string) error {
	if len(words) != 1 {
		return problemf("branches MarketData.Prices is an example", "which stream?")
	}
	list, err := x.offered(words[0], true)
	if err != nil {
		return err
	}
	m := list[0]
	x.now()
	asks := x.state.OpenLens(m.ID, m.Def)
	x.lens, x.lensDue = x.state.LensOf(m.ID), x.state.Now.Add(truthTime)
	x.run(asks)
	return nil
}

// tellBranches tells the lens that was asked for.
func (x *explorer) tellBranches() {
	if x.lens == nil || x.state.Now.Before(x.lensDue) {
		return
	}
	l := x.lens
	x.lens, x.lensDue = nil, time.Time{}
	v := l.View(x.state.Now)
	name := l.Def.Name
	if len(v.Groups) == 0 {
		x.say(name + ": you have no subscription to it")
	}
	for i, g := range v.Groups {
		var members []string
		for _, m := range g.Members {
			words := fmt.Sprintf("subscription %d", m.Thing)
			if a := sentence(m.Args); a != "an empty object" && a != "nothing" {
				words += " (" + a + ")"
			}
			members = append(members, words)
		}
		x.sayf("group %s: %s, %s", letter(i), strings.Join(members, " and "), verdict(g))
	}
	if v.Privates > 0 {
		x.sayf("%s: %s came to one subscription alone", name, model.Count(v.Privates, "private event"))
	}
	if !l.Truth.Known {
		x.say(name + ": the true branches are not known, neither bus nor publisher is ours")
		return
	}
	x.sayf("%s: true branches %d, %s", name, len(v.Branches), l.Truth.Source)
	for _, b := range v.Branches {
		var who []string
		for _, s := range b.Subscribers {
			if s.Thing != 0 {
				who = append(who, fmt.Sprintf("subscription %d", s.Thing))
			} else {
				who = append(who, s.Name)
			}
		}
		x.sayf("branch %s: %s, %s, %s", branchName(b), strings.Join(who, " and "), model.Count(int(min(b.Events, 1<<40)), "event"), model.PerSecond(b.Rate))
	}
}

func letter(i int) string { return string(rune('A' + i%26)) }

func branchName(b model.TrueBranch) string {
	switch {
	case !b.KeyKnown:
		return "whose key only the publisher knows"
	case b.Key == "":
		return "without a key"
	}
	return b.Key
}

// verdict says how sure it is that a group is one branch.
func verdict(g model.LensGroup) string {
	share := fmt.Sprintf("%s of %s shared events equal", model.Number(g.Both), model.Number(g.All))
	switch {
	case len(g.Members) > 1 && g.Verdict == model.Sure:
		return "surely one branch, " + share
	case len(g.Members) > 1:
		return "one branch, " + g.Verdict.String() + ", " + share
	case g.Nearest < 0:
		return "nothing to compare with"
	case g.Verdict == model.TooEarly:
		return "too early to say, " + model.Number(g.All) + " of 10 events that tell"
	case g.Both == 0:
		return "apart, nothing in common with group " + letter(g.Nearest) + " in " + model.Count(g.All, "event")
	}
	return g.Verdict.String() + ", " + share + " in group " + letter(g.Nearest)
}
