package bus

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// InstanceFilter fits an instance when every field that is set fits the
// instance's. The zero value fits every instance.
//
// A text fits one that is equal to it without regard to case. A text between
// slashes, such as /^Client/ or /^client/i, is a pattern as well: a regular
// expression of package regexp that is looked for anywhere, with regard to case
// unless an i follows. The documents of the platform promise such patterns; its
// own clients compare them as plain texts.
type InstanceFilter struct {
	// PeerID is compared exactly, and is never a pattern.
	PeerID PeerID
	// Application fits the instance's application or its applicationName.
	Application string
	Instance    string
	Machine     string
	User        string
	// PID is the process id; 0 fits all.
	PID         int64
	Region      string
	Environment string
	WindowID    string
	API         string
	// Identity is a JSON object of further members of the identity, such as
	// {"desk":"/^rates/"}; a member that is no text there is compared by its JSON.
	// It is a string so that filters can be compared by ==.
	Identity string
}

// InstanceFilterOf fits the instance and, if it has an instance id of its own,
// the same program after it has reconnected, when its peer id is another.
func InstanceFilterOf(i Instance) InstanceFilter {
	if i.Instance != "" {
		return InstanceFilter{Instance: i.Instance}
	}
	return InstanceFilter{PeerID: i.PeerID}
}

// Matches reports whether the instance fits. A pattern that is no regular
// expression fits what is equal to it only; see Check.
func (f InstanceFilter) Matches(i Instance) bool { return f.matcher()(i) }

// Check reports patterns that are no regular expressions, and an Identity that
// is no object.
func (f InstanceFilter) Check() error {
	if object := map[string]any(nil); f.Identity != "" && json.Unmarshal([]byte(f.Identity), &object) != nil {
		return fmt.Errorf("identity %s: not a json object", f.Identity)
	}
	for key, want := range f.texts() {
		if _, err := compile(want); err != nil {
			return fmt.Errorf("%s %s: %w", key, want, err)
		}
	}
	return nil
}

// texts gives the fields that may be patterns, by their keys.
func (f InstanceFilter) texts() map[string]string {
	all := map[string]string{
		"application": f.Application, "instance": f.Instance, "machine": f.Machine, "user": f.User,
		"region": f.Region, "environment": f.Environment, "windowId": f.WindowID, "api": f.API,
	}
	for key, want := range f.members() {
		all[identityPrefix+key] = want
	}
	return all
}

// members reads Identity: texts as they are, other values as their JSON.
func (f InstanceFilter) members() map[string]string {
	if f.Identity == "" {
		return nil
	}
	return texts(json.RawMessage(f.Identity))
}

func texts(object json.RawMessage) map[string]string {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(object, &fields)
	out := make(map[string]string, len(fields))
	for key, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		out[key] = text
	}
	return out
}

// matcher compiles the patterns once.
func (f InstanceFilter) matcher() func(Instance) bool {
	var tests []func(*Instance) bool
	add := func(want string, have func(*Instance) string) {
		if want != "" {
			fits := newPattern(want)
			tests = append(tests, func(i *Instance) bool { return fits(have(i)) })
		}
	}
	if f.PeerID != "" {
		tests = append(tests, func(i *Instance) bool { return i.PeerID == f.PeerID })
	}
	if f.PID != 0 {
		tests = append(tests, func(i *Instance) bool { return i.PID == f.PID })
	}
	if f.Application != "" {
		fits := newPattern(f.Application)
		tests = append(tests, func(i *Instance) bool { return fits(i.Application) || fits(i.ApplicationName) })
	}
	add(f.Instance, func(i *Instance) string { return i.Instance })
	add(f.Machine, func(i *Instance) string { return i.Machine })
	add(f.User, func(i *Instance) string { return i.User })
	add(f.Region, func(i *Instance) string { return i.Region })
	add(f.Environment, func(i *Instance) string { return i.Environment })
	add(f.WindowID, func(i *Instance) string { return i.WindowID })
	add(f.API, func(i *Instance) string { return i.API })
	for key, want := range f.members() {
		fits := newPattern(want)
		tests = append(tests, func(i *Instance) bool {
			have, ok := texts(i.Identity)[key]
			return ok && fits(have)
		})
	}
	return func(i Instance) bool {
		for _, fits := range tests {
			if !fits(&i) {
				return false
			}
		}
		return true
	}
}

// filterKeys are the keys of ParseInstanceFilter, as the protocol spells them,
// and where their values go.
var filterKeys = map[string]func(*InstanceFilter, string) error{
	"application": func(f *InstanceFilter, v string) error { f.Application = v; return nil },
	"instance":    func(f *InstanceFilter, v string) error { f.Instance = v; return nil },
	"machine":     func(f *InstanceFilter, v string) error { f.Machine = v; return nil },
	"user":        func(f *InstanceFilter, v string) error { f.User = v; return nil },
	"region":      func(f *InstanceFilter, v string) error { f.Region = v; return nil },
	"environment": func(f *InstanceFilter, v string) error { f.Environment = v; return nil },
	"windowid":    func(f *InstanceFilter, v string) error { f.WindowID = v; return nil },
	"api":         func(f *InstanceFilter, v string) error { f.API = v; return nil },
	"peerid":      func(f *InstanceFilter, v string) error { f.PeerID = PeerID(v); return nil },
	"pid": func(f *InstanceFilter, v string) (err error) {
		if f.PID, err = strconv.ParseInt(v, 10, 64); err != nil || f.PID <= 0 {
			return fmt.Errorf("pid %s: not a process id", v)
		}
		return nil
	},
}

