package transport

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"entente/internal/guard"
	"entente/internal/kg"

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
	if bad := ws.unwelcome(r); bad != nil {
		ws.refuse(answer{w: w, id: guard.RequestID(r.Context()), mediaType: typeJSON}, bad)
		return
	}
	line := &hijacked{ResponseWriter: w}
	conn, err := websocket.Accept(line, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}, InsecureSkipVerify: true}) // unwelcome has looked
	if err != nil {
		return // it was no proper handshake: Accept has said so
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	c := &connection{
		WebSocket: ws, conn: conn, line: line.conn, request: r, exec: exec, ctx: ctx, cancel: cancel,
		pen: make(chan struct{}, 1), active: map[string]*operation{},
	}
	c.serve()
}

// unwelcome refuses the pages of other origins: unlike what else a page asks for,
// browsers open a WebSocket from anywhere.
func (ws WebSocket) unwelcome(r *http.Request) *rejected {
	if r.Method != http.MethodGet {
		bad := reject(http.StatusMethodNotAllowed, guard.CodeMethod, "a WebSocket is asked for with GET, not with %s", guard.Shorten(r.Method))
		bad.allow = http.MethodGet
		return bad
	}
	origin := r.Header.Get("Origin")
	if origin == "" { // it is no browser
		return nil
	}
	if u, err := url.Parse(origin); err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host) {
		return nil
	}
	same := func(welcome string) bool { return strings.EqualFold(strings.TrimSuffix(welcome, "/"), origin) }
	if slices.ContainsFunc(ws.Origins, same) {
		return nil
	}
	return reject(http.StatusForbidden, guard.CodeOrigin, "pages of %s may not ask here; the operator can let them with --cors-origins", guard.Shorten(origin))
}

// hijacked keeps the connection that the handshake takes over.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack takes the connection over.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	h.conn = conn
	return conn, buffered, err
}

// connection is a WebSocket with the operations that run on it.
type connection struct {
	WebSocket
	conn    *websocket.Conn
	line    net.Conn // what conn writes to
	request *http.Request
	exec    graphql.GraphExecutor
	ctx     context.Context // lives as long as the connection
	cancel  context.CancelFunc
	pen     chan struct{} // held by who writes

	mu      sync.Mutex
	active  map[string]*operation // by the id that the client has given
	started int                   // operations so far
	busy    int                   // operations that have not ended, those without a client among them
	leaving bool                  // no more are begun
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
	status websocket.StatusCode
	code   kg.Code // under which it is counted
	reason string
}

// Error says why.
func (c *closing) Error() string { return c.reason }

func closeWith(status websocket.StatusCode, code kg.Code, format string, args ...any) error {
	return &closing{status, code, fmt.Sprintf(format, args...)}
}

// serve answers messages until one side leaves. It returns when all operations have ended.
func (c *connection) serve() {
	defer c.running.Wait()
	defer c.cancel()
	go c.leaveInTime()
	err := c.converse()
	if reason, ok := errors.AsType[*closing](err); ok {
		c.refuseWith(reason)
		return
	}
	if errors.Is(err, websocket.ErrMessageTooBig) {
		c.counted(guard.CodeBodySize) // the client has been told
	}
	_ = c.conn.CloseNow() // the client has left, or what it sends cannot be read
}

func (c *connection) refuseWith(reason *closing) {
	c.counted(reason.code)
	if c.Log != nil {
		c.Log.InfoContext(c.ctx, "websocket refused", "status", int(reason.status), "code", reason.code, "reason", reason.reason)
	}
	c.close(reason.status, reason.reason)
}

func (c *connection) converse() error {
	if c.conn.Subprotocol() != protocol {
		return closeWith(closeNoProtocol, guard.CodeUnsupported, "this server speaks %s", protocol)
	}
	c.conn.SetReadLimit(-1)
	if c.MaxBody > 0 {
		c.conn.SetReadLimit(int64(c.MaxBody))
	}
	if err := c.greet(); err != nil {
		return err
	}
	go c.keepAlive()
	return c.listen()
}

