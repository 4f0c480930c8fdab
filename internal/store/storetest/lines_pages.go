package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

func orderLines() []line {
	return []line{
		{"S4.1", "by id", func(t *testing.T, st store.Store) {
			put(t, st, things("b", "a", "B", "á", "ab", "😀", "\uffff", "a:b", "a b"))
			equal(t, "ids", find(t, st, nil), []string{"B", "a", "a b", "a:b", "ab", "b", "á", "\uffff", "😀"})
		}},
		{"S4.2", "missing last", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a"), thing("b", "count", 2, "end", "2019", "live", false, "remark", "x"),
				thing("c", "count", 1, "end", "2020", "live", true, "remark", "y"), thing("d")))
			for _, p := range []string{"end", "live", "remark"} {
				equal(t, p+" ascending", find(t, st, nil, by(p)), []string{"b", "c", "a", "d"})
				equal(t, p+" descending", find(t, st, nil, byD(p)), []string{"c", "b", "a", "d"})
			}
			equal(t, "count ascending", find(t, st, nil, by("count")), []string{"c", "b", "a", "d"})
			equal(t, "count descending", find(t, st, nil, byD("count")), []string{"b", "c", "a", "d"})
		}},
		{"S4.3", "ties by id, ascending", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("c", "count", 1), thing("a", "count", 1), thing("b", "count", 1), thing("d", "count", 2)))
			equal(t, "ascending", find(t, st, nil, by("count")), []string{"a", "b", "c", "d"})
			equal(t, "descending", find(t, st, nil, byD("count")), []string{"d", "a", "b", "c"})
		}},
		{"S4.4", "several keys", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "order", 1, "remark", "x"), thing("b", "order", 1, "remark", "y"), thing("c", "order", 2, "remark", "x"),
				thing("d", "order", 2), thing("e", "order", 1)))
			equal(t, "up, up", find(t, st, nil, by("order"), by("remark")), []string{"a", "b", "e", "c", "d"})
			equal(t, "up, down", find(t, st, nil, by("order"), byD("remark")), []string{"b", "a", "e", "c", "d"})
			equal(t, "down, up", find(t, st, nil, byD("order"), by("remark")), []string{"c", "d", "a", "b", "e"})
			equal(t, "remark, order", find(t, st, nil, byD("remark"), byD("order")), []string{"b", "c", "a", "d", "e"})
			equal(t, "the same key twice", find(t, st, nil, byD("order"), by("order"), byD("remark")), []string{"c", "d", "b", "a", "e"})
		}},
		{"S4.6", "texts, enums, references and Booleans", func(t *testing.T, st store.Store) {
			put(t, st, nodes(
				thing("a", "remark", "b", "colour", "RED", "live", true, "owner", "é", "code", "B"), thing("b", "remark", "é", "colour", "GREEN", "live", false, "owner", "E", "code", "😀"),
				thing("c", "remark", "B", "colour", "BLUE", "live", true, "owner", "e", "code", "\uffff")))
			equal(t, "text", find(t, st, nil, by("remark")), []string{"c", "a", "b"})
			equal(t, "enum", find(t, st, nil, by("colour")), []string{"c", "b", "a"})
			equal(t, "Boolean", find(t, st, nil, by("live")), []string{"b", "a", "c"})
			equal(t, "reference", find(t, st, nil, by("owner")), []string{"b", "c", "a"})
			equal(t, "id of elsewhere", find(t, st, nil, byD("code")), []string{"b", "c", "a"})
		}},
		{"S4.7", "order by id", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "order", 2), thing("b", "order", 1), thing("c", "order", 2)))
			equal(t, "descending", find(t, st, nil, byD("id")), []string{"c", "b", "a"})
			equal(t, "before another key", find(t, st, nil, byD("id"), by("order")), []string{"c", "b", "a"})
			many := slices.Repeat([]kg.SortKey{by("count"), byD("end")}, store.MaxSortKeys/2)
			equal(t, "many keys", find(t, st, nil, many...), []string{"a", "b", "c"})
			_, err := st.Find(context.Background(), store.NodeQuery{Kinds: []string{"Thing"}, Order: append(many, by("size"))})
			refused(t, "too many keys", err)
			equal(t, "after another key", find(t, st, nil, by("order"), byD("id")), []string{"b", "c", "a"})
			for _, p := range []string{"words", "flags", "speed", "", "kind"} {
				_, err := st.Find(context.Background(), store.NodeQuery{Kinds: []string{"Thing"}, Order: []kg.SortKey{by(p)}})
				refused(t, "order by "+p, err)
			}
		}},
	}
}

