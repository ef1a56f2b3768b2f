package official

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"ioscope/client"
	"ioscope/client/bus"
)

// oursParty is a party made with our own client.
type oursParty struct {
	*client.Client
	t       testing.TB
	news    inbox[news]
	calls   inbox[oursCall]
	offered map[string]*client.Method
}

// oursCall is a call whose handler waits for the verdict.
type oursCall struct {
	client.Call
	verdict chan<- oursVerdict
}

type oursVerdict struct {
	value any
	err   error
}

func joinOurs(t testing.TB, url, application string) party {
	t.Helper()
	p := &oursParty{t: t, offered: map[string]*client.Method{}}
	c, err := client.Dial(p.soon(), url, &client.Options{Application: application, User: userOf(t), Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	p.Client = c
	p.listen()
	t.Cleanup(p.leave)
	return p
}

func (p *oursParty) soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	p.t.Cleanup(cancel)
	return ctx
}

// ok ends the test where there is an error.
func (p *oursParty) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *oursParty) library() string { return ourClient }

func (p *oursParty) self() peer { return peerOf(p.Self()) }

func (p *oursParty) leave() {
	p.t.Helper()
	if err := p.Close(); err != nil {
		p.t.Error(err)
	}
}

func peerOf(i bus.Instance) peer {
	return peer{PeerID: string(i.PeerID), Application: i.Application, User: i.User, PID: i.PID}
}

func (p *oursParty) register(def bus.MethodDefinition) error {
	m, err := p.Register(p.soon(), def, p.serve)
	if err == nil {
		p.offered[def.Name] = m
	}
	return err
}

