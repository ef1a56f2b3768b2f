package backoffice

import (
	"context"
	"fmt"
	"strings"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// orderPages are the pages about orders.
func (s *shop) orderPages(h *interval.Host) {
	h.Page(interval.Page{Slug: "orders", Name: "Orders", Description: "The newest first", Draw: func(_ context.Context, p *interval.PageView) (*interval.PageLayout, error) {
		return &interval.PageLayout{
			Title: "Orders", Description: "As they come from the database",
			MenuItems: []schema.MenuItem{
				{Label: "Refund", Theme: schema.ThemePrimary, Target: schema.Target{Route: "orders/refund"}},
				{Label: "Change many", Target: schema.Target{Route: "orders/bulk"}},
			},
			Children: []interval.Field{
				interval.Table(p.IO, "All orders", interval.TableOptions[order]{Fetch: s.ledger, Columns: orderColumns(), PageSize: 20}),
			},
		}, nil
	}})
}

// stockPages are the pages about what is on the shelf.
func (s *shop) stockPages(h *interval.Host) {
	h.Page(interval.Page{Slug: "stock", Name: "Stock", Description: "What is on the shelf", Draw: func(_ context.Context, p *interval.PageView) (*interval.PageLayout, error) {
		return &interval.PageLayout{
			Title: "Stock",
			MenuItems: []schema.MenuItem{
				{Label: "Import", Theme: schema.ThemePrimary, Target: schema.Target{Route: "stock/import"}},
				{Label: "Recount", Theme: schema.ThemeDanger, Target: schema.Target{Route: "stock/recount"}},
			},
			Children: []interval.Field{interval.Grid(p.IO, "Shelf", interval.GridOptions[product]{Items: list(s, &s.products), Card: productCard, IdealColumnWidth: 240, PageSize: 12})},
		}, nil
	}})
}

func productCard(p product) schema.Card {
	return schema.Card{
		Label: p.SKU + " " + p.Name, Description: fmt.Sprintf("%d on the shelf, %s each", p.Stock, euros(p.Price)),
		Menu: []schema.MenuItem{{Label: "Import more", Target: schema.Target{Route: "stock/import"}}},
	}
}

// reportPages are the pages that count.
func (s *shop) reportPages(h *interval.Host) {
	h.Page(interval.Page{Slug: "reports", Name: "Reports", Description: "What was sold", Draw: s.report})
	h.Page(interval.Page{Slug: "reports/broken", Name: "A broken report", Description: "Fails: it divides by nothing", Draw: func(context.Context, *interval.PageView) (*interval.PageLayout, error) {
		return nil, &schema.Failure{Kind: "DivisionError", Message: "Nobody has bought anything on the 30th of February"}
	}})
}

// sales are those of a town.
type sales struct {
	Town    string  `json:"town"`
	Orders  int     `json:"orders"`
	Total   float64 `json:"total"`
	Average float64 `json:"average"`
}

func (s *shop) salesByTown() []sales {
	home := map[string]string{}
	for _, c := range list(s, &s.customers) {
		home[c.Name] = c.City
	}
	out := make([]sales, len(towns))
	for i, town := range towns {
		out[i].Town = town
		for _, o := range list(s, &s.orders) {
			if home[o.Customer] == town {
				out[i].Orders++
				out[i].Total = cents(out[i].Total + o.Total)
			}
		}
		if out[i].Orders > 0 {
			out[i].Average = cents(out[i].Total / float64(out[i].Orders))
		}
	}
	return out
}

// report is a page with late parts, tables and a grid.
func (s *shop) report(_ context.Context, p *interval.PageView) (*interval.PageLayout, error) {
	p.Loading(interval.LoadingState{Label: "Adding up"})
	byTown := s.salesByTown()
	sum := 0.0
	for _, t := range byTown {
		sum = cents(sum + t.Total)
	}
	columns := []interval.TableColumn[sales]{
		{Label: "Town", Key: "town"},
		{Label: "Orders", Key: "orders"},
		{Label: "Total", Key: "total", Cell: func(t sales) any { return money(t.Total) }},
		{Label: "Average", Key: "average", Cell: func(t sales) any { return money(t.Average) }},
	}
	d := p.IO.Display
	return &interval.PageLayout{
		TitleLater: func(ctx context.Context) (string, error) {
			return fmt.Sprintf("Sales of %d orders", len(s.orders)), s.pause(ctx)
		},
		DescriptionLater: func(ctx context.Context) (string, error) { return "In all " + euros(sum), s.pause(ctx) },
		MenuItems: []schema.MenuItem{
			{Label: "Refund", Target: schema.Target{Route: "orders/refund"}},
			{Label: "Source", Target: schema.Target{URL: "https://shop.example/reports"}},
			{Label: "Print", Disabled: true},
		},
		Children: []interval.Field{
			d.Heading("By town", schema.DisplayHeading{Level: 2, Description: "All the time"}),
			interval.Table(p.IO, "Towns", interval.TableOptions[sales]{Rows: byTown, Columns: columns}),
			d.Metadata("Extremes", schema.LayoutCard, s.extremes(byTown)...),
			interval.Table(p.IO, "Orders", interval.TableOptions[order]{Fetch: s.ledger, Columns: orderColumns(), PageSize: 8}),
			interval.Grid(p.IO, "Short of", interval.GridOptions[product]{Fetch: s.shortages, Card: productCard, IdealColumnWidth: 260, PageSize: 6}),
			d.Link("All of the stock", schema.DisplayLink{Theme: schema.ThemeSecondary, Target: schema.Target{Route: "stock"}}),
		},
	}, nil
}

// extremes are found while the rest is on the screen.
func (s *shop) extremes(byTown []sales) []interval.Fact {
	best := func(better func(a, b sales) bool) func(context.Context) (any, error) {
		return func(ctx context.Context) (any, error) {
			found := byTown[0]
			for _, t := range byTown {
				if better(t, found) {
					found = t
				}
			}
			return found.Town, s.pause(ctx)
		}
	}
	return []interval.Fact{
		{MetaItem: schema.MetaItem{Label: "Most orders"}, Later: best(func(a, b sales) bool { return a.Orders > b.Orders })},
		{MetaItem: schema.MetaItem{Label: "Most money"}, Later: best(func(a, b sales) bool { return a.Total > b.Total })},
		{MetaItem: schema.MetaItem{Label: "Towns", Value: schema.Some(len(byTown))}},
	}
}

// shortages fetches pages of what is nearly sold out.
func (s *shop) shortages(ctx context.Context, q interval.RowQuery) ([]product, int, error) {
	if err := s.pause(ctx); err != nil {
		return nil, 0, err
	}
	var found []product
	for _, p := range list(s, &s.products) {
		if p.Stock < 100 && strings.Contains(strings.ToLower(p.SKU+" "+p.Name), strings.ToLower(q.Query)) {
			found = append(found, p)
		}
	}
	from := min(q.Offset, len(found))
	return found[from:min(len(found), from+q.PageSize)], len(found), nil
}
