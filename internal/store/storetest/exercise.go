package storetest

import (
	"context"
	"fmt"
	"testing"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Exercise loads a graph of Model into an empty store and asks it questions of
// every shape: each operator on each type, each order, pages in both
// directions, nested conditions, writes and deletes. An engine's test captures
// the statements and has each explained.
func Exercise(ctx context.Context, t testing.TB, st store.Store) {
	t.Helper()
	x := &exercise{ctx: ctx, t: t, st: st, o: Model(t)}
	x.load()
	x.look()
	x.findAll()
	x.expandAll()
	x.walkAround()
	x.searchAll()
	x.groupAll()
	x.rewrite()
}

type exercise struct {
	ctx context.Context
	t   testing.TB
	st  store.Store
	o   *ontology.Ontology
}

func (x *exercise) must(what string, err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatalf("%s: %v", what, err)
	}
}

const (
	exerciseThings = 400
	exerciseGroups = 60
	exerciseTools  = 40
)

func (x *exercise) load() {
	b := exerciseBatch()
	_, err := x.st.Apply(x.ctx, b)
	x.must("loading", err)
}

func exerciseBatch() store.Batch {
	var b store.Batch
	for i := range exerciseThings {
		b.Nodes = append(b.Nodes, exerciseThing(i))
	}
	for i := range exerciseGroups {
		b.Nodes = append(b.Nodes, node("Group", fmt.Sprintf("g%d", i), "order", i%7, "end", dates()[i%len(dates())], "value", float64(i)/3))
	}
	for i := range exerciseTools {
		b.Nodes = append(b.Nodes, node("Tool", fmt.Sprintf("tool%d", i), "value", fmt.Sprint("value ", i%9)))
	}
	b.Nodes = append(b.Nodes, node("Source", "source", "date", "2019"))
	for i := range exerciseThings {
		b.Edges = append(b.Edges, exerciseLink(i, i*7%exerciseThings), exerciseLink(i, i*i%exerciseThings))
		b.Edges = append(b.Edges, link(fmt.Sprintf("t%d", i), fmt.Sprintf("g%d", i%exerciseGroups), "times", i%5),
			selects(fmt.Sprintf("t%d", i), fmt.Sprintf("tool%d", i%exerciseTools)), part(fmt.Sprintf("t%d", i), fmt.Sprintf("t%d", i/10), "label", "l", "since", dates()[i%9]))
	}
	return b
}

func exerciseThing(i int) *kg.Node {
	n := thing(fmt.Sprintf("t%d", i), "order", i%10, "summary", fmt.Sprintf("summary of number %d", i))
	n.Evidence = []kg.Evidence{evidence("source", fmt.Sprint(i))}
	if i%3 == 0 {
		return n
	}
	return thing(n.ID, "order", i%10, "summary", fmt.Sprintf("summary of number %d", i), "topics", []string{"peace", fmt.Sprint("topic ", i%20)},
		"remark", fmt.Sprint("remark ", i%50), "count", i, "size", float64(i)/7, "live", i%2 == 0, "end", dates()[i%len(dates())],
		"colour", []string{"RED", "GREEN", "BLUE"}[i%3], "code", fmt.Sprint("c", i), "owner", fmt.Sprint("t", i/2), "words", []string{"w", fmt.Sprint("w", i)},
		"numbers", []int64{int64(i)}, "sizes", []float64{0.5, float64(i)}, "flags", []bool{true}, "days", []string{"2019"}, "colours", []string{"RED"},
		"aliases", []string{fmt.Sprint("alias ", i)})
}

func exerciseLink(from, to int) *kg.Edge {
	e := link(fmt.Sprintf("t%d", from), fmt.Sprintf("t%d", to), "role", []string{"LEAD", "AID"}[from%2], "strength", float64(from%9)/9, "times", from%6)
	if from%4 > 0 {
		e = link(e.From, e.To, "role", []string{"LEAD", "AID"}[from%2], "title", fmt.Sprint("title ", from%3), "at", dates()[from%len(dates())],
			"strength", float64(from%9)/9, "times", from%6, "sure", from%2 == 0, "via", "t0", "tags", []string{"x"})
	}
	e.Evidence = []kg.Evidence{evidence("source", "")}
	return e
}

