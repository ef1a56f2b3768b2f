package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"ioscope/client"
)

// explain puts into a person's words why the bus could not be joined, and says
// what may help.
func (f *flags) explain(err error) error {
	var refused *client.RefusedError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("connect to %s: given up", f.url)
	case errors.As(err, &refused):
		return withHint(fmt.Errorf("the gateway at %s refuses the log-in: %w", f.url, refused.Err),
			"--user and --password, or IOSCOPE_USER and IOSCOPE_PASSWORD, say who you are")
	case errors.As(err, &untrusted):
		return withHint(fmt.Errorf("the certificate of %s is not trusted: %w", f.url, untrusted.Err),
			"--ca FILE, or IOSCOPE_CA, names an authority to trust")
	case unreachable(err):
		return withHint(fmt.Errorf("nobody answers at %s: %s", f.url, f.cause(err)), f.whereElse())
	case errors.Is(err, context.DeadlineExceeded):
		return withHint(fmt.Errorf("no answer from %s within %s%w", f.url, duration(connectTimeout), quiet{err}),
			f.whereElse())
	}
	return withHint(fmt.Errorf("something answers at %s, but it does not speak gw3: %s", f.url, f.cause(err)), f.whereElse())
}

// unreachable reports whether there was no connection at all.
func unreachable(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

// cause is the error without the address, which the sentence has already, and
// without the steps of the libraries that carried it.
func (f *flags) cause(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return dns.Err
	case errors.As(err, &op):
		return strings.TrimPrefix(op.Err.Error(), "connect: ")
	}
	return strings.TrimPrefix(err.Error(), "dial "+f.url+": ")
}

func (f *flags) whereElse() string {
	if f.asked {
		return "ioscope gateway --demo starts a bus to try"
	}
	return "--url or IOSCOPE_URL says where the bus is; ioscope gateway --demo starts one to try"
}
