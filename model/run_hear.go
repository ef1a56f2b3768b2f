package model

import (
	"errors"
	"slices"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// heardRun takes in what was heard of hosts and runs.
func (s *State) heardRun(in Input) []Effect {
	switch in := in.(type) {
	case HostHeard:
		s.hearHost(in)
	case HostOdd:
		s.Say(s.hostName(in.Host) + " sent what the protocol does not allow: " + in.Err.Error())
	case RunBegun:
		return s.runBegun(in)
	case RunQueued:
		s.runQueued(in)
	case RunNotified:
		s.notified(in)
	default:
		return s.heardOf(in)
	}
	return nil
}

func (s *State) heardOf(in Input) []Effect {
	switch in := in.(type) {
	case RunRendered:
		if r := s.runOf(in.Ref); r != nil {
			return r.rendered(s, in)
		}
	case RunAnswered:
		if r := s.runOf(in.Ref); r != nil {
			r.answered(in)
		}
	case RunStage:
		if r := s.runOf(in.Ref); r != nil {
			r.setStage(s, in.Stage)
		}
	case RunLoading:
		if r := s.runOf(in.Ref); r != nil {
			r.load(s, in.State)
		}
	case RunLogged:
		if r := s.runOf(in.Ref); r != nil {
			r.log(in.Line)
		}
	case RunLogLost:
		if r := s.runOf(in.Ref); r != nil {
			r.Dropped += in.Count
		}
	case RunRedirected:
		if r := s.runOf(in.Ref); r != nil {
			t := in.Target
			r.remark(s, "leads to "+targetWords(t), &t)
		}
	case RunOver:
		if r := s.runOf(in.Ref); r != nil {
			r.over(s, in)
		}
	case PageDrawn:
		if r := s.runOf(in.Ref); r != nil {
			return r.drawn(s, in.Layout)
		}
	case PageFailed:
		if r := s.runOf(in.Ref); r != nil {
			r.Stage, r.Err, r.Over, r.Loading = RunEnded, in.Err, s.Now, nil
		}
	case RunRefused:
		if r := s.runOf(in.Ref); r != nil {
			r.refused(s, in)
		}
	case PictureRead:
		if r := s.runOf(in.Ref); r != nil {
			r.pictureRead(in)
		}
	case RunUploaded:
		if r := s.runOf(in.Ref); r != nil {
			return r.uploaded(s, in)
		}
	}
	return nil
}

func (s *State) runBegun(in RunBegun) []Effect {
	t := s.Thing(in.Thing)
	r, ok := (*Run)(nil), false
	if t != nil {
		r, ok = t.Content.(*Run)
	}
	if !ok || r.gen != in.Gen {
		if in.Ref != "" {
			// The row was closed before the host had heard of the start.
			return []Effect{CancelRun{in.Ref}, LeaveRun{Ref: in.Ref}}
		}
		return nil
	}
	r.Ref = in.Ref
	if in.Err != nil {
		r.Stage, r.Err, r.Over = RunEnded, in.Err, s.Now
	}
	return nil
}

func (s *State) runQueued(in RunQueued) {
	m := s.bus().Method(RowID("action\x00" + in.Slug))
	if m == nil || m.Gone() {
		return
	}
	r := &Run{Action: *m.Action, Host: m.Offers[len(m.Offers)-1].Server.Host.ID, User: s.User, queued: in.ID}
	r.HostName = s.hostName(r.Host)
	r.Steps = []*Step{paramStep(in.Params)}
	r.At = RunStop{0, len(r.Steps[0].Fields)}
	text := "was asked for"
	if in.Assignee != "" {
		text += ", by " + in.Assignee
	}
	r.Remarks = []Remark{{At: s.Now, Text: text}}
	r.id = s.AddThing(r).ID
	s.Say(r.HostName + " asks for " + r.Action.Name + " to be run; it stands in Open")
}

// maxRemarks bounds what is kept beside the steps.
const maxRemarks = 200

func (r *Run) remark(s *State, text string, t *schema.Target) {
	r.Remarks = append(r.Remarks, Remark{At: s.Now, Text: text, Target: t, Step: len(r.Steps)})
	if len(r.Remarks) > maxRemarks {
		r.Remarks = slices.Delete(r.Remarks, 0, len(r.Remarks)-maxRemarks)
	}
}

func (s *State) notified(in RunNotified) {
	text := in.Message
	if in.Title != "" {
		text = in.Title + ": " + text
	}
	if len(in.To) > 0 {
		text += "  (to " + strings.Join(in.To, ", ") + ")"
	}
	if r := s.runOf(in.Ref); r != nil {
		r.remark(s, "tells: "+text, nil)
	}
	s.Say("◆ " + text)
}

func targetWords(t schema.Target) string {
	if a := t.Address(); a != "" {
		return a
	}
	return t.Slug()
}

// rendered takes a render: a new step, or other props of one that is there.
func (r *Run) rendered(s *State, in RunRendered) []Effect {
	if step := r.step(in.Render.InputGroupKey); step != nil {
		step.update(in.Render)
		for _, f := range step.Fields {
			if f.Table != nil && f.Table.over != "" {
				s.Say(f.Table.over)
				f.Table.over = ""
			}
		}
		step.Waits = step.Waits || in.Waits
		if in.Refused {
			step.Answered, step.sending = false, false
			step.tried = true
			r.again = nil
			r.goToWrong(step)
			s.refresh()
		}
		return append(r.pictures(step), r.replay(s, step)...)
	}
	step := newStep(in.Render, in.Waits)
	busy := r.ask() != nil
	r.Steps = append(r.Steps, step)
	r.trim()
	if in.Waits && !busy {
		r.goTo(step)
	}
	s.refresh()
	return append(r.pictures(step), r.replay(s, step)...)
}

// maxSteps bounds the steps that are kept of a run that shows without end.
const maxSteps = 2000

func (r *Run) trim() {
	if n := len(r.Steps) - maxSteps; n > 0 && !slices.ContainsFunc(r.Steps[:n], (*Step).Open) {
		r.Steps = slices.Delete(r.Steps, 0, n)
		r.At.Step = max(r.At.Step-n, 0)
		for i := range r.Remarks {
			r.Remarks[i].Step = max(r.Remarks[i].Step-n, 0)
		}
	}
}

func (r *Run) answered(in RunAnswered) {
	if step := r.step(in.Key); step != nil {
		step.Answered, step.sending, step.Error = true, false, ""
		step.Choice = in.Choice
		r.Held = r.Stage == RunLost
		if next := r.ask(); next != nil {
			r.goTo(next)
		}
	}
}

func (r *Run) setStage(s *State, to Stage) {
	if r.Stage == RunEnded && to != RunLost && to != RunWorking && to != RunAsking {
		return
	}
	if to == RunLost {
		r.LostAt = s.Now
	}
	r.Stage, r.Held = to, false
	if to != RunEnded {
		r.Result, r.Data = nil, nil
	}
	s.refresh()
}

func (r *Run) load(s *State, p *Progress) {
	if p != nil {
		p.Since = s.Now
		if old := r.Loading; old != nil {
			p.Since = old.Since
		}
	}
	r.Loading = p
}

// maxLogLines is how many lines of a log are kept.
const maxLogLines = 10_000

func (r *Run) log(l LogLine) {
	i, _ := slices.BinarySearchFunc(r.Logs, l.Index, func(have LogLine, index int) int { return have.Index - index })
	for i < len(r.Logs) && r.Logs[i].Index == l.Index {
		i++
	}
	r.Logs = slices.Insert(r.Logs, i, l)
	if n := len(r.Logs) - maxLogLines; n > 0 {
		r.Logs = slices.Delete(r.Logs, 0, n)
		r.Dropped += n
	}
}

func (r *Run) over(s *State, in RunOver) {
	if in.Late {
		r.Late = in.Result
		return
	}
	r.Stage, r.Over, r.Result, r.Loading = RunEnded, s.Now, in.Result, nil
	r.Scroll = 0
	for _, step := range r.Steps {
		step.Waits = step.Waits && step.Answered
	}
	if in.Result != nil && in.Result.Failure == nil {
		r.Data = treeOf(in.Result.Data, 3)
	}
	if step, _ := r.Here(); step == nil {
		r.At = nowhere
	}
	s.refresh()
}

func (r *Run) drawn(s *State, l *schema.Layout) []Effect {
	r.Layout, r.Drawn, r.Stage = l, true, RunWorking
	if l == nil {
		r.below(s)
		return nil
	}
	if l.Children == nil {
		r.Steps = nil
		return nil
	}
	step := r.step(l.Children.InputGroupKey)
	if step != nil {
		step.update(l.Children)
	} else {
		step = newStep(l.Children, false)
		r.Steps = []*Step{step}
	}
	r.settleFocus()
	return r.pictures(step)
}

// below lists the actions and pages below a page that has no layout of its own: enter
// on one opens it.
func (r *Run) below(s *State) {
	list := &schema.Render{InputGroupKey: "below"}
	for _, m := range s.bus().Methods() {
		if m.Action != nil && !m.Gone() && strings.HasPrefix(m.Action.Slug, r.Action.Slug+"/") {
			list.Components = append(list.Components, schema.Component{
				Label: m.Action.Name, Props: &schema.DisplayLink{Target: schema.Target{Route: m.Action.Slug}},
			})
		}
	}
	r.Steps = nil
	if len(list.Components) > 0 {
		r.Steps = []*Step{newStep(list, false)}
	}
	r.settleFocus()
}

// refused tells at its place why an answer was not sent.
func (r *Run) refused(s *State, in RunRefused) {
	step := r.step(in.Key)
	var wrong *schema.AnswerError
	switch {
	case step == nil:
		s.Say(in.Err.Error())
		return
	case errors.As(in.Err, &wrong):
		for _, p := range wrong.Problems {
			step.Fields[p.Index].Problem = p.Err.Error()
		}
	case in.Index >= 0 && in.Index < len(step.Fields):
		step.Fields[in.Index].Problem = in.Err.Error()
	default:
		step.Error = in.Err.Error()
	}
	step.sending = false
	r.again = nil
	r.goToWrong(step)
}

// Since is how long the run has gone on, or went on.
func (r *Run) Since(now time.Time) time.Duration {
	if !r.Over.IsZero() {
		return r.Over.Sub(r.Started)
	}
	return now.Sub(r.Started)
}
