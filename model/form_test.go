package model

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

const clientAccepts = "string name, string? segment, " +
	"composite: { string street, string city, string country, string? postcode } address, " +
	"composite: { string kind, string value }[] contacts, double creditLimit, datetime? since, bool active, long[]? accountIds"

var formNow = time.Date(2026, time.November, 21, 10, 30, 0, 0, time.FixedZone("", 3600))

// drawForm is a form as text: one row a line, with all that a person sees of it.
func drawForm(f *Form, now time.Time) string {
	var b strings.Builder
	for _, r := range f.Rows(now) {
		mark := map[bool]string{true: "*", false: " "}[r.Required]
		box := map[bool]string{true: "[x] ", false: "[ ] "}[r.On]
		if r.Kind != RowBool {
			box = ""
		}
		parts := []string{fmt.Sprintf("%s%s %s", strings.Repeat("  ", r.Depth), r.Label, mark), box + r.Text, r.Placeholder, r.Count, r.Type, r.Hint}
		if r.Err != "" {
			parts = append(parts, "! "+r.Err)
		}
		line := ""
		for _, p := range parts {
			if strings.TrimSpace(p) != "" {
				line += strings.TrimRight(p, " ") + " | "
			}
		}
		b.WriteString(strings.TrimSuffix(line, " | ") + "\n")
	}
	return b.String()
}

// filledForm is the form of the picture: nested, a list, two errors.
func filledForm() *Form {
	f := NewForm(clientAccepts)
	first := f.AddItem("contacts")
	second := f.AddItem("contacts[+]")
	for _, set := range [][2]string{
		{"name", "Northwind Traders"},
		{"address.street", "12 Harbour Street"},
		{"address.city", "Rotterdam"},
		{"address.country", "NL"},
		{string(first) + ".kind", "email"},
		{string(first) + ".value", "desk@northwind.example"},
		{string(second) + ".kind", "phone"},
		{"creditLimit", "25000.5.1"},
		{"since", "today 09:00"},
		{"accountIds", "9007199254740993, 7"},
	} {
		f.SetText(FieldPath(set[0]), set[1])
	}
	f.Toggle("active")
	return f
}

func TestFormRows(t *testing.T) {
	t.Parallel()
	f := filledForm()
	wrong := f.Validate(formNow)
	want := `name * | Northwind Traders | string
segment | left out | string
address * | composite
  street * | 12 Harbour Street | string
  city * | Rotterdam | string
  country * | NL | string
  postcode | left out | string
contacts * | 2 items | composite[]
  1
    kind * | email | string
    value * | desk@northwind.example | string
  2
    kind * | phone | string
    value * | string | ! needed; for an empty text type ""
  add to contacts
creditLimit * | 25000.5.1 | double | ! not a double: a second "." at character 8
since | today 09:00 | datetime | = 21 Nov 09:00 +01:00
active * | [x] true | bool
accountIds | 9007199254740993, 7 | long[]
`
	if got := drawForm(f, formNow); got != want {
		t.Errorf("rows\n%s\nwant\n%s", got, want)
	}
	var words []string
	for _, w := range wrong {
		words = append(words, w.Path.Words())
	}
	if got := strings.Join(words, ", "); got != "contacts 2 value, creditLimit" {
		t.Errorf("to fix: %s", got)
	}
}

func TestFormArgs(t *testing.T) {
	t.Parallel()
	f := filledForm()
	if raw, wrong := f.Args(formNow); raw != nil || len(wrong) != 2 {
		t.Fatalf("Args of a wrong form = %s, %v", raw, wrong)
	}
	f.SetText("contacts[1].value", `""`)
	f.SetText("creditLimit", "0.1000")
	raw, wrong := f.Args(formNow)
	want := `{"name":"Northwind Traders","address":{"street":"12 Harbour Street","city":"Rotterdam","country":"NL"},` +
		`"contacts":[{"kind":"email","value":"desk@northwind.example"},{"kind":"phone","value":""}],"creditLimit":0.1000,` +
		`"since":"#T42_DATE#1795248000000","active":true,"accountIds":[9007199254740993,7]}`
	if string(raw) != want || wrong != nil {
		t.Errorf("Args = %s, %v\nwant %s", raw, wrong, want)
	}
}

