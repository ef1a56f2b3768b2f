package official

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/internal/attend"
	"ioscope/client/internal/wire"
	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// door lets hosts in, and counts what goes through. It cuts the connection at one
// frame, and stays shut for a while then.
type door struct {
	runner *interval.Runner

	mu        sync.Mutex
	frames    int
	at        int // the frame to cut at; 0 for none
	delivered bool
	down      time.Duration
	opens     time.Time
	cutFrame  string
	begun     bool // the run
}

// arm counts anew, from the start of the next run on, and sets where to cut. What is
// still said of the run before it is not of this conversation.
func (d *door) arm(at int, delivered bool, down time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.frames, d.at, d.delivered, d.down, d.cutFrame = 0, at, delivered, down, ""
	d.begun = false
}

// disarm cuts no more, and gives the beginning of the frame that was cut at.
func (d *door) disarm() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = 0
	return fmt.Sprintf("%.200s", d.cutFrame)
}

// pass decides about a frame.
func (d *door) pass(text []byte) (deliver, cut bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.begun = d.begun || bytes.Contains(text, []byte(interval.StartRun.Name)); !d.begun {
		return true, false
	}
	if d.frames++; d.frames != d.at {
		return true, false
	}
	d.opens, d.cutFrame = time.Now().Add(d.down), string(text)
	return d.delivered, true
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/websocket" {
		d.runner.ServeHTTP(w, r)
		return
	}
	d.mu.Lock()
	shut := time.Now().Before(d.opens)
	d.mu.Unlock()
	if shut {
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	conn, err := wire.Accept(w, r, 100<<20)
	if err != nil {
		return
	}
	_ = d.runner.Serve(&way{Conn: conn, door: d}, interval.Hello{
		InstanceID: r.Header.Get("X-Instance-Id"), Key: r.Header.Get("X-Api-Key"), BaseURL: "http://" + r.Host,
	})
}

// way is a connection through the door.
type way struct {
	wire.Conn
	door *door
	mu   sync.Mutex
	gone bool
}

var errCut = errors.New("cut")

func (w *way) cut() {
	w.mu.Lock()
	w.gone = true
	w.mu.Unlock()
	_ = w.Conn.Close(wire.CodeCut, "")
}

func (w *way) isGone() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.gone
}

// Ping goes by uncounted, as the answer does.
func (w *way) Ping(ctx context.Context) error { return w.Conn.(wire.Pinger).Ping(ctx) }

func (w *way) Read(ctx context.Context) ([]byte, error) {
	text, err := w.Conn.Read(ctx)
	if err != nil || w.isGone() {
		return nil, errors.Join(errCut, err)
	}
	deliver, cut := w.door.pass(text)
	if cut {
		w.cut()
	}
	if !deliver {
		return nil, errCut
	}
	return text, nil
}

func (w *way) Write(ctx context.Context, text []byte) error {
	if w.isGone() {
		return errCut
	}
	deliver, cut := w.door.pass(text)
	var err error
	if deliver {
		err = w.Conn.Write(ctx, text)
	}
	if cut {
		w.cut()
		return errCut
	}
	return err
}

// journeyAnswers are those of the person.
const journeyAnswers = `{"Name": ["first", "second"], "Find": "SKU-01", "Sure?": true}`

// travel plays the journey, and gives what it ended with, empty where nothing more
// is heard of it, and how often each label was asked.
func (d *desk) travel(run string) (result string, asked map[string]int, lines []string) {
	person, err := attend.New(d.runner, journeyAnswers)
	if err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	from := len(d.events)
	d.mu.Unlock()
	id := d.start("journey", schema.Member{Name: "run", Value: run})
	asked = map[string]int{}
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for {
		d.mu.Lock()
		events, changed := d.events, d.changed
		d.mu.Unlock()
		for ; from < len(events); from++ {
			quiet.Reset(silence)
			switch e := events[from].(type) {
			case interval.Logged:
				if e.Transaction == id {
					lines = append(lines, e.Line.Text)
				}
			case interval.Ended:
				if e.Transaction != id {
					continue
				}
				if result = schema.Text(e.Result.Data); e.Result.Failure != nil {
					result = "!" + e.Result.Failure.Kind
				}
				_ = d.runner.Leave(id)
				return result, asked, lines
			case interval.Rendered:
				if e.Transaction != id || !e.Waits || e.Update && !e.Refused {
					continue
				}
				asked[e.Render.Components[0].Label]++
				if err := person.Hear(d.t.Context(), e); err != nil {
					d.t.Error(err)
					return "", asked, lines
				}
			}
		}
		select {
		case <-changed:
		case <-quiet.C:
			_ = d.runner.Cancel(id)
			_ = d.runner.Leave(id)
			return "", asked, lines
		}
	}
}

