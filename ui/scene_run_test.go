package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// fakeRuns takes what the App asks of hosts down, and answers nothing by itself.
type fakeRuns struct {
	started []model.StartRun
	answers []model.AnswerRun
	turns   []model.TurnRun
	uploads []model.UploadRun
	ended   []string
	opened  []string
	entries []Entry
	openErr error
}

func (f *fakeRuns) Start(e model.StartRun, begun func(string, error)) {
	f.started = append(f.started, e)
	begun(fmt.Sprintf("t%d", len(f.started)), nil)
}
func (f *fakeRuns) Answer(e model.AnswerRun) error { f.answers = append(f.answers, e); return nil }
func (f *fakeRuns) Turn(e model.TurnRun) error     { f.turns = append(f.turns, e); return nil }
func (f *fakeRuns) Upload(_ context.Context, e model.UploadRun) ([]schema.File, error) {
	f.uploads = append(f.uploads, e)
	var out []schema.File
	for _, p := range e.Paths {
		if p == "/missing.csv" {
			return nil, errors.New("/missing.csv: no such file or directory")
		}
		out = append(out, schema.File{Name: p, URL: "http://127.0.0.1/files" + p, Size: 28})
	}
	return out, nil
}

func (f *fakeRuns) Cancel(ref string) error { f.ended = append(f.ended, "cancel "+ref); return nil }

func (f *fakeRuns) Leave(ref string, _ bool) error {
	f.ended = append(f.ended, "leave "+ref)
	return nil
}

func (f *fakeRuns) Open(address string) error { f.opened = append(f.opened, address); return f.openErr }

func (f *fakeRuns) List(dir string) (string, []Entry, error) {
	return dir, f.entries, nil
}

// backOffice is the host of the scenes.
func (h *harness) backOffice() {
	h.tell(model.HostHeard{At: h.now, Host: model.Host{
		ID: "h1", Name: "back-office", SDK: "@interval/sdk 2.0.0", Remote: "127.0.0.1:50412", Key: "back-office", Environment: "development", Since: h.now,
		Actions: []model.Action{
			{Slug: "orders/refund", Name: "Refund an order", Description: "Pays back what a customer paid.", Group: []string{"Orders"}},
			{Slug: "orders/bulk", Name: "Bulk change", Group: []string{"Orders"}},
			{Slug: "import", Name: "Import clients"},
			{Slug: "reports", Name: "Reports", Description: "What was sold.", Page: true},
		},
	}})
}

// tell puts what was heard of hosts and runs into the inbox, and delivers it.
func (h *harness) tell(inputs ...model.Input) {
	for _, in := range inputs {
		h.box.Put(in)
	}
	h.flush()
}

// start opens an action's form by the keyboard's way and starts it. It gives the
// reference.
func (h *harness) startRun(slug string) string {
	h.t.Helper()
	kind := "action\x00"
	m := h.app.state.Dir.Method(model.RowID(kind + slug))
	if m == nil {
		m = h.app.state.Dir.Method(model.RowID("page\x00" + slug))
	}
	if m == nil {
		h.t.Fatalf("no action %s", slug)
		return ""
	}
	h.app.state.Point(model.Methods, m.ID)
	h.press("enter")
	if !m.Action.Page {
		h.press("enter")
	}
	h.flush()
	return fmt.Sprintf("t%d", len(h.runs.started))
}

// shows a render, which waits unless it only shows.
func (h *harness) render(ref, key string, buttons []schema.ChoiceButton, components ...schema.Component) {
	r := &schema.Render{ID: key, InputGroupKey: key, Components: components, Buttons: buttons}
	waits := r.Waits(true)
	stage := model.RunWorking
	if waits {
		stage = model.RunAsking
	}
	h.tell(model.RunRendered{Ref: ref, Render: r, Waits: waits}, model.RunStage{Ref: ref, Stage: stage})
}

func (h *harness) answered(ref, key string) {
	h.tell(model.RunAnswered{Ref: ref, Key: key, Choice: "Continue"}, model.RunStage{Ref: ref, Stage: model.RunWorking})
}

func (h *harness) log(ref string, lines ...string) {
	for i, l := range lines {
		h.tell(model.RunLogged{Ref: ref, Line: model.LogLine{Index: i, Text: l, At: h.now.Add(time.Duration(i) * time.Second)}})
	}
}

func component(label string, p schema.Props) schema.Component {
	return schema.Component{Label: label, Props: p, Stateful: p.Method().Stateful()}
}

func optional(c schema.Component) schema.Component { c.Optional = true; return c }

func ptr[T any](v T) *T { return &v }

