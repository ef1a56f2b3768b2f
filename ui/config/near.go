package config

import (
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/sahilm/fuzzy"
)

// Near offers the name that was probably meant, as " (NAME?)"; empty when none is
// near.
func Near(name string, known []string) string {
	best, least := "", len(name)/3+2
	for _, k := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(name), k); d < least {
			best, least = k, d
		}
	}
	if best == "" && len(name) > 2 {
		if found := fuzzy.Find(name, known); len(found) > 0 {
			best = found[0].Str
		}
	}
	if best == "" {
		return ""
	}
	return " (" + best + "?)"
}