// comparisons returns a filter for every operator that fits a property, plain and negated.
func comparisons(p *ontology.Property) []kg.Filter {
	var fs []kg.Filter
	ops := []kg.Op{kg.OpEq, kg.OpIn, kg.OpLt, kg.OpLte, kg.OpGt, kg.OpGte, kg.OpContains, kg.OpStartsWith, kg.OpHas, kg.OpIsNull}
	for _, op := range ops {
		if !operatorFits(p, op) {
			continue
		}
		f := kg.Compare{Property: p.Name, Op: op, Value: operand(p, op)}
		fs = append(fs, f, kg.Not{Filter: f})
	}
	return fs
}

func operand(p *ontology.Property, op kg.Op) any {
	one, many := sample(p)
	switch op {
	case kg.OpIsNull:
		return true
	case kg.OpIn:
		return many
	}
	return one
}

// sample returns a value of the type of a property or its elements, and a list of such.
func sample(p *ontology.Property) (one, many any) {
	switch p.Type {
	case ontology.Int:
		return int64(3), []int64{3, 4}
	case ontology.Float:
		return 0.5, []float64{0.5, 1}
	case ontology.Boolean:
		return true, []bool{true}
	case ontology.EDTF:
		return "2019-11", []string{"2019", "2019-11"}
	case ontology.EnumOf:
		value := map[string]string{"Colour": "RED", "Role": "LEAD"}[p.TypeName]
		return value, []string{value}
	}
	return "t7", []string{"t7", "remark 8", "title 1"}
}

var idProperty = &ontology.Property{Name: "id", Type: ontology.ID, TypeName: "ID"}

// orders returns orders by each property, both ways, and by several.
func orders(properties []*ontology.Property, far bool) [][]kg.SortKey {
	all := [][]kg.SortKey{nil}
	var single []kg.SortKey
	for _, p := range properties {
		if p.List {
			continue
		}
		single = append(single, kg.SortKey{Far: far, Property: p.Name})
		all = append(all, []kg.SortKey{{Far: far, Property: p.Name}}, []kg.SortKey{{Far: far, Property: p.Name, Desc: true}})
	}
	for i := 1; i < len(single); i++ {
		second := single[i]
		second.Desc = i%2 == 0
		all = append(all, []kg.SortKey{single[i-1], second})
	}
	return all
}

func (x *exercise) findAll() {
	_, err := x.st.Nodes(x.ctx, []string{"t1", "t2", "g1", "nothing"})
	x.must("reading nodes", err)
	kind := x.o.Kind("Thing")
	properties := append([]*ontology.Property{idProperty}, kind.Properties...)
	for _, p := range properties {
		for _, f := range comparisons(p) {
			x.find(store.NodeQuery{Where: f})
			x.find(store.NodeQuery{Where: f, Order: []kg.SortKey{{Property: "end"}}, Count: true})
		}
	}
	for _, order := range orders(properties, false) {
		x.findPages(store.NodeQuery{Order: order})
		x.findPages(store.NodeQuery{Order: order, Where: kg.Compare{Property: "count", Op: kg.OpGt, Value: int64(10)}})
	}
	for _, f := range x.nested() {
		x.find(store.NodeQuery{Where: f, Count: true})
		x.find(store.NodeQuery{Where: f, Order: []kg.SortKey{{Property: "name", Desc: true}}})
	}
	both := []string{"Thing", "Group"}
	x.findPages(store.NodeQuery{Kinds: both, Order: []kg.SortKey{{Property: "end"}}})
	x.findPages(store.NodeQuery{Kinds: both, Order: []kg.SortKey{{Property: "name"}}, Count: true})
	x.find(store.NodeQuery{Kinds: both, Where: kg.And{kg.Kinds{"Group"}, kg.Compare{Property: "name", Op: kg.OpGt, Value: "N"}}})
	x.find(store.NodeQuery{Kinds: x.o.KindNames(), Count: true})
	_, err = x.st.Counts(x.ctx, nil)
	x.must("counting", err)
}

