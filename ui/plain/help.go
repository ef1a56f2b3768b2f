package plain

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"ioscope/model"
)

// help tells the topics, all of a topic, or one command.
func (x *explorer) help(words []string) error {
	tell := func(list []command) {
		for _, c := range list {
			x.say(strings.TrimSpace(c.name+" "+c.args) + ": " + c.does)
		}
	}
	if len(words) == 0 {
		for _, t := range topics {
			var names []string
			for _, c := range t.commands {
				names = append(names, c.name)
			}
			x.sayf("%s: %s: %s", t.name, t.about, strings.Join(names, ", "))
		}
		x.say("help: help COMMAND tells one, help serving and help all tell several")
		x.say("values: name=\"two words\", when=\"tomorrow 09:00\", address.city=Sofia, list=[1,2]")
		x.say("targets: best, all, skipMine, an app's name, or application=/^Calc/,user=ada")
		return nil
	}
	if words[0] == "all" {
		tell(commands())
		return nil
	}
	for _, t := range topics {
		if t.name == words[0] {
			tell(t.commands)
			return nil
		}
	}
	c, err := commandFor(words[0])
	if err != nil {
		return err
	}
	tell([]command{c})
	return nil
}

// names are the names on the bus and of what is ours, for whoever completes a line on
// another goroutine.
type names struct {
	mu sync.Mutex
	// of holds the names by what they are of.
	of map[string][]string
	// fields are those of the methods and streams, by the name in small letters.
	fields map[string][]string
}

// The kinds of names.
const (
	ofMethods  = "methods"
	ofStreams  = "streams"
	ofServers  = "servers"
	ofOffers   = "offers"
	ofPushes   = "own streams"
	ofRequests = "requests"
	ofTopics   = "topics"
	ofSaved    = "saved calls"
	ofBuses    = "buses"
	ofFilters  = "filters"
)

// learnNames tells the completion what names there are.
func (x *explorer) learnNames() {
	if x.away() {
		return // what is completed is where the person is
	}
	of, fields := map[string][]string{}, map[string][]string{}
	add := func(kind, name string) { of[kind] = append(of[kind], name) }
	for _, m := range x.state.Dir.Methods() {
		if m.Gone() {
			continue
		}
		key := strings.ToLower(m.Def.Name)
		for _, p := range model.NewForm(m.Def.Accepts).Signature() {
			fields[key] = append(fields[key], p.Name+"=")
		}
		if m.Streaming() {
			add(ofStreams, m.Def.Name)
		} else {
			add(ofMethods, m.Def.Name)
		}
	}
	for _, s := range x.state.Dir.Servers() {
		add(ofServers, s.Instance.Name())
	}
	for _, o := range x.state.Serving().Offerings {
		add(ofOffers, o.Def.Name)
		if o.Streaming() {
			add(ofPushes, o.Def.Name)
		}
	}
	for _, t := range topics {
		add(ofTopics, t.name)
	}
	for _, name := range x.busNames() {
		add(ofBuses, name)
	}
	for _, d := range x.desks {
		add(ofBuses, x.called(d))
	}
	for _, name := range x.filterNames {
		add(ofFilters, name)
	}
	for _, c := range x.state.Saves().Library.Calls {
		add(ofSaved, c.Path)
	}
	x.names.mu.Lock()
	defer x.names.mu.Unlock()
	x.names.of, x.names.fields = of, fields
}

// ownNames changes with what is ours that is completed.
func (x *explorer) ownNames() string {
	var b strings.Builder
	for _, o := range x.state.Serving().Offerings {
		b.WriteString(o.Def.Name + " ")
	}
	return b.String()
}

// arguments are what may stand behind a command: kinds of names, or words.
type arguments struct {
	kinds []string
	words []string
	// more stand behind the first argument.
	more []string
}

// arranging are the words that order and group a list, panes the lists that they do it
// to.
var (
	arranging = []string{"by=", "sort=name", "sort=traffic", "sort=newest", "reverse", "folded"}
	panes     = map[string]model.Pane{"servers": model.Servers, "methods": model.Methods, "streams": model.Streams, "history": model.History}
)

