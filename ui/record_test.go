package ui

import (
	"errors"
	"io/fs"
	"testing"
)

func init() { //nolint:gochecknoinits // the scenes of recording stand apart
	scenes = append(scenes, recordScenes...)
	pictures = append(pictures, recordPictures...)
}

var recordPictures = []struct {
	scene string
	sizes [][2]int
}{
	{"record", mainSizes},
	{"record-goes-on", mainSizes},
}

var recordScenes = []scene{
	{name: "record", make: func(h *harness) { h.main(); h.recorder(); h.press("R") }},
	{name: "record-goes-on", make: func(h *harness) {
		h.main()
		r := h.recorder()
		h.press("R", "enter")
		r.now.Events, r.now.Bytes = 48_210, 14_680_064
		h.pass(0)
	}},
}

// recBus is a bus that can be recorded.
type recBus struct {
	*fakeBus
	on    bool
	now   Recording
	files map[string]bool
	err   error
}

func (b *recBus) RecordPlace(name string) string {
	return "/home/dev/.local/state/ioscope/recordings/" + name + "-20261121-140324.jsonl"
}

func (b *recBus) Record(file string, over bool) (string, error) {
	switch {
	case b.err != nil:
		return file, b.err
	case b.files[file] && !over:
		return file, fs.ErrExist
	}
	b.on, b.now = true, Recording{File: file}
	return file, nil
}

func (b *recBus) StopRecording() (Recording, bool) {
	was := b.on
	b.on = false
	return b.now, was
}
func (b *recBus) Recording() (Recording, bool) { return b.now, b.on }

func (h *harness) recorder() *recBus {
	b := &recBus{fakeBus: h.bus, files: map[string]bool{"there.jsonl": true}}
	h.app.desk.asker.bus = b
	return b
}

func TestRecord(t *testing.T) {
	t.Parallel()
	h := newHarness(t, setting{})
	h.main()
	h.press("R")
	h.shows("nothing can be written here")
	b := h.recorder()
	h.press("R")
	h.shows("Record demo bus", "demo bus-20261121-140324.jsonl", "enter begins")
	h.press("esc")
	if b.on {
		t.Fatal("it records though nothing was said")
	}
	h.press("R", "ctrl+u", "enter")
	h.shows("the file needs a name")
	h.write("there.jsonl")
	h.press("enter")
	h.shows("The file is there already", "Keep it")
	h.press("tab", "enter")
	h.shows("recording to there.jsonl", "● rec")
	b.now.Calls, b.now.Events, b.now.Bytes, b.now.Dropped = 1, 1204, 3<<20, 7
	h.pass(0)
	h.shows("● rec 3.1 MB", "! 7 dropped")
	h.press("q")
	h.shows("A recording goes on; it ends whole.", "● rec there.jsonl")
	h.press("esc")
	h.press("R")
	h.shows("recorded 1 call and 1,204 events to there.jsonl", "7 lines dropped")
	if b.on {
		t.Error("it goes on")
	}
	b.err = errors.New("no room on the disk")
	h.press("R", "enter")
	h.shows("not recorded: no room on the disk")
}
