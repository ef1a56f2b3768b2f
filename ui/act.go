package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/client/bus"
	"ioscope/model"
)

// quit ends the program.
func (a *App) quit() tea.Cmd {
	for _, d := range a.desks {
		d.asker.Close()
	}
	return tea.Quit
}

// back goes back one step: out of a dialog, out of a filter, out of a pane.
func (a *App) back() {
	switch {
	case len(a.dialogs) > 0:
		a.closeDialog()
	case a.filtering:
		a.clearFilter()
	default:
		if !a.state.Back() {
			a.state.Say(a.keyFor("app.quit") + " quits")
		}
	}
}

// turn goes to the next part: inside the workspace first, then to the next pane.
func (a *App) turn(delta int) {
	t := a.state.Shown()
	if a.state.Focus == model.Workspace && a.face() == nil && t != nil && delta < 0 && t.Part == model.InResult {
		a.unfold()
		t.Focus = model.StopSend
		return
	}
	if a.state.TurnSlot(delta) {
		return
	}
	a.state.Turn(delta)
}

func (a *App) unfold() {
	if t := a.state.Shown(); t != nil {
		a.state.Unfold(t)
	}
}

// toLast goes to the last row; in a stream it follows the tail.
func (a *App) toLast() {
	if t := a.state.Shown(); a.state.Focus == model.Workspace && t != nil && t.Content == nil && t.Part == model.InRows && !(t.ByKeys() && t.Tail.Following()) && t.Tail.Sorted() == "" {
		t.Tail.Follow()
		return
	}
	a.state.MoveCursor(farAway)
}

// pause holds the rows of the stream, or lets them go on.
func (a *App) pause() {
	t := a.state.Shown()
	t.Touch()
	if t.Tail.Following() {
		t.Tail.Pause(a.state.Now)
	} else {
		t.Tail.Follow()
	}
}

// out folds what the cursor is on, or goes back to the list.
func (a *App) out() {
	tree := a.tree()
	if tree == nil {
		if a.state.Focus == model.Workspace && !a.outOfHistory() {
			a.back()
		} else if a.state.Focus != model.Workspace {
			a.outOfGroup()
		}
		return
	}
	i := tree.Cursor()
	switch row := tree.Row(i); {
	case row.Foldable && !row.Folded:
		tree.Toggle(i)
	case tree.Parent(i) >= 0:
		tree.SetCursor(tree.Parent(i))
	default:
		a.back()
	}
}

// in unfolds what the cursor is on, or goes into it.
func (a *App) in() tea.Cmd {
	if tree := a.tree(); tree != nil {
		if row := tree.Row(tree.Cursor()); row.Foldable && row.Folded {
			tree.Toggle(tree.Cursor())
			return nil
		}
		tree.Move(1)
		return nil
	}
	switch a.state.Focus {
	case model.Workspace:
		if a.inGroup() {
			return nil
		}
		if t := a.state.Shown(); a.face() != nil || t != nil && t.Part == model.InRows {
			return a.run(a.state.Enter())
		}
		return nil
	case model.Servers, model.Methods, model.Streams, model.Open:
		if !a.inGroup() {
			a.state.Go(model.Workspace)
		}
	default:
	}
	return nil
}

// tree is the JSON tree that the keyboard is in, or nil.
func (a *App) tree() *model.Tree {
	if a.state.Focus != model.Workspace {
		return nil
	}
	if f := a.face(); f != nil {
		if f, ok := f.(treeFace); ok {
			return f.tree(a)
		}
		return nil
	}
	t := a.state.Shown()
	if t == nil {
		return nil
	}
	switch t.Part {
	case model.InResult:
		if ans := t.Results.Current(); ans != nil && t.Results.Inside && t.Results.Compared == nil {
			return ans.Tree
		}
	case model.InEvent:
		if !t.Diffing() {
			return t.Event
		}
	case model.InForm, model.InRows:
	}
	return nil
}

func (a *App) forget(all bool) {
	if n := a.state.Forget(all); n > 0 {
		a.state.Say("cleared " + model.Count(n, "row"))
	} else {
		a.state.Say("nothing has left")
	}
}

func (a *App) onTombstone() bool {
	id := a.state.Lists[a.state.Focus].Cursor()
	if s := a.state.Dir.Server(id); s != nil {
		return s.Gone()
	}
	m := a.state.Dir.Method(id)
	return m != nil && m.Gone()
}

func (a *App) closeShown() tea.Cmd {
	t := a.state.Shown()
	if o, ok := t.Content.(*model.Offering); ok {
		return a.closeOffering(o)
	}
	if _, ok := t.Content.(*model.Run); ok {
		return a.closeRun()
	}
	if t.Phase == model.Asking && !t.Stream() {
		effects := a.state.GiveUp(t)
		t.Touch()
		return a.run(effects)
	}
	return a.run(a.state.Close(t))
}

func (a *App) unsubscribe() tea.Cmd {
	t := a.state.Shown()
	t.Touch()
	if t.Live() {
		return a.run(a.state.GiveUp(t))
	}
	return a.run(a.state.Repeat(t))
}

func (a *App) stepEvent(delta int) {
	t := a.state.Shown()
	t.Tail.MoveCursor(delta, a.state.Now)
	a.state.ShowEvent(t)
}

// compare turns the panels of several servers into one table, and back.
func (a *App) compare() {
	t := a.state.Shown()
	t.Touch()
	t.Results.ToggleCompared()
}

