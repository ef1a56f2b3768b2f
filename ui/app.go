package ui

import (
	"io"
	"time"

	"github.com/charmbracelet/bubbles/textarea"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/themes"
	"ioscope/ui/screen"
)

// Options are what an App is made of.
type Options struct {
	// Bus is asked, Inbox is heard.
	Bus   Bus
	Inbox *Inbox
	// BusName is what the bus is called in the config, Buses are those that can be
	// gone to.
	BusName string
	Buses   Buses
	// Runs runs the actions of Interval hosts; nil where nobody listens for them.
	Runs Runs
	// Start is what the explorer was started with.
	Start model.Options
	// Theme gives the colours, Themes are those to choose from.
	Theme  themes.Theme
	Themes []ThemeChoice
	// Keys are the keys; nil for the usual ones.
	Keys *Keymap
	// ASCII draws the program's signs in ASCII.
	ASCII bool
	// Still stops the spinner.
	Still bool
	// NoMouse leaves the mouse to the terminal.
	NoMouse bool
	// Shelf is the folder of saved calls; nil: there is none.
	Shelf Shelf
	// Filters keeps filters by their names; nil: none can be named.
	Filters Filters
	// Histories keeps the calls; nil: they end with the program.
	Histories Histories
	// Keeper remembers what outlives the program; nil: nothing does.
	Keeper Keeper
	// Disk takes what is exported; nil: nothing can be.
	Disk Disk
	// Outside opens texts in other programs; nil: none can be opened.
	Outside Outside
	// Facts are what the program tells of itself.
	Facts []Fact
	// Renderer knows the terminal's colours; default Lip Gloss' own.
	Renderer *lipgloss.Renderer
	// Stuck says why ctrl+z can't suspend; empty when it can.
	Stuck string
	// Clipboard takes text that is copied; nil: copying is off.
	Clipboard Clipboard
	// Bell takes the sign that sounds the terminal's bell; default: it stays silent.
	Bell io.Writer
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// App is the one tea.Model.
type App struct {
	// desk is where one sits: state, asker and what else belongs to one bus.
	*desk
	desks []*desk
	// stopped is when the program was last put to sleep; zero while it runs.
	stopped time.Time
	sleep   sleep
	// joining is true while a bus is being gone to.
	joining bool
	// chosen is the row of the list of buses that the cursor was moved to; -1: none.
	chosen int

	opts    Options
	painter *screen.Painter
	keymap  *Keymap
	lay     layout
	offers  offerDigits
	// shelved tells of the folder of saved calls: whether its page is shown, when it
	// was read, and what was wrong then.
	shelved struct {
		shown bool
		at    time.Time
		said  string
	}
	// pictures are those that were drawn, by size.
	pictures map[pictureSize][]screen.Line

	// hits are the places that can be clicked, as the last frame drew them.
	hits    []hit
	dialogs []dialog
	// dialogAt are the rows of the dialog on top that can be clicked.
	dialogAt rowsOfDialog
	// dialogPress are the buttons of the dialog on top, and the keys in its lower edge.
	dialogPress []dialogButton
	// filtering is true while the filter line of a pane has the keyboard.
	filtering bool
	// finding is true while that line is for finding, which hides nothing.
	finding   bool
	filterOld string
	// line and area are the text cursor: in a field, a filter or a dialog, and
	// in the JSON editor. lineAt and areaAt tell whose text they hold.
	line textinput.Model
	// suggested is true while the text of the line was put there by us, and
	// nothing was done with it yet.
	suggested bool
	lineAt    string
	area      textarea.Model
	areaAt    string
	// split are the lines of the text that linesOf was asked for last.
	split struct {
		text  string
		lines []string
	}
	// pressed is the key that the binding at work was found by.
	pressed string
	// keptAt is when it was looked last whether there is something to keep.
	keptAt time.Time
	// slotAt is where the slot with the keyboard is.
	slotAt rect
	tour   touring
	// wandering is true while one goes through the places where one was.
	wandering bool
	// dragged is the hairline that the mouse has hold of.
	dragged hairline
	// sift is what works on the rows of streams, and the lines for that.
	sift sifting

	// past are the calls of earlier runs, library what is saved.
	past    []*model.Record
	library *model.Library
	// queued is the command of a click that is being worked on.
	queued tea.Cmd

	// named are the filters that have names.
	named []NamedFilter

	dirty bool
	last  string
}

// New returns an App that shows nothing yet.
func New(o Options) *App {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Renderer == nil {
		o.Renderer = lipgloss.DefaultRenderer()
	}
	if o.Keys == nil {
		o.Keys = usualKeys()
	}
	a := &App{
		opts:    o,
		chosen:  -1,
		keymap:  o.Keys,
		painter: screen.NewPainter(palette(o.Theme), o.Renderer, o.ASCII),
		line:    textinput.New(),
		area:    newArea(),
		sift:    newSifting(),
	}
	a.desk = a.newDesk(o.BusName, Joined{o.Bus, o.Inbox, o.Start, o.Runs})
	a.line.Prompt = ""
	a.line.Focus()
	if o.Start.Note != "" {
		a.state.Say(o.Start.Note)
		a.state.Notice.Until = a.state.Now.Add(startNotice)
	}
	return a
}

// startNotice is how long the footer says what is to be said at the start, when there
// is much else to look at.
const startNotice = 15 * time.Second

// Init arms the pump and the clock.
func (a *App) Init() tea.Cmd {
	return tea.Batch(a.listen, a.tick(), a.loadHistory, a.shelf("", nil), a.nameFilter("", nil))
}

// Update takes one message in, and goes on with what was put off.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var was step
	from := a.desk
	if moves(msg) {
		was, a.wandering = a.here(), false
	}
	m, cmd := a.update(msg)
	a.state.Settle()
	a.goOn()
	if moves(msg) {
		a.leaving(from, was)
	}
	switch msg.(type) {
	case batchMsg, heardMsg, tea.KeyMsg, tea.MouseMsg, workMsg, judgedMsg:
		if more := a.later(); more != nil {
			cmd = tea.Batch(cmd, more)
		}
	}
	return m, cmd
}

