package interval

import (
	"cmp"
	"context"
	"errors"
	"math/big"
	"slices"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// dated are rows with a date.
type dated struct {
	stock
	Made time.Time `json:"made"`
}

// shows is an action that shows one thing, and ends with the null that a display
// gives.
func shows(make func(io *IO) *Promise[Shown]) handlerFunc {
	return func(ctx context.Context, tx *Transaction) (any, error) {
		_, err := make(tx.IO).Await(ctx)
		return nil, err
	}
}

func gives(v any) handlerFunc {
	return func(context.Context, *Transaction) (any, error) { return v, nil }
}

func fails(err error) handlerFunc {
	return func(context.Context, *Transaction) (any, error) { return nil, err }
}

// fetchStock fetches pages as the recorded host did.
func fetchStock(_ context.Context, q RowQuery) ([]stock, int, error) {
	found := slices.DeleteFunc(shelf(30), func(p stock) bool { return !strings.Contains(strings.ToLower(p.SKU), q.Query) })
	if q.SortColumn == "qty" {
		slices.SortStableFunc(found, func(a, b stock) int {
			if q.Descending {
				a, b = b, a
			}
			return cmp.Compare(a.Qty, b.Qty)
		})
	}
	from := min(q.Offset, len(found))
	return found[from:min(len(found), from+q.PageSize)], len(found), nil
}

func openMenu(params schema.Record) []schema.MenuItem {
	return []schema.MenuItem{{Label: "Open", Target: schema.Target{Route: "in_text", Params: params}}}
}

func level(p stock) any {
	if p.Qty > 10 {
		return schema.TableCell{Label: "high", HighlightColor: schema.Red}
	}
	return "low"
}

var waits = asks(func(io *IO) *Promise[string] { return io.Input.Text("Wait", schema.InputText{}) })

// rest are the conversations about tables, ends and results.
var rest = map[string]conversation{
	"tables": {offers: names("dis_table", "dis_table_vertical", "dis_table_remote", "dis_table_async"), actions: map[string]handlerFunc{
		"dis_table": shows(func(io *IO) *Promise[Shown] {
			var rows []dated
			for i, p := range shelf(3) {
				rows = append(rows, dated{p, time.Date(2024, 1, i+1, 0, 0, 0, 0, time.UTC)})
			}
			return Table(io, "Stock", TableOptions[dated]{HelpText: "Three rows", Rows: rows, Menu: func(p dated) []schema.MenuItem {
				return openMenu(schema.Record{{Name: "id", Value: p.ID}})
			}})
		}),
		"dis_table_vertical": shows(func(io *IO) *Promise[Shown] {
			return Table(io, "Wide", TableOptions[stock]{
				Rows: shelf(1), Vertical: true, PageSize: 5, Unsortable: true, Unfilterable: true,
				Columns: []TableColumn[stock]{
					{Label: "Picture", Cell: func(p stock) any {
						small := schema.SizeThumbnail
						return schema.TableCell{Label: p.SKU, Value: p.ID, Image: &schema.Image{URL: "https://img.example.test/1.png", Alt: "part", Size: small, Width: small, Height: small}}
					}},
					{Label: "Go", Cell: func(p stock) any {
						return schema.TableCell{Label: "open", Target: schema.Target{Route: "in_text", Params: schema.Record{{Name: "id", Value: p.ID}}}}
					}},
					{Key: "qty"},
				},
			})
		}),
		"dis_table_remote": shows(func(io *IO) *Promise[Shown] {
			return Table(io, "Big", TableOptions[stock]{Rows: shelf(30), PageSize: 5, Columns: []TableColumn[stock]{{Key: "id"}, {Key: "sku"}, {Label: "Level", Cell: level}}})
		}),
	}},
	"table-async": {
		offers: names("dis_grid", "dis_grid_async", "dis_table", "dis_table_vertical", "dis_table_remote", "dis_table_async"),
		not:    []string{"tx-dis_grid_async-2", "tx-dis_grid-3"}, // cards are found by what they show here, there by all of the item
		actions: map[string]handlerFunc{
			"dis_table_async": shows(func(io *IO) *Promise[Shown] {
				return Table(io, "Async", TableOptions[stock]{Fetch: fetchStock, PageSize: 4, Menu: func(stock) []schema.MenuItem { return openMenu(nil) }})
			}),
		},
	},
	"background": {
		offers: []Action{{Slug: "background", Name: "Background job", Description: "Runs on", Backgroundable: true, Unlisted: true, WarnOnClose: new(bool), Teams: []string{"support"}}},
		actions: map[string]handlerFunc{"background": func(ctx context.Context, tx *Transaction) (any, error) {
			tx.Log("one")
			if _, err := tx.IO.Display.Markdown("progress").Await(ctx); err != nil {
				return nil, err
			}
			return tx.IO.Input.Text("Late question", schema.InputText{}).Await(ctx)
		}},
	},
	"cancel": {
		offers: names("in_text", "cancel_uncaught", "cancel_caught", "cancel_then_io", "busy_cancel", "dis_then_io", "busy_long", "busy_after"),
		actions: map[string]handlerFunc{
			"in_text":         title,
			"cancel_uncaught": waits,
			"cancel_caught": func(ctx context.Context, tx *Transaction) (any, error) {
				_, err := waits(ctx, tx)
				var canceled *IOError
				if !errors.As(err, &canceled) {
					return nil, err
				}
				return map[string]string{"kind": canceled.Kind, "name": "IOError", "message": canceled.Message}, nil
			},
			"cancel_then_io": func(ctx context.Context, tx *Transaction) (any, error) {
				if _, err := waits(ctx, tx); !errors.Is(err, ErrCanceled) {
					return nil, err
				}
				return waits(context.WithoutCancel(ctx), tx)
			},
			"busy_cancel": func(ctx context.Context, tx *Transaction) (any, error) {
				_, err := tx.IO.Input.Text("First", schema.InputText{}).Await(ctx)
				time.Sleep(600 * time.Millisecond)
				return "ran to the end", err
			},
			"dis_then_io": func(ctx context.Context, tx *Transaction) (any, error) {
				if _, err := tx.IO.Display.Heading("H", schema.DisplayHeading{}).Await(ctx); err != nil {
					return nil, err
				}
				time.Sleep(500 * time.Millisecond)
				return waits(context.WithoutCancel(ctx), tx)
			},
			"busy_long": func(context.Context, *Transaction) (any, error) {
				time.Sleep(600 * time.Millisecond)
				return "late result", nil
			},
		},
	},
	"results": {
		offers: names("ret_undefined", "ret_null", "ret_string", "ret_number", "ret_bool", "ret_date", "ret_bigint", "ret_array", "ret_record", "ret_nested", "params", "ctxinfo"),
		not: []string{
			"tx-ret_record-9", // the SDK marks a text that looks like a time, which means nothing
			"tx-params-11",    // tells JavaScript's own types
		},
		actions: map[string]handlerFunc{
			"ret_undefined": gives(nil), "ret_null": gives(nil), "ret_string": gives("plain text"), "ret_number": gives(42.5), "ret_bool": gives(false),
			"ret_date":   gives(time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)),
			"ret_bigint": gives(big.NewInt(9007199254740993)),
			"ret_array":  gives([]any{1, "two", nil, time.Unix(0, 0)}),
			"ret_nested": gives(map[string]any{"a": map[string]any{"b": []any{map[string]any{"c": time.Unix(0, 0)}}}, "same": 1}),
			"ctxinfo": func(_ context.Context, tx *Transaction) (any, error) {
				return map[string]any{"user": tx.User, "env": tx.Environment, "org": tx.Organization, "action": tx.Action}, nil
			},
		},
	},
	"failure": {
		offers: names("in_text", "fail_error", "fail_custom", "fail_string", "fail_props", "fail_sync"),
		not: []string{
			"tx-fail_string-3", "tx-fail_props-4", // nothing but an error can be returned here, and no props that don't fit
			"tx-fail_sync-6", // goes silent there
		},
		actions: map[string]handlerFunc{
			"in_text":     title,
			"fail_error":  fails(errors.New("Something broke")), //nolint:staticcheck // the recorded words
			"fail_custom": fails(&schema.Failure{Kind: "StockError", Message: "No stock left", Cause: "RangeError: qty out of range"}),
		},
	},
}
