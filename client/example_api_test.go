package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"sync"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
)

// joinExample is a client on a gateway in this process. On a gateway elsewhere,
// Dial is left out of the options.
func joinExample(g *gateway.Gateway, application string) *client.Client {
	c, err := client.Dial(context.Background(), "ws://127.0.0.1:8385/gw3", &client.Options{
		Application: application, User: "ann",
		Dial: func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil },
	})
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// A method may be registered by its name alone, and its handler may return
// nothing, be typed, or answer later.
func ExampleClient_Register() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	c := joinExample(g, "Desk")
	defer c.Close()

	type numbers struct{ A, B int }
	for name, handler := range map[string]client.Handler{
		"Log": client.Silent(func(_ context.Context, call client.Call) error { return nil }),
		"Add": client.Typed(func(_ context.Context, n numbers) (int, error) { return n.A + n.B, nil }),
		"Slow": client.Async(func(_ context.Context, _ client.Call, answer *client.Answer) {
			time.AfterFunc(time.Millisecond, func() { answer.Return(map[string]string{"state": "done"}) })
		}),
	} {
		method, err := c.Register(ctx, bus.Named(name), handler)
		if err != nil {
			log.Fatal(err)
		}
		defer method.Unregister(ctx)
	}
	for _, name := range []string{"Log", "Add", "Slow"} {
		result, err := c.Invoke(ctx, bus.ByName(name), numbers{A: 5, B: 4}, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, string(result.First().Value))
	}
	// Output:
	// Log {}
	// Add {"_value":9}
	// Slow {"state":"done"}
}

// A target may name several instances, some of them by patterns. What each of
// them says is told apart.
func ExampleClient_Invoke() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	for _, name := range []string{"CalcPrecise", "CalcClassic", "Printer"} {
		c := joinExample(g, name)
		defer c.Close()
		_, err := c.Register(ctx, bus.Named("Divide"), func(_ context.Context, call client.Call) (any, error) {
			if name == "CalcClassic" {
				return nil, errors.New("division by zero")
			}
			return map[string]string{"quotient": "∞"}, nil
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	desk := joinExample(g, "Desk")
	defer desk.Close()
	result, err := desk.Invoke(ctx, bus.ByName("Divide"), map[string]int{"a": 1, "b": 0}, &client.InvokeOptions{
		Target: bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{
			{Application: "/^calc/i", User: "ann"},
			{Application: "Printer"},
		}},
		ResponseTimeout: 5 * time.Second,
	})
	if err != nil {
		log.Fatal(err) // nobody was asked
	}
	for _, r := range result.Returns {
		fmt.Printf("%s %s%s: %d %s%s\n", r.Server.Name(), r.Method.Name, r.Args, r.Status(), r.Value, r.Message())
	}
	fmt.Println(len(result.Values()), "succeeded,", len(result.Errors()), "failed")
	fmt.Println(errors.Is(result.Errors()[0].Err, &bus.Error{URI: bus.ClientError}))

	_, err = desk.Invoke(ctx, bus.ByName("Multiply"), nil, &client.InvokeOptions{WaitTimeout: -1})
	var none *client.NoMethodError
	fmt.Println(errors.As(err, &none), err)
	// Output:
	// CalcPrecise Divide{"a":1,"b":0}: 0 {"quotient":"∞"}
	// CalcClassic Divide{"a":1,"b":0}: 1 division by zero
	// Printer Divide{"a":1,"b":0}: 0 {"quotient":"∞"}
	// 2 succeeded, 1 failed
	// true
	// true invoke "Multiply": no method "Multiply" on the bus
}

// Who is on the bus, and who offers what.
func ExampleClient_ServersMatching() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	desk, feed := joinExample(g, "Desk"), joinExample(g, "PriceFeed")
	defer desk.Close()
	defer feed.Close()
	if _, err := feed.CreateStream(ctx, bus.Named("Prices"), nil); err != nil {
		log.Fatal(err)
	}
	snapshot := bus.MethodDefinition{Name: "Snapshot", Accepts: "string symbol", ObjectTypes: []string{"Instrument"}}
	if _, err := feed.Register(ctx, snapshot, client.Silent(func(context.Context, client.Call) error { return nil })); err != nil {
		log.Fatal(err)
	}

	found, err := desk.WaitForMethod(ctx, "Snapshot")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Server.Name(), found.Method.Accepts)
	for _, server := range desk.ServersMatching(bus.MethodFilter{ObjectTypes: []string{"Instrument"}}) {
		fmt.Println(server.Name(), len(desk.MethodsOf(server.PeerID)), len(desk.StreamsOf(server.PeerID)))
	}
	for _, m := range desk.MethodsForInstance(bus.InstanceFilter{Application: "/feed$/i"}) {
		fmt.Println(m.Name, len(desk.ServersOf(m)))
	}
	fmt.Println(len(desk.Methods(bus.ByName("snapshot"))), len(desk.Servers()))
	// Output:
	// PriceFeed string symbol
	// PriceFeed 2 1
	// Prices 1
	// Snapshot 1
	// 1 2
}

