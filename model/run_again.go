package model

import "ioscope/client/interval/schema"

// Fine reports whether the run ended well, so that what it does has been done.
func (r *Run) Fine() bool {
	return r.Stage == RunEnded && r.Err == nil && r.Result != nil && r.Result.Status == schema.StatusSuccess
}

// Given are the fields that were answered, those that a repetition answers again.
func (r *Run) Given() []*RunField {
	var out []*RunField
	for _, step := range r.Steps {
		if !step.Waits || !step.Answered {
			continue
		}
		for _, f := range step.Fields {
			if !f.Comp.Method().Display() {
				out = append(out, f)
			}
		}
	}
	return out
}
