package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// shown writes the rows of a list: headings with ▾ or ▸ and their count, things by
// name, the cursor's row with >.
func shown(s *world, p Pane) []string {
	l := &s.Lists[p]
	var out []string
	for i, row := range l.Rows() {
		line := ""
		if g := l.Heading(row); g != nil {
			sign := "▾"
			if g.Folded {
				sign = "▸"
			}
			line = fmt.Sprintf("%s%s %s %d", strings.Repeat(" ", g.Depth), sign, g.Words(), len(g.Members))
		} else if m := s.Dir.Method(l.Thing(row)); m != nil {
			line = m.Def.Name
		} else if srv := s.Dir.Server(l.Thing(row)); srv != nil {
			line = srv.Instance.Name()
		}
		if i == l.Index() {
			line = ">" + line
		}
		out = append(out, line)
	}
	return out
}

func wantRows(t *testing.T, s *world, p Pane, want ...string) {
	t.Helper()
	if got := shown(s, p); !slices.Equal(got, want) {
		t.Errorf("the list shows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// typed is a method of one argument, with object types.
func typed(name string, types ...string) bus.MethodDefinition {
	d := def(name, "int a", "")
	d.ObjectTypes = types
	return d
}

var (
	deskOffers = []bus.MethodDefinition{typed("Orders.Place", "Order"), typed("Orders.Cancel", "Order", "Client"), typed("Ping")}
	shopOffers = []bus.MethodDefinition{typed("Ping"), typed("Prices.Get")}
)

// market has two applications; the cursor is in Methods.
func market(t *testing.T) *world {
	w := newWorld(t)
	w.join(app("Desk", 1), deskOffers...)
	w.join(app("Shop", 1), shopOffers...)
	w.Go(Methods)
	return w
}

func TestGroupsByPrefixFoldAndUnfold(t *testing.T) {
	t.Parallel()
	s := market(t)
	s.Lists[Methods].point(s.Lists[Methods].Rows()[1])
	wantRows(t, s, Methods, "Orders.Cancel", ">Orders.Place", "Ping", "Prices.Get")

	s.SetGroups(Methods, []GroupBy{GroupPrefix})
	wantRows(t, s, Methods, "▾ Orders 2", "Orders.Cancel", ">Orders.Place", "▾ Prices 1", "Prices.Get", "▾ no prefix 1", "Ping")
	if n := s.Lists[Methods].Len(); n != 4 {
		t.Errorf("it counts %d methods, want 4", n)
	}

	l := &s.Lists[Methods]
	l.Fold(l.Rows()[0], true, false)
	wantRows(t, s, Methods, ">▸ Orders 2", "▾ Prices 1", "Prices.Get", "▾ no prefix 1", "Ping")
	if s.CardMethod() != nil || s.CardGroup() == nil || s.CardGroup().Name != "Orders" {
		t.Error("the workspace does not show the group")
	}
	s.Enter()
	wantRows(t, s, Methods, ">▾ Orders 2", "Orders.Cancel", "Orders.Place", "▾ Prices 1", "Prices.Get", "▾ no prefix 1", "Ping")
	s.MoveCursor(2)
	l.FoldAll(true)
	wantRows(t, s, Methods, ">▸ Orders 2", "▸ Prices 1", "▸ no prefix 1")
	l.FoldAll(false)
	wantRows(t, s, Methods, ">▾ Orders 2", "Orders.Cancel", "Orders.Place", "▾ Prices 1", "Prices.Get", "▾ no prefix 1", "Ping")

	s.MoveCursor(4)
	s.SetGroups(Methods, nil)
	wantRows(t, s, Methods, "Orders.Cancel", "Orders.Place", "Ping", ">Prices.Get")
}

func TestAThingStandsInAllItsGroups(t *testing.T) {
	t.Parallel()
	s := market(t)
	s.SetGroups(Methods, []GroupBy{GroupServer})
	wantRows(t, s, Methods, "▾ Desk 3", ">Orders.Cancel", "Orders.Place", "Ping", "▾ Shop 2", "Ping", "Prices.Get")
	s.MoveCursor(4)
	if m := s.CardMethod(); m == nil || m.Def.Name != "Ping" {
		t.Fatal("the cursor is not on the method")
	}
	// What comes meanwhile leaves the cursor where it is: in the second group.
	s.hear(bus.MethodsAdded{At: s.now, Peer: app("Desk", 1).PeerID, Methods: []bus.MethodDefinition{typed("Another")}})
	wantRows(t, s, Methods, "▾ Desk 4", "Another", "Orders.Cancel", "Orders.Place", "Ping", "▾ Shop 2", ">Ping", "Prices.Get")
	s.Reverse(Methods)
	wantRows(t, s, Methods, "▾ Shop 2", "Prices.Get", ">Ping", "▾ Desk 4", "Ping", "Orders.Place", "Orders.Cancel", "Another")

	s.SetGroups(Methods, []GroupBy{GroupObject})
	s.Reverse(Methods)
	wantRows(t, s, Methods, "▾ Client 1", "Orders.Cancel", "▾ Order 2", "Orders.Cancel", "Orders.Place", "▾ no object type 3", "Another", ">Ping", "Prices.Get")
}

func TestGroupsInGroups(t *testing.T) {
	t.Parallel()
	s := market(t)
	s.SetGroups(Methods, []GroupBy{GroupServer, GroupPrefix})
	l := &s.Lists[Methods]
	wantRows(t, s, Methods, "▾ Desk 3", " ▾ Orders 2", ">Orders.Cancel", "Orders.Place", " ▾ no prefix 1", "Ping", "▾ Shop 2", " ▾ Prices 1", "Prices.Get", " ▾ no prefix 1", "Ping")
	l.Fold(l.Rows()[0], true, true)
	wantRows(t, s, Methods, ">▸ Desk 3", "▾ Shop 2", " ▾ Prices 1", "Prices.Get", " ▾ no prefix 1", "Ping")
	l.Fold(l.Rows()[0], false, false)
	wantRows(t, s, Methods, ">▾ Desk 3", " ▸ Orders 2", " ▸ no prefix 1", "▾ Shop 2", " ▾ Prices 1", "Prices.Get", " ▾ no prefix 1", "Ping")

	// Going to a thing opens what it is in.
	l.FoldAll(true)
	s.Point(Methods, MethodRow(typed("Prices.Get")))
	wantRows(t, s, Methods, "▸ Desk 3", "▾ Shop 2", " ▾ Prices 1", ">Prices.Get", " ▸ no prefix 1")
}

func TestAFilterOpensGroups(t *testing.T) {
	t.Parallel()
	s := market(t)
	s.SetGroups(Methods, []GroupBy{GroupPrefix})
	l := &s.Lists[Methods]
	l.FoldAll(true)
	s.SetFilter(Methods, "p")
	wantRows(t, s, Methods, "▾ Orders 1", ">Orders.Place", "▾ Prices 1", "Prices.Get", "▾ no prefix 1", "Ping")
	l.Fold(l.Rows()[0], true, false)
	s.SetFilter(Methods, "")
	got := shown(s, Methods)
	if len(got) != 3 || !strings.Contains(got[0], "▸ Orders 2") {
		t.Errorf("the folds from before the filter are gone: %q", got)
	}
}

func TestGroupsOutlastARestart(t *testing.T) {
	t.Parallel()
	s := market(t)
	s.SetGroups(Methods, []GroupBy{GroupServer})
	l := &s.Lists[Methods]
	l.Fold(l.Rows()[0], true, false)
	s.MoveCursor(2)
	kept := s.Memory()

	again := &world{t: t, now: noon, State: New(Options{Name: "test bus", URL: "ws://here"}, noon)}
	again.Recall(kept)
	again.connect()
	again.join(app("Shop", 2), shopOffers...)
	again.join(app("Desk", 2), deskOffers...)
	wantRows(t, again, Methods, shown(s, Methods)...)
	if got := again.Memory().Lists[Methods]; got.Row != kept.Lists[Methods].Row || !slices.Equal(got.But, kept.Lists[Methods].But) {
		t.Errorf("it remembers %+v, want %+v", got, kept.Lists[Methods])
	}
}

func TestTombstonesKeepTheirGroups(t *testing.T) {
	t.Parallel()
	s := market(t)
	s.SetGroups(Methods, []GroupBy{GroupServer})
	s.leave(app("Desk", 1), deskOffers...)
	wantRows(t, s, Methods, "▾ Desk 2", ">Orders.Cancel", "Orders.Place", "▾ Shop 2", "Ping", "Prices.Get")
	s.SetGroups(Methods, []GroupBy{GroupPresence})
	wantRows(t, s, Methods, "▾ gone 2", ">Orders.Cancel", "Orders.Place", "▾ here 2", "Ping", "Prices.Get")
}