// A listener hears of the methods that are there, and then of those that come
// and go.
func ExampleClient_OnMethodAdded() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	desk, calc := joinExample(g, "Desk"), joinExample(g, "Calc")
	defer desk.Close()
	defer calc.Close()
	nothing := client.Silent(func(context.Context, client.Call) error { return nil })
	if _, err := calc.Register(ctx, bus.Named("Add"), nothing); err != nil {
		log.Fatal(err)
	}

	added, removed := make(chan string, 10), make(chan string, 10)
	stop := desk.OnMethodAdded(func(m bus.MethodDefinition) { added <- m.Name })
	defer stop()
	defer desk.OnMethodRemoved(func(m bus.MethodDefinition) { removed <- m.Name })()
	fmt.Println("added", <-added)
	subtract, err := calc.Register(ctx, bus.Named("Subtract"), nothing)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("added", <-added)
	_ = subtract.Unregister(ctx)
	fmt.Println("removed", <-removed)
	// Output:
	// added Add
	// added Subtract
	// removed Subtract
}

// The state of the connection, first of all the present one.
func ExampleClient_OnConnection() {
	g := gateway.New(nil)
	defer g.Close()
	c := joinExample(g, "Desk")
	states := make(chan bus.ConnState, 10)
	c.OnConnection(func(change bus.ConnChanged) { states <- change.State })
	fmt.Println(<-states)
	_ = c.Close()
	fmt.Println(<-states)
	// Output:
	// live
	// closed
}

