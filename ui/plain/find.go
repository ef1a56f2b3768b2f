package plain

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// foundTold is how many hits are told.
const foundTold = 20

// find tells what of a result, of an event or of the events of a stream has some words.
func (x *explorer) find(words []string) error {
	k, rest, err := x.one(words, anything, "call or subscription")
	if err != nil {
		return err
	}
	t := k.thing
	if t.Stream() && len(rest) > 1 && rest[0] == "event" {
		row, err := x.eventOf(k, rest[1:2])
		if err != nil {
			return err
		}
		return x.findIn(fmt.Sprintf("event %d", row.N), row.Payload(), rest[2:])
	}
	sieve, err := model.ReadFilter(strings.Join(rest, " "))
	if err != nil || sieve.Empty() {
		return problemf("find 1 timeout is an example; !word and /regex/ work", "find what? %s", words2(err))
	}
	if !t.Stream() {
		for _, a := range t.Results.Answers {
			if a.Pending || a.Err != nil {
				continue
			}
			if err := x.findIn(a.Server.Name(), a.Value, rest); err != nil {
				return err
			}
		}
		return nil
	}
	x.settle()
	var hits []model.TailRow
	n := 0
	rows := t.Tail.Window(0, t.Tail.Len())
	for i := range rows {
		if rows[i].GapKind == model.NoGap && sieve.Passes(rows[i].Payload()) {
			n++
			hits = append(hits, rows[i])
			hits = hits[max(0, len(hits)-foundTold):]
		}
	}
	for i := range hits {
		x.sayf("%d, event %d: %s", t.ID, hits[i].N, x.row(t, &hits[i]))
	}
	line := fmt.Sprintf("%s: %s with %q", k.name(), model.Count(n, "event"), strings.Join(rest, " "))
	if n > foundTold {
		line += fmt.Sprintf(", the last %d told", foundTold)
	}
	x.say(line)
	return nil
}

