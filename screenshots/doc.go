// Package screenshots holds the pictures of the running program, and the scenes
// that they are made from. It has no code of its own: go generate builds the
// program, plays each scene of scenes/ to it in a real terminal, and writes the
// pictures here. What a scene may say stands at the top of shoot/scene.go.
package screenshots

//go:generate go run ./shoot -scenes scenes -out .
