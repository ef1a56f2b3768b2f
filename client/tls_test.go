package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/gateway"
)

// TestTLS joins a bus behind a certificate that no system trusts: with the
// authority in Options.TLS it works, without it does not.
func TestTLS(t *testing.T) {
	t.Parallel()
	g := gateway.New(nil)
	defer g.Close()
	server := httptest.NewTLSServer(g)
	defer server.Close()
	defer g.Close() // before the server, which waits for its connections
	url := "wss" + strings.TrimPrefix(server.URL, "https")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	_, err := client.Dial(ctx, url, &client.Options{User: "ada"})
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) {
		t.Errorf("a stranger's certificate gives %v", err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	c, err := client.Dial(ctx, url, &client.Options{User: "ada", TLS: &tls.Config{RootCAs: trusted}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
