package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"entente/internal/guard"
	"entente/internal/kg"
)

// Execution runs operations, each in its turn and within its time, by whatever
// transport they have come.
type Execution struct {
	Turns   Turns
	Timeout time.Duration                                        // of one query or mutation, its wait for a turn included; 0: none
	Panic   func(ctx context.Context, cause any) *gqlerror.Error // reports what panicked outside of a resolver

	// Stopping is closed when the server is to stop: subscriptions end then,
	// and queries are answered. Nil: never.
	Stopping <-chan struct{}
}

// receiver is the side of an operation that leads back to its client.
type receiver interface {
	// accept refuses an operation that the transport does not carry. A
	// subscription that is accepted has begun.
	accept(kind ast.Operation) *rejected
	// invalid takes the answer to an operation that was not executed.
	invalid(resp *graphql.Response)
	// next takes the answer of a query or a mutation, or one of a subscription;
	// it reports whether it can take more.
	next(resp *graphql.Response) bool
}

// rejected is a request that is not answered.
type rejected struct {
	status int
	err    *gqlerror.Error
	allow  string // the methods to use, where it was another
}

func reject(status int, code kg.Code, format string, args ...any) *rejected {
	return &rejected{status: status, err: guard.Refusal(code, format, args...)}
}

func (r *rejected) code() string {
	code, _ := r.err.Extensions["code"].(string)
	return code
}

func busy() *rejected {
	return reject(http.StatusServiceUnavailable, guard.CodeBusy, "the server has too much to do at the moment; try again after a second")
}

// run runs one operation. A turn is given back before the answer is handed on,
// which a slow client may hold up. A subscription mostly waits: it takes a turn
// only to be checked, and lasts until ctx ends or there is nothing more to tell.
func (x Execution) run(ctx context.Context, params *graphql.RawParams, exec graphql.GraphExecutor, to receiver) (bad *rejected) {
	defer func() {
		if cause := recover(); cause != nil {
			bad = &rejected{status: http.StatusInternalServerError, err: x.Panic(ctx, cause)}
		}
	}()
	timed, cancel := x.timed(ctx)
	defer cancel()
	var mine turn
	defer mine.leave()
	if !mine.take(timed, x.Turns.small) {
		return busy()
	}
	oc, errs := exec.CreateOperationContext(timed, params)
	if errs != nil {
		resp := exec.DispatchError(graphql.WithOperationContext(timed, oc), errs)
		mine.leave()
		to.invalid(resp)
		return nil
	}
	if bad := to.accept(oc.Operation.Operation); bad != nil {
		return bad
	}
	if oc.Operation.Operation == ast.Subscription {
		mine.leave()
		x.follow(ctx, oc, exec, to)
		return nil
	}
	if guard.CostOf(oc) > largeCost && !mine.take(timed, x.Turns.large) {
		return busy()
	}
	answer, within := exec.DispatchOperation(timed, oc)
	resp := answer(within)
	mine.leave()
	to.next(resp)
	return nil
}

func (x Execution) timed(ctx context.Context) (context.Context, context.CancelFunc) {
	if x.Timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, x.Timeout)
}

// follow hands on what a subscription tells, until its end, that of ctx, or that of the server.
func (x Execution) follow(ctx context.Context, oc *graphql.OperationContext, exec graphql.GraphExecutor, to receiver) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-x.Stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	answer, within := exec.DispatchOperation(ctx, oc)
	for resp := answer(within); resp != nil && ctx.Err() == nil; resp = answer(within) {
		if !to.next(resp) {
			return
		}
	}
}

// turn is the turn that an operation holds, if any.
type turn struct {
	held *turns
	of   *share
}

// take waits for another turn, in place of the one that is held.
func (t *turn) take(ctx context.Context, among *turns) (ok bool) {
	t.leave()
	if t.of, ok = among.enter(ctx); ok {
		t.held = among
	}
	return ok
}

func (t *turn) leave() {
	t.held.leave(t.of)
	t.held = nil
}