func pageLines() []line {
	return []line{
		{"S4.8", "limit and more", func(t *testing.T, st store.Store) {
			put(t, st, things("a", "b", "c"))
			for limit, want := range map[int][]string{1: {"a"}, 2: {"a", "b"}, 3: {"a", "b", "c"}, 4: {"a", "b", "c"}} {
				page := findPage(t, st, store.NodeQuery{Page: kg.Page{Limit: limit}})
				equal(t, fmt.Sprintf("page of %d", limit), ids(page), want)
				equal(t, fmt.Sprintf("more after %d", limit), page.More, limit < 3)
			}
		}},
		{"S4.9", "after and before", func(t *testing.T, st store.Store) { checkWindows(t, st, false) }},
		{"S4.10", "backward", func(t *testing.T, st store.Store) { checkWindows(t, st, true) }},
		{"S4.11", "page by page", checkWalks},
		{"S4.12", "a limit of nothing", func(t *testing.T, st store.Store) {
			put(t, st, things("a"))
			page := findPage(t, st, store.NodeQuery{Count: true})
			equal(t, "page", page, &store.NodePage{More: true, Count: 1})
			page = findPage(t, st, store.NodeQuery{Where: kg.Or{}, Count: true, Page: kg.Page{Backward: true}})
			equal(t, "page of nothing", page, &store.NodePage{})
			for _, limit := range []int{-1, store.MaxLimit + 1, math.MaxInt} {
				_, err := st.Find(context.Background(), store.NodeQuery{Kinds: []string{"Thing"}, Page: kg.Page{Limit: limit}})
				refused(t, fmt.Sprintf("a limit of %d", limit), err)
			}
		}},
		{"S4.13", "count", func(t *testing.T, st store.Store) {
			put(t, st, things("a", "b", "c", "d"))
			q := store.NodeQuery{Where: is("id", kg.OpLt, "d"), Page: kg.Page{Limit: 1, After: &kg.Position{ID: "b"}}}
			equal(t, "not asked for", findPage(t, st, q).Count, 0)
			q.Count = true
			equal(t, "asked for", findPage(t, st, q).Count, 3)
			q.Page = kg.Page{Limit: 9, Before: &kg.Position{ID: ""}, Backward: true}
			equal(t, "of an empty window", findPage(t, st, q).Count, 3)
		}},
		{"S4.14", "positions without their record", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "count", 1), thing("b", "count", 2), thing("c", "count", 3), thing("d")))
			q := store.NodeQuery{Order: []kg.SortKey{by("count")}, Page: kg.Page{Limit: 2}}
			page := findPage(t, st, q)
			at := page.Position(1)
			apply(t, st, store.Batch{DeleteNodes: []string{"b"}})
			q.Page.After = &at
			equal(t, "after a deleted one", ids(findPage(t, st, q)), []string{"c", "d"})
			put(t, st, nodes(thing("c", "count", 0)))
			equal(t, "after one moved", ids(findPage(t, st, q)), []string{"d"})
		}},
		{"S4.15", "positions that do not fit", checkForeignPositions},
		{"S4.16", "cursors", checkCursors},
		{"S4.17", "kinds", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a"), node("Tool", "b")))
			page := findPage(t, st, store.NodeQuery{Kinds: []string{"Tool", "Thing", "Tool"}, Count: true, Page: kg.Page{Limit: plenty}})
			equal(t, "a kind twice", ids(page), []string{"a", "b"})
			equal(t, "count", page.Count, 2)
			for _, kinds := range [][]string{nil, {"Person"}, {"Thing", "Named"}, {""}} {
				_, err := st.Find(context.Background(), store.NodeQuery{Kinds: kinds, Page: kg.Page{Limit: 1}})
				refused(t, fmt.Sprintf("kinds %q", kinds), err)
			}
		}},
	}
}

// checkWindows tries every window over an order with ties and missing values.
func checkWindows(t *testing.T, st store.Store, backward bool) {
	put(t, st, nodes(thing("a", "count", 2), thing("b"), thing("c", "count", 1), thing("d", "count", 2), thing("e")))
	orders := map[string][]string{"up": {"c", "a", "d", "b", "e"}, "down": {"a", "d", "c", "b", "e"}}
	for name, want := range orders {
		q := store.NodeQuery{Order: []kg.SortKey{{Property: "count", Desc: name == "down"}}, Page: kg.Page{Limit: plenty}}
		whole := findPage(t, st, q)
		equal(t, name, ids(whole), want)
		at := func(i int) *kg.Position {
			if i < 0 || i >= len(want) {
				return nil
			}
			p := whole.Position(i)
			return &p
		}
		for after := -1; after < len(want); after++ {
			for before := 0; before <= len(want); before++ {
				q.Page = kg.Page{Limit: 2, After: at(after), Before: at(before), Backward: backward}
				window := want[min(after+1, max(before, after+1)):max(before, after+1)]
				expected, more := window, len(window) > 2
				if more && backward {
					expected = window[len(window)-2:]
				} else if more {
					expected = window[:2]
				}
				page := findPage(t, st, q)
				what := fmt.Sprintf("%s, after %d, before %d", name, after, before)
				equal(t, what, ids(page), expected)
				equal(t, what+", more", page.More, more)
			}
		}
	}
}

