package schema

import (
	"cmp"
	"strconv"
)

// Method implements Props.
func (p *Unknown) Method() Method { return p.Name }

// Method implements Props.
func (*DisplayCode) Method() Method { return DisplayCodeMethod }

// Method implements Props.
func (*DisplayGrid) Method() Method { return DisplayGridMethod }

// Method implements Props.
func (*DisplayHeading) Method() Method { return DisplayHeadingMethod }

// Method implements Props.
func (*DisplayHTML) Method() Method { return DisplayHTMLMethod }

// Method implements Props.
func (*DisplayImage) Method() Method { return DisplayImageMethod }

// Method implements Props.
func (*DisplayLink) Method() Method { return DisplayLinkMethod }

// Method implements Props.
func (*DisplayMarkdown) Method() Method { return DisplayMarkdownMethod }

// Method implements Props.
func (*DisplayMetadata) Method() Method { return DisplayMetadataMethod }

// Method implements Props.
func (*DisplayObject) Method() Method { return DisplayObjectMethod }

// Method implements Props.
func (*DisplayTable) Method() Method { return DisplayTableMethod }

// Method implements Props.
func (*DisplayVideo) Method() Method { return DisplayVideoMethod }

// Method implements Props.
func (*DisplayProgressSteps) Method() Method { return DisplayProgressStepsMethod }

// Method implements Props.
func (*DisplayProgressIndeterminate) Method() Method { return DisplayProgressIndeterminateMethod }

// Method implements Props.
func (*DisplayProgressThroughList) Method() Method { return DisplayProgressThroughListMethod }

// Method implements Props.
func (*InputText) Method() Method { return InputTextMethod }

// Method implements Props.
func (*InputEmail) Method() Method { return InputEmailMethod }

// Method implements Props.
func (*InputNumber) Method() Method { return InputNumberMethod }

// Method implements Props.
func (*InputSlider) Method() Method { return InputSliderMethod }

// Method implements Props.
func (*InputURL) Method() Method { return InputURLMethod }

// Method implements Props.
func (*InputBoolean) Method() Method { return InputBooleanMethod }

// Method implements Props.
func (*InputRichText) Method() Method { return InputRichTextMethod }

// Method implements Props.
func (*InputDate) Method() Method { return InputDateMethod }

// Method implements Props.
func (*InputTime) Method() Method { return InputTimeMethod }

// Method implements Props.
func (*InputDateTime) Method() Method { return InputDateTimeMethod }

// Method implements Props.
func (*InputSpreadsheet) Method() Method { return InputSpreadsheetMethod }

// Method implements Props.
func (*UploadFile) Method() Method { return UploadFileMethod }

// Method implements Props.
func (*Search) Method() Method { return SearchMethod }

// Method implements Props.
func (*SelectSingle) Method() Method { return SelectSingleMethod }

// Method implements Props.
func (*SelectMultiple) Method() Method { return SelectMultipleMethod }

// Method implements Props.
func (*SelectTable) Method() Method { return SelectTableMethod }

// Method implements Props.
func (*Confirm) Method() Method { return ConfirmMethod }

// Method implements Props.
func (*ConfirmIdentity) Method() Method { return ConfirmIdentityMethod }

// Method implements Props.
func (*Credentials) Method() Method { return CredentialsMethod }

func (c *SheetColumns) fromValue(v any, path string) error {
	record, ok := v.(Record)
	if !ok {
		return &ShapeError{path, "object", shapeOf(v)}
	}
	*c = SheetColumns{}
	for _, m := range record {
		kind, ok := m.Value.(string)
		if !ok {
			return &ShapeError{join(path, m.Name), "text", shapeOf(m.Value)}
		}
		*c = append(*c, SheetColumn{m.Name, kind})
	}
	return nil
}

func (c *SheetColumns) toValue() (any, bool, error) {
	out := Record{}
	for _, column := range *c {
		out = append(out, Member{column.Name, column.Type})
	}
	return out, true, nil
}

func (c *Cell) fromValue(v any, _ string) error {
	*c = Cell{true, v}
	return nil
}

func (c *Cell) toValue() (any, bool, error) {
	if !c.Given {
		return nil, false, nil
	}
	v, err := ValueOf(c.Value)
	return v, true, err
}

// CellOf reads a cell of a row: a scalar is its own value and label.
func CellOf(v any) TableCell {
	var cell TableCell
	record, ok := v.(Record)
	if !ok {
		return TableCell{Label: Text(v), Value: v}
	}
	// A label may be a number.
	if label, has := record.Get("label"); has && !Missing(label) {
		cell.Label = Text(label)
	}
	shown := cell.Label
	if Into(relabeled(record, shown), &cell) != nil {
		return TableCell{Label: cmp.Or(shown, Text(v)), Value: v}
	}
	if cell.Label == "" {
		cell.Label = Text(cell.Value)
	}
	return cell
}

