package storetest

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

// nastyIDs are ids that quoting, folding, escaping or collation could confuse.
func nastyIDs() []string {
	return []string{
		"a", "A", "á", "a\u0301", "ä", " a", "a ", "a  b", "a:b", "a%3Ab", "a%b", "a_b", "a*b", "%", "_", "'", `"`, "`", `\`, `\'`, "$1", "?1",
		"--", "/*", "{}", "[]", "null", "0", "00", "1e3", "\t", "\n", "\u00a0", "ß", "ss", "ﬁ", "ı", "İ", "東京", "\ue000", "\uffff", "😀", "𐀀",
		"👩‍🚀", "\u202e", strings.Repeat("x", 500),
	}
}

func idLines() []line {
	return []line{
		{"S1.1", "nodes by id", checkNodesByID},
		{"S1.2", "ids are compared whole", checkNastyIDs},
		{"S1.3", "ids of edges are derived", checkEdgeIDs},
		{"S1.4", "keys tell edges apart", func(t *testing.T, st store.Store) {
			edges := []*kg.Edge{
				link("a", "b"), link("a", "b", "role", "AID"), link("a", "b", "title", "x"), link("a", "b", "title", "X"),
				link("b", "a"), part("a", "b", "label", "x"), part("a", "b", "label", "y"),
			}
			applied := put(t, st, things("a", "b"), edges...)
			equal(t, "outcomes", applied.Edges, []store.Outcome{
				store.Created, store.Created, store.Created, store.Created, store.Created, store.Created, store.Changed,
			})
		}},
		{"S1.5", "an edge from a node to itself", func(t *testing.T, st store.Store) {
			loop := link("a", "a")
			put(t, st, things("a"), loop)
			equal(t, "edges", everything(t, st).Edges, []*kg.Edge{loop})
		}},
		{"S1.6", "lengths of ids", func(t *testing.T, st store.Store) {
			refusedBatch(t, st, "an empty id", store.Batch{Nodes: things("")})
			refusedBatch(t, st, "a long id", store.Batch{Nodes: things(strings.Repeat("x", 501))})
			refusedBatch(t, st, "an id long in bytes", store.Batch{Nodes: things(strings.Repeat("é", 251))})
			refusedBatch(t, st, "a long id of an edge", store.Batch{
				Nodes: things("a"), Edges: []*kg.Edge{link("a", "a", "title", strings.Repeat("x", 4000))},
			})
			put(t, st, things("a"), link("a", "a", "title", strings.Repeat("x", 4000-len("LINKED:a:a:LEAD:"))))
		}},
	}
}

func checkNodesByID(t *testing.T, st store.Store) {
	a, b := thing("a"), node("Tool", "b")
	put(t, st, nodes(a, b))
	got, err := st.Nodes(context.Background(), []string{"b", "c", "a", "b", ""})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "nodes", got, map[string]*kg.Node{"a": a, "b": b})
	got, err = st.Nodes(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "no nodes", got, map[string]*kg.Node{})
	_, err = st.Apply(context.Background(), store.Batch{Nodes: nodes(node("Tool", "a"))})
	failed(t, "the same id for another kind", err, kg.CodeConflict)
}

func checkNastyIDs(t *testing.T, st store.Store) {
	put(t, st, things(nastyIDs()...))
	var edges []*kg.Edge
	for i, id := range nastyIDs() {
		edges = append(edges, link(id, nastyIDs()[(i+1)%len(nastyIDs())]))
	}
	put(t, st, nil, edges...)
	got, err := st.Nodes(context.Background(), append(nastyIDs(), "Á", "a\x00b", "\xff"))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "ids found", slices.Sorted(maps.Keys(got)), slices.Sorted(slices.Values(nastyIDs())))
	for id, n := range got {
		if n.ID != id {
			t.Errorf("asked for %q, got %q", id, n.ID)
		}
		equal(t, fmt.Sprintf("id equals %q", id), find(t, st, is("id", kg.OpEq, id)), []string{id})
	}
	pages := expand(t, st, store.ExpandQuery{
		Parents: nastyIDs(), Step: kg.Step{Type: "LINKED"}, Page: kg.Page{Limit: plenty},
	})
	for i, id := range nastyIDs() {
		equal(t, fmt.Sprintf("far end of %q", id), farIDs(pages[id]), []string{nastyIDs()[(i+1)%len(nastyIDs())]})
	}
}

func checkEdgeIDs(t *testing.T, st store.Store) {
	e := link("a:b", "50%", "title", "x:y%")
	equal(t, "id", e.ID, "LINKED:a%3Ab:50%25:LEAD:x%3Ay%25")
	bare := link("50%", "a:b", "role", "AID")
	equal(t, "id without a title", bare.ID, "LINKED:50%25:a%3Ab:AID:")
	put(t, st, things("a:b", "50%"), e, bare)
	equal(t, "edges", everything(t, st).Edges, []*kg.Edge{bare, e})
	for _, c := range []struct {
		id    string
		props []any
	}{
		{"NODE:n:n::3:::", []any{"type", 3}},
		{"NODE:n:n:k:-1:0::", []any{"type", -1, "key", "k", "label", math.Copysign(0, -1)}},
		{"NODE:n:n::3:0.5:false:2019/..", []any{"type", 3, "label", 0.5, "e", false, "start", "2019/.."}},
		{"NODE:n:n::3:1e+21:true:", []any{"type", 3, "label", 1e21, "e", true}},
	} {
		numbered := &kg.Edge{ID: c.id, Type: "NODE", From: "n", To: "n", Props: props(c.props)}
		numbered.Props.Sort()
		put(t, st, nodes(node("Edge", "n")), numbered)
	}
	for _, id := range []string{"", "x", "LINKED:a:b:50%:LEAD:", "LINKED:a%3Ab:50%25:AID:", "LINKED:a%3Ab:50%25:LEAD"} {
		wrong := link("a:b", "50%")
		wrong.ID = id
		refusedBatch(t, st, fmt.Sprintf("the id %q", id), store.Batch{Edges: []*kg.Edge{wrong}})
	}
}
