package demo

import (
	"errors"

	"ioscope/client/bus"
)

// The calculators and Grumpy register the very same definitions, so that to the
// bus it is one method each, offered by several servers.
var (
	addition = bus.MethodDefinition{
		Name:        "Addition",
		DisplayName: "Calculate Sum",
		Description: "Calculates the sum of the input numbers.",
		Accepts:     "int a, int b, int? c",
		Returns:     "int sum",
		Version:     1,
	}
	division = bus.MethodDefinition{
		Name:        "Division",
		DisplayName: "Divide",
		Description: "Divides a by b. Not every server is equally exact.",
		Accepts:     "double a, double b",
		Returns:     "double quotient, double remainder, bool exact, string unit",
		Version:     1,
	}
	multiply = bus.MethodDefinition{
		Name:        "Multiply",
		DisplayName: "Multiply",
		Description: "Multiplies two numbers.",
		Accepts:     "double a, double b",
		Returns:     "double product",
		Version:     1,
	}
)

// errByZero is what the calculators say to a division by zero.
var errByZero = errors.New("division by zero: b is 0")

// noUnit is the unit of a plain number.
const noUnit = "none"
