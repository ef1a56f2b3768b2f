package official

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/internal/attend"
	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// scripted are all actions of host.mjs with the answers that bring them to their
// end, and the end itself: the result as text, or the message of the failure behind
// an exclamation mark.
var scripted = map[string][]struct{ document, want string }{
	"inputs": {{
		`{"Text": ["no", "yes"], "Notes": null, "Email": ["nobody", "ops@example.test"], "Number": [11, 7], "Cash": 19.95, "Address": ["http://x.example.test", "https://x.example.test/a"],
		"Yes?": true, "Date": ["2023-12-31", "2024-02-29"], "Time": ["18:31", "17:05"], "Moment": "2024-02-29T23:59"}`,
		`{"text":"yes","email":"ops@example.test","number":7,"cash":19.95,"slider":3,"url":"https://x.example.test/a","yes":true,"rich":"<p>Hello</p>","date":29,"time":5,"moment":23,"fixed":3,"notes":true}`,
	}},
	"sheet": {
		{`{}`, `[{"name":"bolt","qty":3,"note":null,"ok":true}]`},
		{`{"Rows": [[{"name": 1}], [{"name": "nut", "qty": 4, "ok": false}]]}`, `[{"name":"nut","qty":4,"note":null,"ok":false}]`},
	},
	"selects": {{`{"Plan": "Basic", "Bare": ["two", 2], "Day": "2024-01-02T00:00:00Z", "Tags": [["red", "green", "blue"], ["green", "blue"]]}`, `{"plan":42,"bare":2,"day":"2024-01-02T00:00:00.000Z","tags":"green,blue"}`}},
	"table":   {{`{"Orders": [["high"], ["SKU-004", "0"]]}`, "SKU-001,SKU-004"}},
	"search":  {{`{"Part": ["no such thing", "SKU-01"], "Parts": ["SKU-02", "SKU-03"]}`, "SKU-010,SKU-020,SKU-030"}, {`{"Part": ""}`, "SKU-001,SKU-005"}},
	"displays": {
		{`{"End": "x"}`, "x!"},
	},
	"uploads":   {{`{"Text file": ["a.exe=x", "a.txt=hello"], "More": ["b.bin=1", "c.bin=22"]}`, `{"name":"a.txt","size":5,"text":"hello","more":"1,22"}`}},
	"storage":   {{`{"Own storage": "p.txt=put there"}`, "put there"}},
	"confirms":  {{`{"Delete?": false, "Who?": true}`, `{"no":false,"me":true}`}},
	"wizard":    {{`{"Project": ["bad", "good", "bad"], "_choice": ["next", "Give up"]}`, "next good,quit bad"}},
	"validates": {{`{"Code": ["B1", "C1", "A1"]}`, "A1"}},
	"echo":      {{`{}`, `{"params":{"storage":"STORAGE"},"user":"operator@localhost","environment":"development","organization":"ioscope","action":"echo"}`}},
	"work":      {{`{}`, "worked"}},
	"fail":      {{`{"How?": "class"}`, "!No bolts left"}, {`{"How?": "credentials", "shop": {"token": "t"}}`, "!No bolts left"}},
	"login":     {{`{"calendar": {"token": "t", "secret": "s"}}`, "t:s"}},
	"grow":      {{`{"Grown?": true}`, "true"}},
	"late":      {{`{}`, "late"}},
	"cancel":    {{`{"Wait": "not now"}`, "not now"}},
	"journey":   {{journeyAnswers, "second SKU-010 true"}},
	"ran":       {{`{}`, "1"}}, // the journey
	"parallel":  {{`{"A": "1", "B": "2"}`, "1,2"}},
	"errand":    {{`{"Name": "x", "Sure?": false}`, "x false"}},
	"queued":    {{`{}`, `{"same":true,"when":"2024-01-01T00:00:00.000Z","assignee":"ops@example.test"}`}},

	"reports/create": {{`{}`, "created"}},
}

