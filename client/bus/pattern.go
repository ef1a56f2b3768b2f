package bus

import (
	"regexp"
	"strings"
)

// compile reads a text between slashes, perhaps with an i behind, as a regular
// expression. Other texts give nil and no error.
func compile(text string) (*regexp.Regexp, error) {
	flags, body := "", text
	if rest, ok := strings.CutSuffix(text, "/i"); ok && len(rest) > 1 {
		flags, body = "(?i)", rest+"/"
	}
	if len(body) < 3 || body[0] != '/' || body[len(body)-1] != '/' {
		return nil, nil //nolint:nilnil // no pattern is no error
	}
	return regexp.Compile(flags + body[1:len(body)-1])
}

// newPattern gives the test that a text of a filter stands for. What is equal
// always fits, so that a name that looks like a pattern finds itself.
func newPattern(want string) func(string) bool {
	re, err := compile(want)
	if re == nil || err != nil {
		return func(have string) bool { return strings.EqualFold(want, have) }
	}
	return func(have string) bool { return strings.EqualFold(want, have) || re.MatchString(have) }
}
