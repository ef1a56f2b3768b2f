package model

import (
	"ioscope/client/interval/schema"
)

// The effects of runs. Those with a Ref are about one that was started.
type (
	// StartRun starts an action, or opens a page.
	StartRun struct {
		Thing  ThingID
		Gen    int
		Host   string
		Slug   string
		Page   bool
		Params schema.Record
		// Queued is its place in the queue, which it leaves; empty for none.
		Queued string
	}
	// AnswerRun answers a step.
	AnswerRun struct {
		Ref, Key string
		Values   []any
		Choice   string
	}
	// TurnRun asks for other props of a component.
	TurnRun struct {
		Ref, Key string
		Index    int
		State    any
	}
	// UploadRun brings files to where the host gets them.
	UploadRun struct {
		Ref, Key string
		Index    int
		Paths    []string
	}
	// CancelRun ends a run.
	CancelRun struct{ Ref string }
	// LeaveRun forgets a run that has ended, or closes a page.
	LeaveRun struct {
		Ref  string
		Page bool
	}
	// OpenAddress shows an address outside.
	OpenAddress struct{ URL string }
)

func (StartRun) effect()    {}
func (AnswerRun) effect()   {}
func (TurnRun) effect()     {}
func (UploadRun) effect()   {}
func (CancelRun) effect()   {}
func (LeaveRun) effect()    {}
func (OpenAddress) effect() {}
