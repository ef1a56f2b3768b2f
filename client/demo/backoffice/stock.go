package backoffice

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// delivery is a row that is imported.
type delivery struct {
	SKU   string  `json:"sku"`
	Qty   int     `json:"qty"`
	Note  *string `json:"note,omitempty"`
	Fresh bool    `json:"fresh,omitempty"`
}

// importStock takes what came in, from a file or typed.
func (s *shop) importStock(ctx context.Context, tx *interval.Transaction) (any, error) {
	file := interval.Optional(tx.IO.Input.File("Delivery note", interval.FileOptions{
		HelpText: "CSV with the columns sku and qty; left out: the rows are typed", Extensions: []string{".csv", ".txt"},
	}))
	if _, err := file.Await(ctx); err != nil {
		return nil, err
	}
	rows := []schema.Record{{{Name: "sku", Value: s.products[0].SKU}, {Name: "qty", Value: 10}, {Name: "note", Value: nil}, {Name: "fresh", Value: true}}}
	if f := file.Value(); f != nil {
		content, err := f.Read(ctx, 1<<20)
		if err != nil {
			return nil, err
		}
		tx.Log("read", f.Name, "of", f.Modified().UTC())
		if rows, err = parseCSV(content); err != nil {
			return nil, &schema.Failure{Kind: "FormatError", Message: f.Name + " is not a delivery note", Cause: "Error: " + err.Error()}
		}
	}
	typed, err := tx.IO.Experimental.Spreadsheet("Rows", schema.InputSpreadsheet{
		HelpText:     "Put right what is wrong",
		Columns:      schema.SheetColumns{{Name: "sku", Type: "string"}, {Name: "qty", Type: "number"}, {Name: "note", Type: "string?"}, {Name: "fresh", Type: "boolean?"}},
		DefaultValue: rows,
	}).Validate(s.checkRows).Await(ctx)
	if err != nil {
		return nil, err
	}
	return s.take(ctx, tx, typed)
}

// parseCSV reads a delivery note.
func parseCSV(content []byte) ([]schema.Record, error) {
	lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(lines) < 2 {
		return nil, errors.New("a header and at least one line")
	}
	sku, qty := slices.Index(lines[0], "sku"), slices.Index(lines[0], "qty")
	if sku < 0 || qty < 0 {
		return nil, errors.New("the columns sku and qty are missing")
	}
	var out []schema.Record
	for i, l := range lines[1:] {
		n, err := strconv.Atoi(l[qty])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		out = append(out, schema.Record{{Name: "sku", Value: l[sku]}, {Name: "qty", Value: n}, {Name: "note", Value: nil}, {Name: "fresh", Value: nil}})
	}
	return out, nil
}

func deliveryOf(row schema.Record) (d delivery, err error) {
	text, err := schema.Marshal(row)
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	return d, err
}

// checkRows says what is wrong with rows.
func (s *shop) checkRows(rows []schema.Record) string {
	known := list(s, &s.products)
	for i, row := range rows {
		d, err := deliveryOf(row)
		switch {
		case err != nil:
			return fmt.Sprintf("Row %d: quantities are whole numbers.", i+1)
		case !slices.ContainsFunc(known, func(p product) bool { return p.SKU == d.SKU }):
			return fmt.Sprintf("Row %d: we have no %q.", i+1, d.SKU)
		case d.Qty == 0:
			return fmt.Sprintf("Row %d: nothing of it came.", i+1)
		}
	}
	return ""
}

// take books rows, with three ways to tell how far it is.
func (s *shop) take(ctx context.Context, tx *interval.Transaction, rows []schema.Record) (any, error) {
	step := func(n int, what string) error {
		_, err := tx.IO.Progress.Steps("Import", schema.DisplayProgressSteps{Steps: schema.Steps{Completed: n, Total: 3}, CurrentStep: what}).Await(ctx)
		return err
	}
	if err := step(1, "Booking"); err != nil {
		return nil, err
	}
	n, total := len(rows), 0
	done := make([]schema.ListItem, n)
	tx.Loading.Start(interval.LoadingState{Label: "Booking", Description: "one row after the other", ItemsInQueue: &n})
	for i, row := range rows {
		if err := s.pause(ctx); err != nil {
			return nil, err
		}
		d, err := deliveryOf(row)
		if err != nil {
			return nil, err
		}
		left := 0
		change(s, &s.products, func(p product) bool { return p.SKU == d.SKU }, func(p *product) {
			p.Stock = max(0, p.Stock+d.Qty)
			left = p.Stock
		})
		total += d.Qty
		done[i] = schema.ListItem{Label: d.SKU, IsComplete: true, ResultDescription: new(fmt.Sprintf("%+d, now %d", d.Qty, left))}
		tx.Loading.CompleteOne()
	}
	if err := step(2, "Telling the shelf"); err != nil {
		return nil, err
	}
	if _, err := tx.IO.Progress.Indeterminate("Waiting for the shelf").Await(ctx); err != nil {
		return nil, err
	}
	if err := s.pause(ctx); err != nil {
		return nil, err
	}
	if err := step(3, "Done"); err != nil {
		return nil, err
	}
	_, err := tx.IO.Progress.ThroughList("Booked", done...).Await(ctx)
	return record("rows", n, "pieces", total), err
}

// errScales is why counting fails.
var errScales = errors.New("the scales show -3 kg")

// recount fails.
func (s *shop) recount(ctx context.Context, tx *interval.Transaction) (any, error) {
	tx.Loading.Start(interval.LoadingState{Label: "Counting"})
	for _, p := range list(s, &s.products)[:3] {
		if err := s.pause(ctx); err != nil {
			return nil, err
		}
		tx.Log("counted", p.SKU)
	}
	return nil, &schema.Failure{Kind: "ScalesError", Message: "The stock can't be counted", Cause: "Error: " + errScales.Error()}
}

// reindex works for a while, and stops when it is canceled.
func (s *shop) reindex(ctx context.Context, tx *interval.Transaction) (any, error) {
	if _, err := tx.IO.Display.Markdown("Rebuilds the **index** of all products. It goes on when you leave.").Await(ctx); err != nil {
		return nil, err
	}
	all := list(s, &s.products)
	n := len(all)
	tx.Loading.Start(interval.LoadingState{Label: "Indexing", ItemsInQueue: &n})
	for i, p := range all {
		if err := s.pause(ctx); err != nil {
			tx.Log("stopped at", p.SKU)
			return nil, err
		}
		if i%10 == 0 {
			tx.Log("indexed", i+1, "of", n)
		}
		tx.Loading.CompleteOne()
	}
	return record("indexed", n), nil
}
