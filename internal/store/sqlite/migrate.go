package sqlite

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"entente/internal/kg"
)

// migration brings a file in line with the model.
type migration struct {
	c     *conn
	model *model
	path  string
	fixed bool // nothing may be changed
}

// step is one change to the file.
type step func(context.Context) error

// run changes what has to be changed and nothing else; when nothing has, it does
// not write. A file that is refused stays as it is.
func (g *migration) run(ctx context.Context) error {
	if err := g.model.checkNames(); err != nil {
		return err
	}
	steps, err := g.steps(ctx)
	if err != nil {
		return err
	}
	if g.fixed {
		return g.refuseChanges(len(steps))
	}
	if err := g.c.exec(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	if len(steps) == 0 {
		return nil
	}
	return g.c.inTransaction(ctx, "BEGIN IMMEDIATE", func() error {
		steps, err := g.steps(ctx) // again: another process may have been faster
		if err != nil {
			return err
		}
		for _, s := range steps {
			if err := s(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// refuseChanges refuses a file that would have to be changed before it can be read.
func (g *migration) refuseChanges(steps int) error {
	if steps == 0 {
		return nil
	}
	return kg.Invalid("start \"entente serve\" with it once, which brings it in line, or name another file",
		"%s is not in line with the model of this program, and it was opened for reading only", g.path)
}

// steps compares the file with the model and returns what is to be done.
func (g *migration) steps(ctx context.Context) ([]step, error) {
	objects, err := g.objects(ctx)
	if err != nil {
		return nil, err
	}
	if err := g.checkFile(ctx, objects); err != nil {
		return nil, err
	}
	var steps []step
	if len(objects) == 0 {
		for _, table := range baseTables {
			steps = append(steps, g.sql(table))
		}
		steps = append(steps, g.sql("INSERT INTO meta (key, value) VALUES ('schema', ?)", strconv.Itoa(schemaVersion)))
	}
	for _, t := range []struct {
		table  string
		shapes map[string]*shape
	}{{"node", g.model.kinds}, {"edge", g.model.relations}} {
		columns, err := g.columnSteps(ctx, t.table, t.shapes)
		if err != nil {
			return nil, err
		}
		steps = append(steps, columns...)
	}
	enums, err := g.enumSteps(ctx, len(objects) == 0)
	if err != nil {
		return nil, err
	}
	steps = append(steps, enums...)
	steps = append(steps, g.indexSteps(objects)...)
	search, err := g.searchSteps(ctx, objects)
	return append(steps, search...), err
}

func (g *migration) sql(text string, args ...any) step {
	return func(ctx context.Context) error { return g.c.exec(ctx, text, args...) }
}

// objects returns the SQL of the tables and indexes of the file, by name.
func (g *migration) objects(ctx context.Context) (map[string]string, error) {
	rows, err := g.c.texts(ctx, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
	objects := make(map[string]string, len(rows))
	for _, row := range rows {
		objects[row[0]] = row[1]
	}
	return objects, err
}

// checkFile refuses a file that is not ours, comes from a newer program, or holds what the model lacks.
func (g *migration) checkFile(ctx context.Context, objects map[string]string) error {
	if len(objects) == 0 {
		return nil
	}
	if objects["meta"] == "" || objects["node"] == "" || objects["edge"] == "" {
		return kg.Invalid("name another file", "%s is an SQLite file of another program", g.path)
	}
	text, err := g.meta(ctx, "schema")
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(text)
	if err != nil {
		return kg.Invalid("name another file", "%s has the schema version %q", g.path, text)
	}
	if version > schemaVersion {
		return kg.Invalid("use the newer program, or another file",
			"%s was written by a newer version of this program (schema %d; this one knows %d)", g.path, version, schemaVersion)
	}
	return g.checkContent(ctx)
}

// checkContent refuses a file with records of kinds and relations that the model
// no longer has: they could neither be shown nor deleted.
func (g *migration) checkContent(ctx context.Context) error {
	rows, err := g.c.texts(ctx, "SELECT what, name, CAST(n AS TEXT) FROM counter WHERE n > 0 ORDER BY what, name")
	for _, row := range rows {
		what, name := row[0], row[1]
		if what == countNodes && g.model.kinds[name] == nil || what == countEdges && g.model.relations[name] == nil {
			return kg.Invalid("put it back into the model, or load the data into a new file",
				"%s holds %s records of %s, which the model does not have", g.path, row[2], name)
		}
	}
	return err
}

// meta returns an entry of the table meta, or "".
func (g *migration) meta(ctx context.Context, key string) (string, error) {
	rows, err := g.c.texts(ctx, "SELECT value FROM meta WHERE key = ?", key)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0][0], nil
}

// columns returns the columns that a table has.
func (g *migration) columns(ctx context.Context, table string) (map[string]bool, error) {
	rows, err := g.c.texts(ctx, "SELECT name FROM pragma_table_info(?)", table)
	there := make(map[string]bool, len(rows))
	for _, row := range rows {
		there[row[0]] = true
	}
	return there, err
}

// columnSteps adds the columns that are missing. Those of an older model stay,
// unread: their values are there again when the model is.
func (g *migration) columnSteps(ctx context.Context, table string, shapes map[string]*shape) ([]step, error) {
	there, err := g.columns(ctx, table)
	if err != nil {
		return nil, err
	}
	var steps []step
	for _, c := range columnsOf(shapes) {
		if !there[c.name] {
			steps = append(steps, g.sql(fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s", quote(table), quote(c.name), c.sqlType)))
		}
	}
	return steps, nil
}

// indexSteps creates the indexes that are missing and drops those of an older model.
func (g *migration) indexSteps(objects map[string]string) []step {
	var steps []step
	wanted := map[string]bool{}
	for _, i := range g.model.indexes() {
		wanted[i.name()] = true
		if objects[i.name()] == "" {
			steps = append(steps, g.sql(i.ddl()))
		}
	}
	for _, name := range sortedKeys(objects) {
		if strings.HasPrefix(objects[name], "CREATE INDEX") && !wanted[name] {
			steps = append(steps, g.sql("DROP INDEX "+quote(name)))
		}
	}
	return steps
}