// hasFilterKey reports whether the text begins with a key and an equals sign.
func hasFilterKey(s string) bool {
	key, _, found := strings.Cut(s, "=")
	key = strings.ToLower(strings.TrimSpace(key))
	return found && (filterKeys[key] != nil || strings.HasPrefix(key, identityPrefix))
}

const identityPrefix = "identity."

// ParseInstanceFilter reads key=value pairs with commas between them, such as
// application=/^Client/i,user=ann. The keys are application, instance, machine,
// user, pid, region, environment, windowId, api and peerId, in any case, and
// identity.NAME for any other member of the identity. A comma between the
// slashes of a pattern belongs to the pattern.
func ParseInstanceFilter(s string) (InstanceFilter, error) {
	var f InstanceFilter
	var further map[string]string
	for _, pair := range splitPairs(s) {
		key, value, found := strings.Cut(pair, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !found || value == "" {
			return f, fmt.Errorf("%q: key=value is wanted, such as user=ann", pair)
		}
		if name, ok := strings.CutPrefix(key, identityPrefix); ok {
			if further == nil {
				further = make(map[string]string)
			}
			further[name] = value
			continue
		}
		set := filterKeys[strings.ToLower(key)]
		if set == nil {
			return f, fmt.Errorf("%q: no such key; there are %s and identity.NAME", key, strings.Join(knownKeys(), ", "))
		}
		if err := set(&f, value); err != nil {
			return f, err
		}
	}
	if further != nil {
		raw, _ := json.Marshal(further) // texts can't fail
		f.Identity = string(raw)
	}
	return f, f.Check()
}

func knownKeys() []string {
	return []string{"application", "instance", "machine", "user", "pid", "region", "environment", "windowId", "api", "peerId"}
}

// splitPairs cuts at the commas that stand outside of patterns.
func splitPairs(s string) []string {
	var out []string
	from, inside := 0, false
	for at := range len(s) {
		switch {
		case s[at] == '/' && inside && s[at-1] != '\\':
			inside = false
		case s[at] == '/' && !inside && at > 0 && s[at-1] == '=' && strings.Contains(s[at+1:], "/"):
			inside = true
		case s[at] == ',' && !inside:
			out = append(out, s[from:at])
			from = at + 1
		}
	}
	return append(out, s[from:])
}

// MethodFilter fits methods. Texts are compared as official clients do: without
// regard to case. The zero value fits every method and stream.
type MethodFilter struct {
	// Name is the method's name; empty fits all.
	Name string
	// Accepts and Returns are looked at when not nil, so that a method can be
	// told from another of the same name.
	Accepts *string
	Returns *string
	// Streaming limits to streams, or to methods, when not nil.
	Streaming *bool
	// DisplayName and Description fit all when empty.
	DisplayName string
	Description string
	// ObjectTypes must all be among the method's, with regard to case.
	ObjectTypes []string
	// Version fits all when 0.
	Version int
	// Flags is a JSON object whose members, at every depth, must be equal to
	// those of the method's own flags, which may have more. nil fits all.
	Flags json.RawMessage
}

// ByName is the filter for the methods and streams of a name.
func ByName(name string) MethodFilter { return MethodFilter{Name: name} }

// Named is the definition of a method that has a name and nothing else.
func Named(name string) MethodDefinition { return MethodDefinition{Name: name} }

// Matches reports whether the definition fits.
func (f MethodFilter) Matches(m MethodDefinition) bool {
	same := func(want, have string) bool { return want == "" || strings.EqualFold(want, have) }
	return same(f.Name, m.Name) &&
		(f.Accepts == nil || strings.EqualFold(*f.Accepts, m.Accepts)) &&
		(f.Returns == nil || strings.EqualFold(*f.Returns, m.Returns)) &&
		(f.Streaming == nil || *f.Streaming == m.Streaming) &&
		same(f.DisplayName, m.DisplayName) && same(f.Description, m.Description) &&
		(f.Version == 0 || f.Version == m.Version) &&
		contains(m.ObjectTypes, f.ObjectTypes) &&
		(f.Flags == nil || within(f.Flags, m.Flags))
}

func contains(have, want []string) bool {
	for _, s := range want {
		if !slices.Contains(have, s) {
			return false
		}
	}
	return true
}

// within reports whether every member of want stands in have too. Leaves are
// equal when their JSON is, but for space and the spelling of texts.
func within(want, have json.RawMessage) bool {
	var wanted, had map[string]json.RawMessage
	if json.Unmarshal(want, &wanted) != nil || wanted == nil {
		return equalJSON(want, have)
	}
	if json.Unmarshal(have, &had) != nil {
		return false
	}
	for key, value := range wanted {
		if found, ok := had[key]; !ok || !within(value, found) {
			return false
		}
	}
	return true
}

// equalJSON compares two values by their plainest spelling.
func equalJSON(a, b json.RawMessage) bool {
	plain := func(raw json.RawMessage) string {
		var v any
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return string(raw)
		}
		out, _ := json.Marshal(v)
		return string(out)
	}
	return plain(a) == plain(b)
}

// Exactly is the filter that fits this method and no other of the same name.
func (m MethodDefinition) Exactly() MethodFilter {
	return MethodFilter{Name: m.Name, Accepts: &m.Accepts, Returns: &m.Returns, Streaming: &m.Streaming}
}
