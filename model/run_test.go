package model

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"ioscope/client/interval/schema"
)

// office is a state with one host that offers some actions and a page.
func office(t *testing.T) *State {
	t.Helper()
	s := New(Options{User: "dev"}, time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC))
	s.Tick(s.Now)
	s.Apply([]Input{HostHeard{At: s.Now, Host: Host{ID: "h1", Name: "back-office", SDK: "@interval/sdk 2.0.0", Remote: "127.0.0.1:5000", Actions: []Action{
		{Slug: "refund", Name: "Refund an order", Group: []string{"Orders"}},
		{Slug: "orders/report", Name: "Report", Page: true},
	}}}}, s.Now)
	return s
}

func (s *State) mustMethod(t *testing.T, id RowID) *Method {
	t.Helper()
	m := s.Dir.Method(id)
	if m == nil {
		t.Fatalf("no %q", id)
	}
	return m
}

// started opens an action's form and starts it.
func started(t *testing.T, s *State) *Run {
	t.Helper()
	s.OpenAction(s.mustMethod(t, "action\x00refund"), nil)
	r, ok := s.Shown().Content.(*Run)
	if !ok {
		t.Fatal("no form")
	}
	effects := r.Press(s, 0)
	start, ok := effects[0].(StartRun)
	if len(effects) != 1 || !ok || start.Slug != "refund" || start.Host != "h1" {
		t.Fatalf("started by %+v", effects)
	}
	s.Apply([]Input{RunBegun{Thing: start.Thing, Gen: start.Gen, Ref: "t1"}, RunStage{"t1", RunWorking}}, s.Now)
	return r
}

func form(key string, components ...schema.Component) *schema.Render {
	return &schema.Render{ID: key, InputGroupKey: key, Components: components}
}

func TestHostsAndTombstones(t *testing.T) {
	t.Parallel()
	s := office(t)
	m := s.mustMethod(t, "action\x00refund")
	if m.Def.Name != "Orders › Refund an order" || m.Gone() || m.Drift {
		t.Errorf("the action is %+v", m)
	}
	srv := m.Offers[0].Server
	if srv.Instance.Name() != "back-office" || srv.Methods != 2 {
		t.Errorf("the host is %+v", srv)
	}
	h := *srv.Host
	s.Apply([]Input{HostHeard{Host: h, Left: "its connection was lost", At: s.Now}}, s.Now)
	if !srv.Gone() || !m.Gone() || srv.Methods != 2 {
		t.Error("no tombstones")
	}
	h.ID = "h2" // the program was started again
	s.Apply([]Input{HostHeard{Host: h, At: s.Now}}, s.Now)
	if srv.Gone() || m.Gone() || len(m.Offers) != 1 || m.Offers[0].Server != srv {
		t.Error("the rows did not come back to life")
	}
}

func TestRunAsksAndEnds(t *testing.T) {
	t.Parallel()
	s := office(t)
	r := started(t, s)
	least := 1.0
	render := form("k1",
		schema.Component{Label: "Name", Props: &schema.InputText{}},
		schema.Component{Label: "Amount", Props: &schema.InputNumber{Min: &least, Currency: "GBP"}},
		schema.Component{Label: "On", Props: &schema.InputDate{}},
	)
	s.Apply([]Input{RunRendered{Ref: "t1", Render: render, Waits: true}, RunStage{"t1", RunAsking}}, s.Now)
	step := r.Steps[0]
	if r.At != (RunStop{0, 0}) || !step.Open() {
		t.Fatalf("the keyboard is at %+v", r.At)
	}
	step.Fields[0].SetText("Ada")
	step.Fields[1].SetText("0.5")
	if effects := r.Press(s, 0); effects != nil {
		t.Fatalf("sent %+v", effects)
	}
	if step.Fields[1].Problem != "at least 1" || step.Fields[2].Problem != "needed" || r.At.Field != 1 {
		t.Errorf("problems %q, %q at %+v", step.Fields[1].Problem, step.Fields[2].Problem, r.At)
	}
	step.Fields[1].SetText("£ 84.50")
	step.Fields[2].SetText("tomorrow")
	effects := r.Press(s, 0)
	answer, ok := effects[0].(AnswerRun)
	if !ok || !schema.Equal(answer.Values[2].(schema.Date).Day, 22) && answer.Values[2].(schema.Date).Day != 22 {
		t.Fatalf("answered %+v", effects)
	}
	s.Apply([]Input{RunAnswered{Ref: "t1", Key: "k1", Choice: "Continue"}, RunStage{"t1", RunWorking}}, s.Now)
	if step.Open() || r.Asks() != 1 {
		t.Error("the step is still open")
	}
	s.Apply([]Input{RunOver{Ref: "t1", Result: &schema.Result{Status: schema.StatusSuccess, Data: schema.Record{{Name: "ok", Value: true}}}}}, s.Now)
	if r.Stage != RunEnded || r.Data == nil || r.Going() {
		t.Errorf("it ended as %v", r.Stage)
	}
}

