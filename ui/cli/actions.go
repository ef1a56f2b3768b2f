package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client/interval"
)

// settle is how long a list waits for one more host after each that came.
const settle = 300 * time.Millisecond

func newActions(env Env, f *flags) *cobra.Command {
	i := &intervalFlags{env: env}
	cmd := &cobra.Command{
		Use:   "actions",
		Short: "List the actions of Interval hosts",
		Long: "Listens for hosts at ws://ADDRESS/websocket, as Interval's dashboard does, and lists the actions and pages\n" +
			"of those that came. A host that was connected elsewhere tries again every few seconds, so it may take a moment.\n\n" +
			"One row an action or page, by the slug that ioscope run takes; a group is a page with nothing of its own. With\n" +
			"--json one object a line: kind (action, page or group), slug, name, description, group, unlisted,\n" +
			"backgroundable, host (with id, sdk, version and remote).\n\n" +
			"Exit codes: 0 listed, 1 failed, 2 wrong usage, 3 no host with an action came within --wait-timeout.",
		Example: "  ioscope actions --interval 127.0.0.1:3000\n" +
			"  ioscope actions --wait-timeout 5s --json",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return i.list(cmd.Context(), f) },
	}
	i.register(cmd, "a host")
	return cmd
}

func (i *intervalFlags) list(ctx context.Context, f *flags) error {
	if err := i.resolve(); err != nil {
		return err
	}
	d, err := i.listen(f)
	if err != nil {
		return err
	}
	defer d.Close()
	note(i.env.Stderr, "listening for hosts at %s", d.url)
	all, err := d.gather(ctx, i.wait)
	if err != nil {
		return err
	}
	if i.asJSON {
		return i.printTasks(all)
	}
	rows := make([][]string, len(all))
	for n, o := range all {
		kind := o.kind
		if o.unlisted {
			kind += ", unlisted"
		}
		rows[n] = []string{o.slug, kind, o.name, o.over, hostName(o.host), o.description}
	}
	return printTable(i.env.Stdout, []string{"SLUG", "KIND", "NAME", "GROUP", "HOST", "DESCRIPTION"}, rows)
}

// gather waits for hosts, and gives what they offer when no more come.
func (d *desk) gather(ctx context.Context, wait time.Duration) ([]task, error) {
	late := time.NewTimer(wait)
	defer late.Stop()
	timer, come := late.C, 0
	for {
		e, err := d.heard.next(ctx, timer)
		if err != nil {
			return nil, fmt.Errorf("wait for hosts: given up%w", quiet{err})
		}
		switch e.(type) {
		case nil:
			if all := tasks(d.runner.Hosts()); len(all) > 0 {
				return all, nil
			}
			return nil, withHint(&noAction{wait: wait, hosts: come}, "hosts connect to "+d.url+"; ioscope demo-host starts one to try")
		case interval.HostJoined, interval.HostChanged:
			come++
			if len(tasks(d.runner.Hosts())) > 0 {
				timer = time.After(settle)
			}
		}
	}
}

func (i *intervalFlags) printTasks(all []task) error {
	out := bufio.NewWriter(i.env.Stdout)
	for _, o := range all {
		host := (&object{}).set("id", o.host.ID).set("sdk", o.host.SDKName).set("version", o.host.SDKVersion).set("remote", o.host.Remote)
		line := (&object{}).set("kind", o.kind).set("slug", o.slug).set("name", o.name).set("description", o.description).
			set("group", o.over).set("unlisted", o.unlisted).set("backgroundable", o.background).raw("host", host.bytes())
		_, _ = out.Write(line.line())
	}
	return out.Flush()
}

// hostName tells a host from others by its program and the beginning of its id.
func hostName(h interval.HostInfo) string {
	const enough = 8
	id := h.ID
	if len(id) > enough {
		id = id[:enough]
	}
	return strings.TrimSpace(h.SDKName+" "+h.SDKVersion) + " (" + id + ")"
}
