package official

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"ioscope/client/bus"
)

// appParty is a party made with an official client.
type appParty struct {
	*app
	gone bool
}

// join makes a party of an application in the host's process.
func (h *host) join(t testing.TB, url, application string) party {
	t.Helper()
	p := &appParty{app: h.newApp(t)}
	p.start(url, userOf(t), args{"quiet": true, "application": application})
	t.Cleanup(p.leave)
	return p
}

func (p *appParty) library() string { return p.app.library }

func (p *appParty) self() peer { return p.app.self }

func (p *appParty) leave() {
	p.t.Helper()
	if !p.gone {
		p.gone = true
		p.do("done", nil)
	}
}

// definitionOf is what an official client is to register.
func definitionOf(d bus.MethodDefinition) definition {
	return definition{
		Name: d.Name, DisplayName: d.DisplayName, Description: d.Description, Accepts: d.Accepts, Returns: d.Returns,
		ObjectTypes: d.ObjectTypes, Version: d.Version, Flags: d.Flags,
	}
}

func (d definition) describe() string {
	return describe(bus.MethodDefinition{
		Name: d.Name, DisplayName: d.DisplayName, Description: d.Description, Accepts: d.Accepts, Returns: d.Returns,
		ObjectTypes: d.ObjectTypes, Version: d.Version, Flags: d.Flags, Streaming: d.Streaming,
	})
}

func (p *appParty) register(def bus.MethodDefinition) error {
	p.t.Helper()
	if _, err := p.send("register", args{"definition": definitionOf(def)})(); err != nil {
		return err
	}
	return nil
}

func (p *appParty) unregister(name string) {
	p.t.Helper()
	p.do("unregister", args{"name": name})
}

func (p *appParty) nextCall(method string) call {
	p.t.Helper()
	e := p.next("call", func(e event) bool { return e.Method == method })
	settle := func(key string, value any) {
		p.t.Helper()
		fields := args{"call": e.Call}
		if value != "" {
			fields[key] = value
		}
		p.do("answer", fields)
	}
	return call{
		args: canonical(p.t, e.Args), caller: e.Caller.PeerID,
		answer: func(value string) {
			p.t.Helper()
			if value == "" {
				settle("", "")
				return
			}
			settle("value", json.RawMessage(value))
		},
		fail: func(message string) { p.t.Helper(); settle("error", message) },
	}
}

// methodArgument is a filter as an official client takes it: a name alone as a
// text.
func methodArgument(f bus.MethodFilter) any {
	fields := filterOf(f)
	if len(fields) == 1 && f.Name != "" {
		return f.Name
	}
	return fields
}

func filterOf(f bus.MethodFilter) args {
	fields := args{}
	if f.Name != "" {
		fields["name"] = f.Name
	}
	if f.Accepts != nil {
		fields["accepts"] = *f.Accepts
	}
	if f.ObjectTypes != nil {
		fields["objectTypes"] = f.ObjectTypes
	}
	return fields
}

func instanceFilterOf(f bus.InstanceFilter) args {
	fields := args{}
	if f.PeerID != "" {
		fields["peerId"] = f.PeerID
	}
	if f.Application != "" {
		fields["application"] = f.Application
	}
	return fields
}

// targetOf is a target as an official client takes it.
func targetOf(t bus.Target) any {
	if t.Mode != bus.Matching {
		return t.Mode.String()
	}
	if len(t.Filters) == 1 {
		return instanceFilterOf(t.Filters[0])
	}
	var several []args
	for _, f := range t.Filters {
		several = append(several, instanceFilterOf(f))
	}
	return several
}

func (p *appParty) invoke(f bus.MethodFilter, arguments string, target bus.Target) func() outcome {
	p.t.Helper()
	ended := p.send("invoke", args{
		"method": methodArgument(f), "args": json.RawMessage(arguments),
		"target": targetOf(target), "options": args{"waitTimeoutMs": 0},
	})
	return func() outcome {
		p.t.Helper()
		value, err := ended()
		if err != nil {
			if strings.HasPrefix(err.Message, "Can not find a method matching") {
				return outcome{none: true}
			}
			value = err.Value
		}
		if value == nil {
			p.t.Fatalf("%s invoke: %v", p.library(), err)
		}
		return p.outcome(p.invocation(value))
	}
}

