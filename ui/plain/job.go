package plain

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"ioscope/model"
)

// job is a command of the command line that goes on and asks: the run of an
// action. What is typed is for it, unless a dot stands before it.
type job struct {
	name   string
	cancel context.CancelFunc
	// lines brings it what it asked for. wants is true while it waits for a line, queue
	// are those that were typed before it did.
	lines chan string
	wants bool
	queue []string
	// ended is true once it was told that nothing is typed any more.
	ended bool
}

// Commands runs a command of the command line: its words, what is typed for it,
// and where it writes. The error has been told by then.
type Commands func(ctx context.Context, words []string, in io.Reader, out io.Writer) error

// begin starts a command that may ask.
func begin(name string) func(*explorer, []string) error {
	return func(x *explorer, words []string) error {
		run := x.commands
		if run == nil {
			run = x.o.Commands
		}
		switch {
		case run == nil:
			return problemf("", "%s is not to be had here", name)
		case x.job != nil:
			return problemf(".stop gives it up", "%s goes on", x.job.name)
		case name == "run" && len(words) == 0:
			return problemf("actions lists them", "which action?")
		}
		if why := x.state.Forbids(model.ToRun); why != "" && name == "run" {
			return problemf("", "%s", why)
		}
		ctx, cancel := context.WithCancel(context.Background())
		j := &job{name: name, cancel: cancel, lines: make(chan string, 1)}
		in := &typedIn{job: j, wants: x.jobWants, done: ctx.Done(), secret: x.o.Console.Secret}
		x.job = j
		if name == "run" {
			x.say("run: what is typed now is for it; .stop gives it up, and a dot before any other command does that")
		}
		said, over := x.jobSaid, x.jobOver
		out := &lineWriter{to: said, done: ctx.Done(), turn: signless.Replace}
		words = append([]string{name}, words...)
		if name == "actions" {
			words, out.turn = append(words, "--json"), actionLine
		}
		go func() {
			over <- run(ctx, words, in, out)
		}()
		return nil
	}
}

// typedIn is what is typed for a job, which can say that what comes next is not to be
// seen. It says when a line is wanted, so that none is taken for an answer to nothing.
type typedIn struct {
	job    *job
	wants  chan<- *job
	done   <-chan struct{}
	secret func(bool)
	rest   string
}

// Read implements io.Reader.
func (t *typedIn) Read(b []byte) (int, error) {
	if t.rest == "" {
		select {
		case t.wants <- t.job:
		case <-t.done:
			return 0, io.EOF
		}
		select {
		case line, ok := <-t.job.lines:
			if !ok {
				return 0, io.EOF
			}
			t.rest = line + "\n"
		case <-t.done:
			return 0, io.EOF
		}
	}
	n := copy(b, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// Secret hides what is typed next, or shows it again.
func (t *typedIn) Secret(on bool) { t.secret(on) }

// forJob gives a line to the job that goes on. It is false where the line is a
// command of ours; then the line is returned without its dot.
func (x *explorer) forJob(line string) (string, bool) {
	if x.job == nil {
		return line, false
	}
	if rest, ok := strings.CutPrefix(line, "."); ok {
		return rest, false
	}
	x.job.queue = append(x.job.queue, line)
	x.feedJob()
	return "", true
}

// feedJob gives the job that asks the next line.
func (x *explorer) feedJob() {
	if j := x.job; j.wants && len(j.queue) > 0 && !j.ended {
		j.lines <- j.queue[0]
		j.wants, j.queue = false, j.queue[1:]
	}
}

// endJob tells the end of a job.
func (x *explorer) endJob(err error) {
	name, left := x.job.name, len(x.job.queue)
	x.job.cancel()
	x.job = nil
	x.o.Console.Secret(false)
	if left > 0 { // they are not told: what was typed for it may be a secret
		x.say(name + ": did not ask for " + model.Count(left, "line") + " that was typed; nothing was done with it")
	}
	if err != nil {
		x.sayf("%s: over, not done", name)
		return
	}
	x.say(name + ": over")
}

// lineWriter passes on whole lines, and at once what waits for an answer.
type lineWriter struct {
	to   chan<- string
	done <-chan struct{}
	// turn makes a line of the command line one of ours.
	turn func(string) string
	rest string
}

// Write implements io.Writer.
func (w *lineWriter) Write(b []byte) (int, error) {
	w.rest += string(b)
	for {
		line, rest, ok := strings.Cut(w.rest, "\n")
		if !ok {
			break
		}
		w.pass(line)
		w.rest = rest
	}
	if strings.HasSuffix(w.rest, ": ") {
		w.pass(w.rest)
		w.rest = ""
	}
	return len(b), nil
}

func (w *lineWriter) pass(line string) {
	line = w.turn(strings.TrimRight(line, " "))
	if !says(line) {
		return
	}
	select {
	case w.to <- line:
	case <-w.done:
	}
}

// signless says the signs of the command line in words.
var signless = strings.NewReplacer("✗ ", "wrong: ", "✓ ", "yes: ", "→ ", "to: ", "… ", "goes on: ", "● ", "", "○ ", "")

// actionLine tells an action, or what else a host offers, from its line of JSON.
func actionLine(line string) string {
	var a struct {
		Kind, Slug, Name, Group, Description string
		Unlisted                             bool
	}
	if json.Unmarshal([]byte(line), &a) != nil || a.Slug == "" {
		return signless.Replace(line)
	}
	words := a.Slug + ": " + a.Kind + ", " + a.Name
	if a.Group != "" {
		words += ", in the group " + a.Group
	}
	if a.Unlisted {
		words += ", unlisted"
	}
	if a.Description != "" {
		words += ", " + a.Description
	}
	return words
}
