package neo4j

import (
	"context"
	"fmt"
	"strings"

	"entente/internal/kg"
)

// checkContent refuses a database with records of kinds and relations that the
// model does not have, as a newer one leaves them: they could neither be shown
// nor deleted.
func (s *Store) checkContent(ctx context.Context) error {
	strange, err := s.strangeNodes(ctx)
	if err != nil || len(strange) > 0 {
		return s.refuse(strange, err)
	}
	return s.refuse(s.strangeEdges(ctx))
}

// strangeRecords are those of one kind or relation that the model lacks, or nodes without a kind.
type strangeRecords struct {
	name  string
	count int
}

func (s *Store) refuse(found []strangeRecords, err error) error {
	if err != nil || len(found) == 0 {
		return err
	}
	if found[0].name == "" {
		return kg.Invalid("take "+entityLabel+" off them, or load the data into another database",
			"the database at %s holds %d nodes with the label %s and none that says of what kind they are", s.address, found[0].count, entityLabel)
	}
	return kg.Invalid("put it back into the model, or load the data into another database",
		"the database at %s holds %d records of %s, which the model does not have", s.address, found[0].count, found[0].name)
}

func readStrange(values []any) (strangeRecords, error) {
	name, ok := values[0].(string)
	if !ok {
		return strangeRecords{}, fmt.Errorf("a name came as %T", values[0])
	}
	count, err := readCount(values[1:])
	return strangeRecords{name, count}, err
}

// strangeNodes compares numbers that the server keeps, and looks at nodes only where they differ.
func (s *Store) strangeNodes(ctx context.Context) ([]strangeRecords, error) {
	all, err := ask(ctx, s, statement{cypher: "MATCH (n" + label(entityLabel) + ") RETURN count(n) AS count"}, readCount)
	if err != nil {
		return nil, err
	}
	counts, err := s.Counts(ctx, nil)
	if err != nil || all[0] == counts.Nodes() {
		return nil, err
	}
	var known, interfaces []string
	for _, r := range s.layout.kinds {
		known = append(known, "n"+label(r.name))
	}
	for _, i := range s.o.Interfaces {
		interfaces = append(interfaces, i.Name)
	}
	return ask(ctx, s, statement{
		cypher: "MATCH (n" + label(entityLabel) + ") WHERE NOT (" + strings.Join(known, " OR ") + ") WITH [l IN labels(n) WHERE NOT l IN $others] AS kind " +
			"RETURN reduce(name = '', l IN kind | name + CASE name WHEN '' THEN '' ELSE ':' END + l) AS name, count(*) AS count ORDER BY name",
		params: map[string]any{"others": append(interfaces, entityLabel)},
	}, readStrange)
}

// strangeEdges looks at relationships between nodes of ours, of types that are none of ours.
func (s *Store) strangeEdges(ctx context.Context) ([]strangeRecords, error) {
	var known []string
	for _, r := range s.layout.relations {
		known = append(known, r.name)
	}
	types, err := ask(ctx, s, statement{
		cypher: "CALL db.relationshipTypes() YIELD relationshipType AS type WHERE NOT type IN $known RETURN type, 0 AS count ORDER BY type",
		params: map[string]any{"known": known},
	}, readStrange)
	if err != nil {
		return nil, err
	}
	for _, t := range types {
		// The server keeps the number of those that leave a node of ours: where another
		// program's data lies beside, that is mostly none, and its relationships are left alone.
		from := "MATCH (" + label(entityLabel) + ")-[e" + label(t.name) + "]->"
		found, err := ask(ctx, s, statement{
			cypher: from + "() WITH count(e) AS leaving WHERE leaving > 0 " + from + "(" + label(entityLabel) + ") WITH count(e) AS count WHERE count > 0 RETURN $type AS type, count",
			params: map[string]any{"type": t.name},
		}, readStrange)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}
