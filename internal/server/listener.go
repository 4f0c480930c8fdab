package server

import (
	"net"
	"net/netip"
	"sync"
)

// LimitConnections keeps the connections to a listener few: those of one
// client, and all together. One too many is closed at once. Those of this
// machine count among all, but have no limit of their own.
func LimitConnections(l net.Listener, perClient, all int) net.Listener {
	return &limitedListener{Listener: l, perClient: perClient, all: all, open: map[netip.Addr]int{}}
}

type limitedListener struct {
	net.Listener
	perClient, all int

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
		if l.enter(client) {
			return &limitedConn{Conn: conn, leave: sync.OnceFunc(func() { l.leave(client) })}, nil
		}
		_ = conn.Close() // nothing was sent, so nothing is lost
	}
}

func (l *limitedListener) enter(client netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all > 0 && l.total >= l.all {
		return false
	}
	if l.perClient > 0 && !client.IsLoopback() && l.open[client] >= l.perClient {
		return false
	}
	l.total++
	l.open[client]++
	return true
}

func (l *limitedListener) leave(client netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total--
	if l.open[client]--; l.open[client] == 0 {
		delete(l.open, client)
	}
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
