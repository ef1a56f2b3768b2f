package client_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ioscope/client"
	"ioscope/client/bus"
	"ioscope/client/internal/wire"
)

// benched is a live client whose gateway's end the benchmark holds, subscribed
// under the id "s1".
func benched(b *testing.B, o *client.SubscribeOptions) (*client.Subscription, wire.Conn) {
	near, far := wire.Pipe()
	done := make(chan struct{})
	answer := func(format string, args ...any) {
		if err := far.Write(b.Context(), fmt.Appendf(nil, format, args...)); err != nil {
			b.Error(err)
		}
	}
	next := func() wire.Frame {
		msg, err := far.Read(b.Context())
		if err != nil {
			b.Error(err)
		}
		f, _ := wire.Peek(msg)
		return f
	}
	go func() {
		defer close(done)
		answer(`{"domain":"global","type":"welcome","request_id":%s,"peer_id":"me"}`, next().RequestID)
		join := next()
		answer(`{"domain":"agm","type":"peer-added","peer_id":"me","new_peer_id":"a","identity":{"application":"A"}}`)
		answer(`{"domain":"agm","type":"methods-added","peer_id":"me","server_id":"a","methods":[{"id":"0","name":"Ticks","flags":{"streaming":true}}]}`)
		answer(`{"domain":"agm","type":"success","request_id":%s}`, join.RequestID)
		answer(`{"domain":"agm","type":"subscribed","request_id":%s,"subscription_id":"s1"}`, next().RequestID)
	}()
	c, err := client.Dial(b.Context(), "ws://bench", &client.Options{
		Dial: func(context.Context, string) (client.Conn, error) { return near, nil },
	})
	if err != nil {
		b.Fatal(err)
	}
	sub, err := c.Subscribe(b.Context(), bus.ByName("Ticks"), o)
	if err != nil {
		b.Fatal(err)
	}
	<-done
	b.Cleanup(func() {
		_ = far.Close(wire.CodeNormal, "")
		_ = c.Close()
	})
	return sub, far
}

// BenchmarkSubscribe measures what one event of 100 bytes costs from the
// connection to the subscriber, both ends of the pipe included.
func BenchmarkSubscribe(b *testing.B) {
	data := fmt.Sprintf(`{"symbol":"VOD.L","price":71.22,"note":%q}`, strings.Repeat("x", 59))
	event := fmt.Appendf(nil, `{"domain":"agm","type":"event","peer_id":"p-0123456789abcdef0123456789abcdef-12",`+
		`"subscription_id":"s1","oob":false,"sequence":null,"snapshot":null,"data":%s}`, data)
	feed := func(b *testing.B, gateway wire.Conn) {
		for range b.N {
			if err := gateway.Write(context.Background(), event); err != nil {
				b.Error(err)
				return
			}
		}
	}
	b.Run("callback", func(b *testing.B) {
		b.ReportAllocs()
		all := make(chan struct{})
		n := 0
		_, gateway := benched(b, &client.SubscribeOptions{OnEvent: func(e bus.Event) {
			if _, ok := e.(bus.StreamData); ok {
				if n++; n == b.N {
					close(all)
				}
			}
		}})
		b.ResetTimer()
		feed(b, gateway)
		<-all
	})
	b.Run("next", func(b *testing.B) {
		b.ReportAllocs()
		sub, gateway := benched(b, &client.SubscribeOptions{Buffer: 1 << 30})
		if _, err := sub.Next(b.Context()); err != nil { // the acceptance
			b.Fatal(err)
		}
		b.ResetTimer()
		go feed(b, gateway)
		for range b.N {
			if _, err := sub.Next(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("batches", func(b *testing.B) {
		b.ReportAllocs()
		sub, gateway := benched(b, &client.SubscribeOptions{Buffer: 1 << 30})
		b.ResetTimer()
		go feed(b, gateway)
		n := -1 // the acceptance
		for batch, err := range sub.Batches(b.Context(), time.Millisecond) {
			if err != nil {
				b.Fatal(err)
			}
			if n += len(batch); n == b.N {
				break
			}
		}
	})
}
