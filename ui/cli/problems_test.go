package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
)

// runMain runs a command inside the test, as the user ada.
func runMain(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, said bytes.Buffer
	code = Main(ctx, Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said,
		Getenv:     func(key string) string { return map[string]string{"IOSCOPE_USER": "ada"}[key] },
		IsTerminal: func() bool { return false },
		Now:        time.Now,
	}, args)
	return code, out.String(), said.String()
}

func serveOn(t *testing.T, o *gateway.Options) string {
	t.Helper()
	g := gateway.New(o)
	s, err := g.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Close() })
	return s.URL() + "/gw3"
}

// TestNoBus: each way in which there is no bus has its own words.
func TestNoBus(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	locked := serveOn(t, &gateway.Options{Authenticate: func(string, string) error { return errors.New("wrong user\x1b[2J") }})
	for _, c := range []struct{ url, want string }{
		{closedPort(t), "error: nobody answers at $URL: connection refused\nhint: "},
		{"ws://nowhere.invalid/gw3", "error: nobody answers at $URL: "},
		{"ws" + strings.TrimPrefix(web.URL, "http"), "error: something answers at $URL, but it does not speak gw3: http status 404 instead of a websocket\nhint: "},
		{"ws" + strings.TrimPrefix(secure.URL, "http"), "error: the certificate of $URL is not trusted: "},
		{locked, "error: the gateway at $URL refuses the log-in: wrong user␛[2J\nhint: --user and --password"},
	} {
		code, stdout, stderr := runMain(t.Context(), "servers", "--url", c.url)
		want := strings.ReplaceAll(c.want, "$URL", c.url)
		if code != exitFailed || stdout != "" || !strings.HasPrefix(stderr, want) {
			t.Errorf("%s: exit code %d, stdout %q, stderr\n%s\nwant\n%s", c.url, code, stdout, stderr, want)
		}
	}
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "ws://" + l.Addr().String() + "/gw3"
}

// TestSilentListener: where something listens and never answers, ctrl+c still works.
func TestSilentListener(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if c, err := l.Accept(); err == nil {
			cancel()
			_, _ = io.Copy(io.Discard, c)
			_ = c.Close()
		}
	}()
	code, _, stderr := runMain(ctx, "servers", "--url", "ws://"+l.Addr().String()+"/gw3")
	if code != exitFailed || !strings.HasSuffix(stderr, ": given up\n") {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
}

// TestStdoutFails: what could not be printed is a failure, but for a reader that
// has had enough.
func TestStdoutFails(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]int{io.ErrShortWrite: exitFailed, io.ErrClosedPipe: exitFine} {
		env := Env{
			Stdout: failing{err}, Stderr: io.Discard,
			Getenv: func(string) string { return "" }, IsTerminal: func() bool { return false }, Now: time.Now,
		}
		if code := Main(t.Context(), env, []string{"version"}); code != want {
			t.Errorf("version on %v: exit code %d, want %d", err, code, want)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestLoopback(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]bool{"127.0.0.1": true, "::1": true, "0.0.0.0": false, "::": false, "192.0.2.7": false} {
		if got := loopback(&net.TCPAddr{IP: net.ParseIP(ip)}); got != want {
			t.Errorf("loopback(%s) = %t", ip, got)
		}
	}
}

// TestNoBusWords: the screen and the commands give the same reason.
func TestNoBusWords(t *testing.T) {
	t.Parallel()
	f := &flags{url: "ws://there/gw3", asked: true}
	for want, err := range map[string]error{
		"Nobody answers at ws://there/gw3: no such host":                            &net.DNSError{Err: "no such host", Name: "there"},
		"No answer from ws://there/gw3: it took too long":                           context.DeadlineExceeded,
		"Something answers at ws://there/gw3, but it does not speak gw3: HTTP 404":  errors.New("dial ws://there/gw3: HTTP 404"),
		"The gateway at ws://there/gw3 refuses the log-in: wrong user":              &client.RefusedError{Err: &bus.Error{Reason: "wrong user"}},
		"The certificate of ws://there/gw3 is not trusted: x509: unknown authority": &tls.CertificateVerificationError{Err: errors.New("x509: unknown authority")},
	} {
		screen, _ := noBus(f.url, err)
		said := f.explain(err)
		if screen.Error() != want || !strings.EqualFold(said.Error(), want) || said.Error()[0] != want[0]+'a'-'A' {
			t.Errorf("the screen says %q, the command %q, want %q", screen, said, want)
		}
		if !errors.Is(said, err) {
			t.Errorf("%q forgets its cause", said)
		}
		var h *hinted
		if !errors.As(said, &h) || h.hint == "" {
			t.Errorf("%q has no hint", said)
		}
	}
}