func (p *appParty) outcome(i invocation) outcome {
	o := outcome{status: i.Status, message: i.Message}
	for _, a := range i.All {
		o.values = append(o.values, answer{by: a.ExecutedBy.PeerID, with: canonical(p.t, a.CalledWith), value: canonical(p.t, a.Returned)})
	}
	for _, a := range i.Errors {
		o.errors = append(o.errors, answer{by: a.ExecutedBy.PeerID, with: canonical(p.t, a.CalledWith), message: a.Message})
	}
	return o
}

func (p *appParty) hear(kind newsKind, fits ...func(news) bool) news {
	p.t.Helper()
	return newsOf(p.next(string(kind), func(e event) bool {
		n := newsOf(e)
		return !slices.ContainsFunc(fits, func(f func(news) bool) bool { return !f(n) })
	}))
}

func newsOf(e event) news {
	n := news{kind: newsKind(e.Event), name: e.Definition.Name}
	if e.Server != nil {
		n.server = *e.Server
	}
	if n.name != "" {
		n.method = e.Definition.describe()
	}
	return n
}

func (p *appParty) waitForMethod(name string) string {
	p.t.Helper()
	var d definition
	p.decode(p.do("waitForMethod", args{"name": name}), &d)
	return d.describe()
}

func describeTheirs(defs []definition) []string {
	var out []string
	for _, d := range defs {
		out = append(out, d.describe())
	}
	return out
}

func (p *appParty) definitions(op string, fields args) []string {
	p.t.Helper()
	var defs []definition
	p.decode(p.do(op, fields), &defs)
	return describeTheirs(defs)
}

func (p *appParty) methods(f bus.MethodFilter) []string {
	p.t.Helper()
	return p.definitions("methods", args{"filter": methodArgument(f)})
}

func (p *appParty) methodsForInstance(f bus.InstanceFilter) []string {
	p.t.Helper()
	return p.definitions("methodsForInstance", args{"filter": instanceFilterOf(f)})
}

func (p *appParty) peers(op string, fields args) []string {
	p.t.Helper()
	var peers []peer
	p.decode(p.do(op, fields), &peers)
	return theirIDs(peers)
}

func theirIDs(peers []peer) []string {
	var out []string
	for _, one := range peers {
		out = append(out, one.PeerID)
	}
	return out
}

func (p *appParty) servers(f bus.MethodFilter) []string {
	p.t.Helper()
	fields := args{}
	if filter := filterOf(f); len(filter) > 0 {
		fields["filter"] = filter
	}
	return p.peers("servers", fields)
}

func (p *appParty) serversOf(method string) []string {
	p.t.Helper()
	return p.peers("serversOf", args{"name": method})
}

func (p *appParty) offers(peerID string) (methods, streams []string) {
	p.t.Helper()
	var all struct{ Methods, Streams []definition }
	p.decode(p.do("offers", args{"peerId": peerID}), &all)
	return describeTheirs(all.Methods), describeTheirs(all.Streams)
}

// appPublication is a stream of an official client.
type appPublication struct {
	*appParty
	name string
}

func (p *appParty) createStream(def bus.MethodDefinition, asks bool) publication {
	p.t.Helper()
	p.do("createStream", args{"definition": definitionOf(def), "asks": asks})
	return &appPublication{p, def.Name}
}

// on takes the stream's next event of a kind.
func (s *appPublication) on(kind string) event {
	s.t.Helper()
	return s.next(kind, func(e event) bool { return e.Stream == s.name })
}

func (s *appPublication) request() request {
	s.t.Helper()
	e := s.on("request")
	settle := func(op string, fields args) {
		s.t.Helper()
		fields["request"] = e.Request
		s.do(op, fields)
	}
	return request{
		args: canonical(s.t, e.Args), from: e.Instance.PeerID,
		accept:   func() { s.t.Helper(); settle("accept", args{}) },
		acceptOn: func(branch string) { s.t.Helper(); settle("accept", args{"branch": branch}) },
		reject:   func(reason string) { s.t.Helper(); settle("reject", args{"reason": reason}) },
	}
}

func (s *appPublication) seat(e event) seat {
	return seat{e.Instance.PeerID, e.Branch, canonical(s.t, e.Args)}
}

