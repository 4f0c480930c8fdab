package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

func refusedFilter(t *testing.T, st store.Store, f kg.Filter, kinds ...string) {
	t.Helper()
	if kinds == nil {
		kinds = []string{"Thing"}
	}
	_, err := st.Find(context.Background(), store.NodeQuery{Kinds: kinds, Where: f, Page: kg.Page{Limit: 1}})
	refused(t, fmt.Sprintf("the filter %+v on %v", f, kinds), err)
}

func filterLines() []line {
	return []line{
		{"S3.1", "texts compare by code point", checkTextFilters},
		{"S3.2", "code points, not UTF-16", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "remark", "\uffff"), thing("b", "remark", "😀"), thing("c", "remark", "\ue000"), thing("d", "remark", "𐀀"),
				thing("e", "remark", "z")))
			equal(t, "greater", find(t, st, is("remark", kg.OpGt, "\uffff")), []string{"b", "d"})
			equal(t, "less", find(t, st, is("remark", kg.OpLt, "😀")), []string{"a", "c", "d", "e"})
			equal(t, "between", find(t, st, kg.And{is("remark", kg.OpGte, "\ue000"), is("remark", kg.OpLte, "𐀀")}), []string{"a", "c", "d"})
			equal(t, "order", find(t, st, nil, by("remark")), []string{"e", "c", "a", "d", "b"})
		}},
		{"S3.3", "missing is unknown", checkUnknown},
		{"S3.4", "isNull is never unknown", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "count", 0), thing("b")))
			for want, f := range map[string]kg.Filter{
				"a": is("count", kg.OpIsNull, false), "b": is("count", kg.OpIsNull, true),
			} {
				equal(t, "isNull", find(t, st, f), []string{want})
				equal(t, "not isNull", find(t, st, not(f)), []string{map[string]string{"a": "b", "b": "a"}[want]})
			}
			equal(t, "null of a required value", find(t, st, is("order", kg.OpIsNull, true)), []string{})
			equal(t, "null of an id", find(t, st, is("id", kg.OpIsNull, true)), []string{})
			equal(t, "an id", find(t, st, is("id", kg.OpIsNull, false)), []string{"a", "b"})
		}},
		{"S3.5", "and, or, not", checkLogic},
		{"S3.6", "in", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "count", 1, "remark", "x", "size", 0.5), thing("b", "count", 2, "remark", "y", "live", true), thing("c")))
			equal(t, "in", find(t, st, is("count", kg.OpIn, []int64{1, 3, 1})), []string{"a"})
			equal(t, "not in", find(t, st, not(is("count", kg.OpIn, []int64{1, 3}))), []string{"b"})
			equal(t, "in texts", find(t, st, is("remark", kg.OpIn, []string{"y", "x"})), []string{"a", "b"})
			equal(t, "in numbers", find(t, st, is("size", kg.OpIn, []float64{0.5})), []string{"a"})
			equal(t, "in Booleans", find(t, st, is("live", kg.OpIn, []bool{true, false})), []string{"b"})
			equal(t, "in an empty list", find(t, st, is("count", kg.OpIn, []int64{})), []string{})
			equal(t, "not in an empty list", find(t, st, not(is("count", kg.OpIn, []int64{}))), []string{"a", "b"})
			equal(t, "not in no texts", find(t, st, not(is("remark", kg.OpIn, []string(nil)))), []string{"a", "b"})
		}},
		{"S3.7", "has", checkHas},
		{"S3.8", "numbers and Booleans", checkNumbers},
		{"S3.11", "kinds", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a"), node("Tool", "b"), node("Group", "c")))
			of := func(f kg.Filter) []string {
				return ids(findPage(t, st, store.NodeQuery{Kinds: []string{"Thing", "Tool"}, Where: f, Page: kg.Page{Limit: plenty}}))
			}
			equal(t, "one", of(kg.Kinds{"Tool"}), []string{"b"})
			equal(t, "not one", of(not(kg.Kinds{"Tool", "Group"})), []string{"a"})
			equal(t, "none", of(kg.Kinds{}), []string{})
			equal(t, "not none", of(not(kg.Kinds{})), []string{"a", "b"})
			equal(t, "one beside a value", of(kg.Or{kg.Kinds{"Tool"}, is("id", kg.OpEq, "a")}), []string{"a", "b"})
		}},
		{"S3.12", "ids", func(t *testing.T, st store.Store) {
			put(t, st, things("a", "b", "ba", "B"), link("a", "b"), link("a", "ba"))
			equal(t, "less", find(t, st, is("id", kg.OpLt, "b")), []string{"B", "a"})
			equal(t, "at least", find(t, st, is("id", kg.OpGte, "b")), []string{"b", "ba"})
			equal(t, "begins", find(t, st, is("id", kg.OpStartsWith, "b")), []string{"b", "ba"})
			equal(t, "contains", find(t, st, is("id", kg.OpContains, "a")), []string{"a", "ba"})
			equal(t, "in", find(t, st, is("id", kg.OpIn, []string{"B", "x"})), []string{"B"})
			equal(t, "not", find(t, st, not(is("id", kg.OpIn, []string{"B", "x"}))), []string{"a", "b", "ba"})
			page := expand(t, st, store.ExpandQuery{
				Parents: []string{"a"}, Step: kg.Step{Type: "LINKED"}, Where: is("id", kg.OpEq, "LINKED:a:ba:LEAD:"), Page: kg.Page{Limit: plenty},
			})["a"]
			equal(t, "id of an edge", farIDs(page), []string{"ba"})
		}},
		{"S3.16", "what is refused", checkRefusedFilters},
		{"S3.17", "how much can be asked", func(t *testing.T, st store.Store) {
			put(t, st, nodes(thing("a", "count", 1), thing("b", "count", 2)))
			var one kg.Filter = is("count", kg.OpEq, 1)
			conditions, deep, hops := kg.Or{}, one, kg.Filter(nil)
			for i := range store.MaxConditions {
				conditions = append(conditions, is("count", kg.OpEq, -i-1), one)[:i+1]
			}
			for i := range store.MaxDepth - 1 {
				deep = []kg.Filter{kg.Not{Filter: deep}, kg.And{one, deep}, kg.Or{deep, one}}[i%3]
			}
			for range store.MaxHops {
				hops = count(outOf("PART_OF"), kg.OpEq, 0, kg.Far{Filter: hops})
			}
			conditions[0] = one
			equal(t, "many conditions", find(t, st, conditions), []string{"a"})
			equal(t, "many negated conditions", find(t, st, not(conditions)), []string{"b"})
			_ = find(t, st, deep)
			_ = find(t, st, hops)
			refusedFilter(t, st, append(conditions, one))
			refusedFilter(t, st, not(deep))
			refusedFilter(t, st, count(outOf("PART_OF"), kg.OpEq, 0, kg.Far{Filter: hops}))
		}},
	}
}

