// Package interval speaks the Interval protocol, from both sides: a [Host] offers
// actions and pages and asks the person who runs them, as the Interval SDK does;
// a [Runner] is the server and dashboard that hosts connect to.
//
// Three layers carry a conversation. A [Socket] sends texts over a connection and
// waits until the other side has acknowledged each. A duplex RPC client makes
// calls in both directions over one socket; which messages each side may send
// and answer is declared in rpc_methods.go, as types. On top of it, renders and
// answers travel as package schema knows them.
//
// # Concurrency
//
// All methods of Host, Runner and Transaction may be called from any goroutine.
// [RunnerOptions.OnEvent] hears one event at a time, in order. Handlers of actions
// run in goroutines of their own. Every goroutine ends with Close.
//
// The package must not import ui or model.
package interval
