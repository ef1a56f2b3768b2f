package admin

import (
	"io"

	"github.com/VictoriaMetrics/metrics"

	"ioscope/client/gateway"
)

// metric is one number of a gateway. The names of counters end in _total.
type metric struct {
	name  string
	write func(w io.Writer, name string, value uint64)
	value func(*gateway.Stats) uint64
}

var all = []metric{
	// Open connections.
	{"connections", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.Connections) }},
	// Peers that are logged in.
	{"peers", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.Peers) }},
	// Peers that joined the interop domain.
	{"interop_peers", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.Members) }},
	// Registered methods, streams included.
	{"methods", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.Methods) }},
	// Calls that wait for their answer.
	{"calls_in_flight", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.PendingCalls) }},
	// Subscriptions to streams, pending ones included.
	{"subscriptions", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.Subscriptions) }},
	// Shared contexts.
	{"contexts", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.Contexts) }},
	// Connections that are slowed down now, because they do not take what is theirs.
	{"slow_peers", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.SlowPeers) }},
	// Bytes that wait to be written, over all connections.
	{"queued_bytes", metrics.WriteGaugeUint64, func(s *gateway.Stats) uint64 { return uint64(s.QueuedBytes) }},
	// Calls passed on.
	{"calls_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.Calls }},
	// Messages published to streams.
	{"published_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.Published }},
	// Messages queued for subscribers of streams.
	{"events_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.Events }},
	// Log-ins that got in.
	{"logins_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.Logins }},
	// Log-ins that were refused.
	{"logins_refused_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.RefusedLogins }},
	// Connections closed because they were too slow.
	{"slow_peers_cut_off_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.CutOff }},
	// Messages thrown away because their connection ended first.
	{"dropped_messages_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.Dropped }},
	// Messages received.
	{"received_messages_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.MessagesIn }},
	// Bytes of messages received.
	{"received_bytes_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.BytesIn }},
	// Messages written.
	{"sent_messages_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.MessagesOut }},
	// Bytes of messages written.
	{"sent_bytes_total", metrics.WriteCounterUint64, func(s *gateway.Stats) uint64 { return s.BytesOut }},
}

// exposition writes the text of /metrics: the gateway's numbers from one look at
// them, then those of the process and the runtime.
func exposition(w io.Writer, s gateway.Stats) {
	for _, m := range all {
		m.write(w, "ioscope_gateway_"+m.name, m.value(&s))
	}
	metrics.WriteProcessMetrics(w)
}
