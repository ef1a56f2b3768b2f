package screen

import "image/color"

// Colour is a given colour, for pictures alone; all else has roles. The zero value is
// none, what shows then is the terminal's own ground.
type Colour uint32

// solid marks a colour that is one, so that black is not none.
const solid = 1 << 24

// ColourOf is the colour of a point of a picture; none where it is more clear than not.
func ColourOf(c color.Color) Colour {
	n, ok := color.NRGBAModel.Convert(c).(color.NRGBA)
	if !ok || n.A < 128 {
		return 0
	}
	return solid | Colour(n.R)<<16 | Colour(n.G)<<8 | Colour(n.B)
}

func (c Colour) dim() Colour { return c&solid | c>>1&0x7f7f7f }

// hex is the colour as "#rrggbb".
func (c Colour) hex() string {
	out := []byte("#000000")
	for i := range 6 {
		out[6-i] = hexDigits[c>>(4*i)&15]
	}
	return string(out)
}

// Points adds one cell with two points of a picture, one above the other.
func (l Line) Points(upper, lower Colour) Line {
	style := Style{Upper: upper, Lower: lower}
	switch {
	case upper != 0:
		return l.Add(style, Text{"▀", 1})
	case lower != 0:
		return l.Add(style, Text{"▄", 1})
	}
	return l.Pad(1)
}

// drawn reports whether the span is of a picture.
func (s Style) drawn() bool { return s.Upper != 0 || s.Lower != 0 }

// maxShades bounds the styles of pictures that are remembered: each cell may have
// one of its own.
const maxShades = 1 << 14

// shade writes what comes before and after points of a picture.
func (p *Painter) shade(s Style) pair {
	if c, ok := p.shades[s]; ok {
		return c
	}
	front, back := s.Upper, s.Lower
	if front == 0 {
		front, back = back, 0
	}
	var c pair
	codes := p.tint(front, false)
	if back != 0 {
		codes += ";" + p.tint(back, true)
	}
	if codes != "" {
		c = pair{"\x1b[" + codes + "m", "\x1b[0m"}
	}
	if len(p.shades) >= maxShades {
		clear(p.shades)
	}
	p.shades[s] = c
	return c
}

// tint asks the terminal's own range of colours for the nearest.
func (p *Painter) tint(c Colour, back bool) string {
	found := p.renderer.ColorProfile().Color(c.hex())
	if found == nil {
		return ""
	}
	return found.Sequence(back)
}
