package interval

import (
	"context"
	"fmt"
	"sync"

	"ioscope/client/interval/schema"
)

// PageLayout is what a page shows.
type PageLayout struct {
	// Title and Description may be empty. TitleLater and DescriptionLater find them
	// while the rest is on the screen.
	Title, Description           string
	TitleLater, DescriptionLater func(ctx context.Context) (string, error)
	MenuItems                    []schema.MenuItem
	// Children are displays.
	Children []Field
}

// PageView is a page that somebody has opened.
type PageView struct {
	// Key is the runner's.
	Key string
	// Slug, Params, User and Environment are what it was opened with.
	Slug        string
	Params      schema.Record
	User        User
	Environment string
	// IO makes the displays of the layout.
	IO *IO

	host   *Host
	ctx    context.Context // ends when the page is closed
	cancel context.CancelFunc
	out    outbox

	mu     sync.Mutex
	layout *schema.Layout
	call   *call // of the children, nil for none
	drawn  bool
}

func (h *Host) openPage(in OpenPageMessage) OpenPageAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	var page *Page
	for _, p := range h.pages {
		if p.Slug == in.Page.Slug && p.Draw != nil {
			page = &p
		}
	}
	switch {
	case h.closing || h.ctx.Err() != nil:
		return OpenPageAnswer{Type: "ERROR", Message: "Host shutting down."}
	case page == nil:
		return OpenPageAnswer{Type: "ERROR", Message: "No page handler found."}
	case h.views[in.PageKey] != nil:
		return OpenPageAnswer{Type: "SUCCESS", PageKey: in.PageKey}
	}
	params, err := noted(in.Params, in.ParamsMeta)
	if err != nil {
		h.opts.Logger.Warn("parameters", "page", in.Page.Slug, "err", err)
	}
	v := &PageView{
		Key: in.PageKey, Slug: in.Page.Slug, Params: params, User: in.User, Environment: in.Environment,
		host: h, IO: newIO(&Transaction{ID: in.PageKey, host: h}),
	}
	v.IO.page = true
	v.ctx, v.cancel = context.WithCancel(h.ctx)
	h.views[v.Key] = v
	h.work.Go(func() { v.run(page) })
	return OpenPageAnswer{Type: "SUCCESS", PageKey: v.Key}
}

func (h *Host) closePage(in ClosePageMessage) Nothing {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v := h.views[in.PageKey]; v != nil {
		delete(h.views, in.PageKey)
		h.lessOpen()
		v.cancel()
	}
	return Nothing{}
}

func (v *PageView) run(page *Page) {
	made, err := v.protect(page)
	if v.ctx.Err() != nil {
		return
	}
	layout := &schema.Layout{}
	switch {
	case err != nil:
		layout.Errors = []schema.LayoutError{{Failure: *failureOf(err)}}
	case made == nil:
		layout = nil
	default:
		if err := v.prepare(layout, made); err != nil {
			layout = &schema.Layout{Errors: []schema.LayoutError{{Failure: *failureOf(err)}}}
			v.call = nil
		}
	}
	v.mu.Lock()
	v.layout, v.drawn = layout, true
	v.mu.Unlock()
	v.draw()
	if made != nil && err == nil {
		v.findLate(made)
	}
}

func (v *PageView) protect(page *Page) (made *PageLayout, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &schema.Failure{Kind: "Panic", Message: fmt.Sprint(p)}
		}
	}()
	return page.Draw(v.ctx, v)
}

func (v *PageView) prepare(layout *schema.Layout, made *PageLayout) error {
	layout.MenuItems = made.MenuItems
	layout.Title, layout.Description = text(made.Title, made.TitleLater), text(made.Description, made.DescriptionLater)
	if len(made.Children) == 0 {
		return nil
	}
	var fields []*field
	for _, child := range made.Children {
		f := child.ioField()
		if !f.comp.Method().Display() {
			return fmt.Errorf("page: %s %q is no display", f.comp.Method(), f.comp.Label)
		}
		fields = append(fields, f)
	}
	v.call = newCall(v.host, v.Key, fields)
	v.call.send = func(*call, string) { v.draw() }
	_, err := v.call.render()
	return err
}

func text(now string, later func(context.Context) (string, error)) schema.Late[string] {
	switch {
	case later != nil:
		return schema.Pending[string]()
	case now == "":
		return schema.Late[string]{}
	}
	return schema.Now(now)
}

// findLate computes what was promised, each to be drawn when it is there.
func (v *PageView) findLate(made *PageLayout) {
	v.findText("title", made.TitleLater, func(l *schema.Layout) *schema.Late[string] { return &l.Title })
	v.findText("description", made.DescriptionLater, func(l *schema.Layout) *schema.Late[string] { return &l.Description })
	if v.call != nil {
		v.call.findLate(v.ctx, func() {}, func() {})
	}
}

func (v *PageView) findText(key string, find func(context.Context) (string, error), place func(*schema.Layout) *schema.Late[string]) {
	if find == nil {
		return
	}
	v.host.work.Go(func() {
		found, err := find(v.ctx)
		if v.ctx.Err() != nil {
			return
		}
		v.mu.Lock()
		if err != nil {
			v.layout.Errors = append(v.layout.Errors, schema.LayoutError{LayoutKey: key, Failure: *failureOf(err)})
		} else {
			*place(v.layout) = schema.Now(found)
		}
		v.mu.Unlock()
		v.draw()
	})
}

// encode gives the page as it stands now, nil for none.
func (v *PageView) encode() (*string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.layout == nil {
		return nil, nil
	}
	layout := *v.layout
	if v.call != nil {
		v.call.mu.Lock()
		defer v.call.mu.Unlock()
		layout.Children = v.call.current()
	}
	text, err := layout.Encode()
	out := string(text)
	return &out, err
}

// draw sends the page. What it shows is read when its turn comes, so that many
// changes may become one.
func (v *PageView) draw() {
	v.out.add(&v.host.work, func() {
		err := v.host.deliver(v.ctx, func() error {
			text, err := v.encode()
			if err != nil {
				return err
			}
			_, err = Call(v.ctx, v.host.duplex, SendPage, PageMessage{v.Key, text})
			return err
		})
		if err != nil && v.ctx.Err() == nil {
			v.host.opts.Logger.Warn("page not sent", "page", v.Slug, "err", err)
		}
	})
}

// again draws after a reconnect.
func (v *PageView) again() {
	v.mu.Lock()
	drawn := v.drawn
	v.mu.Unlock()
	if drawn {
		v.draw()
	}
}

func (v *PageView) setState(r *schema.IOResponse) {
	v.mu.Lock()
	c := v.call
	v.mu.Unlock()
	if c != nil && (r.InputGroupKey == "" || r.InputGroupKey == c.key) {
		c.setState(v.ctx, r.Values)
	}
}

// Loading says how far the page is, until it is drawn.
func (v *PageView) Loading(state LoadingState) {
	v.out.add(&v.host.work, func() {
		_ = v.host.deliver(v.ctx, func() error {
			_, err := Call(v.ctx, v.host.duplex, SendLoading, LoadingMessage{TransactionID: v.Key, LoadingState: state})
			return err
		})
	})
}

// Redirect sends the person elsewhere.
func (v *PageView) Redirect(ctx context.Context, target schema.Target) error {
	do := func(ctx context.Context, send func() error) error { return v.host.deliver(ctx, send) }
	return v.host.redirect(ctx, do, RedirectMessage{TransactionID: v.Key, Target: target})
}
