// Package ui is the explorer on the screen: the only tea.Model, what a key
// does, and how each pane is drawn.
//
// It reaches no network: it asks the bus through the interface Bus, which it
// declares itself, and hears of it through an Inbox. Everything it knows is in
// one model.State. Panes are functions of that state to lines of exact width;
// there are no components, no messages to ourselves, and one place where an
// effect turns into a command.
//
// Update and View run on Bubble Tea's goroutine. Inbox is the only part that
// other goroutines may touch.
package ui
