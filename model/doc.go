// Package model is the explorer's state and nothing else: what is on the bus,
// what is open, what is being typed, where the cursor is.
//
// It is pure. It reaches no terminal, no network and no clock: the time is an
// argument, what was heard comes in through Apply, what a person does through
// the methods of State, and what the world must do about it goes out as a list
// of Effects. Nothing in here blocks or starts a goroutine, and a State belongs
// to one goroutine.
//
// Strings from the bus are kept as they came; who draws them cleans them.
package model
