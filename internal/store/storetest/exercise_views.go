package storetest

import (
	"entente/internal/kg"
	"entente/internal/store"
)

// look asks one question of every shape in each kind of view.
func (x *exercise) look() {
	for _, v := range []store.View{
		{ValidAt: "2019-06-30"}, {ValidAt: "2019-06-30", Undated: true}, {KnownAt: "2019-12-31"}, {KnownAt: "2019-12-31", Undated: true},
		{ValidAt: "2019-06-30", KnownAt: "2019-12-31"},
	} {
		seen, err := store.At(x.ctx, x.st, x.o, v)
		x.must("looking at a view", err)
		(&exercise{ctx: x.ctx, t: x.t, st: seen, o: x.o}).lookAt()
	}
}

func (x *exercise) lookAt() {
	_, err := x.st.Nodes(x.ctx, []string{"t1", "g1", "source"})
	x.must("reading nodes", err)
	for _, kinds := range [][]string{{"Thing"}, {"Group"}, {"Thing", "Group", "Source"}} {
		x.find(store.NodeQuery{Kinds: kinds, Count: true})
		x.find(store.NodeQuery{Kinds: kinds, Order: []kg.SortKey{{Property: "name", Desc: true}}})
	}
	for _, op := range []kg.Op{kg.OpEq, kg.OpLt, kg.OpGte} {
		for _, n := range []int64{0, 1, 3} {
			x.find(store.NodeQuery{Where: kg.Edges{Step: outOf("PART_OF"), Op: op, N: n}, Count: true})
		}
	}
	for _, step := range []kg.Step{outOf("LINKED"), into("PART_OF")} {
		x.expand(store.ExpandQuery{Step: step, Count: true})
	}
	x.walkAround()
	x.searchPages(store.SearchQuery{Text: "name", Count: true, Page: kg.Page{Limit: 5}})
	x.searchPages(store.SearchQuery{Text: "name", Kinds: []string{"Thing"}, Page: kg.Page{Limit: 5}})
	_, err = x.st.Group(x.ctx, store.GroupQuery{Kinds: []string{"Thing"}, By: "live"})
	x.must("grouping", err)
	_, err = x.st.Counts(x.ctx, nil)
	x.must("counting", err)
}
