package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/gateway"
	"ioscope/client/record/replay"
	"ioscope/model"
	"ioscope/ui"
)

// replaying is what --replay, --speed and --from say.
type replaying struct {
	file  string
	speed float64
	from  string
}

func (r *replaying) register(cmd *cobra.Command) {
	p := cmd.Flags()
	p.StringVar(&r.file, "replay", "", "recording to play, a `file` that ioscope record or R made")
	p.Float64Var(&r.speed, "speed", 1, "how many `times` faster than it was, with --replay; from 0.0625 to 64")
	p.StringVar(&r.from, "from", "", "`moment` of the recording at which the replay begins: 2m30s, 02:30, 50% or the time of day; default its beginning")
	_ = cmd.MarkFlagFilename("replay", "jsonl")
}

// check refuses what can't be meant.
func (r *replaying) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case given("speed") && r.file == "":
		return usagef("--speed: of a --replay, and none is asked for")
	case given("from") && r.file == "":
		return usagef("--from: of a --replay, and none is asked for")
	case math.IsNaN(r.speed) || r.speed < replay.Slowest || r.speed > replay.Fastest:
		return usagef("--speed %v: from %v to %v", r.speed, replay.Slowest, replay.Fastest)
	case r.file != "" && (given("url") || given("bus")):
		return usagef("--replay is a bus of its own; --url and --bus say another one")
	}
	return nil
}

// film is a recording with the file that it is read from.
type film struct {
	*replay.Recording
	file *os.File
}

// open reads a recording. What it passed over is told by notes.
func (r *replaying) open() (*film, []string, error) {
	file, err := os.Open(r.file)
	var path *fs.PathError
	if errors.As(err, &path) {
		return nil, nil, usagef("--replay %s: %w", r.file, path.Err)
	}
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("no file that can be read twice; a pipe wants to be written to one first")
	}
	var rec *replay.Recording
	if err == nil {
		rec, err = replay.Open(file, info.Size())
	}
	if err != nil {
		return nil, nil, errors.Join(usagef("--replay %s: %w", r.file, err), file.Close())
	}
	first, further := rec.Problems()
	var notes []string
	for _, p := range first {
		notes = append(notes, fmt.Sprintf("%s, %v; passed over", r.file, p))
	}
	if further > 0 {
		notes = append(notes, fmt.Sprintf("%s: %d more lines passed over", r.file, further))
	}
	return &film{rec, file}, notes, nil
}

// play brings the recording's applications to a gateway, through memory.
func (r *replaying) play(ctx context.Context, g *gateway.Gateway, f *film, url string, o replay.Options) (*replay.Player, error) {
	o.Dial = func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil }
	o.Speed = r.speed
	if r.from != "" {
		span := model.Span{Begin: f.Header().At.Local(), Length: f.Length()}
		at, err := span.Moment(r.from)
		if err != nil {
			return nil, usagef("--from %s: %w", r.from, err)
		}
		o.From = at
	}
	p, err := replay.Start(ctx, url, f.Recording, &o)
	if err != nil {
		return nil, fmt.Errorf("replay %s: %w", r.file, err)
	}
	return p, nil
}

// embedReplay starts a gateway of our own with the recording's applications on it.
func (s *session) embedReplay(ctx context.Context) (model.Options, error) {
	r := &s.flags.replay
	film, notes, err := r.open()
	if err != nil {
		return model.Options{}, err
	}
	g, url, _, err := s.ownGateway()
	if err != nil {
		_ = film.file.Close()
		return model.Options{}, err
	}
	p, err := r.play(ctx, g, film, url, replay.Options{Logger: s.log, OnOver: s.replayOver, OnSeek: s.replaySought})
	if err != nil {
		_ = errors.Join(g.Close(), film.file.Close())
		return model.Options{}, err
	}
	s.mu.Lock()
	s.own, s.home, s.player, s.film = g, url, p, film
	s.mu.Unlock()
	s.open(url, func(context.Context, string) (client.Conn, error) { return g.Connect(true), nil })
	start := model.Options{Name: filepath.Base(r.file), URL: url, Asked: url, User: s.who().user, ReadOnly: s.who().readOnly, Session: sessionID()}
	if len(notes) > 0 {
		start.Note = notes[0]
		if more := len(notes) - 1; more > 0 {
			start.Note += fmt.Sprintf(", and %d more", more)
		}
	}
	return start, nil
}

func (s *session) replayOver() {
	s.inbox.Put(model.Told{Text: "The recording is over; the bus stays as it was at its end, and still answers."})
}

func (s *session) replaySought(from, to time.Duration) {
	s.inbox.Put(model.ReplaySought{From: from, To: to})
}

var _ ui.Replayer = (*session)(nil)

// Replay implements ui.Replayer.
func (s *session) Replay() (ui.Replay, bool) {
	s.mu.Lock()
	p, here := s.player, s.url == s.home
	s.mu.Unlock()
	if p == nil || !here {
		return ui.Replay{}, false
	}
	return ui.Replay(p.State()), true
}

// onPlayer does something with the recording that is played, if one is.
func (s *session) onPlayer(do func(ctx context.Context, p *replay.Player) error) error {
	s.mu.Lock()
	p := s.player
	s.mu.Unlock()
	if p == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	return do(ctx, p)
}

// Play implements ui.Replayer.
func (s *session) Play(do ui.ReplayDeed) error {
	return s.onPlayer(func(ctx context.Context, p *replay.Player) error { return play(ctx, p, do) })
}

func play(ctx context.Context, p *replay.Player, do ui.ReplayDeed) error {
	const twice = 2
	switch do {
	case ui.ReplayPause:
		if p.State().Paused {
			p.Resume()
		} else {
			p.Pause()
		}
	case ui.ReplayFaster:
		p.SetSpeed(p.State().Speed * twice)
	case ui.ReplaySlower:
		p.SetSpeed(p.State().Speed / twice)
	case ui.ReplayRestart:
		return p.Restart(ctx)
	}
	return nil
}

// Seek implements ui.Replayer.
func (s *session) Seek(to time.Duration) error {
	return s.onPlayer(func(ctx context.Context, p *replay.Player) error { return p.Seek(ctx, to) })
}

// replayed plays a recording on the gateway of the command of that name. stop ends it.
func (gf *gatewayFlags) replayed(ctx context.Context, env Env, g *gateway.Gateway, within *flags, url string, log *slog.Logger) (stop func(), err error) {
	film, notes, err := gf.recording.open()
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		note(env.Stderr, "%s", n)
	}
	p, err := gf.recording.play(ctx, g, film, url, replay.Options{
		User: within.user, Password: within.password, Logger: log,
		OnOver: func() { log.Info("the recording is over", "file", gf.recording.file) },
	})
	if err != nil {
		_ = film.file.Close()
		return nil, quietEnd(ctx, err)
	}
	log.Info("replaying", "file", gf.recording.file, "applications", film.Counts().Applications, "length", film.Length().Round(time.Second))
	return func() {
		_ = p.Close()
		_ = film.file.Close()
	}, nil
}
