package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client/bus"
	"ioscope/client/interval"
)

// defaultInterval is where hosts are listened for when nothing else is said: where
// the SDK's own documents look for a server on this machine.
const defaultInterval = "127.0.0.1:3000"

// intervalFlags are those of the commands that hosts of actions come to.
type intervalFlags struct {
	env     Env
	address string
	key     string
	wait    time.Duration
	asJSON  bool
	// asked is true where somebody said where to listen.
	asked bool
}

func (i *intervalFlags) register(cmd *cobra.Command, waitFor string) {
	p := cmd.Flags()
	p.StringVar(&i.address, "interval", "", "`address` to listen on for hosts (IOSCOPE_INTERVAL; default "+defaultInterval+"); port 0 takes a free one")
	p.StringVar(&i.key, "api-key", "", "`secret` that hosts have to bring as their API key (IOSCOPE_API_KEY; default: any is good)")
	p.DurationVar(&i.wait, "wait-timeout", bus.DefaultTimeout, "how long to wait for "+waitFor)
	p.BoolVar(&i.asJSON, "json", false, "print one JSON object a line")
}

// resolve fills what no flag said, and refuses what can't be.
func (i *intervalFlags) resolve() error {
	i.asked = i.address != ""
	i.address = cmp.Or(i.address, i.env.Getenv("IOSCOPE_INTERVAL"), defaultInterval)
	i.key = cmp.Or(i.key, i.env.Getenv("IOSCOPE_API_KEY"))
	i.address = strings.TrimSuffix(strings.TrimPrefix(i.address, "ws://"), "/websocket")
	if i.wait < 0 {
		return usagef("--wait-timeout %s: less than nothing", i.wait)
	}
	return nil
}

// desk is a runner that hosts of actions can come to, with what it hears.
type desk struct {
	runner *interval.Runner
	url    string
	heard  heard
	end    func()
}

// listen opens the desk, or shares that of the explorer that the command runs in.
func (i *intervalFlags) listen(f *flags) (*desk, error) {
	if !i.asked && i.env.runs != nil {
		if d := i.env.runs.lend(); d != nil {
			return d, nil
		}
	}
	log, closeLog, err := f.logger()
	if err != nil {
		return nil, err
	}
	listener, err := listen("interval", i.address)
	if err != nil {
		_ = closeLog()
		return nil, err
	}
	if !loopback(listener.Addr()) && i.key == "" {
		_ = errors.Join(listener.Close(), closeLog())
		return nil, withHint(usagef("--interval %s: others than this machine could offer actions, with any key", i.address),
			"--api-key or IOSCOPE_API_KEY says which key is good")
	}
	d := newDesk("ws://" + listener.Addr().String() + "/websocket")
	d.runner = interval.NewRunner(&interval.RunnerOptions{
		Accept: i.accepts(), OnEvent: d.heard.put, Credentials: true, Logger: log,
		User: &interval.User{Email: cmp.Or(f.user, i.env.Getenv("USER"), "operator") + "@localhost", Role: "admin"},
	})
	server := &http.Server{Handler: d.runner, ReadHeaderTimeout: connectTimeout, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelInfo)}
	go func() { _ = server.Serve(listener) }()
	d.end = func() {
		d.runner.Close()
		_ = server.Close()
		_ = closeLog()
	}
	return d, nil
}

func newDesk(url string) *desk {
	return &desk{url: url, heard: heard{changed: make(chan struct{}, 1)}}
}

func (i *intervalFlags) accepts() func(string) bool {
	if i.key == "" {
		return nil
	}
	return func(key string) bool { return same(key, i.key) }
}

// Close lets the hosts go, where nobody else listens for them.
func (d *desk) Close() { d.end() }

// heard are events that wait for whoever reads them. The runner never waits.
type heard struct {
	mu      sync.Mutex
	events  []interval.Event
	changed chan struct{} // capacity 1
}

func (h *heard) put(e interval.Event) {
	h.mu.Lock()
	h.events = append(h.events, e)
	h.mu.Unlock()
	select {
	case h.changed <- struct{}{}:
	default:
	}
}

// next waits for an event. It is nil when the time is over.
func (h *heard) next(ctx context.Context, late <-chan time.Time) (interval.Event, error) {
	for {
		h.mu.Lock()
		if len(h.events) > 0 {
			e := h.events[0]
			h.events = h.events[1:]
			h.mu.Unlock()
			return e, nil
		}
		h.mu.Unlock()
		select {
		case <-h.changed:
		case <-late:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// task is an action or a page of a host.
type task struct {
	kind                          string // action, page or group
	slug, name, description, over string // over is the group that it lies below
	unlisted, background          bool
	host                          interval.HostInfo
}

// tasks lists what the hosts that are connected offer.
func tasks(hosts []interval.HostInfo) []task {
	var out []task
	for _, h := range hosts {
		if !h.Online || h.Closing {
			continue
		}
		for _, a := range h.Actions {
			out = append(out, task{"action", a.FullSlug(), cmp.Or(a.Name, a.Slug), a.Description, a.GroupSlug, a.Unlisted, a.Backgroundable, h})
		}
		for _, p := range h.Pages {
			kind, over := "group", ""
			if p.HasHandler {
				kind = "page"
			}
			if at := strings.LastIndex(p.Slug, "/"); at >= 0 {
				over = p.Slug[:at]
			}
			out = append(out, task{kind, p.Slug, p.Name, p.Description, over, p.Unlisted, false, h})
		}
	}
	return out
}

// noAction says that no host with what is wanted came in time.
type noAction struct {
	slug string // empty for any
	wait time.Duration
	// is is what the name means instead: a page or a group; empty for nothing.
	is    string
	hosts int // that came
}

func (e *noAction) Error() string {
	what := "an action"
	if e.slug != "" {
		what = fmt.Sprintf("the action %q", e.slug)
	}
	switch {
	case e.is != "":
		return fmt.Sprintf("%q is a %s, not an action", e.slug, e.is)
	case e.hosts == 0:
		return fmt.Sprintf("no host with %s came within %s", what, duration(e.wait))
	}
	return fmt.Sprintf("no host offered %s within %s", what, duration(e.wait))
}