// follow calls what happens from an event on, until it says that it is over.
func (d *desk) follow(from int, heard func(interval.Event) (over bool)) {
	d.t.Helper()
	late := time.After(patience)
	for {
		d.mu.Lock()
		events, changed := d.events, d.changed
		d.mu.Unlock()
		for ; from < len(events); from++ {
			if heard(events[from]) {
				return
			}
		}
		select {
		case <-changed:
		case <-late:
			d.t.Fatalf("it does not come to an end")
		}
	}
}

// script plays an action from its answers, and gives what it ended with.
func (d *desk) script(slug, document string, used map[schema.Method]bool, params ...schema.Member) string {
	d.t.Helper()
	person, err := attend.New(d.runner, document)
	if err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	from := len(d.events)
	d.mu.Unlock()
	id := d.start(slug, params...)
	out := ""
	d.follow(from, func(e interval.Event) bool {
		switch e := e.(type) {
		case interval.Rendered:
			for i := range e.Render.Components {
				used[e.Render.Components[i].Method()] = true
			}
			if e.Transaction != id {
				break
			}
			if err := person.Hear(d.t.Context(), e); err != nil {
				d.t.Fatalf("%s: %v", slug, err)
			}
		case interval.Odd:
			d.t.Errorf("%s: %v", slug, e.Err)
		case interval.Ended:
			if e.Transaction != id {
				return false
			}
			if out = schema.Text(e.Result.Data); e.Result.Failure != nil {
				out = "!" + e.Result.Failure.Message
			}
			return true
		}
		return false
	})
	if unused := person.Unused(); len(unused) > 0 {
		d.t.Errorf("%s never asked for %q", slug, unused)
	}
	if err := d.runner.Leave(id); err != nil {
		d.t.Error(err)
	}
	return out
}

// sameEnd compares ends: records without regard to order.
func sameEnd(got, want string) bool {
	a, errA := schema.Decode([]byte(got), nil)
	b, errB := schema.Decode([]byte(want), nil)
	return got == want || errA == nil && errB == nil && schema.Equal(a, b)
}

// keeper is a host's own storage: it takes what is put, and gives it back.
func keeper(t *testing.T) string {
	t.Helper()
	var mu sync.Mutex
	kept := map[string][]byte{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == http.MethodPut {
			kept[r.URL.Path], _ = io.ReadAll(r.Body)
			return
		}
		_, _ = w.Write(kept[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestEveryAction plays every action that the SDK's host offers to its end, from
// documents of answers, in both modes. Nothing that it offers may be left out, and
// every component of the protocol has to be among what it showed.
func TestEveryAction(t *testing.T) {
	t.Parallel()
	for _, paged := range []bool{false, true} {
		name := map[bool]string{false: "appending", true: "paged"}[paged]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := withHost(t, interval.RunnerOptions{Paged: paged, Credentials: true})
			storage, used, ran := keeper(t), map[schema.Method]bool{}, map[string]bool{}
			play := func(slug string) {
				ran[slug] = true
				if len(scripted[slug]) == 0 {
					t.Errorf("nobody plays %s", slug)
				}
				for _, s := range scripted[slug] {
					if got := d.script(slug, s.document, used, schema.Member{Name: "storage", Value: storage}); !sameEnd(got, strings.ReplaceAll(s.want, "STORAGE", storage)) {
						t.Errorf("%s of %s ends with\n%s, want\n%s", slug, s.document, got, s.want)
					}
				}
			}
			for _, a := range d.runner.Hosts()[0].Actions {
				play(a.FullSlug())
			}
			await(d, func(e interval.HostChanged) bool { return true })
			for _, a := range d.runner.Hosts()[0].Actions {
				if !ran[a.FullSlug()] {
					play(a.FullSlug())
				}
			}
			for slug := range scripted {
				if !ran[slug] {
					t.Errorf("the host does not offer %s", slug)
				}
			}
			for _, m := range schema.Methods() {
				if !used[m] {
					t.Errorf("nothing uses %s", m)
				}
			}
		})
	}
}
