package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"ioscope/client/bus"
	"ioscope/model"
)

// filling is a form that is filled in line by line.
type filling struct {
	desk *desk
	sheet
	// sig is what is filled in, pairs are the values so far, blanks what is still to be
	// asked, the next one first.
	sig    bus.Signature
	pairs  []string
	blanks []blank
	// before are the fillings before each answer, for going back.
	before []filling
}

// sheet is what is filled in: its name, the command that takes all of it in a line, its
// signature, and what was sent the last time, nil for nothing. send sends values, each
// key=value, or all of them as JSON.
type sheet struct {
	what, whole, accepts string
	was                  []byte
	send                 func(values []string) error
}

// blank is a value that is asked for.
type blank struct {
	path  string
	param bus.Param
	// item is which item of an array is asked for, from 0.
	item int
}

// fill asks for each value in a line of its own.
func (x *explorer) fill(words []string) error {
	if len(words) == 0 {
		return problemf("fill Addition is an example; fill 3 answers request 3", "fill what in?")
	}
	s, err := x.sheetOf(words, "fill")
	if err != nil {
		return err
	}
	f := &filling{desk: x.desk, sheet: s}
	f.sig, err = bus.ParseSignature(s.accepts)
	if err != nil {
		return problemf(s.whole+" {...} takes JSON", "%s", inPlainWords(model.SignatureFault("accepts", s.accepts, err)))
	}
	for _, p := range f.sig {
		f.blanks = append(f.blanks, blank{path: p.Name, param: p})
	}
	if len(f.blanks) > 0 {
		x.sayf("fill: %s, a value a line. An empty line leaves out what is optional; .back asks again for the one before, .stop gives up, and a dot before any other command does that", s.what)
	}
	x.form = f
	return x.askNext()
}

// sheetOf finds what is filled in: the method or stream of a name, or the answer to the
// request of a number.
func (x *explorer) sheetOf(words []string, verb string) (sheet, error) {
	what := words[0]
	if _, err := strconv.Atoi(what); err == nil {
		in, err := alone(x.openRequest(words, false, verb+" 3"))
		if err != nil {
			return sheet{}, err
		}
		return sheet{what: "the answer to request " + what, whole: "answer " + what, accepts: in.Of.Def.Returns, send: func(values []string) error {
			return x.answerRequest(append([]string{what}, values...))
		}}, nil
	}
	m, more, err := x.fillable(what, words[1:])
	if err != nil {
		return sheet{}, err
	}
	s := sheet{what: m.Def.Name, whole: map[bool]string{true: "subscribe ", false: "invoke "}[m.Streaming()] + typed(m.Def.Name), accepts: m.Def.Accepts, send: func(values []string) error {
		return x.ask([]*model.Method{m}, slices.Concat([]string{m.Def.Name}, values, more))
	}}
	if old := x.state.Calls(m.ID, 1); len(old) > 0 {
		s.was = old[0].Args
	}
	return s, nil
}

// fillable finds the method or stream that is filled in, and how it is to be asked.
func (x *explorer) fillable(name string, words []string) (*model.Method, []string, error) {
	for _, w := range words {
		key, _, _ := strings.Cut(strings.TrimPrefix(w, "@"), "=")
		if !slices.Contains(reserved, key) {
			return nil, nil, problemf("the values are asked for; target=, wait= and timeout= may stand here", "not understood: %q", w)
		}
	}
	stream := false
	found := x.methods(name)
	if len(found) > 0 {
		stream = found[0].Streaming()
	}
	list, err := x.offered(name, stream)
	if err != nil {
		return nil, nil, err
	}
	if why := x.state.Forbids(model.ToInvoke); why != "" && !stream {
		return nil, nil, problemf("", "%s", why)
	}
	return list[0], words, nil
}

// askNext asks for the next value, or sends all of them.
func (x *explorer) askNext() error {
	f := x.form
	for len(f.blanks) > 0 {
		b := f.blanks[0]
		if p := b.param; p.Kind == bus.Composite && len(p.Fields) > 0 && !p.Array && !p.Optional {
			f.open(b.path)
			continue
		}
		x.say(x.question(f, b))
		return nil
	}
	x.form = nil
	return f.send(f.pairs)
}

// open asks for the parts of a composite in its place.
func (f *filling) open(path string) {
	b := f.blanks[0]
	var parts []blank
	for _, p := range b.param.Fields {
		parts = append(parts, blank{path: path + "." + p.Name, param: p})
	}
	f.blanks = append(parts, f.blanks[1:]...)
}

// parts reports whether a value is asked for part by part.
func (b blank) parts() bool { return b.param.Kind == bus.Composite && len(b.param.Fields) > 0 }

// question asks for a value: its name, its type and what may be typed.
func (x *explorer) question(f *filling, b blank) string {
	p := b.param
	line := b.path + ": "
	switch {
	case p.Array && b.parts() && b.item == 0:
		line += "list of objects; yes adds one, an empty line adds none"
	case p.Array && b.parts():
		line += "one more? yes adds it, an empty line ends the list"
	case p.Array && b.item == 0:
		line += "list of " + p.Kind.String() + ", one a line; an empty line ends it"
	case p.Array:
		line += fmt.Sprintf("item %d, or an empty line", b.item+1)
	case b.parts():
		line += "object; yes fills it in, an empty line leaves it out"
	case !p.Scalar():
		line += p.Kind.String() + ", as JSON"
	case p.Kind == bus.DateTime:
		line += "date; now, tomorrow 09:00 and in 2 h work"
	default:
		line += p.Kind.String()
	}
	if b.item == 2 {
		line += "; " + listHelp // from here on there is something to move
	}
	if b.item > 0 {
		return line
	}
	if p.Optional {
		line += ", optional"
	}
	if p.Description != "" {
		line += ", " + p.Description
	}
	if was := f.last(b); was != "" {
		line += ", last time " + was + "; = takes that"
	}
	return line
}

