package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ioscope/screenshots/terminal"
)

var (
	white = color.RGBA{0xff, 0xff, 0xff, 0xff}
	black = color.RGBA{0, 0, 0, 0xff}
	red   = color.RGBA{0xff, 0, 0, 0xff}
)

func newTestPainter(t *testing.T, scale int) *painter {
	t.Helper()
	p, err := newPainter(scale)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// row is a screen of one row.
func row(cells ...terminal.Cell) *terminal.Screen {
	return &terminal.Screen{Width: len(cells), Height: 1, Cells: [][]terminal.Cell{cells}, CursorX: -1}
}

func one(text string) terminal.Cell { return terminal.Cell{Text: text, Width: 1} }

// TestGlyphs holds the painter against every sign that the explorer draws.
func TestGlyphs(t *testing.T) {
	t.Parallel()
	p := newTestPainter(t, 1)
	signs := "▌━─╌│●○†✓✗!≠▸▾→←≈ƒ◆◎×▼▲‖↓↑↕…◐◓◑◒▁▂▃▄▅▆▇█╭╮╰╯┤╎·–›⇅" +
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;/\\()[]{}<>|~$#@%&*+-=_?\"'`^"
	for _, r := range signs {
		img := image.NewRGBA(image.Rect(0, 0, p.w, p.h))
		if p.line(img, img.Bounds(), r, red) || p.block(img, img.Bounds(), r, red) {
			continue
		}
		for _, bold := range []bool{false, true} {
			if f, ok := p.typeface(r, bold); !ok || f == p.fallback {
				t.Errorf("%c (%U, bold %v) is not in the monospaced font", r, r, bold)
			}
		}
		p.glyph(img, img.Bounds(), r, false, red)
		if !bytes.ContainsFunc(img.Pix, func(r rune) bool { return r != 0 }) {
			t.Errorf("%c draws nothing", r)
		}
	}
}

// TestLinesMeet draws characters side by side, and one below the other: the
// line must go from edge to edge without a hole, and at the same place.
func TestLinesMeet(t *testing.T) {
	t.Parallel()
	for scale := 1; scale <= 3; scale++ {
		p := newTestPainter(t, scale)
		cellOf := func(r rune) *image.RGBA {
			img := image.NewRGBA(image.Rect(0, 0, p.w, p.h))
			p.cell(img, img.Bounds(), one(string(r)), red, black)
			return img
		}
		light, upright := cellOf('─'), cellOf('│')
		edges := map[rune]string{
			'─': "lr", '│': "ud", '╭': "rd", '╮': "ld", '╰': "ru", '╯': "lu", '┤': "lud", '├': "rud", '┼': "lrud",
			'┌': "rd", '┐': "ld", '└': "ru", '┘': "lu", '┬': "lrd", '┴': "lru",
		}
		for r, has := range edges {
			img := cellOf(r)
			for y := range p.h {
				wantL := strings.Contains(has, "l") && light.RGBAAt(0, y).R > 0
				wantR := strings.Contains(has, "r") && light.RGBAAt(0, y).R > 0
				if l, rr := img.RGBAAt(0, y).R > 128, img.RGBAAt(p.w-1, y).R > 128; l != wantL || rr != wantR {
					t.Errorf("scale %d: %c at row %d: left %v, right %v", scale, r, y, l, rr)
				}
			}
			for x := range p.w {
				wantU := strings.Contains(has, "u") && upright.RGBAAt(x, 0).R > 0
				wantD := strings.Contains(has, "d") && upright.RGBAAt(x, 0).R > 0
				if u, d := img.RGBAAt(x, 0).R > 128, img.RGBAAt(x, p.h-1).R > 128; u != wantU || d != wantD {
					t.Errorf("scale %d: %c at column %d: up %v, down %v", scale, r, x, u, d)
				}
			}
		}
	}
}

func TestBlocksGrow(t *testing.T) {
	t.Parallel()
	p := newTestPainter(t, 2)
	last := 0
	for r := '▁'; r <= '█'; r++ {
		img := image.NewRGBA(image.Rect(0, 0, p.w, p.h))
		p.block(img, img.Bounds(), r, red)
		ink := bytes.Count(img.Pix, []byte{0xff, 0, 0, 0xff})
		if ink <= last || img.RGBAAt(0, p.h-1) != red || img.RGBAAt(p.w-1, p.h-1) != red {
			t.Errorf("%c has %d pixels, the one before %d", r, ink, last)
		}
		last = ink
	}
	if last != p.w*p.h {
		t.Errorf("█ has %d of %d pixels", last, p.w*p.h)
	}
	img := image.NewRGBA(image.Rect(0, 0, p.w, p.h))
	p.block(img, img.Bounds(), '▌', red)
	if img.RGBAAt(0, 0) != red || img.RGBAAt(p.w/2, 0) == red || img.RGBAAt(p.w/2-1, p.h-1) != red {
		t.Error("▌ is not the left half")
	}
}

func TestPaint(t *testing.T) {
	t.Parallel()
	p := newTestPainter(t, 1)
	s := row(one(" "), terminal.Cell{Text: " ", Width: 1, Background: red}, terminal.Cell{Text: "█", Width: 1, Foreground: red, Faint: true},
		terminal.Cell{Text: "█", Width: 1, Foreground: red, Reverse: true}, terminal.Cell{Text: "世", Width: 2}, terminal.Cell{}, one("█"))
	s.CursorX, s.CursorVisible = 0, true
	img := p.paint(s, white, black)
	if got := img.Bounds().Size(); got != image.Pt(9*p.w, p.h+2*p.w) {
		t.Errorf("size %v", got)
	}
	at := func(cell int) color.RGBA { return img.RGBAAt(p.w+cell*p.w+p.w/2, p.w+p.h/2) }
	for cell, want := range map[int]color.RGBA{0: white, 1: red, 2: {0x80, 0, 0, 0xff}, 3: black, 6: white} {
		if got := at(cell); got != want {
			t.Errorf("cell %d is %v, want %v", cell, got, want)
		}
	}
	if img.RGBAAt(0, 0) != black || img.RGBAAt(9*p.w-1, p.h+2*p.w-1) != black {
		t.Error("no margin")
	}
}

func TestPacked(t *testing.T) {
	t.Parallel()
	few := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for i := range 256 {
		few.SetRGBA(i%16, i/16, color.RGBA{uint8(i), 7, 7, 0xff})
	}
	img, ok := packed(few).(*image.Paletted)
	if !ok {
		t.Fatal("256 colours fit a palette")
	}
	for i := range 256 {
		if img.At(i%16, i/16) != few.At(i%16, i/16) {
			t.Fatalf("pixel %d is %v", i, img.At(i%16, i/16))
		}
	}
	many := image.NewRGBA(image.Rect(0, 0, 257, 1))
	for i := range 257 {
		many.SetRGBA(i, 0, color.RGBA{uint8(i), uint8(i >> 8), 7, 0xff})
	}
	if packed(many) != image.Image(many) {
		t.Error("257 colours do not")
	}
}

func TestPlay(t *testing.T) {
	t.Parallel()
	s, err := parseScene(`size 20x3
theme paper
env GREETING=hello
run ioscope -c "stty -echo; printf \"$GREETING\"; read x; printf \" $x\"; read y"
wait hello
type "you\n"
wait "hello you"
settle 20ms
shot one
text one`)
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	p := &player{program: "/bin/sh", out: out, painter: newTestPainter(t, 1), say: t.Logf}
	if err := p.play(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(out, "one.txt"))
	if err != nil || string(text) != "hello you\n\n\n" {
		t.Errorf("text %q %v", text, err)
	}
	f, err := os.Open(filepath.Join(out, "one.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil || img.Bounds().Size() != image.Pt(22*p.painter.w, 3*p.painter.h+2*p.painter.w) {
		t.Fatalf("picture %v %v", img.Bounds(), err)
	}
	if r, g, b, _ := img.At(0, 0).RGBA(); r>>8 != 0xfb || g>>8 != 0xfa || b>>8 != 0xf7 {
		t.Error("the ground is not the theme's")
	}
}

func TestPlayFails(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"run ioscope -c \"echo here; read x\"\nwithin 30ms\nwait never": "line 3: wait: [\"never\"]",
		"run ioscope -c \"echo here\"\nwait never":                      "the program ended",
		"run ioscope -c \"read x\"\nclick Button":                       `"Button" is not on the screen`,
		"run /no/such/program":                                          "line 1: run: start /no/such/program",
	} {
		s, err := parseScene(text)
		if err != nil {
			t.Fatal(err)
		}
		p := &player{program: "/bin/sh", out: t.TempDir(), painter: newTestPainter(t, 1), say: t.Logf}
		if err := p.play(context.Background(), s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
