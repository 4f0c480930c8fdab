package graphs

import (
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"os"
	"testing"

	"entente/internal/ingest"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/schema"
)

const tiny = 1000 // nodes

func readModel(t *testing.T) *ontology.Ontology {
	t.Helper()
	o, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// collected is a whole graph in memory.
func collected(t *testing.T, g *Generator) (all store.Batch) {
	t.Helper()
	err := g.Batches(func(b store.Batch) error {
		all.Nodes, all.Edges = append(all.Nodes, b.Nodes...), append(all.Edges, b.Edges...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The records never change unnoticed, so that figures of different days, and
// stores kept from earlier runs, can be compared.
func TestGeneratorIsDeterministic(t *testing.T) {
	const want = "23ea94b2595713c3"
	all := collected(t, New(readModel(t), tiny))
	h := fnv.New64a()
	if err := json.NewEncoder(h).Encode(all); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("the generated records have the hash %s, not %s; if that is meant (the model or the generator changed), "+
			"raise Version and write the new hash here", got, want)
	}
}

func TestGeneratorKeepsItsPromises(t *testing.T) {
	const nodes = 20_000
	g := New(readModel(t), nodes)
	all := collected(t, g)
	if len(all.Nodes) != nodes || len(all.Edges) != nodes*EdgesPerNode {
		t.Errorf("%d nodes and %d edges, not %d and %d", len(all.Nodes), len(all.Edges), nodes, nodes*EdgesPerNode)
	}
	seen := map[string]bool{}
	degree := map[string]int{}
	for _, n := range all.Nodes {
		seen[n.ID] = true
	}
	for _, e := range all.Edges {
		seen[e.ID] = true
		if e.Type == "ENDORSED" {
			degree[e.To]++
		}
	}
	if len(seen) != len(all.Nodes)+len(all.Edges) {
		t.Errorf("%d ids for %d records", len(seen), len(all.Nodes)+len(all.Edges))
	}
	hub := 0
	for _, n := range degree {
		hub = max(hub, n)
	}
	if least := 100 * nodes * EdgesPerNode / 1000 / len(g.ids["Initiative"]); hub < least {
		t.Errorf("the greatest initiative has %d endorsements, fewer than %d", hub, least)
	}
}

// The folder of CSV files holds the same graph.
func TestCSVHoldsTheGraph(t *testing.T) {
	g := New(readModel(t), tiny)
	dir := t.TempDir()
	if err := WriteCSV(g, dir); err != nil {
		t.Fatal(err)
	}
	data, report, err := ingest.Read(t.Context(), os.DirFS(dir), g.o, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		t.Fatalf("%d rejections, the first: %s", len(report.Rejections), report.Rejections[0])
	}
	want := collected(t, g)
	nodes := map[string]*kg.Node{}
	for _, n := range data.Nodes {
		nodes[n.ID] = n
	}
	for _, n := range want.Nodes {
		if got := nodes[n.ID]; got == nil || !same(n.Props, n.Evidence, got.Props, got.Evidence) {
			t.Fatalf("CSV holds %+v, not %+v", got, n)
		}
	}
	edges := map[string]*kg.Edge{}
	for _, e := range data.Edges {
		edges[e.ID] = e
	}
	for _, e := range want.Edges {
		if got := edges[e.ID]; got == nil || !same(e.Props, e.Evidence, got.Props, got.Evidence) {
			t.Fatalf("CSV holds %+v, not %+v", got, e)
		}
	}
	if len(nodes) != len(want.Nodes) || len(edges) != len(want.Edges) {
		t.Errorf("CSV holds %d nodes and %d edges, not %d and %d", len(nodes), len(edges), len(want.Nodes), len(want.Edges))
	}
}

func same(p kg.Props, e []kg.Evidence, q kg.Props, f []kg.Evidence) bool {
	if len(e) != len(f) {
		return false
	}
	for i := range e {
		if e[i] != f[i] {
			return false
		}
	}
	return p.Equal(q)
}
