package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
)

// Layout is a page as the host draws it, always the whole of it.
type Layout struct {
	// Title and Description: not Given means that there is none (use the page's
	// name); Null that it is still being computed, or failed.
	Title       Late[string]
	Description Late[string]
	MenuItems   []MenuItem
	// Children are displays, nil for none.
	Children *Render
	// Errors say what failed.
	Errors []LayoutError
}

// LayoutError is a part of a page that failed, or all of it.
type LayoutError struct {
	// LayoutKey is title, description, children or menuItems; empty for the page.
	LayoutKey string `json:"layoutKey,omitempty"`
	Failure
}

type wireLayout struct {
	Kind        string        `json:"kind"`
	Title       Late[string]  `json:"title,omitempty"`
	Description Late[string]  `json:"description,omitempty"`
	MenuItems   []MenuItem    `json:"menuItems,omitempty"`
	Children    any           `json:"children,omitempty"`
	Errors      []LayoutError `json:"errors,omitempty"`
}

// DecodeLayout reads the page of a SEND_PAGE.
func DecodeLayout(text []byte) (*Layout, error) {
	var w wireLayout
	if err := Unmarshal(text, &w); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	if w.Kind != "BASIC" {
		return nil, fmt.Errorf("page: %w", &ShapeError{"kind", "BASIC", shapeOf(w.Kind)})
	}
	l := &Layout{Title: w.Title, Description: w.Description, MenuItems: w.MenuItems, Errors: w.Errors}
	if Missing(w.Children) {
		return l, nil
	}
	r, err := renderOf(w.Children)
	if err != nil {
		return nil, fmt.Errorf("page: children: %w", err)
	}
	l.Children = r
	return l, nil
}

// Encode writes the page.
func (l *Layout) Encode() ([]byte, error) {
	w := wireLayout{Kind: "BASIC", Title: l.Title, Description: l.Description, MenuItems: l.MenuItems}
	if l.Children != nil {
		v, err := l.Children.value()
		if err != nil {
			return nil, fmt.Errorf("page: children: %w", err)
		}
		w.Children = v
	}
	v, err := ValueOf(w)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	errs, err := ValueOf(append([]LayoutError{}, l.Errors...))
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return Marshal(append(v.(Record), Member{"errors", errs}))
}

// Status is how a transaction ended.
type Status string

// The statuses. A host sends Success and Failure only.
const (
	StatusSuccess    Status = "SUCCESS"
	StatusFailure    Status = "FAILURE"
	StatusCanceled   Status = "CANCELED"
	StatusRedirected Status = "REDIRECTED"
)

// Failure is the error that an action ended with.
type Failure struct {
	// Kind is the name of the error's class.
	Kind    string `json:"error"`
	Message string `json:"message"`
	// Cause is "Name: message" of what lay beneath, or empty.
	Cause string `json:"cause,omitempty"`
}

// Error implements error.
func (f *Failure) Error() string {
	text := cmp.Or(f.Message, f.Kind)
	if f.Cause != "" {
		text += " (" + f.Cause + ")"
	}
	return text
}

// Result is what an action gave.
type Result struct {
	Status Status
	// Data is what was returned; Undefined for nothing.
	Data any
	// Failure is set with StatusFailure; nil all the same when the action threw
	// something that is not an error.
	Failure *Failure
}

type wireResult struct {
	SchemaVersion int    `json:"schemaVersion,omitempty"`
	Status        Status `json:"status,omitempty"`
	Data          any    `json:"data,omitempty"`
	Meta          any    `json:"meta,omitempty"`
}

// DecodeResult reads a result. An empty text is a success without data.
func DecodeResult(text []byte) (*Result, error) {
	if len(text) == 0 {
		return &Result{Status: StatusSuccess, Data: Undefined{}}, nil
	}
	var w wireResult
	if err := Unmarshal(text, &w); err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	r := &Result{Status: cmp.Or(w.Status, StatusSuccess), Data: annotate(w.Data, w.Meta)}
	if r.Status == StatusFailure {
		var f Failure
		if Into(w.Data, &f) == nil {
			r.Failure = &f
		}
	}
	return r, nil
}

// Encode writes the result.
func (r *Result) Encode() ([]byte, error) {
	data := r.Data
	if r.Failure != nil {
		data = r.Failure
	}
	v, err := ValueOf(data)
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	text, meta, err := Encode(v)
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	w := Record{{"schemaVersion", 1}, {"status", r.Status}, {"data", json.RawMessage(text)}}
	if meta != nil {
		w = append(w, Member{"meta", json.RawMessage(meta)})
	}
	return Marshal(w)
}
