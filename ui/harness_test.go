package ui

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/themes"
)

// harness is an App without a terminal and without a bus: the test presses the
// keys, plays the bus and turns the clock.
type harness struct {
	t    testing.TB
	app  *App
	bus  *fakeBus
	box  *Inbox
	now  time.Time
	bell bytes.Buffer
	clip bytes.Buffer
	runs fakeRuns
	// asked are the questions that the App asked, the oldest first.
	asked []*asking
	quit  bool
	// suspended counts how often the App wanted to be suspended.
	suspended int
	// hasty puts drawing off until somebody looks or presses a key, and stale is
	// true while it is put off.
	hasty, stale bool
}

// setting is how a harness is made. Its zero value is a bus in true colour.
type setting struct {
	start model.Options
	// plain takes the colours away, ascii the signs.
	plain, ascii bool
	// theme is the name of the colours; default dark.
	theme  string
	w, h   int
	keys   *Keymap
	keeper Keeper
}

// bornAt is when the App of a harness starts.
var bornAt = time.Date(2026, time.November, 21, 13, 51, 18, 0, time.UTC)

func newHarness(t testing.TB, s setting) *harness {
	t.Helper()
	theme, err := themes.Load(cmp.Or(s.theme, themes.DefaultDark))
	if err != nil {
		t.Fatal(err)
	}
	if s.start.URL == "" {
		s.start = model.Options{Name: "demo bus", URL: "ws://127.0.0.1:8385/gw3", Asked: "ws://127.0.0.1:8385/gw3", User: "dev"}
	}
	if s.w == 0 {
		s.w, s.h = 120, 40
	}
	h := &harness{t: t, bus: &fakeBus{asked: make(chan *asking)}, box: NewInbox(), now: bornAt}
	profile := termenv.TrueColor
	if s.plain {
		profile = termenv.Ascii
	}
	renderer := lipgloss.NewRenderer(io.Discard)
	renderer.SetColorProfile(profile)
	h.app = New(Options{
		Bus: h.bus, Runs: &h.runs, Inbox: h.box, Start: s.start, Theme: theme, ASCII: s.ascii, Keys: s.keys, Keeper: s.keeper,
		Renderer: renderer, Clipboard: OSC52{Out: &h.clip}, Now: func() time.Time { return h.now },
	})
	h.box.Close() // the test empties it, so the App need not wait for it
	h.resize(s.w, s.h)
	h.app.opts.Bell = &h.bell
	t.Cleanup(h.end)
	return h
}

// end lets everything that is still being asked go.
func (h *harness) end() {
	h.app.quit()
	for _, q := range h.asked {
		if q.err != nil {
			select {
			case q.err <- context.Canceled:
			default:
			}
			h.await(q)
		}
	}
	// The runner keeps the cleanups of parallel tests, and so this, to its very end.
	h.app, h.bus, h.box, h.asked = nil, nil, nil, nil
}

// fakeBus hands every question to the test.
type fakeBus struct {
	asked     chan *asking
	retries   int
	logins    []string
	connected []string
	demos     int
	// served are the effects that concern our own offers.
	served []model.ServeEffect
	files  []string
	// demoErr is what starting the demo says.
	demoErr error
}

// asking is a question on its way. The test answers it with sent, returned, on,
// and at last with harness.finish.
type asking struct {
	Question
	stream   bool
	ctx      context.Context
	sent     func([]bus.Instance)
	returned func(bus.Return)
	on       func(bus.Event)
	// err takes what the bus says at last; nil once it has.
	err  chan error
	done chan tea.Msg
	// ended is closed when the subscription was ended.
	ended chan struct{}
	// joins counts how often others were asked into it, and joinErr is what comes of it.
	joins   int
	joinErr error
}

// Invoke waits until the test lets it go.
func (b *fakeBus) Invoke(ctx context.Context, q Question, sent func([]bus.Instance), returned func(bus.Return)) error {
	a := &asking{Question: q, ctx: ctx, sent: sent, returned: returned, err: make(chan error, 1)}
	b.asked <- a
	return a.wait()
}

// Subscribe waits until the test lets it go.
func (b *fakeBus) Subscribe(ctx context.Context, q Question, on func(bus.Event)) (Subscription, error) {
	a := &asking{Question: q, stream: true, ctx: ctx, on: on, err: make(chan error, 1), ended: make(chan struct{})}
	b.asked <- a
	if err := a.wait(); err != nil {
		return nil, err
	}
	return a, nil
}