func TestFormNeedsMeanings(t *testing.T) {
	t.Parallel()
	f := NewForm("string s, int i, datetime d, int[] l, bool b, composite c, composite: {int x}[] items, composite: {int x}? o, tuple: {int x, int? y} t")
	if !f.Empty() {
		t.Error("a new form is not empty")
	}
	var got []string
	for _, w := range f.Validate(formNow) {
		got = append(got, string(w.Path)+" "+w.Reason)
	}
	want := []string{
		`s needed; for an empty text type ""`, "i needed", "d needed", "l needed; for an empty list type []",
		"c needed; for an empty object type {}", "t.x needed",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("wrong: %q\nwant %q", got, want)
	}
	for path, text := range map[FieldPath]string{"s": `""`, "i": "1", "d": "now", "l": "[]", "c": "{}", "t.x": "2"} {
		f.SetText(path, text)
	}
	raw, wrong := f.Args(formNow)
	if want := `{"s":"","i":1,"d":"#T42_DATE#1795253400000","l":[],"b":false,"c":{},"items":[],"t":[2]}`; string(raw) != want {
		t.Errorf("Args = %s, %v\nwant %s", raw, wrong, want)
	}
	if f.Empty() {
		t.Error("a filled form is empty")
	}
}

func TestFormWithoutFields(t *testing.T) {
	t.Parallel()
	for accepts, reason := range map[string]string{
		"":           "accepts: not declared. JSON only.",
		"  ":         "accepts: not declared. JSON only.",
		"strin name": `accepts can't be read: "strin name", no type "strin" at character 1. JSON only.`,
		"int a, x":   `accepts can't be read: "int a, x", no type "x" at character 8. JSON only.`,
	} {
		f := NewForm(accepts)
		if !f.JSONOnly || f.Reason != reason || f.Mode() != JSONMode || f.Rows(formNow) != nil || !f.Empty() {
			t.Errorf("NewForm(%q): %v %q %v", accepts, f.JSONOnly, f.Reason, f.Mode())
		}
		if err := f.Flip(formNow); err == nil || err.Error() != reason || f.Mode() != JSONMode {
			t.Errorf("Flip of %q: %v", accepts, err)
		}
		f.Fill(json.RawMessage(`{"a":1.10}`))
		if got := f.JSON(formNow); got != "{\n  \"a\": 1.10\n}" {
			t.Errorf("filled: %s", got)
		}
		if raw, wrong := f.Args(formNow); string(raw) != `{"a":1.10}` {
			t.Errorf("Args = %s, %v", raw, wrong)
		}
		if err := f.SetJSON(`[1]`); err == nil {
			t.Error("a list was taken")
		}
		if raw, wrong := f.Args(formNow); raw != nil || len(wrong) != 1 || wrong[0] != (FieldError{StopJSON, "line 1: wants an object {...}", ""}) {
			t.Errorf("Args of a list = %s, %v", raw, wrong)
		}
	}
}

// What is wrong is shown from the second key on, when the field was left, or when
// all was looked at.
func TestFormShowsErrorsInTime(t *testing.T) {
	t.Parallel()
	errOf := func(f *Form, path FieldPath) string {
		for _, r := range f.Rows(formNow) {
			if r.Path == path {
				return r.Err
			}
		}
		return "no row"
	}
	f := NewForm("int a, int b")
	f.SetText("a", "x")
	if got := errOf(f, "a"); got != "" {
		t.Errorf("after one key: %q", got)
	}
	f.SetText("a", "xy")
	if got := errOf(f, "a"); got != `not an int: "xy"` {
		t.Errorf("after two keys: %q", got)
	}
	f.SetText("b", "x")
	f.Leave("b")
	if got := errOf(f, "b"); got != `not an int: "x"` {
		t.Errorf("after leaving: %q", got)
	}
	g := NewForm("int a")
	g.Leave("a")
	if got := errOf(g, "a"); got != "" {
		t.Errorf("passing by an untouched field: %q", got)
	}
	g.Validate(formNow)
	if got := errOf(g, "a"); got != "needed" {
		t.Errorf("after validating: %q", got)
	}
}

