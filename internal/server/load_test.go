package server

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"entente/internal/config"
	"entente/internal/kg"
	"entente/internal/transport"
)

func plainRefusal(w http.ResponseWriter, r *http.Request, status int, code kg.Code, message string) {
	transport.WriteError(w, r, status, code, "%s", message)
}

// A client that asks too often is told so, others and this machine are not.
func TestRateOfOneClient(t *testing.T) {
	pace, err := NewPace(config.Load{Rate: 1e-6, TrustedProxies: []string{"10.0.0.0/8", "127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	h := slowed(pace, plainRefusal, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	status := func(from, forwarded string) int {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.RemoteAddr = from
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code
	}
	if got := status("192.0.2.1:1", "198.51.100.7"); got != http.StatusOK {
		t.Fatalf("the first request: %d", got)
	}
	for name, tc := range map[string]struct {
		from, forwarded string
		want            int
	}{
		"one more":                         {"192.0.2.1:2", "", http.StatusTooManyRequests},
		"one more, under a false name":     {"192.0.2.1:2", "203.0.113.9", http.StatusTooManyRequests},
		"one more, through a proxy":        {"10.0.0.1:2", "192.0.2.1", http.StatusTooManyRequests},
		"a false name through a proxy":     {"10.0.0.1:2", "203.0.113.9, 192.0.2.1, 10.0.0.2", http.StatusTooManyRequests},
		"another client":                   {"192.0.2.2:1", "", http.StatusOK},
		"another client through the proxy": {"10.0.0.1:1", "192.0.2.3", http.StatusOK},
	} {
		if got := status(tc.from, tc.forwarded); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
	for range 3 {
		if got := status("127.0.0.1:1", ""); got != http.StatusOK {
			t.Fatalf("this machine: %d", got)
		}
	}
	for _, want := range []int{http.StatusOK, http.StatusTooManyRequests} {
		if got := status("127.0.0.1:1", "127.0.0.1"); got != want {
			t.Errorf("this machine, as a proxy says: %d, want %d", got, want)
		}
	}
	if got := status("[2001:db8::1]:1", ""); got != http.StatusOK {
		t.Fatalf("a client with a long address: %d", got)
	}
	if got := status("[2001:db8::2]:1", ""); got != http.StatusTooManyRequests {
		t.Errorf("another address of the same network: %d", got)
	}
}

// Who asks is known through proxies that are trusted, however they write it, and no
// header makes anybody this machine itself, which has no limit.
func TestWhoAsksThroughProxies(t *testing.T) {
	here := netip.MustParseAddr("127.0.0.1")
	nobody := netip.Addr{}
	for name, tc := range map[string]struct {
		from      string
		forwarded []string
		want      netip.Addr
	}{
		"this machine":                         {"127.0.0.1:1", nil, here},
		"this machine, by a longer address":    {"[::1]:1", nil, netip.IPv6Loopback()},
		"a proxy on this machine":              {"127.0.0.1:1", []string{"192.0.2.1"}, netip.MustParseAddr("192.0.2.1")},
		"one after another":                    {"127.0.0.1:1", []string{"192.0.2.1, 127.0.0.1", "10.0.0.1"}, netip.MustParseAddr("192.0.2.1")},
		"a proxy's own machine":                {"10.0.0.1:1", []string{"127.0.0.1"}, nobody},
		"a proxy's own machine, long":          {"10.0.0.1:1", []string{"::1"}, nobody},
		"a proxy's own machine, mapped":        {"10.0.0.1:1", []string{"::ffff:127.0.0.2"}, nobody},
		"this machine through a proxy here":    {"127.0.0.1:1", []string{"127.0.0.1"}, nobody},
		"this machine, before another name":    {"127.0.0.1:1", []string{"127.0.0.1, 192.0.2.1"}, netip.MustParseAddr("192.0.2.1")},
		"a proxy here that does not say":       {"127.0.0.1:1", []string{"unknown"}, nobody},
		"a proxy here that says nothing":       {"127.0.0.1:1", []string{""}, nobody},
		"a proxy that does not say":            {"10.0.0.1:1", []string{"unknown"}, netip.MustParseAddr("10.0.0.1")},
		"with a port":                          {"10.0.0.1:1", []string{"203.0.113.9, 192.0.2.1:5678"}, netip.MustParseAddr("192.0.2.1")},
		"a proxy with a port":                  {"10.0.0.1:1", []string{"192.0.2.1:5678, 10.0.0.2:90"}, netip.MustParseAddr("192.0.2.1")},
		"a long address":                       {"10.0.0.1:1", []string{"2001:db8::1"}, netip.MustParseAddr("2001:db8::")},
		"a long address with a port":           {"10.0.0.1:1", []string{"[2001:db8::1]:123"}, netip.MustParseAddr("2001:db8::")},
		"a long address in brackets":           {"10.0.0.1:1", []string{"[2001:db8::1]"}, netip.MustParseAddr("2001:db8::")},
		"the proxy's machine with a port":      {"10.0.0.1:1", []string{"[::1]:123"}, nobody},
		"a client that is no proxy, and lies":  {"192.0.2.9:1", []string{"127.0.0.1"}, netip.MustParseAddr("192.0.2.9")},
		"a long address with its network card": {"10.0.0.1:1", []string{"fe80::1%eth0"}, netip.MustParseAddr("fe80::")},
	} {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.RemoteAddr = tc.from
		r.Header["X-Forwarded-For"] = tc.forwarded
		if got := clientOf(r, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// fakeListener hands out connections from given addresses.
type fakeListener struct {
	net.Listener
	from []string
}

func (l *fakeListener) Accept() (net.Conn, error) {
	if len(l.from) == 0 {
		return nil, net.ErrClosed
	}
	a, err := net.ResolveTCPAddr("tcp", l.from[0])
	l.from = l.from[1:]
	return &fakeConn{addr: a}, err
}

type fakeConn struct {
	net.Conn
	addr   net.Addr
	closed bool
}

func (c *fakeConn) RemoteAddr() net.Addr { return c.addr }
func (c *fakeConn) Close() error         { c.closed = true; return nil }

// A client has so many connections, and a closed one makes room.
func TestConnectionsOfOneClient(t *testing.T) {
	inner := &fakeListener{from: []string{"192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3", "192.0.2.2:1", "127.0.0.1:1", "127.0.0.1:2"}}
	m := NewMetrics("test")
	l := LimitConnections(inner, 1, 3, m)
	accept := func() net.Conn {
		t.Helper()
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := accept()
	if got := accept().RemoteAddr().String(); got != "192.0.2.2:1" {
		t.Fatalf("the second connection served is that from %s", got)
	}
	if got := accept().RemoteAddr().String(); got != "127.0.0.1:1" {
		t.Fatalf("the third is that from %s", got)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("a fourth connection is served where three are allowed")
	}
	for range 2 { // closed twice, counted once
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
	}
	inner.from = []string{"192.0.2.1:4", "192.0.2.3:1"}
	if got := accept().RemoteAddr().String(); got != "192.0.2.1:4" {
		t.Errorf("after the first was closed, the connection from %s is served", got)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("closing a connection twice made room for two")
	}
	for what, got := range map[string]struct{ n, want float64 }{
		"open":                     {testutil.ToFloat64(m.connections), 3},
		"refused to a client":      {testutil.ToFloat64(m.closed.WithLabelValues(limitClient)), 2},
		"refused as too many, all": {testutil.ToFloat64(m.closed.WithLabelValues(limitAll)), 2},
	} {
		if got.n != got.want {
			t.Errorf("%s: %g connections are counted, want %g", what, got.n, got.want)
		}
	}
}
