// Package hush keeps the libraries that draw from asking the terminal anything
// where the explorer tells lines.
//
// Bubble Tea asks for the terminal's background in an init function, so before
// any code of a program of its own runs: an escape sequence, in every program
// that has it. It asks no terminal that is called dumb. Packages are initialized
// in the order of their import paths as soon as all that they import is, so this
// one, which imports os alone, comes before all that need more of the standard
// library, and calls the terminal dumb until Lift.
package hush

import "os"

var term, known = os.LookupEnv("TERM")

var hushed bool

func init() {
	if wanted(os.Args, os.Getenv("IOSCOPE_PLAIN")) {
		hushed = true
		_ = os.Setenv("TERM", "dumb")
	}
}

// wanted tells from the bare command line whether lines are wanted. It may err on
// either side: then one sequence comes, or the theme is the one for dark ground.
func wanted(args []string, env string) bool {
	for _, a := range args[min(1, len(args)):] {
		switch a {
		case "--plain", "--plain=true", "--plain=1":
			return true
		case "--plain=false", "--plain=0":
			return false
		case "--":
			return env != "" && env != "0"
		}
	}
	return env != "" && env != "0"
}

// Lift calls the terminal again by its name. Where it was never called otherwise
// nothing is written, so that several commands may run side by side.
func Lift() {
	if !hushed {
		return
	}
	if known {
		_ = os.Setenv("TERM", term)
	} else {
		_ = os.Unsetenv("TERM")
	}
	hushed = false
}
