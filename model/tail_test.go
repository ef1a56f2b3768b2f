package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// feed appends events with the given sequence numbers, 10 ms apart.
func feed(t *Tail, seqs ...int) {
	for _, s := range seqs {
		t.Append(bus.StreamData{
			At: noon.Add(time.Duration(t.Counts().Total) * 10 * time.Millisecond), Server: "p1",
			Sequence: json.Number(strconv.Itoa(s)), Data: json.RawMessage(fmt.Sprintf(`{"seq":%d}`, s)),
		})
	}
}

// plain appends n events without a sequence.
func plain(t *Tail, n int) {
	for range n {
		t.Append(bus.StreamData{At: noon, Server: "p1", Data: json.RawMessage(`{"n":` + strconv.Itoa(t.Counts().Total) + `}`)})
	}
}

// text writes the view: the sequence or the number of each event, the words of gaps.
func text(t *Tail) string {
	var out []string
	for _, r := range t.Window(0, t.Len()) {
		switch {
		case r.GapKind != NoGap:
			out = append(out, "("+r.Gap+")")
		case r.Sequence != "":
			out = append(out, string(r.Sequence))
		default:
			out = append(out, fmt.Sprintf("#%d", r.N))
		}
	}
	return strings.Join(out, " ")
}

func upTo(from, to int) (seqs []int) {
	for s := from; s <= to; s++ {
		seqs = append(seqs, s)
	}
	return seqs
}

func TestTailSequence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(*Tail)
		want string
		have TailCounts
	}{
		{"in order", func(l *Tail) { feed(l, 5, 6, 7) }, "5 6 7", TailCounts{Total: 3}},
		{"one missing", func(l *Tail) { feed(l, 5, 7) }, "5 (1 missing: seq 6, within 10 ms) 7", TailCounts{Total: 2, Gaps: 1, Missing: 1}},
		{"two missing", func(l *Tail) { feed(l, 5, 8) }, "5 (2 missing: seq 6 and 7, within 10 ms) 8", TailCounts{Total: 2, Gaps: 1, Missing: 2}},
		{"three missing", func(l *Tail) { feed(l, 1185, 1189) }, "1185 (3 missing: seq 1186 to 1188, within 10 ms) 1189", TailCounts{Total: 2, Gaps: 1, Missing: 3}},
		{"repeat", func(l *Tail) { feed(l, 5, 6, 6, 5, 7) }, "5 6 6 5 7", TailCounts{Total: 5, Repeats: 2}},
		{"restart at 1", func(l *Tail) { feed(l, 90, 91, 1, 2) }, "90 91 (Feed restarted: sequence begins again at 1) 1 2", TailCounts{Total: 4, Gaps: 1}},
		{"restart at 0", func(l *Tail) { feed(l, 90, 0, 1) }, "90 (Feed restarted: sequence begins again at 0) 0 1", TailCounts{Total: 3, Gaps: 1}},
		{"restart elsewhere", func(l *Tail) {
			feed(l, 900)
			feed(l, upTo(50, 60)...)
		}, "900 50 51 52 53 54 55 56 (Feed restarted: sequence begins again at 50) 57 58 59 60", TailCounts{Total: 12, Gaps: 1}},
		{"dropped is not missing", func(l *Tail) {
			feed(l, 5)
			l.Drop(400, noon)
			l.Drop(12, noon)
			feed(l, 418, 420)
		}, "5 (412 dropped here: this screen was too slow) 418 (1 missing: seq 419, within 10 ms) 420", TailCounts{Total: 3, Gaps: 2, Missing: 1, Dropped: 412}},
		{"dropped twice", func(l *Tail) {
			l.Drop(1, noon)
			feed(l, 5)
			l.Drop(2, noon)
			l.Drop(0, noon)
		}, "(1 dropped here: this screen was too slow) 5 (2 dropped here: this screen was too slow)", TailCounts{Total: 1, Gaps: 2, Dropped: 3}},
		{"lost explains missing", func(l *Tail) {
			feed(l, 1202)
			l.Mark(GapLost, "connection lost for 74 ms; what was sent then is gone", noon)
			feed(l, 1205)
		}, "1202 (connection lost for 74 ms: seq 1203 and 1204 are gone) 1205", TailCounts{Total: 2, Gaps: 1, Missing: 2}},
		{"lost and nothing missing", func(l *Tail) {
			feed(l, 1202)
			l.Mark(GapLost, "connection lost for 74 ms; what was sent then is gone", noon)
			feed(l, 1203)
		}, "1202 (connection lost for 74 ms; what was sent then is gone) 1203", TailCounts{Total: 2, Gaps: 1}},
		{"no numbers", func(l *Tail) {
			for _, s := range []json.Number{"1.5", "x", "99999999999999999999", "3"} {
				l.Append(bus.StreamData{At: noon, Server: "p1", Sequence: s})
			}
		}, "1.5 x 99999999999999999999 3", TailCounts{Total: 4}},
		{"two publishers", func(l *Tail) {
			for i, s := range []json.Number{"5", "900", "6", "901"} {
				l.Append(bus.StreamData{At: noon, Server: bus.PeerID("p" + strconv.Itoa(i%2)), Sequence: s})
			}
		}, "5 900 6 901", TailCounts{Total: 4}},
		{"private is apart", func(l *Tail) {
			feed(l, 5)
			l.Append(bus.StreamData{At: noon, Server: "p1", Sequence: "1", Private: true})
			l.Append(bus.StreamData{At: noon, Server: "p1", Sequence: "6", Private: true})
			feed(l, 7)
		}, "5 1 6 7", TailCounts{Total: 4, Private: 2}},
		{"snapshot is a place, not an event in order", func(l *Tail) {
			feed(l, 5)
			l.Append(bus.StreamData{At: noon, Server: "p1", Sequence: "80", Snapshot: true})
			feed(l, 81)
		}, "5 80 81", TailCounts{Total: 3, Snapshots: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := NewTail(TailOptions{Name: func(bus.PeerID) string { return "Feed" }})
			tt.do(l)
			if got := text(l); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := l.Counts(); got != tt.have {
				t.Errorf("counts %+v, want %+v", got, tt.have)
			}
		})
	}
}

