package storetest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// nastyTexts are texts that engines could trim, fold, escape, cut or sort in ways of their own.
func nastyTexts() []string {
	var texts []string
	for _, id := range nastyIDs() {
		if len(id) < 100 {
			texts = append(texts, id)
		}
	}
	return append(texts, "The quick", "the quick", "true", "2019", "NaN", "a\r\nb", "\u2028", "\ufeffbom", "\u0301", `\u0041`, `{"a": [1]}`,
		"Robert'); DROP TABLE node;--", "\ufffd", "é", "e\u0301", "Élysée", "ﬀ", "\U0010ffff", "\u007f", "\u0001")
}

func valueLines() []line {
	return []line{
		{"S2.1", "what goes in comes out", checkRoundTrip},
		{"S2.2", "no nulls, no empty texts, no empty lists", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a")))
			equal(t, "properties", everything(t, st).Nodes[0].Props, kg.Props{{Name: "name", Value: "Name of a"}, {Name: "order", Value: int64(0)}})
			for _, p := range []kg.Property{
				{Name: "remark", Value: nil}, {Name: "remark", Value: ""}, {Name: "words", Value: []string{}},
				{Name: "words", Value: []string{"x", ""}}, {Name: "numbers", Value: []int64(nil)}, {Name: "end", Value: ""},
			} {
				refusedBatch(t, st, fmt.Sprintf("%s %#v", p.Name, p.Value), store.Batch{Nodes: nodes(thing("b", p.Name, p.Value))})
			}
		}},
		{"S2.3", "bounds of Int", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "count", math.MinInt32, "numbers", []int64{math.MaxInt32})))
			for _, v := range []any{math.MinInt32 - 1, math.MaxInt32 + 1, math.MaxInt64} {
				refusedBatch(t, st, fmt.Sprint(v), store.Batch{Nodes: nodes(thing("b", "count", v))})
			}
			refusedBatch(t, st, "a list", store.Batch{Nodes: nodes(thing("b", "numbers", []int64{0, math.MaxInt32 + 1}))})
		}},
		{"S2.4", "Floats are finite", checkFloats},
		{"S2.5", "dates and enums", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "end", "2019-11/..", "colour", "RED", "days", []string{"2019?", "201X"}, "colours", []string{"RED", "RED"})))
			for _, p := range []kg.Property{
				{Name: "end", Value: "12.11.2019"}, {Name: "end", Value: "2019-02-29"}, {Name: "end", Value: "2020/2019"},
				{Name: "days", Value: []string{"2019", "soon"}}, {Name: "colour", Value: "red"}, {Name: "colours", Value: []string{"RED", "LEAD"}},
			} {
				refusedBatch(t, st, fmt.Sprintf("%s %v", p.Name, p.Value), store.Batch{Nodes: nodes(thing("b", p.Name, p.Value))})
			}
		}},
		{"S2.6", "declared properties and types only", checkTypes},
		{"S2.7", "text is UTF-8", checkUTF8},
		{"S2.8", "long texts", checkLongTexts},
		{"S2.9", "required values", checkRequired},
		{"S2.10", "properties by name", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "words", []string{"x"}, "count", 1)))
			put(t, st, nodes(thing("a", "summary", "s", "colour", "RED")))
			var names []string
			for _, p := range everything(t, st).Nodes[0].Props {
				names = append(names, p.Name)
			}
			equal(t, "names", names, []string{"colour", "count", "name", "order", "summary", "words"})
		}},
		{"S2.11", "references are not looked up", func(t *testing.T, st store.Store) {
			a := thing("a", "owner", "b")
			a.Evidence = []kg.Evidence{evidence("nowhere", "")}
			put(t, st, nodes(a, thing("b")))
			apply(t, st, store.Batch{DeleteNodes: []string{"b"}})
			equal(t, "node", everything(t, st).Nodes, nodes(a))
		}},
		{"S2.12", "names mean nothing to engines", checkNames},
	}
}

