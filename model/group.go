package model

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// GroupBy is what rows of a list can be put together by. Its text is what is kept.
type GroupBy string

// The keys of groups.
const (
	GroupServer      GroupBy = "server"
	GroupUser        GroupBy = "user"
	GroupMachine     GroupBy = "machine"
	GroupEnvironment GroupBy = "environment"
	GroupRegion      GroupBy = "region"
	GroupPrefix      GroupBy = "prefix"
	GroupObject      GroupBy = "object type"
	GroupVersion     GroupBy = "version"
	GroupSignature   GroupBy = "signature"
	GroupKind        GroupBy = "kind"
	GroupLibrary     GroupBy = "library"
	GroupPresence    GroupBy = "presence"
	GroupMethod      GroupBy = "method"
	GroupDay         GroupBy = "day"
	GroupOutcome     GroupBy = "outcome"
	GroupTarget      GroupBy = "target"
	GroupBus         GroupBy = "bus"
)

// About says in a few words what the rows of a group share.
func (g GroupBy) About() string {
	switch g {
	case GroupServer:
		return "the application"
	case GroupPrefix:
		return "the name before its last dot"
	case GroupObject:
		return "the type that it declares"
	case GroupSignature:
		return "what it accepts and returns"
	case GroupKind:
		return "bus, Interval, yourself"
	case GroupLibrary:
		return "the client library"
	case GroupPresence:
		return "here, or gone"
	case GroupOutcome:
		return "returned, failed, given up"
	case GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupVersion, GroupMethod, GroupDay, GroupTarget, GroupBus:
	}
	return ""
}

// GroupKeys are what the rows of a pane can be grouped by.
func GroupKeys(p Pane) []GroupBy {
	switch p {
	case Servers:
		return []GroupBy{GroupServer, GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupKind, GroupLibrary, GroupPresence}
	case Methods:
		return []GroupBy{GroupServer, GroupPrefix, GroupObject, GroupSignature, GroupVersion, GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupKind, GroupPresence}
	case Streams:
		return []GroupBy{GroupServer, GroupPrefix, GroupObject, GroupSignature, GroupVersion, GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupPresence}
	case Workspace, Open, Feed, History, Saved, Watches, Serve:
	}
	return nil
}

// grouped is what can stand in groups.
type grouped interface {
	// groupNames are the names of the groups that it is in, empty for that of
	// what has none.
	groupNames(by GroupBy) []string
}

// Item is a row of a list before it is put into groups.
type item struct {
	id RowID
	of grouped
}

// Group is a heading among the rows of a list.
type Group struct {
	ID RowID
	By GroupBy
	// Name is what its rows share; empty where they have nothing of the kind.
	Name string
	// Depth is how many groups it is in.
	Depth  int
	Folded bool
	// Members are the things in it, in their order.
	Members []RowID
}

// Words name the group.
func (g *Group) Words() string { return cmp.Or(g.Name, "no "+string(g.By)) }

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

const groupPrefix = "group\x00"

// heading is the row of a group. Quoting keeps the names of groups apart, whatever
// is in them.
func heading(in RowID, name string) RowID {
	if in == "" {
		in = groupPrefix
	}
	return in + RowID(strconv.Quote(name))
}

// put gives the list its rows, in their order. Groups are ordered by their names, or
// as their first rows are.
func (l *List) put(items []item, hidden int, byName bool) {
	l.items, l.byName = items, byName
	l.lay(hidden)
}

// lay puts the rows into their groups.
func (l *List) lay(hidden int) {
	l.heads, l.things = nil, nil
	if len(l.Groups) == 0 {
		l.set(ids(l.items, func(i item) RowID { return i.id }), hidden)
		return
	}
	l.heads, l.things = map[RowID]*Group{}, map[RowID]RowID{}
	rows := make([]RowID, 0, len(l.items)+16)
	l.set(l.layInto(rows, l.items, 0, ""), hidden)
}

// bucket is a group that is being filled.
type bucket struct {
	name  string
	items []item
}

