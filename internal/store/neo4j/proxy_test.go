package neo4j_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"entente/internal/store/neo4j/neo4jtest"
)

// proxy stands between the store and a server, counts connections, and can
// hold back what the server answers.
type proxy struct {
	neo4jtest.Server
	accepted atomic.Int32
	open     atomic.Int32
	drop     atomic.Int32 // how many connections more are dropped as soon as they are made
	mu       sync.Mutex
	free     chan struct{} // closed while answers pass
	held     chan struct{} // is sent on when an answer has been held back
	cut      atomic.Bool   // cuts the connection once a commit has been sent on
}

func newProxy(t *testing.T, behind neo4jtest.Server) *proxy {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{Server: behind, free: make(chan struct{}), held: make(chan struct{}, 1)}
	close(p.free)
	p.URI = "bolt://" + l.Addr().String()
	_, address, _ := strings.Cut(behind.URI, "://")
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.accepted.Add(1)
			if p.drop.Add(-1) >= 0 {
				_ = client.Close()
				continue
			}
			all.Go(func() { p.serve(client, address) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		p.pass()
		all.Wait()
	})
	return p
}

// serve joins a client with the server until either of them goes.
func (p *proxy) serve(client net.Conn, address string) {
	p.open.Add(1)
	defer p.open.Add(-1)
	defer func() { _ = client.Close() }()
	upstream, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	var ask sync.WaitGroup
	ask.Go(func() {
		p.ask(upstream, client)
		_ = upstream.Close()
	})
	p.answer(client, upstream)
	_ = client.Close()
	ask.Wait()
}

// commitMessage is a message of Bolt: its length, and a structure without fields.
var commitMessage = []byte{0x00, 0x02, 0xB0, 0x12, 0x00, 0x00}

// ask sends on what the client asks.
func (p *proxy) ask(upstream io.Writer, client io.ReadCloser) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		cut := bytes.Contains(buffer[:n], commitMessage) && p.cut.CompareAndSwap(true, false)
		if cut {
			_ = client.Close() // before the answer can come
		}
		if _, err := upstream.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) answer(client io.Writer, upstream io.Reader) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := upstream.Read(buffer)
		if err != nil {
			return
		}
		p.wait()
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) wait() {
	p.mu.Lock()
	free := p.free
	p.mu.Unlock()
	select {
	case <-free:
		return
	default:
	}
	select {
	case p.held <- struct{}{}:
	default:
	}
	<-free
}

// hold keeps answers back until they may pass again.
func (p *proxy) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = make(chan struct{})
}

func (p *proxy) pass() {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.free:
	default:
		close(p.free)
	}
}
