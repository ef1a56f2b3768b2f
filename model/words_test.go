package model

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

func TestDurationWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "<1 ms"},
		{999 * time.Microsecond, "<1 ms"},
		{time.Millisecond, "1 ms"},
		{12 * time.Millisecond, "12 ms"},
		{999 * time.Millisecond, "999 ms"},
		{time.Second, "1.0 s"},
		{6200 * time.Millisecond, "6.2 s"},
		{30 * time.Second, "30.0 s"},
		{119 * time.Second, "119.0 s"},
		{2 * time.Minute, "2 min"},
		{119 * time.Minute, "119 min"},
		{2 * time.Hour, "2 h"},
	} {
		if got := Duration(c.d); got != c.want {
			t.Errorf("%v is %q, want %q", c.d, got, c.want)
		}
	}
}

func TestElapsedWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d                time.Duration
		elapsed, awaited string
	}{
		{-time.Second, "00:00", "0.0 s"},
		{400 * time.Millisecond, "00:00", "0.4 s"},
		{9900 * time.Millisecond, "00:09", "9.9 s"},
		{12 * time.Second, "00:12", "12 s"},
		{41 * time.Second, "00:41", "41 s"},
		{12*time.Minute + 4*time.Second, "12:04", "724 s"},
		{2*time.Hour + 11*time.Minute + 40*time.Second, "02:11:40", "7900 s"},
		{100 * time.Hour, "100:00:00", "360000 s"},
	} {
		if got := Elapsed(c.d); got != c.elapsed {
			t.Errorf("%v is %q, want %q", c.d, got, c.elapsed)
		}
		if got := Awaited(c.d); got != c.awaited {
			t.Errorf("%v is awaited %q, want %q", c.d, got, c.awaited)
		}
	}
	if got := Awaited(9999 * time.Millisecond); got == "10.0 s" {
		t.Error("just under ten seconds is written as 10.0 s, between 9.9 s and 10 s")
	}
}

func TestNumberWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n             int
		number, bytes string
	}{
		{0, "0", "0 B"},
		{214, "214", "214 B"},
		{999, "999", "999 B"},
		{1000, "1,000", "1.0 kB"},
		{1204, "1,204", "1.2 kB"},
		{9310, "9,310", "9.3 kB"},
		{50_112, "50,112", "50 kB"},
		{999_999, "999,999", "999 kB"},
		{1_200_000, "1.2 M", "1.2 MB"},
		{14_000_000, "14.0 M", "14 MB"},
	} {
		if got := Number(c.n); got != c.number {
			t.Errorf("%d is %q, want %q", c.n, got, c.number)
		}
		if got := Bytes(c.n); got != c.bytes {
			t.Errorf("%d bytes are %q, want %q", c.n, got, c.bytes)
		}
	}
}

func TestRateWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		r    float64
		want string
	}{
		{0, "0/s"},
		{0.5, "0.5/s"},
		{1, "1/s"},
		{1.5, "2/s"},
		{38, "38/s"},
		{182.4, "182/s"},
		{1204, "1,204/s"},
		{9999.4, "9,999/s"},
		{10_000, "10.0k/s"},
		{50_312, "50.3k/s"},
	} {
		if got := PerSecond(c.r); got != c.want {
			t.Errorf("%v is %q, want %q", c.r, got, c.want)
		}
	}
}

func TestCountWords(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "no server", 1: "1 server", 3: "3 servers", 1500: "1,500 servers"} {
		if got := Count(n, "server"); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestTargetWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		target bus.Target
		want   string
	}{
		{bus.Target{}, "best"},
		{bus.Target{Mode: bus.All}, "all"},
		{bus.Target{Mode: bus.SkipMine}, "skipMine"},
		{bus.TargetPeer("p1"), "p1"},
		{bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: "a", PeerID: "p1"}, {Instance: "i"}}}, "a, i"},
	} {
		if got := TargetWord(c.target); got != c.want {
			t.Errorf("%+v is %q, want %q", c.target, got, c.want)
		}
	}
}

func TestShortName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"MarketData.Prices": "Prices", "Addition": "Addition", "a.b.c": "c", "": ""} {
		if got := ShortName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestSignatureFault(t *testing.T) {
	t.Parallel()
	_, err := bus.ParseSignature("strin name")
	if got, want := SignatureFault("accepts", "strin name", err), `accepts can't be read: "strin name", no type "strin" at character 1`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	long := strings.Repeat("é", 200)
	got := SignatureFault("returns", long, errors.New("why"))
	if !strings.HasSuffix(got, `…", why`) || len([]rune(got)) > 110 {
		t.Errorf("%s", got)
	}
}
