package model

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"ioscope/client/bus"
)

// What is kept beside lists and things: watches, and what we offered.

// WatchMemory is a watch.
type WatchMemory struct {
	Method    DefMemory       `json:"method"`
	Args      json.RawMessage `json:"args,omitempty"`
	Target    bus.Target      `json:"target,omitzero"`
	Path      string          `json:"path"`
	Key       string          `json:"key,omitempty"`
	Only      string          `json:"only,omitempty"`
	Every     time.Duration   `json:"every,omitempty"`
	Condition string          `json:"condition,omitempty"`
	Quiet     bool            `json:"quiet,omitempty"`
	Paused    bool            `json:"paused,omitempty"`
}

// OfferMemory is something that we offered, with all that answers by itself.
type OfferMemory struct {
	Method      DefMemory     `json:"method"`
	Rules       []Rule        `json:"rules,omitempty"`
	Timers      []Timer       `json:"timers,omitempty"`
	CloseAfter  time.Duration `json:"close-after,omitempty"`
	CloseReason string        `json:"close-reason,omitempty"`
	Patience    time.Duration `json:"patience,omitempty"`
	Seed        uint64        `json:"seed,omitempty"`
	File        string        `json:"file,omitempty"`
}

// DefMemory is what names a method or a stream.
type DefMemory struct {
	Name         string          `json:"name"`
	Title        string          `json:"title,omitempty"`
	About        string          `json:"about,omitempty"`
	Accepts      string          `json:"accepts,omitempty"`
	Returns      string          `json:"returns,omitempty"`
	Types        []string        `json:"types,omitempty"`
	Version      int             `json:"version,omitempty"`
	Streaming    bool            `json:"streaming,omitempty"`
	Flags        json.RawMessage `json:"flags,omitempty"`
	Restrictions string          `json:"restrictions,omitempty"`
}

func defMemory(d bus.MethodDefinition) DefMemory {
	return DefMemory{d.Name, d.DisplayName, d.Description, d.Accepts, d.Returns, d.ObjectTypes, d.Version, d.Streaming, d.Flags, d.Restrictions}
}

func (m DefMemory) def() bus.MethodDefinition {
	return bus.MethodDefinition{
		Name: m.Name, DisplayName: m.Title, Description: m.About, Accepts: m.Accepts, Returns: m.Returns, ObjectTypes: m.Types,
		Version: m.Version, Streaming: m.Streaming, Flags: m.Flags, Restrictions: m.Restrictions,
	}
}

// Bounds of what is kept.
const (
	watchesKept = 50
	offersKept  = 50
	offerBytes  = 256 << 10
)

// watchMemories are the watches, and those that wait to come back.
func (s *State) watchMemories() []WatchMemory {
	var out []WatchMemory
	for _, w := range s.watches.all {
		m := WatchMemory{
			Method: defMemory(w.Def), Args: w.Args, Target: w.Target, Path: w.Path, Key: w.Key, Only: w.Only,
			Every: w.Every, Condition: w.Condition.Text, Quiet: w.Quiet, Paused: w.Paused,
		}
		// A peer id means nobody after a restart.
		if slices.ContainsFunc(w.Target.Filters, func(f bus.InstanceFilter) bool { return f.PeerID != "" }) {
			m.Target = bus.Target{}
		}
		if len(w.Args) <= argsKept {
			out = append(out, m)
		}
	}
	out = append(out, s.wishedWatches...)
	return out[:min(len(out), watchesKept)]
}

// reviveWatches brings watches back: with their method, or, when the bus has come
// in and has none, to wait for it.
func (s *State) reviveWatches() (effects []Effect) {
	if len(s.wishedWatches) == 0 || s.Conn.State != bus.Live {
		return nil
	}
	settled := s.Now.Sub(s.Conn.LiveSince) > childhood
	rest := s.wishedWatches[:0:0]
	for _, m := range s.wishedWatches {
		def := m.Method.def()
		w := &Watch{
			Method: MethodRow(def), Def: def, Target: m.Target, Args: m.Args, Path: m.Path, Key: m.Key, Only: m.Only,
			Every: m.Every, Quiet: m.Quiet, Paused: m.Paused,
		}
		found := s.bus().Method(w.Method)
		switch {
		case found != nil && !found.Gone():
			w.Def = found.Def
		case !settled:
			rest = append(rest, m)
			continue
		}
		w.Condition, _ = ReadTrigger(m.Condition)
		effects = append(effects, s.AddWatch(w)...)
	}
	s.wishedWatches = rest
	return effects
}

// offerMemories are what we offer, offered or brought back.
func (s *State) offerMemories() []OfferMemory {
	var out []OfferMemory
	for _, o := range s.Serving().Offerings {
		m := OfferMemory{
			Method: defMemory(o.Def), CloseAfter: o.CloseAfter, CloseReason: o.CloseReason,
			Patience: o.Patience, Seed: o.Seed, File: o.File,
		}
		size := 0
		for _, r := range o.Rules {
			r.ID, r.Times = 0, 0
			size += len(r.Value)
			m.Rules = append(m.Rules, r)
		}
		for _, t := range o.Timers {
			if t.To.Subscriber != 0 {
				continue // that subscriber will be nobody
			}
			t.ID, t.Sent, t.Next, t.Err = 0, 0, time.Time{}, ""
			size += len(t.Value)
			m.Timers = append(m.Timers, t)
		}
		if size <= offerBytes && len(out) < offersKept {
			out = append(out, m)
		}
	}
	return out
}

// recallOffers shows what we offered in the run before. It offers nothing: other
// apps would call it, and whoever starts the program may have forgotten it.
func (s *State) recallOffers(list []OfferMemory) {
	for _, m := range list {
		o := s.provide(Provision{
			Def: m.Method.def(), Rules: m.Rules, Timers: m.Timers, CloseAfter: m.CloseAfter, CloseReason: m.CloseReason,
			Patience: cmp.Or(m.Patience, Patience), Seed: m.Seed,
		})
		o.File, o.Standing, o.Kept = m.File, Withdrawn, true
	}
}

// KeptOffers counts what was offered in the run before, and was not since.
func (s *State) KeptOffers() int {
	n := 0
	for _, o := range s.Serving().Offerings {
		if o.Kept {
			n++
		}
	}
	return n
}

// tellKept says once that offers of the run before are not offered.
func (s *State) tellKept() {
	if s.keptTold || s.Conn.State != bus.Live {
		return
	}
	s.keptTold = true
	if n := s.KeptOffers(); n > 0 {
		s.Say(Count(n, "offer") + " of last time " + map[bool]string{true: "is", false: "are"}[n == 1] + " kept, and not offered: {go.serve} shows, {serve.unregister} there offers")
	}
}

// forgetKept lets an offer of the run before go that a new one takes the name of.
func (s *State) forgetKept(name string) {
	for _, o := range slices.Clone(s.Serving().Offerings) {
		if o.Kept && o.Def.Name == name {
			if t := s.ThingOf(o); t != nil {
				s.Close(t)
			}
		}
	}
}
