package influence

import (
	"context"
	"slices"

	"entente/internal/kg"
	"entente/internal/store"
)

// between reads what lies between two nodes, from both sides: the smaller
// frontier is the next to be read.
type between struct {
	from, to      string
	ahead, behind *walk
	start, end    side
	length        int // paths of so many hops are known whole
	kinds         map[string]bool
}

// side is what has been reached from one end.
type side struct {
	distance map[string]int // hops from the end
	frontier []string
	depth    int
}

func newSide(id string) side { return side{distance: map[string]int{id: 0}, frontier: []string{id}} }

func newBetween(st store.Store, m *model, meter *meter, d Direction, from, to *kg.Node) *between {
	back := Up
	if d == Both {
		back = Both
	}
	b := &between{
		from: from.ID, to: to.ID, ahead: newWalk(st, m, meter, d), behind: newWalk(st, m, meter, back),
		start: newSide(from.ID), end: newSide(to.ID), kinds: setOf(m.kinds),
	}
	// The ends may be of any kind. Where theirs is not among those asked for, it
	// has to be read with the others, and all but the ends left out again.
	for _, n := range []*kg.Node{from, to} {
		if !slices.Contains(b.ahead.kinds, n.Kind) {
			b.ahead.kinds = append(slices.Clone(b.ahead.kinds), n.Kind)
		}
	}
	b.behind.kinds = b.ahead.kinds
	meter.Nodes = 2
	return b
}

// reach reads until all ways of so many hops are known, or a limit is reached.
func (b *between) reach(ctx context.Context, length int) error {
	for b.length < length && b.ahead.meter.Cut == None {
		s, w := &b.start, b.ahead
		if len(b.end.frontier) < len(s.frontier) {
			s, w = &b.end, b.behind
		}
		if len(s.frontier) == 0 { // nothing further leads there: all ways are known
			b.length = MaxLength
			return nil
		}
		if err := w.read(ctx, s.frontier); err != nil {
			return err
		}
		s.depth++
		next, err := b.enter(ctx, s, w)
		if err != nil {
			return err
		}
		s.frontier = next
		b.length++
	}
	return nil
}

// enter gives the nodes of the next level their distance.
func (b *between) enter(ctx context.Context, s *side, w *walk) ([]string, error) {
	var next []string
	for _, near := range s.frontier {
		for _, h := range w.hops[near] {
			far := h.other(near)
			if _, seen := s.distance[far]; !seen {
				s.distance[far] = s.depth
				next = append(next, far)
			}
		}
	}
	next, err := b.ofKinds(ctx, s, w, next)
	if err != nil {
		return nil, err
	}
	for i := range next {
		if w.meter.Nodes >= w.meter.most.Nodes {
			w.meter.cut(Nodes)
			for _, id := range next[i:] {
				delete(s.distance, id)
			}
			return next[:i], nil
		}
		w.meter.Nodes++
	}
	return next, nil
}

// ofKinds leaves out nodes of the kinds that only the ends may have.
func (b *between) ofKinds(ctx context.Context, s *side, w *walk, ids []string) ([]string, error) {
	if len(w.kinds) == len(b.kinds) || len(ids) == 0 {
		return ids, nil
	}
	found, err := w.st.Nodes(ctx, ids)
	if err != nil {
		return nil, w.meter.excuse(ctx, "reading the kinds of nodes", err)
	}
	return slices.DeleteFunc(ids, func(id string) bool {
		allowed := id == b.from || id == b.to || found[id] != nil && b.kinds[found[id].Kind]
		if !allowed {
			delete(s.distance, id)
		}
		return !allowed
	}), nil
}

// entered reports whether a node was reached and may be on a way.
func (b *between) entered(id string) bool {
	_, ahead := b.start.distance[id]
	_, behind := b.end.distance[id]
	return ahead || behind
}

// hops returns the hops that lie on ways of at most so many hops between the
// ends, by the node they are walked from. Both walks may know a hop.
func (b *between) hops(length int) map[string][]*Hop {
	all := map[string]map[string]*Hop{}
	add := func(near string, h *Hop) {
		if !b.entered(near) || !b.entered(h.other(near)) {
			return
		}
		if all[near] == nil {
			all[near] = map[string]*Hop{}
		}
		all[near][h.Edge.ID] = h
	}
	for near := range b.start.distance {
		for _, h := range b.ahead.hops[near] {
			add(near, h)
		}
	}
	for far := range b.end.distance {
		for _, h := range b.behind.hops[far] {
			add(h.other(far), h)
		}
	}
	return within(all, b.from, b.to, length)
}
