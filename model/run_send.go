package model

import (
	"slices"
	"strings"

	"ioscope/client/interval/schema"
)

// Press presses a button of the step that has the keyboard, or of the one that
// asks.
func (r *Run) Press(s *State, button int) []Effect {
	step, _ := r.Here()
	if step == nil || !step.Open() {
		if step = r.ask(); step == nil {
			return nil
		}
	}
	buttons := step.Buttons()
	if button < 0 || button >= len(buttons) {
		s.Say("there is no such button")
		return nil
	}
	choice := buttons[button].Value
	if r.Stage == RunForm {
		return r.begin(s, step)
	}
	return r.send(s, step, choice)
}

// begin reads the parameters and starts the run.
func (r *Run) begin(s *State, step *Step) []Effect {
	params, err := readParams(step.Fields[0].Text)
	if err != nil {
		step.Fields[0].Problem = err.Error()
		r.goToWrong(step)
		return nil
	}
	r.Params = params
	m := s.bus().Method(r.Action.row())
	if m == nil || m.Gone() {
		step.Error = "no host offers " + r.Action.Name + " now"
		return nil
	}
	r.Host = m.Offers[len(m.Offers)-1].Server.Host.ID
	if text := step.Fields[0].Text; len(params) > 0 && text != r.given {
		s.typedParams(m.ID, text)
	}
	return r.start(s)
}

// send checks the answers and sends them. Where anything is wrong, nothing is
// sent, and the keyboard goes to the first wrong field. Files go first.
func (r *Run) send(s *State, step *Step, choice string) []Effect {
	if step.sending || step.Answered {
		return nil
	}
	if s.refuse(ToRun) {
		return nil
	}
	if choice == yesButton || choice == noButton {
		for _, f := range step.Fields {
			f.On = choice == yesButton
		}
		choice = ""
	}
	values, ok := step.check(s.Now)
	if !ok {
		r.goToWrong(step)
		n := 0
		for _, f := range step.Fields {
			if f.Problem != "" {
				n++
			}
		}
		step.complaint = Count(n, "field") + " to fix; nothing was sent"
		s.Say(step.complaint)
		return nil
	}
	if step.complaint != "" && s.Notice.Text == step.complaint {
		s.Notice = Notice{} // it was fixed; what the host finds is told at its place
	}
	step.Choice, step.sending, step.uploads = choice, true, 0
	var effects []Effect
	for i, f := range step.Fields {
		if _, file := f.Comp.Props.(*schema.UploadFile); file {
			if paths := f.pending(); len(paths) > 0 {
				step.uploads++
				effects = append(effects, UploadRun{r.Ref, step.Render.InputGroupKey, i, paths})
			}
		}
	}
	if step.uploads > 0 {
		return effects
	}
	return []Effect{AnswerRun{r.Ref, step.Render.InputGroupKey, values, choice}}
}

// uploaded takes files that are where the host gets them, and sends the answer
// when all are.
func (r *Run) uploaded(s *State, in RunUploaded) []Effect {
	step := r.step(in.Key)
	if step == nil || in.Index >= len(step.Fields) || !step.sending {
		return nil
	}
	f := step.Fields[in.Index]
	if in.Err != nil {
		f.Problem, step.sending, step.uploads = in.Err.Error(), false, 0
		r.again = nil
		r.goToWrong(step)
		return nil
	}
	f.Files = in.Files
	if step.uploads--; step.uploads > 0 {
		return nil
	}
	step.sending = false
	return r.send(s, step, step.Choice)
}

// Search asks for the results of what stands in the line.
func (r *Run) Search(f *RunField) []Effect {
	if _, ok := f.Comp.Props.(*schema.Search); !ok || !f.Comp.Stateful {
		return nil
	}
	return r.turn(f, schema.SearchState{QueryTerm: f.Text})
}

// TurnTable asks for the rows that the view wants, where the host has them.
func (r *Run) TurnTable(f *RunField) []Effect {
	state := f.Table.state()
	if state == nil {
		return nil
	}
	f.Table.Waiting = true
	return r.turn(f, state)
}

func (r *Run) turn(f *RunField, state any) []Effect {
	for _, step := range r.Steps {
		if slices.Contains(step.Fields, f) {
			return []Effect{TurnRun{r.Ref, step.Render.InputGroupKey, f.Index, state}}
		}
	}
	return nil
}

// FilterTable filters the rows of a table, from its first page on.
func (r *Run) FilterTable(f *RunField, query string) []Effect {
	if f.Table.Query == query {
		return nil
	}
	f.Table.Query, f.Table.Page, f.Table.Cursor = query, 0, 0
	return r.TurnTable(f)
}

// SortTable orders by the next column, or by none.
func (r *Run) SortTable(f *RunField) []Effect {
	columns := f.Table.Columns()
	next := 0
	for i, c := range columns {
		if c.Key(i) == f.Table.Sort && f.Table.Sort != "" {
			next = i + 1
		}
	}
	f.Table.Sort = ""
	if next < len(columns) {
		f.Table.Sort = columns[next].Key(next)
	}
	f.Table.Page, f.Table.Cursor = 0, 0
	return r.TurnTable(f)
}

// ReverseTable turns the order.
func (r *Run) ReverseTable(f *RunField) []Effect {
	f.Table.Desc = !f.Table.Desc
	f.Table.Page = 0
	return r.TurnTable(f)
}

// PageTable turns pages. It reports false where there is none.
func (r *Run) PageTable(f *RunField, delta int) ([]Effect, bool) {
	v := f.Table
	to := v.Page + delta
	pages := v.Pages()
	if to < 0 || pages > 0 && to >= pages || pages == 0 && delta > 0 && len(v.Rows()) < v.Size() {
		return nil, false
	}
	v.Page, v.Cursor = to, 0
	return r.TurnTable(f), true
}

