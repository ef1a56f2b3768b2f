package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/itchyny/gojq"

	"ioscope/client/bus"
	"ioscope/model"
	"ioscope/model/script"
)

// Expressions run beside the screen, a batch of rows at a time, and never on it:
// one that takes long makes its rows come later, one that never ends is stopped.
const (
	jqRows  = 2000
	jqBytes = 2 << 20
	// jqTurn is how long a batch may take before its verdicts are handed over.
	jqTurn = 60 * time.Millisecond
	// jqOutputs is how many outputs of one event are shown, as an array.
	jqOutputs = 20
)

// readJQ reads an expression; wrong says why it can't be read, and where.
func readJQ(text string) (code *gojq.Code, wrong string) {
	if strings.TrimSpace(text) == "" {
		return nil, ""
	}
	query, err := gojq.Parse(text)
	var syntax *gojq.ParseError
	if errors.As(err, &syntax) {
		at := max(0, min(len(text), syntax.Offset)-len(syntax.Token))
		if syntax.Token == "" {
			return nil, fmt.Sprintf("jq: goes on after character %d", len([]rune(text)))
		}
		return nil, fmt.Sprintf("jq: unexpected %q at character %d", syntax.Token, 1+len([]rune(text[:at])))
	}
	if err == nil {
		code, err = gojq.Compile(query)
	}
	if err != nil {
		return nil, "jq: " + err.Error()
	}
	return code, ""
}

// setJQ takes over what stands in the line.
func (a *App) setJQ(t *model.Thing, text string) {
	_, wrong := readJQ(text)
	t.SetJQ(text, wrong)
}

// workMsg tells that it is time to go on with what was put off.
type workMsg struct{}

// judgedMsg is what an expression said of some rows.
type judgedMsg model.Judged

// later goes on with what was put off, for a few milliseconds, and returns the
// commands that go on after that.
func (a *App) later() tea.Cmd {
	var cmds []tea.Cmd
	more := false
	for _, d := range a.desks {
		more = d.state.Work() || more
		for _, t := range d.state.Things {
			if t.Tail == nil || a.sift.judging[t.ID] || t.Sieve.JQ.Text == "" || t.Sieve.JQ.Stopped {
				continue
			}
			if do := Judge(t); do != nil {
				a.sift.judging[t.ID] = true
				cmds = append(cmds, func() tea.Msg { return judgedMsg(do()) })
			}
		}
	}
	if more {
		cmds = append(cmds, func() tea.Msg { return workMsg{} })
	}
	return tea.Batch(cmds...)
}

// Judge asks a stream's expression about the rows that wait for it: what it returns
// does, beside the screen; nil where none wait.
func Judge(t *model.Thing) func() model.Judged {
	rows, keep := t.Tail.Unjudged(jqRows, jqBytes)
	if len(rows) == 0 {
		return nil
	}
	out := model.Judged{Thing: t.ID, Tail: t.Tail, Gen: t.Sieve.JQ.Gen, First: rows[0].N}
	code, wrong := readJQ(t.Sieve.JQ.Text)
	if code == nil {
		out.Stopped = wrong
	}
	return func() model.Judged {
		start := time.Now()
		for i := range rows {
			if code == nil || i > 0 && time.Since(start) > jqTurn {
				break
			}
			r := &rows[i]
			if r.GapKind != model.NoGap || !keep(r) {
				out.Verdicts = append(out.Verdicts, model.Verdict{})
				continue
			}
			out.Verdicts = append(out.Verdicts, ask(code, r.Data, &out))
			if out.Stopped != "" {
				break
			}
		}
		return out
	}
}

// ask runs an expression on one payload. A true and the payload itself, as select
// gives it, show the payload; false, null and nothing hide it; all else is shown
// in its place.
func ask(code *gojq.Code, raw json.RawMessage, out *model.Judged) (v model.Verdict) {
	out.Asked++
	ctx, stop := script.Within(context.Background())
	defer stop()
	input := bus.Decode(raw)
	values, err := outputs(code.RunWithContext(ctx, input))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.Stopped = fmt.Sprintf("jq: took longer than %s on one event; stopped", model.Duration(script.Patience))
		return v
	case err != nil:
		out.Failed++
		if out.Failure == "" {
			out.Failure = err.Error()
		}
		return v
	case len(values) == 0 || len(values) == 1 && values[0] == false:
		return v
	case len(values) == 1 && values[0] == nil:
		out.Nulls++
		return v
	case len(values) == 1 && (values[0] == true || same(values[0], input)):
		return model.Verdict{Keep: true}
	}
	var made any = values
	if len(values) == 1 {
		made = values[0]
	}
	text, err := gojq.Marshal(made)
	if err != nil {
		out.Failed++
		return v
	}
	return model.Verdict{Keep: true, Value: text}
}

func outputs(iter gojq.Iter) (values []any, err error) {
	for len(values) < jqOutputs {
		v, ok := iter.Next()
		if err, failed := v.(error); failed {
			return nil, err
		}
		if !ok {
			break
		}
		values = append(values, v)
	}
	return values, nil
}

// same reports whether an expression gave back the very value that it got.
func same(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if !x.IsValid() || !y.IsValid() || x.Kind() != y.Kind() {
		return false
	}
	switch x.Kind() {
	case reflect.Map:
		return x.Pointer() == y.Pointer()
	case reflect.Slice:
		return x.Len() == y.Len() && x.Pointer() == y.Pointer()
	}
	return a == b
}
