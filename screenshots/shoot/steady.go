package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"ioscope/screenshots/terminal"
)

// What differs from one run of the program to the next, and what stands for it in
// the text of a picture.
var fickle = []struct {
	is *regexp.Regexp
	as string
}{
	{regexp.MustCompile(`[▁▂▃▄▅▆▇█]+`), ""},
	{regexp.MustCompile(`[◐◓◑◒]`), "◐"},
	{regexp.MustCompile(`([●○][╎ ]*){3,}`), "●●● "}, // a timeline
	{regexp.MustCompile(`<?[+-]?\d[\d.,:]*( ?(µs|ms|s|min|B|kB|MB|k|M)\b)?`), "0"},
	{regexp.MustCompile(`[─━╌]+`), "─"},
	{regexp.MustCompile(` {2,}`), "  "},
}

// steady is the text of a screen without what differs from run to run: numbers,
// sparklines, the machine's name, how long rules and blanks are, and what the
// scene says varies. The rail and what is beside it stand one below the
// other, since their rows come and go apart; rows that are equal to the one above are left out.
func steady(screen *terminal.Screen, vary []*regexp.Regexp) string {
	host, _ := os.Hostname()
	columns := make([][]string, 2) // the rail, and all beside it
	for line := range strings.SplitSeq(screen.String(), "\n") {
		if host != "" {
			line = strings.ReplaceAll(line, host, "HOST")
		}
		for i, part := range strings.SplitN(line, "│", len(columns)) {
			if part = calm(part, vary); part != "" && !ends(columns[i], part) {
				columns[i] = append(columns[i], part)
			}
		}
	}
	var out strings.Builder
	for i, column := range columns {
		if i > 0 {
			out.WriteString("│\n")
		}
		for _, line := range column {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

func calm(part string, vary []*regexp.Regexp) string {
	for _, v := range vary {
		if v.MatchString(part) {
			return ""
		}
	}
	for _, f := range fickle {
		part = f.is.ReplaceAllString(part, f.as)
	}
	return strings.TrimSpace(part)
}

func ends(column []string, line string) bool {
	return len(column) > 0 && column[len(column)-1] == line
}

// differ says where two texts part ways; empty when they are equal.
func differ(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := "(nothing)", "(nothing)"
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n  on the screen  %s\n  in the picture %s", i+1, a, b)
		}
	}
	return ""
}
