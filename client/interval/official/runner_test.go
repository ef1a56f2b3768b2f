package official

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// TestActions drives actions of the SDK's host to the end: every component, in the
// mode in which output is appended, and in the other one.
func TestActions(t *testing.T) {
	t.Parallel()
	for _, paged := range []bool{false, true} {
		name := "appending"
		if paged {
			name = "paged"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := withHost(t, interval.RunnerOptions{Paged: paged})
			for name, play := range map[string]func(*desk){
				"inputs": inputs, "selects": selects, "table": table, "search": search, "uploads": uploads, "storage": storage,
				"confirms": confirms, "wizard": wizard, "echo": echo, "work": work, "fail": fail, "parallel": parallel, "queue": queue,
				"sheet": sheet, "validation": validation,
			} {
				t.Run(name, func(t *testing.T) {
					one := *d
					one.t = t
					play(&one)
				})
			}
			t.Run("displays", func(t *testing.T) { displays(t, d, paged) })
		})
	}
}

func inputs(d *desk) {
	id := d.start("inputs")
	q := d.asked(id, "Text")
	bad := make([]any, len(q.Render.Components))
	if err := d.runner.Respond(id, q.Render.InputGroupKey, bad, ""); err == nil || strings.Count(err.Error(), "required") != 11 {
		d.t.Errorf("an empty form: %v", err)
	}
	d.answer(q, answers{
		"Text": "Hello", "Email": "ops@example.test", "Number": 7, "Cash": 19.95, "Slider": 4.5, "Address": "https://hook.example.test/a?b=1",
		"Yes?": true, "Rich": "<p>Hi</p>", "Date": schema.Date{Year: 2024, Month: 2, Day: 29}, "Time": schema.Clock{Hour: 17, Minute: 5},
		"Moment": schema.DateTime{Date: schema.Date{Year: 2024, Month: 2, Day: 29}, Clock: schema.Clock{Hour: 23, Minute: 59}}, "Notes": nil,
	}, "")
	d.succeeds(id, rec(
		"text", "Hello", "notes", true, "email", "ops@example.test", "number", 7, "cash", 19.95, "slider", 4.5,
		"url", "https://hook.example.test/a?b=1", "yes", true, "rich", "<p>Hi</p>", "date", 29, "time", 5, "moment", 23, "fixed", 3,
	))
}

func sheet(d *desk) {
	id := d.start("sheet")
	d.ask(id, "Rows", []schema.Record{rec("name", "nut", "qty", 4, "ok", false)})
	d.succeeds(id, `[{"name":"nut","qty":4,"note":null,"ok":false}]`)
}

func selects(d *desk) {
	id := d.start("selects")
	q := d.asked(id, "Plan")
	days := q.Render.Components[labelled(q.Render, "Day")].Props.(*schema.SelectSingle).Options
	d.answer(q, answers{
		"Plan": schema.Option{Label: "Basic", Value: "basic"}, "Bare": schema.Option{Label: 2, Value: 2}, "Day": days[1],
		"Tags": []schema.Option{{Label: "green", Value: "green"}, {Label: "blue", Value: "blue"}},
	}, "")
	d.succeeds(id, rec("plan", 42, "bare", 2, "day", time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), "tags", "green,blue"))
}

func table(d *desk) {
	id := d.start("table")
	q := d.asked(id, "Orders")
	key := q.Render.InputGroupKey
	r := d.state(id, key, 0, schema.SelectTableState{TableState: schema.TableState{
		QueryTerm: "sku-02", SortColumn: "id", SortDirection: "desc", PageSize: 4,
	}, IsSelectAll: true})
	p := r.Components[0].Props.(*schema.SelectTable)
	if len(p.Data) != 10 || p.Data[0].Key != "28" || len(p.SelectedKeys) != 10 {
		d.t.Errorf("filtered: %d rows, first %q, %d selected", len(p.Data), p.Data[0].Key, len(p.SelectedKeys))
	}
	if cell := p.Columns[1].Cell(p.Data[0], 1); cell.Label != "SKU-029" || cell.HighlightColor != schema.Green || cell.Address() == "" {
		d.t.Errorf("cell %+v", cell)
	}
	if err := d.runner.Respond(id, key, []any{[]schema.RowKey{{Key: "999"}}}, ""); err == nil {
		d.t.Error("a row that was never offered passed")
	}
	d.answer(interval.Rendered{Transaction: id, Render: r}, answers{"Orders": []schema.RowKey{{Key: "28"}, {Key: "0"}}}, "")
	d.succeeds(id, "SKU-001,SKU-029")
}

