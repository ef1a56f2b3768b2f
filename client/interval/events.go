package interval

import (
	"time"

	"ioscope/client/interval/schema"
)

// Event is something that a Runner hears or does. The types below are all.
type Event interface{ event() }

// HostJoined says that a host is connected and has told what it offers.
type HostJoined struct {
	Host HostInfo
	// Again is true when it had been here before, as the same process.
	Again bool
}

// HostChanged says that a connected host offers something else now.
type HostChanged struct{ Host HostInfo }

// HostLeft says that the connection of a host ended. It may come back.
type HostLeft struct {
	Host HostInfo
	Err  error
}

// HostClosing says that a host takes nothing new and will go when its
// transactions and pages are closed.
type HostClosing struct{ Host HostInfo }

// HostGone says that a host stayed away for so long that its transactions are
// given up.
type HostGone struct{ Host HostInfo }

// Started says that a transaction was started.
type Started struct{ Run RunInfo }

// Rendered says what a transaction shows or asks now.
type Rendered struct {
	Transaction string
	Render      *schema.Render
	// Update is true for a step that is on the screen already: props, messages and
	// buttons are replaced, and what the person typed stays.
	Update bool
	// Refused is true when the host did not accept the last answer.
	Refused bool
	// Waits says whether the action waits for an answer to it.
	Waits bool
}

// Answered says what was sent for a step.
type Answered struct {
	Transaction, Key string
	Values           []any
	// Choice is the value of the button.
	Choice string
}

// PhaseChanged says how a transaction stands.
type PhaseChanged struct {
	Transaction string
	Phase       Phase
}

// Loading is the progress of a transaction or a page; nil when it is over.
type Loading struct {
	// Ref is the id of the transaction or the key of the page.
	Ref   string
	State *LoadingState
}

// Logged is a line of a transaction's log. Lines may come out of order and
// twice: see LogLine.Index.
type Logged struct {
	Transaction string
	Line        LogLine
}

// Notified is a message that an action sends to somebody.
type Notified struct {
	Host string
	NotifyMessage
}

// Redirected says that a transaction or a page wants the person elsewhere. A
// transaction goes on all the same.
type Redirected struct {
	Ref     string
	Target  schema.Target
	Replace bool
}

// Ended says how a transaction ended.
type Ended struct {
	Transaction string
	Result      *schema.Result
}

// LateResult is what a canceled action returned after all.
type LateResult struct {
	Transaction string
	Result      *schema.Result
}

// PageDrawn is a page as it stands now, always the whole. A nil layout says that
// the page has nothing of its own: its actions are to be listed.
type PageDrawn struct {
	Page   string
	Layout *schema.Layout
}

// PageFailed says that a host did not open a page.
type PageFailed struct {
	Page string
	Err  error
}

// Enqueued says that somebody asked for an action to be run.
type Enqueued struct{ Item QueuedAction }

// Dequeued says that a queued action was taken back.
type Dequeued struct{ Item QueuedAction }

// Odd says that a host sent what the protocol doesn't allow. Nothing else
// suffers from it.
type Odd struct {
	Host string
	Err  error
}

func (HostJoined) event()   {}
func (HostChanged) event()  {}
func (HostLeft) event()     {}
func (HostClosing) event()  {}
func (HostGone) event()     {}
func (Started) event()      {}
func (Rendered) event()     {}
func (Answered) event()     {}
func (PhaseChanged) event() {}
func (Loading) event()      {}
func (Logged) event()       {}
func (Notified) event()     {}
func (Redirected) event()   {}
func (Ended) event()        {}
func (LateResult) event()   {}
func (PageDrawn) event()    {}
func (PageFailed) event()   {}
func (Enqueued) event()     {}
func (Dequeued) event()     {}
func (Odd) event()          {}

// HostInfo describes a host.
type HostInfo struct {
	// ID is the instance id: one process of the host's program.
	ID         string
	SDKName    string
	SDKVersion string
	// Remote is where it connected from; empty in memory.
	Remote string
	// Key is the part of its API key that is no secret: what stands before the
	// last underscore. Empty when there is none.
	Key     string
	Actions []ActionDefinition
	Pages   []PageDefinition
	// Online is false while its connection is lost; Closing means that it takes
	// nothing new.
	Online, Closing bool
	// Since is when it connected last.
	Since time.Time
}

// Phase is how a transaction stands.
type Phase int

// The phases.
const (
	// PhaseStarting: nothing has been heard of it yet.
	PhaseStarting Phase = iota
	// PhaseRunning: the action works.
	PhaseRunning
	// PhaseAsking: the action waits for an answer.
	PhaseAsking
	// PhaseLost: the connection to its host ended, and nothing has been heard of
	// the transaction since. It may go on, hang, or be over.
	PhaseLost
	// PhaseEnded: see RunInfo.Result.
	PhaseEnded
)

// String names the phase.
func (p Phase) String() string {
	return [...]string{"starting", "running", "asking", "lost", "ended"}[p]
}

// LogLine is a line of a transaction's log.
type LogLine struct {
	// Index counts from 0; gaps are possible, lines may share one.
	Index int
	Text  string
	// Time is the host's clock.
	Time time.Time
}

// RunInfo describes a transaction.
type RunInfo struct {
	ID, Host, Slug string
	Action         ActionDefinition
	Params         schema.Record
	User           User
	Phase          Phase
	// Appending is the mode in which displays pass without an answer.
	Appending bool
	Started   time.Time
	// Steps are the renders, the latest state of each, in order.
	Steps []Step
	// Loading is nil for none.
	Loading *LoadingState
	// Logs are sorted by index.
	Logs []LogLine
	// Redirect is where the action sent the person; nil for nowhere.
	Redirect *schema.Target
	// Result is set in PhaseEnded.
	Result *schema.Result
}

// Step is a render with its answer.
type Step struct {
	Render *schema.Render
	// Open is true while the action waits for an answer.
	Open bool
	// Values and Choice are the answer; Values is nil for none.
	Values []any
	Choice string
}

// QueuedAction is an action that somebody wants to have run.
type QueuedAction struct {
	ID, Slug, Assignee string
	Params             schema.Record
}
