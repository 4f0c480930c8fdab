package storetest

import (
	"context"
	"slices"
	"strings"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Search implements store.Store.
func (s *Oracle) Search(ctx context.Context, q store.SearchQuery) (*store.SearchPage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	terms := strings.Fields(store.Fold(q.Text))
	if len(terms) == 0 || len(terms) > 50 || q.Page.Limit < 0 || q.Page.Limit > 1_000_000 {
		return nil, refuse("no words, or a page of %d", q.Page.Limit)
	}
	if err := s.checkKinds(q.Kinds); err != nil {
		return nil, err
	}
	for _, p := range []*kg.Position{q.Page.After, q.Page.Before} {
		if p != nil && !byRank().fits(p) {
			return nil, refuse("the position does not fit")
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var hits []placed[store.Hit]
	for _, n := range s.nodes {
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, n.Kind) || !s.sees(at(q.View), record{node: n}) {
			continue
		}
		if rank, found := s.rank(n, terms); found {
			hits = append(hits, placed[store.Hit]{store.Hit{Node: copyNode(n), Rank: rank}, []any{int64(rank), n.ID}})
		}
	}
	page := &store.SearchPage{}
	if q.Count {
		page.Count = len(hits)
	}
	page.Hits, page.More = cut(byRank(), hits, q.Page)
	return page, nil
}

// byRank is the order of hits.
func byRank() ordering {
	return ordering{
		{SortKey: kg.SortKey{Property: "rank"}, typ: ontology.Int},
		{SortKey: kg.SortKey{Property: "id"}, typ: ontology.ID},
	}
}

// rank tells whether the words of a node meet all terms, and how well.
func (s *Oracle) rank(n *kg.Node, terms []string) (rank int, found bool) {
	names := words(n.ID)
	all := words(n.ID)
	for _, p := range s.o.Kind(n.Kind).Properties {
		if !p.Text {
			continue
		}
		texts := elements(n.Props.Get(p.Name))
		if text, ok := n.Props.Get(p.Name).(string); ok {
			texts = []any{text}
		}
		for _, text := range texts {
			all = append(all, words(text.(string))...)
			if p.Name == "name" || p.Name == "aliases" {
				names = append(names, words(text.(string))...)
			}
		}
	}
	last := terms[len(terms)-1]
	isLast := func(w string) bool { return strings.HasPrefix(w, last) }
	hasRest := func(words []string) bool {
		return !slices.ContainsFunc(terms[:len(terms)-1], func(t string) bool { return !slices.Contains(words, t) })
	}
	switch {
	case hasRest(names) && slices.Contains(names, last):
		return 0, true
	case hasRest(names) && slices.ContainsFunc(names, isLast):
		return 1, true
	}
	return 2, hasRest(all) && slices.ContainsFunc(all, isLast)
}

func words(text string) []string { return strings.Fields(store.Fold(text)) }
