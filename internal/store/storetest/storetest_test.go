package storetest_test

import (
	"context"
	"testing"

	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/storetest"
)

// The oracle passes the suite that it helps to check, so that both can be trusted before any engine is.
func TestOracle(t *testing.T) {
	storetest.Run(t, func(_ testing.TB, o *ontology.Ontology) store.Store { return storetest.NewOracle(o) })
}

func TestExerciseOfOracle(t *testing.T) {
	storetest.Exercise(context.Background(), t, storetest.NewOracle(storetest.Model(t)))
}
