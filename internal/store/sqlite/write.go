package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// writeNodes writes new and changed nodes and keeps their search texts in step.
func (w *batchWriter) writeNodes(ctx context.Context, c *store.Changes, old map[string]*kg.Node) error {
	next, err := w.nextPK(ctx, "node")
	if err != nil {
		return err
	}
	var texts [][]any
	for _, group := range byName(c.CreateNodes, func(n *kg.Node) string { return n.Kind }) {
		shape := w.model.kinds[group.name]
		slices.SortFunc(group.records, func(a, b *kg.Node) int { return strings.Compare(a.ID, b.ID) })
		rows := make([][]any, len(group.records))
		for i, n := range group.records {
			w.nodes[n.ID] = next
			if rows[i], err = nodeRow(shape, n, next); err != nil {
				return err
			}
			name, other := store.SearchTexts(w.model.Kind(n.Kind), n)
			texts = append(texts, []any{next, name, other})
			next++
		}
		if err := w.c.insertAll(ctx, "node", rowColumns(nodeOwn, shape), rows); err != nil {
			return err
		}
		w.delta[[2]string{countNodes, group.name}] += len(rows)
	}
	for _, group := range byName(c.UpdateNodes, func(n *kg.Node) string { return n.Kind }) {
		shape := w.model.kinds[group.name]
		statement := updateText("node", shape)
		for _, n := range group.records {
			row, err := nodeRow(shape, n, w.nodes[n.ID])
			if err != nil {
				return err
			}
			if err := w.c.exec(ctx, statement, updateArgs(row, len(nodeOwn))...); err != nil {
				return err
			}
		}
	}
	replaced, err := w.replaceTexts(ctx, c.UpdateNodes, old)
	if err != nil {
		return err
	}
	return w.c.insertTexts(ctx, append(texts, replaced...))
}

// replaceTexts removes the search texts that changed and returns the new ones.
func (w *batchWriter) replaceTexts(ctx context.Context, nodes []*kg.Node, old map[string]*kg.Node) ([][]any, error) {
	var texts [][]any
	for _, n := range nodes {
		kind := w.model.Kind(n.Kind)
		name, other := store.SearchTexts(kind, n)
		if oldName, oldOther := store.SearchTexts(kind, old[n.ID]); name == oldName && other == oldOther {
			continue
		}
		if err := w.c.exec(ctx, "DELETE FROM search WHERE rowid = ?", w.nodes[n.ID]); err != nil {
			return nil, err
		}
		texts = append(texts, []any{w.nodes[n.ID], name, other})
	}
	return texts, nil
}

func (w *batchWriter) writeEdges(ctx context.Context, c *store.Changes) error {
	next, err := w.nextPK(ctx, "edge")
	if err != nil {
		return err
	}
	for _, group := range byName(c.CreateEdges, func(e *kg.Edge) string { return e.Type }) {
		shape := w.model.relations[group.name]
		slices.SortFunc(group.records, func(a, b *kg.Edge) int { return strings.Compare(a.ID, b.ID) })
		rows := make([][]any, len(group.records))
		for i, e := range group.records {
			if rows[i], err = w.edgeRow(shape, e, next); err != nil {
				return err
			}
			next++
		}
		if err := w.c.insertAll(ctx, "edge", rowColumns(edgeOwn, shape), rows); err != nil {
			return err
		}
		w.delta[[2]string{countEdges, group.name}] += len(rows)
	}
	for _, group := range byName(c.UpdateEdges, func(e *kg.Edge) string { return e.Type }) {
		shape := w.model.relations[group.name]
		statement := updateText("edge", shape)
		for _, e := range group.records {
			row, err := w.edgeRow(shape, e, w.edges[e.ID])
			if err != nil {
				return err
			}
			if err := w.c.exec(ctx, statement, updateArgs(row, len(edgeOwn))...); err != nil {
				return err
			}
		}
	}
	return nil
}

// Columns that come before evidence and properties; an update never changes them.
var (
	nodeOwn = []string{"pk", "id", "kind"}
	edgeOwn = []string{"pk", "id", "type", "src", "dst"}
)

func nodeRow(s *shape, n *kg.Node, pk int64) ([]any, error) {
	return rowOf(s, []any{pk, n.ID, n.Kind}, n.Evidence, n.Props)
}

// edgeRow makes the row of an edge whose ends Resolve has found to be there.
func (w *batchWriter) edgeRow(s *shape, e *kg.Edge, pk int64) ([]any, error) {
	src, dst := w.nodes[e.From], w.nodes[e.To]
	if src == 0 || dst == 0 {
		return nil, fmt.Errorf("edge %q: an end of it was not read", e.ID)
	}
	return rowOf(s, []any{pk, e.ID, e.Type, src, dst}, e.Evidence, e.Props)
}

func rowOf(s *shape, own []any, evidence []kg.Evidence, props kg.Props) ([]any, error) {
	doc, err := encodeEvidence(evidence)
	if err != nil {
		return nil, err
	}
	return s.values(append(own, doc), props)
}

func rowColumns(own []string, s *shape) []string {
	columns := append(slices.Clone(own), "evidence")
	for _, c := range s.columns() {
		columns = append(columns, c.name)
	}
	return columns
}

// updateText sets evidence and properties of the record with a pk.
func updateText(table string, s *shape) string {
	var b strings.Builder
	b.WriteString("UPDATE " + table + " SET evidence = ?")
	for _, c := range s.columns() {
		b.WriteString(", " + quote(c.name) + " = ?")
	}
	return b.String() + " WHERE pk = ?"
}

func updateArgs(row []any, own int) []any { return append(row[own:len(row):len(row)], row[0]) }

// group is the records of a kind or relation, in their order.
type group[T any] struct {
	name    string
	records []T
}

func byName[T any](records []T, name func(T) string) []*group[T] {
	var groups []*group[T]
	byName := map[string]*group[T]{}
	for _, r := range records {
		g := byName[name(r)]
		if g == nil {
			g = &group[T]{name: name(r)}
			byName[name(r)] = g
			groups = append(groups, g)
		}
		g.records = append(g.records, r)
	}
	return groups
}

// nextPK returns the first free pk of a table.
func (w *batchWriter) nextPK(ctx context.Context, table string) (int64, error) {
	n, err := w.c.count(ctx, "SELECT coalesce(max(pk), 0) + 1 FROM "+table, nil)
	return int64(n), err
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
	b.WriteString("INSERT INTO " + into + " (")
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
