package backoffice

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// What the displays show.
const sampleCode = `func refund(ctx context.Context, tx *interval.Transaction) (any, error) {
	amount, err := tx.IO.Input.Number("Amount", schema.InputNumber{Currency: "EUR"}).Await(ctx)
	if err != nil {
		return nil, err
	}
	tx.Log("paid", amount)
	return amount, nil
}
`

const sampleMarkdown = `
	# The shop

	A line with **weight**, one with *grace*, and ` + "`code`" + `.

	- [x] open
	- [ ] closed

	| day | hours |
	|-----|-------|
	| Mon | 9–17  |

	> Whoever asks, gets an answer. [Directions](https://shop.example/way)
`

const sampleHTML = `<h2>Opening hours</h2><p>Monday to <b>Friday</b>, <i>nine to five</i>.<br>See <a href="https://shop.example/way">the way</a>.</p><ul><li>bolts</li><li>nuts &amp; washers</li></ul>`

// displays shows all that can be shown, each as a step of its own.
func (s *shop) displays(ctx context.Context, tx *interval.Transaction) (any, error) {
	d, first := tx.IO.Display, list(s, &s.customers)[0]
	shown := 0
	show := func(fields ...interval.Field) error {
		shown += len(fields)
		_, err := tx.IO.Group(fields...).Await(ctx)
		return err
	}
	menu := []schema.MenuItem{
		{Label: "Once more", Theme: schema.ThemePrimary, Target: schema.Target{Route: "tools/displays"}},
		{Label: "Not now", Disabled: true},
	}
	lines := list(s, &s.orders)[0].Lines
	facts := func(layout string) interval.Field {
		return d.Metadata("Facts as "+layout, layout,
			interval.Fact{MetaItem: schema.MetaItem{Label: "Name", Value: schema.Some(first.Name)}},
			interval.Fact{MetaItem: schema.MetaItem{Label: "Site", Value: schema.Some("Visit"), Target: schema.Target{URL: first.Site}}},
			interval.Fact{MetaItem: schema.MetaItem{Label: "Nothing", Value: schema.Some(nil)}},
			interval.Fact{MetaItem: schema.MetaItem{Label: "Later"}, Later: func(ctx context.Context) (any, error) { return "here it is", s.pause(ctx) }},
			interval.Fact{MetaItem: schema.MetaItem{Label: "Broken"}, Later: func(context.Context) (any, error) { return nil, errScales }},
		)
	}
	for _, step := range [][]interval.Field{
		{d.Heading("Headings", schema.DisplayHeading{Level: 2, Description: "with a menu", MenuItems: menu}), d.Heading("Smaller", schema.DisplayHeading{Level: 3}), d.Heading("Smallest", schema.DisplayHeading{Level: 4})},
		{d.Markdown(sampleMarkdown), d.HTML("HTML", sampleHTML), d.Code("Code", schema.DisplayCode{Code: sampleCode, Language: "go"})},
		{d.Image("Image", badge(first)), d.Video("Film", schema.DisplayVideo{URL: "https://shop.example/tour.mp4", Width: schema.SizeMedium, Muted: true, Loop: true})},
		{d.Link("The shop", schema.DisplayLink{Target: schema.Target{URL: "https://shop.example/"}}), d.Link("Refund the first order", schema.DisplayLink{
			Theme: schema.ThemeDanger, Target: schema.Target{Route: "orders/refund", Params: record("order", "#1001")},
		})},
		{d.Object("Object", s.tree(first))},
		{facts(schema.LayoutGrid), facts(schema.LayoutList), facts(schema.LayoutCard)},
		{interval.Table(tx.IO, "Table", interval.TableOptions[line]{Rows: lines}), interval.Table(tx.IO, "Blocks", interval.TableOptions[line]{Rows: lines, Vertical: true, Unsortable: true})},
		{interval.Grid(tx.IO, "Grid", interval.GridOptions[product]{Items: list(s, &s.products), Card: productCard, IdealColumnWidth: 240, PageSize: 6})},
	} {
		if err := show(step...); err != nil {
			return nil, err
		}
	}
	for n := range 3 {
		if _, err := tx.IO.Progress.Steps("Steps", schema.DisplayProgressSteps{Steps: schema.Steps{Completed: n + 1, Total: 3}, CurrentStep: "one more", SubTitle: "of three"}).Await(ctx); err != nil {
			return nil, err
		}
		if err := s.pause(ctx); err != nil {
			return nil, err
		}
	}
	if _, err := tx.IO.Progress.Indeterminate("It goes on").Await(ctx); err != nil {
		return nil, err
	}
	_, err := tx.IO.Progress.ThroughList("List", schema.ListItem{Label: "Shown", IsComplete: true, ResultDescription: new("all of it")}, schema.ListItem{Label: "Sold"}).Await(ctx)
	return record("shown", shown+5), err
}

// tree has what JSON alone can't say.
func (s *shop) tree(c customer) schema.Record {
	return record(
		"name", c.Name, "made", s.opts.Now().UTC(), "stars", new(big.Int).Lsh(big.NewInt(1), 80), "none", schema.Undefined{}, "empty", nil,
		"tags", schema.Set{"a", "b"}, "prices", schema.Map{{Key: "SKU-001", Value: json.Number("1.5")}, {Key: "SKU-002", Value: json.Number("2")}},
		"list", []any{1, "two", []any{3, record("four", 4)}},
	)
}

// calendar asks for credentials. Most runners refuse that.
func (s *shop) calendar(ctx context.Context, tx *interval.Transaction) (any, error) {
	login, err := tx.IO.Experimental.Credentials("calendar", schema.Credentials{Params: record("scope", "read")}).Await(ctx)
	var refused *interval.IOError
	if errors.As(err, &refused) && refused.Kind == interval.KindRenderError {
		_, err := tx.IO.Display.Markdown("This dashboard has no credentials: " + refused.Message).Await(ctx)
		return record("connected", false), err
	}
	if err != nil {
		return nil, err
	}
	return record("connected", login.Token != ""), nil
}

func (s *shop) echo(_ context.Context, tx *interval.Transaction) (any, error) {
	return record("params", tx.Params, "user", tx.User.Email, "environment", tx.Environment), nil
}
