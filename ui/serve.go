package ui

import (
	"encoding/json"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/screen"
)

// serveFace draws what we offer: all of it, or one offer.
type serveFace struct{ v model.Provider }

func (f serveFace) place(a *App) place {
	switch s := f.sheet(a); {
	case s == nil:
		return inServe
	case s.Form.Mode() == model.JSONMode && s.Focus == model.StopJSON:
		return inJSON
	}
	return inForm
}

// sheet is the form that is open, when the keyboard is in it.
func (f serveFace) sheet(*App) *model.Sheet {
	if form := f.v.View().Form; form != nil {
		return form.Sheet
	}
	return nil
}

// press presses a button of the form.
func (f serveFace) press(a *App, stop model.FieldPath) tea.Cmd {
	form := f.v.View().Form
	switch stop {
	case model.StopError:
		a.state.RefuseForm(f.v, form.Call)
		return nil
	case model.StopAlways:
		return a.alwaysSo()
	}
	if form.Kind == model.ChangeOffer {
		if hurts := a.state.ChangeHurts(form); hurts != "" {
			a.confirm("Change "+form.Of.Def.Name+"?", hurts, "Keep it as it is", "Change it", func() tea.Cmd { return a.run(a.state.Submit(f.v)) })
			return nil
		}
	}
	before := a.state.Notice
	effects := a.state.Submit(f.v)
	if len(effects) > 0 && a.state.Notice == before {
		a.state.Notice = model.Notice{}
	}
	return a.run(effects)
}

// sendWords is what the form's first button does.
func (f serveFace) sendWords() string {
	if form := f.v.View().Form; form != nil {
		return strings.ToLower(formButton(form))
	}
	return "send"
}

func (f serveFace) filter(a *App) (string, func(string)) {
	l := a.state.ServeFilter(f.v)
	return l.Filter, func(text string) { l.Filter = text }
}

func (f serveFace) copyable(a *App) (text, what string) {
	row, ok := a.state.ServeAt(f.v)
	if !ok {
		return "", ""
	}
	switch row.Kind {
	case model.RowWaiting, model.RowPast:
		return string(row.In.Args), "the arguments"
	case model.RowSubscriber:
		return string(row.Subscriber.Args), "the arguments"
	case model.RowBranch:
		return row.Branch.Key, "the key"
	case model.RowRule, model.RowTimer, model.RowOffering:
	}
	return row.Of.Def.Name, "the name"
}

// row implements rowFace.
func (f serveFace) row(a *App) (screen.Text, screen.Line) {
	o, ok := f.v.(*model.Offering)
	if !ok {
		return screen.Text{}, screen.Line{}
	}
	return screen.T("←"), a.offeringState(o)
}

// offeringState is the live state of an offer, in a word or two.
func (a *App) offeringState(o *model.Offering) screen.Line {
	switch n := len(o.Waiting); {
	case n > 0 && o.Streaming():
		return screen.L(warn, clean(asksWords(n)))
	case n > 0:
		return screen.L(warn, clean(waitWords(n)))
	}
	switch o.Standing {
	case model.Registering:
		return screen.L(warn, a.spinner())
	case model.Refused:
		return screen.L(bad, screen.T("✗ not offered"))
	case model.Withdrawn:
		if o.Kept {
			return screen.L(warn, screen.T("kept, not offered"))
		}
		return screen.L(muted, screen.T("taken back"))
	case model.Offered:
	}
	switch rate := o.Traffic.Rate(a.state.Now); {
	case rate > 0:
		return screen.L(num, clean(model.PerSecond(rate)))
	case o.Streaming():
		return screen.L(muted, clean(model.Count(len(o.Subscribers), "subscriber")))
	}
	return screen.L(muted, clean(model.Number(o.Answered+o.Failed)+" answered"))
}

func waitWords(n int) string {
	if n == 1 {
		return "1 waits"
	}
	return model.Number(n) + " wait"
}

func asksWords(n int) string {
	if n == 1 {
		return "1 asks"
	}
	return model.Number(n) + " ask"
}

