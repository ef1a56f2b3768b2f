package backoffice

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/internal/attend"
	"ioscope/client/internal/leak"
	"ioscope/client/internal/wire"
	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

const patience = 20 * time.Second

// TestMain fails the run when goroutines of this module outlive the tests.
func TestMain(m *testing.M) { os.Exit(leak.Run(m)) }

// desk is a runner that answers from documents.
type desk struct {
	t      *testing.T
	runner *interval.Runner
	url    string
	host   *Host

	mu      sync.Mutex
	changed chan struct{}
	events  []interval.Event
}

// newDesk is a runner with the back office at it.
func newDesk(t *testing.T, opts interval.RunnerOptions) *desk {
	t.Helper()
	d := &desk{t: t, changed: make(chan struct{})}
	opts.Quiet = 20 * time.Millisecond
	opts.OnEvent = func(e interval.Event) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.events = append(d.events, e)
		close(d.changed)
		d.changed = make(chan struct{})
	}
	d.runner = interval.NewRunner(&opts)
	server := httptest.NewServer(d.runner)
	t.Cleanup(func() {
		if d.host != nil {
			d.host.Close()
		}
		d.runner.Close()
		server.Close()
	})
	d.url = "ws" + strings.TrimPrefix(server.URL, "http") + "/websocket"
	h, err := Start(t.Context(), d.url, &Options{Pace: -1, Now: func() time.Time { return time.Date(2026, 7, 4, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	d.host = h
	return d
}

// next waits for the event with that number.
func (d *desk) next(n int) interval.Event {
	d.t.Helper()
	late := time.After(patience)
	for {
		d.mu.Lock()
		events, changed := d.events, d.changed
		d.mu.Unlock()
		if n < len(events) {
			return events[n]
		}
		select {
		case <-changed:
		case <-late:
			d.t.Fatalf("nothing more happens after %d events", n)
		}
	}
}

// run plays an action to its end, and gives the result and what was on the way.
func (d *desk) run(slug, document string, params ...any) (*schema.Result, []interval.Event) {
	d.t.Helper()
	person, err := attend.New(d.runner, document)
	if err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	from := len(d.events)
	d.mu.Unlock()
	id, err := d.runner.Start(slug, &interval.StartOptions{Params: record(params...)})
	if err != nil {
		d.t.Fatal(err)
	}
	var seen []interval.Event
	for n := from; ; n++ {
		e := d.next(n)
		seen = append(seen, e)
		switch e := e.(type) {
		case interval.Rendered:
			if err := person.Hear(d.t.Context(), e); err != nil {
				d.t.Fatalf("%s: %v", slug, err)
			}
		case interval.Ended:
			if err := d.runner.Leave(id); err != nil {
				d.t.Error(err)
			}
			if unused := person.Unused(); len(unused) > 0 {
				d.t.Errorf("%s never asked for %q", slug, unused)
			}
			return e.Result, seen
		}
	}
}

// open opens a page and gives its layout when nothing is late any more.
func (d *desk) open(slug string) *schema.Layout {
	d.t.Helper()
	d.mu.Lock()
	from := len(d.events)
	d.mu.Unlock()
	key, err := d.runner.OpenPage(slug, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = d.runner.ClosePage(key) }()
	for n := from; ; n++ {
		if e, is := d.next(n).(interval.PageDrawn); is && e.Page == key && whole(e.Layout) {
			return e.Layout
		}
	}
}

// whole reports a layout of which nothing is missing any more.
func whole(l *schema.Layout) bool {
	if len(l.Errors) > 0 {
		return true
	}
	if l.Title.Given && l.Title.Null || l.Description.Given && l.Description.Null {
		return false
	}
	for _, c := range l.Children.Components {
		switch p := c.Props.(type) {
		case *schema.DisplayTable:
			if len(p.Data) == 0 {
				return false
			}
		case *schema.DisplayGrid:
			if len(p.Data) == 0 {
				return false
			}
		case *schema.DisplayMetadata:
			if slices.ContainsFunc(p.Data, schema.MetaItem.Loading) {
				return false
			}
		}
	}
	return true
}

// played are the actions with the answers that bring them to their end.
var played = []struct {
	name, slug, document string
	params               []any
	want                 schema.Record // members of the result
}{
	{"refund", "orders/refund", `{"Order": "#1100", "Amount": 1.5, "Reason": "Damaged", "Remark": null}`, nil, record("order", "#1100", "decision", "pay", "paid", 1.5)},
	{"refund of much", "orders/refund", `{"Amount": [9999, 250], "Reason": ["goodwill", "late"], "Remark": "x", "Tell the customer?": false, "Really pay €250.00?": true}`, []any{"order", "1002"}, record("decision", "pay", "paid", 250)},
	{"refund refused", "orders/refund", `{"Order": "1003", "Reason": "goodwill", "Amount": 1, "Remark": null, "_choice": "Refuse"}`, nil, record("decision", "refuse", "paid", 0)},
	{"bulk", "orders/bulk", `{"Orders": ["#1005", "#1639", "0"], "New status": "sent", "Make 3 orders \"sent\"?": true}`, nil, record("changed", 3)},
	{"bulk, not done", "orders/bulk", `{"Orders": ["0"], "New status": "new", "Make 1 orders \"new\"?": false}`, nil, record("changed", 0)},
	{"edit", "customers/edit", `{"Customer": "Hazel", "Email": ["office@alder-bakery.example", "new@shop.example"], "Next visit": ["2026-08-01T06:00", "2026-08-01T18:00"],
		"Tags": ["export", "wholesale"], "Blocked?": true, "Letters will go elsewhere": true}`, nil, record("email", "new@shop.example", "tags", "export, wholesale")},
	{"write", "customers/write", `{"To": ["Alder", "Birch"], "Subject": "Sale", "Enclosed": ["a.txt=abc", "b.txt=de"], "Send at": null}`, nil, record("letters", 2, "enclosed", 5, "sent", true)},
	{"import typed", "stock/import", `{"Delivery note": null, "Rows": [[{"sku": "SKU-999", "qty": 1}], [{"sku": "SKU-001", "qty": 1.5}], [{"sku": "SKU-001", "qty": 5}, {"sku": "SKU-002", "qty": -1}]]}`, nil, record("rows", 2, "pieces", 4)},
	{"import a file", "stock/import", "{\"Delivery note\": [\"note.pdf=x\", \"note.csv=sku,qty\\nSKU-003,7\\n\"]}", nil, record("rows", 1, "pieces", 7)},
	{"reindex", "stock/reindex", `{}`, nil, record("indexed", 40)},
	{"displays", "tools/displays", `{}`, nil, record("shown", 22)},
	{"calendar", "tools/calendar", `{"calendar": {"token": "t"}}`, nil, record("connected", true)},
	{"echo", "tools/echo", `{}`, []any{"n", 1}, record("environment", "development")},
}

// TestEveryAction plays every action to its end, and the pages, and wants every
// component of the protocol to be among what they showed.
func TestEveryAction(t *testing.T) {
	t.Parallel()
	d := newDesk(t, interval.RunnerOptions{Credentials: true})
	used, ran := map[schema.Method]bool{}, map[string]bool{"stock/recount": true}
	note := func(r *schema.Render) {
		for i := range r.Components {
			used[r.Components[i].Method()] = true
		}
	}
	for _, p := range played {
		result, events := d.run(p.slug, p.document, p.params...)
		ran[p.slug] = true
		if result.Status != schema.StatusSuccess {
			t.Errorf("%s: %s %v", p.name, result.Status, result.Failure)
			continue
		}
		for _, want := range p.want {
			v, err := schema.ValueOf(want.Value)
			if got, _ := result.Data.(schema.Record).Get(want.Name); err != nil || !schema.Equal(got, v) {
				t.Errorf("%s: %s is %v, want %v", p.name, want.Name, got, v)
			}
		}
		for _, e := range events {
			if r, is := e.(interval.Rendered); is {
				note(r.Render)
			}
			if odd, is := e.(interval.Odd); is {
				t.Errorf("%s: %v", p.name, odd.Err)
			}
		}
	}
	info := d.runner.Hosts()[0]
	for _, a := range info.Actions {
		if !ran[a.FullSlug()] {
			t.Errorf("nobody runs %s", a.FullSlug())
		}
	}
	for _, p := range info.Pages {
		if !p.HasHandler {
			continue
		}
		if l := d.open(p.Slug); l.Children != nil {
			note(l.Children)
		} else if p.Slug != "reports/broken" || l.Errors[0].Kind != "DivisionError" {
			t.Errorf("the page %s shows %+v", p.Slug, l)
		}
	}
	for _, m := range schema.Methods() {
		if !used[m] {
			t.Errorf("nothing uses %s", m)
		}
	}
}

// TestFails: the failure tells its kind and its cause.
func TestFails(t *testing.T) {
	t.Parallel()
	d := newDesk(t, interval.RunnerOptions{})
	result, events := d.run("stock/recount", `{}`)
	if f := result.Failure; result.Status != schema.StatusFailure || f.Kind != "ScalesError" || f.Cause != "Error: the scales show -3 kg" {
		t.Errorf("%+v", result)
	}
	if n := len(slices.DeleteFunc(events, func(e interval.Event) bool { _, is := e.(interval.Logged); return !is })); n != 3 {
		t.Errorf("%d lines of log", n)
	}
	if result, _ := d.run("tools/calendar", `{}`); result.Status != schema.StatusSuccess {
		t.Errorf("without credentials: %+v", result)
	}
	if result, _ := d.run("stock/import", `{"Delivery note": "note.csv=nonsense"}`); result.Failure == nil || result.Failure.Kind != "FormatError" {
		t.Errorf("a bad file: %+v", result)
	}
}

// TestCancel: work that is canceled stops.
func TestCancel(t *testing.T) {
	t.Parallel()
	d := newDesk(t, interval.RunnerOptions{})
	d.host.Close()
	slow, err := Start(t.Context(), d.url, &Options{Pace: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	d.host = slow
	id, err := d.runner.Start("stock/reindex", nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		if e, is := d.next(n).(interval.Loading); is && e.Ref == id && e.State != nil {
			break
		}
	}
	if err := d.runner.Cancel(id); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := slow.SafeClose(ctx); err != nil { // it would wait for work that goes on
		t.Error(err)
	}
}

// TestSeed: the same seed makes the same shop.
func TestSeed(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 7, 4, 9, 0, 0, 0, time.UTC) }
	make := func(seed int64) *shop { return newShop((&Options{Seed: seed, Now: now}).withDefaults()) }
	a, b, c := make(1), make(1), make(2)
	if !reflect.DeepEqual(a.orders, b.orders) || !reflect.DeepEqual(a.customers, b.customers) || !reflect.DeepEqual(a.products, b.products) {
		t.Error("one seed makes two shops")
	}
	if reflect.DeepEqual(a.orders, c.orders) {
		t.Error("two seeds make one shop")
	}
}

// TestStart: it waits for a runner, and gives up with its context, or where it is
// refused.
func TestStart(t *testing.T) {
	t.Parallel()
	tries := 0
	r := interval.NewRunner(&interval.RunnerOptions{Accept: func(key string) bool { return key == "good" }})
	defer r.Close()
	var serving sync.WaitGroup
	defer serving.Wait()
	dial := func(_ context.Context, _ string, header http.Header) (interval.Conn, error) {
		if tries++; tries < 3 {
			return nil, errors.New("nobody there")
		}
		ours, theirs := wire.Pipe()
		serving.Go(func() { _ = r.Serve(theirs, interval.Hello{Key: header.Get("X-Api-Key")}) })
		return ours, nil
	}
	h, err := Start(t.Context(), "ws://host.example/websocket", &Options{APIKey: "good", Dial: dial, RetryEvery: time.Millisecond})
	if err != nil || tries != 3 {
		t.Fatalf("%v after %d tries", err, tries)
	}
	h.Close()
	if _, err := Start(t.Context(), "ws://host.example/websocket", &Options{APIKey: "bad", Dial: dial}); err == nil || !strings.Contains(err.Error(), "Invalid API key") {
		t.Errorf("a bad key: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	none := func(context.Context, string, http.Header) (interval.Conn, error) {
		return nil, errors.New("nobody there")
	}
	if _, err := Start(ctx, "ws://host.example/websocket", &Options{Dial: none}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nobody there: %v", err)
	}
}
