package ui

import (
	"context"
	"errors"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// Runs is what the explorer needs to run the actions of Interval hosts, and to show
// their pages. What is heard of hosts and runs goes into the Inbox. Its methods may
// be called from any goroutine; but for Upload, Open and List they don't wait.
type Runs interface {
	// Start starts an action, or opens a page. begun is told the reference, or why
	// there is none, before anything else is heard of it.
	Start(e model.StartRun, begun func(ref string, err error))
	// Answer answers a step, with a value for each component.
	Answer(e model.AnswerRun) error
	// Turn asks for other rows or hits.
	Turn(e model.TurnRun) error
	// Upload brings files to where the host gets them.
	Upload(ctx context.Context, e model.UploadRun) ([]schema.File, error)
	// Cancel ends a run, Leave forgets one that has ended, or closes a page.
	Cancel(ref string) error
	Leave(ref string, page bool) error
	// Open shows an address with what the system has for it.
	Open(address string) error
	// List lists a folder, for choosing a file. It gives the folder's full path.
	List(dir string) (full string, entries []Entry, err error)
}

// Entry is a file or a folder.
type Entry struct {
	Name string
	Dir  bool
	Size int64
}

var errNoRuns = errors.New("nobody listens for Interval hosts: start with --interval ADDR")

// askRun is the part of Ask that is about runs.
func (k *Asker) askRun(e model.Effect) func() error {
	if k.runs == nil {
		switch e := e.(type) {
		case model.StartRun:
			k.inbox.Put(model.RunBegun{Thing: e.Thing, Gen: e.Gen, Err: errNoRuns})
		case model.AnswerRun, model.TurnRun, model.UploadRun, model.CancelRun:
			return func() error { return errNoRuns }
		}
		return nil
	}
	// What only queues a message is done at once: the order counts, of the letters of
	// a search for one.
	switch e := e.(type) {
	case model.StartRun:
		k.runs.Start(e, func(ref string, err error) {
			k.inbox.Put(model.RunBegun{Thing: e.Thing, Gen: e.Gen, Ref: ref, Err: err})
		})
	case model.AnswerRun:
		k.refusal(e.Ref, e.Key, -1, k.runs.Answer(e))
	case model.TurnRun:
		k.refusal(e.Ref, e.Key, e.Index, k.runs.Turn(e))
	case model.UploadRun:
		return func() error { k.upload(e); return nil }
	case model.CancelRun:
		if err := k.runs.Cancel(e.Ref); err != nil {
			return func() error { return err }
		}
	case model.LeaveRun:
		_ = k.runs.Leave(e.Ref, e.Page) // it is forgotten, or was already
	}
	return nil
}

func (k *Asker) refusal(ref, key string, index int, err error) {
	if err != nil {
		k.inbox.Put(model.RunRefused{Ref: ref, Key: key, Index: index, Err: err})
	}
}

func (k *Asker) upload(e model.UploadRun) {
	files, err := k.runs.Upload(context.Background(), e)
	k.inbox.Put(model.RunUploaded{Ref: e.Ref, Key: e.Key, Index: e.Index, Files: files, Err: err})
}
