package bus

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

// Param is one entry of a signature: a type, whether it is an array, whether it
// may be left out, a name, and a description.
type Param struct {
	Kind        Kind
	Array       bool
	Optional    bool
	Name        string
	Description string
	// Fields are the entries of a Composite or a Tuple.
	Fields []Param
}

// Signature is a parsed accepts or returns.
type Signature []Param

// SyntaxError says where and why a text can't be parsed.
type SyntaxError struct {
	// Offset is the byte offset at which it went wrong, from 0.
	Offset int
	// Reason says what was found or wanted, without the place.
	Reason string
}

// Error returns the reason.
func (e *SyntaxError) Error() string { return e.Reason }
