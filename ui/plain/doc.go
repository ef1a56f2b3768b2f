// Package plain is the explorer as lines: for screen readers, for terminals that
// can't move a cursor, and for scripts that want to say and hear.
//
// It is the same program as the screen: the same model.State takes in what the
// same inbox hears, and the same Asker asks the bus. What differs is how it is
// told: one fact a line, the subject first, never redrawn, without colour, and
// with a word for each state. Streams speak at most two lines a second.
//
// Bad input is answered with a line that begins with "error:", and mostly one
// that begins with "hint:", and changes nothing.
package plain
