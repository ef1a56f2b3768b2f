package interval

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/client/interval/schema"
)

// maxSent is how many rows a render carries at most, as with the SDK.
const maxSent = 500

// TableColumn is a column of rows of type T.
type TableColumn[T any] struct {
	Label string
	// Key names a field of the row; empty for none.
	Key string
	// Cell makes what is shown: a scalar or a schema.TableCell. Default: the field.
	Cell func(row T) any
}

// RowQuery asks for rows.
type RowQuery struct {
	// Query is what the person filters by, SortColumn the column's key.
	Query, SortColumn string
	Descending        bool
	Offset, PageSize  int
}

// TableOptions say what a table shows.
type TableOptions[T any] struct {
	HelpText string
	// Rows are all there are, unless Fetch is given.
	Rows []T
	// Fetch gets a page, and how many rows there are in all, negative when that is
	// not known.
	Fetch func(ctx context.Context, q RowQuery) (rows []T, total int, err error)
	// Columns default to the fields of the rows.
	Columns []TableColumn[T]
	// Menu is what can be done with a row.
	Menu func(row T) []schema.MenuItem
	// Vertical shows a block for each row.
	Vertical bool
	// PageSize defaults to the dashboard's.
	PageSize int
	// Unsortable and Unfilterable forbid what the person may do otherwise.
	Unsortable, Unfilterable bool
}

// SelectTableOptions say what a table offers for selection.
type SelectTableOptions[T any] struct {
	HelpText string
	Rows     []T
	Columns  []TableColumn[T]
	Menu     func(row T) []schema.MenuItem
	PageSize int
	// Min and Max bound the selection; nil for no bound.
	Min, Max *int
	// Selected says which rows are selected in the beginning.
	Selected                           func(row T) bool
	Unsortable, Unfilterable, Disabled bool
}

// Table shows rows.
func Table[T any](io *IO, label string, o TableOptions[T]) *Promise[Shown] {
	rows := &rowSource[T]{columns: o.Columns, menu: o.Menu, all: o.Rows, fetch: o.Fetch}
	sortable, filterable, async := !o.Unsortable, !o.Unfilterable, o.Fetch != nil
	orientation := "horizontal"
	if o.Vertical {
		orientation = "vertical"
	}
	props := &schema.DisplayTable{
		HelpText: o.HelpText, Orientation: orientation, DefaultPageSize: o.PageSize,
		IsSortable: &sortable, IsFilterable: &filterable, IsAsync: &async,
	}
	p := promise[Shown](io, label, props)
	if err := rows.begin(); err != nil {
		return failed(p, err)
	}
	props.Columns, props.Data = rows.shown, rows.first()
	if !async {
		props.TotalRecords = rows.total()
	}
	p.f.state = func(ctx context.Context, state any) (func(), error) {
		var s schema.TableState
		if err := schema.Into(state, &s); err != nil {
			return nil, err
		}
		data, total, err := rows.find(ctx, s)
		return func() { props.Data, props.TotalRecords, props.Columns = data, total, rows.shown }, err
	}
	return p
}

// failed is a promise that can't be kept: whoever awaits it learns why.
func failed[T any](p *Promise[T], err error) *Promise[T] {
	p.f.err = err
	return p
}

// SelectTable asks for rows, and gives them.
func SelectTable[T any](io *IO, label string, o SelectTableOptions[T]) *Promise[[]T] {
	rows := &rowSource[T]{columns: o.Columns, menu: o.Menu, all: o.Rows}
	sortable, filterable := !o.Unsortable, !o.Unfilterable
	props := &schema.SelectTable{
		HelpText: o.HelpText, DefaultPageSize: o.PageSize, MinSelections: o.Min, MaxSelections: o.Max,
		IsSortable: &sortable, IsFilterable: &filterable, Disabled: o.Disabled,
	}
	p := promise[[]T](io, label, props)
	if err := rows.begin(); err != nil {
		return failed(p, err)
	}
	props.Columns, props.Data, props.TotalRecords = rows.shown, rows.first(), rows.total()
	for i, row := range o.Rows {
		if o.Selected != nil && o.Selected(row) {
			props.SelectedKeys = append(props.SelectedKeys, strconv.Itoa(i))
		}
	}
	p.f.take = func(v any) error { return takeRows(v, o.Rows, &p.value) }
	p.f.state = func(ctx context.Context, state any) (func(), error) {
		var s schema.SelectTableState
		if err := schema.Into(state, &s); err != nil {
			return nil, err
		}
		data, total, err := rows.find(ctx, s.TableState)
		var keys []string
		if s.IsSelectAll {
			keys = rows.matching(s.QueryTerm)
		}
		return func() { props.Data, props.TotalRecords, props.SelectedKeys = data, total, keys }, err
	}
	return p
}

