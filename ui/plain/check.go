package plain

import (
	"slices"
	"strconv"
	"strings"

	"ioscope/model"
	"ioscope/model/lint"
)

// lint tells what is likely to be wrong with what the bus offers.
func (x *explorer) lint(words []string) error {
	least := lint.Warning
	if len(words) > 0 {
		var err error
		if least, err = lint.ParseSeverity(words[0]); err != nil {
			return problemf("lint info tells all", "%v", err)
		}
	}
	var all []model.Offer
	for _, m := range x.state.Dir.Methods() {
		for _, o := range m.Offers {
			if !o.Server.Mine {
				all = append(all, o)
			}
		}
	}
	// Who was there first is what others are held against.
	slices.SortStableFunc(all, func(a, b model.Offer) int { return a.Since.Compare(b.Since) })
	offers := make([]lint.Offer, len(all))
	for i, o := range all {
		offers[i] = lint.Offer{Server: o.Server.Instance, Method: o.Def}
	}
	told, more := 0, 0
	for _, f := range lint.Check(offers) {
		if f.Severity < least {
			more++
			continue
		}
		told++
		x.sayf("%s: %s, %s", f.Method, f.Severity, inPlainWords(f.Text))
		for _, d := range f.Differences {
			x.difference(d, f.First, f.Second)
		}
	}
	hint := ""
	if more > 0 && least > lint.Info {
		hint = "; lint info tells all"
	}
	x.sayf("lint: %d told, %d milder%s", told, more, hint)
	return nil
}

// compare tells where the signatures of a name differ.
func (x *explorer) compare(words []string) error {
	if len(words) > 0 {
		if _, err := strconv.Atoi(words[0]); err == nil {
			return x.compareAnswers(words)
		}
	}
	if len(words) != 1 {
		return problemf("compare Prices.Get is an example", "one name is wanted")
	}
	list := x.methods(words[0])
	if len(list) == 0 {
		return problemf("methods and streams list what there is", "nothing on the bus is called %q", words[0])
	}
	told := false
	for _, m := range list[1:] {
		if m.Streaming() != list[0].Streaming() {
			continue
		}
		told = true
		first, second := strings.Join(offerNames(list[0].Offers), ", "), strings.Join(offerNames(m.Offers), ", ")
		x.sayf("%s: %s offers it with another signature than %s", m.Def.Name, second, first)
		for _, d := range lint.Differences(lint.Compare(list[0].Def, m.Def)) {
			x.difference(d, first, second)
		}
	}
	if !told {
		x.sayf("%s: has one signature", list[0].Def.Name)
	}
	return nil
}

// difference tells one difference of two signatures.
func (x *explorer) difference(d lint.Row, first, second string) {
	switch d.How {
	case lint.OnlyFirst:
		x.sayf("  %s: %s, only with %s", d.Side, d.First, first)
	case lint.OnlySecond:
		x.sayf("  %s: %s, only with %s", d.Side, d.Second, second)
	default:
		x.sayf("  %s: %s with %s, %s with %s, %s", d.Side, d.First, first, d.Second, second, d.How)
	}
}
