package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// writeRows is the number of records that one statement writes or reads.
const writeRows = 5_000

// Apply writes a batch in one transaction. The lock on the one meta node makes
// batches follow each other, also those of other processes.
func (s *Store) Apply(ctx context.Context, b store.Batch) (*store.Applied, error) {
	if len(b.DeleteNodes)+len(b.DeleteEdges)+len(b.Nodes)+len(b.Edges) == 0 {
		return &store.Applied{}, ctx.Err()
	}
	if s.cfg.ReadOnly {
		return nil, kg.Invalid("open it for writing", "the database at %s was opened for reading only", s.address)
	}
	var applied *store.Applied
	err := s.writing(ctx, func(ctx context.Context, tx transaction) error {
		w := batchWriter{ctx: ctx, s: s, tx: tx}
		var err error
		applied, err = w.apply(b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return applied, nil
}

// batchWriter writes one batch in one transaction. It returns the errors of the
// driver as they are, because the driver tells by them whether to try again.
type batchWriter struct {
	ctx context.Context
	s   *Store
	tx  transaction
}

func (w batchWriter) apply(b store.Batch) (*store.Applied, error) {
	if _, err := w.tx.run(w.ctx, lockStatement()); err != nil {
		return nil, err
	}
	if err := w.delete(b); err != nil {
		return nil, err
	}
	stored, err := w.stored(b)
	if err != nil {
		return nil, err
	}
	changes, err := store.Resolve(w.s.o, b, stored)
	if err != nil {
		return nil, err
	}
	if err := w.write(changes); err != nil {
		return nil, err
	}
	return changes.Applied, nil
}

func lockStatement() statement {
	return statement{
		cypher: "MERGE (m" + label(metaLabel) + " {id: $meta}) SET m.batches = coalesce(m.batches, 0) + 1",
		params: map[string]any{"meta": metaID},
	}
}

func (w batchWriter) delete(b store.Batch) error {
	for chunk := range slices.Chunk(b.DeleteNodes, writeRows) {
		if _, err := w.tx.run(w.ctx, statement{
			cypher: "MATCH (n" + label(entityLabel) + ") WHERE n.id IN $ids DETACH DELETE n",
			params: map[string]any{"ids": chunk},
		}); err != nil {
			return err
		}
	}
	for r, ids := range w.s.layout.byTypeOfID(b.DeleteEdges) {
		for chunk := range slices.Chunk(ids, writeRows) {
			if _, err := w.tx.run(w.ctx, statement{
				cypher: "MATCH ()-[e" + label(r.name) + "]->() WHERE e.id IN $ids DELETE e",
				params: map[string]any{"ids": chunk},
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// byTypeOfID sorts ids of edges by the type that they begin with; ids that begin with none are no edges'.
func (l *layout) byTypeOfID(ids []string) map[*record][]string {
	byType := map[*record][]string{}
	for _, id := range ids {
		typ, _, _ := strings.Cut(id, ":")
		if r := l.byType[typ]; r != nil {
			byType[r] = append(byType[r], id)
		}
	}
	return byType
}

// stored reads the records that a batch will be merged into, and the kinds of
// the ends of its edges that are not among its nodes.
func (w batchWriter) stored(b store.Batch) (store.Stored, error) {
	out := store.Stored{Nodes: map[string]*kg.Node{}, Edges: map[string]*kg.Edge{}, Kinds: map[string]string{}}
	known := make(map[string]bool, len(b.Nodes))
	var ids []string
	for _, n := range b.Nodes {
		ids = addNew(ids, known, n.ID)
	}
	if err := w.readNodes(ids, out); err != nil {
		return out, err
	}
	if err := w.readEdges(b.Edges, out); err != nil {
		return out, err
	}
	var ends []string
	for _, id := range out.Ends(b.Edges) {
		ends = addNew(ends, known, id)
	}
	return out, w.readKinds(ends, out)
}

// addNew appends an id that is not yet known.
func addNew(ids []string, known map[string]bool, id string) []string {
	if known[id] {
		return ids
	}
	known[id] = true
	return append(ids, id)
}

func (w batchWriter) readNodes(ids []string, out store.Stored) error {
	for chunk := range slices.Chunk(ids, writeRows) {
		found, err := rows(w.ctx, w.tx, w.s.nodesStatement(chunk), w.s.layout.readNode)
		if err != nil {
			return err
		}
		for id, n := range byID(found) {
			out.Nodes[id], out.Kinds[id] = n, n.Kind
		}
	}
	return nil
}

func (w batchWriter) readKinds(ids []string, out store.Stored) error {
	kinds := make([]string, 0, 2*len(w.s.layout.kinds))
	for _, r := range w.s.layout.kinds {
		kinds = append(kinds, fmt.Sprintf("WHEN n%s THEN %d", label(r.name), r.number))
	}
	cypher := "MATCH (n" + label(entityLabel) + ") WHERE n.id IN $ids RETURN n.id AS id, CASE " + strings.Join(kinds, " ") + " END AS kind"
	for chunk := range slices.Chunk(ids, writeRows) {
		_, err := rows(w.ctx, w.tx, statement{cypher, map[string]any{"ids": chunk}}, func(values []any) (struct{}, error) {
			id, okID := values[0].(string)
			number, okNumber := values[1].(int64)
			if okID && okNumber {
				out.Kinds[id] = w.s.layout.kinds[number].name
			}
			return struct{}{}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readEdges reads the stored edges with the ids of the given ones.
func (w batchWriter) readEdges(edges []*kg.Edge, out store.Stored) error {
	ids := make([]string, len(edges))
	for i, e := range edges {
		ids[i] = e.ID
	}
	for r, ofType := range w.s.layout.byTypeOfID(ids) {
		cypher := "MATCH ()-[e" + label(r.name) + "]->() WHERE e.id IN $ids RETURN " + r.projection("e") + " AS edge"
		for chunk := range slices.Chunk(ofType, writeRows) {
			found, err := rows(w.ctx, w.tx, statement{cypher, map[string]any{"ids": chunk}}, w.s.layout.readEdge)
			if err != nil {
				return err
			}
			for _, e := range found {
				out.Edges[e.ID] = e
			}
		}
	}
	return nil
}

// readEdge reads a row that holds one edge. The server need not look up the
// ends, which the id tells.
func (l *layout) readEdge(values []any) (*kg.Edge, error) {
	e, err := l.decodeEdge(values[0])
	if err != nil {
		return nil, err
	}
	parts := strings.SplitN(e.ID, ":", 4)
	if len(parts) < 3 {
		return nil, fmt.Errorf("the id %q is no edge's", e.ID)
	}
	e.From, e.To = idUnescaper.Replace(parts[1]), idUnescaper.Replace(parts[2])
	return e, nil
}

// idUnescaper undoes what kg.EdgeID does to the parts of an id.
var idUnescaper = strings.NewReplacer("%25", "%", "%3A", ":")

func (w batchWriter) write(c *store.Changes) error {
	for r, nodes := range grouped(c.CreateNodes, func(n *kg.Node) *record { return w.s.layout.byKind[n.Kind] }) {
		if err := writeAll(w, nodes, r.createNodes(), r.encodeNode); err != nil {
			return err
		}
	}
	for r, nodes := range grouped(c.UpdateNodes, func(n *kg.Node) *record { return w.s.layout.byKind[n.Kind] }) {
		if err := writeAll(w, nodes, r.updateNodes(), r.encodeNode); err != nil {
			return err
		}
	}
	for r, edges := range grouped(c.CreateEdges, func(e *kg.Edge) *record { return w.s.layout.byType[e.Type] }) {
		if err := writeAll(w, edges, r.createEdges(), r.encodeEdge); err != nil {
			return err
		}
	}
	for r, edges := range grouped(c.UpdateEdges, func(e *kg.Edge) *record { return w.s.layout.byType[e.Type] }) {
		if err := writeAll(w, edges, r.updateEdges(), r.encodeEdge); err != nil {
			return err
		}
	}
	return nil
}

func grouped[T any](records []T, of func(T) *record) map[*record][]T {
	groups := map[*record][]T{}
	for _, x := range records {
		groups[of(x)] = append(groups[of(x)], x)
	}
	return groups
}

// writeAll runs a statement over the rows of some records, and makes sure that
// it wrote them all.
func writeAll[T any](w batchWriter, records []T, cypher string, encode func(T) []any) error {
	for chunk := range slices.Chunk(records, writeRows) {
		encoded := make([]any, len(chunk))
		for i, x := range chunk {
			encoded[i] = encode(x)
		}
		written, err := rows(w.ctx, w.tx, statement{cypher, map[string]any{"rows": encoded}}, readCount)
		if err != nil {
			return err
		}
		if written[0] != len(chunk) {
			return fmt.Errorf("%d of %d records were written by: %s", written[0], len(chunk), cypher)
		}
	}
	return nil
}

// createNodes, and those below, write the statement for rows of fields.
func (r *record) createNodes() string {
	return "UNWIND $rows AS r CREATE (n" + r.labels() + " " + r.assignment() + ") RETURN count(n) AS count"
}

func (r *record) updateNodes() string {
	return "UNWIND $rows AS r MATCH (n" + label(r.name) + " {id: r[0]}) SET n = " + r.assignment() + " RETURN count(n) AS count"
}

func (r *record) createEdges() string {
	from, to := len(r.fields), len(r.fields)+1
	return fmt.Sprintf("UNWIND $rows AS r MATCH (a%s {id: r[%d]}) MATCH (b%s {id: r[%d]}) CREATE (a)-[e%s %s]->(b) RETURN count(e) AS count",
		label(entityLabel), from, label(entityLabel), to, label(r.name), r.assignment())
}

func (r *record) updateEdges() string {
	return "UNWIND $rows AS r MATCH ()-[e" + label(r.name) + " {id: r[0]}]->() SET e = " + r.assignment() + " RETURN count(e) AS count"
}

// assignment writes the map of all fields from a row; those that are null are left out.
func (r *record) assignment() string {
	parts := make([]string, len(r.fields))
	for i, name := range r.fields {
		parts[i] = fmt.Sprintf("%s: r[%d]", quote(name), i)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
