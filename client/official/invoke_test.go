package official

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// TestOurClientCallsThem has our client discover and invoke what official
// clients offer.
func TestOurClientCallsThem(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		us := dialOurs(t, url, userOf(t))
		server := startApp(t, library, url, userOf(t), nil)
		if seen := us.hearServer(server.self.Application); string(seen.PeerID) != server.self.PeerID || seen.PID != server.self.PID || seen.User != userOf(t) {
			t.Errorf("our client sees %+v; want peer %s, process %d, user %s", seen, server.self.PeerID, server.self.PID, userOf(t))
		}
		server.do("register", args{"definition": args{
			"name": "Sum", "displayName": "Add up", "description": "Adds.", "accepts": "int a, int b", "returns": "int sum",
			"objectTypes": []string{"Number"}, "version": 3, "flags": args{"safe": true},
		}})
		def := us.hearMethod(server.self.PeerID, "Sum")
		if got, want := fmt.Sprint(def.DisplayName, def.Description, def.Accepts, def.Returns, def.ObjectTypes, def.Version, def.Streaming, string(def.Flags)),
			fmt.Sprint("Add up", "Adds.", "int a, int b", "int sum", []string{"Number"}, 3, false, `{"safe":true}`); got != want {
			t.Errorf("definition is %s; want %s", got, want)
		}
		t.Run("answers", func(t *testing.T) { testAnswersToUs(t, us, server) })
		t.Run("errors", func(t *testing.T) { testErrorsToUs(t, us, server) })
		t.Run("silence", func(t *testing.T) { testSilence(t, us, server) })
		t.Run("targets", func(t *testing.T) { testOurTargets(t, us, server) })
		t.Run("leaving", func(t *testing.T) {
			server.do("unregister", args{"name": "Sum"})
			us.hearMethodGone(server.self.PeerID, "Sum")
			server.do("done", nil)
			if gone := us.hearServerGone(server.self.PeerID); gone.Reset {
				t.Error("a server that left is reported as a reset of our connection")
			}
		})
	})
}

// invoking starts an invocation of our client; the function waits for its end.
func (o *ours) invoking(method, arguments string, options *client.InvokeOptions) func() (*client.Result, error) {
	type outcome struct {
		result *client.Result
		err    error
	}
	got := make(chan outcome, 1)
	go func() {
		result, err := o.Invoke(o.soon(), bus.MethodFilter{Name: method}, json.RawMessage(arguments), options)
		got <- outcome{result, err}
	}()
	return func() (*client.Result, error) {
		o.t.Helper()
		x := await(o.t, got, "outcome of the invocation")
		return x.result, x.err
	}
}

// askSum has our client invoke the server's method Sum.
func askSum(t *testing.T, us *ours, server *app, arguments string, answer args) (event, bus.Return) {
	t.Helper()
	outcome := us.invoking("Sum", arguments, nil)
	call := server.answer("Sum", answer)
	result, err := outcome()
	if err != nil {
		t.Fatal(err)
	}
	return call, result.First()
}

func testAnswersToUs(t *testing.T, us *ours, server *app) {
	for _, c := range []struct{ answer, want string }{
		{`{"sum":3,"list":[1,{"x":null}]}`, `{"sum":3,"list":[1,{"x":null}]}`},
		{`"text"`, `{"_value":"text"}`},
		{`[1,2]`, `{"_value":[1,2]}`},
		{`false`, `{}`},
		{`{"$date":1700000000000}`, `"#T42_DATE#1700000000000"`},
	} {
		call, r := askSum(t, us, server, `{"a":1,"b":2}`, args{"value": json.RawMessage(c.answer)})
		if r.Err != nil || string(r.Server.PeerID) != server.self.PeerID {
			t.Fatalf("answer %s came from %q with error %v", c.answer, r.Server.PeerID, r.Err)
		}
		wantJSON(t, "value for "+c.answer, r.Value, c.want)
		wantJSON(t, "arguments", call.Args, `{"a":1,"b":2}`)
		if call.Caller.PeerID != string(us.Self().PeerID) || call.Caller.Application != us.Self().Application {
			t.Errorf("the server sees %+v as the caller; want %s", call.Caller, us.Self().PeerID)
		}
	}
	call, _ := askSum(t, us, server, `{"when":"#T42_DATE#1700000000000"}`, args{"value": 1})
	wantJSON(t, "a date", call.Args, `{"when":"2023-11-14T22:13:20.000Z"}`)
}

