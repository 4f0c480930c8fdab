package storetest

import (
	"context"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entente/internal/kg"
	"entente/internal/store"
)

// node makes a node of names and values, with the required values that are not
// given. An int is written as an int64.
func node(kind, id string, namesAndValues ...any) *kg.Node {
	n := &kg.Node{ID: id, Kind: kind, Props: props(namesAndValues)}
	withDefault(&n.Props, "name", "Name of "+id)
	if kind == "Thing" || kind == "Tool" {
		withDefault(&n.Props, "order", int64(0))
	}
	n.Props.Sort()
	return n
}

func thing(id string, namesAndValues ...any) *kg.Node { return node("Thing", id, namesAndValues...) }

func things(ids ...string) []*kg.Node {
	var nodes []*kg.Node
	for _, id := range ids {
		nodes = append(nodes, thing(id))
	}
	return nodes
}

// link makes an edge of type LINKED; its role is LEAD unless given.
func link(from, to string, namesAndValues ...any) *kg.Edge {
	e := &kg.Edge{Type: "LINKED", From: from, To: to, Props: props(namesAndValues)}
	withDefault(&e.Props, "role", "LEAD")
	e.Props.Sort()
	role, _ := e.Props.Get("role").(string)
	title, _ := e.Props.Get("title").(string)
	e.ID = kg.EdgeID(e.Type, from, to, role, title)
	return e
}

// part and selects make edges of the types without keys.
func part(from, to string, namesAndValues ...any) *kg.Edge {
	e := &kg.Edge{ID: kg.EdgeID("PART_OF", from, to), Type: "PART_OF", From: from, To: to, Props: props(namesAndValues)}
	e.Props.Sort()
	return e
}

func selects(from, to string) *kg.Edge {
	return &kg.Edge{ID: kg.EdgeID("SELECT", from, to), Type: "SELECT", From: from, To: to}
}

func props(namesAndValues []any) kg.Props {
	var out kg.Props
	for i := 0; i < len(namesAndValues); i += 2 {
		v := namesAndValues[i+1]
		if n, ok := v.(int); ok {
			v = int64(n)
		}
		out = append(out, kg.Property{Name: namesAndValues[i].(string), Value: v})
	}
	return out
}

func withDefault(p *kg.Props, name string, v any) {
	if p.Get(name) == nil {
		*p = append(*p, kg.Property{Name: name, Value: v})
	}
}

func evidence(source, locator string) kg.Evidence {
	return kg.Evidence{Source: source, Locator: locator, Basis: kg.Stated, Confidence: kg.High, Rank: kg.Normal}
}

func put(t fataler, st store.Store, nodes []*kg.Node, edges ...*kg.Edge) *store.Applied {
	t.Helper()
	return apply(t, st, store.Batch{Nodes: nodes, Edges: edges})
}

func nodes(n ...*kg.Node) []*kg.Node { return n }

// is, and others after it, write filters shortly.
func is(property string, op kg.Op, v any) kg.Compare {
	if n, ok := v.(int); ok {
		v = int64(n)
	}
	return kg.Compare{Property: property, Op: op, Value: v}
}

func not(f kg.Filter) kg.Filter { return kg.Not{Filter: f} }

func by(property string) kg.SortKey  { return kg.SortKey{Property: property} }
func byD(property string) kg.SortKey { return kg.SortKey{Property: property, Desc: true} }

const plenty = 1000

// find returns the ids of the things that pass a filter, in order.
func find(t *testing.T, st store.Store, where kg.Filter, order ...kg.SortKey) []string {
	t.Helper()
	return ids(findPage(t, st, store.NodeQuery{Where: where, Order: order, Page: kg.Page{Limit: plenty}}))
}

// findPage asks for things unless the query names kinds.
func findPage(t *testing.T, st store.Store, q store.NodeQuery) *store.NodePage {
	t.Helper()
	if q.Kinds == nil {
		q.Kinds = []string{"Thing"}
	}
	page, err := st.Find(context.Background(), q)
	if err != nil {
		t.Fatalf("finding nodes: %v", err)
	}
	return page
}

func ids(page *store.NodePage) []string {
	out := []string{}
	for _, n := range page.Nodes {
		out = append(out, n.ID)
	}
	return out
}

func expand(t *testing.T, st store.Store, q store.ExpandQuery) map[string]*store.EdgePage {
	t.Helper()
	pages, err := st.Expand(context.Background(), q)
	if err != nil {
		t.Fatalf("expanding: %v", err)
	}
	for _, id := range q.Parents {
		if pages[id] == nil {
			t.Fatalf("the answer has no page for the parent %q", id)
		}
	}
	return pages
}

func edgeIDs(edges []*kg.Edge) []string {
	out := []string{}
	for _, e := range edges {
		out = append(out, e.ID)
	}
	return out
}

// farIDs returns the ids of the far nodes of a page.
func farIDs(page *store.EdgePage) []string {
	out := []string{}
	for _, item := range page.Items {
		out = append(out, item.Node.ID)
	}
	return out
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, sameBytes()...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// sameBytes compares answers as their readers see them: nil is empty, and the
// order that a page carries shows in its positions alone.
func sameBytes() cmp.Options {
	return cmp.Options{
		cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(store.NodePage{}, "Sort"),
		cmpopts.IgnoreFields(store.EdgePage{}, "Sort"),
		cmp.Comparer(sameFloat),
	}
}

func refused(t *testing.T, what string, err error) {
	t.Helper()
	failed(t, what, err, kg.CodeInvalid)
}

func failed(t *testing.T, what string, err error, code kg.Code) {
	t.Helper()
	if err == nil {
		t.Errorf("%s is accepted, but should be refused with %s", what, code)
	} else if got := kg.CodeOf(err); got != code {
		t.Errorf("%s is refused with %s (%v), want %s", what, got, err, code)
	}
}

// refusedBatch checks that a batch is refused and leaves nothing behind.
func refusedBatch(t *testing.T, st store.Store, what string, b store.Batch) {
	t.Helper()
	before := everything(t, st)
	_, err := st.Apply(context.Background(), b)
	refused(t, what, err)
	equal(t, "the graph after "+what, everything(t, st), before)
}

// graph is all that a store holds.
type graph struct {
	Nodes []*kg.Node
	Edges []*kg.Edge
}

func everything(t fataler, st store.Store) graph {
	t.Helper()
	g := graph{Nodes: everyNode(t, st)}
	g.Edges = everyEdge(t, st, g.Nodes)
	return g
}

func sameFloat(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
