package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"ioscope/model"
	"ioscope/ui/screen"
)

// Recorder is a [Bus] that can be recorded to a file.
type Recorder interface {
	// RecordPlace proposes a file that is not there yet, for a bus of that name.
	RecordPlace(bus string) string
	// Record begins, and returns where. Unless over says so, a file that is there
	// already stays, and the error is fs.ErrExist.
	Record(file string, over bool) (path string, err error)
	// StopRecording ends the recording and waits until it is written. It is false
	// where none went on.
	StopRecording() (Recording, bool)
	// Recording tells of the one that goes on. It is asked for each frame.
	Recording() (Recording, bool)
}

// Recording tells how a recording goes, or went.
type Recording struct {
	File                          string
	Calls, Events, Bytes, Dropped int64
	// Full is true when it ended because it got as long as it may.
	Full bool
	// Err is why it could not be written to its end.
	Err error
}

// Words say how it went.
func (r Recording) Words() string {
	if r.Err != nil {
		return fmt.Sprintf("the recording broke off: %v; %s are in %s", r.Err, RecordingHolds(r.Calls, r.Events), r.File)
	}
	text := fmt.Sprintf("recorded %s to %s, %s", RecordingHolds(r.Calls, r.Events), r.File, model.Bytes(int(r.Bytes)))
	if r.Dropped > 0 {
		text += "; " + model.Number(int(r.Dropped)) + " lines dropped: the disk was too slow"
	}
	if r.Full {
		text += "; that is as long as it may get"
	}
	return text
}

// RecordingHolds counts the calls and the events of a recording in words. What there
// is none of is left out, unless there is neither: joins and offers alone are one, too.
func RecordingHolds(calls, events int64) string {
	switch {
	case calls == 0 && events == 0:
		return "what is on the bus, no call or event,"
	case calls == 0:
		return model.Count(int(events), "event")
	case events == 0:
		return model.Count(int(calls), "call")
	}
	return model.Count(int(calls), "call") + " and " + model.Count(int(events), "event")
}

// recorder is what records the bus of this desk; nil where nothing does.
func (d *desk) recorder() Recorder {
	r, _ := d.asker.bus.(Recorder)
	return r
}

// recording is the one that goes on at this desk.
func (d *desk) recording() (Recording, bool) {
	if r := d.recorder(); r != nil {
		return r.Recording()
	}
	return Recording{}, false
}

func cantRecord(a *App) string {
	if a.recorder() == nil {
		return "nothing can be written here"
	}
	return ""
}

// toggleRecord ends the recording that goes on, or asks where to begin one.
func (a *App) toggleRecord() tea.Cmd {
	r := a.recorder()
	if _, on := r.Recording(); !on {
		a.openDialog(&recordDialog{})
		a.suggest(r.RecordPlace(a.state.Name))
		return nil
	}
	return func() tea.Msg {
		if done, was := r.StopRecording(); was {
			return sayMsg(done.Words())
		}
		return nil
	}
}

// record begins a recording.
func (a *App) beginRecord(file string, over bool) tea.Cmd {
	r := a.recorder()
	return func() tea.Msg {
		path, err := r.Record(file, over)
		switch {
		case errors.Is(err, fs.ErrExist):
			return doMsg(func(a *App) tea.Cmd {
				a.openDialog(&confirmDialog{
					title: "The file is there already", words: file, no: "Keep it", yes: "Write over it",
					do: func() tea.Cmd { return a.beginRecord(file, true) },
				})
				return nil
			})
		case err != nil:
			return sayMsg("not recorded: " + err.Error())
		}
		return sayMsg("recording to " + path)
	}
}

// recordDialog asks for the file.
type recordDialog struct{ wrong string }

func (d *recordDialog) width() int { return 90 }

func (d *recordDialog) draw(a *App, w, _ int) (string, []screen.Line, string) {
	lines := []screen.Line{
		{},
		screen.L(muted, screen.T("file  ")).Plus(a.inputText(w - 6).Fit(w - 6).On(screen.Sel)),
		{},
	}
	for _, about := range []screen.Text{
		screen.T("All that is heard of the bus, and what you ask of it, with the payloads."),
		screen.T("ioscope --replay FILE plays it again."),
	} {
		for _, part := range about.Wrap(w) {
			lines = append(lines, screen.L(muted, part))
		}
	}
	if d.wrong != "" {
		lines = append(lines, screen.Line{}, screen.L(bad, clean("✗ "+d.wrong)))
	}
	return "Record " + a.state.Name, append(lines, screen.Line{}), "enter begins   esc nothing"
}

func (d *recordDialog) press(a *App, msg tea.KeyMsg) tea.Cmd {
	if msg.String() != "enter" {
		a.typeLine(msg)
		d.wrong = ""
		return nil
	}
	name := strings.TrimSpace(a.line.Value())
	if name == "" {
		d.wrong = "the file needs a name"
		return nil
	}
	a.closeDialog()
	return a.beginRecord(name, false)
}

// recordMark tells in the header of the recording that goes on.
func (a *App) recordMark(step int) screen.Line {
	r, on := a.recording()
	if !on {
		return screen.Line{}
	}
	l := screen.L(bad, screen.T("●")).Fg(screen.T(" rec"))
	if step < 4 {
		l = l.Pad(1).Fg(clean(model.Bytes(int(r.Bytes))))
	}
	if step < 1 {
		l = l.Pad(1).Muted(clean(model.Count(int(r.Events), "event")))
	}
	if r.Dropped > 0 {
		l = l.Pad(1).Add(warn, clean("! "+model.Number(int(r.Dropped))+" dropped"))
	}
	return l
}

func recordBindings() []binding {
	return []binding{
		{id: "record.toggle", keys: []string{"R"}, in: []place{notTyping}, does: "record the bus to a file, and stop", why: cantRecord, do: (*App).toggleRecord},
	}
}

// recordings name the files of those that go on, at any desk.
func (a *App) recordings() []string {
	var out []string
	for _, d := range a.desks {
		if r, on := d.recording(); on {
			out = append(out, "● rec "+r.File)
		}
	}
	return out
}