// Close ends a subscription.
func (a *asking) Close() error {
	close(a.ended)
	return nil
}

// Join counts, and says what the test put there.
func (a *asking) Join(context.Context) ([]bus.Instance, error) {
	a.joins++
	return nil, a.joinErr
}

func (a *asking) wait() error {
	select {
	case err := <-a.err:
		return err
	case <-a.ctx.Done():
		return a.ctx.Err()
	}
}

func (b *fakeBus) Retry() { b.retries++ }
func (b *fakeBus) LogIn(user, password string) {
	b.logins = append(b.logins, user+":"+password)
}
func (b *fakeBus) Connect(url string) { b.connected = append(b.connected, url) }
func (b *fakeBus) StartDemo() error   { b.demos++; return b.demoErr }

func (b *fakeBus) Serve(e model.ServeEffect) func() error {
	b.served = append(b.served, e)
	return nil
}
func (b *fakeBus) Complete(string) []string { return b.files }

// update gives the App a message and draws, as Bubble Tea does after each.
func (h *harness) update(msg tea.Msg) {
	switch msg.(type) {
	case tea.KeyMsg, tea.MouseMsg:
		h.draw()
		_, cmd := h.app.Update(msg)
		h.app.View()
		h.exec(cmd)
		return
	default:
	}
	_, cmd := h.app.Update(msg)
	if h.stale = h.hasty; !h.stale {
		h.app.View()
	}
	switch msg.(type) {
	case doMsg, batchMsg, workMsg, judgedMsg:
		h.exec(cmd)
	case heardMsg:
		h.exec(cmd)
	case tickMsg:
		// The first arms the clock, which the test turns.
		if due, ok := cmd().(tea.BatchMsg); ok {
			for _, cmd := range due[1:] {
				h.exec(cmd)
			}
		}
	default:
	}
}

// draw makes up for a drawing that was put off.
func (h *harness) draw() {
	if h.stale {
		h.stale = false
		h.app.View()
	}
}

// exec runs a command until it is over, or until it has asked the bus.
func (h *harness) exec(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	select {
	case q := <-h.bus.asked:
		q.done = done
		h.asked = append(h.asked, q)
	case msg := <-done:
		h.took(msg)
	}
}

func (h *harness) took(msg tea.Msg) {
	switch msg := msg.(type) {
	case heardMsg:
		h.update(msg)
	case tea.BatchMsg:
		for _, cmd := range msg {
			h.exec(cmd)
		}
	case tea.QuitMsg:
		h.quit = true
	case tea.SuspendMsg:
		h.suspended++
	case completedMsg, doMsg, sayMsg, savedMsg, batchMsg, workMsg, judgedMsg, existsMsg, joinedMsg, notJoinedMsg, namedMsg, editedMsg:
		h.update(msg)
	}
}

// question is the latest question.
func (h *harness) question() *asking {
	h.t.Helper()
	if len(h.asked) == 0 {
		h.t.Fatal("nothing was asked")
	}
	return h.asked[len(h.asked)-1]
}

// finish ends a question: an invocation is over, a subscription stands or,
// with an error, does not.
func (h *harness) finish(q *asking, err error) {
	h.t.Helper()
	q.err <- err
	h.await(q)
	h.flush()
}

func (h *harness) await(q *asking) {
	h.t.Helper()
	select {
	case <-q.done:
		q.err = nil
	case <-time.After(20 * time.Second):
		h.t.Fatal("a command did not end")
	}
}

// flush delivers what waits in the inbox.
func (h *harness) flush() {
	select {
	case <-h.box.wake:
	default:
	}
	h.update(batchMsg(h.box.take()))
}

// hear delivers what a bus would tell.
func (h *harness) hear(events ...bus.Event) {
	for _, e := range events {
		h.box.Hear(e)
	}
	h.flush()
}

// at turns the clock to a time of the day.
func (h *harness) at(clock string) {
	h.t.Helper()
	c, err := time.Parse("15:04:05.000", clock)
	if err != nil {
		h.t.Fatal(err)
	}
	y, m, d := bornAt.Date()
	h.now = time.Date(y, m, d, c.Hour(), c.Minute(), c.Second(), c.Nanosecond(), time.UTC)
	h.update(tickMsg{})
}

// pass lets time go by.
func (h *harness) pass(d time.Duration) {
	h.now = h.now.Add(d)
	h.update(tickMsg{})
}

func (h *harness) resize(w, height int) { h.update(tea.WindowSizeMsg{Width: w, Height: height}) }

