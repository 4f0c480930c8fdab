package influence

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"entente/internal/kg"
)

// MaxDepth is how far a trace can go.
const MaxDepth = 12

// TraceQuery asks what a node led to, or what led to it.
type TraceQuery struct {
	From      string
	Direction Direction // Down or Up
	Depth     int       // hops, 1 to MaxDepth
	Rules     Rules
	Budget    Budget
}

// Trace is what was found, best score first, then by id.
type Trace struct {
	Start   *kg.Node
	Reached []Reached
	Spent   Spent
}

// Reached is a node with the best path that connects it with the start: from the
// start to it in a trace down, from it to the start in a trace up.
type Reached struct {
	ID    string
	Depth int // hops of the shortest allowed path
	Path  *Path
}

// label is a way to reach a node. Of two ways, neither makes the other useless
// where one scores better and the other leaves more choice of later dates.
type label struct {
	node  string
	hop   *Hop   // the last one; nil at the start
	from  *label // the way up to it
	score float64
	bound string // the day before which (down) or after which (up) no further hop can be
	depth int
}

// Trace finds every node within reach, each once.
func (g *Engine) Trace(ctx context.Context, q TraceQuery) (*Trace, error) {
	if err := check("the depth", q.Depth, MaxDepth); err != nil {
		return nil, err
	}
	m, err := newModel(g.Ontology, q.Rules)
	if err != nil {
		return nil, err
	}
	nodes, err := known(ctx, g.Store, q.From)
	if err != nil {
		return nil, err
	}
	limited, cancel, meter := q.Budget.start(ctx)
	defer cancel()
	t := &tracer{walk: newWalk(g.Store, m, meter, q.Direction), labels: map[string][]*label{}, depth: map[string]int{}}
	if err := t.run(limited, q); err != nil {
		return nil, err
	}
	return &Trace{Start: nodes[q.From], Reached: t.reached(q.From), Spent: meter.Spent}, nil
}

// tracer keeps the labels that no other makes useless.
type tracer struct {
	*walk
	labels map[string][]*label
	depth  map[string]int
}

func (t *tracer) run(ctx context.Context, q TraceQuery) error {
	start := &label{node: q.From, score: 1, bound: kg.MinDay}
	if t.direction == Up {
		start.bound = kg.MaxDay
	}
	t.labels[q.From] = []*label{start}
	t.meter.Nodes = 1
	for level, frontier := 1, []*label{start}; level <= q.Depth && len(frontier) > 0; level++ {
		var ids []string
		for _, l := range frontier {
			ids = append(ids, l.node)
		}
		if err := t.read(ctx, ids); err != nil {
			return err
		}
		if frontier = t.extend(frontier, level); t.meter.Cut != None {
			return nil
		}
	}
	return nil
}

// extend makes the labels of the next level and returns those that last.
func (t *tracer) extend(frontier []*label, level int) []*label {
	slices.SortFunc(frontier, func(a, b *label) int { return cmp.Or(cmp.Compare(a.node, b.node), compareLabels(a, b)) })
	added := map[*label]bool{}
	for _, l := range frontier {
		for _, h := range t.hops[l.node] {
			if !t.meter.step() {
				return nil
			}
			if next := t.next(l, h, level); next != nil && t.keep(next, added) {
				added[next] = true
			}
		}
	}
	return slices.Collect(maps.Keys(added))
}

// next is the way over one hop more; nil where no date is left for it.
func (t *tracer) next(l *label, h *Hop, level int) *label {
	next := &label{node: h.To, hop: h, from: l, score: l.score * h.Strength, bound: max(l.bound, h.Earliest), depth: level}
	possible := next.bound <= h.Latest
	if t.direction == Up {
		next.node, next.bound = h.From, min(l.bound, h.Latest)
		possible = next.bound >= h.Earliest
	}
	if level > 1 {
		next.score *= Decay
	}
	if !possible {
		return nil
	}
	return next
}

// keep adds a label unless another makes it useless, and drops those that it makes useless.
func (t *tracer) keep(l *label, added map[*label]bool) bool {
	all := t.labels[l.node]
	if slices.ContainsFunc(all, func(other *label) bool { return t.dominates(other, l) }) {
		return false
	}
	if len(all) == 0 {
		if t.meter.Nodes >= t.meter.most.Nodes {
			t.meter.cut(Nodes)
			return false
		}
		t.meter.Nodes++
		t.depth[l.node] = l.depth
	}
	t.labels[l.node] = append(slices.DeleteFunc(all, func(other *label) bool {
		if !t.dominates(l, other) {
			return false
		}
		delete(added, other)
		return true
	}), l)
	return true
}

// dominates reports whether a label, not longer, is as good as another in score
// and in the dates it leaves; of equals, the one with the lesser path.
func (t *tracer) dominates(a, b *label) bool {
	x, y := rounded(a.score), rounded(b.score)
	before, after := a.bound, b.bound
	if t.direction == Up {
		before, after = after, before
	}
	if x < y || before > after || a.depth > b.depth {
		return false
	}
	if x > y || before < after || a.depth < b.depth {
		return true
	}
	return compareLabels(a, b) <= 0
}

// path turns a label into a path from cause to effect.
func (t *tracer) path(l *label) *Path {
	var hops []*Hop
	start := l.node
	for ; l.hop != nil; l = l.from {
		hops = append(hops, l.hop)
	}
	if t.direction == Up {
		return newPath(start, hops)
	}
	slices.Reverse(hops)
	return newPath(l.node, hops)
}

// compareLabels orders the ways to one node by their length, then by the edges
// that they end on, back to the start.
func compareLabels(a, b *label) int {
	if c := cmp.Compare(a.depth, b.depth); c != 0 {
		return c
	}
	for ; a.hop != nil && b.hop != nil && a != b; a, b = a.from, b.from {
		if c := cmp.Compare(a.hop.Edge.ID, b.hop.Edge.ID); c != 0 {
			return c
		}
	}
	return 0
}

// reached returns the best label of each node as a path.
func (t *tracer) reached(start string) []Reached {
	var all []Reached
	for id, labels := range t.labels {
		if id == start {
			continue
		}
		best := labels[0]
		for _, l := range labels[1:] {
			if x, y := rounded(l.score), rounded(best.score); x > y || x == y && compareLabels(l, best) < 0 {
				best = l
			}
		}
		all = append(all, Reached{ID: id, Depth: t.depth[id], Path: t.path(best)})
	}
	slices.SortFunc(all, func(a, b Reached) int {
		return cmp.Or(cmp.Compare(rounded(b.Path.Score), rounded(a.Path.Score)), cmp.Compare(a.ID, b.ID))
	})
	return all
}
