package plain

import (
	"fmt"
	"strconv"
	"strings"

	"ioscope/model"
)

// listHelp is how the items of a list are handled while it is filled in.
const listHelp = ".items tells them, .move 2 to 1 and .remove 2 put them right"

// items are the values so far of the list that is asked for, item by item: an item that
// is an object has several.
func (f *filling) items(b blank) [][]string {
	items := make([][]string, b.item)
	for _, p := range f.pairs {
		if i, _, ok := cutItem(p, b.path); ok && i < len(items) {
			items[i] = append(items[i], p)
		}
	}
	return items
}

// cutItem takes a pair apart that belongs to an item of a list: its number, and what
// stands behind that.
func cutItem(pair, list string) (item int, rest string, ok bool) {
	rest, ok = strings.CutPrefix(pair, list+"[")
	if !ok {
		return 0, "", false
	}
	number, rest, ok := strings.Cut(rest, "]")
	item, err := strconv.Atoi(number)
	return item, rest, ok && err == nil
}

// setItems puts the items of a list in the place of those that it has.
func (f *filling) setItems(b blank, items [][]string) {
	var pairs []string
	for _, p := range f.pairs {
		if _, _, ok := cutItem(p, b.path); !ok {
			pairs = append(pairs, p)
		}
	}
	for i, item := range items {
		for _, p := range item {
			_, rest, _ := cutItem(p, b.path)
			pairs = append(pairs, fmt.Sprintf("%s[%d]%s", b.path, i, rest))
		}
	}
	f.pairs = pairs
	f.blanks[0].item = len(items)
}

// listVerb tells the items of the list that is asked for, moves one or takes one out.
func (x *explorer) listVerb(f *filling, verb string, words []string) error {
	b := f.blanks[0]
	if !b.param.Array {
		return problemf(".back goes back to the value before", "%s is no list; its items are moved while the next one is asked for", b.path)
	}
	items := f.items(b)
	if verb == "items" {
		for i, item := range items {
			x.sayf("item %d: %s", i+1, strings.Join(itemWords(item, b.path), ", "))
		}
		if len(items) == 0 {
			x.sayf("%s: no item yet", b.path)
		}
		x.say(x.question(f, b))
		return nil
	}
	example := map[string]string{"move": ".move 2 to 1 is an example", "remove": ".remove 2 is an example"}[verb]
	want := 1
	if verb == "move" {
		want = 2
		if len(words) == 3 && words[1] == "to" {
			words = []string{words[0], words[2]}
		}
	}
	if len(words) != want {
		return problemf(example, "which item?")
	}
	at := make([]int, want)
	for i, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil || n < 1 || n > len(items) {
			return problemf(example, "%s has no item %s, it has %s so far", b.path, w, model.Count(len(items), "item"))
		}
		at[i] = n - 1
	}
	f.keepBefore()
	moved := items[at[0]]
	items = append(items[:at[0]:at[0]], items[at[0]+1:]...)
	if verb == "move" {
		items = append(items[:at[1]:at[1]], append([][]string{moved}, items[at[1]:]...)...)
		x.sayf("item %d of %s: is item %d now", at[0]+1, b.path, at[1]+1)
	} else {
		x.sayf("item %d of %s: removed, %s left", at[0]+1, b.path, model.Count(len(items), "item"))
	}
	f.setItems(b, items)
	x.say(x.question(f, f.blanks[0]))
	return nil
}

// itemWords tell the values of an item, with the names of those that have one.
func itemWords(item []string, list string) []string {
	var out []string
	for _, p := range item {
		_, rest, _ := cutItem(p, list)
		name, value, _ := strings.Cut(rest, "=")
		out = append(out, strings.TrimSpace(strings.TrimPrefix(name, ".")+" "+value))
	}
	return out
}
