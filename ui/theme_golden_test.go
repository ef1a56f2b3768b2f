package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"ioscope/themes"
)

// panes are the scenes that are kept in a dark and in a light theme, with the
// colour of every cell, and without colours: one a pane.
var panes = []string{
	"main", "server", "stream-card", "form", "form-json", "result-one", "compared", "history", "saved",
	"stream", "event", "stream-latest", "stream-chart", "stream-flood", "stream-columns", "lens", "watches",
	"serve", "feed", "feed-past", "run", "run-table", "run-page", "split", "buses", "signatures",
	"help", "welcome", "empty", "nobody",
}

// TestThemes compares the colours of screens with the maps under testdata/themes.
func TestThemes(t *testing.T) {
	t.Parallel()
	for _, name := range panes {
		s := sceneNamed(t, name)
		for _, size := range mainSizes {
			file := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
			for _, theme := range []string{themes.DefaultDark, themes.DefaultLight} {
				t.Run(file+"."+theme, func(t *testing.T) {
					t.Parallel()
					look := s
					look.set.theme = theme
					h := look.play(t, size[0], size[1])
					compare(t, filepath.Join("testdata", "themes", file+"."+theme+".txt"), colourMap(t, h.app.View(), theme))
				})
			}
			t.Run(file+".none", func(t *testing.T) {
				t.Parallel()
				look := s
				look.set.plain = true
				h := look.play(t, size[0], size[1])
				if view := h.app.View(); strings.Contains(view, "\x1b") {
					t.Errorf("an escape sequence without colours: %q", view)
				}
				compare(t, filepath.Join("testdata", "themes", file+".none.txt"), strings.ReplaceAll(h.text(), "\n", "|\n")+"|\n")
			})
		}
	}
}

// colourMap writes each line of a screen with a line of letters below it: the
// role of the colour that each cell has in the theme, a capital where it is bold,
// and, where a ground is painted, one more line with the ground's. Lines of plain
// text alone have none. A colour that
// no role of the theme has is an error.
func colourMap(t *testing.T, view, theme string) string {
	t.Helper()
	th, err := themes.Load(theme)
	if err != nil {
		t.Fatal(err)
	}
	m := &mapper{t: t, roles: []inkSign{
		{th.Muted, 'm'},
		{th.Faint, 'f'},
		{th.Behind, 'b'},
		{th.Accent, 'a'},
		{th.OK, 'o'},
		{th.Warn, 'w'},
		{th.Err, 'e'},
		{th.Key, 'k'},
		{th.Num, 'n'},
		{th.Lit, 'l'},
		{th.Series[0], '1'},
		{th.Series[1], '2'},
		{th.Series[2], '3'},
		{th.Series[3], '4'},
		{th.Series[4], '5'},
		{th.Series[5], '6'},
		{th.Mark, 'h'},
		{th.BG, 'i'},
		{th.FG, '.'},
	}, grounds: []inkSign{{th.Surface, 's'}, {th.Sel, 'S'}, {th.MarkGround, 'h'}, {th.Accent, 'B'}}}
	var out strings.Builder
	for line := range strings.SplitSeq(view, "\n") {
		out.WriteString(m.line(line))
	}
	return out.String()
}

// inkSign stands for a colour. Where two roles have the same, the first counts.
type inkSign struct {
	colour string
	sign   byte
}

// mapper reads the colours of lines. They begin and end in no colour.
type mapper struct {
	t              *testing.T
	roles, grounds []inkSign
	fg, ground     byte
	bold, under    bool
}

func (m *mapper) line(line string) string {
	m.reset()
	var text, letters, grounds []byte
	for len(line) > 0 {
		seq, width, n, _ := ansi.DecodeSequence(line, 0, nil)
		line = line[n:]
		if width == 0 {
			m.style(seq)
			continue
		}
		text = append(text, seq...)
		letter := m.fg
		if m.bold && letter >= 'a' {
			letter -= 'a' - 'A'
		} else if m.bold {
			letter = '!'
		}
		if m.under {
			letter = '_'
		}
		letters = append(letters, slices.Repeat([]byte{letter}, width)...)
		grounds = append(grounds, slices.Repeat([]byte{m.ground}, width)...)
	}
	out := string(text) + "|\n"
	if strings.Trim(string(letters), ".") != "" {
		out += string(letters) + "|\n"
	}
	if strings.Trim(string(grounds), ".") != "" {
		out += string(grounds) + "|\n"
	}
	return out
}

func (m *mapper) reset() { m.fg, m.ground, m.bold, m.under = '.', '.', false, false }

// style takes in one SGR sequence.
func (m *mapper) style(seq string) {
	params, ok := strings.CutPrefix(seq, "\x1b[")
	params, isSGR := strings.CutSuffix(params, "m")
	if !ok || !isSGR {
		m.t.Errorf("no colour: %q", seq)
		return
	}
	codes := strings.Split(params, ";")
	for i := 0; i < len(codes); i++ {
		switch codes[i] {
		case "", "0":
			m.reset()
		case "1":
			m.bold = true
		case "4":
			m.under = true
		case "7":
			m.ground = '#' // reverse: the text cursor
		case "38", "48":
			if i+4 >= len(codes) {
				m.t.Fatalf("cut colour: %q", seq)
			}
			m.colour(codes[i] == "48", hexOf(codes[i+2:i+5]))
			i += 4
		default:
			m.t.Errorf("unknown style %s in %q", codes[i], seq)
		}
	}
}

func (m *mapper) colour(ground bool, hex string) {
	table, at := m.roles, &m.fg
	if ground {
		table, at = m.grounds, &m.ground
	}
	i := slices.IndexFunc(table, func(l inkSign) bool { return near(l.colour, hex) })
	if i < 0 {
		m.t.Errorf("%s is no colour of the theme", hex)
		*at = '?'
		return
	}
	*at = table[i].sign
}

// near reports whether two colours are equal but for rounding: what is drawn goes
// through fractions, and may lose one of 255 steps.
func near(a, b string) bool {
	for i := 1; i < 7; i += 2 {
		x, errX := strconv.ParseInt(a[i:i+2], 16, 32)
		y, errY := strconv.ParseInt(b[i:i+2], 16, 32)
		if errX != nil || errY != nil || max(x-y, y-x) > 1 {
			return false
		}
	}
	return true
}

func hexOf(rgb []string) string {
	out := "#"
	for _, part := range rgb {
		n, _ := strconv.Atoi(part)
		out += fmt.Sprintf("%02x", n)
	}
	return out
}
