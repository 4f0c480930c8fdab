// Package observe measures the calls to a store.
package observe

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"entente/internal/kg"
	"entente/internal/store"
)

// New wraps a store so that each call is counted, with how long it took and how
// it ended, in two metrics that it registers:
//
//	entente_store_call_seconds{operation}          a histogram
//	entente_store_failures_total{operation, code}  a counter; ended contexts count as CANCELLED
func New(st store.Store, registry prometheus.Registerer) (store.Store, error) {
	o := &observed{
		Store: st,
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "entente_store_call_seconds", Help: "How long calls to the store took.", Buckets: prometheus.ExponentialBuckets(0.00025, 4, 9),
		}, []string{"operation"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_store_failures_total", Help: "Calls to the store that failed, by the code of the error.",
		}, []string{"operation", "code"}),
	}
	return o, errors.Join(registry.Register(o.seconds), registry.Register(o.failures))
}

type observed struct {
	store.Store
	seconds  *prometheus.HistogramVec
	failures *prometheus.CounterVec
}

// call measures one call.
func call[A any](o *observed, operation string, f func() (A, error)) (A, error) {
	began := time.Now()
	answer, err := f()
	o.seconds.WithLabelValues(operation).Observe(time.Since(began).Seconds())
	if err != nil {
		o.failures.WithLabelValues(operation, codeOf(err)).Inc()
	}
	return answer, err
}

func codeOf(err error) string {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return "CANCELLED"
	}
	return string(kg.CodeOf(err))
}

// Nodes measures Store.Nodes; so do the others with those of their names.
func (o *observed) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	return call(o, "nodes", func() (map[string]*kg.Node, error) { return o.Store.Nodes(ctx, ids) })
}

// Find measures Store.Find.
func (o *observed) Find(ctx context.Context, q store.NodeQuery) (*store.NodePage, error) {
	return call(o, "find", func() (*store.NodePage, error) { return o.Store.Find(ctx, q) })
}

// Expand measures Store.Expand.
func (o *observed) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	return call(o, "expand", func() (map[string]*store.EdgePage, error) { return o.Store.Expand(ctx, q) })
}

// Neighbours measures Store.Neighbours.
func (o *observed) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	return call(o, "neighbours", func() (*store.EdgeList, error) { return o.Store.Neighbours(ctx, q) })
}

// Search measures Store.Search.
func (o *observed) Search(ctx context.Context, q store.SearchQuery) (*store.SearchPage, error) {
	return call(o, "search", func() (*store.SearchPage, error) { return o.Store.Search(ctx, q) })
}

// Group measures Store.Group.
func (o *observed) Group(ctx context.Context, q store.GroupQuery) ([]store.Group, error) {
	return call(o, "group", func() ([]store.Group, error) { return o.Store.Group(ctx, q) })
}

// Counts measures Store.Counts.
func (o *observed) Counts(ctx context.Context, v *store.View) (*store.Counts, error) {
	return call(o, "counts", func() (*store.Counts, error) { return o.Store.Counts(ctx, v) })
}

// Apply measures Store.Apply.
func (o *observed) Apply(ctx context.Context, b store.Batch) (*store.Applied, error) {
	return call(o, "apply", func() (*store.Applied, error) { return o.Store.Apply(ctx, b) })
}

// Health measures Store.Health.
func (o *observed) Health(ctx context.Context) error {
	_, err := call(o, "health", func() (struct{}, error) { return struct{}{}, o.Store.Health(ctx) })
	return err
}
