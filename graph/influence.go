package graph

import (
	"context"
	"encoding/json"
	"time"

	"entente/graph/model"
	"entente/internal/guard"
	"entente/internal/influence"
	"entente/internal/kg"
)

// engine answers questions about influence in the graph as the operation sees it.
func (r *Resolver) engine(ctx context.Context) *influence.Engine {
	return &influence.Engine{Store: r.store(ctx), Ontology: r.Ontology}
}

// budget is what a request asks for, within what the server allows.
func (r *Resolver) budget(asked *model.InfluenceBudget) (influence.Budget, error) {
	most := r.Budget
	if most == (influence.Budget{}) {
		most = influence.DefaultBudget()
	}
	if asked == nil {
		return most, nil
	}
	var b influence.Budget
	for _, part := range []struct {
		name  string
		asked *int32
		set   func(int)
	}{
		{"nodes", asked.Nodes, func(n int) { b.Nodes = n }}, {"edges", asked.Edges, func(n int) { b.Edges = n }},
		{"steps", asked.Steps, func(n int) { b.Steps = n }}, {"time", asked.Time, func(n int) { b.Time = time.Duration(n) * time.Millisecond }},
	} {
		if part.asked == nil {
			continue
		}
		if *part.asked < 1 {
			return b, kg.Invalid("use 1 or more, or leave it out", "the budget's %s is %d", part.name, *part.asked)
		}
		part.set(int(*part.asked))
	}
	return b.Within(most), nil
}

// influenceRules reads which edges pass influence.
func (r *Resolver) influenceRules(in *model.InfluenceRules) influence.Rules {
	if in == nil {
		return influence.Rules{}
	}
	rules := influence.Rules{Types: texts(in.Types), Sources: in.Sources, Without: removal(in.Without)}
	for _, k := range in.Kinds {
		rules.Kinds = append(rules.Kinds, reader{r.Ontology}.kindName(string(k)))
	}
	if in.Confidence != nil {
		rules.Confidence = kg.Confidence(*in.Confidence)
	}
	if len(in.Weights) > 0 {
		rules.Weights = map[string]float64{}
	}
	for _, w := range in.Weights {
		rules.Weights[string(w.Type)] = w.Weight
	}
	return rules
}

func removal(in *model.InfluenceRemoval) influence.Removal {
	if in == nil {
		return influence.Removal{}
	}
	return influence.Removal{Nodes: in.Nodes, Sources: in.Sources, Types: texts(in.Types)}
}

// texts returns the values of an enum as texts.
func texts[E ~string](values []E) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// trace answers Query.trace.
func (r *Resolver) trace(ctx context.Context, q influence.TraceQuery, in *model.InfluenceRules, asked *model.InfluenceBudget, args pageArgs) (*model.TraceConnection, error) {
	var err error
	q.Rules = r.influenceRules(in)
	if q.Budget, err = r.budget(asked); err != nil {
		return nil, err
	}
	shape, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	hash := kg.QueryHash("trace", string(shape))
	page, err := args.page(ctx, hash)
	if err != nil {
		return nil, err
	}
	t, err := r.engine(ctx).Trace(ctx, q)
	if err != nil {
		return nil, err
	}
	window, more, err := t.Page(page)
	if err != nil {
		return nil, err
	}
	if err := guard.Spend(ctx, len(window)); err != nil {
		return nil, err
	}
	p := &picture{}
	for _, reached := range window {
		p.path(reached.Path)
	}
	p.node(t.Start.ID)
	if err := p.read(ctx, r); err != nil {
		return nil, err
	}
	sel := selected(ctx)
	l := listing(sel, p.cohort, hash, page, len(window), more, len(t.Reached), func(i int) kg.Position { return window[i].Position() })
	out := &model.TraceConnection{
		PageInfo: l.PageInfo, TotalCount: l.TotalCount, Start: p.named(t.Start.ID), Spent: spent(t.Spent),
		Edges: make([]*model.TraceEdge, len(window)), Nodes: make([]model.Named, len(window)),
	}
	for i, reached := range window {
		out.Nodes[i] = p.named(reached.ID)
		out.Edges[i] = &model.TraceEdge{
			Cursor: l.Cursor(i), Node: out.Nodes[i], Depth: int32(reached.Depth), Score: reached.Path.Score, Path: p.drawn(reached.Path),
		}
	}
	return out, nil
}

