package plain

import (
	"fmt"
	"strconv"
	"strings"

	"ioscope/model"
	"ioscope/ui"
)

// replay tells how far a recording is that is played again, or does something to it.
func (x *explorer) replay(words []string) error {
	r, ok := x.desk.bus.(ui.Replayer)
	if ok {
		_, ok = r.Replay()
	}
	if !ok {
		return problemf("", "this bus is no recording; ioscope --replay FILE plays one")
	}
	if len(words) == 0 {
		x.tellReplay(r)
		return nil
	}
	if words[0] == "to" {
		return x.seek(r, words[1:])
	}
	do, known := map[string]ui.ReplayDeed{"pause": ui.ReplayPause, "faster": ui.ReplayFaster, "slower": ui.ReplaySlower, "restart": ui.ReplayRestart}[words[0]]
	if !known {
		return problemf("pause, which goes on, too, faster, slower, restart and to MOMENT work", "replay what? %q", words[0])
	}
	if err := nothing(words[1:]); err != nil {
		return err
	}
	x.replayed(r, func() error { return r.Play(do) })
	return nil
}

// seek goes to a moment of the recording.
func (x *explorer) seek(r ui.Replayer, words []string) error {
	now, _ := r.Replay()
	at, err := now.Span().Moment(strings.Join(words, " "))
	if err != nil {
		return problemf("replay to 2m30s, 02:30, 50%, end or a time of day goes there, replay to +30s and replay to -1m from here", "%s", err)
	}
	x.replayed(r, func() error { return r.Seek(at) })
	return nil
}

// replayed does something with the replay, and tells how it stands then.
func (x *explorer) replayed(r ui.Replayer, do func() error) {
	x.beside(func() func() {
		err := do()
		return func() {
			if err != nil {
				x.complain(fmt.Errorf("replay: %w", err))
				return
			}
			x.tellReplay(r)
		}
	})
}

func (x *explorer) tellReplay(r ui.Replayer) {
	now, _ := r.Replay()
	line := fmt.Sprintf("replay: %s of %s, recorded at %s, speed %s", model.Elapsed(now.Position), model.Elapsed(now.Length), clock(now.At.Local()), strconv.FormatFloat(now.Speed, 'g', -1, 64))
	switch {
	case now.Over:
		line += ", over"
	case now.Paused:
		line += ", paused"
	}
	x.say(line)
}
