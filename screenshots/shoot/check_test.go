package main

import (
	"context"
	"testing"
	"time"
)

// TestPicturesAreTrue plays every scene and compares what the program shows now
// with the text that was written when the picture was drawn.
func TestPicturesAreTrue(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("plays every scene in a terminal")
	}
	scenes, err := readScenes("../scenes", nil)
	if err != nil {
		t.Fatal(err)
	}
	program, clean, err := build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = clean() })
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			p := &player{program: program, out: "..", say: t.Logf, check: true}
			if err := p.play(ctx, s); err != nil {
				t.Error(err)
			}
		})
	}
}
