package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ioscope/client/record"
	"ioscope/model"
	"ioscope/ui"
)

// recorded is the recording of a session.
type recorded struct {
	tap  *record.Tap
	file string // of the one that goes on; guarded by the session's mu
}

var _ ui.Recorder = (*session)(nil)

// RecordPlace implements ui.Recorder.
func (s *session) RecordPlace(bus string) string {
	stem := model.FileStem(strings.TrimSuffix(bus, ".jsonl") + "-" + time.Now().Format("20060102-150405"))
	return disk{}.Free(filepath.Join(s.who().settings.recordings(), stem), ".jsonl")
}

// recordings is the folder of recordings where no other is asked for.
func (s *settings) recordings() string { return filepath.Join(s.paths.State, "recordings") }

// Record implements ui.Recorder.
func (s *session) Record(file string, over bool) (string, error) {
	path, err := absolute(file)
	if err != nil {
		return "", err
	}
	who := s.who()
	if filepath.Dir(path) == who.settings.recordings() {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return path, err
		}
	}
	if _, err := os.Lstat(path); err == nil && !over {
		return path, fs.ErrExist
	}
	out, err := createRecording(path, over)
	if err != nil {
		return path, err
	}
	c := s.current()
	o := &record.Options{
		MaxBytes: who.settings.recordLimit(), URL: s.address(), Application: who.application, Program: "ioscope " + version(),
		OnEnd: func(st record.Status) {
			if st.Full || st.Err != nil {
				s.inbox.Put(model.Told{Text: recordingOf(path, st).Words()})
			}
		},
	}
	if c != nil {
		o.User = c.Self().User
	}
	if _, err := s.recorded.tap.Start(out, o); err != nil {
		return path, fmt.Errorf("%s: %w", path, err)
	}
	s.mu.Lock()
	s.recorded.file = path
	s.mu.Unlock()
	return path, nil
}

func (s *session) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// StopRecording implements ui.Recorder.
func (s *session) StopRecording() (ui.Recording, bool) {
	r := s.recorded.tap.Recorder()
	if r == nil {
		return ui.Recording{}, false
	}
	s.mu.Lock()
	file := s.recorded.file
	s.mu.Unlock()
	return recordingOf(file, s.recorded.tap.Stop()), true
}

// leaveRecording ends it because the bus is left.
func (s *session) leaveRecording() {
	if done, was := s.StopRecording(); was {
		s.inbox.Put(model.Told{Text: done.Words()})
	}
}

// Recording implements ui.Recorder.
func (s *session) Recording() (ui.Recording, bool) {
	r := s.recorded.tap.Recorder()
	if r == nil {
		return ui.Recording{}, false
	}
	s.mu.Lock()
	file := s.recorded.file
	s.mu.Unlock()
	return recordingOf(file, r.Status()), true
}

func recordingOf(file string, s record.Status) ui.Recording {
	return ui.Recording{File: file, Calls: s.Calls, Events: s.Events, Bytes: s.Bytes, Dropped: s.Dropped, Full: s.Full, Err: s.Err}
}

// recordLimit is how long a recording may get.
func (s *settings) recordLimit() int64 {
	var limit size
	if s.RecordLimit == "" || limit.Set(s.RecordLimit) != nil {
		return record.DefaultMaxBytes
	}
	return int64(limit)
}
