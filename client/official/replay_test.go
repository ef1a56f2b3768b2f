package official

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	recording "ioscope/client/record"
)

// TestOfficialClientsOnAReplay records the demo apps through a real gateway with our
// own commands, and has an official client work with the recording: it finds the
// same methods, gets the same answers and hears the same events.
func TestOfficialClientsOnAReplay(t *testing.T) {
	t.Parallel()
	for _, library := range []string{glueCore, ioCore} {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			officialHome(t)
			file := filepath.Join(t.TempDir(), "demo.jsonl")
			live := startGateway(t, "--demo")
			them := startApp(t, library, live.url, userOf(t), nil)
			definition := them.next("serverMethodAdded", ofDefinition("MarketData.Prices")).Definition
			them.next("serverMethodAdded", ofDefinition("Addition"))

			symbol := args{"symbol": "VOD"}
			recorder := start(t, live.url, "record", file, "--stream", "MarketData.Prices", "--args", `{"symbol":"VOD"}`,
				"--stream", "Orders.Blotter", "--args", `{"desk":"guest"}`,
				"--call", "Addition", "--args", `{"a":2,"b":3}`, "--target", "CalcPrecise", "--for", "3s", "--json")
			if r := string(recorder.line()); !strings.Contains(r, `"dropped":0`) {
				t.Errorf("recorded %s", r)
			}
			recorder.end(0)
			live.stop()

			film := startGateway(t, "--replay", file, "--user", userOf(t))
			again := startApp(t, library, film.url, userOf(t), nil)
			if d := again.next("serverMethodAdded", ofDefinition("MarketData.Prices")).Definition; d.Accepts != definition.Accepts ||
				d.Returns != definition.Returns || d.DisplayName != definition.DisplayName || d.Streaming != definition.Streaming {
				t.Errorf("the stream was %+v and is %+v", definition, d)
			}
			again.next("serverMethodAdded", ofDefinition("Addition"))
			sum := again.invocation(again.do("invoke", args{"method": "Addition", "args": args{"a": 2, "b": 3}, "target": args{"application": "CalcPrecise"}}))
			wantJSON(t, "sum", sum.Returned, `{"sum":5}`)

			events := recordedEvents(t, file)
			subscription := again.subscribe("MarketData.Prices", args{"args": symbol})()
			for i, want := range events {
				got := again.next("data", onSubscription(subscription))
				if got.Private != want.Private {
					t.Errorf("event %d: private %t, want %t", i, got.Private, want.Private)
				}
				// JavaScript spells its numbers anew, so they are compared as what they say.
				var have, recorded any
				if err := errors.Join(json.Unmarshal(got.Data, &have), json.Unmarshal(want.Data, &recorded)); err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(have, recorded) {
					t.Errorf("event %d is %s, and was %s", i, got.Data, want.Data)
				}
			}
			film.stop()
		})
	}
}

// served is a gateway of our command.
type served struct {
	*command
	url string
}

func startGateway(t *testing.T, flags ...string) served {
	t.Helper()
	c := start(t, "", append([]string{"gateway", "--listen", "127.0.0.1:0"}, flags...)...)
	address, ok := bytes.CutPrefix(bytes.TrimSpace(c.line()), []byte("listening on "))
	if !ok {
		t.Fatalf("gateway prints %q", address)
	}
	return served{c, string(address)}
}

func (s served) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	s.end(0)
}

// recordedEvents are the first events of a recording.
func recordedEvents(t *testing.T, file string) []*recording.Line {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	r, err := recording.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	var out []*recording.Line
	for len(out) < 60 {
		e, err := r.Next()
		if err != nil {
			t.Fatalf("%d events, then %v", len(out), err)
		}
		if e.What != recording.Event {
			continue
		}
		l, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}
