package official

import (
	"encoding/json"
	"errors"
	"fmt"
	stdio "io"
	"testing"

	"ioscope/client"
	"ioscope/client/bus"
)

// following is one of our own client's subscriptions in a test.
type following struct {
	*client.Subscription
	us *ours
}

// next takes the subscription's next event, which must be an E.
func next[E bus.Event](f following) E {
	f.us.t.Helper()
	e, err := f.Next(f.us.soon())
	if err != nil {
		f.us.t.Fatal(err)
	}
	typed, ok := e.(E)
	if !ok {
		f.us.t.Fatalf("the subscription's next event is %T %+v; want %T", e, e, typed)
	}
	return typed
}

func (f following) wantData(publisher string, private bool, want string) {
	f.us.t.Helper()
	e := next[bus.StreamData](f)
	wantJSON(f.us.t, "data", e.Data, want)
	if e.Private != private || string(e.Server) != publisher {
		f.us.t.Errorf("data %s is private %v of %s; want %v of %s", want, e.Private, e.Server, private, publisher)
	}
}

func (f following) wantEnd() bus.StreamClosed {
	f.us.t.Helper()
	closed := next[bus.StreamClosed](f)
	if _, err := f.Next(f.us.soon()); !errors.Is(err, stdio.EOF) {
		f.us.t.Errorf("after the end comes %v; want io.EOF", err)
	}
	return closed
}

// subscribing starts a subscription of our client; the function waits for it.
func (o *ours) subscribing(stream string, arguments string) func() (following, error) {
	type outcome struct {
		sub *client.Subscription
		err error
	}
	got := make(chan outcome, 1)
	go func() {
		sub, err := o.Subscribe(o.soon(), bus.MethodFilter{Name: stream}, &client.SubscribeOptions{Args: json.RawMessage(arguments)})
		got <- outcome{sub, err}
	}()
	return func() (following, error) {
		o.t.Helper()
		x := await(o.t, got, "outcome of the subscription")
		return following{x.sub, o}, x.err
	}
}

// TestOurClientFollowsThem has our client subscribe to streams of official
// clients.
func TestOurClientFollowsThem(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		us := dialOurs(t, url, userOf(t))
		publisher := startApp(t, library, url, userOf(t), nil)
		publisher.do("createStream", args{"definition": args{"name": "Prices", "accepts": "string symbol"}, "asks": true})
		if def := us.hearMethod(publisher.self.PeerID, "Prices"); !def.Streaming || def.Accepts != "string symbol" {
			t.Errorf("our client sees the stream as %+v", def)
		}

		subscribe := func(symbol string, verdict args) (following, int) {
			t.Helper()
			settled := us.subscribing("Prices", `{"symbol":"`+symbol+`"}`)
			request := publisher.next("request")
			wantJSON(t, "subscription arguments", request.Args, `{"symbol":"`+symbol+`"}`)
			if request.Instance.PeerID != string(us.Self().PeerID) {
				t.Errorf("the publisher sees subscriber %s; want %s", request.Instance.PeerID, us.Self().PeerID)
			}
			verdict["request"] = request.Request
			publisher.do("accept", verdict)
			number := publisher.next("subscribed").Subscriber
			f, err := settled()
			if err != nil {
				t.Fatal(err)
			}
			if accepted := next[bus.StreamAccepted](f); string(accepted.Server.PeerID) != publisher.self.PeerID || accepted.Restored {
				t.Errorf("accepted by %s, restored %v; want %s", accepted.Server.PeerID, accepted.Restored, publisher.self.PeerID)
			}
			return f, number
		}
		vod, _ := subscribe("VOD", args{"branch": "VOD"})
		bt, btNumber := subscribe("BT", args{"branch": "BT"})
		plain, plainNumber := subscribe("*", args{})

		refused := us.subscribing("Prices", `{"symbol":"NO"}`)
		publisher.do("reject", args{"request": publisher.next("request").Request, "reason": "no such symbol"})
		var rejected *client.RejectedError
		if _, err := refused(); !errors.As(err, &rejected) || rejected.Reason != "no such symbol" || string(rejected.Server.PeerID) != publisher.self.PeerID {
			t.Errorf("rejected subscription gives %v; want the publisher's reason", err)
		}

		publisher.do("pushBranch", args{"stream": "Prices", "branch": "VOD", "data": args{"n": 1}})
		publisher.do("push", args{"stream": "Prices", "branches": "BT", "data": args{"n": 2}})
		publisher.do("pushOne", args{"subscriber": btNumber, "data": args{"n": 3}})
		publisher.do("push", args{"stream": "Prices", "data": args{"n": 4}})
		them := publisher.self.PeerID
		vod.wantData(them, false, `{"n":1}`)
		vod.wantData(them, false, `{"n":4}`)
		bt.wantData(them, false, `{"n":2}`)
		bt.wantData(them, true, `{"n":3}`)
		bt.wantData(them, false, `{"n":4}`)
		plain.wantData(them, false, `{"n":4}`)

		if err := vod.Close(); err != nil {
			t.Fatal(err)
		}
		if gone := publisher.next("unsubscribed"); gone.Branch != "VOD" {
			t.Errorf("a subscriber of branch %q went; want VOD", gone.Branch)
		}
		if closed := vod.wantEnd(); !closed.Mine {
			t.Errorf("our own close reads %+v", closed)
		}
		publisher.do("closeSubscriber", args{"subscriber": plainNumber})
		if closed := plain.wantEnd(); closed.Mine || closed.Reason == "" {
			t.Errorf("a close by the publisher reads %+v", closed)
		}
		again, _ := subscribe("again", args{"branch": "BT"})
		publisher.do("closeBranch", args{"stream": "Prices", "branch": "BT"})
		bt.wantEnd()
		again.wantEnd()
		last, _ := subscribe("last", args{})
		publisher.do("closeStream", args{"stream": "Prices"})
		last.wantEnd()
		us.hearMethodGone(publisher.self.PeerID, "Prices")

		publisher.do("createStream", args{"name": "Other"})
		us.hearMethod(publisher.self.PeerID, "Other")
		other, err := us.subscribing("Other", `{}`)()
		if err != nil {
			t.Fatal(err)
		}
		next[bus.StreamAccepted](other)
		publisher.do("done", nil)
		if closed := other.wantEnd(); closed.URI != "agm.peer-removed" || string(closed.Server.PeerID) != them {
			t.Errorf("the end of a publisher that left reads %+v", closed)
		}
	})
}

