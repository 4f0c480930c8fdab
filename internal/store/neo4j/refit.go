package neo4j

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"

	"entente/internal/kg"
)

// formatVersion is the version of how records are stored, whatever the model.
const formatVersion = 1

// metaID is the id of the one meta node.
const metaID = "graph"

// meta is what a database says of itself.
type meta struct {
	version int64
	layout  string
}

// meta returns what the database says of itself, nothing where it is new. It
// refuses one that a newer program wrote.
func (s *Store) meta(ctx context.Context) (meta, error) {
	found, err := ask(ctx, s, statement{
		cypher: "MATCH (m" + label(metaLabel) + " {id: $meta}) RETURN coalesce(m.version, 0) AS version, coalesce(m.layout, '') AS layout",
		params: map[string]any{"meta": metaID},
	}, readMeta)
	if err != nil || len(found) == 0 {
		return meta{}, err
	}
	if found[0].version > formatVersion {
		return meta{}, kg.Invalid("use the newer program, or another database",
			"the database at %s was written by a newer version of this program (format %d; this one knows %d)", s.address, found[0].version, formatVersion)
	}
	return found[0], nil
}

// refit rewrites what is stored beside the values (labels, bounds of dates,
// keys and folded texts) where the model has changed since they were written.
// Values that the model no longer has are kept. It can be repeated when cut off.
func (s *Store) refit(ctx context.Context, found meta) error {
	fingerprint := s.layout.fingerprint()
	if found.layout == fingerprint {
		return nil
	}
	if s.cfg.ReadOnly {
		return s.notInLine()
	}
	if err := s.rewriteAll(ctx); err != nil {
		return fmt.Errorf("fitting the stored graph to the changed model: %w", err)
	}
	return s.writing(ctx, func(ctx context.Context, tx transaction) error {
		_, err := tx.run(ctx, statement{
			cypher: "MERGE (m" + label(metaLabel) + " {id: $meta}) SET m.version = $version, m.layout = $layout",
			params: map[string]any{"meta": metaID, "version": formatVersion, "layout": fingerprint},
		})
		return err
	})
}

func readMeta(values []any) (meta, error) {
	version, okVersion := values[0].(int64)
	layout, okLayout := values[1].(string)
	if !okVersion || !okLayout {
		return meta{}, fmt.Errorf("the meta node came as %v", values)
	}
	return meta{version, layout}, nil
}

// fingerprint changes when anything does that is stored beside the values.
func (l *layout) fingerprint() string {
	h := fnv.New64a()
	write := func(parts ...string) { _, _ = h.Write([]byte(strings.Join(parts, "\x00") + "\x01")) } // hashes never fail
	for _, r := range l.kinds {
		write(r.name, r.labels(), strings.Join(r.fields, ","))
		for _, p := range r.props {
			write(p.Name, string(p.Type), fmt.Sprint(p.List, p.Text))
		}
	}
	for _, r := range l.relations {
		write(r.name, strings.Join(r.fields, ","))
	}
	return fmt.Sprintf("%x", h.Sum64())
}

// rewriteAll rewrites all records of the kinds and relations that have any.
func (s *Store) rewriteAll(ctx context.Context) error {
	counts, err := s.Counts(ctx, nil)
	if err != nil {
		return err
	}
	for _, r := range s.layout.kinds {
		if counts.Kinds[r.name] == 0 {
			continue
		}
		if err := s.rewrite(ctx, r, s.refitNodes(r)); err != nil {
			return err
		}
	}
	for _, r := range s.layout.relations {
		if counts.Types[r.name] == 0 {
			continue
		}
		if err := s.rewrite(ctx, r, s.refitEdges(r)); err != nil {
			return err
		}
	}
	return nil
}

// rewriting reads records in pages by id and writes each page back.
type rewriting struct {
	read  string // with $after and $limit
	write string // with $rows
	row   func(stored any) (id string, row []any, err error)
}

func (s *Store) rewrite(ctx context.Context, r *record, how rewriting) error {
	after := ""
	for {
		last := after
		err := s.writing(ctx, func(ctx context.Context, tx transaction) error {
			last = after
			var page []any
			_, err := rows(ctx, tx, statement{how.read, map[string]any{"after": after, "limit": writeRows}}, func(values []any) (struct{}, error) {
				id, row, err := how.row(values[0])
				last, page = id, append(page, row)
				return struct{}{}, err
			})
			if err != nil || len(page) == 0 {
				return err
			}
			_, err = rows(ctx, tx, statement{how.write, map[string]any{"rows": page}}, readCount)
			return err
		})
		if err != nil {
			return fmt.Errorf("rewriting %s: %w", r.name, err)
		}
		if last == after {
			return nil
		}
		after = last
	}
}

func (s *Store) refitNodes(r *record) rewriting {
	stale := ""
	for _, i := range s.o.Interfaces {
		if !strings.Contains(r.labels(), label(i.Name)) {
			stale += " REMOVE n" + label(i.Name)
		}
	}
	return rewriting{
		read: "MATCH (n" + label(r.name) + ") WHERE n.id > $after RETURN " + r.projection("n") + " AS node ORDER BY n.id LIMIT $limit",
		write: "UNWIND $rows AS r MATCH (n" + label(r.name) + " {id: r[0]}) SET n += " + r.assignment() + ", n" + r.labels() + stale +
			" RETURN count(n) AS count",
		row: func(stored any) (string, []any, error) {
			n, err := s.layout.decodeNode(stored)
			if err != nil {
				return "", nil, err
			}
			return n.ID, r.encodeNode(n), nil
		},
	}
}

func (s *Store) refitEdges(r *record) rewriting {
	return rewriting{
		read:  "MATCH ()-[e" + label(r.name) + "]->() WHERE e.id > $after RETURN " + r.projection("e") + " AS edge ORDER BY e.id LIMIT $limit",
		write: "UNWIND $rows AS r MATCH ()-[e" + label(r.name) + " {id: r[0]}]->() SET e += " + r.assignment() + " RETURN count(e) AS count",
		row: func(stored any) (string, []any, error) {
			e, err := s.layout.decodeEdge(stored)
			if err != nil {
				return "", nil, err
			}
			return e.ID, r.encodeEdge(e), nil
		},
	}
}
