package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"ioscope/client/interval/schema"
)

// seen collects what is said, and lets a test wait for it.
type seen struct {
	mu    sync.Mutex
	text  bytes.Buffer
	grown chan struct{}
}

func (s *seen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(b)
	select {
	case s.grown <- struct{}{}:
	default:
	}
	return len(b), nil
}

func (s *seen) await(t *testing.T, words string) {
	t.Helper()
	for {
		s.mu.Lock()
		ok := strings.Contains(s.text.String(), words)
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-s.grown:
		case <-t.Context().Done():
			t.Fatalf("never said %q", words)
		}
	}
}

// untilQuiet waits until a terminal echoes nothing: the question stands there a moment
// before, which people don't notice.
func untilQuiet(t *testing.T, terminal *os.File) {
	t.Helper()
	for t.Context().Err() == nil {
		modes, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if modes.Lflag&unix.ECHO == 0 {
			return
		}
		runtime.Gosched()
	}
}

// On a terminal credentials are asked for one after the other, and neither is echoed.
func TestCredentialsAreNotEchoed(t *testing.T) {
	t.Parallel()
	ours, theirs, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ours.Close(); _ = theirs.Close() })
	echo := &seen{grown: make(chan struct{}, 1)}
	go func() {
		var b [256]byte
		for {
			n, err := ours.Read(b[:])
			if err != nil {
				return
			}
			_, _ = echo.Write(b[:n])
		}
	}()
	said := &seen{grown: make(chan struct{}, 1)}
	p := newPerson(theirs, said)
	type given struct {
		line string
		err  error
	}
	done := make(chan given, 1)
	go func() {
		line, err := p.answer(t.Context(), &schema.Component{Label: "Calendar", Props: &schema.Credentials{}})
		done <- given{line, err}
	}()
	said.await(t, "Calendar, token")
	untilQuiet(t, theirs)
	_, _ = ours.WriteString("tok-4711\n")
	said.await(t, "Calendar, secret")
	untilQuiet(t, theirs)
	_, _ = ours.WriteString("hush\n")
	got := <-done
	var login schema.Login
	if err := json.Unmarshal([]byte(got.line), &login); err != nil || got.err != nil || login.Token != "tok-4711" || login.Secret != "hush" {
		t.Errorf("%+v, %v", got, err)
	}
	_, _ = theirs.WriteString("end of it")
	echo.await(t, "end of it")
	echo.mu.Lock()
	defer echo.mu.Unlock()
	if text := echo.text.String(); strings.Contains(text, "4711") || strings.Contains(text, "hush") {
		t.Errorf("the terminal showed %q", text)
	}
}