// checkNames gives every property of a badly named kind and relation a value,
// and reads, compares, orders and groups by each.
func checkNames(t *testing.T, st store.Store) {
	o := Model(t)
	kind, rel := o.Kind("Edge"), o.Relation("NODE")
	valued := func(declared []*ontology.Property) (all kg.Props) {
		for _, p := range declared {
			one, many := sample(p)
			v := one
			if p.List {
				v = many
			}
			all = append(all, kg.Property{Name: p.Name, Value: v})
		}
		all.Sort()
		return all
	}
	full, bare := &kg.Node{ID: "full", Kind: "Edge", Props: valued(kind.Properties)}, node("Edge", "bare")
	e := &kg.Edge{Type: "NODE", From: "full", To: "bare", Props: valued(rel.Properties)}
	e.ID = edgeID(rel, e)
	put(t, st, nodes(bare, full), e)
	equal(t, "graph", everything(t, st), graph{Nodes: nodes(bare, full), Edges: []*kg.Edge{e}})
	find := func(where kg.Filter, order ...kg.SortKey) []string {
		q := store.NodeQuery{Kinds: []string{"Edge"}, Where: where, Order: order, Page: kg.Page{Limit: 2}}
		return ids(findPage(t, st, q))
	}
	var missing, equals kg.And
	var keys []kg.SortKey
	for _, p := range kind.Properties {
		if p.Name == "name" {
			continue
		}
		missing = append(missing, is(p.Name, kg.OpIsNull, true))
		if p.List {
			continue
		}
		one, _ := sample(p)
		equals, keys = append(equals, is(p.Name, kg.OpEq, one)), append(keys, byD(p.Name))
		equal(t, "ordered by "+p.Name, find(nil, byD(p.Name)), []string{"full", "bare"})
	}
	equal(t, "all are missing", find(missing), []string{"bare"})
	equal(t, "all are equal", find(equals), []string{"full"})
	for some := range slices.Chunk(keys, store.MaxSortKeys) {
		equal(t, "ordered by many", find(nil, some...), []string{"full", "bare"})
	}
	for _, name := range []string{"kind", "index", "where", "null", "count", "n"} {
		one, _ := sample(kind.Property(name))
		equal(t, "grouped by "+name, group(t, st, store.GroupQuery{Kinds: []string{"Edge"}, By: name}), []store.Group{{Value: one, Count: 1}, {Count: 1}})
	}
	var present kg.And
	keys = nil
	for _, p := range rel.Properties {
		present = append(present, is(p.Name, kg.OpIsNull, false))
		if !p.List {
			keys = append(keys, by(p.Name))
		}
	}
	q := store.ExpandQuery{Parents: []string{"full"}, Step: outOf("NODE"), Where: present, Order: keys, Page: kg.Page{Limit: 2}}
	equal(t, "the edge", farIDs(expand(t, st, q)["full"]), []string{"bare"})
	equal(t, "search", hits(t, st, "t7"), []string{"full"})
}

func checkRoundTrip(t *testing.T, st store.Store) {
	full := thing("full", "summary", " s ", "topics", []string{"b", "a", "b"}, "remark", "r", "count", 7, "size", 0.1, "live", false,
		"end", "2019-11/2020?", "colour", "BLUE", "code", "X", "owner", "full", "words", []string{"w"}, "numbers", []int64{3, -1, 3},
		"sizes", []float64{1, 0.1, 1e-300, 1e308}, "flags", []bool{false, true, false}, "days", []string{"2019", "2018-XX"},
		"colours", []string{"RED", "BLUE"}, "aliases", []string{"z", "a"})
	full.Evidence = []kg.Evidence{
		{Source: "s1", Locator: "p. 1", Basis: kg.Inferred, Confidence: kg.Low, Rank: kg.Deprecated, Note: "n’"}, evidence("s2", ""),
	}
	tie := link("full", "full", "role", "AID", "title", "t", "at", "2019", "strength", 1e21, "times", -5, "sure", true, "via", "full",
		"tags", []string{"b", "a"})
	tie.Evidence = []kg.Evidence{evidence("s1", "\n"), evidence("s1", "é")}
	want := graph{Edges: []*kg.Edge{tie}}
	for i, text := range nastyTexts() {
		want.Nodes = append(want.Nodes, node("Group", fmt.Sprintf("%03d", i), "name", text, "summary", text, "aliases", []string{text, text}))
	}
	want.Nodes = append(want.Nodes, full)
	put(t, st, want.Nodes, want.Edges...)
	equal(t, "graph", everything(t, st), want)
}

