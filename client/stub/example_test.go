package stub_test

import (
	"context"
	"fmt"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/client/stub"
)

func Example() {
	ctx := context.Background()
	gw := gateway.New(nil)
	defer gw.Close()
	join := func(name string) *client.Client {
		c, err := client.Dial(ctx, "ws://in.memory/gw3", &client.Options{
			Application: name,
			Dial:        func(context.Context, string) (client.Conn, error) { return gw.Connect(false), nil },
		})
		if err != nil {
			panic(err)
		}
		return c
	}

	app, err := stub.Parse("calc.yaml", []byte(`
application: Calc
methods:
  - name: Add
    accepts: int a, int b
    jq: "{sum: (.a + .b)}"
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	c := join(app.Name)
	defer c.Close()
	running, err := app.Start(ctx, c, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer running.Close()

	me := join("Desk")
	defer me.Close()
	result, err := me.Invoke(ctx, bus.MethodFilter{Name: "Add"}, map[string]int{"a": 2, "b": 3}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(result.First().Value))
	// Output: {"sum":5}
}
