package schema

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func ptr[T any](v T) *T { return &v }

var plans = []Option{{Label: "Basic", Value: "basic", Description: "cheap"}, {Label: "Pro", Value: "pro"}, {Label: 3, Value: 3}}

// TestCheck holds what hosts let through and the dashboard doesn't.
func TestCheck(t *testing.T) {
	t.Parallel()
	day := func(y, m, d int) Date { return Date{y, m, d} }
	text := &InputText{MinLength: 3, MaxLength: 5}
	num := &InputNumber{Min: ptr(1.0), Max: ptr(10.0)}
	cash := &InputNumber{Currency: "EUR", Min: ptr(0.01)}
	slide := &InputSlider{Min: 0, Max: 11, Step: 0.5}
	date := &InputDate{Min: ptr(day(2024, 1, 1)), Max: ptr(day(2024, 12, 31))}
	clock := &InputTime{Min: &Clock{8, 0}, Max: &Clock{18, 30}}
	moment := &InputDateTime{Min: &DateTime{day(2024, 1, 1), Clock{12, 0}}}
	sheet := &InputSpreadsheet{Columns: SheetColumns{{"name", "string"}, {"qty", "number"}, {"note", "string?"}, {"ok", "boolean"}}}
	row := Record{{"name", "nut"}, {"qty", 4}, {"ok", false}}
	file := File{Name: "a.TXT", URL: "http://h/f", Size: 3}
	upload := &UploadFile{AllowedExtensions: []string{".txt", "csv"}}
	multi := &SelectMultiple{Options: plans, MinSelections: ptr(1), MaxSelections: ptr(2)}
	table := &SelectTable{MinSelections: ptr(1), MaxSelections: ptr(2)}
	tests := []struct {
		props Props
		value any
		want  string // part of the error, empty for none
	}{
		{text, "abc", ""},
		{text, "", "required"},
		{text, nil, "required"},
		{text, Undefined{}, "required"},
		{text, "ab", "at least 3"},
		{text, "abcdef", "at most 5"},
		{text, "a😀b😀", "at most 5"},
		{text, 7, "want text"},
		{&InputEmail{}, "ops@example.test", ""},
		{&InputEmail{}, "ops@example", "not an email"},
		{&InputEmail{}, "ops example.test", "not an email"},
		{&InputEmail{}, "", "required"},
		{num, 7, ""},
		{num, 1, ""},
		{num, 10.0, ""},
		{num, 0, "at least 1"},
		{num, 11, "at most 10"},
		{num, 2.5, "whole number"},
		{num, 512.5, "whole number"},
		{num, "7", "want a number"},
		{num, 1e300, "at most 10"},
		{cash, 19.95, ""},
		{cash, 19.955, "at most 2 decimals"},
		{cash, 0.01, ""},
		{cash, 0, "at least 0.01"},
		{&InputNumber{Decimals: 3, Currency: "JPY"}, 1.234, ""},
		{slide, 4.5, ""},
		{slide, 4.25, "at most 1 decimal"},
		{slide, 12, "at most 11"},
		{&InputURL{}, "https://hook.example.test/a?b=1", ""},
		{&InputURL{}, "hook.example.test", "not a complete address"},
		{&InputURL{}, "https://", "not a complete address"},
		{&InputURL{}, "ftp://example.test", "must begin with"},
		{&InputURL{AllowedProtocols: []string{"https"}}, "http://example.test", "must begin with https"},
		{&InputURL{AllowedProtocols: []string{"mailto"}}, "mailto:a@example.test", ""},
		{&InputBoolean{}, true, ""},
		{&InputBoolean{}, "yes", "want yes or no"},
		{&InputRichText{}, "<p>Hello</p>", ""},
		{&InputRichText{}, "<p>&nbsp; </p>", "required"},
		{date, day(2024, 2, 29), ""},
		{date, day(2023, 12, 31), "not before 2024-01-01"},
		{date, day(2025, 1, 1), "not after"},
		{date, day(2024, 13, 1), "there is no 2024-13-01"},
		{date, day(2024, 2, 30), "there is no"},
		{date, "2024-02-01", "want object"},
		{clock, Clock{17, 5}, ""},
		{clock, Clock{7, 59}, "not before 08:00"},
		{clock, Clock{18, 31}, "not after"},
		{&InputTime{}, Clock{24, 0}, "there is no"},
		{moment, DateTime{day(2024, 1, 1), Clock{12, 0}}, ""},
		{moment, DateTime{day(2024, 1, 1), Clock{11, 59}}, "not before 2024-01-01T12:00"},
		{moment, day(2024, 1, 1), "hour: want a value"},
		{sheet, []Record{row}, ""},
		{sheet, []Record{}, "at least one row"},
		{sheet, make([]Record, 1001), "at most 1000"},
		{sheet, []Record{append(Record{{"extra", 1}}, row...)}, `no column is called "extra"`},
		{sheet, []Record{{{"name", "nut"}, {"qty", "four"}, {"ok", false}}}, "qty: want number"},
		{sheet, []Record{{{"name", "nut"}, {"ok", false}}}, "qty: an answer is required"},
		{upload, file, ""},
		{upload, File{Name: "a.exe", URL: "u"}, "must end with"},
		{upload, File{Name: "acsv", URL: "u"}, "must end with"},
		{upload, File{Name: "a.csv"}, "no address"},
		{&Search{}, "0:1", ""},
		{&Search{}, "", "want a result"},
		{&SelectSingle{Options: plans}, plans[1], ""},
		{&SelectSingle{Options: plans}, Option{Label: 3, Value: 3.0}, ""},
		{&SelectSingle{Options: plans}, Option{Label: "Pro", Value: "none"}, "not among"},
		{&SelectSingle{Options: plans}, "pro", "want object"},
		{multi, plans[:2], ""},
		{multi, []Option{}, "at least 1"},
		{multi, plans, "at most 2"},
		{multi, []Option{plans[0], plans[0]}, "twice"},
		{multi, []Option{{Label: "x", Value: "y"}}, "not among"},
		{table, []RowKey{{"0"}, {"3"}}, ""},
		{table, []RowKey{}, "at least 1"},
		{table, []RowKey{{"0"}, {"1"}, {"2"}}, "at most 2"},
		{table, []RowKey{{"0"}, {"0"}}, "twice"},
		{table, []string{"0"}, "want object"},
		{&Confirm{}, false, ""},
		{&Confirm{}, nil, "required"},
		{&ConfirmIdentity{}, "me", "want yes or no"},
		{&Credentials{}, Login{Token: "t"}, ""},
		{&Credentials{}, Record{}, "token: want a value"},
		{&DisplayCode{}, nil, ""},
		{&DisplayCode{}, "x", "takes no answer"},
		{&Unknown{Name: "INPUT_FUTURE"}, "x", "not known"},
		{&Unknown{Name: "DISPLAY_FUTURE"}, nil, ""},
		{&InputText{Disabled: true, DefaultValue: ptr("d")}, "d", ""},
		{&InputText{Disabled: true, DefaultValue: ptr("d")}, nil, ""},
		{&InputText{Disabled: true, DefaultValue: ptr("d")}, "x", "can't be changed"},
		{&InputText{Disabled: true}, nil, "nothing can be answered"},
		{&InputText{}, func() {}, "can travel"},
	}
	for _, test := range tests {
		err := Check(&Component{Label: "L", Props: test.props}, test.value)
		if (test.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %+v with %v: %v, want %q", test.props.Method(), test.props, test.value, err, test.want)
		}
	}
}

