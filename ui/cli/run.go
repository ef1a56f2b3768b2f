package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"ioscope/client/bus"
	"ioscope/client/interval"
	"ioscope/client/interval/answers"
	"ioscope/client/interval/schema"
)

// runFlags are those of the run command.
type runFlags struct {
	intervalFlags
	answers string
	slug    string
	params  schema.Record
}

func newRun(env Env, f *flags) *cobra.Command {
	r := &runFlags{intervalFlags: intervalFlags{env: env}}
	cmd := &cobra.Command{
		Use:   "run ACTION [key=value ...]",
		Short: "Run an action of an Interval host",
		Long: "Listens for hosts at ws://ADDRESS/websocket, as Interval's dashboard does, waits for one that offers the\n" +
			"action, runs it and answers what it asks. ACTION is a slug as ioscope actions lists it, or the name of an\n" +
			"action where no other is called so. The pairs are its parameters: a number, true, false, null or quoted text\n" +
			"where they are JSON, or else text.\n\n" +
			"--answers FILE is a JSON object from the label of each question to its answer:\n\n" + answersSample + "\n" +
			"A choice is its value or its label, exactly; a file its path, a search its query, whose first hit is taken.\n" +
			"Null leaves an optional question out. What takes several (a select of several, a table, a spreadsheet,\n" +
			"several hits or files) takes one list as one answer: labels or values; keys of rows, or the text of a cell\n" +
			"that no other row has; records; queries; paths. A list of lists is several answers. For everything else a\n" +
			"list is several answers, for a label that is asked again, that stands twice in a form, or whose answer is\n" +
			"refused. What is not there takes its default, where it has one. _choice names the button by value or label,\n" +
			"a list of them one for each form; otherwise the first is pressed.\n\n" +
			"What nothing answers, or what was refused and has no other answer, is asked on the terminal. Where stdin is\n" +
			"none, the run is canceled and ends with 5.\n\n" +
			"What the action shows and its result are on stdout, the rest on stderr. With --json all is on stdout, one\n" +
			"object a line: event, and\n" +
			"  render      key, components (as the host sent them), message, buttons, update, refused, waits\n" +
			"  answer      key, answers (label and value of each), choice\n" +
			"  log         index, time, text\n" +
			"  loading     label, description, itemsInQueue, itemsCompleted (null where nothing is counted)\n" +
			"  notify      title, message, deliveries (to and method of each)\n" +
			"  redirect    url or route, params, replace\n" +
			"  unanswered  label, why\n" +
			"  complete    status, result (or error, message and cause); the last\n\n" +
			"Exit codes: 0 success, 1 the action failed or was given up, 2 wrong usage, 3 no host with that action came\n" +
			"within --wait-timeout, 5 a question was not answered.",
		Example: "  ioscope run refund --answers refund.json\n" +
			"  ioscope run reports/create team=north year=2026 --interval 127.0.0.1:3000 --json\n" +
			"  echo '{\"Sure?\": true}' | ioscope run users/edit --answers -",
		Args: oneName("action"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.slug = args[0]
			return r.run(cmd.Context(), f, args[1:])
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	r.register(cmd, "a host that offers the action")
	cmd.Flags().StringVar(&r.answers, "answers", "", "`file` with the answers (JSON); - reads stdin")
	_ = cmd.MarkFlagFilename("answers", "json")
	return cmd
}

const answersSample = `  {
    "Order": "#1042",
    "Amount": [5000, 19.95],
    "Due": "2026-03-31",
    "Reasons": ["damaged", "late"],
    "Notify the client?": true,
    "_choice": "Refund"
  }
`

func (r *runFlags) run(ctx context.Context, f *flags, pairs []string) error {
	if err := r.resolve(); err != nil {
		return err
	}
	params, err := readParams(pairs)
	if err != nil {
		return err
	}
	r.params = params
	sheet, err := r.readAnswers()
	if err != nil {
		return err
	}
	d, err := r.listen(f)
	if err != nil {
		return err
	}
	defer d.Close()
	note(r.env.Stderr, "listening for hosts at %s", d.url)
	id, err := r.start(ctx, d)
	if err != nil {
		return err
	}
	t := &errand{id: id, slug: r.slug, desk: d, sheet: sheet, stderr: r.env.Stderr, forms: map[string]*answers.Form{}}
	t.print = &transcript{out: r.env.Stdout, remarks: r.env.Stderr}
	if r.asJSON {
		t.print = &eventLines{out: r.env.Stdout}
	}
	if p, ok := personAt(r.env); ok && r.answers != "-" {
		t.person = p
	}
	return t.follow(ctx)
}

// readParams reads key=value pairs: JSON scalars where they parse as such, else text.
func readParams(pairs []string) (schema.Record, error) {
	var out schema.Record
	for _, pair := range pairs {
		key, text, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, usagef("parameter %q: no key=value", pair)
		}
		if _, twice := out.Get(key); twice {
			return nil, usagef("parameter %q: given twice", key)
		}
		out = append(out, schema.Member{Name: key, Value: scalar(text)})
	}
	return out, nil
}

func scalar(text string) any {
	if raw := json.RawMessage(text); json.Valid(raw) {
		switch bus.JSONType(raw) {
		case "object", "array":
		default:
			if v, err := schema.Decode(raw, nil); err == nil {
				return v
			}
		}
	}
	return text
}

func (r *runFlags) readAnswers() (*answers.Sheet, error) {
	var text []byte
	var err error
	switch r.answers {
	case "":
	case "-":
		if text, err = io.ReadAll(r.env.Stdin); err != nil {
			return nil, fmt.Errorf("read --answers: %w", err)
		}
	default:
		var path *fs.PathError
		if text, err = os.ReadFile(r.answers); errors.As(err, &path) {
			return nil, usagef("--answers: read %s: %w", r.answers, path.Err)
		}
	}
	sheet, err := answers.Parse(text)
	if err != nil {
		return nil, usagef("--answers: %w", err)
	}
	return sheet, nil
}

// start waits for a host with the action and starts it.
func (r *runFlags) start(ctx context.Context, d *desk) (string, error) {
	late := time.NewTimer(r.wait)
	defer late.Stop()
	come := 0
	for {
		e, err := d.heard.next(ctx, late.C)
		if err != nil {
			return "", fmt.Errorf("wait for the action %q: given up%w", r.slug, quiet{err})
		}
		switch e := e.(type) {
		case nil:
			return "", r.missing(d, come)
		case interval.HostJoined, interval.HostChanged:
			come++
			if err := r.resolveName(d); err != nil {
				return "", err
			}
			id, err := d.runner.Start(r.slug, &interval.StartOptions{Params: r.params})
			if !errors.Is(err, interval.ErrNoHost) {
				return id, err
			}
			note(r.env.Stderr, "a host came that does not offer %q; waiting %s in all", r.slug, duration(r.wait))
		case interval.Odd:
			note(r.env.Stderr, "a host sent what the protocol doesn't allow: %v", e.Err)
		}
	}
}

// resolveName takes a name for the slug of the one action that is called so. A slug
// comes first.
func (r *runFlags) resolveName(d *desk) error {
	var slugs []string
	for _, o := range tasks(d.runner.Hosts()) {
		switch {
		case o.kind != "action":
		case o.slug == r.slug:
			return nil
		case strings.EqualFold(o.name, r.slug) && !slices.Contains(slugs, o.slug):
			slugs = append(slugs, o.slug)
		}
	}
	switch len(slugs) {
	case 0:
	case 1:
		note(r.env.Stderr, "%q is the action %s", r.slug, slugs[0])
		r.slug = slugs[0]
	default:
		return withHint(usagef("%d actions are called %q", len(slugs), r.slug), "run one of them by its slug: "+strings.Join(slugs, ", "))
	}
	return nil
}

// missing says what there is instead of the action.
func (r *runFlags) missing(d *desk, come int) error {
	e := &noAction{slug: r.slug, wait: r.wait, hosts: come}
	var near []string
	for _, o := range tasks(d.runner.Hosts()) {
		switch {
		case o.kind != "action" && o.slug == r.slug:
			e.is = o.kind
		case o.kind == "action":
			near = append(near, o.slug)
		}
	}
	switch {
	case come == 0:
		return withHint(e, "hosts connect to "+d.url+"; ioscope demo-host starts one to try")
	case len(near) == 0:
		return withHint(e, "the hosts that came offer no actions")
	}
	return withHint(e, "there are "+strings.Join(near, ", "))
}

// personAt is the person at stdin: where it is a terminal, or is said to be one's.
func personAt(env Env) (*person, bool) {
	if env.person {
		return newPerson(env.Stdin, env.Stderr), true
	}
	f, ok := env.Stdin.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return nil, false
	}
	return newPerson(f, env.Stderr), true
}
