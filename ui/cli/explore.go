package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/spf13/cobra"

	"ioscope/model"
	"ioscope/themes"
	"ioscope/ui"
	"ioscope/ui/config"
)

// look is how the explorer is to look.
type look struct {
	theme string
	ascii bool
	// fits lets the terminal decide, where nobody did.
	fits  bool
	still bool
	mouse bool
	// plain is for lines in place of a screen.
	plain bool
	// interval is where hosts of actions are listened for; empty for nowhere but
	// beside a bus of our own.
	interval string
}

func (l *look) register(cmd *cobra.Command) {
	p := cmd.Flags()
	p.StringVar(&l.theme, "theme", "", "`name` of the colours (IOSCOPE_THEME; default: dusk, or paper on a light ground)")
	p.BoolVar(&l.ascii, "ascii", false, "draw signs in ASCII")
	p.StringVar(&l.interval, "interval", "", "`address` to listen at for Interval hosts (IOSCOPE_INTERVAL; default beside a bus of its own: "+defaultInterval+" or the next free port)")
	p.BoolVar(&l.still, "reduce-motion", false, "no spinner")
	p.BoolVar(&l.plain, "plain", false, "lines in place of a screen: for screen readers, plain terminals and pipes (IOSCOPE_PLAIN=1)")
}

// with takes from the config what no flag said.
func (l *look) with(cmd *cobra.Command, s *settings) *look {
	given := cmd.Flags().Changed
	to := *l
	if to.fits = !given("ascii") && !s.ASCII; !given("ascii") {
		to.ascii = s.ASCII
	}
	if !given("reduce-motion") {
		to.still = s.ReduceMotion
	}
	to.mouse = s.Mouse
	return &to
}

// grounds are the themes for dark and for light ground.
func (s *settings) grounds() (dark, light string) {
	return cmp.Or(s.DarkTheme, themes.DefaultDark), cmp.Or(s.LightTheme, themes.DefaultLight)
}

// load finds the theme that was asked for, or the one that fits the terminal. One that
// was asked for now has to be there; one of the config or of another day that can't be
// used is told of, and the next takes its place.
func (l *look) load(env Env, s *settings) (t themes.Theme, note string, err error) {
	if name := cmp.Or(l.theme, env.Getenv("IOSCOPE_THEME")); name != "" {
		t, err = findTheme(s.paths.Themes, name)
		return t, "", err
	}
	dark, light := s.grounds()
	ground := dark
	if env.Getenv("NO_COLOR") == "" && !lipgloss.HasDarkBackground() {
		ground = light
	}
	for _, name := range []string{s.keptTheme(), s.Theme, ground, themes.DefaultDark} {
		if name == "" {
			continue
		}
		if t, err = findTheme(s.paths.Themes, name); err == nil {
			break
		}
		note = cmp.Or(note, err.Error())
	}
	if note != "" {
		note += ". Started with " + t.Name + "."
	}
	return t, note, err
}

// address is where hosts of actions are listened for whatever the bus; empty for
// nowhere.
func (l *look) address(env Env) string { return cmp.Or(l.interval, env.Getenv("IOSCOPE_INTERVAL")) }

// explore opens the explorer and runs it until the person quits.
func explore(ctx context.Context, env Env, f *flags, l *look) error {
	theme, dull, err := l.load(env, f.settings)
	if err != nil {
		return err
	}
	o, err := openBus(ctx, f, l.address(env))
	if err != nil {
		return err
	}
	defer o.Close()
	o.start.Note = strings.TrimSpace(dull + "  " + o.start.Note)
	term := env.Getenv("TERM")
	ascii := l.ascii || term == "linux" || term == "dumb" || l.fits && eastAsian(env.Getenv) && drawsWide()
	kept := &keeper{settings: f.settings}
	named := &buses{flags: f, log: o.log, seen: kept.seen}
	defer named.Close()
	app := ui.New(ui.Options{
		Bell: os.Stdout,
		Bus:  o.session, Runs: o.runs, Inbox: o.inbox, Start: o.start, BusName: f.bus, Buses: named, Theme: theme,
		ASCII: ascii, Still: l.still,
		Stuck: cantSuspend(), Clipboard: newClipboards(env, os.Stdout), Keys: f.settings.keys,
		Themes: allThemes(f.settings.paths.Themes), NoMouse: !l.mouse, Keeper: kept, Facts: f.settings.facts(), Disk: disk{}, Outside: outside{env},
		Histories: keptHistories(f.settings), Shelf: &shelf{folder: callsFolder(f.settings)}, Filters: newFilterFile(f.settings.paths),
	})
	err = show(ctx, app, l.mouse, f.settings.paths.Themes)
	if lost := app.Keep(); lost != nil {
		o.log.Warn("the screen's state is not kept", "err", lost)
	}
	return err
}

// begin goes to the bus that was asked for. Where none was, and none runs, it
// starts one with the demo apps.
func (s *session) begin(ctx context.Context) (model.Options, error) {
	f := s.flags
	start := model.Options{Session: sessionID(), Name: f.name(), URL: f.url, Asked: f.url, User: f.user, ReadOnly: f.readOnly}
	if f.replay.file != "" {
		return s.embedReplay(ctx)
	}
	if f.asked {
		s.open(f.url, nil)
		return start, nil
	}
	if f.bus != config.DemoBus && s.try(ctx, f.url) {
		return start, nil
	}
	start, err := s.embed(ctx)
	if err != nil {
		return start, fmt.Errorf("start a bus: %w", err)
	}
	if f.bus == config.DemoBus {
		// Who asks for the demo takes it at any port; the header has the address.
		start.Note = ""
	}
	return start, nil
}

// show runs the screen. The terminal is given back as it was, whatever happens.
func show(ctx context.Context, app *ui.App, mouse bool, themes string) error {
	defer guarded()()
	// Signals end ctx, and that is asked of the program as a key would: a handler
	// of Bubble Tea's own beside it would wait for a program that is already
	// going, and a program that is killed does not wait for who reads its keys.
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithAltScreen(), tea.WithFPS(30)}
	if mouse {
		options = append(options, tea.WithMouseCellMotion())
	}
	input := &pasteInput{File: os.Stdin}
	redeem := func(_ tea.Model, msg tea.Msg) tea.Msg { return input.redeem(msg) }
	p := tea.NewProgram(app, append(options, tea.WithInput(input), tea.WithOutput(&frames{File: os.Stdout}), tea.WithFilter(redeem))...)
	defer context.AfterFunc(ctx, p.Quit)()
	watching, stop := context.WithCancel(ctx)
	defer stop()
	// Where nothing can be watched, the themes are those of the start.
	_ = watchThemes(watching, themes, func(m ui.ThemesChanged) { p.Send(m) })
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
