package server

import (
	"net"
	"net/netip"
	"sync"
)

// LimitConnections keeps the connections to a listener few: those of one
// client, and all together. One too many is closed at once. Those of this
// machine count among all, but have no limit of their own. Metrics may be nil.
func LimitConnections(l net.Listener, perClient, all int, m *Metrics) net.Listener {
	return &limitedListener{Listener: l, perClient: perClient, all: all, metrics: m, open: map[netip.Addr]int{}}
}

type limitedListener struct {
	net.Listener
	perClient, all int
	metrics        *Metrics

	mu    sync.Mutex
	open  map[netip.Addr]int
	total int
}

// Accept waits for a connection that may be served.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		client := network(hostOf(conn.RemoteAddr().String()))
		limit := l.enter(client)
		l.metrics.connected(limit)
		if limit == "" {
			return &limitedConn{Conn: conn, leave: sync.OnceFunc(func() { l.leave(client) })}, nil
		}
		_ = conn.Close() // nothing was sent, so nothing is lost
	}
}

// The limits on connections, as they are counted.
const (
	limitAll    = "all"
	limitClient = "client"
)

// enter counts one more connection, or names the limit that it is beyond.
func (l *limitedListener) enter(client netip.Addr) (limit string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all > 0 && l.total >= l.all {
		return limitAll
	}
	if l.perClient > 0 && !client.IsLoopback() && l.open[client] >= l.perClient {
		return limitClient
	}
	l.total++
	l.open[client]++
	return ""
}

func (l *limitedListener) leave(client netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	if l.open[client]--; l.open[client] == 0 {
		delete(l.open, client)
	}
	l.metrics.disconnected()
}

type limitedConn struct {
	net.Conn
	leave func()
}

// Close makes room for another connection.
func (c *limitedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
