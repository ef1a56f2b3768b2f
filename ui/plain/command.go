package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sahilm/fuzzy"

	"ioscope/model"
)

// command is something that can be typed.
type command struct {
	name, args, does string
	// other names, which help does not tell.
	other []string
	run   func(x *explorer, words []string) error
	// needs is what must be over before a script's line does it.
	needs need
}

// topic is a part of the commands.
type topic struct {
	name, about string
	commands    []command
}

// topics is the one table of commands. It is filled by init because help, which is
// one of them, reads it.
var topics []topic

func init() { //nolint:gochecknoinits // the table refers to itself: help lists it
	topics = []topic{
		{"looking", "who is on the bus, and the connection", busCommands()},
		{"calling", "invoking methods, and what they returned", callCommands()},
		{"following", "subscribing, and what comes", streamCommands()},
		{"inspecting", "other ways to look at a stream", lookCommands()},
		{"remembering", "what happened, and the bus as it was", pastCommands()},
		{"watching", "values that are watched", watchCommands()},
		{"keeping", "calls that are saved", savedCommands()},
		{"serving", "what you offer yourself", serveCommands()},
		{"program", "help, waiting, the end", programCommands()},
	}
}

// commands are all that can be typed.
func commands() []command {
	var all []command
	for _, t := range topics {
		all = append(all, t.commands...)
	}
	return all
}

func busCommands() []command {
	return []command{
		{"servers", "[WORDS] [by KEY]", "lists the apps on the bus; WORDS narrow, with ! before a word leave out; sort=name, traffic or newest and reverse order; by alone tells what groups there are", nil, lister(model.Servers), needAll},
		{"methods", "[WORDS] [server=NAME] [by KEY]", "lists the methods; by prefix puts them into groups, by server,prefix into groups of groups", nil, lister(model.Methods), needAll},
		{"streams", "[WORDS] [server=NAME] [by KEY]", "lists the streams", nil, lister(model.Streams), needAll},
		{"show", "NAME or NUMBER", "tells all of a method, a stream, an app, a call, a subscription or an offer of yours; show 1 events 20 tells the last 20 events, with newest the other way round; show 1 .client depth=2 a part of a result, and so many levels of it", nil, (*explorer).show, needAll},
		{"compare", "NAME or NUMBER [before]", "tells where the signatures of a name differ, or the answers of the servers to a call; before: against the call before", nil, (*explorer).compare, needAll},
		{"best", "METHOD", "tells which server best takes, and why", nil, (*explorer).best, needAll},
		{"reaches", "METHOD [target=TARGET]", "tells whom a target means now", nil, (*explorer).reaches, needAll},
		{"forget", "NAME or all", "clears what has left from the lists", nil, (*explorer).forget, needAll},
		{"lint", "[SEVERITY]", "tells what is likely to be wrong with what is offered", nil, (*explorer).lint, needAll},
		{"bus", "", "tells the connection and what is on the bus", []string{"status"}, (*explorer).bus, needConnection},
		{"buses", "", "lists the buses where you are, and those that have names", nil, (*explorer).buses, needConnection},
		{"connect", "ADDRESS or NAME", "goes to another bus. What you leave goes on there: what asks for you is told with the bus's name, the rest is counted when you return", nil, (*explorer).connect, needAll},
		{"on", "BUS COMMAND", "does a command on another bus where you were, without going there", nil, (*explorer).on, needInner},
		{"login", "USER", "logs in as somebody else; the password is asked for", nil, (*explorer).logIn, needAll},
		{"retry", "", "tries to connect now", nil, (*explorer).retry, needNothing},
		{"demo", "", "starts the demo apps", nil, (*explorer).demo, needAll},
		{"actions", "", "lists the actions of Interval hosts", nil, begin("actions"), needAll},
		{"run", "ACTION [key=value ...]", "runs an action of an Interval host, which asks in lines", nil, begin("run"), needAll},
	}
}

