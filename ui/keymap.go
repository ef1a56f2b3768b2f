package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/ui/screen"
)

// Rebinding gives an action other keys than the usual ones; none takes them away.
type Rebinding struct {
	Action string
	Keys   []string
}

// Keymap is the table of keys with the changes of one person.
type Keymap struct {
	table []binding
	// dialog tells which usual key of a dialog a changed one stands for; empty where
	// it stands for none any more.
	dialog map[string]string
}

// RebindError says which of the changes can't be made, and why.
type RebindError struct {
	// Index is the place of the change in what Rebind was given.
	Index int
	Text  string
}

// Error implements error.
func (e *RebindError) Error() string { return e.Text }

// usualKeys is the table as it is without changes.
func usualKeys() *Keymap { return &Keymap{table: bindings} }

// Actions lists the ids of all actions, in the order of the table.
func Actions() []string {
	var ids []string
	for _, b := range bindings {
		if !slices.Contains(ids, b.id) {
			ids = append(ids, b.id)
		}
	}
	return ids
}

// Rebind makes a keymap of changes. A key that does not exist, that would be typed as
// text, or that another action of the same place has, is refused.
func Rebind(changes []Rebinding) (*Keymap, error) {
	m := &Keymap{table: slices.Clone(bindings), dialog: map[string]string{}}
	changed := map[string]int{}
	for i, c := range changes {
		fail := func(text string) error { return &RebindError{i, text} }
		if !slices.Contains(Actions(), c.Action) {
			return nil, fail("no action " + strconv.Quote(c.Action))
		}
		keys := make([]string, len(c.Keys))
		for n, name := range c.Keys {
			key, ok := readKey(name)
			if !ok {
				return nil, fail(strconv.Quote(name) + " is no key; keys are written like a, ctrl+s, alt+enter, F4, space, pgdown")
			}
			keys[n] = key
		}
		if len(keys) == 0 && slices.Contains(vital, c.Action) {
			return nil, fail(c.Action + " wants a key")
		}
		changed[c.Action] = i
		m.give(c.Action, keys)
	}
	for _, action := range ordered(changed) {
		if text := m.wrong(action); text != "" {
			return nil, &RebindError{changed[action], text}
		}
	}
	return m, nil
}

// vital are the actions without which nobody finds out again.
var vital = []string{"app.quit-now", "nav.back", "dialog.close"}

func ordered(changed map[string]int) []string {
	actions := make([]string, 0, len(changed))
	for a := range changed {
		actions = append(actions, a)
	}
	slices.SortFunc(actions, func(a, b string) int { return changed[a] - changed[b] })
	return actions
}

func (m *Keymap) give(action string, keys []string) {
	for i := range m.table {
		b := &m.table[i]
		if b.id != action {
			continue
		}
		if slices.Contains(b.in, inDialog) && len(b.keys) > 0 {
			for _, k := range b.keys {
				if _, taken := m.dialog[k]; !taken {
					m.dialog[k] = ""
				}
			}
			for _, k := range keys {
				m.dialog[k] = b.keys[0]
			}
		}
		b.keys, b.sign = keys, ""
	}
}

// inDialogs gives the usual key for the one that was pressed in a dialog: dialogs know
// no others. It reports whether the key counts there.
func (m *Keymap) inDialogs(msg tea.KeyMsg) (tea.KeyMsg, bool) {
	usual, changed := m.dialog[msg.String()]
	switch {
	case !changed:
		return msg, true
	case usual == "":
		return msg, false
	case usual == " ":
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}, true
	}
	return tea.KeyMsg{Type: knownKeys[usual]}, true
}

// footSaid puts the keys that count now into the lower edge of a dialog, which is
// written with the usual ones.
func (m *Keymap) footSaid(foot string) string {
	items := strings.Split(foot, "   ")
	for i, item := range items {
		key, words, ok := strings.Cut(item, " ")
		if !ok {
			continue
		}
		up, down := m.keys("dialog.up"), m.keys("dialog.down")
		if key == "↑↓" && !(slices.Contains(up, "up") && slices.Contains(down, "down")) && len(up) > 0 && len(down) > 0 {
			items[i] = keyName(up[0]) + " " + keyName(down[0]) + " " + words
		}
		if key == "space" {
			key = " "
		}
		for at, b := range m.table {
			if was := bindings[at]; slices.Contains(b.in, inDialog) && len(b.keys) > 0 && len(was.keys) > 0 && was.keys[0] == key && !slices.Contains(b.keys, key) {
				items[i] = keyName(b.keys[0]) + " " + words
			}
		}
	}
	return strings.Join(items, "   ")
}

// wrong says why the keys of an action can't be: text is typed where it counts, or
// another action has one of them. What the usual table has twice on purpose, such as
// esc, may stay.
func (m *Keymap) wrong(action string) string {
	for c := inServers; c < contextCount; c++ {
		groups := active(c)
		for _, b := range m.in(groups) {
			if b.id != action {
				continue
			}
			for _, k := range b.keys {
				if (c == inDialog || slices.Contains(groups, textField)) && typed(k) && !usual(b.id, k) {
					return fmt.Sprintf("%s is typed as text in %s; %s wants ctrl, alt or an F key there",
						quoteKey(k), placeName(c), action)
				}
				for _, other := range m.in(groups) {
					if other.id != action && slices.Contains(other.keys, k) && !usualTwice(groups, action, other.id, k) {
						return fmt.Sprintf("%s is %s already in %s", quoteKey(k), other.id, placeName(c))
					}
				}
			}
		}
	}
	return ""
}

