package plain

import (
	"fmt"
	"strings"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/ui"
)

// savedCommands are those of saved calls.
func savedCommands() []command {
	return []command{
		{"saved", "[WORDS]", "lists the saved calls. saved show NAME tells one, saved run NAME [env=NAME] runs it, a list in order as long as its calls return; saved env NAME chooses the environment, saved delete NAME removes the file (asks), saved reread reads the folder again", nil, (*explorer).saved, needAll},
		{"save", "[NUMBER] [NAME]", "saves the last call, or the one with this number of open, under a name (asks where the name is taken)", nil, (*explorer).save, needAll},
	}
}

// shelf does something with the folder of saved calls and reads it anew; then it goes
// on.
func (x *explorer) shelf(do func(ui.Shelf) error, then func() error) error {
	s := x.o.Shelf
	if s == nil {
		return problemf("", "no folder for saved calls here")
	}
	x.beside(func() func() {
		var err error
		if do != nil {
			err = do(s)
		}
		library, read := s.Load()
		return func() {
			x.now()
			if library != nil {
				x.run(x.state.Apply([]model.Input{model.SavedRead{Library: library}}, x.o.Now()))
				x.learnNames()
			}
			if err == nil {
				err = read
			}
			if err == nil && then != nil {
				err = then()
			}
			if err != nil {
				x.complain(err)
			}
		}
	})
	return nil
}

// saved lists the saved calls, or does with one what is asked for.
func (x *explorer) saved(words []string) error {
	verb, rest := "", words
	if len(words) > 0 {
		verb, rest = words[0], words[1:]
	}
	switch verb {
	case "reread":
		return x.shelf(nil, func() error { x.listSaved(nil); return nothing(rest) })
	case "env":
		return x.shelf(nil, func() error { return x.chooseEnv(rest) })
	case "show", "run", "delete":
		if len(rest) == 0 {
			return problemf("saved lists them", "%s which one?", verb)
		}
		return x.shelf(nil, func() error { return x.savedOne(verb, rest) })
	}
	return x.shelf(nil, func() error { x.listSaved(words); return nil })
}

func (x *explorer) listSaved(words []string) {
	page := x.state.Saves()
	list := &x.state.Lists[model.Saved]
	list.Filter = strings.Join(words, " ")
	rows, hidden := page.Rows(x.state, list)
	list.Filter = ""
	for _, id := range rows {
		if c := page.Library.Find(string(id)); c != nil {
			x.say(savedLine(c))
		}
	}
	line := fmt.Sprintf("saved calls: %d", len(rows))
	if hidden > 0 {
		line += fmt.Sprintf(", %d more hidden", hidden)
	}
	line += ", in " + page.Library.Folder
	if page.Env != "" {
		line += ", environment " + page.Env
	}
	x.say(line)
}

// savedLine tells a saved call in one line.
func savedLine(c *model.SavedCall) string {
	switch {
	case c.Fault != "":
		return c.Path + ": can't be used, " + c.Fault
	case c.Calls != nil:
		return c.Path + ": a list of " + model.Count(len(c.Calls), "call") + ", " + strings.Join(c.Calls, ", ")
	}
	line := c.Path + ": " + c.Method + withArgs(c.Args)
	if len(c.Target) > 0 {
		line += ", to " + strings.Join(c.Target, " and ")
	}
	if c.Note != "" {
		line += ", " + c.Note
	}
	return line
}

// chooseEnv chooses the environment, or lists them.
func (x *explorer) chooseEnv(words []string) error {
	page := x.state.Saves()
	if len(page.Library.Envs) == 0 {
		return problemf("env/NAME.json in the folder makes one", "no environment")
	}
	var names []string
	for _, e := range page.Library.Envs {
		names = append(names, e.Name)
	}
	if len(words) == 0 {
		x.sayf("environments: %s; %s counts", strings.Join(names, ", "), envWords(page.Env))
		return nil
	}
	if _, ok := page.Library.Env(words[0]); !ok && words[0] != "none" {
		return problemf(near(words[0], names, "saved env lists them, none chooses none"), "no environment %q", words[0])
	}
	page.Env = strings.TrimSuffix(words[0], "none")
	if words[0] != "none" {
		page.Env = words[0]
	}
	x.state.FillVariables()
	x.say("saved calls: " + envWords(page.Env))
	return nil
}

