package themes

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

//go:embed *.json
var files embed.FS

// names is the order in which themes are offered: dark ground first, and on
// each ground the default first.
var names = []string{"dusk", "ember", "slate", "beacon", "signal", "paper", "linen", "noon"}

// The defaults for dark and for light ground.
const (
	DefaultDark  = "dusk"
	DefaultLight = "paper"
)

// Names returns the themes that ship, those for dark ground first.
func Names() []string { return slices.Clone(names) }

// Load returns a theme that ships. For an unknown name the error lists those
// that there are.
func Load(name string) (Theme, error) {
	if !slices.Contains(names, name) {
		return Theme{}, fmt.Errorf("load theme %q: no such theme; there are %s", name, strings.Join(names, ", "))
	}
	data, err := files.ReadFile(name + ".json")
	if err != nil {
		return Theme{}, fmt.Errorf("load theme %q: %w", name, err)
	}
	return Parse(data)
}

// Parse reads one theme from its JSON: an object with "name", "dark", "about"
// and "short" if wanted, and every role as "#rrggbb". The error names all that is wrong
// with it, one thing a line: keys that mean nothing, colours that can't be
// read, roles that are missing, and contrasts that are too low.
func Parse(data []byte) (Theme, error) {
	t, err := Read(data)
	if err != nil {
		return t, err
	}
	if err := t.Check(); err != nil {
		return Theme{}, fmt.Errorf("parse theme %q: %w", t.Name, err)
	}
	return t, nil
}

// Read is Parse without the look at contrasts: the theme can be looked at, and what
// Check says of it tells whether it can be used.
func Read(data []byte) (Theme, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return Theme{}, fmt.Errorf("parse theme: %w", err)
	}
	if fields == nil {
		return Theme{}, errors.New("parse theme: null, wants an object")
	}
	var t Theme
	wrong := t.read(fields)
	if len(wrong) > 0 {
		return Theme{}, fmt.Errorf("parse theme %q: %w", t.Name, errors.Join(wrong...))
	}
	return t, nil
}

// Check returns every pair of the theme that is too close to be read, one a line;
// nil when there is none.
func (t *Theme) Check() error { return errors.Join(t.check()...) }

// read fills the theme and takes what it knows out of fields.
func (t *Theme) read(fields map[string]json.RawMessage) (wrong []error) {
	take := func(key string, into any, want string, required bool) {
		raw, ok := fields[key]
		delete(fields, key)
		switch {
		case !ok && required:
			wrong = append(wrong, fmt.Errorf("%s: missing, wants %s", key, want))
		case ok && (string(raw) == "null" || json.Unmarshal(raw, into) != nil):
			wrong = append(wrong, fmt.Errorf("%s: %s, wants %s", key, raw, want))
		}
	}
	take("name", &t.Name, "a text", true)
	take("about", &t.About, "a text", false)
	take("short", &t.Short, "a text", false)
	take("dark", &t.Dark, "true or false", true)
	for _, r := range roles {
		have := len(wrong)
		take(r.name, r.at(t), `a colour like "#12161c"`, true)
		if len(wrong) == have {
			wrong = append(wrong, normalize(r.name, r.at(t))...)
		}
	}
	for _, key := range sortedKeys(fields) {
		wrong = append(wrong, fmt.Errorf("%s: no such role%s", key, hint(key)))
	}
	return wrong
}

// normalize checks that the colour is one, and writes it in lower case.
func normalize(name string, colour *string) []error {
	if _, ok := rgb(*colour); !ok {
		return []error{fmt.Errorf(`%s: %q is no colour, wants one like "#12161c"`, name, *colour)}
	}
	*colour = strings.ToLower(*colour)
	return nil
}

// hint helps with a role that is known by a neighbouring name.
func hint(key string) string {
	lower := strings.ToLower(key)
	for _, r := range roles {
		if r.name == lower || strings.HasPrefix(r.name, lower) || strings.HasPrefix(lower, r.name) && len(r.name) > 2 {
			return " (" + r.name + "?)"
		}
	}
	return ""
}

func sortedKeys(m map[string]json.RawMessage) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
