package model

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"ioscope/client/bus"
)

func TestFormJSON(t *testing.T) {
	t.Parallel()
	f := filledForm()
	want := `{
  "name": "Northwind Traders",
  "address": {
    "street": "12 Harbour Street",
    "city": "Rotterdam",
    "country": "NL"
  },
  "contacts": [
    { "kind": "email", "value": "desk@northwind.example" },
    { "kind": "phone", "value": null }
  ],
  "creditLimit": "25000.5.1",
  "since": "#T42_DATE#1795248000000",
  "active": true,
  "accountIds": [9007199254740993, 7]
}`
	if got := f.JSON(formNow); got != want {
		t.Errorf("JSON\n%s\nwant\n%s", got, want)
	}
}

// Both ways and back, the rows are as they were, at another time too.
func TestFlipTwice(t *testing.T) {
	t.Parallel()
	f := filledForm()
	before := drawForm(f, formNow)
	for range 2 {
		flipForm(t, f)
	}
	if after := drawForm(f, formNow); after != before {
		t.Errorf("rows\n%s\nwere\n%s", after, before)
	}
}

func flipForm(t *testing.T, f *Form) {
	t.Helper()
	if err := f.Flip(formNow); err != nil {
		t.Fatal(err)
	}
}

// A change of one place in JSON leaves all others as they were, also what is wrong.
func TestEditOnTheJSONSide(t *testing.T) {
	t.Parallel()
	f := filledForm()
	flipForm(t, f)
	text := f.JSON(formNow)
	edited := strings.Replace(text, `"city": "Rotterdam"`, `"city": "Delft", "floor": 3`, 1)
	edited = strings.Replace(edited, `"phone", "value": null`, `"phone", "value": "+31"`, 1)
	if err := f.SetJSON(edited); err != nil {
		t.Fatal(err)
	}
	if got := f.JSON(formNow); got != edited {
		t.Errorf("the text changed by itself: %s", got)
	}
	flipForm(t, f)
	for path, want := range map[FieldPath]string{
		"address.city": "Delft", "contacts[1].value": "+31", "creditLimit": "25000.5.1", "since": "today 09:00", "accountIds": "9007199254740993, 7",
	} {
		if got := f.Text(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if got := f.Extras(); len(got) != 1 || got[0] != "address.floor" {
		t.Errorf("extras: %v", got)
	}
}

// What is typed and taken back in JSON comes to nothing, though it was another
// value or no JSON in between.
func TestJSONSideTakenBack(t *testing.T) {
	t.Parallel()
	f := filledForm()
	before := drawForm(f, formNow)
	flipForm(t, f)
	text := f.JSON(formNow)
	for _, between := range []string{"", "{", "{}", strings.Replace(text, "1795248000000", "1795248000001", 1), "[]"} {
		err := f.SetJSON(between)
		if broken := f.Broken(); (err == nil) != (broken == nil) {
			t.Errorf("SetJSON(%q) = %v, broken %v", between, err, broken)
		}
	}
	if err := f.SetJSON(text); err != nil {
		t.Fatal(err)
	}
	flipForm(t, f)
	if after := drawForm(f, formNow); after != before {
		t.Errorf("rows\n%s\nwere\n%s", after, before)
	}
}

func TestBrokenJSONKeepsTheLastGoodValue(t *testing.T) {
	t.Parallel()
	f := NewForm("int a, string? b")
	f.SetText("a", "1")
	flipForm(t, f)
	if err := f.SetJSON(`{"a": 2}`); err != nil {
		t.Fatal(err)
	}
	err := f.SetJSON(`{"a": 25.5.1}`)
	var broken *JSONError
	if !errors.As(err, &broken) || broken.Line != 1 || broken.Column != 11 || broken.Reason != `a second "." in a number` {
		t.Fatalf("SetJSON = %#v", err)
	}
	if err := f.Flip(formNow); !errors.As(err, &broken) || f.Mode() != JSONMode || f.JSON(formNow) != `{"a": 25.5.1}` {
		t.Errorf("Flip of a broken text = %v, %v, %q", err, f.Mode(), f.JSON(formNow))
	}
	if raw, wrong := f.Args(formNow); raw != nil || len(wrong) != 1 || wrong[0].Path != StopJSON {
		t.Errorf("Args of a broken text = %s, %v", raw, wrong)
	}
	f.Revert()
	if got := f.JSON(formNow); got != "{\n  \"a\": 2\n}" {
		t.Errorf("reverted to %s", got)
	}
	flipForm(t, f)
	if got := f.Text("a"); got != "2" {
		t.Errorf("a is %q", got)
	}
}

func TestJSONSideIsCheckedBeforeSending(t *testing.T) {
	t.Parallel()
	f := NewForm("int a, string b")
	flipForm(t, f)
	if got := f.JSON(formNow); got != "{\n  \"a\": null,\n  \"b\": null\n}" {
		t.Errorf("an empty form as JSON: %s", got)
	}
	if err := f.SetJSON(`{ "b" : 1 , "x" : 0.10 }`); err != nil {
		t.Fatal(err)
	}
	_, wrong := f.Args(formNow)
	if len(wrong) != 2 || wrong[0] != (FieldError{"a", "missing, wants int", ""}) || wrong[1] != (FieldError{"b", "number, wants string", ""}) {
		t.Errorf("wrong: %v", wrong)
	}
	if err := f.SetJSON(`{ "x" : 0.10, "b" : "1" , "a" : 2 }`); err != nil {
		t.Fatal(err)
	}
	if raw, wrong := f.Args(formNow); string(raw) != `{"x":0.10,"b":"1","a":2}` {
		t.Errorf("Args = %s, %v", raw, wrong)
	}
}

func TestFormatAndCompact(t *testing.T) {
	t.Parallel()
	f := NewForm("")
	const flat = `{"a":[1,0.1000,1e400],"b":{},"c":[],"d":[{"x":1},{"y":[{"z":[]}]}]}`
	const laid = `{
  "a": [1, 0.1000, 1e400],
  "b": {},
  "c": [],
  "d": [
    { "x": 1 },
    {
      "y": [
        {
          "z": []
        }
      ]
    }
  ]
}`
	if err := f.SetJSON(flat); err != nil {
		t.Fatal(err)
	}
	if err := f.Format(); err != nil || f.JSON(formNow) != laid {
		t.Errorf("formatted: %v\n%s", err, f.JSON(formNow))
	}
	if err := f.Compact(); err != nil || f.JSON(formNow) != flat {
		t.Errorf("compact: %v\n%s", err, f.JSON(formNow))
	}
	if err := f.SetJSON("{"); err == nil || f.Format() == nil || f.Compact() == nil || f.JSON(formNow) != "{" {
		t.Error("a broken text was rewritten")
	}
}

func TestCheckJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text         string
		line, column int
		reason       string
	}{
		{"", 1, 1, "empty; {} is an object without values"},
		{"[]", 1, 1, "wants an object {...}"},
		{"{", 1, 2, `the "{" of line 1 is not closed`},
		{"{\n \"a\": [1,\n 2", 3, 3, `the "[" of line 2 is not closed`},
		{"{\"a\": 1,\n}", 1, 8, `a "," too many before "}"`},
		{"{\"a\": 1\n \"b\": 2}", 1, 8, `a "," is missing before "\""`},
		{"{\"a\" 1}", 1, 6, `a ":" is missing before "1"`},
		{"{\"a\": }", 1, 7, `a value is missing before "}"`},
		{"{\"a\":", 1, 6, "a value is missing at the end"},
		{"{'a': 1}", 1, 2, `a "'" where a '"' is wanted`},
		{"{a: 1}", 1, 2, `"a" is no name; a name needs quotes`},
		{"{\"é\": tru}", 1, 7, `"tru" is no value; a text needs quotes`},
		{"{\"a\": NaN}", 1, 7, `"NaN" is no value; a text needs quotes`},
		{"{\"a\": 25.5.1}", 1, 11, `a second "." in a number`},
		{"{\"a\": 1e5e1}", 1, 10, `a second "e" in a number`},
		{"{\"a\": 12x}", 1, 9, `a "x" in a number`},
		{"{\"a\": 007}", 1, 7, "a number with a 0 in front; a text needs quotes"},
		{"{\"a\": .5}", 1, 7, "a digit is missing in a number"},
		{"{\"a\": 5.}", 1, 9, "a digit is missing in a number"},
		{"{\"a\": -}", 1, 7, "a digit is missing in a number"},
		{"{\"a\": \"x}", 1, 7, "a text is not closed"},
		{"{\"a\": \"x\ny\"}", 1, 7, `a text is not closed; a line break in it is \n`},
		{"{\"a\": \"\t\"}", 1, 8, `a control character in a text; it is written \u0009`},
		{`{"a": "C:\dir"}`, 1, 10, `\d means nothing; a backslash is written \\`},
		{`{"a": "\u12x"}`, 1, 8, `\u wants four digits of 0 to 9, a to f`},
		{`{"a": 1, "a": 2}`, 1, 10, `the name "a" twice`},
		{`{"a": 1} {}`, 1, 10, `"{" after the end`},
		{`{"a":` + strings.Repeat("[", 300), 1, 205, "nested deeper than 200"},
	} {
		err := checkJSON(tc.text)
		if err == nil || *err != (JSONError{tc.line, tc.column, tc.reason}) {
			t.Errorf("checkJSON(%.30q) = %+v, want %d:%d %s", tc.text, err, tc.line, tc.column, tc.reason)
		}
	}
	for _, text := range []string{"{}", " {\n} ", `{"a":[{"b":null}],"c":-0.0E-7,"d":"\u00e9\\\"\/"}`} {
		if err := checkJSON(text); err != nil {
			t.Errorf("checkJSON(%q) = %v", text, err)
		}
	}
}

