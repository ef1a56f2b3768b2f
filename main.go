// Ioscope is an explorer for a live interop bus, in the terminal.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"

	"ioscope/ui/cli"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal asks for a clean end, the second one ends us at once.
	context.AfterFunc(ctx, stop)
	// A reader that left shows as an error of the write, not as our death.
	signal.Ignore(syscall.SIGPIPE)
	return cli.Main(ctx, cli.Env{
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Getenv:     os.Getenv,
		IsTerminal: isTerminal,
		Now:        time.Now,
	}, os.Args[1:])
}

func isTerminal() bool {
	return isatty.IsTerminal(os.Stdin.Fd()) && isatty.IsTerminal(os.Stdout.Fd())
}