// keyTypes are Bubble Tea's keys by their names.
var keyTypes = func() map[string]tea.KeyType {
	m := map[string]tea.KeyType{}
	for k := tea.KeyType(-120); k < 128; k++ {
		if name := (tea.Key{Type: k}).String(); name != "" && k != tea.KeyRunes {
			if _, ok := m[name]; !ok {
				m[name] = k
			}
		}
	}
	return m
}()

// keyMsg is the message of a key: a name of Bubble Tea's, or one character.
func keyMsg(name string) (tea.KeyMsg, error) {
	if name == " " || name == "space" {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}, nil
	}
	bare, alt := strings.CutPrefix(name, "alt+")
	if k, ok := keyTypes[bare]; ok {
		return tea.KeyMsg{Type: k, Alt: alt}, nil
	}
	if r := []rune(bare); len(r) == 1 {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: r, Alt: alt}, nil
	}
	return tea.KeyMsg{}, errors.New("no such key: " + name)
}

// press presses keys by their names.
func (h *harness) press(names ...string) {
	h.t.Helper()
	for _, name := range names {
		msg, err := keyMsg(name)
		if err != nil {
			h.t.Fatal(err)
		}
		h.update(msg)
	}
}

// write types a text, character by character.
func (h *harness) write(text string) {
	h.t.Helper()
	for _, r := range text {
		h.press(string(r))
	}
}

func (h *harness) click(x, y int) {
	h.update(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
}

// clickOn clicks on the first place where the text stands.
func (h *harness) clickOn(text string) {
	h.t.Helper()
	for y, line := range h.lines() {
		if i := strings.Index(line, text); i >= 0 {
			h.click(ansi.StringWidth(line[:i]), y)
			return
		}
	}
	h.t.Fatalf("%q is not on the screen:\n%s", text, h.text())
}

func (h *harness) wheel(x, y int, down bool) {
	button := tea.MouseButtonWheelUp
	if down {
		button = tea.MouseButtonWheelDown
	}
	h.update(tea.MouseMsg{X: x, Y: y, Button: button, Action: tea.MouseActionPress})
}

// text is the screen without colours.
func (h *harness) text() string {
	h.t.Helper()
	h.draw()
	text := ansi.Strip(h.app.View())
	for _, m := range inBraces.FindAllStringSubmatch(text, -1) {
		if h.app.keymap.has(m[1]) {
			h.t.Errorf("%s stands for a key and was drawn as it is:\n%s", m[0], text)
		}
	}
	return text
}

// inBraces finds what a sentence says in place of a key.
var inBraces = regexp.MustCompile(`\{([a-z]+\.[a-z-]+)\}`)

func (h *harness) lines() []string { return strings.Split(h.text(), "\n") }

// shows fails unless all the texts are on the screen.
func (h *harness) shows(texts ...string) {
	h.t.Helper()
	screen := h.text()
	for _, s := range texts {
		if !strings.Contains(screen, s) {
			h.t.Errorf("%q is not on the screen:\n%s", s, screen)
		}
	}
}

// hides fails if one of the texts is on the screen.
func (h *harness) hides(texts ...string) {
	h.t.Helper()
	screen := h.text()
	for _, s := range texts {
		if strings.Contains(screen, s) {
			h.t.Errorf("%q is on the screen:\n%s", s, screen)
		}
	}
}

// method finds a method or stream by its name; of several signatures the one
// that is not marked as drift.
func (h *harness) method(name string) *model.Method {
	h.t.Helper()
	for _, m := range h.app.state.Dir.Methods() {
		if m.Def.Name == name && !m.Drift {
			return m
		}
	}
	h.t.Fatalf("the bus has no %s", name)
	return nil
}

// server finds a server by its name.
func (h *harness) server(name string) *model.Server {
	h.t.Helper()
	st := h.app.state
	for _, id := range st.Lists[model.Servers].Rows() {
		if s := st.Dir.Server(id); s.Instance.Name() == name {
			return s
		}
	}
	h.t.Fatalf("the bus has no server %s", name)
	return nil
}

// ask opens a form, fills it and sends it, without the keyboard.
func (h *harness) ask(name string, target bus.Target, args string) *asking {
	h.t.Helper()
	before := len(h.asked)
	t := h.app.state.OpenForm(h.method(name), target)
	t.Form.Fill([]byte(args))
	h.exec(h.app.run(h.app.state.Send(t)))
	if len(h.asked) == before {
		h.t.Fatalf("%s was not asked: %v", name, t.Wrong)
	}
	return h.question()
}
