package graph

import (
	"context"
	"fmt"
	"math"

	"entente/graph/model"
	"entente/internal/guard"
	"entente/internal/kg"
	"entente/internal/ontology"
	"entente/internal/store"
	"entente/loaders"
)

// nodes answers Query.nodes: in the order asked for, null for each unknown id.
func (r *Resolver) nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if most := guard.LimitsIn(ctx).IDs; most > 0 && len(ids) > most {
		return nil, guard.Exceeded(guard.CodeIDs, len(ids), most, "ask for them in several requests", "%d ids are asked for", len(ids))
	}
	if err := guard.Spend(ctx, len(ids)); err != nil {
		return nil, err
	}
	found, err := r.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]model.Node, len(ids))
	for i, id := range ids {
		if n := found.ByID[id]; n != nil {
			out[i] = model.NewNode(n, found.Cohort)
		}
	}
	return out, nil
}

// search answers Query.search.
func (r *Resolver) search(ctx context.Context, text string, kinds []model.NodeKind, args pageArgs) (*model.SearchConnection, error) {
	in := reader{r.Ontology}
	q := store.SearchQuery{Text: text}
	for _, k := range kinds {
		q.Kinds = append(q.Kinds, in.kindName(string(k)))
	}
	hash := kg.QueryHash("search", text, fmt.Sprint(q.Kinds))
	page, err := args.page(ctx, hash)
	if err != nil {
		return nil, err
	}
	sel := selected(ctx)
	q.Page, q.Count = page, sel.totalCount
	found, err := r.store(ctx).Search(ctx, q)
	if err != nil {
		return nil, err
	}
	if err := guard.Spend(ctx, len(found.Hits)); err != nil {
		return nil, err
	}
	nodes := make([]*kg.Node, len(found.Hits))
	for i, h := range found.Hits {
		nodes[i] = h.Node
	}
	cohort := loaders.New(r.store(ctx), nodes, nil)
	l := listing(sel, cohort, hash, page, len(nodes), found.More, found.Count, found.Position)
	out := &model.SearchConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount,
		Edges: make([]*model.SearchEdge, len(nodes)), Nodes: make([]model.Named, len(nodes)),
	}
	for i, h := range found.Hits {
		out.Nodes[i] = model.NewNode(h.Node, cohort)
		out.Edges[i] = &model.SearchEdge{Cursor: l.Cursor(i), Node: out.Nodes[i], Rank: int32(h.Rank)}
	}
	return out, nil
}

// overview answers Query.overview, in the order of the model.
func (r *Resolver) overview(ctx context.Context) (*model.Overview, error) {
	counts, err := r.store(ctx).Counts(ctx, nil)
	if err != nil {
		return nil, err
	}
	out := &model.Overview{Kinds: []*model.KindCount{}, Types: []*model.TypeCount{}}
	for _, k := range r.Ontology.Kinds {
		if n := counts.Kinds[k.Name]; n > 0 {
			out.Kinds = append(out.Kinds, &model.KindCount{Kind: model.NodeKind(ontology.EnumName(k.Name)), Count: clamp(n)})
		}
	}
	for _, rel := range r.Ontology.Relations {
		if n := counts.Types[rel.Type]; n > 0 {
			out.Types = append(out.Types, &model.TypeCount{Type: rel.Type, Count: clamp(n)})
		}
	}
	return out, nil
}

// clamp fits a count into GraphQL's Int.
func clamp(n int) int32 { return int32(min(n, math.MaxInt32)) }

// missingSource says that evidence names a source which the store has not.
func missingSource(id string) error {
	return fmt.Errorf("evidence names the source %q, which is not in the store", id)
}
