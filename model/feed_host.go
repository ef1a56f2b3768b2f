package model

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Interval hosts in the feed: they join, leave and change what they offer, as the
// servers of the bus do.

// hearHost takes in what was heard of a host: it changes the directory of now, and
// remembers what happened.
func (s *State) hearHost(e HostHeard) {
	f, d := s.feed, s.bus()
	peer := hostPeer(e.Host.ID)
	known := d.ByPeer(peer)
	var had []Action
	if known != nil {
		had = known.Host.Actions
	}
	if known == nil && e.Left != "" {
		return
	}
	f.journal.add(e, d)
	d.host(e)
	srv := d.ByPeer(peer)
	switch {
	case e.Left != "":
		f.add(leftEntry(known, e.At, titles(had)))
	case known == nil:
		entry := &FeedEntry{At: e.At, Kind: FeedJoined, Name: e.Host.Name, What: "joined", Server: srv.ID, Host: e.Host.ID, Offers: titles(e.Host.Actions)}
		if e.At.Sub(srv.Since) > farewell { // another bus was left with it
			entry.Kind, entry.What = FeedHere, "was here"
		}
		f.add(entry)
	default:
		f.changed(e, srv, FeedRemoved, "removed", lacking(had, e.Host.Actions))
		f.changed(e, srv, FeedAdded, "added", lacking(e.Host.Actions, had))
	}
}

// changed tells what a host offers more, or no more.
func (f *Chronicle) changed(e HostHeard, srv *Server, kind FeedKind, what string, actions []Action) {
	if len(actions) == 0 {
		return
	}
	words := Number(len(actions)) + " " + what
	if len(actions) == 1 {
		words = "action " + what
		if actions[0].Page {
			words = "page " + what
		}
	}
	f.add(&FeedEntry{At: e.At, Kind: kind, Name: e.Host.Name, What: words, Server: srv.ID, Host: e.Host.ID, Offers: titles(actions), Method: actions[0].row()})
}

// lacking are the actions of one list that another does not have.
func lacking(of, in []Action) []Action {
	return slices.DeleteFunc(slices.Clone(of), func(a Action) bool {
		return slices.ContainsFunc(in, func(b Action) bool { return a.row() == b.row() })
	})
}

func titles(actions []Action) []string {
	out := make([]string, len(actions))
	for i := range actions {
		out[i] = actions[i].Title()
	}
	return out
}

// ranOn tells what was run on the hosts of a name.
func (s *State) ranOn(host string) string {
	n, last := 0, time.Time{}
	names := map[string]bool{}
	for _, t := range s.Things {
		if r, ok := t.Content.(*Run); ok && r.HostName == host && r.Stage > RunForm && !r.Action.Page {
			n++
			names[r.Action.Name] = true
			if r.Started.After(last) {
				last = r.Started
			}
		}
	}
	if n == 0 {
		return "nothing that stands in Open"
	}
	list := slices.Sorted(maps.Keys(names))
	return Count(n, "time") + ", last " + last.Format("15:04:05") + ": " + strings.Join(list, ", ")
}
