package model

import (
	"maps"
	"strings"

	"ioscope/client/bus"
)

// What narrows the rows of a stream: words, an expression that is worked out
// elsewhere, publishers that are hidden, and one value of the key.

// Sieve is what of a stream is shown.
type Sieve struct {
	// Wrong is what can't be read of the words of the filter line.
	Wrong error
	// JQ is the expression that narrows or reshapes what passes the words.
	JQ Expression
	// Hidden are the peers whose events are not shown.
	Hidden map[bus.PeerID]bool
	// Only is the value of the key that is shown alone; empty for all.
	Only string

	words *Filter
}

// Expression is a jq expression, and how far it has come.
type Expression struct {
	Text string
	// Wrong is why it can't be read or was stopped; what it said before stays.
	Wrong string
	// Stopped is true when it was given up because it took too long.
	Stopped bool
	// Gen grows with each change, so that late verdicts are told apart.
	Gen int
	// Asked counts the events it was asked about, Nulls and Failed those for
	// which it gave null and an error, Shaped those it made something else of.
	Asked, Nulls, Failed, Shaped int
	// Failure is the first error.
	Failure string
}

// Judged is what an expression says of the rows from number First on.
type Judged struct {
	Thing ThingID
	// Tail and Gen tell which rows and which expression it is about.
	Tail     *Tail
	Gen      int
	First    uint64
	Verdicts []Verdict
	Asked    int
	Nulls    int
	Failed   int
	Failure  string
	// Stopped is why the expression is given up; empty when it goes on.
	Stopped string
}

// Narrowed reports whether anything is held back.
func (s *Sieve) Narrowed() bool {
	return !s.words.Empty() || s.JQ.Text != "" || len(s.Hidden) > 0 || s.Only != ""
}

// SetFilter lets only those rows of the stream show that pass the words.
func (t *Thing) SetFilter(filter string) {
	t.Filter = filter
	words, err := ReadFilter(filter)
	if t.Sieve.Wrong = err; err != nil {
		return // what was shown stays, and the line says what is wrong
	}
	t.Sieve.words = words
	t.sift()
}

// SetJQ lets an expression narrow or reshape what is shown; empty ends that. Why
// it can't be read is said beside it, and nothing else changes.
func (t *Thing) SetJQ(text, wrong string) {
	j := &t.Sieve.JQ
	text = strings.TrimSpace(text)
	if text == j.Text && wrong == "" && j.Wrong == "" {
		return
	}
	if wrong != "" {
		j.Wrong = wrong
		return
	}
	if text == j.Text && !j.Stopped {
		j.Wrong = ""
		return
	}
	*j = Expression{Text: text, Gen: j.Gen + 1}
	t.sift()
}

// SetOnly shows one value of the key alone; empty shows all.
func (t *Thing) SetOnly(value string) {
	t.Sieve.Only = value
	t.sift()
}

// hide hides the events of a source, or shows them, under each of its peer ids.
func (t *Thing) hide(s *Source, hide bool) {
	// What works on the rows elsewhere reads the old map.
	hidden := maps.Clone(t.Sieve.Hidden)
	if hidden == nil {
		hidden = map[bus.PeerID]bool{}
	}
	for _, peer := range s.Peers {
		if hide {
			hidden[peer] = true
		} else {
			delete(hidden, peer)
		}
	}
	t.Sieve.Hidden = hidden
	t.sift()
}

// ClearSieve shows everything again.
func (t *Thing) ClearSieve() {
	t.Filter = ""
	t.Sieve = Sieve{JQ: Expression{Gen: t.Sieve.JQ.Gen + 1}}
	t.sift()
}

// widen takes back one thing that narrows the rows, and reports whether there
// was one.
func (t *Thing) widen() bool {
	switch s := &t.Sieve; {
	case t.Filter != "":
		t.SetFilter("")
	case s.JQ.Text != "" || s.JQ.Wrong != "":
		s.JQ = Expression{Gen: s.JQ.Gen + 1}
		t.sift()
	case s.Only != "":
		t.SetOnly("")
	case len(s.Hidden) > 0:
		s.Hidden = nil
		t.sift()
	default:
		return false
	}
	return true
}

// sift lets the tail look at everything anew.
func (t *Thing) sift() {
	s := &t.Sieve
	if s.JQ.Text != "" {
		s.JQ = Expression{Text: s.JQ.Text, Gen: s.JQ.Gen + 1}
	}
	words, hidden, only := s.words, s.Hidden, s.Only
	key, _ := ReadPath(t.View.Key)
	if words.Empty() && len(hidden) == 0 && only == "" {
		t.Tail.Sieve(nil, s.JQ.Text != "")
	} else {
		t.Tail.Sieve(func(row *TailRow) bool {
			return !hidden[row.Server] && (only == "" || ValueText(key.In(row.Data)) == only) && (words.Empty() || words.passes(row))
		}, s.JQ.Text != "")
	}
	t.Tail.Work()
}

// Judged takes over what an expression said of some rows.
func (s *State) Judged(in Judged) {
	t := s.Thing(in.Thing)
	if t == nil || t.Tail != in.Tail || t.Sieve.JQ.Gen != in.Gen {
		return
	}
	j := &t.Sieve.JQ
	j.Asked += in.Asked
	j.Nulls += in.Nulls
	j.Failed += in.Failed
	if j.Failure == "" {
		j.Failure = in.Failure
	}
	for _, v := range in.Verdicts {
		if v.Value != nil {
			j.Shaped++
		}
	}
	t.Tail.Judge(in.First, in.Verdicts)
	if in.Stopped != "" {
		j.Wrong, j.Stopped = in.Stopped, true
	}
}

// Complaint says why an expression shows nothing; empty when it shows something
// or has not seen all yet.
func (t *Thing) Complaint() string {
	j := &t.Sieve.JQ
	_, kept := t.Tail.Shown()
	shown := t.Tail.matched
	switch {
	case j.Text == "" || j.Asked == 0 || shown > 0 || t.Tail.Unseen() > 0:
		return ""
	case j.Nulls == j.Asked:
		names := strings.Join(t.Tail.Fields().Names(), ", ")
		return "jq: " + j.Text + " gives null on all " + Number(kept) + " kept. Fields: " + names
	case j.Failed == j.Asked:
		return "jq: " + j.Failure + ", on all " + Number(kept) + " kept"
	}
	return ""
}

// Work goes on with what was put off for all streams, for a few milliseconds,
// and reports whether something is left.
func (s *State) Work() (more bool) {
	for _, t := range s.Things {
		if t.Tail == nil {
			continue
		}
		if t.Tail.Work() {
			more = true
		}
		t.guess()
		t.draw()
		t.latestEvent(s.Now)
		t.condense(s.Now)
	}
	return more
}

// Settle ends the typing of an expression: what could not be read is let go.
func (s *Sieve) Settle() {
	if !s.JQ.Stopped {
		s.JQ.Wrong = ""
	}
}

// KeyName is what the key of the stream is called; empty when it has none.
func (t *Thing) KeyName() string {
	if t.View.Key == "" {
		return ""
	}
	return PathName(t.View.Key)
}
