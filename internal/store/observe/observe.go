// Package observe shows an operator the calls to a store: in metrics, in traces
// and in what is told of slow operations.
package observe

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/watch"
)

// New wraps a store so that each call is counted, with how long it took and how
// it ended, in two metrics that it registers:
//
//	entente_store_call_seconds{operation}          a histogram
//	entente_store_failures_total{operation, code}  a counter; ended contexts count as CANCELLED
//
// and those of its pool, where it is a store.Pooled.
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
	err := errors.Join(registry.Register(o.seconds), registry.Register(o.failures))
	if pooled, ok := st.(store.Pooled); ok {
		err = errors.Join(err, registry.Register(newPool(pooled)))
	}
	return o, err
}

type observed struct {
	store.Store
	seconds  *prometheus.HistogramVec
	failures *prometheus.CounterVec
}

// call measures one call: in the metrics, in a span of its own, and in the tally
// of the operation that makes it.
func call[A any](ctx context.Context, o *observed, operation string, f func(ctx context.Context) (A, error)) (A, error) {
	began := time.Now()
	ctx, span := watch.Start(ctx, "store "+operation)
	answer, err := f(ctx)
	span.End(err)
	took := time.Since(began)
	watch.Called(ctx, took)
	o.seconds.WithLabelValues(operation).Observe(took.Seconds())
	if err != nil {
		o.failures.WithLabelValues(operation, watch.CodeOf(err)).Inc()
	}
	return answer, err
}

// Nodes measures Store.Nodes; so do the others with those of their names.
func (o *observed) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	return call(ctx, o, "nodes", func(ctx context.Context) (map[string]*kg.Node, error) { return o.Store.Nodes(ctx, ids) })
}

// Find measures Store.Find.
func (o *observed) Find(ctx context.Context, q store.NodeQuery) (*store.NodePage, error) {
	return call(ctx, o, "find", func(ctx context.Context) (*store.NodePage, error) { return o.Store.Find(ctx, q) })
}

// Expand measures Store.Expand.
func (o *observed) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	return call(ctx, o, "expand", func(ctx context.Context) (map[string]*store.EdgePage, error) { return o.Store.Expand(ctx, q) })
}

// Neighbours measures Store.Neighbours.
func (o *observed) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	return call(ctx, o, "neighbours", func(ctx context.Context) (*store.EdgeList, error) { return o.Store.Neighbours(ctx, q) })
}

// Search measures Store.Search.
func (o *observed) Search(ctx context.Context, q store.SearchQuery) (*store.SearchPage, error) {
	return call(ctx, o, "search", func(ctx context.Context) (*store.SearchPage, error) { return o.Store.Search(ctx, q) })
}

// Group measures Store.Group.
func (o *observed) Group(ctx context.Context, q store.GroupQuery) ([]store.Group, error) {
	return call(ctx, o, "group", func(ctx context.Context) ([]store.Group, error) { return o.Store.Group(ctx, q) })
}

// Counts measures Store.Counts.
func (o *observed) Counts(ctx context.Context, v *store.View) (*store.Counts, error) {
	return call(ctx, o, "counts", func(ctx context.Context) (*store.Counts, error) { return o.Store.Counts(ctx, v) })
}

// Apply measures Store.Apply.
func (o *observed) Apply(ctx context.Context, b store.Batch) (*store.Applied, error) {
	return call(ctx, o, "apply", func(ctx context.Context) (*store.Applied, error) { return o.Store.Apply(ctx, b) })
}

// Health measures Store.Health.
func (o *observed) Health(ctx context.Context) error {
	_, err := call(ctx, o, "health", func(ctx context.Context) (struct{}, error) { return struct{}{}, o.Store.Health(ctx) })
	return err
}
