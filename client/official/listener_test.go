package official

import (
	"context"
	"sync"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
)

// ours is an application made with our own client, which remembers what it hears.
type ours struct {
	*client.Client
	t testing.TB

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when something is heard
	events  []bus.Event   // heard and not yet taken
}

// dialOurs logs our client in; the test's end closes it.
func dialOurs(t testing.TB, url, user string) *ours {
	t.Helper()
	o := &ours{t: t, changed: make(chan struct{})}
	c, err := client.Dial(o.soon(), url, &client.Options{
		Application: t.Name() + "/ours",
		User:        user,
		Password:    "secret",
		OnEvent:     o.heard,
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

func (o *ours) heard(e bus.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, e)
	close(o.changed)
	o.changed = make(chan struct{})
}

// hear waits for the first event of a type that was not taken yet and that fits,
// and takes it.
func hear[E bus.Event](o *ours, what string, fits func(E) bool) E {
	o.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for {
		found, ok, changed := take(o, fits)
		if ok {
			return found
		}
		select {
		case <-changed:
		case <-timeout.C:
			o.t.Fatalf("our client did not hear of %s within %v", what, patience)
		}
	}
}

func take[E bus.Event](o *ours, fits func(E) bool) (found E, ok bool, changed <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, e := range o.events {
		if found, ok = e.(E); ok && fits(found) {
			o.events = append(o.events[:i:i], o.events[i+1:]...)
			return found, true, nil
		}
	}
	return found, false, o.changed
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
