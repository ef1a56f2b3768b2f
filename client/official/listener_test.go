package official

import (
	"context"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// ours is an application made with our own client, which remembers what it hears.
type ours struct {
	*client.Client
	t testing.TB

	events inbox[bus.Event] // of its connection and of discovery
}

// dialOurs logs our client in; the test's end closes it.
func dialOurs(t testing.TB, url, user string) *ours {
	t.Helper()
	o := &ours{t: t}
	c, err := client.Dial(o.soon(), url, &client.Options{
		Application: t.Name() + "/ours",
		User:        user,
		Password:    "secret",
		OnEvent:     o.events.put,
		RetryMin:    20 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.Client = c
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close our client: %v", err)
		}
	})
	return o
}

// soon is a context for what is bound to happen.
func (o *ours) soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	o.t.Cleanup(cancel)
	return ctx
}

// hear waits for the first event of a type that was not taken yet and that fits,
// and takes it.
func hear[E bus.Event](o *ours, what string, fits func(E) bool) E {
	o.t.Helper()
	return o.events.next(o.t, what, func(e bus.Event) bool {
		typed, ok := e.(E)
		return ok && fits(typed)
	}).(E)
}

// hearMethod waits until a peer has announced a method.
func (o *ours) hearMethod(peerID, name string) bus.MethodDefinition {
	o.t.Helper()
	var found bus.MethodDefinition
	hear(o, "method "+name, func(e bus.MethodsAdded) bool {
		for _, m := range e.Methods {
			if string(e.Peer) == peerID && m.Name == name {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

func (o *ours) hearMethodGone(peerID, name string) {
	o.t.Helper()
	hear(o, "the removal of "+name, func(e bus.MethodsRemoved) bool {
		for _, m := range e.Methods {
			if string(e.Peer) == peerID && m.Name == name {
				return true
			}
		}
		return false
	})
}

func (o *ours) hearServer(application string) bus.Instance {
	o.t.Helper()
	return hear(o, "server "+application, func(e bus.ServerAdded) bool {
		return e.Server.Application == application
	}).Server
}

func (o *ours) hearServerGone(peerID string) bus.ServerRemoved {
	o.t.Helper()
	return hear(o, "the end of server "+peerID, func(e bus.ServerRemoved) bool {
		return string(e.Server.PeerID) == peerID
	})
}