func (s *appPublication) subscribed() member {
	s.t.Helper()
	e := s.on("subscribed")
	push := func(data string) {
		s.t.Helper()
		s.do("pushOne", args{"subscriber": e.Subscriber, "data": json.RawMessage(data)})
	}
	end := func() { s.t.Helper(); s.do("closeSubscriber", args{"subscriber": e.Subscriber}) }
	return member{seat: s.seat(e), push: push, close: end}
}

func (s *appPublication) unsubscribed() member {
	s.t.Helper()
	return member{seat: s.seat(s.on("unsubscribed"))}
}

func (s *appPublication) push(data string, branches ...string) {
	s.t.Helper()
	fields := args{"stream": s.name, "data": json.RawMessage(data)}
	if len(branches) > 0 {
		fields["branches"] = branches
	}
	s.do("push", fields)
}

func (s *appPublication) branches() []string {
	s.t.Helper()
	var keys []string
	s.decode(s.do("branches", args{"stream": s.name}), &keys)
	return keys
}

func (s *appPublication) subscribers() []seat {
	s.t.Helper()
	var events []event
	s.decode(s.do("subscribers", args{"stream": s.name}), &events)
	var all []seat
	for _, e := range events {
		all = append(all, s.seat(e))
	}
	return all
}

func (s *appPublication) closeBranch(key string) {
	s.t.Helper()
	s.do("closeBranch", args{"stream": s.name, "branch": key})
}

func (s *appPublication) close() {
	s.t.Helper()
	s.do("closeStream", args{"stream": s.name})
}

// appSubscription is a stream that an official client follows.
type appSubscription struct {
	*appParty
	number int
	of     func(event) bool
}

func (p *appParty) subscribe(stream, arguments string, target bus.Target) func() (subscription, error) {
	p.t.Helper()
	ended := p.send("subscribe", args{"method": stream, "args": json.RawMessage(arguments), "target": targetOf(target)})
	return func() (subscription, error) {
		p.t.Helper()
		value, err := ended()
		if err != nil {
			return nil, errors.New(err.Message)
		}
		var accepted struct{ Subscription int }
		p.decode(value, &accepted)
		s := &appSubscription{p, accepted.Subscription, onSubscription(accepted.Subscription)}
		p.t.Cleanup(s.wantNoMore)
		return s, nil
	}
}

func (s *appSubscription) wantNoMore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if s.of(e) {
			s.t.Errorf("a subscription of %s heard more: %s %s", s.library(), e.Event, e.Data)
		}
	}
}

// hears takes the subscription's next event, which must be of a kind.
func (s *appSubscription) hears(kind string) event {
	s.t.Helper()
	e := s.next("", s.of)
	if e.Event != kind {
		s.t.Fatalf("the next event of %s's subscription is %s %s; want %s", s.library(), e.Event, e.Data, kind)
	}
	return e
}

func (s *appSubscription) connected() string {
	s.t.Helper()
	return s.hears("accepted").Server.PeerID
}

// parted is not told by the official clients.
func (s *appSubscription) parted() string {
	s.t.Helper()
	s.t.Fatal("the official clients do not tell of one of several publishers")
	return ""
}

func (s *appSubscription) data() datum {
	s.t.Helper()
	e := s.hears("data")
	return datum{from: e.Server.PeerID, args: canonical(s.t, e.Args), data: canonical(s.t, e.Data), private: e.Private}
}

// ended knows the words of the official clients for who ended it; they have none
// for why.
func (s *appSubscription) ended() ending {
	s.t.Helper()
	e := s.hears("closed")
	switch {
	case e.Message == "ClientInitiated":
		return ending{mine: true}
	case e.Message == "ServerInitiated" && e.Server != nil:
		return ending{server: e.Server.PeerID}
	}
	s.t.Fatalf("the end of %s's subscription reads %q, by %+v", s.library(), e.Message, e.Server)
	return ending{}
}

func (s *appSubscription) close() {
	s.t.Helper()
	s.do("unsubscribe", args{"subscription": s.number})
}

func (s *appSubscription) servers() []string {
	s.t.Helper()
	return s.peers("publishers", args{"subscription": s.number})
}
