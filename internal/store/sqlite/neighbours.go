package sqlite

import (
	"context"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// Neighbours returns the edges around a frontier.
func (s *Store) Neighbours(ctx context.Context, nq store.NeighbourQuery) (*store.EdgeList, error) {
	plan, err := store.PlanNeighbours(s.model.Ontology, nq)
	if err != nil {
		return nil, err
	}
	if len(nq.Nodes) == 0 || len(plan.Steps) == 0 {
		return &store.EdgeList{}, ctx.Err()
	}
	q, l, err := s.neighbours(distinct(nq.Nodes), plan)
	if err != nil {
		return nil, err
	}
	var edges []*kg.Edge
	err = s.read(ctx, false, "reading edges from", func(c *conn) error {
		return c.query(ctx, q.String(), q.args, func(row []any) error {
			e, err := l.edge(row)
			edges = append(edges, e)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return plan.List(edges), nil
}

// neighbours writes the statement: the first edges by id are found in the
// indexes alone, where no condition looks further, each once, and only they are read.
func (s *Store) neighbours(ids []string, plan *store.NeighbourPlan) (*query, *layout, error) {
	var types []string
	for _, step := range plan.Steps {
		types = append(types, step.Type)
	}
	l := s.model.edgeLayout(slices.Compact(slices.Sorted(slices.Values(types))))
	q := &query{}
	q.text("SELECT ").edgeColumns(l, "e").text(" FROM edge AS e WHERE e.pk IN (SELECT pk FROM (")
	arms := 0
	arm := func(d kg.Direction, types []string, where store.Pred) error {
		if arms++; arms > 1 {
			q.text(" UNION ") // drops the edges found from both ends
		}
		return q.neighbourArm(ids, d, types, where)
	}
	for _, d := range []kg.Direction{kg.Out, kg.In} {
		types, others := plan.Unconditional(d)
		if len(types) > 0 {
			if err := arm(d, types, store.AllOf{}); err != nil {
				return nil, nil, err
			}
		}
		for _, step := range others {
			if err := arm(d, []string{step.Type}, step.Where); err != nil {
				return nil, nil, err
			}
		}
	}
	q.text(") ORDER BY id LIMIT ").value(int64(plan.Limit) + 1).text(") ORDER BY e.id")
	return q, l, nil
}

// neighbourArm selects the edges of some types that leave the nodes in one direction.
func (q *query) neighbourArm(ids []string, d kg.Direction, types []string, where store.Pred) error {
	near, far := ends(kg.Step{Direction: d})
	q.text("SELECT d.id AS id, d.pk AS pk FROM ")
	if err := q.ids(ids); err != nil {
		return err
	}
	q.text(" CROSS JOIN node AS p ON p.id = j.value CROSS JOIN edge AS d ON d.", near, " = p.pk AND d.type").names(types)
	if isEmpty(where) {
		return nil
	}
	if readsNode(where) {
		q.text(" CROSS JOIN node AS m ON m.pk = d.", far)
	}
	q.text(" WHERE ")
	return q.where(where, innerScope)
}