// A subscription is ranged over; it ends when its publisher closes it.
func ExampleSubscription_Data() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	feed, desk := joinExample(g, "PriceFeed"), joinExample(g, "Desk")
	defer feed.Close()
	defer desk.Close()
	var prices *client.Stream
	var ready sync.WaitGroup
	ready.Add(1)
	prices, err := feed.CreateStream(ctx, bus.Named("Prices"), &client.StreamOptions{
		OnRequest: func(r *client.Request) { r.AcceptOnBranch("VOD") },
		OnSubscribed: func(s *client.Subscriber) {
			ready.Wait()
			_ = s.Push(map[string]any{"price": 71.2}) // to this one alone
			_ = prices.Push(map[string]any{"price": 71.3}, "VOD", "BARC")
			_ = prices.Close(ctx)
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	ready.Done()

	subscription, err := desk.Subscribe(ctx, bus.ByName("Prices"), &client.SubscribeOptions{
		Args:   map[string]string{"symbol": "VOD"},
		Target: bus.Target{Mode: bus.All}, // of every publisher
		Buffer: 100, Policy: client.EndWhenFull,
	})
	if err != nil {
		log.Fatal(err)
	}
	for data, err := range subscription.Data(ctx) {
		if err != nil {
			log.Fatal(err) // not restored after a lost connection, or the buffer was full
		}
		var tick struct{ Price json.Number }
		if err := data.Decode(&tick); err != nil {
			log.Fatal(err)
		}
		fmt.Println(tick.Price, data.Private)
	}
	fmt.Println(subscription.Err() != nil, subscription.Dropped())
	// Output:
	// 71.2 true
	// 71.3 false
	// true 0
}

// Another program logs in with a token, and needs no password.
func ExampleClient_CreateToken() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	launcher := joinExample(g, "Launcher")
	defer launcher.Close()
	token, err := launcher.CreateToken(ctx)
	if err != nil {
		log.Fatal(err)
	}
	child, err := client.Dial(ctx, "ws://127.0.0.1:8385/gw3", &client.Options{
		Application: "Child", GatewayToken: token,
		Dial: func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer child.Close()
	fmt.Println(child.Self().Name(), child.Self().User)
	// Output: Child ann
}

// A publisher looks after its subscribers: by branch, or one by one.
func ExampleStream_Push() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	feed, desk := joinExample(g, "PriceFeed"), joinExample(g, "Desk")
	defer feed.Close()
	defer desk.Close()
	left := make(chan string, 1)
	prices, err := feed.CreateStream(ctx, bus.Named("Prices"), &client.StreamOptions{
		OnRequest: func(r *client.Request) {
			var args struct{ Symbol string }
			_ = json.Unmarshal(r.Args, &args)
			r.AcceptOnBranch(args.Symbol)
		},
		OnUnsubscribed: func(s *client.Subscriber) { left <- s.Branch().Key() },
	})
	if err != nil {
		log.Fatal(err)
	}
	subscriptions := map[string]*client.Subscription{}
	for _, symbol := range []string{"VOD", "BARC", "TSCO"} {
		s, err := desk.Subscribe(ctx, bus.ByName("Prices"), &client.SubscribeOptions{Args: map[string]string{"symbol": symbol}})
		if err != nil {
			log.Fatal(err)
		}
		subscriptions[symbol] = s
	}
	for _, branch := range prices.Branches() {
		fmt.Println(branch.Key(), "for", branch.Subscribers()[0].Instance().Name())
	}
	_ = prices.Push(map[string]int{"n": 1})                // to all
	_ = prices.Push(map[string]int{"n": 2}, "VOD", "BARC") // to two branches
	_ = subscriptions["BARC"].Close()
	fmt.Println(<-left, "left")
	prices.Branch("TSCO").Close()
	fmt.Println(<-left, "was closed")
	prices.Subscribers()[0].CloseWith("enough")
	fmt.Println(<-left, "was closed;", len(prices.Branches()), "branches")

	for event, err := range subscriptions["VOD"].Events(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		switch e := event.(type) {
		case bus.StreamAccepted:
			fmt.Println("connected to", e.Server.Name())
		case bus.StreamData:
			fmt.Println(string(e.Data))
		case bus.StreamLost:
			fmt.Println("our connection was lost; it is asked for again")
		case bus.StreamClosed:
			fmt.Println("closed by us:", e.Mine, "failed:", e.Failed, "because:", e.Reason)
		}
	}
	// Output:
	// VOD for Desk
	// BARC for Desk
	// TSCO for Desk
	// BARC left
	// TSCO was closed
	// VOD was closed; 0 branches
	// connected to PriceFeed
	// {"n":1}
	// {"n":2}
	// closed by us: false failed: false because: enough
}

// A connection that is lost comes back by itself, with what was registered.
func ExampleOpen() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	var now client.Conn
	states := make(chan bus.ConnChanged, 10)
	c := client.Open("ws://127.0.0.1:8385/gw3", &client.Options{
		Application: "Desk", User: "ann", RetryMin: time.Millisecond,
		Dial: func(context.Context, string) (client.Conn, error) { now = g.Connect(false); return now, nil },
		OnEvent: func(e bus.Event) {
			if change, ok := e.(bus.ConnChanged); ok {
				states <- change
			}
		},
	})
	defer c.Close()
	if err := c.Ready(ctx); err != nil {
		log.Fatal(err)
	}
	if _, err := c.Register(ctx, bus.Named("Add"), client.Silent(func(context.Context, client.Call) error { return nil })); err != nil {
		log.Fatal(err)
	}
	_ = now.Close(1001, "the network is gone")
	for lives := 0; lives < 2; {
		change := <-states
		fmt.Println(change.State, change.Registrations)
		if change.State == bus.Live {
			lives++
		}
	}
	fmt.Println(c.MethodsOf(c.Self().PeerID)[0].Name)
	// Output:
	// connecting 0
	// live 0
	// lost 0
	// connecting 0
	// live 1
	// Add
}

// A publisher that numbers its events lets subscribers see whether they missed one.
func ExampleStream_PushWith() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	feed, desk := joinExample(g, "PriceFeed"), joinExample(g, "Desk")
	defer feed.Close()
	defer desk.Close()
	prices, err := feed.CreateStream(ctx, bus.Named("Prices"), nil)
	if err != nil {
		log.Fatal(err)
	}
	subscription, err := desk.Subscribe(ctx, bus.ByName("Prices"), nil)
	if err != nil {
		log.Fatal(err)
	}
	_ = prices.PushWith(map[string]float64{"price": 71.2}, &client.PushOptions{Sequence: "41", Snapshot: true})
	_ = prices.PushWith(map[string]float64{"price": 71.3}, &client.PushOptions{Sequence: "42"})
	_ = prices.Push(map[string]float64{"price": 71.4})
	for seen := 0; seen < 3; {
		event, err := subscription.Next(ctx)
		if err != nil {
			log.Fatal(err)
		}
		if d, ok := event.(bus.StreamData); ok {
			fmt.Printf("%s sequence %q snapshot %t\n", d.Data, d.Sequence, d.Snapshot)
			seen++
		}
	}
	// Output:
	// {"price":71.2} sequence "41" snapshot true
	// {"price":71.3} sequence "42" snapshot false
	// {"price":71.4} sequence "" snapshot false
}
