package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"entente/internal/ontology"
	"entente/internal/store"
)

// rawSQLite asks the file of an embedded store directly, through the driver that
// the store uses, with the settings of its readers. Statements are written by
// hand, equal in work to the store's calls; rows are read and left as they are.
type rawSQLite struct {
	o        *ontology.Ontology
	db       *sql.DB
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	stored   map[string][]string // columns of each table
}

func openRawSQLite(ctx context.Context, path string, o *ontology.Ontology) (*rawSQLite, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // a drive letter
		slashed = "/" + slashed
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: url.Values{
		"_pragma": {"busy_timeout(10000)", "query_only(1)", "mmap_size(8589934592)", "temp_store(MEMORY)"},
	}.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	r := &rawSQLite{o: o, db: db, prepared: map[string]*sql.Stmt{}, stored: map[string][]string{}}
	if r.conn, err = db.Conn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", path, err), db.Close())
	}
	for _, table := range []string{"node", "edge"} {
		columns, err := r.ask(ctx, "SELECT name FROM pragma_table_info(?)", table)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("reading the columns of %s: %w", path, err), r.Close())
		}
		for _, row := range columns {
			r.stored[table] = append(r.stored[table], row[0].(string))
		}
	}
	return r, nil
}

// Close closes the file.
func (r *rawSQLite) Close() error {
	var errs []error
	for _, stmt := range r.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, r.conn.Close(), r.db.Close())...)
}

// ask runs a statement and returns its rows.
func (r *rawSQLite) ask(ctx context.Context, text string, args ...any) (found [][]any, err error) {
	stmt := r.prepared[text]
	if stmt == nil {
		if stmt, err = r.conn.PrepareContext(ctx, text); err != nil {
			return nil, fmt.Errorf("preparing %q: %w", text, err)
		}
		r.prepared[text] = stmt
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("running %q: %w", text, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	to := make([]any, len(columns))
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// columns is what a statement selects.
type columns []string

// at returns the place of a column.
func (c columns) at(name string) int { return slices.Index(c, name) }

func (c columns) String() string { return strings.Join(c, ", ") }

// node selects all that a store reads of nodes of these kinds.
func (r *rawSQLite) node(alias string, kinds ...string) columns {
	var properties []*ontology.Property
	for _, k := range kinds {
		properties = append(properties, r.o.Kind(k).Properties...)
	}
	return r.selection("node", alias, []string{"id", "kind", "evidence"}, properties)
}

// edge selects all that a store reads of edges of a type.
func (r *rawSQLite) edge(alias, relation string) columns {
	return r.selection("edge", alias, []string{"id", "type", "evidence"}, r.o.Relation(relation).Properties)
}

func (r *rawSQLite) selection(table, alias string, head []string, properties []*ontology.Property) columns {
	var c columns
	for _, name := range head {
		c = append(c, alias+"."+name)
	}
	for _, name := range r.stored[table] {
		// a column is named after its type and its property; the bounds of dates come besides
		_, property, ok := strings.Cut(name, "_")
		isBound := strings.HasSuffix(name, store.EarliestSuffix) || strings.HasSuffix(name, store.LatestSuffix)
		if ok && !isBound && slices.ContainsFunc(properties, func(p *ontology.Property) bool { return p.Name == property }) {
			c = append(c, alias+"."+name)
		}
	}
	return c
}

// list makes the one parameter that holds a list.
func list(ids []string) string {
	doc, err := json.Marshal(ids)
	if err != nil { // cannot happen: texts only
		return "[]"
	}
	return string(doc)
}
