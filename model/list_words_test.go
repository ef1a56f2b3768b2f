package model

import (
	"strings"
	"testing"

	"ioscope/client/bus"
)

// TestFilterBySign types the signs of rows and their words into the filters.
func TestFilterBySign(t *testing.T) {
	t.Parallel()
	s := office(t)
	s.Apply([]Input{
		Heard{bus.ServerAdded{At: s.Now, Server: bus.Instance{PeerID: "p1", Application: "Desk"}}},
		Heard{bus.MethodsAdded{At: s.Now, Peer: "p1", Methods: []bus.MethodDefinition{
			{ID: "1", Name: "Orders.Find"}, {ID: "2", Name: "Orders.Gone"}, {ID: "3", Name: "Orders.Flow", Streaming: true},
		}}},
		Heard{bus.MethodsRemoved{At: s.Now, Peer: "p1", Methods: []bus.MethodDefinition{{ID: "2", Name: "Orders.Gone"}}}},
	}, s.Now)
	started(t, s)
	for _, c := range []struct {
		pane         Pane
		filter, want string
	}{
		{Methods, "◆", "Orders › Refund an order, Report"},
		{Methods, "action", "Orders › Refund an order"},
		{Methods, "ACTION refund", "Orders › Refund an order"},
		{Methods, "page", "Report"},
		{Methods, "!◆", "Orders.Find, Orders.Gone"},
		{Methods, "†", "Orders.Gone"},
		{Methods, "method", ""},
		{Servers, "◆", "back-office"},
		{Servers, "host", "back-office"},
		{Servers, "!host", "Desk"},
		{Open, "◆", "Refund an order"},
		{Open, "call", ""},
	} {
		s.SetFilter(c.pane, c.filter)
		var names []string
		for _, id := range s.Lists[c.pane].Rows() {
			switch c.pane {
			case Servers:
				names = append(names, s.Dir.Server(id).Instance.Name())
			case Methods:
				names = append(names, s.Dir.Method(id).Def.Name)
			default:
				names = append(names, s.Things[0].Name())
			}
		}
		if got := strings.Join(names, ", "); got != c.want {
			t.Errorf("%q finds %s, want %s", c.filter, got, c.want)
		}
	}
}
