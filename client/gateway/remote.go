package gateway

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// remote is the address of who connects. Behind a trusted proxy it is the last
// entry of X-Forwarded-For that no trusted proxy made: those before it may have
// been written by anybody.
func (o *Options) remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !o.trusted(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		hop = strings.TrimSpace(hop)
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		if host = hop; !o.trusted(hop) {
			break
		}
	}
	return host
}

// trusted reports whether an address is that of a trusted proxy.
func (o *Options) trusted(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(o.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}
