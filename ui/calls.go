package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// What is done with the results of a call.

// findInResult goes to the next row that was looked for, or says that there is none.
func (a *App) findInResult(t *model.Thing, delta int) {
	t.Touch()
	if at, _ := t.Results.FindNext(t.Sought(), delta); at == 0 {
		a.state.Say(`no value has "` + t.Find + `"`)
	}
}

// nextHit goes to the next hit, or, when nothing is looked for in a result, to the
// next mark against returns.
func (a *App) nextHit(delta int) {
	t := a.state.Shown()
	switch {
	case t.Find != "":
		a.findNext(delta)
		return
	case t.Part == model.InEvent:
		t.Event.NextMark(delta)
		return
	}
	t.Touch()
	t.Results.NextMark(delta)
}

// deepen unfolds one level more, or with -1 one less.
func (a *App) deepen(delta int) {
	if tree := a.tree(); tree != nil {
		a.touch()
		a.state.Say(model.Count(tree.Deeper(delta), "level") + " unfolded")
	}
}

func (a *App) wrap() {
	t := a.state.Shown()
	t.Touch()
	t.Wrap = !t.Wrap
}

// differ shows the difference to the call before of the same method and target.
func (a *App) differ() {
	t := a.state.Shown()
	t.Touch()
	if t.Results.Compared != nil {
		t.Results.Compared = nil
		return
	}
	server := ""
	if ans := t.Results.Current(); ans != nil {
		server = ans.Server.Name()
	}
	t.Results.Compared = model.CompareCalls(a.state.Before(t.Record), t.Record, server, a.state.Now)
}

func nothingBefore(a *App) string {
	t := a.state.Shown()
	switch {
	case t.Record == nil || t.Phase != model.Ended:
		return "no answer yet"
	case a.state.Before(t.Record) == nil:
		return "no call before with the same method and target"
	}
	return ""
}

func nowhereToFind(a *App) string {
	if a.state.Shown().Part == model.InEvent {
		return noTree(a)
	}
	if a.state.Shown().Stream() {
		return noRows(a)
	}
	return noValue(a)
}

func nothingNext(a *App) string {
	t := a.state.Shown()
	n := 0
	switch {
	case t.Part == model.InEvent && t.Diffing():
		return noTree(a)
	case t.Part == model.InEvent:
		n, _ = t.Event.Marks()
	case t.Stream():
		return nothingSought(a)
	default:
		n, _, _ = t.Results.Marks()
	}
	if t.Find == "" && n == 0 {
		return "nothing to find yet, and no mark against returns; {find.start} asks for it"
	}
	return ""
}

func nothingToWrap(a *App) string {
	if a.state.Shown().Part == model.InEvent {
		return noTree(a)
	}
	return noValue(a)
}

func noValue(a *App) string {
	for _, ans := range a.state.Shown().Results.Answers {
		if ans.Tree != nil {
			return ""
		}
	}
	return "no value here"
}

// repeat asks the same again.
func (a *App) repeat() tea.Cmd {
	t := a.state.Shown()
	again := func(a *App) tea.Cmd { return a.run(a.state.Repeat(t)) }
	if args, ready := a.state.Ready(t); ready && !t.Stream() {
		return a.severally(t.Method, t.Target, args, again)
	}
	return again(a)
}

// repeatLast asks what the method under the cursor was asked last.
func (a *App) repeatLast() tea.Cmd {
	m := a.state.CardMethod()
	last := a.state.Calls(m.ID, 1)[0]
	return a.severally(m.ID, last.Target, last.Args, func(a *App) tea.Cmd { return a.run(a.state.RepeatLast(m)) })
}

// repeatRecord asks what the call under the cursor of the history asked.
func (a *App) repeatRecord() tea.Cmd {
	r := a.record()
	return a.severally(r.Method, r.Target, r.Args, func(a *App) tea.Cmd { return a.run(a.state.RepeatRecord(r)) })
}

// forgetRecord deletes the call under the cursor from the history.
func (a *App) forgetRecord() tea.Cmd {
	return a.run(a.state.ForgetCall(a.record()))
}

func (a *App) compareRecords() { a.state.Pages[model.History].(*model.HistoryPage).Compare(a.state) }

func (a *App) compareWords() string {
	p := a.state.Pages[model.History].(*model.HistoryPage)
	switch {
	case p.Table != nil:
		return "close"
	case p.Marked != "":
		return "with the marked one"
	}
	return "compare"
}

func noRecord(a *App) string {
	if a.record() == nil {
		return "no call here"
	}
	return ""
}

func cantOpen(a *App) string {
	r := a.record()
	if r == nil {
		return "no call here"
	}
	return a.state.CantRepeat(r)
}

func (a *App) orderWords() string {
	return "sort: " + model.OrderWord(a.state.Lists[model.History].Sort)
}

func cantOpenOrTable(a *App) string {
	if p := a.state.Pages[model.History].(*model.HistoryPage); p.Table != nil {
		return ""
	}
	return cantOpen(a)
}
