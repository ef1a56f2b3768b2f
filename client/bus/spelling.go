package bus

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ParseTargets reads several texts as [ParseTarget] reads one: the target means the
// servers that fit any of them. The modes stand alone: nothing can be added to all.
// Of none it is best.
func ParseTargets(texts ...string) (Target, error) {
	var out Target
	for i, text := range texts {
		next, err := ParseTarget(text)
		switch {
		case err != nil:
			return Target{}, err
		case i == 0:
			out = next
		case next.Mode != Matching:
			return Target{}, fmt.Errorf("%s stands alone", next.Mode)
		case out.Mode != Matching:
			return Target{}, fmt.Errorf("%s stands alone", out.Mode)
		default:
			out.Filters = append(out.Filters, next.Filters...)
		}
	}
	return out, nil
}

// Texts spells the target as [ParseTargets] reads it. A target that has no filters
// and so means nobody can't be spelled: it gives nothing.
func (t Target) Texts() []string {
	if t.Mode != Matching {
		return []string{t.Mode.String()}
	}
	var out []string
	for _, f := range t.Filters {
		out = append(out, f.String())
	}
	return out
}

// Equal reports whether two targets are the same, filter by filter.
func (t Target) Equal(other Target) bool {
	return t.Mode == other.Mode && slices.Equal(t.Filters, other.Filters)
}

// String spells the filter as [ParseTarget] reads it: a name alone where that says
// it all, else key=value pairs.
func (f InstanceFilter) String() string {
	if name := f.Application; name != "" && f == (InstanceFilter{Application: name}) {
		if t, err := ParseTarget(name); err == nil && t.Equal(Target{Mode: Matching, Filters: []InstanceFilter{f}}) {
			return name
		}
	}
	var pairs []string
	for _, p := range f.Pairs() {
		if p.Member {
			p.Key = identityPrefix + p.Key
		}
		pairs = append(pairs, p.Key+"="+spelled(p.Value))
	}
	if len(pairs) == 0 {
		return "application=/^/" // fits every one
	}
	return strings.Join(pairs, ",")
}

// spelled is a value as it can stand in a pair. What would be cut or trimmed there
// becomes a pattern that fits it alone.
func spelled(value string) string {
	if re, err := compile(value); re != nil && err == nil {
		return value
	}
	if !strings.Contains(value, ",") && strings.TrimSpace(value) == value {
		return value
	}
	return "/^" + strings.ReplaceAll(regexp.QuoteMeta(value), "/", `\/`) + "$/i"
}

// Pattern takes a text of a filter apart that is a pattern: its regular expression,
// and whether it is for any case.
func Pattern(text string) (expression string, fold, ok bool) {
	if re, err := compile(text); re == nil || err != nil {
		return "", false, false
	}
	if rest, folded := strings.CutSuffix(text, "/i"); folded && len(rest) > 1 {
		return rest[1:], true, true
	}
	return text[1 : len(text)-1], false, true
}

// FilterPair is one thing that a filter asks for. A Member is a further one of the
// identity.
type FilterPair struct {
	Key, Value string
	Member     bool
}

// Pairs lists what the filter asks for, by the names of the protocol, in a fixed order.
func (f InstanceFilter) Pairs() []FilterPair {
	pid := ""
	if f.PID != 0 {
		pid = strconv.FormatInt(f.PID, 10)
	}
	out := []FilterPair{
		{Key: "application", Value: f.Application},
		{Key: "instance", Value: f.Instance},
		{Key: "machine", Value: f.Machine},
		{Key: "user", Value: f.User},
		{Key: "pid", Value: pid},
		{Key: "region", Value: f.Region},
		{Key: "environment", Value: f.Environment},
		{Key: "windowId", Value: f.WindowID},
		{Key: "api", Value: f.API},
		{Key: "peerId", Value: string(f.PeerID)},
	}
	out = slices.DeleteFunc(out, func(p FilterPair) bool { return p.Value == "" })
	members := f.members()
	for _, name := range slices.Sorted(maps.Keys(members)) {
		out = append(out, FilterPair{name, members[name], true})
	}
	return out
}
