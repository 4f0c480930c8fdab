package storetest

import (
	"fmt"
	"testing"

	"entente/internal/kg"
	"entente/internal/store"
)

// dates are of every form, in the order of their days; of equal days, in the order written here.
func dates() []string {
	return []string{
		"0000", "../1999", "/2019-12-31", "../2020",
		"0000-02-29", "19XX", "1999-12-31", "201X", "201X-XX", "2015/2016-02",
		"2019-01-01", "2019-01", "2019", "2019?", "2019~", "2019%", "2019-XX", "2019-XX-XX", "2019/2020-02-29", "2019/..", "2019/",
		"2019-02", "2019-11", "2019-11-XX", "2019-11-12", "2019-11-12~", "2019-11-12/2019-11-13", "2019-11-12?/2020%", "2019-12-31",
		"2020-01-01", "2020-02-29", "9999-12-31", "9999-12-31/..",
	}
}

func dateLines() []line {
	return []line{
		{"S3.9", "dates compare as intervals of days", checkDateComparisons},
		{"S3.10", "dates equal as written", func(t *testing.T, st store.Store) {
			putDates(t, st)
			for i, d := range dates() {
				equal(t, "equal to "+d, find(t, st, is("end", kg.OpEq, d)), []string{dateID(i)})
				if n := len(find(t, st, not(is("end", kg.OpEq, d)))); n != len(dates())-1 {
					t.Errorf("%d dates differ from %s, want %d", n, d, len(dates())-1)
				}
			}
			equal(t, "in", find(t, st, is("end", kg.OpIn, []string{"2019", "2019-XX", "2018"})), []string{dateID(12), dateID(16)})
		}},
		{"S4.5", "dates order by first, then last day", func(t *testing.T, st store.Store) {
			putDates(t, st)
			var up []string
			for i := range dates() {
				up = append(up, dateID(i))
			}
			equal(t, "ascending", find(t, st, is("end", kg.OpIsNull, false), by("end")), up)
			got := find(t, st, nil, byD("end"))
			equal(t, "descending, first", got[0], dateID(len(dates())-2))
			equal(t, "ties", got[indexOf(got, dateID(12)):][:6], up[12:18])
			equal(t, "missing last", got[len(got)-1], "none")
		}},
	}
}

func indexOf(all []string, one string) int {
	for i, s := range all {
		if s == one {
			return i
		}
	}
	return 0
}

func dateID(i int) string { return fmt.Sprintf("d%02d", i) }

func putDates(t *testing.T, st store.Store) {
	t.Helper()
	all := things("none")
	for i, d := range dates() {
		all = append(all, thing(dateID(i), "end", d))
	}
	put(t, st, all)
}

// checkDateComparisons compares by hand: for each date those that are before, after, or neither.
func checkDateComparisons(t *testing.T, st store.Store) {
	put(t, st, nodes(
		thing("a-day", "end", "2019-06-15"), thing("b-month", "end", "2019-06"), thing("c-year", "end", "2019"), thing("d-decade", "end", "201X"),
		thing("e-span", "end", "2018/2019-06-15"), thing("f-since", "end", "2019-06/.."), thing("g-until", "end", "../2019-06"), thing("h-next", "end", "2020?"),
		thing("i-none")))
	all := []string{"a-day", "b-month", "c-year", "d-decade", "e-span", "f-since", "g-until", "h-next"}
	for _, c := range []struct {
		operand          string
		lt, lte, gt, gte []string
	}{
		{"2019-06",
			[]string{}, []string{"a-day", "b-month", "e-span", "g-until"},
			[]string{"h-next"}, []string{"a-day", "b-month", "f-since", "h-next"}},
		{"2019-06-15",
			[]string{}, []string{"a-day", "e-span"},
			[]string{"h-next"}, []string{"a-day", "h-next"}},
		{"2019",
			[]string{}, []string{"a-day", "b-month", "c-year", "d-decade", "e-span", "g-until"},
			[]string{"h-next"}, []string{"a-day", "b-month", "c-year", "f-since", "h-next"}},
		{"2020~",
			[]string{"a-day", "b-month", "c-year", "d-decade", "e-span", "g-until"},
			[]string{"a-day", "b-month", "c-year", "d-decade", "e-span", "g-until", "h-next"}, []string{}, []string{"h-next"}},
		{"2018-06/2019-01",
			[]string{}, []string{}, []string{"a-day", "b-month", "f-since", "h-next"}, []string{"a-day", "b-month", "c-year", "f-since", "h-next"}},
		{"2019-07-01/..",
			[]string{"a-day", "b-month", "e-span", "g-until"}, all, []string{}, []string{"h-next"}},
		{"../2017",
			[]string{}, []string{}, []string{"a-day", "b-month", "c-year", "e-span", "f-since", "h-next"}, all},
		{"9999-12-31",
			[]string{"a-day", "b-month", "c-year", "d-decade", "e-span", "g-until", "h-next"}, all, []string{}, []string{}},
	} {
		for op, want := range map[kg.Op][]string{kg.OpLt: c.lt, kg.OpLte: c.lte, kg.OpGt: c.gt, kg.OpGte: c.gte} {
			what := fmt.Sprintf("end %s %s", op, c.operand)
			equal(t, what, find(t, st, is("end", op, c.operand)), want)
		}
		equal(t, "not lt "+c.operand, find(t, st, not(is("end", kg.OpLt, c.operand))), c.gte)
		equal(t, "not gte "+c.operand, find(t, st, not(is("end", kg.OpGte, c.operand))), c.lt)
		equal(t, "not gt "+c.operand, find(t, st, not(is("end", kg.OpGt, c.operand))), c.lte)
		equal(t, "not lte "+c.operand, find(t, st, not(is("end", kg.OpLte, c.operand))), c.gt)
	}
}
