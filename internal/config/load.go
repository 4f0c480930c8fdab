package config

import (
	"math"
	"net/netip"

	"entente/internal/kg"
)

// Load says how much may go on at once, and how much of it for one client.
type Load struct {
	Requests       int      `name:"limit-requests" help:"Requests answered at once, an eighth of them large ones, half at most of one client; others wait for some seconds. 0: no limit." env:"ENTENTE_LIMIT_REQUESTS" default:"32" placeholder:"N"`
	Rate           float64  `name:"limit-rate" help:"Requests a second of one client, but for those of this machine. 0: no limit." env:"ENTENTE_LIMIT_RATE" default:"50" placeholder:"N"`
	Connections    int      `name:"limit-connections" help:"Open connections of one client, but for those of this machine. 0: no limit." env:"ENTENTE_LIMIT_CONNECTIONS" default:"64" placeholder:"N"`
	SocketOps      int      `name:"limit-socket-operations" help:"Operations at once on one WebSocket. 0: no limit." env:"ENTENTE_LIMIT_SOCKET_OPERATIONS" default:"32" placeholder:"N"`
	AllConnections int      `name:"limit-all-connections" help:"Open connections in all. 0: no limit." env:"ENTENTE_LIMIT_ALL_CONNECTIONS" default:"4096" placeholder:"N"`
	TrustedProxies []string `name:"trusted-proxies" help:"Networks of proxies that say in X-Forwarded-For who the client is, such as 10.0.0.0/8; separated by commas." env:"ENTENTE_TRUSTED_PROXIES" placeholder:"NETWORK"`
}

// Verify reports the first setting that cannot work, with a remedy.
func (l Load) Verify() error {
	for _, limit := range []struct {
		name string
		n    float64
	}{
		{"--limit-requests", float64(l.Requests)}, {"--limit-rate", l.Rate},
		{"--limit-connections", float64(l.Connections)}, {"--limit-all-connections", float64(l.AllConnections)},
		{"--limit-socket-operations", float64(l.SocketOps)},
	} {
		if limit.n < 0 || math.IsNaN(limit.n) {
			return kg.Invalid("write 0 for no limit, or a number above it", "%s is %g", limit.name, limit.n)
		}
	}
	_, err := l.Proxies()
	return err
}

// Proxies returns the networks of the trusted proxies.
func (l Load) Proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range l.TrustedProxies {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			address, err := netip.ParseAddr(text)
			if err != nil {
				return nil, kg.Invalid("write a network such as 10.0.0.0/8, or an address", "--trusted-proxies has %q", text)
			}
			network = netip.PrefixFrom(address, address.BitLen())
		}
		out = append(out, network)
	}
	return out, nil
}
