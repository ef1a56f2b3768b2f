package schema

import "testing"

// TestWordsOfCounts reads what is said of too few and too many, as people write it.
func TestWordsOfCounts(t *testing.T) {
	t.Parallel()
	few := &SelectMultiple{Options: plans, MinSelections: ptr(2), MaxSelections: ptr(2)}
	rows := &SelectTable{MinSelections: ptr(1), MaxSelections: ptr(1)}
	for _, c := range []struct {
		props Props
		value any
		want  string
	}{
		{few, []Option{}, "choose at least 2"},
		{few, plans[:1], "choose at least 2, 1 is chosen"},
		{few, plans, "choose at most 2, 3 are chosen"},
		{rows, []RowKey{}, "choose at least 1"},
		{rows, []RowKey{{"0"}, {"1"}}, "choose at most 1, 2 are chosen"},
		{&InputText{MinLength: 3}, "ab", "at least 3 characters, this has 2"},
		{&InputText{MaxLength: 1}, "ab", "at most 1 character, this has 2"},
		{&InputNumber{Decimals: 1}, 2.55, "at most 1 decimal"},
		{&InputNumber{Decimals: 2}, 2.555, "at most 2 decimals"},
	} {
		if err := Check(&Component{Label: "L", Props: c.props}, c.value); err == nil || err.Error() != c.want {
			t.Errorf("%+v with %v: %v, want %s", c.props, c.value, err, c.want)
		}
	}
}
