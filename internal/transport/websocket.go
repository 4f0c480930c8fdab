package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"entente/internal/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
)

// WebSocket carries many operations over one connection, by the protocol
// graphql-transport-ws. It comes before HTTP.
type WebSocket struct {
	HTTP
	Streams
}

var _ graphql.Transport = WebSocket{}

// protocol is the name of graphql-transport-ws in the handshake.
const protocol = "graphql-transport-ws"

// The reasons to close a connection that the protocol gives numbers to.
const (
	closeBadMessage     websocket.StatusCode = 4400
	closeNotInitialised websocket.StatusCode = 4401
	closeForbidden      websocket.StatusCode = 4403
	closeNoProtocol     websocket.StatusCode = 4406
	closeTooSlow        websocket.StatusCode = 4408
	closeSameID         websocket.StatusCode = 4409
	closeTwice          websocket.StatusCode = 4429
)

// IsWebSocket recognises requests for a WebSocket.
func IsWebSocket(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// Supports takes the requests for a WebSocket.
func (WebSocket) Supports(r *http.Request) bool { return IsWebSocket(r) }

// Do serves one connection to its end.
func (ws WebSocket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}, OriginPatterns: ws.origins()})
	if err != nil {
		return // Accept has said why
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	c := &connection{WebSocket: ws, conn: conn, request: r, exec: exec, ctx: ctx, cancel: cancel, active: map[string]context.CancelFunc{}}
	if conn.Subprotocol() != protocol {
		c.close(closeNoProtocol, "this server speaks "+protocol)
		return
	}
	conn.SetReadLimit(-1)
	if ws.MaxBody > 0 {
		conn.SetReadLimit(int64(ws.MaxBody))
	}
	c.serve()
}

// unpatterned escapes what would have a meaning of its own where an origin is
// compared: that of an IPv6 address has brackets.
var unpatterned = strings.NewReplacer("[", `\[`, "]", `\]`)

func (ws WebSocket) origins() []string {
	patterns := make([]string, len(ws.Origins))
	for i, origin := range ws.Origins {
		patterns[i] = unpatterned.Replace(strings.TrimSuffix(origin, "/"))
	}
	return patterns
}

// connection is a WebSocket with the operations that run on it.
type connection struct {
	WebSocket
	conn    *websocket.Conn
	request *http.Request
	exec    graphql.GraphExecutor
	ctx     context.Context // lives as long as the connection
	cancel  context.CancelFunc

	mu      sync.Mutex
	active  map[string]context.CancelFunc // by the id that the client has given
	started int                           // operations so far
	leaving bool                          // no more are begun
	running sync.WaitGroup
}

// message is what both sides send each other.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// closing is the reason to close a connection.
type closing struct {
	code   websocket.StatusCode
	reason string
}

// Error says why.
func (c *closing) Error() string { return c.reason }

func closeWith(code websocket.StatusCode, format string, args ...any) error {
	return &closing{code, fmt.Sprintf(format, args...)}
}

// serve answers messages until one side leaves. It returns when all operations have ended.
func (c *connection) serve() {
	defer c.running.Wait()
	defer c.cancel()
	err := c.greet()
	if err == nil {
		go c.keepAlive()
		go c.leaveInTime()
		err = c.listen()
	}
	if reason, ok := errors.AsType[*closing](err); ok {
		c.close(reason.code, reason.reason)
		return
	}
	_ = c.conn.CloseNow() // the client has left, or what it sends cannot be read: it has been told so
}

// greet waits for the client to introduce itself, and lets it in.
func (c *connection) greet() error {
	late := time.AfterFunc(c.greeting(), func() { c.close(closeTooSlow, "Connection initialisation timeout") })
	defer late.Stop()
	for {
		m, err := c.receive()
		if err != nil {
			return err
		}
		switch m.Type {
		case "connection_init":
			if !c.admitted(m.Payload) {
				return closeWith(closeForbidden, "Forbidden: send a valid API key as {\"Authorization\": \"Bearer KEY\"} in connection_init")
			}
			return c.send(message{Type: "connection_ack"})
		case "ping":
			if err := c.send(message{Type: "pong", Payload: m.Payload}); err != nil {
				return err
			}
		case "pong":
		case "subscribe":
			return closeWith(closeNotInitialised, "not initialised: send connection_init first")
		default:
			return unexpected(m)
		}
	}
}

// admitted reports whether the client may ask: by the header of its request,
// or, as browsers let pages set none, by what it says when it greets.
func (c *connection) admitted(payload json.RawMessage) bool {
	if c.Admit == nil || c.Admit(c.request.Header.Get("Authorization")) {
		return true
	}
	var given map[string]any
	if json.Unmarshal(payload, &given) != nil {
		return false
	}
	for name, value := range given {
		if text, ok := value.(string); ok && strings.EqualFold(name, "Authorization") && c.Admit(text) {
			return true
		}
	}
	return false
}

// listen answers what the client sends after its greeting.
func (c *connection) listen() error {
	for {
		m, err := c.receive()
		if err != nil {
			return err
		}
		switch m.Type {
		case "subscribe":
			err = c.subscribe(m)
		case "complete":
			c.end(m.ID)
		case "ping":
			err = c.send(message{Type: "pong", Payload: m.Payload})
		case "pong":
		case "connection_init":
			err = closeWith(closeTwice, "Too many initialisation requests")
		default:
			err = unexpected(m)
		}
		if err != nil {
			return err
		}
	}
}

func unexpected(m message) error {
	return closeWith(closeBadMessage, "there is no message of the type %q from a client", guard.Shorten(m.Type))
}

func (c *connection) receive() (m message, err error) {
	kind, text, err := c.conn.Read(c.ctx)
	if err != nil {
		return m, err
	}
	if kind != websocket.MessageText || json.Unmarshal(text, &m) != nil {
		return m, closeWith(closeBadMessage, "the message is no JSON object with a type")
	}
	return m, nil
}

func (c *connection) send(m message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	return c.write(text)
}

// write sends a message. A client that does not take it in time is given up.
func (c *connection) write(text []byte) error {
	ctx, cancel := context.WithTimeout(c.ctx, c.writeTime())
	defer cancel()
	return c.conn.Write(ctx, websocket.MessageText, text)
}

// longestReason is how much of a reason fits into a closing frame.
const longestReason = 123

func (c *connection) close(code websocket.StatusCode, reason string) {
	_ = c.conn.Close(code, reason[:min(len(reason), longestReason)]) // the client may have left already
}

// keepAlive asks for a sign of life now and then, and gives a client up that
// does not answer before the next time.
func (c *connection) keepAlive() {
	ticker := time.NewTicker(c.heartbeat())
	defer ticker.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-ticker.C:
		}
		ctx, cancel := context.WithTimeout(c.ctx, c.heartbeat())
		err := c.conn.Ping(ctx)
		cancel()
		if err != nil {
			_ = c.conn.CloseNow()
			return
		}
	}
}

// leaveInTime ends the connection when the server is to stop: with the answers
// to what was asked before.
func (c *connection) leaveInTime() {
	select {
	case <-c.ctx.Done():
		return
	case <-c.Stopping:
	}
	c.mu.Lock()
	c.leaving = true
	c.mu.Unlock()
	c.running.Wait()
	c.close(websocket.StatusGoingAway, "the server is stopping; connect again")
}
