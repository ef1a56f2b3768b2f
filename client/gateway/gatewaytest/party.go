package gatewaytest

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"ioscope/client/internal/wire"
)

// patience is how long a case waits for one message before it fails.
const patience = 10 * time.Second

// m is a message, or a pattern of one.
type m = map[string]any

// missing in a pattern is a key that must not be there, present one that may
// have any value.
type (
	missing struct{}
	present struct{}
)

// bench is what a case works on: a gateway and a user of its own, so that cases
// can run side by side on one gateway.
type bench struct {
	*testing.T
	dial Dial
	user string
	made int
}

// fresh is a text that was not used before in this case.
func (b *bench) fresh(prefix string) string {
	b.made++
	return fmt.Sprintf("%s%d", prefix, b.made)
}

// party is one connection, with the peer that logged in over it.
type party struct {
	b    *bench
	conn wire.Conn
	id   string
	name string
	// identity is the resolved one.
	identity m
	token    string
	// told are the contexts that were announced at log-in.
	told []m
}

// connect opens a connection that nobody logged in over.
func (b *bench) connect(name string) *party {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	conn, err := b.dial(ctx)
	if err != nil {
		b.Fatalf("%s: connect: %v", name, err)
	}
	p := &party{b: b, conn: conn, name: name}
	b.Cleanup(p.hangUp)
	return p
}

// logIn connects and says hello. more overrides parts of the hello. Contexts that
// are announced then are set apart: a gateway may have some of other users.
func (b *bench) logIn(name string, more m) *party {
	b.Helper()
	p := b.connect(name)
	p.welcome(p.ask(p.hello(more)))
	p.told = p.until(p.fence())
	return p
}

// fence sends what is answered at once, and in turn, and returns its id.
func (p *party) fence() string {
	p.b.Helper()
	id := p.b.fresh("fence")
	p.send(m{"type": "no-such-type", "request_id": id})
	return id
}

// until returns what comes before the answer to a request.
func (p *party) until(request string) []m {
	p.b.Helper()
	var before []m
	for {
		got := p.next()
		if got["request_id"] == request {
			return before
		}
		before = append(before, got)
	}
}

// hello is the log-in of a party with the bench's user.
func (p *party) hello(more m) m {
	hello := m{
		"domain": "global", "type": "hello", "identity": m{"application": p.name},
		"authentication": m{"method": "secret", "login": p.b.user, "secret": "x"},
	}
	for k, v := range more {
		hello[k] = v
	}
	return hello
}

// welcome notes what a welcome said.
func (p *party) welcome(got m) {
	p.b.Helper()
	p.check(m{"domain": "global", "type": "welcome", "peer_id": present{}, "resolved_identity": present{}}, got)
	p.id = got["peer_id"].(string)
	p.identity, _ = got["resolved_identity"].(m)
	options, _ := got["options"].(m)
	p.token, _ = options["access_token"].(string)
}

// join logs in and joins agm; it returns the announcements too.
func (b *bench) join(name string) (*party, []m) {
	b.Helper()
	p := b.logIn(name, nil)
	return p, p.joinAGM(nil)
}

// joinAGM joins and returns what was announced before the success.
func (p *party) joinAGM(more m) []m {
	p.b.Helper()
	request := p.b.fresh("join")
	p.send(merged(m{"domain": "global", "type": "join", "destination": "agm", "request_id": request}, more))
	var announced []m
	for {
		got := p.next()
		if got["request_id"] == request {
			p.check(m{"domain": "agm", "type": "success", "peer_id": p.id}, got)
			return announced
		}
		announced = append(announced, got)
	}
}

// together lets several peers join agm; afterwards nothing is under way.
func (b *bench) together(names ...string) []*party {
	b.Helper()
	var all []*party
	for _, name := range names {
		p, _ := b.join(name)
		for _, other := range all {
			other.expect(m{"domain": "agm", "type": "peer-added", "new_peer_id": p.id})
		}
		all = append(all, p)
	}
	return all
}

// offer registers methods at a party and waits until the others know.
func (p *party) offer(others []*party, defs ...any) {
	p.b.Helper()
	request := p.b.fresh("register")
	p.send(m{"type": "register", "request_id": request, "methods": defs})
	p.expect(m{"type": "methods-added", "server_id": p.id})
	p.expect(m{"type": "success", "request_id": request})
	for _, other := range others {
		other.expect(m{"type": "methods-added", "server_id": p.id})
	}
}

// subscribed subscribes p to a method of a publisher, which accepts on a stream;
// it returns the subscription's id.
func (p *party) subscribed(publisher *party, method, stream any) string {
	p.b.Helper()
	request, id := p.pending(publisher, method)
	publisher.send(m{"type": "accepted", "subscription_id": id, "stream_id": stream})
	p.expect(m{"type": "subscribed", "request_id": request, "subscription_id": id})
	return id
}

