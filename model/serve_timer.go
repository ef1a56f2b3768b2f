package model

import (
	"errors"
	"fmt"
	"time"

	"ioscope/client/bus"
)

// timerExamples are what the fields of a timer take.
var timerExamples = map[FieldPath]string{
	fieldEvery: "500ms",
	fieldJQ:    "{n: .n}",
	fieldValue: `{"price": 1}`,
	fieldTimes: "10",
}

// TimerForm asks for a timer, or changes one.
func (s *State) TimerForm(v Provider, o *Offering, t *Timer, to PushTo) {
	if s.refuse(ToPush) {
		return
	}
	sheet := serveSheet(bus.Signature{field(fieldEvery, true), field(fieldJQ, false), field(fieldValue, false), field(fieldTimes, false), yes(fieldNumbered), yes(fieldSnapshot)}, checkTimer)
	sheet.Form.examples = timerExamples
	f := &ServeForm{Kind: SetTimer, Sheet: sheet, Of: o, To: to}
	every, jq := "1s", "{n: .n}"
	if o.pushed != nil {
		jq = ""
		f.suggested = string(compactJSON(o.pushed))
		sheet.Form.SetText(fieldValue, f.suggested)
	}
	if t != nil {
		f.Timer, f.To = t.ID, t.To
		every, jq = t.Every.String(), t.JQ
		if t.Value != nil {
			sheet.Form.SetText(fieldValue, string(compactJSON(t.Value)))
		}
		if t.Times > 0 {
			sheet.Form.SetText(fieldTimes, fmt.Sprint(t.Times))
		}
		sheet.Form.Tick(fieldNumbered, t.Numbered)
		sheet.Form.Tick(fieldSnapshot, t.Snapshot)
	}
	sheet.Form.SetText(fieldEvery, every)
	sheet.Form.SetText(fieldJQ, jq)
	s.openForm(v, f)
}

// leastPause is the shortest time between two events of a timer.
const leastPause = time.Millisecond

func checkTimer(path FieldPath, text string) error {
	switch path {
	case fieldEvery:
		d, err := ParseTimeout(text)
		if err == nil && d < leastPause {
			err = errors.New("too short; 1ms is the least")
		}
		return err
	case fieldJQ:
		return checkJQ(text, "$subscriber")
	case fieldValue:
		if err := checkJSON(text); err != nil {
			return &bus.SyntaxError{Offset: max(err.Column-1, 0), Reason: err.Reason}
		}
	case fieldTimes:
		var n int
		if _, err := fmt.Sscanf(text, "%d", &n); err != nil || n < 1 || fmt.Sprint(n) != text {
			return errors.New("not a number of times: " + text)
		}
	}
	return nil
}
