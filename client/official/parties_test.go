package official

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// other is the library that the partner of an application is made with, so that
// the two libraries meet as well.
func other(library string) string {
	if library == glueCore {
		return ioCore
	}
	return glueCore
}

// startPair starts a server made with library and a caller made with the other.
func startPair(t testing.TB, url, library string) (server, caller *app) {
	t.Helper()
	server = startApp(t, library, url, userOf(t), nil)
	caller = startApp(t, other(library), url, userOf(t), nil)
	return server, caller
}

// TestOfficialClientsInvoke has the official clients call each other with every
// kind of target, answer and error.
func TestOfficialClientsInvoke(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		server, caller := startPair(t, url, library)
		server.do("register", args{"definition": args{
			"name": "Who", "displayName": "Who is it", "accepts": "string? like", "returns": "string who",
			"objectTypes": []string{"Person"}, "version": 7, "flags": args{"safe": true},
		}})
		seen := caller.next("serverMethodAdded", ofServer(server.self.PeerID), ofDefinition("Who"))
		if seen.Server.Application != server.self.Application {
			t.Errorf("caller sees the server as %q; want %q", seen.Server.Application, server.self.Application)
		}
		t.Run("answers", func(t *testing.T) { testTheirAnswers(t, server, caller) })
		t.Run("errors", func(t *testing.T) { testTheirErrors(t, server, caller) })
		t.Run("targets", func(t *testing.T) { testTheirTargets(t, server, caller) })
		t.Run("leaving", func(t *testing.T) { testTheirLeaving(t, server, caller) })
	})
}

// askWho has the caller invoke the server's method Who, which gives the answer.
func askWho(t *testing.T, server, caller *app, answer args) invocation {
	t.Helper()
	outcome := caller.send("invoke", args{"method": "Who", "args": args{"like": "x"}})
	call := server.answer("Who", answer)
	if call.Caller.PeerID != caller.self.PeerID {
		t.Errorf("the server sees caller %q; want %q", call.Caller.PeerID, caller.self.PeerID)
	}
	wantJSON(t, "arguments", call.Args, `{"like":"x"}`)
	value, err := outcome()
	if err != nil {
		value = err.Value
	}
	return caller.invocation(value)
}

func testTheirAnswers(t *testing.T, server, caller *app) {
	for _, c := range []struct{ answer, want string }{
		{`{"who":"me","since":[1,2.5,null]}`, `{"who":"me","since":[1,2.5,null]}`},
		{`[1,2]`, `{"_value":[1,2]}`},
		{`"me"`, `{"_value":"me"}`},
		{`0`, `{}`},
		{`null`, `{}`},
		{`{"$date":1700000000000}`, `"2023-11-14T22:13:20.000Z"`},
	} {
		got := askWho(t, server, caller, args{"value": json.RawMessage(c.answer)})
		wantJSON(t, "returned for "+c.answer, got.Returned, c.want)
	}
}

func testTheirErrors(t *testing.T, server, caller *app) {
	for _, c := range []struct {
		answer args
		want   string
	}{
		{args{"error": "not today"}, "not today"},
		{args{"thrown": "a string"}, "a string"},
		{args{"thrown": args{"code": 5}}, `{"code":5}`},
	} {
		if got := askWho(t, server, caller, c.answer); got.Message != c.want {
			t.Errorf("message for %v = %q; want %q", c.answer, got.Message, c.want)
		}
	}
	err := caller.refused("invoke", args{"method": "Nobody", "options": args{"waitTimeoutMs": 0}})
	if !strings.Contains(err.Message, "Can not find a method matching") {
		t.Errorf("invoke without a server says %q", err.Message)
	}
}

// testTheirTargets offers Who from the caller too.
func testTheirTargets(t *testing.T, server, caller *app) {
	caller.do("register", args{"name": "Who"})
	me, them := caller.self.PeerID, server.self.PeerID
	apps := map[string]*app{me: caller, them: server}
	for _, c := range []struct {
		target any
		want   []string
	}{
		{"best", []string{me}}, // an application prefers its own
		{"all", []string{me, them}},
		{"skipMine", []string{them}},
		{args{"application": server.self.Application}, []string{them}},
		{args{"instance": "nobody", "application": server.self.Application}, nil},
	} {
		outcome := caller.send("invoke", args{"method": "Who", "target": c.target, "options": args{"waitTimeoutMs": 0}})
		for _, id := range c.want {
			apps[id].answer("Who", args{"value": args{}})
		}
		value, err := outcome()
		switch {
		case err != nil && c.want == nil:
		case err != nil:
			t.Errorf("invoke %v: %v", c.target, err)
		default:
			if got := caller.invocation(value).executors(); got != fmt.Sprint(c.want) {
				t.Errorf("invoke %v was executed by %s; want %s", c.target, got, c.want)
			}
		}
	}
}

