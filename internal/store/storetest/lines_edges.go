package storetest

import (
	"context"
	"fmt"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

func expandLines() []line {
	return []line{
		{"S5.1", "a page for each parent", func(t *testing.T, st store.Store) {
			put(t, st, append(things("a", "b"), node("Tool", "tool")), link("a", "b"))
			pages := expand(t, st, store.ExpandQuery{
				Parents: []string{"a", "nobody", "b", "tool", "a", ""}, Step: outOf("LINKED"), Page: kg.Page{Limit: plenty}, Count: true,
			})
			equal(t, "pages", pages, map[string]*store.EdgePage{
				"a": {Items: []store.Related{{Edge: link("a", "b"), Node: thing("b")}}, Count: 1}, "b": {}, "nobody": {}, "tool": {}, "": {},
			})
			equal(t, "no parents", expand(t, st, store.ExpandQuery{Step: outOf("LINKED")}), map[string]*store.EdgePage{})
		}},
		{"S5.2", "each parent alone", checkPagesPerParent},
		{"S5.3", "edges and far nodes whole", func(t *testing.T, st store.Store) {
			a, g := thing("a", "words", []string{"x"}), node("Group", "g", "end", "2019")
			e, loop := link("a", "g", "strength", 0.5, "tags", []string{"y"}), link("g", "g")
			g.Evidence, e.Evidence = []kg.Evidence{evidence("s", "1")}, []kg.Evidence{evidence("s", "2"), evidence("t", "")}
			put(t, st, nodes(a, g), e, loop)
			in := expand(t, st, store.ExpandQuery{Parents: []string{"g", "a"}, Step: into("LINKED"), Page: kg.Page{Limit: plenty}})
			equal(t, "in", in, map[string]*store.EdgePage{"a": {}, "g": {Items: []store.Related{{Edge: e, Node: a}, {Edge: loop, Node: g}}}})
			out := expand(t, st, store.ExpandQuery{Parents: []string{"g", "a"}, Step: outOf("LINKED"), Page: kg.Page{Limit: plenty}})
			equal(t, "out", out, map[string]*store.EdgePage{
				"a": {Items: []store.Related{{Edge: e, Node: g}}}, "g": {Items: []store.Related{{Edge: loop, Node: g}}},
			})
		}},
		{"S5.4", "kinds of far nodes", checkFarKinds},
		{"S5.5", "order by edge and far node", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a"), thing("x", "order", 1), node("Group", "y", "order", 1), thing("z", "order", 0)),
				link("a", "x", "times", 2), link("a", "y", "times", 1), link("a", "z", "times", 2), link("a", "y", "role", "AID"))
			for _, c := range []struct {
				order []kg.SortKey
				want  []string
			}{
				{nil, []string{"x", "y", "y", "z"}},
				{[]kg.SortKey{byD("id")}, []string{"z", "y", "y", "x"}},
				{[]kg.SortKey{by("times")}, []string{"y", "x", "z", "y"}},
				{[]kg.SortKey{byD("times")}, []string{"x", "z", "y", "y"}},
				{[]kg.SortKey{byD("times"), {Far: true, Property: "order"}}, []string{"z", "x", "y", "y"}},
				{[]kg.SortKey{{Far: true, Property: "name", Desc: true}, by("times")}, []string{"z", "y", "y", "x"}},
				{[]kg.SortKey{{Far: true, Property: "id", Desc: true}}, []string{"z", "y", "y", "x"}},
			} {
				page := expand(t, st, store.ExpandQuery{Parents: []string{"a"}, Step: outOf("LINKED"), Order: c.order, Page: kg.Page{Limit: plenty}})["a"]
				equal(t, fmt.Sprintf("order %v", c.order), farIDs(page), c.want)
			}
			page := expand(t, st, store.ExpandQuery{
				Parents: []string{"a"}, Step: outOf("LINKED"), Order: []kg.SortKey{{Far: true, Property: "id"}}, Page: kg.Page{Limit: plenty},
			})["a"]
			equal(t, "ties", page.Items[1].Edge.ID, "LINKED:a:y:AID:")
		}},
		{"S5.6", "filters on edge and far node", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a"), thing("x", "order", 1), node("Group", "y", "end", "2019")),
				link("a", "x", "times", 2), link("a", "y", "times", 1, "at", "2020-05"), link("a", "y", "role", "AID"), link("y", "x"))
			for _, c := range []struct {
				where kg.Filter
				want  []string
			}{
				{is("times", kg.OpGt, 1), []string{"x"}},
				{not(is("times", kg.OpGt, 1)), []string{"y"}},
				{is("times", kg.OpIsNull, true), []string{"y"}},
				{is("at", kg.OpGte, "2020"), []string{"y"}},
				{kg.Far{Filter: is("id", kg.OpEq, "y")}, []string{"y", "y"}},
				{kg.Far{Filter: not(kg.Kinds{"Group"})}, []string{"x"}},
				{not(kg.Far{Filter: is("end", kg.OpLt, "2019")}), []string{"y", "y"}},
				{kg.And{is("role", kg.OpEq, "AID"), kg.Far{Filter: is("end", kg.OpIsNull, false)}}, []string{"y"}},
				{kg.Or{is("times", kg.OpEq, 2), kg.Far{Filter: kg.Kinds{"Group"}}}, []string{"x", "y", "y"}},
				{kg.Far{Filter: count(outOf("LINKED"), kg.OpGte, 1, nil)}, []string{"y", "y"}},
				{kg.Far{Filter: nil}, []string{"x", "y", "y"}},
			} {
				page := expand(t, st, store.ExpandQuery{
					Parents: []string{"a"}, Step: outOf("LINKED"), Where: c.where, Page: kg.Page{Limit: plenty}, Count: true,
				})["a"]
				equal(t, fmt.Sprintf("%+v", c.where), farIDs(page), c.want)
				equal(t, fmt.Sprintf("count of %+v", c.where), page.Count, len(c.want))
			}
		}},
		{"S5.7", "filters, orders and pages as of nodes", checkEdgesLikeNodes},
	}
}

