package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"entente/internal/guard"
)

// Metrics are what an operator watches, in the format of Prometheus.
type Metrics struct {
	Registry *prometheus.Registry

	requests *prometheus.HistogramVec
	running  prometheus.Gauge
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
			Name: "entente_http_request_seconds", Help: "How long requests took, by route and status.", Buckets: prometheus.ExponentialBuckets(0.001, 3, 9),
		}, []string{"route", "status"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "entente_http_requests_running", Help: "Requests being answered."}),
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
	m.Registry.MustRegister(m.requests, m.running, m.errors, m.panics, m.operations, m.connections, m.closed, build(version),
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
}

// Error counts an error that a client is told.
func (m *Metrics) Error(code string) { m.errors.WithLabelValues(code).Inc() }

// Panic counts a panic.
func (m *Metrics) Panic() { m.panics.Inc() }

// measured notes how long requests to the routes of a mux take.
func (m *Metrics) measured(mux *http.ServeMux, next http.Handler) http.Handler {
	if m == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		_, route := mux.Handler(r) // the pattern: paths are chosen by clients, and would be endless
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		m.running.Inc()
		defer func() {
			m.running.Dec()
			m.requests.WithLabelValues(route, strconv.Itoa(rec.status)).Observe(time.Since(began).Seconds())
		}()
		next.ServeHTTP(rec, r)
	})
}

// Admin is for those who run the server: metrics and profiles. It belongs on an address of its own.
func (m *Metrics) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// ServeAdmin serves Admin on an address until ctx ends. What it returns waits for that.
func (m *Metrics) ServeAdmin(ctx context.Context, address string, log *slog.Logger) (at net.Addr, wait func(), err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, nil, err
	}
	srv := &http.Server{Handler: m.Admin(), ReadHeaderTimeout: headerTimeout, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics and profiles are no longer served", "error", err)
		}
	}()
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	return l.Addr(), func() {
		stop()
		_ = srv.Close()
		<-done
	}, nil
}
