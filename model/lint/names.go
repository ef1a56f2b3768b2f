package lint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a majority is: so many names at least, and so large a share of them.
const (
	namesLeast = 5
	shareLeast = 2.0 / 3
)

// style is a way to write a word of a name.
type style int

const (
	pascal style = iota
	camel
	snake
	kebab
	upper
	styles
)

var styleWords = [styles]string{"PascalCase", "camelCase", "snake_case", "kebab-case", "UPPER_CASE"}

// separators part a name; underscore and hyphen belong to the style of a word.
const separators = ".:/"

// could tells in which styles a name may be written: one word alone says little.
func could(name string) [styles]bool {
	all := [styles]bool{true, true, true, true, true}
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		one := wordStyles(word)
		for s := range all {
			all[s] = all[s] && one[s]
		}
	}
	return all
}

func wordStyles(word string) (out [styles]bool) {
	first, _ := utf8.DecodeRuneInString(word)
	low := strings.ContainsFunc(word, unicode.IsLower)
	up := strings.ContainsFunc(word, unicode.IsUpper)
	under, hyphen := strings.Contains(word, "_"), strings.Contains(word, "-")
	if !low && !up { // digits, or letters without case
		return [styles]bool{!under && !hyphen, !under && !hyphen, !hyphen, !under, !hyphen}
	}
	out[pascal] = unicode.IsUpper(first) && !under && !hyphen
	out[camel] = unicode.IsLower(first) && !under && !hyphen
	out[snake] = !up && !hyphen
	out[kebab] = !up && !under
	out[upper] = !low && !hyphen
	return out
}

// separatorOf is the sign that parts a name, 0 where none does.
func separatorOf(name string) rune {
	for _, r := range name {
		if strings.ContainsRune(separators, r) {
			return r
		}
	}
	return 0
}

// naming finds names that are written otherwise than most.
func (c *checker) naming(methods []method) {
	var fits [styles]int
	parted := map[rune]int{}
	names, withSign := uniqueNames(methods), 0
	for _, m := range names {
		for s, ok := range could(m.def.Name) {
			if ok {
				fits[s]++
			}
		}
		if r := separatorOf(m.def.Name); r != 0 {
			parted[r]++
			withSign++
		}
	}
	most := pascal
	for s := range styles {
		if fits[s] > fits[most] {
			most = s
		}
	}
	sign := rune(0)
	for _, r := range separators {
		if parted[r] > parted[sign] {
			sign = r
		}
	}
	for _, m := range names {
		if hiddenIn(m.def.Name) {
			continue // that is told already, and worse
		}
		switch r := separatorOf(m.def.Name); {
		case isMost(fits[most], len(names)) && !could(m.def.Name)[most]:
			c.add(Warning, Naming, m, "is not %s, as %d of the %d names here are", styleWords[most], fits[most], len(names))
		case r != 0 && r != sign && isMost(parted[sign], withSign):
			c.add(Warning, Naming, m, "is parted by %q, where %d of the %d names here that are parted have %q", string(r), parted[sign], withSign, string(sign))
		}
	}
}

func isMost(n, of int) bool {
	return of >= namesLeast && n < of && float64(n) >= shareLeast*float64(of)
}

// uniqueNames are the first methods of each name.
func uniqueNames(methods []method) []method {
	var out []method
	seen := map[string]bool{}
	for _, m := range methods {
		if !seen[m.def.Name] {
			seen[m.def.Name] = true
			out = append(out, m)
		}
	}
	return out
}

// hiddenIn reports whether a name has characters that do not show, or that turn
// the order of others around.
func hiddenIn(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == utf8.RuneError
	}) || strings.TrimSpace(name) != name
}

func (c *checker) hidden(methods []method) {
	for _, m := range uniqueNames(methods) {
		if hiddenIn(m.def.Name) {
			c.add(Warning, Hidden, m, "has characters in its name that do not show: %s", fmt.Sprintf("%+q", m.def.Name))
		}
	}
}

// similar finds pairs of names that may be meant to be one.
func (c *checker) similar(methods []method) {
	c.otherCase(methods)
	names := uniqueNames(methods)
	bares, runes := make([]string, len(names)), make([][]rune, len(names))
	for i, m := range names {
		bares[i], runes[i] = bare(m.def.Name), []rune(strings.ToLower(m.def.Name))
	}
	for i, a := range names {
		for j := i + 1; j < len(names); j++ {
			b := names[j]
			text, severity := "", Info
			switch {
			case bares[i] == bares[j] && strings.EqualFold(a.def.Name, b.def.Name):
				text, severity = "is the same name to the bus as %s", Warning
			case bares[i] == bares[j]:
				text, severity = "is %s but for case and signs", Warning
			case misspelt(runes[i], runes[j]):
				text = "is one letter off %s"
			default:
				continue
			}
			// The one that fewer offer is more likely to be wrong.
			odd, plain := b, a
			if len(a.offers) < len(b.offers) {
				odd, plain = a, b
			}
			both := odd
			both.offers = append(append([]Offer{}, odd.offers...), plain.offers...)
			c.add(severity, Similar, both, text, plain.def.Name)
			c.last().Other = plain.def.Name
		}
	}
}

// otherCase finds servers that write a name otherwise than the first that offers
// the very same method.
func (c *checker) otherCase(methods []method) {
	for _, m := range methods {
		told := map[string]bool{m.def.Name: true}
		for _, o := range m.offers {
			if told[o.Method.Name] {
				continue
			}
			told[o.Method.Name] = true
			c.add(Warning, Similar, method{o.Method, []Offer{o, m.offers[0]}}, "is the same name to the bus as %s", m.def.Name)
			c.last().Other = m.def.Name
		}
	}
}

// bare is a name without case and signs.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// misspelt reports whether two names in lower case are one letter apart: one other, one more,
// or two that changed places. Numbers and plurals are told apart on purpose, and
// so are get and set.
func misspelt(x, y []rune) bool {
	const shortest = 6
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < shortest || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	restX, restY := x[i:], y[i:]
	if len(x) < len(y) {
		more := restY[0]
		return string(restX) == string(restY[1:]) && !unicode.IsDigit(more) && !(more == 's' && wordEnds(restY[1:]))
	}
	switch {
	case len(restX) == 0:
		return false
	case string(restX[1:]) == string(restY[1:]):
		p, q := restX[0], restY[0]
		getSet := (p == 'g' && q == 's' || p == 's' && q == 'g') && strings.HasPrefix(string(restX[1:]), "et")
		return !unicode.IsDigit(p) && !unicode.IsDigit(q) && !getSet
	case len(restX) > 1 && restX[0] == restY[1] && restX[1] == restY[0]:
		return string(restX[2:]) == string(restY[2:])
	}
	return false
}

// wordEnds reports whether a word of a name ends here.
func wordEnds(rest []rune) bool {
	return len(rest) == 0 || !unicode.IsLetter(rest[0])
}
