package sqlite

import (
	"context"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// Nodes returns the nodes with these ids.
func (s *Store) Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error) {
	nodes := make(map[string]*kg.Node, len(ids))
	if len(ids) == 0 {
		return nodes, nil
	}
	l := s.model.allKinds
	q := &query{}
	q.text("SELECT ").nodeColumns(l, "n").text(" FROM ")
	if err := q.ids(distinct(ids)); err != nil {
		return nil, err
	}
	q.text(" CROSS JOIN node AS n ON n.id = j.value")
	err := s.read(ctx, false, "reading nodes from", func(c *conn) error {
		return c.query(ctx, q.String(), q.args, func(row []any) error {
			n, err := l.node(row)
			if err != nil {
				return err
			}
			if s.model.kinds[n.Kind] != nil { // or else written by a program with a newer model
				nodes[n.ID] = n
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return nodes, nil
}

// Find returns one page of nodes.
func (s *Store) Find(ctx context.Context, nq store.NodeQuery) (*store.NodePage, error) {
	plan, err := store.PlanFind(s.model.Ontology, nq)
	if err != nil {
		return nil, err
	}
	f := &finder{plan: plan, kinds: narrowed(plan.Kinds, plan.Where)}
	if len(f.kinds) == 0 {
		return plan.NodePage(nil, 0), nil
	}
	f.layout = s.model.nodeLayout(f.kinds)
	segments := plan.Segments()
	var nodes []*kg.Node
	count := 0
	err = s.read(ctx, plan.Count || len(segments) > 1, "reading nodes from", func(c *conn) error {
		for _, segment := range segments {
			if len(nodes) >= plan.Fetch() {
				break
			}
			if nodes, err = f.page(ctx, c, segment, nodes); err != nil {
				return err
			}
		}
		if plan.Count {
			count, err = f.count(ctx, c)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return plan.NodePage(nodes, count), nil
}

// narrowed leaves out the kinds that a condition excludes outright.
func narrowed(kinds []string, where store.Pred) []string {
	kinds = slices.Compact(slices.Sorted(slices.Values(kinds)))
	parts, ok := where.(store.AllOf)
	if !ok {
		parts = store.AllOf{where}
	}
	for _, p := range parts {
		if in, ok := p.(store.InKinds); ok {
			kinds = slices.DeleteFunc(kinds, func(k string) bool { return !slices.Contains(in, k) })
		}
	}
	return kinds
}

// finder writes the statements of one Find.
type finder struct {
	plan   *store.Plan
	kinds  []string
	layout *layout
}

// count counts all nodes that pass the filter, from the counters where there is none.
func (f *finder) count(ctx context.Context, c *conn) (int, error) {
	if isEmpty(f.plan.Where) {
		q := &query{}
		q.text("SELECT coalesce(sum(n), 0) FROM counter WHERE what = ").value(countNodes).text(" AND name IN ")
		if err := q.list(f.kinds); err != nil {
			return 0, err
		}
		return c.count(ctx, q.String(), q.args)
	}
	total := 0
	for _, kind := range f.kinds {
		q := &query{}
		q.text("SELECT count(*) FROM node AS n WHERE ")
		if err := q.matching(kind, f.plan.Where); err != nil {
			return 0, err
		}
		n, err := c.count(ctx, q.String(), q.args)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

var nodeScope = scope{node: "n"}

// matching writes the condition that node n is of a kind and passes filters.
// It names one kind, so that the indexes of that kind can be used.
func (q *query) matching(kind string, filters ...store.Pred) error {
	q.text("n.kind = ", literal(kind))
	for _, where := range filters {
		if isEmpty(where) {
			continue
		}
		q.text(" AND ")
		if err := q.where(where, nodeScope); err != nil {
			return err
		}
	}
	return nil
}
