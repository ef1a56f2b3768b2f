package interval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ioscope/client/interval/schema"
)

// after gives a value in a while.
func after[T any](ms time.Duration, v T, err error) func(context.Context) (T, error) {
	return func(context.Context) (T, error) {
		time.Sleep(ms * time.Millisecond)
		return v, err
	}
}

// drawReport is a page with all that a page can have.
func drawReport(_ context.Context, p *PageView) (*PageLayout, error) {
	team, _ := p.Params.Get("team")
	return &PageLayout{
		Title: fmt.Sprintf("Report for %s", team), Description: "Static text",
		MenuItems: []schema.MenuItem{
			{Label: "New", Theme: schema.ThemePrimary, Target: schema.Target{Route: "reports/create", Params: schema.Record{{Name: "from", Value: "page"}}}},
			{Label: "Site", Target: schema.Target{URL: "https://docs.example.test"}},
			{Label: "Off", Disabled: true},
		},
		Children: []Field{
			p.IO.Display.Heading("Top", schema.DisplayHeading{}),
			p.IO.Display.Metadata("Facts", "", fact("A", 1, schema.Target{}), Fact{
				MetaItem: schema.MetaItem{Label: "B"}, Later: after[any](60, "late", nil),
			}),
			Table(p.IO, "Stock", TableOptions[stock]{Rows: shelf(30), PageSize: 5}),
		},
	}, nil
}

// drawTable is a page with a table that fetches its rows.
func drawTable(_ context.Context, p *PageView) (*PageLayout, error) {
	return &PageLayout{Title: "T", Children: []Field{Table(p.IO, "Rows", TableOptions[stock]{Fetch: fetchStock, PageSize: 4})}}, nil
}

// drawLate is a page whose texts come one after the other.
func drawLate(context.Context, *PageView) (*PageLayout, error) {
	return &PageLayout{TitleLater: after(60, "Late title", nil), DescriptionLater: after(120, "Late description", nil)}, nil
}

// drawn are the conversations about pages.
var drawn = map[string]conversation{
	"page": {
		offers: filed, pages: folders(), actions: map[string]handlerFunc{"reports/create": gives("created")},
	},
	"page-variants": {
		offers: filed,
		not:    []string{"pk-page_badchild"}, // props without what is needed can't be made here
		surplus: map[int]surplus{22: {
			[]string{"SEND_PAGE", "SEND_PAGE"}, "a page is drawn at once and again with each of its parts, also when they fail soon",
		}},
		pages: append(
			folders(),
			Page{Slug: "page_async", Name: "Async page", Draw: drawLate},
			Page{Slug: "page_async_table", Name: "Async table page", Draw: drawTable},
			Page{Slug: "page_throw", Name: "Broken", Draw: func(context.Context, *PageView) (*PageLayout, error) {
				return nil, &schema.Failure{Kind: "TypeError", Message: "page broke"}
			}},
			Page{Slug: "page_badtitle", Name: "Bad title", Draw: func(_ context.Context, p *PageView) (*PageLayout, error) {
				return &PageLayout{
					TitleLater: after(10, "", errors.New("no title")), DescriptionLater: after(20, "", errors.New("no description")),
					Children: []Field{p.IO.Display.Markdown("still here")},
				}, nil
			}},
			Page{Slug: "page_badchild", Name: "Bad child", Draw: drawLate},
			Page{Slug: "page_empty", Name: "Empty", Draw: func(context.Context, *PageView) (*PageLayout, error) { return nil, nil }},
			Page{Slug: "page_loading", Name: "Loading", Draw: func(_ context.Context, p *PageView) (*PageLayout, error) {
				p.Loading(LoadingState{Label: "Crunching"})
				time.Sleep(200 * time.Millisecond)
				return &PageLayout{Title: "L"}, nil
			}},
			Page{Slug: "page_redirect", Name: "Redirect", Draw: func(ctx context.Context, p *PageView) (*PageLayout, error) {
				return &PageLayout{Title: "R"}, p.Redirect(ctx, schema.Target{Route: "in_text"})
			}},
		),
	},
}