// testTheirLeaving has the server go with a call under way.
func testTheirLeaving(t *testing.T, server, caller *app) {
	outcome := caller.send("invoke", args{"method": "Who", "target": "skipMine"})
	server.next("call")
	server.do("unregister", args{"name": "Who"})
	caller.next("serverMethodRemoved", ofServer(server.self.PeerID), ofDefinition("Who"))
	server.do("done", nil)
	caller.next("serverRemoved", ofServer(server.self.PeerID))
	if value, err := outcome(); err == nil {
		t.Errorf("the call of a server that left succeeded with %s", value)
	}
}

// TestOfficialClientsStream has the official clients publish and subscribe, with
// branches, refusals, unicasts, and every way in which a subscription ends.
func TestOfficialClientsStream(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		publisher, subscriber := startPair(t, url, library)
		publisher.do("createStream", args{"definition": args{"name": "Prices", "accepts": "string symbol"}, "asks": true})
		subscriber.next("serverMethodAdded", ofDefinition("Prices"))

		// The publisher settles the request, and knows the subscriber by a number.
		subscribe := func(symbol string, verdict args) (subscription, number int) {
			t.Helper()
			accepted := subscriber.subscribe("Prices", args{"args": args{"symbol": symbol}})
			request := publisher.next("request")
			wantJSON(t, "subscription arguments", request.Args, `{"symbol":"`+symbol+`"}`)
			verdict["request"] = request.Request
			publisher.do("accept", verdict)
			added := publisher.next("subscribed")
			if branch, _ := verdict["branch"].(string); added.Branch != branch {
				t.Errorf("subscribed on branch %q; want %q", added.Branch, branch)
			}
			return accepted(), added.Subscriber
		}
		vod, _ := subscribe("VOD", args{"branch": "VOD"})
		bt, btNumber := subscribe("BT", args{"branch": "BT"})
		plain, plainNumber := subscribe("*", args{})

		refused := subscriber.send("subscribe", args{"method": "Prices", "args": args{"symbol": "NO"}})
		publisher.do("reject", args{"request": publisher.next("request").Request, "reason": "no such symbol"})
		if _, err := refused(); err == nil || !strings.Contains(err.Message, "no such symbol") {
			t.Errorf("rejected subscription says %v; want the publisher's reason", err)
		}

		publisher.do("pushBranch", args{"stream": "Prices", "branch": "VOD", "data": args{"n": 1}})
		publisher.do("push", args{"stream": "Prices", "branches": []string{"BT", "unknown"}, "data": args{"n": 2}})
		publisher.do("pushOne", args{"subscriber": btNumber, "data": args{"n": 3}})
		publisher.do("push", args{"stream": "Prices", "data": args{"n": 4}})
		for _, want := range []struct {
			subscription int
			private      bool
			data         string
		}{
			{vod, false, `{"n":1}`},
			{vod, false, `{"n":4}`},
			{bt, false, `{"n":2}`},
			{bt, true, `{"n":3}`},
			{bt, false, `{"n":4}`},
			{plain, false, `{"n":4}`},
		} {
			subscriber.wantData(want.subscription, want.private, want.data)
		}

		subscriber.do("unsubscribe", args{"subscription": vod})
		if gone := publisher.next("unsubscribed"); gone.Branch != "VOD" {
			t.Errorf("a subscriber of branch %q was removed; want VOD", gone.Branch)
		}
		if closed := subscriber.next("closed", onSubscription(vod)); closed.Message != "ClientInitiated" {
			t.Errorf("own close says %q", closed.Message)
		}
		publisher.do("closeSubscriber", args{"subscriber": plainNumber})
		subscriber.next("closed", onSubscription(plain))
		publisher.do("closeBranch", args{"stream": "Prices", "branch": "BT"})
		subscriber.next("closed", onSubscription(bt))

		last, _ := subscribe("again", args{"branch": "VOD"})
		publisher.do("closeStream", args{"stream": "Prices"})
		if closed := subscriber.next("closed", onSubscription(last)); closed.Message != "ServerInitiated" {
			t.Errorf("close by the publisher says %q", closed.Message)
		}
		subscriber.next("serverMethodRemoved", ofDefinition("Prices"))
	})
}

// TestOfficialClientsByDefault starts the clients with nothing but an address
// and a log-in: contexts and metrics are on then, and both must work.
func TestOfficialClientsByDefault(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		server := startApp(t, library, url, userOf(t), args{})
		caller := startApp(t, other(library), url, userOf(t), args{})
		server.do("register", args{"name": "Hello"})
		caller.next("serverMethodAdded", ofDefinition("Hello"))
		outcome := caller.send("invoke", args{"method": "Hello", "args": args{"n": 1}})
		call := server.answer("Hello", args{"value": args{"hello": true}})
		wantJSON(t, "arguments", call.Args, `{"n":1}`)
		value, err := outcome()
		if err != nil {
			t.Fatal(err)
		}
		wantJSON(t, "returned", caller.invocation(value).Returned, `{"hello":true}`)

		server.do("setContext", args{"name": "ours", "data": args{"a": 1}})
		for _, reader := range []*app{server, caller} {
			wantJSON(t, "the context as "+reader.library+" reads it", reader.do("getContext", args{"name": "ours"}), `{"a":1}`)
		}
		server.do("done", nil)
		caller.next("serverRemoved", ofServer(server.self.PeerID))
	})
}
