package ui

import (
	"slices"
	"testing"
)

// fakeFilters keeps named filters in memory.
type fakeFilters struct{ all []NamedFilter }

func (f *fakeFilters) Load() ([]NamedFilter, error) { return slices.Clone(f.all), nil }

func (f *fakeFilters) Save(one NamedFilter) error {
	_ = f.Delete(one.Kind, one.Name) // it may be new
	f.all = append(f.all, one)
	return nil
}

func (f *fakeFilters) Delete(kind FilterKind, name string) error {
	f.all = slices.DeleteFunc(f.all, func(n NamedFilter) bool { return n.Kind == kind && n.Name == name })
	return nil
}

func TestNamedFilters(t *testing.T) {
	t.Parallel()
	h := sceneNamed(t, "main").play(t, 120, 40)
	f := &fakeFilters{}
	h.press("F")
	h.shows("F  filters are not kept here")
	h.app.opts.Filters = f

	// Name the filter that is being typed, and use it elsewhere.
	h.press("2", "/")
	h.write("clients ~crt")
	h.press("ctrl+r")
	h.shows("Named filters", "No filter has a name yet.", "S  name the present one: clients ~crt")
	h.press("S")
	h.shows("Name the filter clients ~crt")
	h.write("new clients")
	h.press("enter")
	h.shows(`kept as "new clients"`)
	h.press("esc")
	if h.app.state.List().Filter != "" {
		t.Fatal("the filter still stands")
	}
	h.press("F")
	h.shows("new clients  clients ~crt")
	h.hides("name the present one")
	h.press("enter")
	h.shows("/ clients ~crt", "Clients.Create", "1 of")
	h.press("F")
	h.shows("● on")
	h.press("esc", "esc")

	// A stream has filters of its own kinds.
	h.press("4", "g", "enter", "F")
	h.shows("No filter has a name yet.")
	h.press("esc", "|")
	h.write(`.sym == "AAPL"`)
	h.press("ctrl+r", "S")
	h.write("apples")
	h.press("enter", "F", "S") // what has a name is not named again
	h.shows("apples", `.sym == "AAPL"`)
	h.press("x", "enter")
	h.shows("apples")
	h.press("x", "y")
	h.hides("apples  ")
	if len(f.all) != 1 || f.all[0] != (NamedFilter{ListFilter, "new clients", "clients ~crt"}) {
		t.Errorf("%+v is kept", f.all)
	}
}