// nested returns conditions made of others.
func (x *exercise) nested() []kg.Filter {
	some := kg.Compare{Property: "remark", Op: kg.OpStartsWith, Value: "remark 1"}
	other := kg.Compare{Property: "end", Op: kg.OpGte, Value: "2019"}
	fs := []kg.Filter{
		kg.And{some, other}, kg.Or{some, other}, kg.Not{Filter: kg.And{some, kg.Or{other, kg.Not{Filter: some}}}}, kg.And{}, kg.Or{},
		kg.Kinds{"Thing"}, kg.And{some, kg.Kinds{"Thing"}},
	}
	steps := []kg.Step{outOf("LINKED"), into("LINKED"), outOf("SELECT"), outOf("PART_OF"), into("PART_OF")}
	for _, step := range steps {
		for _, op := range []kg.Op{kg.OpEq, kg.OpLt, kg.OpLte, kg.OpGt, kg.OpGte} {
			for n := range int64(3) {
				fs = append(fs, kg.Edges{Step: step, Op: op, N: n})
			}
		}
		far := kg.Far{Filter: kg.Compare{Property: "name", Op: kg.OpContains, Value: "1"}}
		fs = append(fs, kg.Edges{Step: step, Op: kg.OpGte, N: 1, Where: far}, kg.Not{Filter: kg.Edges{Step: step, Op: kg.OpEq, N: 2, Where: far}},
			kg.And{some, kg.Edges{Step: step, Op: kg.OpEq, N: 0, Where: kg.Not{Filter: far}}})
	}
	for _, p := range append([]*ontology.Property{idProperty}, x.o.Relation("LINKED").Properties...) {
		for _, f := range comparisons(p) {
			fs = append(fs, kg.Edges{Step: outOf("LINKED"), Op: kg.OpGte, N: 1, Where: f}, kg.Edges{Step: into("LINKED"), Op: kg.OpLt, N: 2, Where: f})
		}
	}
	deep := kg.Edges{Step: into("LINKED"), Op: kg.OpGte, N: 1, Where: kg.Far{Filter: kg.And{
		kg.Kinds{"Thing"}, kg.Edges{Step: outOf("LINKED"), Op: kg.OpGte, N: 1, Where: kg.Far{Filter: kg.Compare{Property: "end", Op: kg.OpLt, Value: "2020"}}},
	}}}
	return append(fs, deep, kg.Not{Filter: deep})
}

func (x *exercise) find(q store.NodeQuery) *store.NodePage {
	x.t.Helper()
	if q.Kinds == nil {
		q.Kinds = []string{"Thing"}
	}
	if q.Page.Limit == 0 {
		q.Page.Limit = 10
	}
	page, err := x.st.Find(x.ctx, q)
	x.must(fmt.Sprintf("finding %+v", q), err)
	return page
}

// findPages reads the first and the second page from either end, and one between two positions.
func (x *exercise) findPages(q store.NodeQuery) {
	x.t.Helper()
	first := x.find(q)
	if len(first.Nodes) < 3 {
		x.t.Fatalf("the question %+v finds too little to page through", q)
	}
	start, end := first.Position(1), first.Position(len(first.Nodes)-1)
	for _, page := range []kg.Page{{After: &start}, {Before: &end}, {After: &start, Before: &end}, {}} {
		q.Page = page
		x.find(q)
		q.Page.Backward = true
		x.find(q)
	}
	last := x.find(q)
	at := last.Position(0) // where values are missing, if any are
	q.Page = kg.Page{After: &at}
	x.find(q)
	q.Page = kg.Page{Before: &at, Backward: true}
	x.find(q)
}

func (x *exercise) expandAll() {
	rel, kind := x.o.Relation("LINKED"), x.o.Kind("Thing")
	onEdge := append([]*ontology.Property{idProperty}, rel.Properties...)
	onNode := append([]*ontology.Property{idProperty}, kind.Properties...)
	for _, p := range onEdge {
		for _, f := range comparisons(p) {
			x.expandBoth(store.ExpandQuery{Where: f})
		}
	}
	for _, p := range onNode {
		for _, f := range comparisons(p) {
			x.expandBoth(store.ExpandQuery{Kinds: []string{"Thing"}, Where: kg.Far{Filter: f}})
		}
	}
	for _, order := range append(orders(onEdge, false), orders(onNode, true)...) {
		x.expandPages(store.ExpandQuery{Kinds: []string{"Thing"}, Order: order})
	}
	x.expandPages(store.ExpandQuery{Order: []kg.SortKey{{Property: "times", Desc: true}, {Far: true, Property: "name"}}, Count: true})
	for _, f := range x.nested() {
		x.expandBoth(store.ExpandQuery{Kinds: []string{"Thing"}, Where: kg.And{kg.Compare{Property: "times", Op: kg.OpGt, Value: int64(1)}, kg.Far{Filter: f}}})
	}
	x.expand(store.ExpandQuery{Step: outOf("SELECT"), Count: true})
	x.expandBoth(store.ExpandQuery{Kinds: []string{"Tool"}})
}

func (x *exercise) expandBoth(q store.ExpandQuery) {
	x.t.Helper()
	for _, step := range []kg.Step{outOf("LINKED"), into("LINKED")} {
		q.Step = step
		x.expand(q)
		q.Count = !q.Count
	}
}