// provider is the page of offers that has the keyboard, or nil.
func (a *App) provider() model.Provider {
	if v, ok := a.state.Content().(model.Provider); ok && a.state.Focus == model.Workspace {
		return v
	}
	return nil
}

// serveRow is the row under the cursor of a page of offers.
func (a *App) serveRow() (model.ServeRow, bool) {
	if v := a.provider(); v != nil {
		return a.state.ServeAt(v)
	}
	return model.ServeRow{}, false
}

// serving is the offer that the cursor is on or in, or nil.
func (a *App) serving() *model.Offering {
	if o, ok := a.provider().(*model.Offering); ok {
		return o
	}
	if row, ok := a.serveRow(); ok {
		return row.Of
	}
	if list := a.state.Serving().Offerings; len(list) > 0 && a.provider() != nil {
		return list[0]
	}
	return nil
}

// newOffer asks for a method, or for a stream where streams were looked at.
func (a *App) newOffer() {
	stream := a.state.Focus == model.Streams
	if o := a.serving(); o != nil {
		stream = o.Streaming()
	}
	a.state.OfferForm(stream)
}

// serveRefuse answers with an error, rejects, closes or deletes, as suits the row.
func (a *App) serveRefuse() tea.Cmd {
	row, ok := a.serveRow()
	o := a.serving()
	switch {
	case !ok && o == nil:
		return nil
	case !ok:
		return a.closeOffering(o)
	}
	switch row.Kind {
	case model.RowWaiting:
		a.state.RefuseForm(a.provider(), row.In)
	case model.RowRule:
		return a.deleteRule(row)
	case model.RowTimer:
		return a.run(a.state.StopTimer(row.Of, row.Timer))
	case model.RowSubscriber:
		who := row.Subscriber.Who.Name()
		a.confirm("Close the subscription of "+who+"?", who+" hears no more of "+row.Of.Def.Name+".", "Keep it", "Close it", func() tea.Cmd {
			return a.run(a.state.Dismiss(row.Of, row.To()))
		})
	case model.RowBranch:
		n := len(row.Of.On(row.Branch.Key))
		a.confirm("Close the branch "+keyWord(row.Branch.Key)+"?", model.Count(n, "subscription")+" to "+row.Of.Def.Name+" end"+map[bool]string{true: "s"}[n == 1]+".", "Keep it", "Close it", func() tea.Cmd {
			return a.run(a.state.Dismiss(row.Of, row.To()))
		})
	case model.RowOffering:
		return a.closeOffering(row.Of)
	case model.RowPast:
	}
	return nil
}

// deleteRule takes a rule away, and asks first where it was of use.
func (a *App) deleteRule(row model.ServeRow) tea.Cmd {
	rule := row.Of.Rules[row.Rule]
	do := func() tea.Cmd {
		if i := row.Of.RuleNumber(rule.ID); i > 0 {
			return a.run(a.state.DeleteRule(row.Of, i-1))
		}
		return nil
	}
	if rule.Times == 0 {
		return do()
	}
	a.confirm("Delete rule "+model.Number(row.Rule+1)+"?", "It fitted "+timesWords(rule.Times)+".", "Keep it", "Delete it", do)
	return nil
}

// closeOffering takes an offer off the bus and off the screen, and asks first where
// that hurts somebody.
func (a *App) closeOffering(o *model.Offering) tea.Cmd {
	t := a.state.ThingOf(o)
	if t == nil {
		return nil
	}
	if why := a.state.Forbids(model.ToOffer); why != "" {
		a.state.Say(why)
		return nil
	}
	hurts := o.Hurts()
	if hurts == "" {
		return a.run(a.state.Close(t))
	}
	a.confirm("Close "+o.Def.Name+"?", hurts+".", "Keep it", "Close it", func() tea.Cmd { return a.run(a.state.Close(t)) })
	return nil
}

func keyWord(key string) string {
	if key == "" {
		return "(none)"
	}
	return key
}

