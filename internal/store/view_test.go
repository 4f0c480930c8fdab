package store_test

import (
	"fmt"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// A view knows all sources, also where one call does not read them all.
func TestViewReadsEverySource(t *testing.T) {
	const sources = 10_001
	o := storetest.Model(t)
	st := storetest.NewOracle(o)
	var b store.Batch
	for i := range sources {
		b.Nodes = append(b.Nodes, &kg.Node{ID: fmt.Sprintf("s%05d", i), Kind: "Source", Props: kg.Props{{Name: "date", Value: "2019"}, {Name: "name", Value: "S"}}})
	}
	if _, err := st.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	seen, err := store.At(t.Context(), st, o, store.View{KnownAt: "2019-12-31"})
	if err != nil {
		t.Fatal(err)
	}
	page, err := seen.Find(t.Context(), store.NodeQuery{Kinds: []string{"Source"}, Count: true})
	if err != nil || page.Count != sources {
		t.Errorf("%d of %d sources are seen, %v", page.Count, sources, err)
	}
}
