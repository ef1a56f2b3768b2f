package model

import (
	"encoding/json"
	"fmt"
	"slices"

	"ioscope/client/bus"
)

// Unfit is what of a value does not fit a signature, such as a method's returns. A
// signature that can't be read, or says nothing, is broken by nothing.
func Unfit(signature string, value json.RawMessage) []bus.Problem {
	sig, err := bus.ParseSignature(signature)
	if err != nil || len(sig) == 0 {
		return nil
	}
	return unfit(sig, value)
}

func unfit(sig bus.Signature, value json.RawMessage) []bus.Problem {
	return slices.DeleteFunc(bus.Check(sig, value), func(p bus.Problem) bool {
		return p.Kind == bus.Extra && p.Path == bus.ReplayMark // ours, not the server's
	})
}

// UnfitWords tell what does not fit in a line: the first in full, and how many more
// there are.
func UnfitWords(problems []bus.Problem) string {
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
