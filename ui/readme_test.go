package ui

import (
	"os"
	"strings"
	"testing"
)

// TestREADME holds README's list of keys against the table that binds them.
func TestREADME(t *testing.T) {
	t.Parallel()
	const (
		file  = "../README.md"
		begin = "-update -->\n"
		end   = "<!-- end of keys -->"
	)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), begin)
	have, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the keys", file)
	}
	want := "\n" + KeyTable()
	if have == want {
		return
	}
	if !*update {
		t.Fatalf("the keys in %s are not those of the program; go test ./ui -run README -update writes them", file)
	}
	if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
