package plain

import (
	"fmt"
	"slices"
	"strings"

	"ioscope/model"
)

// arrangement is how a list is to be told.
type arrangement struct {
	// words narrow it.
	words []string
	order listOrder
	// by are the keys of its groups, the outermost first; asked is true where it was
	// asked which keys there are.
	by    []model.GroupBy
	asked bool
	// folded tells the groups alone, group is the name of the one that is told.
	folded bool
	group  string
	// most is how many things are told; 0 for all.
	most int
}

// listOrder is an order of a list.
type listOrder struct {
	by      model.SortBy
	reverse bool
}

// readArrangement takes out of the words how a pane is to be ordered and grouped.
func readArrangement(p model.Pane, words []string) (a arrangement, err error) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		key, value, pair := strings.Cut(w, "=")
		switch {
		case w == "reverse":
			a.order.reverse = true
		case w == "folded":
			a.folded = true
		case pair && key == "sort":
			if a.order.by, err = readOrder(p, value); err != nil {
				return a, err
			}
		case pair && key == "group":
			a.group = value
		case (w == "by" || pair && key == "by") && len(model.GroupKeys(p)) > 0:
			n, err := a.readKeys(p, value, words[i+1:])
			if err != nil {
				return a, err
			}
			i += n
		default:
			a.words = append(a.words, w)
		}
	}
	switch {
	case len(a.by) > 0 || a.asked:
	case a.group != "":
		return a, problemf("methods by prefix group=Orders is an example", "group= wants by KEY beside it")
	case a.folded: // a word like any other where nothing is grouped
		a.words, a.folded = append(a.words, "folded"), false
	}
	return a, nil
}

// readKeys reads the keys of groups: those behind by=, or the words that follow by. It
// returns how many of these were taken.
func (a *arrangement) readKeys(p model.Pane, value string, next []string) (taken int, err error) {
	for {
		if value == "" && taken < len(next) {
			value = next[taken]
			taken++
		}
		if value == "" {
			a.asked = true
			return taken, nil
		}
		// Keys of two words may be typed as they are: object type.
		if taken < len(next) && !strings.Contains(value, ",") {
			if _, ok := groupKey(p, value+" "+strings.TrimSuffix(next[taken], ",")); ok {
				value += " " + next[taken]
				taken++
			}
		}
		more := strings.HasSuffix(value, ",")
		for name := range strings.SplitSeq(strings.TrimSuffix(value, ","), ",") {
			by, ok := groupKey(p, name)
			if !ok {
				return taken, problemf(near(name, keyNames(p), "by alone lists the keys; /by/ looks for the word"), "nothing to group %s by: %q", listName(p), name)
			}
			if !slices.Contains(a.by, by) {
				a.by = append(a.by, by)
			}
		}
		if value = ""; !more || taken == len(next) {
			return taken, nil
		}
	}
}

// groupKey finds a key by its words; blanks may be left out or typed as a dash.
func groupKey(p model.Pane, name string) (model.GroupBy, bool) {
	bare := strings.NewReplacer(" ", "", "-", "", "_", "")
	for _, by := range model.GroupKeys(p) {
		if strings.EqualFold(bare.Replace(string(by)), bare.Replace(name)) {
			return by, true
		}
	}
	return "", false
}

// keyNames are the keys of a pane as they are typed.
func keyNames(p model.Pane) []string {
	var names []string
	for _, by := range model.GroupKeys(p) {
		names = append(names, strings.ReplaceAll(string(by), " ", "-"))
	}
	return names
}

// readOrder reads an order of a pane.
func readOrder(p model.Pane, word string) (model.SortBy, error) {
	var names []string
	for by := model.ByName; by <= model.BySince; by++ {
		name := by.String()
		if p == model.History {
			name = model.OrderWord(by)
		}
		if name == word {
			return by, nil
		}
		names = append(names, "sort="+name)
	}
	return 0, problemf(strings.Join(names, ", ")+" work", "not an order: %q", word)
}

