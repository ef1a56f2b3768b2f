package ui

import (
	"strconv"
	"strings"
	"time"

	"ioscope/client/interval/schema"
	"ioscope/model"
)

// What the screen says of the components of a run.

// valueWords write a value for people: dates in local time, all else as it is.
func valueWords(v any) string {
	t, ok := v.(time.Time)
	if !ok {
		return schema.Text(v)
	}
	if t = t.Local(); t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan 2006 15:04")
}

// cellWords are what a cell says.
func cellWords(c schema.TableCell) string {
	if _, ok := c.Value.(time.Time); ok && c.Label == schema.Text(c.Value) {
		return valueWords(c.Value)
	}
	return c.Label
}

// kindWords say what a field takes.
func kindWords(f *model.RunField) string {
	switch p := f.Comp.Props.(type) {
	case *schema.InputText:
		return firstOf(lengthWords(p.MinLength, p.MaxLength), "text")
	case *schema.InputEmail:
		return "email"
	case *schema.InputNumber:
		return numberWords(p)
	case *schema.InputSlider:
		return shortFloat(p.Min) + " to " + shortFloat(p.Max)
	case *schema.InputURL:
		return strings.Join(p.Protocols(), ", ") + " address"
	case *schema.InputBoolean:
		return "yes or no"
	case *schema.InputDate:
		return firstOf(rangeWords(p.Min, p.Max), "date")
	case *schema.InputTime:
		return firstOf(rangeWords(p.Min, p.Max), "time")
	case *schema.InputDateTime:
		return firstOf(strings.ReplaceAll(rangeWords(p.Min, p.Max), "T", " "), "date and time")
	}
	return ""
}

func lengthWords(least, most int) string {
	switch {
	case least > 0 && most > 0:
		return strconv.Itoa(least) + " to " + strconv.Itoa(most) + " characters"
	case least > 0:
		return strconv.Itoa(least) + " characters or more"
	case most > 0:
		return "at most " + strconv.Itoa(most) + " characters"
	}
	return ""
}

func numberWords(p *schema.InputNumber) string {
	words, shortFloat := "number", shortFloat
	if p.Currency != "" {
		words = firstOf(p.Symbol(), p.Currency)
		shortFloat = func(f float64) string { return strconv.FormatFloat(f, 'f', p.Places(), 64) }
	}
	switch {
	case p.Min != nil && p.Max != nil:
		words += ", " + shortFloat(*p.Min) + " to " + shortFloat(*p.Max)
	case p.Min != nil:
		words += ", " + shortFloat(*p.Min) + " or more"
	case p.Max != nil:
		words += ", at most " + shortFloat(*p.Max)
	}
	return words
}

func rangeWords[T interface{ String() string }](least, most *T) string {
	switch {
	case least != nil && most != nil:
		return (*least).String() + " to " + (*most).String()
	case least != nil:
		return "from " + (*least).String() + " on"
	case most != nil:
		return "up to " + (*most).String()
	}
	return ""
}

func shortFloat(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// helpOf is the help text below a component. That of a confirmation is its question.
func helpOf(p schema.Props) string {
	switch p.(type) {
	case *schema.Confirm:
		return ""
	case *schema.InputRichText:
		return firstOf(schema.Help(p), "Markdown is sent as formatted text")
	}
	return schema.Help(p)
}

func placeholder(p schema.Props) string {
	switch p := p.(type) {
	case *schema.InputText:
		return p.Placeholder
	case *schema.InputEmail:
		return p.Placeholder
	case *schema.InputNumber:
		return p.Placeholder
	case *schema.InputURL:
		return p.Placeholder
	case *schema.InputRichText:
		return p.Placeholder
	case *schema.Search:
		return p.Placeholder
	}
	return ""
}

// answerWords say what was answered: the value, and more of it in plain.
func answerWords(a *App, f *model.RunField) (word, more string) {
	switch p := f.Comp.Props.(type) {
	case *schema.InputBoolean, *schema.Confirm, *schema.ConfirmIdentity:
		if f.On {
			return "yes", ""
		}
		return "no", ""
	case *schema.SelectSingle:
		if len(f.Chosen) > 0 {
			o := f.Option(f.Chosen[0])
			return valueWords(o.Label), o.Description
		}
	case *schema.SelectMultiple:
		var words []string
		for _, i := range f.Chosen {
			words = append(words, valueWords(f.Option(i).Label))
		}
		return listWords(words, optionCount(f))
	case *schema.SelectTable:
		return listWords(f.Table.Names(), 0)
	case *schema.Search:
		var words []string
		for _, h := range f.Hits {
			words = append(words, valueWords(h.Label))
		}
		if len(words) == 1 {
			return words[0], f.Hits[0].Description
		}
		if len(words) > 0 {
			return listWords(words, 0)
		}
		return "left out", ""
	case *schema.UploadFile:
		var words []string
		for _, file := range f.Files {
			words = append(words, file.Name)
		}
		if len(f.Files) == 1 {
			return words[0], model.Bytes(int(f.Files[0].Size))
		}
		if len(words) > 0 {
			return listWords(words, 0)
		}
		return "left out", ""
	case *schema.InputSpreadsheet:
		return model.Count(len(f.Cells), "row"), ""
	case *schema.Credentials:
		return "given, not shown", "" // the token opens what it is for, as the secret does
	case *schema.InputNumber:
		if f.Text != "" {
			return strings.TrimSpace(p.Symbol() + " " + f.Text), ""
		}
	}
	text := strings.ReplaceAll(strings.TrimSpace(f.Text), "\n", " ")
	if text == "" {
		return "left out", ""
	}
	if hint := f.Hint(a.state.Now); hint != "" {
		return text, "= " + hint
	}
	return text, ""
}

func listWords(words []string, of int) (word, more string) {
	switch {
	case len(words) == 0:
		return "none", ""
	case len(words) == 1:
		return words[0], ""
	}
	word = model.Number(len(words))
	if of > 0 {
		word += " of " + model.Number(of)
	}
	return word, strings.Join(words, ", ")
}
