//go:build race

package interval

// cutStride leaves cuts out where each costs much: the race detector finds what it
// finds in some of them as well.
const cutStride = 5
