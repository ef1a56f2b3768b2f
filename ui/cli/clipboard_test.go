package cli

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"ioscope/ui"
)

// TestWaysToCopy looks at the way that is said, and at what reaches the terminal.
func TestWaysToCopy(t *testing.T) {
	t.Parallel()
	coded := base64.StdEncoding.EncodeToString([]byte("text"))
	works := func(string) error { return nil }
	fails := func(string) error { return errors.New("no display") }
	for _, c := range []struct {
		name  string
		ways  clipboards
		text  string
		way   string
		err   string
		wrote string
	}{
		{name: "terminal", text: "text", way: "OSC 52", wrote: "\x1b]52;c;" + coded + "\x07"},
		{
			name: "tmux", ways: clipboards{osc: ui.OSC52{Through: "tmux"}, others: []otherWay{{"tmux's buffer", works}}}, text: "text",
			way: "OSC 52 through tmux and tmux's buffer", wrote: "\x1bPtmux;\x1b\x1b]52;c;" + coded + "\x07\x1b\\",
		},
		{
			name: "tmux too old", ways: clipboards{osc: ui.OSC52{Through: "tmux"}, others: []otherWay{{"tmux's buffer", fails}}}, text: "text",
			way: "OSC 52 through tmux", wrote: "\x1bPtmux;\x1b\x1b]52;c;" + coded + "\x07\x1b\\",
		},
		{
			name: "screen", ways: clipboards{osc: ui.OSC52{Through: "screen"}}, text: "text",
			way: "OSC 52 through screen", wrote: "\x1bP\x1b]52;c;" + coded + "\x07\x1b\\",
		},
		{name: "desktop", ways: clipboards{others: []otherWay{{"the desktop's clipboard", works}}}, text: "text", way: "OSC 52 and the desktop's clipboard", wrote: "\x1b]52;c;" + coded + "\x07"},
		{name: "long", text: strings.Repeat("x", 2_000_000), err: "2.0 MB is over the 74 kB that OSC 52 carries; {data.export} exports"},
		{name: "long, desktop", ways: clipboards{others: []otherWay{{"the desktop's clipboard", works}}}, text: strings.Repeat("x", 2_000_000), way: "the desktop's clipboard"},
		{name: "console", ways: clipboards{dumb: true}, text: "text", err: "this terminal takes no clipboard text"},
		{name: "console, desktop fails", ways: clipboards{dumb: true, others: []otherWay{{"the desktop's clipboard", fails}}}, text: "text", err: "no display"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			c.ways.osc.Out = &out
			way, err := c.ways.Copy(c.text)
			if way != c.way || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
				t.Errorf("%q, %v; want %q, %q", way, err, c.way, c.err)
			}
			if out.String() != c.wrote {
				t.Errorf("wrote %q, want %q", out.String(), c.wrote)
			}
		})
	}
}

// TestFindingWays reads the environment.
func TestFindingWays(t *testing.T) {
	t.Parallel()
	find := func(pairs ...string) clipboards {
		vars := map[string]string{}
		for _, p := range pairs {
			k, v, _ := strings.Cut(p, "=")
			vars[k] = v
		}
		return newClipboards(Env{Getenv: func(k string) string { return vars[k] }}, nil)
	}
	if c := find("TERM=xterm", "TMUX=/tmp/x", "SSH_TTY=/dev/pts/1", "DISPLAY=:0"); c.osc.Through != "tmux" || len(c.others) != 1 {
		t.Errorf("tmux over SSH: %+v", c)
	}
	if c := find("TERM=screen.xterm", "STY=1", "SSH_TTY=1"); c.osc.Through != "screen" || len(c.others) != 0 {
		t.Errorf("screen: %+v", c)
	}
	if c := find("TERM=linux", "SSH_TTY=1"); !c.dumb {
		t.Errorf("console: %+v", c)
	}
	if c := find("TERM=xterm-256color", "SSH_CONNECTION=1", "DISPLAY=:0"); c.osc.Through != "" || len(c.others) != 0 || c.dumb {
		t.Errorf("SSH: %+v", c)
	}
}
