package sqlite

import (
	"context"

	"entente/internal/store"
)

// Group counts the nodes that pass a filter by the value of one property.
func (s *Store) Group(ctx context.Context, gq store.GroupQuery) ([]store.Group, error) {
	plan, err := store.PlanGroup(s.model.Ontology, gq)
	if err != nil {
		return nil, err
	}
	counts := map[any]int{}
	kinds := narrowed(plan.Kinds, plan.Where)
	err = s.read(ctx, len(kinds) > 1, "counting nodes in", func(c *conn) error {
		for _, kind := range kinds {
			if err := countByValue(ctx, c, kind, plan, counts); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	groups := make([]store.Group, 0, len(counts))
	for value, n := range counts {
		groups = append(groups, store.Group{Value: value, Count: n})
	}
	store.SortGroups(groups)
	return groups, nil
}

// countByValue adds the numbers of one kind; values of single-valued properties are comparable.
func countByValue(ctx context.Context, c *conn, kind string, plan *store.GroupPlan, counts map[any]int) error {
	q := &query{}
	q.text("SELECT ", nodeScope.column(plan.By), ", count(*) FROM node AS n WHERE ")
	if err := q.matching(kind, plan.Where); err != nil {
		return err
	}
	q.text(" GROUP BY 1")
	return c.query(ctx, q.String(), q.args, func(row []any) error {
		value, err := decodeField(plan.By, row[0])
		if err != nil {
			return err
		}
		n, err := wholeNumber(row[1])
		counts[value] += n
		return err
	})
}
