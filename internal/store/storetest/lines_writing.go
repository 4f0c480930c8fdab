package storetest

import (
	"context"
	"fmt"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

func writeLines() []line {
	return []line{
		{"S9.1", "deletes, nodes, edges", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "count", 1), thing("b")), link("a", "b", "times", 1), link("b", "b", "times", 1))
			applied := apply(t, st, store.Batch{
				DeleteNodes: []string{"a"}, DeleteEdges: []string{"LINKED:b:b:LEAD:"}, Nodes: nodes(thing("a"), thing("c")),
				Edges: []*kg.Edge{link("c", "a"), link("b", "b")},
			})
			equal(t, "outcomes", applied, &store.Applied{
				Nodes: []store.Outcome{store.Created, store.Created}, Edges: []store.Outcome{store.Created, store.Created},
			})
			equal(t, "graph", everything(t, st), graph{Nodes: things("a", "b", "c"), Edges: []*kg.Edge{link("b", "b"), link("c", "a")}})
		}},
		{"S9.2", "upserts merge values", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "count", 1, "remark", "x", "words", []string{"a", "b"}, "end", "2019")), link("a", "a", "times", 1, "tags", []string{"x"}, "at", "2019"))
			put(t, st, nodes(thing("a", "count", 2, "words", []string{"c"}, "size", 0.5, "end", "2020-01")), link("a", "a", "sure", true, "tags", []string{"y", "z"}))
			equal(t, "graph", everything(t, st), graph{
				Nodes: nodes(thing("a", "count", 2, "remark", "x", "words", []string{"c"}, "size", 0.5, "end", "2020-01")),
				Edges: []*kg.Edge{link("a", "a", "times", 1, "tags", []string{"y", "z"}, "at", "2019", "sure", true)},
			})
			equal(t, "found by the new date", find(t, st, is("end", kg.OpGte, "2020"), by("end")), []string{"a"})
			equal(t, "not by the old one", find(t, st, is("end", kg.OpLt, "2020")), []string{})
			equal(t, "not by an old element", find(t, st, is("words", kg.OpHas, "a")), []string{})
		}},
		{"S9.3", "evidence is united", checkEvidence},
		{"S9.4", "created, changed, unchanged", checkOutcomes},
		{"S9.5", "more than once in a batch", func(t *testing.T, st store.Store) {
			sourced := thing("a", "count", 2)
			sourced.Evidence = []kg.Evidence{evidence("s", "")}
			applied := put(t, st, nodes(thing("a", "count", 1), thing("b"), thing("a"), sourced, sourced, thing("a", "remark", "x")),
				link("a", "b", "times", 1), link("a", "b", "times", 1), link("a", "b", "times", 2))
			equal(t, "outcomes", applied, &store.Applied{
				Nodes: []store.Outcome{store.Created, store.Created, store.Unchanged, store.Changed, store.Unchanged, store.Changed},
				Edges: []store.Outcome{store.Created, store.Unchanged, store.Changed},
			})
			want := thing("a", "count", 2, "remark", "x")
			want.Evidence = sourced.Evidence
			equal(t, "graph", everything(t, st), graph{Nodes: nodes(want, thing("b")), Edges: []*kg.Edge{link("a", "b", "times", 2)}})
			again := put(t, st, nodes(thing("a", "count", 3), thing("a", "count", 2)))
			equal(t, "there and back", again.Nodes, []store.Outcome{store.Changed, store.Changed})
			equal(t, "graph after that", everything(t, st).Nodes, nodes(want, thing("b")))
		}},
		{"S9.6", "kinds never change", func(t *testing.T, st store.Store) {
			put(t, st, things("a"))
			for what, b := range map[string]store.Batch{
				"another kind":              {Nodes: nodes(thing("b"), node("Group", "a"))},
				"another kind in the batch": {Nodes: nodes(thing("b"), node("Group", "b"))},
			} {
				_, err := st.Apply(context.Background(), b)
				failed(t, what, err, kg.CodeConflict)
				equal(t, "nodes", everything(t, st).Nodes, things("a"))
			}
			apply(t, st, store.Batch{DeleteNodes: []string{"a"}, Nodes: nodes(node("Group", "a"))})
			equal(t, "deleted first", everything(t, st).Nodes, nodes(node("Group", "a")))
		}},
		{"S9.7", "ends of edges", func(t *testing.T, st store.Store) {
			put(t, st, append(things("a"), node("Tool", "t")))
			for what, e := range map[string]*kg.Edge{
				"no far end": link("a", "x"), "no near end": link("x", "a"), "no ends": link("x", "y"), "no far end of another type": selects("a", "x"),
				"a kind that is not joined": link("a", "t"), "the wrong way": selects("t", "a"), "kinds of another relation": selects("a", "a"),
			} {
				refusedBatch(t, st, what, store.Batch{Nodes: things("new"), Edges: []*kg.Edge{selects("a", "t"), e}})
			}
			refusedBatch(t, st, "an end deleted in the batch", store.Batch{DeleteNodes: []string{"t"}, Edges: []*kg.Edge{selects("a", "t")}})
			put(t, st, things("x"), link("a", "x"), link("x", "x"), selects("x", "t"))
		}},
		{"S9.9", "all or nothing", checkAtomicity},
		{"S9.10", "evidence", func(t *testing.T, st store.Store) {
			put(t, st, things("a"))
			for _, spoil := range []func(*kg.Evidence){
				func(e *kg.Evidence) { e.Source = "" }, func(e *kg.Evidence) { e.Basis = "" }, func(e *kg.Evidence) { e.Confidence = "SURE" },
				func(e *kg.Evidence) { e.Rank = "" }, func(e *kg.Evidence) { e.Basis = "stated" },
			} {
				bad := evidence("s", "")
				spoil(&bad)
				n, e := thing("b"), link("a", "a")
				n.Evidence, e.Evidence = []kg.Evidence{evidence("s", "1"), bad}, []kg.Evidence{bad}
				refusedBatch(t, st, fmt.Sprintf("%+v of a node", bad), store.Batch{Nodes: nodes(n)})
				refusedBatch(t, st, fmt.Sprintf("%+v of an edge", bad), store.Batch{Edges: []*kg.Edge{e}})
			}
		}},
		{"S9.11", "an empty batch", func(t *testing.T, st store.Store) {
			put(t, st, things("a"))
			equal(t, "outcomes", apply(t, st, store.Batch{}), &store.Applied{})
			equal(t, "graph", everything(t, st), graph{Nodes: things("a")})
		}},
		{"S9.12", "thousands", checkThousands},
		{"S9.13", "what is whose", checkOwnership},
	}
}

