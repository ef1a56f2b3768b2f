package model

import (
	"slices"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// Stage is how far a run has come.
type Stage int

// The stages of a run, or of a page.
const (
	// RunForm: its parameters are being filled in.
	RunForm Stage = iota
	// RunStarting: nothing was heard of it yet.
	RunStarting
	// RunWorking: the action works, or the page is open.
	RunWorking
	// RunAsking: the action waits for an answer.
	RunAsking
	// RunLost: the connection to its host ended.
	RunLost
	// RunEnded: see Result and Err.
	RunEnded
)

// Progress is what an action says about how far it is.
type Progress struct {
	Label, Description string
	// Queue and Done count items; nil when nothing is counted.
	Queue, Done *int
	// Since is when this progress began, for the estimate.
	Since time.Time
}

// Left estimates how long the rest takes; false when that can't be told.
func (p *Progress) Left(now time.Time) (time.Duration, bool) {
	if p.Queue == nil || p.Done == nil || *p.Done <= 0 || *p.Queue <= *p.Done {
		return 0, false
	}
	spent := now.Sub(p.Since)
	return time.Duration(float64(spent) / float64(*p.Done) * float64(*p.Queue-*p.Done)), spent > 0
}

// Share is how much is done, from 0 to 1; false when nothing is counted.
func (p *Progress) Share() (float64, bool) {
	if p.Queue == nil || p.Done == nil || *p.Queue <= 0 {
		return 0, false
	}
	return min(max(float64(*p.Done)/float64(*p.Queue), 0), 1), true
}

// LogLine is a line of a run's log.
type LogLine struct {
	Index int
	Text  string
	At    time.Time
}

// Remark is something that happened beside the steps: a notification, a redirect.
type Remark struct {
	At   time.Time
	Text string
	// Target is where it leads; nil for nowhere.
	Target *schema.Target
	// Step is before how many steps it stands.
	Step int
}

// Step is a render of a run, with what a person made of it.
type Step struct {
	Render *schema.Render
	Fields []*RunField
	// Waits means that it wants an answer, Answered that it has one.
	Waits, Answered bool
	// Choice is the value of the button that was pressed.
	Choice string
	// Error is what is wrong with the answer as a whole.
	Error string
	// uploads counts the files that are still on their way, before the answer is.
	uploads int
	sending bool
	tried   bool // by the repetition of an earlier run
	// complaint is what was said when it could not be sent as it was.
	complaint string
}

// Open reports whether the step waits for an answer.
func (s *Step) Open() bool { return s.Waits && !s.Answered }

// Sending reports whether its files are on their way.
func (s *Step) Sending() bool { return s.sending }

// Run is an action that goes on or is over, or a page that is open. It is the
// content of a row of Open.
type Run struct {
	Action Action
	// Host is the process that runs it, HostName how it is called.
	Host, HostName string
	// Ref is the transaction, or the key of the page; empty before it started.
	Ref    string
	Params schema.Record
	User   string

	Stage   Stage
	Started time.Time
	Over    time.Time
	LostAt  time.Time
	// Held says that a step was answered while the host was away: the answer waits.
	Held    bool
	Steps   []*Step
	Loading *Progress
	// Logs are sorted by index. Dropped counts lines that were too many at once.
	Logs    []LogLine
	Dropped int
	Remarks []Remark
	// Err says why it could not be started, or opened.
	Err    error
	Result *schema.Result
	// Data is what the action returned, as a tree; nil for nothing.
	Data *Tree
	// Late is what a canceled action returned after all.
	Late *schema.Result
	// Layout is the page as it is drawn; nil before.
	Layout *schema.Layout
	Drawn  bool

	// At is the stop that has the keyboard.
	At RunStop
	// Scroll is how many lines the view is above its end.
	Scroll int
	// ShowLog gives the log the whole pane.
	ShowLog bool

	// given is what a menu or a link put into the form: it is no form for another row.
	given string
	// again are the steps of an earlier run whose answers are given anew.
	again []*Step
	// queued is its place in the queue of those that hosts want to be run.
	queued string
	gen    int
	id     ThingID
}

// Going reports whether the run goes on, so that ending it would lose something.
func (r *Run) Going() bool {
	return !r.Action.Page && r.Stage > RunForm && r.Stage < RunEnded
}

// Title implements Ongoing.
func (r *Run) Title() string { return r.Action.Name }

// ask is the step that waits for the person and was asked last, or nil.
func (r *Run) ask() *Step {
	for _, s := range slices.Backward(r.Steps) {
		if s.Open() {
			return s
		}
	}
	return nil
}

// Asks is how many steps there are that want or wanted an answer.
func (r *Run) Asks() int {
	n := 0
	for _, s := range r.Steps {
		if s.Waits {
			n++
		}
	}
	return n
}

func (r *Run) step(key string) *Step {
	for _, s := range r.Steps {
		if s.Render.InputGroupKey == key {
			return s
		}
	}
	return nil
}

// OpenAction opens the form of an action's parameters, or a page.
func (s *State) OpenAction(m *Method, params schema.Record) []Effect {
	if s.notThen() {
		return nil
	}
	host := ""
	if len(m.Offers) > 0 {
		host = m.Offers[len(m.Offers)-1].Server.Host.ID
	}
	if m.Action.Page {
		return s.openPage(m, host, params)
	}
	for _, t := range s.Things {
		if r, ok := t.Content.(*Run); ok && r.Stage == RunForm && r.Action.row() == m.ID && params == nil && r.given == "" {
			s.show(t)
			return nil
		}
	}
	r := s.newRun(*m.Action, host)
	r.given = writeParams(params)
	r.Steps = []*Step{paramStep(params)}
	r.At = RunStop{0, len(r.Steps[0].Fields)}
	return nil
}

func (s *State) newRun(a Action, host string) *Run {
	r := &Run{Action: a, Host: host, HostName: s.hostName(host), User: s.User}
	t := s.OpenThing(r)
	r.id = t.ID
	return r
}

func (s *State) openPage(m *Method, host string, params schema.Record) []Effect {
	for _, t := range s.Things {
		if r, ok := t.Content.(*Run); ok && m.Action.Page && r.Action.row() == m.ID && r.Stage == RunWorking && len(params) == 0 && len(r.Params) == 0 {
			s.show(t)
			return nil
		}
	}
	r := s.newRun(*m.Action, host)
	r.Params = params
	return r.start(s)
}

// paramLabel is the label of the one field of a start form.
const paramLabel = "Parameters"

func paramStep(params schema.Record) *Step {
	text := writeParams(params)
	return newStep(&schema.Render{InputGroupKey: "start", Components: []schema.Component{{
		Label: paramLabel, Optional: true, Props: &schema.InputText{
			Multiline: true, Lines: max(3, strings.Count(text, "\n")+2), DefaultValue: &text,
			HelpText: "most actions need none; name=value, one a line: JSON scalars where they parse as such, else text; or one JSON object",
		},
	}}, Buttons: []schema.ChoiceButton{{Label: "Start", Value: "Start"}}}, true)
}

// HostAnew reports whether the host of a run that lost it is here again as another
// process, which can't go on with it.
func (s *State) HostAnew(r *Run) bool {
	m := s.bus().Method(r.Action.row())
	if r.Stage != RunLost || m == nil {
		return false
	}
	return slices.ContainsFunc(m.Offers, func(o Offer) bool {
		h := o.Server.Host
		return h != nil && h.ID != r.Host && o.Server.Instance.Name() == r.HostName && o.Server.Since.After(r.LostAt)
	})
}

// start starts the run, or opens the page.
func (r *Run) start(s *State) []Effect {
	if !r.Action.Page && s.refuse(ToRun) || s.notThen() {
		return nil
	}
	r.gen++
	r.Stage, r.Started = RunStarting, s.Now
	r.Steps = nil
	r.HostName = s.hostName(r.Host)
	return []Effect{StartRun{r.id, r.gen, r.Host, r.Action.Slug, r.Action.Page, r.Params, r.queued}}
}

// Repeat runs the action again with the same parameters, and gives the same
// answers until one does not fit.
func (r *Run) Repeat(s *State) []Effect {
	if r.Action.Page || s.refuse(ToRun) || s.notThen() {
		return nil
	}
	m := s.bus().Method(r.Action.row())
	if m == nil || m.Gone() {
		s.Say("nobody offers " + r.Action.Name + " now")
		return nil
	}
	again := s.newRun(*m.Action, m.Offers[len(m.Offers)-1].Server.Host.ID)
	again.Params = r.Params
	for _, step := range r.Steps {
		if step.Waits && step.Answered {
			again.again = append(again.again, step)
		}
	}
	return again.start(s)
}

// Cancel ends the run.
func (r *Run) Cancel(s *State) []Effect {
	if !r.Going() || r.Ref == "" {
		return nil
	}
	return []Effect{CancelRun{r.Ref}}
}

// End implements Ongoing. What goes on was asked about before.
func (r *Run) End(*State) []Effect {
	switch {
	case r.Ref == "":
		return nil
	case r.Going():
		return []Effect{CancelRun{r.Ref}, LeaveRun{Ref: r.Ref}}
	}
	return []Effect{LeaveRun{r.Ref, r.Action.Page}}
}

// Follow goes where a link, a menu item or a redirect leads: outside, to a page, or
// to an action, whose parameters are shown before it is started.
func (s *State) Follow(t schema.Target) []Effect {
	if address := t.Address(); address != "" {
		return []Effect{OpenAddress{address}}
	}
	slug := t.Slug()
	if slug == "" {
		s.Say("this leads nowhere")
		return nil
	}
	m := s.bus().Method(RowID("action\x00" + slug))
	if m == nil || m.Gone() {
		m = s.bus().Method(RowID("page\x00" + slug))
	}
	if m == nil || m.Gone() {
		s.Say(`no host offers "` + slug + `" now`)
		return nil
	}
	return s.OpenAction(m, t.Params)
}

// Ending is what would end with the program and be missed: runs that go on, and
// offers that have subscribers or calls that wait.
func (s *State) Ending() (runs []*Run, offers []*Offering) {
	for _, t := range s.Things {
		switch c := t.Content.(type) {
		case *Run:
			if c.Going() {
				runs = append(runs, c)
			}
		case *Offering:
			if c.Hurts() != "" {
				offers = append(offers, c)
			}
		}
	}
	return runs, offers
}

// runOf finds the run of a transaction, or the page of a key.
func (s *State) runOf(ref string) *Run {
	for _, t := range s.Things {
		if r, ok := t.Content.(*Run); ok && r.Ref == ref && ref != "" {
			return r
		}
	}
	return nil
}

var webEscapes = map[string]byte{`\u003c`: '<', `\u003e`: '>', `\u0026`: '&'}