func TestFormOptional(t *testing.T) {
	t.Parallel()
	f := NewForm("string? s, bool? b, composite: {int x, string? y}? c, composite: {int x}[]? l")
	args := func() string {
		raw, wrong := f.Args(formNow)
		if wrong != nil {
			return fmt.Sprint(wrong)
		}
		return string(raw)
	}
	steps := []struct {
		do   func()
		want string
	}{
		{func() {}, `{}`},
		{func() { f.Toggle("s") }, `{}`},
		{func() { f.SetText("s", "x") }, `{"s":"x"}`},
		{func() { f.SetText("s", "") }, `{}`},
		{func() { f.SetText("s", `""`) }, `{"s":""}`},
		{func() { f.LeaveOut("s") }, `{}`},
		{func() { f.Toggle("b") }, `{"b":true}`},
		{func() { f.Toggle("b") }, `{"b":false}`},
		{func() { f.LeaveOut("b") }, `{}`},
		{func() { f.Toggle("c") }, `[{c.x needed }]`},
		{func() { f.SetText("c.x", "7") }, `{"c":{"x":7}}`},
		{func() { f.LeaveOut("c") }, `{}`},
		{func() { f.Toggle("c") }, `{"c":{"x":7}}`},
		{func() { f.LeaveOut("c.x") }, `{}`},
		{func() { f.AddItem("l"); f.SetText("l[0].x", "1") }, `{"l":[{"x":1}]}`},
		{func() { f.LeaveOut("l[0]") }, `{"l":[]}`},
		{func() { f.LeaveOut("l") }, `{}`},
	}
	for i, s := range steps {
		s.do()
		if got := args(); got != s.want {
			t.Fatalf("step %d: %s, want %s", i, got, s.want)
		}
	}
}

