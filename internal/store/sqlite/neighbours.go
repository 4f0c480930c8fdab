package sqlite

import (
	"context"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// Neighbours returns the edges around a frontier.
func (s *Store) Neighbours(ctx context.Context, nq store.NeighbourQuery) (*store.EdgeList, error) {
	if err := store.CheckNeighbours(s.model.Ontology, nq); err != nil {
		return nil, err
	}
	if len(nq.Nodes) == 0 || len(nq.Steps) == 0 {
		return &store.EdgeList{}, nil
	}
	q, l, err := s.neighbours(nq)
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
	if len(edges) > nq.Limit {
		return &store.EdgeList{Edges: edges[:nq.Limit], More: true}, nil
	}
	return &store.EdgeList{Edges: edges}, nil
}

// neighbours writes the statement: the first edges by id are found in the
// indexes alone, each once, and only they are read.
func (s *Store) neighbours(nq store.NeighbourQuery) (*query, *layout, error) {
	out, in := typesOf(nq.Steps, kg.Out), typesOf(nq.Steps, kg.In)
	l := s.model.edgeLayout(append(slices.Clone(out), in...))
	ids := distinct(nq.Nodes)
	q := &query{}
	q.text("SELECT ").edgeColumns(l, "e").text(" FROM edge AS e WHERE e.pk IN (SELECT pk FROM (")
	for i, side := range []struct {
		column string
		types  []string
	}{{"src", out}, {"dst", in}} {
		if len(side.types) == 0 {
			continue
		}
		if i > 0 && len(out) > 0 {
			q.text(" UNION ") // drops the edges found from both ends
		}
		q.text("SELECT d.id AS id, d.pk AS pk FROM ")
		if err := q.ids(ids); err != nil {
			return nil, nil, err
		}
		q.text(" CROSS JOIN node AS p ON p.id = j.value CROSS JOIN edge AS d ON d.", side.column, " = p.pk AND d.type").names(side.types)
	}
	q.text(") ORDER BY id LIMIT ").value(int64(nq.Limit) + 1).text(") ORDER BY e.id")
	return q, l, nil
}

// typesOf returns the types of the steps in one direction, each once.
func typesOf(steps []kg.Step, d kg.Direction) []string {
	var types []string
	for _, s := range steps {
		if s.Direction == d {
			types = append(types, s.Type)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(types)))
}