func testErrorsToUs(t *testing.T, us *ours, server *app) {
	for _, c := range []struct {
		answer          args
		reason, context string
	}{
		{args{"error": "not today"}, "not today", `{}`},
		{args{"thrown": args{"code": 5}}, `{"code":5}`, `{"code":5}`},
		{args{"thrown": "text"}, "text", `{"_value":"text"}`},
	} {
		_, r := askSum(t, us, server, `{}`, c.answer)
		var said *bus.Error
		if !errors.As(r.Err, &said) || said.Reason != c.reason || said.URI != "agm.errors.client_error" {
			t.Fatalf("error for %v = %#v; want reason %q", c.answer, r.Err, c.reason)
		}
		wantJSON(t, "context", said.Context, c.context)
	}
}

// testSilence has the server answer too late, and asks for what nobody has.
func testSilence(t *testing.T, us *ours, server *app) {
	result, err := us.invoking("Sum", `{}`, &client.InvokeOptions{ResponseTimeout: 50 * time.Millisecond})()
	if err != nil {
		t.Fatal(err)
	}
	var silent *client.NoAnswerError
	if !errors.As(result.First().Err, &silent) {
		t.Errorf("a server that keeps silent gives %v; want a NoAnswerError", result.First().Err)
	}
	server.answer("Sum", args{"value": args{"late": true}})
	_, r := askSum(t, us, server, `{}`, args{"value": args{"late": false}})
	wantJSON(t, "the answer after a late one", r.Value, `{"late":false}`)

	_, err = us.invoking("Nobody", `{}`, &client.InvokeOptions{WaitTimeout: -1})()
	var nothing *client.NoMethodError
	if !errors.As(err, &nothing) {
		t.Errorf("a method that nobody has gives %v; want a NoMethodError", err)
	}
}

// testOurTargets offers the server's method Sum from our client too.
func testOurTargets(t *testing.T, us *ours, server *app) {
	mine, err := us.Register(us.soon(), bus.MethodDefinition{Name: "Sum", Accepts: "int a, int b", Returns: "int sum"},
		func(context.Context, client.Call) (any, error) { return map[string]string{"by": "us"}, nil })
	if err != nil {
		t.Fatal(err)
	}
	me, them := string(us.Self().PeerID), server.self.PeerID
	for _, c := range []struct {
		target bus.Target
		want   []string
	}{
		{bus.Target{}, []string{me}},
		{bus.Target{Mode: bus.All}, []string{me, them}},
		{bus.Target{Mode: bus.SkipMine}, []string{them}},
		{bus.TargetPeer(bus.PeerID(them)), []string{them}},
		{bus.Target{Mode: bus.Matching, Filters: []bus.InstanceFilter{{Application: server.self.Application}}}, []string{them}},
	} {
		outcome := us.invoking("sum", `{}`, &client.InvokeOptions{Target: c.target})
		if c.want[len(c.want)-1] == them {
			server.answer("Sum", args{"value": args{"by": "them"}})
		}
		result, err := outcome()
		if err != nil {
			t.Fatalf("target %v: %v", c.target, err)
		}
		var got []string
		for _, r := range result.Returns {
			got = append(got, string(r.Server.PeerID))
			err = errors.Join(err, r.Err)
		}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("target %v was answered by %v with error %v; want %v", c.target, got, err, c.want)
		}
	}
	if err := mine.Unregister(us.soon()); err != nil {
		t.Error(err)
	}
}