// TestOurClientPublishes has official clients subscribe to a stream of our
// client.
func TestOurClientPublishes(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		us := dialOurs(t, url, userOf(t))
		subscriber := startApp(t, library, url, userOf(t), nil)
		requests := make(chan *client.Request, 16)
		added, removed := make(chan *client.Subscriber, 16), make(chan *client.Subscriber, 16)
		stream, err := us.CreateStream(us.soon(), bus.MethodDefinition{Name: "Prices", Accepts: "string symbol"}, &client.StreamOptions{
			OnRequest:      func(r *client.Request) { requests <- r },
			OnSubscribed:   func(s *client.Subscriber) { added <- s },
			OnUnsubscribed: func(s *client.Subscriber) { removed <- s },
		})
		if err != nil {
			t.Fatal(err)
		}
		me := string(us.Self().PeerID)
		subscriber.next("serverMethodAdded", ofServer(me), ofDefinition("Prices"))

		subscribe := func(symbol string, settle func(*client.Request)) (int, *client.Subscriber) {
			t.Helper()
			accepted := subscriber.subscribe("Prices", args{"args": args{"symbol": symbol}})
			r := await(t, requests, "subscription request")
			wantJSON(t, "subscription arguments", r.Args, `{"symbol":"`+symbol+`"}`)
			if string(r.Subscriber.PeerID) != subscriber.self.PeerID {
				t.Errorf("our client sees subscriber %s; want %s", r.Subscriber.PeerID, subscriber.self.PeerID)
			}
			settle(r)
			return accepted(), await(t, added, "subscriber")
		}
		onBranch := func(key string) func(*client.Request) {
			return func(r *client.Request) { r.AcceptOnBranch(key) }
		}
		vod, _ := subscribe("VOD", onBranch("VOD"))
		bt, btSubscriber := subscribe("BT", onBranch("BT"))
		plain, plainSubscriber := subscribe("*", (*client.Request).Accept)

		refused := subscriber.send("subscribe", args{"method": "Prices", "args": args{"symbol": "NO"}})
		await(t, requests, "subscription request").Reject("no such symbol")
		const says = `Subscription rejected. Publisher said "Subscription rejected by user. no such symbol". Called with:{"symbol":"NO"}`
		if _, err := refused(); err == nil || err.Message != says {
			t.Errorf("rejected subscription says %v; want %s", err, says)
		}

		for _, push := range []func() error{
			func() error { return stream.Branch("VOD").Push(map[string]int{"n": 1}) },
			func() error { return stream.Push(map[string]int{"n": 2}, "BT", "unknown") },
			func() error { return btSubscriber.Push(map[string]int{"n": 3}) },
			func() error { return stream.Push(map[string]int{"n": 4}) },
		} {
			if err := push(); err != nil {
				t.Fatal(err)
			}
		}
		subscriber.wantData(vod, false, `{"n":1}`)
		subscriber.wantData(vod, false, `{"n":4}`)
		subscriber.wantData(bt, false, `{"n":2}`)
		subscriber.wantData(bt, true, `{"n":3}`)
		subscriber.wantData(bt, false, `{"n":4}`)
		subscriber.wantData(plain, false, `{"n":4}`)

		subscriber.do("unsubscribe", args{"subscription": vod})
		if gone := await(t, removed, "removal of a subscriber"); string(gone.Instance().PeerID) != subscriber.self.PeerID {
			t.Errorf("%s was removed; want %s", gone.Instance().PeerID, subscriber.self.PeerID)
		}
		plainSubscriber.Close()
		subscriber.next("closed", onSubscription(plain))
		stream.Branch("BT").Close()
		if closed := subscriber.next("closed", onSubscription(bt)); closed.Server == nil || closed.Server.PeerID != me {
			t.Errorf("the end of a branch reads %+v", closed)
		}
		last, _ := subscribe("last", onBranch("VOD"))
		if err := stream.Close(us.soon()); err != nil {
			t.Fatal(err)
		}
		if closed := subscriber.next("closed", onSubscription(last)); closed.Message != "ServerInitiated" {
			t.Errorf("the end of our stream reads %+v", closed)
		}
		subscriber.next("serverMethodRemoved", ofServer(me), ofDefinition("Prices"))

		if _, err := us.CreateStream(us.soon(), bus.MethodDefinition{Name: "Other"}, nil); err != nil {
			t.Fatal(err)
		}
		subscriber.next("serverMethodAdded", ofServer(me), ofDefinition("Other"))
		other := subscriber.subscribe("Other", nil)()
		if err := us.Close(); err != nil {
			t.Fatal(err)
		}
		subscriber.next("closed", onSubscription(other))
		subscriber.next("serverRemoved", ofServer(me))
	})
}

