package official

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of scenarios under testdata anew")

// The table lies in a file of its own. Where README has a place for it, between
// two marks, it stands there too.
const (
	tableFile  = "testdata/scenarios.md"
	readme     = "../../README.md"
	tableBegin = "<!-- scenarios: written by the tests of client/official -->\n"
	tableEnd   = "<!-- end of scenarios -->"
)

// checkTable holds the file against what was played, or writes it. Only a whole
// run, without a failure, says what the table must be.
func checkTable(t *testing.T, played *record) {
	if whole := len(pairings()) * len(scenarios); t.Failed() || len(played.cells) < whole {
		t.Logf("%s is not looked at: %d of %d scenarios were played to a good end", tableFile, len(played.cells), whole)
		return
	}
	for _, d := range differences {
		if !played.met(d.name) {
			t.Errorf("no scenario came upon the difference %q", d.name)
		}
	}
	table, err := played.table()
	if err != nil {
		t.Fatal(err)
	}
	holdTable(t, tableFile, "", "", table)
	holdTable(t, readme, tableBegin, tableEnd, "\n"+table+"\n")
}

// holdTable compares what stands in a file between two marks, or writes it there.
// A file without the marks has no place for it.
func holdTable(t *testing.T, file, begin, end, table string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Error(err)
		return
	}
	before, rest, ok := strings.Cut(string(text), begin)
	have, after := rest, ""
	if end != "" && ok {
		have, after, ok = strings.Cut(rest, end)
	}
	if !ok || have == table {
		return
	}
	if !*update {
		t.Errorf("%s is not what was played; go test ./client/official -run TestScenarios -update writes it:\n%s", file, table)
		return
	}
	if err := os.WriteFile(file, []byte(before+begin+table+end+after), 0o644); err != nil {
		t.Error(err)
	}
}

func (r *record) met(difference string) bool {
	for _, met := range r.cells {
		if slices.Contains(met, difference) {
			return true
		}
	}
	return false
}

// table is the record as Markdown: who played what with whom and where, and what
// was different.
func (r *record) table() (string, error) {
	versions, err := versions()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("| server, publisher | caller, subscriber |")
	for i := range scenarios {
		fmt.Fprintf(&b, " %d |", i+1)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(scenarios)) + "\n")
	for _, server := range libraries {
		for _, client := range libraries {
			fmt.Fprintf(&b, "| %s | %s |", titles[server], titles[client])
			for _, sc := range scenarios {
				fmt.Fprintf(&b, " %s |", r.entry(sc.name, server, client))
			}
			b.WriteString("\n")
		}
	}
	fmt.Fprintf(&b, "\n*both*: passed on our gateway and on the official one; versions: %s. The scenarios:\n\n", versions)
	for i, sc := range scenarios {
		fmt.Fprintf(&b, "%d. %s\n", i+1, sc.title)
	}
	b.WriteString("\nWhere a letter stands, a party must differ from the others, and does:\n\n")
	for i, d := range differences {
		var who []string
		for _, library := range d.libraries {
			who = append(who, titles[library])
		}
		fmt.Fprintf(&b, "- %c: with %s, %s. Why: %s.\n", letter(i), strings.Join(who, " and "), d.does, d.why)
	}
	return b.String(), nil
}

// entry is where a scenario was played to a good end, and the letters of the
// differences there.
func (r *record) entry(scenario, server, client string) string {
	var where, letters []string
	for _, kind := range gateways {
		met, ok := r.cells[cell{scenario, server, client, kind.name}]
		if !ok {
			continue
		}
		where = append(where, kind.name)
		for i, d := range differences {
			if mark := string(letter(i)); slices.Contains(met, d.name) && !slices.Contains(letters, mark) {
				letters = append(letters, mark)
			}
		}
	}
	text := strings.Join(where, ", ")
	if len(where) == len(gateways) {
		text = "both"
	}
	slices.Sort(letters)
	return strings.TrimSpace(text + " " + strings.Join(letters, " "))
}

func letter(i int) rune { return 'a' + rune(i) }

// titles are the names of libraries for people.
var titles = map[string]string{glueCore: "`@glue42/core`", ioCore: "`@interopio/core`", ourClient: "our client"}

// versions are the vendor's packages with the versions that package.json pins.
func versions() (string, error) {
	text, err := os.ReadFile("package.json")
	if err != nil {
		return "", fmt.Errorf("read versions: %w", err)
	}
	var manifest struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		return "", fmt.Errorf("read versions: %w", err)
	}
	var all []string
	for _, name := range slices.Sorted(maps.Keys(manifest.Dependencies)) {
		all = append(all, "`"+name+"` "+manifest.Dependencies[name])
	}
	return strings.Join(all, ", "), nil
}