// refund is the run of the picture: two answers, a question of several parts, a log,
// and another run beside it.
func refund(h *harness) {
	h.main()
	h.backOffice()
	h.at("14:02:59.000")
	beside := h.startRun("import")
	h.tell(model.RunLoading{Ref: beside, State: &model.Progress{Label: "importing", Queue: ptr(200), Done: ptr(1)}})
	h.pass(30 * time.Second)
	h.tell(model.RunStage{Ref: beside, Stage: model.RunWorking}, model.RunLoading{Ref: beside, State: &model.Progress{Label: "importing", Queue: ptr(200), Done: ptr(124)}})
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Which order?", &schema.SelectSingle{Options: []schema.Option{{Label: "88007", Value: "88007", Description: "Northwind, 3 items"}}}))
	h.press("space")
	h.press("ctrl+s")
	h.answered(ref, "k1")
	h.render(ref, "k2", nil, component("Items to refund", &schema.SelectMultiple{Options: []schema.Option{{Label: "bolt", Value: 1}, {Label: "nut", Value: 2}, {Label: "nail", Value: 3}}}))
	h.press("space", "down", "space", "ctrl+s")
	h.answered(ref, "k2")
	h.log(ref, "found order 88007, 3 items", "payment provider answers in 210 ms", "2 items chosen", "account refused by provider: name does not match")
	account := component("Account", &schema.InputText{})
	h.render(ref, "k3", []schema.ChoiceButton{{Label: "Refund", Value: "refund"}, {Label: "Hold it", Value: "hold", Theme: schema.ThemeSecondary}, {Label: "Refuse", Value: "refuse", Theme: schema.ThemeDanger}},
		component("How shall it be paid?", &schema.DisplayHeading{}),
		component("Refund by", &schema.SelectSingle{Options: []schema.Option{{Label: "the card it was paid with", Value: "card"}, {Label: "bank transfer", Value: "bank"}, {Label: "voucher", Value: "voucher", Description: "adds 10 %"}}}),
		component("Amount", &schema.InputNumber{Min: ptr(0.01), Max: ptr(84.5), Currency: "GBP", DefaultValue: ptr(84.5)}),
		account,
		optional(component("Pay out on", &schema.InputDate{})),
		component("Tell the client", &schema.InputBoolean{DefaultValue: ptr(true)}),
		component("They read this text in the mail:\n\n> Your refund of **£ 84.50** is on its way. It takes **2 days**.", &schema.DisplayMarkdown{}),
	)
	h.press("down", "space", "tab", "tab")
	h.write("NL91 ABNA 0417 1643 00")
	h.press("tab")
	h.write("tomorrow")
	h.pass(10 * time.Second)
	h.press("ctrl+s")
	h.answered(ref, "k3")
	last := h.app.state.Shown().Content.(*model.Run).Steps[2].Render
	again := *last
	again.ID = "k3b"
	again.Components = append([]schema.Component(nil), last.Components...)
	again.Components[3].Error = "this account is not the one that paid"
	h.tell(model.RunRendered{Ref: ref, Render: &again, Update: true, Refused: true, Waits: true}, model.RunStage{Ref: ref, Stage: model.RunAsking})
}

// everyInput asks with every kind of field at once.
func everyInput(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	multiple := component("More files", &schema.UploadFile{})
	multiple.Multiple, multiple.Optional = true, true
	h.render(ref, "k1", nil,
		component("Text", &schema.InputText{MinLength: 3, MaxLength: 20}),
		optional(component("Notes", &schema.InputText{Multiline: true, DefaultValue: ptr("first line\nsecond")})),
		component("Email", &schema.InputEmail{Placeholder: "you@example.org"}),
		component("Number", &schema.InputNumber{Min: ptr(1.0), Max: ptr(10.0)}),
		component("Cash", &schema.InputNumber{Currency: "EUR", Min: ptr(0.01)}),
		component("Slider", &schema.InputSlider{Max: 11, Step: 0.5, DefaultValue: ptr(3.0)}),
		component("Address", &schema.InputURL{AllowedProtocols: []string{"https"}}),
		component("Yes?", &schema.InputBoolean{HelpText: "It can be undone."}),
		component("Rich", &schema.InputRichText{DefaultValue: ptr("<p>Hello <b>you</b></p>")}),
		component("Date", &schema.InputDate{DefaultValue: &schema.Date{Year: 2026, Month: 11, Day: 22}}),
		component("Time", &schema.InputTime{Max: &schema.Clock{Hour: 18, Minute: 30}}),
		component("Moment", &schema.InputDateTime{DefaultValue: &schema.DateTime{Date: schema.Date{Year: 2026, Month: 12, Day: 1}, Clock: schema.Clock{Hour: 9}}}),
		component("Fixed", &schema.InputNumber{DefaultValue: ptr(3.0), Disabled: true}),
		component("Rows", &schema.InputSpreadsheet{Columns: schema.SheetColumns{{Name: "name", Type: "string"}, {Name: "qty", Type: "number"}, {Name: "ok", Type: "boolean?"}}, DefaultValue: []schema.Record{{{Name: "name", Value: "bolt"}, {Name: "qty", Value: 3}, {Name: "ok", Value: true}}}}),
		component("Plan", &schema.SelectSingle{Options: []schema.Option{{Label: "Basic", Value: "b", Description: "for one"}, {Label: "Pro", Value: "p"}}}),
		component("Tags", &schema.SelectMultiple{Options: []schema.Option{{Label: "red", Value: "red"}, {Label: "green", Value: "green"}}, MaxSelections: ptr(1)}),
		component("Part", &schema.Search{Results: []schema.SearchResult{{Value: "0", Label: "SKU-001", Description: "bolt"}}}),
		component("File", &schema.UploadFile{AllowedExtensions: []string{".csv"}}),
		multiple,
		component("INPUT", &schema.Unknown{Name: "INPUT_SIGNATURE"}),
	)
}