func checkFloats(t *testing.T, st store.Store) {
	minusZero := math.Copysign(0, -1)
	numbers := []float64{0, 1, -1, 0.1, 1e308, -1e308, math.SmallestNonzeroFloat64, math.MaxFloat64, 1 << 53, 123456789.123456789}
	put(t, st, nodes(thing("a", "size", minusZero, "sizes", append(numbers, minusZero))),
		link("a", "a", "strength", minusZero))
	g := everything(t, st)
	equal(t, "a negative zero", g.Nodes[0].Props.Get("size"), float64(0))
	equal(t, "a list", g.Nodes[0].Props.Get("sizes"), append(numbers, 0))
	equal(t, "of an edge", g.Edges[0].Props.Get("strength"), float64(0))
	again := put(t, st, nodes(thing("a", "size", minusZero)), link("a", "a", "strength", minusZero))
	equal(t, "writing it again", again, &store.Applied{Nodes: []store.Outcome{store.Unchanged}, Edges: []store.Outcome{store.Unchanged}})
	for _, f := range numbers {
		put(t, st, nodes(thing("b", "size", f)))
		equal(t, fmt.Sprint("equal to ", f), find(t, st, kg.And{is("id", kg.OpEq, "b"), is("size", kg.OpEq, f)}), []string{"b"})
	}
	for _, f := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		refusedBatch(t, st, fmt.Sprint(f), store.Batch{Nodes: nodes(thing("c", "size", f))})
		refusedBatch(t, st, fmt.Sprint("a list with ", f), store.Batch{Nodes: nodes(thing("c", "sizes", []float64{1, f}))})
		refusedFilter(t, st, is("size", kg.OpLt, f))
	}
}

func checkTypes(t *testing.T, st store.Store) {
	put(t, st, things("a"))
	for _, p := range []kg.Property{
		{Name: "speed", Value: "x"}, {Name: "value", Value: 1.0}, {Name: "id", Value: "a"}, {Name: "role", Value: "LEAD"},
		{Name: "count", Value: "1"}, {Name: "count", Value: 1.0}, {Name: "size", Value: 1}, {Name: "live", Value: "true"}, {Name: "live", Value: 1},
		{Name: "remark", Value: 1}, {Name: "remark", Value: []string{"x"}}, {Name: "words", Value: "x"}, {Name: "words", Value: []int64{1}},
		{Name: "numbers", Value: []float64{1}}, {Name: "flags", Value: []string{"true"}}, {Name: "owner", Value: []string{"a"}},
	} {
		refusedBatch(t, st, fmt.Sprintf("%s %#v", p.Name, p.Value), store.Batch{Nodes: nodes(thing("b", p.Name, p.Value))})
	}
	refusedBatch(t, st, "an unknown kind", store.Batch{Nodes: nodes(&kg.Node{ID: "b", Kind: "Person"})})
	refusedBatch(t, st, "an interface as kind", store.Batch{Nodes: nodes(&kg.Node{ID: "b", Kind: "Named"})})
	refusedBatch(t, st, "a property of a node on an edge", store.Batch{Edges: []*kg.Edge{link("a", "a", "count", 1)}})
	refusedBatch(t, st, "a wrong value on an edge", store.Batch{Edges: []*kg.Edge{link("a", "a", "times", "1")}})
	unknown := link("a", "a")
	unknown.Type, unknown.ID = "KNOWS", "KNOWS:a:a:LEAD:"
	refusedBatch(t, st, "an unknown relation", store.Batch{Edges: []*kg.Edge{unknown}})
}

