package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// callBindings are the keys of results, of the history and of saved calls.
func callBindings() []binding {
	history, saved := []place{inHistory}, []place{inSaved}
	tree := []place{inResult, inEvent}
	return []binding{
		{id: "object.use", keys: []string{"a"}, in: []place{inResult, inCompare, inEvent, inRows, inHistory}, does: "methods that take this object", footer: 6, label: words("use in a call"), why: noObject, do: do((*App).openUses)},
		{id: "form.recall", keys: []string{"ctrl+r"}, in: []place{inForm}, does: "values of earlier calls", footer: 6, label: words("earlier values"), why: nothingEarlier, do: do((*App).openRecall)},
		{id: "result.diff", keys: []string{"D"}, in: []place{inResult, inCompare}, does: "difference to the call before", why: nothingBefore, do: do((*App).differ)},
		{id: "tree.deeper", keys: []string{">"}, in: tree, does: "one level more", why: noTree, do: do(func(a *App) { a.deepen(1) })},
		{id: "tree.shallower", keys: []string{"<"}, in: tree, does: "one level less", why: noTree, do: do(func(a *App) { a.deepen(-1) })},
		{id: "view.wrap", keys: []string{"w"}, in: tree, does: "wrap long values", why: nothingToWrap, do: do((*App).wrap)},
		{
			id: "history.open", keys: []string{"enter"}, in: history, does: "open in the form", footer: 1, label: or((*App).groupWords, "open in form"), why: unlessGroup(cantOpenOrTable),
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "history.repeat", twin: "call.repeat", keys: []string{"r"}, in: history, does: "repeat, also after an error", footer: 2, label: words("repeat"), why: forbidden(model.ToInvoke, cantOpen), do: (*App).repeatRecord},
		{id: "history.compare", keys: []string{"d"}, in: history, does: "compare with another: mark one, then the other", footer: 4, label: (*App).compareWords, why: noRecord, do: do((*App).compareRecords)},
		{id: "history.sort", keys: []string{"s"}, in: history, does: "sort by the next column", footer: 6, label: (*App).orderWords, do: do(func(a *App) { a.state.CycleSort(model.History) })},
		{id: "history.delete", keys: []string{"x"}, in: history, does: "delete from the history", why: noRecord, do: (*App).forgetRecord},
		{id: "call.save", keys: []string{"S"}, in: []place{inResult, inCompare, inHistory}, does: "save the call", footer: 7, label: words("save"), why: nothingToSave, do: do((*App).openSave)},
		{
			id: "saved.open", keys: []string{"enter"}, in: saved, does: "open in the form", footer: 1, label: words("open in form"), why: cantRunSaved(true),
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "saved.run", keys: []string{"r"}, in: saved, does: "run; a list in order, as long as its calls return", footer: 2, label: words("run"), why: forbidden(model.ToInvoke, cantRunSaved(false)), do: (*App).runSaved},
		{id: "saved.env", keys: []string{"v"}, in: saved, does: "environment", footer: 3, why: noEnv, do: do((*App).nextEnv)},
		{id: "saved.new", keys: []string{"N"}, in: saved, does: "new, from the open form", footer: 5, label: words("new"), why: nothingToSave, do: do((*App).openSave)},
		{id: "saved.reload", keys: []string{"ctrl+r"}, in: saved, does: "read the folder again", do: func(a *App) tea.Cmd { return a.shelf("read again", nil) }},
		{id: "saved.delete", keys: []string{"x"}, in: saved, does: "delete (asks)", why: noSaved, do: do((*App).askDelete)},
		{id: "result.best", keys: nil, in: []place{inResult, inCompare}, does: "why best takes it", why: oneAnswer, do: do(func(a *App) {
			if t := a.state.Shown(); t.Results.Compared == nil || t.Results.Compared.Before {
				t.Results.Compared = nil
				a.compare()
			}
		})},
	}
}
