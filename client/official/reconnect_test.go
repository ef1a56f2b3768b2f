package official

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/cable"
)

// layCable puts a cable before a gateway, and gives the URL that leads through it.
func layCable(t testing.TB, gateway string) (way *cable.Cable, through string) {
	t.Helper()
	address, err := url.Parse(gateway)
	if err != nil {
		t.Fatal(err)
	}
	way = cable.Lay(t, address.Host)
	address.Host = way.Address
	return way, address.String()
}

// answering registers a method of our client that says hello.
func (o *ours) answering(name string) {
	o.t.Helper()
	_, err := o.Register(o.soon(), bus.MethodDefinition{Name: name}, func(context.Context, client.Call) (any, error) {
		return map[string]string{"hello": name}, nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// publishing creates a stream of our client that accepts everybody.
func (o *ours) publishing(name string) *client.Stream {
	o.t.Helper()
	stream, err := o.CreateStream(o.soon(), bus.MethodDefinition{Name: name}, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return stream
}

// following subscribes to a stream that accepts everybody.
func (o *ours) following(name string) following {
	o.t.Helper()
	f, err := o.subscribing(name, `{}`)()
	if err != nil {
		o.t.Fatal(err)
	}
	next[bus.StreamAccepted](f)
	return f
}

// asking starts an invocation of one server; the function waits for how it ends.
func (o *ours) asking(method, arguments string) func() error {
	outcome := o.invoking(method, arguments, nil)
	return func() error {
		o.t.Helper()
		result, err := outcome()
		if err != nil {
			return err
		}
		return result.First().Err
	}
}

// TestOurConnectionCut breaks our client's connection with all kinds of work
// under way, and wants everything back.
func TestOurConnectionCut(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		way, through := layCable(t, url)
		us := dialOurs(t, through, userOf(t))
		them := startApp(t, library, url, userOf(t), nil)
		me := string(us.Self().PeerID)
		us.answering("Hello")
		ourStream := us.publishing("Ours")
		them.do("createStream", args{"name": "Theirs"})
		them.do("register", args{"name": "Slow"})
		us.hearMethod(them.self.PeerID, "Theirs")
		us.hearMethod(them.self.PeerID, "Slow")
		them.next("serverMethodAdded", ofServer(me), ofDefinition("Ours"))
		followed := us.following("Theirs")
		following := them.subscribe("Ours", nil)()
		asked := us.asking("Slow", `{}`)
		them.next("call")

		way.Cut()
		hear(us, "the loss", func(e bus.ConnChanged) bool { return e.State == bus.Lost })
		var lost *client.LostError
		if err := asked(); !errors.As(err, &lost) {
			t.Errorf("the invocation under way gives %v; want a LostError", err)
		}
		if gone := us.hearServerGone(them.self.PeerID); !gone.Reset {
			t.Error("the server's end is not marked as a reset")
		}
		back := hear(us, "the return", func(e bus.ConnChanged) bool { return e.State == bus.Live && e.Registrations > 0 })
		if back.Registrations != 2 || back.Subscriptions != 1 {
			t.Errorf("restored %d registrations and %d subscriptions; want 2 and 1", back.Registrations, back.Subscriptions)
		}
		meNow := string(us.Self().PeerID)
		if meNow == me {
			t.Error("the peer id is the one from before the loss")
		}

		them.next("closed", onSubscription(following))
		them.next("serverRemoved", ofServer(me))
		them.next("serverMethodAdded", ofServer(meNow), ofDefinition("Hello"))
		them.next("serverMethodAdded", ofServer(meNow), ofDefinition("Ours"))
		got := them.invocation(them.do("invoke", args{"method": "Hello"}))
		wantJSON(t, "returned after the loss", got.Returned, `{"hello":"Hello"}`)

		next[bus.StreamLost](followed)
		if again := next[bus.StreamAccepted](followed); !again.Restored {
			t.Error("the subscription is not marked as restored")
		}
		them.do("push", args{"stream": "Theirs", "data": args{"n": 1}})
		followed.wantData(them.self.PeerID, false, `{"n":1}`)
		anew := them.subscribe("Ours", nil)()
		if err := ourStream.Push(map[string]int{"n": 2}); err != nil {
			t.Fatal(err)
		}
		them.wantData(anew, false, `{"n":2}`)
	})
}

// TestTheirConnectionCut breaks an official client's connection; it comes back by
// itself, and our client sees it go and return.
func TestTheirConnectionCut(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		way, through := layCable(t, url)
		us := dialOurs(t, url, userOf(t))
		them := startApp(t, library, through, userOf(t), nil)
		us.answering("Hello")
		ourStream := us.publishing("Ours")
		them.do("createStream", args{"name": "Theirs"})
		them.do("register", args{"name": "Slow"})
		us.hearServer(them.self.Application)
		us.hearMethod(them.self.PeerID, "Theirs")
		us.hearMethod(them.self.PeerID, "Slow")
		them.next("serverMethodAdded", ofServer(string(us.Self().PeerID)), ofDefinition("Ours"))
		followed := us.following("Theirs")
		following := them.subscribe("Ours", nil)()
		them.next("accepted", onSubscription(following))
		asked := us.asking("Slow", `{}`)
		them.next("call")

		way.Cut()
		var said *bus.Error
		if err := asked(); !errors.As(err, &said) || said.Reason != "Peer has left while waiting for result" {
			t.Errorf("the call of a server that was cut off gives %v", err)
		}
		if closed := followed.wantEnd(); closed.URI != "agm.peer-removed" || closed.Mine {
			t.Errorf("the stream of a publisher that was cut off ends with %+v", closed)
		}
		if gone := us.hearServerGone(them.self.PeerID); gone.Reset {
			t.Error("their end is marked as a reset of our connection")
		}
		now := string(us.hearServer(them.self.Application).PeerID)
		us.hearMethod(now, "Theirs")
		us.hearMethod(now, "Slow")

		if again := them.next("accepted", onSubscription(following)); !again.Again {
			t.Error("the official client does not take its subscription for a restored one")
		}
		if err := ourStream.Push(map[string]int{"n": 1}); err != nil {
			t.Fatal(err)
		}
		them.wantData(following, false, `{"n":1}`)
		again := us.following("Theirs")
		them.do("push", args{"stream": "Theirs", "data": args{"n": 2}})
		again.wantData(now, false, `{"n":2}`)
		wantJSON(t, "what we return to it", them.invocation(them.do("invoke", args{"method": "Hello"})).Returned, `{"hello":"Hello"}`)
		asked = us.asking("Slow", `{"again":true}`)
		call := them.answer("Slow", args{"value": args{}})
		wantJSON(t, "arguments after the loss", call.Args, `{"again":true}`)
		if err := asked(); err != nil {
			t.Errorf("their method after the loss: %v", err)
		}
	})
}