// takeRows gives the rows in their own order; keys that are none are dropped, as
// the SDK does.
func takeRows[T any](v any, all []T, out *[]T) error {
	var keys []schema.RowKey
	if err := schema.Into(v, &keys); err != nil {
		return err
	}
	*out = []T{}
	for i, row := range all {
		if slices.Contains(keys, schema.RowKey{Key: strconv.Itoa(i)}) {
			*out = append(*out, row)
		}
	}
	return nil
}

// rowSource turns rows into what travels.
type rowSource[T any] struct {
	columns []TableColumn[T]
	menu    func(T) []schema.MenuItem
	all     []T
	fetch   func(context.Context, RowQuery) ([]T, int, error)

	shown []schema.Column
	made  []schema.Row // of all
}

// begin makes the rows, and the columns where none are given.
func (s *rowSource[T]) begin() error {
	s.shown = []schema.Column{}
	made, err := s.make(s.all, 0)
	s.made = made
	return err
}

func (s *rowSource[T]) make(rows []T, offset int) ([]schema.Row, error) {
	if len(s.columns) == 0 {
		if err := s.findColumns(rows); err != nil {
			return nil, err
		}
	}
	if len(s.shown) == 0 {
		for _, c := range s.columns {
			s.shown = append(s.shown, schema.Column{Label: cmp.Or(c.Label, c.Key), AccessorKey: c.Key})
		}
	}
	out := make([]schema.Row, len(rows))
	for i, row := range rows {
		made, err := s.row(row, offset+i)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", offset+i, err)
		}
		out[i] = made
	}
	return out, nil
}

// findColumns takes the fields of all rows, in the order in which they appear.
func (s *rowSource[T]) findColumns(rows []T) error {
	for _, row := range rows {
		record, err := recordOf(row)
		if err != nil {
			return err
		}
		for _, m := range record {
			if !slices.ContainsFunc(s.columns, func(c TableColumn[T]) bool { return c.Key == m.Name }) {
				s.columns = append(s.columns, TableColumn[T]{Label: m.Name, Key: m.Name})
			}
		}
	}
	return nil
}

func recordOf(row any) (schema.Record, error) {
	v, err := schema.ValueOf(row)
	if err != nil {
		return nil, err
	}
	record, _ := v.(schema.Record)
	return record, nil
}

func (s *rowSource[T]) row(row T, index int) (schema.Row, error) {
	out := schema.Row{Key: strconv.Itoa(index), Data: schema.Record{}}
	record, err := recordOf(row)
	if err != nil {
		return out, err
	}
	var words []string
	for i, c := range s.columns {
		cell, err := cellOf(c, row, record)
		if err != nil {
			return out, fmt.Errorf("%s: %w", c.Label, err)
		}
		if cell == nil {
			continue
		}
		out.Data = append(out.Data, schema.Member{Name: cmp.Or(c.Key, strconv.Itoa(i)), Value: cell})
		words = append(words, searchText(cell))
	}
	if s.menu != nil {
		out.Menu = s.menu(row)
	}
	out.FilterValue = strings.ToLower(strings.Join(words, " "))
	return out, nil
}

func cellOf[T any](c TableColumn[T], row T, record schema.Record) (any, error) {
	if c.Cell != nil {
		return schema.ValueOf(c.Cell(row))
	}
	v, _ := record.Get(c.Key)
	switch v.(type) {
	case schema.List, schema.Record: // a table shows no trees
		text, err := schema.Marshal(v)
		return string(text), err
	}
	return v, nil
}

// searchText is what a filter finds a cell by.
func searchText(cell any) string {
	shown := schema.CellOf(cell)
	if t, ok := shown.Value.(time.Time); ok && shown.Label == schema.Text(t) {
		return t.Format("1/2/2006")
	}
	return shown.Label
}

// sortKey is what a cell is sorted by.
func sortKey(cell any) any {
	shown := schema.CellOf(cell)
	if schema.Missing(shown.Value) {
		return shown.Label
	}
	return shown.Value
}

func (s *rowSource[T]) total() *int {
	n := len(s.all)
	return &n
}

func (s *rowSource[T]) first() []schema.Row {
	if s.fetch != nil {
		return []schema.Row{}
	}
	return s.made[:min(len(s.made), maxSent)]
}

// find gives the rows that a state asks for, and how many match.
func (s *rowSource[T]) find(ctx context.Context, state schema.TableState) ([]schema.Row, *int, error) {
	if state.Offset < 0 || state.PageSize < 1 {
		return nil, nil, errors.New("offset and page size")
	}
	if s.fetch != nil {
		return s.fetchPage(ctx, state)
	}
	rows := slices.Clone(s.made)
	if query := strings.ToLower(strings.TrimSpace(state.QueryTerm)); query != "" {
		rows = slices.DeleteFunc(rows, func(r schema.Row) bool { return !strings.Contains(r.FilterValue, query) })
		for i := range rows {
			rows[i].FilterValue = "" // nobody filters once more, and the SDK leaves it out, too
		}
	}
	if state.SortColumn != "" && state.SortDirection != "" {
		slices.SortStableFunc(rows, func(a, b schema.Row) int { return compareRows(a, b, state) })
	}
	total := len(rows)
	from := min(state.Offset, total)
	return rows[from:min(total, from+min(3*state.PageSize, maxSent))], &total, nil
}