// TestOurClientServesThem has official clients discover and invoke what our
// client offers.
func TestOurClientServesThem(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		e := &echo{us: dialOurs(t, url, userOf(t)), caller: startApp(t, library, url, userOf(t), nil), calls: make(chan *asked, 1)}
		method, err := e.us.Register(e.us.soon(), bus.MethodDefinition{
			Name: "Echo", DisplayName: "Say again", Accepts: "string? text", Returns: "string text",
			ObjectTypes: []string{"Text"}, Version: 2, Flags: json.RawMessage(`{"safe":true}`),
		}, e.serve)
		if err != nil {
			t.Fatal(err)
		}
		me := string(e.us.Self().PeerID)
		e.caller.next("serverMethodAdded", ofServer(me), ofDefinition("Echo"))
		wantJSON(t, "our method as the official client lists it", e.caller.do("methods", args{"filter": args{"name": "Echo"}}), `[{
			"name":"Echo", "displayName":"Say again", "accepts":"string? text", "returns":"string text",
			"objectTypes":["Text"], "version":2, "supportsStreaming":false, "flags":{"safe":true}}]`)

		t.Run("answers", func(t *testing.T) { testOurAnswers(t, e) })
		t.Run("errors", func(t *testing.T) { testOurErrors(t, e) })

		if err := method.Unregister(e.us.soon()); err != nil {
			t.Fatal(err)
		}
		e.caller.next("serverMethodRemoved", ofServer(me), ofDefinition("Echo"))
		if err := e.us.Close(); err != nil {
			t.Fatal(err)
		}
		e.caller.next("serverRemoved", ofServer(me))
	})
}

// echo is our method Echo, whose every answer a test decides.
type echo struct {
	us     *ours
	caller *app
	calls  chan *asked
}

// asked is a call of Echo that waits for its answer.
type asked struct {
	call    client.Call
	value   any
	outcome chan error // nil returns value
}

func (e *echo) serve(ctx context.Context, call client.Call) (any, error) {
	a := &asked{call: call, outcome: make(chan error)}
	e.calls <- a
	select {
	case err := <-a.outcome:
		return a.value, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask has the official client call Echo, which gives the value or the error.
func (e *echo) ask(t *testing.T, value any, failure error) (client.Call, invocation) {
	t.Helper()
	outcome := e.caller.send("invoke", args{"method": "Echo", "args": args{"text": "x", "when": args{"$date": 5}}})
	a := await(t, e.calls, "call")
	a.value = value
	a.outcome <- failure
	raw, err := outcome()
	if err != nil {
		raw = err.Value
	}
	return a.call, e.caller.invocation(raw)
}

func testOurAnswers(t *testing.T, e *echo) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{map[string]any{"text": "hi", "n": 1.5}, `{"text":"hi","n":1.5}`},
		{json.RawMessage(`{"deep":{"er":[null,true]}}`), `{"deep":{"er":[null,true]}}`},
		{"hi", `{"_value":"hi"}`},
		{[]int{1, 2}, `{"_value":[1,2]}`},
		{nil, `{}`},
		{map[string]any{"when": client.Date{Time: time.UnixMilli(1700000000000)}}, `{"when":"2023-11-14T22:13:20.000Z"}`},
	} {
		call, got := e.ask(t, c.value, nil)
		wantJSON(t, fmt.Sprintf("returned for %v", c.value), got.Returned, c.want)
		wantJSON(t, "arguments", call.Args, `{"text":"x","when":"#T42_DATE#5"}`)
		if string(call.Caller.PeerID) != e.caller.self.PeerID {
			t.Errorf("our client sees caller %s; want %s", call.Caller.PeerID, e.caller.self.PeerID)
		}
		if me := string(e.us.Self().PeerID); got.ExecutedBy == nil || got.ExecutedBy.PeerID != me {
			t.Errorf("executed by %+v; want %s", got.ExecutedBy, me)
		}
	}
}

func testOurErrors(t *testing.T, e *echo) {
	for _, c := range []struct {
		failure        error
		message, value string
	}{
		{errors.New("not today"), "not today", `{}`},
		{&bus.Error{URI: "our.own", Reason: "worse", Context: json.RawMessage(`{"code":7}`)}, "worse", `{"code":7}`},
	} {
		_, got := e.ask(t, nil, c.failure)
		if got.Message != c.message {
			t.Errorf("error %v reads %q; want %q", c.failure, got.Message, c.message)
		}
		wantJSON(t, "context of "+c.message, got.Returned, c.value)
	}
}
