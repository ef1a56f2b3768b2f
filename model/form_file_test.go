package model

import (
	"testing"
	"time"
)

func TestFileTextComesBackAsItWas(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 21, 13, 51, 18, 0, time.UTC)
	const accepts = "string s, string[] names, int[] counts, datetime at, composite any, string? note"
	for _, c := range []struct {
		path        FieldPath
		args, file  string
		ending      string
		left, field string
	}{
		{"s", `{"s":"one\ntwo\t\"three\""}`, "one\ntwo\t\"three\"\n", ".txt", "a\n\n  b\n\n", `"a\n\n  b\n"`},
		{"s", `{"s":"plain"}`, "plain\n", ".txt", "other", "other"},
		{"s", `{"s":""}`, "\n", ".txt", "\n", ""},
		{"s", `{}`, "\n", ".txt", "über 界\r\nzwei\r\n", `"über 界\nzwei"`},
		{"names", `{"names":["a","b, c","d\ne",""]}`, "a\nb, c\n\"d\\ne\"\n\"\"\n", ".txt", "x\n\n  y, z \n\"q, r\"\n\"s, t\n", `x, "y, z", "q, r", "\"s, t"`},
		{"names", `{"names":[]}`, "[]\n", ".txt", `["a",` + "\n" + ` "b"]`, `["a","b"]`},
		{"counts", `{"counts":[2147483647,2]}`, "2147483647\n2\n", ".txt", "1\n2\n\n3\n", "1, 2, 3"},
		{"at", `{}`, "\n", ".txt", "  tomorrow 09:00 \n", "tomorrow 09:00"},
		{"any", `{"any":{"a":{"b":[1,2.50]}}}`, "{\n  \"a\": {\n    \"b\": [1, 2.50]\n  }\n}\n", ".json", "{\n\"c\" : 1.0 }\n", `{"c":1.0}`},
		{"any", `{}`, "\n", ".json", "{\n\"c\": \n", "{\n\"c\": "},
		{"note", `{"note":"x"}`, "x\n", ".txt", "\n", ""},
	} {
		f := NewForm(accepts)
		f.Fill([]byte(c.args))
		before := f.Text(c.path)
		text, ending := f.FileText(c.path, now)
		if text != c.file || ending != c.ending {
			t.Errorf("%s of %s: file %q %s, want %q %s", c.path, c.args, text, ending, c.file, c.ending)
		}
		f.SetFileText(c.path, text, now)
		if got := f.Text(c.path); got != before && before != `""` {
			t.Errorf("%s of %s: %q came back as %q", c.path, c.args, before, got)
		}
		f.SetFileText(c.path, c.left, now)
		if got := f.Text(c.path); got != c.field {
			t.Errorf("%s: %q became %q, want %q", c.path, c.left, got, c.field)
		}
	}
}