func checkEvidence(t *testing.T, st store.Store) {
	piece := func(source, locator, note string) kg.Evidence {
		e := evidence(source, locator)
		e.Note = note
		return e
	}
	write := func(pieces ...kg.Evidence) *store.Applied {
		n, e := thing("a"), link("a", "a")
		n.Evidence, e.Evidence = pieces, pieces
		return put(t, st, nodes(n), e)
	}
	stored := func(what string, pieces ...kg.Evidence) {
		t.Helper()
		g := everything(t, st)
		equal(t, what+", of the node", g.Nodes[0].Evidence, pieces)
		equal(t, what+", of the edge", g.Edges[0].Evidence, pieces)
	}
	write(piece("t", "", ""), piece("s", "é", ""), piece("s", "z", ""), piece("S", "", ""), piece("s", "", ""))
	stored("in order", piece("S", "", ""), piece("s", "", ""), piece("s", "z", ""), piece("s", "é", ""), piece("t", "", ""))
	write(piece("t", "", "newer"), piece("s", "\uffff", ""), piece("s", "😀", ""))
	stored("united", piece("S", "", ""), piece("s", "", ""), piece("s", "z", ""), piece("s", "é", ""), piece("s", "\uffff", ""), piece("s", "😀", ""), piece("t", "", "newer"))
	lower := kg.Evidence{Source: "t", Basis: kg.Inferred, Confidence: kg.Low, Rank: kg.Deprecated}
	applied := write(piece("t", "", "first"), piece("t", "", "second"), lower)
	equal(t, "outcomes", applied, &store.Applied{Nodes: []store.Outcome{store.Changed}, Edges: []store.Outcome{store.Changed}})
	stored("the last of equal ones", piece("S", "", ""), piece("s", "", ""), piece("s", "z", ""), piece("s", "é", ""), piece("s", "\uffff", ""), piece("s", "😀", ""), lower)
	equal(t, "the same again", write(lower, piece("S", "", "")), &store.Applied{Nodes: []store.Outcome{store.Unchanged}, Edges: []store.Outcome{store.Unchanged}})
	equal(t, "none", write(), &store.Applied{Nodes: []store.Outcome{store.Unchanged}, Edges: []store.Outcome{store.Unchanged}})
}

