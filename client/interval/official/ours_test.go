package official

import (
	"context"
	"math/big"
	"time"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

type part struct {
	ID   int       `json:"id"`
	SKU  string    `json:"sku"`
	Made time.Time `json:"made"`
}

var ourParts = []part{{1, "SKU-1", time.Unix(0, 0)}, {2, "SKU-2", time.Unix(86400, 0)}}

func ptr[T any](v T) *T { return &v }

// showAll shows every display that our host has.
func showAll(ctx context.Context, tx *interval.Transaction) (any, error) {
	d := tx.IO.Display
	menu := []schema.MenuItem{{Label: "Go", Theme: schema.ThemeDanger, Target: schema.Target{Route: "ask", Params: rec("when", time.Unix(0, 0))}}, {Label: "Off", Disabled: true}}
	cell := func(p part) any {
		return schema.TableCell{Label: p.SKU, Value: p.ID, HighlightColor: schema.Green, Image: &schema.Image{URL: "https://img.example.test/1.png", Size: schema.SizeSmall}}
	}
	_, err := tx.IO.Group(
		d.Heading("Head", schema.DisplayHeading{Level: 3, Description: "d", MenuItems: menu[1:]}),
		d.Markdown("# md"), d.Code("c", schema.DisplayCode{Code: "x", Language: "go"}), d.HTML("h", "<b>x</b>"),
		d.Image("i", schema.Image{URL: "https://img.example.test/a.png", Alt: "a", Size: schema.SizeLarge}),
		d.Video("v", schema.DisplayVideo{URL: "https://img.example.test/a.mp4", Width: schema.SizeMedium, Loop: true}),
		d.Link("l", schema.DisplayLink{Theme: schema.ThemePrimary, Target: schema.Target{URL: "https://docs.example.test"}}),
		d.Object("o", rec("when", time.Unix(0, 0), "big", big.NewInt(12), "none", schema.Undefined{}, "list", []any{1, "x"})),
		d.Metadata("m", schema.LayoutCard,
			interval.Fact{MetaItem: schema.MetaItem{Label: "Now", Value: schema.Some(1)}},
			interval.Fact{MetaItem: schema.MetaItem{Label: "Later"}, Later: func(context.Context) (any, error) { return "done", nil }}),
		interval.Table(tx.IO, "t", interval.TableOptions[part]{
			Rows: ourParts, Vertical: true, Menu: func(part) []schema.MenuItem { return menu },
			Columns: []interval.TableColumn[part]{{Label: "SKU", Cell: cell}, {Key: "made"}},
		}),
		interval.Grid(tx.IO, "g", interval.GridOptions[part]{Items: ourParts, Card: func(p part) schema.Card { return schema.Card{Label: p.SKU, Menu: menu} }}),
		tx.IO.Progress.ThroughList("p", schema.ListItem{Label: "a", IsComplete: true, ResultDescription: ptr("ok")}, schema.ListItem{Label: "b"}),
	).Await(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.IO.Progress.Steps("s", schema.DisplayProgressSteps{Steps: schema.Steps{Completed: 1, Total: 2}}).Await(ctx); err != nil {
		return nil, err
	}
	if _, err := tx.IO.Progress.Indeterminate("i").Await(ctx); err != nil {
		return nil, err
	}
	tx.Log("a line", 7)
	tx.Loading.Start(interval.LoadingState{Label: "L", ItemsInQueue: ptr(2)})
	time.Sleep(150 * time.Millisecond)
	return rec("when", time.Unix(0, 0)), tx.Redirect(ctx, schema.Target{Route: "ask", Params: rec("n", 1)}, true)
}

// asked are the answers to what askAll asks, step by step.
var asked = [][]any{
	{
		"text", "a@example.test", 7, 2.5, "https://x.example.test/", true, "<p>x</p>", rec("year", 2024, "month", 2, "day", 29),
		rec("hour", 1, "minute", 2), rec("year", 2024, "month", 2, "day", 29, "hour", 1, "minute", 2),
	},
	{
		[]any{rec("a", "x", "b", nil)},
		rec("label", "A", "value", "a"),
		[]any{rec("label", 1, "value", 1)},
		[]any{rec("key", "1")},
		"0:1",
		[]any{"default:0", "default:0"},
		rec("name", "f.txt", "type", "", "lastModified", 1, "size", 0, "url", "http://127.0.0.1/f"),
		schema.Undefined{},
	},
	{true},
	{false},
}

// askAll asks everything that our host can ask.
func askAll(ctx context.Context, tx *interval.Transaction) (any, error) {
	in, day := tx.IO.Input, schema.Date{Year: 2024, Month: 1, Day: 1}
	show := func(p part) schema.SearchResult { return schema.SearchResult{Label: p.SKU, Description: "d"} }
	_, err := tx.IO.Group(
		in.Text("t", schema.InputText{MinLength: 1, MaxLength: 9, DefaultValue: ptr("d"), Multiline: true, Lines: 2}),
		in.Email("e", schema.InputEmail{Placeholder: "p"}), in.Number("n", schema.InputNumber{Min: ptr(1.0), Currency: "EUR", Decimals: 2, Prepend: "€"}),
		in.Slider("s", schema.InputSlider{Max: 3, Step: 0.5}), in.URL("u", schema.InputURL{}), in.Boolean("b", schema.InputBoolean{}),
		in.RichText("r", schema.InputRichText{}), in.Date("d", schema.InputDate{Min: &day}), in.Time("c", schema.InputTime{Max: &schema.Clock{Hour: 9}}),
		in.DateTime("m", schema.InputDateTime{DefaultValue: &schema.DateTime{Date: day}}),
	).Await(ctx)
	if err != nil {
		return nil, err
	}
	rows := interval.SelectTable(tx.IO, "rows", interval.SelectTableOptions[part]{Rows: ourParts, Min: ptr(1), Selected: func(p part) bool { return p.ID == 2 }})
	hit := interval.Search(tx.IO, "hit", interval.SearchOptions[part]{Initial: ourParts, Show: show})
	_, err = tx.IO.Group(
		tx.IO.Experimental.Spreadsheet("sheet", schema.InputSpreadsheet{Columns: schema.SheetColumns{{Name: "a", Type: "string"}, {Name: "b", Type: "number?"}}}),
		tx.IO.Select.Single("one", schema.SelectSingle{Options: []schema.Option{{Label: "A", Value: "a", Description: "d"}}, Searchable: true}),
		tx.IO.Select.Multiple("some", schema.SelectMultiple{Options: interval.Options(1, 2), MinSelections: ptr(1), DefaultValue: interval.Options(2)}),
		rows, hit, interval.SearchMultiple(tx.IO, "hits", interval.SearchOptions[part]{Defaults: ourParts[:1], Show: show}),
		in.File("file", interval.FileOptions{Extensions: []string{".txt"}}),
		interval.Optional(in.File("own", interval.FileOptions{Places: func(context.Context, []schema.FileName) ([]schema.FileURL, error) { return nil, nil }})),
	).Await(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.IO.Confirm("sure?", "help").Await(ctx); err != nil {
		return nil, err
	}
	_, err = tx.IO.ConfirmIdentity("who?", schema.ConfirmIdentity{GracePeriodMs: 1000}).Await(ctx)
	return rec("row", rows.Value()[0].SKU, "hit", hit.Value().SKU), err
}

func drawShop(_ context.Context, p *interval.PageView) (*interval.PageLayout, error) {
	return &interval.PageLayout{
		TitleLater: func(context.Context) (string, error) { return "late title", nil }, Description: "d",
		MenuItems: []schema.MenuItem{{Label: "Go", Theme: schema.ThemePrimary, Target: schema.Target{Route: "ask"}}},
		Children: []interval.Field{
			p.IO.Display.Heading("Top", schema.DisplayHeading{}),
			interval.Table(p.IO, "t", interval.TableOptions[part]{Rows: ourParts}),
			interval.Grid(p.IO, "g", interval.GridOptions[part]{Items: ourParts, Card: func(p part) schema.Card { return schema.Card{Label: p.SKU} }}),
		},
	}, nil
}