// greet waits for the client to introduce itself, and lets it in.
func (c *connection) greet() error {
	late := time.AfterFunc(c.greeting(), func() {
		c.refuseWith(&closing{closeTooSlow, guard.CodeTimeout, "Connection initialisation timeout"})
	})
	defer late.Stop()
	for {
		m, err := c.receive()
		if err != nil {
			return err
		}
		switch m.Type {
		case "connection_init":
			if !c.admitted(m.Payload) {
				return closeWith(closeForbidden, guard.CodeUnauthenticated, `Forbidden: send a valid API key as {"Authorization": "Bearer KEY"} in connection_init`)
			}
			return c.acknowledge()
		case "ping":
			if err := c.send(message{Type: "pong", Payload: m.Payload}); err != nil {
				return err
			}
		case "pong":
		case "subscribe":
			return closeWith(closeNotInitialised, guard.CodeInvalidBody, "not initialised: send connection_init first")
		default:
			return unexpected(m)
		}
	}
}

// acknowledge lets the client in, and tells it the id of the connection: its
// operations have that one with their number behind it.
func (c *connection) acknowledge() error {
	payload, err := json.Marshal(map[string]string{"requestId": guard.RequestID(c.ctx)})
	if err != nil {
		return fmt.Errorf("writing the id of a request: %w", err)
	}
	return c.send(message{Type: "connection_ack", Payload: payload})
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
			err = closeWith(closeTwice, guard.CodeInvalidBody, "Too many initialisation requests")
		default:
			err = unexpected(m)
		}
		if err != nil {
			return err
		}
	}
}

func unexpected(m message) error {
	return closeWith(closeBadMessage, guard.CodeInvalidBody, "there is no message of the type %q from a client", guard.Shorten(m.Type))
}

func (c *connection) receive() (m message, err error) {
	kind, text, err := c.conn.Read(c.ctx)
	if err != nil {
		return m, err
	}
	if kind == websocket.MessageText && !utf8.Valid(text) {
		return m, closeWith(websocket.StatusInvalidFramePayloadData, guard.CodeInvalidBody, "the message is no text in UTF-8")
	}
	if kind != websocket.MessageText || json.Unmarshal(text, &m) != nil {
		return m, closeWith(closeBadMessage, guard.CodeInvalidBody, "the message is no JSON object with a type")
	}
	return m, nil
}

// send writes a message of the connection itself. What reads the client's messages
// waits for it: who does not read is not read either.
func (c *connection) send(m message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	return c.write(c.ctx, text)
}

// write sends a message when no other is being sent.
func (c *connection) write(ctx context.Context, text []byte) error {
	if err := c.takePen(ctx); err != nil {
		return err
	}
	return c.put(text)
}

// takePen waits for the turn to send a message. What ctx ends before is not sent.
func (c *connection) takePen(ctx context.Context) error {
	select {
	case c.pen <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		<-c.pen
		return err
	}
	return nil
}

// put sends a message and lays the pen down. A client that does not take it in time
// is given up.
func (c *connection) put(text []byte) error {
	defer func() { <-c.pen }()
	timed, cancel := context.WithTimeout(c.ctx, c.writeTime())
	defer cancel()
	if err := c.conn.Write(timed, websocket.MessageText, text); err != nil {
		_ = c.conn.CloseNow()
		return err
	}
	return nil
}

const (
	longestReason = 123         // bytes, by the protocol
	farewell      = time.Second // within which a client has to say goodbye, too
)

func (c *connection) close(status websocket.StatusCode, reason string) {
	_ = c.line.SetDeadline(time.Now().Add(farewell))
	_ = c.conn.Close(status, strings.ToValidUTF8(reason[:min(len(reason), longestReason)], "")) // the client may have left already
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