func compareRows(a, b schema.Row, state schema.TableState) int {
	x, _ := a.Data.Get(state.SortColumn)
	y, _ := b.Data.Get(state.SortColumn)
	order := compareValues(sortKey(x), sortKey(y))
	if state.SortDirection == "desc" {
		return -order
	}
	return order
}

func compareValues(a, b any) int {
	switch x := a.(type) {
	case json.Number:
		if y, ok := b.(json.Number); ok {
			f, _ := x.Float64()
			g, _ := y.Float64()
			return cmp.Compare(f, g)
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y)
		}
	}
	return cmp.Compare(strings.ToLower(schema.Text(a)), strings.ToLower(schema.Text(b)))
}

func (s *rowSource[T]) fetchPage(ctx context.Context, state schema.TableState) ([]schema.Row, *int, error) {
	rows, total, err := s.fetch(ctx, RowQuery{
		state.QueryTerm, state.SortColumn, state.SortDirection == "desc", state.Offset, state.PageSize,
	})
	if err != nil {
		return nil, nil, err
	}
	made, err := s.make(rows, state.Offset)
	if total < 0 {
		return made, nil, err
	}
	return made, &total, err
}

// matching lists the keys of the rows that a filter leaves.
func (s *rowSource[T]) matching(query string) []string {
	var out []string
	for _, row := range s.made {
		if strings.Contains(row.FilterValue, strings.ToLower(strings.TrimSpace(query))) {
			out = append(out, row.Key)
		}
	}
	return out
}

// GridOptions say what a grid shows.
type GridOptions[T any] struct {
	HelpText string
	// Items are all there are, unless Fetch is given.
	Items []T
	Fetch func(ctx context.Context, q RowQuery) (items []T, total int, err error)
	// Card draws an item.
	Card func(item T) schema.Card
	// IdealColumnWidth is in pixels, PageSize in cards; 0 for the dashboard's.
	IdealColumnWidth, PageSize int
	Unfilterable               bool
}

// Grid shows cards.
func Grid[T any](io *IO, label string, o GridOptions[T]) *Promise[Shown] {
	filterable, async := !o.Unfilterable, o.Fetch != nil
	props := &schema.DisplayGrid{
		HelpText: o.HelpText, IdealColumnWidth: o.IdealColumnWidth, DefaultPageSize: o.PageSize,
		IsFilterable: &filterable, IsAsync: &async,
	}
	all := cards(o, o.Items, 0)
	props.Data = all[:min(len(all), maxSent)]
	total := len(all)
	if !async {
		props.TotalRecords = &total
	}
	p := promise[Shown](io, label, props)
	p.f.state = func(ctx context.Context, state any) (func(), error) {
		var s schema.GridState
		if err := schema.Into(state, &s); err != nil {
			return nil, err
		}
		found, count, err := findCards(ctx, o, all, s)
		return func() {
			props.Data = found
			if count != nil || async {
				props.TotalRecords = count
			}
		}, err
	}
	return p
}

func cards[T any](o GridOptions[T], items []T, offset int) []schema.GridItem {
	out := make([]schema.GridItem, len(items))
	for i, item := range items {
		card := o.Card(item)
		words := strings.ToLower(strings.TrimSpace(card.Label + " " + card.Description))
		out[i] = schema.GridItem{Key: strconv.Itoa(offset + i), Data: card, FilterValue: words}
	}
	return out
}

func findCards[T any](ctx context.Context, o GridOptions[T], all []schema.GridItem, s schema.GridState) ([]schema.GridItem, *int, error) {
	if s.Offset < 0 || s.PageSize < 1 {
		return nil, nil, errors.New("offset and page size")
	}
	if o.Fetch != nil {
		items, total, err := o.Fetch(ctx, RowQuery{Query: s.QueryTerm, Offset: s.Offset, PageSize: s.PageSize})
		if err != nil || total < 0 {
			return cards(o, items, s.Offset), nil, err
		}
		return cards(o, items, s.Offset), &total, nil
	}
	found := slices.Clone(all)
	if query := strings.ToLower(strings.TrimSpace(s.QueryTerm)); query != "" {
		found = slices.DeleteFunc(found, func(i schema.GridItem) bool { return !strings.Contains(i.FilterValue, query) })
	}
	total := len(found)
	from := min(s.Offset, total)
	return found[from:min(total, from+min(3*s.PageSize, maxSent))], &total, nil
}
