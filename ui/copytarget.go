package ui

import (
	"strconv"
	"strings"

	"ioscope/client/bus"
)

// jsTarget writes a target for the official client, and what has to stand before: it
// compares texts and knows no patterns, so that these are looked for by hand.
func jsTarget(q Question) (before, target string) {
	if q.Target.Mode != bus.Matching {
		return "", jsText(q.Target.Mode.String())
	}
	var filters []string
	patterns := false
	for _, f := range q.Target.Filters {
		var pairs []string
		for _, p := range f.Pairs() {
			value := jsText(p.Value)
			if _, _, ok := bus.Pattern(p.Value); ok && p.Key != "peerId" {
				patterns = true
			}
			if p.Key == "pid" {
				value = p.Value
			}
			pairs = append(pairs, jsKey(p.Key)+": "+value)
		}
		if len(pairs) == 0 {
			patterns = true // no entries fit nobody there
		}
		filters = append(filters, "{ "+strings.Join(pairs, ", ")+" }")
	}
	if patterns {
		return jsLooking(q), "target"
	}
	if len(filters) == 1 {
		return "", filters[0]
	}
	return "", "[" + strings.Join(filters, ", ") + "]"
}

// jsLooking looks for the servers that the filters fit, and means them by their peers.
func jsLooking(q Question) string {
	var any []string
	for _, f := range q.Target.Filters {
		var all []string
		for _, p := range f.Pairs() {
			all = append(all, jsTest(p))
		}
		if len(all) == 0 {
			all = []string{"true"}
		}
		any = append(any, strings.Join(all, " && "))
	}
	return "const is = (have, want) => String(have).toLowerCase() === want.toLowerCase();\n" +
		"const target = io.interop.servers({ name: " + jsText(q.Method.Name) + " })\n" +
		"  .filter((s) => " + strings.Join(any, "\n    || ") + ")\n" +
		"  .map(({ peerId }) => ({ peerId }));\n"
}

// jsTest is one thing that a filter asks for, of a server s.
func jsTest(p bus.FilterPair) string {
	have := "s." + p.Key
	if jsKey(p.Key) != p.Key {
		have = "s[" + jsText(p.Key) + "]"
	}
	if p.Key == "peerId" && !p.Member {
		return have + " === " + jsText(p.Value)
	}
	expression, fold, ok := bus.Pattern(p.Value)
	if !ok {
		return "is(" + have + ", " + jsText(p.Value) + ")"
	}
	flags := ""
	if fold {
		flags = ", \"i\""
	}
	return "new RegExp(" + jsText(expression) + flags + ").test(" + have + ")"
}

// jsKey is a name as a key of an object.
func jsKey(name string) string {
	letter := func(r rune) bool { return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	if name != "" && strings.TrimFunc(name, letter) == "" {
		return name
	}
	return jsText(name)
}

// goTarget writes a target for the library of ours.
func goTarget(t bus.Target) string {
	if t.Mode != bus.Matching {
		return "bus.Target{Mode: bus." + map[bus.TargetMode]string{bus.Best: "Best", bus.All: "All", bus.SkipMine: "SkipMine"}[t.Mode] + "}"
	}
	var filters []string
	for _, f := range t.Filters {
		var fields []string
		add := func(name, value string) {
			if value != "" {
				fields = append(fields, name+": "+strconv.Quote(value))
			}
		}
		add("PeerID", string(f.PeerID))
		add("Application", f.Application)
		add("Instance", f.Instance)
		add("Machine", f.Machine)
		add("User", f.User)
		if f.PID != 0 {
			fields = append(fields, "PID: "+strconv.FormatInt(f.PID, 10))
		}
		add("Region", f.Region)
		add("Environment", f.Environment)
		add("WindowID", f.WindowID)
		add("API", f.API)
		add("Identity", f.Identity)
		filters = append(filters, "{"+strings.Join(fields, ", ")+"}")
	}
	return "bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{" + strings.Join(filters, ", ") + "}}"
}
