package interval

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"ioscope/client/interval/schema"
)

// Promise is a component that can be asked for, alone with Await or with others in
// a Group. Nothing is sent before.
type Promise[T any] struct {
	io    *IO
	f     *field
	value T
}

// Field is a promise of whatever type.
type Field interface{ ioField() *field }

func (p *Promise[T]) ioField() *field { return p.f }

// Value is the answer, after Await, or the Await of the group.
func (p *Promise[T]) Value() T { return p.value }

// Validate adds a check of the answer. A text tells the person what is wrong and
// asks again; an empty one accepts.
func (p *Promise[T]) Validate(check func(T) string) *Promise[T] {
	return p.ValidateContext(func(_ context.Context, v T) string { return check(v) })
}

// ValidateContext is Validate for checks that take their time. The context is the
// action's.
func (p *Promise[T]) ValidateContext(check func(context.Context, T) string) *Promise[T] {
	p.f.check = func(ctx context.Context) string { return check(ctx, p.value) }
	return p
}

// Await shows the component alone and waits for the answer.
func (p *Promise[T]) Await(ctx context.Context) (T, error) {
	v, _, err := p.AwaitChoice(ctx)
	return v, err
}

// AwaitChoice is Await with buttons of one's own, and gives the value of the one
// that was pressed.
func (p *Promise[T]) AwaitChoice(ctx context.Context, buttons ...schema.ChoiceButton) (T, string, error) {
	var none T
	if p.io.page {
		return none, "", errors.New("await: a page's component can't be asked for")
	}
	choice, err := p.io.ask(ctx, []*field{p.f}, buttons, nil)
	if err != nil {
		return none, "", err
	}
	return p.value, choice, nil
}

// promise makes one whose answers are read into T.
func promise[T any](io *IO, label string, props schema.Props) *Promise[T] {
	p := &Promise[T]{io: io, f: &field{comp: schema.Component{Label: label, Props: props, Stateful: props.Method().Stateful()}}}
	p.f.take = func(v any) error {
		var value T
		if props.Method().Display() {
			if !schema.Missing(v) {
				return errors.New("a display takes no answer")
			}
			return nil
		}
		if err := schema.Into(v, &value); err != nil {
			return err
		}
		p.value = value
		return nil
	}
	return p
}

// Optional lets the person leave the answer out: nil then.
func Optional[T any](p *Promise[T]) *Promise[*T] {
	inner := *p.f
	out := &Promise[*T]{io: p.io, f: &inner}
	inner.comp.Optional = true
	inner.take = func(v any) error {
		if _, undefined := v.(schema.Undefined); undefined || v == nil && p.f.check == nil {
			out.value = nil
			return nil
		}
		if err := p.f.take(v); err != nil {
			return err
		}
		value := p.value
		out.value = &value
		return nil
	}
	if p.f.check != nil {
		inner.check = func(ctx context.Context) string {
			if out.value == nil {
				return ""
			}
			return p.f.check(ctx)
		}
	}
	return out
}

// Multiple lets the person give several answers. It is for searches and uploads.
func Multiple[T any](p *Promise[T], defaults ...any) *Promise[[]T] {
	inner := *p.f
	out := &Promise[[]T]{io: p.io, f: &inner}
	inner.comp.Multiple = true
	if len(defaults) > 0 {
		inner.comp.MultipleDefault = defaults
	}
	inner.take = func(v any) error {
		list, ok := v.(schema.List)
		if !ok {
			return errors.New("want a list")
		}
		values := make([]T, 0, len(list))
		for _, item := range list {
			if err := p.f.take(item); err != nil {
				return err
			}
			values = append(values, p.value)
		}
		out.value = values
		return nil
	}
	inner.check = nil
	return out
}

// Group shows several components at once.
type Group struct {
	io      *IO
	fields  []*field
	buttons []schema.ChoiceButton
	check   func(context.Context) string
}

// Validate adds a check of all answers together, made when each alone is good. It
// reads them with Value.
func (g *Group) Validate(check func() string) *Group {
	return g.ValidateContext(func(context.Context) string { return check() })
}

// ValidateContext is Validate for checks that take their time.
func (g *Group) ValidateContext(check func(context.Context) string) *Group {
	g.check = check
	return g
}

// WithChoices gives the form buttons of its own.
func (g *Group) WithChoices(buttons ...schema.ChoiceButton) *Group {
	g.buttons = buttons
	return g
}

// Await shows the components and waits for the answers, which the promises have
// then. It gives the value of the button that was pressed, empty without choices.
func (g *Group) Await(ctx context.Context) (string, error) {
	for _, f := range g.fields {
		if f.comp.Method().Exclusive() && len(g.fields) > 1 {
			return "", fmt.Errorf("group: %s %q has to stand alone", f.comp.Method(), f.comp.Label)
		}
	}
	if len(g.fields) == 0 {
		return "", errors.New("group: nothing in it")
	}
	return g.io.ask(ctx, g.fields, g.buttons, g.check)
}

// IO asks and shows. Its methods give promises.
type IO struct {
	tx   *Transaction
	page bool // of a page, where nothing can be asked

	Input        Inputs
	Select       Selects
	Display      Displays
	Progress     Progress
	Experimental Experimental
}

