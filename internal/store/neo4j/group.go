package neo4j

import (
	"context"
	"fmt"
	"strings"

	"entente/internal/store"
)

// Group counts by value, kind by kind, in one statement.
func (s *Store) Group(ctx context.Context, q store.GroupQuery) ([]store.Group, error) {
	plan, err := store.PlanGroup(s.o, q)
	if err != nil {
		return nil, err
	}
	st, ok := s.groupStatement(plan)
	if !ok {
		return nil, ctx.Err()
	}
	found, err := ask(ctx, s, st, readCounted)
	if err != nil {
		return nil, err
	}
	counts := map[any]int{}
	for _, g := range found {
		counts[g.value] += g.count
		if g.ofAll && g.value != nil {
			counts[nil] -= g.count
		}
	}
	groups := make([]store.Group, 0, len(counts))
	for value, n := range counts {
		if n > 0 {
			groups = append(groups, store.Group{Value: value, Count: n})
		}
	}
	store.SortGroups(groups)
	return groups, nil
}

// groupStatement counts each kind by value. Without a filter it reads the values
// that are there from an index, and the number of all nodes, which the server
// knows: the rest have no value.
func (s *Store) groupStatement(plan *store.GroupPlan) (statement, bool) {
	r := newRenderer(s.layout)
	value := "n." + quote(plan.By.Name) + " AS value"
	var arms []string
	for _, record := range s.layout.recordsOf(plan.Kinds) {
		match, filtered, ok := r.matchAll(record, plan.Where)
		switch {
		case !ok:
		case filtered:
			arms = append(arms, match+" RETURN "+value+", count(n) AS count, false AS ofAll")
		default:
			known, _, _ := r.matchAll(record, store.Test{Field: plan.By, Op: store.NotNull})
			arms = append(arms,
				known+" RETURN "+value+", count(n) AS count, true AS ofAll",
				match+" WITH count(n) AS count RETURN null AS value, count, true AS ofAll")
		}
	}
	return statement{strings.Join(arms, " UNION ALL "), r.params}, len(arms) > 0
}

// counted is a number of nodes of one kind: of those with a value, or, where it
// is nil, of those without one; of all nodes where no filter leaves any out.
type counted struct {
	value any
	count int
	ofAll bool
}

func readCounted(values []any) (counted, error) {
	n, err := readCount(values[1:])
	if err != nil {
		return counted{}, fmt.Errorf("the group of %v: %w", values[0], err)
	}
	ofAll, ok := values[2].(bool)
	if !ok {
		return counted{}, fmt.Errorf("the group of %v came with %T", values[0], values[2])
	}
	return counted{values[0], n, ofAll}, nil
}
