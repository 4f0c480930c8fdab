package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"entente/internal/store"
)

// Calls that find all connections in use are counted, with the time they wait.
func TestPool(t *testing.T) {
	s := newStore(t, smallModel(t, townModel))
	var held []*conn
	for range s.Pool().Max {
		c, err := s.reader(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	if p := s.Pool(); p.InUse != len(held) || p.Waits != 0 || p.Waited != 0 {
		t.Errorf("with all connections in use the pool is %+v", p)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := s.Nodes(ended, []string{"x"}); !errors.Is(err, context.Canceled) {
		t.Errorf("without a connection: %v", err)
	}
	for _, c := range held {
		s.readers <- c
	}
	if _, err := s.Nodes(t.Context(), []string{"x"}); err != nil {
		t.Fatal(err)
	}
	if p := s.Pool(); p.InUse != 0 || p.Waits != 1 || p.Waited <= 0 || !p.WaitedKnown {
		t.Errorf("after one call that waited the pool is %+v", p)
	}
}

type layer struct{ n int }

// deep returns a context with as many values in it.
func deep(ctx context.Context, values int) context.Context {
	if values == 0 {
		return ctx
	}
	return deep(context.WithValue(ctx, layer{values}, values), values-1)
}

// BenchmarkPointRead reads one node by its id, in a context as deep as that of
// a field: nobody watches, or each statement is a span.
func BenchmarkPointRead(b *testing.B) {
	s := newStore(b, smallModel(b, townModel))
	var batch store.Batch
	for i := range 1000 {
		batch.Nodes = append(batch.Nodes, town(fmt.Sprintf("t%04d", i)))
	}
	apply(b, s, batch)
	ctx := b.Context()
	traced, span := sdktrace.NewTracerProvider().Tracer("test").Start(ctx, "test")
	defer span.End()
	for name, ctx := range map[string]context.Context{"unwatched": ctx, "watched": traced} {
		ctx := deep(ctx, 20)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Nodes(ctx, []string{"t0500"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
