package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/spf13/cobra"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/stub"
	"ioscope/model"
)

// standIn is the serve command, with what its flags say.
type standIn struct {
	env     Env
	check   bool
	asJSON  bool
	renamed bool // by --application
	states  chan bus.ConnChanged

	mu sync.Mutex // held while a line is printed
}

func newServe(env Env, f *flags) *cobra.Command {
	s := &standIn{env: env, states: make(chan bus.ConnChanged, 64)}
	cmd := &cobra.Command{
		Use:   "serve FILE",
		Short: "Be an application that a file describes",
		Long: "A stand-in while the real application isn't there. FILE is YAML, or JSON where its name ends in .json; -\n" +
			"reads YAML from stdin. It names the application and says what its methods answer and what its streams\n" +
			"send, fixed or made with jq:\n\n" + serveSample + "\n" +
			"An answer is a value, jq or an error {reason, uri, context}, and may come after a while; a list answers:\n" +
			"takes the first one whose when: holds. go doc ioscope/client/stub.App tells of every member.\n\n" +
			"Prints \"serving APP on URL\" when it is ready, and a line on stderr for each call and subscription. With\n" +
			"--json all of that is on stdout, one object a line: time, event, and\n" +
			"  serving   application, url, methods, streams (counts)\n" +
			"  called    method, caller {application, instance, user, peerId}, args, ok, took_ms, value or error\n" +
			"  accepted  stream, subscriber, branch, args\n" +
			"  rejected  stream, subscriber, args, reason\n" +
			"  left      stream, subscriber, branch\n" +
			"  failed    stream, branch, reason: a jq program of its data\n\n" +
			"Exit codes: 0 ended by ctrl+c or SIGTERM, or --check found nothing wrong; 1 no connection; 2 the file is wrong.",
		Example: "  ioscope serve accounts.yaml\n" +
			"  ioscope serve accounts.yaml --check",
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			s.renamed = cmd.Flags().Changed("application")
			return s.run(cmd.Context(), f, args[0])
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return []string{"yaml", "yml", "json"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	cmd.Flags().BoolVar(&s.check, "check", false, "only say what is wrong with the file")
	cmd.Flags().BoolVar(&s.asJSON, "json", false, "print one JSON object a line")
	return cmd
}

const serveSample = `  application: Accounts
  methods:
    - name: Accounts.Get
      accepts: string id
      after: 200ms
      jq: "{id, balance: random(1000)}"
  streams:
    - name: Accounts.Balance
      accepts: string? id
      accept:
        - when: .id == null
          reject: which account? give its id
        - branch: .id
      data:
        - every: 500ms
          jq: "{id: .branch, n, balance: (1000 + .n)}"
`

func oneFile(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0 || args[0] == "":
		return misused(cmd, errors.New("which file? its name is missing"))
	case len(args) > 1:
		return misused(cmd, fmt.Errorf("one file is enough: %q", args[1]))
	}
	return nil
}

func (s *standIn) run(ctx context.Context, f *flags, file string) error {
	app, err := s.load(file)
	if err != nil {
		return &usageError{err}
	}
	if s.check {
		_, err := fmt.Fprintf(s.env.Stdout, "%s: fine, %s with %s and %s\n", clean(file), clean(app.Name),
			plural(app.Methods(), "method"), plural(app.Streams(), "stream"))
		return err
	}
	if err := f.allow(model.ToOffer); err != nil {
		return err
	}
	c, err := f.connectAs(ctx, func(o *client.Options) {
		if !s.renamed {
			o.Application = app.Name
		}
		o.Identity, o.OnEvent = app.Identity, s.hear
	})
	if err != nil {
		return quietEnd(ctx, err)
	}
	defer c.Close()
	within, cancel := context.WithTimeout(ctx, connectTimeout)
	running, err := app.Start(within, c.Client, &stub.Options{Log: s.log})
	cancel()
	if err != nil {
		return quietEnd(ctx, err)
	}
	defer func() { _ = running.Close() }()
	if err := s.serving(app, c.Self().Name(), f.url); err != nil {
		return err
	}
	return s.follow(ctx, f)
}

// load reads the file and tells what is odd about it.
func (s *standIn) load(file string) (*stub.App, error) {
	if s.check && s.asJSON {
		return nil, errors.New("--json: --check has none")
	}
	read := func() (*stub.App, error) { return stub.Load(file) }
	if file == "-" {
		text, err := io.ReadAll(s.env.Stdin)
		if err != nil {
			return nil, fmt.Errorf("read stdin: %w", err)
		}
		read = func() (*stub.App, error) { return stub.Parse("stdin", text) }
	}
	app, err := read()
	if err != nil {
		return nil, err
	}
	for _, n := range app.Notes {
		note(s.env.Stderr, "%s", n)
	}
	return app, nil
}

// serving tells that it is ready.
func (s *standIn) serving(app *stub.App, name, url string) error {
	line := fmt.Appendf(nil, "serving %s on %s\n", clean(name), url)
	if s.asJSON {
		o := entry(s.env.Now(), "serving").set("application", name).set("url", url)
		line = o.set("methods", app.Methods()).set("streams", app.Streams()).line()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.env.Stdout.Write(line); err != nil && !readerGone(err) {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// hear passes on what the connection does; the line that reads it may not wait.
func (s *standIn) hear(e bus.Event) {
	if c, ok := e.(bus.ConnChanged); ok {
		select {
		case s.states <- c:
		default:
		}
	}
}

// follow tells of the connection until ctx ends, or until it is refused for good.
func (s *standIn) follow(ctx context.Context, f *flags) error {
	lost := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-s.states:
			switch {
			case e.State == bus.Refused:
				return f.explain(e.Err)
			case e.State == bus.Lost && !lost:
				s.note("connection lost; it is made again when the bus is back")
			case e.State == bus.Live && lost:
				s.note("live again")
			}
			lost = e.State == bus.Lost || lost && e.State != bus.Live
		}
	}
}

func (s *standIn) note(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	note(s.env.Stderr, "%s", text)
}

// log prints an entry. Who reads it may have gone; the application stays.
func (s *standIn) log(e stub.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asJSON {
		_, _ = s.env.Stdout.Write(entryJSON(e))
		return
	}
	_, _ = io.WriteString(s.env.Stderr, entryLine(e))
}

func entryJSON(e stub.Entry) []byte {
	o := entry(e.At, e.What.String())
	switch e.What {
	case stub.Called:
		o.set("method", e.Name).raw("caller", peerJSON(e.Peer)).raw("args", e.Args)
		o.set("ok", e.Err == nil).set("took_ms", milliseconds(e.Took))
		if e.Err != nil {
			return o.raw("error", errorJSON(e.Err)).line()
		}
		return o.raw("value", e.Value).line()
	case stub.Accepted:
		return o.set("stream", e.Name).raw("subscriber", peerJSON(e.Peer)).set("branch", e.Branch).raw("args", e.Args).line()
	case stub.Rejected:
		return o.set("stream", e.Name).raw("subscriber", peerJSON(e.Peer)).raw("args", e.Args).set("reason", e.Err.Error()).line()
	case stub.Left:
		return o.set("stream", e.Name).raw("subscriber", peerJSON(e.Peer)).set("branch", e.Branch).line()
	case stub.Failed:
		return o.set("stream", e.Name).set("branch", e.Branch).set("reason", e.Err.Error()).line()
	}
	return o.line()
}

func peerJSON(i bus.Instance) []byte {
	return (&object{}).set("application", i.Name()).set("instance", i.Instance).set("user", i.User).set("peerId", i.PeerID).bytes()
}

// shown is how much of a payload stands in a line for people.
const shown = 160

// entryLine is an entry for people, sanitized.
func entryLine(e stub.Entry) string {
	brief := func(raw []byte) string {
		text := []rune(string(oneLine(raw)))
		if len(text) > shown {
			text = append(text[:shown], '…')
		}
		return string(text)
	}
	name := e.Name
	if e.Branch != "" {
		name += " " + e.Branch
	}
	var line string
	switch e.What {
	case stub.Called:
		line = fmt.Sprintf("✓ %s %s  %s → %s  %s", e.Peer.Name(), e.Name, brief(e.Args), brief(e.Value), duration(e.Took))
		if e.Err != nil {
			line = fmt.Sprintf("✗ %s %s  %s → %v  %s", e.Peer.Name(), e.Name, brief(e.Args), e.Err, duration(e.Took))
		}
	case stub.Accepted:
		line = fmt.Sprintf("+ %s %s  %s", e.Peer.Name(), name, brief(e.Args))
	case stub.Rejected:
		line = fmt.Sprintf("✗ %s %s  %s → refused: %v", e.Peer.Name(), name, brief(e.Args), e.Err)
	case stub.Left:
		line = fmt.Sprintf("- %s %s", e.Peer.Name(), name)
	case stub.Failed:
		line = fmt.Sprintf("! %s  %v", name, e.Err)
	}
	return fmt.Sprintf("%s %s\n", e.At.Format("15:04:05.000"), clean(line))
}
