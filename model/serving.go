package model

import (
	"slices"

	"ioscope/client/bus"
)

// ServePage is all that we offer.
type ServePage struct {
	ServeView
	Offerings []*Offering

	next OfferingID
}

// Provider is content that shows offers of ours: the page of all, or one of them.
type Provider interface {
	Content
	// View is where the keyboard is in it.
	View() *ServeView
	// Served are the offers that it shows.
	Served(*State) []*Offering
}

// View implements Provider.
func (p *ServePage) View() *ServeView { return &p.ServeView }

// Served implements Provider.
func (p *ServePage) Served(*State) []*Offering { return p.Offerings }

// View implements Provider.
func (o *Offering) View() *ServeView { return &o.ServeView }

// Served implements Provider.
func (o *Offering) Served(*State) []*Offering { return []*Offering{o} }

// Serving is all that we offer.
func (s *State) Serving() *ServePage { return s.Pages[Serve].(*ServePage) }

// Offering finds one of our offers, or nil.
func (s *State) Offering(id OfferingID) *Offering {
	for _, o := range s.Serving().Offerings {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// servers are all places that show our offers.
func (s *State) servers() []Provider {
	out := []Provider{s.Serving()}
	for _, o := range s.Serving().Offerings {
		out = append(out, o)
	}
	return out
}

// Waits counts what waits for an answer, of all that we offer.
func (s *State) Waits() int {
	n := 0
	for _, o := range s.Serving().Offerings {
		n += len(o.Waiting)
	}
	return n
}

// NameTaken says why a definition can't be offered beside those that are; empty
// when it can.
func (s *State) NameTaken(def bus.MethodDefinition) string { return s.nameTaken(def, nil) }

// nameTaken is NameTaken beside all offers but one.
func (s *State) nameTaken(def bus.MethodDefinition, but *Offering) string {
	for _, o := range s.Serving().Offerings {
		switch {
		case o == but || o.Def.Name != def.Name || o.Kept:
		case o.Def.Accepts == def.Accepts && o.Def.Returns == def.Returns:
			return "You offer " + def.Name + " already with the same signature."
		default:
			return "You offer " + def.Name + " already; an app offers a name once."
		}
	}
	return ""
}

// provide makes an offering, with its row in Open.
func (s *State) provide(p Provision) *Offering {
	page := s.Serving()
	page.next++
	if p.Patience <= 0 {
		p.Patience = Patience
	}
	o := &Offering{ID: page.next, Provision: p, Since: s.Now}
	for i := range o.Rules {
		o.Rules[i].ID = o.id()
	}
	for i := range o.Timers {
		o.Timers[i].ID = o.id()
	}
	page.Offerings = append(page.Offerings, o)
	s.AddThing(o)
	return o
}

// End implements Ongoing: it takes the offer back.
func (o *Offering) End(s *State) []Effect {
	page := s.Serving()
	page.Offerings = slices.DeleteFunc(page.Offerings, func(x *Offering) bool { return x == o })
	if f := page.Form; f != nil && f.Of == o {
		page.Form = nil
	}
	return []Effect{Withdraw{o.ID}}
}

// Unregister takes an offer back and keeps what is known of it, or offers it again.
func (s *State) Unregister(o *Offering) []Effect {
	if s.refuse(ToOffer) {
		return nil
	}
	if o.Standing == Offered || o.Standing == Registering {
		o.Standing = Withdrawn
		s.Say(o.Def.Name + " is taken back. {serve.unregister} offers it again")
		return []Effect{Withdraw{o.ID}}
	}
	o.Standing, o.Err, o.Since, o.Kept = Registering, nil, s.Now, false
	return []Effect{Provide{o.ID, o.Provision}}
}
