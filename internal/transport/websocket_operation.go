package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"entente/internal/guard"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// longestID is how long the name of an operation may be: each of its messages carries it.
const longestID = 256

// subscribe begins an operation, of whatever kind: the protocol calls it so. One
// that is refused is told so before the next message is read.
func (c *connection) subscribe(m message) error {
	if m.ID == "" || len(m.ID) > longestID {
		return closeWith(closeBadMessage, guard.CodeInvalidBody, "a subscribe message needs an id of 1 to %d bytes", longestID)
	}
	params := &graphql.RawParams{Headers: c.request.Header}
	params.ReadTime.Start = graphql.Now()
	bad := readPayload(m.Payload, params)
	params.ReadTime.End = graphql.Now()
	op, refused, err := c.begin(m.ID)
	if err != nil || op == nil {
		return err
	}
	if refused != nil {
		bad = refused
	}
	if bad != nil {
		op.fail(bad)
		return c.finish(op)
	}
	go func() {
		if bad := c.run(graphql.StartOperationTrace(op.ctx), params, c.exec, op); bad != nil {
			op.fail(bad)
		}
		_ = c.finish(op) // who does not take the end has been given up
	}()
	return nil
}

func readPayload(payload json.RawMessage, p *graphql.RawParams) *rejected {
	if err := decode(payload, p); err != nil {
		return reject(http.StatusBadRequest, guard.CodeInvalidBody, `the payload is not a request: %s; write {"query": "{ … }", "variables": {…}}`, wording(err))
	}
	return named(p)
}

// begin notes an operation, and says what keeps it from running. There is none when
// no more are begun.
func (c *connection) begin(id string) (*operation, *rejected, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leaving {
		return nil, nil, nil
	}
	if c.active[id] != nil {
		return nil, nil, closeWith(closeSameID, guard.CodeInvalidBody, "Subscriber for %s already exists", guard.Shorten(id))
	}
	c.started++
	c.busy++
	c.running.Add(1)
	op := &operation{c: c, id: id, began: time.Now(), leave: sync.OnceFunc(c.leave)}
	op.ctx, op.cancel = context.WithCancel(guard.WithRequestID(c.ctx, fmt.Sprintf("%s.%d", guard.RequestID(c.ctx), c.started)))
	c.active[id] = op
	switch {
	case c.Operations > 0 && c.busy > c.Operations:
		return op, &rejected{err: guard.Exceeded(guard.CodeSocket, c.busy, c.Operations, "wait for one to end, or end one",
			"the connection has %d operations under way", c.busy).GraphQL()}, nil
	case c.Allow != nil && !c.Allow(c.request):
		return op, reject(http.StatusTooManyRequests, guard.CodeTooFast, guard.TooFast), nil
	default:
		return op, nil, nil
	}
}

// end ends an operation that the client is no longer interested in, and frees its id.
// It counts until its work has ended.
func (c *connection) end(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if op := c.active[id]; op != nil {
		op.cancel()
		delete(c.active, id)
	}
}

// finish tells the client the end of an operation, unless the client has ended it. The
// id is free before: the client may use it again when it has read the end.
func (c *connection) finish(op *operation) error {
	defer c.running.Done()
	defer op.cancel()
	c.mu.Lock()
	waiting := c.active[op.id] == op
	if waiting {
		delete(c.active, op.id)
	}
	c.mu.Unlock()
	var err error
	if waiting {
		err = op.end()
	}
	op.leave()
	op.log(waiting)
	return err
}

// leave makes place for another operation.
func (c *connection) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy--
}

// operation is the client of an operation on a WebSocket.
type operation struct {
	c      *connection
	id     string
	ctx    context.Context // ends when the client does not wait any longer
	cancel context.CancelFunc
	leave  func() // gives its place away, once
	began  time.Time
	failed gqlerror.List // the errors that end it; nil: it is complete
	bytes  int           // told so far
}

func (*operation) accept(ast.Operation) *rejected { return nil }

// invalid takes the answer to what was not executed: its errors alone.
func (o *operation) invalid(resp *graphql.Response) { o.failed = resp.Errors }

func (o *operation) fail(bad *rejected) {
	o.c.count(bad)
	o.failed = list(bad)
}

// next tells one answer, for which there has to be room until it is sent.
func (o *operation) next(resp *graphql.Response) bool {
	text, _ := answer{id: guard.RequestID(o.ctx)}.body(resp)
	leave, ok := o.c.room(o.c.request, len(text))
	if !ok {
		o.fail(noRoom())
		return false
	}
	defer leave()
	return o.tell("next", text) == nil
}

// end tells that nothing more comes.
func (o *operation) end() error {
	if o.failed == nil {
		return o.tell("complete", nil)
	}
	markErrors(&graphql.Response{Errors: o.failed}, guard.RequestID(o.ctx))
	text, err := json.Marshal(o.failed)
	if err != nil {
		text = []byte("[" + unwritable + "]")
	}
	return o.tell("error", text)
}

// tell sends a message about the operation. The payload is JSON already, and
// may be long: it is copied, not encoded again.
func (o *operation) tell(kind string, payload []byte) error {
	head, err := json.Marshal(message{ID: o.id, Type: kind})
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	var b bytes.Buffer
	b.Grow(len(head) + len(payload) + len(`,"payload":`))
	b.Write(head[:len(head)-1])
	if payload != nil {
		b.WriteString(`,"payload":`)
		b.Write(payload)
	}
	b.WriteByte('}')
	o.bytes += b.Len()
	if err := o.c.takePen(o.ctx); err != nil {
		return err
	}
	if kind != "next" {
		o.leave() // who reads that it has ended may begin another
	}
	return o.c.put(b.Bytes())
}

// log writes the line that other requests have, too.
func (o *operation) log(waited bool) {
	if o.c.Log == nil {
		return
	}
	became := "complete"
	switch {
	case !waited:
		became = "ended by the client"
	case o.failed != nil:
		became = "error"
	}
	o.c.Log.InfoContext(o.ctx, "request", "method", "WEBSOCKET", "path", o.c.request.URL.Path, "became", became,
		"bytes", o.bytes, "took", time.Since(o.began).Round(time.Microsecond))
}
