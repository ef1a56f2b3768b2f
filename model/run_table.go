package model

import (
	"cmp"
	"slices"
	"strings"

	"ioscope/client/interval/schema"
)

// TableView is how the rows of a table, or the cards of a grid, are looked at.
type TableView struct {
	// Query filters, Sort is the key of the column that orders, Desc the other way.
	Query string
	Sort  string
	Desc  bool
	// Page counts from 0, Cursor is the row of the page.
	Page, Cursor int
	// Waiting is true until the host has sent what was asked for.
	Waiting bool
	// Chosen are the keys that were chosen, in order; they may be on other pages.
	Chosen []string

	props  schema.Props
	names  map[string]string // of chosen rows
	all    bool              // the choice of all that match was asked for
	over   string            // why the host's answer to that was not taken
	begins bool
}

func newTableView(p schema.Props) *TableView {
	v := &TableView{props: p, names: map[string]string{}}
	switch p := p.(type) {
	case *schema.SelectTable:
		v.Chosen = slices.Clone(p.SelectedKeys)
	case *schema.DisplayTable:
		v.Waiting = p.Async() && len(p.Data) == 0
	case *schema.DisplayGrid:
		v.Waiting = p.Async() && len(p.Data) == 0
	}
	v.note()
	return v
}

func (v *TableView) renew(p schema.Props) {
	v.props, v.Waiting = p, false
	if t, ok := p.(*schema.SelectTable); ok && v.all {
		v.all = false
		v.over = v.takeAll(t.SelectedKeys)
	}
	v.note()
	v.Cursor = min(v.Cursor, max(len(v.Rows())-1, 0))
}

// note remembers how chosen rows read, for when they are on another page.
func (v *TableView) note() {
	for _, row := range v.data() {
		if slices.Contains(v.Chosen, row.Key) {
			v.names[row.Key] = v.rowName(row)
		}
	}
}

func (v *TableView) rowName(row schema.Row) string {
	for i, c := range v.Columns() {
		if text := c.Cell(row, i).Label; text != "" {
			return text
		}
	}
	return row.Key
}

// Names are how the chosen rows read.
func (v *TableView) Names() []string {
	out := make([]string, len(v.Chosen))
	for i, key := range v.Chosen {
		out[i] = cmp.Or(v.names[key], key)
	}
	return out
}

// Columns are the columns; a grid has its cards' label and description.
func (v *TableView) Columns() []schema.Column {
	switch p := v.props.(type) {
	case *schema.SelectTable:
		return p.Columns
	case *schema.DisplayTable:
		return p.Columns
	}
	return []schema.Column{{Label: "", AccessorKey: "label"}, {Label: "", AccessorKey: "description"}}
}

func (v *TableView) data() []schema.Row {
	switch p := v.props.(type) {
	case *schema.SelectTable:
		return p.Data
	case *schema.DisplayTable:
		return p.Data
	case *schema.DisplayGrid:
		rows := make([]schema.Row, len(p.Data))
		for i, item := range p.Data {
			c := item.Data
			rows[i] = schema.Row{
				Key: item.Key, Menu: c.Menu, FilterValue: item.FilterValue,
				Data: schema.Record{{Name: "label", Value: cardCell(c)}, {Name: "description", Value: c.Description}},
			}
		}
		return rows
	}
	return nil
}

func cardCell(c schema.Card) any {
	cell := schema.TableCell{Label: cmp.Or(c.Label, c.Title), Image: c.Image, Target: c.Target}
	v, err := schema.ValueOf(cell)
	if err != nil {
		return cell.Label
	}
	return v
}

// Size is how many rows a page has.
func (v *TableView) Size() int {
	switch p := v.props.(type) {
	case *schema.SelectTable:
		return p.PageSize()
	case *schema.DisplayTable:
		return p.PageSize()
	case *schema.DisplayGrid:
		return p.PageSize()
	}
	return 1
}

