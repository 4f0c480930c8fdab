package observe_test

import (
	"context"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/observe"
	"entente/internal/store/storetest"
)

// A measured store keeps the contract.
func TestContract(t *testing.T) {
	storetest.Run(t, func(t testing.TB, o *ontology.Ontology) store.Store {
		st, err := observe.New(storetest.NewOracle(o), prometheus.NewRegistry())
		if err != nil {
			t.Fatal(err)
		}
		return st
	})
}

// Every operation is counted, and failures by their code.
func TestMetrics(t *testing.T) {
	o := storetest.Model(t)
	registry := prometheus.NewPedanticRegistry()
	st, err := observe.New(storetest.NewOracle(o), registry)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Exercise(t.Context(), t, st)
	if _, err := st.Find(t.Context(), store.NodeQuery{}); err == nil {
		t.Error("a query without kinds is answered")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := st.Nodes(ended, []string{"a"}); err == nil {
		t.Error("an ended context is answered")
	}
	if n, err := testutil.GatherAndCount(registry, "entente_store_call_seconds"); err != nil || n != 9 {
		t.Errorf("%d operations are measured, %v", n, err)
	}
	if n, err := testutil.GatherAndCount(registry, "entente_store_failures_total"); err != nil || n != 2 {
		t.Errorf("%d sorts of failures are counted, %v", n, err)
	}
	problems, err := testutil.GatherAndLint(registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
