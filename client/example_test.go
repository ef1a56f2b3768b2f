package client_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
)

// A program joins a bus, offers a method, and another calls it. A gateway in
// this process stands in for one at a ws:// address; with that, Dial is left out
// of the options.
func Example() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	inProcess := func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil }

	calculator, err := client.Dial(ctx, "ws://127.0.0.1:8385/gw3", &client.Options{Application: "Calculator", User: "ann", Dial: inProcess})
	if err != nil {
		log.Fatal(err)
	}
	defer calculator.Close()
	add := bus.MethodDefinition{Name: "Addition", Accepts: "int a, int b", Returns: "int sum"}
	_, err = calculator.Register(ctx, add, func(_ context.Context, call client.Call) (any, error) {
		var args struct{ A, B int }
		if err := json.Unmarshal(call.Args, &args); err != nil {
			return nil, err
		}
		return map[string]int{"sum": args.A + args.B}, nil
	})
	if err != nil {
		log.Fatal(err)
	}

	desk, err := client.Dial(ctx, "ws://127.0.0.1:8385/gw3", &client.Options{Application: "Desk", User: "ann", Dial: inProcess})
	if err != nil {
		log.Fatal(err)
	}
	defer desk.Close()
	result, err := desk.Invoke(ctx, bus.MethodFilter{Name: "Addition"}, map[string]int{"a": 5, "b": 4}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range result.Returns {
		fmt.Println(r.Server.Name(), string(r.Value), r.Err)
	}
	// Output: Calculator {"sum":9} <nil>
}

// A publisher puts its subscribers on a branch per symbol and pushes to those
// branches.
func ExampleClient_CreateStream() {
	ctx := context.Background()
	g := gateway.New(nil)
	defer g.Close()
	options := &client.Options{
		Application: "PriceFeed", User: "ann",
		Dial: func(context.Context, string) (client.Conn, error) { return g.Connect(false), nil },
	}
	feed, err := client.Dial(ctx, "ws://127.0.0.1:8385/gw3", options)
	if err != nil {
		log.Fatal(err)
	}
	defer feed.Close()

	prices, err := feed.CreateStream(ctx, bus.MethodDefinition{Name: "Prices", Accepts: "string symbol"}, &client.StreamOptions{
		OnRequest: func(r *client.Request) {
			var args struct{ Symbol string }
			if json.Unmarshal(r.Args, &args) != nil || args.Symbol == "" {
				r.Reject("which symbol?")
				return
			}
			r.AcceptOnBranch(args.Symbol)
		},
		OnSubscribed: func(s *client.Subscriber) {
			_ = s.Push(map[string]string{"note": "welcome to " + s.Branch().Key()})
		},
	})
	if err != nil {
		log.Fatal(err)
	}

	subscription, err := feed.Subscribe(ctx, bus.MethodFilter{Name: "Prices"}, &client.SubscribeOptions{
		Args: map[string]string{"symbol": "VOD"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for n := 0; ; {
		event, err := subscription.Next(ctx)
		if err != nil {
			break // io.EOF after the last event
		}
		switch e := event.(type) {
		case bus.StreamData:
			fmt.Println(string(e.Data), "private:", e.Private)
			if n++; n == 1 {
				_ = prices.Push(map[string]float64{"price": 185.3}, "BARC") // nobody there
				_ = prices.Branch("VOD").Push(map[string]float64{"price": 71.22})
			} else {
				prices.Branch("VOD").Close()
			}
		case bus.StreamClosed:
			fmt.Println("closed by", e.Server.Name())
		}
	}

	_, err = feed.Subscribe(ctx, bus.MethodFilter{Name: "Prices"}, nil)
	fmt.Println(err)
	// Output:
	// {"note":"welcome to VOD"} private: true
	// {"price":71.22} private: false
	// closed by PriceFeed
	// subscribe "Prices": subscription rejected by PriceFeed: which symbol?
}
