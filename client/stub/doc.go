// Package stub runs an application that is written down in a file: a stand-in
// for a real one that is not there. The file is YAML or JSON and names the
// application, the methods that it offers, each with its answer, and the streams
// that it publishes, each with its rules and its data. What is computed is
// written in jq. See App for the members of the file.
//
// Load and Parse read a file and tell all that is wrong with it, with its line
// and with what helps. App.Start puts the application on a connection that the
// caller made.
//
// An App is read only and may be started several times, at once too. A Running
// may be closed from any goroutine. Options.Log is called by several goroutines,
// one at a time.
//
// The package may import the client and the vocabulary of the bus, and nothing
// of the screen.
package stub
