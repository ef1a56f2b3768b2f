package admin

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"ioscope/client/gateway"
)

// metric is one number of a gateway. The names of counters end in _total.
type metric struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(*gateway.Stats) float64
}

func numbers[N int | uint64](name string, kind prometheus.ValueType, help string, value func(*gateway.Stats) N) metric {
	return metric{
		prometheus.NewDesc("ioscope_gateway_"+name, help, nil, nil), kind,
		func(s *gateway.Stats) float64 { return float64(value(s)) },
	}
}

var metrics = []metric{
	numbers("connections", prometheus.GaugeValue, "Open connections.", func(s *gateway.Stats) int { return s.Connections }),
	numbers("peers", prometheus.GaugeValue, "Peers that are logged in.", func(s *gateway.Stats) int { return s.Peers }),
	numbers("interop_peers", prometheus.GaugeValue, "Peers that joined the interop domain.", func(s *gateway.Stats) int { return s.Members }),
	numbers("methods", prometheus.GaugeValue, "Registered methods, streams included.", func(s *gateway.Stats) int { return s.Methods }),
	numbers("calls_in_flight", prometheus.GaugeValue, "Calls that wait for their answer.", func(s *gateway.Stats) int { return s.PendingCalls }),
	numbers("subscriptions", prometheus.GaugeValue, "Subscriptions to streams, pending ones included.", func(s *gateway.Stats) int { return s.Subscriptions }),
	numbers("contexts", prometheus.GaugeValue, "Shared contexts.", func(s *gateway.Stats) int { return s.Contexts }),
	numbers("slow_peers", prometheus.GaugeValue, "Connections that are slowed down now, because they do not take what is theirs.", func(s *gateway.Stats) int { return s.SlowPeers }),
	numbers("queued_bytes", prometheus.GaugeValue, "Bytes that wait to be written, over all connections.", func(s *gateway.Stats) int { return s.QueuedBytes }),
	numbers("calls_total", prometheus.CounterValue, "Calls passed on.", func(s *gateway.Stats) uint64 { return s.Calls }),
	numbers("published_total", prometheus.CounterValue, "Messages published to streams.", func(s *gateway.Stats) uint64 { return s.Published }),
	numbers("events_total", prometheus.CounterValue, "Messages queued for subscribers of streams.", func(s *gateway.Stats) uint64 { return s.Events }),
	numbers("logins_total", prometheus.CounterValue, "Log-ins that got in.", func(s *gateway.Stats) uint64 { return s.Logins }),
	numbers("logins_refused_total", prometheus.CounterValue, "Log-ins that were refused.", func(s *gateway.Stats) uint64 { return s.RefusedLogins }),
	numbers("slow_peers_cut_off_total", prometheus.CounterValue, "Connections closed because they were too slow.", func(s *gateway.Stats) uint64 { return s.CutOff }),
	numbers("dropped_messages_total", prometheus.CounterValue, "Messages thrown away because their connection ended first.", func(s *gateway.Stats) uint64 { return s.Dropped }),
	numbers("received_messages_total", prometheus.CounterValue, "Messages received.", func(s *gateway.Stats) uint64 { return s.MessagesIn }),
	numbers("received_bytes_total", prometheus.CounterValue, "Bytes of messages received.", func(s *gateway.Stats) uint64 { return s.BytesIn }),
	numbers("sent_messages_total", prometheus.CounterValue, "Messages written.", func(s *gateway.Stats) uint64 { return s.MessagesOut }),
	numbers("sent_bytes_total", prometheus.CounterValue, "Bytes of messages written.", func(s *gateway.Stats) uint64 { return s.BytesOut }),
}

// collector tells Prometheus of a gateway: one look at its numbers for each time
// that it is asked.
type collector struct{ g Counter }

func (c collector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range metrics {
		to <- m.desc
	}
}

func (c collector) Collect(to chan<- prometheus.Metric) {
	s := c.g.Stats()
	for _, m := range metrics {
		to <- prometheus.MustNewConstMetric(m.desc, m.kind, m.value(&s))
	}
}

// registry has the metrics of the gateway and of this process, and nothing that
// others may have registered elsewhere.
func registry(g Counter) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collector{g}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}
