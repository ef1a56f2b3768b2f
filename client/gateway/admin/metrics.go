package admin

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"strconv"
	"time"

	"ioscope/client/gateway"
)

// started is when this process began, as nearly as matters to who wants to see
// restarts.
var started = time.Now()

// Kinds of a metric, in the words of the format.
const (
	gauge   = "gauge"
	counter = "counter"
)

// row is one metric. Counters only grow; their names end in _total.
type row struct {
	name, kind, help string
	value            func(*gateway.Stats) float64
}

// numbers make metrics of a gateway's numbers.
func numbers[N int | uint64](name, kind, help string, value func(*gateway.Stats) N) row {
	return row{"ioscope_gateway_" + name, kind, help, func(s *gateway.Stats) float64 { return float64(value(s)) }}
}

// process makes metrics of the process, under the names that Prometheus' own
// libraries give them.
func process(name, kind, help string, value func() float64) row {
	return row{name, kind, help, func(*gateway.Stats) float64 { return value() }}
}

var rows = []row{
	numbers("connections", gauge, "Open connections.", func(s *gateway.Stats) int { return s.Connections }),
	numbers("peers", gauge, "Peers that are logged in.", func(s *gateway.Stats) int { return s.Peers }),
	numbers("interop_peers", gauge, "Peers that joined the interop domain.", func(s *gateway.Stats) int { return s.Members }),
	numbers("methods", gauge, "Registered methods, streams included.", func(s *gateway.Stats) int { return s.Methods }),
	numbers("calls_in_flight", gauge, "Calls that wait for their answer.", func(s *gateway.Stats) int { return s.PendingCalls }),
	numbers("subscriptions", gauge, "Subscriptions to streams, pending ones included.", func(s *gateway.Stats) int { return s.Subscriptions }),
	numbers("contexts", gauge, "Shared contexts.", func(s *gateway.Stats) int { return s.Contexts }),
	numbers("slow_peers", gauge, "Connections that are slowed down now, because they do not take what is theirs.", func(s *gateway.Stats) int { return s.SlowPeers }),
	numbers("queued_bytes", gauge, "Bytes that wait to be written, over all connections.", func(s *gateway.Stats) int { return s.QueuedBytes }),
	numbers("calls_total", counter, "Calls passed on.", func(s *gateway.Stats) uint64 { return s.Calls }),
	numbers("published_total", counter, "Messages published to streams.", func(s *gateway.Stats) uint64 { return s.Published }),
	numbers("events_total", counter, "Messages queued for subscribers of streams.", func(s *gateway.Stats) uint64 { return s.Events }),
	numbers("logins_total", counter, "Log-ins that got in.", func(s *gateway.Stats) uint64 { return s.Logins }),
	numbers("logins_refused_total", counter, "Log-ins that were refused.", func(s *gateway.Stats) uint64 { return s.RefusedLogins }),
	numbers("slow_peers_cut_off_total", counter, "Connections closed because they were too slow.", func(s *gateway.Stats) uint64 { return s.CutOff }),
	numbers("dropped_messages_total", counter, "Messages thrown away because their connection ended first.", func(s *gateway.Stats) uint64 { return s.Dropped }),
	numbers("received_messages_total", counter, "Messages received.", func(s *gateway.Stats) uint64 { return s.MessagesIn }),
	numbers("received_bytes_total", counter, "Bytes of messages received.", func(s *gateway.Stats) uint64 { return s.BytesIn }),
	numbers("sent_messages_total", counter, "Messages written.", func(s *gateway.Stats) uint64 { return s.MessagesOut }),
	numbers("sent_bytes_total", counter, "Bytes of messages written.", func(s *gateway.Stats) uint64 { return s.BytesOut }),
	process("process_start_time_seconds", gauge, "When the process began, in seconds since the epoch.", func() float64 { return float64(started.UnixMilli()) / 1000 }),
	process("go_goroutines", gauge, "Goroutines that exist.", func() float64 { return float64(runtime.NumGoroutine()) }),
	process("go_memstats_sys_bytes", gauge, "Bytes of memory that the program holds.", held),
}

// held is the memory that the runtime has from the operating system.
func held() float64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64() - sample[1].Value.Uint64())
}

// exposition is the text of /metrics.
func exposition(s gateway.Stats) []byte {
	var out []byte
	for _, r := range rows {
		out = fmt.Appendf(out, "# HELP %s %s\n# TYPE %s %s\n%s ", r.name, r.help, r.name, r.kind, r.name)
		out = strconv.AppendFloat(out, r.value(&s), 'g', -1, 64)
		out = append(out, '\n')
	}
	return out
}
