package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"ioscope/client/bus"
)

// Use is a method or a stream that takes a value, with the arguments made of it.
type Use struct {
	Method *Method
	// Reason says why it fits, and what is still needed.
	Reason string
	Args   json.RawMessage
	rank   int
}

// What a fit is worth.
const (
	rankType  = 1000
	rankWhole = 400
	rankField = 10
	rankOpen  = -4 // a required field that the value has nothing for
)

// UsesOf lists what takes a value, the best first: what declares its type of object,
// then what has an entry that the whole of it fits, then what has entries of the same
// names and types. key is the name that the value stands under; where it stands in a list, the
// list's.
func (s *State) UsesOf(value json.RawMessage, key string) []Use {
	var out []Use
	for _, m := range s.Dir.Methods() {
		if m.Gone() {
			continue
		}
		if u, ok := use(m, value, key); ok {
			out = append(out, u)
		}
	}
	slices.SortStableFunc(out, func(a, b Use) int {
		return cmp.Or(b.rank-a.rank, compareFold(a.Method.Def.Name, b.Method.Def.Name))
	})
	return out
}

func use(m *Method, value json.RawMessage, key string) (Use, bool) {
	u := Use{Method: m}
	var said []string
	if t := objectType(m.Def.ObjectTypes, value, key); t != "" {
		u.rank += rankType
		said = append(said, "takes "+t+" objects")
	}
	sig, err := bus.ParseSignature(m.Def.Accepts)
	if err != nil || len(sig) == 0 {
		// Without a signature only the declared type can fit; the value goes as it is.
		if u.rank == 0 || bus.JSONType(value) != "object" {
			return u, false
		}
		u.Args, u.Reason = value, strings.Join(said, ", ")
		return u, true
	}
	args, fits, needs := fill(sig, value, key)
	if len(args) == 0 {
		return u, false
	}
	for _, f := range fits {
		u.rank += f.rank
	}
	u.rank += len(needs) * rankOpen
	if u.rank <= 0 {
		return u, false
	}
	u.Args = bus.Object(args)
	var names []string
	for _, f := range fits {
		names = append(names, f.name)
	}
	if len(names) > 4 {
		names = append(names[:3], Number(len(names)-3)+" more")
	}
	verb := " fit"
	if len(fits) == 1 {
		verb = " fits"
	}
	said = append(said, strings.Join(names, ", ")+verb)
	if len(needs) > 0 {
		said = append(said, "still needs "+strings.Join(needs, ", "))
	}
	u.Reason = strings.Join(said, "; ")
	return u, true
}

// fitting is an entry of a signature that got a value.
type fitting struct {
	name string
	rank int
}

// fill gives the entries of a signature what they can have of a value.
func fill(sig bus.Signature, value json.RawMessage, key string) (args []bus.Member, fits []fitting, needs []string) {
	members := map[string]json.RawMessage{}
	if bus.JSONType(value) == "object" {
		list, _ := bus.Members(value)
		for _, m := range list {
			members[strings.ToLower(m.Key)] = m.Value
		}
	} else if key != "" {
		members[strings.ToLower(key)] = value
	}
	for _, p := range sig {
		own, has := members[strings.ToLower(p.Name)]
		switch {
		case has && bus.JSONType(own) != "null" && fitsParam(p, own):
			args = append(args, bus.Member{Key: p.Name, Value: own})
			fits = append(fits, fitting{p.Name, rankField})
		case bus.JSONType(value) == "object" && !p.Array && p.Kind == bus.Composite && !p.Open() && fitsParam(p, value):
			args = append(args, bus.Member{Key: p.Name, Value: value})
			fits = append(fits, fitting{p.Name, rankWhole})
		case !p.Optional:
			needs = append(needs, p.Name)
		}
	}
	return args, fits, needs
}

// fitsParam reports whether a value is what an entry takes; members beyond it do not
// matter.
func fitsParam(p bus.Param, value json.RawMessage) bool {
	for _, problem := range p.Check(value) {
		if problem.Kind != bus.Extra {
			return false
		}
	}
	return true
}

// objectType finds the declared type that a value is of: by a member that names it, or
// by the name that it stands under.
func objectType(types []string, value json.RawMessage, key string) string {
	if len(types) == 0 {
		return ""
	}
	names := []string{key, singular(key)}
	if members, err := bus.Members(value); err == nil {
		for _, m := range members {
			switch strings.ToLower(m.Key) {
			case "type", "$type", "objecttype", "kind", "class":
				var text string
				if json.Unmarshal(m.Value, &text) == nil {
					names = append(names, text)
				}
			}
		}
	}
	for _, t := range types {
		short := t[strings.LastIndexAny(t, "./:")+1:]
		for _, name := range names {
			if name != "" && (strings.EqualFold(name, t) || strings.EqualFold(name, short)) {
				return t
			}
		}
	}
	return ""
}

// singular is the name of one thing in a list of that name.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies"):
		return name[:len(name)-3] + "y"
	case strings.HasSuffix(name, "ses"), strings.HasSuffix(name, "xes"):
		return name[:len(name)-2]
	}
	return strings.TrimSuffix(name, "s")
}

// OpenWith opens a form with arguments in it.
func (s *State) OpenWith(m *Method, args json.RawMessage) *Thing {
	t := s.newThing(m, bus.Target{})
	t.Form.Fill(args)
	t.Focus = t.FirstStop(s.Now)
	t.touched = true
	s.show(t)
	return t
}

// Object is the value under the cursor of a tree that could be used, with the name that it
// stands under; for an item of a list that is the list's. It is the value itself, and behind it what it is in.
func (t *Tree) Object() (values []json.RawMessage, keys []string) {
	for n := t.rows[t.cursor]; n != nil; n = n.parent {
		if n.kind >= MoreValue {
			continue
		}
		key := n
		for key.parent != nil && key.parent.kind == ArrayValue {
			key = key.parent
		}
		values = append(values, t.raw[n.start:n.end:n.end])
		keys = append(keys, t.key(key))
	}
	return values, keys
}
