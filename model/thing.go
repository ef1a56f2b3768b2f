package model

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ioscope/client/bus"
)

// ThingID names a row of Open. It is never used again.
type ThingID int

// Phase is how far a thing has come.
type Phase int

// The phases. A call goes from Filling over Asking to Ended; a subscription has
// Running in between. Both may be filled and asked again.
const (
	Filling Phase = iota
	Asking
	Running
	Ended
	// Waiting: the publisher left, and the stream is asked for again when it is back.
	Waiting
)

// Part is what the keyboard is in, inside the thing that the workspace shows.
type Part int

// The parts of a thing.
const (
	InForm Part = iota
	InResult
	InRows
	InEvent
)

// Thing is a row of Open: a call or a subscription, with the form it was asked by,
// or something else that goes on.
type Thing struct {
	ID ThingID
	// Content is what it is when it is neither a call nor a subscription. All
	// below is empty then.
	Content Ongoing
	Method  RowID
	Def     bus.MethodDefinition
	// From is the pane of the rail that it was opened from.
	From Pane

	// The sheet, Target, Wait and Answer are what will be asked. Remembered is
	// when the values were used before; zero when they are fresh.
	Sheet
	Target       bus.Target
	Wait, Answer string
	Remembered   time.Time

	// Phase, Gen and the times tell of the asking. Gen grows with each, and an
	// answer to an earlier one is dropped.
	Phase     Phase
	Gen       int
	Asked     time.Time
	Over      time.Time
	Args      json.RawMessage
	Reaches   []bus.Instance
	WaitFor   time.Duration
	AnswerIn  time.Duration
	Err       error
	GivenUp   bool
	Part      Part
	Results   Results
	Tail      *Tail
	Publisher bus.Instance
	// Publishers are those that have accepted and send, in the order of accepting.
	Publishers  []bus.Instance
	Accepted    time.Time
	Interrupted time.Time
	// left is since when what is asked for again was not subscribed.
	left     time.Time
	Closing  *bus.StreamClosed
	Event    *Tree
	EventRow TailRow
	Unfolded bool
	// Filter narrows the rows of a stream, Find marks those that have its words.
	Filter, Find string
	// Sieve is what narrows the rows, Filter among it.
	Sieve Sieve
	// View is how a stream is looked at.
	View View
	// Diff is the difference of the opened event to DiffTo, the one before it,
	// which has the same key if DiffSame says so.
	Diff     *Diff
	DiffTo   TailRow
	DiffSame bool
	diffing  bool
	toMarked bool
	// Follows lets the opened event go with the stream.
	Follows bool
	// diffAstray is the same for the difference as for the tree.
	diffAstray astray
	opened     time.Time
	// Times is how the rows tell the time, NewestFirst their order.
	Times       Times
	NewestFirst bool
	touched     bool
	// revived is the place it had in the run before, from 1; 0 for a new one.
	revived int
	// slot is the slot it had in the run before.
	slot     int
	findText string
	sought   *Filter
	// born is when it came to be.
	born time.Time
	// wire are its ids on the wire, one a publisher.
	wire []string
	// Wrap lets long values of a result go on in the next line.
	Wrap bool
	// batch is the list of saved calls that this one is of.
	batch *batch
	// scripted is the saved call that it asks; nil where it is none.
	scripted *scripted
	// lacks are the variables of the saved call that had no value when its form was
	// opened: as long as one stands in the form, it is not sent.
	lacks []string
	// Asides are what was done around the call, and what is to be said of its result.
	Asides []Aside
	// Record is what the history has of the last call that is over.
	Record *Record
}

// Stream reports whether the thing is a subscription.
func (t *Thing) Stream() bool { return t.Def.Streaming }

// Row is the thing's id in the list of Open.
func (t *Thing) Row() RowID { return RowID(fmt.Sprintf("thing%d", t.ID)) }

// Name is what the thing is called in Open.
func (t *Thing) Name() string {
	if t.Content != nil {
		return t.Content.Title()
	}
	return t.Def.Name
}

// Rate returns the events a second of a subscription.
func (t *Thing) Rate(now time.Time) float64 { return t.Tail.Rate(now) }

// Took is how long the slowest answer of a call that is over was awaited, or
// how long it was waited for in vain.
func (t *Thing) Took() time.Duration {
	var slowest time.Duration
	for _, a := range t.Results.Answers {
		if a.Pending {
			return t.Over.Sub(t.Asked)
		}
		slowest = max(slowest, a.Took)
	}
	if len(t.Results.Answers) == 0 {
		return t.Over.Sub(t.Asked)
	}
	return slowest
}

// Live reports whether the thing costs something while it goes on.
func (t *Thing) Live() bool { return t.Phase == Asking || t.Phase == Running || t.Phase == Waiting }

// FormShown reports whether the form is open, not folded to one line.
func (t *Thing) FormShown() bool { return t.Content == nil && (t.Phase == Filling || t.Unfolded) }

// Typing reports whether a text cursor is in the thing's form.
func (t *Thing) Typing(now time.Time) bool {
	return t.Part == InForm && t.FormShown() && t.Sheet.Typing(now)
}

// parseTimeouts reads both fields of the form.
func (t *Thing) parseTimeouts() (wait, answer time.Duration, wrong []FieldError) {
	read := func(path FieldPath, text string) time.Duration {
		d, err := ParseTimeout(text)
		if err != nil {
			wrong = append(wrong, FieldError{Path: path, Reason: err.Error()})
		}
		return d
	}
	wait, answer = read(StopWait, t.Wait), read(StopAnswer, t.Answer)
	return wait, answer, wrong
}

// ParseTimeout reads a duration such as 30s, 500ms or 2m; a bare number is
// seconds. Zero and less are refused.
func ParseTimeout(text string) (time.Duration, error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	d, err := time.ParseDuration(text)
	if err != nil {
		d, err = time.ParseDuration(text + "s")
	}
	switch {
	case err != nil:
		return 0, fmt.Errorf("not a duration: %q; 30s, 500ms and 2m work", text)
	case d <= 0:
		return 0, fmt.Errorf("not a timeout: %q; it must be more than 0", text)
	}
	return d, nil
}

// TimeoutFault is what is wrong with the text of a timeout; empty when nothing is, or
// while one begins to type it.
func (t *Thing) TimeoutFault(stop FieldPath, typing bool) string {
	text, ok := t.Texts[stop]
	if !ok || typing && len(*text) < 2 {
		return ""
	}
	if _, err := ParseTimeout(*text); err != nil {
		return err.Error()
	}
	return ""
}

// ClearTail throws away what is kept of the stream; what comes is kept again.
func (t *Thing) ClearTail() {
	t.Tail = NewTail(t.Tail.o)
	t.Event = nil
	t.sift()
}
