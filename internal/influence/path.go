package influence

import (
	"cmp"
	"math"
	"slices"

	"entente/internal/kg"
)

// Hop is an edge as a step of influence.
type Hop struct {
	Edge       *kg.Edge
	From, To   string        // ids, in the direction of influence
	Weight     float64       // of the relation, above 0 to 1
	Confidence float64       // κ of the best evidence that counts; 0 without any
	Sources    []string      // that assert it and count, ordered
	Support    float64       // 1 − 0.5ⁿ for n sources
	Strength   float64       // Weight · Confidence · Support
	Evidence   []kg.Evidence // that counts
	Earliest   string        // first day it can have held, YYYY-MM-DD
	Latest     string        // last day
	Undated    bool          // it could have held on any day
}

// Path is a chain of hops, from cause to effect; or, where direction is ignored,
// from one node to another.
type Path struct {
	Nodes   []string // ids, one more than hops
	Hops    []*Hop
	Score   float64
	Undated bool // some hop is
}

// Score returns 0.8^(L−1) · ∏ s(e).
func score(hops []*Hop) float64 {
	s := 1.0
	for i, h := range hops {
		if i > 0 {
			s *= Decay
		}
		s *= h.Strength
	}
	return s
}

// rounded drops the last bits of a score, in which equally good paths differ by
// the order of multiplication: 41 of 52 bits are kept.
func rounded(x float64) float64 {
	const dropped = 11
	return math.Float64frombits((math.Float64bits(x) + 1<<(dropped-1)) &^ (1<<dropped - 1))
}

func newPath(start string, hops []*Hop) *Path {
	p := &Path{Nodes: []string{start}, Hops: hops, Score: score(hops)}
	for _, h := range hops {
		at := p.Nodes[len(p.Nodes)-1]
		p.Nodes = append(p.Nodes, h.other(at))
		p.Undated = p.Undated || h.Undated
	}
	return p
}

// other returns the end of a hop that is not this one.
func (h *Hop) other(end string) string {
	if end == h.From {
		return h.To
	}
	return h.From
}

// comparePaths orders paths that are as good as each other: shorter ones first,
// then by the ids of their nodes, then of their edges.
func comparePaths(a, b *Path) int {
	byEdge := func(a, b *Hop) int { return cmp.Compare(a.Edge.ID, b.Edge.ID) }
	return cmp.Or(cmp.Compare(len(a.Hops), len(b.Hops)), slices.Compare(a.Nodes, b.Nodes), slices.CompareFunc(a.Hops, b.Hops, byEdge))
}

// FullyCited reports whether some source asserts every hop.
func (p *Path) FullyCited() bool {
	return !slices.ContainsFunc(p.Hops, func(h *Hop) bool { return len(h.Sources) == 0 })
}

// Weakest returns the place of the hop with the least strength, the first of several; -1 without hops.
func (p *Path) Weakest() int {
	weakest := -1
	for i, h := range p.Hops {
		if weakest < 0 || rounded(h.Strength) < rounded(p.Hops[weakest].Strength) {
			weakest = i
		}
	}
	return weakest
}

// Rests returns the least set of sources without which the path is gone: those of
// the hop with the fewest. It is not ok where no withdrawal breaks the path.
func (p *Path) Rests() (sources []string, ok bool) {
	for _, h := range p.Hops {
		if n := len(h.Sources); n > 0 && (!ok || n < len(sources) || n == len(sources) && slices.Compare(h.Sources, sources) < 0) {
			sources, ok = h.Sources, true
		}
	}
	return sources, ok
}
