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
	plan, err := store.PlanNeighbours(s.o, q)
	if err != nil {
		return nil, err
	}
	if len(q.Nodes) == 0 || len(plan.Steps) == 0 {
		return &store.EdgeList{}, ctx.Err()
	}
	edges, err := ask(ctx, s, s.neighboursStatement(q.Nodes, plan), s.readNeighbour)
	if err != nil {
		return nil, err
	}
	return plan.List(edges), nil
}

// neighboursStatement writes one pattern for all outgoing steps without a
// condition, one for all such incoming ones, and one for every other step. With
// several, an edge may be found from each of its ends.
func (s *Store) neighboursStatement(nodes []string, plan *store.NeighbourPlan) statement {
	r := newRenderer(s.layout)
	var arms []string
	records := map[*record]bool{}
	arm := func(d kg.Direction, types []string, where string) {
		quoted := make([]string, len(types))
		for i, typ := range types {
			quoted[i] = quote(typ)
			records[s.layout.byType[typ]] = true
		}
		relation := "[e:" + strings.Join(quoted, "|") + "]"
		if d == kg.Out {
			arms = append(arms, "MATCH (p)-"+relation+"->(n)"+where+" RETURN e, p AS f, n AS t")
		} else {
			arms = append(arms, "MATCH (p)<-"+relation+"-(n)"+where+" RETURN e, n AS f, p AS t")
		}
	}
	for _, d := range []kg.Direction{kg.Out, kg.In} {
		types, others := plan.Unconditional(d)
		if len(types) > 0 {
			arm(d, types, "")
		}
		for _, step := range others {
			condition := r.condition(step.Where, scope{node: "n", edge: "e", kinds: step.FarKinds})
			arm(d, []string{step.Type}, whereClause(condition))
		}
	}
	distinct := ""
	if len(arms) > 1 {
		distinct = "DISTINCT "
	}
	read := slices.DeleteFunc(slices.Clone(s.layout.relations), func(rec *record) bool { return !records[rec] })
	r.params["nodes"], r.params["limit"] = nodes, plan.Limit+1
	return statement{
		cypher: "MATCH (p" + label(entityLabel) + ") WHERE p.id IN $nodes CALL (p) { " + strings.Join(arms, " UNION ALL ") + " } " +
			"WITH " + distinct + "e, f, t ORDER BY e.id LIMIT $limit RETURN " + project(read, "e") + " AS edge, f.id AS from, t.id AS to",
		params: r.params,
	}
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
