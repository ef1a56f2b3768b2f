package plain

import "strings"

// A script goes in order: a line waits for what the one before asked. Who types sees
// what goes on, and is not held up.

// waits reports whether no command is to be done now.
func (x *explorer) waits() bool {
	return !x.ready || !x.wait.IsZero() || x.idle || x.errands > 0
}

// take does what was read, or holds it.
func (x *explorer) take(line string) {
	if x.holds(line) {
		x.held = &line
		return
	}
	x.do(line)
}

// release does the line that was held once nothing holds it any more.
func (x *explorer) release() {
	if x.held == nil || x.over || x.waits() || x.holds(*x.held) {
		return
	}
	line := *x.held
	x.held = nil
	x.do(line)
	x.tell()
}

// holds reports whether a line of a script has to wait: for a run that works and asks
// nothing.
func (x *explorer) holds(line string) bool {
	switch {
	case x.o.Console.Typed(), x.login != "", x.sure != nil, x.form != nil:
		return false
	case x.job != nil:
		return !x.job.wants && !strings.HasPrefix(line, ".")
	}
	return false
}
