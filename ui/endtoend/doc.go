// Package endtoend tests the whole program: the built binary in a real terminal,
// seen through an emulator, against gateways and apps that are processes or
// clients of their own. It has no code besides the tests.
//
// A test presses keys, clicks and resizes as a person does, and asserts on the
// screen alone, not on what was written to it; the exceptions are the tests of
// what must never be written. It waits for what the screen is to show and looks
// again whenever something was drawn. Whatever a test starts listens on a free
// port, keeps its files in a directory of its own and ends with the test.
//
// The tests need Linux: they look into a PTY's input queue and into /proc.
package endtoend
