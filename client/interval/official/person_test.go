package official

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// desk is our runner with the SDK's host at it.
type desk struct {
	t      testing.TB
	runner *interval.Runner
	server *httptest.Server
	*diary
}

// diary keeps the events.
type diary struct {
	mu      sync.Mutex
	changed chan struct{}
	events  []interval.Event
}

// newDesk starts a runner.
func newDesk(t testing.TB, opts interval.RunnerOptions) *desk {
	t.Helper()
	d := &desk{t: t, diary: &diary{changed: make(chan struct{})}}
	opts.OnEvent = func(e interval.Event) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.events = append(d.events, e)
		close(d.changed)
		d.changed = make(chan struct{})
	}
	d.runner = interval.NewRunner(&opts)
	d.server = httptest.NewServer(d.runner)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(d.story())
		}
		d.runner.Close()
		d.server.Close()
	})
	return d
}

func (d *desk) address() string {
	return "ws" + strings.TrimPrefix(d.server.URL, "http") + "/websocket"
}

// withHost starts the SDK's host.
func withHost(t testing.TB, opts interval.RunnerOptions) *desk {
	t.Helper()
	sdk(t)
	d := newDesk(t, opts)
	run(t, "host.mjs", d.address()).line(0, func(l []byte) bool { return string(l) == "ready" })
	return d
}

// story tells the events for the log of a failure.
func (d *desk) story() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out strings.Builder
	for _, e := range d.events {
		switch e := e.(type) {
		case interval.Rendered:
			fmt.Fprintf(&out, "Rendered %.8s %.40q update %v refused %v waits %v\n",
				e.Transaction, e.Render.Components[0].Label, e.Update, e.Refused, e.Waits)
		case interval.HostJoined, interval.HostChanged:
			fmt.Fprintf(&out, "%T\n", e)
		default:
			fmt.Fprintf(&out, "%T %.300s\n", e, fmt.Sprintf("%+v", e))
		}
	}
	return out.String()
}

// await waits for an event that is good.
func await[E interval.Event](d *desk, good func(E) bool) E {
	d.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for from := 0; ; {
		d.mu.Lock()
		events, changed := d.events, d.changed
		d.mu.Unlock()
		for ; from < len(events); from++ {
			if e, ok := events[from].(E); ok && (good == nil || good(e)) {
				return e
			}
		}
		select {
		case <-changed:
		case <-timeout.C:
			var none E
			d.t.Fatalf("no %T within %v", none, patience)
		}
	}
}

func (d *desk) start(slug string, params ...schema.Member) string {
	d.t.Helper()
	id, err := d.runner.Start(slug, &interval.StartOptions{Params: params})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// labelled finds a component by its label.
func labelled(r *schema.Render, label string) int {
	return slices.IndexFunc(r.Components, func(c schema.Component) bool { return c.Label == label })
}

// asked waits for a question that has a component with that label.
func (d *desk) asked(id, label string) interval.Rendered {
	d.t.Helper()
	return await(d, func(e interval.Rendered) bool {
		return e.Transaction == id && e.Waits && labelled(e.Render, label) >= 0
	})
}

// answers are the values by the labels of components; what is missing takes its
// default.
type answers map[string]any

// answer answers a question.
func (d *desk) answer(r interval.Rendered, by answers, choice string) {
	d.t.Helper()
	values := make([]any, len(r.Render.Components))
	for i := range values {
		c := &r.Render.Components[i]
		v, given := by[c.Label]
		if values[i] = v; !given {
			values[i] = schema.Initial(c)
		}
	}
	if err := d.runner.Respond(r.Transaction, r.Render.InputGroupKey, values, choice); err != nil {
		d.t.Fatal(err)
	}
}

// ask waits for a question and answers it.
func (d *desk) ask(id, label string, value any) {
	d.t.Helper()
	d.answer(d.asked(id, label), answers{label: value}, "")
}

// state asks for other props, and gives what comes of it.
func (d *desk) state(ref, key string, index int, state any) *schema.Render {
	d.t.Helper()
	if err := d.runner.SetState(ref, key, index, state); err != nil {
		d.t.Fatal(err)
	}
	return d.settled(ref, key)
}

func (d *desk) settled(ref, key string) *schema.Render {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	r, err := d.runner.Settled(ctx, ref, key)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func (d *desk) ended(id string) *schema.Result {
	d.t.Helper()
	return await(d, func(e interval.Ended) bool { return e.Transaction == id }).Result
}

// succeeds waits for the end and checks the result.
func (d *desk) succeeds(id string, want any) {
	d.t.Helper()
	v, err := schema.ValueOf(want)
	if err != nil {
		d.t.Fatal(err)
	}
	r := d.ended(id)
	if r.Status != schema.StatusSuccess || !schema.Equal(r.Data, v) {
		d.t.Errorf("ended with %s %s %v,\nwant %s", r.Status, schema.Text(r.Data), r.Failure, schema.Text(v))
	}
	if err := d.runner.Leave(id); err != nil {
		d.t.Error(err)
	}
}

// rec is a record of alternating names and values.
func rec(pairs ...any) schema.Record {
	var out schema.Record
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, schema.Member{Name: pairs[i].(string), Value: pairs[i+1]})
	}
	return out
}
