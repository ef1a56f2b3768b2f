// Package lint looks for what is likely to be wrong with what a bus offers: names
// with two signatures, signatures that can't be read, names that differ from all
// others. It is pure: it gets what is offered, and returns findings.
package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
)

// Severity tells how bad a finding is.
type Severity int

// The severities. An error breaks callers, a warning is likely to, info is only
// good to know.
const (
	Info Severity = iota
	Warning
	Error
)

// String returns the severity's word.
func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// ParseSeverity reads the word.
func ParseSeverity(word string) (Severity, error) {
	for s := Info; s <= Error; s++ {
		if s.String() == word {
			return s, nil
		}
	}
	return 0, fmt.Errorf("no severity %q; info, warning and error are", word)
}

// Rule names what was looked for.
type Rule string

// The rules.
const (
	// Drift: one name with several signatures; to the bus these are several methods.
	Drift Rule = "drift"
	// Twice: one application offers one name with several signatures.
	Twice Rule = "twice"
	// Kinds: one name is a method here and a stream there.
	Kinds Rule = "kinds"
	// Syntax: a signature that can't be read.
	Syntax Rule = "signature"
	// Undeclared: no signature at all.
	Undeclared Rule = "undeclared"
	// Naming: a name that is written otherwise than most.
	Naming Rule = "naming"
	// Hidden: a name with characters that do not show.
	Hidden Rule = "hidden"
	// Similar: two names that may be meant to be one.
	Similar Rule = "similar"
	// Description: none, where most have one.
	Description Rule = "description"
)

// Offer is one server's registration of a method or a stream.
type Offer struct {
	Server bus.Instance
	Method bus.MethodDefinition
}

// Finding is one thing that is likely to be wrong.
type Finding struct {
	Severity Severity
	Rule     Rule
	// Method is the name that it is about, Other the one that it is held against;
	// Other may be empty.
	Method, Other string
	Streaming     bool
	// Text says what is wrong, without the name.
	Text string
	// Offers are all that are concerned, in the order of announcement.
	Offers []Offer
	// Differences are those of two signatures, nil where there are none to tell;
	// First and Second name who offers the one and the other.
	Differences   []Row
	First, Second string
}

// Servers names whose offers they are, each once.
func (f Finding) Servers() []string { return servers(f.Offers) }

func servers(offers []Offer) []string {
	var names []string
	for _, o := range offers {
		if n := o.Server.Name(); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// Check looks at all that is offered, in the order of announcement. Findings
// come worst first, then by name.
func Check(offers []Offer) []Finding {
	c := &checker{}
	methods := grouped(offers)
	c.drift(methods)
	c.signatures(methods)
	c.hidden(methods)
	c.naming(methods)
	c.similar(methods)
	c.descriptions(methods)
	slices.SortStableFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(-cmp.Compare(a.Severity, b.Severity), strings.Compare(strings.ToLower(a.Method), strings.ToLower(b.Method)),
			strings.Compare(string(a.Rule), string(b.Rule)))
	})
	return c.findings
}

// method is one name with one pair of signatures, and who offers it.
type method struct {
	def    bus.MethodDefinition
	offers []Offer
}

// grouped makes methods of offers, in the order of announcement.
func grouped(offers []Offer) []method {
	var out []method
	at := map[string]int{}
	for _, o := range offers {
		key := fmt.Sprint(o.Method.Streaming, o.Method.Key())
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, method{def: o.Method})
		}
		out[i].offers = append(out[i].offers, o)
	}
	return out
}

// checker gathers findings.
type checker struct{ findings []Finding }

func (c *checker) add(s Severity, r Rule, m method, format string, args ...any) {
	c.findings = append(c.findings, Finding{
		Severity: s, Rule: r, Method: m.def.Name, Streaming: m.def.Streaming, Text: fmt.Sprintf(format, args...), Offers: m.offers,
	})
}

func (c *checker) last() *Finding { return &c.findings[len(c.findings)-1] }

