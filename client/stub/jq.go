package stub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/itchyny/gojq"

	"ioscope/client/bus"
)

// jqTime is how long one jq program may take.
const jqTime = 10 * time.Second

// template is a jq program that was checked, to be made ready by with.
type template struct {
	text  string
	query *gojq.Query
	names []string // of the variables, with their $
	line  int
}

// source is the program's text; empty for none.
func (t *template) source() string {
	if t == nil {
		return ""
	}
	return t.text
}

// newTemplate reads a program. offset is the byte at which it went wrong, -1
// where that is not known.
func newTemplate(text string, line int, names ...string) (t *template, offset int, err error) {
	query, err := gojq.Parse(text)
	var syntax *gojq.ParseError
	if errors.As(err, &syntax) {
		return nil, max(0, syntax.Offset-len(syntax.Token)), err
	}
	if err != nil {
		return nil, -1, err
	}
	t = &template{text, query, names, line}
	_, err = t.compile(newChance(0))
	return t, -1, err
}

func (t *template) compile(c *chance) (*gojq.Code, error) {
	return gojq.Compile(t.query,
		gojq.WithVariables(t.names),
		gojq.WithFunction("random", 0, 1, c.random),
		gojq.WithFunction("datetime", 0, 0, datetime),
	)
}

// with makes the program ready to run with numbers of its own. nil gives nil.
func (t *template) with(c *chance) *program {
	if t == nil {
		return nil
	}
	code, err := t.compile(c)
	if err != nil {
		panic("a checked program does not compile: " + err.Error())
	}
	return &program{code}
}

// program is a jq program that runs; from several goroutines, too.
type program struct{ code *gojq.Code }

// run gives the first output; it is false where there is none.
func (p *program) run(ctx context.Context, input any, values ...any) (output any, some bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, jqTime)
	defer cancel()
	output, some = p.code.RunWithContext(ctx, input, values...).Next()
	if err, failed := output.(error); failed {
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("jq took longer than %s", jqTime)
		}
		return nil, false, err
	}
	return output, some, nil
}

// json is run for a value that goes to the bus; nil for no output.
func (p *program) json(ctx context.Context, input any, values ...any) (json.RawMessage, error) {
	v, some, err := p.run(ctx, input, values...)
	if err != nil || !some {
		return nil, err
	}
	return gojq.Marshal(v)
}

// holds reports whether a condition does, as jq's if has it. nil always does.
func (p *program) holds(ctx context.Context, input any, values ...any) (bool, error) {
	if p == nil {
		return true, nil
	}
	v, some, err := p.run(ctx, input, values...)
	return some && v != nil && v != false, err
}

// key is what the program says as the key of a branch: a text as it is, nothing
// and null as the common branch, all else as its JSON.
func (p *program) key(ctx context.Context, input any, values ...any) (string, error) {
	v, some, err := p.run(ctx, input, values...)
	if text, ok := v.(string); ok || err != nil || !some || v == nil {
		return text, err
	}
	raw, err := gojq.Marshal(v)
	return string(raw), err
}

// refusal makes of a program's error what goes to the other side: what error()
// was called with, or else the words of jq.
func refusal(err error) *bus.Error {
	var thrown gojq.ValueError
	if !errors.As(err, &thrown) {
		return &bus.Error{Reason: err.Error()}
	}
	switch v := thrown.Value().(type) {
	case string:
		return &bus.Error{Reason: v}
	case map[string]any:
		said := &bus.Error{}
		said.Reason, _ = v["reason"].(string)
		said.URI, _ = v["uri"].(string)
		if c, ok := v["context"]; ok {
			said.Context, _ = gojq.Marshal(c)
		}
		if said.Reason != "" || said.URI != "" {
			return said
		}
	}
	return &bus.Error{Reason: err.Error()}
}

// chance is where random takes its numbers from.
type chance struct {
	mu  sync.Mutex
	rng *rand.Rand // guarded by mu
}

// newChance gives the same numbers for the same seed and names.
func newChance(seed uint64, names ...string) *chance {
	h := fnv.New64a()
	for _, n := range names {
		_, _ = h.Write([]byte(n + "\x00"))
	}
	return &chance{rng: rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// random is the function of that name: from 0 up to 1, or a whole number below n.
func (c *chance) random(_ any, args []any) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(args) == 0 {
		return c.rng.Float64()
	}
	n, ok := number(args[0])
	if !ok || n < 1 || n > math.MaxInt32 || n != math.Trunc(n) {
		return fmt.Errorf("random(n): n is a whole number from 1 to %d", math.MaxInt32)
	}
	return c.rng.IntN(int(n))
}

// datetime is the function of that name: the bus's date of seconds since 1970.
func datetime(input any, _ []any) any {
	n, ok := number(input)
	if !ok || math.IsNaN(n) || math.Abs(n) > 1e12 {
		return errors.New("datetime: seconds since 1970 are wanted, as in: now | datetime")
	}
	return bus.DateText(time.UnixMilli(int64(math.Round(n * 1000))))
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	}
	return 0, false
}
