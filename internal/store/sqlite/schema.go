package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/store"
)

// Two tables hold the graph. Inside, records are known by dense integers (pk);
// ids are what the outside sees. Evidence is JSON, see encodeEvidence. The
// search table holds folded texts only, split at spaces: the tokenizer "ascii"
// takes every character beyond ASCII as part of a word.
//
// The references are for whoever opens the file. The engine does not enforce
// them: a batch looks up the ends of its edges in the transaction that writes
// them, and having that checked again takes a tenth of the time of a load.
//
// What changes here so that an older program cannot read it, or so that this one
// cannot read what an older one wrote, is an entry of formatChanges.
var baseTables = []string{
	`CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`,
	`CREATE TABLE counter (what TEXT NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (what, name)) STRICT, WITHOUT ROWID`,
	`CREATE TABLE node (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, evidence TEXT) STRICT`,
	`CREATE TABLE edge (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
		src INTEGER NOT NULL REFERENCES node (pk), dst INTEGER NOT NULL REFERENCES node (pk), evidence TEXT) STRICT`,
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
			groups = append(groups, []string{sl.column + store.EarliestSuffix, sl.column + store.LatestSuffix})
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

// checkNames refuses properties of different kinds whose columns SQLite would
// take for one: it does not tell cases apart. (Within a kind the ontology sees to it.)
func (m *model) checkNames() error {
	for _, names := range [][]string{propertyNames(m.kinds), propertyNames(m.relations)} {
		seen := map[string]string{}
		for _, name := range names {
			folded := strings.ToLower(name)
			if other, ok := seen[folded]; ok && other != name {
				return kg.Invalid("rename one of them",
					"the properties %q and %q of the model differ in case only, which the embedded store cannot tell apart", other, name)
			}
			seen[folded] = name
		}
	}
	return nil
}

func propertyNames(shapes map[string]*shape) []string {
	var names []string
	for _, kind := range sortedKeys(shapes) {
		for _, sl := range shapes[kind].slots {
			names = append(names, sl.property.Name)
		}
	}
	return names
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
