package ui

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
)

// Clipboard takes text. Its method may be called from any goroutine.
type Clipboard interface {
	// Copy copies the text, and returns the way it went, as the screen says it.
	Copy(text string) (way string, err error)
}

// OSC52 is the clipboard of the terminal, over whatever way the terminal is reached.
// Nothing answers: whether the terminal took the text can't be known.
type OSC52 struct {
	Out io.Writer
	// Through is the multiplexer that the sequence has to pass, tmux or screen; empty
	// for none.
	Through string
}

// osc52Limit is how many bytes of base64 terminals take in an OSC 52 sequence.
const osc52Limit = 74_994

// errTooLong says that a text is over what OSC 52 carries.
var errTooLong = errors.New("over the 74 kB that OSC 52 carries; {data.export} exports")

// Fits reports whether OSC 52 carries the text.
func (c OSC52) Fits(text string) bool {
	return base64.StdEncoding.EncodedLen(len(text)) <= osc52Limit
}

// Copy implements Clipboard.
func (c OSC52) Copy(text string) (string, error) {
	if !c.Fits(text) {
		return "", fmt.Errorf("%s is %w", model.Bytes(len(text)), errTooLong)
	}
	sequence, way := osc52.New(text), "OSC 52"
	switch c.Through {
	case "tmux":
		sequence, way = sequence.Tmux(), "OSC 52 through tmux"
	case "screen":
		sequence, way = sequence.Screen(), "OSC 52 through screen"
	}
	_, err := sequence.WriteTo(c.Out)
	return way, err
}

// copy copies a text, and says how it went.
func (a *App) copy(e model.Copy) tea.Cmd {
	to := a.opts.Clipboard
	return func() tea.Msg { return sayMsg(CopyText(to, e)) }
}