func words2(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// findIn tells the places of a value that have some words.
func (x *explorer) findIn(who string, raw json.RawMessage, words []string) error {
	sieve, err := model.ReadFilter(strings.Join(words, " "))
	if err != nil || sieve.Empty() {
		return problemf("", "find what? %s", words2(err))
	}
	tree := model.NewTree(raw, 0)
	tree.OpenAll()
	n := 0
	for _, row := range tree.Rows(0, tree.Len()) {
		if line := model.PathName(row.Path) + ": " + value(row); !row.Foldable && sieve.Passes([]byte(line)) {
			if n++; n <= foundTold {
				x.say(who + ", " + line)
			}
		}
	}
	x.sayf("%s: %s with %q", who, model.Count(n, "value"), strings.Join(words, " "))
	return nil
}

// valueAt is a value of a call or of a subscription: its first answer, or an event. The
// words may name the event, and a path in it. It returns those that are left.
func (x *explorer) valueAt(k *talk, words []string) (raw json.RawMessage, name string, rest []string, err error) {
	t := k.thing
	switch {
	case t.Stream():
		var at []string
		if len(words) > 1 && words[0] == "event" {
			at, words = words[1:2], words[2:]
		}
		row, err := x.eventOf(k, at)
		if err != nil {
			return nil, "", nil, err
		}
		raw, name = row.Payload(), "the event"
	default:
		for _, a := range t.Results.Answers {
			if len(words) > 0 && strings.EqualFold(a.Server.Name(), words[0]) {
				raw, words = a.Value, words[1:]
				break
			}
			if raw == nil && a.Err == nil && !a.Pending {
				raw = a.Value
			}
		}
		if name = "the value"; raw == nil {
			return nil, "", nil, problemf("", "no value here")
		}
	}
	if len(words) > 0 && (words[0][0] == '.' || words[0][0] == '$') {
		path := "$" + strings.TrimPrefix(words[0], "$")
		steps, ok := model.ReadPath(path)
		if found := steps.In(raw); ok && found != nil {
			return found, model.PathName(path), words[1:], nil
		}
		return nil, "", nil, problemf("show tells all of it", "nothing at %s", words[0])
	}
	return raw, name, words, nil
}

// copy copies a value, or what was asked as a command, as JavaScript or as Go.
func (x *explorer) copy(words []string) error {
	k, rest, err := x.one(words, anything, "call or subscription")
	if err != nil {
		return err
	}
	q, text, what := questionOf(k.thing), "", ""
	switch strings.Join(rest, " ") {
	case "command":
		text, what = ui.AsCommand(q, k.thing.Stream(), x.state.Conn.URL), "as a command"
	case "javascript", "JavaScript", "js":
		text, what = ui.AsJavaScript(q, k.thing.Stream(), x.state.Conn), "JavaScript"
	case "go", "Go":
		text, what = ui.AsGo(q, k.thing.Stream(), x.state.Conn), "Go"
	case "arguments":
		text, what = string(q.Args), "the arguments"
	default:
		raw, name, left, err := x.valueAt(k, rest)
		if err == nil {
			err = nothing(left)
		}
		if err != nil {
			return err
		}
		text, what = string(raw), name
	}
	x.run([]model.Effect{model.Copy{Text: text, What: what}})
	return nil
}

// use lists the methods that take a value, or asks one of them with it.
func (x *explorer) use(words []string) error {
	k, rest, err := x.one(words, anything, "call or subscription")
	if err != nil {
		return err
	}
	raw, name, rest, err := x.valueAt(k, rest)
	if err != nil {
		return err
	}
	key := ""
	if !strings.HasPrefix(name, "the ") {
		key = name[strings.LastIndexByte(name, '.')+1:]
	}
	uses := x.state.UsesOf(raw, key)
	if len(uses) == 0 {
		return problemf("", "no method takes this: none declares its type, and none has entries of its names and types")
	}
	if len(rest) == 0 {
		for _, u := range uses[:min(len(uses), foundTold)] {
			x.sayf("%s: %s, %s", u.Method.Def.Name, kind(u.Method), u.Reason)
		}
		x.sayf("use: %s; use %s METHOD asks one with this value, key=value adds to it", model.Count(len(uses), "method"), strings.Join(words, " "))
		return nil
	}
	for _, u := range uses {
		if strings.EqualFold(u.Method.Def.Name, rest[0]) {
			ask := append([]string{rest[0], string(u.Args)}, rest[1:]...)
			return x.ask([]*model.Method{u.Method}, ask)
		}
	}
	return problemf("use without a method lists those that do", "%s does not take this", rest[0])
}

// compareAnswers lays what the servers answered beside each other, or what a call
// returned beside the call before.
func (x *explorer) compareAnswers(words []string) error {
	k, rest, err := x.one(words, func(t *model.Thing) bool { return !t.Stream() }, "call")
	if err != nil {
		return err
	}
	t := k.thing
	before := len(rest) == 1 && rest[0] == "before"
	if !before {
		if err := nothing(rest); err != nil {
			return err
		}
		if len(t.Results.Answers) < 2 {
			return problemf(fmt.Sprintf("compare %d before compares it with the call before", t.ID), "only one server answers this call")
		}
		var columns []model.Column
		for _, a := range t.Results.Answers {
			columns = append(columns, model.Column{Title: a.Server.Name(), Answer: a})
		}
		x.tellCompared(k.name(), model.NewCompared(columns))
		return nil
	}
	switch {
	case t.Record == nil || t.Phase != model.Ended:
		return problemf("", "no answer yet")
	case x.state.Before(t.Record) == nil:
		return problemf("", "no call before with the same method and target")
	}
	server := ""
	if a := t.Results.Current(); a != nil {
		server = a.Server.Name()
	}
	x.tellCompared(k.name(), model.CompareCalls(x.state.Before(t.Record), t.Record, server, x.state.Now))
	return nil
}

// tellCompared tells a comparison: what differs first.
func (x *explorer) tellCompared(name string, c *model.Compared) {
	for _, column := range c.Columns {
		a := column.Answer
		switch {
		case a.Pending:
			x.sayf("%s: no answer yet", column.Title)
		case model.Unreasoned(a.Err) != "":
			x.sayf("%s: failed and %s", column.Title, model.Unreasoned(a.Err))
		case a.Err != nil:
			x.sayf("%s: failed, %s", column.Title, inPlainWords(a.Err.Error()))
		default:
			x.sayf("%s: returned, %s", column.Title, took(a.Took))
		}
	}
	for _, l := range c.Lone {
		x.sayf("%s: was asked in %s of both alone", l.Server, []string{"the earlier", "the later"}[l.Column])
	}
	c.ShowSame = true
	differ := 0
	for _, row := range c.Rows() {
		if !row.Differs {
			continue
		}
		if differ++; differ > 100 {
			continue
		}
		var cells []string
		for i, cell := range row.Cells {
			switch a := c.Columns[i].Answer; {
			case cell != nil:
				cells = append(cells, sentence(cell)+" with "+c.Columns[i].Title)
			case a.Err == nil && !a.Pending:
				cells = append(cells, "missing with "+c.Columns[i].Title)
			}
		}
		x.sayf("  %s: %s", cmp.Or(row.Path, "value"), strings.Join(cells, ", "))
	}
	x.sayf("%s: %s, %s", name, map[bool]string{true: "no value differs", false: differing(differ)}[differ == 0], c.SameWords("value"))
}

// best tells which server a target of best takes, and why.
func (x *explorer) best(words []string) error {
	if len(words) != 1 {
		return problemf("best Addition is an example", "which method?")
	}
	list := x.methods(words[0])
	if len(list) == 0 || len(list[0].Offers) == 0 {
		return problemf("methods lists what there is", "nobody offers %s", words[0])
	}
	for _, m := range list {
		best := ui.BestOf(m)
		if best == nil {
			continue
		}
		var local []string
		for _, o := range m.Offers {
			if o.Server.Instance.Local {
				local = append(local, o.Server.Instance.Name())
			}
		}
		x.sayf("%s: best takes %s", m.Def.Name, best.Instance.Name())
		x.sayf("  1, offers it: %s", strings.Join(offerNames(m.Offers), ", "))
		x.sayf("  2, on this machine: %s", cmp.Or(strings.Join(local, ", "), "none, so that all count"))
		for _, o := range m.Offers {
			if o.Server == best {
				x.sayf("  3, the first to offer: %s, since %s", best.Instance.Name(), model.When(o.Since, x.state.Now))
			}
		}
	}
	return nil
}

// reaches tells whom a target means.
func (x *explorer) reaches(words []string) error {
	if len(words) == 0 {
		return problemf("reaches Addition target=all is an example", "which method?")
	}
	list := x.methods(words[0])
	if len(list) == 0 {
		return problemf("methods and streams list what there is", "nothing on the bus is called %q", words[0])
	}
	o := order{}
	for _, w := range words[1:] {
		if err := o.set("target", strings.TrimPrefix(w, "target=")); err != nil {
			return err
		}
	}
	servers := x.state.Means(list[0].ID, o.target)
	var names []bus.Instance
	for _, s := range servers {
		names = append(names, s.Instance)
	}
	x.sayf("%s to %s: %s", list[0].Def.Name, model.TargetWord(o.target), cmp.Or(nameList(names), "nobody now"))
	return nil
}

func differing(n int) string {
	if n == 1 {
		return "1 value differs"
	}
	return model.Count(n, "value") + " differ"
}