func TestTailUnclearSequence(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{})
	for s := 1; s < 400; s += 4 { // numbered over all branches
		feed(l, s)
	}
	if got := l.Counts().Gaps; got != oddEvents+1 {
		t.Errorf("%d gap rows", got)
	}
	if n := strings.Count(text(l), "jumps too often"); n != 1 || l.Counts().Unclear != 1 {
		t.Errorf("said %d times, %+v", n, l.Counts())
	}
	l = NewTail(TailOptions{})
	for s := 1; s < 4000; s++ { // a hole now and then is told every time
		if s%40 != 0 {
			feed(l, s)
		}
	}
	if c := l.Counts(); c.Missing != 99 || c.Unclear != 0 || strings.Contains(text(l), "jumps") {
		t.Errorf("%+v", c)
	}
}

func TestTailRing(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{MaxRows: 1000})
	plain(l, 2500)
	if l.Len() != 1000 || l.Counts().Fallen != 1500 {
		t.Errorf("%d rows, %d fallen", l.Len(), l.Counts().Fallen)
	}
	rows := l.Window(0, 5000)
	for i, r := range rows {
		if want := uint64(1501 + i); r.N != want || string(r.Data) != fmt.Sprintf(`{"n":%d}`, want-1) {
			t.Fatalf("row %d is %d %s", i, r.N, r.Data)
		}
	}
	if _, ok := l.Get(1500); ok {
		t.Error("a row that fell out is still there")
	}
	if r, ok := l.Get(1501); !ok || r.N != 1501 {
		t.Error("the oldest row is not there")
	}
	if len(l.Window(-5, 3)) != 3 || len(l.Window(998, 9)) != 2 || len(l.Window(2000, 9)) != 0 || len(l.Window(0, -1)) != 0 {
		t.Error("windows at the edges")
	}
	if l.Index(1) != 0 || l.Index(1501) != 0 || l.Index(1502) != 1 || l.Index(99999) != 999 {
		t.Error("index of a number")
	}
}