func checkOutcomes(t *testing.T, st store.Store) {
	b := store.Batch{
		Nodes: nodes(thing("a", "count", 1, "size", 0.1, "words", []string{"x", "y"}, "live", false, "end", "2019"), node("Tool", "t", "value", "v")),
		Edges: []*kg.Edge{link("a", "a", "strength", 0.1, "tags", []string{"x"}), selects("a", "t")},
	}
	outcomes := func(n, e store.Outcome) *store.Applied {
		return &store.Applied{Nodes: []store.Outcome{n, n}, Edges: []store.Outcome{e, e}}
	}
	equal(t, "first", apply(t, st, b), outcomes(store.Created, store.Created))
	before := everything(t, st)
	equal(t, "again", apply(t, st, b), outcomes(store.Unchanged, store.Unchanged))
	equal(t, "graph", everything(t, st), before)
	for _, changed := range []*kg.Node{
		thing("a", "count", 2), thing("a", "words", []string{"y", "x"}), thing("a", "live", true), thing("a", "end", "2019?"), thing("a", "remark", "new"),
		thing("a", "name", "Name of A"), thing("a", "size", 0.2),
	} {
		equal(t, fmt.Sprintf("%v", changed.Props), put(t, st, nodes(changed)).Nodes, []store.Outcome{store.Changed})
		equal(t, "again", put(t, st, nodes(changed)).Nodes, []store.Outcome{store.Unchanged})
	}
}

func checkAtomicity(t *testing.T, st store.Store) {
	put(t, st, nodes(thing("a", "count", 1), thing("b")), link("a", "b"))
	before := everything(t, st)
	good := store.Batch{
		DeleteNodes: []string{"b"}, DeleteEdges: []string{"LINKED:a:b:LEAD:"}, Nodes: nodes(thing("a", "count", 2, "summary", "novel"), thing("c")),
		Edges: []*kg.Edge{link("a", "c")},
	}
	for what, spoil := range map[string]func(*store.Batch){
		"a bad node":  func(b *store.Batch) { b.Nodes = append(b.Nodes, thing("d", "count", "x")) },
		"a bad kind":  func(b *store.Batch) { b.Nodes = append(b.Nodes, node("Group", "a")) },
		"a bad edge":  func(b *store.Batch) { b.Edges = append(b.Edges, link("a", "b")) },
		"a bad value": func(b *store.Batch) { b.Edges = append(b.Edges, link("a", "a", "at", "soon")) },
	} {
		bad := good
		spoil(&bad)
		if _, err := st.Apply(context.Background(), bad); err == nil {
			t.Errorf("%s is accepted", what)
		}
		equal(t, "the graph after "+what, everything(t, st), before)
		equal(t, "search after "+what, hits(t, st, "novel"), []string{})
		equal(t, "counts after "+what, counts(t, st), &store.Counts{Kinds: map[string]int{"Thing": 2}, Types: map[string]int{"LINKED": 1}})
	}
	apply(t, st, good)
	equal(t, "the graph after the good one", everything(t, st), graph{
		Nodes: nodes(thing("a", "count", 2, "summary", "novel"), thing("c")), Edges: []*kg.Edge{link("a", "c")},
	})
}