func relabeled(r Record, label string) Record {
	out := make(Record, 0, len(r))
	for _, m := range r {
		if m.Name == "label" {
			m.Value = label
		}
		out = append(out, m)
	}
	return out
}

// Key names the cells of the column at an index.
func (c Column) Key(index int) string { return cmp.Or(c.AccessorKey, strconv.Itoa(index)) }

// Cell is the cell of a row in the column at an index.
func (c Column) Cell(row Row, index int) TableCell {
	v, _ := row.Data.Get(c.Key(index))
	return CellOf(v)
}

const maxPageSize = 100

func pageSize(asked, usual int) int { return min(cmp.Or(max(asked, 0), usual), maxPageSize) }

// Vertical reports a table that shows a block for each row.
func (p *DisplayTable) Vertical() bool { return p.Orientation == "vertical" }

// PageSize is how many rows a page has.
func (p *DisplayTable) PageSize() int {
	if p.Vertical() {
		return pageSize(p.DefaultPageSize, 5)
	}
	return pageSize(p.DefaultPageSize, 20)
}

// Sortable and the like tell what may be done, absent meaning yes.
func (p *DisplayTable) Sortable() bool { return p.IsSortable == nil || *p.IsSortable }

// Filterable reports whether the person may filter.
func (p *DisplayTable) Filterable() bool { return p.IsFilterable == nil || *p.IsFilterable }

// Async reports rows that come page by page.
func (p *DisplayTable) Async() bool { return p.IsAsync != nil && *p.IsAsync }

// Complete reports that all rows are here, to be paged, sorted and filtered
// without asking the host.
func (p *DisplayTable) Complete() bool {
	return !p.Async() && (p.TotalRecords == nil || len(p.Data) == *p.TotalRecords)
}

// PageSize is how many rows a page has.
func (p *SelectTable) PageSize() int { return pageSize(p.DefaultPageSize, 20) }

// Sortable reports whether the person may sort.
func (p *SelectTable) Sortable() bool { return p.IsSortable == nil || *p.IsSortable }

// Filterable reports whether the person may filter.
func (p *SelectTable) Filterable() bool { return p.IsFilterable == nil || *p.IsFilterable }

// Complete reports that all rows are here.
func (p *SelectTable) Complete() bool { return p.TotalRecords == nil || len(p.Data) == *p.TotalRecords }

// PageSize is how many cards a page has.
func (p *DisplayGrid) PageSize() int { return pageSize(p.DefaultPageSize, 20) }

// Filterable reports whether the person may filter.
func (p *DisplayGrid) Filterable() bool { return p.IsFilterable == nil || *p.IsFilterable }

// Async reports cards that come page by page.
func (p *DisplayGrid) Async() bool { return p.IsAsync != nil && *p.IsAsync }

// Complete reports that all cards are here.
func (p *DisplayGrid) Complete() bool {
	return !p.Async() && (p.TotalRecords == nil || len(p.Data) == *p.TotalRecords)
}

// Places is how many decimals are allowed.
func (p *InputNumber) Places() int {
	if p.Decimals == 0 && p.Currency != "" {
		return 2
	}
	return p.Decimals
}

// Symbol is what stands before the field: the currency's sign, or Prepend.
func (p *InputNumber) Symbol() string {
	sign := map[string]string{"USD": "$", "CAD": "CA$", "EUR": "€", "GBP": "£", "AUD": "A$", "CNY": "CN¥", "JPY": "¥"}[p.Currency]
	return cmp.Or(p.Prepend, sign)
}

// Protocols are the allowed ones.
func (p *InputURL) Protocols() []string {
	if len(p.AllowedProtocols) == 0 {
		return []string{"http", "https"}
	}
	return p.AllowedProtocols
}

// disabledOf tells a component that shows its default and takes no other.
func disabledOf(p Props) bool {
	switch p := p.(type) {
	case *InputText:
		return p.Disabled
	case *InputEmail:
		return p.Disabled
	case *InputNumber:
		return p.Disabled
	case *InputSlider:
		return p.Disabled
	case *InputURL:
		return p.Disabled
	case *InputBoolean:
		return p.Disabled
	case *InputRichText:
		return p.Disabled
	case *InputDate:
		return p.Disabled
	case *InputTime:
		return p.Disabled
	case *InputDateTime:
		return p.Disabled
	case *UploadFile:
		return p.Disabled
	case *Search:
		return p.Disabled != nil && *p.Disabled
	case *SelectSingle:
		return p.Disabled
	case *SelectMultiple:
		return p.Disabled
	case *SelectTable:
		return p.Disabled
	}
	return false
}

// numberOf is a float as it would travel.
func numberOf(f *float64) any {
	if f == nil {
		return Undefined{}
	}
	return number(*f)
}
