package sqlite

import (
	"context"

	"entente/internal/kg"
	"entente/internal/store"
)

// Expand follows one step from each of a batch of nodes.
func (s *Store) Expand(ctx context.Context, eq store.ExpandQuery) (map[string]*store.EdgePage, error) {
	plan, err := store.PlanExpand(s.model.Ontology, eq)
	if err != nil {
		return nil, err
	}
	parents := distinct(eq.Parents)
	pages := make(map[string]*store.EdgePage, len(parents))
	if plan == nil || len(parents) == 0 {
		for _, parent := range parents {
			pages[parent] = &store.EdgePage{}
		}
		return pages, nil
	}
	x := &expander{plan: plan, step: eq.Step, parents: parents, nodes: s.model.nodeLayout(plan.Kinds), edges: s.model.edgeLayout([]string{eq.Step.Type})}
	x.allKinds = len(plan.Kinds) == len(s.model.FarKinds(eq.Step, nil))
	var read [][]sortable
	counts := make([]int, len(parents))
	err = s.read(ctx, plan.Count, "reading edges from", func(c *conn) error {
		if read, err = x.page(ctx, c); err != nil || !plan.Count {
			return err
		}
		return x.count(ctx, c, counts)
	})
	if err != nil {
		return nil, err
	}
	for i, parent := range parents {
		pages[parent] = plan.EdgePage(inOrder(read[i], plan.Scan()), counts[i])
	}
	return pages, nil
}

// expander writes the statements of one Expand. The parents drive; the inner
// select takes the first edges of each, so that no more are read.
type expander struct {
	plan         *store.Plan
	step         kg.Step
	parents      []string
	nodes, edges *layout
	allKinds     bool // the page's kinds are all that the step can lead to
}

var (
	outerScope = scope{node: "f", edge: "e"}
	innerScope = scope{node: "m", edge: "d"}
)

// page reads the first edges of each parent, by its place, in no order.
func (x *expander) page(ctx context.Context, c *conn) ([][]sortable, error) {
	_, far := ends(x.step)
	sorts := x.plan.Scan()
	q := &query{}
	q.text("SELECT j.key, f.pk, ").edgeColumns(x.edges, "e").text(", ").nodeColumns(x.nodes, "f")
	places, more := x.places(sorts)
	for _, column := range more {
		q.text(", ", column)
	}
	q.text(" FROM ")
	if err := x.from(q); err != nil {
		return nil, err
	}
	q.text(" CROSS JOIN edge AS e ON e.pk IN (SELECT d.pk FROM edge AS d")
	if err := x.matching(q, innerScope, store.AllOf{x.plan.Where, x.plan.Window()}, readsSort(sorts)); err != nil {
		return nil, err
	}
	q.orderBy(sorts, innerScope)
	q.text(" LIMIT ").value(x.plan.Fetch()).text(") CROSS JOIN node AS f ON f.pk = e.", far)

	r := &edgeReader{expander: x, places: places, read: make([][]sortable, len(x.parents)), seen: map[int64]*kg.Node{}}
	err := c.query(ctx, q.String(), q.args, r.row)
	return r.read, err
}

// Columns of a row: the place of the parent, the pk of the far node, the edge, the node, and what else the order needs.
const edgeAt = 2

func (x *expander) nodeAt() int { return edgeAt + x.edges.width() }
func (x *expander) moreAt() int { return x.nodeAt() + x.nodes.width() }

// places says where in a row the keys of the order are, and which columns are to be selected besides.
func (x *expander) places(sorts []store.Sort) (places []int, more []string) {
	for _, key := range sorts {
		start, l := x.nodeAt(), x.nodes
		if key.Field.OnEdge {
			start, l = edgeAt, x.edges
		}
		if at := l.at(fieldColumn(key.Field)); at >= 0 {
			places = append(places, start+at)
			continue
		}
		places = append(places, x.moreAt()+len(more))
		more = append(more, outerScope.column(key.Field))
	}
	return places, more
}

// edgeReader gathers the rows of a page.
type edgeReader struct {
	*expander
	places []int
	read   [][]sortable
	seen   map[int64]*kg.Node // far nodes are often shared
	keys   []any              // of all edges, one after the other
}

func (r *edgeReader) row(row []any) error {
	parent, err := wholeNumber(row[0])
	if err != nil {
		return err
	}
	pk, err := pkOf(row[1])
	if err != nil {
		return err
	}
	edge, err := r.edges.edge(row[edgeAt:r.nodeAt()])
	if err != nil {
		return err
	}
	node := r.seen[pk]
	if node == nil {
		if node, err = r.nodes.node(row[r.nodeAt():r.moreAt()]); err != nil {
			return err
		}
		r.seen[pk] = node
	}
	first := len(r.keys)
	for _, at := range r.places {
		r.keys = append(r.keys, row[at])
	}
	r.read[parent] = append(r.read[parent], sortable{store.Related{Edge: edge, Node: node}, r.keys[first:]})
	return nil
}

// from writes the parents as the table p, with their places in j.key.
func (x *expander) from(q *query) error {
	if err := q.ids(x.parents); err != nil {
		return err
	}
	q.text(" CROSS JOIN node AS p ON p.id = j.value")
	return nil
}

// matching writes the rest of a select from edges of p: those of the step that pass a condition.
func (x *expander) matching(q *query, s scope, where store.Pred, needsNode bool) error {
	near, far := ends(x.step)
	if needsNode || !x.allKinds || readsNode(where) {
		q.text(" CROSS JOIN node AS ", s.node, " ON ", s.node, ".pk = ", s.edge, ".", far)
	}
	q.text(" WHERE ", s.edge, ".", near, " = p.pk AND ", s.edge, ".type = ", literal(x.step.Type), " AND ")
	if !x.allKinds {
		q.inKinds(s.node, x.plan.Kinds)
		q.text(" AND ")
	}
	return q.where(where, s)
}

func readsSort(sorts []store.Sort) bool {
	for _, s := range sorts {
		if !s.Field.OnEdge {
			return true
		}
	}
	return false
}

// count counts all edges of each parent that pass the filter.
func (x *expander) count(ctx context.Context, c *conn, counts []int) error {
	q := &query{}
	q.text("SELECT j.key, count(*) FROM ")
	if err := x.from(q); err != nil {
		return err
	}
	q.text(" CROSS JOIN edge AS d")
	if err := x.matching(q, innerScope, x.plan.Where, false); err != nil {
		return err
	}
	q.text(" GROUP BY j.key")
	return c.query(ctx, q.String(), q.args, func(row []any) error {
		parent, err := wholeNumber(row[0])
		if err != nil {
			return err
		}
		counts[parent], err = wholeNumber(row[1])
		return err
	})
}
