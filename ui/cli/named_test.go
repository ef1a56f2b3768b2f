package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ioscope/ui"
	"ioscope/ui/config"
)

func TestNamedFiltersInTheirFile(t *testing.T) {
	t.Parallel()
	f := newFilterFile(config.Paths{State: t.TempDir(), Filters: filepath.Join(t.TempDir(), "ioscope", "filters.yaml")})
	if all, err := f.Load(); err != nil || len(all) != 0 {
		t.Fatalf("without a file there are %v, %v", all, err)
	}
	for _, one := range []ui.NamedFilter{
		{Kind: ui.JQFilter, Name: "apples", Text: `.sym == "AAPL"`},
		{Kind: ui.ListFilter, Name: "Prices", Text: "price !archive"},
		{Kind: ui.ListFilter, Name: "null", Text: "null"},
	} {
		if err := f.Save(one); err != nil {
			t.Fatal(err)
		}
	}
	// What a person writes into it stays.
	text, err := os.ReadFile(f.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.path, []byte("# ours\n"+strings.Replace(string(text), "AAPL\"\n", "AAPL\" # the big one\n", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(ui.NamedFilter{Kind: ui.JQFilter, Name: "apples", Text: ".bid > 1"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Delete(ui.ListFilter, "null"); err != nil {
		t.Fatal(err)
	}
	text, _ = os.ReadFile(f.path)
	want := "# ours\njq:\n  apples: .bid > 1 # the big one\nlist:\n  Prices: price !archive\n"
	if string(text) != want {
		t.Errorf("the file has\n%s\nwant\n%s", text, want)
	}
	all, err := f.Load()
	if err != nil || len(all) != 2 || all[0] != (ui.NamedFilter{Kind: ui.ListFilter, Name: "Prices", Text: "price !archive"}) {
		t.Errorf("%v, %v", all, err)
	}

	// A file that can't be read is not written over.
	for _, broken := range []string{"list: [", "- a\n", "list:\n  a: [b]\n"} {
		if err := os.WriteFile(f.path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Load(); err == nil {
			t.Errorf("%q is read", broken)
		}
	}
	if err := os.WriteFile(f.path, []byte("list: ["), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(ui.NamedFilter{Kind: ui.ListFilter, Name: "a", Text: "b"}); err == nil || !strings.Contains(err.Error(), "can't be read") {
		t.Errorf("%v", err)
	}
}
