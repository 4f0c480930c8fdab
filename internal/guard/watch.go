package guard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"entente/internal/kg"
	"entente/internal/watch"
)

// The outcomes of operations, as they are counted.
const (
	OutcomeOK      = "ok"
	OutcomePartial = "partial" // some fields are missing, each with an error
	OutcomeFailed  = "failed"  // it was begun, and there is no answer
	OutcomeRefused = "refused" // it was not begun: it is not valid, or asks for too much
)

// unknownType stands for the type of an operation that was not found in its document.
const unknownType = "unknown"

// The parts of spans that no convention has a name for.
const (
	RequestIDKey = attribute.Key("entente.request.id") // of strings: the id that the log and the client know
	documentKey  = attribute.Key("entente.document.sha256")
	outcomeKey   = attribute.Key("entente.outcome")
	priceKey     = attribute.Key("entente.cost")
	rowsKey      = attribute.Key("entente.rows")
)

// Watch shows operations to those who run the server. The zero value shows none.
// A subscription lasts as long as its client likes, which says nothing of the
// server: it is only shown where it is refused.
type Watch struct {
	Traces trace.TracerProvider                           // nil: no spans
	Slow   time.Duration                                  // operations that take longer are logged; 0: none
	Log    *slog.Logger                                   // where they are
	Done   func(kind, outcome string, took time.Duration) // measures each; may be nil
}

// watched is an operation that is shown.
type watched struct {
	by    Watch
	oc    *graphql.OperationContext
	run   *running // nil where it was refused
	ctx   context.Context
	began time.Time
	calls watch.Calls
	span  trace.Span // nil: not traced
	once  sync.Once
}

// begin shows an operation until finish is called. Its spans are within what it returns.
func (w Watch) begin(ctx context.Context, run *running) *watched {
	o := &watched{by: w, oc: graphql.GetOperationContext(ctx), run: run, ctx: ctx}
	if run != nil && o.oc.Operation.Operation == ast.Subscription {
		o.by = Watch{}
		return o
	}
	o.began = begun(o.oc)
	o.ctx = watch.WithCalls(ctx, &o.calls)
	if w.Traces != nil {
		o.ctx, o.span = w.Traces.Tracer(watch.Scope).Start(o.ctx, o.spanName(),
			trace.WithTimestamp(o.began), trace.WithSpanKind(trace.SpanKindServer))
	}
	return o
}

// around finishes with the first answer of a handler, or with its panic.
func (o *watched) around(handler graphql.ResponseHandler) graphql.ResponseHandler {
	return func(ctx context.Context) (resp *graphql.Response) {
		defer func() { o.finish(resp) }()
		return handler(ctx)
	}
}

// begun is when the request had been read. From then on it is the server that takes its time.
func begun(oc *graphql.OperationContext) time.Time {
	for _, t := range []time.Time{oc.Stats.Read.End, oc.Stats.OperationStart} {
		if !t.IsZero() {
			return t
		}
	}
	return time.Now()
}

// kind is the type of the operation. Unlike its name, which clients choose, it is one of few.
func (o *watched) kind() string {
	if o.oc.Operation == nil {
		return unknownType
	}
	return string(o.oc.Operation.Operation)
}

func (o *watched) name() string {
	if o.oc.Operation == nil {
		return Shorten(o.oc.OperationName)
	}
	return Shorten(o.oc.Operation.Name)
}

// spanName follows the conventions of OpenTelemetry.
func (o *watched) spanName() string {
	if o.oc.Operation == nil {
		return "GraphQL Operation"
	}
	return o.kind()
}

// finish says what has become of the operation. Only its first call counts.
func (o *watched) finish(resp *graphql.Response) {
	o.once.Do(func() {
		outcome, code := o.outcome(resp)
		took := time.Since(o.began)
		if o.by.Done != nil {
			o.by.Done(o.kind(), outcome, took)
		}
		if o.by.Slow > 0 && took > o.by.Slow {
			o.log(outcome, code, took)
		}
		o.endSpan(outcome, code)
	})
}

// outcome tells what a response is, and the code of its first error. Without a
// response there was a panic.
func (o *watched) outcome(resp *graphql.Response) (outcome, code string) {
	if resp == nil {
		return OutcomeFailed, string(kg.CodeInternal)
	}
	if len(resp.Errors) == 0 {
		return OutcomeOK, ""
	}
	code, _ = resp.Errors[0].Extensions["code"].(string)
	switch {
	case o.run == nil:
		return OutcomeRefused, code
	case len(resp.Data) == 0 || string(resp.Data) == "null":
		return OutcomeFailed, code
	default:
		return OutcomePartial, code
	}
}

func (o *watched) endSpan(outcome, code string) {
	if o.span == nil {
		return
	}
	if o.span.IsRecording() {
		attrs := []attribute.KeyValue{
			RequestIDKey.String(RequestID(o.ctx)), documentKey.String(documentHash(o.oc.RawQuery)),
			outcomeKey.String(outcome), priceKey.Int(CostOf(o.oc)), rowsKey.Int(o.rows()),
		}
		if o.oc.Operation != nil {
			attrs = append(attrs, semconv.GraphQLOperationTypeKey.String(o.kind()))
		}
		if name := o.name(); name != "" {
			attrs = append(attrs, semconv.GraphQLOperationName(name))
		}
		o.span.SetAttributes(attrs...)
		if outcome != OutcomeOK {
			watch.Fail(o.span, code)
		}
	}
	o.span.End()
}

// log tells of a slow operation. The values of its variables are never among what it tells.
func (o *watched) log(outcome, code string, took time.Duration) {
	calls, inStore := o.calls.Total()
	attrs := []slog.Attr{
		slog.String("type", o.kind()), slog.String("operation", o.name()),
		slog.Duration("took", took.Round(time.Microsecond)), slog.String("outcome", outcome), slog.String("code", code),
		slog.Int("cost", CostOf(o.oc)), slog.Int("rows", o.rows()),
		slog.Int("store_calls", calls), slog.Duration("store_took", inStore.Round(time.Microsecond)),
		slog.String("sha256", documentHash(o.oc.RawQuery)), slog.String("document", Shorten(o.oc.RawQuery)),
	}
	o.by.Log.LogAttrs(o.ctx, slog.LevelWarn, "slow operation", attrs...)
}

func (o *watched) rows() int {
	if o.run == nil {
		return 0
	}
	return int(o.run.rows.Load())
}

// documentHash is the hash by which persisted queries name a document.
func documentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
