package answers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ioscope/client/interval/schema"
)

// takesList reports a component to which one list is one answer.
func takesList(c *schema.Component) bool {
	switch c.Method() {
	case schema.SelectMultipleMethod, schema.SelectTableMethod, schema.InputSpreadsheetMethod:
		return true
	}
	return c.Multiple
}

// resolve makes the value that a component takes of what a document says.
func resolve(ctx context.Context, c *schema.Component, index int, raw any, host Asker) (any, error) {
	if schema.Missing(raw) {
		return schema.Undefined{}, nil
	}
	if c.Disabled() {
		return raw, nil // nothing but its default is good, as the check tells
	}
	var items schema.List
	if takesList(c) {
		list, is := raw.(schema.List)
		if !is {
			return nil, errors.New("a list is wanted, even of one")
		}
		items = list
	}
	switch p := c.Props.(type) {
	case *schema.InputDate:
		return dateOf(raw)
	case *schema.InputTime:
		return clockOf(raw)
	case *schema.InputDateTime:
		return momentOf(raw)
	case *schema.SelectSingle:
		return optionOf(p.Options, raw)
	case *schema.SelectMultiple:
		return each(items, func(item any) (schema.Option, error) { return optionOf(p.Options, item) })
	case *schema.SelectTable:
		return rowsOf(ctx, p, index, items, host)
	case *schema.Search:
		if !c.Multiple {
			return hitOf(ctx, p, index, raw, host)
		}
		return each(items, func(item any) (string, error) { return hitOf(ctx, p, index, item, host) })
	case *schema.UploadFile:
		return filesOf(ctx, c, index, raw, items, host)
	}
	return raw, nil
}

func each[T any](items schema.List, make func(any) (T, error)) ([]T, error) {
	out := []T{}
	for _, item := range items {
		v, err := make(item)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// parse reads a text in one of the layouts.
func parse(raw any, example string, layouts ...string) (time.Time, error) {
	text, _ := raw.(string)
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s is not like %s", quoted(raw), example)
}

func dateOf(raw any) (any, error) {
	if _, is := raw.(schema.Record); is {
		return raw, nil
	}
	t, err := parse(raw, "2026-03-31", time.DateOnly)
	return schema.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, err
}

func clockOf(raw any) (any, error) {
	if _, is := raw.(schema.Record); is {
		return raw, nil
	}
	t, err := parse(raw, "17:05", "15:04", "15:04:00")
	return schema.Clock{Hour: t.Hour(), Minute: t.Minute()}, err
}

func momentOf(raw any) (any, error) {
	if _, is := raw.(schema.Record); is {
		return raw, nil
	}
	t, err := parse(raw, "2026-03-31T17:05", "2006-01-02T15:04", "2006-01-02T15:04:00", "2006-01-02 15:04")
	return schema.DateTime{
		Date:  schema.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()},
		Clock: schema.Clock{Hour: t.Hour(), Minute: t.Minute()},
	}, err
}

// optionOf finds an option by its value, or else by its label.
func optionOf(options []schema.Option, raw any) (schema.Option, error) {
	var found []schema.Option
	for _, o := range options {
		if same(o.Value, raw) {
			return o, nil
		}
		if same(o.Label, raw) {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return schema.Option{}, fmt.Errorf("%s is not among the options: %s", quoted(raw), labels(options))
	}
	return schema.Option{}, fmt.Errorf("%d options are called %s: name the value", len(found), quoted(raw))
}

// same compares what an option holds with what a document says: the same value, or
// the very text that a person reads.
func same(held, raw any) bool {
	v, err := schema.ValueOf(held)
	if err != nil {
		return false
	}
	text, isText := raw.(string)
	if !isText {
		return schema.Equal(v, raw)
	}
	if at, is := v.(time.Time); is {
		other, err := time.Parse(time.RFC3339Nano, text)
		return err == nil && at.Equal(other)
	}
	return schema.Text(v) == text
}

// labels names options for people, not without end.
func labels(options []schema.Option) string {
	const shown = 8
	out := ""
	for i, o := range options {
		if i == shown {
			return fmt.Sprintf("%s and %d more", out, len(options)-shown)
		}
		if i > 0 {
			out += ", "
		}
		out += text(o.Label)
	}
	return out
}

func text(v any) string {
	if made, err := schema.ValueOf(v); err == nil {
		return schema.Text(made)
	}
	return fmt.Sprint(v)
}

// quoted tells what a document says, clipped.
func quoted(raw any) string {
	const longest = 60
	s := []rune(text(raw))
	if len(s) > longest {
		s = append(s[:longest], '…')
	}
	return fmt.Sprintf("%q", string(s))
}

// hitOf asks for the hits of a query and takes the first.
func hitOf(ctx context.Context, p *schema.Search, index int, raw any, host Asker) (string, error) {
	query, is := raw.(string)
	if !is {
		query = schema.Text(raw)
	}
	if query == "" { // nobody searches for nothing: what stands there is meant
		if len(p.Results) == 0 {
			return "", errors.New("a query is wanted")
		}
		return p.Results[0].Value, nil
	}
	r, err := host.State(ctx, index, schema.SearchState{QueryTerm: query})
	if err != nil {
		return "", err
	}
	found, is := r.Components[index].Props.(*schema.Search)
	if !is || len(found.Results) == 0 {
		return "", fmt.Errorf("nothing is found for %s", quoted(raw))
	}
	return found.Results[0].Value, nil
}

// filesOf uploads the files at one path or several.
func filesOf(ctx context.Context, c *schema.Component, index int, raw any, items schema.List, host Asker) (any, error) {
	if !c.Multiple {
		items = schema.List{raw}
	}
	paths, err := each(items, func(item any) (string, error) {
		path, is := item.(string)
		if !is || path == "" {
			return "", fmt.Errorf("%s is not a path", quoted(item))
		}
		return path, nil
	})
	if err != nil || len(paths) == 0 {
		return schema.List{}, err
	}
	files, err := host.Upload(ctx, index, paths)
	switch {
	case err != nil:
		return nil, err
	case c.Multiple:
		return files, nil
	}
	return files[0], nil
}
