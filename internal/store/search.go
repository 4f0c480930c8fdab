package store

import (
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
)

// Ranks is the number of ranks a hit can have: 0, 1 and 2. See Store.Search.
const Ranks = 3

// SearchPlan is a SearchQuery, checked and made concrete.
type SearchPlan struct {
	Terms    []string // folded; only the last may match as the beginning of a word
	Kinds    []string // empty: all
	Where    Pred     // on the node
	Limit    int
	Count    bool
	Backward bool
	after    *kg.Position
	before   *kg.Position
}

// Stretch is a part of the hits: those of one rank whose id lies strictly
// between Above and Below (empty: no bound). They are read in the order of
// their ids, descending when the plan is Backward.
type Stretch struct {
	Rank         int
	Above, Below string
}

// PlanSearch compiles a search.
func PlanSearch(o *ontology.Ontology, q SearchQuery) (*SearchPlan, error) {
	terms, err := Terms(q.Text)
	if err != nil {
		return nil, err
	}
	if err := checkKinds(o, q.Kinds); err != nil {
		return nil, err
	}
	if err := checkLimit(q.Page.Limit, 0); err != nil {
		return nil, err
	}
	order := []Sort{{Field: Field{Name: "rank", Type: ontology.Int}}, {Field: Field{Name: "id", Type: ontology.ID}}}
	p := &SearchPlan{Terms: terms, Kinds: q.Kinds, Limit: q.Page.Limit, Count: q.Count, Backward: q.Page.Backward}
	p.Where = scope{o: o, kinds: kindsOr(o, q.Kinds), view: q.View}.within(AllOf{})
	if p.after, err = typed(order, q.Page.After); err != nil {
		return nil, err
	}
	p.before, err = typed(order, q.Page.Before)
	return p, err
}

// Stretches returns the parts of the window in the order of reading.
func (p *SearchPlan) Stretches() []Stretch {
	var parts []Stretch
	for rank := range Ranks {
		s := Stretch{Rank: rank}
		if p.after != nil {
			if first := p.after.Keys[0].(int64); int64(rank) < first {
				continue
			} else if int64(rank) == first {
				s.Above = p.after.ID
			}
		}
		if p.before != nil {
			if last := p.before.Keys[0].(int64); int64(rank) > last {
				continue
			} else if int64(rank) == last {
				s.Below = p.before.ID
			}
		}
		parts = append(parts, s)
	}
	if p.Backward {
		slices.Reverse(parts)
	}
	return parts
}

// Fetch is the number of hits to read: one more than the page, to see whether there are more.
func (p *SearchPlan) Fetch() int { return p.Limit + 1 }

// SearchPage makes a page of the hits that an engine read, and of the count where one was asked for.
func (p *SearchPlan) SearchPage(read []Hit, count int) *SearchPage {
	hits, more := trim(&Plan{Limit: p.Limit, backward: p.Backward}, read)
	return &SearchPage{Hits: hits, More: more, Count: count}
}
