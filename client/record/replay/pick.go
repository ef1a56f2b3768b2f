package replay

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"ioscope/client/bus"
)

// maxCompared is how many different arguments are looked at for the nearest ones.
const maxCompared = 2000

// found is an answer that fits, and how well.
type found struct {
	*answer
	// note says what is not as it was asked; empty for nothing.
	note string
}

// answerTo finds what an application answered to arguments. It is false where nobody
// was asked.
func (r *Recording) answerTo(method string, who *actor, asked json.RawMessage, now time.Duration) (found, bool) {
	all := r.calls[strings.ToLower(method)]
	hash := r.hash(asked)
	own := slices.DeleteFunc(slices.Clone(all), func(a *answer) bool { return a.from != who.key() })
	for _, of := range [][]*answer{own, all} {
		same := slices.DeleteFunc(slices.Clone(of), func(a *answer) bool { return a.hash != hash })
		nearest, exact := latest(same, now), true
		if nearest == nil {
			nearest, exact = r.nearest(of, asked, now), false
		}
		if nearest == nil {
			continue
		}
		var notes []string
		if !exact {
			notes = append(notes, "for "+clip(nearest.raw))
		}
		if nearest.from != who.key() {
			notes = append(notes, "of "+nearest.name)
		}
		f := found{answer: nearest}
		if len(notes) > 0 {
			f.note = "a recording: this was the answer " + strings.Join(notes, ", ")
		}
		return f, true
	}
	return found{}, false
}

// latest is the last answer before the moment, else the first.
func latest(all []*answer, now time.Duration) *answer {
	if len(all) == 0 {
		return nil
	}
	best := all[0]
	for _, a := range all {
		if a.at <= now {
			best = a
		}
	}
	return best
}

// nearest is the answer to those arguments that have most in common with these.
func (r *Recording) nearest(all []*answer, asked json.RawMessage, now time.Duration) *answer {
	want := leaves(asked)
	scores := map[uint64]float64{}
	var best uint64
	top := -1.0
	for _, a := range all {
		if _, known := scores[a.hash]; known || a.raw == nil && len(scores) > 0 || len(scores) == maxCompared {
			continue
		}
		scores[a.hash] = likeness(want, leaves(a.raw))
		if scores[a.hash] > top {
			top, best = scores[a.hash], a.hash
		}
	}
	return latest(slices.DeleteFunc(slices.Clone(all), func(a *answer) bool { return a.hash != best }), now)
}

// likeness is 1 for the same leaves, and 0 for none that is shared. A leaf of the
// same name with another value counts for something.
func likeness(a, b map[string]string) float64 {
	if len(a) == 0 && len(b) == 0 {
		return 1
	}
	const sameName = 0.25
	shared := 0.0
	for path, value := range a {
		switch have, ok := b[path]; {
		case ok && have == value:
			shared++
		case ok:
			shared += sameName
		}
	}
	return shared / float64(max(len(a), len(b)))
}

// leaves are the values of a document by their paths.
func leaves(raw json.RawMessage) map[string]string {
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, one := range v {
				walk(bus.JoinPath(path, key), one)
			}
		case []any:
			for i, one := range v {
				walk(bus.IndexPath(path, i), one)
			}
		default:
			out[path] = fmt.Sprint(v)
		}
	}
	if len(raw) > 0 {
		walk("", bus.Decode(raw))
	}
	return out
}

// keep makes arguments comparable, and keeps them as long as there is room.
func (x *indexer) keep(raw json.RawMessage) args {
	a := args{hash: x.hash(raw)}
	if x.argBytes += len(raw); x.argBytes <= maxArgs {
		a.raw = raw
	}
	return a
}

// hash is the same for arguments that say the same.
func (r *Recording) hash(raw json.RawMessage) uint64 {
	if len(raw) == 0 || string(raw) == "null" {
		raw = json.RawMessage("{}")
	}
	plain, err := json.Marshal(bus.Decode(raw))
	if err != nil {
		plain = raw
	}
	return maphash.Bytes(r.seed, plain)
}

// subscriptionTo finds what an application made of a subscription with arguments.
func (r *Recording) subscriptionTo(stream string, who *actor, with json.RawMessage, now time.Duration) *asked {
	hash := r.hash(with)
	var best *asked
	for _, s := range r.streams[strings.ToLower(stream)] {
		if s.hash == hash && (s.from == who.key() || s.from == "") && (best == nil || s.at <= now) {
			best = s
		}
	}
	return best
}

// sameAsked is subscriptionTo with the arguments of another; nil where the
// application did not accept it.
func (r *Recording) sameAsked(stream string, who *actor, as *asked, now time.Duration) *asked {
	var best *asked
	for _, s := range r.streams[strings.ToLower(stream)] {
		if s.hash == as.hash && s.from == who.key() && s.refused == nil && (best == nil || s.at <= now) {
			best = s
		}
	}
	return best
}

// noSubscription says why a subscription can't be served.
func (r *Recording) noSubscription(stream string, who *actor) string {
	var with []string
	for _, s := range r.streams[strings.ToLower(stream)] {
		if text := clip(s.raw); s.from == who.key() && s.refused == nil && !slices.Contains(with, text) {
			with = append(with, text)
		}
	}
	const enough = 5
	switch {
	case len(with) == 0:
		return fmt.Sprintf("this is a recording, and nobody subscribed to %s of %s in it", stream, who.instance.Name())
	case len(with) > enough:
		with = append(with[:enough], fmt.Sprintf("%d more", len(with)-enough))
	}
	return fmt.Sprintf("this is a recording, and %s was subscribed to with other arguments: %s", stream, strings.Join(with, ", "))
}

// clip makes arguments short enough for a sentence.
func clip(raw json.RawMessage) string {
	const most = 120
	text := []rune(string(raw))
	if len(text) == 0 {
		return "{}"
	}
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
