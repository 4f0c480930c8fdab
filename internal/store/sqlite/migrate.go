package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entente/internal/kg"
)

// migration brings a file in line with this program: its format and the model.
type migration struct {
	c       *conn
	model   *model
	formats []formatChange
	path    string
	fixed   bool     // nothing may be changed
	upgrade *Upgrade // what was done to a file with records
}

// plan is what is to be done to a file.
type plan struct {
	isNew  bool   // there is nothing in the file
	format int    // of the file
	steps  []step // what the model asks of a file of the present format
}

// step is one change to the file.
type step struct {
	verb, name string // what it does to what, for people; without, it only notes something about the file
	run        func(context.Context) error
}

// run changes what has to be changed and nothing else; when nothing has, it does
// not write. A file that is refused stays as it is.
func (g *migration) run(ctx context.Context) error {
	if err := g.model.checkNames(); err != nil {
		return err
	}
	p, err := g.plan(ctx)
	if err != nil {
		return err
	}
	if g.fixed {
		return g.refuseChanges(p)
	}
	if p.format < g.version() || len(p.steps) > 0 {
		if err := g.change(ctx); err != nil {
			return err
		}
	}
	return g.c.exec(ctx, "PRAGMA journal_mode = WAL") // last, for it changes the file as well
}

// refuseChanges refuses a file that would have to be changed before it can be read.
func (g *migration) refuseChanges(p *plan) error {
	if p.format == g.version() && len(p.steps) == 0 {
		return nil
	}
	return kg.Invalid("start \"entente serve\" with it once, which brings it in line, or name another file",
		"%s is not in line with the model of this program, and it was opened for reading only", g.path)
}

// change does all of it in one transaction, which keeps others from writing from
// before the copy is made.
func (g *migration) change(ctx context.Context) error {
	return g.c.inTransaction(ctx, "BEGIN IMMEDIATE", func() error {
		p, err := g.plan(ctx) // again: another process may have been faster
		if err != nil {
			return err
		}
		if p.needsCopy(g.version()) {
			if g.upgrade, err = g.copied(ctx); err != nil {
				return err
			}
		}
		if err := g.carryOut(ctx, p); err != nil {
			err = g.upgrade.undone(err)
			g.upgrade = nil
			return err
		}
		return nil
	})
}

// needsCopy reports whether more is done than to note something in a file that is there.
func (p *plan) needsCopy(version int) bool {
	return !p.isNew && (p.format < version || slices.ContainsFunc(p.steps, func(s step) bool { return s.verb != "" }))
}

// carryOut changes the format, then what the model asks for.
func (g *migration) carryOut(ctx context.Context, p *plan) (err error) {
	steps := p.steps
	if p.format < g.version() {
		if err := g.changeFormat(ctx, p.format); err != nil {
			return err
		}
		now, err := g.plan(ctx)
		if err != nil {
			return err
		}
		steps = now.steps
	}
	for _, s := range steps {
		if err := s.run(ctx); err != nil {
			return err
		}
	}
	if g.upgrade != nil {
		g.upgrade.Changes = append(g.formatsSince(p.format), summary(steps)...)
	}
	return nil
}

// plan compares the file with this program.
func (g *migration) plan(ctx context.Context) (*plan, error) {
	objects, err := g.objects(ctx)
	if err != nil {
		return nil, err
	}
	p := &plan{isNew: len(objects) == 0, format: g.version()}
	if p.isNew {
		for _, table := range baseTables {
			p.steps = append(p.steps, g.sql("", "", table))
		}
		p.steps = append(p.steps, g.sql("", "", "INSERT INTO meta (key, value) VALUES ('schema', ?)", strconv.Itoa(g.version())))
	} else {
		if p.format, err = g.format(ctx, objects); err != nil || p.format < g.version() {
			return p, err
		}
		if err := g.checkContent(ctx); err != nil {
			return nil, err
		}
	}
	steps, err := g.modelSteps(ctx, objects)
	p.steps = append(p.steps, steps...)
	return p, err
}

// modelSteps compares a file of the present format with the model.
func (g *migration) modelSteps(ctx context.Context, objects map[string]string) ([]step, error) {
	var steps []step
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

// sql is a step of one statement.
func (g *migration) sql(verb, name, text string, args ...any) step {
	return step{verb, name, func(ctx context.Context) error { return g.c.exec(ctx, text, args...) }}
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
			steps = append(steps, g.sql("added columns", table+"."+c.name, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s", quote(table), quote(c.name), c.sqlType)))
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
			steps = append(steps, g.sql("built indexes", i.name(), i.ddl()))
		}
	}
	for _, name := range sortedKeys(objects) {
		if strings.HasPrefix(objects[name], "CREATE INDEX") && !wanted[name] {
			steps = append(steps, g.sql("dropped indexes", name, "DROP INDEX "+quote(name)))
		}
	}
	return steps
}
