package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"entente/internal/guard"
	"entente/internal/transport"
)

// Metrics are what an operator watches, in the format of Prometheus.
type Metrics struct {
	Registry *prometheus.Registry

	requests *prometheus.HistogramVec
	running  prometheus.Gauge
	streams  *prometheus.GaugeVec
	errors   *prometheus.CounterVec
	panics   prometheus.Counter

	operations  *prometheus.HistogramVec
	connections prometheus.Gauge
	closed      *prometheus.CounterVec
}

// NewMetrics makes metrics of the process, its requests, operations and errors.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "entente_http_request_seconds", Help: "How long requests took, but for streams, by route and status.", Buckets: prometheus.ExponentialBuckets(0.001, 3, 9),
		}, []string{"route", "status"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "entente_http_requests_running", Help: "Requests being answered, streams among them."}),
		streams: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "entente_streams_open", Help: "Streams that are open, by kind.",
		}, []string{"kind"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_graphql_errors_total", Help: "Errors that clients were told, by code; docs/errors.md lists the codes.",
		}, []string{"code"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{Name: "entente_panics_total", Help: "Panics while answering; the log has their stacks."}),
		operations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "entente_graphql_operation_seconds", Help: "How long GraphQL operations took once their requests had been read, by type and outcome.",
			Buckets: prometheus.ExponentialBuckets(0.001, 3, 9),
		}, []string{"type", "outcome"}),
		connections: prometheus.NewGauge(prometheus.GaugeOpts{Name: "entente_connections_open", Help: "Open connections of clients."}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_connections_refused_total", Help: "Connections that were closed at once, by the limit they were beyond: that of one client, or of all.",
		}, []string{"limit"}),
	}
	m.Registry.MustRegister(m.requests, m.running, m.streams, m.errors, m.panics, m.operations, m.connections, m.closed, build(version),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.begin()
	return m
}

// begin makes what is counted rarely be there from the start, at 0: the first
// one of a sort then shows as a change.
func (m *Metrics) begin() {
	for _, code := range guard.Codes() {
		m.errors.WithLabelValues(string(code))
	}
	for _, limit := range []string{limitAll, limitClient} {
		m.closed.WithLabelValues(limit)
	}
	for _, kind := range []string{streamOfEvents, streamOnSocket} {
		m.streams.WithLabelValues(kind)
	}
}

// Error counts an error that a client is told.
func (m *Metrics) Error(code string) { m.errors.WithLabelValues(code).Inc() }

// Panic counts a panic.
func (m *Metrics) Panic() { m.panics.Inc() }

// The kinds of streams, as they are counted.
const (
	streamOfEvents = "events"
	streamOnSocket = "websocket"
)

// streamOf names the kind of stream that a request asks for; none for most.
func streamOf(route string, r *http.Request) string {
	switch {
	case route != apiPath || !transport.IsStream(r):
		return ""
	case transport.IsWebSocket(r):
		return streamOnSocket
	}
	return streamOfEvents
}

// measured notes how long requests to the routes of a mux take, but for streams:
// one that a client keeps open for hours says nothing of the server. Streams that
// are refused are requests like others.
func (m *Metrics) measured(mux *http.ServeMux, next http.Handler) http.Handler {
	if m == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		_, route := mux.Handler(r) // the pattern: paths are chosen by clients, and would be endless
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		m.running.Inc()
		stream := streamOf(route, r)
		if stream != "" {
			m.streams.WithLabelValues(stream).Inc()
		}
		defer func() {
			m.running.Dec()
			if stream != "" {
				m.streams.WithLabelValues(stream).Dec()
			}
			if stream != "" && rec.status < http.StatusBadRequest {
				return
			}
			m.requests.WithLabelValues(route, strconv.Itoa(rec.status)).Observe(time.Since(began).Seconds())
		}()
		next.ServeHTTP(rec, r)
	})
}