// last is what a value was the last time, as it is typed; empty where it was nothing, or
// is asked for part by part.
func (f *filling) last(b blank) string {
	raw := f.lastRaw(b)
	if len(raw) == 0 || len(raw) > payloadChars {
		return ""
	}
	if text := strings.Trim(string(raw), `"`); bus.JSONType(raw) == "string" && text != "" && !strings.ContainsAny(text, `\#`) {
		return text
	}
	return string(raw)
}

// lastRaw is what a value was the last time; nil for nothing.
func (f *filling) lastRaw(b blank) []byte {
	steps, ok := model.ReadPath("$." + b.path)
	if f.was == nil || !ok || b.param.Array || b.parts() {
		return nil
	}
	return steps.In(f.was)
}

// filled takes a line as the value that was asked for. It is false where the line is a
// command; then it is returned without its dot.
func (x *explorer) filled(line string) (string, bool) {
	f := x.form
	if f == nil {
		return line, false
	}
	if rest, dotted := dottedCommand(line); dotted {
		verb, words, ok := ofForm(rest)
		if !ok {
			return rest, false
		}
		x.within(f.desk, func() {
			x.now()
			if err := x.inForm(f, verb, words); err != nil {
				x.complain(err)
				x.say(x.question(f, f.blanks[0]))
			}
		})
		return "", true
	}
	x.within(f.desk, func() {
		x.now()
		if err := x.takeValue(strings.TrimSpace(line)); err != nil {
			x.complain(err)
		}
	})
	return "", true
}

// dottedCommand is a command with a dot before it, which a value never has.
func dottedCommand(line string) (string, bool) {
	rest, dot := strings.CutPrefix(line, ".")
	return rest, dot && rest != "" && unicode.IsLetter(rune(rest[0]))
}

// ofForm reports whether a command with a dot is for the form itself. Stop, back and edit
// are so alone: with words behind them they are commands like any other.
func ofForm(line string) (verb string, words []string, ok bool) {
	words = strings.Fields(line)
	switch verb = words[0]; verb {
	case "stop", "back", "edit":
		return verb, nil, len(words) == 1
	case "items", "move", "remove":
		return verb, words[1:], true
	}
	return verb, words[1:], false
}

// inForm does what concerns the form itself.
func (x *explorer) inForm(f *filling, verb string, words []string) error {
	switch verb {
	case "stop":
		x.form = nil
		x.say("fill: given up, nothing was sent")
		return nil
	case "back":
		x.fillBack(f)
		return nil
	case "edit":
		return x.editValue(f)
	}
	return x.listVerb(f, verb, words)
}

// keepBefore keeps the form as it is, for going back.
func (f *filling) keepBefore() {
	f.before = append(f.before, filling{pairs: slices.Clone(f.pairs), blanks: slices.Clone(f.blanks)})
}

// fillBack goes back to the value before.
func (x *explorer) fillBack(f *filling) {
	if n := len(f.before); n > 0 {
		old := f.before[n-1]
		f.pairs, f.blanks, f.before = old.pairs, old.blanks, f.before[:n-1]
	}
	x.say(x.question(f, f.blanks[0]))
}

// takeValue takes a value.
func (x *explorer) takeValue(text string) error {
	f := x.form
	b := f.blanks[0]
	was := filling{pairs: slices.Clone(f.pairs), blanks: slices.Clone(f.blanks)}
	yes := strings.EqualFold(text, "yes") || strings.EqualFold(text, "y")
	if last := f.last(b); text == "=" && last != "" {
		text = last
	}
	wrong := func(what string) error {
		hint := ""
		if first, _ := firstWord(text); slices.Contains(commandNames(), first) {
			hint = "with a dot before it, ." + first + " is a command"
		}
		x.complain(problemf(hint, "%s", what))
		x.say(x.question(f, b))
		return nil
	}
	switch {
	case text == "" && b.param.Array && !b.param.Optional && b.item == 0:
		f.pairs = append(f.pairs, b.path+"=[]")
		f.blanks = f.blanks[1:]
	case text == "" && (b.param.Array || b.param.Optional):
		f.blanks = f.blanks[1:]
	case text == "":
		return wrong(b.path + ` is needed; for an empty text type ""`)
	case b.parts() && !yes:
		return wrong(`yes or an empty line is wanted, not "` + text + `"`)
	case b.parts() && b.param.Array:
		path := fmt.Sprintf("%s[%d]", b.path, b.item)
		more := b
		more.item++
		f.blanks = slices.Concat([]blank{b, more}, f.blanks[1:])
		f.open(path)
	case b.parts():
		f.open(b.path)
	default:
		path := b.path
		if b.param.Array {
			path = fmt.Sprintf("%s[%d]", b.path, b.item)
		}
		if text == `""` && b.param.Kind == bus.String {
			text = ""
		}
		pair := path + "=" + text
		if _, err := bus.FromPairs(f.sig, true, append(slices.Clone(f.pairs), pair), x.o.Now()); err != nil {
			return wrong(inputWords(err))
		}
		f.pairs = append(f.pairs, pair)
		if b.param.Array {
			f.blanks[0].item++
		} else {
			f.blanks = f.blanks[1:]
		}
	}
	f.before = append(f.before, was)
	return x.askNext()
}
