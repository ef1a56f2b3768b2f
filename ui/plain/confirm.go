package plain

import "strings"

// question is something that is asked before it is done.
type question struct {
	kept string
	yes  func() error
	desk *desk
}

// sureIf does something; where that hurts somebody it asks first.
func (x *explorer) sureIf(hurts, what string, do func() error) error {
	if hurts == "" {
		return do()
	}
	x.sure = &question{what + ": not done, all stays", do, x.desk}
	x.sayf("%s: %s. Type yes to do it; anything else keeps all as it is", what, strings.TrimSuffix(hurts, "."))
	return nil
}

// isReply reports whether a line answers a question that is asked before something is
// done.
func isReply(line string) bool {
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "yes", "y", "no", "n", "":
		return true
	}
	return false
}

// answered takes the line after a question. It is false where the line is a command
// of its own, which keeps all as it is.
func (x *explorer) answered(line string) bool {
	q := x.sure
	if q == nil {
		return false
	}
	x.sure = nil
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "yes", "y":
		x.within(q.desk, func() {
			x.now()
			if err := q.yes(); err != nil {
				x.complain(err)
			}
		})
		return true
	case "no", "n", "":
		x.say(q.kept)
		return true
	}
	x.say(q.kept)
	return false
}