func (x *exercise) expand(q store.ExpandQuery) map[string]*store.EdgePage {
	x.t.Helper()
	q.Parents = []string{"t0", "t1", "t2", "g1", "nothing"}
	if q.Page.Limit == 0 {
		q.Page.Limit = 3
	}
	pages, err := x.st.Expand(x.ctx, q)
	x.must(fmt.Sprintf("expanding %+v", q), err)
	return pages
}

func (x *exercise) expandPages(q store.ExpandQuery) {
	x.t.Helper()
	for _, step := range []kg.Step{outOf("LINKED"), into("LINKED")} {
		q.Step, q.Page = step, kg.Page{}
		pages := x.expand(q)
		start := kg.Position{}
		for _, page := range pages {
			if len(page.Items) > 0 {
				start = page.Position(0)
			}
		}
		for _, page := range []kg.Page{{After: &start}, {Before: &start}, {After: &start, Before: &start}, {}} {
			q.Page = page
			x.expand(q)
			q.Page.Backward = true
			x.expand(q)
		}
	}
}

func (x *exercise) walkAround() {
	for _, steps := range [][]kg.Step{
		{outOf("LINKED")}, {into("LINKED")}, {outOf("LINKED"), into("LINKED")}, allSteps(kg.Out), allSteps(kg.In), allSteps(kg.Out, kg.In),
	} {
		for _, limit := range []int{5, plenty} {
			_, err := x.st.Neighbours(x.ctx, store.NeighbourQuery{Nodes: []string{"t1", "t7", "g1", "tool1"}, Steps: steps, Limit: limit})
			x.must("asking for neighbours", err)
		}
	}
}

func (x *exercise) searchAll() {
	for _, text := range []string{"name", "number 1", "summary of number 7", "na", "n", "t1", "peace topic", "nothing"} {
		for _, kinds := range [][]string{nil, {"Thing"}, {"Thing", "Group"}} {
			for _, count := range []bool{false, true} {
				x.searchPages(store.SearchQuery{Text: text, Kinds: kinds, Count: count, Page: kg.Page{Limit: 5}})
			}
		}
	}
}

func (x *exercise) searchPages(q store.SearchQuery) {
	x.t.Helper()
	page, err := x.st.Search(x.ctx, q)
	x.must("searching", err)
	if len(page.Hits) == 0 {
		return
	}
	start, end := page.Position(0), page.Position(len(page.Hits)-1)
	for _, p := range []kg.Page{{After: &start}, {Before: &end}, {After: &start, Before: &end}, {}} {
		for _, backward := range []bool{false, true} {
			p.Limit, p.Backward = 5, backward
			q.Page = p
			_, err := x.st.Search(x.ctx, q)
			x.must("searching on", err)
		}
	}
}

func (x *exercise) groupAll() {
	for _, p := range append([]*ontology.Property{idProperty}, x.o.Kind("Thing").Properties...) {
		if p.List {
			continue
		}
		for _, where := range []kg.Filter{nil, kg.Compare{Property: "count", Op: kg.OpGt, Value: int64(5)}, kg.Edges{Step: outOf("LINKED"), Op: kg.OpGte, N: 1}} {
			_, err := x.st.Group(x.ctx, store.GroupQuery{Kinds: []string{"Thing"}, By: p.Name, Where: where})
			x.must("grouping by "+p.Name, err)
		}
	}
	_, err := x.st.Group(x.ctx, store.GroupQuery{Kinds: []string{"Thing", "Group"}, By: "end"})
	x.must("grouping two kinds", err)
}

// rewrite changes, repeats and deletes.
func (x *exercise) rewrite() {
	changed := exerciseBatch()
	for _, n := range changed.Nodes[:20] {
		n.Props = props([]any{"name", "Changed"})
		n.Evidence = []kg.Evidence{evidence("source", "changed")}
	}
	for _, e := range changed.Edges[:20] {
		e.Evidence = []kg.Evidence{evidence("source", "changed")}
	}
	deleted := store.Batch{DeleteNodes: []string{"t5", "t6", "g1", "nothing"}, DeleteEdges: []string{changed.Edges[0].ID, "nothing"}}
	for _, b := range []store.Batch{changed, changed, deleted} {
		_, err := x.st.Apply(x.ctx, b)
		x.must("writing", err)
	}
	x.must("health", x.st.Health(x.ctx))
}