func search(d *desk) {
	id := d.start("search")
	q := d.asked(id, "Part")
	first := d.state(id, q.Render.InputGroupKey, 0, schema.SearchState{QueryTerm: "SKU-01"})
	hit := first.Components[0].Props.(*schema.Search).Results[2]
	d.state(id, q.Render.InputGroupKey, 0, schema.SearchState{QueryTerm: "nothing"})
	if err := d.runner.Respond(id, q.Render.InputGroupKey, []any{"9:9"}, ""); err == nil {
		d.t.Error("a hit that never was passed")
	}
	d.answer(q, answers{"Part": hit.Value}, "") // of an earlier search, and still good
	many := d.asked(id, "Parts")
	r := d.state(id, many.Render.InputGroupKey, 0, schema.SearchState{QueryTerm: "3"})
	d.answer(many, answers{"Parts": []any{"default:0", r.Components[0].Props.(*schema.Search).Results[1].Value}}, "")
	d.succeeds(id, "SKU-012,SKU-005,SKU-013")
	if line := await(d, func(e interval.Logged) bool { return e.Transaction == id }).Line; line.Text != "found SKU-012" {
		d.t.Errorf("logged %+v", line)
	}
}

func uploads(d *desk) {
	id := d.start("uploads")
	q := d.asked(id, "Text file")
	if _, err := d.runner.Upload(d.t.Context(), id, q.Render.InputGroupKey, 0, interval.FileOf("a.exe", "", nil)); err == nil {
		d.t.Error("a file of the wrong kind passed")
	}
	one, err := d.runner.Upload(d.t.Context(), id, q.Render.InputGroupKey, 0, interval.FileOf("report.txt", "text/plain", []byte("hello file")))
	if err != nil {
		d.t.Fatal(err)
	}
	d.answer(q, answers{"Text file": one[0]}, "")
	more := d.asked(id, "More")
	files, err := d.runner.Upload(d.t.Context(), id, more.Render.InputGroupKey, 0,
		interval.FileOf("a b.txt", "", []byte("one")), interval.FileOf("b.bin", "", []byte("two")))
	if err != nil {
		d.t.Fatal(err)
	}
	d.answer(more, answers{"More": files}, "")
	d.succeeds(id, rec("name", "report.txt", "size", 10, "text", "hello file", "more", "one,two"))
	if response, err := http.Get(one[0].URL); err != nil || response.StatusCode != http.StatusNotFound {
		d.t.Errorf("a file of a transaction that was left: %v, %v", response, err)
	} else {
		_ = response.Body.Close()
	}
}

// storage is a host's own: it takes what is put, and gives it back.
func storage(d *desk) {
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
	d.t.Cleanup(server.Close)
	id := d.start("storage", schema.Member{Name: "storage", Value: server.URL})
	q := d.asked(id, "Own storage")
	files, err := d.runner.Upload(d.t.Context(), id, q.Render.InputGroupKey, 0, interval.FileOf("p.txt", "text/plain", []byte("presigned body")))
	if err != nil {
		d.t.Fatal(err)
	}
	if files[0].URL != server.URL+"/p.txt" {
		d.t.Errorf("the file is said to be at %s", files[0].URL)
	}
	d.answer(q, answers{"Own storage": files[0]}, "")
	d.succeeds(id, "presigned body")
}

func confirms(d *desk) {
	id := d.start("confirms")
	d.ask(id, "Delete?", false)
	d.ask(id, "Who?", true)
	d.succeeds(id, rec("no", false, "me", true))
}

func wizard(d *desk) {
	id := d.start("wizard")
	q := d.asked(id, "Project")
	if len(q.Render.Buttons) != 2 || q.Render.Buttons[1].Theme != schema.ThemeDanger {
		d.t.Errorf("buttons %+v", q.Render.Buttons)
	}
	if err := d.runner.Respond(id, q.Render.InputGroupKey, []any{nil, "x"}, "nonsense"); err == nil {
		d.t.Error("a button that isn't there passed")
	}
	d.answer(q, answers{"Project": "bad"}, "")
	refused := await(d, func(e interval.Rendered) bool { return e.Transaction == id && e.Refused })
	if refused.Render.Error != "Not that." {
		d.t.Errorf("refused with %+v", refused.Render)
	}
	d.answer(refused, answers{"Project": "good"}, "")
	next := await(d, func(e interval.Rendered) bool {
		return e.Transaction == id && e.Render.InputGroupKey != q.Render.InputGroupKey
	})
	d.answer(next, answers{"Project": "bad"}, "Give up")
	d.succeeds(id, "next good,quit bad")
}

func validation(d *desk) {
	id := d.start("validates")
	d.ask(id, "Code", "B1")
	refused := await(d, func(e interval.Rendered) bool { return e.Transaction == id && e.Refused })
	if refused.Render.Components[0].Error != "Must start with A" {
		d.t.Errorf("refused with %+v", refused.Render.Components[0])
	}
	d.answer(refused, answers{"Code": "A1"}, "")
	d.succeeds(id, "A1")
}

func echo(d *desk) {
	when := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	params := rec("text", "x", "n", 1.5, "yes", true, "nothing", nil, "when", when)
	id := d.start("echo", params...)
	d.succeeds(id, rec("params", params, "user", "operator@localhost", "environment", "development", "organization", "ioscope", "action", "echo"))
}

