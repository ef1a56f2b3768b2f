package schema

import (
	"encoding/json"
	"fmt"
)

// Component is one part of a render.
type Component struct {
	// Label is what the person reads; for markdown it is the text itself.
	Label string
	// Props say what the component is.
	Props Props
	// Stateful components give other props in answer to a state.
	Stateful bool
	// Optional components may be left out.
	Optional bool
	// Multiple components take a list of answers (searches and uploads only).
	Multiple bool
	// MultipleDefault is the initial list of a Multiple one; nil for none.
	MultipleDefault []any
	// Error is what the host found wrong with the last answer.
	Error string
}

// Method is the component's name on the wire.
func (c *Component) Method() Method { return c.Props.Method() }

// Disabled reports a component that shows its default and takes no other answer.
func (c *Component) Disabled() bool { return disabledOf(c.Props) }

// Render is a step of a transaction, or what a page shows.
type Render struct {
	// ID is another one for every render.
	ID string
	// InputGroupKey is the identity of the step: another render with the same key
	// is an update of it.
	InputGroupKey string
	Components    []Component
	// Error is what the host found wrong with the last answer as a whole.
	Error string
	// Buttons submit the form; none means the usual one. The first is for Enter.
	Buttons []ChoiceButton
}

// Refused reports a render that tells what is wrong with an answer.
func (r *Render) Refused() bool {
	for i := range r.Components {
		if r.Components[i].Error != "" {
			return true
		}
	}
	return r.Error != ""
}

// DisplaysOnly reports a render that asks nothing: in the mode in which output
// is appended it needs no answer.
func (r *Render) DisplaysOnly() bool {
	for i := range r.Components {
		if !r.Components[i].Method().Display() {
			return false
		}
	}
	return len(r.Buttons) == 0
}

// Waits reports whether the action waits for an answer to the render. Appending
// is the mode that the transaction was started in (displayResolvesImmediately).
func (r *Render) Waits(appending bool) bool {
	if !r.DisplaysOnly() {
		return true
	}
	for i := range r.Components {
		if !r.Components[i].Method().Passing() {
			return !appending
		}
	}
	return false
}

type wireRender struct {
	ID                     string          `json:"id"`
	InputGroupKey          string          `json:"inputGroupKey"`
	ToRender               []wireComponent `json:"toRender"`
	ValidationErrorMessage *string         `json:"validationErrorMessage,omitempty"`
	ChoiceButtons          []ChoiceButton  `json:"choiceButtons,omitempty"`
	ContinueButton         *wireContinue   `json:"continueButton,omitempty"`
	Kind                   string          `json:"kind"`
}

type wireContinue struct {
	Label string `json:"label,omitempty"`
	Theme Theme  `json:"theme,omitempty"`
}

type wireComponent struct {
	MethodName             Method        `json:"methodName"`
	Label                  string        `json:"label"`
	IsStateful             *bool         `json:"isStateful,omitempty"`
	IsOptional             *bool         `json:"isOptional,omitempty"`
	IsMultiple             *bool         `json:"isMultiple,omitempty"`
	ValidationErrorMessage *string       `json:"validationErrorMessage,omitempty"`
	MultipleProps          *wireMultiple `json:"multipleProps,omitempty"`
	Props                  any           `json:"props,omitempty"`
	PropsMeta              any           `json:"propsMeta,omitempty"`
}

type wireMultiple struct {
	DefaultValue *[]any `json:"defaultValue,omitempty"`
}

// DecodeRender reads a RENDER. The error names the place that is wrong.
func DecodeRender(text []byte) (*Render, error) {
	v, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	r, err := renderOf(v)
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	return r, nil
}