func checkTextFilters(t *testing.T, st store.Store) {
	texts := nastyTexts()
	var all []*kg.Node
	id := func(i int) string { return fmt.Sprintf("%03d", i) }
	for i, text := range texts {
		all = append(all, thing(id(i), "remark", text))
	}
	put(t, st, append(all, thing("none")))
	matching := func(keep func(text string) bool) []string {
		want := []string{}
		for i, text := range texts {
			if keep(text) {
				want = append(want, id(i))
			}
		}
		return want
	}
	for i, operand := range texts {
		if i%3 > 0 { // some is enough: each is compared with all
			continue
		}
		for op, keep := range textTests(operand) {
			what := fmt.Sprintf("remark %s %q", op, operand)
			equal(t, what, find(t, st, is("remark", op, operand)), matching(keep))
			equal(t, "not "+what, find(t, st, not(is("remark", op, operand))), matching(func(s string) bool { return !keep(s) }))
		}
	}
	every := matching(func(string) bool { return true })
	for _, op := range []kg.Op{kg.OpContains, kg.OpStartsWith, kg.OpGt, kg.OpGte} {
		equal(t, string(op)+" an empty text", find(t, st, is("remark", op, "")), every)
	}
	equal(t, "equal to an empty text", find(t, st, is("remark", kg.OpEq, "")), []string{})
}