func work(d *desk) {
	id := d.start("work")
	await(d, func(e interval.Loading) bool { return e.Ref == id && e.State != nil && *e.State.ItemsCompleted == 3 })
	note := await(d, func(e interval.Notified) bool { return e.TransactionID == id || e.IdempotencyKey == "once" })
	if note.Title != "Done" || note.Deliveries[0].Method != "EMAIL" {
		d.t.Errorf("notified %+v", note)
	}
	to := await(d, func(e interval.Redirected) bool { return e.Ref == id })
	if to.Target.Slug() != "echo" || len(to.Target.Params) != 2 {
		d.t.Errorf("redirected %+v", to)
	}
	info, err := d.runner.Transaction(id)
	d.succeeds(id, "worked")
	if err != nil || len(info.Logs) != 3 || info.Logs[2].Text != "item 2 {\n  \"i\": 2\n}" || !info.Action.Backgroundable {
		d.t.Errorf("%+v, %v", info, err)
	}
}

func fail(d *desk) {
	tests := map[string]schema.Failure{
		"class":       {Kind: "OutOfStock", Message: "No bolts left", Cause: "RangeError: 3 wanted"},
		"credentials": {Kind: "IOError", Message: "Credentials are not supported."},
	}
	for _, how := range []string{"class", "string", "props", "credentials"} {
		id := d.start("fail")
		d.ask(id, "How?", schema.Option{Label: how, Value: how})
		r := d.ended(id)
		want, told := tests[how]
		switch {
		case r.Status != schema.StatusFailure:
			d.t.Errorf("%s: %+v", how, r)
		case told && (r.Failure == nil || *r.Failure != want):
			d.t.Errorf("%s: %+v", how, r.Failure)
		case how == "string" && r.Failure != nil:
			d.t.Errorf("no error at all: %+v", r.Failure)
		case how == "props" && (r.Failure == nil || r.Failure.Kind != "ZodError"):
			d.t.Errorf("props: %+v", r.Failure)
		}
	}
}

func parallel(d *desk) {
	id := d.start("parallel")
	a, b := d.asked(id, "A"), d.asked(id, "B")
	d.answer(b, answers{"B": "vB"}, "")
	d.answer(a, answers{"A": "vA"}, "")
	d.succeeds(id, "vA,vB")
}

func queue(d *desk) {
	id := d.start("queued")
	await(d, func(e interval.Enqueued) bool { return e.Item.Slug == "echo" && e.Item.Assignee == "ops@example.test" })
	d.succeeds(id, rec("same", true, "when", time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), "assignee", "ops@example.test"))
}

// displays looks at everything that is shown, and pages what can be paged.
func displays(t *testing.T, d *desk, paged bool) {
	one := *d
	d = &one
	d.t = t
	id := d.start("displays")
	seen := map[schema.Method]bool{}
	for _, label := range []string{
		"Head", "# Title", "Code", "HTML", "Pixel", "Clip", "Docs", "Object", "Facts", "Few", "Many", "Paged", "Cards", "Paged cards",
		"Import", "Tidying", "Summary",
	} {
		shown := await(d, func(e interval.Rendered) bool { return e.Transaction == id && e.Render.Components[0].Label == label })
		for i := range shown.Render.Components {
			seen[shown.Render.Components[i].Method()] = true
		}
		key := shown.Render.InputGroupKey
		switch label {
		case "Facts":
			await(d, func(e interval.Rendered) bool {
				p, ok := e.Render.Components[0].Props.(*schema.DisplayMetadata)
				return e.Transaction == id && ok && p.Data[1].Value.Value == "done"
			})
		case "Many":
			r := d.state(id, key, 0, schema.TableState{Offset: 600, PageSize: 20})
			p := r.Components[0].Props.(*schema.DisplayTable)
			if p.Complete() || *p.TotalRecords != 700 || p.Data[0].Key != "600" {
				t.Errorf("the rows from 600 on: %d of %v, first %q", len(p.Data), *p.TotalRecords, p.Data[0].Key)
			}
		case "Paged":
			p := d.settled(id, key).Components[0].Props.(*schema.DisplayTable)
			if len(p.Data) != 4 || *p.TotalRecords != 30 {
				t.Errorf("the runner did not ask for the first page: %d rows", len(p.Data))
			}
			p = d.state(id, key, 0, schema.TableState{SortColumn: "qty", SortDirection: "desc", PageSize: 4}).Components[0].Props.(*schema.DisplayTable)
			if v, _ := p.Data[0].Data.Get("qty"); schema.Text(v) != "22" {
				t.Errorf("sorted: %v", p.Data[0])
			}
		case "Paged cards":
			p := d.state(id, key, 0, schema.GridState{Offset: 3, PageSize: 3}).Components[0].Props.(*schema.DisplayGrid)
			if p.Data[0].Data.Label != "SKU-004" {
				t.Errorf("the cards from 3 on: %+v", p.Data[0])
			}
		}
		if shown.Waits != (paged && label != "Import" && label != "Tidying") {
			t.Errorf("%s waits: %v", label, shown.Waits)
		}
		if shown.Waits {
			d.answer(shown, nil, "")
		}
	}
	d.ask(id, "End", "The end")
	d.succeeds(id, "The end!")
	for _, m := range schema.Methods() {
		if m.Display() && !seen[m] {
			t.Errorf("%s was not shown", m)
		}
	}
}
