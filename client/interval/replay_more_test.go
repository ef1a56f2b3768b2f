package interval

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"ioscope/client/interval/schema"
)

// stock are the rows of the recorded hosts.
type stock struct {
	ID     int    `json:"id"`
	SKU    string `json:"sku"`
	Qty    int    `json:"qty"`
	Active bool   `json:"active"`
}

func shelf(n int) []stock {
	out := make([]stock, n)
	for i := range out {
		out[i] = stock{i + 1, fmt.Sprintf("SKU-%03d", i+1), i * 7 % 23, i%2 == 0}
	}
	return out
}

func findStock(_ context.Context, q string) (found []stock, err error) {
	for _, p := range shelf(30) {
		if strings.Contains(p.SKU, q) && len(found) < 3 {
			found = append(found, p)
		}
	}
	return found, nil
}

func labelled(p stock) schema.SearchResult { return schema.SearchResult{Label: p.SKU} }

func described(p stock) schema.SearchResult {
	return schema.SearchResult{Label: p.SKU, Description: fmt.Sprint("qty ", p.Qty)}
}

// orNothing is what the recorded actions returned for what was left out.
func orNothing[T any](v *T) any {
	if v == nil {
		return schema.Record{{Name: "undefined", Value: true}}
	}
	return *v
}

func told2(choice string, value any) schema.Record {
	return schema.Record{{Name: "choice", Value: choice}, {Name: "returnValue", Value: value}}
}

func button(label, value string, theme schema.Theme) schema.ChoiceButton {
	return schema.ChoiceButton{Label: label, Value: value, Theme: theme}
}

func fileRecord(f UploadedFile) any {
	return schema.Record{
		{Name: "name", Value: f.Name},
		{Name: "type", Value: f.Type},
		{Name: "lastModified", Value: schema.Text(f.Modified())},
		{Name: "size", Value: f.Size},
		{Name: "extension", Value: f.Name[strings.LastIndex(f.Name, "."):]},
	}
}

func each[T, U any](list []T, of func(T) U) []U {
	out := make([]U, len(list))
	for i, v := range list {
		out[i] = of(v)
	}
	return out
}