func TestTailBytes(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{MaxBytes: 100_000})
	big := json.RawMessage(`"` + string(bytes.Repeat([]byte("x"), 10_000)) + `"`)
	for range 50 {
		l.Append(bus.StreamData{At: noon, Data: big})
	}
	if n, size := l.Kept(); n != 9 || size > 100_000 {
		t.Errorf("kept %d, %d bytes", n, size)
	}
	huge := json.RawMessage(`"` + string(bytes.Repeat([]byte("x"), 200_000)) + `"`)
	l.Append(bus.StreamData{At: noon, Data: huge})
	if n, _ := l.Kept(); n != 1 {
		t.Errorf("kept %d: the newest must stay, whatever its size", n)
	}
}

func TestTailPauseHolds(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{MaxRows: 100, MaxBytes: 100_000})
	plain(l, 100)
	l.SetCursor(40, noon)
	if l.Following() || !l.Paused().Equal(noon) {
		t.Error("an older row does not pause")
	}
	plain(l, 300)
	if l.Cursor() != 40 || l.New() != 300 || l.Len() != 400 || l.Overrun() != 0 {
		t.Errorf("cursor %d, %d new, %d rows, %d overrun", l.Cursor(), l.New(), l.Len(), l.Overrun())
	}
	l.Pause(noon.Add(time.Hour))
	if !l.Paused().Equal(noon) || l.New() != 300 {
		t.Error("a second pause began anew")
	}
	plain(l, 250)
	if _, size := l.Kept(); size > 100_000 || l.Overrun() == 0 || l.New() != 550 {
		t.Errorf("%d bytes, %d overrun, %d new", size, l.Overrun(), l.New())
	}
	if n := strings.Count(text(l), "the pause holds 100 kB"); n != 1 {
		t.Errorf("said %d times", n)
	}
	if kept, _ := l.Kept(); kept+l.Counts().Fallen != l.Counts().Total {
		t.Errorf("%d kept and %d fallen of %d", kept, l.Counts().Fallen, l.Counts().Total)
	}
	if l.Cursor() != l.Window(0, 1)[0].N {
		t.Errorf("the cursor's row fell out, and the cursor is on %d", l.Cursor())
	}
	l.Follow()
	if !l.Following() || l.New() != 0 || l.Overrun() != 0 || l.Len() != 100 || !l.Paused().IsZero() {
		t.Errorf("after Follow: %d new, %d rows", l.New(), l.Len())
	}
	if row, _ := l.Current(); row.N != l.next-1 {
		t.Errorf("after Follow the cursor is on %d", row.N)
	}
}

func TestTailCursor(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{})
	l.MoveCursor(-1, noon)
	l.SetCursor(3, noon)
	if _, ok := l.Current(); ok || l.Cursor() != 0 || !l.Following() || l.Index(1) != -1 || !l.Reaches().IsZero() {
		t.Error("an empty tail")
	}
	plain(l, 10)
	l.MoveCursor(1, noon)
	if l.Cursor() != 10 || !l.Following() {
		t.Error("going down at the end pauses")
	}
	plain(l, 1)
	if l.Cursor() != 11 {
		t.Error("the cursor does not follow")
	}
	l.MoveCursor(-3, noon)
	plain(l, 5)
	if l.Cursor() != 8 || l.Following() || l.New() != 5 {
		t.Errorf("cursor %d, %d new", l.Cursor(), l.New())
	}
	l.MoveCursor(99, noon)
	if l.Cursor() != 16 || l.Following() {
		t.Error("coming back to the end must not end the pause")
	}
	l.MoveCursor(-99, noon)
	if l.Cursor() != 1 {
		t.Error("before the start")
	}
}

func even(r *TailRow) bool { return bytes.ContainsAny(r.Data[len(r.Data)-2:], "02468") }

