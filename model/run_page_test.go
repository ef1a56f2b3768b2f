package model

import (
	"errors"
	"testing"
)

// A page that failed goes no further, whatever it said before of how far it was.
func TestPageThatFailedMakesNoProgress(t *testing.T) {
	t.Parallel()
	s, r, _ := asked(t)
	s.heardRun(RunLoading{Ref: r.Ref, State: &Progress{Label: "Adding up"}})
	if r.Loading == nil {
		t.Fatal("no progress to begin with")
	}
	s.heardRun(PageFailed{Ref: r.Ref, Err: errors.New("the host did not come back")})
	if r.Loading != nil {
		t.Errorf("it still goes on: %+v", r.Loading)
	}
}
