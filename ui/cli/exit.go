package cli

import (
	"errors"
	"fmt"
	"io"
	"syscall"

	"ioscope/client"
)

// The exit codes of every command.
const (
	exitFine     = 0 // done; also help, a stream that ended, and a command that runs until it is told to stop
	exitFailed   = 1 // a server's or a publisher's no, no connection, and all that has no code of its own
	exitUsage    = 2 // wrong flags or arguments, or no terminal for the explorer; nothing was sent
	exitNone     = 3 // no such method, stream, server or action within the wait timeout
	exitNoAnswer = 4 // no answer within the response timeout
	exitOpen     = 5 // a question of an action that nothing and nobody answers
)

// exitMeanings says them to people.
var exitMeanings = []struct {
	code    int
	meaning string
}{
	{exitFine, "Done; also a stream that ended, and a command that runs until it is told to stop."},
	{exitFailed, "A server or a publisher said no, there was no connection, or anything else failed."},
	{exitUsage, "Wrong flags or arguments, or no terminal for the explorer. Nothing was sent."},
	{exitNone, "No such method, stream, server or action within the wait timeout."},
	{exitNoAnswer, "No answer within the response timeout."},
	{exitOpen, "An action asked what nothing and nobody answered. It was canceled."},
}

// exits is the one table that says which error ends with which code. The first
// row that fits counts; an error that fits none is exitFailed.
var exits = []struct {
	code int
	fits func(error) bool
}{
	{exitUsage, is[*usageError]},
	{exitNone, is[*noOffer]},
	{exitNone, is[*client.NoMethodError]},
	{exitNone, is[*noAction]},
	{exitNoAnswer, is[*client.NoAnswerError]},
	{exitOpen, is[*unansweredError]},
}

// is reports whether the chain of err has an error of type E.
func is[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func exitCode(err error) int {
	if err == nil {
		return exitFine
	}
	for _, row := range exits {
		if row.fits(err) {
			return row.code
		}
	}
	return exitFailed
}

// usageError is a mistake of who typed the command. Nothing was sent.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// hinted is an error that knows what helps.
type hinted struct {
	err  error
	hint string
}

func (e *hinted) Error() string { return e.err.Error() }
func (e *hinted) Unwrap() error { return e.err }

func withHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	return &hinted{err, hint}
}

// told marks an error whose words stand on stderr already; only its exit code
// is left to be used.
type told struct{ error }

func (e told) Unwrap() error { return e.error }

// report prints the error for people, sanitized: its words may be a stranger's.
func report(w io.Writer, err error) {
	if err == nil || is[told](err) {
		return
	}
	printLines(w, "error: ", err.Error())
	var h *hinted
	if errors.As(err, &h) {
		printLines(w, "hint: ", h.hint)
	}
}

// readerGone reports whether who reads our stdout has gone, as head does when
// it has enough. That is no failure of ours.
func readerGone(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}
