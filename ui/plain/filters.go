package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ioscope/model"
	"ioscope/ui"
)

// filters lists the filters that have names, uses one, keeps one or deletes one.
func (x *explorer) filters(words []string) error {
	if x.o.Filters == nil {
		return problemf("", "filters are not kept here")
	}
	if len(words) > 0 {
		switch words[0] {
		case "use":
			return x.named(nil, func(all []ui.NamedFilter) error { return x.useFilter(all, words[1:]) })
		case "save":
			return x.saveFilter(words[1:])
		case "delete":
			return x.named(nil, func(all []ui.NamedFilter) error { return x.deleteFilter(all, words[1:]) })
		}
	}
	return x.named(nil, func(all []ui.NamedFilter) error { x.listFilters(all, words); return nil })
}

// named does something with the file of the filters and reads it anew; then it goes on.
func (x *explorer) named(do func(ui.Filters) error, then func([]ui.NamedFilter) error) error {
	f := x.o.Filters
	x.beside(func() func() {
		var err error
		var all []ui.NamedFilter
		if do != nil {
			err = do(f)
		}
		if err == nil {
			all, err = f.Load()
		}
		return func() {
			x.now()
			if err != nil {
				err = fmt.Errorf("named filters: %w", err)
			} else {
				x.learnFilters(all)
				err = then(all)
			}
			if err != nil {
				x.complain(err)
			}
		}
	})
	return nil
}

// learnFilters tells the completion which filters there are.
func (x *explorer) learnFilters(all []ui.NamedFilter) {
	x.filterNames = nil
	for _, one := range all {
		x.filterNames = append(x.filterNames, one.Name)
	}
	x.learnNames()
}

func (x *explorer) listFilters(all []ui.NamedFilter, words []string) {
	told := 0
	for _, one := range all {
		line := x.filterLine(one)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(strings.ToLower(line), strings.ToLower(w)) }) {
			x.say(line)
			told++
		}
	}
	switch {
	case len(all) == 0:
		x.say("filters: none has a name yet; filters save KIND NAME WORDS names one")
	case told < len(all):
		x.sayf("filters: %d, %d more hidden", told, len(all)-told)
	default:
		x.sayf("filters: %d; filters use NAME uses one", told)
	}
}

// filterLine tells a named filter in one line.
func (x *explorer) filterLine(one ui.NamedFilter) string {
	line := "filter " + one.Name + ": for " + map[ui.FilterKind]string{ui.ListFilter: "lists", ui.StreamFilter: "streams", ui.JQFilter: "streams by jq"}[one.Kind] + ", " + one.Text
	for _, id := range x.order {
		t := x.talks[id].thing
		if on, ok := standingFilters(t)[one.Kind]; ok && on == one.Text {
			line += ", on " + x.talks[id].name()
		}
	}
	return line
}

// standingFilters are what narrows a stream now, by kind.
func standingFilters(t *model.Thing) map[ui.FilterKind]string {
	on := map[ui.FilterKind]string{}
	if t.Stream() && t.Filter != "" {
		on[ui.StreamFilter] = t.Filter
	}
	if t.Stream() && t.Sieve.JQ.Text != "" {
		on[ui.JQFilter] = t.Sieve.JQ.Text
	}
	return on
}

// pickFilter finds a filter by its name, with its kind before it where several have
// the name. It returns the words that are left.
func pickFilter(all []ui.NamedFilter, words []string) (one ui.NamedFilter, rest []string, err error) {
	kind := ui.FilterKind("")
	if len(words) > 1 && slices.Contains(ui.FilterKinds, ui.FilterKind(words[0])) {
		kind, words = ui.FilterKind(words[0]), words[1:]
	}
	if len(words) == 0 {
		return one, nil, problemf("filters lists them", "which filter?")
	}
	var found []ui.NamedFilter
	var names []string
	for _, f := range all {
		names = append(names, f.Name)
		if strings.EqualFold(f.Name, words[0]) && (kind == "" || f.Kind == kind) {
			found = append(found, f)
		}
	}
	switch len(found) {
	case 0:
		return one, nil, problemf(near(words[0], names, "filters lists them; a name with blanks stands in quotes"), "no filter %q", words[0])
	case 1:
		return found[0], words[1:], nil
	}
	return one, nil, problemf("filters use "+string(found[0].Kind)+" "+found[0].Name+" is an example", "%d filters have the name %q", len(found), found[0].Name)
}

// listsFiltered are the commands whose list a filter narrows.
var listsFiltered = []string{"servers", "methods", "streams", "history", "saved", "feed"}

