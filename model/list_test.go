package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func rowIDs(text string) []RowID {
	var out []RowID
	for _, s := range strings.Fields(text) {
		out = append(out, RowID(s))
	}
	return out
}

// TestCursorStaysOnItsThing changes the rows around the cursor.
func TestCursorStaysOnItsThing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, rows, want string }{
		{"nothing changes", "a b c d", "c"},
		{"one comes before", "a aa b c d", "c"},
		{"all before go", "c d", "c"},
		{"other order", "d c b a", "c"},
		{"it goes, the next stands in its place", "a b d", "d"},
		{"it goes, and was the last", "a b", "b"},
		{"all go", "", ""},
	} {
		var l List
		l.set(rowIDs("a b c d"), 0)
		l.point("c")
		l.set(rowIDs(c.rows), 0)
		if string(l.Cursor()) != c.want {
			t.Errorf("%s: on %q, want %q", c.name, l.Cursor(), c.want)
		}
		if len(l.Rows()) > 0 && l.Rows()[l.Index()] != l.Cursor() {
			t.Errorf("%s: row %d is not %q", c.name, l.Index(), l.Cursor())
		}
	}
}

func TestCursorMoves(t *testing.T) {
	t.Parallel()
	var l List
	l.move(5)
	if l.Cursor() != "" || l.Index() != 0 {
		t.Errorf("an empty list has its cursor on %q", l.Cursor())
	}
	l.set(rowIDs("a b c"), 2)
	for _, c := range []struct {
		delta int
		want  RowID
	}{{1, "b"}, {1, "c"}, {1, "c"}, {-2, "a"}, {-1, "a"}, {1 << 40, "c"}, {-1 << 40, "a"}} {
		if l.move(c.delta); l.Cursor() != c.want {
			t.Errorf("move %d: on %q, want %q", c.delta, l.Cursor(), c.want)
		}
	}
	if l.point("x") || l.Cursor() != "a" {
		t.Error("a row that is not there was pointed at")
	}
	if l.Hidden() != 2 {
		t.Errorf("%d hidden", l.Hidden())
	}
}

// TestCursorOnTheFirstRowWhileTheBusComesIn leaves the cursor on the first row
// until it was moved, or the bus is a second old.
func TestCursorOnTheFirstRowWhileTheBusComesIn(t *testing.T) {
	t.Parallel()
	w := &world{t: t, now: noon, State: New(Options{}, noon)}
	w.connect()
	w.join(app("m", 1), def("M", "", ""))
	w.join(app("a", 1), def("A", "", ""))
	if w.CardServer().Instance.Name() != "a" {
		t.Errorf("the cursor is on %s, want the first", w.CardServer().Instance.Name())
	}
	w.MoveCursor(1)
	w.join(app("b", 1))
	if w.CardServer().Instance.Name() != "m" {
		t.Errorf("the cursor is on %s, want it where it was moved", w.CardServer().Instance.Name())
	}
	w.pass(childhood * 2)
	w.join(app("A0", 1), def("A0", "", ""))
	if got := w.Dir.Method(w.Lists[Methods].Cursor()).Def.Name; got != "A" {
		t.Errorf("the cursor left its method for %s", got)
	}
}

func TestFilterWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, filter string
		want         bool
	}{
		{"Clients.Create", "", true},
		{"Clients.Create", "  ", true},
		{"Clients.Create", "create", true},
		{"Clients.Create", "CREATE clients", true},
		{"Clients.Create", "create orders", false},
		{"Clients.Create", "!create", false},
		{"Clients.Create", "clients !find", true},
		{"Clients.Create", "clients !find !create", false},
		{"Clients.Create", "!", true},
		{"Clients.Create", "clients !", true},
		{"Ärger", "ärg", true},
		{"a!b", "a!b", true},
		{"Clients.Create", "/^clients\\.(create|find)$/", true},
		{"Clients.Create", "!/create$/", false},
		{"Clients.Create Create Client", "~clcr", true},
		{"Clients.Create Create Client", "~CLCR", true},
		{"Clients.Create Create Client", "~cretecl", false}, // of two words
		{"Clients.Create Create Client", "~crcl", false},
		{"Clients.Create Create Client", "!~clcr", false},
		{"Orders.Place", "!~clcr ~opl", true},
		{`{"sym":"AAPL","venue":"XLON"}`, "~axlon", false},
		{`{"sym":"AAPL","venue":"XLON"}`, "~apl", true},
		{"Clients.Create", "~", true},
		{"anything", "/(/", true}, // can't be read: nothing is hidden
	} {
		if got := (&List{Filter: c.filter}).Passes(c.text); got != c.want {
			t.Errorf("%q passes %q: %v, want %v", c.text, c.filter, got, c.want)
		}
	}
}

func TestListFilter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, name := range []string{"Clients.Create", "Clients.Find", "Orders.Place"} {
		d := def(name, "", "")
		d.ObjectTypes = []string{fmt.Sprint("Type", i)}
		d.DisplayName = "Title " + fmt.Sprint(i)
		w.join(app(fmt.Sprint("app", i), 1), d)
	}
	w.Go(Methods)
	w.MoveCursor(1)
	w.SetFilter(Methods, "clients !create")
	w.want(Methods, "Clients.Find")
	if w.Lists[Methods].Hidden() != 2 {
		t.Errorf("%d hidden", w.Lists[Methods].Hidden())
	}
	w.SetFilter(Methods, "type2")
	w.want(Methods, "Orders.Place")
	w.SetFilter(Methods, `title 0`)
	w.want(Methods, "Clients.Create")
	w.SetFilter(Methods, "nothing")
	w.want(Methods, "")
	if w.CardMethod() != nil {
		t.Error("a card of nothing")
	}
	if !w.Back() {
		t.Error("esc does not clear the filter")
	}
	w.want(Methods, "Clients.Create Clients.Find Orders.Place")
	w.SetFilter(Servers, "app1")
	w.want(Servers, "app1")
	w.SetFilter(Servers, "ws-17 dev")
	w.want(Servers, "app0 app1 app2")
}

// FuzzList moves a cursor and changes the rows, and looks at whether the cursor
// is on a row of the list.
func FuzzList(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 250, 251, 7, 0, 9})
	f.Fuzz(func(t *testing.T, script []byte) {
		var l List
		var rows []RowID
		for _, b := range script {
			switch b % 4 {
			case 0:
				rows = slices.Insert(slices.Clone(rows), int(b)%(len(rows)+1), RowID(fmt.Sprint("r", len(rows), b)))
			case 1:
				if len(rows) > 0 {
					rows = slices.Delete(slices.Clone(rows), int(b)%len(rows), int(b)%len(rows)+1)
				}
			case 2:
				l.move(int(int8(b)))
				continue
			case 3:
				slices.Reverse(rows)
			}
			kept := l.Cursor()
			l.set(rows, 0)
			switch {
			case len(rows) == 0 && l.Cursor() != "":
				t.Fatalf("on %q of nothing", l.Cursor())
			case len(rows) > 0 && rows[l.Index()] != l.Cursor():
				t.Fatalf("row %d is %q, and the cursor on %q", l.Index(), rows[l.Index()], l.Cursor())
			case slices.Contains(rows, kept) && l.Cursor() != kept:
				t.Fatalf("went from %q to %q", kept, l.Cursor())
			}
		}
	})
}
