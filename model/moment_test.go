package model

import (
	"encoding/json"
	"testing"
	"time"

	"ioscope/client/bus"
)

func TestMoment(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, time.July, 4, 12, 3, 0, 0, time.UTC)
	short := Span{Begin: begin, Length: 200 * time.Second, Position: 41 * time.Second}
	long := Span{Begin: begin, Length: 30 * time.Hour, Position: 20 * time.Hour}
	const no = time.Duration(-1)
	for _, test := range []struct {
		in   Span
		text string
		want time.Duration
	}{
		{short, "2m30s", 150 * time.Second},
		{short, " 2m 30s ", 150 * time.Second},
		{short, "02:30", 150 * time.Second},
		{short, "2:30.5", 150*time.Second + 500*time.Millisecond},
		{short, "0:02:30", 150 * time.Second},
		{short, "90", 90 * time.Second},
		{short, "1500ms", 1500 * time.Millisecond},
		{short, "0", 0},
		{short, "+30s", 71 * time.Second},
		{short, "-30", 11 * time.Second},
		{short, "-0:11", 30 * time.Second},
		{short, "-1m", 0},
		{short, "+1h", 200 * time.Second},
		{short, "50%", 100 * time.Second},
		{short, "100 %", 200 * time.Second},
		{short, "start", 0},
		{short, "End", 200 * time.Second},
		{short, "3m20s", 200 * time.Second},
		{short, "12:03:41", 41 * time.Second},
		{short, "12:04", time.Minute},
		{short, "12:03", 0},
		{long, "1:02:30", time.Hour + 2*time.Minute + 30*time.Second},
		{long, "14:00:00", 14 * time.Hour}, // a length that fits comes first
		{long, "29:00:00", 29 * time.Hour},
		{Span{Begin: begin, Length: 13 * time.Hour}, "00:30:00", 30 * time.Minute},
		{Span{Begin: begin.Add(11 * time.Hour), Length: 3 * time.Hour}, "23:10", 23*time.Minute + 10*time.Second},
		{Span{Begin: begin.Add(11*time.Hour + 50*time.Minute), Length: 20 * time.Minute}, "23:55", 2 * time.Minute},
		{Span{Begin: begin.Add(11*time.Hour + 50*time.Minute), Length: 20 * time.Minute}, "23:59:30", 6*time.Minute + 30*time.Second},

		{short, "", no},
		{short, "soon", no},
		{short, "3m21s", no},
		{short, "03:21", no},
		{short, "12:07", no},
		{short, "11:59:59", no},
		{short, "1:60", no},
		{short, "1:2:3:4", no},
		{short, "1.5:20", no},
		{short, ":30", no},
		{short, "+", no},
		{short, "--5", no},
		{short, "-+5s", no},
		{short, "101%", no},
		{short, "NaN%", no},
		{short, "1e99:00", no},
		{short, "99999999999", no},
		{short, "-5x", no},
	} {
		got, err := test.in.Moment(test.text)
		if err != nil {
			got = no
		}
		if got != test.want {
			t.Errorf("%q in %s from %s on is %s, %v; want %s", test.text, test.in.Length, test.in.Begin.Format("15:04"), got, err, test.want)
		}
	}
	if _, err := short.Moment("12:07"); err == nil || err.Error() != "12:07 is not in it: it is 03:20 long, from 12:03:00 to 12:06:20" {
		t.Errorf("too late: %v", err)
	}
}

func FuzzMoment(f *testing.F) {
	f.Add("2m30s")
	f.Add("+1:00")
	f.Add("50%")
	s := Span{Begin: time.Unix(0, 0).UTC(), Length: time.Hour, Position: time.Minute}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := s.Moment(text); err == nil && (d < 0 || d > s.Length) {
			t.Errorf("%q is %s, which is not in it", text, d)
		}
	})
}

// TestSoughtIsNotMissing: the numbers that a jump of the replay leaves out are a row of
// its own, forward and back, and nothing is counted as missing or repeated.
func TestSoughtIsNotMissing(t *testing.T) {
	t.Parallel()
	s := New(Options{Name: "film"}, time.Unix(0, 0))
	tail := NewTail(TailOptions{})
	thing := &Thing{ID: 1, Phase: Running, Tail: tail}
	over := &Thing{ID: 2, Phase: Ended, Tail: NewTail(TailOptions{})}
	s.Things = append(s.Things, thing, over)
	say := func(n string) { tail.Append(bus.StreamData{Server: "p", Sequence: json.Number(n), Data: []byte(`{}`)}) }
	say("11")
	say("12")
	s.Apply([]Input{ReplaySought{From: time.Second, To: time.Minute}}, s.Now)
	say("19")
	s.Apply([]Input{ReplaySought{From: time.Minute, To: 0}}, s.Now)
	say("10")
	say("13")
	var rows []string
	for n := uint64(1); ; n++ {
		row, ok := tail.Get(n)
		if !ok {
			break
		}
		if row.GapKind != NoGap {
			rows = append(rows, row.Gap)
		}
	}
	want := []string{
		"the replay went from 00:01 to 01:00; what lies between is not here",
		"the replay went back from 01:00 to 00:00",
		"2 missing: seq 11 and 12",
	}
	if len(rows) != 3 || rows[0] != want[0] || rows[1] != want[1] || rows[2][:len(want[2])] != want[2] {
		t.Errorf("rows %q", rows)
	}
	if c := tail.Counts(); c.Missing != 2 || c.Repeats != 0 || c.Late != 0 {
		t.Errorf("counts %+v", c)
	}
	if c := over.Tail.Counts(); c.Gaps != 0 {
		t.Error("what is over is marked, too")
	}
}
