package ingest

import (
	"context"
	"os"
	"testing"
	"testing/fstest"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// model is a small model with every type of property.
func model(tb testing.TB) *ontology.Ontology {
	tb.Helper()
	o, err := ontology.Read(os.DirFS("testdata/model"))
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// folder makes a folder of path, content, path, content, …
func folder(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// mustRead reads a folder that has no errors.
func mustRead(t *testing.T, fsys fstest.MapFS, opts Options) (*Dataset, *Report) {
	t.Helper()
	ds, report, err := Read(t.Context(), fsys, model(t), opts)
	if err != nil || !report.OK() {
		t.Fatalf("%v\n%v", err, report.Rejections)
	}
	return ds, report
}

// fakeStore keeps records in maps, by the rules that all engines share.
type fakeStore struct {
	store.Store
	o       *ontology.Ontology
	nodes   map[string]*kg.Node
	edges   map[string]*kg.Edge
	failsAt int // number of the call to Apply that fails, from 1; 0: none
	calls   int
	err     error
}

func newFakeStore(o *ontology.Ontology) *fakeStore {
	return &fakeStore{o: o, nodes: map[string]*kg.Node{}, edges: map[string]*kg.Edge{}}
}

func (s *fakeStore) Apply(ctx context.Context, b store.Batch) (*store.Applied, error) {
	if s.calls++; s.calls == s.failsAt {
		return nil, s.err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	kinds := map[string]string{}
	for id, n := range s.nodes {
		kinds[id] = n.Kind
	}
	changes, err := store.Resolve(s.o, b, store.Stored{Nodes: s.nodes, Edges: s.edges, Kinds: kinds})
	if err != nil {
		return nil, err
	}
	for _, n := range append(changes.CreateNodes, changes.UpdateNodes...) {
		s.nodes[n.ID] = n
	}
	for _, e := range append(changes.CreateEdges, changes.UpdateEdges...) {
		s.edges[e.ID] = e
	}
	return changes.Applied, nil
}

// filled returns a store that holds what a folder does.
func filled(t *testing.T, fsys fstest.MapFS) store.Store {
	t.Helper()
	ds, _ := mustRead(t, fsys, Options{})
	st := storetest.NewOracle(model(t))
	if _, err := Load(t.Context(), st, ds, nil); err != nil {
		t.Fatal(err)
	}
	return st
}
