package server

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"entente/internal/guard"
	"entente/internal/transport"
)

// apiPath is where the API is. Only its requests are traced.
const apiPath = "/graphql"

// traced puts each request to the API into a span, within the one that the
// caller names in traceparent. A connection that is taken over for another
// protocol may last for hours: its operations have traces of their own.
func traced(traces trace.TracerProvider, next http.Handler) http.Handler {
	if traces == nil {
		return next
	}
	return otelhttp.NewHandler(named(next), apiPath,
		otelhttp.WithTracerProvider(traces),
		otelhttp.WithMeterProvider(noop.NewMeterProvider()), // there are metrics already
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithFilter(func(r *http.Request) bool { return r.URL.Path == apiPath && !transport.IsWebSocket(r) }),
		otelhttp.WithSpanNameFormatter(func(route string, r *http.Request) string { return methodOf(r) + " " + route }))
}

// methodOf is the method of a request, by the conventions for spans: clients can make up others.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodOptions, http.MethodHead:
		return r.Method
	}
	return "HTTP"
}

// named adds to the span of a request by what it is found elsewhere.
func named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if span := trace.SpanFromContext(r.Context()); span.IsRecording() {
			span.SetAttributes(semconv.HTTPRoute(apiPath), guard.RequestIDKey.String(guard.RequestID(r.Context())))
		}
		next.ServeHTTP(w, r)
	})
}

// build names the version that runs.
func build(version string) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "entente_build_info", Help: "1, with the version of the program that runs.", ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 })
}

// Operation counts an operation of GraphQL and the time it took. Its type and
// its outcome are two of few; clients choose neither.
func (m *Metrics) Operation(kind, outcome string, took time.Duration) {
	m.operations.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// Turns shows how many operations run and wait for their turn.
func (m *Metrics) Turns(t transport.Turns) error { return m.Registry.Register(newQueues(t)) }

// connected counts a connection, as open or as closed at once by a limit.
func (m *Metrics) connected(limit string) {
	switch {
	case m == nil:
	case limit == "":
		m.connections.Inc()
	default:
		m.closed.WithLabelValues(limit).Inc()
	}
}

func (m *Metrics) disconnected() {
	if m != nil {
		m.connections.Dec()
	}
}

// queues shows turns as they are when somebody asks.
type queues struct {
	of                     transport.Turns
	running, waiting, most *prometheus.Desc
}

func newQueues(of transport.Turns) *queues {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("entente_turns_"+name, help+", by the size of operations.", []string{"size"}, nil)
	}
	return &queues{
		of: of, running: desc("running", "Operations that have their turn"),
		waiting: desc("waiting", "Operations that wait for their turn"), most: desc("max", "Operations that can have their turn at once"),
	}
}

// Describe names the metrics.
func (q *queues) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{q.running, q.waiting, q.most} {
		to <- d
	}
}

// Collect reads them. Without a limit there are no turns, and nothing to show.
func (q *queues) Collect(to chan<- prometheus.Metric) {
	small, large, limited := q.of.Queues()
	if !limited {
		return
	}
	for size, queue := range map[string]transport.Queue{"small": small, "large": large} {
		to <- prometheus.MustNewConstMetric(q.running, prometheus.GaugeValue, float64(queue.Running), size)
		to <- prometheus.MustNewConstMetric(q.waiting, prometheus.GaugeValue, float64(queue.Waiting), size)
		to <- prometheus.MustNewConstMetric(q.most, prometheus.GaugeValue, float64(queue.Max), size)
	}
}
