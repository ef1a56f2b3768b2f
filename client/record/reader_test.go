package record_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"ioscope/client/record"
)

const head = `{"ioscope":"recording","version":1,"at":"2026-07-04T12:00:00Z"}` + "\n"

func TestReaderRefusesWhatIsNoRecording(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":         {"", record.ErrEmpty},
		"text":          {"hello\nworld\n", record.ErrForeign},
		"other JSON":    {`{"a":1}` + "\n", record.ErrForeign},
		"a list":        {"[1]\n", record.ErrForeign},
		"endless":       {strings.Repeat("x", 1<<20), record.ErrForeign},
		"a newline":     {"\n", record.ErrForeign},
		"half a header": {head[:20], record.ErrForeign},
	} {
		if _, err := record.NewReader(strings.NewReader(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	_, err := record.NewReader(strings.NewReader(`{"ioscope":"recording","version":7}` + "\n"))
	var version *record.VersionError
	if !errors.As(err, &version) || version.Version != 7 {
		t.Errorf("version 7: %v", err)
	}
	broken := errors.New("disk")
	if _, err := record.NewReader(io.MultiReader(fail{broken})); !errors.Is(err, broken) {
		t.Errorf("a broken disk: %v", err)
	}
}

type fail struct{ err error }

func (f fail) Read([]byte) (int, error) { return 0, f.err }

func TestReaderGoesOnBehindBrokenLines(t *testing.T) {
	t.Parallel()
	text := head +
		`{"at":"2026-07-04T12:00:01Z","what":"join","peer":"a"}` + "\n" +
		`{"at":"2026-07-04T12:00:01Z","what":"join",` + "\n" +
		"\n" +
		`{"what":"join","peer":"b"}` + "\n" +
		`{ "what": "event", "id": 7, "extra": [1], "at": "2026-07-04T12:00:02Z" }` + "\r\n" +
		`{"at":"2026-07-04T12:00:03Z","what":"event","id":8,"data":{"what":"x"}}` + "\n" +
		`{"at":"2026-07-04T12:00:03Z","what":"event","peer":"p","id":9}` + "\n" +
		`{"at":"2026-07-04T12:00:04Z","what":"leave","pe`
	r, err := record.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			var at *record.LineError
			if !errors.As(err, &at) {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%d broken cut=%t", at.Line, errors.Is(err, record.ErrCut)))
			continue
		}
		l, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(text[e.Offset:], "{") {
			t.Errorf("line %d: offset %d", e.Line, e.Offset)
		}
		got = append(got, fmt.Sprintf("%d %s %d %s", e.Line, l.What, e.ID, l.Peer))
	}
	want := "2 join 0 a|3 broken cut=false|5 broken cut=false|6 event 7 |7 event 8 |8 event 9 p|9 broken cut=true"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestReaderTakesALastLineWithoutItsEnd(t *testing.T) {
	t.Parallel()
	r, err := record.NewReader(strings.NewReader(head + `{"at":"2026-07-04T12:00:01Z","what":"join","peer":"a"}`))
	if err != nil {
		t.Fatal(err)
	}
	if e, err := r.Next(); err != nil || e.What != record.Join {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("then %v", err)
	}
}

// endless is a recording of a size that nobody keeps in memory.
type endless struct {
	line []byte
	left int
	rest []byte
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.left <= 0 {
			return 0, io.EOF
		}
		e.left -= len(e.line)
		e.rest = e.line
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// TestReaderKeepsOneLine reads 200 MB, and keeps none of it.
func TestReaderKeepsOneLine(t *testing.T) { //nolint:paralleltest // it measures memory
	line := `{"at":"2026-07-04T12:00:03Z","what":"event","id":8,"peer":"p","data":{"text":"` + strings.Repeat("x", 4000) + `"}}` + "\n"
	r, err := record.NewReader(io.MultiReader(strings.NewReader(head), &endless{line: []byte(line), left: 200 << 20}))
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		n++
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); n < 50_000 || grown > 4<<20 {
		t.Errorf("%d lines read, the heap grew by %d", n, grown)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(head + `{"at":"2026-07-04T12:00:03Z","what":"event","id":8,"data":{}}` + "\n")
	f.Add(head + `{"at":"x`)
	f.Add("{}")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := record.NewReader(strings.NewReader(text))
		if err != nil {
			return
		}
		for range len(text) + 1 {
			e, err := r.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			var at *record.LineError
			if err != nil {
				if !errors.As(err, &at) {
					t.Fatal(err)
				}
				continue
			}
			_, _ = e.Decode()
		}
		t.Error("more lines than characters")
	})
}
