package stub

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Problem is one place of a file at which something is wrong.
type Problem struct {
	File string
	// Line counts from 1; 0 where the whole file is meant.
	Line int
	// Path leads to the member, such as methods[1].after; empty for the whole.
	Path string
	// What is wrong, and what to do about it; the latter may be empty.
	What, Help string
}

// String is one line: where, what, and what to do.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.What)
	if p.Help != "" {
		b.WriteString("; " + p.Help)
	}
	return b.String()
}

// Problems is all that is wrong with a file, in the order of its lines.
type Problems []Problem

// Error has a line for each.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// sorted orders problems by line; those of a line keep their order.
func (r *reader) sorted(problems []Problem) Problems {
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return problems
}

// cause is an error of the file system without the path, which is told already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
