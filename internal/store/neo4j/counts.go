package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entente/internal/store"
)

// Counts asks for numbers that the server keeps, or counts what is in a view, in one statement.
func (s *Store) Counts(ctx context.Context, v *store.View) (*store.Counts, error) {
	st := s.countsStatement()
	if v != nil {
		st = s.countsWithin(store.PlanCounts(s.o, v))
	}
	sizes, err := ask(ctx, s, st, readSize)
	if err != nil {
		return nil, err
	}
	c := &store.Counts{Kinds: map[string]int{}, Types: map[string]int{}}
	for _, z := range sizes {
		switch {
		case z.count == 0:
		case z.ofType:
			c.Types[s.layout.relations[z.number].name] += z.count
		default:
			c.Kinds[s.layout.kinds[z.number].name] = z.count
		}
	}
	return c, nil
}

// countsStatement returns the count of each kind and relation, which it names by its place in the layout.
func (s *Store) countsStatement() statement {
	var arms []string
	for _, r := range s.layout.kinds {
		arms = append(arms, fmt.Sprintf("MATCH (n%s) WITH count(n) AS count RETURN count, %d AS number, false AS ofType", label(r.name), r.number))
	}
	for _, r := range s.layout.relations {
		arms = append(arms, fmt.Sprintf("MATCH ()-[e%s]->() WITH count(e) AS count RETURN count, %d AS number, true AS ofType", label(r.name), r.number))
	}
	return statement{cypher: strings.Join(arms, " UNION ALL ")}
}

// countsWithin returns the same of what is in a view, record by record: edges are
// reached from the nodes they leave, kind by kind, which an index lists.
func (s *Store) countsWithin(plan *store.CountPlan) statement {
	r := newRenderer(s.layout)
	var arms []string
	for _, k := range plan.Kinds {
		record := s.layout.recordsOf([]string{k.Kind})[0]
		if match, _, ok := r.matchAll(record, k.Where); ok {
			arms = append(arms, fmt.Sprintf("%s WITH count(n) AS count RETURN count, %d AS number, false AS ofType", match, record.number))
		}
	}
	for _, rel := range plan.Relations {
		far := r.condition(rel.Where, scope{node: "n", edge: "e", kinds: rel.To})
		for _, kind := range rel.From {
			near := join(slices.DeleteFunc([]string{"p.id IS NOT NULL", r.condition(rel.NearWhere, scope{node: "p", kinds: []string{kind}})},
				func(c string) bool { return c == always }), " AND ", always)
			arms = append(arms, fmt.Sprintf("MATCH (p%s) WHERE %s CALL (p) { MATCH (p)-[e%s]->(n)%s RETURN count(e) AS edges } WITH sum(edges) AS count RETURN count, %d AS number, true AS ofType",
				label(kind), near, label(rel.Type), whereClause(far), s.layout.byType[rel.Type].number))
		}
	}
	return statement{strings.Join(arms, " UNION ALL "), r.params}
}

// size is the number of records of a kind or a relation.
type size struct {
	count, number int
	ofType        bool
}

func readSize(values []any) (size, error) {
	count, err := readCount(values)
	if err != nil {
		return size{}, err
	}
	number, err := readCount(values[1:])
	if err != nil {
		return size{}, err
	}
	ofType, ok := values[2].(bool)
	if !ok {
		return size{}, fmt.Errorf("a count came with %T", values[2])
	}
	return size{count, number, ofType}, nil
}
