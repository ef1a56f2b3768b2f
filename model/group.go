package model

import (
	"cmp"
	"slices"
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
		return "returned, failed, not answered, given up"
	case GroupTarget:
		return "whom it was sent to"
	case GroupBus:
		return "the bus that it was made on"
	case GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupVersion, GroupMethod, GroupDay:
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
	case History:
		return []GroupBy{GroupDay, GroupMethod, GroupOutcome, GroupServer, GroupTarget, GroupBus}
	case Workspace, Open, Feed, Saved, Watches, Serve:
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

// Things are what is listed, in order, whether it is in groups or not.
func (l *List) Things() []RowID {
	if len(l.Groups) == 0 {
		return l.rows
	}
	return ids(l.items, func(i item) RowID { return i.id })
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