func renderOf(v any) (*Render, error) {
	var w wireRender
	if err := Into(v, &w); err != nil {
		return nil, err
	}
	switch {
	case w.Kind != "RENDER":
		return nil, &ShapeError{"kind", "RENDER", shapeOf(w.Kind)}
	case len(w.ToRender) == 0:
		return nil, &ShapeError{"toRender", "a component at least", "none"}
	}
	r := &Render{ID: w.ID, InputGroupKey: w.InputGroupKey, Error: text(w.ValidationErrorMessage), Buttons: w.ChoiceButtons}
	if w.ContinueButton != nil && len(r.Buttons) == 0 {
		b := ChoiceButton{Label: w.ContinueButton.Label, Value: w.ContinueButton.Label, Theme: w.ContinueButton.Theme}
		if b.Label == "" {
			b.Label, b.Value = "Continue", "Continue"
		}
		r.Buttons = []ChoiceButton{b}
	}
	for i, c := range w.ToRender {
		made, err := c.component()
		if err != nil {
			return nil, fmt.Errorf("%s %q (component %d): %w", c.MethodName, clip(c.Label), i+1, err)
		}
		r.Components = append(r.Components, made)
	}
	return r, nil
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func yes(b *bool) bool { return b != nil && *b }

func (w wireComponent) component() (Component, error) {
	c := Component{
		Label: w.Label, Stateful: yes(w.IsStateful), Optional: yes(w.IsOptional), Multiple: yes(w.IsMultiple),
		Error: text(w.ValidationErrorMessage),
	}
	if w.MultipleProps != nil && w.MultipleProps.DefaultValue != nil {
		c.MultipleDefault = *w.MultipleProps.DefaultValue
	}
	props, ok := w.Props.(Record)
	if !ok && !Missing(w.Props) {
		return c, &ShapeError{"props", "object", shapeOf(w.Props)}
	}
	noted, ok := annotate(props, w.PropsMeta).(Record)
	if !ok {
		noted = props
	}
	make := makers[w.MethodName]
	if make == nil {
		c.Props = &Unknown{w.MethodName, noted}
		return c, nil
	}
	c.Props = make()
	if err := Into(orEmpty(noted), c.Props); err != nil {
		return c, fmt.Errorf("props: %w", err)
	}
	return c, nil
}

func orEmpty(r Record) Record {
	if r == nil {
		return Record{}
	}
	return r
}

// Encode writes the render as a RENDER.
func (r *Render) Encode() ([]byte, error) {
	v, err := r.value()
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	text, _, err := Encode(v)
	return text, err
}

func (r *Render) value() (any, error) {
	w := wireRender{ID: r.ID, InputGroupKey: r.InputGroupKey, ChoiceButtons: r.Buttons, Kind: "RENDER"}
	if r.Error != "" {
		w.ValidationErrorMessage = &r.Error
	}
	for i := range r.Components {
		c, err := r.Components[i].wire()
		if err != nil {
			return nil, fmt.Errorf("component %d: %w", i+1, err)
		}
		w.ToRender = append(w.ToRender, c)
	}
	return ValueOf(w)
}

func (c *Component) wire() (wireComponent, error) {
	w := wireComponent{
		MethodName: c.Method(), Label: c.Label,
		IsStateful: &c.Stateful, IsOptional: &c.Optional, IsMultiple: &c.Multiple,
	}
	if c.Error != "" {
		w.ValidationErrorMessage = &c.Error
	}
	if c.Multiple {
		w.MultipleProps = &wireMultiple{}
	}
	if c.MultipleDefault != nil {
		w.MultipleProps = &wireMultiple{&c.MultipleDefault}
	}
	var props any = c.Props
	if unknown, ok := c.Props.(*Unknown); ok {
		props = orEmpty(unknown.Raw)
	}
	value, err := ValueOf(props)
	if err != nil {
		return w, err
	}
	text, meta, err := Encode(value)
	w.Props = json.RawMessage(text)
	if meta != nil {
		w.PropsMeta = json.RawMessage(meta)
	}
	return w, err
}

// Kinds of an IOResponse.
const (
	// KindReturn answers a render.
	KindReturn = "RETURN"
	// KindSetState asks for other props.
	KindSetState = "SET_STATE"
	// KindCanceled gives the transaction up.
	KindCanceled = "CANCELED"
)

// IOResponse is what comes back for a render.
type IOResponse struct {
	// ID is the one of the render.
	ID string
	// InputGroupKey is the step; empty means the one that was sent last.
	InputGroupKey string
	// TransactionID may also be the key of a page.
	TransactionID string
	// Kind is KindReturn, KindSetState or KindCanceled.
	Kind string
	// Values has one entry per component, null for displays, Undefined for what
	// was left out; none at all for KindCanceled.
	Values []any
	// Choice is the value of the button that was pressed; nil for none.
	Choice *string
}

type wireResponse struct {
	ID            string  `json:"id"`
	InputGroupKey string  `json:"inputGroupKey,omitempty"`
	TransactionID string  `json:"transactionId"`
	Kind          string  `json:"kind"`
	Values        []any   `json:"values"`
	ValuesMeta    any     `json:"valuesMeta,omitempty"`
	Choice        *string `json:"choice,omitempty"`
}

// DecodeResponse reads an IO response.
func DecodeResponse(text []byte) (*IOResponse, error) {
	var w wireResponse
	if err := Unmarshal(text, &w); err != nil {
		return nil, fmt.Errorf("io response: %w", err)
	}
	switch w.Kind {
	case KindReturn, KindSetState, KindCanceled:
	default:
		return nil, fmt.Errorf("io response: %w", &ShapeError{"kind", "RETURN, SET_STATE or CANCELED", shapeOf(w.Kind)})
	}
	values, _ := annotate(List(w.Values), w.ValuesMeta).(List)
	return &IOResponse{w.ID, w.InputGroupKey, w.TransactionID, w.Kind, values, w.Choice}, nil
}

// Encode writes the response, with the notes that its values need.
func (r *IOResponse) Encode() ([]byte, error) {
	value, err := ValueOf(r.Values)
	if err != nil {
		return nil, fmt.Errorf("io response: %w", err)
	}
	if value == nil {
		value = List{}
	}
	values, meta, err := Encode(value)
	if err != nil {
		return nil, fmt.Errorf("io response: %w", err)
	}
	w := Record{{"id", r.ID}}
	if r.InputGroupKey != "" {
		w = append(w, Member{"inputGroupKey", r.InputGroupKey})
	}
	w = append(w, Member{"transactionId", r.TransactionID}, Member{"kind", r.Kind}, Member{"values", json.RawMessage(values)})
	if meta != nil {
		w = append(w, Member{"valuesMeta", json.RawMessage(meta)})
	}
	if r.Choice != nil {
		w = append(w, Member{"choice", *r.Choice})
	}
	return Marshal(w)
}
