package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"syscall"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/demo"
	"ioscope/client/gateway"
)

// defaultListen is where the gateway listens when nothing else is said; it is
// where defaultURL looks.
const defaultListen = "127.0.0.1:8385"

func newGateway(env Env, f *flags) *cobra.Command {
	var listen string
	var withDemo bool
	cmd := &cobra.Command{
		Use:   "gateway",
		Short: "Run a gateway, with no screen",
		Long: "Runs a gateway until ctrl+c or SIGTERM. When it is ready, and the demo apps are on it if they were asked\n" +
			"for, it prints \"listening on ws://ADDR/gw3\". Any user with any password may log in, so it listens on this\n" +
			"machine alone unless --listen says otherwise.",
		Example: "  ioscope gateway --demo\n" +
			"  ioscope gateway --listen 127.0.0.1:0",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serve(cmd.Context(), env, f, listen, withDemo)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", defaultListen, "`address` to listen on; port 0 takes a free one")
	cmd.Flags().BoolVar(&withDemo, "demo", false, "put the demo apps on the bus")
	return cmd
}

// serve runs the gateway until ctx ends, which is its good end.
func serve(ctx context.Context, env Env, f *flags, address string, withDemo bool) error {
	log, closeLog, err := f.logger()
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	listener, err := listen(address)
	if err != nil {
		return err
	}
	if !loopback(listener.Addr()) {
		note(env.Stderr, "%s can be reached from other machines, and anybody may log in", listener.Addr())
	}
	g := gateway.New(&gateway.Options{Logger: log})
	defer func() { _ = g.Close() }()
	ended := make(chan error, 1)
	go func() { ended <- g.Serve(listener) }()
	url := "ws://" + listener.Addr().String() + "/gw3"
	if withDemo {
		apps, err := startDemo(ctx, g, f, url, log)
		if err != nil {
			return quietEnd(ctx, err)
		}
		defer func() { _ = apps.Close() }()
	}
	if _, err := fmt.Fprintf(env.Stdout, "listening on %s\n", url); err != nil && !readerGone(err) {
		return fmt.Errorf("print: %w", err)
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return fmt.Errorf("gateway on %s: %w", listener.Addr(), either(err, io.ErrUnexpectedEOF))
	}
}

// listen takes the port now, so that the address is known before anybody is told.
func listen(address string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, withHint(usagef("--listen %q: no address with a port", address), "it looks like "+defaultListen)
	}
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, withHint(fmt.Errorf("%s is taken", address), "--listen 127.0.0.1:0 takes a free port")
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