func TestTailFilter(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{MaxRows: 3000})
	plain(l, 9)
	l.Mark(GapLost, "lost", noon)
	l.Filter(even)
	if got := text(l); got != "#1 #3 #5 #7 #9 (lost)" || !l.Filtered() {
		t.Errorf("view %s", got)
	}
	if shown, kept := l.Shown(); shown != 5 || kept != 9 {
		t.Errorf("%d of %d", shown, kept)
	}
	l.SetCursor(4, noon)
	if l.Cursor() != 5 {
		t.Errorf("the nearest to a hidden row is %d", l.Cursor())
	}
	l.MoveCursor(-1, noon)
	if l.Cursor() != 3 {
		t.Errorf("one up is %d", l.Cursor())
	}
	l.Follow()
	// The index kept event by event must be the one that looking anew gives.
	plain(l, 10_000)
	kept := text(l)
	shown, _ := l.Shown()
	l.Filter(even)
	if again, _ := l.Shown(); text(l) != kept || again != shown || shown != 1500 {
		t.Errorf("%d shown, then %d", shown, again)
	}
	for i, r := range l.Window(0, l.Len()) {
		if l.Index(r.N) != i || l.Index(r.N-1) != i {
			t.Fatalf("row %d has number %d, found at %d", i, r.N, l.Index(r.N))
		}
	}
	l.Filter(func(*TailRow) bool { return false })
	if _, ok := l.Current(); ok || l.Len() != 0 {
		t.Error("a filter that lets nothing through")
	}
	l.Filter(nil)
	if l.Len() != 3000 || l.Filtered() {
		t.Errorf("%d rows without a filter", l.Len())
	}
}

func TestTailFind(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{})
	if _, ok := l.Next(1, even); ok {
		t.Error("found in nothing")
	}
	plain(l, 30)
	five := func(r *TailRow) bool { return strings.Contains(string(r.Data), "5") } // 6, 16, 26
	tests := []struct {
		from       uint64
		next, prev uint64
	}{{1, 6, 26}, {6, 16, 26}, {10, 16, 6}, {26, 6, 16}, {30, 6, 26}, {99, 6, 26}}
	for _, tt := range tests {
		next, ok := l.Next(tt.from, five)
		prev, ok2 := l.Prev(tt.from, five)
		if !ok || !ok2 || next != tt.next || prev != tt.prev {
			t.Errorf("from %d: next %d, prev %d", tt.from, next, prev)
		}
	}
	only := func(r *TailRow) bool { return r.N == 7 }
	if n, ok := l.Next(7, only); !ok || n != 7 {
		t.Error("the only hit is not found again")
	}
	if _, ok := l.Next(7, func(*TailRow) bool { return false }); ok {
		t.Error("found what is not there")
	}
	l.Filter(even)
	if n, _ := l.Next(2, func(*TailRow) bool { return true }); n != 3 {
		t.Errorf("from a hidden row the next is %d", n)
	}
	if n, _ := l.Prev(2, func(*TailRow) bool { return true }); n != 1 {
		t.Errorf("from a hidden row the one before is %d", n)
	}
}

func TestTailRates(t *testing.T) {
	t.Parallel()
	l := NewTail(TailOptions{})
	if since, unusual := l.Silence(noon); since != 0 || unusual || l.Rate(noon) != 0 {
		t.Error("an empty tail")
	}
	at := func(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }
	for ms := 0; ms < 4000; ms += 100 {
		l.Append(bus.StreamData{At: at(ms)})
	}
	if got := l.Rate(at(4000)); got != 10 {
		t.Errorf("rate %v", got)
	}
	if got := fmt.Sprint(l.Spark(at(4100), 6)); got != "[0 0 10 10 10 10]" {
		t.Errorf("spark %v", got)
	}
	if got := l.Usual(); got != 100*time.Millisecond {
		t.Errorf("usual %v", got)
	}
	if !l.Last().Equal(at(3900)) || !l.Reaches().Equal(noon) {
		t.Error("last or first time")
	}
	tests := []struct {
		after   int
		unusual bool
	}{{9_000, false}, {9_999, false}, {10_000, true}, {60_000, true}}
	for _, tt := range tests {
		since, unusual := l.Silence(at(3900 + tt.after))
		if unusual != tt.unusual || since.Milliseconds() != int64(tt.after) {
			t.Errorf("after %d ms: %v %v", tt.after, since, unusual)
		}
	}
	slow := NewTail(TailOptions{})
	for i := range 5 {
		slow.Append(bus.StreamData{At: at(i * 5000)})
	}
	if _, unusual := slow.Silence(at(20_000 + 49_000)); unusual {
		t.Error("49 s of silence is usual where 5 s is the distance")
	}
	if _, unusual := slow.Silence(at(20_000 + 50_000)); !unusual {
		t.Error("50 s of silence is not")
	}
}

