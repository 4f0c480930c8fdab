package neo4j

import (
	"context"
	"strings"

	"entente/internal/store"
)

// Search reads the stretches of the page one after the other until it has enough.
func (s *Store) Search(ctx context.Context, q store.SearchQuery) (*store.SearchPage, error) {
	plan, err := store.PlanSearch(s.o, q)
	if err != nil {
		return nil, err
	}
	var hits []store.Hit
	count := 0
	err = s.reading(ctx, func(tx transaction) error {
		if hits, err = s.findHits(ctx, tx, plan); err != nil || !plan.Count {
			return err
		}
		count, err = s.countHits(ctx, tx, plan)
		return err
	})
	if err != nil {
		return nil, err
	}
	return plan.SearchPage(hits, count), nil
}

func (s *Store) findHits(ctx context.Context, tx transaction, plan *store.SearchPlan) ([]store.Hit, error) {
	var hits []store.Hit
	for _, stretch := range plan.Stretches() {
		st := s.searchStatement(plan, stretch, plan.Fetch()-len(hits))
		nodes, err := rows(ctx, tx, st, s.layout.readNode)
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			hits = append(hits, store.Hit{Node: n, Rank: stretch.Rank})
		}
		if len(hits) >= plan.Fetch() {
			break
		}
	}
	return hits, nil
}

func (s *Store) searchStatement(plan *store.SearchPlan, stretch store.Stretch, limit int) statement {
	r := newRenderer(s.layout)
	conditions := []string{"n" + s.searchedKinds(plan)}
	if stretch.Above != "" {
		conditions = append(conditions, r.compare("n.id", store.Gt, stretch.Above))
	}
	if stretch.Below != "" {
		conditions = append(conditions, r.compare("n.id", store.Lt, stretch.Below))
	}
	if condition := r.condition(plan.Where, s.hitScope(plan)); condition != always {
		conditions = append(conditions, condition)
	}
	order := "n.id"
	if plan.Backward {
		order = "n.id DESC"
	}
	r.params["query"], r.params["limit"] = ofRank(plan.Terms, stretch.Rank), limit
	return statement{
		cypher: callSearch + " WHERE " + strings.Join(conditions, " AND ") + " RETURN " + project(s.layout.kinds, "n") +
			" AS node ORDER BY " + order + " LIMIT $limit",
		params: r.params,
	}
}

const callSearch = "CALL db.index.fulltext.queryNodes('" + searchIndex + "', $query) YIELD node AS n"

// searchedKinds names each kind: the label of an interface would let in nodes of
// kinds that a program with a newer model has written.
func (s *Store) searchedKinds(plan *store.SearchPlan) string {
	return eachOf(s.hitScope(plan).kinds)
}

// hitScope is that of a node found by the full-text index.
func (s *Store) hitScope(plan *store.SearchPlan) scope {
	kinds := plan.Kinds
	if len(kinds) == 0 {
		kinds = s.o.KindNames()
	}
	return scope{node: "n", kinds: kinds}
}

func (s *Store) countHits(ctx context.Context, tx transaction, plan *store.SearchPlan) (int, error) {
	r := newRenderer(s.layout)
	where := " WHERE n" + s.searchedKinds(plan)
	if condition := r.condition(plan.Where, s.hitScope(plan)); condition != always {
		where += " AND " + condition
	}
	r.params["query"] = matching(plan.Terms)
	st := statement{cypher: callSearch + where + " RETURN count(n) AS count", params: r.params}
	counts, err := rows(ctx, tx, st, readCount)
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// ofRank writes the question for the hits of one rank in the language of the
// full-text index: those that match as the rank says, but not as a better one.
func ofRank(terms []string, rank int) string {
	last := len(terms) - 1
	switch rank {
	case 0:
		return inNames(terms, word(namesField, terms[last]))
	case 1:
		return inNames(terms, beginning(namesField, terms[last])) + " -" + word(namesField, terms[last])
	}
	return matching(terms) + " -(" + inNames(terms, beginning(namesField, terms[last])) + ")"
}

// inNames asks for every term but the last as a word of the name texts, and for the last as it is given.
func inNames(terms []string, last string) string {
	var parts []string
	for _, term := range terms[:len(terms)-1] {
		parts = append(parts, "+"+word(namesField, term))
	}
	return strings.Join(append(parts, "+"+last), " ")
}

// matching asks for every term in any text, the last one as the beginning of a word.
func matching(terms []string) string {
	var parts []string
	for i, term := range terms {
		form := word
		if i == len(terms)-1 {
			form = beginning
		}
		parts = append(parts, "+("+form(namesField, term)+" "+form(textsField, term)+")")
	}
	return strings.Join(parts, " ")
}

// word and beginning write a folded term, which is of letters and digits only
// and in lower case: nothing in it has a meaning of its own to the index.
func word(field, term string) string      { return field + `:"` + term + `"` }
func beginning(field, term string) string { return field + ":" + term + "*" }