func checkUTF8(t *testing.T, st store.Store) {
	put(t, st, things("a"))
	for _, bad := range []string{"a\x00b", "\x00", "a\xffb", "\xed\xa0\x80", "\xc0\x80"} {
		what := fmt.Sprintf("%q ", bad)
		refusedBatch(t, st, what+"as id", store.Batch{Nodes: things(bad)})
		refusedBatch(t, st, what+"as text", store.Batch{Nodes: nodes(thing("b", "remark", bad))})
		refusedBatch(t, st, what+"in a list", store.Batch{Nodes: nodes(thing("b", "words", []string{"x", bad}))})
		refusedBatch(t, st, what+"on an edge", store.Batch{Edges: []*kg.Edge{link("a", "a", "title", bad)}})
		sourced := thing("b")
		sourced.Evidence = []kg.Evidence{evidence("s", bad)}
		refusedBatch(t, st, what+"in evidence", store.Batch{Nodes: nodes(sourced)})
		refusedFilter(t, st, is("remark", kg.OpEq, bad))
		refusedFilter(t, st, is("id", kg.OpIn, []string{"a", bad}))
	}
}

func checkLongTexts(t *testing.T, st store.Store) {
	long := strings.Repeat("long text ", 10_000)
	end := func(s string) string { return long + s }
	put(t, st, nodes(
		thing("c", "name", end("alpha"), "summary", end("gamma"), "remark", end("1"), "words", []string{end("1")}),
		thing("b", "name", end("beta"), "remark", end("2")), thing("a", "name", long+"alphabet")))
	equal(t, "equal", find(t, st, is("name", kg.OpEq, end("beta"))), []string{"b"})
	equal(t, "contains", find(t, st, is("name", kg.OpContains, "alphabet")), []string{"a"})
	equal(t, "starts with", find(t, st, is("name", kg.OpStartsWith, end("alpha"))), []string{"a", "c"})
	equal(t, "after", find(t, st, is("remark", kg.OpGt, end("1"))), []string{"b"})
	equal(t, "has", find(t, st, is("words", kg.OpHas, end("1"))), []string{"c"})
	equal(t, "order", find(t, st, nil, byD("name")), []string{"b", "a", "c"})
	first := findPage(t, st, store.NodeQuery{Order: []kg.SortKey{by("name")}, Page: kg.Page{Limit: 1}})
	place := first.Position(0)
	next := findPage(t, st, store.NodeQuery{Order: []kg.SortKey{by("name")}, Page: kg.Page{Limit: 5, After: &place}})
	equal(t, "next page", ids(next), []string{"a", "b"})
	equal(t, "search", hits(t, st, "gamma"), []string{"c"})
	equal(t, "the text", next.Nodes[1].Props.Get("name"), end("beta"))
}

func checkRequired(t *testing.T, st store.Store) {
	bare := func(id string, namesAndValues ...any) *kg.Node {
		return &kg.Node{ID: id, Kind: "Thing", Props: props(namesAndValues)}
	}
	refusedBatch(t, st, "a thing without an order", store.Batch{Nodes: nodes(bare("a", "name", "n"))})
	refusedBatch(t, st, "a thing without anything", store.Batch{Nodes: nodes(bare("a"))})
	put(t, st, nodes(bare("a", "name", "n"), bare("a", "order", 1)))
	equal(t, "a part of a record", put(t, st, nodes(bare("a", "count", 1))).Nodes, []store.Outcome{store.Changed})
	equal(t, "nothing of a record", put(t, st, nodes(bare("a"))).Nodes, []store.Outcome{store.Unchanged})
	unlabelled := &kg.Edge{ID: "LINKED:a:a::", Type: "LINKED", From: "a", To: "a"}
	refusedBatch(t, st, "a link without a role", store.Batch{Edges: []*kg.Edge{unlabelled}})
}
