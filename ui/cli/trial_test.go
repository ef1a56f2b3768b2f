package cli

import (
	"log/slog"
	"net"
	"slices"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
	"ioscope/model"
	"ioscope/ui"
)

// TestOneLogin starts without an address where a gateway runs: others see it come once.
func TestOneLogin(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := gateway.New(&gateway.Options{})
	go func() { _ = g.Serve(listener) }()
	t.Cleanup(func() { _ = g.Close() })
	url := "ws://" + listener.Addr().String() + "/gw3"
	came := make(chan string, 100)
	watcher, err := client.Dial(t.Context(), url, &client.Options{Application: "watcher", User: "ada", OnEvent: func(e bus.Event) {
		if added, ok := e.(bus.ServerAdded); ok && !added.Mine {
			came <- added.Server.Application
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = watcher.Close() })

	inbox := ui.NewInbox()
	f := &flags{url: url, user: "ada", application: "ioscope"}
	s := newSession(f, inbox, slog.New(slog.DiscardHandler))
	t.Cleanup(s.Close)
	start, err := s.begin(t.Context())
	if err != nil || start.URL != url || start.Demo {
		t.Fatalf("begun with %+v, %v", start, err)
	}
	states := []bus.ConnState{}
	for late := time.After(patience); len(states) < 2; {
		inputs := make(chan []model.Input, 1)
		go func() {
			batch, _ := inbox.Next()
			inputs <- batch
		}()
		select {
		case batch := <-inputs:
			for _, in := range batch {
				if c, ok := in.(model.Heard); ok {
					if c, ok := c.Event.(bus.ConnChanged); ok {
						states = append(states, c.State)
					}
				}
			}
		case <-late:
			t.Fatalf("heard %v only", states)
		}
	}
	if states[0] != bus.Connecting || states[1] != bus.Live {
		t.Errorf("heard %v", states)
	}
	// Who comes after it is seen after it, so all has been seen of it then.
	last, err := client.Dial(t.Context(), url, &client.Options{Application: "last", User: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = last.Close() })
	var seen []string
	for late := time.After(patience); !slices.Contains(seen, "last"); {
		select {
		case name := <-came:
			seen = append(seen, name)
		case <-late:
			t.Fatalf("seen were %v", seen)
		}
	}
	if !slices.Equal(seen, []string{"ioscope", "last"}) {
		t.Errorf("there came %v", seen)
	}
}

// TestNobodyThere starts without an address where nobody listens: nothing of the trial
// is heard.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	inbox := ui.NewInbox()
	s := newSession(&flags{url: "ws://127.0.0.1:1/gw3", application: "ioscope"}, inbox, slog.New(slog.DiscardHandler))
	t.Cleanup(s.Close)
	if s.try(t.Context(), "ws://127.0.0.1:1/gw3") {
		t.Fatal("somebody is there")
	}
	s.tell(bus.ServerAdded{})
	batch, _ := inbox.Next()
	if len(batch) != 1 {
		t.Errorf("heard %v", batch)
	}
}
