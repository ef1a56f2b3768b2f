package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
)

// TestInvokeGivenUp: ctrl+c while a server works ends the command at once.
func TestInvokeGivenUp(t *testing.T) {
	t.Parallel()
	url := serveOn(t, nil)
	server, err := client.Dial(t.Context(), url, &client.Options{User: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	ctx, cancel := context.WithCancel(t.Context())
	_, err = server.Register(ctx, bus.MethodDefinition{Name: "Work"}, func(work context.Context, _ client.Call) (any, error) {
		cancel()
		<-work.Done()
		return nil, work.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := runMain(ctx, "invoke", "Work", "--url", url)
	if code != exitFailed || stdout != "" || !strings.HasPrefix(stderr, `error: invoke "Work": given up after `) {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

// TestInvokeServerLeaves: a server that goes away while it works is named.
func TestInvokeServerLeaves(t *testing.T) {
	t.Parallel()
	g := gateway.New(nil)
	t.Cleanup(func() { _ = g.Close() })
	listening, err := g.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := client.Dial(t.Context(), listening.URL(), &client.Options{Application: "Worker", User: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	_, err = server.Register(t.Context(), bus.MethodDefinition{Name: "Work"}, func(work context.Context, _ client.Call) (any, error) {
		close(asked)
		<-work.Done()
		return nil, work.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		<-asked
		_ = server.Close()
	}()
	code, _, stderr := runMain(t.Context(), "invoke", "Work", "--url", listening.URL())
	if code != exitFailed || !strings.HasPrefix(stderr, "error: Worker") {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}

// TestVerdict: a server's no counts before a silence, and both before nothing.
func TestVerdict(t *testing.T) {
	t.Parallel()
	no, silence := &bus.Error{Reason: "no"}, &client.NoAnswerError{Waited: time.Second}
	for _, c := range []struct {
		answers []error
		want    int
	}{
		{[]error{nil}, exitFine},
		{[]error{nil, no}, exitFailed},
		{[]error{nil, silence}, exitNoAnswer},
		{[]error{silence, no}, exitFailed},
		{[]error{errors.New("left")}, exitFailed},
	} {
		var out, said bytes.Buffer
		p := &answerPrinter{out: &out, errors: &said, printed: map[bus.PeerID]bool{}}
		for i, err := range c.answers {
			r := bus.Return{Server: bus.Instance{PeerID: bus.PeerID(rune('a' + i))}, Value: []byte("{}"), Err: err}
			p.one(r)
			p.one(r) // a second time it is not printed
		}
		if got := exitCode(p.verdict()); got != c.want {
			t.Errorf("%v: exit code %d, want %d", c.answers, got, c.want)
		}
		if n := strings.Count(out.String(), "✓") + strings.Count(out.String(), "✗"); n != len(c.answers) {
			t.Errorf("%v: %d blocks:\n%s", c.answers, n, out.String())
		}
	}
}

// TestErrorWithoutAReason: a server that says no and not why is told so.
func TestErrorWithoutAReason(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{bus.ClientError: "Odd failed and gave no reason: agm.errors.client_error", "": "Odd failed and gave no reason"} {
		err := explainReturn(bus.Return{Server: bus.Instance{Application: "Odd"}, Err: &bus.Error{URI: uri}})
		var said *bus.Error
		if err.Error() != want || !errors.As(err, &said) {
			t.Errorf("%q, want %q", err, want)
		}
	}
}

// TestInvokeTellsWhatBreaksReturns: a result that is not as declared is printed with
// what is wrong, and the command ends well.
func TestInvokeTellsWhatBreaksReturns(t *testing.T) {
	t.Parallel()
	url := serveOn(t, nil)
	server, err := client.Dial(t.Context(), url, &client.Options{User: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	for _, def := range []bus.MethodDefinition{
		{Name: "Odd", Returns: "int number, string name"},
		{Name: "Fits", Returns: "string number, bool more"},
		{Name: "Open"},
	} {
		if _, err = server.Register(t.Context(), def, func(context.Context, client.Call) (any, error) {
			return map[string]any{"number": "six", "more": true}, nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	const told = "\n! not as declared: number: string, wants int, and 2 more\n"
	const marks = `"marks":[{"path":"number","what":"string, wants int"},{"path":"name","what":"missing, wants string"},{"path":"more","what":"extra: not in returns"}]`
	for name, odd := range map[string]bool{"Odd": true, "Fits": false, "Open": false} {
		code, text, stderr := runMain(t.Context(), "invoke", name, "--url", url)
		if code != exitFine || strings.HasSuffix(text, told) != odd || strings.Contains(text, "!") != odd {
			t.Errorf("%s: exit code %d, %s%s", name, code, text, stderr)
		}
		code, text, stderr = runMain(t.Context(), "invoke", name, "--json", "--url", url)
		if code != exitFine || strings.Contains(text, marks) != odd || strings.Contains(text, "marks") != odd {
			t.Errorf("%s: exit code %d, %s%s", name, code, text, stderr)
		}
	}
}

// TestEventPrinter: what happens to a stream is told on stderr, in its place.
func TestEventPrinter(t *testing.T) {
	t.Parallel()
	feed := bus.Instance{PeerID: "p1", Application: "Feed"}
	var both bytes.Buffer // stdout and stderr, as on a terminal
	p := &eventPrinter{
		out: bufio.NewWriter(&both), remarks: &both,
		names: newNames(func() []bus.Instance { return nil }),
	}
	at := time.Date(2026, 11, 21, 14, 3, 22, 104e6, time.UTC)
	for _, e := range []bus.Event{
		bus.StreamAccepted{Server: feed},
		bus.StreamData{At: at, Server: "p1", Data: []byte(`{"n":1}`)},
		bus.StreamData{At: at, Server: "p2", Private: true, Data: []byte("{\n\"n\":\"\x1b\"}")},
		bus.StreamLost{},
		bus.StreamAccepted{Server: feed, Restored: true},
	} {
		if end, err := p.print(t.Context(), e); end || err != nil {
			t.Fatalf("%T: %t, %v", e, end, err)
		}
	}
	if err := p.catchUp(412); err != nil {
		t.Fatal(err)
	}
	if end, err := p.print(t.Context(), bus.StreamClosed{Server: feed, Reason: "end of day\x07"}); !end || err != nil {
		t.Errorf("closed: %t, %v", end, err)
	}
	want := `note: accepted by Feed
14:03:22.104 ● Feed  {"n":1}
14:03:22.104 ○ p2  { "n":"␛"}
note: connection lost; the stream is asked for again when it is back
note: live again, accepted by Feed; what was sent meanwhile is gone
note: 412 dropped here: stdout was too slow
note: Feed closed this: end of day␇
`
	if both.String() != want {
		t.Errorf("got\n%swant\n%s", both.String(), want)
	}
}
