package sqlite

import (
	"context"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

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
	_, across := split(f.plan.Where, segment.Sort[0].Field)
	if len(across) > 0 && limit <= maxWalked && !selective(across) {
		found, err := f.read(ctx, c, segment, limit, f.walked, len(f.kinds) > 1)
		if err != nil || len(found) == limit {
			return append(nodes, found...), err
		}
	}
	found, err := f.read(ctx, c, segment, limit, f.matched, len(f.kinds) > 1 || len(across) > 0)
	return append(nodes, found...), err
}

// selection writes a select of columns of the first nodes n of one kind in a segment, in its order.
type selection func(q *query, columns string, kind string, segment store.Segment, limit int) error

// read reads the first nodes of a segment as they are selected, or collects them
// before it reads any. Those of several kinds have to be collected: every index
// is of one kind. So have those that may be far apart: the driver ends a
// statement with its context up to the first row only.
func (f *finder) read(ctx context.Context, c *conn, segment store.Segment, limit int, selected selection, collect bool) ([]*kg.Node, error) {
	q := &query{}
	columns := (&query{}).nodeColumns(f.layout, "n").String()
	var err error
	if collect {
		err = f.collected(q, columns, segment, limit, selected)
	} else {
		err = selected(q, columns, f.kinds[0], segment, limit)
	}
	if err != nil {
		return nil, err
	}
	var nodes []*kg.Node
	err = c.query(ctx, q.String(), q.args, func(row []any) error {
		n, err := f.layout.node(row)
		nodes = append(nodes, n)
		return err
	})
	return nodes, err
}

// collected puts the first nodes of each kind into one order.
func (f *finder) collected(q *query, columns string, segment store.Segment, limit int, selected selection) error {
	q.text("SELECT ", columns, " FROM node AS n WHERE n.pk IN (")
	for i, kind := range f.kinds {
		if i > 0 {
			q.text(" UNION ALL ")
		}
		q.text("SELECT pk FROM (")
		if err := selected(q, "n.pk", kind, segment, limit); err != nil {
			return err
		}
		q.text(")")
	}
	q.text(")").orderBy(segment.Sort, nodeScope).text(" LIMIT ").value(limit)
	return nil
}

// matched leaves it to the planner whether the filter or the order is served first.
func (f *finder) matched(q *query, columns, kind string, segment store.Segment, limit int) error {
	q.text("SELECT ", columns, " FROM node AS n WHERE ")
	if err := q.matching(kind, segment.Where, f.plan.Where); err != nil {
		return err
	}
	q.orderBy(segment.Sort, nodeScope).text(" LIMIT ").value(limit)
	return nil
}

// walked goes through the index of the order and stops at the limit or after
// rowsPerMatch nodes for each; it may find too few. The inner select runs as a
// co-routine, so the join gives its rows in their order and asks for no more than it needs.
func (f *finder) walked(q *query, columns, kind string, segment store.Segment, limit int) error {
	along, across := split(f.plan.Where, segment.Sort[0].Field)
	q.text("SELECT ", columns, " FROM (SELECT n.pk FROM node AS n WHERE ")
	if err := q.matching(kind, segment.Where, along); err != nil {
		return err
	}
	q.orderBy(segment.Sort, nodeScope).text(" LIMIT ").value(limit * rowsPerMatch)
	q.text(") AS walk CROSS JOIN node AS n ON n.pk = walk.pk WHERE ")
	if err := q.where(across, nodeScope); err != nil {
		return err
	}
	q.text(" LIMIT ").value(limit)
	return nil
}

// split parts a filter into the tests on the first key of an order, which bound
// the walk through its index, and the conditions across them.
func split(where store.Pred, key store.Field) (along, across store.AllOf) {
	for _, p := range flat(store.AllOf{where}) {
		if t, ok := p.(store.Test); ok && t.Field.OnEdge == key.OnEdge && propertyOf(t.Field) == propertyOf(key) {
			along = append(along, p)
		} else {
			across = append(across, p)
		}
	}
	return along, across
}

// propertyOf names the property that a field belongs to.
func propertyOf(f store.Field) string {
	name := strings.TrimSuffix(f.Name, store.EarliestSuffix)
	return strings.TrimSuffix(name, store.LatestSuffix)
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
