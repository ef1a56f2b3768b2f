package cli

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// runningGateway is the gateway command in this process.
type runningGateway struct {
	*testing.T
	text watched
	end  context.CancelFunc
	code chan int
}

// startGateway runs it on a free port until the test ends, at the latest.
func startGateway(t *testing.T, args ...string) *runningGateway {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	g := &runningGateway{T: t, end: cancel, code: make(chan int, 1)}
	g.text.changed = make(chan struct{}, 1)
	go func() {
		g.code <- Main(ctx, Env{
			Stdin: strings.NewReader(""), Stdout: &g.text, Stderr: &g.text,
			Getenv:     func(string) string { return "" },
			IsTerminal: func() bool { return false },
			Now:        time.Now,
		}, append([]string{"gateway", "--listen", "127.0.0.1:0"}, args...))
	}()
	t.Cleanup(func() {
		cancel()
		g.code <- <-g.code
	})
	return g
}

// says waits for a text that fits and returns what its group stands for.
func (g *runningGateway) says(pattern string) string {
	g.Helper()
	want, late := regexp.MustCompile(pattern), time.After(patience)
	for {
		if found := want.FindStringSubmatch(g.text.String()); found != nil {
			return found[len(found)-1]
		}
		select {
		case <-g.text.changed:
		case <-late:
			g.Fatalf("never said %s, but:\n%s", pattern, g.text.String())
		}
	}
}

// lists runs ioscope servers against an address and returns its exit code and
// what it said on stderr.
func lists(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out, errors strings.Builder
	code := Main(t.Context(), Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errors,
		Getenv:     func(string) string { return "" },
		IsTerminal: func() bool { return false },
		Now:        time.Now,
	}, append([]string{"servers"}, args...))
	return code, errors.String()
}

// certify writes a certificate for this machine, which vouches for itself, and
// its key; it returns the serial number.
func certify(t *testing.T, certFile, keyFile string) *big.Int {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:        true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, keyFile, "PRIVATE KEY", secret)
	writePEM(t, certFile, "CERTIFICATE", cert)
	return serial
}

func writePEM(t *testing.T, path, kind string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestGatewayTLS joins over TLS, and again after the certificate has changed
// under the running gateway.
func TestGatewayTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key, old := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "old.pem")
	certify(t, cert, key)
	g := startGateway(t, "--cert", cert, "--key", key, "--log", "-")
	url := g.says(`listening on (wss://127\.0\.0\.1:[0-9]+/gw3)\n`)
	if code, said := lists(t, "--url", url); code != exitFailed || !strings.Contains(said, "is not trusted") || !strings.Contains(said, "hint: --ca FILE") {
		t.Errorf("without the authority: %d, %s", code, said)
	}
	if code, said := lists(t, "--url", url, "--ca", cert); code != exitFine {
		t.Errorf("with the authority: %d, %s", code, said)
	}
	if err := os.Rename(cert, old); err != nil {
		t.Fatal(err)
	}
	// A pair that does not fit leaves the one before in its place.
	certify(t, cert, filepath.Join(dir, "other.pem"))
	long := time.Now().Add(-time.Minute)
	if err := os.Chtimes(cert, long, long); err != nil {
		t.Fatal(err)
	}
	if code, said := lists(t, "--url", url, "--ca", old); code != exitFine {
		t.Errorf("with a broken pair: %d, %s", code, said)
	}
	g.says("certificate not read again, the old one stays")
	certify(t, cert, key)
	if code, said := lists(t, "--url", url, "--ca", cert); code != exitFine {
		t.Errorf("with the new certificate: %d, %s", code, said)
	}
	if code, _ := lists(t, "--url", url, "--ca", old); code != exitFailed {
		t.Errorf("with the old authority: %d", code)
	}
	g.end()
	if code := <-g.code; code != exitFine {
		t.Errorf("ended with %d", code)
	}
	g.code <- exitFine
}

func TestGatewayAdmin(t *testing.T) {
	t.Parallel()
	g := startGateway(t, "--admin", "127.0.0.1:0", "--demo")
	base := g.says(`note: /healthz and /metrics are at (http://127\.0\.0\.1:[0-9]+)\n`)
	g.says(`listening on`)
	ask := func(path string) string {
		response, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d, %v", path, response.StatusCode, err)
		}
		return string(text)
	}
	if text := ask("/healthz"); text != "ok\n" {
		t.Errorf("health: %q", text)
	}
	text := ask("/metrics")
	for _, pattern := range []string{
		`(?m)^ioscope_gateway_peers \d\d+$`, `(?m)^ioscope_gateway_methods \d\d+$`,
		`(?m)^ioscope_gateway_received_bytes_total \d\d\d\d+$`, `(?m)^ioscope_gateway_logins_refused_total 0$`,
	} {
		if !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("no %s in:\n%s", pattern, text)
		}
	}
	g.end()
	if code := <-g.code; code != exitFine {
		t.Errorf("ended with %d", code)
	}
	g.code <- exitFine
	if _, err := net.Dial("tcp", strings.TrimPrefix(base, "http://")); err == nil {
		t.Error("the admin address is still open")
	}
}

func TestAllowedOrigins(t *testing.T) {
	t.Parallel()
	allowed, err := allowedOrigins([]string{"https://App.example", "http://intra:8080/"})
	if err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]bool{
		"https://app.example": true, "https://app.example:443": true, "http://intra:8080": true, "http://localhost:3000": true,
		"http://app.example": false, "https://app.example:8443": false, "https://www.app.example": false,
		"https://app.example.evil": false, "http://intra": false, "null": false, "": false, "https://app.example@evil": false,
	} {
		if got := allowed(origin); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
	for _, text := range []string{"app.example", "https://", "https://a/path", "https://a?x", "https://u@a", "", "null"} {
		if _, err := allowedOrigins([]string{text}); err == nil {
			t.Errorf("%q is taken for an origin", text)
		}
	}
	if all, err := allowedOrigins([]string{"*"}); err != nil || !all("https://any.example") || !all("null") {
		t.Errorf("*: %v", err)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		bytes size
		again string
	}{
		{"1", 1, "1"},
		{"65536", 1 << 16, "64KiB"},
		{"64k", 1 << 16, "64KiB"},
		{"64KiB", 1 << 16, "64KiB"},
		{"16MiB", 16 << 20, "16MiB"},
		{" 2 GB ", 2 << 30, "2GiB"},
		{"1500", 1500, "1500"},
		{"2048MiB", 2 << 30, "2GiB"},
		{"1537KiB", 1537 << 10, "1573888"},
	} {
		var s size
		if err := s.Set(c.text); err != nil || s != c.bytes || s.String() != c.again {
			t.Errorf("%q: %d as %s, %v; want %d as %s", c.text, int64(s), &s, err, int64(c.bytes), c.again)
		}
	}
	for _, text := range []string{"", "0", "-1", "x", "1.5MiB", "16XB", "99999999999999999999", "9999999999G", "i", "b"} {
		var s size
		if err := s.Set(text); err == nil {
			t.Errorf("%q is taken for %d", text, int64(s))
		}
	}
}
