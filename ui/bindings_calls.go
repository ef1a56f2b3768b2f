package ui

// callBindings are the keys of results, of the history and of saved calls.
func callBindings() []binding {
	result, tree := []place{inResult}, []place{inResult, inEvent}
	return []binding{
		{id: "result.diff", keys: []string{"D"}, in: []place{inResult, inCompare}, does: "difference to the call before", why: nothingBefore, do: do((*App).differ)},
		{id: "tree.deeper", keys: []string{">"}, in: tree, does: "one level more", why: noTree, do: do(func(a *App) { a.deepen(1) })},
		{id: "tree.shallower", keys: []string{"<"}, in: tree, does: "one level less", why: noTree, do: do(func(a *App) { a.deepen(-1) })},
		{id: "view.wrap", keys: []string{"w"}, in: result, does: "wrap long values", why: noValue, do: do((*App).wrap)},
		{id: "result.best", keys: nil, in: []place{inResult, inCompare}, does: "why best takes it", why: oneAnswer, do: do(func(a *App) {
			if t := a.state.Shown(); t.Results.Compared == nil || t.Results.Compared.Before {
				t.Results.Compared = nil
				a.compare()
			}
		})},
	}
}
