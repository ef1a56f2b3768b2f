//go:build linux && !race

package endtoend

// raceEnabled makes the program look for races where the tests do.
const raceEnabled = false
