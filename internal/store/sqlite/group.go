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
	by, sc := plan.By, scope{node: "n"}
	q := &query{}
	q.text("SELECT ", sc.column(by), ", count(*) FROM node AS n WHERE ")
	q.inKinds("n", narrowed(plan.Kinds, plan.Where))
	q.text(" AND ")
	if err := q.where(plan.Where, sc); err != nil {
		return nil, err
	}
	q.text(" GROUP BY 1")
	var groups []store.Group
	err = s.read(ctx, false, "counting nodes in", func(c *conn) error {
		return c.query(ctx, q.String(), q.args, func(row []any) error {
			value, err := decodeField(by, row[0])
			if err != nil {
				return err
			}
			n, err := wholeNumber(row[1])
			groups = append(groups, store.Group{Value: value, Count: n})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	store.SortGroups(groups)
	return groups, nil
}