func checkThousands(t *testing.T, st store.Store) {
	const n = 3000
	var b store.Batch
	var all, outer []string
	for i := range n {
		id := fmt.Sprintf("n%04d", i)
		all = append(all, id)
		b.Nodes = append(b.Nodes, thing(id, "count", i))
		b.Edges = append(b.Edges, link(id, fmt.Sprintf("n%04d", i*7%n)))
		outer = append(outer, b.Edges[i].ID)
	}
	apply(t, st, b)
	got, err := st.Nodes(context.Background(), all)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "nodes", len(got), n)
	pages := expand(t, st, store.ExpandQuery{Parents: all, Step: into("LINKED"), Page: kg.Page{Limit: 2}, Count: true})
	total := 0
	for _, p := range pages {
		total += p.Count
	}
	equal(t, "edges into all", total, n)
	list := neighbours(t, st, store.NeighbourQuery{Nodes: all, Steps: []kg.Step{outOf("LINKED"), into("LINKED")}, Limit: n})
	equal(t, "edges around all", edgeIDs(list.Edges), outer)
	equal(t, "ids in a filter", len(find(t, st, is("id", kg.OpIn, all))), plenty)
	apply(t, st, store.Batch{DeleteEdges: outer[:n/2], DeleteNodes: all[n/2+1:]})
	equal(t, "counts", counts(t, st).Kinds, map[string]int{"Thing": n/2 + 1})
}

func checkOwnership(t *testing.T, st store.Store) {
	fresh := func() (*kg.Node, *kg.Edge) {
		n, e := thing("a", "words", []string{"x", "y"}), link("a", "a", "tags", []string{"x"})
		n.Evidence, e.Evidence = []kg.Evidence{evidence("t", ""), evidence("s", "")}, []kg.Evidence{evidence("t", ""), evidence("s", "")}
		return n, e
	}
	spoil := func(n *kg.Node, e *kg.Edge) {
		n.Props.Get("words").([]string)[0], e.Props.Get("tags").([]string)[0] = "spoilt", "spoilt"
		n.Props[0], e.Props[0] = kg.Property{}, kg.Property{}
		n.Evidence[0], e.Evidence[0] = kg.Evidence{}, kg.Evidence{}
		n.ID, e.ID = "spoilt", "spoilt"
	}
	given, givenEdge := fresh()
	put(t, st, nodes(given), givenEdge)
	wantNode, wantEdge := fresh()
	equal(t, "the node given", given, wantNode)
	equal(t, "the edge given", givenEdge, wantEdge)
	spoil(given, givenEdge)
	first := everything(t, st)
	found, hit := findPage(t, st, store.NodeQuery{Page: kg.Page{Limit: 1}}), search(t, st, store.SearchQuery{Text: "a", Page: kg.Page{Limit: 1}})
	edges := expand(t, st, store.ExpandQuery{Parents: []string{"a"}, Step: outOf("LINKED"), Page: kg.Page{Limit: 1}})["a"]
	got, err := st.Nodes(context.Background(), []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	want := everything(t, st)
	spoil(first.Nodes[0], first.Edges[0])
	spoil(edges.Items[0].Node, edges.Items[0].Edge)
	found.Nodes[0].Props[0], hit.Hits[0].Node.Props[0], got["a"].Props[0] = kg.Property{}, kg.Property{}, kg.Property{}
	equal(t, "the graph", everything(t, st), want)
}

func deleteLines() []line {
	return []line{
		{"S9.8", "deletes", func(t *testing.T, st store.Store) {
			put(t, st, append(things("a", "b", "c"), node("Tool", "t")), link("a", "b"), link("b", "c"), link("c", "a"), link("b", "b"), part("a", "c"), selects("b", "t"))
			applied := apply(t, st, store.Batch{DeleteNodes: []string{"b", "x", "", "b", "LINKED:a:b:LEAD:"}, DeleteEdges: []string{"PART_OF:a:c", "x", "", "a"}})
			equal(t, "outcomes", applied, &store.Applied{})
			equal(t, "graph", everything(t, st), graph{Nodes: append(things("a", "c"), node("Tool", "t")), Edges: []*kg.Edge{link("c", "a")}})
			equal(t, "search", hits(t, st, "b"), []string{})
			n := thing("a", "count", 1)
			put(t, st, nodes(n))
			applied = apply(t, st, store.Batch{DeleteNodes: []string{"a"}, Nodes: things("a")})
			equal(t, "deleted and written", applied.Nodes, []store.Outcome{store.Created})
			equal(t, "the graph then", everything(t, st), graph{Nodes: append(things("a", "c"), node("Tool", "t"))})
		}},
	}
}
