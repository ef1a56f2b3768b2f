package interval

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"ioscope/client/interval/schema"
)

// unanswered is how long a state may go without any render before the next one
// is sent all the same.
const unanswered = 10 * time.Second

// step is a render that can be answered or asked for other props: one of a
// transaction, or what a page shows. All is guarded by Runner.mu.
type step struct {
	r    *Runner
	host *instance
	ref  string // transaction or page

	render *schema.Render
	waits  bool
	known  map[int]map[string]bool // keys and hits that the host ever offered, by component

	answered bool
	values   []any
	choice   string
	answerID string  // id of the render that was answered
	arrived  bool    // the answer was acknowledged
	over     *Socket // what the answer was sent over last
	held     bool    // the answer waits until the state is settled

	asking  bool        // a state was sent and is not settled
	last    map[int]any // the state that was sent
	pending map[int]any // those that wait their turn
	timer   *time.Timer // settles
	turn    int         // of the timer, to tell a stale one
	settled chan struct{}
}

func (s *step) stopTimer() {
	s.turn++
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// show takes another render of the step, and begins to wait until no more follow
// when it may be the answer to a state.
func (s *step) show(r *schema.Render) {
	s.render = r
	if s.known == nil {
		s.known = map[int]map[string]bool{}
	}
	for i := range r.Components {
		if offered := offers(r.Components[i].Props); offered != nil {
			if s.known[i] == nil {
				s.known[i] = map[string]bool{}
			}
			for _, key := range offered {
				s.known[i][key] = true
			}
		}
	}
	if s.asking {
		s.settleAfter(s.r.opts.Quiet)
	}
}

// offers lists the answers that a component allows by key; nil for another kind.
func offers(p schema.Props) []string {
	out := []string{}
	switch p := p.(type) {
	case *schema.SelectTable:
		for _, row := range p.Data {
			out = append(out, row.Key)
		}
		return append(out, p.SelectedKeys...)
	case *schema.Search:
		for _, hit := range p.Results {
			out = append(out, hit.Value)
		}
		if p.DefaultValue != nil {
			out = append(out, *p.DefaultValue)
		}
		return out
	}
	return nil
}

// settleAfter lets the step settle when nothing has come for a while.
func (s *step) settleAfter(d time.Duration) {
	s.stopTimer()
	turn := s.turn
	s.timer = time.AfterFunc(d, func() {
		s.r.mu.Lock()
		defer s.r.mu.Unlock()
		if s.turn == turn && !s.r.closed {
			s.settle()
		}
	})
}

// settle sends what waited for the last state: the next one, or the answer.
func (s *step) settle() {
	s.asking = false
	if len(s.pending) > 0 {
		s.sendState()
		return
	}
	if s.settled != nil {
		close(s.settled)
		s.settled = nil
	}
	if s.held {
		s.held = false
		s.sendAnswer()
	}
}

// ask wants other props of a component. A newer wish replaces an older one that
// was not sent yet.
func (s *step) ask(index int, state any) {
	if s.pending == nil {
		s.pending = map[int]any{}
	}
	s.pending[index] = state
	if s.settled == nil {
		s.settled = make(chan struct{})
	}
	if !s.asking {
		s.sendState()
	}
}

// sendState changes one component at a time: of several, the host would draw
// halves.
func (s *step) sendState() {
	index := slices.Min(slices.Collect(maps.Keys(s.pending)))
	s.last = map[int]any{index: s.pending[index]}
	delete(s.pending, index)
	s.asking = true
	s.settleAfter(unanswered)
	s.postState()
}

func (s *step) postState() {
	values := make([]any, len(s.render.Components))
	for i, state := range s.last {
		if i < len(values) {
			values[i] = state
		}
	}
	s.post(&schema.IOResponse{Kind: schema.KindSetState, Values: values}, nil)
}

// answer checks and sends what the person answered.
func (s *step) answer(values []any, choice string) error {
	values, err := schema.CheckAll(s.render, values)
	if err != nil {
		return err
	}
	if err := s.checkKnown(values); err != nil {
		return err
	}
	if s.choice, err = schema.CheckChoice(s.render, choice); err != nil {
		return err
	}
	s.values, s.answered, s.arrived, s.answerID = values, true, false, s.render.ID
	if s.asking {
		s.held = true // the last render of the state could be taken for a refusal
		return nil
	}
	s.sendAnswer()
	return nil
}

// checkKnown refuses rows and hits that the host never offered: it would drop
// the former in silence and fail because of the latter.
func (s *step) checkKnown(values []any) error {
	var problems []schema.Problem
	for i, v := range values {
		known := s.known[i]
		if known == nil || schema.Missing(v) {
			continue
		}
		for _, key := range chosen(v) {
			if !known[key] {
				err := fmt.Errorf("%q is nothing that was offered", clip(key, 40))
				problems = append(problems, schema.Problem{Index: i, Label: s.render.Components[i].Label, Err: err})
			}
		}
	}
	if problems != nil {
		return &schema.AnswerError{Problems: problems}
	}
	return nil
}

// chosen lists the keys of an answer.
func chosen(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case schema.List:
		var out []string
		for _, item := range v {
			out = append(out, chosen(item)...)
		}
		return out
	case schema.Record:
		key, _ := v.Get("key")
		return chosen(key)
	}
	return nil
}