func TestHostRefusesAtItsField(t *testing.T) {
	t.Parallel()
	s := office(t)
	r := started(t, s)
	render := form("k1", schema.Component{Label: "Code", Props: &schema.InputText{}})
	s.Apply([]Input{RunRendered{Ref: "t1", Render: render, Waits: true}}, s.Now)
	r.Steps[0].Fields[0].SetText("B1")
	r.Press(s, 0)
	again := form("k1", schema.Component{Label: "Code", Props: &schema.InputText{}, Error: "Must start with A"})
	again.ID = "other"
	s.Apply([]Input{
		RunAnswered{Ref: "t1", Key: "k1"},
		RunRendered{Ref: "t1", Render: again, Update: true, Refused: true, Waits: true},
	}, s.Now)
	f := r.Steps[0].Fields[0]
	if f.Problem != "Must start with A" || f.Text != "B1" || !r.Steps[0].Open() {
		t.Errorf("field %+v", f)
	}
}

func TestParams(t *testing.T) {
	t.Parallel()
	got, err := readParams("id=7\nname=Ada L\nquoted=\"7\"\nyes=true\nnone=null")
	if err != nil {
		t.Fatal(err)
	}
	if back := writeParams(got); back != "id=7\nname=Ada L\nquoted=\"7\"\nyes=true\nnone=null" {
		t.Errorf("written again: %q", back)
	}
	if v, _ := got.Get("quoted"); v != "7" {
		t.Errorf("quoted is %v", v)
	}
	for _, wrong := range []string{"no sign", "a=1\na=2", `{"a":[1]}`, `{"a":`} {
		if _, err := readParams(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestRunsOutliveTheBus(t *testing.T) {
	t.Parallel()
	s := office(t)
	r := started(t, s)
	s.Apply([]Input{Moved{Options{Name: "other"}}}, s.Now)
	if s.ThingOf(r) == nil || s.Dir.Method("action\x00refund") == nil {
		t.Error("the run or its host is gone with the bus")
	}
}

func TestReadOnlyStartsNothing(t *testing.T) {
	t.Parallel()
	s := office(t)
	s.ReadOnly = true
	s.OpenAction(s.mustMethod(t, "action\x00refund"), nil)
	if effects := s.Shown().Content.(*Run).Press(s, 0); effects != nil {
		t.Errorf("started by %+v", effects)
	}
}

// asked starts a run that asks with some components at once.
func asked(t *testing.T, components ...schema.Component) (*State, *Run, *Step) {
	t.Helper()
	s := office(t)
	r := started(t, s)
	s.Apply([]Input{RunRendered{Ref: "t1", Render: form("k1", components...), Waits: true}, RunStage{"t1", RunAsking}}, s.Now)
	return s, r, r.Steps[0]
}

// sent presses the first button and gives the values that are sent.
func sent(t *testing.T, s *State, r *Run) []any {
	t.Helper()
	effects := r.Press(s, 0)
	if len(effects) != 1 {
		t.Fatalf("effects %+v, problems %+v", effects, problems(r))
	}
	answer, ok := effects[0].(AnswerRun)
	if !ok {
		t.Fatalf("effect %+v", effects[0])
	}
	return answer.Values
}

func problems(r *Run) (out []string) {
	for _, f := range r.Steps[0].Fields {
		out = append(out, f.Problem)
	}
	return out
}

func same(t *testing.T, got, want any) {
	t.Helper()
	a, err := schema.ValueOf(got)
	b, err2 := schema.ValueOf(want)
	if err != nil || err2 != nil || !schema.Equal(a, b) {
		t.Errorf("got %v, want %v", schema.Text(a), schema.Text(b))
	}
}

// Every kind of field makes the value that travels.
func TestFieldsMakeValues(t *testing.T) {
	t.Parallel()
	options := []schema.Option{{Label: "Basic", Value: "b"}, {Label: "Pro", Value: "p"}}
	hits := []schema.SearchResult{{Value: "0", Label: "SKU-001"}, {Value: "1", Label: "SKU-002"}}
	several := schema.Component{Label: "Parts", Props: &schema.Search{Results: hits}, Multiple: true}
	s, r, step := asked(t,
		schema.Component{Label: "Single", Props: &schema.SelectSingle{Options: options}},
		schema.Component{Label: "Several", Props: &schema.SelectMultiple{Options: options}},
		schema.Component{Label: "Part", Props: &schema.Search{Results: hits}},
		several,
		schema.Component{Label: "Rich", Props: &schema.InputRichText{}},
		schema.Component{Label: "Time", Props: &schema.InputTime{}},
		schema.Component{Label: "Moment", Props: &schema.InputDateTime{}},
		schema.Component{Label: "Rows", Props: &schema.InputSpreadsheet{Columns: schema.SheetColumns{{Name: "name", Type: "string"}, {Name: "qty", Type: "number"}, {Name: "ok", Type: "boolean?"}}}},
		schema.Component{Label: "Slider", Props: &schema.InputSlider{Max: 5, Step: 0.5}},
		schema.Component{Label: "Table", Props: &schema.SelectTable{Columns: []schema.Column{{AccessorKey: "a"}}, Data: []schema.Row{{Key: "7", Data: schema.Record{{Name: "a", Value: "x"}}}}}},
		schema.Component{Label: "Left", Optional: true, Props: &schema.InputEmail{}},
		schema.Component{Label: "Shown", Props: &schema.DisplayMarkdown{}},
		schema.Component{Label: "Login", Props: &schema.Credentials{}},
	)
	f := step.Fields
	f[0].Row = 1
	f[0].Toggle()
	f[1].Toggle()
	f[2].Row = 1
	f[2].Toggle()
	f[3].Row = 0
	f[3].Toggle()
	f[4].SetText("Hello **you**")
	f[5].SetText("9:30")
	f[6].SetText("tomorrow 10:00")
	f[7].PasteCells("bolt\t3\tyes\nnut\t1,200\t")
	f[8].Slide(1, s.Now)
	f[8].Slide(1, s.Now)
	f[9].Table.Choose()
	f[12].SetText("token")
	f[12].SetSecret("secret")
	v := sent(t, s, r)
	same(t, v[0], options[1])
	same(t, v[1], options[:1])
	same(t, v[2], "1")
	same(t, v[3], schema.List{"0"})
	same(t, v[4], "<p>Hello <strong>you</strong></p>")
	same(t, v[5], schema.Clock{Hour: 9, Minute: 30})
	same(t, v[6], schema.DateTime{Date: schema.Date{Year: 2026, Month: 11, Day: 22}, Clock: schema.Clock{Hour: 10}})
	same(t, v[7], []schema.Record{{{Name: "name", Value: "bolt"}, {Name: "qty", Value: 3}, {Name: "ok", Value: true}}, {{Name: "name", Value: "nut"}, {Name: "qty", Value: 1200}, {Name: "ok", Value: nil}}})
	same(t, v[8], 0.5)
	same(t, v[9], []schema.RowKey{{Key: "7"}})
	if !schema.Missing(v[10]) || v[11] != nil {
		t.Errorf("left out: %v, shown: %v", v[10], v[11])
	}
	same(t, v[12], schema.Login{Token: "token", Secret: "secret"})
}

// What is wrong is told at its place, and nothing is sent.
func TestProblemsAreToldAtTheirPlace(t *testing.T) {
	t.Parallel()
	most := 1
	options := []schema.Option{{Label: "a", Value: 1}, {Label: "b", Value: 2}}
	s, r, step := asked(t,
		schema.Component{Label: "Email", Props: &schema.InputEmail{}},
		schema.Component{Label: "Number", Props: &schema.InputNumber{}},
		schema.Component{Label: "Date", Props: &schema.InputDate{}},
		schema.Component{Label: "Pick", Props: &schema.SelectSingle{Options: options}},
		schema.Component{Label: "Few", Props: &schema.SelectMultiple{Options: options, MaxSelections: &most}},
		schema.Component{Label: "File", Props: &schema.UploadFile{AllowedExtensions: []string{"csv"}}},
		schema.Component{Label: "Sheet", Props: &schema.InputSpreadsheet{Columns: schema.SheetColumns{{Name: "qty", Type: "number"}}}},
		schema.Component{Label: "Odd", Props: &schema.Unknown{Name: "INPUT_SIGNATURE"}},
	)
	f := step.Fields
	f[0].SetText("nobody")
	f[1].SetText("2.5")
	f[2].SetText("32 Nov")
	f[4].Chosen = []int{0, 1}
	f[5].SetText("/tmp/a.exe")
	f[6].SetCell("many")
	if effects := r.Press(s, 0); effects != nil {
		t.Fatalf("sent %+v", effects)
	}
	for i, want := range []string{
		"not an email address", "a whole number, without decimals", "not a date", "choose one", "choose at most 1, 2 are chosen",
		"must end with csv", `row 1: qty: not a number: "many"`, "the component INPUT_SIGNATURE is not known here",
	} {
		if !strings.HasPrefix(f[i].Problem, want) {
			t.Errorf("%s: %q, want %q", f[i].Comp.Label, f[i].Problem, want)
		}
	}
	if r.At.Field != 0 {
		t.Errorf("the keyboard is at %+v", r.At)
	}
}

// Files go before the answer.
func TestFilesGoFirst(t *testing.T) {
	t.Parallel()
	several := schema.Component{Label: "More", Props: &schema.UploadFile{}, Multiple: true, Optional: true}
	s, r, step := asked(t, schema.Component{Label: "File", Props: &schema.UploadFile{}}, several)
	step.Fields[0].SetText("/a.csv")
	step.Fields[1].SetText("/b.csv")
	step.Fields[1].AddPath()
	step.Fields[1].SetText("/c.csv")
	effects := r.Press(s, 0)
	if len(effects) != 2 || len(effects[1].(UploadRun).Paths) != 2 {
		t.Fatalf("effects %+v", effects)
	}
	if again := r.Press(s, 0); again != nil {
		t.Errorf("sent twice: %+v", again)
	}
	up := func(i int, names ...string) []Effect {
		var files []schema.File
		for _, n := range names {
			files = append(files, schema.File{Name: n, URL: "http://h/" + n})
		}
		return s.Apply([]Input{RunUploaded{Ref: "t1", Key: "k1", Index: i, Files: files}}, s.Now)
	}
	if early := up(0, "a.csv"); len(early) != 0 {
		t.Fatalf("sent too early: %+v", early)
	}
	done := up(1, "b.csv", "c.csv")
	if len(done) != 1 {
		t.Fatalf("effects %+v, problems %q", done, problems(r))
	}
	same(t, done[0].(AnswerRun).Values[0], schema.File{Name: "a.csv", URL: "http://h/a.csv"})
	s.Apply([]Input{RunUploaded{Ref: "t1", Key: "k1", Index: 0, Err: errors.New("late")}}, s.Now)
}

// A run is repeated with the same answers, by label, until one doesn't fit.
func TestRunRepeats(t *testing.T) {
	t.Parallel()
	hits := []schema.SearchResult{{Value: "4", Label: "SKU-005"}}
	s, r, step := asked(t, schema.Component{Label: "Name", Props: &schema.InputText{}},
		schema.Component{Label: "Part", Stateful: true, Props: &schema.Search{Results: hits}})
	step.Fields[0].SetText("Ada")
	step.Fields[1].Text = "SKU"
	step.Fields[1].Row = 0
	step.Fields[1].Toggle()
	sent(t, s, r)
	s.Apply([]Input{
		RunAnswered{Ref: "t1", Key: "k1", Choice: "Continue"},
		RunRendered{Ref: "t1", Render: form("k2", schema.Component{Label: "Sure?", Props: &schema.Confirm{}}), Waits: true},
	}, s.Now)
	if effects := r.Press(s, 1); effects[0].(AnswerRun).Values[0] != false {
		t.Fatalf("no is %+v", effects)
	}
	s.Apply([]Input{RunAnswered{Ref: "t1", Key: "k2"}, RunOver{Ref: "t1", Result: &schema.Result{Status: schema.StatusSuccess}}}, s.Now)

	start := r.Repeat(s)[0].(StartRun)
	again := s.Shown().Content.(*Run)
	s.Apply([]Input{RunBegun{Thing: start.Thing, Gen: start.Gen, Ref: "t2"}}, s.Now)
	searched := form("k1", schema.Component{Label: "Name", Props: &schema.InputText{}},
		schema.Component{Label: "Part", Stateful: true, Props: &schema.Search{}})
	effects := s.Apply([]Input{RunRendered{Ref: "t2", Render: searched, Waits: true}}, s.Now)
	if turn, ok := effects[0].(TurnRun); !ok || turn.State.(schema.SearchState).QueryTerm != "SKU" {
		t.Fatalf("the search is not asked for: %+v", effects)
	}
	found := form("k1", schema.Component{Label: "Name", Props: &schema.InputText{}},
		schema.Component{Label: "Part", Stateful: true, Props: &schema.Search{Results: []schema.SearchResult{{Value: "9", Label: "SKU-005"}}}})
	effects = s.Apply([]Input{RunRendered{Ref: "t2", Render: found, Update: true, Waits: true}}, s.Now)
	answer := effects[0].(AnswerRun)
	same(t, answer.Values[0], "Ada")
	same(t, answer.Values[1], "9")
	effects = s.Apply([]Input{
		RunAnswered{Ref: "t2", Key: "k1"},
		RunRendered{Ref: "t2", Render: form("k2", schema.Component{Label: "Really sure?", Props: &schema.Confirm{}}), Waits: true},
	}, s.Now)
	if len(effects) != 0 || !again.Steps[1].Open() {
		t.Errorf("another question was answered: %+v", effects)
	}
}

// Tables page, sort and filter here where all rows are, else the host does it.
func TestTables(t *testing.T) {
	t.Parallel()
	var rows []schema.Row
	for _, n := range []string{"9", "10", "1", "8", "7"} {
		rows = append(rows, schema.Row{Key: n, Data: schema.Record{{Name: "n", Value: json.Number(n)}}})
	}
	columns := []schema.Column{{Label: "n", AccessorKey: "n"}}
	_, r, step := asked(t, schema.Component{Label: "Here", Props: &schema.SelectTable{Columns: columns, Data: rows, DefaultPageSize: 2}})
	f := step.Fields[0]
	if effects := r.SortTable(f); effects != nil {
		t.Errorf("the host was asked: %+v", effects)
	}
	var keys []string
	for page := 0; ; page++ {
		for _, row := range f.Table.Rows() {
			keys = append(keys, row.Key)
		}
		if _, more := r.PageTable(f, 1); !more {
			break
		}
	}
	if got := strings.Join(keys, " "); got != "1 7 8 9 10" {
		t.Errorf("sorted: %s", got)
	}
	r.FilterTable(f, "1")
	if total, _ := f.Table.Total(); total != 2 {
		t.Errorf("filtered to %d", total)
	}

	total := 40
	_, r, step = asked(t, schema.Component{Label: "There", Stateful: true, Props: &schema.SelectTable{Columns: columns, Data: rows, DefaultPageSize: 5, TotalRecords: &total}})
	f = step.Fields[0]
	f.Table.Choose()
	effects, _ := r.PageTable(f, 1)
	state := effects[0].(TurnRun).State.(schema.SelectTableState)
	if state.Offset != 5 || state.PageSize != 5 || !f.Table.Waiting {
		t.Errorf("asked for %+v", state)
	}
	f.Table.renew(&schema.SelectTable{Columns: columns, Data: rows[1:], TotalRecords: &total})
	f.Table.Choose()
	if got := strings.Join(f.Table.Chosen, " "); got != "9 10" {
		t.Errorf("chosen: %s", got)
	}
}

// A row that was closed before the host heard of the start leaves nothing behind.
func TestClosedWhileStarting(t *testing.T) {
	t.Parallel()
	s := office(t)
	s.OpenAction(s.mustMethod(t, "action\x00refund"), nil)
	r := s.Shown().Content.(*Run)
	start := r.Press(s, 0)[0].(StartRun)
	s.Close(s.Shown())
	effects := s.Apply([]Input{RunBegun{Thing: start.Thing, Gen: start.Gen, Ref: "t1"}}, s.Now)
	if len(effects) != 2 {
		t.Errorf("effects %+v", effects)
	}
}

func TestRichText(t *testing.T) {
	t.Parallel()
	for html, markdown := range map[string]string{
		"<p>Hello <b>you</b></p>":              "Hello **you**",
		"<ul><li>one</li><li>two</li></ul>":    "- one\n- two",
		"<ol><li>one</li><li>two</li></ol>":    "1. one\n2. two",
		"<h2>Top</h2><p>a<br>b</p>":            "## Top\n\na\nb",
		`<a href="https://e.test">link</a>`:    "[link](https://e.test)",
		"<script>alert(1)</script><p>text</p>": "text",
	} {
		if got := HTMLToMarkdown(html); got != markdown {
			t.Errorf("%s: %q, want %q", html, got, markdown)
		}
	}
}
