package bus

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// ProblemKind says what is wrong with a value.
type ProblemKind int

const (
	// WrongType says that there is a value, and it is none of the entry's type.
	WrongType ProblemKind = iota
	// Missing says that a required value is not there.
	Missing
	// Extra is a value that the signature does not name. Servers get it all the same.
	Extra
)

// Problem is one place at which a value does not fit a signature.
type Problem struct {
	Kind ProblemKind
	// Path leads to the value, as ParamFor reads it; empty for the value as a whole.
	Path string
	// Has is what was found: the JSON type, or the number that does not fit.
	// Empty when Kind is Missing.
	Has string
	// Wants is the entry's type, as TypeString says it. Empty when Kind is Extra.
	Wants string
}

// Reason says what is wrong without saying where: "string, wants double",
// "missing, wants datetime", "extra: not in the signature".
func (p Problem) Reason() string {
	switch p.Kind {
	case Missing:
		return "missing, wants " + p.Wants
	case Extra:
		return "extra: not in the signature"
	}
	return p.Has + ", wants " + p.Wants
}

// String says where and what is wrong.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Reason()
	}
	return p.Path + ": " + p.Reason()
}

// ReplayMark is the member by which a replayed recording says of a result that it is not
// the answer to what was asked. No signature has it, and none is broken by it.
const ReplayMark = "_replay"

// MaxProblems is how many problems Check reports at most.
const MaxProblems = 100

// Check compares a value, which is to be a JSON object, with a signature, and
// returns where they differ, in the signature's order. Nothing in the protocol
// enforces signatures, so these rules are ours: null stands for an optional
// value that is left out; int has 32 bits and long 64, written without fraction
// and exponent; a double is any number; a datetime is what DateText writes, or an
// ISO text; a tuple is a list.
func Check(sig Signature, raw json.RawMessage) []Problem {
	c := &checker{}
	if !json.Valid(raw) {
		c.wrong("", "no JSON", "object")
		return c.problems
	}
	c.object(sig, "", "object", raw)
	return c.problems
}

type checker struct{ problems []Problem }

func (c *checker) add(p Problem) {
	if len(c.problems) < MaxProblems {
		c.problems = append(c.problems, p)
	}
}

func (c *checker) wrong(path, has, wants string) {
	c.add(Problem{Kind: WrongType, Path: path, Has: has, Wants: wants})
}

func (c *checker) missing(path string, p Param) {
	c.add(Problem{Kind: Missing, Path: path, Wants: p.TypeString()})
}

func (c *checker) object(fields []Param, path, wants string, raw json.RawMessage) {
	if has := JSONType(raw); has != "object" {
		c.wrong(path, has, wants)
		return
	}
	members, err := Members(raw)
	if err != nil {
		c.wrong(path, err.Error(), wants)
		return
	}
	values := make(map[string]json.RawMessage, len(members))
	for _, m := range members {
		values[m.Key] = m.Value
	}
	for _, p := range fields {
		at := JoinPath(path, p.Name)
		if value, there := values[p.Name]; there {
			c.value(p, at, value)
		} else if !p.Optional {
			c.missing(at, p)
		}
	}
	for _, m := range members {
		if _, known := Signature(fields).Find(m.Key); !known {
			c.add(Problem{Kind: Extra, Path: JoinPath(path, m.Key), Has: JSONType(m.Value)})
		}
	}
}

func (c *checker) value(p Param, path string, raw json.RawMessage) {
	has := JSONType(raw)
	switch {
	case has == "null" && p.Optional:
	case p.Array:
		c.list(p, path, raw)
	case p.Kind == Composite && !p.Open():
		c.object(p.Fields, path, p.TypeString(), raw)
	case p.Kind == Tuple && !p.Open():
		c.tuple(p, path, raw)
	default:
		if fits, found := fitsScalar(p.Kind, raw); !fits {
			c.wrong(path, found, p.TypeString())
		}
	}
}

func (c *checker) list(p Param, path string, raw json.RawMessage) {
	items, err := Items(raw)
	if err != nil {
		c.wrong(path, JSONType(raw), p.TypeString())
		return
	}
	for i, item := range items {
		if len(c.problems) == MaxProblems {
			return
		}
		c.value(p.Item(), IndexPath(path, i), item)
	}
}

func (c *checker) tuple(p Param, path string, raw json.RawMessage) {
	items, err := Items(raw)
	if err != nil {
		c.wrong(path, JSONType(raw), p.TypeString())
		return
	}
	for i, field := range p.Fields {
		at := JoinPath(path, field.Name)
		if i < len(items) {
			c.value(field, at, items[i])
		} else if !field.Optional {
			c.missing(at, field)
		}
	}
	for i := len(p.Fields); i < len(items); i++ {
		c.add(Problem{Kind: Extra, Path: IndexPath(path, i), Has: JSONType(items[i])})
	}
}

// fitsScalar reports whether a value is one of the kind, and else what it is.
// Open composites and tuples are looked at here too, since nothing is inside.
func fitsScalar(k Kind, raw json.RawMessage) (bool, string) {
	has := JSONType(raw)
	number := strings.TrimSpace(string(raw))
	switch k {
	case Bool:
		return has == "bool", has
	case Int, Long:
		if has != "number" {
			return false, has
		}
		return integerFault(k, number) == "", clip(number)
	case Double:
		return has == "number", has
	case String:
		return has == "string", has
	case DateTime:
		return has == "string" && isDate(raw), has
	case Tuple:
		return has == "array", has
	}
	return has == "object", has
}

// isDate reports whether a JSON string is a date of the wire, or an ISO text.
func isDate(raw json.RawMessage) bool {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return false
	}
	if _, ok := ParseDateText(s); ok {
		return true
	}
	if digits(s) != 4 {
		return false // "2 Jan 2006" is for people alone
	}
	_, ok := parseISO(s, time.UTC)
	return ok
}

// Check compares one value with the entry, as the function Check does with a
// whole signature. Paths start at the value.
func (p Param) Check(raw json.RawMessage) []Problem {
	c := &checker{}
	if !json.Valid(raw) {
		c.wrong("", "no JSON", p.TypeString())
		return c.problems
	}
	c.value(p, "", raw)
	return c.problems
}

// Decode gives a JSON text as Go values, numbers with all their digits; nil where it
// is no JSON.
func Decode(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}
