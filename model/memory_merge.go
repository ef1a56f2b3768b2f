package model

import (
	"encoding/json"
	"fmt"
	"time"

	"ioscope/client/bus"
)

// Onto puts what a run of the program changed onto what others kept meanwhile: m is what
// the run has now, base what it had when it was kept last or began. What the run did not
// change stays as the others left it.
func (m Memory) Onto(base, theirs Memory) Memory {
	out := theirs
	out.Seen = theirs.Seen
	if m.Seen.After(theirs.Seen) {
		out.Seen = m.Seen
	}
	out.Rail = MergeValue(base.Rail, m.Rail, theirs.Rail)
	out.Bus = MergeValue(base.Bus, m.Bus, theirs.Bus)
	out.Lists = listsOnto(base.Lists, m.Lists, theirs.Lists)
	out.Things = setOnto(thingKey, base.Things, m.Things, theirs.Things, thingsKept)
	out.Watches = setOnto(watchKey, base.Watches, m.Watches, theirs.Watches, watchesKept)
	out.Offers = setOnto(offerKey, base.Offers, m.Offers, theirs.Offers, offersKept)
	shown := MergeValue(base.shownKey(), m.shownKey(), theirs.shownKey())
	out.Shown = -1
	for i, key := range keysOf(thingKey, out.Things) {
		if key == shown {
			out.Shown = i
		}
	}
	return out
}

// MergeValue is what a run has where it changed that, else what others have.
func MergeValue[T any](base, mine, theirs T) T {
	if alike(base, mine) {
		return theirs
	}
	return mine
}

// alike compares what is written, so that the white space of JSON and a slice that is
// empty rather than missing make no difference.
func alike[T any](a, b T) bool { return written(a) == written(b) }

func written(v any) string {
	text, err := json.Marshal(v)
	if err != nil { // values that came in broken from a file
		return fmt.Sprint(v)
	}
	return string(text)
}

// listsOnto merges how lists were looked at: each of its own, the groups with their
// folds and the cursor with its row.
func listsOnto(base, mine, theirs map[Pane]ListMemory) map[Pane]ListMemory {
	if mine == nil && theirs == nil {
		return nil
	}
	out := map[Pane]ListMemory{}
	for p, l := range theirs {
		out[p] = l
	}
	type cursor struct {
		Cursor string
		Row    RowID
	}
	type groups struct {
		By        []GroupBy
		AllFolded bool
		But       []RowID
	}
	cursorOf := func(l ListMemory) cursor { return cursor{l.Cursor, l.Row} }
	groupsOf := func(l ListMemory) groups { return groups{l.Groups, l.AllFolded, l.But} }
	for p, l := range mine {
		was, is := base[p], theirs[p]
		at, by := MergeValue(cursorOf(was), cursorOf(l), cursorOf(is)), MergeValue(groupsOf(was), groupsOf(l), groupsOf(is))
		out[p] = ListMemory{
			Cursor: at.Cursor, Row: at.Row,
			Filter: MergeValue(was.Filter, l.Filter, is.Filter),
			Sort:   MergeValue(was.Sort, l.Sort, is.Sort), Reverse: MergeValue(was.Reverse, l.Reverse, is.Reverse),
			Groups: by.By, AllFolded: by.AllFolded, But: by.But,
		}
	}
	return out
}

// thingKey, watchKey and offerKey say which of two are the same, however they are looked
// at, judged or answered.
func thingKey(t ThingMemory) string {
	return written(struct {
		Method RowID
		Live   bool
		Args   json.RawMessage
		Target bus.Target
	}{t.Method, t.Live, t.Args, t.Target})
}

func watchKey(w WatchMemory) string {
	return written(struct {
		Name, Accepts   string
		Args            json.RawMessage
		Target          bus.Target
		Path, Key, Only string
		Every           time.Duration
	}{w.Method.Name, w.Method.Accepts, w.Args, w.Target, w.Path, w.Key, w.Only, w.Every})
}

func offerKey(o OfferMemory) string {
	return written([]any{o.Method.Name, o.Method.Accepts, o.Method.Returns, o.Method.Streaming})
}

// keysOf are the keys of a list; what is in it twice has two.
func keysOf[T any](key func(T) string, list []T) []string {
	seen := map[string]int{}
	out := make([]string, len(list))
	for i, x := range list {
		k := key(x)
		out[i] = fmt.Sprint(k, " ", seen[k])
		seen[k]++
	}
	return out
}

func byKey[T any](key func(T) string, list []T) map[string]T {
	out := make(map[string]T, len(list))
	for i, k := range keysOf(key, list) {
		out[k] = list[i]
	}
	return out
}

// setOnto merges a list of things that are told apart by their keys: what the run added
// is there, what it took away is not, what it changed is changed. Its own come first, in
// its order.
func setOnto[T any](key func(T) string, base, mine, theirs []T, most int) []T {
	switch {
	case alike(base, mine):
		return theirs
	case alike(base, theirs):
		return mine
	}
	was, is, others := byKey(key, base), byKey(key, mine), byKey(key, theirs)
	var out []T
	for i, k := range keysOf(key, mine) {
		old, had := was[k]
		other, there := others[k]
		switch {
		case !had || !alike(old, mine[i]):
			out = append(out, mine[i])
		case there:
			out = append(out, other)
		}
	}
	for i, k := range keysOf(key, theirs) {
		_, ours := is[k]
		_, had := was[k]
		if !ours && !had {
			out = append(out, theirs[i])
		}
	}
	return out[:min(len(out), most)]
}

// shownKey names the thing that was on the screen; empty for none.
func (m Memory) shownKey() string {
	if m.Shown < 0 || m.Shown >= len(m.Things) {
		return ""
	}
	return keysOf(thingKey, m.Things)[m.Shown]
}
