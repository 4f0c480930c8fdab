package guard

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// RequestIDHeader carries the id of a request, from a proxy before the server
// and back to the client.
const RequestIDHeader = "X-Request-Id"

type requestKey struct{}

// WithRequestID notes the id of a request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the id of the request that ctx belongs to; empty outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// Logger returns a log whose lines name the request they belong to, and its trace.
func Logger(log *slog.Logger) *slog.Logger {
	if _, ok := log.Handler().(requestLog); ok {
		return log
	}
	return slog.New(requestLog{log.Handler()})
}

type requestLog struct{ slog.Handler }

// Handle adds the request's id, and that of its trace.
func (h requestLog) Handle(ctx context.Context, r slog.Record) error {
	if id := RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request", id))
	}
	if traced := trace.SpanContextFromContext(ctx); traced.IsValid() {
		r.AddAttrs(slog.String("trace_id", traced.TraceID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the request's id on logs made from this one.
func (h requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the request's id on logs made from this one.
func (h requestLog) WithGroup(name string) slog.Handler { return requestLog{h.Handler.WithGroup(name)} }
