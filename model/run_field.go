package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ioscope/client/bus"
	"ioscope/client/interval/schema"
)

// RunField is a component of a step, with what a person has put into it so far.
type RunField struct {
	Index int
	// Comp is the component as the host drew it last.
	Comp *schema.Component
	// Text is what stands in the line of the field, or in its text of several lines:
	// a value, a query, a path, or what narrows the options.
	Text string
	// On is the box of a yes or no.
	On bool
	// Row is where the keyboard is inside: an option, a hit, a row; -1 for the line
	// above them.
	Row, Col int
	// Chosen are the places of the options that were chosen.
	Chosen []int
	// Hits are the results of a search that were chosen, Paths the files.
	Hits  []schema.SearchResult
	Paths []string
	// Files are the paths when they are where the host gets them.
	Files []schema.File
	// Cells are the rows of a spreadsheet.
	Cells [][]string
	// Table is how the rows of a table or the cards of a grid are looked at.
	Table *TableView
	// Tree is the value of an object.
	Tree *Tree
	// Secret is the second line of a login. What is typed of either is hidden, unless
	// Bare is true.
	Secret string
	Bare   bool
	// Picture is what a picture that came as data holds; nil before it was read.
	Picture    *Picture
	pictureURL string
	// Problem is what is wrong with it.
	Problem string
	touched bool
}

func newStep(r *schema.Render, waits bool) *Step {
	step := &Step{Render: r, Waits: waits, Error: r.Error}
	for i := range r.Components {
		f := &RunField{Index: i, Comp: &r.Components[i], Problem: r.Components[i].Error}
		f.begin()
		step.Fields = append(step.Fields, f)
	}
	return step
}

// update takes other props and messages; what the person put in stays.
func (s *Step) update(r *schema.Render) {
	s.Render, s.Error = r, r.Error
	for i := range r.Components {
		c := &r.Components[i]
		if i >= len(s.Fields) || s.Fields[i].Comp.Method() != c.Method() {
			f := &RunField{Index: i, Comp: c, Problem: c.Error}
			f.begin()
			if i >= len(s.Fields) {
				s.Fields = append(s.Fields, f)
			} else {
				s.Fields[i] = f
			}
			continue
		}
		f := s.Fields[i]
		f.Comp = c
		if c.Error != "" || !s.sending {
			f.Problem = c.Error
		}
		f.renew()
	}
	s.Fields = s.Fields[:len(r.Components)]
}

// begin puts the value into a field that it begins with.
func (f *RunField) begin() {
	initial := schema.Initial(f.Comp)
	f.Row = -1
	switch p := f.Comp.Props.(type) {
	case *schema.InputBoolean:
		f.On = initial == true
	case *schema.InputNumber:
		f.Text = schema.Text(initial)
		if p.Currency != "" && p.DefaultValue != nil {
			f.Text = strconv.FormatFloat(*p.DefaultValue, 'f', p.Places(), 64)
		}
	case *schema.InputRichText:
		if p.DefaultValue != nil {
			f.Text = HTMLToMarkdown(*p.DefaultValue)
		}
	case *schema.InputDate:
		f.Text = textOf(p.DefaultValue)
	case *schema.InputTime:
		f.Text = textOf(p.DefaultValue)
	case *schema.InputDateTime:
		f.Text = strings.Replace(textOf(p.DefaultValue), "T", " ", 1)
	case *schema.InputSpreadsheet:
		f.Row = 0
		f.beginCells(p)
	case *schema.SelectSingle:
		f.Row = 0
		f.Chosen = placesOf(p.Options, initial)
		if len(f.Chosen) > 0 {
			f.Row = f.Chosen[0]
		}
	case *schema.SelectMultiple:
		f.Row = 0
		f.Chosen = placesOf(p.Options, initial)
	case *schema.Search:
		f.beginHits(p, initial)
	case *schema.SelectTable, *schema.DisplayTable, *schema.DisplayGrid:
		f.Table = newTableView(f.Comp.Props)
	case *schema.DisplayObject:
		f.Tree = treeOf(p.Data, 2)
	case *schema.UploadFile, *schema.Confirm, *schema.ConfirmIdentity, *schema.Credentials:
	default:
		if !f.Comp.Method().Display() {
			f.Text = schema.Text(initial)
		}
	}
}

// renew takes other props of the same component.
func (f *RunField) renew() {
	switch p := f.Comp.Props.(type) {
	case *schema.Search:
		f.Row = min(f.Row, len(p.Results)-1)
	case *schema.SelectTable, *schema.DisplayTable, *schema.DisplayGrid:
		f.Table.renew(f.Comp.Props)
	case *schema.DisplayObject:
		if f.Tree == nil {
			f.Tree = treeOf(p.Data, 2)
		} else if fresh := treeOf(p.Data, 2); fresh != nil {
			f.Tree.Reload(fresh.Raw())
		}
	}
}

func textOf[T fmt.Stringer](v *T) string {
	if v == nil {
		return ""
	}
	return (*v).String()
}