func envWords(name string) string {
	if name == "" {
		return "no environment"
	}
	return "environment " + name
}

// savedOne shows, runs or deletes a saved call.
func (x *explorer) savedOne(verb string, words []string) error {
	page := x.state.Saves()
	c := page.Library.Find(words[0])
	if c == nil {
		var names []string
		for _, other := range page.Library.Calls {
			names = append(names, other.Path)
		}
		return problemf(near(words[0], names, "saved lists them"), "no saved call %q", words[0])
	}
	for _, w := range words[1:] {
		name, ok := strings.CutPrefix(w, "env=")
		if !ok || verb == "delete" {
			return problemf("", "not understood: %q", w)
		}
		if err := x.chooseEnv([]string{name}); err != nil {
			return err
		}
	}
	switch verb {
	case "delete":
		return x.sureIf("its file is removed from the folder", "delete "+c.Path, func() error {
			return x.shelf(func(s ui.Shelf) error { return s.Delete(c.Path) }, func() error { x.say(c.Path + ": deleted"); return nil })
		})
	case "run":
		return x.runSaved(c)
	}
	x.say(savedLine(c))
	if c.Calls == nil && c.Fault == "" {
		filled, missing := c.With(page.Environment())
		x.value(filled.Args)
		if len(missing) > 0 {
			x.sayf("  without a value: %s", strings.Join(missing, ", "))
		}
	}
	return nil
}

// runSaved runs a saved call, or a list of them.
func (x *explorer) runSaved(c *model.SavedCall) error {
	if why := x.state.CantRun(c, false); why != "" {
		return problemf("", "%s", inPlainWords(why))
	}
	return x.deed(c.Path, func() []model.Effect { return x.state.RunSaved(c) })
}

// save saves a call.
func (x *explorer) save(words []string) error {
	k := x.talks[x.last]
	if len(words) > 0 {
		if one, rest, err := x.one(words, func(t *model.Thing) bool { return !t.Stream() }, "call"); err == nil {
			k, words = one, rest
		}
	}
	if k == nil {
		return problemf("invoke calls a method", "nothing was called yet")
	}
	t := k.thing
	name := t.Def.Name
	if len(words) > 0 {
		name = strings.Join(words, " ")
	}
	return x.saveCall(name, func() *model.SavedCall {
		return model.SavedOf(model.SavedPath(name), t.Def.Name, x.state.Lasting(t.Method, t.Target), t.Args, t.WaitFor, t.AnswerIn)
	})
}

// saveCall writes a call into its file; it asks where the name is taken.
func (x *explorer) saveCall(name string, call func() *model.SavedCall) error {
	path := model.SavedPath(name)
	switch {
	case path == "":
		return problemf("", "it needs a name")
	case strings.HasPrefix(path, "env/") || path == "env":
		return problemf("", "env/ is for environments")
	}
	return x.shelf(nil, func() error {
		hurts, old := "", x.state.Saves().Library.Find(path)
		if old != nil {
			hurts = path + " is there already and is replaced"
		}
		return x.sureIf(hurts, "save "+path, func() error {
			c := call().Over(old)
			return x.shelf(func(s ui.Shelf) error { return s.Save(c) }, func() error { x.say(path + ": saved"); return nil })
		})
	})
}

// questionOf is what a call or a subscription asked.
func questionOf(t *model.Thing) ui.Question {
	q := ui.Question{Method: t.Def.Exactly(), Target: t.Target, Args: t.Args, Wait: t.WaitFor, Answer: t.AnswerIn}
	if q.Wait <= 0 {
		q.Wait = bus.DefaultTimeout
	}
	if q.Answer <= 0 {
		q.Answer = bus.DefaultTimeout
	}
	return q
}