// pending subscribes and leaves the publisher's answer open.
func (p *party) pending(publisher *party, method any) (request, id string) {
	p.b.Helper()
	request = p.b.fresh("subscribe")
	p.send(m{"type": "subscribe", "request_id": request, "server_id": publisher.id, "method_id": method})
	interest := publisher.expect(m{"type": "add-interest", "caller_id": p.id, "method_id": method})
	return request, interest["subscription_id"].(string)
}

// calling calls and leaves the answer open.
func (p *party) calling(callee *party, method any) (request, invocation string) {
	p.b.Helper()
	request = p.b.fresh("call")
	p.send(m{"type": "call", "request_id": request, "server_id": callee.id, "method_id": method})
	invoke := callee.expect(m{"type": "invoke", "caller_id": p.id, "method_id": method})
	return request, invoke["invocation_id"].(string)
}

// send writes a message; domain agm and the own peer id are filled in where the
// message says nothing of them.
func (p *party) send(msg m) {
	p.b.Helper()
	full := merged(m{"domain": "agm"}, msg)
	if _, ok := full["peer_id"]; !ok && p.id != "" {
		full["peer_id"] = p.id
	}
	for key, value := range full {
		if value == (missing{}) {
			delete(full, key)
		}
	}
	text, err := json.Marshal(full)
	if err != nil {
		p.b.Fatal(err)
	}
	p.write(string(text))
}

func (p *party) write(text string) {
	p.b.Helper()
	ctx, cancel := context.WithTimeout(p.b.Context(), patience)
	defer cancel()
	if err := p.conn.Write(ctx, []byte(text)); err != nil {
		p.b.Fatalf("%s: write: %v", p.name, err)
	}
}

// ask sends a request with an id of its own and returns the next message, which
// must be the answer.
func (p *party) ask(msg m) m {
	p.b.Helper()
	request := p.b.fresh("request")
	p.send(merged(m{"request_id": request}, msg))
	return p.expect(m{"request_id": request})
}

// next reads one message.
func (p *party) next() m {
	p.b.Helper()
	ctx, cancel := context.WithTimeout(p.b.Context(), patience)
	defer cancel()
	text, err := p.conn.Read(ctx)
	if err != nil {
		p.b.Fatalf("%s: read: %v", p.name, err)
	}
	var got m
	if err := json.Unmarshal(text, &got); err != nil {
		p.b.Fatalf("%s: got %s: %v", p.name, text, err)
	}
	return got
}

// expect reads one message and compares it with a pattern.
func (p *party) expect(want m) m {
	p.b.Helper()
	got := p.next()
	p.check(want, got)
	return got
}

// check compares a message with a pattern: the keys that the pattern has count.
func (p *party) check(want, got m) {
	p.b.Helper()
	if where := differ("", want, got); where != "" {
		text, _ := json.Marshal(got)
		p.b.Fatalf("%s got %s\nwhich differs from what the protocol says at %s", p.name, text, where)
	}
}

// refused asks and expects an error with exactly this URI and reason.
func (p *party) refused(msg m, uri, reason string) {
	p.b.Helper()
	domain, _ := merged(m{"domain": "agm"}, msg)["domain"].(string)
	p.check(m{"type": "error", "domain": domain, "reason_uri": uri, "reason": reason}, p.ask(msg))
}

// quiet makes sure that nothing is under way to p.
func (p *party) quiet() {
	p.b.Helper()
	for _, got := range p.until(p.fence()) {
		p.b.Errorf("%s got %v, want nothing", p.name, got)
	}
}

// hangUp ends the connection.
func (p *party) hangUp() { _ = p.conn.Close(wire.CodeNormal, "") }

func merged(base, more m) m {
	all := m{}
	for _, part := range []m{base, more} {
		for k, v := range part {
			all[k] = v
		}
	}
	return all
}

// differ tells where a message does not fit a pattern; "" if it does. Objects in
// a pattern need not be complete, lists must.
func differ(path string, want, got any) string {
	switch want := want.(type) {
	case present:
		return ""
	case m:
		return differObject(path, want, got)
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Sprintf("%s: %v, want %v", path, got, want)
		}
		for i := range want {
			if where := differ(fmt.Sprintf("%s[%d]", path, i), want[i], list[i]); where != "" {
				return where
			}
		}
		return ""
	case int:
		return differ(path, float64(want), got)
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf("%s: %v, want %v", strings.TrimPrefix(path, "."), got, want)
	}
	return ""
}

func differObject(path string, want m, got any) string {
	object, ok := got.(m)
	if !ok {
		return fmt.Sprintf("%s: %v, want an object", path, got)
	}
	for key, value := range want {
		found, ok := object[key]
		_, absent := value.(missing)
		if ok == absent {
			return fmt.Sprintf("%s.%s: present %v, want %v", path, key, ok, !absent)
		}
		if absent {
			continue
		}
		if where := differ(path+"."+key, value, found); where != "" {
			return where
		}
	}
	return ""
}
