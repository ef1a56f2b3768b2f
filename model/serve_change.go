package model

import (
	"slices"
	"strings"

	"ioscope/client/bus"
)

// Alter takes an offering back and offers it again under another definition, with
// the rules and timers that it has.
type Alter struct {
	ID OfferingID
	Provision
}

func (Alter) effect() {}

// Deed implements ServeEffect.
func (Alter) Deed() Deed { return ToOffer }

// ChangeForm asks for another definition of what is offered. A method stays a
// method, and a stream a stream: their rules are not alike.
func (s *State) ChangeForm(v Provider, o *Offering) {
	if s.refuse(ToOffer) {
		return
	}
	f := &ServeForm{Kind: ChangeOffer, Of: o}
	f.Sheet = serveSheet(bus.Signature{
		field(fieldName, true), field(fieldAccepts, false), field(fieldReturns, false),
		field(fieldTitle, false), field(fieldAbout, false), field(fieldTypes, false), field(fieldPatience, false),
	}, func(path FieldPath, text string) error {
		if path == fieldName {
			return errorOf(s.nameTaken(bus.MethodDefinition{Name: strings.TrimSpace(text)}, o))
		}
		return s.checkOffer(path, text)
	})
	for name, text := range map[string]string{
		fieldName: o.Def.Name, fieldAccepts: o.Def.Accepts, fieldReturns: o.Def.Returns, fieldTitle: o.Def.DisplayName,
		fieldAbout: o.Def.Description, fieldTypes: strings.Join(o.Def.ObjectTypes, ", "),
	} {
		if text != "" {
			f.Sheet.Form.SetText(fieldOf(name), text)
		}
	}
	if o.Patience != Patience {
		f.Sheet.Form.SetText(fieldOf(fieldPatience), o.Patience.String())
	}
	f.Sheet.Focus = fieldAccepts
	s.openForm(v, f)
}

// changed is the provision that a form asks for; false where something is wrong
// with it, or nothing is other than it was.
func (s *State) changed(f *ServeForm) (Provision, bool) {
	p := f.Of.Provision
	if _, ok := s.checked(f); !ok {
		return p, false
	}
	t := f.texts()
	p.Def.Name, p.Def.Accepts, p.Def.Returns = t[fieldName], t[fieldAccepts], t[fieldReturns]
	p.Def.DisplayName, p.Def.Description, p.Def.ObjectTypes = t[fieldTitle], t[fieldAbout], commaList(t[fieldTypes])
	if p.Patience = duration(t[fieldPatience]); p.Patience <= 0 {
		p.Patience = Patience
	}
	if SameDefinition(p.Def, f.Of.Def) && p.Patience == f.Of.Patience {
		s.Say("nothing is other than it was")
		return p, false
	}
	return p, true
}

// SameDefinition reports whether two definitions are announced alike.
func SameDefinition(a, b bus.MethodDefinition) bool {
	return a.Name == b.Name && a.Accepts == b.Accepts && a.Returns == b.Returns && a.Streaming == b.Streaming &&
		a.DisplayName == b.DisplayName && a.Description == b.Description && slices.Equal(a.ObjectTypes, b.ObjectTypes)
}

// ChangeHurts says whom the change of a form would cost what, by name; empty where
// it costs nobody anything, or there is something to fix first.
func (s *State) ChangeHurts(f *ServeForm) string {
	o := f.Of
	if o.Standing != Offered && o.Standing != Registering || len(o.Subscribers)+len(o.Waiting) == 0 {
		return ""
	}
	p, ok := s.changed(f)
	if !ok || SameDefinition(p.Def, o.Def) {
		return ""
	}
	var parts []string
	tell := func(names []string, one, many string) {
		slices.Sort(names)
		names = slices.Compact(names)
		switch n := len(names); {
		case n == 1:
			parts = append(parts, names[0]+" "+one)
		case n > 1:
			if n > 4 {
				names = append(names[:3], Number(n-3)+" more")
			}
			last := len(names) - 1
			parts = append(parts, strings.Join(names[:last], ", ")+" and "+names[last]+" "+many)
		}
	}
	var subscribed, asking []string
	for _, sub := range o.Subscribers {
		subscribed = append(subscribed, sub.Who.Name())
	}
	for _, in := range o.Waiting {
		asking = append(asking, in.Caller.Name())
	}
	tell(subscribed, "loses its subscription", "lose their subscriptions")
	if o.Streaming() {
		tell(asking, "asks to subscribe and is refused", "ask to subscribe and are refused")
	} else {
		tell(asking, "waits for an answer and gets an error", "wait for an answer and get an error")
	}
	words := strings.Join(parts, "; ") + "."
	if p.Def.Name != o.Def.Name || p.Def.Accepts != o.Def.Accepts || p.Def.Returns != o.Def.Returns {
		words += " To the bus it is another " + o.Kind() + " then."
	}
	return words
}

func (s *State) submitChange(v Provider, f *ServeForm) []Effect {
	if s.refuse(ToOffer) {
		return nil
	}
	p, ok := s.changed(f)
	if !ok {
		return nil
	}
	o := f.Of
	o.Provision = p
	v.View().Form = nil
	if o.Standing == Withdrawn {
		s.Say(o.Def.Name + " is changed, and not offered; {serve.unregister} offers it")
		return nil
	}
	o.Standing, o.Err = Registering, nil
	s.Say(o.Def.Name + " is offered as it is now")
	return []Effect{Alter{o.ID, p}}
}