func TestNormalFillsIn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		c     Component
		value any
		want  any
	}{
		{Component{Props: &InputText{}, Optional: true}, nil, Undefined{}},
		{Component{Props: &DisplayCode{}}, Undefined{}, nil},
		{Component{Props: &InputNumber{Disabled: true, DefaultValue: ptr(3.0)}}, nil, number(3)},
		{Component{Props: &SelectSingle{Options: plans}}, Option{Label: "Basic", Value: "basic"}, Record{{"label", "Basic"}, {"value", "basic"}, {"description", "cheap"}}},
		{Component{Props: &Search{}, Multiple: true}, []string{"0:1", "1:1"}, List{"0:1", "1:1"}},
		{Component{Props: &Search{}, Multiple: true}, []string{}, List{}},
		{Component{Props: &SelectTable{}}, []RowKey{}, List{}},
	}
	for _, test := range tests {
		got, err := Normal(&test.c, test.value)
		if err != nil || !Equal(got, test.want) {
			t.Errorf("%s with %v: %#v, %v, want %#v", test.c.Method(), test.value, got, err, test.want)
		}
	}
	if err := Check(&Component{Props: &Search{}, Multiple: true}, "0:1"); err == nil {
		t.Error("a single answer to a multiple search passed")
	}
}

func TestCheckAllNamesEveryProblem(t *testing.T) {
	t.Parallel()
	r := &Render{Components: []Component{
		{Label: "A", Props: &InputText{}},
		{Label: "B", Props: &DisplayMarkdown{}},
		{Label: "C", Props: &InputNumber{Min: ptr(5.0)}},
	}, Buttons: []ChoiceButton{{Label: "Go", Value: "go"}, {Label: "go", Value: "other"}}}
	_, err := CheckAll(r, []any{"", nil, 3})
	var wrong *AnswerError
	if !errors.As(err, &wrong) || len(wrong.Problems) != 2 || wrong.Problems[1].Index != 2 {
		t.Errorf("got %v", err)
	}
	if _, err := CheckAll(r, []any{"x"}); err == nil {
		t.Error("one answer for three components passed")
	}
	for choice, want := range map[string]string{"": "go", "go": "go", "Go": "go", "other": "other", "stop": ""} {
		if got, err := CheckChoice(r, choice); got != want || (err == nil) != (want != "") {
			t.Errorf("choice %q: %q, %v", choice, got, err)
		}
	}
}

