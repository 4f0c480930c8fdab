package influence

import (
	"context"
	"slices"

	"entente/internal/kg"
)

// WhatIf compares the best paths between two nodes with what would be left of them.
type WhatIf struct {
	From, To      *kg.Node
	Fates         []Fate  // of the best paths as things stand, in their order
	Instead       []*Path // the best paths that would be left, none of them among Fates
	Before, After float64 // score of the best path; 0 without any
	Spent         Spent   // the sum; the first limit that cut either answer
}

// Fate is what becomes of a path.
type Fate struct {
	Path   *Path
	Left   *Path // with its new score; nil where the path is broken
	Broken []int // places of the hops that would be gone
}

// WhatIf asks twice: as things stand, and with something taken away besides what
// the rules of the query take away already.
func (g *Engine) WhatIf(ctx context.Context, q PathsQuery, removal Removal) (*WhatIf, error) {
	before, err := g.Paths(ctx, q)
	if err != nil {
		return nil, err
	}
	rules := q.Rules
	rules.Without = Removal{
		Nodes:   slices.Concat(rules.Without.Nodes, removal.Nodes),
		Sources: slices.Concat(rules.Without.Sources, removal.Sources),
		Types:   slices.Concat(rules.Without.Types, removal.Types),
	}
	m, err := newModel(g.Ontology, rules)
	if err != nil {
		return nil, err
	}
	q.Rules = rules
	after, err := g.Paths(ctx, q)
	if err != nil {
		return nil, err
	}
	w := &WhatIf{From: before.From, To: before.To, Before: best(before), After: best(after), Spent: before.Spent.plus(after.Spent)}
	for _, p := range before.Paths {
		w.Fates = append(w.Fates, m.fate(p))
	}
	w.Instead = slices.DeleteFunc(after.Paths, func(p *Path) bool {
		return slices.ContainsFunc(before.Paths, func(old *Path) bool { return comparePaths(old, p) == 0 })
	})
	return w, nil
}

func best(p *Paths) float64 {
	most := 0.0
	for _, path := range p.Paths {
		most = max(most, path.Score)
	}
	return most
}

// fate reads the edges of a path again by other rules.
func (m *model) fate(p *Path) Fate {
	f := Fate{Path: p}
	var hops []*Hop
	for i, h := range p.Hops {
		left := m.hop(h.Edge)
		if left == nil || m.weights[h.Edge.Type] == 0 {
			f.Broken = append(f.Broken, i)
			continue
		}
		hops = append(hops, left)
	}
	if len(f.Broken) == 0 {
		f.Left = newPath(p.Nodes[0], hops)
	}
	return f
}

func (s Spent) plus(t Spent) Spent {
	sum := Spent{Nodes: s.Nodes + t.Nodes, Edges: s.Edges + t.Edges, Steps: s.Steps + t.Steps, Cut: s.Cut}
	if sum.Cut == None {
		sum.Cut = t.Cut
	}
	return sum
}
