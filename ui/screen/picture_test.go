package screen

import (
	"image/color"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

func TestPoints(t *testing.T) {
	t.Parallel()
	red, white := ColourOf(color.NRGBA{0xff, 0, 0, 0xff}), ColourOf(color.White)
	clear := ColourOf(color.NRGBA{0xff, 0, 0, 0x10})
	if clear != 0 || ColourOf(color.Black) == 0 {
		t.Fatalf("clear is %x, black is %x", clear, ColourOf(color.Black))
	}
	line := Line{}.Points(red, white).Points(clear, red).Points(clear, clear).Fit(5)
	for profile, want := range map[termenv.Profile]string{
		termenv.TrueColor: "\x1b[38;2;255;0;0;48;2;255;255;255m▀\x1b[0m\x1b[38;2;255;0;0m▄\x1b[0m",
		termenv.ANSI256:   "\x1b[38;5;196;48;5;231m▀\x1b[0m\x1b[38;5;196m▄\x1b[0m",
	} {
		r := lipgloss.NewRenderer(io.Discard)
		r.SetColorProfile(profile)
		p := NewPainter(Palette{}, r, false)
		got := p.Paint([]Line{line})
		if !p.Pictures() || !strings.HasPrefix(got, want) || ansi.StringWidth(got) != 5 {
			t.Errorf("%v: %q, want %q", profile, got, want)
		}
	}
	// Behind a dialog it is less bright, and a ground does not cover it.
	behind := line.On(Sel).As(In(Behind)).Spans()[0]
	if want := (Style{Upper: red.dim(), Lower: white.dim()}); behind.Style != want || behind.Text.String() != "▀" {
		t.Errorf("behind: %+v, want %+v", behind, want)
	}
	if red.dim().hex() != "#7f0000" {
		t.Error(red.dim().hex())
	}
}

func TestNoPictures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile termenv.Profile
		ascii   bool
	}{{termenv.Ascii, false}, {termenv.ANSI, false}, {termenv.TrueColor, true}} {
		r := lipgloss.NewRenderer(io.Discard)
		r.SetColorProfile(c.profile)
		if NewPainter(Palette{}, r, c.ascii).Pictures() {
			t.Errorf("%+v draws pictures", c)
		}
	}
}
