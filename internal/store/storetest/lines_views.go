package storetest

import (
	"context"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

// in returns a store as seen in a view.
func in(t *testing.T, st store.Store, v store.View) store.Store {
	t.Helper()
	seen, err := store.At(context.Background(), st, Model(t), v)
	if err != nil {
		t.Fatalf("looking at %+v: %v", v, err)
	}
	return seen
}

// idsIn lists the ids of all nodes of a kind, in the view.
func idsIn(t *testing.T, st store.Store, v store.View, kind string, where kg.Filter) []string {
	t.Helper()
	return ids(findPage(t, in(t, st, v), store.NodeQuery{Kinds: []string{kind}, Where: where, Page: kg.Page{Limit: plenty}, Count: true}))
}

// from gives a record evidence of some sources.
func from(n *kg.Node, sources ...string) *kg.Node {
	for _, s := range sources {
		n.Evidence = append(n.Evidence, evidence(s, ""))
	}
	return n
}

func viewLines() []line {
	return []line{
		{"S11.1", "what holds on a day", checkValidTime},
		{"S11.2", "what is known by a day", checkKnownTime},
		{"S11.3", "edges with both ends", checkViewedEdges},
		{"S11.4", "bounds of a number", checkViewedCounts},
		{"S11.5", "sources are on the other clock", func(t *testing.T, st store.Store) {
			put(t, st, nodes(node("Source", "s", "date", "2019-11"), node("Source", "u")))
			equal(t, "before", idsIn(t, st, store.View{ValidAt: "2001-01-01"}, "Source", nil), []string{"s", "u"})
			equal(t, "on its first day", idsIn(t, st, store.View{KnownAt: "2019-11-01"}, "Source", nil), []string(nil))
			equal(t, "on its last day", idsIn(t, st, store.View{KnownAt: "2019-11-30"}, "Source", nil), []string{"s"})
			equal(t, "perhaps", idsIn(t, st, store.View{KnownAt: "2019-11-01", Undated: true}, "Source", nil), []string{"s", "u"})
			equal(t, "too early", idsIn(t, st, store.View{KnownAt: "2019-10-31", Undated: true}, "Source", nil), []string{"u"})
		}},
		{"S11.6", "evidence of the day", func(t *testing.T, st store.Store) {
			put(t, st, nodes(node("Source", "s", "date", "2019"), node("Source", "t", "date", "2021"), from(thing("a"), "s", "t")))
			seen, err := in(t, st, store.View{KnownAt: "2020-01-01"}).Nodes(context.Background(), []string{"a"})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "evidence", seen["a"].Evidence, []kg.Evidence{evidence("s", "")})
			equal(t, "stored evidence", len(findPage(t, st, store.NodeQuery{Kinds: []string{"Thing"}, Page: kg.Page{Limit: 1}}).Nodes[0].Evidence), 2)
		}},
		{"S11.7", "a view is read only", func(t *testing.T, st store.Store) {
			_, err := in(t, st, store.View{ValidAt: "2020-01-01"}).Apply(context.Background(), store.Batch{})
			refused(t, "writing", err)
		}},
	}
}

// checkValidTime uses the one kind with a beginning, an end and a day between.
func checkValidTime(t *testing.T, st store.Store) {
	group := func(id string, namesAndValues ...any) *kg.Node { return node("Group", id, namesAndValues...) }
	put(t, st, nodes(
		group("asof", "asOf", "2019-06"), group("begun", "start", "2019-03"), group("ended", "start", "2018", "end", "2019-03-31"),
		group("later", "start", "2020"), group("undated"), group("until", "end", "2021"), group("whole", "start", "2019", "end", "2019"),
	))
	for day, want := range map[string][2][]string{ // surely, and also perhaps
		"2018-12-31": {{"ended"}, {"asof", "ended", "undated", "until"}},
		"2019-03-15": {{"ended"}, {"asof", "begun", "ended", "undated", "until", "whole"}},
		"2019-03-31": {{"begun", "ended"}, {"asof", "begun", "ended", "undated", "until", "whole"}},
		"2019-04-01": {{"begun"}, {"asof", "begun", "undated", "until", "whole"}},
		"2019-06-30": {{"asof", "begun"}, {"asof", "begun", "undated", "until", "whole"}},
		"2020-12-31": {{"asof", "begun", "later"}, {"asof", "begun", "later", "undated", "until"}},
		"2022-01-01": {{"asof", "begun", "later"}, {"asof", "begun", "later", "undated"}},
	} {
		equal(t, day, idsIn(t, st, store.View{ValidAt: day}, "Group", nil), want[0])
		equal(t, day+", perhaps", idsIn(t, st, store.View{ValidAt: day, Undated: true}, "Group", nil), want[1])
	}
	put(t, st, nodes(node("Tool", "timeless")))
	equal(t, "a kind without dates", idsIn(t, st, store.View{ValidAt: "0001-01-01"}, "Tool", nil), []string{"timeless"})
}