// placesOf finds the options that a value means.
func placesOf(options []schema.Option, value any) []int {
	values, ok := value.(schema.List)
	if !ok {
		values = schema.List{value}
	}
	var out []int
	for _, v := range values {
		for i, o := range options {
			if full, err := schema.ValueOf(o); err == nil && schema.Equal(full, v) && !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}

func (f *RunField) beginHits(p *schema.Search, initial any) {
	values, ok := initial.(schema.List)
	if !ok && !schema.Missing(initial) {
		values = schema.List{initial}
	}
	for _, v := range values {
		hit := schema.SearchResult{Value: schema.Text(v), Label: schema.Text(v)}
		for _, r := range p.Results {
			if r.Value == hit.Value {
				hit = r
			}
		}
		f.Hits = append(f.Hits, hit)
	}
}

// Value is what the field answers, or what is wrong with it in a person's words.
func (f *RunField) Value(now time.Time) (any, error) {
	if f.Comp.Method().Display() {
		return nil, nil
	}
	if f.Comp.Disabled() {
		return schema.Initial(f.Comp), nil
	}
	switch p := f.Comp.Props.(type) {
	case *schema.InputNumber:
		return f.number(p.Symbol())
	case *schema.InputSlider:
		return f.number("")
	case *schema.InputBoolean, *schema.Confirm, *schema.ConfirmIdentity:
		return f.On, nil
	case *schema.InputRichText:
		return f.richText(p), nil
	case *schema.InputDate:
		return moment(f.Text, now, func(t time.Time) any { return dateOf(t) })
	case *schema.InputTime:
		v, err := moment(f.Text, now, func(t time.Time) any { return clockOf(t) })
		if err != nil {
			err = fmt.Errorf("not a time: %q; 9:30, 17:05 and in 2 h work", strings.TrimSpace(f.Text))
		}
		return v, err
	case *schema.InputDateTime:
		return moment(f.Text, now, func(t time.Time) any { return schema.DateTime{Date: dateOf(t), Clock: clockOf(t)} })
	case *schema.InputSpreadsheet:
		return f.sheetValue(p)
	case *schema.SelectSingle:
		if len(f.Chosen) == 0 {
			return schema.Undefined{}, nil
		}
		return p.Options[f.Chosen[0]], nil
	case *schema.SelectMultiple:
		return f.options(p), nil
	case *schema.Search:
		return f.hits(), nil
	case *schema.SelectTable:
		return f.Table.answer(f.Comp), nil
	case *schema.UploadFile:
		return f.files(), nil
	case *schema.Credentials:
		return f.login(), nil
	}
	if strings.TrimSpace(f.Text) == "" {
		return schema.Undefined{}, nil
	}
	if p, ok := f.Comp.Props.(*schema.InputText); ok && p != nil {
		return f.Text, nil
	}
	return strings.TrimSpace(f.Text), nil
}

func (f *RunField) number(symbol string) (any, error) {
	text := strings.TrimSpace(f.Text)
	if text == "" {
		return schema.Undefined{}, nil
	}
	plain := strings.TrimSpace(strings.TrimPrefix(text, symbol))
	plain = strings.TrimPrefix(strings.ReplaceAll(plain, ",", ""), "+")
	if strings.HasPrefix(plain, ".") {
		plain = "0" + plain
	}
	plain = strings.TrimSuffix(plain, ".")
	var n json.Number
	if json.Unmarshal([]byte(plain), &n) != nil || strings.HasPrefix(plain, `"`) || n == "" {
		return nil, fmt.Errorf("not a number: %q", text)
	}
	return n, nil
}

func (f *RunField) richText(p *schema.InputRichText) any {
	switch {
	case p.DefaultValue != nil && !f.touched:
		return *p.DefaultValue
	case strings.TrimSpace(f.Text) == "":
		return schema.Undefined{}
	}
	return MarkdownToHTML(f.Text)
}

// moment reads a date or a time as the forms of calls do.
func moment(text string, now time.Time, of func(time.Time) any) (any, error) {
	if strings.TrimSpace(text) == "" {
		return schema.Undefined{}, nil
	}
	t, err := bus.ParseTime(text, now)
	if err != nil {
		return nil, err
	}
	return of(t.In(now.Location())), nil
}

func dateOf(t time.Time) schema.Date {
	return schema.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

func clockOf(t time.Time) schema.Clock { return schema.Clock{Hour: t.Hour(), Minute: t.Minute()} }

func (f *RunField) options(p *schema.SelectMultiple) any {
	if len(f.Chosen) == 0 && f.Comp.Optional && !f.touched {
		return schema.Undefined{}
	}
	out := []schema.Option{}
	places := slices.Clone(f.Chosen)
	slices.Sort(places)
	for _, i := range places {
		out = append(out, p.Options[i])
	}
	return out
}

func (f *RunField) hits() any {
	if len(f.Hits) == 0 {
		return schema.Undefined{}
	}
	if !f.Comp.Multiple {
		return f.Hits[0].Value
	}
	out := schema.List{}
	for _, h := range f.Hits {
		out = append(out, h.Value)
	}
	return out
}

func (f *RunField) files() any {
	switch {
	case len(f.Files) == 0:
		return schema.Undefined{}
	case !f.Comp.Multiple:
		return f.Files[0]
	}
	return f.Files
}

func (f *RunField) login() any {
	if f.Text == "" {
		return schema.Undefined{}
	}
	return schema.Login{Token: f.Text, Secret: f.Secret}
}