func checkPagesPerParent(t *testing.T, st store.Store) {
	var edges []*kg.Edge
	for i, to := range []string{"a", "b", "c", "d"} {
		edges = append(edges, link("p", to, "times", i), link("q", to, "times", -i))
	}
	put(t, st, things("a", "b", "c", "d", "p", "q"), append(edges, link("p", "p"))...)
	q := store.ExpandQuery{Parents: []string{"p", "q"}, Step: outOf("LINKED"), Order: []kg.SortKey{by("times")}, Page: kg.Page{Limit: 2}, Count: true}
	pages := expand(t, st, q)
	for parent, want := range map[string][]string{"p": {"a", "b"}, "q": {"d", "c"}} {
		equal(t, parent, farIDs(pages[parent]), want)
		equal(t, parent+" has more", pages[parent].More, true)
	}
	equal(t, "count of p", pages["p"].Count, 5)
	equal(t, "count of q", pages["q"].Count, 4)
	q.Page = kg.Page{Limit: 3, Backward: true}
	pages = expand(t, st, q)
	equal(t, "end of p", farIDs(pages["p"]), []string{"c", "d", "p"})
	equal(t, "end of q", farIDs(pages["q"]), []string{"c", "b", "a"})
	q.Page = kg.Page{}
	pages = expand(t, st, q)
	equal(t, "a limit of nothing", pages["q"], &store.EdgePage{More: true, Count: 4})
}

func checkFarKinds(t *testing.T, st store.Store) {
	put(t, st, nodes(thing("a"), thing("x"), node("Group", "y"), node("Tool", "z")), link("a", "x"), link("a", "y"), selects("a", "z"))
	q := store.ExpandQuery{Parents: []string{"a"}, Step: outOf("LINKED"), Page: kg.Page{Limit: plenty}, Count: true}
	for _, c := range []struct {
		kinds, want []string
	}{
		{nil, []string{"x", "y"}}, {[]string{"Thing"}, []string{"x"}}, {[]string{"Group", "Tool"}, []string{"y"}}, {[]string{"Tool"}, []string{}},
		{[]string{"Thing", "Group", "Thing"}, []string{"x", "y"}},
	} {
		q.Kinds = c.kinds
		page := expand(t, st, q)["a"]
		equal(t, fmt.Sprintf("kinds %v", c.kinds), farIDs(page), c.want)
		equal(t, fmt.Sprintf("count of %v", c.kinds), page.Count, len(c.want))
	}
	q.Kinds, q.Where = []string{"Thing"}, kg.Far{Filter: is("count", kg.OpIsNull, true)}
	equal(t, "a property of the kind left", farIDs(expand(t, st, q)["a"]), []string{"x"})
	for _, bad := range []store.ExpandQuery{
		{Step: outOf("KNOWS")}, {Step: outOf("")}, {Step: outOf("LINKED"), Kinds: []string{"Person"}}, {Step: outOf("LINKED"), Page: kg.Page{Limit: -1}},
		{Step: outOf("LINKED"), Where: kg.Far{Filter: is("count", kg.OpEq, 1)}}, {Step: outOf("LINKED"), Where: kg.Kinds{"Thing"}},
		{Step: outOf("LINKED"), Order: []kg.SortKey{by("order")}}, {Step: outOf("LINKED"), Order: []kg.SortKey{{Far: true, Property: "times"}}},
		{Step: outOf("LINKED"), Order: []kg.SortKey{by("tags")}},
	} {
		bad.Parents = []string{"a"}
		_, err := st.Expand(context.Background(), bad)
		refused(t, fmt.Sprintf("%+v", bad), err)
	}
}

