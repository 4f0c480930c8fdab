package sqlite

import (
	"cmp"
	"slices"

	"entente/internal/store"
)

// sortable is an edge that was read, with the columns it is ordered by.
type sortable struct {
	store.Related
	keys []any
}

// inOrder sorts what was read for one parent. The engine has chosen the rows in
// this order; sorting the few here costs less than having it sort whole rows.
func inOrder(read []sortable, sorts []store.Sort) []store.Related {
	slices.SortFunc(read, func(a, b sortable) int {
		for i, s := range sorts {
			if c := compareKeys(a.keys[i], b.keys[i], s); c != 0 {
				return c
			}
		}
		return 0
	})
	items := make([]store.Related, len(read))
	for i := range read {
		items[i] = read[i].Related
	}
	return items
}

func compareKeys(a, b any, s store.Sort) int {
	if a == nil || b == nil {
		return compareMissing(a == nil, b == nil, s.NullsFirst)
	}
	c := compareValues(a, b)
	if s.Desc {
		return -c
	}
	return c
}

func compareMissing(a, b, first bool) int {
	switch {
	case a == b:
		return 0
	case a == first:
		return -1
	}
	return 1
}

// compareValues orders two values of one column, as the engine does.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		b, _ := b.(string)
		return cmp.Compare(a, b)
	case int64:
		b, _ := b.(int64)
		return cmp.Compare(a, b)
	case float64:
		b, _ := b.(float64)
		return cmp.Compare(a, b)
	}
	return 0
}
