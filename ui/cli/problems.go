package cli

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"

	"ioscope/client"
	"ioscope/model"
)

// noBus puts into a person's words why the bus could not be joined, for the
// screen and for the commands. help says what helps who typed a command; it is
// empty where another address may.
func noBus(url string, err error) (e *model.ConnError, help string) {
	var refused *client.RefusedError
	var untrusted *tls.CertificateVerificationError
	e = &model.ConnError{Sentence: "Something answers at " + url + ", but it does not speak gw3", Cause: cause(url, err), Err: err}
	switch {
	case errors.As(err, &refused):
		e.Sentence, e.Cause = "The gateway at "+url+" refuses the log-in", refused.Err.Error()
		help = "--user and --password, or IOSCOPE_USER and IOSCOPE_PASSWORD, say who you are"
	case errors.As(err, &untrusted):
		e.Sentence, e.Cause = "The certificate of "+url+" is not trusted", untrusted.Err.Error()
		help = "--ca FILE, or IOSCOPE_CA, names an authority to trust"
	case unreachable(err):
		e.Sentence = "Nobody answers at " + url
	case errors.Is(err, context.DeadlineExceeded):
		e.Sentence, e.Cause = "No answer from "+url, "it took too long"
	}
	return e, help
}

// explain says of a command why the bus could not be joined.
func (f *flags) explain(err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("connect to %s: given up", f.url)
	}
	e, help := noBus(f.url, err)
	words := e.Error()
	return withHint(fmt.Errorf("%s%w", strings.ToLower(words[:1])+words[1:], quiet{e}), cmp.Or(help, f.whereElse()))
}

// unreachable reports whether there was no connection at all.
func unreachable(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

// cause is the error without the address, which the sentence has already, and
// without the steps of the libraries that carried it.
func cause(url string, err error) string {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return dns.Err
	case errors.As(err, &op):
		return strings.TrimPrefix(op.Err.Error(), "connect: ")
	}
	return strings.TrimPrefix(err.Error(), "dial "+url+": ")
}

func (f *flags) whereElse() string {
	if f.asked {
		return "ioscope gateway --demo starts a bus to try"
	}
	return "--url or IOSCOPE_URL says where the bus is; ioscope gateway --demo starts one to try"
}
