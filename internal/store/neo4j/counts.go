package neo4j

import (
	"context"
	"fmt"
	"strings"

	"entente/internal/store"
)

// Counts asks for numbers that the server keeps, in one statement.
func (s *Store) Counts(ctx context.Context) (*store.Counts, error) {
	sizes, err := ask(ctx, s, s.countsStatement(), readSize)
	if err != nil {
		return nil, err
	}
	c := &store.Counts{Kinds: map[string]int{}, Types: map[string]int{}}
	for _, z := range sizes {
		switch {
		case z.count == 0:
		case z.ofType:
			c.Types[s.layout.relations[z.number].name] = z.count
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