func (l *List) layInto(rows []RowID, items []item, depth int, in RowID) []RowID {
	if depth == len(l.Groups) {
		for _, it := range items {
			// A thing may be in several groups: each of its rows is one of its own.
			row := it.id + "\x00" + in
			l.things[row] = it.id
			rows = append(rows, row)
		}
		return rows
	}
	for _, b := range l.buckets(items, l.Groups[depth]) {
		g := &Group{ID: heading(in, b.name), By: l.Groups[depth], Name: b.name, Depth: depth, Members: ids(b.items, func(i item) RowID { return i.id })}
		g.Folded = l.shut().folded(g.ID)
		l.heads[g.ID] = g
		rows = append(rows, g.ID)
		if !g.Folded {
			rows = l.layInto(rows, b.items, depth+1, g.ID)
		}
	}
	return rows
}

// buckets puts items together by a key, in order: what has nothing of the kind last.
func (l *List) buckets(items []item, by GroupBy) []*bucket {
	found := map[string]*bucket{}
	var order []*bucket
	for _, it := range items {
		names := it.of.groupNames(by)
		for i, name := range names {
			if slices.Contains(names[:i], name) {
				continue
			}
			b := found[name]
			if b == nil {
				b = &bucket{name: name}
				found[name] = b
				order = append(order, b)
			}
			b.items = append(b.items, it)
		}
	}
	slices.SortStableFunc(order, func(a, b *bucket) int {
		if a.name == "" || b.name == "" {
			return cmp.Compare(b.name, a.name)
		}
		if l.byName {
			return flip(l.Reverse, compareFold(a.name, b.name))
		}
		return 0
	})
	return order
}

// Thing is what a row stands for: itself where rows are in no groups.
func (l *List) Thing(row RowID) RowID {
	if id, ok := l.things[row]; ok {
		return id
	}
	return row
}

// Heading is the group whose heading a row is, or nil.
func (l *List) Heading(row RowID) *Group { return l.heads[row] }

// Group is the group whose heading the cursor is on, or nil.
func (l *List) Group() *Group { return l.heads[l.cursor] }

// Len counts what is listed, headings not; what is in several groups counts once.
func (l *List) Len() int {
	if len(l.Groups) == 0 {
		return len(l.rows)
	}
	return len(l.items)
}

// find is the place of a row; of a thing, the place of its first row, or of the folded
// group that it is in. It is -1 where there is none.
func (l *List) find(id RowID) int {
	if i := slices.Index(l.rows, id); i >= 0 || len(l.Groups) == 0 {
		return i
	}
	if i := slices.IndexFunc(l.rows, func(row RowID) bool { return l.things[row] == id }); i >= 0 {
		return i
	}
	return slices.IndexFunc(l.rows, func(row RowID) bool {
		g := l.heads[row]
		return g != nil && g.Folded && slices.Contains(g.Members, id)
	})
}

