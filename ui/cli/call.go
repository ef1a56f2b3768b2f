package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/model/script"
)

// caller is the call command, with what its flags say.
type caller struct {
	env    Env
	in     string // --env
	folder string
	asJSON bool
	hooks  *hooks
}

func newCall(env Env, f *flags) *cobra.Command {
	c := &caller{env: env}
	cmd := &cobra.Command{
		Use:   "call NAME",
		Short: "Run a saved call, or a list of them",
		Long: "NAME is the path of a file in the folder of saved calls, without .yaml: the config's calls, else ./calls\n" +
			"where there is one, else calls beside the config. A call has method, and may have args, target, wait, answer\n" +
			"and note; a list has calls, the names of calls that run in order until one fails:\n\n" +
			"  method: Orders.Place\n" +
			"  args:\n" +
			"    symbol: \"{{symbol}}\"\n" +
			"    qty: 100\n\n" +
			"A call may have jq programs, which reach nothing but what they are given, so that a folder can be shared:\n\n" +
			"  before: .at = $vars.today         # makes the arguments of the arguments\n" +
			"  expect:                           # has to hold of the outcome, else the call fails\n" +
			"    - .result.status == \"placed\"\n" +
			"    - has an id: .result.id > 0\n" +
			"  set: {id: .result.id}             # \"{{id}}\" in the calls after it in a list\n\n" +
			"expect and set get {args, result, error, results: [{server, ok, result or error, took_ms}]}, result being that\n" +
			"of the first server that returned, error of the first that failed; $vars are the variables. What holds only\n" +
			"because a server failed expects that: with .error | test(\"closed\") a call that fails so is fine, and one that\n" +
			"returns is not.\n\n" +
			"Texts may have variables; env/NAME.json in the same folder has their values. A text that is nothing but a\n" +
			"variable becomes its value, whatever that is.\n\n" +
			"Answers are printed as invoke prints them, with what breaks the method's returns. Exit codes are invoke's too: 0 all returned, 1 a server failed or\n" +
			"what is expected does not hold, 2 no such call, a broken file, a variable without a value or arguments that do not fit, 3 no such method in\n" +
			"time, 4 no answer in time.",
		Example: "  ioscope call clients/find-north\n" +
			"  ioscope call smoke --env demo --json",
		Args: oneName("saved call"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return misused(cmd, fmt.Errorf("one name is enough: %q", args[1]))
			}
			return c.run(cmd.Context(), f, args[0])
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			l, err := c.library(f)
			if err != nil || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, s := range l.Calls {
				names = append(names, s.Path)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	p := cmd.Flags()
	p.StringVar(&c.in, "env", "", "environment that gives variables their values: a `name` in env/ (default: none)")
	p.StringVar(&c.folder, "folder", "", "`folder` of the saved calls")
	p.BoolVar(&c.asJSON, "json", false, "print one JSON object a line")
	return cmd
}

func (c *caller) library(f *flags) (*model.Library, error) {
	folder := c.folder
	if folder == "" {
		folder = callsFolder(f.settings)
	}
	return (&shelf{folder: folder}).Load()
}

func (c *caller) run(ctx context.Context, f *flags, name string) error {
	if err := f.allow(model.ToInvoke); err != nil {
		return err
	}
	c.hooks = f.hooks
	l, err := c.library(f)
	if err != nil {
		return err
	}
	steps, env, err := c.steps(l, name)
	if err != nil {
		return err
	}
	on, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer on.Close()
	for i, s := range steps {
		if len(steps) > 1 {
			note(c.env.Stderr, "%d of %d  %s", i+1, len(steps), s.Path)
		}
		filled, missing := s.With(env)
		if len(missing) > 0 {
			return usagef("%s.yaml: no value for %s", s.Path, strings.Join(missing, ", "))
		}
		if env.Vars, err = c.one(ctx, on, filled, env.Vars); err != nil {
			return err
		}
	}
	return nil
}

// steps are the calls that a name means, and the variables' values. All are looked
// at before any is made.
func (c *caller) steps(l *model.Library, name string) ([]*model.SavedCall, model.Environment, error) {
	env, err := c.environment(l)
	if err != nil {
		return nil, env, err
	}
	out, err := c.chosen(l, name, env)
	return out, env, err
}

func (c *caller) environment(l *model.Library) (model.Environment, error) {
	env, ok := l.Env(c.in)
	switch {
	case !ok:
		var names []string
		for _, e := range l.Envs {
			names = append(names, e.Name)
		}
		return env, withHint(usagef("no environment %q", c.in), "there is "+strings.Join(append(names, "none by default"), ", "))
	case env.Fault != "":
		return env, usagef("env/%s.json: %s", env.Name, env.Fault)
	}
	return env, nil
}

func (c *caller) chosen(l *model.Library, name string, env model.Environment) ([]*model.SavedCall, error) {
	found := l.Find(name)
	if found == nil {
		return nil, withHint(usagef("no saved call %q in %s", name, l.Folder), "its name is the file's path there, without .yaml")
	}
	paths := found.Calls
	if found.Calls == nil {
		paths = []string{name}
	}
	if found.Fault != "" {
		return nil, usagef("%s.yaml: %s", found.Path, found.Fault)
	}
	var out []*model.SavedCall
	var set []string
	for _, path := range paths {
		s := l.Find(path)
		switch {
		case s == nil:
			return nil, usagef("%s.yaml: no saved call %q", name, path)
		case s.Fault != "":
			return nil, usagef("%s.yaml: %s", s.Path, s.Fault)
		case s.Calls != nil:
			return nil, usagef("%s.yaml: %s is a list itself", name, path)
		}
		if missing := s.Lacking(env, set); len(missing) > 0 {
			return nil, withHint(usagef("%s.yaml: no value for %s", s.Path, strings.Join(missing, ", ")), "--env chooses an environment")
		}
		set = append(set, s.Script.Sets()...)
		out = append(out, s)
	}
	return out, nil
}

// one makes a call and prints the answers. It gives the variables with those that
// the call sets.
func (c *caller) one(ctx context.Context, on *connected, s model.SavedCall, vars script.Variables) (script.Variables, error) {
	outcome, err := c.ask(ctx, on, s, vars)
	if err != nil && len(outcome.Returns) == 0 {
		return vars, err // nobody was asked
	}
	failures := s.Script.Check(outcome, vars)
	for _, f := range failures {
		report(c.env.Stderr, fmt.Errorf("%s: %w", s.Path, f))
	}
	switch {
	case err != nil && !s.Script.Awaits(outcome, vars):
		return vars, err
	case err != nil:
		note(c.env.Stderr, "%s: it failed, as expected", s.Path)
	case len(failures) > 0:
		return vars, told{failures[0]}
	}
	if vars, err = s.Script.Take(outcome, vars); err != nil {
		return vars, fmt.Errorf("%s: %w", s.Path, err)
	}
	return vars, nil
}

// ask makes a call.
func (c *caller) ask(ctx context.Context, on *connected, s model.SavedCall, vars script.Variables) (script.Outcome, error) {
	orDefault := func(d time.Duration) time.Duration {
		if d == 0 {
			return bus.DefaultTimeout
		}
		return d
	}
	i := &invocation{env: c.env, hooks: c.hooks}
	i.response, i.asJSON = orDefault(s.Answer), c.asJSON
	i.wanted.name, i.wanted.wait = s.Method, orDefault(s.Wait)
	for _, t := range s.Target {
		if err := i.wanted.target.Set(t); err != nil {
			return script.Outcome{}, &usageError{fmt.Errorf("%s.yaml: target: %w", s.Path, err)}
		}
	}
	args, err := s.Script.Arguments(s.Args, vars)
	if err != nil {
		return script.Outcome{}, &usageError{fmt.Errorf("%s.yaml: %w", s.Path, err)}
	}
	if i.wanted.args.object = args; args == nil {
		i.wanted.args.object = []byte("{}")
	}
	p, err := find(ctx, on, i.wanted, c.env.Now(), c.env.Stderr)
	if err != nil {
		return script.Outcome{}, err
	}
	for _, n := range p.notes {
		note(c.env.Stderr, "%s", n)
	}
	err = i.ask(ctx, on, p)
	return script.Outcome{Args: p.args, Returns: i.returns}, err
}
