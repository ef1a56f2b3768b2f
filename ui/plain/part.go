package plain

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"ioscope/model"
)

// part says what of a value is told: what is at a path, and how many levels of it; 0 for
// all of them.
type part struct {
	path  string
	depth int
}

// readPart takes out of the words what of a value is to be told.
func readPart(words []string) (p part, rest []string, err error) {
	for _, w := range words {
		depth, deep := strings.CutPrefix(w, "depth=")
		switch {
		case deep:
			if p.depth, err = count(depth); err != nil {
				return p, nil, err
			}
		case strings.HasPrefix(w, ".") || strings.HasPrefix(w, "$"):
			p.path = w
		default:
			rest = append(rest, w)
		}
	}
	return p, rest, nil
}

// in is the part of a value; false where there is nothing at the path.
func (p part) in(raw json.RawMessage) (json.RawMessage, bool) {
	if p.path == "" || p.path == "." || p.path == "$" {
		return raw, true
	}
	steps, ok := model.ReadPath("$" + strings.TrimPrefix(p.path, "$"))
	found := steps.In(raw)
	return found, ok && found != nil
}

// tellPart tells a value as an indented list, or the part of it that was asked for.
func (x *explorer) tellPart(p part, raw json.RawMessage) error {
	found, ok := p.in(raw)
	if !ok {
		return problemf("without a path all of it is told, find looks for words", "nothing at %s", p.path)
	}
	for _, line := range indented(found, p.depth) {
		x.say(line)
	}
	return nil
}

// foldedWords tell what is in an object or a list that is not opened.
func foldedWords(row model.TreeRow) string {
	if row.Kind != model.ObjectValue {
		n, _, _ := strings.Cut(strings.TrimPrefix(row.Summary, "["), "]")
		return items(n)
	}
	names := strings.TrimSuffix(strings.TrimPrefix(row.Summary, "{ "), " }")
	names = strings.ReplaceAll(names, "… ", "and ")
	return "object with " + names
}

// showThing tells all of a call or a subscription.
func (x *explorer) showThing(n int, words []string) error {
	k := x.talks[model.ThingID(n)]
	if o := x.numbered(fmt.Sprint(n)); o != nil {
		x.showOffer(o)
		return nil
	}
	if k == nil {
		return problemf("open lists the numbers", "no call or subscription %d", n)
	}
	x.now()
	of, words, err := readPart(words)
	if err != nil {
		return err
	}
	if len(words) > 0 {
		if words[0] != "events" || !k.thing.Stream() {
			return problemf("show 1 events 20 tells the last 20 events of subscription 1, show 1 .client depth=2 a part of a result", "show %d what? %q", n, words[0])
		}
		return x.showEvents(k, words[1:])
	}
	if of != (part{}) && k.thing.Stream() {
		row, err := x.eventOf(k, nil)
		if err != nil {
			return err
		}
		return x.tellPart(of, row.Payload())
	}
	x.say(x.thingLine(k))
	if !k.thing.Stream() {
		for _, a := range k.thing.Results.Answers {
			if a.Pending || a.Err != nil {
				line := "no answer yet"
				if a.Err != nil {
					line = x.answer(k.thing, a)
				}
				x.say("  " + line)
				continue
			}
			x.sayf("%s returned, after %s%s", a.Server.Name(), took(a.Took), misfits(k.thing, a))
			if err := x.tellPart(of, a.Value); err != nil {
				return err
			}
			if of == (part{}) {
				x.allMisfits(k.thing, a)
			}
		}
		if err := k.thing.Err; err != nil {
			x.say("  " + inPlainWords(err.Error()))
		}
		return nil
	}
	if k.thing.Publisher.Name() != "" {
		x.sayf("  publisher: %s", k.thing.Publisher.Name())
	}
	if k.thing.Filter != "" {
		x.sayf("  filter: %s", k.thing.Filter)
	}
	if row, ok := k.thing.Tail.Get(k.thing.Tail.Cursor()); ok {
		x.sayf("  last: %s", x.row(k.thing, &row))
	}
	return nil
}

func (x *explorer) value(raw []byte) {
	for _, line := range indented(raw, 0) {
		x.say(line)
	}
}

// showEvents lists the last events that are kept, each with its number.
func (x *explorer) showEvents(k *talk, words []string) error {
	n := 10
	newest := false
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		newest = newest || w == "newest"
		return w == "newest"
	})
	if len(words) > 0 {
		var err error
		if n, err = count(words[0]); err != nil {
			return err
		}
	}
	tail := k.thing.Tail
	n = min(n, 1000)
	rows := tail.Window(max(tail.Len()-n, 0), n)
	if newest {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	for i := range rows {
		x.sayf("%d, event %d: %s", k.thing.ID, rows[i].N, x.row(k.thing, &rows[i]))
	}
	if len(rows) == 0 {
		x.say(k.name() + ": no events kept")
	}
	return nil
}

// event tells one event as an indented list.
func (x *explorer) event(words []string) error {
	var k *talk
	of, words, err := readPart(words)
	if err != nil {
		return err
	}
	switch len(words) {
	case 0, 1:
		k, _, err = x.one(nil, isStream, "subscription")
	case 2:
		k, words, err = x.one(words, isStream, "subscription")
	default:
		return problemf("event 1 1188 tells event 1188 of subscription 1", "two numbers are wanted")
	}
	if err != nil {
		return err
	}
	tail := k.thing.Tail
	at := tail.Cursor()
	if tail.Following() && tail.Len() > 0 {
		rows := tail.Window(tail.Len()-1, 1)
		at = rows[0].N
	}
	if len(words) == 1 {
		n, err := count(words[0])
		if err != nil {
			return err
		}
		at = uint64(n)
	}
	row, ok := tail.Get(at)
	if !ok {
		return problemf(fmt.Sprintf("show %d events lists those that are kept", k.thing.ID), "event %d is not kept", at)
	}
	if row.GapKind != model.NoGap {
		x.sayf("event %d of %s: %s", row.N, k.name(), x.row(k.thing, &row))
		return nil
	}
	to := "shared"
	if row.Private {
		to = "private to you"
	}
	from := ""
	if srv := x.state.Dir.ByPeer(row.Server); srv != nil {
		from = ", from " + srv.Instance.Name()
	}
	x.sayf("event %d of %s: %s, %s%s, %s", row.N, k.name(), row.At.Format("15:04:05.000"), to, from, model.Bytes(len(row.Data)))
	return x.tellPart(of, row.Data)
}
