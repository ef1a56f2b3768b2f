package interval_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"ioscope/client/interval"
	"ioscope/client/interval/schema"
)

// A host asks, and a program answers in the place of a person.
func Example() {
	ended := make(chan *schema.Result, 1)
	var runner *interval.Runner
	runner = interval.NewRunner(&interval.RunnerOptions{OnEvent: func(e interval.Event) {
		switch e := e.(type) {
		case interval.Rendered:
			if e.Waits {
				_ = runner.Respond(e.Transaction, e.Render.InputGroupKey, []any{"World"}, "")
			}
		case interval.Ended:
			ended <- e.Result
		}
	}})
	defer runner.Close()
	server := httptest.NewServer(runner)
	defer server.Close()

	host := interval.NewHost(interval.HostOptions{Endpoint: "ws" + strings.TrimPrefix(server.URL, "http") + "/websocket", APIKey: "key"})
	host.Action(interval.Action{Slug: "greet", Name: "Greet", Run: func(ctx context.Context, tx *interval.Transaction) (any, error) {
		name, err := tx.IO.Input.Text("Name", schema.InputText{MinLength: 2}).Await(ctx)
		return "Hello " + name, err
	}})
	if err := host.Listen(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	defer host.Close()

	if _, err := runner.Start("greet", nil); err != nil {
		fmt.Println(err)
		return
	}
	result := <-ended
	fmt.Println(result.Status, result.Data)
	// Output: SUCCESS Hello World
}
