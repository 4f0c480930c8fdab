package neo4j

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"entente/internal/kg"
)

// schemaPrefix begins the names of all constraints and indexes of ours; what
// has another name is left alone. The rest of a name says what is indexed, so
// that a change of the model makes another name.
const schemaPrefix = "entente_"

// schemaTimeout bounds the building of constraints and indexes over a graph that is already there.
const schemaTimeout = 10 * time.Minute

// schemaItem is a constraint or an index that is there.
type schemaItem struct {
	name       string
	constraint bool
	online     bool
}

// prepare makes the database fit the ontology: its constraints, its indexes,
// and what is stored beside the values themselves. One that is refused stays as it is.
func (s *Store) prepare(ctx context.Context) error {
	found, err := s.meta(ctx)
	if err != nil {
		return err
	}
	if err := s.checkContent(ctx); err != nil {
		return err
	}
	have, err := ask(ctx, s, statement{
		cypher: "SHOW INDEXES YIELD name, owningConstraint, state WHERE name STARTS WITH $prefix RETURN name, owningConstraint IS NOT NULL AS constraint, state = 'ONLINE' AS online",
		params: map[string]any{"prefix": schemaPrefix},
	}, readSchemaItem)
	if err != nil {
		return err
	}
	changes, settled := schemaChanges(have, s.layout.schema())
	if !settled {
		if s.cfg.ReadOnly {
			return s.notInLine()
		}
		if err := s.change(ctx, changes); err != nil {
			return err
		}
	}
	return s.refit(ctx, found)
}

// notInLine refuses a database that would have to be changed before it can be read.
func (s *Store) notInLine() error {
	return kg.Invalid("start \"entente serve\" with it once, which brings it in line",
		"the database at %s is not in line with the model of this program, and it is to be read only", s.address)
}

func readSchemaItem(values []any) (schemaItem, error) {
	name, okName := values[0].(string)
	constraint, okConstraint := values[1].(bool)
	online, okOnline := values[2].(bool)
	if !okName || !okConstraint || !okOnline {
		return schemaItem{}, fmt.Errorf("an index came as %v", values)
	}
	return schemaItem{name, constraint, online}, nil
}

// schemaChanges writes what makes the wanted schema of the one that is there;
// settled says that nothing has to be done or waited for.
func schemaChanges(have []schemaItem, wanted map[string]string) (changes []statement, settled bool) {
	settled = true
	for _, item := range have {
		switch {
		case wanted[item.name] != "":
			delete(wanted, item.name)
			settled = settled && item.online
		case item.constraint:
			changes = append(changes, statement{cypher: "DROP CONSTRAINT " + quote(item.name) + " IF EXISTS"})
		default:
			changes = append(changes, statement{cypher: "DROP INDEX " + quote(item.name) + " IF EXISTS"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		changes = append(changes, statement{cypher: wanted[name]})
	}
	return changes, settled && len(changes) == 0
}

// change changes the schema in one transaction, and waits until all indexes can be used.
func (s *Store) change(ctx context.Context, changes []statement) error {
	err := s.inSession(ctx, neo4j.AccessModeWrite, func(ctx context.Context, tx transaction) error {
		for _, st := range changes {
			if _, err := tx.run(ctx, st); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.inSession(ctx, neo4j.AccessModeRead, func(ctx context.Context, tx transaction) error {
		_, err := tx.run(ctx, statement{
			cypher: "CALL db.awaitIndexes($seconds)", params: map[string]any{"seconds": int64(schemaTimeout.Seconds())},
		})
		return err
	})
}

// inSession runs a part of a change of the schema, again where it fails for a passing reason.
func (s *Store) inSession(ctx context.Context, mode neo4j.AccessMode, work func(ctx context.Context, tx transaction) error) error {
	return s.repeat(ctx, limits{total: schemaTimeout + grace, patience: writePatience}, func(ctx context.Context) error {
		session := s.session(ctx, mode)
		run := session.ExecuteRead
		if mode == neo4j.AccessModeWrite {
			run = session.ExecuteWrite
		}
		_, err := run(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
			return nil, work(ctx, transaction{s, tx})
		}, neo4j.WithTxTimeout(schemaTimeout))
		return closing(ctx, session, err)
	})
}

// schema returns the statement that creates each constraint and index, by name.
func (l *layout) schema() map[string]string {
	all := map[string]string{}
	unique := func(name, pattern string) {
		name = schemaPrefix + name
		all[name] = "CREATE CONSTRAINT " + quote(name) + " IF NOT EXISTS FOR " + pattern + " REQUIRE x.id IS UNIQUE"
	}
	unique("meta.id", "(x"+label(metaLabel)+")")
	unique("node.id", "(x"+label(entityLabel)+")")
	for _, r := range l.relations {
		unique("edge."+r.name+".id", "()-[x"+label(r.name)+"]-()")
	}
	for _, r := range l.kinds {
		unique("node."+r.name+".id", "(x"+label(r.name)+")")
		for _, columns := range r.indexes() {
			name := schemaPrefix + "node." + r.name + "." + strings.Join(columns, ".")
			all[name] = "CREATE RANGE INDEX " + quote(name) + " IF NOT EXISTS FOR (x" + label(r.name) + ") ON (" + each(columns) + ")"
		}
	}
	all[searchIndex] = "CREATE FULLTEXT INDEX " + quote(searchIndex) + " IF NOT EXISTS FOR (x" + label(entityLabel) + ") ON EACH [" +
		each([]string{namesField, textsField}) + "] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"
	return all
}

func each(columns []string) string {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = "x." + quote(c)
	}
	return strings.Join(quoted, ", ")
}
