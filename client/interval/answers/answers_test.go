package answers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"ioscope/client/interval/schema"
)

// desk is a host that searches, pages and takes files.
type desk struct {
	render *schema.Render
	rows   []schema.Row
	asked  []string
}

func (d *desk) State(_ context.Context, index int, state any) (*schema.Render, error) {
	out := *d.render
	out.Components = append([]schema.Component{}, d.render.Components...)
	switch s := state.(type) {
	case schema.SearchState:
		d.asked = append(d.asked, s.QueryTerm)
		found := &schema.Search{Results: []schema.SearchResult{}}
		if s.QueryTerm != "none" {
			n := strconv.Itoa(len(d.asked))
			found.Results = append(found.Results, schema.SearchResult{Value: n + ":0", Label: "first"}, schema.SearchResult{Value: n + ":1"})
		}
		out.Components[index].Props = found
	case schema.SelectTableState:
		d.asked = append(d.asked, fmt.Sprint("rows from ", s.Offset))
		p := *out.Components[index].Props.(*schema.SelectTable)
		p.Data = d.rows[min(s.Offset, len(d.rows)):min(len(d.rows), s.Offset+s.PageSize)]
		out.Components[index].Props = &p
	}
	return &out, nil
}

func (d *desk) Upload(_ context.Context, _ int, paths []string) ([]schema.File, error) {
	out := []schema.File{}
	for _, path := range paths {
		if strings.HasPrefix(path, "gone") {
			return nil, errors.New("no such file: " + path)
		}
		out = append(out, schema.File{Name: path, URL: "http://127.0.0.1/" + path})
	}
	return out, nil
}

func ptr[T any](v T) *T { return &v }

var (
	day     = time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	plans   = []schema.Option{{Label: "Basic", Value: "b"}, {Label: "Pro", Value: "Basic"}, {Label: 3, Value: 3}, {Label: true, Value: false}, {Label: day, Value: day}}
	twins   = []schema.Option{{Label: "Same", Value: 1}, {Label: "Same", Value: 2}}
	columns = []schema.Column{{Label: "SKU", AccessorKey: "sku"}, {Label: "Level"}}
)

func row(key, sku, level string) schema.Row {
	return schema.Row{Key: key, Data: schema.Record{{Name: "sku", Value: sku}, {Name: "1", Value: schema.Record{{Name: "label", Value: level}}}}}
}

var few = &schema.SelectTable{Columns: columns, TotalRecords: ptr(3), Data: []schema.Row{row("0", "bolt", "high"), row("1", "nut", "high"), row("2", "0", "low")}}

