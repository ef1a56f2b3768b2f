package bus

import (
	"fmt"
	"strconv"
)

// TargetMode says which of the servers that offer a method are meant.
type TargetMode int

const (
	// Best is the first local server, else the first; the default.
	Best TargetMode = iota
	// All is every server that offers the method.
	All
	// SkipMine is every server but the caller itself; for invocations only.
	SkipMine
	// Matching is every server that fits one of the target's filters.
	Matching
)

// String returns the mode as the protocol's documents spell it.
func (m TargetMode) String() string {
	switch m {
	case Best:
		return "best"
	case All:
		return "all"
	case SkipMine:
		return "skipMine"
	case Matching:
		return "matching"
	}
	return "TargetMode(" + strconv.Itoa(int(m)) + ")"
}

// Target chooses servers. The zero value is best.
type Target struct {
	Mode TargetMode
	// Filters are looked at in order when Mode is Matching; a server that fits
	// two of them is meant twice, as with the official clients.
	Filters []InstanceFilter
}

// TargetPeer is the target that means one peer alone.
func TargetPeer(peer PeerID) Target {
	return Target{Mode: Matching, Filters: []InstanceFilter{{PeerID: peer}}}
}

// TargetInstances is the target that means these instances, as InstanceFilterOf
// tells them from others. Of none, it means nobody.
func TargetInstances(instances ...Instance) Target {
	t := Target{Mode: Matching}
	for _, i := range instances {
		t.Filters = append(t.Filters, InstanceFilterOf(i))
	}
	return t
}

// ParseTarget reads best, all, skipMine, what ParseInstanceFilter reads where the
// text begins with one of its keys, or else the name of an application, which
// may be a pattern.
func ParseTarget(s string) (Target, error) {
	switch s {
	case "best":
		return Target{Mode: Best}, nil
	case "all":
		return Target{Mode: All}, nil
	case "skipMine":
		return Target{Mode: SkipMine}, nil
	case "":
		return Target{}, fmt.Errorf("target: empty; best, all, skipMine or the name of an application")
	}
	f := InstanceFilter{Application: s}
	if hasFilterKey(s) {
		var err error
		if f, err = ParseInstanceFilter(s); err != nil {
			return Target{}, fmt.Errorf("target: %w", err)
		}
	} else if err := f.Check(); err != nil {
		return Target{}, fmt.Errorf("target: %w", err)
	}
	return Target{Mode: Matching, Filters: []InstanceFilter{f}}, nil
}

// Check reports a mode that is none, and patterns that are no regular
// expressions.
func (t Target) Check() error {
	if t.Mode < Best || t.Mode > Matching {
		return fmt.Errorf("target: %s is no mode", t.Mode)
	}
	for _, f := range t.Filters {
		if err := f.Check(); err != nil {
			return fmt.Errorf("target: %w", err)
		}
	}
	return nil
}

// Candidate is a server that offers the wanted method.
type Candidate struct {
	Server Instance
	Method MethodDefinition
	// Mine is true when the server is the caller itself.
	Mine bool
}

// Choose returns the candidates that the target means, in the order in which
// they are to be asked. Candidates come in the order in which the servers were
// announced, at most one a server.
func (t Target) Choose(candidates []Candidate) []Candidate {
	switch t.Mode {
	case Best:
		for _, c := range candidates {
			if c.Server.Local {
				return []Candidate{c}
			}
		}
		return candidates[:min(1, len(candidates))]
	case All:
		return candidates
	case SkipMine:
		var out []Candidate
		for _, c := range candidates {
			if !c.Mine {
				out = append(out, c)
			}
		}
		return out
	case Matching:
		var out []Candidate
		for _, f := range t.Filters {
			fits := f.matcher()
			for _, c := range candidates {
				if fits(c.Server) {
					out = append(out, c)
				}
			}
		}
		return out
	}
	return nil
}
