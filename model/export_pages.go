package model

import (
	"encoding/json"
	"strconv"
	"strings"
)

// FeedDocument is what happened on the bus: what is shown, or all that is kept.
func (s *State) FeedDocument(all bool) *TableDocument {
	f := s.feed
	d := &TableDocument{Name: "the feed", Heads: []string{"time", "name", "what", "offers", "note", "pid"}}
	entries := f.entries
	if !all {
		entries = nil
		for _, id := range s.Lists[Feed].Rows() {
			if e := f.Entry(id); e != nil {
				entries = append(entries, e)
			}
		}
	}
	for _, e := range entries {
		line := []json.RawMessage{jsonString(e.At.Format(exportTime)), jsonString(e.Name), jsonString(e.What), nil, nil, nil}
		if len(e.Offers) > 0 {
			line[3] = jsonStrings(e.Offers)
		}
		if e.Note != "" {
			line[4] = jsonString(e.Note)
		}
		if e.PID != 0 {
			line[5] = json.RawMessage(strconv.FormatInt(e.PID, 10))
		}
		d.Lines = append(d.Lines, line)
	}
	return d
}

// GroupsDocument are the subscriptions of a lens, each with the group that it is in
// and how sure that is.
func (l *Lens) GroupsDocument(v *LensView) *TableDocument {
	d := &TableDocument{
		Name:  "branches of " + l.Def.Name,
		Heads: []string{"group", "subscription", "arguments", "since", "private", "verdict", "both", "of"},
	}
	for i, g := range v.Groups {
		for _, m := range g.Members {
			args := m.Args
			if !json.Valid(args) {
				args = nil
			}
			d.Lines = append(d.Lines, []json.RawMessage{
				jsonString(groupName(i)), jsonInt(m.Number), args, jsonString(m.Since.Format(exportTime)),
				jsonInt(m.Private), jsonString(g.Verdict.String()), jsonInt(g.Both), jsonInt(g.All),
			})
		}
	}
	return d
}

// PrivateDocument are the private events of a lens that are shown.
func (l *Lens) PrivateDocument(v *LensView) *TableDocument {
	d := &TableDocument{Name: "private events of " + l.Def.Name, Heads: []string{"time", "group", "subscription", "snapshot", "data"}}
	for _, e := range v.Private {
		line := []json.RawMessage{jsonString(e.At.Format(exportTime)), nil, jsonInt(e.Member), json.RawMessage(strconv.FormatBool(e.Snapshot)), e.Data}
		if i := v.GroupOf(e.Member); i >= 0 {
			line[1] = jsonString(groupName(i))
		}
		d.Lines = append(d.Lines, line)
	}
	return d
}

// TruthDocument are the true branches that a lens knows of.
func (l *Lens) TruthDocument(v *LensView) *TableDocument {
	d := &TableDocument{Name: "true branches of " + l.Def.Name, Heads: []string{"group", "key", "subscribers", "events"}}
	for _, b := range v.Branches {
		line := []json.RawMessage{nil, nil, nil, json.RawMessage(strconv.FormatUint(b.Events, 10))}
		if i := v.Letter(b); i >= 0 {
			line[0] = jsonString(groupName(i))
		}
		if b.KeyKnown {
			line[1] = jsonString(b.Key)
		}
		who := make([]string, len(b.Subscribers))
		for i, sub := range b.Subscribers {
			who[i] = strings.TrimSpace(sub.Name + " " + l.NumberOf(sub.Thing))
		}
		line[2] = jsonStrings(who)
		d.Lines = append(d.Lines, line)
	}
	return d
}

// groupName is the letter of a group, as the lens shows it.
func groupName(i int) string { return string(rune('A' + i%26)) }

func jsonInt(n int) json.RawMessage { return json.RawMessage(strconv.Itoa(n)) }

func jsonStrings(texts []string) json.RawMessage {
	raw, _ := json.Marshal(texts) //nolint:errchkjson // texts always can be
	return raw
}