// listName is what a list is called in the lines.
func listName(p model.Pane) string { return strings.ToLower(p.String()) }

// oneOf counts what a list has.
func oneOf(p model.Pane, n int) string {
	switch p {
	case model.History:
		return model.Count(n, "call")
	default:
		return model.Count(n, strings.TrimSuffix(listName(p), "s"))
	}
}

// entry is a row of a list that is told: a thing, or the group that it is in.
type entry struct {
	group *model.Group
	// path are the groups that it is in, with itself where it is one.
	path []*model.Group
	id   model.RowID
}

// listed is a list as it was asked for.
type listed struct {
	entries []entry
	// things counts what is listed, once each, hidden what the words leave out, and
	// groups the outermost groups.
	things, hidden, groups int
	fault                  error
}

// arrange lists a pane as it was asked for, and leaves it as it was.
func (x *explorer) arrange(p model.Pane, a arrangement) (out listed) {
	l := &x.state.Lists[p]
	filter, sort, reverse, groups := l.Filter, l.Sort, l.Reverse, l.Groups
	lay := func() {
		if page, ok := x.state.Pages[p].(model.Listed); ok {
			page.Rows(x.state, l)
		}
	}
	set := func(text string) {
		x.state.SetFilter(p, text)
		lay()
	}
	l.Sort, l.Reverse = a.order.by, a.order.reverse
	set(strings.Join(a.words, " "))
	x.state.SetGroups(p, a.by)
	defer func() {
		l.Sort, l.Reverse = sort, reverse
		set(filter)
		x.state.SetGroups(p, groups)
	}()
	out.things, out.hidden, out.fault = l.Len(), l.Hidden(), l.FilterFault()
	var path []*model.Group
	for _, row := range l.Rows() {
		e := entry{group: l.Heading(row), id: l.Thing(row)}
		if g := e.group; g != nil {
			path = append(slices.Clone(path[:g.Depth]), g)
			if g.Depth == 0 {
				out.groups++
			}
		}
		e.path = path
		out.entries = append(out.entries, e)
	}
	return out
}

// tellListed tells a list: thing tells one of what is in it.
func (x *explorer) tellListed(p model.Pane, a arrangement, thing func(model.RowID)) error {
	if a.asked {
		x.tellKeys(p, a)
		return nil
	}
	found := x.arrange(p, a)
	if found.fault != nil {
		return problemf("word, !word and /regex/ work", "%v", found.fault)
	}
	told, things := false, 0
	var groups []string
	for _, e := range found.entries {
		if e.group != nil {
			groups = append(groups, e.group.Name)
		}
		if a.group != "" && !slices.ContainsFunc(e.path, func(g *model.Group) bool { return strings.EqualFold(g.Name, a.group) || g.Words() == a.group }) {
			continue
		}
		told = true
		switch {
		case e.group != nil:
			x.say(x.groupLine(p, e))
		case !a.folded:
			if things++; a.most == 0 || things <= a.most {
				thing(e.id)
			}
		}
	}
	if a.group != "" && !told {
		return problemf(near(a.group, groups, "by KEY folded lists the groups"), "no group %q", a.group)
	}
	what, filter := listName(p), strings.Join(a.words, " ")
	line := fmt.Sprintf("%s: %d", what, found.things)
	switch {
	case found.things == 0 && found.hidden > 0:
		line = fmt.Sprintf("%s: nothing matches %q, %d hidden", what, filter, found.hidden)
	case found.things == 0:
		line = what + ": none" + x.asItWas()
	default:
		if len(a.by) > 0 {
			line += fmt.Sprintf(", in %s by %s", model.Count(found.groups, "group"), keysWords(a.by))
		}
		if found.hidden > 0 {
			line += fmt.Sprintf(", %d more hidden by %q", found.hidden, filter)
		}
		if p != model.History {
			line += x.asItWas()
		}
	}
	if a.most > 0 && things > a.most {
		line += fmt.Sprintf(", %d of them told", a.most)
	}
	x.say(line)
	return nil
}

