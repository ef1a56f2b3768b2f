package plain

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"ioscope/model"
	"ioscope/ui"
)

// change changes the definition of an offer, and asks first where that costs somebody
// something.
func (x *explorer) change(words []string) error {
	o, rest, err := x.offering(words, false)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return problemf(`change Sum returns="long sum" is an example`, "change what of it?")
	}
	x.now()
	page := x.state.Serving()
	page.Form, x.state.Notice = nil, model.Notice{}
	x.state.ChangeForm(page, o)
	form := page.Form
	if form == nil {
		return x.submit(o.Def.Name, "")
	}
	if err := x.fields(form.Sheet.Form, rest); err != nil {
		page.Form = nil
		return err
	}
	hurts := x.state.ChangeHurts(form)
	page.Form = nil
	return x.sureIf(hurts, "change "+o.Def.Name, func() error {
		page.Form = form
		if err := x.submit("", "nothing was changed"); err != nil {
			return err
		}
		x.sayf("%s: changed, %s", o.Def.Name, standing(o))
		return nil
	})
}

// recordBus records the bus to a file, or ends that.
func (x *explorer) recordBus(words []string) error {
	r, ok := x.desk.bus.(ui.Recorder)
	if !ok {
		return problemf("", "nothing can be written here")
	}
	if len(words) == 1 && words[0] == "stop" {
		x.beside(func() func() {
			done, was := r.StopRecording()
			return func() {
				if !was {
					x.complain(problemf("record FILE begins one", "nothing is recorded"))
					return
				}
				x.say("record: " + done.Words())
			}
		})
		return nil
	}
	if now, on := r.Recording(); on {
		x.say("record: goes on, " + now.Words())
		return problemf("record stop ends it", "one recording at a time")
	}
	file := strings.Join(words, " ")
	if file == "" {
		file = r.RecordPlace(x.state.Name)
	}
	x.beginRecord(r, file, false)
	return nil
}

func (x *explorer) beginRecord(r ui.Recorder, file string, over bool) {
	x.beside(func() func() {
		path, err := r.Record(file, over)
		return func() {
			switch {
			case errors.Is(err, fs.ErrExist):
				_ = x.sureIf("the file is there already", "record to "+file, func() error {
					x.beginRecord(r, file, true)
					return nil
				})
			case err != nil:
				x.complain(problemf("", "not recorded: %v", err))
			default:
				x.sayf("record: to %s, all that is heard and asked; record stop ends it", path)
			}
		}
	})
}

// registerKept offers all again that was offered in the run before.
func (x *explorer) registerKept() error {
	n := 0
	for _, o := range slices.Clone(x.state.Serving().Offerings) {
		if !o.Kept {
			continue
		}
		n++
		if err := x.deed(o.Def.Name, func() []model.Effect { return x.state.Unregister(o) }); err != nil {
			return err
		}
	}
	if n == 0 {
		return problemf("offers lists what you offer", "nothing of last time is kept")
	}
	return nil
}
