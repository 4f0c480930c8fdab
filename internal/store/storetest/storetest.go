// Package storetest is the suite that every engine of package store must pass.
//
// docs/semantics.md states the contract in numbered lines; Run checks each of
// them under its number, and compares random graphs and queries with Oracle, a
// store that is slow and plain. Exercise runs every shape of statement once.
package storetest

import (
	"context"
	_ "embed"
	"runtime/debug"
	"slices"
	"testing"
	"testing/fstest"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Factory returns an empty store for an ontology and registers its cleanup.
// The suite uses one store at a time, so a factory may empty a shared database.
type Factory func(t testing.TB, o *ontology.Ontology) store.Store

//go:embed model.graphql
var modelSDL []byte

// Model returns the model that the suite's graphs are made of.
func Model(t testing.TB) *ontology.Ontology {
	t.Helper()
	o, err := ontology.Read(fstest.MapFS{"model.graphql": {Data: modelSDL}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// line is one line of docs/semantics.md, with the check that holds a store to it.
type line struct {
	number string
	says   string
	check  func(t *testing.T, st store.Store)
}

// Run checks that the stores of a factory keep the contract.
func Run(t *testing.T, f Factory) {
	o := Model(t)
	t.Run("lines", func(t *testing.T) {
		st := f(t, o)
		for _, l := range lines() {
			t.Run(l.number+" "+l.says, func(t *testing.T) {
				defer failOnPanic(t)
				wipe(t, st)
				l.check(t, st)
			})
		}
	})
	t.Run("random queries", func(t *testing.T) { checkRandomQueries(t, o, f(t, o)) })
	t.Run("random batches", func(t *testing.T) { checkRandomBatches(t, o, f(t, o)) })
}

// failOnPanic keeps a short answer, or an engine that panics, from ending the other checks.
func failOnPanic(t *testing.T) {
	if p := recover(); p != nil {
		t.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// lines returns the checks of all numbered lines, in the order of the document.
func lines() []line {
	return slices.Concat(idLines(), valueLines(), filterLines(), dateLines(), edgeFilterLines(), orderLines(), pageLines(),
		expandLines(), neighbourLines(), searchLines(), groupLines(), writeLines(), deleteLines(), concurrencyLines(), viewLines())
}

// fataler is what testing.TB and rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func apply(t fataler, st store.Store, b store.Batch) *store.Applied {
	t.Helper()
	applied, err := st.Apply(context.Background(), b)
	if err != nil {
		t.Fatalf("applying a batch: %v", err)
	}
	return applied
}

// wipe deletes everything.
func wipe(t fataler, st store.Store) {
	t.Helper()
	var ids []string
	for _, n := range everyNode(t, st) {
		ids = append(ids, n.ID)
	}
	apply(t, st, store.Batch{DeleteNodes: ids})
}

func everyNode(t fataler, st store.Store) []*kg.Node {
	t.Helper()
	page, err := st.Find(context.Background(), store.NodeQuery{Kinds: allKinds(), Page: kg.Page{Limit: store.MaxLimit}})
	if err != nil {
		t.Fatalf("listing all nodes: %v", err)
	}
	return page.Nodes
}

func everyEdge(t fataler, st store.Store, from []*kg.Node) []*kg.Edge {
	t.Helper()
	var ids []string
	for _, n := range from {
		ids = append(ids, n.ID)
	}
	list, err := st.Neighbours(context.Background(), store.NeighbourQuery{Nodes: ids, Steps: allSteps(kg.Out), Limit: store.MaxLimit})
	if err != nil {
		t.Fatalf("listing all edges: %v", err)
	}
	return list.Edges
}

func allKinds() []string { return []string{"Edge", "Group", "Source", "Thing", "Tool"} }

func allSteps(directions ...kg.Direction) []kg.Step {
	var steps []kg.Step
	for _, typ := range []string{"LINKED", "NODE", "PART_OF", "SELECT"} {
		for _, d := range directions {
			steps = append(steps, kg.Step{Type: typ, Direction: d})
		}
	}
	return steps
}
