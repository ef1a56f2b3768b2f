//go:build !race

package interval

const cutStride = 1
