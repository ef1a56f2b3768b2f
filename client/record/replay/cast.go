package replay

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"ioscope/client/bus"
	"ioscope/client/record"
)

// part is an application at a moment, and what it offers then.
type part struct {
	*actor
	offers []offered
}

// offered is a method or a stream at a moment.
type offered struct {
	def record.Method
	// ids are those that it had, one after the other: a lost connection gives new ones.
	ids []bus.MethodID
}

// same reports whether two definitions say the same.
func same(a, b record.Method) bool {
	a.ID, a.Raw, b.ID, b.Raw = "", nil, "", nil
	return reflect.DeepEqual(a, b)
}

// cast is who is on the bus at a moment, in the order of joining; next is the first
// step that comes after it.
func (r *Recording) cast(at time.Duration) (parts []*part, next int, err error) {
	there := map[*actor]*part{}
	for next < len(r.steps) && r.steps[next].at <= at {
		s := r.steps[next]
		switch s.what {
		case record.Join:
			there[s.actor] = &part{actor: s.actor}
			parts = append(parts, there[s.actor])
		case record.Leave:
			delete(there, s.actor)
		}
		next++
	}
	parts = slices.DeleteFunc(parts, func(p *part) bool { return there[p.actor] != p })
	var errs []error
	for _, s := range r.steps[:next] {
		p := there[s.actor]
		if p == nil || s.what != record.Offer && s.what != record.Withdraw {
			continue
		}
		l, err := r.line(s.place)
		switch {
		case err != nil:
			errs = append(errs, err)
		case s.what == record.Offer:
			p.offer(l.Methods)
		default:
			p.withdraw(l.Methods)
		}
	}
	return parts, next, errors.Join(errs...)
}

func (p *part) offer(methods []record.Method) {
	for _, def := range methods {
		if i := slices.IndexFunc(p.offers, func(o offered) bool { return o.def.Name == def.Name }); i >= 0 {
			p.offers[i].ids = append(p.offers[i].ids, def.ID)
			continue
		}
		p.offers = append(p.offers, offered{def, []bus.MethodID{def.ID}})
	}
}

func (p *part) withdraw(methods []record.Method) {
	for _, gone := range methods {
		p.offers = slices.DeleteFunc(p.offers, func(o offered) bool { return slices.Contains(o.ids, gone.ID) })
	}
}

// stage brings the bus to a moment: those who were not there then leave, those who
// were and are not come, and who stays offers what it offered then. It returns the
// step that comes next. The error is that of ctx, or of who could not join.
func (c *company) stage(ctx context.Context, at time.Duration) (next int, err error) {
	parts, next, err := c.p.r.cast(at)
	if err != nil {
		c.p.log.Warn("replay: changes of the bus are left out", "err", err)
	}
	var errs []error
	stays := map[*actor]bool{}
	for _, p := range parts {
		stays[p.actor] = true
	}
	var leaving sync.WaitGroup
	for a, m := range c.members {
		if !stays[a] {
			leaving.Go(func() { _ = m.client.Close() })
			delete(c.members, a)
		}
	}
	leaving.Wait()
	for _, p := range parts {
		if ctx.Err() != nil {
			break
		}
		errs = append(errs, c.cast(ctx, p))
	}
	return next, errors.Join(append(errs, ctx.Err())...)
}

// cast lets one application be there as it was then.
func (c *company) cast(ctx context.Context, p *part) error {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	m := c.members[p.actor]
	if m == nil {
		var err error
		if m, err = c.enter(ctx, p.actor); err != nil {
			return err
		}
	}
	if err := m.become(ctx, p.offers); err != nil && ctx.Err() == nil {
		c.p.log.Warn("replay: an application does not offer what it offered", "application", p.instance.Name(), "err", err)
	}
	return nil
}

// become takes back what is not to be offered, and offers what is.
func (m *member) become(ctx context.Context, offers []offered) error {
	var errs []error
	kept := map[string]taken{}
	for name, id := range m.names {
		t := m.offered[id]
		if slices.ContainsFunc(offers, func(o offered) bool { return same(o.def, t.def) }) {
			kept[name] = t
		} else {
			errs = append(errs, t.back(ctx))
		}
	}
	m.offered, m.names = map[bus.MethodID]taken{}, map[string]bus.MethodID{}
	for _, o := range offers {
		t, ok := kept[o.def.Name]
		if !ok {
			var err error
			if t, err = m.take(ctx, o.def); err != nil {
				errs = append(errs, err)
				continue
			}
		}
		for _, id := range o.ids {
			m.offered[id] = t
			m.names[o.def.Name] = id
		}
	}
	return errors.Join(errs...)
}
