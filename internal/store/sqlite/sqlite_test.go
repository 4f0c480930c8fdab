package sqlite

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// newStore returns an empty store of a model in a new file.
func newStore(t testing.TB, o *ontology.Ontology) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t testing.TB, o *ontology.Ontology) store.Store { return newStore(t, o) })
}

// Eight reads that take long leave readers for others: they are more than the large
// questions that are answered at once by default, some of which read twice at a time.
func TestLongReadsLeaveReaders(t *testing.T) {
	s := newStore(t, storetest.Model(t))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // only where there are too few
	defer cancel()
	var within func(long int) error
	within = func(long int) error {
		if long == 0 {
			return s.Health(ctx)
		}
		return s.read(ctx, false, "taking long", func(*conn) error { return within(long - 1) })
	}
	if err := within(8); err != nil {
		t.Error(err)
	}
}