// TestOne answers one component, each time from a document of its own. What is
// wanted is the value as it travels, or what is wrong behind an exclamation mark.
func TestOne(t *testing.T) {
	t.Parallel()
	many := &schema.SelectTable{Columns: columns, TotalRecords: ptr(950)}
	var all []schema.Row
	for i := range 950 {
		all = append(all, row(strconv.Itoa(i), fmt.Sprintf("sku-%d", i), "any"))
	}
	many.Data = all[:500]
	sheet := &schema.InputSpreadsheet{Columns: schema.SheetColumns{{Name: "name", Type: "string"}, {Name: "qty", Type: "number?"}}}
	for _, test := range []struct {
		name  string
		comp  schema.Component
		given string // the member
		want  string
	}{
		{"text", schema.Component{Props: &schema.InputText{}}, `"x"`, `"x"`},
		{"text of a list", schema.Component{Props: &schema.InputText{MinLength: 2}}, `["x", "", 5, "yes"]`, `"yes"`},
		{"text that is too short", schema.Component{Props: &schema.InputText{MinLength: 2}}, `["x"]`, `!at least 2`},
		{"no text at all", schema.Component{Props: &schema.InputText{}}, ``, `!no default`},
		{"the default of a text", schema.Component{Props: &schema.InputText{DefaultValue: ptr("d")}}, ``, `"d"`},
		{"no default after a refusal", schema.Component{Props: &schema.InputText{DefaultValue: ptr("d"), MaxLength: 1}}, `"toolong"`, `!at most 1`},
		{"no default for an empty list", schema.Component{Props: &schema.InputText{DefaultValue: ptr("d")}}, `[]`, `!used up`},
		{"null for what is optional", schema.Component{Props: &schema.InputText{DefaultValue: ptr("d")}, Optional: true}, `null`, `undefined`},
		{"null for what is not", schema.Component{Props: &schema.InputText{}}, `null`, `!required`},
		{"nothing for what is optional", schema.Component{Props: &schema.InputText{}, Optional: true}, ``, `!no default`},
		{"number", schema.Component{Props: &schema.InputNumber{Max: ptr(9.0), Decimals: 2}}, `[10, "3", 3.25]`, `3.25`},
		{"boolean", schema.Component{Props: &schema.InputBoolean{}}, `true`, `true`},
		{"boolean left out", schema.Component{Props: &schema.InputBoolean{}}, ``, `false`},
		{"confirmation", schema.Component{Props: &schema.Confirm{}}, `false`, `false`},
		{"confirmation of no kind", schema.Component{Props: &schema.Confirm{}}, `"yes"`, `!yes or no`},
		{"confirmation left out", schema.Component{Props: &schema.Confirm{}}, ``, `!no default`},
		{"identity", schema.Component{Props: &schema.ConfirmIdentity{}}, `true`, `true`},
		{"date", schema.Component{Props: &schema.InputDate{}}, `"2026-03-31"`, `{"year":2026,"month":3,"day":31}`},
		{"date that is none", schema.Component{Props: &schema.InputDate{}}, `["2026-02-30", "31.3."]`, `!is not like 2026-03-31`},
		{"date too late", schema.Component{Props: &schema.InputDate{Max: &schema.Date{Year: 2026, Month: 1, Day: 1}}}, `"2026-03-31"`, `!not after 2026-01-01`},
		{"time", schema.Component{Props: &schema.InputTime{}}, `"17:05"`, `{"hour":17,"minute":5}`},
		{"moment", schema.Component{Props: &schema.InputDateTime{}}, `"2026-03-31T17:05:00"`, `{"year":2026,"month":3,"day":31,"hour":17,"minute":5}`},
		{"moment with a zone", schema.Component{Props: &schema.InputDateTime{}}, `"2026-03-31T17:05:00Z"`, `!is not like`},
		{"option by value before label", schema.Component{Props: &schema.SelectSingle{Options: plans}}, `"Basic"`, `{"label":"Pro","value":"Basic"}`},
		{"option by label", schema.Component{Props: &schema.SelectSingle{Options: plans}}, `"Pro"`, `{"label":"Pro","value":"Basic"}`},
		{"option by number", schema.Component{Props: &schema.SelectSingle{Options: plans}}, `3.0`, `{"label":3,"value":3}`},
		{"option by what is read", schema.Component{Props: &schema.SelectSingle{Options: plans}}, `"3"`, `{"label":3,"value":3}`},
		{"option by boolean", schema.Component{Props: &schema.SelectSingle{Options: plans}}, `false`, `{"label":true,"value":false}`},
		{"option by date", schema.Component{Props: &schema.SelectSingle{Options: plans}}, `"2026-03-31T00:00:00Z"`, `{"label":"2026-03-31T00:00:00.000Z","value":"2026-03-31T00:00:00.000Z"}`},
		{"option exactly", schema.Component{Props: &schema.SelectSingle{Options: plans}}, `"pro"`, `!"pro" is not among the options: Basic, Pro, 3, true, 2026`},
		{"option of two", schema.Component{Props: &schema.SelectSingle{Options: twins}}, `"Same"`, `!2 options are called "Same"`},
		{"option in a list", schema.Component{Props: &schema.SelectSingle{Options: twins}}, `["x", 2]`, `{"label":"Same","value":2}`},
		{"options", schema.Component{Props: &schema.SelectMultiple{Options: plans}}, `["Pro", 3]`, `[{"label":"Pro","value":"Basic"},{"label":3,"value":3}]`},
		{"no options", schema.Component{Props: &schema.SelectMultiple{Options: plans}}, `[]`, `[]`},
		{"options, the second list", schema.Component{Props: &schema.SelectMultiple{Options: plans, MaxSelections: ptr(1)}}, `[["b", 3], [3]]`, `[{"label":3,"value":3}]`},
		{"options without a list", schema.Component{Props: &schema.SelectMultiple{Options: plans}}, `"b"`, `!a list is wanted`},
		{"options that are preset", schema.Component{Props: &schema.SelectMultiple{Options: plans, DefaultValue: plans[:1]}}, ``, `[{"label":"Basic","value":"b"}]`},
		{"rows by key and cell", schema.Component{Props: few}, `["nut", "0", "low"]`, `[{"key":"1"},{"key":"0"},{"key":"2"}]`},
		{"a row twice", schema.Component{Props: few}, `["nut", "1"]`, `!chosen twice`},
		{"rows by key first", schema.Component{Props: few}, `["0", "low"]`, `[{"key":"0"},{"key":"2"}]`},
		{"rows by number", schema.Component{Props: few}, `[1]`, `[{"key":"1"}]`},
		{"rows by a cell of two", schema.Component{Props: few}, `["high"]`, `!2 rows have a cell "high": name a key, such as "0"`},
		{"no such row", schema.Component{Props: few}, `["screw"]`, `!no row has the key or a cell "screw"`},
		{"rows, the second list", schema.Component{Props: few}, `[["screw"], ["bolt"]]`, `[{"key":"0"}]`},
		{"rows that were not sent", schema.Component{Props: many, Stateful: true}, `["sku-949", "3"]`, `[{"key":"949"},{"key":"3"}]`},
		{"a cell that is everywhere", schema.Component{Props: many, Stateful: true}, `["any"]`, `!950 rows`},
		{"records", schema.Component{Props: sheet}, `[{"name": "bolt"}, {"name": "nut", "qty": 2}]`, `[{"name":"bolt","qty":null},{"name":"nut","qty":2}]`},
		{"records, the second list", schema.Component{Props: sheet}, `[[{"name": 5}], [{"name": "nut", "qty": 2}]]`, `[{"name":"nut","qty":2}]`},
		{"search", schema.Component{Props: &schema.Search{}}, `"bo"`, `"1:0"`},
		{"search, the second query", schema.Component{Props: &schema.Search{}}, `["none", "bo"]`, `"2:0"`},
		{"search without a hit", schema.Component{Props: &schema.Search{}}, `"none"`, `!nothing is found for "none"`},
		{"search for nothing", schema.Component{Props: &schema.Search{Results: []schema.SearchResult{{Value: "0:0"}}}}, `""`, `"0:0"`},
		{"several searches", schema.Component{Props: &schema.Search{}, Multiple: true}, `["a", "b"]`, `["1:0","2:0"]`},
		{"several searches, the second list", schema.Component{Props: &schema.Search{}, Multiple: true}, `[["a", "none"], ["b"]]`, `["3:0"]`},
		{"file", schema.Component{Props: &schema.UploadFile{}}, `"a.txt"`, `{"name":"a.txt","type":"","lastModified":0,"size":0,"url":"http://127.0.0.1/a.txt"}`},
		{"file of a list", schema.Component{Props: &schema.UploadFile{}}, `["gone.txt", "b.txt"]`, `{"name":"b.txt","type":"","lastModified":0,"size":0,"url":"http://127.0.0.1/b.txt"}`},
		{"file that is gone", schema.Component{Props: &schema.UploadFile{}}, `"gone.txt"`, `!no such file: gone.txt`},
		{"no files", schema.Component{Props: &schema.UploadFile{}, Multiple: true}, `[]`, `[]`},
		{"several files", schema.Component{Props: &schema.UploadFile{}, Multiple: true}, `["a", "b"]`, `[{"name":"a","type":"","lastModified":0,"size":0,"url":"http://127.0.0.1/a"},{"name":"b","type":"","lastModified":0,"size":0,"url":"http://127.0.0.1/b"}]`},
		{"file that is a number", schema.Component{Props: &schema.UploadFile{}}, `7`, `!"7" is not a path`},
		{"credentials", schema.Component{Props: &schema.Credentials{}}, `{"token": "t"}`, `{"token":"t"}`},
		{"disabled", schema.Component{Props: &schema.InputText{DefaultValue: ptr("d"), Disabled: true}}, ``, `"d"`},
		{"disabled, with an answer", schema.Component{Props: &schema.InputText{DefaultValue: ptr("d"), Disabled: true}}, `"e"`, `!disabled`},
		{"disabled and empty", schema.Component{Props: &schema.InputText{Disabled: true}}, ``, `!nothing can be answered`},
		{"display", schema.Component{Props: &schema.DisplayHeading{}}, ``, `null`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.comp.Label = "Q"
			r := &schema.Render{Components: []schema.Component{test.comp}}
			document := "{}"
			if test.given != "" {
				document = `{"Q": ` + test.given + `}`
			}
			s, err := Parse([]byte(document))
			if err != nil {
				t.Fatal(err)
			}
			f := s.Form()
			gaps, err := f.Answer(t.Context(), r, &desk{render: r, rows: all})
			got := ""
			switch {
			case err != nil:
				t.Fatal(err)
			case len(gaps) > 0:
				got = "!" + gaps[0].Why.Error()
			default:
				got = written(t, f.Values()[0])
			}
			if got != test.want && (!strings.HasPrefix(test.want, "!") || !strings.HasPrefix(got, "!") || !strings.Contains(got, test.want[1:])) {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func written(t *testing.T, v any) string {
	t.Helper()
	if _, is := v.(schema.Undefined); is {
		return "undefined"
	}
	text, err := schema.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// play answers renders one after the other and tells what comes of it.
func play(t *testing.T, document string, renders ...*schema.Render) string {
	t.Helper()
	s, err := Parse([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	forms := map[string]*Form{}
	for _, r := range renders {
		if forms[r.InputGroupKey] == nil {
			forms[r.InputGroupKey] = s.Form()
		}
		f := forms[r.InputGroupKey]
		gaps, err := f.Answer(t.Context(), r, &desk{render: r})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range gaps {
			out = append(out, fmt.Sprintf("%s? %v", g.Label, g.Why))
		}
		if len(gaps) == 0 {
			out = append(out, strings.TrimSpace(written(t, f.Values())+" "+f.Choice()))
		}
	}
	if u := s.Unused(); len(u) > 0 {
		out = append(out, "unused "+strings.Join(u, ","))
	}
	return strings.Join(out, " | ")
}

func form(key string, labels ...string) *schema.Render {
	r := &schema.Render{InputGroupKey: key}
	for _, l := range labels {
		r.Components = append(r.Components, schema.Component{Label: l, Props: &schema.InputText{}})
	}
	return r
}

func refused(r *schema.Render, whole string, parts ...string) *schema.Render {
	out := *r
	out.Error, out.Components = whole, append([]schema.Component{}, r.Components...)
	for i, p := range parts {
		out.Components[i].Error = p
	}
	return &out
}

func buttons(r *schema.Render, labels ...string) *schema.Render {
	for _, l := range labels {
		r.Buttons = append(r.Buttons, schema.ChoiceButton{Label: l, Value: strings.ToLower(l)})
	}
	return r
}

// TestForms plays what goes over several renders.
func TestForms(t *testing.T) {
	t.Parallel()
	ab := form("1", "A", "B")
	for _, test := range []struct {
		name, document string
		renders        []*schema.Render
		want           string
	}{
		{"a label asked again", `{"A": ["1", "2"]}`, []*schema.Render{form("1", "A"), form("2", "A")}, `["1"] | ["2"]`},
		{"a label asked too often", `{"A": "1"}`, []*schema.Render{form("1", "A"), form("2", "A")}, `["1"] | A? its answers are used up`},
		{"a label twice in a form", `{"A": ["1", "2"]}`, []*schema.Render{form("1", "A", "A")}, `["1","2"]`},
		{"several gaps", `{"C": "1"}`, []*schema.Render{ab}, `A? nothing answers it, and it has no default | B? nothing answers it, and it has no default | unused C`},
		{"refused, and another answer", `{"A": ["1", "2"], "B": "b"}`, []*schema.Render{ab, refused(ab, "", "not 1")}, `["1","b"] | ["2","b"]`},
		{"refused, and no other answer", `{"A": "1", "B": "b"}`, []*schema.Render{ab, refused(ab, "", "not 1")}, `["1","b"] | A? not 1`},
		{"the other one refused", `{"A": ["1", "2"], "B": ["b", "c"]}`, []*schema.Render{ab, refused(ab, "", "", "not b"), form("2", "A")}, `["1","b"] | ["1","c"] | ["2"]`},
		{"refused as a whole", `{"A": ["1", "2"], "B": "b"}`, []*schema.Render{ab, refused(ab, "no")}, `["1","b"] | ["2","b"]`},
		{"refused as a whole, and nothing else", `{"A": "1", "B": "b"}`, []*schema.Render{ab, refused(ab, "no")}, `["1","b"] | A? no | B? no`},
		{"the first button", `{}`, []*schema.Render{buttons(form("1"), "Yes", "No")}, `[] `},
		{"a button by label", `{"_choice": "No"}`, []*schema.Render{buttons(form("1"), "Yes", "No")}, `[] no`},
		{"buttons of several forms", `{"_choice": ["no", null, "No"]}`, []*schema.Render{buttons(form("1"), "Yes", "No"), form("2"), buttons(form("3"), "Yes", "No"), buttons(form("4"), "Yes", "No")}, `[] no | [] | [] | [] no`},
		{"the button of a refused form", `{"_choice": ["no", "yes"], "A": ["1", "2"]}`, []*schema.Render{buttons(form("1", "A"), "Yes", "No"), refused(buttons(form("1", "A"), "Yes", "No"), "", "x")}, `["1"] no | ["2"] no`},
		{"no such button", `{"_choice": "Maybe"}`, []*schema.Render{buttons(form("1"), "Yes", "No")}, `_choice? there is no button "Maybe"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := play(t, test.document, test.renders...); got != strings.TrimSpace(test.want) {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestPaging: rows are asked for only where they may not be here.
func TestPaging(t *testing.T) {
	t.Parallel()
	table := &schema.SelectTable{Columns: columns, TotalRecords: ptr(150)}
	var all []schema.Row
	for i := range 150 {
		all = append(all, row(strconv.Itoa(i), fmt.Sprintf("sku-%d", i), ""))
	}
	table.Data = all[:120]
	r := &schema.Render{Components: []schema.Component{{Label: "Rows", Props: table}}}
	for document, want := range map[string]string{
		`{"Rows": ["119", "7"]}`: "",
		`{"Rows": ["sku-7"]}`:    "rows from 0, rows from 100", // another row might have it, too
	} {
		s, err := Parse([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		d := &desk{render: r, rows: all}
		if gaps, err := s.Form().Answer(t.Context(), r, d); err != nil || len(gaps) > 0 {
			t.Errorf("%s: %v, %v", document, gaps, err)
		}
		if got := strings.Join(d.asked, ", "); got != want {
			t.Errorf("%s asks for %q, want %q", document, got, want)
		}
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := Parse([]byte(`{"A": ["1", "2"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Form().Answer(ctx, form("1", "A"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                        "",
		`{}`:                      "",
		`{"A": 1}`:                "",
		`[1]`:                     "one object is wanted",
		`{"A": 1, "A": 2}`:        `the key "A" twice`,
		"{\n  \"A\": 1,\n  B: 2}": "line 3, character 3",
	} {
		_, err := Parse([]byte(text))
		if got := fmt.Sprint(err); err == nil && want != "" || err != nil && (want == "" || !strings.Contains(got, want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