// FuzzTail drives a tail with any order of events, drops, pauses and filters,
// and checks what must always hold.
func FuzzTail(f *testing.F) {
	f.Add([]byte("aaaaapaaaaFaaaafaadaaamxxxpzzz"))
	f.Add([]byte("zzzzpzzzzzzzzzzzzzzzzzzzzzzzzzfn"))
	f.Fuzz(func(t *testing.T, script []byte) {
		l := NewTail(TailOptions{MaxRows: 16, MaxBytes: 8000})
		for i, c := range script {
			switch c {
			case 'p':
				l.Pause(noon)
			case 'F':
				l.Follow()
			case 'f':
				l.Filter(even)
			case 'n':
				l.Filter(nil)
			case 'd':
				l.Drop(i, noon)
			case 'm':
				l.Mark(GapRestored, "back", noon)
			case 'u':
				l.MoveCursor(-3, noon)
			case 'z':
				l.Append(bus.StreamData{At: noon, Data: json.RawMessage(`"` + strings.Repeat("z", 1000) + `0"`)})
			default:
				feed(l, int(c))
			}
			checkTail(t, l)
		}
	})
}

func checkTail(t *testing.T, l *Tail) {
	t.Helper()
	c := l.Counts()
	kept, size := l.Kept()
	if kept+c.Fallen != c.Total {
		t.Fatalf("%d kept, %d fallen, %d in all", kept, c.Fallen, c.Total)
	}
	if l.size() > 1 && size > 8000 {
		t.Fatalf("%d bytes", size)
	}
	if l.Following() && l.size() > 16 {
		t.Fatalf("%d rows", l.size())
	}
	rows := l.Window(0, l.Len())
	events := 0
	for i, r := range rows {
		if l.Index(r.N) != i {
			t.Fatalf("row %d at %d", i, l.Index(r.N))
		}
		if r.GapKind == NoGap {
			events++
		} else if r.Gap == "" {
			t.Fatal("a gap without words")
		}
	}
	if shown, of := l.Shown(); shown != events || of != kept {
		t.Fatalf("shown %d of %d, view has %d of %d", shown, of, events, kept)
	}
	cur, ok := l.Current()
	if ok != (len(rows) > 0) || ok && l.Following() && cur.N != rows[len(rows)-1].N {
		t.Fatalf("cursor on %d", cur.N)
	}
}

func BenchmarkTailAppend100k(b *testing.B) {
	data := json.RawMessage(`{"sym":"AAPL","bid":142.30,"ask":142.32,"size":100,"seq":1188}`)
	seqs := make([]json.Number, 100_000)
	for i := range seqs {
		seqs[i] = json.Number(strconv.Itoa(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		l := NewTail(TailOptions{})
		for i := range 100_000 {
			l.Append(bus.StreamData{At: noon.Add(time.Duration(i) * time.Microsecond), Server: "p1", Sequence: seqs[i], Data: data})
		}
	}
}

func BenchmarkTailFilter100k(b *testing.B) {
	l := NewTail(TailOptions{})
	plain(l, 100_000)
	for b.Loop() {
		l.Filter(even)
		l.Window(l.Len()-50, 50)
	}
}
