package watch

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Engine is what the spans of an engine's statements say of it, by the
// conventions of OpenTelemetry for databases.
type Engine struct {
	System    string                   // its name there: sqlite, neo4j
	Database  string                   // empty: not said
	Host      string                   // empty: there is none
	Operation func(text string) string // names what a statement does, or is empty; nil: never known
	Status    func(err error) string   // the engine's own code of an error, or is empty
}

// Statement is the span of one statement. The zero value is one that nobody watches.
type Statement struct {
	span   trace.Span
	status func(err error) string
}

// Statement begins the span of a statement within the one in ctx. Its text must
// hold no values: it is sent as it is.
func (e *Engine) Statement(ctx context.Context, text string) Statement {
	tracer := tracerIn(ctx)
	if tracer == nil {
		return Statement{}
	}
	name := e.System
	attrs := []attribute.KeyValue{semconv.DBSystemNameKey.String(e.System), semconv.DBQueryText(text)}
	if e.Operation != nil {
		if operation := e.Operation(text); operation != "" {
			name = operation
			attrs = append(attrs, semconv.DBOperationName(operation))
		}
	}
	if e.Database != "" {
		attrs = append(attrs, semconv.DBNamespace(e.Database))
	}
	if e.Host != "" {
		attrs = append(attrs, semconv.ServerAddress(e.Host))
	}
	_, span := tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attrs...))
	return Statement{span, e.Status}
}

// End ends the span of a statement that has returned so many rows.
func (s Statement) End(rows int, err error) {
	if s.span == nil {
		return
	}
	s.span.SetAttributes(semconv.DBResponseReturnedRows(rows))
	if err != nil {
		s.fail(err)
	}
	s.span.End()
}

// fail marks the span with the engine's own code of an error, or with ours.
func (s Statement) fail(err error) {
	if code := s.status(err); code != "" {
		s.span.SetAttributes(semconv.DBResponseStatusCode(code))
		Fail(s.span, code)
		return
	}
	Fail(s.span, CodeOf(err))
}
