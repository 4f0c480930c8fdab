package storetest

import (
	"context"
	"fmt"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

func group(t *testing.T, st store.Store, q store.GroupQuery) []store.Group {
	t.Helper()
	groups, err := st.Group(context.Background(), q)
	if err != nil {
		t.Fatalf("grouping by %s: %v", q.By, err)
	}
	return groups
}

func groupLines() []line {
	thingsOnly := []string{"Thing"}
	return []line{
		{"S8.1", "counts by value", func(t *testing.T, st store.Store) {
			put(t, st, nodes(
				thing("a", "count", 10, "size", 0.5, "live", true, "end", "2019", "colour", "RED", "remark", "😀", "owner", "x", "order", 1),
				thing("b", "count", 10, "size", -1.0, "live", false, "end", "2019", "colour", "BLUE", "remark", "\uffff", "owner", "y", "order", 1),
				thing("c", "count", 9, "size", 1e308, "end", "2019?", "colour", "BLUE"), thing("d", "count", 8), node("Group", "e", "order", 1), node("Group", "f", "end", "2018")))
			for _, c := range []struct {
				q    store.GroupQuery
				want []store.Group
			}{
				{store.GroupQuery{Kinds: thingsOnly, By: "count"}, []store.Group{{Value: int64(10), Count: 2}, {Value: int64(8), Count: 1}, {Value: int64(9), Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "size"}, []store.Group{{Value: -1.0, Count: 1}, {Value: 0.5, Count: 1}, {Value: 1e308, Count: 1}, {Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "live"}, []store.Group{{Count: 2}, {Value: false, Count: 1}, {Value: true, Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "end"}, []store.Group{{Value: "2019", Count: 2}, {Value: "2019?", Count: 1}, {Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "colour"}, []store.Group{{Value: "BLUE", Count: 2}, {Value: "RED", Count: 1}, {Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "remark"}, []store.Group{{Count: 2}, {Value: "\uffff", Count: 1}, {Value: "😀", Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "owner"}, []store.Group{{Count: 2}, {Value: "x", Count: 1}, {Value: "y", Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "id", Where: is("count", kg.OpLt, 10)}, []store.Group{{Value: "c", Count: 1}, {Value: "d", Count: 1}}},
				{store.GroupQuery{Kinds: []string{"Thing", "Group", "Thing"}, By: "order"},
					[]store.Group{{Value: int64(1), Count: 3}, {Value: int64(0), Count: 2}, {Count: 1}}},
				{store.GroupQuery{Kinds: []string{"Thing", "Group"}, By: "end", Where: is("end", kg.OpLt, "2020")},
					[]store.Group{{Value: "2019", Count: 2}, {Value: "2018", Count: 1}, {Value: "2019?", Count: 1}}},
				{store.GroupQuery{Kinds: thingsOnly, By: "count", Where: kg.Or{}}, nil},
				{store.GroupQuery{Kinds: []string{"Tool"}, By: "value"}, nil},
			} {
				equal(t, fmt.Sprintf("%+v", c.q), group(t, st, c.q), c.want)
			}
		}},
		{"S8.2", "what cannot be grouped by", func(t *testing.T, st store.Store) {
			for _, q := range []store.GroupQuery{
				{Kinds: thingsOnly, By: "words"}, {Kinds: thingsOnly, By: "speed"}, {Kinds: thingsOnly}, {By: "count"}, {Kinds: []string{"Person"}, By: "count"},
				{Kinds: []string{"Group", "Tool"}, By: "value"}, {Kinds: []string{"Thing", "Group"}, By: "count"},
				{Kinds: thingsOnly, By: "count", Where: is("value", kg.OpEq, "x")},
			} {
				_, err := st.Group(context.Background(), q)
				refused(t, fmt.Sprintf("%+v", q), err)
			}
		}},
		{"S8.3", "counts of everything", func(t *testing.T, st store.Store) {
			equal(t, "of nothing", counts(t, st), &store.Counts{})
			put(t, st, append(things("a", "b"), node("Group", "g")), link("a", "b"), link("a", "a"), part("a", "b"))
			equal(t, "of some", counts(t, st), &store.Counts{Kinds: map[string]int{"Thing": 2, "Group": 1}, Types: map[string]int{"LINKED": 2, "PART_OF": 1}})
			apply(t, st, store.Batch{DeleteNodes: []string{"g", "b"}})
			equal(t, "of what is left", counts(t, st), &store.Counts{Kinds: map[string]int{"Thing": 1}, Types: map[string]int{"LINKED": 1}})
		}},
	}
}

func counts(t *testing.T, st store.Store) *store.Counts {
	t.Helper()
	c, err := st.Counts(context.Background(), nil)
	if err != nil {
		t.Fatalf("counting: %v", err)
	}
	return c
}
