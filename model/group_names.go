package model

import (
	"cmp"
	"strconv"
	"strings"
)

// The names of the groups that things are in.

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

func (r *Record) groupNames(by GroupBy) []string {
	switch by {
	case GroupDay:
		return one(r.At.Format("Mon 2 Jan 2006"))
	case GroupMethod:
		return one(r.Name)
	case GroupOutcome:
		return one(string(r.Went()))
	case GroupTarget:
		return one(TargetWord(r.Target))
	case GroupBus:
		return one(r.Bus)
	case GroupServer:
		if len(r.Replies) == 0 {
			return one(r.Who)
		}
		names := make([]string, len(r.Replies))
		for i, reply := range r.Replies {
			names[i] = reply.Server
		}
		return names
	case GroupUser, GroupMachine, GroupEnvironment, GroupRegion, GroupLibrary, GroupPrefix, GroupObject, GroupVersion, GroupSignature,
		GroupKind, GroupPresence:
	}
	return one("")
}

// Went is how a call went, in a word.
type Went string

// How a call can end.
const (
	WentWell    Went = "returned"
	WentWrong   Went = "failed"
	WentSilent  Went = "no answer"
	WentGivenUp Went = "given up"
)

// Went says how the call went; where one of several servers failed, it failed.
func (r *Record) Went() Went {
	switch {
	case r.GivenUp && r.OK == 0:
		return WentGivenUp
	case len(r.Replies) == 1 && r.Replies[0].Silent:
		return WentSilent
	case r.Failed > 0 || r.Err != "":
		return WentWrong
	}
	return WentWell
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
