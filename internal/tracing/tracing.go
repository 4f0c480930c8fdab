// Package tracing sends the spans of OpenTelemetry to a collector. It keeps to
// itself: nothing is set for the whole process, and who makes spans is given
// the provider.
package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"entente/internal/config"
)

const (
	longestValue  = 16 << 10 // bytes of one attribute; statements over many kinds are long
	exportTimeout = 10 * time.Second
)

// Traces makes spans and sends them. A nil one makes none.
type Traces struct {
	provider *sdktrace.TracerProvider
	sender   *sender
	closing  context.Context // ends when there is no time left to send
	cancel   context.CancelFunc
	within   time.Duration
}

// Open makes Traces as configured; nil where there is no collector. What is not
// sent so long after ctx has ended is lost.
func Open(ctx context.Context, c config.Watch, within time.Duration, version string, log *slog.Logger) (*Traces, error) {
	if c.TraceEndpoint == "" {
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(c.TraceURL()), otlptracehttp.WithTimeout(exportTimeout))
	if err != nil {
		return nil, fmt.Errorf("setting up traces to %s: %w", c.TraceEndpoint, err)
	}
	about, err := resource.New(ctx, resource.WithAttributes(semconv.ServiceName("entente"), semconv.ServiceVersion(version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("describing this program in traces: %w", err)
	}
	limits := sdktrace.NewSpanLimits()
	limits.AttributeValueLengthLimit = longestValue
	t := &Traces{sender: &sender{SpanExporter: exporter, endpoint: c.TraceURL(), log: log}, within: within}
	t.provider = sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(t.sender, sdktrace.WithExportTimeout(exportTimeout)),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(c.TraceRatio))),
		sdktrace.WithResource(about), sdktrace.WithRawSpanLimits(limits))
	t.closing, t.cancel = context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(within, t.cancel) })
	return t, nil
}

// Provider is what spans are made with; nil where none are.
func (t *Traces) Provider() trace.TracerProvider {
	if t == nil {
		return nil
	}
	return t.provider
}

// Close sends what has not been sent, in the time there is. That it cannot be
// sent is in the log, and no failure of the program.
func (t *Traces) Close() {
	if t == nil {
		return
	}
	defer t.cancel()
	ctx, cancel := context.WithTimeout(t.closing, t.within)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		t.sender.abandon(err)
	}
}