// TestNumbersAndSnapshotMarks has our client number and mark what it pushes: each
// gateway gives both on to the digit that it can, and official subscribers, who do
// not look at them, hear the data all the same.
func TestNumbersAndSnapshotMarks(t *testing.T) {
	t.Parallel()
	onEachGateway(t, func(t *testing.T, url, library string) {
		us, other := dialOurs(t, url, userOf(t)), dialOurs(t, url, userOf(t))
		them := startApp(t, library, url, userOf(t), nil)
		subscribers := make(chan *client.Subscriber, 2)
		stream, err := us.CreateStream(us.soon(), bus.MethodDefinition{Name: "Prices"}, &client.StreamOptions{
			OnSubscribed: func(s *client.Subscriber) { subscribers <- s },
		})
		if err != nil {
			t.Fatal(err)
		}
		other.hearMethod(string(us.Self().PeerID), "Prices")
		them.next("serverMethodAdded", ofDefinition("Prices"))
		f, err := other.subscribing("Prices", `{}`)()
		if err != nil {
			t.Fatal(err)
		}
		next[bus.StreamAccepted](f)
		ours := await(t, subscribers, "our subscriber")
		theirs := them.subscribe("Prices", nil)()

		pushes := []struct {
			options *client.PushOptions
			private bool
		}{
			{nil, false},
			{&client.PushOptions{Sequence: "0"}, false},
			{&client.PushOptions{Sequence: "7", Snapshot: true}, false},
			{&client.PushOptions{Sequence: "9007199254740991"}, false},
			{&client.PushOptions{Sequence: "-3"}, false},
			{&client.PushOptions{Sequence: "1.5", Snapshot: true}, true},
			{&client.PushOptions{Snapshot: true}, true},
		}
		for i, p := range pushes {
			data := map[string]int{"n": i}
			if p.private {
				err = ours.PushWith(data, p.options)
			} else {
				err = stream.PushWith(data, p.options)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range pushes {
			want := client.PushOptions{}
			if p.options != nil {
				want = *p.options
			}
			data := fmt.Sprintf(`{"n":%d}`, i)
			e := next[bus.StreamData](f)
			wantJSON(t, "data", e.Data, data)
			if e.Sequence != want.Sequence || e.Snapshot != want.Snapshot || e.Private != p.private {
				t.Errorf("event %d has sequence %q, snapshot %t, private %t; want %+v, private %t", i, e.Sequence, e.Snapshot, e.Private, want, p.private)
			}
			if !p.private {
				them.wantData(theirs, false, data)
			}
		}
	})
}
