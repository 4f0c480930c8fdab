package sqlite

import (
	"context"

	"entente/internal/store"
)

// Counts returns the number of nodes of each kind and of edges of each type.
func (s *Store) Counts(ctx context.Context, v *store.View) (*store.Counts, error) {
	if v != nil {
		return s.countsIn(ctx, v)
	}
	counts := &store.Counts{Kinds: map[string]int{}, Types: map[string]int{}}
	err := s.read(ctx, false, "counting", func(c *conn) error {
		return c.query(ctx, "SELECT what, name, n FROM counter WHERE n > 0", nil, func(row []any) error {
			name, err := textOf(row[1])
			if err != nil {
				return err
			}
			n, err := wholeNumber(row[2])
			if row[0] == countNodes {
				counts.Kinds[name] = n
			} else {
				counts.Types[name] = n
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}

// countsIn counts what is in a view, record by record.
func (s *Store) countsIn(ctx context.Context, v *store.View) (*store.Counts, error) {
	plan := store.PlanCounts(s.model.Ontology, v)
	counts := &store.Counts{Kinds: map[string]int{}, Types: map[string]int{}}
	count := func(c *conn, q *query, into map[string]int, name string) error {
		n, err := c.count(ctx, q.String(), q.args)
		if n > 0 {
			into[name] += n
		}
		return err
	}
	err := s.read(ctx, true, "counting", func(c *conn) error {
		for _, k := range plan.Kinds {
			q := &query{}
			q.text("SELECT count(*) FROM node AS n WHERE ")
			if err := q.matching(k.Kind, k.Where); err != nil {
				return err
			}
			if err := count(c, q, counts.Kinds, k.Kind); err != nil {
				return err
			}
		}
		for _, r := range plan.Relations {
			for _, kind := range r.From {
				q, err := edgesWithin(r, kind)
				if err != nil {
					return err
				}
				if err := count(c, q, counts.Types, r.Type); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}

// edgesWithin counts the edges of a relation that leave nodes of a kind, from where an index leads to them.
func edgesWithin(r store.RelationCount, kind string) (*query, error) {
	q := &query{}
	q.text("SELECT count(*) FROM node AS n CROSS JOIN edge AS d ON d.src = n.pk AND d.type = ", literal(r.Type),
		" CROSS JOIN node AS m ON m.pk = d.dst WHERE ")
	if err := q.matching(kind, r.NearWhere); err != nil {
		return nil, err
	}
	q.text(" AND ")
	if err := q.where(r.Where, innerScope); err != nil {
		return nil, err
	}
	return q, nil
}