// checkEdgesLikeNodes puts the same values on nodes and on edges, and asks for both the same way.
func checkEdgesLikeNodes(t *testing.T, st store.Store) {
	all := things("hub")
	var edges []*kg.Edge
	for i, d := range dates() {
		id := dateID(i)
		values := []any{"end", d, "remark", nastyTexts()[i], "size", float64(i%5) - 2, "count", i % 4, "live", i%2 == 0, "words", []string{nastyTexts()[i]}}
		onEdge := []any{"at", d, "title", nastyTexts()[i], "strength", float64(i%5) - 2, "times", i % 4, "sure", i%2 == 0, "tags", []string{nastyTexts()[i]}}
		keep := 2 * (i % 7)
		all = append(all, thing(id, values[:min(keep, len(values))]...))
		edges = append(edges, link("hub", id, onEdge[:min(keep, len(onEdge))]...))
	}
	put(t, st, all, edges...)
	names := map[string]string{"end": "at", "remark": "title", "size": "strength", "count": "times", "live": "sure", "words": "tags"}
	isSpoke := is("id", kg.OpStartsWith, "d")
	for _, f := range []kg.Compare{
		is("end", kg.OpLt, "2019-11"), is("end", kg.OpGte, "2019"), is("end", kg.OpLte, "2019-01"), is("end", kg.OpGt, "2018"), is("end", kg.OpEq, "2019?"),
		is("remark", kg.OpGt, "a"), is("remark", kg.OpContains, "a"), is("remark", kg.OpStartsWith, "a"), is("remark", kg.OpIn, []string{"A", "%"}),
		is("size", kg.OpLt, 0.0), is("size", kg.OpGte, 1.0), is("count", kg.OpLte, 2), is("count", kg.OpEq, 3), is("count", kg.OpIn, []int64{0}), is("live", kg.OpEq, true),
		is("words", kg.OpHas, "a"), is("end", kg.OpIsNull, true), is("remark", kg.OpIsNull, false),
	} {
		onEdge := f
		onEdge.Property = names[f.Property]
		q := store.ExpandQuery{
			Parents: []string{"hub"}, Step: outOf("LINKED"), Kinds: []string{"Thing"}, Where: onEdge,
			Order: []kg.SortKey{{Far: true, Property: "id"}}, Page: kg.Page{Limit: plenty},
		}
		equal(t, fmt.Sprintf("%+v", f), farIDs(expand(t, st, q)["hub"]), find(t, st, kg.And{isSpoke, f}))
		q.Where = not(onEdge)
		equal(t, fmt.Sprintf("not %+v", f), farIDs(expand(t, st, q)["hub"]), find(t, st, kg.And{isSpoke, not(f)}))
		q.Where = kg.Far{Filter: f}
		equal(t, fmt.Sprintf("far %+v", f), farIDs(expand(t, st, q)["hub"]), find(t, st, kg.And{isSpoke, f}))
	}
	for _, p := range []string{"end", "remark", "size", "count", "live"} {
		for _, desc := range []bool{false, true} {
			want := find(t, st, isSpoke, kg.SortKey{Property: p, Desc: desc})
			for _, key := range []kg.SortKey{{Property: names[p], Desc: desc}, {Far: true, Property: p, Desc: desc}} {
				tie := kg.SortKey{Far: true, Property: "id"}
				got := walkEdges(t, st, store.ExpandQuery{
					Parents: []string{"hub"}, Step: outOf("LINKED"), Kinds: []string{"Thing"},
					Order: []kg.SortKey{key, tie}, Page: kg.Page{Limit: 8, Backward: desc},
				})
				equal(t, fmt.Sprintf("pages by %+v", key), got, want)
			}
		}
	}
}

// walkEdges goes through all pages of the first parent and returns the far ids in order.
func walkEdges(t *testing.T, st store.Store, q store.ExpandQuery) []string {
	t.Helper()
	var got []string
	for range plenty {
		page := expand(t, st, q)[q.Parents[0]]
		if q.Page.Backward {
			got = append(farIDs(page), got...)
		} else {
			got = append(got, farIDs(page)...)
		}
		if !page.More {
			return got
		}
		if q.Page.Backward {
			at := page.Position(0)
			q.Page.Before = &at
		} else {
			at := page.Position(len(page.Items) - 1)
			q.Page.After = &at
		}
	}
	t.Fatal("the pages never end")
	return nil
}

func neighbours(t *testing.T, st store.Store, q store.NeighbourQuery) *store.EdgeList {
	t.Helper()
	list, err := st.Neighbours(context.Background(), q)
	if err != nil {
		t.Fatalf("asking for neighbours: %v", err)
	}
	return list
}

