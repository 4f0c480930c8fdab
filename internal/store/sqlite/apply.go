package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// Apply writes a batch in one transaction.
func (s *Store) Apply(ctx context.Context, b store.Batch) (*store.Applied, error) {
	var applied *store.Applied
	err := s.write(ctx, "writing", func(c *conn) error {
		w := &batchWriter{c: c, model: s.model, delta: map[[2]string]int{}}
		changes, err := w.run(ctx, b)
		if err != nil {
			return err
		}
		applied = changes.Applied
		return nil
	})
	if err != nil {
		return nil, err
	}
	return applied, nil
}

// batchWriter carries a batch through its transaction.
type batchWriter struct {
	c     *conn
	model *model
	nodes map[string]int64  // pk by id, of nodes stored or about to be
	edges map[string]int64  // pk by id, of edges stored
	delta map[[2]string]int // what to add to the counters, by (what, name)
}

func (w *batchWriter) run(ctx context.Context, b store.Batch) (*store.Changes, error) {
	if err := w.deleteAll(ctx, b); err != nil {
		return nil, fmt.Errorf("deleting: %w", err)
	}
	stored, err := w.readStored(ctx, b)
	if err != nil {
		return nil, fmt.Errorf("reading what is stored: %w", err)
	}
	changes, err := store.Resolve(w.model.Ontology, b, stored)
	if err != nil {
		return nil, err
	}
	if err := w.writeNodes(ctx, changes, stored.Nodes); err != nil {
		return nil, fmt.Errorf("writing nodes: %w", err)
	}
	if err := w.writeEdges(ctx, changes); err != nil {
		return nil, fmt.Errorf("writing edges: %w", err)
	}
	return changes, w.writeCounters(ctx)
}

// deleteAll removes edges, then nodes with their edges and search texts.
func (w *batchWriter) deleteAll(ctx context.Context, b store.Batch) error {
	if len(b.DeleteEdges) > 0 {
		if err := w.delete(ctx, countEdges, "DELETE FROM edge WHERE id IN (SELECT value FROM json_each(?)) RETURNING type", b.DeleteEdges); err != nil {
			return err
		}
	}
	if len(b.DeleteNodes) == 0 {
		return nil
	}
	const pks = "(SELECT n.pk FROM json_each(?) AS j CROSS JOIN node AS n ON n.id = j.value)"
	for _, step := range []struct{ what, statement string }{
		{countEdges, "DELETE FROM edge WHERE src IN " + pks + " RETURNING type"},
		{countEdges, "DELETE FROM edge WHERE dst IN " + pks + " RETURNING type"},
		{"", "DELETE FROM search WHERE rowid IN " + pks},
		{countNodes, "DELETE FROM node WHERE id IN (SELECT value FROM json_each(?)) RETURNING kind"},
	} {
		if err := w.delete(ctx, step.what, step.statement, b.DeleteNodes); err != nil {
			return err
		}
	}
	return nil
}

// delete runs a statement over a list of ids and counts the names it returns.
func (w *batchWriter) delete(ctx context.Context, what, statement string, ids []string) error {
	doc, err := jsonText(ids)
	if err != nil {
		return err
	}
	return w.c.query(ctx, statement, []any{doc}, func(row []any) error {
		w.delta[[2]string{what, row[0].(string)}]--
		return nil
	})
}

// readStored reads the records that the batch speaks of, and the pks of all nodes it touches.
func (w *batchWriter) readStored(ctx context.Context, b store.Batch) (store.Stored, error) {
	stored := store.Stored{
		Nodes: make(map[string]*kg.Node, len(b.Nodes)),
		Edges: make(map[string]*kg.Edge, len(b.Edges)),
		Kinds: map[string]string{},
	}
	w.nodes, w.edges = make(map[string]int64, len(b.Nodes)), map[string]int64{}
	if err := w.readNodes(ctx, b.Nodes, stored.Nodes); err != nil {
		return stored, err
	}
	if err := w.readEdges(ctx, b.Edges, stored.Edges); err != nil {
		return stored, err
	}
	return stored, w.readEnds(ctx, stored.Ends(b.Edges), stored.Kinds)
}

