package model

import "testing"

// TestFieldKinds: a field is what most of its values are, and null is none of it.
func TestFieldKinds(t *testing.T) {
	t.Parallel()
	var f Fields
	for _, raw := range []string{`{"on":true,"gone":null}`, `{"on": false,"gone":true}`, `{"on":null,"gone":null}`} {
		f.Learn([]byte(raw))
	}
	for i, want := range []bool{true, false} {
		if one := f.List()[i]; one.Truth() != want || one.Number() || one.Text() || one.Seen != 3 {
			t.Errorf("%s: %+v", one.Path, one)
		}
	}
}