func neighbourLines() []line {
	both := []kg.Step{outOf("LINKED"), into("LINKED"), outOf("PART_OF"), into("PART_OF")}
	return []line{
		{"S6.1", "each edge once, by id", func(t *testing.T, st store.Store) {
			ab, ba, aa, bc, pab := link("a", "b", "at", "2019"), link("b", "a", "role", "AID"), link("a", "a"), link("b", "c"), part("a", "b")
			ab.Evidence = []kg.Evidence{evidence("s", "")}
			put(t, st, append(things("a", "b", "c"), node("Tool", "tool")), ab, ba, aa, bc, pab, selects("a", "tool"))
			list := neighbours(t, st, store.NeighbourQuery{Nodes: []string{"b", "a", "b"}, Steps: both, Limit: plenty})
			equal(t, "both ways", list, &store.EdgeList{Edges: []*kg.Edge{aa, ab, ba, bc, pab}})
			list = neighbours(t, st, store.NeighbourQuery{Nodes: []string{"a"}, Steps: []kg.Step{into("LINKED"), into("LINKED")}, Limit: plenty})
			equal(t, "in", list, &store.EdgeList{Edges: []*kg.Edge{aa, ba}})
			list = neighbours(t, st, store.NeighbourQuery{Nodes: []string{"c", "tool"}, Steps: allSteps(kg.Out, kg.In), Limit: plenty})
			equal(t, "of several types", edgeIDs(list.Edges), []string{"LINKED:b:c:LEAD:", "SELECT:a:tool"})
		}},
		{"S6.2", "limit", func(t *testing.T, st store.Store) {
			put(t, st, things("a", "b", "c"), link("a", "b"), link("b", "a"), link("a", "c"), part("a", "b"))
			for limit := 1; limit <= 5; limit++ {
				list := neighbours(t, st, store.NeighbourQuery{Nodes: []string{"a", "b", "c"}, Steps: both, Limit: limit})
				all := []string{"LINKED:a:b:LEAD:", "LINKED:a:c:LEAD:", "LINKED:b:a:LEAD:", "PART_OF:a:b"}
				equal(t, fmt.Sprintf("limit %d", limit), edgeIDs(list.Edges), all[:min(limit, 4)])
				equal(t, fmt.Sprintf("more than %d", limit), list.More, limit < 4)
			}
		}},
		{"S6.4", "kinds of the far nodes", func(t *testing.T, st store.Store) {
			put(t, st, append(things("a", "b"), node("Group", "g"), node("Tool", "tool")), link("a", "b"), link("a", "g"), link("g", "a"), selects("a", "tool"), part("a", "b"))
			list := neighbours(t, st, store.NeighbourQuery{Nodes: []string{"a"}, Steps: allSteps(kg.Out, kg.In), Kinds: []string{"Group", "Tool"}, Limit: plenty})
			equal(t, "of two kinds", edgeIDs(list.Edges), []string{"LINKED:a:g:LEAD:", "LINKED:g:a:LEAD:", "SELECT:a:tool"})
			list = neighbours(t, st, store.NeighbourQuery{Nodes: []string{"a"}, Steps: []kg.Step{outOf("PART_OF")}, Kinds: []string{"Tool"}, Limit: plenty})
			equal(t, "of none that the step leads to", list, &store.EdgeList{})
			_, err := st.Neighbours(context.Background(), store.NeighbourQuery{Nodes: []string{"a"}, Steps: both, Kinds: []string{"Person"}, Limit: 1})
			refused(t, "an unknown kind", err)
		}},
		{"S6.3", "nothing to follow", func(t *testing.T, st store.Store) {
			put(t, st, things("a"), link("a", "a"))
			for _, q := range []store.NeighbourQuery{
				{Steps: both, Limit: 1}, {Nodes: []string{"a"}, Limit: 1}, {Nodes: []string{"x", ""}, Steps: both, Limit: 1},
				{Nodes: []string{"a"}, Steps: []kg.Step{into("PART_OF")}, Limit: 1},
			} {
				equal(t, fmt.Sprintf("%+v", q), neighbours(t, st, q), &store.EdgeList{})
			}
			for _, q := range []store.NeighbourQuery{
				{Nodes: []string{"a"}, Steps: both}, {Nodes: []string{"a"}, Steps: both, Limit: -1}, {Nodes: []string{"a"}, Steps: both, Limit: store.MaxLimit + 1},
				{Nodes: []string{"a"}, Steps: []kg.Step{outOf("KNOWS")}, Limit: 1}, {Steps: []kg.Step{outOf("KNOWS")}, Limit: 1},
			} {
				_, err := st.Neighbours(context.Background(), q)
				refused(t, fmt.Sprintf("%+v", q), err)
			}
		}},
	}
}
