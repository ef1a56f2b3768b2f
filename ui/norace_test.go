//go:build !race

package ui

// slowed is true where the race detector makes everything slow.
const slowed = false
