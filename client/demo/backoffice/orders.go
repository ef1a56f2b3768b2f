package backoffice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// muchMoney is what nobody pays back without being asked again.
const muchMoney = 200

// findOrder asks for an order; the parameter order names one.
func (s *shop) findOrder(ctx context.Context, tx *interval.Transaction) (order, error) {
	all := list(s, &s.orders)
	words := func(o order) string { return o.Number + " " + o.Customer }
	if wanted, ok := tx.Params.Get("order"); ok {
		number := "#" + strings.TrimPrefix(schema.Text(wanted), "#")
		for _, o := range all {
			if o.Number == number {
				return o, nil
			}
		}
		tx.Log("there is no order", number)
	}
	return interval.Search(tx.IO, "Order", interval.SearchOptions[order]{
		HelpText: "By number or customer", Placeholder: "#1001",
		Initial: all[len(all)-3:],
		Find:    func(_ context.Context, query string) ([]order, error) { return finding(all, words, query), nil },
		Show: func(o order) schema.SearchResult {
			return schema.SearchResult{Label: o.Number, Description: fmt.Sprintf("%s, %s, %s", o.Customer, euros(o.Total), o.Status)}
		},
	}).Validate(func(o order) string {
		if o.open() <= 0 {
			return "All of it was paid back already."
		}
		return ""
	}).Await(ctx)
}

