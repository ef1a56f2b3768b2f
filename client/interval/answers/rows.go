package answers

import (
	"context"
	"fmt"

	"ioscope/client/interval/schema"
)

// rowsOf finds rows by key, or by the text of a cell that no other row has. Rows
// that were not sent yet are asked for.
func rowsOf(ctx context.Context, p *schema.SelectTable, index int, items schema.List, host Asker) ([]schema.RowKey, error) {
	rows := &rows{columns: p.Columns, keys: map[string]bool{}, byText: map[string][]string{}}
	rows.add(p.Data)
	if !p.Complete() && !rows.known(items) {
		if err := rows.rest(ctx, p, index, host); err != nil {
			return nil, err
		}
	}
	return each(items, rows.find)
}

// rows are all that a table has, as far as they are known.
type rows struct {
	columns []schema.Column
	keys    map[string]bool
	byText  map[string][]string // keys of the rows that have a cell with that text
}

func (r *rows) add(data []schema.Row) {
	for _, row := range data {
		if r.keys[row.Key] {
			continue
		}
		r.keys[row.Key] = true
		seen := map[string]bool{}
		for i, column := range r.columns {
			cell := column.Cell(row, i).Label
			if cell != "" && !seen[cell] {
				seen[cell] = true
				r.byText[cell] = append(r.byText[cell], row.Key)
			}
		}
	}
}

// known reports whether all are keys of rows that are here.
func (r *rows) known(items schema.List) bool {
	for _, item := range items {
		if !r.keys[schema.Text(item)] {
			return false
		}
	}
	return true
}

// pageOfRows is the longest page that a host gives.
const pageOfRows = 100

// rest pages through the rows from the beginning, in the order of the host: what
// was sent so far may be sorted or filtered.
func (r *rows) rest(ctx context.Context, p *schema.SelectTable, index int, host Asker) error {
	last := "" // key of the first row of the page before
	for offset := 0; ; {
		render, err := host.State(ctx, index, schema.SelectTableState{TableState: schema.TableState{Offset: offset, PageSize: pageOfRows}})
		if err != nil {
			return err
		}
		page, is := render.Components[index].Props.(*schema.SelectTable)
		if !is || len(page.Data) == 0 || offset > 0 && page.Data[0].Key == last {
			return nil // the end, or a host that does not page
		}
		r.add(page.Data)
		last = page.Data[0].Key
		offset += len(page.Data)
		if page.TotalRecords != nil && offset >= *page.TotalRecords {
			return nil
		}
	}
}

func (r *rows) find(item any) (schema.RowKey, error) {
	text := schema.Text(item)
	if r.keys[text] {
		return schema.RowKey{Key: text}, nil
	}
	switch keys := r.byText[text]; len(keys) {
	case 1:
		return schema.RowKey{Key: keys[0]}, nil
	case 0:
		return schema.RowKey{}, fmt.Errorf("no row has the key or a cell %s", quoted(item))
	default:
		return schema.RowKey{}, fmt.Errorf("%d rows have a cell %s: name a key, such as %q", len(keys), quoted(item), keys[0])
	}
}
