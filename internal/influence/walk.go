package influence

import (
	"context"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Engine answers questions about influence in one graph. It is safe for concurrent use.
type Engine struct {
	Store    store.Store
	Ontology *ontology.Ontology
}

// walk reads the surroundings of some nodes level by level: one store call per
// level and direction.
type walk struct {
	st        store.Store
	model     *model
	meter     *meter
	direction Direction
	kinds     []string          // of the nodes that may be entered
	hops      map[string][]*Hop // by the node they are walked from, in the order of their edges' ids
}

func newWalk(st store.Store, m *model, meter *meter, d Direction) *walk {
	return &walk{st: st, model: m, meter: meter, direction: d, kinds: m.kinds, hops: map[string][]*Hop{}}
}

// read reads the hops from nodes not read before. Where a limit cuts it short,
// which the meter tells, what has been read by then is kept.
func (w *walk) read(ctx context.Context, frontier []string) error {
	var fresh []string
	for _, id := range frontier {
		if _, done := w.hops[id]; !done {
			w.hops[id] = nil
			fresh = append(fresh, id)
		}
	}
	left := w.meter.most.Edges - w.meter.Edges
	if len(fresh) == 0 || w.meter.Cut == Time {
		return nil
	}
	if left <= 0 {
		w.meter.cut(Edges)
		return nil
	}
	list, err := w.st.Neighbours(ctx, store.NeighbourQuery{Nodes: fresh, Steps: w.model.steps(w.direction), Kinds: w.kinds, Limit: min(left, store.MaxLimit)})
	if err != nil {
		return w.meter.excuse(ctx, "following influence", err)
	}
	w.meter.Edges += len(list.Edges)
	if list.More {
		w.meter.cut(Edges)
	}
	at := setOf(fresh)
	for _, e := range list.Edges {
		w.add(at, e)
	}
	return nil
}

// add keeps an edge with the nodes of the frontier that it is walked from.
func (w *walk) add(frontier map[string]bool, e *kg.Edge) {
	h := w.model.hop(e)
	if h == nil || h.From == h.To { // influence on oneself leads nowhere
		return
	}
	if w.direction != Up && frontier[h.From] {
		w.hops[h.From] = append(w.hops[h.From], h)
	}
	if w.direction != Down && frontier[h.To] {
		w.hops[h.To] = append(w.hops[h.To], h)
	}
}

// known returns the nodes with these ids, or says which of them is not there.
func known(ctx context.Context, st store.Store, ids ...string) (map[string]*kg.Node, error) {
	found, err := st.Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if found[id] == nil {
			return nil, &kg.Error{Code: kg.CodeNotFound, Message: "there is no node " + id, Remedy: "look for its id with search"}
		}
	}
	return found, nil
}
