package ui

import "strings"

// formBindings are the keys of a form, on its side of fields and its side of JSON.
func formBindings() []binding {
	form, both := []place{inForm}, []place{inForm, inJSON}
	return []binding{
		{id: "form.next", keys: []string{"tab", "down", "enter"}, in: form, does: "next field; enter on a button presses it", footer: 1, label: (*App).nextWords, do: (*App).nextField},
		{id: "form.prev", keys: []string{"shift+tab", "up"}, in: form, does: "previous field", do: do(func(a *App) { a.moveField(-1) })},
		{id: "form.send", keys: []string{"ctrl+s", "alt+enter"}, in: both, does: "send", footer: 2, label: (*App).sendWords, why: maySend, do: (*App).send},
		{id: "form.target", keys: []string{"ctrl+t"}, in: both, does: "target", footer: 3, why: noTarget, do: do((*App).openTargets)},
		{id: "form.add", keys: []string{"ctrl+n"}, in: form, does: "add an item after this", footer: 4, label: words("add item"), why: noItems, do: do((*App).addItem)},
		{id: "form.json", keys: []string{"ctrl+g"}, in: form, does: "form, JSON", footer: 5, label: words("JSON"), why: jsonOnly, do: do((*App).flip)},
		{id: "form.form", keys: []string{"ctrl+g"}, in: []place{inJSON}, does: "form, JSON", footer: 5, label: words("form"), why: jsonOnly, do: do((*App).flip)},
		{id: "edit.field", keys: []string{"f4"}, in: both, does: "this field in $EDITOR; where the cursor is in none, all", do: (*App).openEditor},
		{id: "edit.all", keys: []string{"ctrl+o"}, in: both, does: "all arguments in $EDITOR", do: (*App).editAll},
		{id: "form.leave-out", keys: []string{"ctrl+x"}, in: form, does: "leave out, or remove the item", do: do((*App).leaveOut)},
		{id: "form.item-up", keys: []string{"alt+up"}, in: form, does: "item up", why: noItem, do: do(func(a *App) { a.moveItem(-1) })},
		{id: "form.item-down", keys: []string{"alt+down"}, in: form, does: "item down", why: noItem, do: do(func(a *App) { a.moveItem(1) })},
		{id: "form.toggle", keys: []string{" "}, in: form, does: "on a box, a choice, a left-out field or a fold: change it", do: do((*App).toggleField)},
		{id: "json.format", keys: []string{"alt+f"}, in: []place{inJSON}, does: "format", footer: 4, do: do((*App).formatJSON)},
		{id: "json.repair", keys: []string{"ctrl+r"}, in: []place{inJSON}, does: "repair; again: as it was before", footer: 3, label: (*App).repairWords, why: notBroken, do: do((*App).repairJSON)},
		{id: "json.revert", keys: []string{"alt+z"}, in: []place{inJSON}, does: "broken text: back to the form, or the JSON, as it was", why: notRevertible, do: do((*App).revertJSON)},
		{id: "json.compact", keys: []string{"alt+c"}, in: []place{inJSON}, does: "compact", do: do((*App).compactJSON)},
		{id: "json.next", keys: []string{"tab"}, in: []place{inJSON}, does: "next: the button", footer: 1, label: words("to the button"), do: do(func(a *App) { a.moveField(1) })},
		{id: "json.prev", keys: []string{"shift+tab"}, in: []place{inJSON}, does: "back: the timeouts", do: do(func(a *App) { a.moveField(-1) })},
	}
}

// maySend asks whether the form may be sent. A face answers for its own forms.
func maySend(a *App) string {
	if a.face() != nil {
		return ""
	}
	return mayInvoke(func(*App) string { return "" })(a)
}

func notBroken(a *App) string {
	if f := a.sheet().Form; f.Broken() == nil && !f.Repaired() {
		return "it is JSON already"
	}
	return ""
}

func noItems(a *App) string {
	if _, ok := a.itemHere(); !ok {
		return "no list of items here"
	}
	return ""
}

func noItem(a *App) string {
	if !strings.Contains(string(a.sheet().Focus), "[") {
		return "no item here"
	}
	return ""
}

func jsonOnly(a *App) string { return a.sheet().Form.Reason }

func noTarget(a *App) string {
	if a.face() != nil {
		return "no target here"
	}
	return ""
}