// keysWords name the keys of groups, the outermost first.
func keysWords(by []model.GroupBy) string {
	names := make([]string, len(by))
	for i, one := range by {
		names[i] = string(one)
	}
	return strings.Join(names, ", then ")
}

// tellKeys tells by what a list can be grouped.
func (x *explorer) tellKeys(p model.Pane, a arrangement) {
	for i, by := range model.GroupKeys(p) {
		a.by = []model.GroupBy{by}
		line := "by " + keyNames(p)[i] + ": "
		if about := by.About(); about != "" {
			line += about + ", "
		}
		x.say(line + model.Count(x.arrange(p, a).groups, "group"))
	}
	x.sayf("%s: by KEY groups them, by KEY,KEY one in another; folded tells the groups alone, group=NAME one of them", listName(p))
}

// groupLine tells a group in one line: what it is in, its name, how many are in it and
// what goes on in it.
func (x *explorer) groupLine(p model.Pane, e entry) string {
	names := make([]string, len(e.path))
	for i, g := range e.path {
		names[i] = groupWords(g)
	}
	line := strings.Join(names, ", ") + ": " + oneOf(p, len(e.group.Members))
	if more := x.groupState(p, e.group.Members); more != "" {
		line += ", " + more
	}
	return line
}

// groupWords name a group with its key, in words alone.
func groupWords(g *model.Group) string {
	if g.Name == "" {
		return "no " + string(g.By)
	}
	name := g.Name
	switch g.By {
	case model.GroupSignature:
		name = strings.ReplaceAll(name, " → ", ", returns ")
	case model.GroupPrefix:
		name = strings.ReplaceAll(name, " › ", ", ")
	default:
	}
	return string(g.By) + " " + name
}

// groupState tells what goes on in a group.
func (x *explorer) groupState(p model.Pane, members []model.RowID) string {
	if p == model.History {
		return x.outcomes(members)
	}
	in := make(map[model.RowID]bool, len(members))
	gone, rate := 0, 0.0
	for _, id := range members {
		in[id] = true
		switch s, m := x.state.Dir.Server(id), x.state.Dir.Method(id); {
		case p == model.Servers && s != nil:
			rate += s.Traffic.Rate(x.state.Now)
			if s.Gone() {
				gone++
			}
		case p != model.Servers && m != nil && m.Gone():
			gone++
		}
	}
	var parts []string
	switch {
	case gone == len(members):
		parts = append(parts, "all gone")
	case gone > 0:
		parts = append(parts, model.Number(gone)+" gone")
	}
	subs, asking := 0, 0
	for _, t := range x.state.Things {
		switch {
		case p == model.Servers || !in[t.Method] || t.Content != nil:
		case t.Phase == model.Running:
			subs++
			rate += t.Rate(x.state.Now)
		case t.Phase == model.Asking:
			asking++
		}
	}
	if subs > 0 {
		parts = append(parts, model.Count(subs, "subscription"))
	}
	if asking > 0 {
		parts = append(parts, model.Number(asking)+" asked")
	}
	if rate > 0 {
		parts = append(parts, model.PerSecond(rate))
	}
	return strings.Join(parts, ", ")
}

// outcomes tells how the calls of a group went, where one did not go well.
func (x *explorer) outcomes(members []model.RowID) string {
	n := map[model.Went]int{}
	for _, id := range members {
		if r := x.state.Recorded(string(id)); r != nil {
			n[r.Went()]++
		}
	}
	var parts []string
	for _, how := range []model.Went{model.WentWrong, model.WentSilent, model.WentGivenUp} {
		if n[how] > 0 {
			parts = append(parts, model.Number(n[how])+" "+string(how))
		}
	}
	return strings.Join(parts, ", ")
}
