package sqlite

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"entente/internal/store/storetest"
)

// captured returns every statement that exercising a store runs.
func captured(t *testing.T, s *Store) []string {
	t.Helper()
	var mu sync.Mutex
	seen := map[string]bool{}
	for _, c := range s.conns {
		c.trace = func(text string) {
			mu.Lock()
			defer mu.Unlock()
			seen[text] = true
		}
	}
	storetest.Exercise(t.Context(), t, s)
	for _, c := range s.conns {
		c.trace = nil
	}
	return sortedKeys(seen)
}

// harmless are the steps of a plan that look at nothing but lists, results of
// inner selects, the search index, and the nodes of one kind in the order of an index.
var harmless = regexp.MustCompile(`^SCAN (\w+ (EXISTS )?VIRTUAL TABLE|\(?subquery|CONSTANT ROW|walk$|\d+-ROW VALUES CLAUSE|counter$|\w+ USING (COVERING )?INDEX \w+_of_)`)

// TestNoFullScans explains every statement and refuses plans that read a whole table.
func TestNoFullScans(t *testing.T) {
	s := newStore(t, storetest.Model(t))
	statements := captured(t, s)
	if len(statements) < 100 {
		t.Errorf("only %d statements were captured", len(statements))
	}
	c := <-s.readers
	defer func() { s.readers <- c }()
	transaction := []string{"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"}
	for _, text := range statements {
		if slices.Contains(transaction, text) {
			continue
		}
		var plan []string
		args := make([]any, strings.Count(text, "?"))
		err := c.query(t.Context(), "EXPLAIN QUERY PLAN "+text, args, func(row []any) error {
			plan = append(plan, fmt.Sprint(row[3]))
			return nil
		})
		if err != nil {
			t.Errorf("%v", err)
		}
		for _, step := range plan {
			if strings.HasPrefix(step, "SCAN ") && !harmless.MatchString(step) {
				t.Errorf("%s\nin %s\nof %.1000s", step, strings.Join(plan, "\n   "), text)
			}
		}
	}
}
