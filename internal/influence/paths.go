package influence

import (
	"context"
	"slices"

	"entente/internal/kg"
)

// What a question about two nodes can ask for.
const (
	MaxLength = 12  // hops of a path
	MaxPaths  = 100 // paths of an answer, ties apart
)

// PathsQuery asks for paths from one node to another.
type PathsQuery struct {
	From, To   string
	Order      Order
	First      int  // how many, 1 to MaxPaths
	Ties       bool // also those as good as the last one
	Undirected bool // ignore which way influence goes, and with it all dates
	Length     int  // hops at most, 1 to MaxLength
	Must       Conditions
	Rules      Rules
	Budget     Budget
}

// Paths are the paths found, best first.
type Paths struct {
	From, To *kg.Node
	Paths    []*Path
	Spent    Spent
}

// Paths finds the best paths between two nodes.
func (g *Engine) Paths(ctx context.Context, q PathsQuery) (*Paths, error) {
	if err := check("the number of paths", q.First, MaxPaths); err != nil {
		return nil, err
	}
	p, err := g.pair(ctx, q.pairQuery())
	if err != nil {
		return nil, err
	}
	defer p.done()
	found, err := p.best(q)
	if err != nil {
		return nil, err
	}
	return &Paths{From: p.from, To: p.to, Paths: found, Spent: p.meter.Spent}, nil
}

func (q PathsQuery) pairQuery() pairQuery {
	return pairQuery{q.From, q.To, q.Undirected, q.Length, q.Rules, q.Budget}
}

// pairQuery is what all questions about two nodes have in common.
type pairQuery struct {
	from, to   string
	undirected bool
	length     int
	rules      Rules
	budget     Budget
}

// pair is a question about two nodes being answered.
type pair struct {
	ctx      context.Context // ends with the time allowed
	done     context.CancelFunc
	meter    *meter
	from, to *kg.Node
	between  *between
	model    *model
	timed    bool
	length   int
}

func (g *Engine) pair(ctx context.Context, q pairQuery) (*pair, error) {
	if err := check("the length of paths", q.length, MaxLength); err != nil {
		return nil, err
	}
	if q.from == q.to {
		return nil, kg.Invalid("name two different nodes", "the path leads from %s to itself", q.from)
	}
	m, err := newModel(g.Ontology, q.rules)
	if err != nil {
		return nil, err
	}
	ends, err := known(ctx, g.Store, q.from, q.to)
	if err != nil {
		return nil, err
	}
	d := Down
	if q.undirected {
		d = Both
	}
	p := &pair{from: ends[q.from], to: ends[q.to], model: m, timed: !q.undirected, length: q.length}
	p.ctx, p.done, p.meter = q.budget.start(ctx)
	p.between = newBetween(g.Store, m, p.meter, d, p.from, p.to)
	return p, nil
}

// best reads further and further until no better path can be beyond what is known.
func (p *pair) best(q PathsQuery) ([]*Path, error) {
	for length := 1; ; length++ {
		if err := p.between.reach(p.ctx, length); err != nil {
			return nil, err
		}
		length = min(max(length, p.between.length), p.length)
		last := length == p.length || p.meter.Cut != None
		if !last && !p.joined() {
			continue
		}
		found := p.search(q, length)
		if last || p.meter.Cut != None || len(found) >= q.First && !p.couldBeBetter(q, found, length) {
			return found, nil
		}
	}
}

// joined reports whether what was read from the two ends has met.
func (p *pair) joined() bool {
	a, b := p.between.start.distance, p.between.end.distance
	if len(b) < len(a) {
		a, b = b, a
	}
	for id := range a {
		if _, both := b[id]; both {
			return true
		}
	}
	return false
}

// search finds the best paths among what is known.
func (p *pair) search(q PathsQuery, length int) []*Path {
	var found []*Path
	s := newSearch(p.between.hops(length), p.between, length, q.Order, p.timed)
	s.each(q.Must, func(path *Path) bool {
		if len(found) >= q.First && (!q.Ties || !asGood(q.Order, path, found[q.First-1])) {
			return false
		}
		found = append(found, path)
		return len(found) < q.First || q.Ties
	})
	return found
}

func asGood(order Order, a, b *Path) bool {
	if order == Shortest {
		return len(a.Hops) == len(b.Hops)
	}
	return rounded(a.Score) == rounded(b.Score)
}

// couldBeBetter reports whether a longer path than those known could be among the best.
func (p *pair) couldBeBetter(q PathsQuery, found []*Path, length int) bool {
	if q.Order == Shortest {
		return false
	}
	most := p.model.strongest()
	for range length {
		most *= Decay * p.model.strongest()
	}
	return rounded(most) >= rounded(found[q.First-1].Score)
}

// exists returns an allowed path among hops that a predicate leaves; nil where there is none.
func (p *pair) exists(hops map[string][]*Hop, keep func(*Hop) bool) *Path {
	left := make(map[string][]*Hop, len(hops))
	for near, list := range hops {
		if kept := slices.DeleteFunc(slices.Clone(list), func(h *Hop) bool { return !keep(h) }); len(kept) > 0 {
			left[near] = kept
		}
	}
	var path *Path
	newSearch(left, p.between, p.length, Shortest, p.timed).each(Conditions{}, func(found *Path) bool {
		path = found
		return false
	})
	return path
}
