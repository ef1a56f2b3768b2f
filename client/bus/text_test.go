package bus

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// testNow is a Saturday morning, one hour east of Greenwich.
var testNow = time.Date(2026, time.November, 21, 10, 30, 15, 0, time.FixedZone("", 3600))

func entry(t testing.TB, s string) Param {
	t.Helper()
	return mustParse(t, s)[0]
}

func TestCoerceText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ param, text, want string }{
		{"string s", "plain", `"plain"`},
		{"string s", " kept <as> it is ", `" kept <as> it is "`},
		{"string s", `""`, `""`},
		{"string s", "", `""`},
		{"string s", `"two\nlines"`, `"two\nlines"`},
		{"string s", `"a" and "b"`, `"\"a\" and \"b\""`},
		{"string? s", "null", `"null"`},
		{"bool b", "True", "true"},
		{"bool? b", "null", "null"},
		{"int i", " -42 ", "-42"},
		{"int i", "2147483647", "2147483647"},
		{"int i", "-2147483648", "-2147483648"},
		{"long l", "9007199254740993", "9007199254740993"},
		{"long l", "9223372036854775807", "9223372036854775807"},
		{"long l", "-9223372036854775808", "-9223372036854775808"},
		{"double d", "0.1000", "0.1000"},
		{"double d", "1e400", "1e400"},
		{"double d", "-0", "-0"},
		{"double d", "12345678901234567890.12345678901234567890", "12345678901234567890.12345678901234567890"},
		{"datetime d", "today 09:00", `"#T42_DATE#1795248000000"`},
		{"datetime d", "#T42_DATE#17", `"#T42_DATE#17"`},
		{"datetime? d", "null", "null"},
		{"int[] i", "", "[]"},
		{"int[] i", "1, 2,3,", "[1,2,3]"},
		{"long[] l", "9007199254740993, 7", "[9007199254740993,7]"},
		{"long[] l", "[ 9007199254740993, 7 ]", "[9007199254740993,7]"},
		{"string[] s", `a, "b, c", d "e", ""`, `["a","b, c","d \"e\"",""]`},
		{"string[] s", `["x", "y"]`, `["x","y"]`},
		{"bool[] b", "true, FALSE", "[true,false]"},
		{"datetime[] d", "2026-11-21T09:00:00+01:00, now", `["#T42_DATE#1795248000000","#T42_DATE#1795253415000"]`},
		{"datetime[] d", `["2026-11-21T09:00:00+01:00"]`, `["2026-11-21T09:00:00+01:00"]`},
		{"composite: {int a} c", ` {"a": 1, "b": 2} `, `{"a":1,"b":2}`},
		{"composite: {int a}[] c", `[{"a": 1}]`, `[{"a":1}]`},
		{"composite c", `{"any": [1.0]}`, `{"any":[1.0]}`},
		{"tuple: {int a, string? b} c", `[1]`, `[1]`},
		{"tuple t", `[1,{}]`, `[1,{}]`},
	} {
		got, err := CoerceText(entry(t, tc.param), tc.text, testNow)
		if err != nil || string(got) != tc.want {
			t.Errorf("CoerceText(%s, %q) = %s, %v, want %s", tc.param, tc.text, got, err, tc.want)
		}
	}
}

func TestCoerceTextErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ param, text, want string }{
		{"int i", "2.5", `not an int: "2.5"`},
		{"int i", "", `not an int: ""`},
		{"int i", "1e3", `not an int: "1e3"`},
		{"int i", "007", `not an int: "007"`},
		{"int i", "2147483648", "not an int: 2147483648 is 1 above the largest"},
		{"int i", "-2147483650", "not an int: -2147483650 is 2 below the smallest"},
		{"int i", "9999999999", "not an int: 9999999999 is above the largest, 2147483647"},
		{"long l", "9223372036854775808", "not a long: 9223372036854775808 is 1 above the largest"},
		{"long l", strings.Repeat("9", 100_000), "not a long: " + strings.Repeat("9", 39) + "… is above the largest, 9223372036854775807"},
		{"double d", "25000.5.1", `not a double: a second "." at character 8`},
		{"double d", "1,5", `not a double: a "," at character 2`},
		{"double d", "1e5e", `not a double: a second "e" at character 4`},
		{"double d", "5 kg", `not a double: a " " at character 2`},
		{"double d", ".5", `not a double: a digit is missing before the "."`},
		{"double d", "5.", `not a double: a digit is missing after the "."`},
		{"double d", "NaN", `not a double: "NaN"`},
		{"double d", "much", `not a double: "much"`},
		{"bool b", "yes", `not a bool: "yes"; true or false`},
		{"datetime d", "32 Nov", `not a date: "32 Nov"; today, tomorrow, in 2 h and ISO work`},
		{"datetime d", "null", `not a date: "null"; today, tomorrow, in 2 h and ISO work`},
		{"int[] i", "1, x", `item 2: not an int: "x"`},
		{"int[] i", "1,,2", "item 2: empty"},
		{"string[] s", "a,,b", `item 2: empty; for an empty text type ""`},
		{"int[] i", `[1, "2"]`, "[1]: string, wants int"},
		{"int[] i", "[1,", `not a list: "[1," is no JSON`},
		{"composite: {int a} c", "a=1", `not JSON: "a=1"; an object {...} is wanted`},
		{"composite: {int a} c", `{}`, "a: missing, wants int"},
		{"composite c", `[]`, "array, wants composite"},
	} {
		got, err := CoerceText(entry(t, tc.param), tc.text, testNow)
		if err == nil || err.Error() != tc.want {
			t.Errorf("CoerceText(%s, %.40q) = %s, %v\nwant %s", tc.param, tc.text, got, err, tc.want)
		}
	}
}

func TestTextOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		param, raw, text string
		same             bool
	}{
		{"string s", `"plain"`, "plain", true},
		{"string s", `""`, `""`, true},
		{"string s", `"\"\""`, `"\"\""`, true},
		{"string s", `"a\nb"`, `"a\nb"`, true},
		{"string s", `"\ud800"`, `"\ud800"`, true},
		{"string s", `"\u0061"`, "a", true},
		{"string s", `null`, "null", false},
		{"string s", `17`, "17", false},
		{"double d", `0.1000`, "0.1000", true},
		{"double d", `"0.1"`, "0.1", false},
		{"long l", `9007199254740993`, "9007199254740993", true},
		{"int i", `1.5`, "1.5", false},
		{"int? i", `null`, "null", true},
		{"bool b", `true`, "true", true},
		{"datetime d", `"#T42_DATE#1795248000000"`, "2026-11-21T08:00:00Z", true},
		{"datetime d", `"#T42_DATE#1795248000007"`, "2026-11-21T08:00:00.007Z", true},
		{"datetime d", `"#T42_DATE#9000000000000000"`, "#T42_DATE#9000000000000000", true},
		{"datetime d", `"2026-11-21T09:00:00+01:00"`, "2026-11-21T09:00:00+01:00", false},
		{"long[] l", `[ 9007199254740993, 7 ]`, "9007199254740993, 7", true},
		{"long[] l", `[]`, "[]", true},
		{"long[] l", `[1,null]`, "[1,null]", false},
		{"string[] s", `["a","b, c","","[x"]`, `a, "b, c", "", "[x"`, true},
		{"composite: {int a} c", `{ "a" : 1 }`, `{"a":1}`, true},
		{"int i", `{"a":1}`, `{"a":1}`, false},
	} {
		text, same := TextOf(entry(t, tc.param), json.RawMessage(tc.raw))
		if text != tc.text || same != tc.same {
			t.Errorf("TextOf(%s, %s) = %q, %v, want %q, %v", tc.param, tc.raw, text, same, tc.text, tc.same)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"now":                       "2026-11-21T10:30:15+01:00",
		"today":                     "2026-11-21T00:00:00+01:00",
		"Today 09:00":               "2026-11-21T09:00:00+01:00",
		"tomorrow":                  "2026-11-22T00:00:00+01:00",
		"yesterday 23:59:59":        "2026-11-20T23:59:59+01:00",
		"09:05":                     "2026-11-21T09:05:00+01:00",
		"in 2 h":                    "2026-11-21T12:30:15+01:00",
		"in 1h30m":                  "2026-11-21T12:00:15+01:00",
		"in 20 minutes":             "2026-11-21T10:50:15+01:00",
		"in 1 sec":                  "2026-11-21T10:30:16+01:00",
		"in 2 weeks":                "2026-12-05T10:30:15+01:00",
		"3 days ago":                "2026-11-18T10:30:15+01:00",
		"1 year ago":                "2025-11-21T10:30:15+01:00",
		"2026-11-21":                "2026-11-21T00:00:00+01:00",
		"2026-11-21 09:00":          "2026-11-21T09:00:00+01:00",
		"2026-11-21T09:00:00Z":      "2026-11-21T09:00:00Z",
		"2026-11-21T09:00:00.5Z":    "2026-11-21T09:00:00.5Z",
		"2026-11-21T09:00+05:30":    "2026-11-21T09:00:00+05:30",
		"21 Nov 09:00":              "2026-11-21T09:00:00+01:00",
		"1 Feb":                     "2026-02-01T00:00:00+01:00",
		"29 Feb 2028 10:00":         "2028-02-29T10:00:00+01:00",
		"  2026-11-21    09:00    ": "2026-11-21T09:00:00+01:00",
	} {
		got, err := ParseTime(text, testNow)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("ParseTime(%q) = %v, %v, want %s", text, got.Format(time.RFC3339Nano), err, want)
		}
	}
	for _, text := range []string{"", "32 Nov", "29 Feb", "today 25:00", "tomorrow x", "in", "in 2", "in -2 h", "in 9999999999999 d", "2026-13-01", "17", "in h", "#T42_DATE#x"} {
		if got, err := ParseTime(text, testNow); err == nil {
			t.Errorf("ParseTime(%q) = %v, want an error", text, got)
		}
	}
}

