package gateway

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"ioscope/client/internal/wire"
)

// rider is a peer on the message bus: the domain of topics, which has nothing
// to do with methods.
type rider struct {
	*peer
	restrictions *expression
	topics       map[string]*topicSubscription
}

// topicSubscription is an interest in a topic. pattern is set when that has
// wildcards.
type topicSubscription struct {
	id      string
	number  uint64
	topic   string
	pattern *regexp.Regexp
	routing wire.Raw
}

func (s *topicSubscription) order() uint64 { return s.number }

func (r *router) joinBus(p *peer, restrictions *expression) {
	if p.bus != nil {
		return
	}
	p.bus = &rider{peer: p, restrictions: restrictions, topics: map[string]*topicSubscription{}}
	r.riders = append(r.riders, p.bus)
}

func (r *router) removeRider(b *rider) {
	b.peer.bus = nil
	r.riders = without(r.riders, b)
}

// bus handles the messages of its domain.
func (r *router) bus(q *request) {
	var handle func(*request, *rider)
	switch q.Type {
	case wire.Publish:
		r.publishTopic(q)
		return
	case wire.Subscribe:
		handle = r.subscribeTopic
	case wire.Unsubscribe:
		handle = r.unsubscribeTopic
	default:
		q.unhandled()
		return
	}
	if wire.IsNull(q.PeerID) {
		q.nobody()
		return
	}
	if q.peer == nil || q.peer.bus == nil {
		q.fail("bus.errors.failure", "Unable to find peer with id "+text(q.PeerID)+" in domain :bus-domain")
		return
	}
	handle(q, q.peer.bus)
}

func (r *router) subscribeTopic(q *request, b *rider) {
	topic, ok := wire.Text(q.Topic)
	if !ok {
		q.fail("bus.errors.failure", "Topic is missing or no string")
		return
	}
	id, number := r.id('r')
	b.topics[id] = &topicSubscription{
		id: id, number: number, topic: topic, pattern: topicPattern(topic), routing: slices.Clone(q.RoutingKey),
	}
	q.answer(wire.Bus, &wire.Frame{Type: wire.Subscribed, SubscriptionID: wire.Quote(id)})
}

func (r *router) unsubscribeTopic(q *request, b *rider) {
	id, _ := wire.Text(q.SubscriptionID)
	delete(b.topics, id)
	q.success(wire.Bus)
}

// publishTopic delivers to the visible peers that joined, the publisher among
// them; it need not have joined itself.
func (r *router) publishTopic(q *request) {
	if q.peer == nil {
		q.nobody()
		return
	}
	topic, ok := wire.Text(q.Topic)
	if !ok {
		q.fail("bus.errors.failure", "Topic is missing or no string")
		return
	}
	if wire.IsNull(q.Data) {
		return
	}
	var target map[string]any
	_ = json.Unmarshal(wire.OrNull(q.TargetIdentity), &target)
	for _, b := range r.riders {
		if b.peer != q.peer && !r.busVisible(q.peer, b) || !contains(b.fields, target) {
			continue
		}
		b.deliver(q, topic)
	}
}

func (r *router) busVisible(publisher *peer, b *rider) bool {
	var limits *expression
	if publisher.bus != nil {
		limits = publisher.bus.restrictions
	}
	return visible(publisher, b.peer, limits, b.restrictions)
}

// contains reports whether an identity has every wanted member.
func contains(fields, wanted map[string]any) bool {
	for key := range maps.Keys(wanted) {
		if !reflect.DeepEqual(fields[key], wanted[key]) {
			return false
		}
	}
	return true
}

func (b *rider) deliver(q *request, topic string) {
	for _, s := range ordered(b.topics) {
		if !s.fits(topic, q.RoutingKey) {
			continue
		}
		b.send(&wire.Frame{
			Domain: wire.Bus, Type: wire.Event,
			SubscriptionID: wire.Quote(s.id), PublisherIdentity: q.peer.identity, Data: q.Data,
		})
	}
}

// fits compares topics and routing keys; a key that one side lacks does not
// matter.
func (s *topicSubscription) fits(topic string, routing wire.Raw) bool {
	if !wire.IsNull(s.routing) && !wire.IsNull(routing) && methodKey(s.routing) != methodKey(routing) {
		return false
	}
	if s.pattern != nil {
		return s.pattern.MatchString(topic)
	}
	return s.topic == topic
}

// topicPattern is nil for a topic without wildcards. "*" stands for a word, ">"
// for anything at all.
func topicPattern(topic string) *regexp.Regexp {
	if !strings.ContainsAny(topic, "*>") {
		return nil
	}
	quoted := regexp.QuoteMeta(topic)
	quoted = strings.ReplaceAll(quoted, `\*`, `[A-Za-z0-9_]+`)
	quoted = strings.ReplaceAll(quoted, `>`, `(?s:.*)`)
	return regexp.MustCompile("^" + quoted + "$") // quoted text always compiles
}
