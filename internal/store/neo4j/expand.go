package neo4j

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// Expand reads a page of edges for each parent in one statement.
func (s *Store) Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error) {
	plan, err := store.PlanExpand(s.o, q)
	if err != nil {
		return nil, err
	}
	pages := make(map[string]*store.EdgePage, len(q.Parents))
	for _, id := range q.Parents {
		pages[id] = &store.EdgePage{}
		if plan != nil {
			pages[id] = plan.EdgePage(nil, 0)
		}
	}
	if plan == nil || len(pages) == 0 {
		return pages, ctx.Err()
	}
	st := s.expandStatement(q.Step, plan, slices.Collect(maps.Keys(pages)))
	found, err := ask(ctx, s, st, func(values []any) (parentPage, error) { return s.readPage(values, q.Step, plan) })
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		pages[p.parent] = p.page
	}
	return pages, nil
}

// expandStatement writes a subquery that runs once for each parent. It returns
// the page as one list: a row for each edge took twice as long.
func (s *Store) expandStatement(step kg.Step, plan *store.Plan, parents []string) statement {
	r := newRenderer(s.layout)
	far := scope{node: "n", edge: "e", kinds: plan.Kinds}
	match := "MATCH " + path("p", "e", step, "n"+s.onlyKinds(step, plan.Kinds))
	page := r.condition(store.AllOf{plan.Where, plan.Window()}, far)
	cypher := "UNWIND $parents AS parent MATCH (p" + label(entityLabel) + " {id: parent}) CALL (p) { " + match + whereClause(page) +
		" WITH e, n ORDER BY " + orderBy(plan.Scan(), far) + " LIMIT $limit RETURN collect([" +
		s.layout.byType[step.Type].projection("e") + ", " + project(s.layout.recordsOf(plan.Kinds), "n") + "]) AS items }"
	if plan.Count {
		cypher += " CALL (p) { " + match + whereClause(r.condition(plan.Where, far)) + " RETURN count(e) AS count } RETURN parent, items, count"
	} else {
		cypher += " RETURN parent, items, 0 AS count"
	}
	r.params["parents"], r.params["limit"] = parents, plan.Fetch()
	return statement{cypher, r.params}
}

// onlyKinds writes the labels of the far nodes, where the step can lead to others too.
func (s *Store) onlyKinds(step kg.Step, kinds []string) string {
	if len(kinds) == len(s.o.FarKinds(step, nil)) {
		return ""
	}
	return s.layout.ofKinds(kinds)
}

func whereClause(condition string) string {
	if condition == always {
		return ""
	}
	return " WHERE " + condition
}

// parentPage is a page with the parent it belongs to.
type parentPage struct {
	parent string
	page   *store.EdgePage
}

// readPage reads what expandStatement returns for one parent.
func (s *Store) readPage(values []any, step kg.Step, plan *store.Plan) (parentPage, error) {
	parent, ok := values[0].(string)
	items, okItems := values[1].([]any)
	if !ok || !okItems {
		return parentPage{}, fmt.Errorf("a page of edges came as %T of %T", values[1], values[0])
	}
	count, err := readCount(values[2:])
	if err != nil {
		return parentPage{}, err
	}
	read := make([]store.Related, 0, len(items))
	for _, item := range items {
		related, err := s.readRelated(item, parent, step)
		if err != nil {
			return parentPage{}, err
		}
		read = append(read, related)
	}
	return parentPage{parent, plan.EdgePage(read, count)}, nil
}

func (s *Store) readRelated(item any, parent string, step kg.Step) (store.Related, error) {
	pair, ok := item.([]any)
	if !ok || len(pair) != 2 {
		return store.Related{}, fmt.Errorf("an edge with its node came as %T", item)
	}
	e, err := s.layout.decodeEdge(pair[0])
	if err != nil {
		return store.Related{}, err
	}
	n, err := s.layout.decodeNode(pair[1])
	if err != nil {
		return store.Related{}, err
	}
	if n == nil {
		return store.Related{}, fmt.Errorf("the edge %q leads to a node of no kind of the model", e.ID)
	}
	e.From, e.To = parent, n.ID
	if step.Direction == kg.In {
		e.From, e.To = n.ID, parent
	}
	return store.Related{Edge: e, Node: n}, nil
}
