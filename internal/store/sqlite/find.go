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
			nodes[n.ID] = n
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

var findScope = scope{node: "n"}

// page appends what is left to read of a segment.
func (f *finder) page(ctx context.Context, c *conn, segment store.Segment, nodes []*kg.Node) ([]*kg.Node, error) {
	limit := f.plan.Fetch() - len(nodes)
	q := &query{}
	q.text("SELECT ").nodeColumns(f.layout, "n").text(" FROM node AS n WHERE ")
	if len(f.kinds) == 1 {
		if err := f.matching(q, f.kinds, segment.Where); err != nil {
			return nil, err
		}
	} else if err := f.firstOfEach(q, segment, limit); err != nil {
		return nil, err
	}
	q.orderBy(segment.Sort, findScope)
	q.text(" LIMIT ").value(limit)
	err := c.query(ctx, q.String(), q.args, func(row []any) error {
		n, err := f.layout.node(row)
		nodes = append(nodes, n)
		return err
	})
	return nodes, err
}

// matching writes the condition that a node is of one of the kinds and passes the filter.
func (f *finder) matching(q *query, kinds []string, window store.Pred) error {
	q.inKinds("n", kinds)
	q.text(" AND ")
	return q.where(store.AllOf{window, f.plan.Where}, findScope)
}

// firstOfEach narrows down to the first nodes of each kind, each read from the
// index of its kind: no index has the nodes of several kinds in one order.
func (f *finder) firstOfEach(q *query, segment store.Segment, limit int) error {
	if len(f.kinds) == 0 {
		q.text("FALSE")
		return nil
	}
	q.text("n.pk IN (")
	for i, kind := range f.kinds {
		if i > 0 {
			q.text(" UNION ALL ")
		}
		q.text("SELECT pk FROM (SELECT n.pk FROM node AS n WHERE ")
		if err := f.matching(q, []string{kind}, segment.Where); err != nil {
			return err
		}
		q.orderBy(segment.Sort, findScope)
		q.text(" LIMIT ").value(limit).text(")")
	}
	q.text(")")
	return nil
}

// count counts all nodes that pass the filter, from the counters where there is none.
func (f *finder) count(ctx context.Context, c *conn) (int, error) {
	q := &query{}
	if all, ok := f.plan.Where.(store.AllOf); ok && len(all) == 0 {
		q.text("SELECT coalesce(sum(n), 0) FROM counter WHERE what = ").value(countNodes).text(" AND name IN ")
		if err := q.list(f.kinds); err != nil {
			return 0, err
		}
		return c.count(ctx, q.String(), q.args)
	}
	q.text("SELECT count(*) FROM node AS n WHERE ")
	if err := f.matching(q, f.kinds, store.AllOf{}); err != nil {
		return 0, err
	}
	return c.count(ctx, q.String(), q.args)
}
