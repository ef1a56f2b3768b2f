package cli

import (
	"context"
	"fmt"
	"strings"

	"ioscope/ui"
	lines "ioscope/ui/plain"
)

// explorePlain runs the explorer as lines, which need no terminal.
func explorePlain(ctx context.Context, env Env, f *flags) error {
	log, closeLog, err := f.logger()
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	inbox := ui.NewInbox()
	defer inbox.Close()
	s := newSession(f, inbox, log)
	defer s.Close()
	start, err := s.begin(ctx)
	if err != nil {
		return err
	}
	if words := f.settings.words(); words != "" {
		start.Note = strings.TrimSpace(words + "  " + start.Note)
	}
	err = lines.Run(ctx, lines.Options{
		Bus: s, Inbox: inbox, Start: start, Version: version(), Now: env.Now,
		Console: lines.NewPipe(env.Stdin, env.Stdout, env.IsTerminal()),
	})
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
