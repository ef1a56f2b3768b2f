// Package cli is the command line of ioscope: the subcommands, one file each,
// and the place where gateway, client, demo apps and explorer are put together.
//
// Every command is the twin of something that the explorer does. Data goes to
// stdout and nothing else does; errors (`error: …`, with a `hint: …` where one
// helps) and remarks (`note: …`) go to stderr. What came from the bus is
// sanitized before it is printed for people; with --json it is printed as it
// came, one object a line. How a command ends is told by its exit code, see exit.go.
//
// Main may be called several times and from several goroutines: all that it
// uses comes in through Env. Nobody but package main imports this package.
package cli