// pathsQuery reads what paths and whatIf have in common.
func (r *Resolver) pathsQuery(from, to string, by model.PathOrder, first, maxLength int32, undirected bool, in *model.InfluenceRules, asked *model.InfluenceBudget) (influence.PathsQuery, error) {
	q := influence.PathsQuery{
		From: from, To: to, First: int(first), Undirected: undirected, Length: int(maxLength), Rules: r.influenceRules(in),
	}
	if by == model.PathOrderLength {
		q.Order = influence.Shortest
	}
	var err error
	q.Budget, err = r.budget(asked)
	return q, err
}

// paths answers Query.paths.
func (r *Resolver) paths(ctx context.Context, q influence.PathsQuery) (*model.InfluencePaths, error) {
	found, err := r.engine(ctx).Paths(ctx, q)
	if err != nil {
		return nil, err
	}
	p := &picture{}
	p.node(q.From)
	p.node(q.To)
	for _, path := range found.Paths {
		p.path(path)
	}
	if err := p.read(ctx, r); err != nil {
		return nil, err
	}
	return &model.InfluencePaths{Paths: p.allDrawn(found.Paths), From: p.named(q.From), To: p.named(q.To), Spent: spent(found.Spent)}, nil
}

// fragility answers Query.fragility.
func (r *Resolver) fragility(ctx context.Context, q influence.FragilityQuery) (*model.Fragility, error) {
	f, err := r.engine(ctx).Fragility(ctx, q)
	if err != nil {
		return nil, err
	}
	p := &picture{}
	for _, id := range append(f.Sources, f.OnEveryPath...) {
		p.node(id)
	}
	if err := p.read(ctx, r); err != nil {
		return nil, err
	}
	out := &model.Fragility{
		Connected: f.Connected, Breakable: f.Breakable, Exact: f.Exact, Spent: spent(f.Spent),
		Sources: []*model.Source{}, OnEveryPath: []model.Named{},
	}
	for _, id := range f.Sources {
		if source, ok := p.named(id).(*model.Source); ok {
			out.Sources = append(out.Sources, source)
		}
	}
	for _, id := range f.OnEveryPath {
		out.OnEveryPath = append(out.OnEveryPath, p.named(id))
	}
	return out, nil
}

// whatIf answers Query.whatIf.
func (r *Resolver) whatIf(ctx context.Context, q influence.PathsQuery, remove model.InfluenceRemoval) (*model.WhatIf, error) {
	w, err := r.engine(ctx).WhatIf(ctx, q, removal(&remove))
	if err != nil {
		return nil, err
	}
	p := &picture{}
	for _, fate := range w.Fates {
		p.path(fate.Path)
	}
	for _, path := range w.Instead {
		p.path(path)
	}
	if err := p.read(ctx, r); err != nil {
		return nil, err
	}
	out := &model.WhatIf{Paths: []*model.PathFate{}, Instead: p.allDrawn(w.Instead), Before: w.Before, After: w.After, Spent: spent(w.Spent)}
	for _, fate := range w.Fates {
		drawn := p.drawn(fate.Path)
		f := &model.PathFate{Path: drawn, Broken: fate.Left == nil, BrokenHops: []*model.InfluenceHop{}, Loss: fate.Path.Score}
		for _, i := range fate.Broken {
			f.BrokenHops = append(f.BrokenHops, drawn.Hops[i])
		}
		if fate.Left != nil {
			f.ScoreAfter, f.Loss = &fate.Left.Score, fate.Path.Score-fate.Left.Score
		}
		out.Paths = append(out.Paths, f)
	}
	return out, nil
}
