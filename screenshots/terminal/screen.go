package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image/color"
	"strings"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// Cell is one cell of the screen.
type Cell struct {
	// Text is what stands in it: one character with all that combines with it.
	// It is empty in the second cell of a wide one.
	Text string
	// Width is 1, 2 for a wide character, 0 for the cell behind it.
	Width int
	// Foreground and Background are nil for the terminal's own. Reverse is not
	// yet applied.
	Foreground, Background                          color.Color
	Bold, Faint, Italic, Underline, Reverse, Struck bool
}

// Screen is what was on the screen at one time.
type Screen struct {
	Width, Height int
	// Cells are the rows, each Width cells.
	Cells [][]Cell
	// CursorX and CursorY are from 0.
	CursorX, CursorY int
	CursorVisible    bool
	// Alt is true on the alternate screen, where full-screen programs draw.
	Alt bool
}

// Screen returns a copy of what is on the screen now. While the program draws,
// that may be half a frame; [Terminal.Settle] waits for the end of one.
func (t *Terminal) Screen() *Screen {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.vt.CursorPosition()
	s := &Screen{
		Width: t.vt.Width(), Height: t.vt.Height(),
		CursorX: at.X, CursorY: at.Y, CursorVisible: !t.hidden, Alt: t.vt.IsAltScreen(),
	}
	s.Cells = make([][]Cell, s.Height)
	for y := range s.Cells {
		s.Cells[y] = make([]Cell, s.Width)
		for x := range s.Cells[y] {
			s.Cells[y][x] = cell(t.vt.CellAt(x, y))
		}
	}
	return s
}

func cell(c *uv.Cell) Cell {
	if c == nil {
		return Cell{Text: " ", Width: 1}
	}
	out := Cell{
		Text: c.Content, Width: c.Width,
		Foreground: c.Style.Fg, Background: c.Style.Bg,
		Bold:      c.Style.Attrs&uv.AttrBold != 0,
		Faint:     c.Style.Attrs&uv.AttrFaint != 0,
		Italic:    c.Style.Attrs&uv.AttrItalic != 0,
		Reverse:   c.Style.Attrs&uv.AttrReverse != 0,
		Struck:    c.Style.Attrs&uv.AttrStrikethrough != 0,
		Underline: c.Style.Underline != uv.UnderlineNone,
	}
	if out.Text == "" && out.Width == 1 {
		out.Text = " "
	}
	return out
}

// Rows returns the screen as text alone, with the blanks at the ends of rows.
func (t *Terminal) Rows() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := make([]string, t.vt.Height())
	var b strings.Builder
	for y := range rows {
		b.Reset()
		for x := range t.vt.Width() {
			if c := t.vt.CellAt(x, y); c == nil || c.Content == "" && c.Width == 1 {
				b.WriteByte(' ')
			} else {
				b.WriteString(c.Content)
			}
		}
		rows[y] = b.String()
	}
	return rows
}

// Lines returns the rows as text, without the blanks at their ends.
func (s *Screen) Lines() []string {
	lines := make([]string, len(s.Cells))
	for y, row := range s.Cells {
		var b strings.Builder
		for _, c := range row {
			b.WriteString(c.Text)
		}
		lines[y] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// String returns the whole screen as text.
func (s *Screen) String() string { return strings.Join(s.Lines(), "\n") }

// Contains reports whether a row of the screen has the text.
func (s *Screen) Contains(text string) bool {
	_, _, ok := s.Find(text)
	return ok
}

// Find returns the cell at which a text begins, searched row by row.
func (s *Screen) Find(text string) (x, y int, ok bool) {
	for y, row := range s.Cells {
		var b strings.Builder
		var starts []int // the cell of each byte
		for x, c := range row {
			b.WriteString(c.Text)
			for range len(c.Text) {
				starts = append(starts, x)
			}
		}
		if i := strings.Index(b.String(), text); i >= 0 && text != "" {
			return starts[i], y, true
		}
	}
	return 0, 0, false
}

// errEnded is how a program ended that ended well.
var errEnded = errors.New("exit status 0")

// Await waits until something is so; it is asked whenever something was drawn. When
// the context ends before that, or the program does, the error shows the screen.
func (t *Terminal) Await(ctx context.Context, ready func() bool) error {
	for {
		t.mu.Lock()
		changed := t.changed
		t.mu.Unlock()
		if ready() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the screen: %w\n%s", ctx.Err(), t.Screen())
		case <-t.done:
			if ready() {
				return nil
			}
			return fmt.Errorf("wait for the screen: the program ended: %w\n%s", cmp.Or(t.err, errEnded), t.Screen())
		}
	}
}

// Wait waits until the screen is as wanted.
func (t *Terminal) Wait(ctx context.Context, wanted func(*Screen) bool) error {
	return t.Await(ctx, func() bool { return wanted(t.Screen()) })
}

// WaitText waits until all the texts are on the screen at once.
func (t *Terminal) WaitText(ctx context.Context, texts ...string) error {
	err := t.Wait(ctx, func(s *Screen) bool {
		for _, text := range texts {
			if !s.Contains(text) {
				return false
			}
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("%q: %w", texts, err)
	}
	return nil
}

// Settle waits until nothing has been drawn for as long as quiet.
func (t *Terminal) Settle(ctx context.Context, quiet time.Duration) error {
	for {
		t.mu.Lock()
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
		case <-time.After(quiet):
			return nil
		case <-t.done:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("wait for the screen to settle: %w\n%s", ctx.Err(), t.Screen())
		}
	}
}
