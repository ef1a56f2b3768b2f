package ui

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// binding is one action: its keys, its words, what it does, and why it can't be
// done now. It stands in one table, from which the keyboard, the footer, the
// help and README's list are made.
type binding struct {
	id   string
	keys []string
	// sign stands for the keys where they are too many to be listed.
	sign string
	in   []place
	// twin is the action that this one does with other keys, or in another place: the
	// palette has both once.
	twin string
	// does says it in a few words.
	does string
	// footer is its place in the footer, from 1; 0 keeps it out.
	footer int
	// label is what the footer says where the words depend on the moment.
	label func(*App) string
	// why says why it can't be done now; empty when it can. Nil means always.
	why func(*App) string
	do  func(*App) tea.Cmd
}

// words is what the footer says of a binding.
func (b binding) words(a *App) string {
	if b.label != nil {
		return b.label(a)
	}
	return b.does
}

func (b binding) reason(a *App) string {
	if b.why == nil {
		return ""
	}
	return a.keyed(b.why(a))
}

// keyNames are the keys whose sign differs from what Bubble Tea calls them.
var keyNames = map[string]string{
	"up": "↑", "down": "↓", "left": "←", "right": "→", " ": "space",
	"alt+up": "alt+↑", "alt+down": "alt+↓", "pgdown": "pgdn",
}

func keyName(k string) string {
	if name, ok := keyNames[k]; ok {
		return name
	}
	if _, err := strconv.Atoi(strings.TrimPrefix(k, "f")); err == nil && len(k) > 1 {
		return strings.ToUpper(k)
	}
	return k
}

// active lists the contexts whose bindings count in c, the nearest first.
func active(c place) []place {
	return append([]place{c}, contexts[c].with...)
}

// find returns the binding of a key in a context.
func (m *Keymap) find(c place, key string) (binding, bool) {
	for _, group := range active(c) {
		for _, b := range m.table {
			if slices.Contains(b.in, group) && slices.Contains(b.keys, key) {
				return b, true
			}
		}
	}
	return binding{}, false
}

// press does what a key is bound to. It reports whether it is bound at all.
func (a *App) press(key string) (tea.Cmd, bool) {
	b, ok := a.keymap.find(a.context(), key)
	if !ok {
		return nil, false
	}
	return a.perform(b, key), true
}

// perform does what a binding says, or says why it can't be done.
func (a *App) perform(b binding, key string) tea.Cmd {
	if why := b.reason(a); why != "" {
		a.state.Say(keyName(key) + "  " + why)
		return nil
	}
	a.pressed = key
	a.queued = nil
	cmd := b.do(a)
	if a.queued != nil {
		cmd = tea.Batch(cmd, a.queued)
		a.queued = nil
	}
	return cmd
}

// footerBindings lists what the footer offers in a context: what works now, in
// its order.
func (a *App) footerBindings(c place) []binding {
	var out []binding
	for _, b := range a.keymap.table {
		if b.footer > 0 && len(b.keys) > 0 && slices.Contains(b.in, c) && b.reason(a) == "" {
			out = append(out, b)
		}
	}
	slices.SortStableFunc(out, func(x, y binding) int { return x.footer - y.footer })
	return out
}

// firstSign is the sign of the first key of a binding.
func firstSign(b binding) string {
	if b.sign != "" {
		return b.sign
	}
	return keyName(first(b.keys))
}

// keySigns writes the keys of a binding: "↑ k".
func keySigns(b binding) string {
	if b.sign != "" {
		return b.sign
	}
	names := make([]string, len(b.keys))
	for i, k := range b.keys {
		names[i] = keyName(k)
	}
	return strings.Join(names, "  ")
}

// KeyTable writes all keys as Markdown tables, for README.
func KeyTable() string {
	var out strings.Builder
	for c := range contextCount {
		var rows []string
		for _, b := range bindings {
			if !slices.Contains(b.in, c) {
				continue
			}
			names := make([]string, len(b.keys))
			if b.sign != "" {
				names = []string{"`" + b.sign + "`"}
			}
			for i, k := range b.keys {
				if b.sign != "" {
					break
				}
				names[i] = "`" + strings.ReplaceAll(keyName(k), "|", `\|`) + "`"
			}
			rows = append(rows, "| "+strings.Join(names, " ")+" | "+b.does+" |\n")
		}
		if len(rows) == 0 {
			continue
		}
		out.WriteString("**" + contexts[c].title + "**\n\n| keys | do |\n|---|---|\n" + strings.Join(rows, "") + "\n")
	}
	return out.String()
}