func textTests(operand string) map[kg.Op]func(string) bool {
	return map[kg.Op]func(string) bool{
		kg.OpEq:         func(s string) bool { return s == operand },
		kg.OpLt:         func(s string) bool { return slices.Compare([]rune(s), []rune(operand)) < 0 },
		kg.OpLte:        func(s string) bool { return slices.Compare([]rune(s), []rune(operand)) <= 0 },
		kg.OpGt:         func(s string) bool { return slices.Compare([]rune(s), []rune(operand)) > 0 },
		kg.OpGte:        func(s string) bool { return slices.Compare([]rune(s), []rune(operand)) >= 0 },
		kg.OpContains:   func(s string) bool { return containsRunes(s, operand) },
		kg.OpStartsWith: func(s string) bool { return len(s) >= len(operand) && s[:len(operand)] == operand },
	}
}

func containsRunes(s, part string) bool {
	for i := range s {
		if len(s[i:]) >= len(part) && s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

func checkUnknown(t *testing.T, st store.Store) {
	put(t, st, nodes(thing("none"), thing("some", "remark", "m", "count", 5, "size", 5.0, "live", true, "end", "2019", "colour", "GREEN", "code", "m", "owner", "m")))
	for _, f := range []kg.Compare{
		is("remark", kg.OpEq, "x"), is("remark", kg.OpIn, []string{"x"}), is("remark", kg.OpLt, "x"), is("remark", kg.OpLte, "x"), is("remark", kg.OpGt, "x"),
		is("remark", kg.OpGte, "x"), is("remark", kg.OpContains, "x"), is("remark", kg.OpStartsWith, "x"), is("code", kg.OpEq, "x"), is("code", kg.OpLt, "x"),
		is("count", kg.OpEq, 1), is("count", kg.OpIn, []int64{1}), is("count", kg.OpLt, 1), is("count", kg.OpLte, 1), is("count", kg.OpGt, 1),
		is("count", kg.OpGte, 1), is("size", kg.OpEq, 1.0), is("size", kg.OpIn, []float64{1}), is("size", kg.OpLt, 1.0), is("size", kg.OpGte, 1.0),
		is("live", kg.OpEq, false), is("end", kg.OpEq, "2020"), is("end", kg.OpIn, []string{"2020"}), is("end", kg.OpLt, "2020"), is("end", kg.OpLte, "2020"),
		is("end", kg.OpGt, "2020"), is("end", kg.OpGte, "2020"), is("colour", kg.OpEq, "RED"), is("colour", kg.OpIn, []string{"RED"}), is("owner", kg.OpEq, "x"),
		is("owner", kg.OpIn, []string{"x"}),
	} {
		what := fmt.Sprintf("%s %s %v", f.Property, f.Op, f.Value)
		either := append(find(t, st, f), find(t, st, not(f))...)
		equal(t, what+", or not", either, []string{"some"})
		equal(t, "not not "+what, find(t, st, not(not(f))), find(t, st, f))
	}
}

// checkLogic goes through the truth tables: count is missing (unknown), 1 (true) or 2 (false).
func checkLogic(t *testing.T, st store.Store) {
	put(t, st, nodes(thing("a", "count", 1)))
	yes, no, unknown := is("count", kg.OpEq, 1), is("count", kg.OpEq, 2), is("size", kg.OpEq, 1.0)
	passes := func(what string, want bool, f kg.Filter) {
		t.Helper()
		if got := len(find(t, st, f)) == 1; got != want {
			t.Errorf("%s: passes %v, want %v", what, got, want)
		}
	}
	passes("nil", true, nil)
	passes("not nil", false, not(nil))
	passes("and()", true, kg.And{})
	passes("or()", false, kg.Or{})
	passes("not and()", false, not(kg.And{}))
	passes("not or()", true, not(kg.Or{}))
	passes("and(nil)", true, kg.And{nil})
	passes("and(true, unknown)", false, kg.And{yes, unknown})
	passes("not and(true, unknown)", false, not(kg.And{yes, unknown}))
	passes("and(false, unknown)", false, kg.And{no, unknown})
	passes("not and(false, unknown)", true, not(kg.And{no, unknown}))
	passes("or(true, unknown)", true, kg.Or{unknown, yes})
	passes("not or(true, unknown)", false, not(kg.Or{unknown, yes}))
	passes("or(false, unknown)", false, kg.Or{no, unknown})
	passes("not or(false, unknown)", false, not(kg.Or{no, unknown}))
	passes("not unknown", false, not(unknown))
	passes("or(unknown, not unknown)", false, kg.Or{unknown, not(unknown)})
	passes("nested", true, kg.And{kg.Or{no, kg.And{yes, not(no)}}, not(kg.And{unknown, no})})
	passes("not nested", false, not(kg.And{kg.Or{no, kg.And{yes, not(no)}}, not(kg.And{unknown, no})}))
}

func checkHas(t *testing.T, st store.Store) {
	put(t, st, nodes(
		thing("a", "words", []string{"x", "y%"}, "numbers", []int64{1, 2}, "sizes", []float64{0.5, 1e308}, "flags", []bool{true}, "days", []string{"2019"},
			"colours", []string{"RED"}),
		thing("b", "words", []string{"xx", `"x"`, "x,y"}, "numbers", []int64{12}, "sizes", []float64{5}, "flags", []bool{false}, "days", []string{"2019-01", "2019?"},
			"colours", []string{"BLUE", "GREEN"}),
		thing("c")))
	for _, f := range []kg.Compare{
		is("words", kg.OpHas, "x"), is("words", kg.OpHas, "y%"), is("numbers", kg.OpHas, 1), is("sizes", kg.OpHas, 1e308), is("flags", kg.OpHas, true),
		is("days", kg.OpHas, "2019"), is("colours", kg.OpHas, "RED"), is("topics", kg.OpIsNull, true),
	} {
		what := fmt.Sprintf("%s %s %v", f.Property, f.Op, f.Value)
		if f.Op == kg.OpIsNull {
			equal(t, what, find(t, st, f), []string{"a", "b", "c"})
			equal(t, "not "+what, find(t, st, not(f)), []string{})
			continue
		}
		equal(t, what, find(t, st, f), []string{"a"})
		equal(t, "not "+what, find(t, st, not(f)), []string{"b", "c"})
		equal(t, f.Property+" is empty", find(t, st, is(f.Property, kg.OpIsNull, true)), []string{"c"})
		equal(t, f.Property+" is not empty", find(t, st, is(f.Property, kg.OpIsNull, false)), []string{"a", "b"})
	}
	equal(t, "an absent element", find(t, st, is("words", kg.OpHas, "")), []string{})
	equal(t, "not an absent element", find(t, st, not(is("words", kg.OpHas, "X"))), []string{"a", "b", "c"})
}

func checkNumbers(t *testing.T, st store.Store) {
	put(t, st, nodes(
		thing("a", "count", -10, "size", -1e308, "live", true), thing("b", "count", -9, "size", -0.5, "live", false), thing("c", "count", 0, "size", 0.0),
		thing("d", "count", 9, "size", 1e-300), thing("e", "count", 10, "size", 9.0), thing("f", "count", 100, "size", 10.0)))
	for _, c := range []struct {
		f    kg.Filter
		want []string
	}{
		{is("count", kg.OpLt, 9), []string{"a", "b", "c"}},
		{is("count", kg.OpLte, 9), []string{"a", "b", "c", "d"}},
		{is("count", kg.OpGt, -10), []string{"b", "c", "d", "e", "f"}},
		{not(is("count", kg.OpGte, 10)), []string{"a", "b", "c", "d"}},
		{is("count", kg.OpGt, int64(1)<<40), []string{}},
		{not(is("count", kg.OpEq, 0)), []string{"a", "b", "d", "e", "f"}},
		{is("size", kg.OpLt, 0.0), []string{"a", "b"}},
		{is("size", kg.OpGt, 0.0), []string{"d", "e", "f"}},
		{is("size", kg.OpGte, 9.0), []string{"e", "f"}},
		{is("size", kg.OpEq, 10.0), []string{"f"}},
		{is("size", kg.OpLte, -1e308), []string{"a"}},
		{is("live", kg.OpEq, true), []string{"a"}},
		{not(is("live", kg.OpEq, true)), []string{"b"}},
		{not(is("count", kg.OpLt, 9)), []string{"d", "e", "f"}},
		{not(is("count", kg.OpLte, 9)), []string{"e", "f"}},
		{not(is("count", kg.OpGt, 9)), []string{"a", "b", "c", "d"}},
		{not(is("size", kg.OpLt, 9.0)), []string{"e", "f"}},
		{not(is("size", kg.OpLte, 9.0)), []string{"f"}},
		{not(is("size", kg.OpGt, 0.0)), []string{"a", "b", "c"}},
		{not(is("size", kg.OpGte, 0.0)), []string{"a", "b"}},
	} {
		equal(t, fmt.Sprintf("%+v", c.f), find(t, st, c.f), c.want)
	}
}

func checkRefusedFilters(t *testing.T, st store.Store) {
	put(t, st, nodes(thing("a"), node("Tool", "b"), node("Group", "c")))
	out := kg.Step{Type: "LINKED"}
	for _, f := range []kg.Filter{
		is("speed", kg.OpEq, "x"), is("kind", kg.OpEq, "Thing"), is("", kg.OpEq, "x"),
		is("remark", "matches", "x"), is("remark", kg.OpHas, "x"), is("count", kg.OpContains, "1"), is("end", kg.OpStartsWith, "2019"),
		is("live", kg.OpLt, true), is("colour", kg.OpLt, "RED"), is("owner", kg.OpGt, "x"), is("words", kg.OpEq, "x"), is("words", kg.OpContains, "x"),
		is("numbers", kg.OpLt, 1), is("words", kg.OpIn, []string{"x"}), is("colour", kg.OpContains, "R"), is("owner", kg.OpStartsWith, "x"),
		is("end", kg.OpLt, "soon"), is("end", kg.OpEq, ""), is("end", kg.OpIn, []string{"2019", "soon"}), is("days", kg.OpHas, "soon"),
		is("count", kg.OpIsNull, nil), is("count", kg.OpIsNull, "true"),
		kg.Kinds{"Person"}, kg.Kinds{"Named"}, kg.Far{Filter: nil},
		kg.Edges{Step: kg.Step{Type: "KNOWS"}, Op: kg.OpGte, N: 1}, kg.Edges{Step: kg.Step{Type: "SELECT", Direction: kg.In}, Op: kg.OpGte, N: 1},
		kg.Edges{Step: out, Op: kg.OpGte, N: -1}, kg.Edges{Step: out, Op: kg.OpIn, N: 1}, kg.Edges{Step: out, N: 1},
		kg.Edges{Step: out, Op: kg.OpGte, N: 1, Where: is("count", kg.OpEq, 1)}, kg.Edges{Step: out, Op: kg.OpGte, N: 1, Where: kg.Kinds{"Thing"}},
		kg.Edges{Step: out, Op: kg.OpGte, N: 1, Where: kg.Edges{Step: out, Op: kg.OpGte, N: 1}},
		kg.Edges{Step: out, Op: kg.OpGte, N: 1, Where: kg.Far{Filter: is("count", kg.OpEq, 1)}}, // a Group has no count
		kg.Edges{Step: out, Op: kg.OpGte, N: 1, Where: kg.Far{Filter: kg.Far{Filter: nil}}},
	} {
		refusedFilter(t, st, f)
		refusedFilter(t, st, kg.And{is("id", kg.OpEq, "nothing"), not(f)})
	}
	refusedFilter(t, st, is("value", kg.OpIsNull, true), "Group", "Tool") // a Float here, a String there
	refusedFilter(t, st, is("count", kg.OpEq, int64(1)), "Thing", "Tool")
	refusedFilter(t, st, kg.Edges{Step: out, Op: kg.OpGte, N: 1}, "Tool")
	_, err := st.Find(context.Background(), store.NodeQuery{Kinds: []string{"Thing"}, Where: is("count", kg.OpEq, "1"), Page: kg.Page{Limit: 1}})
	if err == nil {
		t.Error("a text is accepted where a number is compared")
	}
}
