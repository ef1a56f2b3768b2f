package themes

import (
	"fmt"
	"math"
	"strconv"
)

// What is asked of every theme, by the WCAG formula.
const (
	// MinText is the least contrast of words on their ground.
	MinText = 4.5
	// MinBehind is the least contrast of what lies behind a dialog: it is to be
	// recognized, not read.
	MinBehind = 3.0
)

// Contrast returns the contrast of two colours by the WCAG formula, from 1 to
// 21, whichever of them is the text. It is 0 when one of them is no "#rrggbb".
func Contrast(a, b string) float64 {
	one, ok := luminance(a)
	other, ok2 := luminance(b)
	if !ok || !ok2 {
		return 0
	}
	return (max(one, other) + 0.05) / (min(one, other) + 0.05)
}

// Least returns the lowest contrast of a text role, and which pair has it. It is 0
// where a colour can't be read.
func (t *Theme) Least() (contrast float64, pair string) {
	contrast = math.Inf(1)
	for _, r := range roles {
		if !r.text {
			continue
		}
		for _, ground := range roles[:3] {
			if have := Contrast(*r.at(t), *ground.at(t)); have < contrast {
				contrast, pair = have, r.name+" on "+ground.name
			}
		}
	}
	return contrast, pair
}

// check returns every pair of the theme that is too close to be read.
func (t *Theme) check() (wrong []error) {
	pair := func(text, textColour, ground, groundColour string, want float64) {
		if have := Contrast(textColour, groundColour); have < want {
			wrong = append(wrong, fmt.Errorf("%s on %s: contrast %s, wants %g",
				text, ground, floor(have), want))
		}
	}
	for _, r := range roles {
		if !r.text {
			continue
		}
		for _, ground := range roles[:3] {
			pair(r.name, *r.at(t), ground.name, *ground.at(t), MinText)
		}
	}
	pair("behind", t.Behind, "bg", t.BG, MinBehind)
	pair("mark", t.Mark, "mark-ground", t.MarkGround, MinText)
	pair("bg", t.BG, "accent (a marked button)", t.Accent, MinText)
	return wrong
}

// floor prints a contrast with two places, rounded down: 4.499 must not read
// as the 4.5 that was wanted.
func floor(contrast float64) string {
	return strconv.FormatFloat(math.Floor(contrast*100)/100, 'f', 2, 64)
}

// luminance is the relative luminance of WCAG 2.
func luminance(colour string) (float64, bool) {
	c, ok := rgb(colour)
	if !ok {
		return 0, false
	}
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2]), true
}

func linear(channel uint8) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// rgb reads "#rrggbb".
func rgb(colour string) (c [3]uint8, ok bool) {
	if len(colour) != 7 || colour[0] != '#' {
		return c, false
	}
	for i := range c {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return c, false
		}
		c[i] = uint8(n)
	}
	return c, true
}