func TestInitial(t *testing.T) {
	t.Parallel()
	when := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	days := []Option{{Label: when, Value: when}}
	tests := []struct {
		c    Component
		want any
	}{
		{Component{Props: &DisplayCode{}}, nil},
		{Component{Props: &InputBoolean{}}, false},
		{Component{Props: &InputSlider{Max: 3}}, Undefined{}},
		{Component{Props: &SelectSingle{Options: plans, DefaultValue: &Option{Label: "?", Value: "gone"}}}, Undefined{}},
		{Component{Props: &SelectSingle{Options: days, DefaultValue: &days[0]}}, Record{{"label", when}, {"value", when}}},
		{Component{Props: &SelectMultiple{Options: plans, DefaultValue: []Option{{Label: "Pro", Value: "pro"}, {Label: "x", Value: "x"}}}}, List{Record{{"label", "Pro"}, {"value", "pro"}}}},
		{Component{Props: &SelectTable{SelectedKeys: []string{"1"}}}, List{Record{{"key", "1"}}}},
		{Component{Props: &Search{DefaultValue: ptr("default:0")}}, "default:0"},
		{Component{Props: &Search{}, Multiple: true, MultipleDefault: []any{"default:0"}}, List{"default:0"}},
		{Component{Props: &InputDate{DefaultValue: &Date{2024, 6, 15}}}, Record{{"year", number(2024)}, {"month", number(6)}, {"day", number(15)}}},
	}
	for _, test := range tests {
		if got := Initial(&test.c); !Equal(got, test.want) {
			t.Errorf("%s: %#v, want %#v", test.c.Method(), got, test.want)
		}
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	tests := []struct {
		cell any
		want string
	}{
		{nil, ""},
		{"x", "x"},
		{number(7), "7"},
		{Record{{"label", "open"}, {"route", "in_text"}}, "open"},
		{Record{{"label", number(3)}, {"value", "v"}}, "3"},
		{Record{{"value", true}}, "true"},
	}
	for _, test := range tests {
		if got := CellOf(test.cell); got.Label != test.want {
			t.Errorf("%v: %q", test.cell, got.Label)
		}
	}
	if got := (Target{URL: "u", Route: "r"}); got.Slug() != "" || got.Address() != "u" {
		t.Errorf("the address has to win: %+v", got)
	}
}
