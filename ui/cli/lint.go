package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"ioscope/client/bus"
	"ioscope/model/lint"
)

// linting is the lint command, with what its flags say.
type linting struct {
	filters filters
	failOn  string
	asJSON  bool
}

// never is --fail-on for who wants to see findings and no failure.
const never = "never"

func newLint(env Env, f *flags) *cobra.Command {
	l := &linting{}
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Report what is likely to be wrong with the methods and streams on the bus",
		Long: "Looks at all that is offered now, and reports:\n" +
			"  error    signature    accepts or returns can't be read\n" +
			"  warning  drift        one name with several signatures; to the bus they are several methods\n" +
			"           twice        one application offers a name with several signatures\n" +
			"           kinds        a name is a method here and a stream there\n" +
			"           undeclared   a method says neither what it accepts nor what it returns\n" +
			"           naming       a name that is written, or parted, otherwise than most here\n" +
			"           hidden       a name with characters that do not show\n" +
			"           similar      two names that differ only in case and signs\n" +
			"  info     undeclared   one of the signatures is missing, or a stream's arguments are\n" +
			"           similar      two names that are one letter apart\n" +
			"           description  none, where most have one\n\n" +
			"What is reported is narrowed by --server, --method, --object-type and --streams; what is usual is always\n" +
			"judged by the whole bus.\n\n" +
			"With --json one object a line: severity, rule, method, streaming, other (the name it is held against, or\n" +
			"null), text, servers (each with server, application, instance and peerId), differences (each with side,\n" +
			"path, first, second and how).\n\n" +
			"Exit codes: 0 nothing is as bad as --fail-on says, 1 something is, or there was no connection, 2 wrong usage.",
		Example: "  ioscope lint\n" +
			"  ioscope lint --server PriceFeed --fail-on error\n" +
			"  ioscope lint --json | jq 'select(.rule == \"drift\")'",
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd.Context(), env, f) },
	}
	p := cmd.Flags()
	p.BoolVar(&l.asJSON, "json", false, "print one JSON object a line")
	p.StringVar(&l.failOn, "fail-on", lint.Warning.String(), "the least `severity` that fails: info, warning, error or never")
	l.filters.register(cmd, env, f, listOffers)
	_ = cmd.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions(
		[]string{"info", "warning", "error", never}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (l *linting) run(ctx context.Context, env Env, f *flags) error {
	least := lint.Error + 1
	if l.failOn != never {
		var err error
		if least, err = lint.ParseSeverity(l.failOn); err != nil {
			return usagef("--fail-on: %w, and never", err)
		}
	}
	if err := l.filters.prepare(); err != nil {
		return err
	}
	b, err := f.view(ctx)
	if err != nil {
		return err
	}
	offers := make([]lint.Offer, len(b.methods))
	for i, c := range b.methods {
		offers[i] = lint.Offer{Server: c.Server, Method: c.Method}
	}
	var found []lint.Finding
	for _, x := range lint.Check(offers) {
		if l.concerns(x) {
			found = append(found, x)
		}
	}
	if err := l.print(env, found); err != nil {
		return err
	}
	bad := 0
	for _, x := range found {
		if x.Severity >= least {
			bad++
		}
	}
	if !l.asJSON {
		note(env.Stderr, "%s in %s", summary(found), plural(len(offers), "offer"))
	}
	if bad > 0 {
		return told{fmt.Errorf("%s", plural(bad, "finding"))}
	}
	return nil
}

// concerns reports whether a finding is about somebody and something that was
// asked for.
func (l *linting) concerns(x lint.Finding) bool {
	for _, o := range x.Offers {
		if l.filters.fitsServer(o.Server) && l.filters.fitsOffer(o.Method) {
			return true
		}
	}
	return false
}

func (l *linting) print(env Env, found []lint.Finding) error {
	if l.asJSON {
		return printJSON(env.Stdout, found, findingJSON)
	}
	out := bufio.NewWriter(env.Stdout)
	for _, x := range found {
		fmt.Fprintf(out, "%s  %s  %s: %s\n", x.Severity, x.Rule, clean(x.Method), clean(x.Text))
		for _, d := range x.Differences {
			fmt.Fprintf(out, "    %s\n", clean(differenceWords(x, d)))
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// differenceWords tell one difference of two signatures.
func differenceWords(x lint.Finding, d lint.Row) string {
	switch d.How {
	case lint.OnlyFirst, lint.OnlySecond:
		who := x.First
		if d.How == lint.OnlySecond {
			who = x.Second
		}
		if x.First == x.Second { // one application offers both
			return fmt.Sprintf("%s  %s, %s", d.Side, d.First+d.Second, d.How)
		}
		return fmt.Sprintf("%s  %s, only with %s", d.Side, d.First+d.Second, who)
	case lint.OtherPlace, lint.Same:
		return fmt.Sprintf("%s  %s, %s", d.Side, d.First, d.How)
	}
	return fmt.Sprintf("%s  %s and %s, %s", d.Side, orNothing(d.First), orNothing(d.Second), d.How)
}

func orNothing(s string) string {
	if s == "" {
		return "nothing declared"
	}
	return s
}

// summary counts findings by severity.
func summary(found []lint.Finding) string {
	counts := map[lint.Severity]int{}
	for _, x := range found {
		counts[x.Severity]++
	}
	var parts []string
	for s := lint.Error; s >= lint.Info; s-- {
		word := s.String()
		if s == lint.Info {
			word = "remark"
		}
		if counts[s] > 0 {
			parts = append(parts, plural(counts[s], word))
		}
	}
	if len(parts) == 0 {
		return "nothing found"
	}
	return strings.Join(parts, ", ")
}

func findingJSON(x lint.Finding) []byte {
	o := (&object{}).set("severity", x.Severity.String()).set("rule", x.Rule).set("method", x.Method).set("streaming", x.Streaming)
	if x.Other == "" {
		o.raw("other", nil)
	} else {
		o.set("other", x.Other)
	}
	o.set("text", x.Text)
	var servers, differences [][]byte
	seen := map[bus.PeerID]bool{}
	for _, offer := range x.Offers {
		if !seen[offer.Server.PeerID] {
			seen[offer.Server.PeerID] = true
			servers = append(servers, serverRef(&object{}, offer.Server).bytes())
		}
	}
	for _, d := range x.Differences {
		differences = append(differences, (&object{}).set("side", d.Side).set("path", d.Path).
			set("first", d.First).set("second", d.Second).set("how", d.How.String()).bytes())
	}
	return o.raw("servers", array(servers)).raw("differences", array(differences)).line()
}