func checkKnownTime(t *testing.T, st store.Store) {
	put(t, st, nodes(
		node("Source", "early", "date", "2019-03-15"), node("Source", "coarse", "date", "2019"), node("Source", "late", "date", "2022"), node("Source", "undated"),
		from(thing("both"), "late", "early"), from(thing("coarsely"), "coarse"), from(thing("lately"), "late"), from(thing("undatedly"), "undated"),
		thing("unsourced"), from(thing("nowhere"), "no such source"),
	))
	for day, want := range map[string][2][]string{
		"2018-12-31": {nil, {"undatedly", "unsourced"}},
		"2019-03-15": {{"both"}, {"both", "coarsely", "undatedly", "unsourced"}},
		"2019-12-31": {{"both", "coarsely"}, {"both", "coarsely", "undatedly", "unsourced"}},
		"2022-12-31": {{"both", "coarsely", "lately"}, {"both", "coarsely", "lately", "undatedly", "unsourced"}},
	} {
		equal(t, day, idsIn(t, st, store.View{KnownAt: day}, "Thing", nil), want[0])
		equal(t, day+", perhaps", idsIn(t, st, store.View{KnownAt: day, Undated: true}, "Thing", nil), want[1])
	}
}

func checkViewedEdges(t *testing.T, st store.Store) {
	sourced := func(e *kg.Edge, source string) *kg.Edge {
		e.Evidence = []kg.Evidence{evidence(source, "")}
		return e
	}
	put(t, st, nodes(
		node("Source", "old", "date", "2019"), node("Source", "new", "date", "2022"),
		from(thing("a"), "old"), from(thing("b"), "old"), from(thing("c"), "new"),
	), sourced(part("a", "b", "since", "2020"), "old"), sourced(part("b", "a", "since", "2018"), "new"), sourced(link("a", "b"), "old"), sourced(link("a", "c"), "old"))
	v := store.View{ValidAt: "2019-06-30", KnownAt: "2019-12-31"}
	seen := in(t, st, v)
	list := neighbours(t, seen, store.NeighbourQuery{Nodes: []string{"a", "b"}, Steps: allSteps(kg.Out, kg.In), Limit: plenty})
	equal(t, "neighbours", edgeIDs(list.Edges), []string{"LINKED:a:b:LEAD:"})
	pages := expand(t, seen, store.ExpandQuery{Parents: []string{"a"}, Step: outOf("LINKED"), Page: kg.Page{Limit: plenty}, Count: true})
	equal(t, "far nodes", farIDs(pages["a"]), []string{"b"})
	equal(t, "count", pages["a"].Count, 1)
	equal(t, "search", search(t, seen, store.SearchQuery{Text: "name", Page: kg.Page{Limit: plenty}, Count: true}).Count, 3)
	equal(t, "counts", counts(t, seen), &store.Counts{Kinds: map[string]int{"Thing": 2, "Source": 1}, Types: map[string]int{"LINKED": 1}})
	equal(t, "groups", group(t, seen, store.GroupQuery{Kinds: []string{"Thing"}, By: "order"}), []store.Group{{Value: int64(0), Count: 2}})
}

// checkViewedCounts has an edge that surely holds, and one of which it is unknown.
func checkViewedCounts(t *testing.T, st store.Store) {
	put(t, st, append(things("none", "one", "perhaps", "whole"), node("Group", "g")),
		part("one", "whole", "since", "2018"), part("one", "one"), part("perhaps", "whole"))
	v := store.View{ValidAt: "2019-06-30"}
	for _, c := range []struct {
		op   kg.Op
		n    int64
		want []string
	}{
		{kg.OpGte, 1, []string{"one"}}, {kg.OpGt, 1, nil}, {kg.OpEq, 0, []string{"none", "whole"}}, {kg.OpLt, 1, []string{"none", "whole"}},
		{kg.OpLte, 1, []string{"none", "perhaps", "whole"}}, {kg.OpEq, 1, nil}, {kg.OpLt, 3, []string{"none", "one", "perhaps", "whole"}},
	} {
		f := count(outOf("PART_OF"), c.op, c.n, nil)
		equal(t, string(c.op), idsIn(t, st, v, "Thing", f), c.want)
	}
	equal(t, "not some", idsIn(t, st, v, "Thing", not(count(outOf("PART_OF"), kg.OpGte, 1, nil))), []string{"none", "whole"})
	equal(t, "not one", idsIn(t, st, v, "Thing", not(count(outOf("PART_OF"), kg.OpEq, 1, nil))), []string{"none", "whole"})
	equal(t, "some part of a whole with none", idsIn(t, st, v, "Thing",
		count(into("PART_OF"), kg.OpGte, 1, kg.Far{Filter: count(outOf("PART_OF"), kg.OpGte, 1, nil)})), []string{"whole"})
	v.Undated = true
	equal(t, "not one, perhaps", idsIn(t, st, v, "Thing", not(count(outOf("PART_OF"), kg.OpEq, 1, nil))), []string{"none", "one", "whole"})
}
