package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/model"
)

// answerPrinter prints the answers to one invocation and remembers how they
// went. It belongs to one goroutine.
type answerPrinter struct {
	out, errors io.Writer
	asJSON      bool
	// printed are the servers whose answer stands already.
	printed map[bus.PeerID]bool
	// failed is the first server's no, silent the first server that kept silent.
	failed, silent error
	writeErr       error
}

// one prints the answer of a server, once.
func (a *answerPrinter) one(r bus.Return) {
	if a.printed[r.Server.PeerID] {
		return
	}
	a.printed[r.Server.PeerID] = true
	text := a.forPeople
	if a.asJSON {
		text = answerJSON
	}
	if _, err := a.out.Write(text(r)); err != nil && a.writeErr == nil {
		a.writeErr = fmt.Errorf("print: %w", err)
	}
	if r.Err != nil {
		a.note(r)
	}
}

// note tells on stderr why a server did not return.
func (a *answerPrinter) note(r bus.Return) {
	err := explainReturn(r)
	report(a.errors, err)
	if is[*client.NoAnswerError](r.Err) {
		a.silent = either(a.silent, err)
		return
	}
	a.failed = either(a.failed, err)
}

// explainReturn puts a server's error in a person's words.
func explainReturn(r bus.Return) error {
	name := r.Server.Name()
	var said *bus.Error
	var silent *client.NoAnswerError
	switch {
	case errors.As(r.Err, &silent):
		err := fmt.Errorf("%s did not answer within %s%w", name, duration(silent.Waited), quiet{r.Err})
		return withHint(err, "it may still be working; --response-timeout gives it longer")
	case model.Unreasoned(r.Err) != "":
		return fmt.Errorf("%s failed and %s%w", name, model.Unreasoned(r.Err), quiet{r.Err})
	case errors.As(r.Err, &said):
		return fmt.Errorf("%s says: %w", name, r.Err)
	}
	return fmt.Errorf("%s: %w", name, r.Err)
}

// quiet is an error that is found in a chain and says nothing there.
type quiet struct{ error }

func (quiet) Error() string   { return "" }
func (q quiet) Unwrap() error { return q.error }

// verdict is what the command ends with: a server's no before a silence.
func (a *answerPrinter) verdict() error {
	switch {
	case a.writeErr != nil:
		return a.writeErr
	case a.failed != nil:
		return told{a.failed}
	case a.silent != nil:
		return told{a.silent}
	}
	return nil
}

// forPeople is a block: whether it went well, who it was, how long it took, and
// the value below, with what of it breaks the method's returns. An error's reason goes to stderr.
func (a *answerPrinter) forPeople(r bus.Return) []byte {
	mark, value := "✓", "\n"+pretty(r.Value, "  ")
	if words := model.UnfitWords(model.Unfit(r.Method.Returns, r.Value)); words != "" {
		value += "\n! " + clean(words)
	}
	if r.Err != nil {
		mark, value = "✗", ""
	}
	return fmt.Appendf(nil, "%s %s  %s%s\n", mark, clean(r.Server.Name()), duration(r.Took), value)
}

func answerJSON(r bus.Return) []byte {
	o := serverRef(&object{}, r.Server)
	o.set("ok", r.Err == nil).set("took_ms", milliseconds(r.Took))
	if r.Err == nil {
		o.raw("value", r.Value)
		var marks [][]byte
		for _, p := range model.Unfit(r.Method.Returns, r.Value) {
			marks = append(marks, (&object{}).set("path", p.Path).set("what", p.Reason()).bytes())
		}
		if marks != nil {
			o.raw("marks", array(marks))
		}
		return o.line()
	}
	return o.raw("error", errorJSON(r.Err)).line()
}

// errorJSON is an error as an object: what the other side said as it said it,
// or our own words as the reason.
func errorJSON(err error) json.RawMessage {
	o := &object{}
	var said *bus.Error
	if errors.As(err, &said) {
		o.set("uri", said.URI).set("reason", said.Reason).raw("context", said.Context)
	} else {
		o.set("uri", "").set("reason", err.Error()).raw("context", nil)
	}
	return o.bytes()
}

// milliseconds has the microseconds behind the point.
func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
