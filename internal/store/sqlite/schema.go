package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// schemaVersion counts the changes to what follows that an older program cannot read.
const schemaVersion = 1

// Two tables hold the graph. Inside, records are known by dense integers (pk);
// ids are what the outside sees. Evidence is JSON, see encodeEvidence. The
// search table holds folded texts only, split at spaces: the tokenizer "ascii"
// takes every character beyond ASCII as part of a word.
var baseTables = []string{
	`CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
	`CREATE TABLE counter (what TEXT NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (what, name)) STRICT, WITHOUT ROWID`,
	`CREATE TABLE node (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, evidence TEXT) STRICT`,
	`CREATE TABLE edge (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
		src INTEGER NOT NULL REFERENCES node (pk) DEFERRABLE INITIALLY DEFERRED, dst INTEGER NOT NULL REFERENCES node (pk) DEFERRABLE INITIALLY DEFERRED, evidence TEXT) STRICT`,
}

const searchTable = `CREATE VIRTUAL TABLE search USING fts5(name, other,
	content='', contentless_delete=1, detail=column, prefix='2 3', tokenize='ascii')`

// What the counters count.
const (
	countNodes = "node"
	countEdges = "edge"
)

// index is a secondary index, named after its table, kind and columns. Those of
// nodes hold one kind each: an index over all kinds would have an entry for
// every node, most of them empty, and without statistics the planner would take
// the condition on the kind for the most selective of all.
type index struct {
	table, kind string
	columns     []string
}

func (i index) name() string {
	name := i.table
	if i.kind != "" {
		name += "_of_" + i.kind
	}
	return name + "_by_" + strings.Join(i.columns, "_and_")
}

func (i index) ddl() string {
	quoted := make([]string, len(i.columns))
	for j, c := range i.columns {
		quoted[j] = quote(c)
	}
	ddl := fmt.Sprintf("CREATE INDEX %s ON %s (%s)", quote(i.name()), quote(i.table), strings.Join(quoted, ", "))
	if i.kind != "" {
		ddl += " WHERE kind = " + literal(i.kind)
	}
	return ddl
}

// indexes returns the secondary indexes the model asks for. Each ends on the
// id, by which every order ends.
func (m *model) indexes() []index {
	list := []index{
		{"edge", "", []string{"src", "type", "id"}},
		{"edge", "", []string{"dst", "type", "id"}},
	}
	for _, k := range m.Kinds {
		list = append(list, index{"node", k.Name, []string{"id"}})
		for _, c := range indexedColumns(m.kinds[k.Name]) {
			list = append(list, index{"node", k.Name, append(c, "id")})
		}
	}
	return list
}

// indexedColumns returns the columns, or groups of them, by which nodes are filtered and ordered.
func indexedColumns(s *shape) [][]string {
	var groups [][]string
	for _, sl := range s.slots {
		switch sl.storage {
		case asList:
		case asDate:
			earliest, latest := sl.column+store.EarliestSuffix, sl.column+store.LatestSuffix
			groups = append(groups, []string{earliest, latest}, []string{latest})
		default:
			groups = append(groups, []string{sl.column})
		}
	}
	return groups
}

// columnsOf returns the columns that the shapes ask of their table, each once.
func columnsOf(shapes map[string]*shape) []column {
	var columns []column
	for _, name := range sortedKeys(shapes) {
		for _, c := range shapes[name].columns() {
			if !slices.Contains(columns, c) {
				columns = append(columns, c)
			}
		}
	}
	return columns
}

// checkNames refuses properties whose columns SQLite would take for one: it does not tell cases apart.
func checkNames(columns []column) error {
	seen := map[string]string{}
	for _, c := range columns {
		folded := strings.ToLower(c.name)
		if other, ok := seen[folded]; ok {
			return kg.Invalid("rename one of them", "the properties %q and %q of the model differ in case only, which the embedded store cannot tell apart",
				other[2:], c.name[2:])
		}
		seen[folded] = c.name
	}
	return nil
}

// migration brings a file in line with the model.
type migration struct {
	c     *conn
	model *model
	path  string
}

// run changes what has to be changed and nothing else; when nothing has, it does not write.
func (g *migration) run(ctx context.Context) error {
	for _, columns := range [][]column{columnsOf(g.model.kinds), columnsOf(g.model.relations)} {
		if err := checkNames(columns); err != nil {
			return err
		}
	}
	steps, err := g.steps(ctx)
	if err != nil || len(steps) == 0 {
		return err
	}
	return g.c.inTransaction(ctx, "BEGIN IMMEDIATE", func() error {
		steps, err := g.steps(ctx) // again: another process may have been faster
		if err != nil {
			return err
		}
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// steps compares the file with the model and returns what is to be done.
func (g *migration) steps(ctx context.Context) ([]func(context.Context) error, error) {
	objects, err := g.objects(ctx)
	if err != nil {
		return nil, err
	}
	if err := g.checkFile(ctx, objects); err != nil {
		return nil, err
	}
	var steps []func(context.Context) error
	sql := func(text string, args ...any) {
		steps = append(steps, func(ctx context.Context) error { return g.c.exec(ctx, text, args...) })
	}
	if objects["meta"] == "" {
		for _, table := range baseTables {
			sql(table)
		}
		sql("INSERT INTO meta (key, value) VALUES ('schema', ?)", strconv.Itoa(schemaVersion))
	}
	if err := g.columnSteps(ctx, sql); err != nil {
		return nil, err
	}
	g.indexSteps(objects, sql)
	return g.searchSteps(ctx, objects, steps)
}

// objects returns the SQL of the tables and indexes of the file, by name.
func (g *migration) objects(ctx context.Context) (map[string]string, error) {
	objects := map[string]string{}
	err := g.c.query(ctx, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL", nil, func(row []any) error {
		objects[row[0].(string)] = row[1].(string)
		return nil
	})
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

// checkContent refuses a file with records of kinds and relations that the model no longer has.
func (g *migration) checkContent(ctx context.Context) error {
	return g.c.query(ctx, "SELECT what, name, n FROM counter WHERE n > 0 ORDER BY what, name", nil, func(row []any) error {
		what, name := row[0].(string), row[1].(string)
		if what == countNodes && g.model.kinds[name] == nil || what == countEdges && g.model.relations[name] == nil {
			return kg.Invalid("put it back into the model, or load the data into a new file",
				"%s holds %d records of %s, which the model does not have", g.path, row[2], name)
		}
		return nil
	})
}

func (g *migration) meta(ctx context.Context, key string) (value string, err error) {
	err = g.c.query(ctx, "SELECT value FROM meta WHERE key = ?", []any{key}, func(row []any) error {
		value = row[0].(string)
		return nil
	})
	return value, err
}

func (g *migration) columnSteps(ctx context.Context, sql func(string, ...any)) error {
	for table, shapes := range map[string]map[string]*shape{"node": g.model.kinds, "edge": g.model.relations} {
		there := map[string]bool{}
		err := g.c.query(ctx, "SELECT name FROM pragma_table_info(?)", []any{table}, func(row []any) error {
			there[row[0].(string)] = true
			return nil
		})
		if err != nil {
			return err
		}
		for _, c := range columnsOf(shapes) {
			if !there[c.name] {
				sql(fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s", quote(table), quote(c.name), c.sqlType))
			}
		}
	}
	return nil
}

// indexSteps creates the indexes that are missing and drops those of an older model.
func (g *migration) indexSteps(objects map[string]string, sql func(string, ...any)) {
	wanted := map[string]bool{}
	for _, i := range g.model.indexes() {
		wanted[i.name()] = true
		if objects[i.name()] == "" {
			sql(i.ddl())
		}
	}
	for _, name := range sortedKeys(objects) {
		if strings.Contains(name, "_by_") && strings.HasPrefix(objects[name], "CREATE INDEX") && !wanted[name] {
			sql("DROP INDEX " + quote(name))
		}
	}
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
