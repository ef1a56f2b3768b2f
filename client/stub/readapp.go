package stub

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ioscope/client/bus"
)

// app reads the whole file.
func (r *reader) app(n *yaml.Node, a *App) {
	var identity json.RawMessage
	taken := map[string]int{}
	have := r.object(n, "",
		member{"application", r.text(&a.Name)},
		member{"identity", r.jsonObject(&identity, "such as {region: EMEA}")},
		member{"seed", r.seed(&a.Seed)},
		member{"methods", func(n *yaml.Node, path string) {
			r.list(n, path, func(n *yaml.Node, path string) { a.methods = append(a.methods, r.method(n, path, taken)) })
		}},
		member{"streams", func(n *yaml.Node, path string) {
			r.list(n, path, func(n *yaml.Node, path string) { a.streams = append(a.streams, r.stream(n, path, taken)) })
		}},
	)
	if identity != nil {
		a.Identity, _ = bus.Decode(identity).(map[string]any)
	}
	switch {
	case n.Kind != yaml.MappingNode:
	case have["application"] == nil:
		r.fail(n.Line, "", "the application has no name", "write application: NAME")
	case a.Name == "" && len(r.problems) == 0:
		r.fail(have["application"].Line, "application", "empty", "it is the name on the bus")
	case len(a.methods)+len(a.streams) == 0 && len(r.problems) == 0:
		r.note(n.Line, "", "it has neither methods nor streams", "")
	}
}

// definition gives the members that methods and streams share.
func (r *reader) definition(d *bus.MethodDefinition) []member {
	return []member{
		{"name", r.text(&d.Name)},
		{"displayName", r.text(&d.DisplayName)},
		{"description", r.text(&d.Description)},
		{"accepts", func(n *yaml.Node, path string) { r.text(&d.Accepts)(n, path); r.signature(n, path, d.Accepts) }},
		{"returns", func(n *yaml.Node, path string) { r.text(&d.Returns)(n, path); r.signature(n, path, d.Returns) }},
		{"objectTypes", r.texts(&d.ObjectTypes)},
		{"version", r.whole(&d.Version, 0)},
		{"flags", r.jsonObject(&d.Flags, "such as {team: core}")},
		{"restrictions", r.text(&d.Restrictions)},
	}
}

// named checks that there is a name, and that it is not taken.
func (r *reader) named(n *yaml.Node, have map[string]*yaml.Node, path, name string, taken map[string]int) {
	if n.Kind != yaml.MappingNode {
		return
	}
	at := have["name"]
	if at == nil || name == "" && at.ShortTag() == "!!str" {
		r.fail(n.Line, path, "the name is missing", "write name: NAME")
		return
	}
	if first, ok := taken[name]; ok {
		r.fail(at.Line, join(path, "name"), fmt.Sprintf("%q is taken in line %d", name, first), "an application offers a name once")
		return
	}
	taken[name] = at.Line
}

func (r *reader) method(n *yaml.Node, path string, taken map[string]int) method {
	var m method
	var own answer
	members := append(r.definition(&m.def), r.answerMembers(&own)[1:]...)
	members = append(members, member{"answers", func(n *yaml.Node, path string) {
		r.list(n, path, func(n *yaml.Node, path string) { m.answers = append(m.answers, r.answer(n, path, m.def)) })
	}})
	have := r.object(n, path, members...)
	r.named(n, have, path, m.def.Name, taken)
	r.only(have, path, "answers", "value", "jq", "error")
	if have["answers"] == nil {
		m.answers = []answer{own}
		r.returns(have["value"], path, m.def.Returns, own.value)
		return m
	}
	if after := have["after"]; after != nil {
		r.fail(after.Line, join(path, "after"), "stands beside answers", "move it into each of the answers")
	}
	return m
}

const callerVariable = "$caller"

func (r *reader) answerMembers(a *answer) []member {
	variables := []string{callerVariable, "$n"}
	return []member{
		{"when", r.jq(&a.when, variables...)},
		{"after", r.duration(&a.after, 0)},
		{"value", r.json(&a.value)},
		{"jq", r.jq(&a.jq, variables...)},
		{"error", func(n *yaml.Node, path string) { a.refusal = r.refusal(n, path) }},
	}
}

func (r *reader) answer(n *yaml.Node, path string, def bus.MethodDefinition) answer {
	var a answer
	have := r.object(n, path, r.answerMembers(&a)...)
	r.only(have, path, "value", "jq", "error")
	r.returns(have["value"], path, def.Returns, a.value)
	return a
}