// refund pays money back.
func (s *shop) refund(ctx context.Context, tx *interval.Transaction) (any, error) {
	o, err := s.findOrder(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := s.showOrder(ctx, tx, o); err != nil {
		return nil, err
	}
	limit, paid := o.open(), o.open()
	amount := tx.IO.Input.Number("Amount", schema.InputNumber{
		Min: new(0.01), Max: &limit, Currency: "EUR", DefaultValue: &paid, HelpText: "At most " + euros(limit),
	})
	reason := tx.IO.Select.Single("Reason", schema.SelectSingle{Options: []schema.Option{
		{Label: "Damaged", Value: "damaged", Description: "It came broken"},
		{Label: "Too late", Value: "late", Description: "Nobody needed it any more"},
		{Label: "Goodwill", Value: "goodwill", Description: "For a small amount"},
	}})
	remark := interval.Optional(tx.IO.Input.Text("Remark", schema.InputText{Multiline: true, Lines: 3, MaxLength: 200, Placeholder: "For the books"}))
	tell := tx.IO.Input.Boolean("Tell the customer?", schema.InputBoolean{DefaultValue: new(true)})
	choice, err := tx.IO.Group(amount, reason, remark, tell).Validate(func() string {
		if reason.Value().Value == "goodwill" && amount.Value() > 50 {
			return "Goodwill ends at " + euros(50) + "."
		}
		return ""
	}).WithChoices(
		schema.ChoiceButton{Label: "Pay back", Value: "pay", Theme: schema.ThemePrimary},
		schema.ChoiceButton{Label: "Refuse", Value: "refuse", Theme: schema.ThemeDanger},
		schema.ChoiceButton{Label: "Decide later", Value: "later", Theme: schema.ThemeSecondary},
	).Await(ctx)
	if err != nil {
		return nil, err
	}
	if choice == "pay" && amount.Value() > muchMoney {
		sure, err := tx.IO.Confirm("Really pay "+euros(amount.Value())+"?", "That is **much** for one order.").Await(ctx)
		if err != nil {
			return nil, err
		}
		if !sure {
			choice = "later"
		}
	}
	return s.settle(ctx, tx, o, choice, amount.Value(), reason.Value(), tell.Value())
}

// showOrder shows what the money was paid for.
func (s *shop) showOrder(ctx context.Context, tx *interval.Transaction, o order) error {
	d := tx.IO.Display
	_, err := tx.IO.Group(
		d.Heading("Order "+o.Number, schema.DisplayHeading{
			Description: "Placed by " + o.Customer,
			MenuItems:   []schema.MenuItem{{Label: "All orders", Target: schema.Target{Route: "orders"}}},
		}),
		d.Metadata("Facts", schema.LayoutGrid,
			interval.Fact{MetaItem: schema.MetaItem{Label: "Placed", Value: schema.Some(o.Placed)}},
			interval.Fact{MetaItem: schema.MetaItem{Label: "Total", Value: schema.Some(euros(o.Total))}},
			interval.Fact{MetaItem: schema.MetaItem{Label: "Can be paid back"}, Later: func(ctx context.Context) (any, error) {
				return euros(o.open()), s.pause(ctx)
			}},
		),
		interval.Table(tx.IO, "Lines", interval.TableOptions[line]{Rows: o.Lines, Unfilterable: true}),
	).Await(ctx)
	return err
}

func (s *shop) settle(
	ctx context.Context, tx *interval.Transaction, o order, choice string, amount float64, reason schema.Option, tell bool,
) (any, error) {
	if choice != "pay" {
		tx.Log("nothing was paid:", choice)
		return record("order", o.Number, "decision", choice, "paid", 0), nil
	}
	change(s, &s.orders, func(other order) bool { return other.Number == o.Number }, func(o *order) {
		o.Refunded = cents(o.Refunded + amount)
		if o.open() <= 0 {
			o.Status = "returned"
		}
	})
	tx.Log("paid", record("order", o.Number, "amount", amount, "reason", reason.Value))
	if tell {
		err := tx.Notify(ctx, interval.Notification{
			Title: "Refund", Message: euros(amount) + " are on their way to " + o.Customer, IdempotencyKey: tx.ID,
			Delivery: []interval.Delivery{{To: "books@shop.example", Method: "EMAIL"}},
		})
		if err != nil {
			return nil, err
		}
	}
	return record("order", o.Number, "decision", choice, "paid", amount, "reason", reason.Value, "at", s.opts.Now().UTC()), nil
}

// ledger fetches pages of orders, as from a database.
func (s *shop) ledger(ctx context.Context, q interval.RowQuery) ([]order, int, error) {
	if err := s.pause(ctx); err != nil {
		return nil, 0, err
	}
	query := strings.ToLower(q.Query)
	found := slices.DeleteFunc(list(s, &s.orders), func(o order) bool {
		return !strings.Contains(strings.ToLower(o.Number+" "+o.Customer+" "+o.Status), query)
	})
	compare := map[string]func(a, b order) int{
		"number":   func(a, b order) int { return strings.Compare(a.Number, b.Number) },
		"customer": func(a, b order) int { return strings.Compare(a.Customer, b.Customer) },
		"placed":   func(a, b order) int { return a.Placed.Compare(b.Placed) },
		"total":    func(a, b order) int { return cmp.Compare(a.Total, b.Total) },
		"status":   func(a, b order) int { return strings.Compare(a.Status, b.Status) },
	}[q.SortColumn]
	if compare != nil {
		slices.SortStableFunc(found, func(a, b order) int {
			if q.Descending {
				a, b = b, a
			}
			return compare(a, b)
		})
	}
	from := min(q.Offset, len(found))
	return found[from:min(len(found), from+q.PageSize)], len(found), nil
}

// bulk gives many orders another status.
func (s *shop) bulk(ctx context.Context, tx *interval.Transaction) (any, error) {
	_, err := interval.Table(tx.IO, "Ledger", interval.TableOptions[order]{
		HelpText: "Comes page by page, as it would from a database", Fetch: s.ledger, Columns: orderColumns(), PageSize: 10,
	}).Await(ctx)
	if err != nil {
		return nil, err
	}
	rows := interval.SelectTable(tx.IO, "Orders", interval.SelectTableOptions[order]{
		HelpText: "Up to 50 at once", Rows: list(s, &s.orders), Columns: orderColumns(), Min: new(1), Max: new(50), PageSize: 15,
		Menu: func(o order) []schema.MenuItem {
			return []schema.MenuItem{{Label: "Refund", Theme: schema.ThemeDanger, Target: schema.Target{Route: "orders/refund", Params: record("order", o.Number)}}}
		},
	})
	status := tx.IO.Select.Single("New status", schema.SelectSingle{Options: interval.Options("new", "packed", "sent", "returned"), Searchable: true})
	if _, err := tx.IO.Group(rows, status).Await(ctx); err != nil {
		return nil, err
	}
	to := schema.Text(status.Value().Value)
	chosen := rows.Value()
	sure, err := tx.IO.Confirm(fmt.Sprintf("Make %d orders %q?", len(chosen), to), "Nobody is told.").Await(ctx)
	if err != nil || !sure {
		return record("changed", 0), err
	}
	n := len(chosen)
	tx.Loading.Start(interval.LoadingState{Label: "Changing orders", ItemsInQueue: &n})
	for _, o := range chosen {
		if err := s.pause(ctx); err != nil {
			return nil, err
		}
		change(s, &s.orders, func(other order) bool { return other.Number == o.Number }, func(o *order) { o.Status = to })
		tx.Log(o.Number, o.Status, "→", to)
		tx.Loading.CompleteOne()
	}
	return record("changed", n, "status", to), tx.Redirect(ctx, schema.Target{Route: "orders", Params: record("status", to)}, false)
}