// more are the conversations in which there is more than one component at a time,
// or one that is asked for other props.
var more = map[string]conversation{
	"selects": {
		offers: names("sel_single", "sel_single_primitive", "sel_single_date", "sel_single_isostring", "sel_multiple"),
		not:    []string{"tx-sel_single_isostring-4"}, // the SDK takes the text of an option for a date, and finds none
		actions: map[string]handlerFunc{
			"sel_single": told(func(io *IO) *Promise[schema.Option] {
				return io.Select.Single("Plan", schema.SelectSingle{
					Options: []schema.Option{
						{Label: "Basic", Value: "basic", Description: "cheap"},
						{Label: "Pro", Value: "pro", Image: &schema.Image{URL: "https://img.example.test/p.png", Size: schema.SizeSmall}},
					},
					HelpText: "Pick one", DefaultValue: &schema.Option{Label: "Pro", Value: "pro"}, Searchable: true,
				})
			}, func(o schema.Option) any {
				return map[string]any{"label": o.Label, "value": o.Value, "description": o.Description, "extra": 42}
			}),
			"sel_single_primitive": told(func(io *IO) *Promise[schema.Option] {
				return io.Select.Single("Number", schema.SelectSingle{Options: Options(1, 2, 3)})
			}, func(o schema.Option) any { return o.Value }),
			"sel_single_date": told(func(io *IO) *Promise[schema.Option] {
				day := func(m time.Month) time.Time { return time.Date(2024, m, 1, 0, 0, 0, 0, time.UTC) }
				return io.Select.Single("Day", schema.SelectSingle{Options: Options(day(1), day(2))})
			}, func(o schema.Option) any { return schema.Text(o.Value) }),
			"sel_multiple": told(func(io *IO) *Promise[[]schema.Option] {
				all := []schema.Option{{Label: "Red", Value: "r"}, {Label: "Green", Value: "g"}, {Label: "Blue", Value: "b"}}
				return io.Select.Multiple("Tags", schema.SelectMultiple{Options: all, DefaultValue: all[:1], MinSelections: ptr(1), MaxSelections: ptr(2)})
			}, func(chosen []schema.Option) any {
				return each(chosen, func(o schema.Option) map[string]any {
					out := map[string]any{"label": o.Label, "value": o.Value}
					if o.Value == "g" {
						out["note"] = "kept on the host"
					}
					return out
				})
			}),
		},
	},
	"group": {
		offers: names("group_array", "group_object", "group_validate", "group_choices", "group_continue_button", "group_with_table",
			"group_confirm", "choice_display", "choice_input", "choice_missing"),
		not: []string{
			"tx-choice_missing-7", // no button is no choice there, and the empty one here
			"tx-group_confirm-8",  // fails in either host, each in words of its own
		},
		actions: map[string]handlerFunc{
			"group_array": func(ctx context.Context, tx *Transaction) (any, error) {
				first := tx.IO.Input.Text("First", schema.InputText{})
				second := Optional(tx.IO.Input.Number("Second", schema.InputNumber{}))
				third := Optional(tx.IO.Input.Date("Third", schema.InputDate{}))
				_, err := tx.IO.Group(tx.IO.Display.Heading("Form", schema.DisplayHeading{}), first, second, third).Await(ctx)
				return []any{nil, first.Value(), second.Value(), third.Value()}, err
			},
			"group_object": func(ctx context.Context, tx *Transaction) (any, error) {
				name := tx.IO.Input.Text("Name", schema.InputText{})
				size := tx.IO.Select.Single("Size", schema.SelectSingle{Options: Options("S", "M")})
				_, err := tx.IO.Group(tx.IO.Display.Markdown("Fill in"), name, size).Await(ctx)
				return map[string]any{"head": nil, "name": name.Value(), "size": size.Value().Value}, err
			},
			"group_continue_button": func(ctx context.Context, tx *Transaction) (any, error) {
				name := tx.IO.Input.Text("Name", schema.InputText{})
				_, err := tx.IO.Group(name).WithChoices(button("Start", "", schema.ThemeDanger)).Await(ctx)
				return []string{name.Value()}, err
			},
			"group_choices": func(ctx context.Context, tx *Transaction) (any, error) {
				note, tries := tx.IO.Input.Text("Note", schema.InputText{}), 0
				choice, err := tx.IO.Group(note).WithChoices(
					button("Approve", "ok", schema.ThemePrimary), button("Reject", "no", schema.ThemeDanger), button("Later", "", ""),
				).Validate(func() string {
					if tries++; tries == 1 {
						return "Give a reason"
					}
					return ""
				}).Await(ctx)
				return told2(choice, map[string]string{"note": note.Value()}), err
			},
			"choice_input": func(ctx context.Context, tx *Transaction) (any, error) {
				n, choice, err := Optional(tx.IO.Input.Number("Number", schema.InputNumber{})).AwaitChoice(ctx, button("Negate", "neg", schema.ThemeDanger), button("Keep", "keep", ""))
				return told2(choice, orNothing(n)), err
			},
			"choice_display": func(ctx context.Context, tx *Transaction) (any, error) {
				_, choice, err := tx.IO.Display.Heading("Ready?", schema.DisplayHeading{}).AwaitChoice(ctx, button("Yes", "", ""), button("No", "", ""))
				return told2(choice, nil), err
			},
		},
	},
	"parallel-io": {offers: names("parallel"), actions: map[string]handlerFunc{
		"parallel": func(ctx context.Context, tx *Transaction) (any, error) {
			a, b := tx.IO.Input.Text("A", schema.InputText{}), tx.IO.Input.Text("B", schema.InputText{})
			var both sync.WaitGroup
			both.Go(func() { _, _ = a.Await(ctx) })
			time.Sleep(time.Millisecond) // one after the other, as they were recorded
			both.Go(func() { _, _ = b.Await(ctx) })
			both.Wait()
			return map[string]string{"a": a.Value(), "b": b.Value()}, nil
		},
	}},
	"search": {
		offers: names("search", "search_default", "search_multiple", "search_throws"),
		not: []string{
			"tx-search-4", // a hit that never was: our host gives the failure a message
			"tx-search-5", // and does not take it for no answer
		},
		actions: map[string]handlerFunc{
			"search": asks(func(io *IO) *Promise[stock] {
				return Search(io, "Find part", SearchOptions[stock]{Placeholder: "sku", Initial: shelf(2), Find: findStock, Show: described})
			}),
			"search_default": asks(func(io *IO) *Promise[stock] {
				return Search(io, "Find part", SearchOptions[stock]{Initial: shelf(1), Default: &shelf(30)[9], Find: findStock, Show: labelled})
			}),
			"search_multiple": asks(func(io *IO) *Promise[[]stock] {
				return SearchMultiple(io, "Find parts", SearchOptions[stock]{Defaults: shelf(30)[4:5], Find: findStock, Show: labelled})
			}),
		},
	},
	"select-table": {offers: names("sel_table"), actions: map[string]handlerFunc{
		"sel_table": asks(func(io *IO) *Promise[[]stock] {
			return SelectTable(io, "Orders", SelectTableOptions[stock]{
				HelpText: "Tick rows", Rows: shelf(4), PageSize: 2, Min: ptr(1), Max: ptr(3), Selected: func(p stock) bool { return p.ID == 2 },
				Columns: []TableColumn[stock]{
					{Key: "id"},
					{Label: "Stock", Key: "sku", Cell: func(p stock) any {
						return schema.TableCell{Label: p.SKU, HighlightColor: schema.Green, Target: schema.Target{URL: fmt.Sprint("https://shop.example.test/", p.ID)}}
					}},
					{Label: "Level", Cell: func(p stock) any {
						if p.Qty > 10 {
							return "high"
						}
						return "low"
					}},
				},
				Menu: func(p stock) []schema.MenuItem {
					return []schema.MenuItem{
						{Label: "Open", Target: schema.Target{Route: "in_text", Params: schema.Record{{Name: "id", Value: p.ID}}}},
						{Label: "Remove", Theme: schema.ThemeDanger, Target: schema.Target{Route: "in_text"}},
					}
				},
			})
		}),
	}},
	"append": {offers: names("append", "append_end_display", "append_choice", "append_group_mixed"), actions: map[string]handlerFunc{
		"append": func(ctx context.Context, tx *Transaction) (any, error) {
			_, err := tx.IO.Display.Heading("Head", schema.DisplayHeading{}).Await(ctx)
			if err == nil {
				_, err = Table(tx.IO, "T", TableOptions[stock]{Rows: shelf(30), PageSize: 5}).Await(ctx)
			}
			if err != nil {
				return nil, err
			}
			return tx.IO.Input.Text("Name", schema.InputText{}).Await(ctx)
		},
		"append_end_display": func(ctx context.Context, tx *Transaction) (any, error) {
			_, err := tx.IO.Display.Markdown("bye").Await(ctx)
			return "end", err
		},
		"append_choice": func(ctx context.Context, tx *Transaction) (any, error) {
			_, choice, err := tx.IO.Display.Heading("Go?", schema.DisplayHeading{}).AwaitChoice(ctx, button("Yes", "", ""), button("No", "", ""))
			return told2(choice, nil), err
		},
		"append_group_mixed": func(ctx context.Context, tx *Transaction) (any, error) {
			n := tx.IO.Input.Text("N", schema.InputText{})
			_, err := tx.IO.Group(tx.IO.Display.Heading("H", schema.DisplayHeading{}), n).Await(ctx)
			return []any{nil, n.Value()}, err
		},
	}},
	"optional-multiple": {
		offers: names("in_file_multiple", "optional_validate", "optional_text", "optional_multiple", "optional_date_group_validate"),
		not:    []string{"tx-optional_date_group_validate-10"}, // there the action stumbles over a null that should have had a note
		actions: map[string]handlerFunc{
			"optional_text": told(func(io *IO) *Promise[*string] { return Optional(io.Input.Text("Maybe", schema.InputText{})) }, orNothing[string]),
			"optional_validate": told(func(io *IO) *Promise[*string] {
				return Optional(io.Input.Text("Code", schema.InputText{}).Validate(func(s string) string {
					if len(s) < 3 {
						return "Too short"
					}
					return ""
				}))
			}, orNothing[string]),
			"optional_date_group_validate": func(ctx context.Context, tx *Transaction) (any, error) {
				day := Optional(tx.IO.Input.Date("Day", schema.InputDate{}))
				_, err := tx.IO.Group(day).Validate(func() string { return "" }).Await(ctx)
				return schema.Record{{Name: "day", Value: day.Value()}}, err
			},
			"optional_multiple": told(func(io *IO) *Promise[*[]UploadedFile] {
				return Optional(Multiple(io.Input.File("Files", FileOptions{})))
			}, func(files *[]UploadedFile) any {
				if files == nil {
					return orNothing[string](nil)
				}
				return each(*files, fileRecord)
			}),
			"in_file_multiple": told(func(io *IO) *Promise[[]UploadedFile] {
				return Multiple(io.Input.File("Reports", FileOptions{}))
			}, func(files []UploadedFile) any {
				return each(files, func(f UploadedFile) string { return f.Name })
			}),
		},
	},
}
