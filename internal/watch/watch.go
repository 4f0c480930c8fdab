// Package watch is what the layers have in common so that an operator sees what
// an operation does: spans of OpenTelemetry, and a tally of calls to the store.
// Everything hangs on the context. Without a span in it that is recorded,
// nothing is made, so that the layers need not know whether anybody watches.
package watch

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"entente/internal/kg"
)

// Scope names the program in its spans.
const Scope = "entente"

// Span is a part of a trace. The zero value is one that nobody watches.
type Span struct{ span trace.Span }

// Start begins a span within the one in ctx. Where that one is not recorded,
// neither is this, and ctx is returned as it is.
func Start(ctx context.Context, name string, opts ...trace.SpanStartOption) (context.Context, Span) {
	tracer := tracerIn(ctx)
	if tracer == nil {
		return ctx, Span{}
	}
	ctx, span := tracer.Start(ctx, name, opts...)
	return ctx, Span{span}
}

// tracerIn returns what makes spans within the one in ctx; nil where nobody watches.
func tracerIn(ctx context.Context) trace.Tracer {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return nil
	}
	return parent.TracerProvider().Tracer(Scope)
}

// End ends a span. Of an error it keeps the code only: messages quote values.
func (s Span) End(err error) {
	if s.span == nil {
		return
	}
	if err != nil {
		Fail(s.span, CodeOf(err))
	}
	s.span.End()
}

// Fail marks a span as that of something that failed.
func Fail(span trace.Span, code string) {
	span.SetStatus(codes.Error, code)
	span.SetAttributes(semconv.ErrorTypeKey.String(code))
}

// CodeOf is the code under which an error of the store is counted; that of an
// ended context is CANCELLED, whoever ended it.
func CodeOf(err error) string {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return "CANCELLED"
	}
	return string(kg.CodeOf(err))
}
