package model

import (
	"encoding/json"
	"strconv"
)

// HistoryDocument is calls of the history, a line for each reply; a call that nobody
// replied to has one too.
func HistoryDocument(records []*Record) *TableDocument {
	d := &TableDocument{Name: "the history", Heads: []string{
		"call", "time", "bus", "method", "accepts", "returns", "target", "args", "server", "ok", "ms", "value", "error",
	}}
	for _, r := range records {
		targets := "["
		for i, text := range r.Target.Texts() {
			if i > 0 {
				targets += ","
			}
			targets += string(jsonString(text))
		}
		asked := []json.RawMessage{
			jsonString(r.ID), jsonString(r.At.Format(exportTime)), jsonString(r.Bus), jsonString(r.Name), jsonString(r.Accepts), jsonString(r.Returns),
			json.RawMessage(targets + "]"), r.Args,
		}
		add := func(server json.RawMessage, reply Reply) {
			line := append(asked[:len(asked):len(asked)], server, json.RawMessage(strconv.FormatBool(reply.Err == "")),
				json.RawMessage(strconv.FormatInt(reply.Took.Milliseconds(), 10)), reply.Value, nil)
			if reply.Err != "" {
				line[len(line)-1] = jsonString(reply.Err)
			}
			d.Lines = append(d.Lines, line)
		}
		for _, reply := range r.Replies {
			add(jsonString(reply.Server), reply)
		}
		if len(r.Replies) == 0 {
			add(nil, Reply{Err: r.Err, Took: r.Took})
		}
	}
	return d
}

// Changed reports whether a call's method is offered with another signature now, and
// not with the call's any more.
func (s *State) Changed(r *Record) bool {
	if m := s.Dir.Method(r.Method); m != nil && !m.Gone() {
		return false
	}
	return s.offeredOtherwise(r)
}
