package interval

import (
	"errors"
	"fmt"
	"slices"

	"ioscope/client/interval/schema"
)

// page is a page that is open. All is guarded by Runner.mu.
type page struct {
	r      *Runner
	host   *instance
	key    string
	open   OpenPageMessage
	step   *step // what it shows, nil for nothing yet
	opened bool  // the host has said so
	loads  bool  // a progress was told, and not its end
	drawn  bool
	closed bool // to be closed on the host
}

func (p *page) stopTimers() {
	if p.step != nil {
		p.step.stopTimer()
	}
}

func (p *page) repeat() {
	switch {
	case p.closed:
		p.close()
	case !p.opened && !p.drawn:
		p.post()
	case p.step != nil && p.step.asking:
		p.step.postState()
	}
}

func (p *page) post() {
	_ = Post(p.host.duplex, OpenPageOnHost, p.open, nil, func(answer OpenPageAnswer, err error) {
		p.r.mu.Lock()
		defer p.r.mu.Unlock()
		if p.r.pages[p.key] != p {
			return
		}
		if err == nil && answer.Type != "SUCCESS" {
			err = errors.New(clip(answer.Message, 1000))
		}
		if p.opened = true; err != nil {
			delete(p.r.pages, p.key)
			p.r.emit(PageFailed{p.key, fmt.Errorf("open page %s: %w", p.open.Page.Slug, err)})
		}
	})
}

func (p *page) close() {
	p.closed = true
	_ = Post(p.host.duplex, ClosePageOnHost, ClosePageMessage{p.key}, func() {
		p.r.mu.Lock()
		defer p.r.mu.Unlock()
		delete(p.r.pages, p.key)
	}, nil)
}

// OpenPage opens a page of a host, by its slug, and gives the key that its events
// carry. The newest host that has the page draws it, unless opts name one.
func (r *Runner) OpenPage(slug string, opts *StartOptions) (string, error) {
	var o StartOptions
	if opts != nil {
		o = *opts
	}
	params, meta, err := flat(o.Params)
	if err != nil {
		return "", fmt.Errorf("open page %s: %w", slug, err)
	}
	if o.User == nil {
		o.User = r.opts.User
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	h, err := r.drawing(o.Host, slug)
	if err != nil {
		return "", fmt.Errorf("open page %s: %w", slug, err)
	}
	p := &page{r: r, host: h, key: newID()}
	p.open = OpenPageMessage{
		PageKey: p.key, Page: PageRef{slug}, Environment: r.opts.Environment, User: *o.User, Params: params, ParamsMeta: meta,
	}
	r.pages[p.key] = p
	h.tell(func() {
		if !p.closed {
			p.post()
		}
	})
	return p.key, nil
}

func (r *Runner) drawing(host, slug string) (*instance, error) {
	if r.closed {
		return nil, ErrClosed
	}
	for _, id := range slices.Backward(r.order) {
		h := r.hosts[id]
		if host != "" && id != host || !h.ready || h.socket == nil || h.closing {
			continue
		}
		for _, p := range h.def.Groups {
			if p.Slug == slug && p.HasHandler {
				return h, nil
			}
		}
	}
	return nil, ErrNoHost
}

// ClosePage ends a page.
func (r *Runner) ClosePage(key string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.pages[key]
	if p == nil || p.closed {
		return fmt.Errorf("close page: %w", ErrNoPage)
	}
	p.stopTimers()
	p.close()
	return nil
}

// pageOf finds an open page of a host. It must be called with mu held.
func (r *Runner) pageOf(h *instance, key string) *page {
	if p := r.pages[key]; p != nil && p.host.id == h.id && !p.closed {
		return p
	}
	return nil
}

func (r *Runner) drawPage(h *instance, in PageMessage) bool {
	var layout *schema.Layout
	var err error
	if in.Page != nil {
		layout, err = schema.DecodeLayout([]byte(*in.Page))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.pageOf(h, in.PageKey)
	switch {
	case p == nil:
		return false
	case err != nil:
		r.emit(Odd{h.id, err})
		return false
	}
	if p.drawn = true; p.loads {
		p.loads = false
		r.emit(Loading{p.key, nil}) // the host never says that it is over
	}
	r.emit(PageDrawn{p.key, layout})
	if layout == nil || layout.Children == nil {
		return true
	}
	if p.step == nil || p.step.render.InputGroupKey != layout.Children.InputGroupKey {
		p.stopTimers()
		p.step = &step{r: r, host: h, ref: p.key}
		p.step.show(layout.Children)
		p.step.begin()
		return true
	}
	p.step.show(layout.Children)
	return true
}
