package plain

import (
	"errors"
	"io/fs"

	"ioscope/model"
	"ioscope/ui"
)

// beside does something that may take long on its own way. What it returns is done
// back here, where state and lines are touched. The next command waits for it.
func (x *explorer) beside(do func() (then func())) {
	x.errands++
	x.aside(func() func() {
		then := do()
		return func() { x.errands--; then() }
	})
}

// aside is beside for what no command waits for.
func (x *explorer) aside(do func() (then func())) {
	back, over, d := x.back, x.gone, x.desk
	go func() {
		then := do()
		select {
		case back <- func() { x.within(d, then) }:
		case <-over:
		}
	}()
}

// run does what the model wants of the world.
func (x *explorer) run(effects []model.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case model.Invoke:
			if why := x.state.Forbids(model.ToInvoke); why != "" {
				x.complain(problemf("", "%s", why)) // whoever asked for it
				continue
			}
			x.listenTo(e.Thing)
		case model.Subscribe:
			x.listenTo(e.Thing)
		case model.Keep, model.Unkeep:
			if kept, ok := e.(model.Keep); ok && x.playing() && kept.Record.Bus == x.state.Name {
				continue // what happens in a replay stays there
			}
			x.errand(ui.KeepCalls(x.o.Histories, e))
			continue
		case model.Ring: // tellWatches does
			continue
		case model.JudgeWatch:
			inbox := x.inbox
			go func() { inbox.Put(ui.JudgeWatch(e)) }()
			continue
		case model.Copy:
			x.copyText(e)
			continue
		case model.Export:
			x.write(e)
			continue
		}
		ask := x.asker.Ask(e)
		switch e.(type) {
		case model.StartDemo:
			x.seeks(e)
			x.startDemo(ask)
			continue
		case model.Retry, model.LogIn, model.Connect:
			x.seeks(e)
		case model.Withdraw:
			x.withdraw(ask)
			continue
		case model.ServeEffect:
			x.servedAt = x.o.Now()
		}
		if ask != nil {
			x.errandOfBus(ask)
		}
	}
}

// errandOfBus asks the bus, which the end of the input knows of by itself.
func (x *explorer) errandOfBus(ask func() error) {
	failed, d := x.failed, x.desk
	go func() {
		if err := ask(); err != nil {
			select {
			case failed <- failure{d, err}:
			default:
			}
		}
	}()
}

// errand does something beside, and says what went wrong.
func (x *explorer) errand(do func() error) {
	x.beside(func() func() {
		err := do()
		return func() {
			if err != nil {
				x.complain(err)
			}
		}
	})
}

// copyText copies a text, and says which way it went.
func (x *explorer) copyText(e model.Copy) {
	to := x.o.Clipboard
	x.beside(func() func() {
		said := inPlainWords(ui.CopyText(to, e))
		return func() { x.say("copy: " + said) }
	})
}

// write writes what is exported. Over a file that is there it writes only when asked
// to.
func (x *explorer) write(e model.Export) {
	disk := x.o.Disk
	if disk == nil {
		x.complain(problemf("", "not exported: nothing can be written here"))
		return
	}
	x.beside(func() func() {
		said, err := ui.WriteExport(disk, e, func(string) {})
		return func() {
			switch {
			case errors.Is(err, fs.ErrExist):
				over := e
				over.Over = true
				_ = x.sureIf("the file is there already", "export to "+e.File, func() error {
					x.write(over)
					return nil
				})
			case err != nil:
				x.complain(err)
			default:
				x.say("export: " + said)
			}
		}
	})
}

// work goes on with what was put off of streams: filters, fields, charts. It reports
// whether something is left.
func (x *explorer) work() bool {
	more := x.state.Work()
	for _, t := range x.state.Things {
		if t.Tail == nil || x.judging[t.ID] || t.Sieve.JQ.Text == "" || t.Sieve.JQ.Stopped {
			continue
		}
		judge := ui.Judge(t)
		if judge == nil {
			continue
		}
		x.judging[t.ID] = true
		x.aside(func() func() {
			said := judge()
			return func() {
				delete(x.judging, said.Thing)
				x.state.Judged(said)
			}
		})
	}
	return more
}

// settle ends what was put off, so that what is counted next is all there is.
func (x *explorer) settle() {
	for range 200 {
		if !x.work() {
			return
		}
	}
}

// listenTo tells from now on of a thing that is in open; what a watch asks is not.
func (x *explorer) listenTo(id model.ThingID) {
	for _, t := range x.state.Things {
		if t.ID == id && t.Content == nil {
			fresh := x.fresh && x.talks[id] == nil
			if k := x.listen(t); fresh && isStream(t) {
				// Nobody asked for it in this run, so it does not speak by itself.
				k.stream.revived = true
				t.Tail.Pause(x.state.Now)
			}
		}
	}
}
