package demo

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/gateway"
)

func TestEverythingRegisters(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"CalcPrecise":  {"Addition", "Division", "Multiply"},
		"CalcClassic":  {"Addition", "Division", "Multiply"},
		"Grumpy":       {"Addition", "Division", "Sulk"},
		"ClientDesk":   {"~ClientDesk.Changes", "Clients.Create", "Clients.Find", "Clients.Get", "Clients.Update", "Clients.Remove"},
		"OrderBlotter": {"~Orders.Blotter", "Orders.Place", "Orders.Cancel"},
		"PriceFeed":    {"Prices.Get", "~MarketData.Prices", "~MarketData.News"},
		"PriceArchive": {"Prices.Get"},
		"SlowReports":  {"Reports.Build", "Reports.List"},
		"Flood":        {"~LoadTest.Ticks"},
		"Commuter":     {"Commuter.Ping", "~Commuter.Heartbeat"},
	}
	onBed(t, Options{Machine: "ws-17"}, func(b *bed) {
		var names []string
		for _, s := range b.me.Servers() {
			if s.ApplicationName != "Visitor" {
				names = append(names, s.ApplicationName)
				if s.Machine != "ws-17" || s.User != "demo" {
					t.Errorf("%s is on %s as %s", s.ApplicationName, s.Machine, s.User)
				}
			}
		}
		if !slices.Equal(names, Names()) {
			t.Errorf("servers are %q, want %q", names, Names())
		}
		got, odd := map[string][]string{}, 0
		for _, c := range everything(b.me) {
			if c.Server.ApplicationName == "Oddities" {
				odd++
				continue
			}
			checkDefinition(t, c.Method)
			name := c.Method.Name
			if c.Method.Streaming {
				name = "~" + name
			}
			got[c.Server.ApplicationName] = append(got[c.Server.ApplicationName], name)
		}
		for app, methods := range want {
			if !slices.Equal(got[app], methods) {
				t.Errorf("%s offers %q, want %q", app, got[app], methods)
			}
		}
		if odd != 15 {
			t.Errorf("Oddities offers %d things, want 15", odd)
		}
	})
}

// everything lists methods and streams; the filter of no name fits all.
func everything(c *client.Client) []bus.Candidate {
	var all []bus.Candidate
	for _, server := range c.Servers() {
		for _, one := range c.Methods(bus.MethodFilter{}) {
			if one.Server.PeerID == server.PeerID {
				all = append(all, one)
			}
		}
	}
	return all
}

func checkDefinition(t *testing.T, m bus.MethodDefinition) {
	t.Helper()
	for _, text := range []string{m.Accepts, m.Returns} {
		if _, err := bus.ParseSignature(text); err != nil {
			t.Errorf("%s: %q: %v", m.Name, text, err)
		}
	}
	if m.DisplayName == "" || m.Description == "" || m.Version == 0 {
		t.Errorf("%s is described poorly: %+v", m.Name, m)
	}
}

func TestSameNameOtherSignature(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		keys := func(name string) []bus.MethodKey {
			var out []bus.MethodKey
			for _, c := range b.me.Methods(bus.MethodFilter{Name: name}) {
				if !slices.Contains(out, c.Method.Key()) {
					out = append(out, c.Method.Key())
				}
			}
			return out
		}
		if n := len(keys("Addition")); n != 1 {
			t.Errorf("Addition has %d signatures", n)
		}
		if n := len(keys("Prices.Get")); n != 2 {
			t.Errorf("Prices.Get has %d signatures", n)
		}
	})
}

// Everything that is said, and not only how much of it, depends on the seed alone.
func TestSeed(t *testing.T) {
	t.Parallel()
	listen := func(seed int64) string {
		o := fixed()
		o.Seed = seed
		var told []string
		onBed(t, o, func(b *bed) {
			told = append(told, b.mustAsk("ClientDesk", "Clients.Find", `{"query":"","limit":200}`))
			for _, stream := range []struct {
				name, args string
				d          time.Duration
			}{
				{"MarketData.Prices", `{"symbol":"*"}`, 2 * time.Second},
				{"MarketData.Prices", `{"symbol":"VOD"}`, time.Second},
				{"MarketData.News", `{}`, 30 * time.Second},
				{"Orders.Blotter", `{"desk":"cash"}`, 5 * time.Second},
				{"ClientDesk.Changes", `{}`, 30 * time.Second},
				{"LoadTest.Ticks", `{"rate":100}`, time.Second},
			} {
				l := b.follow(stream.name, stream.args, stream.d)
				for _, e := range slices.Concat(l.data(true), l.data(false)) {
					told = append(told, string(e.Data))
				}
			}
		})
		return strings.Join(told, "\n")
	}
	first, again, other := listen(1), listen(1), listen(2)
	if first != again {
		t.Error("the same seed tells another story")
	}
	if first == other {
		t.Error("another seed tells the same story")
	}
}