// lost reports an answer that went over a former connection and may not have
// arrived. One that is under way over the current one must not be repeated: if it
// is refused, the second would look like the refusal of the next answer.
func (s *step) lost() bool {
	return s.answered && !s.arrived && !s.held && s.over != s.host.socket
}

// sendAnswer sends what the person answered.
func (s *step) sendAnswer() {
	s.over = s.host.socket
	response := &schema.IOResponse{Kind: schema.KindReturn, Values: s.values, Choice: &s.choice}
	if len(s.render.Buttons) == 0 {
		response.Choice = nil
	}
	id := s.answerID
	s.post(response, func() {
		s.r.mu.Lock()
		defer s.r.mu.Unlock()
		if s.answerID == id {
			s.arrived = true
		}
	})
}

// pass answers displays that need none.
func (s *step) pass() {
	s.post(&schema.IOResponse{Kind: schema.KindReturn, Values: make([]any, len(s.render.Components))}, nil)
}

func (s *step) post(response *schema.IOResponse, arrived func()) {
	response.ID, response.InputGroupKey, response.TransactionID = s.render.ID, s.render.InputGroupKey, s.ref
	if response.Kind == schema.KindReturn && s.answerID != "" {
		response.ID = s.answerID
	}
	text, err := response.Encode()
	if err != nil {
		s.r.emit(Odd{s.host.id, err})
		return
	}
	// A host that is away hears it when it comes back.
	_ = Post(s.host.duplex, AnswerIO, AnswerMessage{s.ref, string(text)}, arrived, nil)
}

// begin asks for the first page of what comes page by page: nothing is shown
// without.
func (s *step) begin() {
	for i := range s.render.Components {
		switch p := s.render.Components[i].Props.(type) {
		case *schema.DisplayTable:
			if p.Async() {
				s.ask(i, schema.TableState{PageSize: p.PageSize()})
			}
		case *schema.DisplayGrid:
			if p.Async() {
				s.ask(i, schema.GridState{PageSize: p.PageSize()})
			}
		}
	}
}

// checkState reports a state that doesn't fit the component: hosts print it and
// change nothing.
func (s *step) checkState(index int, state any) error {
	if index < 0 || index >= len(s.render.Components) {
		return fmt.Errorf("no component %d", index)
	}
	c := &s.render.Components[index]
	fits := false
	switch state.(type) {
	case schema.TableState:
		fits = c.Method() == schema.DisplayTableMethod
	case schema.SelectTableState:
		fits = c.Method() == schema.SelectTableMethod
	case schema.GridState:
		fits = c.Method() == schema.DisplayGridMethod
	case schema.SearchState:
		fits = c.Method() == schema.SearchMethod
	case schema.UploadState:
		fits = c.Method() == schema.UploadFileMethod
	}
	if !fits {
		return fmt.Errorf("%s %q takes no %T", c.Method(), clip(c.Label, 40), state)
	}
	if !c.Stateful {
		return errors.New("the component never changes")
	}
	return nil
}