// drift finds names with several signatures. Each is held against the one that
// most servers offer, or that was there first.
func (c *checker) drift(methods []method) {
	names := map[string][]method{}
	var order []string
	for _, m := range methods {
		key := strings.ToLower(m.def.Name)
		if names[key] == nil {
			order = append(order, key)
		}
		names[key] = append(names[key], m)
	}
	for _, key := range order {
		for _, streaming := range []bool{false, true} {
			var list []method
			for _, m := range names[key] {
				if m.def.Streaming == streaming {
					list = append(list, m)
				}
			}
			c.signaturesOf(list)
		}
		if i := slices.IndexFunc(names[key], func(m method) bool { return m.def.Streaming != names[key][0].def.Streaming }); i > 0 {
			m, other := names[key][0], names[key][i]
			m.offers = slices.Concat(m.offers, other.offers)
			c.add(Warning, Kinds, m, "is a method of %s and a stream of %s",
				whose(names[key], false), whose(names[key], true))
		}
	}
}

// whose names the servers of the methods, or of the streams.
func whose(list []method, streaming bool) string {
	var offers []Offer
	for _, m := range list {
		if m.def.Streaming == streaming {
			offers = append(offers, m.offers...)
		}
	}
	return nameList(servers(offers))
}

// signaturesOf tells of the second and further signatures of one name.
func (c *checker) signaturesOf(list []method) {
	if len(list) < 2 {
		return
	}
	slices.SortStableFunc(list, func(a, b method) int { return cmp.Compare(len(b.offers), len(a.offers)) })
	plain := list[0]
	for _, m := range list[1:] {
		rule, both := Drift, m
		both.offers = slices.Concat(plain.offers, m.offers)
		text := nameList(servers(m.offers)) + " offers it with another signature than " + nameList(servers(plain.offers))
		if again := common(servers(plain.offers), servers(m.offers)); again != "" {
			rule, text = Twice, again+" offers it twice, with two signatures"
		}
		c.add(Warning, rule, both, "%s", text)
		f := c.last()
		f.Differences = Differences(Compare(plain.def, m.def))
		f.First, f.Second = nameList(servers(plain.offers)), nameList(servers(m.offers))
	}
}

// common is the first name that is in both lists; empty for none.
func common(a, b []string) string {
	for _, s := range a {
		if slices.Contains(b, s) {
			return s
		}
	}
	return ""
}

// nameList names a few, and counts the rest.
func nameList(names []string) string {
	const most = 3
	if len(names) > most+1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// signatures finds those that can't be read, and those that are not there.
func (c *checker) signatures(methods []method) {
	for _, m := range methods {
		for _, s := range []struct{ which, text string }{{"accepts", m.def.Accepts}, {"returns", m.def.Returns}} {
			if _, err := bus.ParseSignature(s.text); err != nil {
				c.add(Error, Syntax, m, "%s", model.SignatureFault(s.which, s.text, err))
			}
		}
		switch noAccepts, noReturns := m.def.Accepts == "", m.def.Returns == ""; {
		case noAccepts && noReturns && !m.def.Streaming:
			c.add(Warning, Undeclared, m, "declares neither what it accepts nor what it returns")
		case noAccepts && m.def.Streaming:
			c.add(Info, Undeclared, m, "does not declare which arguments a subscriber may give")
		case noAccepts:
			c.add(Info, Undeclared, m, "does not declare what it accepts")
		case noReturns && !m.def.Streaming:
			c.add(Info, Undeclared, m, "does not declare what it returns")
		}
	}
}

// descriptions finds methods without one, where most have one.
func (c *checker) descriptions(methods []method) {
	described := 0
	for _, m := range methods {
		if m.def.Description != "" {
			described++
		}
	}
	if described*2 <= len(methods) {
		return
	}
	for _, m := range methods {
		if m.def.Description == "" {
			c.add(Info, Description, m, "has no description; %d of %d here have one", described, len(methods))
		}
	}
}