// The scanner's own reading and encoding/json's are the same.
func FuzzCheckJSON(f *testing.F) {
	for _, s := range []string{"{}", `{"a":1.5e3}`, `{"a":[tru]}`, "{'a':1}", `{"a":1,}`, `{"a":"\ud800"}`, `{"a":{"b":[{}]}} `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := checkJSON(text)
		if err == nil {
			if !json.Valid([]byte(text)) || bus.JSONType(json.RawMessage(text)) != "object" {
				t.Fatalf("%q was taken", text)
			}
			if again := prettyJSON(json.RawMessage(text)); string(compactJSON(json.RawMessage(again))) != string(compactJSON(json.RawMessage(text))) && !strings.Contains(text, `\`) && !strings.ContainsRune(text, '\ufffd') && strings.ToValidUTF8(text, "") == text {
				t.Fatalf("%q laid out is another value: %q", text, again)
			}
			return
		}
		var members map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &members) == nil && members != nil &&
			!strings.Contains(err.Reason, "twice") && !strings.Contains(err.Reason, "nested deeper") {
			t.Fatalf("%q was refused: %v", text, err)
		}
		if err.Line < 1 || err.Column < 1 || err.Reason == "" {
			t.Fatalf("%q: %+v", text, err)
		}
	})
}

// The laws of a form, on whatever was filled in and typed: flipping twice leaves
// the rows as they were, JSON put back loses nothing, what is sent fits.
func FuzzForm(f *testing.F) {
	f.Add(uint8(0), `{"name":"x","creditLimit":0.1000,"contacts":[{"kind":"a"}],"vip":1e400}`, "name", "25000.5.1", "since", "today 09:00")
	f.Add(uint8(1), `{"d":9007199254740993,"b":"x","f":"#T42_DATE#1"}`, "a", `""`, "g", `a, "b, c"`)
	f.Add(uint8(2), `{"a":null,"e":null,"g":[1,2.50],"f":"2026-11-21"}`, "c", "1e400", "i", "now, tomorrow")
	f.Add(uint8(3), `{"a":[1,null,[{"c":1.10}],7],"b":{"q":[]},"c":[{}]}`, "a.a", "x", "b", "{}")
	f.Add(uint8(3), `{"a":{},"d":[null]}`, "a.b", "null", "c", "[")
	f.Fuzz(func(t *testing.T, which uint8, fill, path1, text1, path2, text2 string) {
		form := NewForm(lawSignatures[int(which)%len(lawSignatures)])
		form.Fill(json.RawMessage(fill))
		if members, err := bus.Members(json.RawMessage(fill)); err == nil && checkJSON(fill) == nil {
			checkFilled(t, form, bus.Object(members))
		}
		form.AddItem(FieldPath(path1))
		form.Toggle(FieldPath(path2))
		form.SetText(FieldPath(path1), text1)
		form.SetText(FieldPath(path2), text2)
		walkAbout(form, fill+text1+text2)
		checkArgs(t, form)

		rows := drawForm(form, formNow)
		written := string(compactJSON(form.written(form.root, formNow)))
		for range 2 {
			if err := form.Flip(formNow); err != nil {
				t.Fatalf("Flip: %v of %q", err, form.JSON(formNow))
			}
		}
		if got := drawForm(form, formNow); got != rows {
			t.Fatalf("flipped twice\n%s\nwere\n%s", got, rows)
		}
		if err := form.SetJSON(form.JSON(formNow)); err != nil {
			t.Fatalf("its own JSON: %v", err)
		}
		if got := drawForm(form, formNow); got != rows {
			t.Fatalf("JSON put back\n%s\nwere\n%s", got, rows)
		}
		// A form that never saw this one holds the same value.
		fresh := NewForm(lawSignatures[int(which)%len(lawSignatures)])
		fresh.Fill(json.RawMessage(written))
		if got := string(compactJSON(fresh.written(fresh.root, formNow.Add(time.Hour)))); got != written {
			t.Fatalf("filled into a fresh form\n%s\nwas\n%s", got, written)
		}
	})
}

// walkAbout does on the form's rows what the bytes say, at most 20 times.
func walkAbout(form *Form, bytes string) {
	for _, c := range []byte(bytes[:min(len(bytes), 20)]) {
		rows := form.Rows(formNow)
		path := rows[int(c/8)%len(rows)].Path
		switch c % 8 {
		case 0:
			form.LeaveOut(path)
		case 1:
			form.MoveItem(path, 1)
		case 2:
			form.MoveItem(path, -1)
		case 3, 4:
			form.AddItem(path)
		case 5:
			form.Leave(path)
		default:
			form.Toggle(path)
		}
	}
}

// checkFilled looks that every member of a value is in the form that was filled
// with it, to the last byte. What a signature wants and the value has not, the form
// adds as null.
func checkFilled(t *testing.T, form *Form, raw json.RawMessage) {
	t.Helper()
	have, err := bus.Members(form.written(form.root, formNow))
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, m := range have {
		values[m.Key] = string(compactJSON(m.Value))
	}
	want, _ := bus.Members(raw)
	for _, m := range want {
		p, known := form.Signature().Find(m.Key)
		if known && !p.Scalar() {
			continue // nulls may be added inside
		}
		if got := values[m.Key]; got != string(compactJSON(m.Value)) && !sameText(got, m.Value) {
			t.Fatalf("%s of %s became %s", m.Key, raw, got)
		}
	}
}

// sameText reports whether two strings, or lists of strings, are written
// differently and mean the same.
func sameText(a string, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal(b, &y) == nil && strings.Contains(a+string(b), `"`) &&
		strings.Join(strings.Fields(jsonText(x)), "") == strings.Join(strings.Fields(jsonText(y)), "")
}

func jsonText(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}
