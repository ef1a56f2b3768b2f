package bus

import (
	"fmt"
	"strconv"
	"strings"
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

// InstanceFilter fits an instance when every field that is set is equal to the
// instance's, without regard to case.
type InstanceFilter struct {
	PeerID      PeerID
	Application string
	Instance    string
	Machine     string
	User        string
	PID         int64
}

// TargetPeer is the target that means one peer alone.
func TargetPeer(peer PeerID) Target {
	return Target{Mode: Matching, Filters: []InstanceFilter{{PeerID: peer}}}
}

// ParseTarget reads best, all, skipMine, or else the name of an application.
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
	return Target{Mode: Matching, Filters: []InstanceFilter{{Application: s}}}, nil
}

// Matches reports whether the instance fits. Application is compared with the
// instance's application and with its applicationName.
func (f InstanceFilter) Matches(i Instance) bool {
	same := func(want, have string) bool { return want == "" || strings.EqualFold(want, have) }
	return (f.PeerID == "" || f.PeerID == i.PeerID) &&
		(same(f.Application, i.Application) || same(f.Application, i.ApplicationName)) &&
		same(f.Instance, i.Instance) && same(f.Machine, i.Machine) && same(f.User, i.User) &&
		(f.PID == 0 || f.PID == i.PID)
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
			for _, c := range candidates {
				if f.Matches(c.Server) {
					out = append(out, c)
				}
			}
		}
		return out
	}
	return nil
}

// MethodFilter fits methods. Name is compared exactly as official clients do:
// without regard to case.
type MethodFilter struct {
	Name string
	// Accepts and Returns are looked at when not nil, so that a method can be
	// told from another of the same name.
	Accepts *string
	Returns *string
	// Streaming limits to streams, or to methods, when not nil.
	Streaming *bool
}

// Matches reports whether the definition fits.
func (f MethodFilter) Matches(m MethodDefinition) bool {
	return (f.Name == "" || strings.EqualFold(f.Name, m.Name)) &&
		(f.Accepts == nil || strings.EqualFold(*f.Accepts, m.Accepts)) &&
		(f.Returns == nil || strings.EqualFold(*f.Returns, m.Returns)) &&
		(f.Streaming == nil || *f.Streaming == m.Streaming)
}

// Exactly is the filter that fits this method and no other of the same name.
func (m MethodDefinition) Exactly() MethodFilter {
	return MethodFilter{Name: m.Name, Accepts: &m.Accepts, Returns: &m.Returns, Streaming: &m.Streaming}
}