// firstThing is the place of the first row that is no heading; 0 where all are.
func (l *List) firstThing() int {
	return max(slices.IndexFunc(l.rows, func(row RowID) bool { return l.heads[row] == nil }), 0)
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

// Parent is the place of the heading that a row is under; -1 at the top.
func (l *List) Parent(i int) int {
	if i < 0 || i >= len(l.rows) {
		return -1
	}
	depth := len(l.Groups)
	if g := l.heads[l.rows[i]]; g != nil {
		depth = g.Depth
	}
	for i--; i >= 0; i-- {
		if g := l.heads[l.rows[i]]; g != nil && g.Depth < depth {
			return i
		}
	}
	return -1
}

// SetGroups groups the rows of a pane by keys, the outermost first; without keys they
// are one flat list again.
func (s *State) SetGroups(p Pane, by []GroupBy) {
	l := &s.Lists[p]
	at := l.on
	if g := l.Group(); g != nil && len(g.Members) > 0 {
		at = g.Members[0]
	}
	l.young = false
	l.Groups, l.folds, l.seeking = slices.Clone(by), folds{}, folds{}
	l.lay(l.hidden)
	if i := l.find(at); i >= 0 {
		l.goTo(i)
	}
}

// CountGroups says into how many groups a pane's rows would come by a key.
func (s *State) CountGroups(p Pane, by GroupBy) int {
	l := &s.Lists[p]
	return len(l.buckets(l.items, by))
}

// CardGroup is the group whose heading the rail's cursor is on, or nil.
func (s *State) CardGroup() *Group {
	if s.Page != Workspace || s.Rail == Open || s.Rail == Workspace {
		return nil
	}
	return s.Lists[s.Rail].Group()
}

// one is the list of one name.
func one(name string) []string { return []string{name} }

func (s *Server) groupNames(by GroupBy) []string {
	switch by {
	case GroupKind:
		switch {
		case s.Mine:
			return one("you")
		case s.Host != nil:
			return one("Interval host")
		}
		return one("application")
	case GroupPresence:
		if s.Gone() {
			return one("gone")
		}
		return one("here")
	case GroupServer, GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupLibrary, GroupPrefix, GroupObject, GroupVersion,
		GroupSignature, GroupMethod, GroupDay, GroupOutcome, GroupTarget, GroupBus:
	}
	return one(s.fact(by))
}

// fact is what the server's identity says of a key.
func (s *Server) fact(by GroupBy) string {
	i := s.Instance
	switch by {
	case GroupServer:
		return i.Name()
	case GroupUser:
		return i.User
	case GroupMachine:
		return i.Machine
	case GroupEnvironment:
		if s.Host != nil {
			return s.Host.Environment
		}
		return i.Environment
	case GroupRegion:
		return i.Region
	case GroupLibrary:
		return i.API
	case GroupPrefix, GroupObject, GroupVersion, GroupSignature, GroupKind, GroupPresence, GroupMethod, GroupDay, GroupOutcome, GroupTarget, GroupBus:
	}
	return ""
}

func (m *Method) groupNames(by GroupBy) []string {
	switch by {
	case GroupPrefix:
		return one(m.Prefix())
	case GroupObject:
		if len(m.Def.ObjectTypes) > 0 {
			return m.Def.ObjectTypes
		}
		return one("")
	case GroupVersion:
		if m.Def.Version == 0 {
			return one("")
		}
		return one("version " + strconv.Itoa(m.Def.Version))
	case GroupSignature:
		if m.Def.Accepts == "" && m.Def.Returns == "" {
			return one("")
		}
		return one(cmp.Or(m.Def.Accepts, "nothing") + " → " + cmp.Or(m.Def.Returns, "nothing"))
	case GroupKind:
		switch {
		case m.Action == nil:
			return one("method")
		case m.Action.Page:
			return one("Interval page")
		}
		return one("Interval action")
	case GroupPresence:
		if m.Gone() {
			return one("gone")
		}
		return one("here")
	case GroupServer, GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupLibrary, GroupMethod, GroupDay, GroupOutcome, GroupTarget, GroupBus:
	}
	offers := m.Offers
	if m.Gone() {
		offers = m.Last
	}
	if len(offers) == 0 {
		return one("")
	}
	names := make([]string, len(offers))
	for i, o := range offers {
		names[i] = o.Server.fact(by)
	}
	return names
}

// Prefix is the name before its last dot, or the groups that an action's host puts
// it into; empty where there is none.
func (m *Method) Prefix() string {
	if m.Action != nil {
		return strings.Join(m.Action.Group, " › ")
	}
	if i := strings.LastIndexByte(m.Def.Name, '.'); i > 0 {
		return m.Def.Name[:i]
	}
	return ""
}

// Tail is the name without its prefix.
func (m *Method) Tail() string {
	if m.Action != nil {
		return m.Action.Name
	}
	if i := strings.LastIndexByte(m.Def.Name, '.'); i > 0 && i+1 < len(m.Def.Name) {
		return m.Def.Name[i+1:]
	}
	return m.Def.Name
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
