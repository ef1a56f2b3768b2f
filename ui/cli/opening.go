package cli

import (
	"context"
	"log/slog"
	"strings"

	"ioscope/model"
	"ioscope/ui"
)

// opening is what an explorer begins with, drawn or as lines: its bus, and what is
// heard of it.
type opening struct {
	*session
	inbox *ui.Inbox
	log   *slog.Logger
	start model.Options
	ends  []func()
}

// openBus begins an explorer. interval is where hosts of actions are listened for; empty
// for nowhere but beside a bus of our own.
func openBus(ctx context.Context, f *flags, interval string) (_ *opening, err error) {
	log, closeLog, err := f.logger()
	if err != nil {
		return nil, err
	}
	inbox := ui.NewInbox()
	o := &opening{session: newSession(f, inbox, log), inbox: inbox, log: log}
	o.ends = []func(){o.session.Close, f.hooks.Close, inbox.Close, func() { _ = closeLog() }}
	defer func() {
		if err != nil {
			o.Close()
		}
	}()
	if f.hooks != nil {
		f.hooks.say = func(text string) { inbox.Put(model.Told{Text: text}) }
	}
	if interval != "" {
		if _, err := o.runs.listen(interval, true); err != nil {
			return nil, err
		}
	}
	if o.start, err = o.begin(ctx); err != nil {
		return nil, err
	}
	o.start.KeepRows, o.start.KeepBytes, _ = f.settings.keeps()
	if words := f.settings.words(); words != "" {
		o.start.Note = strings.TrimSpace(words + "  " + o.start.Note)
	}
	o.start.Interval = o.runs.address()
	return o, nil
}

// Close ends all that was begun, the bus first.
func (o *opening) Close() {
	for _, end := range o.ends {
		end()
	}
}