func TestHugePayloadIsSeeded(t *testing.T) {
	t.Parallel()
	build := func(seed int64) string {
		return string(hugePayload(newStage("", &Options{Seed: seed}).random("huge")))
	}
	if first := build(1); first != build(1) || first == build(2) {
		t.Error("the huge payload does not depend on the seed alone")
	}
}

func TestCommuterComesAndGoes(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		l, _, err := b.subscribe("Commuter.Heartbeat", `{}`)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		peers, methods, left := map[bus.PeerID]bool{}, 0, 0
		for _, e := range b.heard() {
			switch e := e.(type) {
			case bus.ServerAdded:
				if e.Server.ApplicationName == "Commuter" {
					peers[e.Server.PeerID] = true
				}
			case bus.MethodsAdded:
				if peers[e.Peer] {
					methods += len(e.Methods)
				}
			case bus.ServerRemoved:
				if peers[e.Server.PeerID] {
					left++
				}
			}
		}
		if len(peers) < 4 || left < 4 || methods != 2*len(peers) {
			t.Errorf("in a minute %d came with %d methods and %d left", len(peers), methods, left)
		}
		if _, ended := l.closing(); !ended || len(l.data(false)) < 5 {
			t.Errorf("the heart beat %d times, and the end of it: %v", len(l.data(false)), ended)
		}
	})
}

// What is under way when the apps are closed ends at once, with all goroutines.
func TestCloseInTheMiddle(t *testing.T) {
	t.Parallel()
	onBed(t, Options{}, func(b *bed) {
		for _, stream := range []struct{ name, args string }{
			{"MarketData.Prices", `{"symbol":"*"}`}, {"LoadTest.Ticks", `{"rate":2000}`}, {"Orders.Blotter", `{"desk":"cash"}`},
		} {
			if _, _, err := b.subscribe(stream.name, stream.args); err != nil {
				t.Fatal(err)
			}
		}
		answer := make(chan error, 1)
		go func() {
			_, err := b.ask("SlowReports", "Reports.Build", `{"kind":"annual","seconds":600}`)
			answer <- err
		}()
		time.Sleep(time.Second)
		began := time.Now()
		if err := b.apps.Close(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("closing took %s", took)
		}
		if err := <-answer; err == nil {
			t.Error("the report was built after all")
		}
		synctest.Wait()
		if left := b.me.Servers(); len(left) != 1 {
			t.Errorf("still on the bus: %v", left)
		}
	})
}

// The apps come back by themselves when the gateway does, and Commuter with them.
func TestLostConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		old := gateway.New(nil)
		b := &bed{t: t, gw: old}
		apps, err := Start(t.Context(), "ws://in.memory/gw3", &Options{User: "demo", Dial: b.dial})
		if err != nil {
			t.Fatal(err)
		}
		b.apps, b.gw = apps, gateway.New(nil)
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		if b.me, err = client.Dial(t.Context(), "", &client.Options{User: "demo", Application: "Visitor", Dial: b.dial, OnEvent: b.hear}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		var names []string
		for _, s := range b.me.Servers() {
			names = append(names, s.ApplicationName)
		}
		for _, app := range Names() {
			if app != "Commuter" && !slices.Contains(names, app) {
				t.Errorf("%s did not come back", app)
			}
		}
		b.follow("MarketData.Prices", `{"symbol":"VOD"}`, time.Second)
		b.close()
	})
}

func TestStartSaysWhoCouldNotJoin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gw, joined := gateway.New(nil), 0
		broken := errors.New("no more connections")
		_, err := Start(t.Context(), "ws://in.memory/gw3", &Options{Dial: func(context.Context, string) (client.Conn, error) {
			if joined++; joined > 4 {
				return nil, broken
			}
			return gw.Connect(false), nil
		}})
		if !errors.Is(err, broken) || !strings.HasPrefix(fmt.Sprint(err), "start demo app OrderBlotter: ") {
			t.Errorf("the error is %v", err)
		}
		if err := gw.Close(); err != nil {
			t.Error(err)
		}
	})
}

// The apps show what can be written with the public API, so they use no other.
func TestImports(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			inside, ours := strings.CutPrefix(path, "ioscope/")
			if strings.Contains(path, ".") || ours && inside != "client" && inside != "client/bus" {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}
