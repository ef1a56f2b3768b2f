package model

import (
	"bytes"
	"math/big"
	"strconv"
	"strings"
)

// decimalMost is how long a number may be for its difference to be worked out.
const decimalMost = 60

// Difference works out a minus b with all digits that the numbers have: 142.20
// minus 142.41 is -0.21, never -0.20999. A plus stands before what grew. It is
// false where they are no numbers, or too long for that.
func Difference(a, b []byte) (string, bool) {
	x, dx, ok := exactly(a)
	y, dy, ok2 := exactly(b)
	if !ok || !ok2 {
		return "", false
	}
	d := new(big.Rat).Sub(x, y)
	text := d.FloatString(max(dx, dy))
	if d.Sign() > 0 {
		text = "+" + text
	}
	return text, true
}

// exactly reads a JSON number exactly, and counts the digits behind its point.
func exactly(raw []byte) (r *big.Rat, digits int, ok bool) {
	if len(raw) == 0 || len(raw) > decimalMost || kindAt(raw[0]) != NumberValue {
		return nil, 0, false
	}
	mantissa, exponent := raw, 0
	if i := bytes.IndexAny(raw, "eE"); i >= 0 {
		e, err := strconv.Atoi(string(bytes.TrimPrefix(raw[i+1:], []byte("+"))))
		if err != nil || e > decimalMost || e < -decimalMost {
			return nil, 0, false
		}
		mantissa, exponent = raw[:i], e
	}
	if i := bytes.IndexByte(mantissa, '.'); i >= 0 {
		digits = len(mantissa) - i - 1
	}
	r, ok = new(big.Rat).SetString(string(raw))
	return r, max(0, digits-exponent), ok
}

// Float reads a JSON number as near as a float comes; false where it is none.
func Float(raw []byte) (float64, bool) {
	if len(raw) == 0 || kindAt(raw[0]) != NumberValue {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	return f, err == nil
}

// Digits counts the digits behind the point of a number as it came.
func Digits(raw []byte) int {
	i := bytes.IndexByte(raw, '.')
	if i < 0 || bytes.ContainsAny(raw, "eE") {
		return 0
	}
	return len(raw) - i - 1
}

// compareValues orders two values of a column: numbers by size, before texts,
// which go by their letters; what is missing comes last.
func compareValues(a, b []byte) int {
	x, numeric := Float(a)
	y, numeric2 := Float(b)
	switch {
	case numeric && numeric2:
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	case (len(a) == 0) != (len(b) == 0):
		if len(a) == 0 {
			return 1
		}
		return -1
	case numeric != numeric2:
		if numeric {
			return -1
		}
		return 1
	}
	return strings.Compare(strings.ToLower(ValueText(a)), strings.ToLower(ValueText(b)))
}
