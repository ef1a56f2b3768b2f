package cli

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/atotto/clipboard"

	"ioscope/ui"
)

// clipboards are all the ways by which text can be copied from here. It is
// ui.Clipboard. OSC 52 reaches the person's own clipboard over SSH, too, and nothing
// answers to it; so what does answer is used beside it.
type clipboards struct {
	osc ui.OSC52
	// dumb is true where the terminal knows no OSC 52.
	dumb bool
	// others are the ways that say whether they worked.
	others []otherWay
}

type otherWay struct {
	name string
	copy func(text string) error
}

var _ ui.Clipboard = clipboards{}

// newClipboards finds out what there is.
func newClipboards(env Env, out io.Writer) clipboards {
	term := env.Getenv("TERM")
	c := clipboards{osc: ui.OSC52{Out: out}, dumb: term == "linux" || term == "dumb"}
	switch {
	case env.Getenv("TMUX") != "":
		c.osc.Through, c.dumb = "tmux", false
		c.others = append(c.others, otherWay{"tmux's buffer", tmuxBuffer})
	case strings.HasPrefix(term, "screen") && env.Getenv("STY") != "":
		c.osc.Through = "screen"
	}
	// Over SSH the clipboard of this machine is not that of the person.
	if env.Getenv("SSH_TTY") == "" && env.Getenv("SSH_CONNECTION") == "" && !clipboard.Unsupported && desktop(env) {
		c.others = append(c.others, otherWay{"the desktop's clipboard", clipboard.WriteAll})
	}
	return c
}

// Copy implements ui.Clipboard.
func (c clipboards) Copy(text string) (string, error) {
	var ways []string
	var failed error
	if !c.dumb {
		way, err := c.osc.Copy(text)
		if failed = err; err == nil {
			ways = append(ways, way)
		}
	}
	for _, o := range c.others {
		if err := o.copy(text); err == nil {
			ways = append(ways, o.name)
		} else if failed == nil {
			failed = err
		}
	}
	switch {
	case len(ways) > 0:
		return strings.Join(ways, " and "), nil
	case failed == nil:
		failed = errNoClipboard
	}
	return "", failed
}

var errNoClipboard = errors.New("this terminal takes no clipboard text")

// tmuxBuffer gives the text to tmux, which passes it on to the terminal's clipboard
// where it is set to.
func tmuxBuffer(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tmux", "load-buffer", "-w", "-")
	cmd.Stdin = strings.NewReader(text)
	return cmd.Run()
}
