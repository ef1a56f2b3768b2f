package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// resultBindings are the keys of answers: trees, and all servers in one table.
func resultBindings() []binding {
	tree := []place{inResult, inEvent}
	return []binding{
		{
			id: "tree.fold", keys: []string{"enter", " "}, in: tree, does: "fold, unfold", footer: 1, label: (*App).foldWords, why: nothingToFold,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "tree.close-deep", keys: []string{"H"}, in: tree, does: "fold all below", do: onTree(func(t *model.Tree) { t.FoldDeep(t.Cursor()) })},
		{id: "tree.open-deep", keys: []string{"L"}, in: tree, does: "unfold all below", do: unfolds(func(t *model.Tree) bool { return t.UnfoldDeep(t.Cursor()) })},
		{id: "tree.open-all", keys: []string{"o"}, in: tree, does: "unfold all", footer: 4, why: noTree, do: unfolds((*model.Tree).OpenAll)},
		{id: "tree.close-all", keys: []string{"O"}, in: tree, does: "fold all", do: onTree((*model.Tree).CloseAll)},
		{id: "result.compare", keys: []string{"c"}, in: []place{inResult}, does: "all servers in one table", footer: 2, label: words("compare"), why: oneAnswer, do: do((*App).compare)},
		{id: "compare.panels", twin: "result.compare", keys: []string{"c"}, in: []place{inCompare}, does: "one panel a server", footer: 1, label: words("panels"), do: do((*App).compare)},
		{id: "compare.left", keys: []string{"left", "h"}, in: []place{inCompare}, does: "servers to the left", do: do(func(a *App) { a.slide(-1) })},
		{id: "compare.right", keys: []string{"right", "l"}, in: []place{inCompare}, does: "servers to the right", do: do(func(a *App) { a.slide(1) })},
		{id: "compare.same", keys: []string{"enter", " "}, in: []place{inCompare}, does: "what is the same everywhere: show, hide", footer: 3, label: words("same rows"), do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) }},
		{id: "compare.next", keys: []string{"n"}, in: []place{inCompare}, does: "next row that differs", footer: 2, label: words("next difference"), do: do(func(a *App) { a.state.Shown().Results.Compared.NextDiffers(1) })},
		{id: "compare.prev", keys: []string{"N"}, in: []place{inCompare}, does: "row before that differs", do: do(func(a *App) { a.state.Shown().Results.Compared.NextDiffers(-1) })},
		{id: "result.form", keys: []string{"i"}, in: []place{inResult}, does: "open the form again", footer: 5, label: words("form"), why: enterDoes, do: do((*App).unfold)},
	}
}

// unfolds does what unfolds a tree, and says where it was too much.
func unfolds(f func(*model.Tree) bool) func(*App) tea.Cmd {
	return do(func(a *App) {
		if t := a.tree(); t != nil {
			a.state.Shown().Touch()
			if !f(t) {
				a.state.Say("it is too much to unfold at once: some of it stays folded; {tree.fold} unfolds one of it")
			}
		}
	})
}

func onTree(f func(*model.Tree)) func(*App) tea.Cmd {
	return do(func(a *App) {
		if t := a.tree(); t != nil {
			a.state.Shown().Touch()
			f(t)
		}
	})
}

func noTree(a *App) string {
	if a.tree() == nil {
		return "no value here"
	}
	return ""
}

func oneAnswer(a *App) string {
	if len(a.state.Shown().Results.Answers) < 2 {
		return "only one server was asked"
	}
	return ""
}

func enterDoes(a *App) string {
	if t := a.state.Shown(); t.Phase == model.Ended && len(t.Results.Answers) == 0 {
		return "{tree.fold} opens it"
	}
	return ""
}

func nothingToFold(a *App) string {
	t := a.state.Shown()
	if t.Part == model.InEvent && t.Diffing() {
		return "a difference does not fold; {stream.diff} shows the event as it is"
	}
	if t.Part != model.InResult {
		return ""
	}
	switch ans := t.Results.Current(); {
	case ans == nil && t.Phase == model.Ended:
		return ""
	case ans == nil || ans.Pending:
		return "no answer yet"
	}
	return ""
}

func nothingToCopy(a *App) string {
	if text, _ := a.copyable(); text == "" {
		return "nothing to copy here"
	}
	return ""
}
