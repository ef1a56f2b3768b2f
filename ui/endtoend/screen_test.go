//go:build linux

package endtoend

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// screen is what was to be seen at one time, row by row.
type screen []string

func (s screen) String() string {
	lines := make([]string, len(s))
	for i, l := range s {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

func (s screen) has(text string) bool {
	_, _, ok := s.find(text)
	return ok
}

// find returns the cell where a text begins, searched row by row.
func (s screen) find(text string) (x, y int, ok bool) {
	for y, line := range s {
		if i := strings.Index(line, text); i >= 0 {
			return ansi.StringWidth(line[:i]), y, true
		}
	}
	return 0, 0, false
}

// row returns the first row with a text, without the blanks at its ends.
func (s screen) row(text string) string {
	if _, y, ok := s.find(text); ok {
		return strings.TrimSpace(s[y])
	}
	return ""
}

// header and footer are the first row and the last.
func (s screen) header() string { return s[0] }
func (s screen) footer() string { return s[len(s)-1] }

const hairline = "│"

// columns cuts the rows between header and footer at the hairline. Where one
// pane has the whole screen both columns are the same.
func (s screen) columns() (rail, work []string) {
	if len(s) < 10 {
		return s, s
	}
	for _, line := range s[1 : len(s)-1] {
		left, right, parted := strings.Cut(line, hairline)
		if !parted {
			right = left
		}
		rail, work = append(rail, left), append(work, right)
	}
	return rail, work
}

// titleRow is the title of a pane: its digit, its name, and a rule that is heavy
// where the keyboard is.
var titleRow = regexp.MustCompile(`^ (?:([0-4]) )?(\S.*?) (━|─)`)

// pane returns the rows of a pane by its digit, or its name where it has none,
// its title row first.
func (s screen) pane(digit string) []string {
	rail, work := s.columns()
	for _, rows := range [][]string{rail, work} {
		for i, row := range rows {
			if paneOf(row) != digit {
				continue
			}
			end := i + 1
			for end < len(rows) && paneOf(rows[end]) == "" {
				end++
			}
			return rows[i:end]
		}
	}
	return nil
}

// paneOf is the pane that a row is the title of.
func paneOf(row string) string {
	switch m := titleRow.FindStringSubmatch(row); {
	case m == nil:
		return ""
	case m[1] != "":
		return m[1]
	default:
		return m[2]
	}
}

// paneHas reports whether a row of a pane has the text.
func (s screen) paneHas(digit, text string) bool {
	return strings.Contains(strings.Join(s.pane(digit), "\n"), text)
}

// paneRow returns the first row of a pane, below its title, that has the text.
func (s screen) paneRow(digit, text string) string {
	for i, row := range s.pane(digit) {
		if i > 0 && strings.Contains(row, text) {
			return row
		}
	}
	return ""
}

// focus is the pane whose title is heavy.
func (s screen) focus() string {
	rail, work := s.columns()
	for _, rows := range [][]string{rail, work} {
		for _, row := range rows {
			if m := titleRow.FindStringSubmatch(row); m != nil && m[3] == "━" {
				return paneOf(row)
			}
		}
	}
	return ""
}

// cursor returns the words of the row that the cursor of a pane is on.
func (s screen) cursor(digit string) string {
	row := s.paneRow(digit, "▌")
	_, text, _ := strings.Cut(row, "▌")
	return strings.TrimSpace(text)
}

// on tells whether the focus is in a pane and its cursor's row has the text.
func on(digit, text string) func(screen) bool {
	return func(s screen) bool { return s.focus() == digit && strings.Contains(s.cursor(digit), text) }
}

func focused(digit string) func(screen) bool {
	return func(s screen) bool { return s.focus() == digit }
}