var completions = map[string]arguments{
	"invoke":     {kinds: []string{ofMethods}, more: []string{"target=", "wait=", "timeout="}},
	"methods":    {kinds: []string{ofMethods}, words: arranging, more: arranging},
	"fill":       {kinds: []string{ofMethods, ofStreams}, more: []string{"target=", "wait=", "timeout="}},
	"edit":       {kinds: []string{ofMethods, ofStreams}, more: []string{"target=", "wait=", "timeout="}},
	"subscribe":  {kinds: []string{ofStreams}, more: []string{"target=", "wait=", "timeout="}},
	"streams":    {kinds: []string{ofStreams}, words: arranging, more: arranging},
	"branches":   {kinds: []string{ofStreams}},
	"compare":    {kinds: []string{ofMethods, ofStreams}},
	"show":       {kinds: []string{ofMethods, ofStreams, ofServers, ofOffers}},
	"help":       {kinds: []string{ofTopics}, words: []string{"all"}},
	"offer":      {words: []string{"method", "stream", "file"}, more: []string{"accepts=", "returns=", "display-name=", "description=", "object-types=", "callers-wait="}},
	"offers":     {kinds: []string{ofOffers}},
	"requests":   {words: []string{"past"}},
	"accept":     {more: []string{"branch="}},
	"accept-all": {kinds: []string{ofPushes}},
	"rule":       {kinds: []string{ofOffers}, more: []string{"when=", "value=", "jq=", "error=", "after=", "branch=", "reject=", "up", "down", "delete"}},
	"push":       {kinds: []string{ofPushes}, more: []string{"branch=", "subscriber="}},
	"timer":      {kinds: []string{ofPushes}, more: []string{"every=", "jq=", "value=", "times=", "branch=", "subscriber=", "stop"}},
	"dismiss":    {kinds: []string{ofPushes}, more: []string{"branch=", "subscriber="}},
	"unregister": {kinds: []string{ofOffers}},
	"register":   {kinds: []string{ofOffers}},
	"watch":      {kinds: []string{ofMethods, ofStreams}, more: []string{"path=", "condition=", "every=", "bell=no"}},
	"watches":    {more: []string{"pause", "resume", "bell", "remove", "condition=", "path=", "every="}},
	"saved":      {words: []string{"show", "run", "delete", "env", "reread"}},
	"columns":    {more: []string{}},
	"latest":     {words: []string{"sort=", "reverse"}, more: []string{"sort=key", "sort=change", "sort=rate", "sort=age", "reverse"}},
	"chart":      {more: []string{"last=1m", "last=5m", "last=15m", "last=1h", "last=all", "of="}},
	"publishers": {more: []string{"hide", "show"}},
	"times":      {words: []string{"clock", "ago", "between"}, more: []string{"clock", "ago", "between"}},
	"event":      {more: []string{"depth="}},
	"tour":       {words: []string{"call", "stream", "stop"}},
	"clear":      {words: []string{"requests"}},
	"servers":    {words: arranging, more: arranging},
	"change":     {kinds: []string{ofOffers}, more: []string{"name=", "accepts=", "returns=", "display-name=", "description=", "object-types=", "callers-wait="}},
	"record":     {words: []string{"stop"}},
	"close":      {kinds: []string{ofOffers}},
	"replay":     {words: []string{"pause", "faster", "slower", "restart", "to"}},
	"best":       {kinds: []string{ofMethods}},
	"reaches":    {kinds: []string{ofMethods, ofStreams}, more: []string{"target="}},
	"forget":     {kinds: []string{ofServers}, words: []string{"all"}},
	"export":     {words: []string{"history", "feed", "branches"}, more: []string{"csv", "shown", "compared", "private", "truth"}},
	"copy":       {more: []string{"arguments", "command", "javascript", "go", "event"}},
	"use":        {more: []string{"event"}},
	"find":       {more: []string{"event"}},
	"history":    {words: []string{"show", "delete", "compare", "save", "by=", "sort=when", "sort=what", "sort=took", "reverse", "folded"}, more: []string{"by=", "sort=when", "sort=what", "sort=took", "reverse", "folded"}},
	"filters":    {words: []string{"use", "save", "delete"}, more: append([]string{"list", "stream", "jq"}, listsFiltered...)},
	"connect":    {kinds: []string{ofBuses}},
	"on":         {kinds: []string{ofBuses}},
	"lint":       {words: []string{"info", "warning", "error"}},
}

// complete returns the words that may stand in place of the last one of a line.
func (x *explorer) complete(line string) []string {
	x.names.mu.Lock()
	defer x.names.mu.Unlock()
	head, last := "", line
	if i := strings.LastIndexByte(line, ' '); i >= 0 {
		head, last = strings.TrimSpace(line[:i]), line[i+1:]
	}
	command, behind, more := strings.Cut(head, " ")
	first, _, _ := strings.Cut(strings.TrimSpace(behind), " ")
	c, err := commandFor(command)
	args := completions[c.name]
	var from []string
	switch {
	case head == "":
		from = commandNames()
	case err != nil:
	case strings.HasPrefix(last, "target="):
		for _, s := range append([]string{"best", "all", "skipMine"}, x.names.of[ofServers]...) {
			from = append(from, "target="+s)
		}
	case strings.HasPrefix(last, "server="):
		for _, s := range x.names.of[ofServers] {
			from = append(from, "server="+s)
		}
	case strings.HasPrefix(last, "by=") && panes[c.name] != model.Workspace:
		keys := last[:strings.LastIndexAny(last, "=,")+1]
		for _, name := range keyNames(panes[c.name]) {
			from = append(from, keys+name)
		}
	case c.name == "offer" && first == "file":
		return x.o.Bus.Complete(last)
	case c.name == "saved" && more && !strings.Contains(behind, " ") && first != "env":
		from = x.names.of[ofSaved]
	case c.name == "filters" && more && !strings.Contains(behind, " ") && first != "save":
		from = x.names.of[ofFilters]
	case more:
		from = append(slices.Clone(args.more), x.names.fields[strings.ToLower(first)]...)
	case c.name == "help":
		from = append(commandNames(), slices.Concat(x.names.of[ofTopics], args.words)...)
	default:
		from = slices.Clone(args.words)
		for _, kind := range args.kinds {
			from = append(from, x.names.of[kind]...)
		}
	}
	var out []string
	for _, s := range from {
		if len(s) >= len(last) && strings.EqualFold(s[:len(last)], last) && !strings.ContainsAny(s, " \"'") {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, cmp.Compare[string])
	return slices.Compact(out)
}
