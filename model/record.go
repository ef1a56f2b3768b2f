package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"ioscope/client/bus"
)

// Record is one call that is over, as the history keeps it. It is changed by nothing
// but [State.Apply]: a late answer may still be added.
type Record struct {
	// ID names it, over restarts and among several explorers that write the same history.
	ID string
	At time.Time
	// Bus is what the bus was called.
	Bus string
	// Method is the method's row; it stays the same as long as name and signatures do.
	Method RowID
	Name   string
	// Accepts and Returns are the signatures.
	Accepts, Returns string
	Target           bus.Target
	// Args are nil when they were too large to be kept: ArgsSize tells.
	Args     json.RawMessage
	ArgsSize int
	// Wait and Answer are the timeouts.
	Wait, Answer time.Duration
	// Replies are what each server said.
	Replies []Reply
	// OK and Failed count the servers that returned and those that did not.
	OK, Failed int
	// Value is what the first server returned; nil when it failed.
	Value json.RawMessage
	// Err is why the first failure failed, and Who it was.
	Err, Who string
	Took     time.Duration
	// GivenUp is true when it was not waited for to the end.
	GivenUp bool
	// Marks counts what of the values does not fit returns.
	Marks int
}

// Reply is what one server said to a call.
type Reply struct {
	Server string
	// Value is nil after an error, and when it was too large to be kept: Size tells.
	Value json.RawMessage
	Size  int
	// Err is why it failed; Silent is true when it did not answer at all.
	Err    string
	Silent bool
	Took   time.Duration
	// Late is true when it came after the call was given up.
	Late bool
}

// Bounds of what is kept of one call, and of the history.
const (
	keptArgs    = 256 << 10
	keptValue   = 256 << 10
	historyKept = 2000
	// historyBytes bounds arguments and values of all calls that are kept in memory.
	historyBytes = 64 << 20
)

// Keep asks for a record to be kept over restarts; one of the same ID is replaced.
type Keep struct{ Record *Record }

// Unkeep asks for records to be forgotten.
type Unkeep struct{ IDs []string }

func (Keep) effect()   {}
func (Unkeep) effect() {}

// Recalled brings the calls of earlier runs, the latest last.
type Recalled struct{ Records []*Record }

func (Recalled) input() {}

// lateCall is a call that was given up and still may be answered.
type lateCall struct {
	thing ThingID
	gen   int
}

func (s *State) finished(in Finished) []Effect {
	if s.watchFinished(in) {
		return nil
	}
	delete(s.late, lateCall{in.Thing, in.Gen})
	t := s.current(in.Thing, in.Gen)
	if t == nil || t.Phase != Asking {
		return nil
	}
	t.Phase, t.Over, t.Err = Ended, s.Now, in.Err
	return append(s.remember(t), s.goOn(t)...)
}

// remember puts a call that is over into the history.
func (s *State) remember(t *Thing) []Effect {
	r := &Record{
		ID: fmt.Sprintf("%s%d-%d", s.Session, t.ID, t.Gen), At: t.Asked, Bus: s.Name,
		Method: t.Method, Name: t.Def.Name, Accepts: t.Def.Accepts, Returns: t.Def.Returns, Target: t.Target, Args: t.Args, ArgsSize: len(t.Args),
		Wait: t.WaitFor, Answer: t.AnswerIn, Took: t.Took(), GivenUp: t.GivenUp,
	}
	if len(r.Args) > keptArgs {
		r.Args = nil
	}
	for _, a := range t.Results.Answers {
		r.Replies = append(r.Replies, replyOf(a))
	}
	r.tally(t.Err)
	r.Marks, _, _ = t.Results.Marks()
	t.Record = r
	s.History = append(s.History, r)
	s.boundHistory()
	if m := s.bus().Method(t.Method); m != nil {
		m.Call = r
	}
	s.historyVersion++
	return []Effect{Keep{r}}
}

func replyOf(a *Answer) Reply {
	r := Reply{Server: a.Server.Name(), Value: a.Value, Size: len(a.Value), Took: a.Took}
	switch {
	case a.Pending:
		r.Err, r.Silent = "no answer", true
	case a.Err != nil:
		r.Err = a.Err.Error()
		if said, ok := Said(a.Err); ok {
			r.Err = said
		}
		if words := Unreasoned(a.Err); words != "" {
			r.Err = words
		}
	}
	if len(r.Value) > keptValue {
		r.Value = nil
	}
	return r
}

// tally counts the replies. err is why nothing could be asked.
func (r *Record) tally(err error) {
	r.OK, r.Failed, r.Value, r.Err, r.Who = 0, 0, nil, "", ""
	for i, reply := range r.Replies {
		switch {
		case reply.Err != "":
			if r.Failed++; r.Err == "" {
				r.Err, r.Who = reply.Err, reply.Server
			}
		default:
			r.OK++
			if i == 0 {
				r.Value = reply.Value
			}
		}
	}
	if err != nil {
		r.Failed, r.Err = max(1, r.Failed), err.Error()
	}
}

