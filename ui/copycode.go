package ui

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"ioscope/model"
)

// A call or a subscription as a whole program: pasted into an empty file it runs. Who
// has a connection already takes what stands below the comment.

// asJavaScript writes it for the official client.
func asJavaScript(q Question, streaming bool, at model.Connection) string {
	before, target := jsTarget(q)
	args := string(q.Args)
	if args == "" {
		args = "{}"
	}
	if strings.Contains(args, `"__proto__"`) {
		args = "JSON.parse(" + jsText(args) + ")" // in an object of the language it is no member
	}
	head := fmt.Sprintf(`// As a file that ends in .mjs: npm install @interopio/core, then node FILE.
import connect from "@interopio/core"; // or "@glue42/core"

const io = await connect({
  gateway: { ws: %s },
  auth: { username: %s, password: process.env.IOSCOPE_PASSWORD || "none" },
});

// With an io of your own it begins here.
`, jsText(at.URL), jsText(at.Self.User)) + before
	if streaming {
		return head + fmt.Sprintf(`const subscription = await io.interop.subscribe(%s, {
  arguments: %s,
  target: %s,
  waitTimeoutMs: %d,
  methodResponseTimeout: %d,
});
subscription.onData(({ data }) => console.log(data));
subscription.onClosed(() => process.exit());
`, jsText(q.Method.Name), args, target, q.Wait.Milliseconds(), q.Answer.Milliseconds())
	}
	return head + fmt.Sprintf(`const result = await io.interop.invoke(%s, %s, %s, {
  waitTimeoutMs: %d,
  methodResponseTimeoutMs: %d,
});
for (const { executed_by, returned } of result.all_return_values) console.log(executed_by.application, returned);
for (const { executed_by, message } of result.all_errors) console.error(executed_by.application, message);
process.exit();
`, jsText(q.Method.Name), args, target, q.Wait.Milliseconds(), q.Answer.Milliseconds())
}

func jsText(s string) string {
	quoted, _ := json.Marshal(s)
	return string(quoted)
}

// asGo writes it for the library of ours.
func asGo(q Question, streaming bool, at model.Connection) string {
	args := string(q.Args)
	if args == "" {
		args = "{}"
	}
	ask := fmt.Sprintf("ctx, bus.MethodFilter{Name: %s}, json.RawMessage(%s), &client.InvokeOptions{", strconv.Quote(q.Method.Name), strconv.Quote(args))
	options := fmt.Sprintf("\t\tTarget:          %s,\n\t\tWaitTimeout:     %d * time.Millisecond,\n\t\tResponseTimeout: %d * time.Millisecond,\n\t})",
		goTarget(q.Target), q.Wait.Milliseconds(), q.Answer.Milliseconds())
	what := "result, err := c.Invoke(" + ask + "\n" + options + goFatal + `	for _, r := range result.Returns {
		fmt.Println(r.Server.Name(), string(r.Value), r.Err)
	}
`
	if streaming {
		ask = fmt.Sprintf("ctx, bus.MethodFilter{Name: %s}, &client.SubscribeOptions{\n\t\tArgs:            json.RawMessage(%s),", strconv.Quote(q.Method.Name), strconv.Quote(args))
		what = "sub, err := c.Subscribe(" + ask + "\n" + options + goFatal + `	for event, err := range sub.Data(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(event.Data))
	}
`
	}
	return `// As main.go in a new folder of ioscope's source: go run ./FOLDER
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

func main() {
	ctx := context.Background()
	c, err := client.Dial(ctx, ` + strconv.Quote(at.URL) + `, &client.Options{User: ` + strconv.Quote(at.Self.User) + `, Password: os.Getenv("IOSCOPE_PASSWORD")})
` + strings.TrimPrefix(goFatal, "\n") + `	defer c.Close()

	// With a client of your own it begins here.
	` + what + "}\n"
}

const goFatal = `
	if err != nil {
		log.Fatal(err)
	}
`