// A local clock that is put forward keeps the time of day that was asked for.
func TestParseTimeAcrossClockChange(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Skip("no time zones on this machine:", err)
	}
	now := time.Date(2026, time.March, 28, 12, 0, 0, 0, zone)
	got, err := ParseTime("tomorrow 09:00", now)
	if err != nil || got.Format(time.RFC3339) != "2026-03-29T09:00:00+02:00" {
		t.Errorf("tomorrow 09:00 = %v, %v", got, err)
	}
}

// What a text is read as fits its entry, and is shown by a text that is read
// as the same again.
func FuzzCoerceText(f *testing.F) {
	params := []string{
		"string a", "string? a", "bool a", "int? a", "double a", "long a", "datetime a",
		"string[] a", "int[] a", "double[] a", "bool[]? a", "datetime[] a", "composite a", "tuple: {int x, string? y} a", "composite: {double x}[] a",
	}
	for i, text := range []string{"", "x", "null", "true", "9007199254740993", "1e400", "0.1000", "today 09:00", `a, "b, c"`, `["a"]`, `"\ud800"`, "{}", "[1]", `[{"x":1}]`} {
		f.Add(uint8(i), text)
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		p := entry(t, params[int(which)%len(params)])
		raw, err := CoerceText(p, text, testNow)
		if err != nil {
			return
		}
		object := Object([]Member{{Key: "a", Value: raw}})
		for _, problem := range Check(Signature{p}, object) {
			if problem.Kind != Extra {
				t.Fatalf("CoerceText(%s, %q) = %s: %v", p, text, raw, problem)
			}
		}
		if shown, same := TextOf(p, raw); !same && p.Kind != DateTime {
			t.Fatalf("CoerceText(%s, %q) = %s is shown as %q, which is another value", p, text, raw, shown)
		}
	})
}
