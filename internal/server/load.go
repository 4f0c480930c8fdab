package server

import (
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"entente/internal/guard"
)

const (
	burst         = 4      // seconds' worth of requests that a client may send at once
	knownClients  = 10_000 // whose rate is kept; the one that asked least recently is forgotten
	networkV6Bits = 64     // one customer's network: its addresses count as one client
)

// slowed answers at most so many requests a second of one client. Those of
// this machine are not counted: a proxy is there, or a person.
func slowed(perSecond float64, proxies []netip.Prefix, refuse refuser, next http.Handler) (http.Handler, error) {
	if perSecond == 0 {
		return next, nil
	}
	clients, err := lru.New[netip.Addr, *rate.Limiter](knownClients)
	if err != nil {
		return nil, err
	}
	most := max(int(math.Ceil(perSecond*burst)), 1)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := clientOf(r, proxies)
		if client.IsLoopback() {
			next.ServeHTTP(w, r)
			return
		}
		limiter, ok := clients.Get(client)
		if !ok {
			limiter = rate.NewLimiter(rate.Limit(perSecond), most)
			if known, ok, _ := clients.PeekOrAdd(client, limiter); ok {
				limiter = known
			}
		}
		if !limiter.Allow() {
			w.Header().Set("Retry-After", "1")
			refuse(w, r, http.StatusTooManyRequests, guard.CodeTooFast,
				"this client sends too many requests; slow down, and try again after a second")
			return
		}
		next.ServeHTTP(w, r)
	}), nil
}

// clientOf is the address a request comes from: that of the connection, or
// where a trusted proxy holds it, the last one in X-Forwarded-For that is not
// itself a trusted proxy. Whatever stands before that, anybody can have written.
func clientOf(r *http.Request, proxies []netip.Prefix) netip.Addr {
	client := hostOf(r.RemoteAddr)
	trusted := func(a netip.Addr) bool {
		return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	if !trusted(client) {
		return network(client)
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		address, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = address.Unmap()
		if !trusted(client) {
			break
		}
	}
	return network(client)
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
