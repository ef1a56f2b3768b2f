package model

import (
	"strings"
	"testing"

	"ioscope/client/interval/schema"
)

// Choosing all that match takes all or none: never some that nobody looked at.
func TestChooseAllThatMatch(t *testing.T) {
	t.Parallel()
	most, total := 2, 40
	columns := []schema.Column{{Label: "N", AccessorKey: "n"}}
	rows := func(keys ...string) (out []schema.Row) {
		for _, k := range keys {
			out = append(out, schema.Row{Key: k, Data: schema.Record{{Name: "n", Value: k}}, FilterValue: k})
		}
		return out
	}
	for name, c := range map[string]struct {
		props      schema.SelectTable
		first      bool   // the first row was chosen before
		query      string // of a table that is all here
		answer     []string
		want, says string
	}{
		"all":              {props: schema.SelectTable{Data: rows("a", "b")}, want: "a b"},
		"some match":       {props: schema.SelectTable{Data: rows("a1", "a2", "b"), MaxSelections: &most}, query: "a", want: "a1 a2"},
		"too many":         {props: schema.SelectTable{Data: rows("a", "b", "c"), MaxSelections: &most}, first: true, want: "a", says: "3 match, and no more than 2 may be chosen"},
		"too many before":  {props: schema.SelectTable{Data: rows("x", "a1", "a2"), MaxSelections: &most}, first: true, query: "a", want: "x", says: "2 match, 3 with those chosen before, and no more than 2 may be chosen"},
		"too many there":   {props: schema.SelectTable{Data: rows("a"), MaxSelections: &most, TotalRecords: &total}, says: "40 match, and no more than 2 may be chosen"},
		"more by then":     {props: schema.SelectTable{Data: rows("a"), MaxSelections: &most, TotalRecords: &most}, answer: []string{"a", "b", "c"}, says: "3 match, and no more than 2 may be chosen"},
		"the host's words": {props: schema.SelectTable{Data: rows("a"), TotalRecords: &total}, answer: []string{"a", "b", "c"}, want: "a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			props := c.props
			props.Columns = columns
			s, r, step := asked(t, schema.Component{Label: "Rows", Stateful: true, Props: &props})
			f := step.Fields[0]
			if c.first {
				f.Table.Choose()
			}
			if c.query != "" {
				r.FilterTable(f, c.query)
			}
			s.Notice = Notice{}
			effects := r.ChooseAll(s, f)
			if c.answer != nil {
				if state := effects[0].(TurnRun).State.(schema.SelectTableState); !state.IsSelectAll {
					t.Fatalf("the host was asked for %+v", state)
				}
				answer := props
				answer.SelectedKeys = c.answer
				again := *step.Render
				again.ID, again.Components = "later", []schema.Component{{Label: "Rows", Stateful: true, Props: &answer}}
				s.Apply([]Input{RunRendered{Ref: r.Ref, Render: &again, Waits: true, Update: true}}, s.Now)
			} else if effects != nil {
				t.Errorf("the host was asked: %+v", effects)
			}
			if got := strings.Join(f.Table.Chosen, " "); got != c.want {
				t.Errorf("chosen: %q, want %q", got, c.want)
			}
			if s.Notice.Text != c.says {
				t.Errorf("says %q, want %q", s.Notice.Text, c.says)
			}
		})
	}
}
