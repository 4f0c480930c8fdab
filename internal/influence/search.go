package influence

import (
	"cmp"
	"container/heap"
	"slices"

	"entente/internal/kg"
)

// Order tells which paths are better.
type Order int

// Strongest paths score best; Shortest have the fewest hops. Paths as good as
// each other come by the ids of their nodes, then of their edges.
const (
	Strongest Order = iota
	Shortest
)

// Conditions restrict the paths between two nodes.
type Conditions struct {
	Nodes []string // ids that a path must hold
	Types []string // relations that a path must hold
}

func (c Conditions) met(p *Path) bool {
	return !slices.ContainsFunc(c.Nodes, func(id string) bool { return !slices.Contains(p.Nodes, id) }) &&
		!slices.ContainsFunc(c.Types, func(typ string) bool {
			return !slices.ContainsFunc(p.Hops, func(h *Hop) bool { return h.Edge.Type == typ })
		})
}

// search looks for paths best first: a partial path stands in the queue with the
// best that can become of it, so that whole paths leave it in their order (A*).
type search struct {
	hops     map[string][]*Hop
	from, to string
	length   int // hops at most
	order    Order
	timed    bool // dates must not go backwards
	meter    *meter

	rest   map[string]int     // hops to the end, at least
	gain   map[string]float64 // factor to the end, at most
	latest map[string]string  // last day at which one must be there to reach the end
}

func newSearch(hops map[string][]*Hop, b *between, length int, order Order, timed bool) *search {
	s := &search{hops: hops, from: b.from, to: b.to, length: length, order: order, timed: timed, meter: b.ahead.meter}
	back := map[string][]string{}
	for near, list := range hops {
		for _, h := range list {
			back[h.other(near)] = append(back[h.other(near)], near)
		}
	}
	s.rest = distances(back, b.to)
	s.outlook()
	return s
}

// outlook finds what can be hoped for from each node, by as many rounds over all hops as a path can have.
func (s *search) outlook() {
	s.gain, s.latest = map[string]float64{s.to: 1}, map[string]string{s.to: kg.MaxDay}
	nears := nearsOf(s.hops)
	for changed, round := true, 0; changed && round < s.length; round++ {
		changed = false
		for _, near := range nears {
			for _, h := range s.hops[near] {
				far := h.other(near)
				if gain, ok := s.gain[far]; ok && gain*Decay*h.Strength > s.gain[near] {
					s.gain[near], changed = gain*Decay*h.Strength, true
				}
				if day, ok := s.latest[far]; ok && h.Earliest <= day && min(day, h.Latest) > s.latest[near] {
					s.latest[near], changed = min(day, h.Latest), true
				}
			}
		}
	}
}

// partial is a path that may not have come to the end.
type partial struct {
	node  string
	hop   *Hop
	from  *partial
	hops  int
	score float64
	day   string // the first on which it can have come so far
	bound float64
}

func (p *partial) holds(id string) bool {
	for ; p != nil; p = p.from {
		if p.node == id {
			return true
		}
	}
	return false
}

func (p *partial) path() *Path {
	var hops []*Hop
	for ; p.hop != nil; p = p.from {
		hops = append(hops, p.hop)
	}
	slices.Reverse(hops)
	return newPath(p.node, hops)
}

// each calls found with the paths that meet the conditions, best first, until it
// returns false or the meter has run out.
func (s *search) each(c Conditions, found func(*Path) bool) {
	if _, leads := s.rest[s.from]; !leads {
		return
	}
	q := &queue{order: s.order}
	heap.Push(q, &partial{node: s.from, score: 1, day: kg.MinDay, bound: s.bound(s.from, 0, 1)})
	for q.Len() > 0 {
		p, _ := heap.Pop(q).(*partial)
		if p.node == s.to {
			if path := p.path(); c.met(path) && !found(path) {
				return
			}
			continue
		}
		for _, h := range s.hops[p.node] {
			if !s.meter.step() {
				return
			}
			if next := s.extend(p, h); next != nil {
				heap.Push(q, next)
			}
		}
	}
}

// extend goes one hop further; nil where that cannot lead to the end.
func (s *search) extend(p *partial, h *Hop) *partial {
	far := h.other(p.node)
	rest, leads := s.rest[far]
	if !leads || p.hops+1+rest > s.length || p.holds(far) {
		return nil
	}
	next := &partial{node: far, hop: h, from: p, hops: p.hops + 1, score: p.score * h.Strength, day: max(p.day, h.Earliest)}
	if p.hops > 0 {
		next.score *= Decay
	}
	if s.timed && (next.day > h.Latest || next.day > s.latest[far]) {
		return nil
	}
	next.bound = s.bound(far, next.hops, next.score)
	return next
}

// bound returns the best that a path can become: its score, or the negative of its length.
func (s *search) bound(node string, hops int, score float64) float64 {
	if s.order == Shortest {
		return -float64(hops + s.rest[node])
	}
	if hops == 0 {
		return 1
	}
	return rounded(score * s.gain[node])
}

// queue holds partial paths, the most promising first.
type queue struct {
	order Order
	list  []*partial
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (q *queue) Len() int { return len(q.list) }

// Swap exchanges two of them.
func (q *queue) Swap(i, j int) { q.list[i], q.list[j] = q.list[j], q.list[i] }

// Push adds one at the end.
func (q *queue) Push(x any) {
	p, _ := x.(*partial)
	q.list = append(q.list, p)
}

// Pop takes off the one at the end.
func (q *queue) Pop() any {
	last := len(q.list) - 1
	p := q.list[last]
	q.list[last] = nil
	q.list = q.list[:last]
	return p
}

// Less reports whether one is to leave the queue before another.
func (q *queue) Less(i, j int) bool {
	a, b := q.list[i], q.list[j]
	if a.bound != b.bound {
		return a.bound > b.bound
	}
	return comparePartial(a, b) < 0
}

// comparePartial orders by the ids of the nodes from the start, then of the
// edges; what a path begins with comes before it, so that no path leaves the
// queue before one that stands before it and is as good.
func comparePartial(a, b *partial) int {
	more := cmp.Compare(a.hops, b.hops)
	for a.hops > b.hops {
		a = a.from
	}
	for b.hops > a.hops {
		b = b.from
	}
	nodes, edges := 0, 0
	for ; a != b && a.hop != nil; a, b = a.from, b.from { // the difference nearest to the start decides
		if c := cmp.Compare(a.node, b.node); c != 0 {
			nodes = c
		}
		if c := cmp.Compare(a.hop.Edge.ID, b.hop.Edge.ID); c != 0 {
			edges = c
		}
	}
	return cmp.Or(nodes, more, edges)
}
