package bus

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"
)

// isNumber reports whether the text is a number as JSON writes it.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if rest, ok := strings.CutPrefix(s, "."); ok {
		n := digits(rest)
		if n == 0 {
			return false
		}
		s = rest[n:]
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

// isInteger reports whether the text is a number without fraction and exponent.
func isInteger(s string) bool { return isNumber(s) && !strings.ContainsAny(s, ".eE") }

// digits counts the digits at the start.
func digits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}

var (
	maxInt  = big.NewInt(1<<31 - 1)
	minInt  = big.NewInt(-1 << 31)
	maxLong = new(big.Int).SetUint64(1<<63 - 1)
	minLong = new(big.Int).SetInt64(-1 << 63)
)

// integerFault says why a text is no int or long, or nothing when it is one.
func integerFault(k Kind, s string) string {
	if !isInteger(s) {
		return quoted(s)
	}
	largest, smallest := maxInt, minInt
	if k == Long {
		largest, smallest = maxLong, minLong
	}
	// Nothing this long fits; and converting it would take quadratic time.
	if len(s) > 40 {
		if s[0] == '-' {
			return clip(s) + " is below the smallest, " + smallest.String()
		}
		return clip(s) + " is above the largest, " + largest.String()
	}
	n, _ := new(big.Int).SetString(s, 10)
	switch {
	case n.Cmp(largest) > 0:
		return s + beyond("above the largest", new(big.Int).Sub(n, largest), largest)
	case n.Cmp(smallest) < 0:
		return s + beyond("below the smallest", new(big.Int).Sub(smallest, n), smallest)
	}
	return ""
}

// beyond says by how much a limit is passed, or names it when that is much.
func beyond(words string, by, limit *big.Int) string {
	if by.Cmp(big.NewInt(1000)) < 0 {
		return fmt.Sprintf(" is %s %s", by, words)
	}
	return fmt.Sprintf(" is %s, %s", words, limit)
}

// doubleFault says why a text is no JSON number, or nothing when it is one.
func doubleFault(s string) string {
	if isNumber(s) {
		return ""
	}
	if place := stray(s); place != "" {
		return place
	}
	switch {
	case strings.HasPrefix(s, "."), strings.HasPrefix(s, "-."):
		return `a digit is missing before the "."`
	case strings.HasSuffix(s, "."):
		return `a digit is missing after the "."`
	}
	return quoted(s)
}

// stray names the sign that makes an otherwise good number a bad one, and where
// it stands; nothing where the whole is no number at all.
func stray(s string) string {
	if s == "" || !strings.ContainsAny(s, "0123456789") {
		return ""
	}
	dot, exp := false, false
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9', (r == '-' || r == '+') && (i == 0 || s[i-1] == 'e' || s[i-1] == 'E'):
			continue
		case r == '.' && !dot && !exp:
			dot = true
			continue
		case (r == 'e' || r == 'E') && !exp && i > 0:
			exp = true
			continue
		}
		second := "a"
		if r == '.' && dot || (r == 'e' || r == 'E') && exp {
			second = "a second"
		}
		return fmt.Sprintf("%s %q at character %d", second, string(r), utf8.RuneCountInString(s[:i])+1)
	}
	return ""
}

func notA(k Kind, fault string) error {
	article := "a "
	if k == Int {
		article = "an "
	}
	return errors.New("not " + article + k.String() + ": " + fault)
}

// quoted is a text in quotes, as it was typed; a long one is cut.
func quoted(s string) string { return `"` + clip(s) + `"` }

// clip cuts a text to 40 characters.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 40 {
		return s
	}
	return string([]rune(s)[:39]) + "…"
}