// in lists the bindings of several contexts.
func (m *Keymap) in(groups []place) []binding {
	var out []binding
	for _, b := range m.table {
		if slices.ContainsFunc(groups, func(g place) bool { return slices.Contains(b.in, g) }) {
			out = append(out, b)
		}
	}
	return out
}

func usual(action, key string) bool {
	return slices.ContainsFunc(bindings, func(b binding) bool { return b.id == action && slices.Contains(b.keys, key) })
}

// usualTwice reports whether the usual table has a key of a context twice, too: the
// nearer one takes it from the group.
func usualTwice(groups []place, a, b, key string) bool {
	n := 0
	for _, x := range usualKeys().in(groups) {
		if (x.id == a || x.id == b) && slices.Contains(x.keys, key) {
			n++
		}
	}
	return n > 1
}

func placeName(c place) string { return strings.ToLower(contexts[c].title) }

func quoteKey(k string) string { return strconv.Quote(keyName(k)) }

// typed reports whether a key writes a character.
func typed(key string) bool { return utf8.RuneCountInString(key) == 1 }

// knownKeys are the keys by Bubble Tea's names, as far as terminals send them.
var knownKeys = func() map[string]tea.KeyType {
	known := map[string]tea.KeyType{}
	for k := tea.KeyType(-120); k < 128; k++ {
		if name := (tea.Key{Type: k}).String(); name != "" && k != tea.KeyRunes {
			if _, ok := known[name]; !ok {
				known[name] = k
			}
		}
	}
	return known
}()

// readKey reads the name of a key as people write it: as help shows it, or as Bubble
// Tea calls it.
func readKey(name string) (string, bool) {
	if utf8.RuneCountInString(name) == 1 && name >= " " {
		for tea, shown := range keyNames {
			if name == shown {
				return tea, true
			}
		}
		return name, true
	}
	for tea, shown := range keyNames {
		if strings.EqualFold(name, shown) {
			return tea, true
		}
	}
	bare, alt := strings.CutPrefix(name, "alt+")
	if !alt {
		bare, alt = strings.CutPrefix(name, "Alt+")
	}
	if utf8.RuneCountInString(bare) != 1 {
		bare = strings.ToLower(bare)
	}
	switch bare {
	case "space":
		bare = " "
	case "escape":
		bare = "esc"
	case "return":
		bare = "enter"
	case "pageup":
		bare = "pgup"
	case "pagedown":
		bare = "pgdown"
	}
	if _, known := knownKeys[bare]; !known && utf8.RuneCountInString(bare) != 1 {
		return "", false
	}
	if alt {
		bare = "alt+" + bare
	}
	return bare, true
}

// keyFor is the first key of an action as people read it, or that of the palette where
// only the palette has it.
func (a *App) keyFor(action string) string {
	for _, action := range []string{action, "app.palette-key", "app.palette"} {
		if key, ok := a.keymap.key(action); ok {
			return key
		}
	}
	return ":"
}

// key is the first key of an action, as people read it; false where it has none.
func (m *Keymap) key(action string) (string, bool) {
	if keys := m.keys(action); len(keys) > 0 {
		return keyName(keys[0]), true
	}
	return "", false
}

// keys are the keys of an action.
func (m *Keymap) keys(action string) []string {
	for _, b := range m.table {
		if b.id == action && len(b.keys) > 0 {
			return b.keys
		}
	}
	return nil
}

// enterOr is enter where the action still has it, which there means more than the other
// keys of the action do; else the key of another action that does the same.
func (a *App) enterOr(action, other string) string {
	if slices.Contains(a.keymap.keys(action), "enter") {
		return "enter"
	}
	return a.keyFor(other)
}

// keyPair names two keys that belong together: alt+↑↓.
func (a *App) keyPair(one, two string) string {
	x, y := a.keyFor(one), a.keyFor(two)
	if short, ok := strings.CutPrefix(y, "alt+"); ok && strings.HasPrefix(x, "alt+") {
		return x + short
	}
	return x + " " + y
}

// keyed puts keys into a sentence: {stream.view} becomes the key that this action has
// now. What stands in braces and is no action stays as it is.
func (a *App) keyed(sentence string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(sentence, "{")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		id, after, closed := strings.Cut(rest, "}")
		if closed && a.keymap.has(id) {
			out.WriteString(a.keyFor(id))
			sentence = after
			continue
		}
		out.WriteString("{")
		sentence = rest
	}
}

// has reports whether there is an action of this name.
func (m *Keymap) has(id string) bool {
	return slices.ContainsFunc(m.table, func(b binding) bool { return b.id == id })
}

// keySign draws the key of an action.
func (a *App) keySign(action string) screen.Line {
	return screen.L(accent, clean(a.keyFor(action)))
}
