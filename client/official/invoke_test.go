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

		invoke := func(arguments string, outcome args, o *client.InvokeOptions) (event, bus.Return) {
			t.Helper()
			type answered struct {
				result *client.Result
				err    error
			}
			got := make(chan answered, 1)
			go func() {
				result, err := us.Invoke(us.soon(), def.Exactly(), json.RawMessage(arguments), o)
				got <- answered{result, err}
			}()
			call := server.answer("Sum", outcome)
			a := await(t, got, "outcome of the invocation")
			if a.err != nil {
				t.Fatal(a.err)
			}
			return call, a.result.First()
		}

		t.Run("answers", func(t *testing.T) {
			for _, c := range []struct{ answer, want string }{
				{`{"sum":3,"list":[1,{"x":null}]}`, `{"sum":3,"list":[1,{"x":null}]}`},
				{`"text"`, `{"_value":"text"}`},
				{`[1,2]`, `{"_value":[1,2]}`},
				{`false`, `{}`},
				{`{"$date":1700000000000}`, `"#T42_DATE#1700000000000"`},
			} {
				call, r := invoke(`{"a":1,"b":2}`, args{"value": json.RawMessage(c.answer)}, nil)
				if r.Err != nil || string(r.Server.PeerID) != server.self.PeerID {
					t.Fatalf("answer %s came from %q with error %v", c.answer, r.Server.PeerID, r.Err)
				}
				wantJSON(t, "value for "+c.answer, r.Value, c.want)
				wantJSON(t, "arguments", call.Args, `{"a":1,"b":2}`)
				if call.Caller.PeerID != string(us.Self().PeerID) || call.Caller.Application != us.Self().Application {
					t.Errorf("the server sees %+v as the caller; want %s", call.Caller, us.Self().PeerID)
				}
			}
			call, _ := invoke(`{"when":"#T42_DATE#1700000000000"}`, args{"value": 1}, nil)
			wantJSON(t, "a date", call.Args, `{"when":"2023-11-14T22:13:20.000Z"}`)
		})

		t.Run("errors", func(t *testing.T) {
			for _, c := range []struct {
				outcome         args
				reason, context string
			}{
				{args{"error": "not today"}, "not today", `{}`},
				{args{"thrown": args{"code": 5}}, `{"code":5}`, `{"code":5}`},
				{args{"thrown": "text"}, "text", `{"_value":"text"}`},
			} {
				_, r := invoke(`{}`, c.outcome, nil)
				var said *bus.Error
				if !errors.As(r.Err, &said) || said.Reason != c.reason || said.URI != "agm.errors.client_error" {
					t.Fatalf("error for %v = %#v; want reason %q", c.outcome, r.Err, c.reason)
				}
				wantJSON(t, "context", said.Context, c.context)
			}
		})

		t.Run("silence", func(t *testing.T) {
			result, err := us.Invoke(us.soon(), def.Exactly(), nil, &client.InvokeOptions{ResponseTimeout: 50 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			var silent *client.NoAnswerError
			if !errors.As(result.First().Err, &silent) {
				t.Errorf("a server that keeps silent gives %v; want a NoAnswerError", result.First().Err)
			}
			server.answer("Sum", args{"value": args{"late": true}})
			_, r := invoke(`{}`, args{"value": args{"late": false}}, nil)
			wantJSON(t, "the answer after a late one", r.Value, `{"late":false}`)

			_, err = us.Invoke(us.soon(), bus.MethodFilter{Name: "Nobody"}, nil, &client.InvokeOptions{WaitTimeout: -1})
			var nothing *client.NoMethodError
			if !errors.As(err, &nothing) {
				t.Errorf("a method that nobody has gives %v; want a NoMethodError", err)
			}
		})

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
		var got []string
		answered := make(chan error, 1)
		go func() {
			result, err := us.Invoke(us.soon(), bus.MethodFilter{Name: "sum"}, nil, &client.InvokeOptions{Target: c.target})
			if err == nil {
				for _, r := range result.Returns {
					got = append(got, string(r.Server.PeerID))
					err = errors.Join(err, r.Err)
				}
			}
			answered <- err
		}()
		if c.want[len(c.want)-1] == them {
			server.answer("Sum", args{"value": args{"by": "them"}})
		}
		if err := await(t, answered, "outcome of the invocation"); err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
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
		us := dialOurs(t, url, userOf(t))
		caller := startApp(t, library, url, userOf(t), nil)
		definition := bus.MethodDefinition{
			Name: "Echo", DisplayName: "Say again", Accepts: "string? text", Returns: "string text",
			ObjectTypes: []string{"Text"}, Version: 2, Flags: json.RawMessage(`{"safe":true}`),
		}
		type asked struct {
			call    client.Call
			outcome chan error // nil returns value
			value   any
		}
		calls := make(chan *asked, 1)
		method, err := us.Register(us.soon(), definition, func(_ context.Context, call client.Call) (any, error) {
			a := &asked{call: call, outcome: make(chan error)}
			calls <- a
			return a.value, <-a.outcome
		})
		if err != nil {
			t.Fatal(err)
		}
		me := string(us.Self().PeerID)
		caller.next("methodAdded", ofServer(me), ofDefinition("Echo"))
		var listed []struct {
			Name, DisplayName, Accepts, Returns string
			ObjectTypes                         []string
			Version                             int
			SupportsStreaming                   bool
			Flags                               json.RawMessage
		}
		caller.decode(caller.do("methods", args{"filter": args{"name": "Echo"}}), &listed)
		if len(listed) != 1 || listed[0].DisplayName != "Say again" || listed[0].Accepts != "string? text" || listed[0].Returns != "string text" ||
			listed[0].Version != 2 || fmt.Sprint(listed[0].ObjectTypes) != "[Text]" || listed[0].SupportsStreaming || string(listed[0].Flags) != `{"safe":true}` {
			t.Errorf("the official client lists our method as %+v", listed)
		}

		invoke := func(arguments any, value any, outcome error) (client.Call, invocation) {
			t.Helper()
			settled := caller.send("invoke", args{"method": "Echo", "args": arguments})
			a := await(t, calls, "call")
			a.value = value
			a.outcome <- outcome
			raw, err := settled()
			if err != nil {
				raw = err.Value
			}
			return a.call, caller.invocation(raw)
		}

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
			call, got := invoke(args{"text": "x", "when": args{"$date": 5}}, c.value, nil)
			wantJSON(t, fmt.Sprintf("returned for %v", c.value), got.Returned, c.want)
			wantJSON(t, "arguments", call.Args, `{"text":"x","when":"#T42_DATE#5"}`)
			if string(call.Caller.PeerID) != caller.self.PeerID || got.ExecutedBy == nil || got.ExecutedBy.PeerID != me {
				t.Errorf("caller %s, executed by %v; want %s and %s", call.Caller.PeerID, got.ExecutedBy, caller.self.PeerID, me)
			}
		}
		for _, c := range []struct {
			outcome        error
			message, value string
		}{
			{errors.New("not today"), "not today", `{}`},
			{&bus.Error{URI: "our.own", Reason: "worse", Context: json.RawMessage(`{"code":7}`)}, "worse", `{"code":7}`},
		} {
			_, got := invoke(nil, nil, c.outcome)
			if got.Message != c.message {
				t.Errorf("error %v reads %q; want %q", c.outcome, got.Message, c.message)
			}
			wantJSON(t, "context of "+c.message, got.Returned, c.value)
		}

		if err := method.Unregister(us.soon()); err != nil {
			t.Fatal(err)
		}
		caller.next("methodRemoved", ofServer(me), ofDefinition("Echo"))
		if err := us.Close(); err != nil {
			t.Fatal(err)
		}
		caller.next("serverRemoved", ofServer(me))
	})
}
