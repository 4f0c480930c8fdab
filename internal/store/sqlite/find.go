package sqlite

import (
	"context"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
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

// rowsPerMatch is how many nodes a walk in the order of the page may look at for
// each node it wants. Most filters let enough through for it to end well before;
// after it, the filter is known to let little through, and is served first.
// Pages of more than maxWalked are for reading much, and are served at once.
const (
	rowsPerMatch = 40
	maxWalked    = 1000
)

// page appends what is left to read of a segment.
func (f *finder) page(ctx context.Context, c *conn, segment store.Segment, nodes []*kg.Node) ([]*kg.Node, error) {
	limit := f.plan.Fetch() - len(nodes)
	if limit <= maxWalked && !isEmpty(f.plan.Where) && !selective(f.plan.Where) {
		found, err := f.read(ctx, c, segment, limit, f.walked)
		if err != nil || len(found) == limit {
			return append(nodes, found...), err
		}
	}
	found, err := f.read(ctx, c, segment, limit, f.matched)
	return append(nodes, found...), err
}

// read reads the first nodes of a segment, as selected for each kind: every
// index is of one kind, so none has the nodes of several in one order.
func (f *finder) read(ctx context.Context, c *conn, segment store.Segment, limit int, selected selection) ([]*kg.Node, error) {
	q := &query{}
	q.text("SELECT ").nodeColumns(f.layout, "n").text(" FROM node AS n WHERE n.pk IN (")
	for i, kind := range f.kinds {
		if i > 0 {
			q.text(" UNION ALL ")
		}
		q.text("SELECT pk FROM (")
		if err := selected(q, kind, segment, limit); err != nil {
			return nil, err
		}
		q.text(")")
	}
	q.text(")")
	q.orderBy(segment.Sort, nodeScope)
	q.text(" LIMIT ").value(limit)
	var nodes []*kg.Node
	err := c.query(ctx, q.String(), q.args, func(row []any) error {
		n, err := f.layout.node(row)
		nodes = append(nodes, n)
		return err
	})
	return nodes, err
}

// selection writes a select of the pks of the first nodes of one kind in a segment.
type selection func(q *query, kind string, segment store.Segment, limit int) error

// matched leaves it to the planner whether the filter or the order is served first.
func (f *finder) matched(q *query, kind string, segment store.Segment, limit int) error {
	q.text("SELECT n.pk FROM node AS n WHERE ")
	if err := q.matching(kind, store.AllOf{segment.Where, f.plan.Where}); err != nil {
		return err
	}
	q.orderBy(segment.Sort, nodeScope)
	q.text(" LIMIT ").value(limit)
	return nil
}

// walked goes through the index of the order and stops at the limit or after
// rowsPerMatch nodes for each; it may find too few. The inner select runs as a
// co-routine, so the join sees its rows in their order and as many as it needs.
func (f *finder) walked(q *query, kind string, segment store.Segment, limit int) error {
	q.text("SELECT n.pk FROM (SELECT n.pk FROM node AS n WHERE ")
	if err := q.matching(kind, segment.Where); err != nil {
		return err
	}
	q.orderBy(segment.Sort, nodeScope)
	q.text(" LIMIT ").value(limit * rowsPerMatch).text(") AS walk CROSS JOIN node AS n ON n.pk = walk.pk WHERE ")
	if err := q.where(f.plan.Where, nodeScope); err != nil {
		return err
	}
	q.text(" LIMIT ").value(limit)
	return nil
}

// selective reports whether a condition is likely to be met by few nodes, which an index finds.
func selective(where store.Pred) bool {
	switch p := where.(type) {
	case store.AllOf:
		return slices.ContainsFunc(p, selective)
	case store.CountEdges:
		wanted, ok := p.Exists()
		return ok && wanted && namesFar(p.Where)
	case store.Test:
		return p.Op == store.StartsWith || identifies(p)
	}
	return false
}

// identifies reports whether a test asks for certain texts or dates.
func identifies(t store.Test) bool {
	return (t.Op == store.Eq || t.Op == store.InList) && slices.Contains(
		[]ontology.Type{ontology.ID, ontology.String, ontology.Ref, ontology.EDTF}, t.Field.Type)
}

// count counts all nodes that pass the filter, from the counters where there is none.
func (f *finder) count(ctx context.Context, c *conn) (int, error) {
	if all, ok := f.plan.Where.(store.AllOf); ok && len(all) == 0 {
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

// matching writes the condition that node n is of a kind and passes a filter.
// It names one kind, so that the indexes of that kind can be used.
func (q *query) matching(kind string, where store.Pred) error {
	q.text("n.kind = ", literal(kind), " AND ")
	return q.where(where, nodeScope)
}
