package model

import (
	"testing"
	"time"
)

func TestReopen(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := New(Options{}, now)
	add := func(touched bool) *Thing {
		s.nextThing++
		th := &Thing{ID: s.nextThing, touched: touched}
		s.Things = append(s.Things, th)
		s.refresh()
		return th
	}
	first, second, empty := add(true), add(true), add(false)
	s.Close(empty)
	if s.CanReopen() || s.Notice.Text != "" {
		t.Error("a form in which nothing was done is kept")
	}
	s.Close(first)
	if s.Notice.Text == "" {
		t.Error("nobody says that it can be brought back")
	}
	s.Tick(now.Add(4 * time.Minute))
	s.Notice.Text = ""
	s.Close(second)
	if s.Notice.Text != "" {
		t.Error("it is said twice")
	}
	s.Tick(now.Add(5*time.Minute + time.Second))
	s.Reopen()
	if s.Shown() != second || s.CanReopen() {
		t.Errorf("%v is shown", s.Shown())
	}
	s.Tick(now.Add(time.Hour))
	s.Reopen()
	if len(s.Things) != 1 {
		t.Error("there is more than was closed")
	}
	for range 9 {
		s.Close(add(true))
	}
	if len(s.away) != reopenMost {
		t.Errorf("%d are kept", len(s.away))
	}
}
