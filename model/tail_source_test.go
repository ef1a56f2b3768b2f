package model

import (
	"encoding/json"
	"testing"

	"ioscope/client/bus"
)

// TestSourceIsAnApplication: who comes back under another peer id is the publisher that
// it was, and stays hidden; another application is another one.
func TestSourceIsAnApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ticks := streamDef("Ticks")
	feed, other := app("feed", 1), app("other", 2)
	w.connect()
	w.join(feed, ticks)
	w.join(other, ticks)
	sub := w.ask(ticks, ``)
	push := func(i bus.Instance) {
		w.apply(Streamed{sub.ID, sub.Gen, bus.StreamData{At: w.now, Server: i.PeerID, Data: json.RawMessage(`1`)}})
	}
	push(feed)
	push(other)
	again := feed
	again.PeerID = "feed-again"
	w.lose(feed, other)
	w.connect()
	w.join(again, ticks)
	push(again)
	if n, at := len(sub.Tail.Sources()), sub.Tail.Place(again.PeerID); n != 2 || at != 0 {
		t.Fatalf("%d publishers, the one that is back is number %d", n, at)
	}
	back := sub.Tail.Sources()[0]
	if back.Events != 2 || back.Latest() != again.PeerID {
		t.Errorf("it is %+v", back)
	}
	sub.HideSource(back)
	if shown, kept := sub.Tail.Shown(); shown != 1 || kept != 3 || sub.HiddenSources() != 1 {
		t.Errorf("%d of %d are shown, %d publishers hidden", shown, kept, sub.HiddenSources())
	}
	third := feed
	third.PeerID = "feed-thrice"
	w.lose(again)
	w.connect()
	w.join(third, ticks)
	push(third)
	if shown, kept := sub.Tail.Shown(); shown != 1 || kept != 4 {
		t.Errorf("back again, %d of %d are shown", shown, kept)
	}
	sub.HideSource(back)
	if shown, _ := sub.Tail.Shown(); shown != 4 {
		t.Errorf("%d are shown in the end", shown)
	}
}