var orderRows = func() []schema.Row {
	var rows []schema.Row
	for i, c := range []string{"Northwind Traders", "Blue Delta", "Northwind Traders", "Orchard & Vine", "Blue Delta", "Kestrel Labs", "Orchard & Vine", "Northwind Traders", "Blue Delta"} {
		rows = append(rows, schema.Row{
			Key: fmt.Sprint(i), Data: schema.Record{{Name: "order", Value: json.Number(strconv.Itoa(88101 + 3*i))}, {Name: "client", Value: c}, {Name: "state", Value: "open"}, {Name: "total", Value: json.Number(strconv.FormatFloat(19.5+float64(i*i), 'f', 2, 64))}},
			Menu: []schema.MenuItem{{Label: "Refund it", Target: schema.Target{Route: "orders/refund", Params: schema.Record{{Name: "order", Value: json.Number(strconv.Itoa(88101 + 3*i))}}}}},
		})
	}
	return rows
}()

var orderColumns = []schema.Column{{Label: "order", AccessorKey: "order"}, {Label: "client", AccessorKey: "client"}, {Label: "state", AccessorKey: "state"}, {Label: "total", AccessorKey: "total"}}

// bulk chooses rows of a table that the host pages.
func bulk(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("orders/bulk")
	h.render(ref, "k1", nil, component("Which orders?", &schema.SelectTable{Columns: orderColumns, Data: orderRows, DefaultPageSize: 9, TotalRecords: ptr(40), MinSelections: ptr(1), MaxSelections: ptr(5)}))
	h.press("space", "down", "space", "down", "down", "space", "up", "s", "/")
	h.write("!paid")
	h.press("enter")
}

func everyDisplay(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	for i, c := range []schema.Component{
		component("Stock", &schema.DisplayHeading{Description: "What is on the shelf", MenuItems: []schema.MenuItem{{Label: "Edit", Target: schema.Target{Route: "import"}}, {Label: "Off", Disabled: true}}}),
		component("# Title\n\nSome **bold** text with `code`, and [a link](https://docs.example.test).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |", &schema.DisplayMarkdown{}),
		component("Program", &schema.DisplayCode{Code: "func main() {\n\tfmt.Println(42) // hello\n}", Language: "go"}),
		component("HTML", &schema.DisplayHTML{HTML: "<p>Some <b>bold</b> words</p><ul><li>one</li></ul><script>alert(1)</script>"}),
		component("Pixel", &schema.DisplayImage{Image: schema.Image{URL: "https://img.example.test/1.png", Alt: "one pixel", Size: schema.SizeSmall}}),
		component("Logo", &schema.DisplayImage{Image: schema.Image{URL: dataPNG(four()), Alt: "our logo"}}),
		component("Clip", &schema.DisplayVideo{URL: "https://img.example.test/a.mp4"}),
		component("Docs", &schema.DisplayLink{Target: schema.Target{URL: "https://docs.example.test"}}),
		component("Object", &schema.DisplayObject{Data: schema.Record{{Name: "name", Value: "bolt"}, {Name: "sizes", Value: schema.List{json.Number("1"), json.Number("2")}}}}),
		component("Facts", &schema.DisplayMetadata{Data: []schema.MetaItem{{Label: "Now", Value: schema.Some("ready")}, {Label: "Later", Value: schema.Some(schema.Undefined{})}, {Label: "Broken", Error: "no scales"}, {Label: "None", Value: schema.Some(nil)}}}),
		component("Few", &schema.DisplayTable{Columns: orderColumns, Data: orderRows[:3]}),
		component("Cards", &schema.DisplayGrid{Data: []schema.GridItem{{Key: "a", Data: schema.Card{Label: "SKU-001", Description: "bolt"}}}}),
		component("Import", &schema.DisplayProgressSteps{Steps: schema.Steps{Completed: 1, Total: 4}, CurrentStep: "Read"}),
		component("Tidying", &schema.DisplayProgressIndeterminate{}),
		component("Summary", &schema.DisplayProgressThroughList{Items: []schema.ListItem{{Label: "Read", IsComplete: true, ResultDescription: ptr("ok")}, {Label: "Write"}}}),
	} {
		h.render(ref, fmt.Sprint("d", i), nil, c)
	}
}

