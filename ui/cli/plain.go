package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/charmbracelet/x/term"

	"ioscope/ui"
	lines "ioscope/ui/plain"
)

// explorePlain runs the explorer as lines, which need no terminal.
func explorePlain(ctx context.Context, env Env, f *flags, l *look) error {
	o, err := openBus(ctx, f, l.address(env))
	if err != nil {
		return err
	}
	defer o.Close()
	console, editor, restore := openConsole(env)
	defer restore()
	clips := newClipboards(env, env.Stdout)
	clips.dumb = clips.dumb || !env.IsTerminal() // a sequence has no place in a file
	kept := &keeper{settings: f.settings}
	others := &plainBuses{buses{flags: f, log: o.log, seen: kept.seen}, env}
	defer others.Close()
	err = lines.Run(ctx, lines.Options{
		Bus: o.session, Inbox: o.inbox, Start: o.start, Version: version(), Now: env.Now,
		Console: console, Editor: editor, Commands: aside(env, o.runs),
		Shelf: &shelf{folder: callsFolder(f.settings)}, Histories: keptHistories(f.settings), Disk: disk{}, Clipboard: clips, Filters: newFilterFile(f.settings.paths),
		Buses: others, BusName: f.bus, Keeper: kept, Facts: f.settings.facts(),
	})
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// plainBuses goes to buses while others go on. It is lines.Buses.
type plainBuses struct {
	buses
	env Env
}

// Join implements lines.Buses.
func (b *plainBuses) Join(name string) (lines.Joined, error) { return b.joined(b.buses.Join(name)) }

// JoinAt implements lines.Buses.
func (b *plainBuses) JoinAt(address string) (lines.Joined, error) {
	return b.joined(b.joinAt(address))
}

// joined tells beside a bus what runs actions there, where hosts come to it.
func (b *plainBuses) joined(j ui.Joined, err error) (lines.Joined, error) {
	to := lines.Joined{Joined: j}
	if r, ok := j.Runs.(*runs); ok && err == nil && r.address() != "" {
		to.Commands = aside(b.env, r)
	}
	return to, err
}

// aside runs a command beside the lines, with what is typed for it.
func aside(env Env, r *runs) lines.Commands {
	return func(ctx context.Context, words []string, in io.Reader, out io.Writer) error {
		env := env
		env.Stdin, env.Stdout, env.Stderr, env.person, env.runs = in, out, out, true, r
		env.IsTerminal = func() bool { return false }
		if code := Main(ctx, env, words); code != exitFine {
			return fmt.Errorf("ended with %d", code)
		}
		return nil
	}
}

// openConsole takes the terminal's editing and echo over where there is a
// terminal that knows what a backspace is. A dumb one may be an editor's window,
// which edits its lines itself. The editor is nil where none can have the terminal.
func openConsole(env Env) (lines.Console, lines.Editor, func()) {
	in, isFile := env.Stdin.(*os.File)
	if !env.IsTerminal() || !isFile || env.Getenv("TERM") == "dumb" {
		return lines.NewPipe(env.Stdin, env.Stdout, env.IsTerminal()), nil, func() {}
	}
	goodbye := guarded()
	console, editor, restore, err := terminalConsole(env, in)
	if err != nil {
		goodbye()
		return lines.NewPipe(env.Stdin, env.Stdout, true), nil, func() {}
	}
	return console, editor, func() { restore(); goodbye() }
}

// terminalConsole takes over the editing and the echo of a terminal.
func terminalConsole(env Env, in *os.File) (console lines.Console, editor lines.Editor, restore func(), err error) {
	state, err := term.MakeRaw(in.Fd())
	if err != nil {
		return nil, nil, nil, err
	}
	keys := newLentInput(in)
	o := lines.TerminalOptions{In: keys, Out: env.Stdout, Width: func() int {
		if w, _, err := term.GetSize(in.Fd()); err == nil && w > 0 {
			return w
		}
		return 80
	}}
	asItWas := func(do func() error) error {
		_ = term.Restore(in.Fd(), state)
		defer func() { _, _ = term.MakeRaw(in.Fd()) }()
		return do()
	}
	if cantSuspend() == "" {
		o.Suspend = func() { _ = asItWas(func() error { suspend(); return nil }) }
	}
	editor = &lineEditor{env, func(do func() error) error {
		return keys.lend(func() error { return asItWas(do) })
	}}
	return lines.NewTerminal(o), editor, func() { _ = term.Restore(in.Fd(), state) }, nil
}
