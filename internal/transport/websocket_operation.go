package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"entente/internal/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// subscribe begins an operation, of whatever kind: the protocol calls it so.
func (c *connection) subscribe(m message) error {
	params := &graphql.RawParams{Headers: c.request.Header}
	params.ReadTime.Start = graphql.Now()
	if m.ID == "" {
		return closeWith(closeBadMessage, "a subscribe message has no id")
	}
	bad := readPayload(m.Payload, params)
	params.ReadTime.End = graphql.Now()
	ctx, cancel := context.WithCancel(c.ctx)
	number, refused, err := c.begin(m.ID, cancel)
	if err != nil || number == 0 {
		cancel()
		return err
	}
	ctx = guard.WithRequestID(ctx, fmt.Sprintf("%s.%d", guard.RequestID(c.ctx), number))
	op := &operation{c: c, id: m.ID, ctx: ctx}
	if bad == nil {
		bad = refused
	}
	go func() {
		defer c.running.Done()
		defer cancel()
		if bad == nil {
			bad = c.run(graphql.StartOperationTrace(ctx), params, c.exec, op)
		}
		if bad != nil {
			c.count(bad)
			op.fail(list(bad))
		}
		if c.forget(ctx, m.ID) { // first: the client may use the id again when it has read the end
			op.end()
		}
	}()
	return nil
}

func readPayload(payload json.RawMessage, p *graphql.RawParams) *rejected {
	if err := decode(payload, p); err != nil {
		return reject(http.StatusBadRequest, guard.CodeInvalidBody, `the payload is not a request: %s; write {"query": "{ … }", "variables": {…}}`, wording(err))
	}
	return named(p)
}

// begin notes an operation and returns its number. One that the connection has
// no place for, or asks for too soon, is refused, and counts until it has been
// told so. It is 0 when no more are begun.
func (c *connection) begin(id string, cancel context.CancelFunc) (number int, refused *rejected, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leaving {
		return 0, nil, nil
	}
	if c.active[id] != nil {
		return 0, nil, closeWith(closeSameID, "Subscriber for %s already exists", guard.Shorten(id))
	}
	if len(c.active) > 2*c.Operations && c.Operations > 0 {
		return 0, nil, closeWith(closeBadMessage, "far too many operations at once")
	}
	c.active[id] = cancel
	c.started++
	c.running.Add(1)
	switch n := len(c.active); {
	case c.Operations > 0 && n > c.Operations:
		refused = &rejected{err: guard.Exceeded(guard.CodeSocket, n, c.Operations, "wait for one to end, or end one",
			"the connection has %d operations under way", n).GraphQL()}
	case c.Allow != nil && !c.Allow(c.request):
		refused = reject(http.StatusTooManyRequests, guard.CodeTooFast, guard.TooFast)
	}
	return c.started, refused, nil
}

// end ends an operation that the client is no longer interested in.
func (c *connection) end(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel := c.active[id]; cancel != nil {
		cancel()
		delete(c.active, id)
	}
}

// forget makes room for another operation, and reports whether the client is still waiting for this one.
func (c *connection) forget(ctx context.Context, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ctx.Err() != nil { // the client has ended it, and may have given its id to another
		return false
	}
	delete(c.active, id)
	return true
}

// operation is the client of an operation on a WebSocket.
type operation struct {
	c      *connection
	id     string
	ctx    context.Context // ends when the client does not wait any longer
	failed []byte          // the errors that end it; nil: it is complete
}

func (*operation) accept(ast.Operation) *rejected { return nil }

// invalid takes the answer to what was not executed: its errors alone.
func (o *operation) invalid(resp *graphql.Response) { o.fail(resp.Errors) }

func (o *operation) fail(errs gqlerror.List) {
	markErrors(&graphql.Response{Errors: errs}, guard.RequestID(o.ctx))
	text, err := json.Marshal(errs)
	if err != nil {
		text = []byte("[" + unwritable + "]")
	}
	o.failed = text
}

// end tells that nothing more comes.
func (o *operation) end() {
	if o.failed != nil {
		o.tell("error", o.failed)
		return
	}
	o.tell("complete", nil)
}

func (o *operation) next(resp *graphql.Response) bool {
	text, _ := answer{id: guard.RequestID(o.ctx)}.body(resp)
	leave, ok := o.c.room(len(text))
	if !ok {
		bad := reject(http.StatusServiceUnavailable, guard.CodeBusy, guard.NoRoom)
		o.c.count(bad)
		o.fail(list(bad))
		return false
	}
	defer leave()
	o.tell("next", text)
	return true
}

func (c *connection) room(bytes int) (leave func(), ok bool) {
	if c.Room == nil {
		return func() {}, true
	}
	return c.Room(c.request, bytes)
}

// tell sends a message about the operation. The payload is JSON already, and
// may be long: it is copied, not encoded again.
func (o *operation) tell(kind string, payload []byte) {
	if o.ctx.Err() != nil {
		return
	}
	head, err := json.Marshal(message{ID: o.id, Type: kind})
	if err != nil { // texts can always be written
		return
	}
	var b bytes.Buffer
	b.Grow(len(head) + len(payload) + len(`,"payload":`))
	b.Write(head[:len(head)-1])
	if payload != nil {
		b.WriteString(`,"payload":`)
		b.Write(payload)
	}
	b.WriteByte('}')
	if err := o.c.write(b.Bytes()); err != nil {
		_ = o.c.conn.CloseNow() // it does not take what it has asked for
	}
}
