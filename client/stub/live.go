package stub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// Offer is a method or a stream of a file, in the words of the file, for who runs
// it with rules that change while it runs.
type Offer struct {
	Def bus.MethodDefinition
	// Answers are a method's.
	Answers []Answer
	// Admissions and Feeds are a stream's. Where there are no admissions everybody
	// is accepted on the common branch.
	Admissions []Admission
	Feeds      []Feed
	// CloseAfter ends each subscription, for CloseReason; 0 for never.
	CloseAfter  time.Duration
	CloseReason string
}

// Answer is what is said to a call. Of Value, JQ and Error one is set, or none:
// then nothing is returned.
type Answer struct {
	// When is a condition in jq over the arguments; empty holds always.
	When  string
	After time.Duration
	Value json.RawMessage
	JQ    string
	Error *bus.Error
}

// Admission decides on a subscription: it is rejected with the reason, or else
// accepted on the branch of the key that Branch, in jq, makes.
type Admission struct {
	When, Branch string
	Reject       *string
}

// Feed is data that is sent from time to time.
type Feed struct {
	// Every 0 sends once, Times 0 without end.
	Every, After time.Duration
	Times        int
	// Branch is the one that it is for; nil is each.
	Branch  *string
	Private bool
	// Numbered gives each event its n as sequence number, Snapshot marks it as one.
	Numbered, Snapshot bool

	Value json.RawMessage
	JQ    string
}

// Beside is what is told beside the n-th event.
func (f Feed) Beside(n int) *client.PushOptions {
	o := &client.PushOptions{Snapshot: f.Snapshot}
	if f.Numbered {
		o.Sequence = json.Number(strconv.Itoa(n))
	}
	return o
}

// Offers lists what the application offers.
func (a *App) Offers() []Offer {
	var out []Offer
	for _, m := range a.methods {
		o := Offer{Def: m.def}
		for _, x := range m.answers {
			o.Answers = append(o.Answers, Answer{x.when.source(), x.after, x.value, x.jq.source(), x.refusal})
		}
		out = append(out, o)
	}
	for _, s := range a.streams {
		o := Offer{Def: s.def}
		for _, u := range s.rules {
			o.Admissions = append(o.Admissions, Admission{u.when.source(), u.branch.source(), u.reject})
		}
		for _, f := range s.feeds {
			o.Feeds = append(o.Feeds, Feed{f.every, f.after, f.times, f.branch, f.private, f.numbered, f.snapshot, f.value, f.jq.source()})
		}
		if s.close != nil {
			o.CloseAfter, o.CloseReason = s.close.after, s.close.reason
		}
		out = append(out, o)
	}
	return out
}

// Answers are ready to be given. They are safe for concurrent use.
type Answers struct{ list []ready }

// NewAnswers checks answers. Seed and name are what the numbers of random come
// from.
func NewAnswers(seed uint64, name string, list []Answer) (*Answers, error) {
	chance := newChance(seed, name)
	out := &Answers{}
	for i, a := range list {
		when, err := optional(a.When, callerVariable, "$n")
		if err == nil {
			var jq *template
			if jq, err = optional(a.JQ, callerVariable, "$n"); err == nil {
				out.list = append(out.list, ready{answer{when, a.After, a.Value, jq, a.Error}, when.with(chance), jq.with(chance)})
			}
		}
		if err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	return out, nil
}

// Fits finds the first answer whose condition holds; -1 where none does. A
// condition that fails ends the search, with an error for the caller.
func (a *Answers) Fits(ctx context.Context, call client.Call, n int) (int, error) {
	args, caller := bus.Decode(call.Args), peer(call.Caller)
	for i, x := range a.list {
		holds, err := x.when.holds(ctx, args, caller, n)
		if err != nil {
			return i, refusal(err)
		}
		if holds {
			return i, nil
		}
	}
	return -1, nil
}

// Give gives the answer that Fits found, after its time.
func (a *Answers) Give(ctx context.Context, i int, call client.Call, n int) (json.RawMessage, error) {
	return a.list[i].give(ctx, bus.Decode(call.Args), peer(call.Caller), n)
}

// Admissions are ready to decide. They are safe for concurrent use.
type Admissions struct{ list []readyRule }

// NewAdmissions checks admissions.
func NewAdmissions(seed uint64, name string, list []Admission) (*Admissions, error) {
	chance := newChance(seed, name, "accept")
	out := &Admissions{}
	for i, a := range list {
		when, err := optional(a.When, subscriberVariable)
		if err == nil {
			var branch *template
			if branch, err = optional(a.Branch, subscriberVariable); err == nil {
				out.list = append(out.list, readyRule{rule{when, branch, a.Reject}, when.with(chance), branch.with(chance)})
			}
		}
		if err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	return out, nil
}

// Decide finds the first rule that fits a request, and the branch that it accepts
// on; an error is the reason why it rejects. The rule is -1 where none fits.
func (a *Admissions) Decide(ctx context.Context, q *client.Request) (rule int, branch string, err error) {
	args, subscriber := bus.Decode(q.Args), peer(q.Subscriber)
	for i, u := range a.list {
		holds, err := u.when.holds(ctx, args, subscriber)
		switch {
		case err != nil:
			return i, "", refusal(err)
		case !holds:
			continue
		case u.reject != nil:
			return i, "", errors.New(*u.reject)
		case u.branch == nil:
			return i, "", nil
		}
		key, err := u.branch.key(ctx, args, subscriber)
		if err != nil {
			return i, "", refusal(err)
		}
		return i, key, nil
	}
	return -1, "", nil
}

// Source makes the data of a feed.
type Source struct {
	feed Feed
	jq   *program
}

// NewSource checks a feed.
func NewSource(seed uint64, name string, f Feed) (*Source, error) {
	jq, err := optional(f.JQ, subscriberVariable)
	if err != nil {
		return nil, err
	}
	return &Source{f, jq.with(newChance(seed, name))}, nil
}

// Data is what is sent as the n-th, from 0, to a branch whose first subscriber,
// or to the subscriber that, asked with args; nil leaves this one out.
func (s *Source) Data(ctx context.Context, n int, branch string, args json.RawMessage, to bus.Instance) (json.RawMessage, error) {
	if s.jq == nil {
		return s.feed.Value, nil
	}
	data, err := s.jq.json(ctx, map[string]any{"n": n, "branch": branch, "args": bus.Decode(args)}, peer(to))
	if err == nil && data != nil && data[0] != '{' {
		err = fmt.Errorf("data is an object on this bus, not %s", clip(string(data)))
	}
	return data, err
}

// optional is newTemplate for a text that may be empty; then there is none.
func optional(text string, variables ...string) (*template, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	t, offset, err := newTemplate(text, 0, variables...)
	if err != nil && offset >= 0 {
		err = fmt.Errorf("%w at %q", err, clip(text[min(offset, len(text)):]))
	}
	return t, err
}
