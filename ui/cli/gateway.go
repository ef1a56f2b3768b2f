package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/demo"
	"ioscope/client/gateway"
)

// defaultListen is where the gateway listens when nothing else is said; it is
// where defaultURL looks.
const defaultListen = "127.0.0.1:8385"

// gatewayFlags are those of the gateway command alone.
type gatewayFlags struct {
	*flags
	listen, admin    string
	demo             bool
	recording        replaying
	logFormat        string
	users            string
	token, tokenFile string
	cert, key        string
	proxies          []string
	origins          []string
	drain            time.Duration
	maxMessage       size
	maxQueue         size
	options          gateway.Options
}

func newGateway(env Env, f *flags) *cobra.Command {
	gf := &gatewayFlags{flags: f, maxMessage: 16 << 20, maxQueue: 32 << 20}
	cmd := &cobra.Command{
		Use:   "gateway",
		Short: "Run a gateway, with no screen",
		Long: "Runs a gateway until ctrl+c or SIGTERM. When it is ready, and the demo apps are on it if they were asked\n" +
			"for, it prints \"listening on ws://ADDR/gw3\".\n\n" +
			"It listens on this machine alone, where any user with any password may log in, unless --listen says\n" +
			"otherwise; then it wants --users or --token, and --cert with --key, too, if the network is not yours alone.\n" +
			"Users, certificate and key are read again when they have changed, and on SIGHUP; where there is\n" +
			"none of them, SIGHUP ends it as SIGTERM does.\n\n" +
			"With --replay the applications of a recording are on the bus, as they were then: their methods answer, their\n" +
			"streams push, and they come and go at their times. They log in under their recorded names, or all under that of\n" +
			"--user where one is given: apps see those of their own user only.\n\n" +
			"A limit of -1 is no limit. Warnings go to stderr unless --log names a file.",
		Example: "  ioscope gateway --demo\n" +
			"  ioscope gateway --replay day.jsonl --user ada\n" +
			"  ioscope passwd ada --file users && ioscope gateway --listen :8385 --users users --cert cert.pem --key key.pem\n" +
			"  ioscope gateway --admin 127.0.0.1:9385 --log - --log-format json",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := gf.recording.check(cmd); err != nil {
				return err
			}
			return gf.serve(cmd.Context(), env)
		},
	}
	gf.register(cmd)
	return cmd
}

func (gf *gatewayFlags) register(cmd *cobra.Command) {
	p, o := cmd.Flags(), &gf.options
	p.StringVar(&gf.listen, "listen", defaultListen, "`address` to listen on; port 0 takes a free one")
	p.BoolVar(&gf.demo, "demo", false, "put the demo apps on the bus")
	gf.recording.register(cmd)
	p.StringVar(&gf.users, "users", "", "`file` of those who may log in, as ioscope passwd makes it")
	p.StringVar(&gf.token, "token", "", "`secret` with which everybody may log in, as password or access token")
	p.StringVar(&gf.tokenFile, "token-file", "", "`file` with that secret, which no list of processes shows")
	p.StringVar(&gf.cert, "cert", "", "`file` with the certificate for TLS, and those that vouch for it (PEM)")
	p.StringVar(&gf.key, "key", "", "`file` with the certificate's key (PEM)")
	p.StringArrayVar(&gf.origins, "allow-origin", nil, "`origin` of web pages that may connect, as https://app.example, beside those of this machine; * for all (repeatable)")
	p.StringArrayVar(&gf.proxies, "trusted-proxy", nil, "`network` of proxies, as 10.0.0.0/8, whose X-Forwarded-For is believed (repeatable)")
	p.Var(&gf.maxMessage, "max-message", "longest message that is taken")
	p.Var(&gf.maxQueue, "max-queue", "what may wait to be written to a connection before it is cut off")
	p.IntVar(&o.MaxPeers, "max-peers", 10_000, "most peers on the bus")
	p.IntVar(&o.MaxUserPeers, "max-user-peers", -1, "most peers of one user")
	p.IntVar(&o.MaxMethods, "max-methods", 10_000, "most methods of one peer")
	p.IntVar(&o.MaxCalls, "max-calls", 10_000, "most calls of one peer that wait for their answers")
	p.IntVar(&o.MaxSubscriptions, "max-subscriptions", 10_000, "most subscriptions of one peer")
	p.DurationVar(&o.HelloPatience, "hello-timeout", 30*time.Second, "how long a connection may stay open before somebody logs in; negative: for ever")
	p.DurationVar(&o.PingEvery, "ping", 15*time.Second, "time between pings, which find connections whose other end is gone; negative: none")
	p.DurationVar(&gf.drain, "drain", 5*time.Second, "how long the end may take to write what is queued")
	p.StringVar(&gf.admin, "admin", "", "`address` for /healthz and Prometheus' /metrics, which ask for no log-in")
	p.StringVar(&gf.logFormat, "log-format", "text", "`format` of the log: text or json; --log - is stderr")
}

