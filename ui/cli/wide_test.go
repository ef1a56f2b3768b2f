package cli

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestEastAsianLocales(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{map[string]string{"LANG": "ja_JP.UTF-8"}, true},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, true},
		{map[string]string{"LANG": "ko_KR.UTF-8", "LC_CTYPE": "C.UTF-8"}, false},
		{map[string]string{"LANG": "de_DE.UTF-8"}, false},
		{nil, false},
	} {
		if got := eastAsian(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %v", c.env, got)
		}
	}
}

// The terminal says in which column it is after a sign; what was typed before that, or
// comes in parts, is no matter, and silence means that ASCII is safer.
func TestTerminalsTellHowWideTheyDraw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		said string
		want bool
	}{
		{"\x1b[12;2R", false}, {"\x1b[12;3R", true}, {"2g\x1b[1;2R", false}, {"", true}, {"\x1b[12;", true},
	} {
		var drawn bytes.Buffer
		in := io.MultiReader(iotest.OneByteReader(strings.NewReader(c.said)), iotest.ErrReader(errors.New("canceled")))
		if got := askWide(in, &drawn); got != c.want {
			t.Errorf("%q: %v", c.said, got)
		}
		if drawn.String() != "\r●\x1b[6n\r\x1b[K" {
			t.Errorf("drew %q", drawn.String())
		}
	}
}