// serveAccept accepts a subscriber, on the common branch.
func (a *App) serveAccept() tea.Cmd {
	row, _ := a.serveRow()
	return a.run(a.state.Accept(row.In, ""))
}

// serveAcceptBranch asks for the branch, and accepts on it.
func (a *App) serveAcceptBranch() tea.Cmd {
	row, _ := a.serveRow()
	in := row.In
	return a.openEntry(&entryDialog{
		title: "Accept " + in.Caller.Name() + " on a branch", foot: "enter accepts   tab completes   esc as it was",
		none: "no branch of that key yet; it comes to be with its first subscriber",
		options: func(a *App, text string) ([]string, tea.Cmd) {
			var keys []string
			for _, k := range append(slices.Clone(in.Of.Keys), argValues(in)...) {
				if strings.HasPrefix(strings.ToLower(k), strings.ToLower(text)) && !slices.Contains(keys, k) {
					keys = append(keys, k)
				}
			}
			return keys, nil
		},
		note: func(key string) string {
			switch n := len(in.Of.On(key)); {
			case n > 0:
				return model.Count(n, "subscriber")
			case slices.Contains(in.Of.Keys, key):
				return "empty now"
			}
			return "from the arguments"
		},
		accept: func(a *App, key string) tea.Cmd { return a.run(a.state.Accept(in, key)) },
	})
}

// argValues are the texts among the arguments, which is what keys are mostly made of.
func argValues(in *model.Incoming) []string {
	members, err := bus.Members(in.Args)
	if err != nil {
		return nil
	}
	var out []string
	for _, m := range members {
		var text string
		if json.Unmarshal(m.Value, &text) == nil && text != "" {
			out = append(out, text)
		}
	}
	return out
}

func (a *App) servePush(all bool) {
	to := model.PushTo{}
	if row, ok := a.serveRow(); ok && !all {
		to = row.To()
	}
	a.state.PushForm(a.provider(), a.serving(), to)
}

func (a *App) serveTimer() {
	to := model.PushTo{}
	if row, ok := a.serveRow(); ok {
		to = row.To()
	}
	a.state.TimerForm(a.provider(), a.serving(), nil, to)
}

// serveRule asks for a rule, made from what the cursor is on.
func (a *App) serveRule() {
	row, ok := a.serveRow()
	if ok && (row.Kind == model.RowWaiting || row.Kind == model.RowPast) {
		a.state.RuleFrom(a.provider(), row.In, row.In.Value)
		return
	}
	a.state.RuleForm(a.provider(), a.serving(), nil)
}

// answering is the form of an answer that the keyboard is in, or nil.
func (a *App) answering() *model.ServeForm {
	if v := a.provider(); v != nil && v.View().Form != nil && v.View().Form.Kind == model.AnswerCall {
		return v.View().Form
	}
	return nil
}

// alwaysSo makes a rule of the answer that is being written.
func (a *App) alwaysSo() tea.Cmd {
	form := a.answering()
	value, wrong := form.Sheet.Form.Args(a.state.Now)
	if form.Sheet.Wrong = wrong; len(wrong) > 0 {
		form.Sheet.Focus = wrong[0].Path
		a.state.Say(model.Count(len(wrong), "field") + " to fix; no rule was made")
		return nil
	}
	a.state.RuleFrom(a.provider(), form.Call, value)
	return nil
}

// openOffers asks for a file of offers.
func (a *App) openOffers() tea.Cmd {
	d := &entryDialog{
		title: "Offer what a file of ioscope serve has", foot: "enter offers it   tab completes   esc as it was", none: "no such file",
		accept: func(a *App, path string) tea.Cmd { return a.run([]model.Effect{model.LoadOffers{Path: path}}) },
	}
	d.options = func(a *App, text string) ([]string, tea.Cmd) {
		on := a.asker.bus
		return nil, func() tea.Msg { return completedMsg{d, text, on.Complete(text)} }
	}
	return a.openEntry(d)
}
