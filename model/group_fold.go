package model

import (
	"slices"
	"strings"
)

// folds tell which groups are folded: all but some, or some.
type folds struct {
	all bool
	but map[RowID]bool
}

func (f *folds) folded(id RowID) bool { return f.all != f.but[id] }

func (f *folds) fold(id RowID, folded bool) {
	if f.folded(id) == folded {
		return
	}
	if f.but == nil {
		f.but = map[RowID]bool{}
	}
	if f.but[id] {
		delete(f.but, id)
	} else {
		f.but[id] = true
	}
}

// shut are the folds that count: while a filter stands, groups are open as long as
// nobody folds them, so that what was found is seen.
func (l *List) shut() *folds {
	if l.Filter == "" {
		l.sought = ""
		return &l.folds
	}
	if l.sought != l.Filter {
		l.sought, l.seeking = l.Filter, folds{}
	}
	return &l.seeking
}

// Fold folds or unfolds a group, with all in it where deep is true.
func (l *List) Fold(id RowID, folded, deep bool) {
	l.young = false
	under := slices.Contains(l.chain(), id)
	l.shut().fold(id, folded)
	if deep {
		g := l.heads[id]
		if g == nil {
			return
		}
		// Groups in a folded one are no rows; they are known once it was unfolded.
		for _, inner := range l.allHeadings() {
			if inner != id && strings.HasPrefix(string(inner), string(id)) {
				l.shut().fold(inner, folded)
			}
		}
	}
	l.lay(l.hidden)
	if under && folded {
		l.goTo(slices.Index(l.rows, id))
	}
}

// chain are the headings that the cursor's row is under, the innermost first.
func (l *List) chain() []RowID {
	var out []RowID
	for i := l.Parent(l.index); i >= 0; i = l.Parent(i) {
		out = append(out, l.rows[i])
	}
	return out
}

// allHeadings are the headings there would be if nothing were folded.
func (l *List) allHeadings() []RowID {
	bare := List{Groups: l.Groups, Reverse: l.Reverse, byName: l.byName, items: l.items}
	bare.lay(0)
	out := make([]RowID, 0, len(bare.heads))
	for id := range bare.heads {
		out = append(out, id)
	}
	return out
}

// FoldAll folds or unfolds all groups, those too that are yet to come.
func (l *List) FoldAll(folded bool) {
	l.young = false
	at, above := l.cursor, l.chain()
	*l.shut() = folds{all: folded}
	l.lay(l.hidden)
	for _, row := range append([]RowID{at}, above...) {
		if i := slices.Index(l.rows, row); i >= 0 {
			l.goTo(i)
			return
		}
	}
}

// reveal unfolds what a thing is in. It reports whether there was something to unfold.
func (l *List) reveal(id RowID) bool {
	opened := false
	for range l.Groups {
		i := l.find(id)
		if i < 0 {
			break
		}
		g := l.heads[l.rows[i]]
		if g == nil || g.ID == id {
			break
		}
		l.shut().fold(g.ID, false)
		l.lay(l.hidden)
		opened = true
	}
	return opened
}

// foldsKept bounds how many folded groups are remembered.
const foldsKept = 500

// keepGroups puts into a memory how the list is grouped. A row is worth keeping where
// what it stands for is known in the next run, too.
func (l *List) keepGroups(m *ListMemory, rows bool) {
	if len(l.Groups) == 0 {
		return
	}
	m.Groups, m.AllFolded = slices.Clone(l.Groups), l.folds.all
	for id := range l.folds.but {
		m.But = append(m.But, id)
	}
	slices.Sort(m.But)
	m.But = m.But[:min(len(m.But), foldsKept)]
	switch {
	case l.young:
		m.Row = l.want
	case rows || l.Group() != nil:
		m.Row = l.cursor
	}
}

// pageMemory is how a page is ordered and grouped; its filter is of the day.
func (l *List) pageMemory() ListMemory {
	m := ListMemory{Sort: l.Sort, Reverse: l.Reverse}
	l.keepGroups(&m, false)
	m.Row = ""
	return m
}

// recallGroups groups a list as it was. What this version does not know is left out.
func (l *List) recallGroups(p Pane, m ListMemory) {
	l.Groups = nil
	for _, by := range m.Groups {
		if slices.Contains(GroupKeys(p), by) && !slices.Contains(l.Groups, by) {
			l.Groups = append(l.Groups, by)
		}
	}
	if len(l.Groups) == 0 {
		return
	}
	l.folds = folds{all: m.AllFolded}
	for _, id := range m.But {
		l.folds.fold(id, !m.AllFolded)
	}
	if m.Row != "" {
		l.want = m.Row
	}
}
