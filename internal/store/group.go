package store

import (
	"cmp"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// GroupPlan is a GroupQuery, checked and made concrete.
type GroupPlan struct {
	Kinds []string
	Where Pred
	By    Field
}

// PlanGroup compiles a query for counts by value.
func PlanGroup(o *ontology.Ontology, q GroupQuery) (*GroupPlan, error) {
	plan, err := PlanFind(o, NodeQuery{Kinds: q.Kinds, Where: q.Where, View: q.View})
	if err != nil {
		return nil, err
	}
	by, err := scope{o: o, kinds: q.Kinds}.field(q.By)
	if err != nil {
		return nil, err
	}
	if by.List {
		return nil, kg.Invalid("group by a single-valued property", "%s is a list", q.By)
	}
	return &GroupPlan{Kinds: q.Kinds, Where: plan.Where, By: by}, nil
}

// SortGroups orders groups by count, greatest first, then by value, unknown last.
func SortGroups(groups []Group) {
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), compareValues(a.Value, b.Value))
	})
}

// compareValues orders two values of one type; nil comes last.
func compareValues(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	switch a := a.(type) {
	case string:
		return cmp.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case bool:
		if a == b.(bool) {
			return 0
		}
		if a {
			return 1
		}
		return -1
	}
	return 0
}
