package influence

import (
	"context"
	"maps"
	"slices"
)

// maxChecks is how often the paths left are looked at to find the least set of
// sources; after it the smallest set found is a bound.
const maxChecks = 2000

// FragilityQuery asks what the connection between two nodes rests on.
type FragilityQuery struct {
	From, To   string
	Undirected bool
	Length     int // hops at most, 1 to MaxLength
	Rules      Rules
	Budget     Budget
}

// Fragility is what a connection rests on.
type Fragility struct {
	Connected   bool
	Breakable   bool     // some withdrawal of sources leaves no path
	Sources     []string // the least set that does, ordered; empty where there is none
	Exact       bool     // no smaller set would do; else it is an upper bound
	OnEveryPath []string // ids of the nodes between the two that every path passes, in the order of the way
	Spent       Spent
}

// Fragility finds the least set of sources whose withdrawal leaves no allowed
// path, and the nodes that lie on every path.
func (g *Engine) Fragility(ctx context.Context, q FragilityQuery) (*Fragility, error) {
	p, err := g.pair(ctx, pairQuery{q.From, q.To, q.Undirected, q.Length, q.Rules, q.Budget})
	if err != nil {
		return nil, err
	}
	defer p.done()
	hops, err := p.all()
	if err != nil {
		return nil, err
	}
	b := &breaker{pair: p, hops: hops}
	path := b.left(map[string]bool{})
	f := &Fragility{Connected: path != nil}
	if path != nil {
		f.OnEveryPath = p.onEvery(hops, path)
		b.withdraw(map[string]bool{})
		f.Breakable, f.Sources = b.best != nil, slices.Sorted(maps.Keys(b.best))
	}
	f.Exact = p.meter.Cut == None && b.checks < maxChecks
	f.Spent = p.meter.Spent
	return f, nil
}

// all reads everything between the two nodes.
func (p *pair) all() (map[string][]*Hop, error) {
	if err := p.between.reach(p.ctx, p.length); err != nil {
		return nil, err
	}
	return p.between.hops(p.length), nil
}

// onEvery returns the nodes of a path without which there is no other.
func (p *pair) onEvery(hops map[string][]*Hop, path *Path) []string {
	var on []string
	for _, id := range path.Nodes[1 : len(path.Nodes)-1] {
		if p.exists(hops, func(h *Hop) bool { return h.From != id && h.To != id }) == nil && p.meter.Cut == None {
			on = append(on, id)
		}
	}
	return on
}

// breaker looks for the least set of sources by branching: to break a path, all
// sources of one of its hops have to go, and whatever path is then left is the next.
type breaker struct {
	*pair
	hops   map[string][]*Hop
	checks int
	best   map[string]bool // nil until a set is found
}

// left returns a path that does not fall with the sources withdrawn.
func (b *breaker) left(withdrawn map[string]bool) *Path {
	b.checks++
	return b.exists(b.hops, func(h *Hop) bool { return len(h.Sources) == 0 || len(missing(h, withdrawn)) > 0 })
}

// missing returns the sources of a hop that are not withdrawn.
func missing(h *Hop, withdrawn map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(h.Sources), func(s string) bool { return withdrawn[s] })
}

func (b *breaker) withdraw(withdrawn map[string]bool) {
	if b.best != nil && len(withdrawn) >= len(b.best) || b.checks >= maxChecks {
		return
	}
	path := b.left(withdrawn)
	if b.meter.Cut != None {
		return
	}
	if path == nil {
		b.best = maps.Clone(withdrawn)
		return
	}
	var choices [][]string
	for _, h := range path.Hops {
		if len(h.Sources) > 0 {
			choices = append(choices, missing(h, withdrawn))
		}
	}
	slices.SortStableFunc(choices, func(a, b []string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	for _, more := range slices.CompactFunc(choices, slices.Equal[[]string]) {
		next := maps.Clone(withdrawn)
		for _, s := range more {
			next[s] = true
		}
		b.withdraw(next)
	}
}
