package cli

import (
	"path/filepath"
	"slices"
	"testing"

	"ioscope/ui"
)

// TestFactsTellWhatIsBroken: who missed what the footer said at the start finds it
// beside the paths.
func TestFactsTellWhatIsBroken(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.yaml")
	s := readSettings(Env{Getenv: func(name string) string { return map[string]string{"IOSCOPE_CONFIG": file}[name] }})
	if facts := s.facts(); !slices.Contains(facts, ui.Fact{What: "config", Value: file + " (not there)"}) {
		t.Errorf("%v", facts)
	}
	writeFile(t, file, "theme: dusk\nmouse: perhaps\n")
	s = readSettings(Env{Getenv: func(name string) string { return map[string]string{"IOSCOPE_CONFIG": file}[name] }})
	if facts := s.facts(); !slices.Contains(facts, ui.Fact{What: "broken", Value: "config line 2: true or false is wanted"}) {
		t.Errorf("%v", facts)
	}
}