func (s *State) boundHistory() {
	from, size := max(len(s.History)-historyKept, 0), 0
	for i := len(s.History) - 1; i > from; i-- {
		if size += s.History[i].size(); size > historyBytes {
			from = i
		}
	}
	s.History = slices.Delete(s.History, 0, from)
}

func (r *Record) size() int {
	n := len(r.Args)
	for _, reply := range r.Replies {
		n += len(reply.Value)
	}
	return n
}

// answeredLate notes the answer to a call that was given up. It reports whether it
// was one.
func (s *State) answeredLate(in Returned) ([]Effect, bool) {
	r := s.late[lateCall{in.Thing, in.Gen}]
	if r == nil {
		return nil, false
	}
	reply := replyOf(&Answer{Return: in.Return})
	reply.Late = true
	at := slices.IndexFunc(r.Replies, func(x Reply) bool { return x.Silent && x.Server == reply.Server })
	if at < 0 {
		r.Replies = append(r.Replies, reply)
	} else {
		r.Replies[at] = reply
	}
	r.tally(nil)
	s.historyVersion++
	s.Say("a late answer of " + reply.Server + " to " + r.Name + " is in the history")
	return []Effect{Keep{r}}, true
}

// recalled takes in the calls of earlier runs.
func (s *State) recalled(in Recalled) {
	have := map[string]bool{}
	for _, r := range s.History {
		have[r.ID] = true
	}
	all := slices.DeleteFunc(slices.Clone(in.Records), func(r *Record) bool { return have[r.ID] })
	s.History = append(all, s.History...)
	slices.SortStableFunc(s.History, func(a, b *Record) int { return a.At.Compare(b.At) })
	s.boundHistory()
	s.historyVersion++
}

// ForgetCalls deletes records from the history.
func (s *State) ForgetCalls(ids ...string) []Effect {
	s.History = slices.DeleteFunc(s.History, func(r *Record) bool { return slices.Contains(ids, r.ID) })
	s.historyVersion++
	s.refresh()
	return []Effect{Unkeep{ids}}
}

// Calls returns the calls of a method, the latest first, at most n.
func (s *State) Calls(id RowID, n int) []*Record {
	var out []*Record
	for _, r := range slices.Backward(s.History) {
		if r.Method == id && len(out) < n {
			out = append(out, r)
		}
	}
	return out
}

// Before is the latest call before this one of the same method and target that the
// history has, or nil.
func (s *State) Before(r *Record) *Record {
	for _, x := range slices.Backward(s.History) {
		if x != r && x.Method == r.Method && x.Target.Equal(r.Target) && x.At.Before(r.At) {
			return x
		}
	}
	return nil
}

// CompareCalls lays what a server said in two calls beside each other. Of a server that
// was not asked both times the first reply stands for it.
func CompareCalls(a, b *Record, server string, now time.Time) *Compared {
	columns := make([]Column, 0, 2)
	shown := make([]string, 0, 2)
	for _, r := range []*Record{a, b} {
		reply := Reply{Err: r.Err}
		if len(r.Replies) > 0 {
			reply = r.Replies[0]
		}
		for _, x := range r.Replies {
			if x.Server == server {
				reply = x
			}
		}
		shown = append(shown, reply.Server)
		columns = append(columns, Column{When(r.At, now) + "  " + reply.Server, reply.answer()})
	}
	c := NewCompared(columns)
	c.Before = true
	for i, r := range []*Record{a, b} {
		other := []*Record{b, a}[i]
		for _, x := range r.Replies {
			replied := slices.ContainsFunc(other.Replies, func(y Reply) bool { return y.Server == x.Server })
			if !replied && !slices.Contains(shown, x.Server) {
				c.Lone = append(c.Lone, Lone{x.Server, i})
			}
		}
	}
	return c
}

func (r Reply) answer() *Answer {
	a := &Answer{Return: bus.Return{Value: r.Value, Took: r.Took}}
	switch {
	case r.Err != "":
		a.Err = &bus.Error{Reason: r.Err}
	case r.Value == nil:
		a.Err = fmt.Errorf("%s are too much to be kept", Bytes(r.Size))
	}
	return a
}

// When tells the time of a moment: the clock for today, else the day too.
func When(at, now time.Time) string {
	at = at.In(now.Location())
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	switch {
	case !at.Before(today):
		return at.Format("15:04:05")
	case today.Sub(at) < 6*24*time.Hour:
		return at.Format("Mon 15:04")
	case at.Year() == now.Year():
		return at.Format("2 Jan")
	}
	return at.Format("Jan 2006")
}