func (a *App) update(msg tea.Msg) (tea.Model, tea.Cmd) {
	before := a.dirty
	a.dirty = true
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.resize(msg.Width, msg.Height)
		return a, tea.ClearScreen
	case tea.KeyMsg:
		a.state.Tick(a.opts.Now())
		return a, a.keys(msg)
	case tea.MouseMsg:
		a.state.Tick(a.opts.Now())
		return a, a.mouse(tea.MouseEvent(msg))
	case batchMsg:
		return a, a.heard(heardMsg{a.desk, msg})
	case heardMsg:
		a.dirty = before || msg.desk == a.desk || len(a.dialogs) > 0
		return a, a.heard(msg)
	case joinedMsg:
		return a, a.joined(msg)
	case notJoinedMsg:
		a.joining = false
		a.state.Say(msg.name + ": " + msg.err.Error())
	case tickMsg:
		return a, tea.Batch(a.due(), a.keep())
	case workMsg:
	case judgedMsg:
		delete(a.sift.judging, msg.Thing)
		for _, d := range a.desks {
			d.state.Judged(model.Judged(msg))
		}
	case existsMsg:
		a.openDialog(&overDialog{e: model.Export(msg), where: a.opts.Disk.Path(msg.File)})
	case doMsg:
		a.state.Tick(a.opts.Now())
		return a, msg(a)
	case savedMsg:
		a.state.Tick(a.opts.Now())
		a.savedRead(msg)
	case namedMsg:
		a.state.Tick(a.opts.Now())
		a.namedRead(msg)
	case recalledMsg:
		a.recalled(msg)
	case sayMsg:
		a.state.Tick(a.opts.Now())
		a.state.Say(string(msg))
	case editedMsg:
		a.state.Tick(a.opts.Now())
		a.edited(msg)
		return a, a.hold()
	case completedMsg:
		a.completed(msg)
	case ThemesChanged:
		a.themesChanged(msg)
	case tea.ResumeMsg:
		a.woke(true)
		// Bubble Tea brings back all but the mouse.
		return a, tea.Batch(tea.ClearScreen, a.hold())
	default:
		a.dirty = before
	}
	return a, nil
}

// View draws the screen, or returns the last one where nothing changed.
func (a *App) View() string {
	if a.lay.w == 0 {
		return ""
	}
	if a.dirty {
		a.last = a.painter.Paint(a.frame())
		a.dirty = false
	}
	return a.last
}

func (a *App) resize(w, h int) {
	a.lay.w, a.lay.h = w, h
	a.area.SetWidth(max(w, 20))
}

// tickMsg tells that time has gone by.
type tickMsg struct{}

// sayMsg is a sentence for the footer.
type sayMsg string

// doMsg is what has to be done when something outside is ready.
type doMsg func(*App) tea.Cmd

// tick arms the clock: once a second, on the second, so that all that ticks does
// so together; four times a second while something is awaited.
func (a *App) tick() tea.Cmd {
	now := a.opts.Now()
	d := now.Truncate(time.Second).Add(time.Second).Sub(now)
	if a.awaiting() {
		d = now.Truncate(250 * time.Millisecond).Add(250 * time.Millisecond).Sub(now)
	}
	return tea.Tick(d, func(time.Time) tea.Msg { return tickMsg{} })
}

// awaiting reports whether something on the screen shows a running time.
func (a *App) awaiting() bool {
	for _, t := range a.state.Things {
		if t.Phase == model.Asking || runAwaited(t) {
			return true
		}
	}
	return a.state.Conn.State != bus.Live || a.state.Waits() > 0
}

// State returns what the explorer knows, for tests.
func (a *App) State() *model.State { return a.state }
