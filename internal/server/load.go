package server

import (
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"entente/internal/config"
	"entente/internal/guard"
)

const (
	burst         = 4      // seconds' worth of requests that a client may send at once
	knownClients  = 10_000 // whose rate is kept; the one that asked least recently is forgotten
	networkV6Bits = 64     // one customer's network: its addresses count as one client
)

// Pace lets each client send so many requests a second, and a few seconds' worth
// of them at once. Those of this machine are not counted: a proxy is there, or a
// person. Nil lets all send as many as they like.
type Pace struct {
	perSecond rate.Limit
	most      int
	proxies   []netip.Prefix
	clients   *lru.Cache[netip.Addr, *rate.Limiter]
}

// NewPace makes the pace that is configured; nil where there is none.
func NewPace(load config.Load) (*Pace, error) {
	if load.Rate == 0 {
		return nil, nil
	}
	proxies, err := load.Proxies()
	if err != nil {
		return nil, err
	}
	clients, err := lru.New[netip.Addr, *rate.Limiter](knownClients)
	return &Pace{rate.Limit(load.Rate), max(int(math.Ceil(load.Rate*burst)), 1), proxies, clients}, err
}

// Allow reports whether the client of a request may send one more now, and counts it.
func (p *Pace) Allow(r *http.Request) bool {
	if p == nil {
		return true
	}
	client := clientOf(r, p.proxies)
	if client.IsLoopback() {
		return true
	}
	limiter, ok := p.clients.Get(client)
	if !ok {
		limiter = rate.NewLimiter(p.perSecond, p.most)
		if known, ok, _ := p.clients.PeekOrAdd(client, limiter); ok {
			limiter = known
		}
	}
	return limiter.Allow()
}

// slowed refuses requests that come faster than their client may send them.
func slowed(pace *Pace, refuse refuser, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !pace.Allow(r) {
			w.Header().Set("Retry-After", "1")
			refuse(w, r, http.StatusTooManyRequests, guard.CodeTooFast, guard.TooFast)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// clientOf is the address a request comes from: that of the connection, or
// where a trusted proxy holds it, the last one in X-Forwarded-For that is not
// itself a trusted proxy. Whatever stands before that, anybody can have written.
// Only a request that no proxy passes on can be one of this machine: an address
// of the proxy's own machine in that header is nobody's, and all such are one client.
func clientOf(r *http.Request, proxies []netip.Prefix) netip.Addr {
	client := hostOf(r.RemoteAddr)
	trusted := func(a netip.Addr) bool {
		return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	if !trusted(client) {
		return network(client)
	}
	hops := hopsOf(r)
	for _, hop := range slices.Backward(hops) {
		address, err := netip.ParseAddr(hostName(hop))
		if err != nil {
			break
		}
		client = address.Unmap().WithZone("")
		if !trusted(client) {
			break
		}
	}
	if client.IsLoopback() && len(hops) > 0 {
		return netip.Addr{}
	}
	return network(client)
}

// hopsOf is what X-Forwarded-For says, the nearest proxy's client last: addresses,
// some with ports.
func hopsOf(r *http.Request) []string {
	var hops []string
	for _, header := range r.Header.Values("X-Forwarded-For") {
		for hop := range strings.SplitSeq(header, ",") {
			hops = append(hops, strings.TrimSpace(hop))
		}
	}
	return hops
}

func hostOf(address string) netip.Addr {
	parsed, err := netip.ParseAddrPort(address)
	if err != nil {
		return netip.Addr{}
	}
	return parsed.Addr().Unmap().WithZone("")
}

// network is the address under which a client is counted.
func network(a netip.Addr) netip.Addr {
	if !a.Is6() || a.IsLoopback() {
		return a
	}
	prefix, err := a.Prefix(networkV6Bits)
	if err != nil {
		return a
	}
	return prefix.Addr()
}