func (p *oursParty) serve(ctx context.Context, c client.Call) (any, error) {
	verdict := make(chan oursVerdict, 1)
	p.calls.put(oursCall{c, verdict})
	select {
	case v := <-verdict:
		return v.value, v.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *oursParty) unregister(name string) {
	p.t.Helper()
	p.ok(p.offered[name].Unregister(p.soon()))
}

func (p *oursParty) nextCall(method string) call {
	p.t.Helper()
	c := p.calls.next(p.t, "a call of "+method, func(c oursCall) bool { return c.Method.Name == method })
	return call{
		args: canonical(p.t, c.Args), caller: string(c.Caller.PeerID),
		answer: func(value string) {
			p.t.Helper()
			var v any
			if value != "" {
				p.ok(json.Unmarshal([]byte(value), &v))
			}
			c.verdict <- oursVerdict{value: v}
		},
		fail: func(message string) { c.verdict <- oursVerdict{err: errors.New(message)} },
	}
}

func (p *oursParty) invoke(f bus.MethodFilter, arguments string, target bus.Target) func() outcome {
	type end struct {
		result *client.Result
		err    error
	}
	ended := make(chan end, 1)
	go func() {
		result, err := p.Invoke(p.soon(), f, json.RawMessage(arguments), &client.InvokeOptions{Target: target, WaitTimeout: -1})
		ended <- end{result, err}
	}()
	return func() outcome {
		p.t.Helper()
		e := await(p.t, ended, "outcome of the invocation")
		var none *client.NoMethodError
		if errors.As(e.err, &none) {
			return outcome{none: true}
		}
		p.ok(e.err)
		return p.outcome(e.result)
	}
}

func (p *oursParty) outcome(result *client.Result) outcome {
	first := result.First()
	o := outcome{status: first.Status(), message: first.Message()}
	for _, r := range result.Returns {
		a := answer{by: string(r.Server.PeerID), with: canonical(p.t, r.Args), message: r.Message()}
		if r.Err != nil {
			o.errors = append(o.errors, a)
			continue
		}
		a.value = canonical(p.t, r.Value)
		o.values = append(o.values, a)
	}
	return o
}

// listen hears of everything there is to hear of.
func (p *oursParty) listen() {
	method := func(kind newsKind) func(bus.MethodDefinition) {
		return func(d bus.MethodDefinition) { p.news.put(news{kind: kind, method: describe(d), name: d.Name}) }
	}
	offer := func(kind newsKind) func(bus.Candidate) {
		return func(c bus.Candidate) {
			p.news.put(news{kind: kind, server: peerOf(c.Server), method: describe(c.Method), name: c.Method.Name})
		}
	}
	p.OnServerAdded(func(i bus.Instance) { p.news.put(news{kind: serverAdded, server: peerOf(i)}) })
	p.OnServerRemoved(func(i bus.Instance, _ string) { p.news.put(news{kind: serverRemoved, server: peerOf(i)}) })
	p.OnMethodAdded(method(methodAdded))
	p.OnMethodRemoved(method(methodRemoved))
	p.OnServerMethodAdded(offer(serverMethodAdded))
	p.OnServerMethodRemoved(offer(serverMethodRemoved))
}

func (p *oursParty) hear(kind newsKind, fits ...func(news) bool) news {
	p.t.Helper()
	return p.news.next(p.t, string(kind), func(n news) bool {
		return n.kind == kind && !slices.ContainsFunc(fits, func(f func(news) bool) bool { return !f(n) })
	})
}

func (p *oursParty) waitForMethod(name string) string {
	p.t.Helper()
	c, err := p.WaitForMethod(p.soon(), name)
	p.ok(err)
	return describe(c.Method)
}

func (p *oursParty) methods(f bus.MethodFilter) []string {
	var out []string
	for _, c := range p.Methods(f) {
		out = append(out, describe(c.Method))
	}
	return out
}

func describeAll(defs []bus.MethodDefinition) []string {
	var out []string
	for _, d := range defs {
		out = append(out, describe(d))
	}
	return out
}

func (p *oursParty) methodsForInstance(f bus.InstanceFilter) []string {
	return describeAll(p.MethodsForInstance(f))
}

func peerIDs(instances []bus.Instance) []string {
	var out []string
	for _, i := range instances {
		out = append(out, string(i.PeerID))
	}
	return out
}

func (p *oursParty) servers(f bus.MethodFilter) []string { return peerIDs(p.ServersMatching(f)) }

func (p *oursParty) serversOf(method string) []string {
	return peerIDs(p.ServersOf(p.Methods(bus.ByName(method))[0].Method))
}

func (p *oursParty) offers(peerID string) (methods, streams []string) {
	return describeAll(p.MethodsOf(bus.PeerID(peerID))), describeAll(p.StreamsOf(bus.PeerID(peerID)))
}

// oursPublication is a stream of our client.
type oursPublication struct {
	*client.Stream
	p          *oursParty
	asked      inbox[*client.Request]
	came, went inbox[*client.Subscriber]
}

func (p *oursParty) createStream(def bus.MethodDefinition, asks bool) publication {
	p.t.Helper()
	s := &oursPublication{p: p}
	o := client.StreamOptions{OnSubscribed: s.came.put, OnUnsubscribed: s.went.put}
	if asks {
		o.OnRequest = s.asked.put
	}
	stream, err := p.CreateStream(p.soon(), def, &o)
	p.ok(err)
	s.Stream = stream
	return s
}

func (s *oursPublication) request() request {
	s.p.t.Helper()
	r := s.asked.first(s.p.t, "a subscription request")
	return request{
		args: canonical(s.p.t, r.Args), from: string(r.Subscriber.PeerID),
		accept: r.Accept, acceptOn: r.AcceptOnBranch, reject: r.Reject,
	}
}

func (s *oursPublication) seat(sub *client.Subscriber) seat {
	return seat{string(sub.Instance().PeerID), sub.Branch().Key(), canonical(s.p.t, sub.Args())}
}

func (s *oursPublication) member(sub *client.Subscriber) member {
	push := func(data string) { s.p.t.Helper(); s.p.ok(sub.Push(json.RawMessage(data))) }
	return member{seat: s.seat(sub), push: push, close: sub.Close}
}

func (s *oursPublication) subscribed() member {
	s.p.t.Helper()
	return s.member(s.came.first(s.p.t, "a subscriber"))
}

func (s *oursPublication) unsubscribed() member {
	s.p.t.Helper()
	return s.member(s.went.first(s.p.t, "a subscriber's end"))
}

func (s *oursPublication) push(data string, branches ...string) {
	s.p.t.Helper()
	s.p.ok(s.Push(json.RawMessage(data), branches...))
}

func (s *oursPublication) branches() []string {
	var keys []string
	for _, b := range s.Branches() {
		keys = append(keys, b.Key())
	}
	return keys
}

func (s *oursPublication) subscribers() []seat {
	var all []seat
	for _, sub := range s.Subscribers() {
		all = append(all, s.seat(sub))
	}
	return all
}

func (s *oursPublication) closeBranch(key string) { s.Branch(key).Close() }

func (s *oursPublication) close() {
	s.p.t.Helper()
	s.p.ok(s.Close(s.p.soon()))
}

// oursSubscription is a stream that our client follows.
type oursSubscription struct {
	*client.Subscription
	p      *oursParty
	events inbox[bus.Event]
}

func (p *oursParty) subscribe(stream, arguments string, target bus.Target) func() (subscription, error) {
	s := &oursSubscription{p: p}
	ended := make(chan error, 1)
	go func() {
		var err error
		s.Subscription, err = p.Subscribe(p.soon(), bus.ByName(stream), &client.SubscribeOptions{
			Args: json.RawMessage(arguments), Target: target, WaitTimeout: -1, OnEvent: s.events.put,
		})
		ended <- err
	}()
	return func() (subscription, error) {
		p.t.Helper()
		err := await(p.t, ended, "outcome of the subscription")
		var rejected *client.RejectedError
		if errors.As(err, &rejected) {
			return nil, errors.New(rejected.Reason)
		}
		p.ok(err)
		p.t.Cleanup(s.wantNoMore)
		return s, nil
	}
}

func (s *oursSubscription) wantNoMore() {
	if rest := s.events.rest(); len(rest) > 0 {
		s.p.t.Errorf("our subscription heard more: %+v", rest)
	}
}

// nextOurs takes the subscription's next event, which must be an E.
func nextOurs[E bus.Event](s *oursSubscription) E {
	s.p.t.Helper()
	e := s.events.first(s.p.t, fmt.Sprintf("%T", *new(E)))
	typed, ok := e.(E)
	if !ok {
		s.p.t.Fatalf("our subscription's next event is %T %+v; want %T", e, e, typed)
	}
	return typed
}

func (s *oursSubscription) connected() string {
	s.p.t.Helper()
	return string(nextOurs[bus.StreamAccepted](s).Server.PeerID)
}

func (s *oursSubscription) data() datum {
	s.p.t.Helper()
	d := nextOurs[bus.StreamData](s)
	return datum{from: string(d.Server), args: canonical(s.p.t, s.Args()), data: canonical(s.p.t, d.Data), private: d.Private}
}

func (s *oursSubscription) parted() string {
	s.p.t.Helper()
	return string(nextOurs[bus.StreamLeft](s).Server.PeerID)
}

func (s *oursSubscription) ended() ending {
	s.p.t.Helper()
	e := nextOurs[bus.StreamClosed](s)
	if e.Mine {
		return ending{mine: true}
	}
	return ending{server: string(e.Server.PeerID), reason: e.Reason}
}

func (s *oursSubscription) close() {
	s.p.t.Helper()
	s.p.ok(s.Close())
}

func (s *oursSubscription) servers() []string { return peerIDs(s.Servers()) }
