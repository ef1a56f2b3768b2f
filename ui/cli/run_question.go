package cli

import (
	"fmt"
	"strings"

	"ioscope/client/interval/schema"
)

// kindText says what a component takes, in few words.
func kindText(c *schema.Component) string {
	switch p := c.Props.(type) {
	case *schema.InputText:
		return "text" + lengthText(p.MinLength, p.MaxLength)
	case *schema.InputEmail:
		return "an email address"
	case *schema.InputNumber:
		return strings.TrimSpace("a number"+rangeText(p.Min, p.Max)) + placesText(p)
	case *schema.InputSlider:
		return "a number" + rangeText(&p.Min, &p.Max)
	case *schema.InputURL:
		return "an address that begins with " + strings.Join(p.Protocols(), ": or ") + ":"
	case *schema.InputBoolean, *schema.Confirm:
		return "yes or no"
	case *schema.ConfirmIdentity:
		return "yes or no: is it really you?"
	case *schema.InputRichText:
		return "formatted text, as HTML"
	case *schema.InputDate:
		return "a day, as 2026-03-31" + limits(p.Min, p.Max)
	case *schema.InputTime:
		return "a time, as 17:05" + limits(p.Min, p.Max)
	case *schema.InputDateTime:
		return "a moment, as 2026-03-31T17:05" + limits(p.Min, p.Max)
	case *schema.InputSpreadsheet:
		return "records, as a JSON list; columns: " + sheetText(p.Columns)
	case *schema.UploadFile:
		return several(c, "the path of a file", "paths of files, with commas between") + endings(p.AllowedExtensions)
	case *schema.Search:
		return several(c, "what to search for; the first hit is taken", "what to search for, with commas between; the first hit of each is taken")
	case *schema.SelectSingle:
		return "one of"
	case *schema.SelectMultiple:
		return "some of these, with commas between" + countText(p.MinSelections, p.MaxSelections)
	case *schema.SelectTable:
		return "rows, by key or by a cell of their own, with commas between" + countText(p.MinSelections, p.MaxSelections)
	case *schema.Credentials:
		return `credentials, as {"token": "…", "secret": "…"}`
	}
	return string(c.Method())
}

func several(c *schema.Component, one, many string) string {
	if c.Multiple {
		return many
	}
	return one
}

func lengthText(least, most int) string {
	switch {
	case least > 0 && most > 0:
		return fmt.Sprintf(", %d to %d characters", least, most)
	case least > 0:
		return fmt.Sprintf(", at least %d characters", least)
	case most > 0:
		return fmt.Sprintf(", at most %d characters", most)
	}
	return ""
}

func rangeText(least, most *float64) string {
	switch {
	case least != nil && most != nil:
		return fmt.Sprintf(" from %v to %v", *least, *most)
	case least != nil:
		return fmt.Sprintf(", at least %v", *least)
	case most != nil:
		return fmt.Sprintf(", at most %v", *most)
	}
	return ""
}

func placesText(p *schema.InputNumber) string {
	out := ""
	if places := p.Places(); places > 0 {
		out = fmt.Sprintf(", with up to %d decimals", places)
	}
	if p.Currency != "" {
		out += ", in " + p.Currency
	}
	return out
}

func limits[T fmt.Stringer](least, most *T) string {
	switch {
	case least != nil && most != nil:
		return fmt.Sprintf(", from %s to %s", *least, *most)
	case least != nil:
		return fmt.Sprintf(", not before %s", *least)
	case most != nil:
		return fmt.Sprintf(", not after %s", *most)
	}
	return ""
}

func sheetText(columns schema.SheetColumns) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Name + " (" + c.Type + ")"
	}
	return strings.Join(out, ", ")
}

func endings(allowed []string) string {
	if len(allowed) == 0 {
		return ""
	}
	return " that end with " + strings.Join(allowed, " or ")
}

func countText(least, most *int) string {
	switch {
	case least != nil && most != nil:
		return fmt.Sprintf(", %d to %d", *least, *most)
	case least != nil:
		return fmt.Sprintf(", at least %d", *least)
	case most != nil:
		return fmt.Sprintf(", at most %d", *most)
	}
	return ""
}

// choiceLines are what can be chosen, a line each.
func choiceLines(p schema.Props) []string {
	switch p := p.(type) {
	case *schema.SelectSingle:
		return optionLines(p.Options)
	case *schema.SelectMultiple:
		return optionLines(p.Options)
	case *schema.SelectTable:
		return rowLines(p)
	case *schema.Search:
		out := make([]string, len(p.Results))
		for i, hit := range p.Results {
			out[i] = strings.TrimSpace(valueText(hit.Label) + "  " + hit.Description)
		}
		return out
	}
	return nil
}

func optionLines(options []schema.Option) []string {
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = strings.TrimRight(fmt.Sprintf("%d  %s  %s", i+1, valueText(o.Label), o.Description), " ")
	}
	return out
}

// rowLines are the first rows of a table with their keys before them.
func rowLines(p *schema.SelectTable) []string {
	head := []string{"KEY"}
	for _, c := range p.Columns {
		head = append(head, c.Label)
	}
	shown := p.Data[:min(len(p.Data), p.PageSize())]
	rows := make([][]string, len(shown))
	for i, row := range shown {
		rows[i] = []string{row.Key}
		for j, c := range p.Columns {
			rows[i] = append(rows[i], c.Cell(row, j).Label)
		}
	}
	var out strings.Builder
	_ = printTable(&out, head, rows)
	return strings.Split(strings.TrimRight(out.String(), "\n")+more(len(shown), p.TotalRecords), "\n")
}
