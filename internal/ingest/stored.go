package ingest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
)

// Stored is what Read asks of the store that the folder is meant for. Every
// store.Store can be one.
type Stored interface {
	Nodes(ctx context.Context, ids []string) (map[string]*kg.Node, error)
	Expand(ctx context.Context, q store.ExpandQuery) (map[string]*store.EdgePage, error)
	Neighbours(ctx context.Context, q store.NeighbourQuery) (*store.EdgeList, error)
}

// kindsIn looks up the kinds of nodes.
func kindsIn(st Stored) func(context.Context, []string) (map[string]string, error) {
	return func(ctx context.Context, ids []string) (map[string]string, error) {
		nodes, err := st.Nodes(ctx, ids)
		if err != nil {
			return nil, err
		}
		kinds := make(map[string]string, len(nodes))
		for id, n := range nodes {
			kinds[id] = n.Kind
		}
		return kinds, nil
	}
}

// storedNodes returns those of some nodes that the store has.
func storedNodes(ctx context.Context, st Stored, ids []string) (map[string]*kg.Node, error) {
	found := make(map[string]*kg.Node, len(ids))
	for part := range slices.Chunk(ids, askedAtOnce) {
		nodes, err := st.Nodes(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("asking the store for nodes: %w", err)
		}
		maps.Copy(found, nodes)
	}
	return found, nil
}

// storedWalk reads the edges of a relation that can be reached in the store.
type storedWalk struct {
	st    Stored
	rel   *ontology.Relation
	limit int // edges of one answer
	found []*kg.Edge
}

// from gathers the edges that lead away from some nodes, and on from where they
// lead to: level by level, each node once.
func (w *storedWalk) from(ctx context.Context, ids []string) error {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		seen[id] = true
	}
	for len(ids) > 0 {
		before := len(w.found)
		for part := range slices.Chunk(ids, askedAtOnce) {
			if err := w.leaving(ctx, part); err != nil {
				return err
			}
		}
		ids = nil
		for _, e := range w.found[before:] {
			if !seen[e.To] {
				seen[e.To] = true
				ids = append(ids, e.To)
			}
		}
	}
	return nil
}

// leaving gathers the edges that leave some nodes, in as many questions as the answers need.
func (w *storedWalk) leaving(ctx context.Context, ids []string) error {
	list, err := w.st.Neighbours(ctx, store.NeighbourQuery{
		Nodes: ids, Steps: []kg.Step{{Type: w.rel.Type, Direction: kg.Out}}, Limit: w.limit,
	})
	if err != nil {
		return fmt.Errorf("asking the store for edges of %s: %w", w.rel.Type, err)
	}
	switch {
	case !list.More:
		w.keep(list.Edges)
		return nil
	case len(ids) == 1:
		return kg.Invalid("load the folder into another store", "%q has more than %d edges of %s in the store, too many to look for cycles",
			shorten(ids[0]), w.limit, w.rel.Type)
	}
	half := len(ids) / 2
	if err := w.leaving(ctx, ids[:half]); err != nil {
		return err
	}
	return w.leaving(ctx, ids[half:])
}

// keep keeps the edges without their evidence.
func (w *storedWalk) keep(edges []*kg.Edge) {
	for _, e := range edges {
		w.found = append(w.found, &kg.Edge{ID: e.ID, Type: e.Type, From: e.From, To: e.To, Props: e.Props})
	}
}
