package sqlite

import (
	"context"
	"fmt"

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
	for _, key := range sorts {
		q.text(", ", outerScope.column(key.Field))
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

	read := make([][]sortable, len(x.parents))
	seen := map[int64]*kg.Node{} // far nodes are often shared
	const edgeAt = 2
	nodeAt := edgeAt + x.edges.width()
	sortAt := nodeAt + x.nodes.width()
	err := c.query(ctx, q.String(), q.args, func(row []any) error {
		parent, ok := row[0].(int64)
		pk, okPK := row[1].(int64)
		if !ok || !okPK {
			return fmt.Errorf("an edge of parent %v leads to %v", row[0], row[1])
		}
		edge, err := x.edges.edge(row[edgeAt:nodeAt])
		if err != nil {
			return err
		}
		node := seen[pk]
		if node == nil {
			if node, err = x.nodes.node(row[nodeAt:sortAt]); err != nil {
				return err
			}
			seen[pk] = node
		}
		read[parent] = append(read[parent], sortable{store.Related{Edge: edge, Node: node}, append([]any(nil), row[sortAt:]...)})
		return nil
	})
	return read, err
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