func (w *batchWriter) readNodes(ctx context.Context, nodes []*kg.Node, into map[string]*kg.Node) error {
	if len(nodes) == 0 {
		return nil
	}
	ids := make([]string, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	l := w.model.allKinds // a node of another kind under the same id is to be found as well
	q := &query{}
	q.text("SELECT n.pk, ").nodeColumns(l, "n").text(" FROM ")
	if err := q.ids(distinct(ids)); err != nil {
		return err
	}
	q.text(" CROSS JOIN node AS n ON n.id = j.value")
	return w.c.query(ctx, q.String(), q.args, func(row []any) error {
		n, err := l.node(row[1:])
		if err != nil {
			return err
		}
		into[n.ID], w.nodes[n.ID] = n, row[0].(int64)
		return nil
	})
}

func (w *batchWriter) readEdges(ctx context.Context, edges []*kg.Edge, into map[string]*kg.Edge) error {
	if len(edges) == 0 {
		return nil
	}
	ids, types := make([]string, len(edges)), []string(nil)
	for i, e := range edges {
		ids[i] = e.ID
		if !slices.Contains(types, e.Type) {
			types = append(types, e.Type)
		}
	}
	l := w.model.edgeLayout(types)
	q := &query{}
	q.text("SELECT e.pk, ").edgeColumns(l, "e").text(" FROM ")
	if err := q.ids(distinct(ids)); err != nil {
		return err
	}
	q.text(" CROSS JOIN edge AS e ON e.id = j.value")
	return w.c.query(ctx, q.String(), q.args, func(row []any) error {
		e, err := l.edge(row[1:])
		if err != nil {
			return err
		}
		into[e.ID], w.edges[e.ID] = e, row[0].(int64)
		return nil
	})
}

// readEnds reads the kinds and pks of nodes that the batch's edges join.
func (w *batchWriter) readEnds(ctx context.Context, ids []string, kinds map[string]string) error {
	if len(ids) == 0 {
		return nil
	}
	q := &query{}
	q.text("SELECT n.pk, n.id, n.kind FROM ")
	if err := q.ids(distinct(ids)); err != nil {
		return err
	}
	q.text(" CROSS JOIN node AS n ON n.id = j.value")
	return w.c.query(ctx, q.String(), q.args, func(row []any) error {
		id := row[1].(string)
		w.nodes[id], kinds[id] = row[0].(int64), row[2].(string)
		return nil
	})
}

func (w *batchWriter) writeCounters(ctx context.Context) error {
	for key, n := range w.delta {
		if n == 0 || key[0] == "" {
			continue
		}
		if err := w.c.exec(ctx, `INSERT INTO counter (what, name, n) VALUES (?, ?, ?)
			ON CONFLICT (what, name) DO UPDATE SET n = n + excluded.n`, key[0], key[1], n); err != nil {
			return err
		}
	}
	return nil
}

// distinct returns ids in their order, each once. In order, so that looking
// them up goes through an index from one end to the other.
func distinct(ids []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// nextPK returns the first free pk of a table.
func (w *batchWriter) nextPK(ctx context.Context, table string) (int64, error) {
	n, err := w.c.count(ctx, "SELECT coalesce(max(pk), 0) + 1 FROM "+table, nil)
	return int64(n), err
}

// ids writes a list of ids as the table j: one parameter whatever their number.
func (q *query) ids(ids []string) error {
	doc, err := jsonText(ids)
	if err != nil {
		return err
	}
	q.text("json_each(").value(doc).text(") AS j")
	return nil
}

// nodeColumns writes what layout.node reads.
func (q *query) nodeColumns(l *layout, alias string) *query { return q.columns(l, alias, "kind") }

// edgeColumns writes what layout.edge reads.
func (q *query) edgeColumns(l *layout, alias string) *query { return q.columns(l, alias, "type") }

func (q *query) columns(l *layout, alias, name string) *query {
	q.text(alias, ".id, ", alias, ".evidence")
	for _, c := range l.columns {
		q.text(", ", alias, ".", quote(c))
	}
	if l.only == "" {
		q.text(", ", alias, ".", name)
	}
	return q
}

// rowsPerStatement is how many rows one INSERT writes: statements of 100, 10 and 1 rows serve any number.
var rowsPerStatement = []int{100, 10, 1}

// insertAll writes rows of equal width with as few statements as possible.
func (c *conn) insertAll(ctx context.Context, into string, columns []string, rows [][]any) error {
	for _, size := range rowsPerStatement {
		text := ""
		for len(rows) >= size {
			if text == "" {
				text = insertText(into, columns, size)
			}
			args := make([]any, 0, size*len(columns))
			for _, row := range rows[:size] {
				args = append(args, row...)
			}
			if err := c.exec(ctx, text, args...); err != nil {
				return err
			}
			rows = rows[size:]
		}
	}
	return nil
}

func insertText(into string, columns []string, rows int) string {
	var b strings.Builder
	b.WriteString("INSERT OR ROLLBACK INTO " + into + " (")
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quote(c))
	}
	b.WriteString(") VALUES ")
	one := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	b.WriteString(one + strings.Repeat(", "+one, rows-1))
	return b.String()
}
