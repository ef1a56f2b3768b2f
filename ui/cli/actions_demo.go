package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ioscope/client/demo/backoffice"
)

// demoHost is the demo-host command, with what its flags say.
type demoHost struct {
	env          Env
	address, key string
}

func newDemoHost(env Env, f *flags) *cobra.Command {
	h := &demoHost{env: env}
	cmd := &cobra.Command{
		Use:   "demo-host",
		Short: "Be an Interval host with actions to try",
		Long: "Connects to whoever listens for hosts, as ioscope run and ioscope actions do, or Interval's own server, and\n" +
			"offers the actions and pages of a small shop: between them they use every component. While nobody listens it\n" +
			"tries again every second, until ctrl+c or SIGTERM. Prints \"connected to URL\" when it is accepted.",
		Example: "  ioscope demo-host\n" +
			"  ioscope demo-host --interval ws://127.0.0.1:3000/websocket",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return h.run(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&h.address, "interval", "", "`address` of who listens (IOSCOPE_INTERVAL; default "+defaultInterval+")")
	cmd.Flags().StringVar(&h.key, "api-key", "", "`secret` to bring as the API key (IOSCOPE_API_KEY)")
	return cmd
}

func (h *demoHost) run(ctx context.Context, f *flags) error {
	log, closeLog, err := f.logger()
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	url := cmp.Or(h.address, h.env.Getenv("IOSCOPE_INTERVAL"), defaultInterval)
	if !strings.Contains(url, "://") {
		url = "ws://" + url + "/websocket"
	}
	host, err := backoffice.Start(ctx, url, &backoffice.Options{APIKey: cmp.Or(h.key, h.env.Getenv("IOSCOPE_API_KEY")), Logger: log})
	if err != nil {
		return quietEnd(ctx, err)
	}
	defer host.Close()
	if _, err := fmt.Fprintf(h.env.Stdout, "connected to %s\n", clean(url)); err != nil && !readerGone(err) {
		return fmt.Errorf("print: %w", err)
	}
	<-ctx.Done()
	return nil
}
