package gateway

import (
	"encoding/json"
	"maps"
	"net"

	"ioscope/client/internal/wire"
)

// parseIdentity reads the identity of a hello; an absent one is empty.
func parseIdentity(raw wire.Raw) (*object, bool) {
	if wire.IsNull(raw) {
		return newObject(), true
	}
	return parseObject(raw)
}

// resolve completes the identity of a peer that logged in. Nobody can pose as
// somebody else: user and login are the authentication's. environment and region
// are there at least as null, because official clients tell their users so.
func resolve(i *object, l *login, host string) {
	i.setIfMissing("machine", wire.Quote(machine(host)))
	i.set("user", wire.Quote(l.user))
	i.remove("login")
	if l.named {
		i.set("login", wire.Quote(l.login))
	}
	i.setIfMissing("environment", wire.Null)
	i.setIfMissing("region", wire.Null)
}

// fillIn replaces the values that ask for the peer id.
func fillIn(i *object, peer wire.Raw) {
	for key, value := range i.values {
		if text, ok := wire.Text(value); ok && text == "?" {
			i.values[key] = peer
		}
	}
}

// name is what a log calls the owner of an identity.
func (o *object) name() string {
	name, _ := wire.Text(o.values["application"])
	return name
}

// canonical is a text that is equal for equal identities: keys sorted, without
// spaces. Some keys can be left out.
func canonical(fields map[string]any, without ...string) string {
	rest := maps.Clone(fields)
	for _, key := range without {
		delete(rest, key)
	}
	text, _ := json.Marshal(rest) // it came out of JSON
	return string(text)
}

// machine is the address of the other end, or, for this machine itself, the one
// by which others know it.
func machine(host string) string {
	ip := net.ParseIP(host)
	if ip == nil || !ip.IsLoopback() {
		return host
	}
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return host
}
