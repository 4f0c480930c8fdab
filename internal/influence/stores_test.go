package influence_test

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/internal/influence"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/internal/store/neo4j"
	"entente/internal/store/neo4j/neo4jtest"
	"entente/internal/store/sqlite"
	"entente/internal/store/storetest"
	"entente/schema"
)

var neo4jServer neo4jtest.Shared

// open makes an empty store of one sort. Where there is no Neo4j, it skips the test.
func open(t *testing.T, engine string, o *ontology.Ontology) store.Store {
	t.Helper()
	var st store.Store
	var err error
	if engine == "sqlite" {
		st, err = sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), o)
	} else {
		server := neo4jServer.Start(t)
		st, err = neo4j.Open(t.Context(), neo4j.Config{URI: server.URI, Username: server.Username, Password: server.Password}, o)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func fill(t *testing.T, st store.Store, b store.Batch) {
	t.Helper()
	for _, part := range batches(b) {
		if _, err := st.Apply(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
}

// batches cuts a graph into batches, nodes first.
func batches(b store.Batch) []store.Batch {
	const size = 20_000
	var all []store.Batch
	for at := 0; at < len(b.Nodes); at += size {
		all = append(all, store.Batch{Nodes: b.Nodes[at:min(at+size, len(b.Nodes))]})
	}
	for at := 0; at < len(b.Edges); at += size {
		all = append(all, store.Batch{Edges: b.Edges[at:min(at+size, len(b.Edges))]})
	}
	return all
}

// hub is a node that influences many others, each of which influences the next and the hub itself.
func hub(n int) store.Batch {
	name := kg.Props{{Name: "name", Value: "N"}}
	b := store.Batch{Nodes: []*kg.Node{{ID: "hub", Kind: "Red", Props: name}}}
	sent := func(from, to string) {
		e := &kg.Edge{ID: kg.EdgeID("SENT", from, to, "1"), Type: "SENT", From: from, To: to, Props: kg.Props{{Name: "number", Value: int64(1)}}}
		e.Evidence = []kg.Evidence{{Source: "s", Locator: "p. 1", Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal}}
		b.Edges = append(b.Edges, e)
	}
	id := func(i int) string { return fmt.Sprintf("n%06d", i%n) }
	for i := range n {
		b.Nodes = append(b.Nodes, &kg.Node{ID: id(i), Kind: "Red", Props: name})
		sent("hub", id(i))
		sent(id(i), id(i+1))
		if i%50 == 0 {
			sent(id(i), "hub")
		}
	}
	return b
}

// spending is what an answer about the hub amounts to.
type spending struct {
	Reached, Paths int
	Trace, Between influence.Spent
}

// A hub with 100,000 neighbours and the greatest depth neither hangs nor fills
// memory: the answer is cut at the limits, says so, and is the same on both stores.
func TestHubStaysWithinTheBudget(t *testing.T) {
	o := model(t)
	graph := hub(100_000)
	var all []spending
	for _, engine := range []string{"sqlite", "neo4j"} {
		t.Run(engine, func(t *testing.T) {
			st := open(t, engine, o)
			fill(t, st, graph)
			all = append(all, spend(t, &influence.Engine{Store: st, Ontology: o}))
		})
	}
	for _, s := range all {
		if diff := cmp.Diff(all[0], s); diff != "" {
			t.Errorf("the stores differ:\n%s", diff)
		}
	}
}

func spend(t *testing.T, g *influence.Engine) spending {
	t.Helper()
	budget := influence.DefaultBudget()
	budget.Time = time.Minute // a slow machine must not decide which limit is reached first
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	trace, err := g.Trace(t.Context(), influence.TraceQuery{From: "hub", Depth: influence.MaxDepth, Budget: budget})
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 1<<30 {
		t.Errorf("a trace from a hub allocated %d MB", allocated>>20)
	}
	if trace.Spent.Cut == influence.None || trace.Spent.Nodes > budget.Nodes || trace.Spent.Edges > budget.Edges {
		t.Errorf("the trace spent %+v", trace.Spent)
	}
	found, err := g.Paths(t.Context(), influence.PathsQuery{From: "n000007", To: "n050000", First: 3, Length: influence.MaxLength, Budget: budget})
	if err != nil {
		t.Fatal(err)
	}
	if found.Spent.Edges > budget.Edges || found.Spent.Steps > budget.Steps+1 {
		t.Errorf("the paths spent %+v", found.Spent)
	}
	late, err := g.Trace(t.Context(), influence.TraceQuery{From: "hub", Depth: influence.MaxDepth, Budget: influence.Budget{Time: time.Nanosecond}})
	if err != nil || late.Spent.Cut != influence.Time || len(late.Reached) > 0 {
		t.Errorf("without time the trace was %+v, %v", late, err)
	}
	return spending{len(trace.Reached), len(found.Paths), trace.Spent, found.Spent}
}

// Each limit is kept, and named where it is reached.
func TestLimits(t *testing.T) {
	o := model(t)
	st := storetest.NewOracle(o)
	if _, err := st.Apply(t.Context(), hub(40)); err != nil {
		t.Fatal(err)
	}
	g := &influence.Engine{Store: st, Ontology: o}
	for _, c := range []struct {
		budget influence.Budget
		want   influence.Limit
		nodes  int
	}{
		{influence.Budget{}, influence.None, 41}, {influence.Budget{Nodes: 10}, influence.Nodes, 10},
		{influence.Budget{Edges: 7}, influence.Edges, 8}, {influence.Budget{Steps: 5}, influence.Steps, 6},
	} {
		trace, err := g.Trace(t.Context(), influence.TraceQuery{From: "hub", Depth: 5, Budget: c.budget})
		if err != nil {
			t.Fatal(err)
		}
		if trace.Spent.Cut != c.want || len(trace.Reached)+1 != c.nodes {
			t.Errorf("with %+v: cut by %q after %d nodes, want %q after %d", c.budget, trace.Spent.Cut, len(trace.Reached)+1, c.want, c.nodes)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Trace(cancelled, influence.TraceQuery{From: "hub", Depth: 5}); err == nil {
		t.Error("a cancelled request is not an answer cut by its budget")
	}
}

// Where the budget ends before all responses are read, what was not found is not said to be missing.
func TestCutCascadeKnowsNoMissingAnswers(t *testing.T) {
	o, err := ontology.Read(schema.Model())
	if err != nil {
		t.Fatal(err)
	}
	st := storetest.NewOracle(o)
	var b store.Batch
	incident := func(id string) {
		b.Nodes = append(b.Nodes, &kg.Node{ID: id, Kind: "Incident", Props: kg.Props{{Name: "kind", Value: "ATTACK"}, {Name: "name", Value: id}}})
	}
	incident("first")
	for i := range 5 {
		id := fmt.Sprint("later-", i)
		incident(id)
		e := &kg.Edge{Type: "CITED", From: id, To: "first", Props: kg.Props{{Name: "manner", Value: "REFERENCE"}}}
		e.ID = store.EdgeIDOf(o.Relation("CITED"), e)
		b.Edges = append(b.Edges, e)
	}
	if _, err := st.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	g := &influence.Engine{Store: st, Ontology: o}
	for edges, want := range map[int]influence.Answered{0: influence.No, 5: influence.Unknown, 3: influence.Unknown} { // 0: the default
		c, err := g.Cascade(t.Context(), influence.CascadeQuery{From: "first", Depth: 1, Budget: influence.Budget{Edges: edges}})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Incidents {
			if f.Answer != want {
				t.Errorf("with %d edges, cut by %q: %s is %s, want %s", edges, c.Spent.Cut, f.Node.ID, f.Answer, want)
			}
		}
	}
}

// calls counts the reads of a store.
type calls struct {
	store.Store
	neighbours, nodes int
}

func (c *calls) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	c.neighbours++
	return c.Store.Neighbours(ctx, q)
}

func (c *calls) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	c.nodes++
	return c.Store.Nodes(ctx, ids)
}

// A level costs one call, however many nodes it has, and paths are searched from both ends.
func TestOneCallPerLevel(t *testing.T) {
	o := model(t)
	st := &calls{Store: storetest.NewOracle(o)}
	if _, err := st.Apply(t.Context(), hub(40)); err != nil {
		t.Fatal(err)
	}
	g := &influence.Engine{Store: st, Ontology: o}
	if _, err := g.Trace(t.Context(), influence.TraceQuery{From: "n000001", Depth: 4}); err != nil {
		t.Fatal(err)
	}
	if st.neighbours != 4 || st.nodes != 1 {
		t.Errorf("a trace to depth 4 took %d calls for edges and %d for nodes", st.neighbours, st.nodes)
	}
	st.neighbours, st.nodes = 0, 0
	if _, err := g.Paths(t.Context(), influence.PathsQuery{From: "n000001", To: "n000020", First: 1, Length: 12, Order: influence.Shortest}); err != nil {
		t.Fatal(err)
	}
	if st.neighbours > 12 || st.nodes != 1 {
		t.Errorf("the shortest path took %d calls for edges and %d for nodes", st.neighbours, st.nodes)
	}
}