func loadingRun(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("import")
	h.tell(model.RunStage{Ref: ref, Stage: model.RunWorking}, model.RunLoading{Ref: ref, State: &model.Progress{Label: "Importing", Description: "rows of clients.csv", Queue: ptr(200), Done: ptr(0)}})
	h.pass(31 * time.Second)
	h.tell(model.RunLoading{Ref: ref, State: &model.Progress{Label: "Importing", Description: "rows of clients.csv", Queue: ptr(200), Done: ptr(124)}})
	h.log(ref, "read 200 rows", "Northwind Traders", "Blue Delta")
	h.tell(model.RunNotified{Ref: ref, Title: "Half of it", Message: "is done", To: []string{"ops@example.test"}})
}

func failedRun(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("How?", &schema.InputText{}))
	h.write("fast")
	h.press("ctrl+s")
	h.answered(ref, "k1")
	h.pass(4 * time.Second)
	h.tell(model.RunOver{Ref: ref, Result: &schema.Result{Status: schema.StatusFailure, Failure: &schema.Failure{Kind: "OutOfStock", Message: "No bolts left", Cause: "RangeError: 3 wanted"}}})
}

func lostHost(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("orders/refund")
	h.render(ref, "k1", nil, component("Account", &schema.InputText{}))
	h.write("NL91")
	h.pass(10 * time.Second)
	host := *h.app.state.Dir.Method("action\x00orders/refund").Offers[0].Server.Host
	h.tell(model.HostHeard{Host: host, Left: "its connection was lost", At: h.now}, model.RunStage{Ref: ref, Stage: model.RunLost})
	h.pass(12 * time.Second)
}

func reportPage(h *harness) {
	h.main()
	h.backOffice()
	ref := h.startRun("reports")
	h.tell(model.PageDrawn{Ref: ref, Layout: &schema.Layout{
		Title: schema.Now("Reports of the north"), Description: schema.Pending[string](),
		MenuItems: []schema.MenuItem{{Label: "New", Theme: schema.ThemePrimary, Target: schema.Target{Route: "import"}}},
		Errors:    []schema.LayoutError{{LayoutKey: "description", Failure: schema.Failure{Kind: "Error", Message: "can't count"}}},
		Children: &schema.Render{InputGroupKey: "c1", Components: []schema.Component{
			component("Top", &schema.DisplayHeading{}),
			component("Orders", &schema.DisplayTable{Columns: orderColumns, Data: orderRows, DefaultPageSize: 4}),
		}},
	}})
}

func init() { //nolint:gochecknoinits // scenes of one concern stand together
	scenes = append(scenes, []scene{
		{name: "run", make: refund},
		{name: "run-inputs", make: everyInput},
		{name: "run-table", make: bulk},
		{name: "run-displays", make: everyDisplay},
		{name: "run-loading", make: loadingRun},
		{name: "run-failed", make: failedRun},
		{name: "run-lost", make: lostHost},
		{name: "run-page", make: reportPage},
		{name: "run-plain", set: setting{plain: true}, make: refund},
		{name: "run-host", make: func(h *harness) {
			h.main()
			h.backOffice()
			h.app.state.Point(model.Servers, h.server("back-office").ID)
			h.pass(0)
		}},
		{name: "run-form", make: func(h *harness) {
			h.main()
			h.backOffice()
			h.app.state.Point(model.Methods, "action\x00orders/refund")
			h.press("enter")
		}},
		{name: "run-cancel", make: func(h *harness) { refund(h); h.press("alt+x") }},
		{name: "run-quit", make: func(h *harness) { refund(h); h.press("ctrl+c") }},
	}...)
	for _, name := range []string{"run", "run-inputs", "run-table", "run-displays", "run-loading", "run-failed", "run-lost", "run-page"} {
		pictures = append(pictures, struct {
			scene string
			sizes [][2]int
		}{name, mainSizes})
	}
	for _, name := range []string{"run-plain", "run-host", "run-form", "run-cancel", "run-quit"} {
		pictures = append(pictures, struct {
			scene string
			sizes [][2]int
		}{name, normalSize})
	}
}