func TestFormItems(t *testing.T) {
	t.Parallel()
	f := NewForm("composite: { int x, composite: { int y }[] in }[] l")
	values := func() string {
		f.root.show()
		return strings.ReplaceAll(string(f.written(f.root, formNow)), `,"in":[]`, "")
	}
	for i := range 3 {
		path := f.AddItem("l")
		f.SetText(path+".x", fmt.Sprint(i))
		if f.FirstField(path) != path+".x" {
			t.Errorf("first field of %s: %s", path, f.FirstField(path))
		}
	}
	if got := f.AddItem("l[0].x"); got != "l[1]" {
		t.Errorf("added after the first: %s", got)
	}
	f.SetText("l[1].x", "9")
	if got, want := values(), `{"l":[{"x":0},{"x":9},{"x":1},{"x":2}]}`; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	if got := f.MoveItem("l[1].x", 2); got != "l[3].x" {
		t.Errorf("moved to %s", got)
	}
	if got := f.MoveItem("l[3]", 5); got != "l[3]" {
		t.Errorf("moved beyond the end, to %s", got)
	}
	if got := f.AddItem("l[0].in"); got != "l[0].in[0]" {
		t.Errorf("added in the inner list: %s", got)
	}
	if got, ok := f.LeaveOut("l[0].in[0].y"); got != "l[0].in[+]" || !ok {
		t.Errorf("removed the inner item: %s, %v", got, ok)
	}
	if got, ok := f.LeaveOut("l[3]"); got != "l[2]" || !ok {
		t.Errorf("removed the last: %s, %v", got, ok)
	}
	if got, want := values(), `{"l":[{"x":0},{"x":1},{"x":2}]}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, ok := f.LeaveOut("l"); got != "l" || ok {
		t.Errorf("a required list was left out: %s, %v", got, ok)
	}
	for _, path := range []FieldPath{"", "x", "l[9]", "l[9].x", "[+]", "@send"} {
		f.SetText(path, "1")
		f.AddItem(path)
		f.MoveItem(path, 1)
		f.Leave(path)
		if _, ok := f.LeaveOut(path); ok || f.Toggle(path) {
			t.Errorf("%q did something", path)
		}
	}
}

func TestFormFolds(t *testing.T) {
	t.Parallel()
	f := filledForm()
	f.Toggle("address")
	f.Toggle("contacts[0]")
	f.Fold("contacts", true)
	want := `name * | Northwind Traders | string
segment | left out | string
address * | 12 Harbour Street  Rotterdam  NL | composite
contacts * | 2 items | composite[]
creditLimit * | 25000.5.1 | double
since | today 09:00 | datetime | = 21 Nov 09:00 +01:00
active * | [x] true | bool
accountIds | 9007199254740993, 7 | long[]
`
	if got := drawForm(f, formNow); got != want {
		t.Errorf("rows\n%s\nwant\n%s", got, want)
	}
	f.Fold("contacts", false)
	for _, r := range f.Rows(formNow) {
		if r.Path == "contacts[0]" && (!r.Folded || r.Kind != RowItem || r.CanMoveUp || !r.CanMoveDown || !r.CanLeaveOut) {
			t.Errorf("folded item: %+v", r)
		}
	}
}

// A value that does not fit its field is kept, shown and refused; typing replaces it.
func TestFormKeepsWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	f := NewForm("double d, string s, composite: {int x} c, composite: {int x}[] l, bool b, string? n, tuple: {int x} t, datetime at")
	f.Fill(json.RawMessage(`{"d":"1.5","s":17,"c":12,"l":{"x":1},"b":"yes","n":null,"t":[1,2],"at":"2026-11-21T09:00:00+01:00","vip":true}`))
	want := `d * | 1.5 | double | ! string, wants double
s * | 17 | string | ! number, wants string
c * | 12 | composite | ! number, wants composite
  x * | int
l * | {"x":1} | composite[] | ! object, wants composite[]
  add to l
b * | [ ] yes | bool | ! string, wants bool
n | null | string | = null
t * | tuple
  x * | 1 | int
at * | 2026-11-21T09:00:00+01:00 | datetime | = 21 Nov 09:00 +01:00
`
	if got := drawForm(f, formNow); got != want {
		t.Errorf("rows\n%s\nwant\n%s", got, want)
	}
	if got := f.Extras(); !reflect.DeepEqual(got, []FieldPath{"vip", "t[1]"}) {
		t.Errorf("extras: %v", got)
	}
	for path, text := range map[FieldPath]string{"d": "2", "s": "x", "c.x": "1"} {
		f.SetText(path, text)
	}
	f.AddItem("l")
	f.SetText("l[0].x", "3")
	f.Toggle("b")
	raw, wrong := f.Args(formNow)
	if want := `{"d":2,"s":"x","c":{"x":1},"l":[{"x":3}],"b":true,"n":null,"t":[1,2],"at":"2026-11-21T09:00:00+01:00","vip":true}`; string(raw) != want {
		t.Errorf("Args = %s, %v\nwant %s", raw, wrong, want)
	}
}

func TestFillReplaces(t *testing.T) {
	t.Parallel()
	f := filledForm()
	f.Fill(json.RawMessage(`{"name":"x"}`))
	if got := f.Text("name") + f.Text("creditLimit"); got != "x" {
		t.Errorf("texts: %q", got)
	}
	if f.Fill(nil); !f.Empty() {
		t.Error("filled with nothing, it is not empty")
	}
}

func TestFillHugeList(t *testing.T) {
	t.Parallel()
	raw := `{"l":[` + strings.Repeat(`{"x":1},`, 5000) + `{"x":1}]}`
	f := NewForm("composite: {int x}[] l")
	f.Fill(json.RawMessage(raw))
	if rows := f.Rows(formNow); len(rows) != 1 || rows[0].Count != "5001 items" {
		t.Errorf("%d rows, %q", len(rows), rows[0].Count)
	}
	if got := f.AddItem("l"); got != "l" {
		t.Errorf("an item was added at %s", got)
	}
	if got, wrong := f.Args(formNow); string(got) != raw {
		t.Errorf("Args: %d bytes of %d, %v", len(got), len(raw), wrong)
	}
}

var lawSignatures = []string{
	clientAccepts,
	"string a, int b, double c, long d, bool e, datetime f, string[] g, int[]? h",
	"string? a, int? b, double? c, long? d, bool? e, datetime? f, double[]? g, bool[]? h, datetime[]? i",
	"tuple: { int a, string? b, composite: { double c }[]? d }? a, composite b, composite[]? c, tuple? d",
}

// What every valid form sends fits its signature.
func checkArgs(t *testing.T, f *Form) {
	t.Helper()
	raw, wrong := f.Args(formNow)
	if wrong != nil {
		return
	}
	for _, p := range bus.Check(f.Signature(), raw) {
		if p.Kind != bus.Extra {
			t.Fatalf("Args %s: %v", raw, p)
		}
	}
}
