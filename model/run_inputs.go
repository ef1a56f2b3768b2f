package model

import (
	"ioscope/client/interval/schema"
)

// The inputs of runs. Ref is the transaction, or the key of the page.
type (
	// RunBegun tells what became of starting: the reference, or why not.
	RunBegun struct {
		Thing ThingID
		Gen   int
		Ref   string
		Err   error
	}
	// RunRendered tells what a run shows or asks now.
	RunRendered struct {
		Ref                    string
		Render                 *schema.Render
		Update, Refused, Waits bool
	}
	// RunAnswered tells what was sent for a step.
	RunAnswered struct {
		Ref, Key, Choice string
	}
	// RunStage tells how a run stands.
	RunStage struct {
		Ref   string
		Stage Stage
	}
	// RunLoading is the progress of a run; nil when it is over.
	RunLoading struct {
		Ref   string
		State *Progress
	}
	// RunLogged is a line of the log.
	RunLogged struct {
		Ref  string
		Line LogLine
	}
	// RunLogLost tells that lines came faster than the screen could take them.
	RunLogLost struct {
		Ref   string
		Count int
	}
	// RunNotified is a message that an action sends to somebody.
	RunNotified struct {
		Ref, Host, Title, Message string
		To                        []string
	}
	// RunRedirected tells where a run wants the person to go.
	RunRedirected struct {
		Ref    string
		Target schema.Target
	}
	// RunOver tells how a run ended. Late is true for what a canceled one gave.
	RunOver struct {
		Ref    string
		Result *schema.Result
		Late   bool
	}
	// PageDrawn is a page as it stands now.
	PageDrawn struct {
		Ref    string
		Layout *schema.Layout
	}
	// PageFailed tells that a page could not be opened, or is gone.
	PageFailed struct {
		Ref string
		Err error
	}
	// RunRefused tells that an answer, or another wish, was not sent.
	RunRefused struct {
		Ref, Key string
		Index    int // of the component; -1 for the whole step
		Err      error
	}
	// RunUploaded tells where files are now.
	RunUploaded struct {
		Ref, Key string
		Index    int
		Files    []schema.File
		Err      error
	}
	// RunQueued tells that somebody wants an action to be run.
	RunQueued struct {
		// ID is its place in the queue.
		ID             string
		Slug, Assignee string
		Params         schema.Record
	}
)

func (RunBegun) input()      {}
func (RunRendered) input()   {}
func (RunAnswered) input()   {}
func (RunStage) input()      {}
func (RunLoading) input()    {}
func (RunLogged) input()     {}
func (RunLogLost) input()    {}
func (RunNotified) input()   {}
func (RunRedirected) input() {}
func (RunOver) input()       {}
func (PageDrawn) input()     {}
func (PageFailed) input()    {}
func (RunRefused) input()    {}
func (RunUploaded) input()   {}
func (RunQueued) input()     {}
