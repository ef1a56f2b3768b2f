package model

import (
	"encoding/json"
	"fmt"

	"ioscope/client/bus"
)

// Misfit is one place at which a value is not what its method returns.
type Misfit struct{ bus.Problem }

// Reason says what is wrong without saying where: the words of every face.
func (m Misfit) Reason() string {
	if m.Kind == bus.Extra {
		return "extra: not in returns"
	}
	return m.Problem.Reason()
}

// String says where and what is wrong.
func (m Misfit) String() string {
	if m.Path == "" {
		return m.Reason()
	}
	return m.Path + ": " + m.Reason()
}

// Unfit is what of a value does not fit a signature, such as a method's returns. A
// signature that can't be read, or says nothing, is broken by nothing.
func Unfit(signature string, value json.RawMessage) []Misfit {
	sig, err := bus.ParseSignature(signature)
	if err != nil || len(sig) == 0 {
		return nil
	}
	return unfit(sig, value)
}

func unfit(sig bus.Signature, value json.RawMessage) []Misfit {
	var out []Misfit
	for _, p := range bus.Check(sig, value) {
		if p.Kind != bus.Extra || p.Path != bus.ReplayMark { // that is ours, not the server's
			out = append(out, Misfit{p})
		}
	}
	return out
}

// UnfitWords tell what does not fit in a line: the first in full, and how many more
// there are.
func UnfitWords(problems []Misfit) string {
	if len(problems) == 0 {
		return ""
	}
	words := "not as declared: " + problems[0].String()
	switch more := len(problems) - 1; {
	case len(problems) >= bus.MaxProblems:
		words += fmt.Sprintf(", and at least %d more", more)
	case more > 0:
		words += fmt.Sprintf(", and %d more", more)
	}
	return words
}