// turnTimes tells the time of a stream's rows in another way.
func (a *App) turnTimes() {
	t := a.state.Shown()
	t.NextTimes()
	a.state.Say("time: " + t.Times.String())
}

// retry tries to connect now; after a refusal it asks for another name first.
func (a *App) retry() tea.Cmd {
	if r, ok := a.otherBus(); ok {
		return a.enterBus(r)
	}
	return a.tryNow()
}

// tryNow ends the wait for the next try to connect.
func (a *App) tryNow() tea.Cmd {
	if a.state.Conn.State == bus.Refused {
		a.openLogin()
		return nil
	}
	return a.run([]model.Effect{model.Retry{}})
}

func (a *App) retryWords() string {
	if r, ok := a.otherBus(); ok {
		return "go to " + r.Name
	}
	return a.tryWords()
}

func (a *App) tryWords() string {
	if a.state.Conn.State == bus.Refused {
		return "log in again"
	}
	return "try now"
}

// slide moves the servers of the table sideways.
func (a *App) slide(delta int) {
	r := &a.state.Shown().Results
	r.Compared.Left = min(max(r.Compared.Left+delta, 0), len(r.Compared.Columns)-1)
}

// copyable is the text that y would copy, and what it is.
func (a *App) copyable() (text, what string) {
	if a.nobody() {
		if err := a.state.Conn.Err; err != nil {
			return err.Error(), "the error"
		}
		return a.state.Conn.URL, "the address"
	}
	if tree := a.tree(); tree != nil {
		return string(tree.Row(tree.Cursor()).Raw), "the value"
	}
	if f := a.face(); f != nil {
		if f, ok := f.(copyFace); ok {
			return f.copyable(a)
		}
		return "", ""
	}
	if a.state.Welcome || a.deserted() {
		return a.state.Conn.URL, "the address"
	}
	if t := a.state.Shown(); t != nil {
		if t.Part == model.InEvent && t.Diffing() {
			return string(t.Diff.Row().Raw), "the value"
		}
		if t.Part == model.InRows {
			if e := t.KeyEntry(a.state.Now); e != nil {
				return string(e.Data), "the payload"
			}
			if row, ok := t.Tail.Current(); ok {
				return string(row.Data), "the payload"
			}
		}
		if ans := t.Results.Current(); ans != nil && ans.Err != nil {
			return ans.Err.Error(), "the error"
		}
		return string(t.Args), "the arguments"
	}
	if s := a.state.CardServer(); s != nil {
		return s.Instance.Name(), "the name"
	}
	if m := a.state.CardMethod(); m != nil {
		return m.Def.Name, "the name"
	}
	if g := a.state.CardGroup(); g != nil {
		return g.Name, "the name"
	}
	return "", ""
}

// narrowHere narrows to the server under the cursor; a group is opened or closed.
func (a *App) narrowHere() {
	if !a.toggleGroup() {
		a.state.NarrowTo(a.state.Lists[model.Servers].Cursor())
	}
}

// What the footer says of keys whose words depend on the moment.

func (a *App) narrowWords() string {
	if word := a.groupWords(); word != "" {
		return word
	}
	if a.state.Narrow != "" && a.state.Narrow == a.state.Lists[model.Servers].Cursor() {
		return "widen"
	}
	return "narrow, stay"
}

func (a *App) askAllWords() string {
	return "ask all " + model.Number(len(a.state.CardMethod().Offers))
}

func (a *App) sortWords() string { return "sort: " + a.state.Lists[a.state.Focus].Sort.String() }

func (a *App) closeWords() string {
	switch t := a.state.Shown(); {
	case t == nil || t.Content != nil:
		return "close"
	case t.Phase == model.Asking:
		return "give up"
	case t.Live():
		return "unsubscribe, close"
	}
	return "close"
}

func (a *App) pauseWords() string {
	if t := a.state.Shown(); t != nil && t.Tail != nil && !t.Tail.Following() {
		return "resume"
	}
	return "pause"
}

func (a *App) unsubscribeWords() string {
	switch t := a.state.Shown(); {
	case t.Phase == model.Waiting:
		return "stop waiting"
	case t.Live():
		return "unsubscribe"
	}
	return "subscribe again"
}

func (a *App) rowWords() string {
	if t := a.state.Shown(); t.Phase == model.Ended && t.Tail.Len() == 0 {
		return "change the arguments"
	}
	if a.state.Shown().ByKeys() {
		return "its rows"
	}
	return "open event"
}

func (a *App) foldWords() string {
	if t := a.state.Shown(); t.Part == model.InResult && len(t.Results.Answers) == 0 {
		return "form"
	}
	if tree := a.tree(); tree != nil {
		if row := tree.Row(tree.Cursor()); row.Folded {
			return "unfold"
		}
	}
	return "fold"
}

func (a *App) cardWords() string {
	switch m := a.state.CardMethod(); {
	case m != nil && m.Streaming():
		return "subscribe"
	case m != nil && m.Action != nil && m.Action.Page:
		return "open the page"
	}
	return "form"
}

func (a *App) sendWords() string {
	if f, ok := a.face().(interface{ sendWords() string }); ok {
		return f.sendWords()
	}
	if t := a.state.Shown(); t.Stream() {
		return "subscribe"
	}
	return "send"
}

func (a *App) demoWords() string {
	if a.state.Conn.State == bus.Live {
		return "demo apps"
	}
	return "demo bus"
}
