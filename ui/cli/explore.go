package cli

import (
	"context"
	"fmt"
	"net/url"
	"os"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/spf13/cobra"

	"ioscope/model"
	"ioscope/themes"
	"ioscope/ui"
)

// look is how the explorer is to look.
type look struct {
	theme string
	ascii bool
	still bool
}

func (l *look) register(cmd *cobra.Command) {
	p := cmd.Flags()
	p.StringVar(&l.theme, "theme", "", "`name` of the colours (IOSCOPE_THEME; default: dusk, or paper on a light ground)")
	p.BoolVar(&l.ascii, "ascii", false, "draw signs in ASCII")
	p.BoolVar(&l.still, "reduce-motion", false, "no spinner")
}

// load finds the theme that was asked for, or the one that fits the terminal.
func (l *look) load(env Env) (themes.Theme, error) {
	name := l.theme
	if name == "" {
		name = env.Getenv("IOSCOPE_THEME")
	}
	if name == "" {
		name = themes.DefaultDark
		if env.Getenv("NO_COLOR") == "" && !lipgloss.HasDarkBackground() {
			name = themes.DefaultLight
		}
	}
	t, err := themes.Load(name)
	if err != nil {
		return t, &usageError{err}
	}
	return t, nil
}

// explore opens the explorer and runs it until the person quits.
func explore(ctx context.Context, env Env, f *flags, l *look) error {
	theme, err := l.load(env)
	if err != nil {
		return err
	}
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
	term := env.Getenv("TERM")
	app := ui.New(ui.Options{
		Bus: s, Inbox: inbox, Start: start, Theme: theme,
		ASCII: l.ascii || term == "linux" || term == "dumb", Still: l.still,
		Stuck: cantSuspend(), Clipboard: os.Stdout,
	})
	return show(ctx, app)
}

// begin goes to the bus that was asked for. Where none was, and none runs, it
// starts one with the demo apps.
func (s *session) begin(ctx context.Context) (model.Options, error) {
	if s.flags.asked || s.flags.answers(ctx, s.flags.url) {
		s.open(s.flags.url, nil)
		return model.Options{Name: busName(s.flags.url), URL: s.flags.url, Asked: s.flags.url, User: s.flags.user, ReadOnly: s.flags.readOnly}, nil
	}
	start, err := s.embed(ctx)
	if err != nil {
		return start, fmt.Errorf("start a bus: %w", err)
	}
	return start, nil
}

// show runs the screen. The terminal is given back as it was, whatever happens.
func show(ctx context.Context, app *ui.App) error {
	defer guarded()()
	// Signals end ctx, and that is asked of the program as a key would: a handler
	// of Bubble Tea's own beside it would wait for a program that is already
	// going, and a program that is killed does not wait for who reads its keys.
	p := tea.NewProgram(app, tea.WithoutSignalHandler(),
		tea.WithAltScreen(), tea.WithMouseCellMotion(), tea.WithFPS(30))
	defer context.AfterFunc(ctx, p.Quit)()
	_, err := p.Run()
	return err
}

// busName is what a bus is called in the header when nobody named it.
func busName(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "bus"
	}
	switch host := u.Hostname(); host {
	case "127.0.0.1", "localhost", "::1":
		return "local"
	default:
		return host
	}
}