// complete reports that all rows are here, so that the host need not be asked.
func (v *TableView) complete() bool {
	switch p := v.props.(type) {
	case *schema.SelectTable:
		return p.Complete()
	case *schema.DisplayTable:
		return p.Complete()
	case *schema.DisplayGrid:
		return p.Complete()
	}
	return true
}

// Remote reports that the host filters, orders and pages.
func (v *TableView) Remote() bool { return !v.complete() }

// Sortable and Filterable tell what the host allows.
func (v *TableView) Sortable() bool {
	switch p := v.props.(type) {
	case *schema.SelectTable:
		return p.Sortable()
	case *schema.DisplayTable:
		return p.Sortable()
	}
	return false
}

// Filterable tells whether the rows may be filtered.
func (v *TableView) Filterable() bool {
	switch p := v.props.(type) {
	case *schema.SelectTable:
		return p.Filterable()
	case *schema.DisplayTable:
		return p.Filterable()
	case *schema.DisplayGrid:
		return p.Filterable()
	}
	return false
}

// matching are the rows that are here and pass the filter, in order.
func (v *TableView) matching() []schema.Row {
	rows := v.data()
	if !v.complete() {
		return rows
	}
	if v.Query != "" {
		rows = slices.DeleteFunc(slices.Clone(rows), func(r schema.Row) bool { return !matches(v.haystack(r), v.Query) })
	}
	if v.Sort != "" {
		rows = slices.Clone(rows)
		at := slices.IndexFunc(v.Columns(), func(c schema.Column) bool { return c.AccessorKey == v.Sort })
		for i, c := range v.Columns() {
			if c.Key(i) == v.Sort {
				at = i
			}
		}
		if at >= 0 {
			c := v.Columns()[at]
			slices.SortStableFunc(rows, func(a, b schema.Row) int {
				return flip(v.Desc, compareCells(c.Cell(a, at), c.Cell(b, at)))
			})
		}
	}
	return rows
}

func (v *TableView) haystack(r schema.Row) string {
	if r.FilterValue != "" {
		return r.FilterValue
	}
	var words []string
	for i, c := range v.Columns() {
		words = append(words, c.Cell(r, i).Label)
	}
	return strings.Join(words, " ")
}

// Total is how many rows match; false when the host doesn't say.
func (v *TableView) Total() (int, bool) {
	if v.complete() {
		return len(v.matching()), true
	}
	var total *int
	switch p := v.props.(type) {
	case *schema.SelectTable:
		total = p.TotalRecords
	case *schema.DisplayTable:
		total = p.TotalRecords
	case *schema.DisplayGrid:
		total = p.TotalRecords
	}
	if total == nil {
		return 0, false
	}
	return *total, true
}

// Pages is how many pages there are; 0 when nobody knows.
func (v *TableView) Pages() int {
	total, ok := v.Total()
	if !ok {
		return 0
	}
	return max((total+v.Size()-1)/v.Size(), 1)
}

// Rows are those of the page.
func (v *TableView) Rows() []schema.Row {
	rows := v.matching()
	if !v.complete() {
		return rows[:min(len(rows), v.Size())]
	}
	from := min(v.Page*v.Size(), len(rows))
	return rows[from:min(from+v.Size(), len(rows))]
}

// Row is the row under the cursor.
func (v *TableView) Row() (schema.Row, bool) {
	rows := v.Rows()
	if v.Cursor < 0 || v.Cursor >= len(rows) {
		return schema.Row{}, false
	}
	return rows[v.Cursor], true
}

// Limits are the least and the most rows that may be chosen; 0 and -1 for none.
func (v *TableView) Limits() (least, most int) {
	least, most = 0, -1
	if p, ok := v.props.(*schema.SelectTable); ok {
		if p.MinSelections != nil {
			least = *p.MinSelections
		}
		if p.MaxSelections != nil {
			most = *p.MaxSelections
		}
	}
	return least, most
}

