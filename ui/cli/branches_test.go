package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/model"
	"ioscope/ui"
)

// onlooker is the explorer's state on a bus, without a screen.
type onlooker struct {
	t     *testing.T
	s     *session
	inbox *ui.Inbox
	ask   *ui.Asker
	state *model.State
}

func onlook(t *testing.T, g *gateway.Gateway, ours bool) *onlooker {
	t.Helper()
	o := &onlooker{t: t, inbox: ui.NewInbox()}
	o.s = newSession(&flags{application: "ioscope", user: "me"}, o.inbox, slog.New(slog.DiscardHandler))
	o.s.open("mem", func(context.Context, string) (client.Conn, error) { return g.Connect(true), nil })
	if ours {
		o.s.own, o.s.home = g, "mem"
	}
	o.ask = ui.NewAsker(o.s, o.inbox)
	o.state = model.New(model.Options{URL: "mem"}, time.Now())
	return o
}

// turn takes in what was heard, and does what is due.
func (o *onlooker) turn() {
	o.t.Helper()
	synctest.Wait()
	o.inbox.Put(model.Sent{Thing: -1}) // so that there is something to wait for
	batch, _ := o.inbox.Next()
	o.do(o.state.Apply(batch, time.Now()))
	o.state.Tick(time.Now())
	o.do(o.state.Beat())
	synctest.Wait()
}

func (o *onlooker) do(effects []model.Effect) {
	for _, e := range effects {
		if f := o.ask.Ask(e); f != nil {
			go func() { _ = f() }()
		}
	}
}

func (o *onlooker) close() {
	o.ask.Close()
	o.s.Close()
	o.inbox.Close()
}

// subscribe asks for a stream, and returns the thing that it became.
func (o *onlooker) subscribe(m *model.Method, args string) *model.Thing {
	t := o.state.OpenForm(m, bus.Target{})
	t.Form.Fill(json.RawMessage(args))
	o.do(o.state.Send(t))
	o.turn()
	return t
}

// TestBranchesAreInferredAndTrue lets a publisher push on its branches, compares
// what is inferred with what the gateway and the publisher know, on a bus of ours
// and on one of others with a publisher of ours.
func TestBranchesAreInferredAndTrue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		ours, publish bool
		source        string
	}{
		{"our gateway", true, false, "this bus is ours, so it knows"},
		{"our publisher", false, true, "the publisher is ours, so it knows"},
		{"neither", false, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { branchesOf(t, c.ours, c.publish, c.source) })
		})
	}
}

func branchesOf(t *testing.T, ours, publish bool, source string) {
	g := gateway.New(nil)
	defer func() { _ = g.Close() }()
	o := onlook(t, g, ours)
	defer o.close()
	o.turn()
	publisher := o.s.current()
	if !publish {
		var err error
		publisher, err = client.Dial(t.Context(), "mem", &client.Options{
			Application: "Feed", User: "me",
			Dial: func(context.Context, string) (client.Conn, error) { return g.Connect(true), nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = publisher.Close() }()
	}
	stream, err := publisher.CreateStream(t.Context(), bus.MethodDefinition{Name: "Prices", Accepts: "string symbol"}, &client.StreamOptions{
		OnRequest: func(r *client.Request) {
			var args struct{ Symbol string }
			_ = json.Unmarshal(r.Args, &args)
			r.AcceptOnBranch(strings.ToUpper(args.Symbol))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	o.turn()
	prices := o.state.Dir.Methods()[0]
	first := o.subscribe(prices, `{"symbol":"AAPL"}`)
	o.state.OpenLens(prices.ID, prices.Def)
	lens := o.state.LensOf(prices.ID)
	second := o.subscribe(prices, `{"symbol":"VOD"}`)
	third := o.subscribe(prices, `{"symbol":"aapl"}`)
	for n := range 80 {
		if n == 40 {
			_ = stream.Subscribers()[0].Push(map[string]any{"note": "you alone"})
		}
		_ = stream.Push(map[string]any{"n": n}, []string{"AAPL", "VOD"}[n%2])
		if n%10 == 0 { // and a heartbeat to all branches
			_ = stream.Push(map[string]any{"beat": 1})
		}
		time.Sleep(100 * time.Millisecond)
		o.turn()
	}
	time.Sleep(4 * time.Second)
	o.turn()
	time.Sleep(time.Second)
	o.turn()

	v := lens.View(o.state.Now)
	var got []string
	for _, group := range v.Groups {
		var ids []model.ThingID
		for _, m := range group.Members {
			ids = append(ids, m.Thing)
		}
		got = append(got, fmt.Sprint(ids, " ", group.Verdict))
	}
	want := []string{fmt.Sprint([]model.ThingID{first.ID, third.ID}, " likely"), fmt.Sprint([]model.ThingID{second.ID}, " apart")}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("groups %q, want %q", got, want)
	}
	if v.Privates != 1 {
		t.Errorf("%d private events, want 1", v.Privates)
	}
	if lens.Truth.Source != source {
		t.Errorf("the truth comes from %q, want %q", lens.Truth.Source, source)
	}
	if source == "" {
		if v.Agree != -1 {
			t.Errorf("agrees with %d branches that nobody knows", v.Agree)
		}
		return
	}
	if v.Agree != 2 || len(v.Branches) != 2 {
		t.Errorf("agrees on %d of %d branches", v.Agree, len(v.Branches))
	}
	for i, b := range v.Branches {
		// A publisher of others keeps its keys to itself.
		if b.KeyKnown != publish || b.Events != 48 || v.Letter(b) != i || len(b.Subscribers) != 2-i {
			t.Errorf("branch %d: %+v, letter %d", i, b, v.Letter(b))
		}
	}
}
