package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/cancelreader"
)

// Some terminals of people who read Chinese, Japanese or Korean draw the signs that
// are neither wide nor narrow, such as ● and →, two cells wide, and most don't. Only
// the terminal knows, and it can be asked: it draws one and says where the cursor is.

// wideAnswer is how long a terminal has to say it.
const wideAnswer = 300 * time.Millisecond

// eastAsian reports whether the locale is one where such terminals are at home.
func eastAsian(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := getenv(name); locale != "" {
			language, _, _ := strings.Cut(locale, "_")
			return language == "ja" || language == "ko" || language == "zh"
		}
	}
	return false
}

// drawsWide asks the terminal of this process. One that does not answer is taken for
// one that does: signs in ASCII are right everywhere.
func drawsWide() bool {
	in := os.Stdin
	before, err := term.MakeRaw(in.Fd())
	if err != nil {
		return true
	}
	defer func() { _ = term.Restore(in.Fd(), before) }()
	keys, err := cancelreader.NewReader(in)
	if err != nil {
		return true
	}
	defer func() { _ = keys.Close() }()
	late := time.AfterFunc(wideAnswer, func() { keys.Cancel() })
	defer late.Stop()
	return askWide(keys, os.Stdout)
}

// askWide draws a sign at the beginning of the line, takes it away again, and reads in
// which column the cursor was: ESC [ row ; column R.
func askWide(in io.Reader, out io.Writer) bool {
	if _, err := io.WriteString(out, "\r●\x1b[6n\r\x1b[K"); err != nil {
		return true
	}
	var said []byte
	part := make([]byte, 64)
	for len(said) < 4096 {
		n, err := in.Read(part)
		said = append(said, part[:n]...)
		if _, from, ok := bytes.Cut(said, []byte("\x1b[")); ok {
			if place, _, whole := bytes.Cut(from, []byte("R")); whole {
				_, column, _ := bytes.Cut(place, []byte(";"))
				return string(column) != "2"
			}
		}
		if err != nil {
			break
		}
	}
	return true
}