func newIO(t *Transaction) *IO {
	io := &IO{tx: t}
	io.Input, io.Select, io.Display = Inputs{io}, Selects{io}, Displays{io}
	io.Progress, io.Experimental = Progress{io}, Experimental{io}
	return io
}

// Group collects promises to be shown at once. It belongs to the transaction of
// the first.
func (io *IO) Group(fields ...Field) *Group {
	g := &Group{io: io}
	for _, f := range fields {
		g.fields = append(g.fields, f.ioField())
	}
	return g
}

func (io *IO) ask(ctx context.Context, fields []*field, buttons []schema.ChoiceButton, check func(context.Context) string) (string, error) {
	c := newCall(io.tx.host, io.tx.ID, fields)
	c.buttons, c.check = buttons, check
	for i := range c.buttons {
		if c.buttons[i].Value == "" {
			c.buttons[i].Value = c.buttons[i].Label
		}
	}
	return io.tx.ask(ctx, c)
}

// Confirm asks whether to go on.
func (io *IO) Confirm(label, helpText string) *Promise[bool] {
	return promise[bool](io, label, &schema.Confirm{HelpText: helpText})
}

// ConfirmIdentity asks the person to show who they are.
func (io *IO) ConfirmIdentity(label string, props schema.ConfirmIdentity) *Promise[bool] {
	return promise[bool](io, label, &props)
}

// Shown is the answer to a display: none.
type Shown struct{}

// Displays show something. See Table and Grid for rows.
type Displays struct{ io *IO }

// Code shows source text.
func (d Displays) Code(label string, props schema.DisplayCode) *Promise[Shown] {
	return promise[Shown](d.io, label, &props)
}

// Heading begins a section.
func (d Displays) Heading(label string, props schema.DisplayHeading) *Promise[Shown] {
	return promise[Shown](d.io, label, &props)
}

// Markdown shows formatted text.
func (d Displays) Markdown(text string) *Promise[Shown] {
	return promise[Shown](d.io, text, &schema.DisplayMarkdown{})
}

// HTML shows HTML.
func (d Displays) HTML(label, html string) *Promise[Shown] {
	return promise[Shown](d.io, label, &schema.DisplayHTML{HTML: html})
}

// Image shows a picture; see ImageOf for bytes.
func (d Displays) Image(label string, image schema.Image) *Promise[Shown] {
	if image.Size != "" {
		image.Width, image.Height, image.Size = image.Size, image.Size, ""
	}
	return promise[Shown](d.io, label, &schema.DisplayImage{Image: image})
}

// ImageOf is a picture made of the bytes of a file, which travel in its address.
func ImageOf(content []byte, alt string) schema.Image {
	kind, _, _ := strings.Cut(http.DetectContentType(content), ";")
	return schema.Image{URL: "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(content), Alt: alt}
}

// Video shows a film.
func (d Displays) Video(label string, props schema.DisplayVideo) *Promise[Shown] {
	return promise[Shown](d.io, label, &props)
}

// Link shows a button that leads elsewhere.
func (d Displays) Link(label string, props schema.DisplayLink) *Promise[Shown] {
	return promise[Shown](d.io, label, &props)
}

// Object shows any value as a tree.
func (d Displays) Object(label string, data any) *Promise[Shown] {
	return promise[Shown](d.io, label, &schema.DisplayObject{Data: data})
}

// Progress shows how far something is, as SDKs did once; ctx.loading came after.
type Progress struct{ io *IO }

// Steps shows a number of steps. It waits for nobody.
func (p Progress) Steps(label string, props schema.DisplayProgressSteps) *Promise[Shown] {
	return promise[Shown](p.io, label, &props)
}

// Indeterminate shows that something goes on. It waits for nobody.
func (p Progress) Indeterminate(label string) *Promise[Shown] {
	return promise[Shown](p.io, label, &schema.DisplayProgressIndeterminate{})
}

// ThroughList shows which things are done.
func (p Progress) ThroughList(label string, items ...schema.ListItem) *Promise[Shown] {
	return promise[Shown](p.io, label, &schema.DisplayProgressThroughList{Items: items})
}

// Fact is a labelled value of Metadata.
type Fact struct {
	schema.MetaItem
	// Later finds the value while the rest is on the screen.
	Later func(ctx context.Context) (any, error)
}

// Metadata shows labelled values, in one of schema's layouts.
func (d Displays) Metadata(label, layout string, facts ...Fact) *Promise[Shown] {
	if layout == "" {
		layout = schema.LayoutGrid
	}
	props := &schema.DisplayMetadata{Layout: layout, Data: make([]schema.MetaItem, len(facts))}
	p := promise[Shown](d.io, label, props)
	for i, fact := range facts {
		props.Data[i] = fact.MetaItem
		if fact.Later == nil {
			continue
		}
		props.Data[i].Value = schema.Some(schema.Undefined{})
		p.f.late = append(p.f.late, func(ctx context.Context) func() {
			v, err := fact.Later(ctx)
			return func() {
				if props.Data[i].Value = schema.Some(v); err != nil {
					props.Data[i].Value, props.Data[i].Error = schema.Some(nil), err.Error()
				}
			}
		})
	}
	return p
}
