package guard

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// running is what is known of an operation while it runs.
type running struct {
	limits Limits
	stop   context.CancelCauseFunc
	rows   atomic.Int64
	errors atomic.Int64
}

type runningKey struct{}

func runningIn(ctx context.Context) *running {
	run, _ := ctx.Value(runningKey{}).(*running)
	return run
}

// LimitsIn returns the limits of the operation that runs in ctx; none outside of one.
func LimitsIn(ctx context.Context) Limits {
	if run := runningIn(ctx); run != nil {
		return run.limits
	}
	return Limits{}
}

// Spend counts rows that were read for the answer. Beyond the limit it stops
// the whole operation and returns the error.
func Spend(ctx context.Context, rows int) error {
	run := runningIn(ctx)
	if run == nil {
		return nil
	}
	total := int(run.rows.Add(int64(rows)))
	if !over(total, run.limits.Rows) {
		return nil
	}
	err := Exceeded(CodeRows, 0, run.limits.Rows, "make the pages smaller with `first`, or ask in several requests",
		"the answer takes too many rows")
	run.stop(err)
	return err
}

// Ended returns why the operation may not go on: its time is over, the client
// has gone, or it has used up what it may.
func Ended(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

// InterceptOperation gives the operation a context that can be stopped from
// within, and makes one error of whatever has stopped it: the rows that were
// under way then would have one each. Of a subscription, each answer has the
// limits to itself, and one that breaks them is the last.
func (g *Guard) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	lasting := graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription
	run := &running{limits: g.Limits}
	client, shown := ctx, g.Watch.begin(ctx, run)
	ctx, run.stop = context.WithCancelCause(context.WithValue(shown.ctx, runningKey{}, run))
	handler := next(ctx)
	return shown.around(func(ctx context.Context) *graphql.Response {
		if lasting && Ended(ctx) != nil {
			return nil
		}
		run.rows.Store(0)
		run.errors.Store(0)
		resp := handler(ctx)
		if !lasting || resp == nil {
			defer run.stop(nil)
		}
		if err := Ended(ctx); err != nil {
			if lasting && client.Err() != nil {
				return nil // there is nobody to tell
			}
			return &graphql.Response{Data: []byte("null"), Errors: gqlerror.List{g.Present(ctx, err)}}
		}
		if resp != nil && over(int(run.errors.Load()), run.limits.Errors) {
			resp.Errors = append(resp.Errors, moreErrors())
		}
		return resp
	})
}

// InterceptField resolves nothing more once the operation has ended. Fields
// that only hand on a value already read are left alone: there are many, and
// they take no time.
func (g *Guard) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	if fc := graphql.GetFieldContext(ctx); fc != nil && fc.IsResolver {
		if err := Ended(ctx); err != nil {
			return nil, err
		}
	}
	return next(ctx)
}

// Presenter reports an operation's errors: none that come after its end, and
// no more than the limit. It goes around what words them.
func Presenter(present graphql.ErrorPresenterFunc) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		run := runningIn(ctx)
		if run != nil && run.silent(ctx) {
			return nil
		}
		return present(ctx, err)
	}
}

// silent reports whether one more error is not worth reporting: after the end,
// which InterceptOperation reports itself, and beyond the limit.
func (run *running) silent(ctx context.Context) bool {
	return ctx.Err() != nil || over(int(run.errors.Add(1)), run.limits.Errors)
}

// InterceptResponse shortens the list of errors of a document that is not valid,
// which never comes to run.
func (g *Guard) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	resp := next(ctx)
	if resp == nil || runningIn(ctx) != nil {
		return resp
	}
	if over(len(resp.Errors), g.Limits.Errors) {
		resp.Errors = append(resp.Errors[:g.Limits.Errors:g.Limits.Errors], moreErrors())
	}
	if graphql.HasOperationContext(ctx) {
		g.Watch.begin(ctx, nil).finish(resp)
	}
	return resp
}

func moreErrors() *gqlerror.Error {
	return Refusal(CodeMoreErrors, "there are more errors; correct these first")
}
