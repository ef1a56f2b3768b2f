package cli

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui/config"
)

// defaultURL is where a gateway is looked for when no address was given.
const defaultURL = "ws://127.0.0.1:8385/gw3"

// connectTimeout bounds how long a command waits to be on the bus, so that it
// ends where something listens and never answers.
const connectTimeout = 10 * time.Second

// flags are what every command takes.
type flags struct {
	url string
	// bus is the name of a bus of the config; empty when the address says where.
	bus string
	// asked is true when the address was given, by flag, environment or config.
	asked          bool
	user, password string
	application    string
	logFile        string
	// readOnly forbids what changes the bus.
	readOnly bool
	// caFile names authorities to trust, which trust then holds; nil for those of
	// the system alone.
	caFile string
	trust  *tls.Config

	// noHooks leaves the config's hooks out, hooks are those that run.
	noHooks bool
	hooks   *hooks
	// replay is the recording that the explorer opens.
	replay replaying

	settings *settings
	getenv   func(string) string
}

func (f *flags) register(root *cobra.Command, env Env) {
	p := root.PersistentFlags()
	p.StringVar(&f.url, "url", "", "gateway's `address` (IOSCOPE_URL; default "+defaultURL+")")
	p.StringVar(&f.bus, "bus", "", "`name` of a bus of the config to use (IOSCOPE_BUS)")
	p.StringVar(&f.user, "user", "", "`name` to log in with; peers see those of the same name (IOSCOPE_USER; default: yours on this machine)")
	p.StringVar(&f.password, "password", "", "`secret` to log in with (IOSCOPE_PASSWORD)")
	p.StringVar(&f.application, "application", "ioscope", "`name` by which others see this program on the bus")
	p.StringVar(&f.caFile, "ca", "", "`file` with authorities (PEM) that may vouch for a wss:// address, beside the system's (IOSCOPE_CA)")
	p.StringVar(&f.logFile, "log", "", "`file` to append a log to (default: no log)")
	p.BoolVar(&f.readOnly, "read-only", false, "forbid what changes anything: invoking, offering, pushing (IOSCOPE_READ_ONLY=1)")
	p.BoolVar(&f.noHooks, "no-hooks", false, "leave out the hooks of the config")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return f.resolve(cmd, env) }
}

// resolve fills what no flag said from the environment, then from the defaults.
func (f *flags) resolve(cmd *cobra.Command, env Env) error {
	given := cmd.Flags().Changed
	f.settings, f.getenv = readSettings(env), env.Getenv
	if f.settings.wrong != nil && tells(cmd) {
		fmt.Fprintln(env.Stderr, "note: "+f.settings.words())
	}
	if !f.noHooks && f.replay.file == "" { // what was recorded is not to be done again
		var err error
		if f.hooks, err = f.settings.hooksOf(); err != nil {
			return err
		}
	}
	if given("url") && given("bus") {
		return usagef("--url and --bus both say where to go; one is enough")
	}
	named, err := f.profile(env, given("url"), given("bus"))
	if err != nil {
		return err
	}
	if named == nil {
		named = &config.Bus{}
	}
	// Who names a bus means it as a whole: what the config says of it comes before
	// the environment.
	fill := func(flag string, value *string, of, key string) {
		if !given(flag) {
			*value = cmp.Or(of, env.Getenv(key))
		}
	}
	hidden, err := secret(*named, env.Getenv)
	if err != nil {
		return err
	}
	if f.bus != config.DemoBus {
		fill("url", &f.url, named.URL, "IOSCOPE_URL")
	}
	fill("user", &f.user, named.User, "IOSCOPE_USER")
	fill("password", &f.password, hidden, "IOSCOPE_PASSWORD")
	fill("ca", &f.caFile, named.CA, "IOSCOPE_CA")
	if !given("read-only") {
		f.readOnly = named.ReadOnly || f.settings.ReadOnly
		if text := env.Getenv("IOSCOPE_READ_ONLY"); text != "" {
			f.readOnly = yes(text)
		}
	}
	if f.caFile != "" {
		trust, err := authorities(f.caFile)
		if err != nil {
			return err
		}
		f.trust = trust
	}
	f.asked = f.url != "" || given("url")
	if !f.asked {
		f.url = defaultURL
	}
	return checkURL(f.url)
}

// yes reads a switch of the environment: everything but nothing, 0, false and no.
func yes(text string) bool {
	switch strings.ToLower(text) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}

// allow refuses a deed where the program is read-only.
func (f *flags) allow(d model.Deed) error {
	if f.readOnly {
		return &usageError{errors.New(d.Forbidden())}
	}
	return nil
}

// tells reports whether a command says itself what is wrong with the config.
func tells(cmd *cobra.Command) bool {
	return cmd.HasParent() && cmd.Name() != "config" && !cmd.Hidden && !strings.HasPrefix(cmd.Name(), "__")
}

func checkURL(address string) error {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "ws" || u.Scheme == "wss") && u.Host != "" {
		return nil
	}
	return withHint(usagef("url %q: no address of a gateway", address), "it looks like "+defaultURL)
}

// optional is a text flag that knows whether it was given.
type optional struct{ text **string }

func (o optional) Set(s string) error { *o.text = &s; return nil }
func (o optional) Type() string       { return "string" }

func (o optional) String() string {
	if o.text == nil || *o.text == nil {
		return ""
	}
	return **o.text
}

// logger returns the log that --log asks for, and what closes it.
func (f *flags) logger() (*slog.Logger, func() error, error) {
	if f.logFile == "" {
		return slog.New(slog.DiscardHandler), func() error { return nil }, nil
	}
	file, err := os.OpenFile(f.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("open log: %w", err)
	}
	h := slog.NewTextHandler(file, &slog.HandlerOptions{Level: slog.LevelDebug})
	return slog.New(h), file.Close, nil
}

// connected is a client that is on the bus.
type connected struct {
	*client.Client
	// changed gets a value after the bus has changed; one stands for many. Not
	// where connectAs was given an OnEvent.
	changed  chan struct{}
	closeLog func() error
}

// connect joins the bus, within connectTimeout.
func (f *flags) connect(ctx context.Context) (*connected, error) { return f.connectAs(ctx, nil) }

// connectAs is connect as somebody whom a command knows better than the flags.
func (f *flags) connectAs(ctx context.Context, as func(*client.Options)) (*connected, error) {
	log, closeLog, err := f.logger()
	if err != nil {
		return nil, err
	}
	changed := make(chan struct{}, 1)
	options := &client.Options{
		Application: f.application,
		User:        f.user,
		Password:    f.password,
		Logger:      log,
		TLS:         f.trust,
		OnEvent: func(bus.Event) {
			select {
			case changed <- struct{}{}:
			default:
			}
		},
	}
	if as != nil {
		as(options)
	}
	within, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	c, err := client.Dial(within, f.url, options)
	if err != nil {
		_ = closeLog()
		return nil, f.explain(err)
	}
	return &connected{c, changed, closeLog}, nil
}

// Close leaves the bus.
func (c *connected) Close() {
	_ = c.Client.Close()
	_ = c.closeLog()
}
