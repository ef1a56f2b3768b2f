package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ioscope/client/bus"
)

// filters narrow what a list prints. The zero value lets everything pass.
type filters struct {
	server, method, objectType string
	streams                    bool

	fitsServer func(bus.Instance) bool
	fitsName   func(string) bool
}

func (f *filters) register(cmd *cobra.Command, env Env, of *flags, kind listKind) {
	p := cmd.Flags()
	p.StringVar(&f.server, "server", "", "only of this `server`: its name, /PATTERN/, or key=value pairs as in invoke --target")
	p.StringVar(&f.method, "method", "", "only methods and streams of this `name`, or /PATTERN/")
	p.StringVar(&f.objectType, "object-type", "", "only methods and streams for this `type` of object")
	switch kind {
	case listServers:
		p.BoolVar(&f.streams, "streams", false, "only servers that offer such a stream")
	case listMethods:
		p.BoolVar(&f.streams, "streams", false, "the streams, in place of the methods")
	case listStreams:
		f.streams = true
	case listOffers:
		p.BoolVar(&f.streams, "streams", false, "only streams")
	}
	_ = cmd.RegisterFlagCompletionFunc("server", completeFrom(env, of, busView.serverNames))
	_ = cmd.RegisterFlagCompletionFunc("object-type", completeFrom(env, of, busView.objectTypes))
	_ = cmd.RegisterFlagCompletionFunc("method", completeFrom(env, of, func(b busView) []string {
		switch {
		case (kind == listServers || kind == listOffers) && !f.streams:
			return append(b.offerNames(false), b.offerNames(true)...)
		default:
			return b.offerNames(f.streams)
		}
	}))
}

// prepare reads the patterns.
func (f *filters) prepare() (err error) {
	if f.fitsName, err = pattern(f.method); err != nil {
		return usagef("--method: %w", err)
	}
	if f.fitsServer, err = serverFilter(f.server); err != nil {
		return usagef("--server: %w", err)
	}
	return nil
}

// serverFilter fits servers by what is printed as their name, and by all that a
// target may say.
func serverFilter(text string) (func(bus.Instance) bool, error) {
	if text == "" {
		return func(bus.Instance) bool { return true }, nil
	}
	target, err := bus.ParseTarget(text)
	if err != nil {
		return nil, err
	}
	if target.Mode != bus.Matching { // a server may be called "all"
		target.Filters = []bus.InstanceFilter{{Application: text}}
	}
	return func(i bus.Instance) bool {
		return strings.EqualFold(i.Name(), text) || target.Filters[0].Matches(i)
	}, nil
}

// pattern fits a text that is equal without regard to case, or in which the
// regular expression between slashes is found; an i behind these is for any case.
func pattern(text string) (func(string) bool, error) {
	if text == "" {
		return func(string) bool { return true }, nil
	}
	flags, body := "", text
	if rest, ok := strings.CutSuffix(text, "/i"); ok {
		flags, body = "(?i)", rest+"/"
	}
	if len(body) < 3 || body[0] != '/' || body[len(body)-1] != '/' {
		return func(s string) bool { return strings.EqualFold(s, text) }, nil
	}
	re, err := regexp.Compile(flags + body[1:len(body)-1])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", text, err)
	}
	return re.MatchString, nil
}

// anyMethod reports whether nothing is asked of methods.
func (f *filters) anyMethod() bool { return f.method == "" && f.objectType == "" && !f.streams }

// fitsMethod looks at all that is asked of methods but whether it streams.
func (f *filters) fitsMethod(m bus.MethodDefinition) bool {
	return f.fitsName(m.Name) && (f.objectType == "" || slices.Contains(m.ObjectTypes, f.objectType))
}

// fitsOffer is fitsMethod for what makes a server fit.
func (f *filters) fitsOffer(m bus.MethodDefinition) bool {
	return f.fitsMethod(m) && (!f.streams || m.Streaming)
}

// servers keeps those that fit and offer something that does. What they offer
// besides stays in the view, since it is counted.
func (f *filters) servers(b busView) busView {
	out := busView{methods: b.methods}
	for _, s := range b.servers {
		offers := func(c bus.Candidate) bool { return c.Server.PeerID == s.PeerID && f.fitsOffer(c.Method) }
		if f.fitsServer(s) && (f.anyMethod() || slices.ContainsFunc(b.methods, offers)) {
			out.servers = append(out.servers, s)
		}
	}
	return out
}

// methods keeps the methods, or the streams, that fit, of the servers that do.
func (f *filters) methods(b busView) busView {
	out := busView{servers: b.servers}
	for _, c := range b.methods {
		if c.Method.Streaming == f.streams && f.fitsServer(c.Server) && f.fitsMethod(c.Method) {
			out.methods = append(out.methods, c)
		}
	}
	return out
}