// refusal is a text, or an object with more.
func (r *reader) refusal(n *yaml.Node, path string) *bus.Error {
	e := &bus.Error{}
	if n.Kind != yaml.MappingNode {
		r.text(&e.Reason)(n, path)
		return e
	}
	have := r.object(n, path,
		member{"reason", r.text(&e.Reason)},
		member{"uri", r.text(&e.URI)},
		member{"context", r.json(&e.Context)},
	)
	if have["reason"] == nil && have["uri"] == nil {
		r.fail(n.Line, path, "neither reason nor uri", "write reason: TEXT")
	}
	return e
}

// returns notes where a fixed value is not what the method says that it returns.
func (r *reader) returns(n *yaml.Node, path, returns string, value json.RawMessage) {
	sig, err := bus.ParseSignature(returns)
	if n == nil || value == nil || returns == "" || err != nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.note(n.Line, join(path, "value"), describe(n)+" where the signature returns "+returns, "it goes as {_value: …}")
		return
	}
	for _, p := range bus.Check(sig, value) {
		r.note(n.Line, join(path, "value"), "does not fit the signature: "+p.String(), "it is returned as it is")
	}
}

const (
	subscriberVariable = "$subscriber"
	// leastPause is the shortest time between two events of a feed.
	leastPause = time.Millisecond
)

func (r *reader) stream(n *yaml.Node, path string, taken map[string]int) stream {
	s := stream{def: bus.MethodDefinition{Streaming: true}}
	members := append(r.definition(&s.def),
		member{"accept", func(n *yaml.Node, path string) {
			r.list(n, path, func(n *yaml.Node, path string) { s.rules = append(s.rules, r.rule(n, path)) })
		}},
		member{"data", func(n *yaml.Node, path string) {
			r.list(n, path, func(n *yaml.Node, path string) { s.feeds = append(s.feeds, r.feed(n, path)) })
		}},
		member{"close", func(n *yaml.Node, path string) { s.close = r.closing(n, path) }},
	)
	have := r.object(n, path, members...)
	r.named(n, have, path, s.def.Name, taken)
	for i := range max(0, len(s.rules)-1) {
		if s.rules[i].when == nil && len(r.problems) == 0 {
			r.note(have["accept"].Content[i+1].Line, join(path, "accept"), "never reached: the rule before has no when", "move that one to the end")
			break
		}
	}
	return s
}

func (r *reader) rule(n *yaml.Node, path string) rule {
	var u rule
	var reason string
	have := r.object(n, path,
		member{"when", r.jq(&u.when, subscriberVariable)},
		member{"branch", r.jq(&u.branch, subscriberVariable)},
		member{"reject", r.text(&reason)},
	)
	r.only(have, path, "branch", "reject")
	if have["reject"] != nil {
		u.reject = &reason
	}
	return u
}

func (r *reader) feed(n *yaml.Node, path string) feed {
	var f feed
	var branch string
	f.after = -1
	have := r.object(n, path,
		member{"every", r.duration(&f.every, leastPause)},
		member{"after", r.duration(&f.after, 0)},
		member{"times", r.whole(&f.times, 1)},
		member{"branch", r.text(&branch)},
		member{"private", r.bool(&f.private)},
		member{"numbered", r.bool(&f.numbered)},
		member{"snapshot", r.bool(&f.snapshot)},
		member{"value", r.jsonObject(&f.value, "data is one on this bus; write {value: …}")},
		member{"jq", r.jq(&f.jq, subscriberVariable)},
	)
	r.only(have, path, "value", "jq")
	switch {
	case n.Kind != yaml.MappingNode:
	case have["value"] == nil && have["jq"] == nil:
		r.fail(n.Line, path, "nothing to send", "write value: or jq:")
	case have["times"] != nil && have["every"] == nil:
		r.fail(have["times"].Line, join(path, "times"), "stands without every", "write every: 1s, or take it away")
	}
	if f.after < 0 {
		f.after = f.every
	}
	if have["branch"] != nil {
		f.branch = &branch
	}
	return f
}

func (r *reader) closing(n *yaml.Node, path string) *closing {
	c := &closing{reason: "the stand-in ends each subscription after a while"}
	have := r.object(n, path,
		member{"after", r.duration(&c.after, 0)},
		member{"reason", r.text(&c.reason)},
	)
	if n.Kind == yaml.MappingNode && have["after"] == nil {
		r.fail(n.Line, path, "after is missing", "write after: 10s")
	}
	c.reason = strings.TrimSpace(c.reason)
	return c
}
