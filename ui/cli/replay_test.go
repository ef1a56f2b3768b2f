package cli

import (
	"context"
	"encoding/json"
	"fmt"
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

// onFilm plays a recording in memory, in the time of synctest.
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
	var viewer *session
	o.OnSeek = func(from, to time.Duration) { viewer.replaySought(from, to) }
	p, err := replay.Start(t.Context(), "ws://in.memory/gw3", r, &o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	s := speak(t, gw, "Viewer")
	defer s.end()
	s.sees("live")
	viewer = s.bus
	show := func(p *replay.Player) {
		viewer.mu.Lock()
		defer viewer.mu.Unlock()
		viewer.player, viewer.home = p, viewer.url
	}
	show(p)
	defer show(nil) // it is not the session's
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

// TestReplayGoesToMoments goes through a recording by lines: the stream tells where it
// went, and what it brings from there, and misses nothing.
func TestReplayGoesToMoments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "minute.jsonl")
		var text strings.Builder
		begin := time.Now()
		line := func(second int, what, rest string) {
			fmt.Fprintf(&text, `{"at":%q,"what":%q,%s}`+"\n", begin.Add(time.Duration(second)*time.Second).Format(time.RFC3339Nano), what, rest)
		}
		fmt.Fprintf(&text, `{"ioscope":"recording","version":1,"at":%q}`+"\n", begin.Format(time.RFC3339Nano))
		line(0, "join", `"peer":"p","identity":{"application":"Feed","user":"dev"}`)
		line(0, "offer", `"peer":"p","methods":[{"id":"1","name":"Ticks","streaming":true}]`)
		line(1, "subscribe", `"id":1,"method":"Ticks","args":{}`)
		line(1, "accepted", `"id":1,"peer":"p","subscription":"s"`)
		for s := 2; s <= 100; s++ {
			line(s, "event", fmt.Sprintf(`"id":1,"peer":"p","sequence":%d,"data":{"n":%d}`, s, s))
		}
		line(120, "end", `"why":"stopped"`)
		if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		onFilm(t, file, replay.Options{From: 40 * time.Second, Paused: true}, func(_ *replay.Player, s *speaker) {
			// says wants texts in what a line brings, in any order.
			says := func(line string, texts ...string) {
				t.Helper()
				s.say(line)
				s.pass(time.Second)
				said := unwrap.ReplaceAllString(s.heard(), " ")
				for _, text := range texts {
					if !strings.Contains(said, text) {
						t.Errorf("after %q %q was not said in:\n%s", line, text, said)
					}
				}
				if strings.Contains(said, "missing") || strings.Contains(said, "begins again") {
					t.Errorf("a jump is taken for missing: %s", said)
				}
			}
			says("replay", "replay: 00:40 of 02:00, recorded at ", ", speed 1, paused")
			says("subscribe Ticks", "accepted by Feed")
			says("replay pause", "replay: 00:40 of 02:00", "shared, n 41", "shared, n 42")
			says("replay to 1m10s", "replay: 01:10 of 02:00", "the replay went from 00:42 to 01:10; what lies between is not here", "shared, n 72")
			says("replay to -1m", "replay: 00:12 of 02:00", "the replay went back from 01:12 to 00:12", "shared, n 14")
			says("replay to 00:50.5", "the replay went from 00:14 to 00:50", "shared, n 52")
			s.say("replay to 9m", "replay to", "replay back")
			s.sees("error: 9m is not in it: it is 02:00 long", "hint: replay to 2m30s", "error: not a moment", "error: replay what? \"back\"", "to MOMENT work")
			says("replay to end", "replay: 02:00 of 02:00", ", over")
			says("replay restart", "replay: 00:00 of 02:00", "the replay went back from 02:00 to 00:00")
		})
	})
}
