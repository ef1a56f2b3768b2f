package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansmono"
	"github.com/go-fonts/dejavu/dejavusansmonobold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"ioscope/screenshots/terminal"
)

// Measures of a cell at scale 1. DejaVu Sans Mono is 0.602 em wide, so that this
// size makes its characters as wide as the cell.
const (
	cellW, cellH = 9, 21
	emSize       = 9 / 0.60205
)

// painter draws screens. The font comes with a Go module, so that a picture is
// the same on every machine; lines and blocks are drawn by hand, so that they
// meet between cells.
type painter struct {
	scale, w, h int
	baseline    int
	plain, bold typeface
	// fallback has what the monospaced font lacks.
	fallback typeface
}

type typeface struct {
	font *sfnt.Font
	face font.Face
}

func newPainter(scale int) (*painter, error) {
	if scale < 1 || scale > 8 {
		return nil, fmt.Errorf("scale %d: wants 1 to 8", scale)
	}
	p := &painter{scale: scale, w: cellW * scale, h: cellH * scale}
	for _, f := range []struct {
		into *typeface
		data []byte
	}{{&p.plain, dejavusansmono.TTF}, {&p.bold, dejavusansmonobold.TTF}, {&p.fallback, dejavusans.TTF}} {
		parsed, err := sfnt.Parse(f.data)
		if err != nil {
			return nil, fmt.Errorf("read the font: %w", err)
		}
		face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: emSize * float64(scale), DPI: 72})
		if err != nil {
			return nil, fmt.Errorf("read the font: %w", err)
		}
		*f.into = typeface{parsed, face}
	}
	m := p.plain.face.Metrics()
	p.baseline = (p.h-(m.Ascent+m.Descent).Ceil())/2 + m.Ascent.Ceil()
	return p, nil
}

// paint draws a screen, with a margin of one cell's width around it.
func (p *painter) paint(s *terminal.Screen, fg, bg color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, (s.Width+2)*p.w, s.Height*p.h+2*p.w))
	draw.Draw(img, img.Bounds(), image.NewUniform(bg), image.Point{}, draw.Src)
	for y, row := range s.Cells {
		for x, c := range row {
			if c.Width == 0 {
				continue
			}
			if s.CursorVisible && x == s.CursorX && y == s.CursorY {
				c.Reverse = !c.Reverse
			}
			at := image.Pt(p.w+x*p.w, p.w+y*p.h)
			p.cell(img, image.Rectangle{at, at.Add(image.Pt(c.Width*p.w, p.h))}, c, fg, bg)
		}
	}
	return img
}

func (p *painter) cell(img *image.RGBA, r image.Rectangle, c terminal.Cell, fg, bg color.RGBA) {
	text, ground := colour(c.Foreground, fg), colour(c.Background, bg)
	if c.Reverse {
		text, ground = ground, text
	}
	if c.Faint {
		text = blend(text, ground, 0.5)
	}
	if ground != bg {
		draw.Draw(img, r, image.NewUniform(ground), image.Point{}, draw.Src)
	}
	runes := []rune(c.Text)
	if len(runes) > 0 && runes[0] != ' ' {
		if !p.line(img, r, runes[0], text) && !p.block(img, r, runes[0], text) {
			for _, glyph := range runes {
				p.glyph(img, r, glyph, c.Bold, text)
			}
		}
	}
	if c.Underline {
		y := r.Min.Y + p.baseline + 2*p.scale
		draw.Draw(img, image.Rect(r.Min.X, y, r.Max.X, y+p.scale), image.NewUniform(text), image.Point{}, draw.Src)
	}
}

// glyph draws one character in the middle of its cells; one that no font has is
// an empty box.
func (p *painter) glyph(img *image.RGBA, r image.Rectangle, glyph rune, bold bool, c color.RGBA) {
	f, ok := p.typeface(glyph, bold)
	if !ok {
		p.box(img, r.Inset(p.w/6), c)
		return
	}
	advance, _ := f.face.GlyphAdvance(glyph)
	dot := fixed.P(r.Min.X, r.Min.Y+p.baseline)
	dot.X += fixed.I(((fixed.I(r.Dx()) - advance) / 2).Round())
	if advance == 0 { // combines with what stands there
		dot.X = fixed.I(r.Max.X)
	}
	if to, mask, from, _, ok := f.face.Glyph(dot, glyph); ok {
		ink(img, to, mask, from, c)
	}
}

// levels is how many steps a smoothed edge has. With whole pixels above and so
// few steps here, a picture has few colours and packs well; nobody sees it.
const levels = 8

// ink draws a glyph's mask in a colour.
func ink(img *image.RGBA, to image.Rectangle, mask image.Image, from image.Point, c color.RGBA) {
	clip := to.Intersect(img.Bounds())
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		for x := clip.Min.X; x < clip.Max.X; x++ {
			_, _, _, alpha := mask.At(from.X+x-to.Min.X, from.Y+y-to.Min.Y).RGBA()
			if step := (alpha*levels + 0x7fff) / 0xffff; step > 0 {
				img.SetRGBA(x, y, blend(c, img.RGBAAt(x, y), float64(step)/levels))
			}
		}
	}
}

func (p *painter) typeface(glyph rune, bold bool) (typeface, bool) {
	first := p.plain
	if bold {
		first = p.bold
	}
	for _, f := range []typeface{first, p.plain, p.fallback} {
		if i, err := f.font.GlyphIndex(nil, glyph); err == nil && i != 0 {
			return f, true
		}
	}
	return typeface{}, false
}

func (p *painter) box(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	ink := image.NewUniform(c)
	for _, side := range []image.Rectangle{
		{r.Min, image.Pt(r.Max.X, r.Min.Y+p.scale)},
		{image.Pt(r.Min.X, r.Max.Y-p.scale), r.Max},
		{r.Min, image.Pt(r.Min.X+p.scale, r.Max.Y)},
		{image.Pt(r.Max.X-p.scale, r.Min.Y), r.Max},
	} {
		draw.Draw(img, side, ink, image.Point{}, draw.Src)
	}
}

// colour returns the cell's colour, or the terminal's own.
func colour(c color.Color, own color.RGBA) color.RGBA {
	if c == nil {
		return own
	}
	return color.RGBAModel.Convert(c).(color.RGBA)
}

// blend puts so much of a over b.
func blend(a, b color.RGBA, share float64) color.RGBA {
	mix := func(x, y uint8) uint8 { return uint8(float64(x)*share + float64(y)*(1-share) + 0.5) }
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}

// writePNG writes a picture, with a palette if it has few enough colours.
func writePNG(path string, img *image.RGBA) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write picture: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(f, packed(img)); err != nil {
		return fmt.Errorf("write picture %s: %w", path, err)
	}
	return nil
}

// packed returns the picture with a palette of exactly its colours, or as it is
// where they are more than a palette holds.
func packed(img *image.RGBA) image.Image {
	out := image.NewPaletted(img.Bounds(), nil)
	index := map[color.RGBA]uint8{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			c := img.RGBAAt(x, y)
			i, ok := index[c]
			if !ok {
				if len(out.Palette) == 256 {
					return img
				}
				i = uint8(len(out.Palette))
				index[c] = i
				out.Palette = append(out.Palette, c)
			}
			out.Pix[y*out.Stride+x] = i
		}
	}
	return out
}
