package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/record/replay"
)

// film is recorded and played in memory, in the time of synctest.
func onFilm(t *testing.T, file string, o replay.Options, play func(*replay.Player, *speaker)) {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	info, err := in.Stat()
	if err != nil {
		t.Fatal(err)
	}
	r, err := replay.Open(in, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	gw := gateway.New(nil)
	defer func() { _ = gw.Close() }()
	o.Dial = func(context.Context, string) (client.Conn, error) { return gw.Connect(false), nil }
	o.User = "dev"
	p, err := replay.Start(t.Context(), "ws://in.memory/gw3", r, &o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	s := speak(t, gw, "Viewer")
	defer s.end()
	s.sees("live")
	play(p, s)
}

// streamLines are what was said of a subscription, without its number and times.
func streamLines(said string) []string {
	var out []string
	for _, line := range strings.Split(unwrap.ReplaceAllString(said, " "), "\n") {
		if m := regexp.MustCompile(`^\d+: (?:\d\d:\d\d:\d\d\.\d+ )?(.*)`).FindStringSubmatch(line); m != nil {
			out = append(out, m[1])
		}
	}
	return out
}

// TestReplayedStreamShowsItsGaps: holes in the sequence of a stream, its snapshots and
// what was private are in its recording, and are there when it is replayed.
func TestReplayedStreamShowsItsGaps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "gaps.jsonl")
		gw := gateway.New(nil)
		feed, err := client.Dial(t.Context(), "ws://in.memory/gw3", &client.Options{
			Application: "Feed", User: "dev",
			Dial: func(context.Context, string) (client.Conn, error) { return gw.Connect(false), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		push := func(p func(any, *client.PushOptions) error, sequence json.Number, snapshot bool, text string) {
			t.Helper()
			if err := p(map[string]string{"text": text}, &client.PushOptions{Sequence: sequence, Snapshot: snapshot}); err != nil {
				t.Fatal(err)
			}
		}
		stream, err := feed.CreateStream(t.Context(), bus.MethodDefinition{Name: "Ticks"}, &client.StreamOptions{
			OnSubscribed: func(s *client.Subscriber) { push(s.PushWith, "40", true, "whole") },
		})
		if err != nil {
			t.Fatal(err)
		}
		viewer := speak(t, gw, "Viewer")
		viewer.sees("live")
		viewer.say("record "+file, "subscribe Ticks")
		all := func(data any, o *client.PushOptions) error { return stream.PushWith(data, o) }
		for _, n := range []json.Number{"41", "42", "45", "46", "46", "50"} {
			push(all, n, false, "n"+n.String())
			viewer.pass(time.Second)
		}
		push(all, "", false, "without")
		viewer.pass(time.Second)
		live := streamLines(viewer.heard())
		viewer.say("record stop")
		viewer.sees("recorded")
		viewer.end()
		_ = feed.Close()
		_ = gw.Close()

		text := strings.Join(live, "\n")
		for _, want := range []string{"snapshot", "2 missing: seq 43 and 44", "3 missing: seq 47 to 49"} {
			if !strings.Contains(text, want) {
				t.Fatalf("live, %q was not said in:\n%s", want, text)
			}
		}
		onFilm(t, file, replay.Options{}, func(_ *replay.Player, s *speaker) {
			s.say("subscribe Ticks")
			s.pass(20 * time.Second)
			if got := strings.Join(streamLines(s.heard()), "\n"); got != text {
				t.Errorf("replayed, it reads\n%s\nwant\n%s", got, text)
			}
		})
	})
}