func callCommands() []command {
	return []command{
		{"invoke", "METHOD [key=value ...] [target=TARGET]", "calls a method; wait=5s and timeout=5s bound the waiting, {...} gives all arguments as JSON", []string{"call"}, asker(false), needAll},
		{"fill", "METHOD, STREAM or REQUEST [target=TARGET]", "asks for each value in a line of its own, says at once what is wrong with it, then calls, subscribes or answers", nil, (*explorer).fill, needRequest},
		{"edit", "[METHOD, STREAM or REQUEST] [target=TARGET]", "opens all values as JSON in your own editor, then calls, subscribes or answers; alone, it opens again what could not be sent. .edit inside of fill opens the value that is asked for", nil, (*explorer).edit, needRequest},
		{"history", "[WORDS] [by KEY]", "lists the calls, the latest first; sort=what or took orders otherwise, by day, outcome, method and others put them into groups. history show NUMBER tells one, delete NUMBER deletes it, compare NUMBER NUMBER compares two, save NUMBER NAME saves one", nil, (*explorer).history, needAll},
		{"repeat", "[NUMBER]", "asks the same again; NUMBER is one of history's, without it the latest", nil, (*explorer).repeat, needAll},
		{"again", "NUMBER [key=value ...]", "asks the same again in its place, or with other arguments; subscribes again", nil, (*explorer).again, needAll},
		{"find", "NUMBER [event EVENT] WORDS", "tells what in a result, or which events, have these words; !word and /regex/ work", nil, (*explorer).find, needAll},
		{"copy", "NUMBER [.PATH, arguments, command, javascript or go]", "copies a value, or what was asked in other words; event EVENT means one of a subscription", nil, (*explorer).copy, needAll},
		{"use", "NUMBER [.PATH] [METHOD]", "lists the methods that take a value, or asks one with it", nil, (*explorer).use, needAll},
		{"export", "WHAT [FILE] [csv]", "writes to a file, as JSON lines or CSV, and never over one unasked. WHAT is a NUMBER (shown: what is told of a stream, compared: the answers side by side), history, feed, or branches STREAM [private or truth]", nil, (*explorer).export, needAll},
		{"record", "[FILE]", "records the bus to a file, for ioscope --replay; record stop ends it", nil, (*explorer).recordBus, needAll},
		{"replay", "[pause, faster, slower, restart or to MOMENT]", "tells how far a recording is that is played again, or does that to it; a moment is 2m30s, +30s, -1m, 50%", nil, (*explorer).replay, needNothing},
		{"reopen", "", "brings back what was put away last", nil, (*explorer).reopen, needAll},
		{"stop", "[NUMBER]", "gives up a call or ends a subscription", nil, (*explorer).stop, needNothing},
		{"open", "", "lists what goes on", nil, (*explorer).open, needNothing},
		{"close", "NUMBER, NAME or over", "puts a call, a subscription or an offer away; over: all calls and subscriptions that are over", nil, (*explorer).close, needOver},
	}
}

func streamCommands() []command {
	return []command{
		{"subscribe", "STREAM [key=value ...] [target=TARGET]", "subscribes to a stream", nil, asker(true), needAll},
		{"hold", "[NUMBER]", "keeps what comes without telling it", []string{"pause"}, (*explorer).hold, needNothing},
		{"resume", "[NUMBER]", "tells again what comes", nil, (*explorer).resume, needAll},
		{"filter", "NUMBER [WORDS]", "tells only events with these words; without words, all again", nil, (*explorer).filter, needAll},
		{"filters", "[WORDS]", "lists the filters that have names. filters use NAME [NUMBER] narrows a subscription by one, filters use NAME methods a list; filters save NUMBER NAME names what narrows a subscription, filters save list, stream or jq NAME WORDS names words; filters delete NAME (asks)", nil, func(x *explorer, _ []string) error {
			words, err := typedFilter(x.typed)
			if err != nil {
				return err
			}
			return x.filters(words)
		}, needAll},
		{"event", "[NUMBER] EVENT", "tells an event as an indented list; the last one without EVENT; .PATH and depth=2 tell a part of it", nil, (*explorer).event, needAll},
		{"unsubscribe", "[NUMBER]", "ends a subscription and keeps its events", nil, (*explorer).stop, needNothing},
		{"join", "[NUMBER]", "asks the publishers that do not send to a subscription to several: who came back, or later", nil, (*explorer).joinOthers, needAll},
		{"branches", "STREAM", "tells which of your subscriptions are on one branch, and why", nil, (*explorer).branches, needAll},
	}
}

func programCommands() []command {
	return []command{
		{"help", "[TOPIC or COMMAND or all]", "tells what can be typed", []string{"?"}, (*explorer).help, needNothing},
		{"tour", "[call or stream]", "leads you through a call, or a stream, step by step; tour stop ends that", nil, (*explorer).lead, needAll},
		{"about", "", "tells what this program is, and where it keeps what", []string{"version"}, (*explorer).about, needNothing},
		{"wait", "[SECONDS]", "waits with the next command, without SECONDS until all calls are answered", nil, (*explorer).pause, needNothing},
		{"quit", "", "ends ioscope", []string{"exit", "bye"}, (*explorer).quit, needAll},
	}
}

// do does what was typed.
func (x *explorer) do(line string) {
	if x.login != "" {
		x.password(line)
		return
	}
	if x.answered(line) {
		return
	}
	line, taken := x.filled(line)
	if !taken {
		line, taken = x.forJob(line)
	}
	if taken {
		return
	}
	x.command(line)
}

// command does a command on the bus that is worked at.
func (x *explorer) command(line string) {
	x.typed = line
	c, words, err := readCommand(line)
	if err == nil {
		err = c.run(x, words)
	}
	if err != nil {
		x.complain(err)
		return
	}
	x.did(c.name)
}

// readCommand takes a line apart. What is empty or a comment is a command that does
// nothing.
func readCommand(line string) (command, []string, error) {
	words, err := split(line)
	if first := strings.Fields(line); len(first) > 0 && slices.Contains(rawCommands, first[0]) {
		words, err = first[:1], nil
	}
	if err != nil {
		return command{}, nil, err
	}
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return command{run: func(*explorer, []string) error { return nil }}, nil, nil
	}
	c, err := commandFor(words[0])
	return c, words[1:], err
}