// useFilter narrows a stream, or lists something narrowed.
func (x *explorer) useFilter(all []ui.NamedFilter, words []string) error {
	one, rest, err := pickFilter(all, words)
	if err != nil {
		return err
	}
	if one.Kind == ui.ListFilter {
		if len(rest) == 0 || !slices.Contains(listsFiltered, rest[0]) {
			return problemf("filters use "+typed(one.Name)+" methods is an example", "which list? %s work", strings.Join(listsFiltered, ", "))
		}
		c, err := commandFor(rest[0])
		if err != nil {
			return err
		}
		return c.run(x, append([]string{one.Text}, rest[1:]...))
	}
	k, err := alone(x.stream(rest))
	if err != nil {
		return err
	}
	number := strconv.Itoa(int(k.thing.ID))
	if one.Kind == ui.JQFilter {
		return x.jq([]string{number + " " + one.Text})
	}
	return x.filter([]string{number, one.Text})
}

// typed writes a word as it has to be typed.
func typed(word string) string {
	if strings.ContainsAny(word, " \t") {
		return strconv.Quote(word)
	}
	return word
}

// saveFilter gives a filter a name: words that are typed, or what narrows a
// subscription now.
func (x *explorer) saveFilter(words []string) error {
	const examples = `filters save list mine "user ada", filters save jq cheap .bid < 10, and filters save 4 apples, for what narrows subscription 4, are examples`
	if len(words) < 2 {
		return problemf(examples, "save which filter, under which name?")
	}
	one := ui.NamedFilter{Kind: ui.FilterKind(words[0]), Name: strings.TrimSpace(words[1]), Text: strings.Join(words[2:], " ")}
	if _, err := strconv.Atoi(words[0]); err == nil {
		k, _, err := x.one(words[:1], isStream, "subscription")
		if err == nil {
			err = nothing(words[2:])
		}
		if err != nil {
			return err
		}
		// The one that was made last counts, as on the screen: the expression first.
		on := standingFilters(k.thing)
		for _, kind := range []ui.FilterKind{ui.JQFilter, ui.StreamFilter} {
			if one.Text == "" && on[kind] != "" {
				one.Kind, one.Text = kind, on[kind]
			}
		}
		if one.Text == "" {
			return problemf("filter and jq narrow it", "nothing narrows %s", k.name())
		}
	}
	switch {
	case !slices.Contains(ui.FilterKinds, one.Kind):
		return problemf(examples, "list, stream, jq or a number of open is wanted, not %q", words[0])
	case one.Name == "":
		return problemf(examples, "it needs a name")
	case one.Text == "":
		return problemf(examples, "no words behind the name")
	}
	if one.Kind == ui.JQFilter {
		if wrong := faultOfJQ(one.Text); wrong != "" {
			return problemf("", "%s", wrong)
		}
	} else if _, err := model.ReadFilter(one.Text); err != nil {
		return problemf("word, !word and /regex/ work", "%v", err)
	}
	return x.named(nil, func(all []ui.NamedFilter) error {
		hurts := ""
		for _, old := range all {
			if old.Kind == one.Kind && old.Name == one.Name && old.Text != one.Text {
				hurts = "it is " + old.Text + " now, and is replaced"
			}
		}
		return x.sureIf(hurts, "filter "+one.Name, func() error {
			return x.named(func(f ui.Filters) error { return f.Save(one) }, func([]ui.NamedFilter) error {
				x.say(x.filterLine(one))
				return nil
			})
		})
	})
}

// deleteFilter forgets a filter, after asking.
func (x *explorer) deleteFilter(all []ui.NamedFilter, words []string) error {
	one, err := alone(pickFilter(all, words))
	if err != nil {
		return err
	}
	return x.sureIf("it is "+one.Text, "delete filter "+one.Name, func() error {
		return x.named(func(f ui.Filters) error { return f.Delete(one.Kind, one.Name) }, func([]ui.NamedFilter) error {
			x.say("filter " + one.Name + ": deleted")
			return nil
		})
	})
}

// typedFilter takes the words of a line of filters apart. An expression of jq stays as it
// was typed: its quotes and braces are its own.
func typedFilter(line string) ([]string, error) {
	head := line
	for _, word := range []string{"filters", "save", "jq"} {
		first, rest, _ := strings.Cut(strings.TrimSpace(head), " ")
		if first != word {
			words, err := split(line)
			return words[min(1, len(words)):], err
		}
		head = rest
	}
	name, text := firstWord(head)
	return []string{"save", "jq", name, text}, nil
}

// firstWord takes the first word off a line, with its blanks where it stands in quotes.
func firstWord(line string) (word, rest string) {
	line = strings.TrimSpace(line)
	word, rest, _ = strings.Cut(line, " ")
	if quote := line[:min(1, len(line))]; quote == `"` || quote == "'" {
		if end := strings.Index(line[1:], quote); end >= 0 {
			word, rest = line[1:end+1], line[end+2:]
		}
	}
	return word, strings.TrimSpace(rest)
}
