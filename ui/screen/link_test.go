package screen

import (
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

func TestLinkTo(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://docs.example.test/a?b=c#d": true,
		"HTTP://docs.example.test":          true,
		"mailto:ops@example.test":           true,
		"":                                  false,
		"docs.example.test":                 false,
		"https:///nowhere":                  false,
		"mailto:":                           false,
		"file:///etc/passwd":                false,
		"javascript:alert(1)":               false,
		"data:text/html,x":                  false,
		"https://e.test/\x1b]0;title\x07":   false,
		"https://e.test/\x1b\\":             false,
		"https://e.test/a b":                false,
		"https://e.test/\u009c":             false,
		"https://e.test/\u202egnp.exe":      false,
		"https://ехample.test":              false, // Cyrillic letters
		"https://e.test/" + strings.Repeat("a", maxLink): false,
	} {
		if got := LinkTo(address) != (Link{}); got != want {
			t.Errorf("%q is a link: %v", address, got)
		}
	}
}

func TestPaintedLinks(t *testing.T) {
	t.Parallel()
	const address = "https://docs.example.test/a"
	line := L(Style{}, T("see ")).Add(In(Muted).ToLink(address), Clean(address)).Fg(T(" there"))
	for name, c := range map[string]struct {
		colours termenv.Profile
		ascii   bool
		links   bool
	}{
		"all colours":     {termenv.TrueColor, false, true},
		"many colours":    {termenv.ANSI256, false, true},
		"few colours":     {termenv.ANSI, false, false},
		"no colours":      {termenv.Ascii, false, false},
		"signs of ASCII":  {termenv.TrueColor, true, false},
		"nothing, really": {termenv.Ascii, true, false},
	} {
		r := lipgloss.NewRenderer(&strings.Builder{}, termenv.WithProfile(c.colours))
		r.SetColorProfile(c.colours)
		out := NewPainter(Palette{Roles: map[Role]string{Muted: "#808080"}}, r, c.ascii).Paint([]Line{line.Fit(60)})
		open, shut := "\x1b]8;;"+address+"\x1b\\", "\x1b]8;;\x1b\\"
		before, inside, _ := strings.Cut(out, open)
		inside, after, _ := strings.Cut(inside, shut)
		if c.links != strings.Contains(out, "\x1b]8") || c.links && (ansi.Strip(before) != "see " || ansi.Strip(inside) != address || !strings.HasPrefix(ansi.Strip(after), " there")) {
			t.Errorf("%s: %q", name, out)
		}
		if ansi.StringWidth(out) != 60 || !strings.HasPrefix(ansi.Strip(out), "see "+address+" there") {
			t.Errorf("%s: %q is not 60 wide, or reads otherwise", name, out)
		}
	}
}
