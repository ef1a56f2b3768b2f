package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ioscope/client/interval/schema"
)

// beginCells puts the records into a spreadsheet that it begins with, or one
// empty row.
func (f *RunField) beginCells(p *schema.InputSpreadsheet) {
	for _, record := range p.DefaultValue {
		row := make([]string, len(p.Columns))
		for i, c := range p.Columns {
			if v, ok := record.Get(c.Name); ok && !schema.Missing(v) {
				row[i] = schema.Text(v)
			}
		}
		f.Cells = append(f.Cells, row)
	}
	if len(f.Cells) == 0 {
		f.Cells = [][]string{make([]string, len(p.Columns))}
	}
}

// Cell is the text of the cell that the keyboard is in.
func (f *RunField) Cell() string {
	if f.Row < 0 || f.Row >= len(f.Cells) || f.Col >= len(f.Cells[f.Row]) {
		return ""
	}
	return f.Cells[f.Row][f.Col]
}

// SetCell changes it.
func (f *RunField) SetCell(text string) {
	if f.Row >= 0 && f.Row < len(f.Cells) && f.Col < len(f.Cells[f.Row]) {
		f.touched = true
		f.Problem = ""
		f.Cells[f.Row][f.Col] = text
	}
}

// MoveCell goes to another cell. Past the end of a row it goes on with the next
// one; it reports false where there is none.
func (f *RunField) MoveCell(rows, columns int) bool {
	wide := len(f.Cells[0])
	if wide == 0 {
		return false
	}
	row, col := f.Row+rows, f.Col+columns
	if col >= wide {
		row, col = row+1, 0
	} else if col < 0 {
		row, col = row-1, wide-1
	}
	if row < 0 || row >= len(f.Cells) {
		return false
	}
	f.Row, f.Col = row, col
	return true
}

// maxSheetRows is how many rows are taken.
const maxSheetRows = 1000

// AddRow adds a row after the one with the keyboard.
func (f *RunField) AddRow() {
	if len(f.Cells) >= maxSheetRows {
		return
	}
	f.touched = true
	f.Cells = slices.Insert(f.Cells, f.Row+1, make([]string, len(f.Cells[0])))
	f.Row, f.Col = f.Row+1, 0
}

// DropRow takes the row away; the last one is emptied.
func (f *RunField) DropRow() {
	f.touched = true
	f.Problem = ""
	if len(f.Cells) == 1 {
		f.Cells[0] = make([]string, len(f.Cells[0]))
		return
	}
	f.Cells = slices.Delete(f.Cells, f.Row, f.Row+1)
	f.Row = min(f.Row, len(f.Cells)-1)
}

// PasteCells puts a table of text, with tabs between cells and a line for each
// row, from the cell with the keyboard on.
func (f *RunField) PasteCells(text string) {
	text = strings.TrimRight(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	row, col := f.Row, f.Col
	for i, line := range strings.Split(text, "\n") {
		if row+i >= maxSheetRows {
			break
		}
		for row+i >= len(f.Cells) {
			f.Cells = append(f.Cells, make([]string, len(f.Cells[0])))
		}
		for j, cell := range strings.Split(line, "\t") {
			if col+j < len(f.Cells[0]) {
				f.Cells[row+i][col+j] = cell
			}
		}
	}
	f.touched, f.Problem = true, ""
}

// sheetValue makes records of the cells. Rows in which nothing stands are left
// out, but for one.
func (f *RunField) sheetValue(p *schema.InputSpreadsheet) (any, error) {
	out := schema.List{}
	for i, cells := range f.Cells {
		if strings.TrimSpace(strings.Join(cells, "")) == "" && (len(f.Cells) > 1 || f.Comp.Optional) {
			continue
		}
		record := schema.Record{}
		for j, c := range p.Columns {
			v, err := cellValue(c.Type, cells[j])
			if err == nil && v == nil && !strings.HasSuffix(c.Type, "?") {
				err = errors.New("needed")
			}
			if err != nil {
				return nil, &cellError{i, j, c.Name, err}
			}
			record = append(record, schema.Member{Name: c.Name, Value: v})
		}
		out = append(out, record)
	}
	if len(out) == 0 && f.Comp.Optional {
		return schema.Undefined{}, nil
	}
	return out, nil
}

// cellError is what is wrong with a cell.
type cellError struct {
	row, col int
	column   string
	err      error
}

func (e *cellError) Error() string { return fmt.Sprintf("row %d: %s: %s", e.row+1, e.column, e.err) }

// goToWrongCell puts the cursor into the first cell that is wrong.
func (f *RunField) goToWrongCell(p *schema.InputSpreadsheet) {
	var wrong *cellError
	if _, err := f.sheetValue(p); errors.As(err, &wrong) {
		f.Row, f.Col = wrong.row, wrong.col
	}
}

func cellValue(kind, text string) (any, error) {
	kind, optional := strings.CutSuffix(kind, "?")
	trimmed := strings.TrimSpace(text)
	if trimmed == "" && (optional || kind != "string") {
		return nil, nil // what is needed is told by the check
	}
	switch kind {
	case "number":
		var n json.Number
		if strings.HasPrefix(trimmed, `"`) || json.Unmarshal([]byte(strings.ReplaceAll(trimmed, ",", "")), &n) != nil || n == "" {
			return nil, fmt.Errorf("not a number: %q", trimmed)
		}
		return n, nil
	case "boolean":
		switch strings.ToLower(trimmed) {
		case "true", "yes", "y", "x", "1":
			return true, nil
		case "false", "no", "n", "0", "-":
			return false, nil
		}
		return nil, fmt.Errorf("not yes or no: %q", trimmed)
	}
	return text, nil
}

// writeParams writes parameters as the start form shows them.
func writeParams(params schema.Record) string {
	var lines []string
	for _, m := range params {
		text := schema.Text(m.Value)
		if s, ok := m.Value.(string); ok && needsQuotes(s) {
			quoted, _ := json.Marshal(s)
			text = string(quoted)
		} else if m.Value == nil {
			text = "null"
		}
		lines = append(lines, m.Name+"="+text)
	}
	return strings.Join(lines, "\n")
}

// needsQuotes tells a text that would be read as something else.
func needsQuotes(s string) bool {
	return json.Valid([]byte(s)) || strings.ContainsAny(s, "\n\r") || s != strings.TrimSpace(s)
}

// readParams reads what stands in the start form.
func readParams(text string) (schema.Record, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		if err := checkJSON(text); err != nil {
			return nil, err
		}
		v, err := schema.Decode([]byte(text), nil)
		if err != nil {
			return nil, err
		}
		record, _ := v.(schema.Record)
		return record, flatParams(record)
	}
	out := schema.Record{}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok || strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("line %d: wants name=value", i+1)
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if _, twice := out.Get(name); twice {
			return nil, fmt.Errorf("line %d: %s stands twice", i+1, name)
		}
		out = append(out, schema.Member{Name: name, Value: paramValue(value)})
	}
	return out, nil
}

// paramValue is a JSON scalar where the text is one, else the text.
func paramValue(text string) any {
	v, err := schema.Decode([]byte(text), nil)
	if err != nil {
		return text
	}
	switch v.(type) {
	case schema.List, schema.Record:
		return text
	}
	return v
}

func flatParams(params schema.Record) error {
	for _, m := range params {
		switch m.Value.(type) {
		case schema.List, schema.Record, schema.Set, schema.Map:
			return fmt.Errorf("%s: only text, numbers, booleans and null can be given", m.Name)
		}
	}
	return nil
}
