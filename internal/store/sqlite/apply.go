package sqlite

import (
	"context"
	"fmt"
	"slices"

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
		name, err := textOf(row[0])
		w.delta[[2]string{what, name}]--
		return err
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
		into[n.ID] = n
		w.nodes[n.ID], err = pkOf(row[0])
		return err
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
		into[e.ID] = e
		w.edges[e.ID], err = pkOf(row[0])
		return err
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
		id, err := textOf(row[1])
		if err != nil {
			return err
		}
		if w.nodes[id], err = pkOf(row[0]); err != nil {
			return err
		}
		kinds[id], err = textOf(row[2])
		return err
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
