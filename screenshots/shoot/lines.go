package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// arms are what a line character has towards up, right, down and left: 0 for
// nothing, 1 for light, 2 for heavy.
var arms = map[rune][4]int{
	'─': {0, 1, 0, 1}, '━': {0, 2, 0, 2}, '│': {1, 0, 1, 0}, '┃': {2, 0, 2, 0},
	'┌': {0, 1, 1, 0}, '┐': {0, 0, 1, 1}, '└': {1, 1, 0, 0}, '┘': {1, 0, 0, 1},
	'├': {1, 1, 1, 0}, '┤': {1, 0, 1, 1}, '┬': {0, 1, 1, 1}, '┴': {1, 1, 0, 1}, '┼': {1, 1, 1, 1},
	'╴': {0, 0, 0, 1}, '╵': {1, 0, 0, 0}, '╶': {0, 1, 0, 0}, '╷': {0, 0, 1, 0},
}

// corners are the round ones: whether the line goes right, and whether down.
var corners = map[rune][2]bool{'╭': {true, true}, '╮': {false, true}, '╰': {true, false}, '╯': {false, false}}

// line draws a line character; false when it is none.
func (p *painter) line(img *image.RGBA, r image.Rectangle, glyph rune, c color.RGBA) bool {
	if a, ok := arms[glyph]; ok {
		p.arms(img, r, a, c)
		return true
	}
	if turn, ok := corners[glyph]; ok {
		p.corner(img, r, turn[0], turn[1], c)
		return true
	}
	switch glyph {
	case '╌': // two dashes
		t, w := p.scale, r.Dx()
		y := r.Min.Y + (p.h-t)/2
		for i := range 2 {
			x := r.Min.X + i*w/2 + w/12
			fill(img, image.Rect(x, y, x+w/3, y+t), c)
		}
	case '╎':
		t, h := p.scale, r.Dy()
		x := r.Min.X + (p.w-t)/2
		for i := range 2 {
			y := r.Min.Y + i*h/2 + h/12
			fill(img, image.Rect(x, y, x+t, y+h/3), c)
		}
	default:
		return false
	}
	return true
}

func (p *painter) arms(img *image.RGBA, r image.Rectangle, a [4]int, c color.RGBA) {
	thick := func(weight int) int { return []int{0, p.scale, 3 * p.scale}[weight] }
	// An arm reaches over the middle by half the thickness of what crosses it.
	over := max(thick(a[0]), thick(a[1]), thick(a[2]), thick(a[3]))
	x0, y0 := r.Min.X+(p.w-over)/2, r.Min.Y+(p.h-over)/2
	for i, weight := range a {
		t := thick(weight)
		x, y := r.Min.X+(p.w-t)/2, r.Min.Y+(p.h-t)/2
		switch {
		case weight == 0:
		case i == 0:
			fill(img, image.Rect(x, r.Min.Y, x+t, y0+over), c)
		case i == 1:
			fill(img, image.Rect(x0, y, r.Max.X, y+t), c)
		case i == 2:
			fill(img, image.Rect(x, y0, x+t, r.Max.Y), c)
		default:
			fill(img, image.Rect(r.Min.X, y, x0+over, y+t), c)
		}
	}
}

// corner draws a quarter of a circle, and the straight parts to the cell's
// edges, pixel by pixel from the distance to that path.
func (p *painter) corner(img *image.RGBA, r image.Rectangle, right, down bool, c color.RGBA) {
	t := float64(p.scale)
	// The path runs where the straight lines of other cells have their middle.
	cx := float64((p.w-p.scale)/2) + t/2
	cy := float64((p.h-p.scale)/2) + t/2
	radius := float64(p.w) / 2
	for py := range p.h {
		for px := range p.w {
			x, y := float64(px)+0.5-cx, float64(py)+0.5-cy
			if !right {
				x = -x
			}
			if !down {
				y = -y
			}
			if ink := t/2 + 0.5 - toCorner(x, y, radius); ink > 0 {
				at := r.Min.Add(image.Pt(px, py))
				img.SetRGBA(at.X, at.Y, blend(c, img.RGBAAt(at.X, at.Y), math.Round(min(ink, 1)*levels)/levels))
			}
		}
	}
}

// toCorner is the distance to a path that comes up from below along x = 0 and
// turns right to y = 0.
func toCorner(x, y, radius float64) float64 {
	switch {
	case y >= radius:
		return math.Abs(x)
	case x >= radius:
		return math.Abs(y)
	}
	return math.Abs(math.Hypot(x-radius, y-radius) - radius)
}

// block draws a block element; false when it is none.
func (p *painter) block(img *image.RGBA, r image.Rectangle, glyph rune, c color.RGBA) bool {
	eighth := func(size, n int) int { return (size*n + 4) / 8 }
	switch {
	case glyph >= '▁' && glyph <= '█':
		r.Min.Y = r.Max.Y - eighth(r.Dy(), int(glyph-'▁')+1)
	case glyph >= '▉' && glyph <= '▏':
		r.Max.X = r.Min.X + eighth(r.Dx(), 7-int(glyph-'▉'))
	case glyph == '▀':
		r.Max.Y = r.Min.Y + r.Dy()/2
	case glyph == '▐':
		r.Min.X += r.Dx() / 2
	case glyph == '▔':
		r.Max.Y = r.Min.Y + eighth(r.Dy(), 1)
	case glyph == '▕':
		r.Min.X = r.Max.X - eighth(r.Dx(), 1)
	default:
		return false
	}
	fill(img, r, c)
	return true
}

func fill(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}
