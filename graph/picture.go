package graph

import (
	"context"

	"entente/graph/model"
	"entente/internal/influence"
	"entente/internal/kg"
	"entente/loaders"
)

// picture gathers the records of an answer about influence, reads the nodes with
// one call, and makes the API's objects of them.
type picture struct {
	ids    []string
	edges  []*kg.Edge
	nodes  map[string]*kg.Node
	cohort *loaders.Cohort
}

func (p *picture) node(id string) { p.ids = append(p.ids, id) }

func (p *picture) edge(e *kg.Edge) { p.edges = append(p.edges, e) }

func (p *picture) path(path *influence.Path) {
	p.ids = append(p.ids, path.Nodes...)
	for _, h := range path.Hops {
		p.edges = append(p.edges, h.Edge)
	}
}

func (p *picture) read(ctx context.Context, r *Resolver) error {
	found, err := r.store(ctx).Nodes(ctx, p.ids)
	if err != nil {
		return err
	}
	p.nodes = found
	var nodes []*kg.Node
	seen := map[string]bool{}
	for _, id := range p.ids {
		if n := found[id]; n != nil && !seen[id] {
			seen[id] = true
			nodes = append(nodes, n)
		}
	}
	p.cohort = loaders.New(r.store(ctx), nodes, p.edges)
	return nil
}

// named makes a node; nil where it is gone since the question was answered.
func (p *picture) named(id string) model.Named {
	if n := p.nodes[id]; n != nil {
		return model.NewNode(n, p.cohort)
	}
	return nil
}

func (p *picture) allDrawn(paths []*influence.Path) []*model.InfluencePath {
	out := make([]*model.InfluencePath, len(paths))
	for i, path := range paths {
		out[i] = p.drawn(path)
	}
	return out
}

func (p *picture) drawn(path *influence.Path) *model.InfluencePath {
	out := &model.InfluencePath{
		Length: int32(len(path.Hops)), Score: path.Score, Undated: path.Undated, FullyCited: path.FullyCited(), Cohort: p.cohort,
		Nodes: make([]model.Named, len(path.Nodes)), Hops: make([]*model.InfluenceHop, len(path.Hops)),
	}
	for i, id := range path.Nodes {
		out.Nodes[i] = p.named(id)
	}
	for i, h := range path.Hops {
		out.Hops[i] = p.hop(h, i)
	}
	out.WeakestHop = out.Hops[path.Weakest()]
	out.SourceIDs, _ = path.Rests()
	return out
}

func (p *picture) hop(h *influence.Hop, position int) *model.InfluenceHop {
	out := &model.InfluenceHop{
		ID: h.Edge.ID, Type: model.RelationType(h.Edge.Type), From: p.named(h.From), To: p.named(h.To), Position: int32(position),
		Weight: h.Weight, Confidence: h.Confidence, Sources: int32(len(h.Sources)), Support: h.Support, Strength: h.Strength,
		Decay: 1, Undated: h.Undated, Evidence: model.NewEvidence(h.Evidence, p.cohort),
	}
	if position > 0 {
		out.Decay = influence.Decay
	}
	if h.Earliest != kg.MinDay {
		out.Earliest = &h.Earliest
	}
	if h.Latest != kg.MaxDay {
		out.Latest = &h.Latest
	}
	return out
}

// restsOn answers InfluencePath.restsOn.
func restsOn(ctx context.Context, obj *model.InfluencePath) ([]*model.Source, error) {
	if len(obj.SourceIDs) == 0 {
		return []*model.Source{}, nil
	}
	found, err := obj.Cohort.Sources(ctx)
	if err != nil {
		return nil, err
	}
	sources := []*model.Source{}
	for _, id := range obj.SourceIDs {
		n := found.ByID[id]
		if n == nil {
			return nil, missingSource(id)
		}
		sources = append(sources, model.NewSource(n, found.Cohort))
	}
	return sources, nil
}

func spent(s influence.Spent) *model.InfluenceSpent {
	out := &model.InfluenceSpent{Complete: s.Cut == influence.None, Nodes: clamp(s.Nodes), Edges: clamp(s.Edges), Steps: clamp(s.Steps)}
	if s.Cut != influence.None {
		limit := model.InfluenceLimit(s.Cut)
		out.Limit = &limit
	}
	return out
}
