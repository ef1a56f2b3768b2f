package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ioscope/ui/plain/hush"
)

// Env is the world that a command runs in. All fields are needed.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Getenv looks up an environment variable; empty means not set.
	Getenv func(string) string
	// IsTerminal tells whether there is a terminal to draw on and to read keys from.
	IsTerminal func() bool
	// Now is the clock by which texts such as "tomorrow 09:00" are read.
	Now func() time.Time
	// person is true where a person answers at Stdin although it is no terminal.
	person bool
	// runs listens for hosts already; nil where a command has to do that itself.
	runs *runs
}

// Main runs one command and returns its exit code, one of those in exit.go.
// args are without the program's name. Ending ctx ends the command cleanly,
// whatever it is doing.
func Main(ctx context.Context, env Env, args []string) int {
	hush.Lift()
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil || readerGone(err) {
		return exitFine
	}
	report(env.Stderr, err)
	return exitCode(err)
}

// newRoot makes the command tree.
func newRoot(env Env) *cobra.Command {
	f, l := &flags{}, &look{}
	root := &cobra.Command{
		Use:   "ioscope",
		Short: "An explorer for a live interop bus",
		Long: "ioscope opens an explorer on a live interop bus (gw3, as Glue42 and io.Connect speak it),\n" +
			"with a bus of its own when none runs. The commands do the same without a screen.\n\n" +
			"With --replay it opens a recording: the recorded applications are there again, as they were then.",
		Example: "  ioscope\n" +
			"  ioscope gateway --demo\n" +
			"  ioscope --replay day.jsonl --speed 4\n" +
			"  ioscope invoke Addition a=2 b=3 --target all\n" +
			"  ioscope subscribe MarketData.Prices symbol=AAPL --json\n" +
			"  ioscope serve accounts.yaml",
		Args:                       noArgs,
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return open(cmd, env, f, l) },
	}
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SetFlagErrorFunc(misused)
	root.CompletionOptions.DisableDefaultCmd = true
	root.Version = version()
	root.SetVersionTemplate("ioscope {{.Version}}\n")
	f.register(root, env)
	l.register(root)
	f.replay.register(root)
	_ = root.RegisterFlagCompletionFunc("bus", completeNames(func() []string { return readSettings(env).busNames() }))
	_ = root.RegisterFlagCompletionFunc("theme", completeNames(func() []string { return readSettings(env).themeNames() }))
	root.AddCommand(
		newGateway(env, f),
		newPasswd(env),
		newServers(env, f),
		newMethods(env, f),
		newStreams(env, f),
		newLint(env, f),
		newInvoke(env, f),
		newCall(env, f),
		newSubscribe(env, f),
		newRecord(env, f),
		newServe(env, f),
		newMCP(env, f),
		newConfig(env, f),
		newActions(env, f),
		newRun(env, f),
		newDemoHost(env, f),
		newCompletion(env),
		newMan(env),
		newVersion(env),
		newWatch(env),
	)
	return root
}

// open opens the explorer, or says why it can't.
func open(cmd *cobra.Command, env Env, f *flags, l *look) error {
	if err := f.replay.check(cmd); err != nil {
		return err
	}
	if l.plain || !cmd.Flags().Changed("plain") && yes(env.Getenv("IOSCOPE_PLAIN")) {
		return explorePlain(cmd.Context(), env, f, l)
	}
	if !env.IsTerminal() {
		return withHint(usagef("no terminal here"),
			"ioscope servers, methods, streams, invoke and subscribe work without one, and so does ioscope --plain")
	}
	if env.Getenv("TERM") == "dumb" {
		printLines(env.Stderr, "hint: ", "ioscope --plain tells all in lines that this terminal can show")
	}
	return explore(cmd.Context(), env, f, l.with(cmd, f.settings))
}

// misused is wrong usage of cmd, with a word on where its usage is told.
func misused(cmd *cobra.Command, err error) error {
	return withHint(&usageError{err}, cmd.CommandPath()+" --help shows how")
}

func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case !cmd.HasSubCommands():
		return misused(cmd, fmt.Errorf("%s takes no arguments: %q", cmd.Name(), args[0]))
	}
	err := fmt.Errorf("no command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return withHint(&usageError{err}, "did you mean "+strings.Join(near, " or ")+"?")
	}
	return misused(cmd, err)
}

// oneName wants the name of a method or a stream first; what follows are pairs.
func oneName(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 && args[0] != "" {
			return nil
		}
		return misused(cmd, errors.New("which "+what+"? its name is missing"))
	}
}
