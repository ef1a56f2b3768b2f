package model

import (
	"slices"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// RunStop is a place in a run that can have the keyboard: a field of a step, or,
// counted on behind the fields, a button.
type RunStop struct{ Step, Field int }

// nowhere is where the keyboard is when nothing has it: the end is seen then.
var nowhere = RunStop{-1, -1}

// Stops lists the places that can have the keyboard, in order.
func (r *Run) Stops() []RunStop {
	var out []RunStop
	for i, step := range r.Steps {
		for j, f := range step.Fields {
			if f.stops(step.Open()) {
				out = append(out, RunStop{i, j})
			}
		}
		if step.Open() {
			for k := range step.Buttons() {
				out = append(out, RunStop{i, len(step.Fields) + k})
			}
		}
	}
	return out
}

// stops reports whether the field can have the keyboard.
func (f *RunField) stops(open bool) bool {
	switch p := f.Comp.Props.(type) {
	case *schema.DisplayTable, *schema.DisplayGrid:
		return true
	case *schema.DisplayObject:
		return f.Tree != nil
	case *schema.DisplayLink:
		return true
	case *schema.DisplayImage:
		return !strings.HasPrefix(p.URL, "data:")
	case *schema.DisplayVideo:
		return true
	case *schema.DisplayHeading:
		return len(p.MenuItems) > 0
	case *schema.DisplayMetadata:
		return slices.ContainsFunc(p.Data, func(m schema.MetaItem) bool { return m.Address() != "" || m.Slug() != "" })
	case *schema.Unknown, *schema.Confirm, *schema.ConfirmIdentity:
		return false
	}
	return open && !f.Comp.Method().Display() && !f.Comp.Disabled()
}

// Buttons are what submits the step. A question for yes or no has two of its own.
func (s *Step) Buttons() []schema.ChoiceButton {
	for _, f := range s.Fields {
		switch f.Comp.Props.(type) {
		case *schema.Confirm:
			return []schema.ChoiceButton{{Label: "Yes", Value: yesButton}, {Label: "No", Value: noButton}}
		case *schema.ConfirmIdentity:
			return []schema.ChoiceButton{{Label: "It is me", Value: yesButton}, {Label: "Refuse", Value: noButton, Theme: schema.ThemeDanger}}
		}
	}
	if len(s.Render.Buttons) == 0 {
		return []schema.ChoiceButton{{Label: "Continue", Value: "Continue"}}
	}
	return s.Render.Buttons
}

const (
	yesButton = "\x00yes"
	noButton  = "\x00no"
)

// Here is the step and the field that have the keyboard. The field is nil at a
// button, both are nil where nothing can have it.
func (r *Run) Here() (*Step, *RunField) {
	if r.At.Step < 0 || r.At.Step >= len(r.Steps) {
		return nil, nil
	}
	step := r.Steps[r.At.Step]
	if r.At.Field < len(step.Fields) {
		if f := step.Fields[r.At.Field]; f.stops(step.Open()) {
			return step, f
		}
		return nil, nil
	}
	if step.Open() && r.At.Field < len(step.Fields)+len(step.Buttons()) {
		return step, nil
	}
	return nil, nil
}

// Button is the place of the button that has the keyboard; -1 at none.
func (r *Run) Button() int {
	if step, f := r.Here(); step != nil && f == nil {
		return r.At.Field - len(step.Fields)
	}
	return -1
}

// goTo gives a step the keyboard: its first field, or its first button.
func (r *Run) goTo(step *Step) {
	i := slices.Index(r.Steps, step)
	r.Scroll = 0
	for j, f := range step.Fields {
		if f.stops(step.Open()) && (!f.Comp.Method().Display() || f.Table != nil) {
			r.At = RunStop{i, j}
			return
		}
	}
	r.At = RunStop{i, len(step.Fields)}
}

// goToWrong gives the first field that is wrong the keyboard.
func (r *Run) goToWrong(step *Step) {
	i := slices.Index(r.Steps, step)
	for j, f := range step.Fields {
		if f.Problem != "" && f.stops(true) {
			r.At, r.Scroll = RunStop{i, j}, 0
			if p, ok := f.Comp.Props.(*schema.InputSpreadsheet); ok {
				f.goToWrongCell(p)
			}
			return
		}
	}
}

// settleFocus keeps the keyboard at a place that there is.
func (r *Run) settleFocus() {
	if step, _ := r.Here(); step != nil {
		return
	}
	stops := r.Stops()
	if len(stops) == 0 {
		return
	}
	r.At = stops[len(stops)-1]
	if step := r.Steps[r.At.Step]; !step.Open() {
		r.At = stops[0]
	}
}

// Next goes to the next stop, or with -1 to the one before. It reports whether
// there is one.
func (r *Run) Next(delta int) bool {
	stops := r.Stops()
	if len(stops) == 0 {
		return false
	}
	r.Scroll = 0
	i := slices.Index(stops, r.At)
	if i < 0 {
		r.At = stops[len(stops)-1]
		return true
	}
	i += delta
	if i < 0 || i >= len(stops) {
		return false
	}
	r.At = stops[i]
	if step, f := r.Here(); f != nil && step.Open() {
		f.enterFrom(delta)
	}
	return true
}

// enterFrom puts the cursor inside a field where it comes from.
func (f *RunField) enterFrom(delta int) {
	switch f.Comp.Props.(type) {
	case *schema.SelectSingle, *schema.SelectMultiple:
		if delta < 0 {
			f.Row = max(len(f.Options())-1, 0)
		} else if len(f.Chosen) == 0 || f.narrows() {
			f.Row = 0
		}
	case *schema.Search, *schema.UploadFile, *schema.Credentials:
		f.Row = -1
	}
}

// StepRow moves inside a field by rows; past its ends it goes to the field beside.
func (r *Run) StepRow(delta int) bool {
	if _, f := r.Here(); f != nil && f.moveRow(delta) {
		return true
	}
	return r.Next(delta)
}

// moveRow moves the cursor inside the field, and reports whether it could.
func (f *RunField) moveRow(delta int) bool {
	var first, last int
	switch p := f.Comp.Props.(type) {
	case *schema.SelectSingle, *schema.SelectMultiple:
		last = len(f.Options()) - 1
	case *schema.Search:
		first, last = -1, len(p.Results)-1
	case *schema.UploadFile:
		first, last = -1, len(f.Paths)-1
	case *schema.Credentials:
		first, last = -1, 0
	case *schema.InputSpreadsheet:
		return f.MoveCell(delta, 0)
	default:
		return false
	}
	to := f.Row + delta
	if to < first || to > last {
		return false
	}
	f.Row = to
	return true
}

// manyOptions is from how many options on they can be narrowed by typing.
const manyOptions = 8

// narrows reports whether typing narrows the options.
func (f *RunField) narrows() bool {
	switch p := f.Comp.Props.(type) {
	case *schema.SelectSingle:
		return p.Searchable || len(p.Options) > manyOptions
	case *schema.SelectMultiple:
		return len(p.Options) > manyOptions
	}
	return false
}

// Narrows reports whether typing narrows the options of the field.
func (f *RunField) Narrows() bool { return f.narrows() }

// Options are the places of the options that are shown.
func (f *RunField) Options() []int {
	var all []schema.Option
	switch p := f.Comp.Props.(type) {
	case *schema.SelectSingle:
		all = p.Options
	case *schema.SelectMultiple:
		all = p.Options
	}
	out := make([]int, 0, len(all))
	for i, o := range all {
		if f.Text == "" || matches(schema.Text(o.Label)+" "+o.Description, f.Text) {
			out = append(out, i)
		}
	}
	return out
}

// Option is the option at a place.
func (f *RunField) Option(i int) schema.Option {
	switch p := f.Comp.Props.(type) {
	case *schema.SelectSingle:
		return p.Options[i]
	case *schema.SelectMultiple:
		return p.Options[i]
	}
	return schema.Option{}
}

// Toggle changes a box or a choice under the cursor. It reports whether there
// was something to change.
func (f *RunField) Toggle() bool {
	switch p := f.Comp.Props.(type) {
	case *schema.InputBoolean:
		f.On = !f.On
	case *schema.SelectSingle, *schema.SelectMultiple:
		shown := f.Options()
		if f.Row < 0 || f.Row >= len(shown) {
			return false
		}
		i := shown[f.Row]
		_, single := p.(*schema.SelectSingle)
		at := slices.Index(f.Chosen, i)
		switch {
		case at >= 0 && (!single || f.Comp.Optional):
			f.Chosen = slices.Delete(f.Chosen, at, at+1)
		case at >= 0:
		case single:
			f.Chosen = []int{i}
		default:
			f.Chosen = append(f.Chosen, i)
		}
	case *schema.Search:
		return f.chooseHit(p, max(f.Row, 0))
	case *schema.UploadFile:
		if f.Row < 0 || f.Row >= len(f.Paths) {
			return false
		}
		f.Paths = slices.Delete(f.Paths, f.Row, f.Row+1)
		f.Files = nil
		f.Row = min(f.Row, len(f.Paths)-1)
	default:
		return false
	}
	f.touched, f.Problem = true, ""
	return true
}

// chooseHit takes a result of the search, or of several lets it go.
func (f *RunField) chooseHit(p *schema.Search, i int) bool {
	if i >= len(p.Results) {
		return false
	}
	hit := p.Results[i]
	f.touched, f.Problem = true, ""
	if !f.Comp.Multiple {
		f.Hits = []schema.SearchResult{hit}
		return true
	}
	f.Text = "" // what is typed next is another query
	if at := slices.IndexFunc(f.Hits, func(h schema.SearchResult) bool { return h.Value == hit.Value }); at >= 0 {
		f.Hits = slices.Delete(f.Hits, at, at+1)
		return true
	}
	f.Hits = append(f.Hits, hit)
	return true
}

// LeaveOut empties the field.
func (f *RunField) LeaveOut() {
	f.Text, f.Secret, f.Problem, f.touched = "", "", "", true
	f.Chosen, f.Hits, f.Paths, f.Files = nil, nil, nil, nil
	if f.Table != nil {
		f.Table.Chosen = nil
	}
}

// SetText changes what stands in the line of the field.
func (f *RunField) SetText(text string) {
	f.Text, f.Problem, f.touched = text, "", true
	switch f.Comp.Props.(type) {
	case *schema.SelectSingle, *schema.SelectMultiple:
		f.Row = 0
	case *schema.Search:
		f.Row = -1
	case *schema.UploadFile:
		f.Files = nil
	}
}

// SetSecret changes the second line of a login.
func (f *RunField) SetSecret(text string) { f.Secret, f.Problem, f.touched = text, "", true }

// AddPath adds the path in the line to the files of a field that takes several.
func (f *RunField) AddPath() bool {
	text := strings.TrimSpace(f.Text)
	if !f.Comp.Multiple || text == "" {
		return false
	}
	f.Paths = append(f.Paths, text)
	f.Text, f.Files, f.touched = "", nil, true
	return true
}

// Slide moves a slider by steps.
func (f *RunField) Slide(delta int, now time.Time) {
	p, ok := f.Comp.Props.(*schema.InputSlider)
	if !ok {
		return
	}
	step := p.Step
	if step <= 0 {
		step = 1
	}
	at := p.Min
	if v, err := f.Value(now); err == nil {
		if n, ok := asFloat(v); ok {
			at = n + float64(delta)*step
		}
	}
	f.SetText(schema.Text(mustValue(min(max(at, p.Min), p.Max))))
}

func mustValue(v any) any {
	out, err := schema.ValueOf(v)
	if err != nil {
		return ""
	}
	return out
}

// Move implements Content: it moves through a table or a tree, else it scrolls.
func (r *Run) Move(_ *State, delta int) {
	_, f := r.Here()
	switch {
	case r.ShowLog:
		r.Scroll = max(r.Scroll-delta, 0)
	case f != nil && f.Table != nil:
		rows := len(f.Table.Rows())
		f.Table.Cursor = min(max(f.Table.Cursor+delta, 0), max(rows-1, 0))
	case f != nil && f.Tree != nil:
		f.Tree.Move(delta)
	default:
		r.Scroll = max(r.Scroll-delta, 0)
	}
}

// Enter implements Content.
func (r *Run) Enter(s *State) []Effect {
	step, f := r.Here()
	switch {
	case step == nil:
		return nil
	case f == nil:
		return r.Press(s, r.Button())
	case f.Tree != nil:
		f.Tree.Toggle(f.Tree.Cursor())
	}
	return nil
}

// Back implements Content.
func (r *Run) Back(s *State) bool {
	_, f := r.Here()
	switch {
	case r.ShowLog:
		r.ShowLog, r.Scroll = false, 0
	case r.Scroll > 0:
		r.Scroll = 0
	case f != nil && f.Table != nil && f.Table.Query != "":
		return false // the effects of it are the binding's
	case r.Stage == RunForm && !r.touched():
		t := s.ThingOf(r)
		s.Go(s.came)
		if t != nil {
			s.Close(t)
		}
	default:
		return false
	}
	return true
}

func (r *Run) touched() bool {
	return slices.ContainsFunc(r.Steps, func(step *Step) bool {
		return slices.ContainsFunc(step.Fields, func(f *RunField) bool { return f.touched })
	})
}