func checkWalks(t *testing.T, st store.Store) {
	var all []*kg.Node
	for i := range 30 {
		n := thing(fmt.Sprintf("n%02d", i), "order", i%4)
		if i%3 > 0 {
			n = thing(n.ID, "order", i%4, "count", i%5, "size", float64(i%7)/2, "end", fmt.Sprintf("201%d", i%3), "remark", nastyTexts()[i%6], "live", i%2 == 0)
		}
		all = append(all, n)
	}
	put(t, st, all)
	for _, order := range [][]kg.SortKey{
		nil, {byD("id")}, {by("count")}, {byD("count")}, {by("end")}, {byD("end")}, {by("size"), byD("end")}, {byD("live"), by("remark")},
		{by("order"), byD("count"), by("end")}, {byD("remark"), byD("id")}, {by("name")},
	} {
		q := store.NodeQuery{Kinds: []string{"Thing"}, Order: order, Page: kg.Page{Limit: plenty}}
		want := ids(findPage(t, st, q))
		for _, backward := range []bool{false, true} {
			q.Page = kg.Page{Limit: 7, Backward: backward}
			equal(t, fmt.Sprintf("%v, backward %v", order, backward), walk(t, st, q), want)
		}
	}
}

// walk goes through all pages of a query and returns the ids in order.
func walk(t *testing.T, st store.Store, q store.NodeQuery) []string {
	t.Helper()
	var got []string
	for range plenty {
		page := findPage(t, st, q)
		if q.Page.Backward {
			got = append(ids(page), got...)
		} else {
			got = append(got, ids(page)...)
		}
		if !page.More {
			return got
		}
		if q.Page.Backward {
			at := page.Position(0)
			q.Page.Before = &at
		} else {
			at := page.Position(len(page.Nodes) - 1)
			q.Page.After = &at
		}
	}
	t.Fatal("the pages never end")
	return nil
}

func checkForeignPositions(t *testing.T, st store.Store) {
	put(t, st, nodes(thing("a", "count", 1)))
	for _, c := range []struct {
		order []kg.SortKey
		keys  []any
	}{
		{nil, []any{"x"}},
		{[]kg.SortKey{by("count")}, nil},
		{[]kg.SortKey{by("count")}, []any{int64(1), int64(2)}},
		{[]kg.SortKey{by("count")}, []any{"1"}},
		{[]kg.SortKey{by("count")}, []any{1.0}},
		{[]kg.SortKey{by("count")}, []any{json.Number("1.5")}},
		{[]kg.SortKey{by("count")}, []any{true}},
		{[]kg.SortKey{by("size")}, []any{json.Number("1e999")}},
		{[]kg.SortKey{by("live")}, []any{int64(1)}},
		{[]kg.SortKey{by("remark")}, []any{json.Number("1")}},
		{[]kg.SortKey{by("end")}, []any{"2019-01-01"}},
		{[]kg.SortKey{by("order")}, []any{nil}},
		{[]kg.SortKey{by("name")}, []any{nil}},
		{[]kg.SortKey{byD("id")}, []any{"a"}},
		{[]kg.SortKey{by("remark")}, []any{map[string]any{}}},
	} {
		at := &kg.Position{Keys: c.keys, ID: "a"}
		for _, page := range []kg.Page{{Limit: 1, After: at}, {Limit: 1, Before: at, Backward: true}} {
			_, err := st.Find(context.Background(), store.NodeQuery{Kinds: []string{"Thing"}, Order: c.order, Page: page})
			refused(t, fmt.Sprintf("position %v in order %v", c.keys, c.order), err)
		}
	}
}

func checkCursors(t *testing.T, st store.Store) {
	var all []*kg.Node
	sizes := []float64{0, 0.1, 1e308, -1e308, math.SmallestNonzeroFloat64, 1 << 60}
	for i, text := range nastyTexts() {
		all = append(all, thing(fmt.Sprintf("%02d%s", i, text), "remark", text, "size", sizes[i%len(sizes)], "count", i%3))
	}
	put(t, st, append(all, things("none")...))
	order := []kg.SortKey{byD("count"), by("size"), byD("remark")}
	hash := kg.QueryHash("things", "", fmt.Sprint(order))
	page := findPage(t, st, store.NodeQuery{Order: order, Page: kg.Page{Limit: plenty}})
	for i := range page.Nodes {
		cursor := kg.EncodeCursor(hash, page.Position(i))
		at, err := kg.DecodeCursor(hash, cursor)
		if err != nil {
			t.Fatal(err)
		}
		next := findPage(t, st, store.NodeQuery{Order: order, Page: kg.Page{Limit: 1, After: at}})
		equal(t, fmt.Sprint("the record after ", i), ids(next), ids(&store.NodePage{Nodes: page.Nodes[i+1 : min(i+2, len(page.Nodes))]}))
	}
	foreign := kg.EncodeCursor(kg.QueryHash("tools", "", fmt.Sprint(order)), page.Position(0))
	for _, cursor := range []string{foreign, "", "x", "!", foreign[1:], foreign + "x"} {
		_, err := kg.DecodeCursor(hash, cursor)
		refused(t, fmt.Sprintf("the cursor %q", cursor), err)
	}
}