// ChooseAll takes every row that matches, on all pages; the host says which. It
// takes none where those are more than may be chosen.
func (r *Run) ChooseAll(s *State, f *RunField) []Effect {
	v := f.Table
	if total, ok := v.Total(); ok {
		if why := v.tooMany(total, total); why != "" {
			s.Say(why)
			return nil
		}
	}
	if !v.complete() {
		v.all = true
		return r.TurnTable(f)
	}
	rows := v.matching()
	keys := make([]string, len(rows))
	for i, row := range rows {
		keys[i] = row.Key
	}
	if why := v.takeAll(keys); why != "" {
		s.Say(why)
	}
	v.note()
	return nil
}

// replay answers a step as the run that is repeated did, when there is an answer
// by the same labels. Where it does not fit, the person is asked from then on.
func (r *Run) replay(s *State, step *Step) []Effect {
	if len(r.again) == 0 || !step.Open() || step.sending {
		return nil
	}
	old := r.again[0]
	if step.tried {
		return r.replayHits(s, step, old)
	}
	if !sameQuestions(step, old) {
		r.again = nil
		s.Say("the questions differ from here on; answer them yourself")
		return nil
	}
	step.tried = true
	var effects []Effect
	for i, f := range step.Fields {
		if !f.takeFrom(old.Fields[i]) {
			r.again = nil
			s.Say("what was chosen then is not here any more; answer from here on yourself")
			return nil
		}
		if p, ok := f.Comp.Props.(*schema.Search); ok && !f.hasHits(p, old.Fields[i]) && f.Comp.Stateful {
			f.Text = old.Fields[i].Text
			if f.Text == "" && len(old.Fields[i].Hits) > 0 {
				f.Text = schema.Text(old.Fields[i].Hits[0].Label)
			}
			effects = append(effects, r.Search(f)...)
		}
	}
	if len(effects) > 0 {
		return effects // the hits decide
	}
	return r.finishReplay(s, step, old)
}

// replayHits goes on when the hits of a search have come.
func (r *Run) replayHits(s *State, step, old *Step) []Effect {
	if len(step.Fields) != len(old.Fields) {
		return nil
	}
	for i, f := range step.Fields {
		if p, ok := f.Comp.Props.(*schema.Search); ok && !f.hasHits(p, old.Fields[i]) {
			return nil // not yet, or never: then the person is asked
		}
	}
	return r.finishReplay(s, step, old)
}

func (r *Run) finishReplay(s *State, step, old *Step) []Effect {
	r.again = r.again[1:]
	choice := old.Choice
	for i, f := range old.Fields {
		switch f.Comp.Props.(type) {
		case *schema.Confirm, *schema.ConfirmIdentity:
			step.Fields[i].On = f.On
			choice = ""
		}
	}
	if _, err := schema.CheckChoice(step.Render, choice); err != nil {
		r.again = nil
		return nil
	}
	effects := r.send(s, step, choice)
	if effects == nil {
		r.again = nil
	}
	return effects
}

func sameQuestions(a, b *Step) bool {
	return slices.EqualFunc(a.Fields, b.Fields, func(x, y *RunField) bool {
		return x.Comp.Method() == y.Comp.Method() && (x.Comp.Label == y.Comp.Label || x.Comp.Method().Display())
	})
}

// takeFrom takes over what a person put into the same field of an earlier run. It
// reports false where that is not to be had any more.
func (f *RunField) takeFrom(old *RunField) bool {
	if f.Comp.Disabled() || f.Comp.Method().Display() {
		return true
	}
	f.On, f.touched, f.Secret = old.On, true, old.Secret
	f.Paths = slices.Clone(old.Paths)
	f.Cells = nil
	for _, row := range old.Cells {
		f.Cells = append(f.Cells, slices.Clone(row))
	}
	switch f.Comp.Props.(type) {
	case *schema.Search:
	case *schema.SelectSingle, *schema.SelectMultiple:
		f.Chosen = nil
		for _, i := range old.Chosen {
			want := schema.Text(old.Option(i).Label)
			for j := range len(f.allOptions()) {
				if schema.Text(f.Option(j).Label) == want && !slices.Contains(f.Chosen, j) {
					f.Chosen = append(f.Chosen, j)
					break
				}
			}
		}
		return len(f.Chosen) == len(old.Chosen)
	case *schema.SelectTable:
		f.Table.takeFrom(old.Table)
		return len(f.Table.Chosen) == len(old.Table.Chosen)
	default:
		f.Text = old.Text
	}
	return true
}

func (f *RunField) allOptions() []schema.Option {
	switch p := f.Comp.Props.(type) {
	case *schema.SelectSingle:
		return p.Options
	case *schema.SelectMultiple:
		return p.Options
	}
	return nil
}

// takeFrom chooses the rows that read the same.
func (v *TableView) takeFrom(old *TableView) {
	v.Chosen = nil
	for _, name := range old.Names() {
		for _, row := range v.data() {
			if v.rowName(row) == name && !slices.Contains(v.Chosen, row.Key) {
				v.Chosen = append(v.Chosen, row.Key)
				v.names[row.Key] = name
				break
			}
		}
	}
}

// hasHits takes the hits that read as those of an earlier run, when all are there.
func (f *RunField) hasHits(p *schema.Search, old *RunField) bool {
	var hits []schema.SearchResult
	for _, want := range old.Hits {
		i := slices.IndexFunc(p.Results, func(h schema.SearchResult) bool {
			return strings.EqualFold(schema.Text(h.Label), schema.Text(want.Label))
		})
		if i < 0 {
			return len(old.Hits) == 0
		}
		hits = append(hits, p.Results[i])
	}
	f.Hits = hits
	return true
}
