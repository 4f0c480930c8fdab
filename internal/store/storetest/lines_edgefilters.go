package storetest

import (
	"fmt"
	"slices"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

func count(step kg.Step, op kg.Op, n int64, where kg.Filter) kg.Edges {
	return kg.Edges{Step: step, Op: op, N: n, Where: where}
}

func outOf(typ string) kg.Step { return kg.Step{Type: typ, Direction: kg.Out} }
func into(typ string) kg.Step  { return kg.Step{Type: typ, Direction: kg.In} }

func edgeFilterLines() []line {
	return []line{
		{"S3.13", "edges are counted", checkEdgeCounts},
		{"S3.14", "an edge to itself counts once each way", func(t *testing.T, st store.Store) {
			put(t, st, things("a", "b"), link("a", "a"), link("a", "b"))
			equal(t, "two out", find(t, st, count(outOf("LINKED"), kg.OpEq, 2, nil)), []string{"a"})
			equal(t, "one in", find(t, st, count(into("LINKED"), kg.OpEq, 1, nil)), []string{"a", "b"})
		}},
		{"S3.15", "conditions nest", func(t *testing.T, st store.Store) {
			put(t, st, append(things("a", "b", "c", "d"), node("Group", "g", "end", "2019"), node("Group", "h")),
				link("a", "b"), link("b", "g", "strength", 0.5), link("c", "d"), link("d", "h", "strength", 0.5), link("g", "a"))
			strong := is("strength", kg.OpGt, 0.4)
			dated := kg.Far{Filter: kg.And{is("end", kg.OpIsNull, false)}}
			reaches := count(outOf("LINKED"), kg.OpGte, 1, kg.And{strong, dated})
			equal(t, "one hop", find(t, st, reaches), []string{"b"})
			twoHops := count(outOf("LINKED"), kg.OpGte, 1, kg.Far{Filter: reaches})
			equal(t, "two hops", find(t, st, twoHops), []string{"a"})
			equal(t, "not two hops", find(t, st, not(twoHops)), []string{"b", "c", "d"})
			back := count(into("LINKED"), kg.OpGte, 1, kg.Far{Filter: kg.And{kg.Kinds{"Group"}, count(into("LINKED"), kg.OpEq, 1, nil)}})
			equal(t, "back and forth", find(t, st, back), []string{"a"})
			var far kg.Filter
			for range store.MaxHops {
				far = count(outOf("LINKED"), kg.OpGte, 1, kg.Far{Filter: far})
			}
			equal(t, "as deep as it goes, in a circle", find(t, st, far), []string{"a", "b"})
			noneTo := count(outOf("LINKED"), kg.OpEq, 0, kg.Or{not(strong), kg.Far{Filter: count(outOf("LINKED"), kg.OpEq, 0, nil)}})
			equal(t, "none of either", find(t, st, noneTo), []string{"a", "b", "c"})
		}},
	}
}

func checkEdgeCounts(t *testing.T, st store.Store) {
	put(t, st, append(things("none", "one", "two", "three"), node("Group", "g", "end", "2020"), node("Tool", "tool")),
		link("one", "g", "strength", 1.0), selects("one", "tool"),
		link("two", "g", "strength", 0.5), link("two", "one", "role", "AID"),
		link("three", "g", "role", "AID"), link("three", "g", "strength", 0.1, "tags", []string{"x"}), link("three", "two"))
	links := outOf("LINKED")
	for _, c := range []struct {
		op   kg.Op
		n    int64
		want []string
	}{
		{kg.OpEq, 0, []string{"none"}}, {kg.OpEq, 1, []string{"one"}}, {kg.OpEq, 3, []string{"three"}}, {kg.OpEq, 4, []string{}},
		{kg.OpGte, 0, []string{"none", "one", "three", "two"}}, {kg.OpGte, 1, []string{"one", "three", "two"}}, {kg.OpGte, 2, []string{"three", "two"}},
		{kg.OpGt, 0, []string{"one", "three", "two"}}, {kg.OpGt, 2, []string{"three"}},
		{kg.OpLt, 0, []string{}}, {kg.OpLt, 1, []string{"none"}}, {kg.OpLt, 3, []string{"none", "one", "two"}},
		{kg.OpLte, 0, []string{"none"}}, {kg.OpLte, 2, []string{"none", "one", "two"}},
	} {
		f := count(links, c.op, c.n, nil)
		what := fmt.Sprintf("links %s %d", c.op, c.n)
		got := find(t, st, f)
		equal(t, what, got, c.want)
		all := slices.Concat(got, find(t, st, not(f)))
		if len(all) != 4 {
			t.Errorf("%s, or not: %v, want all four", what, all)
		}
	}
	weak := is("strength", kg.OpLt, 0.7) // unknown for links without a strength
	equal(t, "a weak link", find(t, st, count(links, kg.OpGte, 1, weak)), []string{"three", "two"})
	equal(t, "no link known to be weak", find(t, st, count(links, kg.OpEq, 0, weak)), []string{"none", "one"})
	equal(t, "a link known not to be weak", find(t, st, count(links, kg.OpGte, 1, not(weak))), []string{"one"})
	equal(t, "a link to a group", find(t, st, count(links, kg.OpEq, 2, kg.Far{Filter: kg.Kinds{"Group"}})), []string{"three"})
	equal(t, "a tagged link", find(t, st, count(links, kg.OpGt, 0, is("tags", kg.OpHas, "x"))), []string{"three"})
	equal(t, "two untagged links", find(t, st, count(links, kg.OpGte, 2, not(is("tags", kg.OpHas, "x")))), []string{"three", "two"})
	equal(t, "linked by two", find(t, st, count(into("LINKED"), kg.OpEq, 1, is("role", kg.OpEq, "AID"))), []string{"one"})
	equal(t, "a tool", find(t, st, count(outOf("SELECT"), kg.OpGte, 1, nil)), []string{"one"})
	group := store.NodeQuery{Kinds: []string{"Group"}, Where: count(into("LINKED"), kg.OpGte, 4, nil), Page: kg.Page{Limit: plenty}}
	equal(t, "of another kind", ids(findPage(t, st, group)), []string{"g"})
	mixed := store.NodeQuery{Kinds: []string{"Group", "Thing"}, Where: count(outOf("LINKED"), kg.OpEq, 0, nil), Page: kg.Page{Limit: plenty}}
	equal(t, "of two kinds", ids(findPage(t, st, mixed)), []string{"g", "none"})
	mixed.Kinds, mixed.Where = []string{"Group", "Thing", "Tool"}, count(outOf("SELECT"), kg.OpEq, 0, nil)
	equal(t, "of kinds that have no such edges", ids(findPage(t, st, mixed)), []string{"g", "none", "three", "tool", "two"})
}
