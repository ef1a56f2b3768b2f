package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// callBindings are the keys of results, of the history and of saved calls.
func callBindings() []binding {
	history := []place{inHistory}
	result, tree := []place{inResult}, []place{inResult, inEvent}
	return []binding{
		{id: "result.diff", keys: []string{"D"}, in: []place{inResult, inCompare}, does: "difference to the call before", why: nothingBefore, do: do((*App).differ)},
		{id: "tree.deeper", keys: []string{">"}, in: tree, does: "one level more", why: noTree, do: do(func(a *App) { a.deepen(1) })},
		{id: "tree.shallower", keys: []string{"<"}, in: tree, does: "one level less", why: noTree, do: do(func(a *App) { a.deepen(-1) })},
		{id: "view.wrap", keys: []string{"w"}, in: result, does: "wrap long values", why: noValue, do: do((*App).wrap)},
		{
			id: "history.open", keys: []string{"enter"}, in: history, does: "open in the form", footer: 1, label: words("open in form"), why: cantOpenOrTable,
			do: func(a *App) tea.Cmd { return a.run(a.state.Enter()) },
		},
		{id: "history.repeat", keys: []string{"r"}, in: history, does: "repeat, also after an error", footer: 2, label: words("repeat"), why: forbidden(model.ToInvoke, cantOpen), do: (*App).repeatRecord},
		{id: "history.compare", keys: []string{"d"}, in: history, does: "compare with another: mark one, then the other", footer: 4, label: (*App).compareWords, why: noRecord, do: do((*App).compareRecords)},
		{id: "history.sort", keys: []string{"s"}, in: history, does: "sort by the next column", footer: 6, label: (*App).orderWords, do: do(func(a *App) { a.state.CycleSort(model.History) })},
		{id: "history.delete", keys: []string{"x"}, in: history, does: "delete from the history", why: noRecord, do: (*App).forgetRecord},
		{id: "result.best", keys: nil, in: []place{inResult, inCompare}, does: "why best takes it", why: oneAnswer, do: do(func(a *App) {
			if t := a.state.Shown(); t.Results.Compared == nil || t.Results.Compared.Before {
				t.Results.Compared = nil
				a.compare()
			}
		})},
	}
}
