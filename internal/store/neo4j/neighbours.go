package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// Neighbours reads the edges around the frontier in one statement, whatever the
// number of steps.
func (s *Store) Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error) {
	if err := store.CheckNeighbours(s.o, q); err != nil {
		return nil, err
	}
	if len(q.Nodes) == 0 || len(q.Steps) == 0 {
		return &store.EdgeList{}, ctx.Err()
	}
	edges, err := ask(ctx, s, s.neighboursStatement(q), s.readNeighbour)
	if err != nil {
		return nil, err
	}
	if len(edges) > q.Limit {
		return &store.EdgeList{Edges: edges[:q.Limit], More: true}, nil
	}
	return &store.EdgeList{Edges: edges}, nil
}

// neighboursStatement writes one pattern for all outgoing steps and one for all
// incoming ones. With both, an edge may be found from each of its ends.
func (s *Store) neighboursStatement(q store.NeighbourQuery) statement {
	var arms []string
	var types []string
	for _, direction := range []kg.Direction{kg.Out, kg.In} {
		these := typesOf(q.Steps, direction)
		if len(these) == 0 {
			continue
		}
		types = append(types, these...)
		relation := "[e:" + strings.Join(these, "|") + "]"
		if direction == kg.Out {
			arms = append(arms, "MATCH (p)-"+relation+"->(n) RETURN e, p AS f, n AS t")
		} else {
			arms = append(arms, "MATCH (p)<-"+relation+"-(n) RETURN e, n AS f, p AS t")
		}
	}
	distinct := ""
	if len(arms) > 1 {
		distinct = "DISTINCT "
	}
	var records []*record
	for _, r := range s.layout.relations {
		if slices.Contains(types, quote(r.name)) {
			records = append(records, r)
		}
	}
	return statement{
		cypher: "MATCH (p" + label(entityLabel) + ") WHERE p.id IN $nodes CALL (p) { " + strings.Join(arms, " UNION ALL ") + " } " +
			"WITH " + distinct + "e, f, t ORDER BY e.id LIMIT $limit RETURN " + project(records, "e") + " AS edge, f.id AS from, t.id AS to",
		params: map[string]any{"nodes": q.Nodes, "limit": q.Limit + 1},
	}
}

// typesOf returns the quoted types of the steps in one direction, each once.
func typesOf(steps []kg.Step, direction kg.Direction) []string {
	var types []string
	for _, step := range steps {
		if step.Direction == direction {
			types = append(types, quote(step.Type))
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

func (s *Store) readNeighbour(values []any) (*kg.Edge, error) {
	e, err := s.layout.decodeEdge(values[0])
	if err != nil {
		return nil, err
	}
	from, okFrom := values[1].(string)
	to, okTo := values[2].(string)
	if !okFrom || !okTo {
		return nil, fmt.Errorf("the ends of the edge %q came as %v and %v", e.ID, values[1], values[2])
	}
	e.From, e.To = from, to
	return e, nil
}