// silence is how long nothing may be heard for a run to be lost.
const silence = 2500 * time.Millisecond

// lostAtMost is how many runs the specification says are lost with the SDK, of all
// cuts of a conversation: what it completes while nobody listens it never tells
// again, and what it asks then fails.
var lostAtMost = []struct {
	delivered bool
	down      time.Duration
	runs      int
}{{false, 0, 5}, {true, 0, 6}, {false, 400 * time.Millisecond, 10}, {true, 400 * time.Millisecond, 13}}

// TestCutAtFrames cuts the connection to the SDK's host at frames of a conversation
// in turn. No run is done twice, nobody is asked twice, and no more is lost than
// the specification says. IOSCOPE_CUT_STRIDE=1 cuts at every frame, else it is one
// of several.
func TestCutAtFrames(t *testing.T) {
	t.Parallel()
	stride := 9
	if n, err := strconv.Atoi(os.Getenv("IOSCOPE_CUT_STRIDE")); err == nil && n > 0 {
		stride = n
	}
	for i, mode := range lostAtMost {
		t.Run(fmt.Sprintf("delivered %v, down %v", mode.delivered, mode.down), func(t *testing.T) {
			t.Parallel()
			sdk(t)
			d := newDesk(t, interval.RunnerOptions{})
			through := &door{runner: d.runner}
			server := httptest.NewServer(through)
			t.Cleanup(func() {
				d.runner.Close() // else the server waits for what was hijacked
				server.Close()
			})
			run(t, "host.mjs", "ws"+strings.TrimPrefix(server.URL, "http")+"/websocket").line(0, func(l []byte) bool { return string(l) == "ready" })
			through.arm(0, true, 0)
			if got, asked, _ := d.travel("whole"); got != "second SKU-010 true" || asked["Name"] != 2 {
				t.Fatalf("without a cut it ends with %q, after %v", got, asked)
			}
			through.mu.Lock()
			whole := through.frames
			through.mu.Unlock()
			if whole < 40 {
				t.Fatalf("only %d frames", whole)
			}
			lost := 0
			for at := 1 + i*stride/len(lostAtMost); at <= whole; at += stride {
				name := fmt.Sprintf("cut at %d of %d", at, whole)
				through.arm(at, mode.delivered, mode.down)
				got, asked, lines := d.travel(name)
				at := through.disarm()
				switch {
				case got == "" || strings.HasPrefix(got, "!"):
					lost++
					t.Logf("%s, %s: lost, with %q", name, at, got)
				case got != "second SKU-010 true":
					t.Errorf("%s, %s: ends with %q", name, at, got)
				case asked["Name"] != 2 || asked["Find"] != 1 || asked["Sure?"] != 1:
					t.Errorf("%s, %s: asked %v", name, at, asked)
				}
				if doubled(lines) {
					t.Errorf("%s: lines %q", name, lines)
				}
				d.back()
				if n := d.script("ran", `{}`, map[schema.Method]bool{}, schema.Member{Name: "run", Value: name}); n != "1" {
					t.Errorf("%s: it ran %s times", name, n)
				}
			}
			if lost > mode.runs {
				t.Errorf("%d runs are lost, at most %d should be", lost, mode.runs)
			}
		})
	}
}

// back waits until the host is there.
func (d *desk) back() {
	d.t.Helper()
	d.until(func() bool {
		hosts := d.runner.Hosts()
		return len(hosts) == 1 && hosts[0].Online
	})
}

// until waits for something that an event brings about.
func (d *desk) until(good func() bool) {
	d.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		d.mu.Lock()
		changed := d.changed
		d.mu.Unlock()
		if good() {
			return
		}
		select {
		case <-changed:
		case <-timeout.C:
			d.t.Fatalf("it does not come about within %v", patience)
		}
	}
}

func doubled(lines []string) bool {
	seen := map[string]bool{}
	for _, l := range lines {
		if seen[l] {
			return true
		}
		seen[l] = true
	}
	return false
}
