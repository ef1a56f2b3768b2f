package bus

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is one of the types of the signature grammar.
type Kind int

// The kinds of the grammar. Composite and Tuple have fields of their own.
const (
	Bool Kind = iota
	Int
	Double
	Long
	String
	DateTime
	Composite
	Tuple
)

// kindWords are the words of the grammar, by kind.
var kindWords = [...]string{"bool", "int", "double", "long", "string", "datetime", "composite", "tuple"}

// String returns the kind's word in the grammar, in lower case.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindWords) {
		return "Kind(" + strconv.Itoa(int(k)) + ")"
	}
	return kindWords[k]
}

// Param is one entry of a signature: a type, whether it is an array, whether it
// may be left out, a name, and a description.
type Param struct {
	Kind        Kind
	Array       bool
	Optional    bool
	Name        string
	Description string
	// Fields are the entries of a Composite or a Tuple. A composite without
	// fields takes any object, a tuple without fields any list: apps do
	// register "composite party" and mean it.
	Fields []Param
}

// Signature is a parsed accepts or returns.
type Signature []Param

// Find returns the entry of this name. Names are compared exactly, as JSON keys are.
func (s Signature) Find(name string) (Param, bool) {
	for _, p := range s {
		if p.Name == name {
			return p, true
		}
	}
	return Param{}, false
}

// String prints the signature in the one form that ParseSignature reads back
// to the same signature.
func (s Signature) String() string {
	var b strings.Builder
	for i, p := range s {
		if i > 0 {
			b.WriteString(", ")
		}
		p.print(&b)
	}
	return b.String()
}

// String prints the entry as it stands in a signature.
func (p Param) String() string {
	var b strings.Builder
	p.print(&b)
	return b.String()
}

func (p Param) print(b *strings.Builder) {
	b.WriteString(p.Kind.String())
	if len(p.Fields) > 0 {
		b.WriteString(": { ")
		b.WriteString(Signature(p.Fields).String())
		b.WriteString(" }")
	}
	if p.Array {
		b.WriteString("[]")
	}
	if p.Optional {
		b.WriteString("?")
	}
	b.WriteString(" " + p.Name)
	if p.Description != "" {
		b.WriteString(" (" + p.Description + ")")
	}
}

// TypeString is the type as people say it, without fields and without whether
// it is optional: "int[]", "composite", "datetime".
func (p Param) TypeString() string {
	if p.Array {
		return p.Kind.String() + "[]"
	}
	return p.Kind.String()
}

// Scalar reports whether one value of the entry (an array's item) is a scalar.
func (p Param) Scalar() bool { return p.Kind != Composite && p.Kind != Tuple }

// Open reports whether the entry is a composite or a tuple that does not say
// what is in it.
func (p Param) Open() bool { return !p.Scalar() && len(p.Fields) == 0 }

// Item is what the items of an array have to be.
func (p Param) Item() Param {
	p.Array, p.Optional = false, false
	return p
}

// JoinPath is the path of a named thing within the thing at path: "a.b", and
// `a["b.c"]` where the name would be mistaken for a path.
func JoinPath(path, name string) string {
	switch {
	case name == "" || strings.ContainsAny(name, ".[]\""):
		return path + "[" + strconv.Quote(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

// IndexPath is the path of the item with this index, from 0.
func IndexPath(path string, index int) string {
	return path + "[" + strconv.Itoa(index) + "]"
}

// ParamFor returns the entry that a path such as "contacts[1].value" leads to:
// names, and an index for an item. The fields of a tuple are named too, though
// its value is a list. A name that has a dot of its own is found with and
// without quotes.
func ParamFor(s Signature, path string) (Param, bool) {
	for _, p := range s {
		for _, written := range []string{p.Name, JoinPath("", p.Name)} {
			rest, ok := strings.CutPrefix(path, written)
			if !ok || written == "" {
				continue
			}
			if found, ok := p.at(rest); ok {
				return found, true
			}
		}
	}
	return Param{}, false
}

// at follows the rest of a path from an entry.
func (p Param) at(rest string) (Param, bool) {
	if rest == "" {
		return p, true
	}
	if p.Array {
		_, rest, ok := cutIndex(rest)
		if !ok {
			return Param{}, false
		}
		return p.Item().at(rest)
	}
	if name, ok := strings.CutPrefix(rest, "."); ok {
		return ParamFor(p.Fields, name)
	}
	if strings.HasPrefix(rest, `["`) {
		return ParamFor(p.Fields, rest)
	}
	return Param{}, false
}

// cutIndex splits "[12].x" into 12 and ".x".
func cutIndex(s string) (index int, rest string, ok bool) {
	inner, found := strings.CutPrefix(s, "[")
	if !found {
		return 0, "", false
	}
	digits, rest, found := strings.Cut(inner, "]")
	if !found {
		return 0, "", false
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || strconv.Itoa(n) != digits {
		return 0, "", false
	}
	return n, rest, true
}

// SyntaxError says where and why a text can't be parsed.
type SyntaxError struct {
	// Offset is the byte offset at which it went wrong, from 0.
	Offset int
	// Reason says what was found or wanted, without the place.
	Reason string
}

// Error returns the reason.
func (e *SyntaxError) Error() string { return e.Reason }

// Character is the place of the error as people count it in the text: in
// characters, from 1.
func (e *SyntaxError) Character(text string) int {
	return utf8.RuneCountInString(text[:min(max(e.Offset, 0), len(text))]) + 1
}