// rawCommands read what stands behind their name by themselves: quotes and braces are
// theirs.
var rawCommands = []string{"jq", "filters", "on"}

// commandFor finds a command by its name, or by the beginning of one alone.
func commandFor(word string) (command, error) {
	word = strings.ToLower(word)
	var begun []command
	for _, c := range commands() {
		for _, name := range append([]string{c.name}, c.other...) {
			if name == word {
				return c, nil
			}
		}
		if strings.HasPrefix(c.name, word) {
			begun = append(begun, c)
		}
	}
	switch len(begun) {
	case 0:
		return command{}, problemf(near(word, commandNames(), "help lists the commands"), "no command %q", word)
	case 1:
		return begun[0], nil
	}
	names := make([]string, len(begun))
	for i, c := range begun {
		names[i] = c.name
	}
	return command{}, problemf("", "%q may be %s", word, strings.Join(names, " or "))
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// near is the hint to a name that is not there.
func near(word string, names []string, otherwise string) string {
	const most = 60 // no name is longer, and each letter more is tried for
	word = word[:min(len(word), most)]
	found := fuzzy.Find(word, names)
	if len(found) == 0 {
		// What was typed may have a letter too many.
		for cut := len(word) - 1; cut >= 3 && len(found) == 0; cut-- {
			found = fuzzy.Find(word[:cut], names)
		}
	}
	if len(found) == 0 {
		return otherwise
	}
	var near []string
	for _, f := range found[:min(len(found), 3)] {
		near = append(near, f.Str)
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}

// nothing refuses words after a command that takes none.
func nothing(words []string) error {
	if len(words) > 0 {
		return problemf("", "nothing is wanted after it: %q", words[0])
	}
	return nil
}

// alone is what words name, where no more words stand behind it.
func alone[T any](named T, rest []string, err error) (T, error) {
	if err == nil {
		err = nothing(rest)
	}
	return named, err
}

func (x *explorer) logIn(words []string) error {
	if len(words) != 1 {
		return problemf("login ada is an example", "one user is wanted")
	}
	x.login, x.loginAt = words[0], x.desk
	x.o.Console.Secret(true)
	x.sayf("login: type the password of %s, then enter", words[0])
	return nil
}

// password is the line after login.
func (x *explorer) password(line string) {
	user := x.login
	x.login = ""
	x.o.Console.Secret(false)
	x.within(x.loginAt, func() {
		x.state.User = user
		x.run([]model.Effect{model.LogIn{User: user, Password: line}})
	})
}

func (x *explorer) retry(words []string) error {
	x.run([]model.Effect{model.Retry{}})
	return nothing(words)
}

func (x *explorer) demo(words []string) error {
	if why := x.state.Forbids(model.ToStart); why != "" {
		return problemf("", "%s", why)
	}
	x.run([]model.Effect{model.StartDemo{}})
	return nothing(words)
}

func (x *explorer) pause(words []string) error {
	if len(words) == 0 {
		x.idle = true
		return nil
	}
	d, err := model.ParseTimeout(words[0])
	if err != nil {
		return problemf("wait 5 waits five seconds", "%v", err)
	}
	x.wait = x.o.Now().Add(d)
	return nothing(words[1:])
}

func (x *explorer) quit(words []string) error {
	if err := nothing(words); err != nil {
		return err
	}
	hurts := ""
	if x.o.Console.Typed() && x.job != nil && x.job.name == "run" {
		hurts = "the run goes on, and stops with ioscope"
	}
	return x.sureIf(hurts, "quit", func() error {
		x.over = true
		return nil
	})
}

func (x *explorer) bus(words []string) error {
	c := x.state.Conn
	line := fmt.Sprintf("bus: %s, %s, %s", x.state.Name, x.state.URL, c.State)
	if !c.Since.IsZero() {
		line += " for " + model.Elapsed(x.state.Now.Sub(c.Since))
	}
	if c.Err != nil {
		line += ", " + why(c.Err)
	}
	x.say(line)
	servers, methods, streams := x.state.Dir.Counts()
	x.sayf("servers: %d, methods: %d, streams: %d", servers, methods, streams)
	if name := c.Self.Name(); name != "" {
		x.sayf("you: %s, user %s", name, c.Self.User)
	}
	x.sayf("traffic: %s", model.PerSecond(x.state.Traffic.Rate(x.state.Now)))
	return nothing(words)
}

// count reads a number of things.
func count(word string) (int, error) {
	n, err := strconv.Atoi(strings.ReplaceAll(word, ",", ""))
	if err != nil || n < 1 {
		return 0, problemf("", "not a number: %q", word)
	}
	return n, nil
}

// since tells how long ago something was.
func since(now, at time.Time) string { return model.Elapsed(now.Sub(at)) + " ago" }