// Choose takes the row under the cursor, or lets it go. It reports why it can't.
func (v *TableView) Choose() string {
	row, ok := v.Row()
	if !ok {
		return "no row here"
	}
	if i := slices.Index(v.Chosen, row.Key); i >= 0 {
		v.Chosen = slices.Delete(v.Chosen, i, i+1)
		return ""
	}
	if _, most := v.Limits(); most == 1 {
		v.Chosen = nil
	} else if most > 0 && len(v.Chosen) >= most {
		return "no more than " + Number(most) + " may be chosen"
	}
	v.Chosen = append(v.Chosen, row.Key)
	v.names[row.Key] = v.rowName(row)
	return ""
}

// ChoosePage takes all rows that are shown, or lets them go when all are taken.
func (v *TableView) ChoosePage() string {
	rows := v.Rows()
	var missing []schema.Row
	for _, r := range rows {
		if !slices.Contains(v.Chosen, r.Key) {
			missing = append(missing, r)
		}
	}
	if len(missing) == 0 {
		v.Chosen = slices.DeleteFunc(v.Chosen, func(key string) bool {
			return slices.ContainsFunc(rows, func(r schema.Row) bool { return r.Key == key })
		})
		return ""
	}
	for _, r := range missing {
		if _, most := v.Limits(); most >= 0 && len(v.Chosen) >= most {
			return "no more than " + Number(most) + " may be chosen"
		}
		v.Chosen = append(v.Chosen, r.Key)
		v.names[r.Key] = v.rowName(r)
	}
	return ""
}

// takeAll chooses all of the keys, or none when they are too many, and says why.
func (v *TableView) takeAll(keys []string) string {
	chosen := slices.Clone(v.Chosen)
	for _, key := range keys {
		if !slices.Contains(chosen, key) {
			chosen = append(chosen, key)
		}
	}
	if why := v.tooMany(len(keys), len(chosen)); why != "" {
		return why
	}
	v.Chosen = chosen
	return ""
}

// tooMany says that all that match can't be chosen.
func (v *TableView) tooMany(match, together int) string {
	_, most := v.Limits()
	switch {
	case most < 0 || together <= most:
		return ""
	case match <= most:
		return Number(match) + " match, " + Number(together) + " with those chosen before, and no more than " + Number(most) + " may be chosen"
	}
	return Number(match) + " match, and no more than " + Number(most) + " may be chosen"
}

func (v *TableView) answer(c *schema.Component) any {
	if len(v.Chosen) == 0 && c.Optional {
		return schema.Undefined{}
	}
	out := []schema.RowKey{}
	for _, key := range v.Chosen {
		out = append(out, schema.RowKey{Key: key})
	}
	return out
}

// state is what the host is asked for; nil when all is here.
func (v *TableView) state() any {
	if v.complete() && !v.begins {
		return nil
	}
	t := schema.TableState{QueryTerm: v.Query, SortColumn: v.Sort, Offset: v.Page * v.Size(), PageSize: v.Size()}
	if v.Sort != "" {
		t.SortDirection = "asc"
		if v.Desc {
			t.SortDirection = "desc"
		}
	}
	switch v.props.(type) {
	case *schema.SelectTable:
		return schema.SelectTableState{TableState: t, IsSelectAll: v.all}
	case *schema.DisplayGrid:
		return schema.GridState{QueryTerm: v.Query, Offset: t.Offset, PageSize: t.PageSize}
	}
	return t
}

func compareCells(a, b schema.TableCell) int {
	x, y := a.Value, b.Value
	if schema.Missing(x) {
		x = a.Label
	}
	if schema.Missing(y) {
		y = b.Label
	}
	n, okN := asFloat(x)
	m, okM := asFloat(y)
	if okN && okM {
		return cmp.Compare(n, m)
	}
	return compareFold(schema.Text(x), schema.Text(y))
}

func asFloat(v any) (float64, bool) {
	n, ok := v.(interface{ Float64() (float64, error) })
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// matches reports whether a text passes what was typed to narrow it.
func matches(text, typed string) bool {
	f, err := ReadFilter(typed)
	return err != nil || f.Passes([]byte(text))
}
