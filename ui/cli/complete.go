package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client/bus"
)

// completeTimeout bounds how long a shell waits for names after tab.
const completeTimeout = 2 * time.Second

// completeOffer offers the names of methods, or of streams, that are on the bus
// now, and after a name the keys of its signature.
func completeOffer(env Env, f *flags, streams bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		b, ok := f.glance(cmd, env)
		if !ok {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if len(args) == 0 {
			return completions(b.offerNames(streams), typed), cobra.ShellCompDirectiveNoFileComp
		}
		return completions(b.keys(args[0], streams, args[1:]), typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// completeTarget offers the modes and the applications.
func completeTarget(env Env, f *flags) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		names := []string{bus.Best.String(), bus.All.String(), bus.SkipMine.String()}
		if b, ok := f.glance(cmd, env); ok {
			names = append(names, b.serverNames()...)
		}
		return completions(names, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeFrom offers what is found on the bus.
func completeFrom(env Env, f *flags, find func(busView) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		b, ok := f.glance(cmd, env)
		if !ok {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return completions(find(b), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// glance looks at the bus for a moment. A bus that is not there is no reason to
// disturb who is typing.
func (f *flags) glance(cmd *cobra.Command, env Env) (busView, bool) {
	if f.resolve(cmd, env) != nil {
		return busView{}, false
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), completeTimeout)
	defer cancel()
	b, err := f.view(ctx)
	return b, err == nil
}

func (b busView) serverNames() []string {
	names := make([]string, len(b.servers))
	for i, s := range b.servers {
		names[i] = s.Name()
	}
	return names
}

func (b busView) objectTypes() []string {
	var types []string
	for _, c := range b.methods {
		types = append(types, c.Method.ObjectTypes...)
	}
	return types
}

func (b busView) offerNames(streams bool) []string {
	var names []string
	for _, o := range b.offers(streams) {
		names = append(names, o.method.Name)
	}
	return names
}

// keys are "key=" for each entry of the signature that has no pair yet.
func (b busView) keys(name string, streams bool, pairs []string) []string {
	var keys []string
	for _, o := range b.offers(streams) {
		sig, err := bus.ParseSignature(o.method.Accepts)
		if err != nil || !strings.EqualFold(o.method.Name, name) {
			continue
		}
		for _, p := range sig {
			if key := p.Name + "="; !slices.ContainsFunc(pairs, func(s string) bool { return strings.HasPrefix(s, key) }) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// completions keeps each name once, those that go on from what is typed. A name
// that a shell could stumble over is left out.
func completions(names []string, typed string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		if seen[n] || clean(n) != n || strings.ContainsAny(n, "\t\n") || !hasPrefixFold(n, typed) {
			continue
		}
		seen[n] = true
		out = append(out, n)
	}
	return out
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