// serve runs the gateway until ctx ends, which is its good end.
func (gf *gatewayFlags) serve(ctx context.Context, env Env) error {
	log, closeLog, err := gf.openLog(env)
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	defer thrift()()
	gate, err := gf.gate(log)
	if err != nil {
		return err
	}
	door, err := gf.open(env, gate, log)
	if err != nil {
		return err
	}
	g := gateway.New(&gf.options)
	defer func() { _ = g.Close() }()
	ended := make(chan error, 2)
	go func() { ended <- g.Serve(door.listener) }()
	if gf.admin != "" {
		stop, err := gf.serveAdmin(env, g, ended)
		if err != nil {
			return err
		}
		defer stop()
	}
	return gf.run(ctx, env, g, gate, door, ended, log)
}

// thrift halves the room that Go leaves for garbage, of which a gateway makes
// little, unless the environment says otherwise. It returns what undoes it.
func thrift() (undo func()) {
	const percent = 50
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(before) }
}

// run is the gateway's life: from the moment that it is there until it is told
// to end.
func (gf *gatewayFlags) run(
	ctx context.Context, env Env, g *gateway.Gateway, gate *gate, door *door, ended <-chan error, log *slog.Logger,
) error {
	if gf.demo {
		apps, err := startDemo(ctx, g, gf.within(gate), door.url, log)
		if err != nil {
			return quietEnd(ctx, err)
		}
		defer func() { _ = apps.Close() }()
	}
	if gf.recording.file != "" {
		stop, err := gf.replayed(ctx, env, g, gf.within(gate), door.url, log)
		if err != nil {
			return err
		}
		defer stop()
	}
	hangups := make(chan os.Signal, 1)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(hangups, syscall.SIGHUP)
	}
	defer signal.Stop(hangups)
	if _, err := fmt.Fprintf(env.Stdout, "listening on %s\n", door.url); err != nil && !readerGone(err) {
		return fmt.Errorf("print: %w", err)
	}
	log.Info("listening", "url", door.url)
	for {
		select {
		case <-ctx.Done():
			return gf.leave(g, log)
		case err := <-ended:
			return fmt.Errorf("gateway on %s: %w", door.listener.Addr(), either(err, io.ErrUnexpectedEOF))
		case <-hangups:
			if gate.users == nil && door.cert == nil {
				return gf.leave(g, log) // nothing to read again: the terminal went
			}
			gate.reload(log)
			door.reload(log)
		}
	}
}

// within are the flags of an app of this process, which the gate lets in.
func (gf *gatewayFlags) within(g *gate) *flags {
	f := *gf.flags
	if g.guarded() {
		f.password = g.inside
	}
	return &f
}

// leave tells everybody goodbye.
func (gf *gatewayFlags) leave(g *gateway.Gateway, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(context.Background(), gf.drain)
	defer cancel()
	err := g.Shutdown(ctx, "the gateway is shutting down")
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("not everybody took what was theirs in time", "drain", gf.drain)
	}
	log.Info("ended")
	return nil
}

// openLog is the log that --log asks for. Without one, what somebody should know
// goes to stderr.
func (gf *gatewayFlags) openLog(env Env) (*slog.Logger, func() error, error) {
	out, level, closing := env.Stderr, slog.LevelWarn, func() error { return nil }
	switch gf.logFile {
	case "":
	case "-":
		level = slog.LevelInfo
	default:
		file, err := os.OpenFile(gf.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, fmt.Errorf("open log: %w", err)
		}
		out, level, closing = file, slog.LevelDebug, file.Close
	}
	options := &slog.HandlerOptions{Level: level}
	switch gf.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(out, options)), closing, nil
	case "json":
		return slog.New(slog.NewJSONHandler(out, options)), closing, nil
	}
	_ = closing()
	return nil, nil, withHint(usagef("--log-format %q: no format of a log", gf.logFormat), "it is text or json")
}

// listen takes the port now, so that the address is known before anybody is told.
func listen(flag, address string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, withHint(usagef("--%s %q: no address with a port", flag, address), "it looks like "+defaultListen)
	}
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, withHint(fmt.Errorf("%s is taken", address), "--"+flag+" 127.0.0.1:0 takes a free port")
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// startDemo brings the demo apps to the gateway, through memory, under the name
// that this program's other commands log in with.
func startDemo(ctx context.Context, g *gateway.Gateway, f *flags, url string, log *slog.Logger) (*demo.Apps, error) {
	apps, err := demo.Start(ctx, url, &demo.Options{
		User:     f.user,
		Password: f.password,
		Dial:     func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil },
		Logger:   log,
	})
	if err != nil {
		return nil, fmt.Errorf("start the demo apps: %w", err)
	}
	return apps, nil
}
